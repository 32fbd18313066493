/**
 * Makers: what reduces observations to datasets.
 *
 * @module
 */
export {
  type Exclusion,
  reflectedRegions,
  type ReflectedRegionsOptions,
  type TurnableRegion,
  wobbleRegions,
  type WobbleRegionsOptions,
} from "./reflected_regions.ts";
export { restrictToSafe, type SafeRange } from "./safe_range.ts";
export {
  isInView,
  makeSpectrum,
  reduceSpectrum,
  type SpectrumOptions,
  type SpectrumReduction,
} from "./spectrum.ts";
export type { SpectrumBackground } from "./spectrum_background.ts";
export { stackTheta2, type Theta2Options, type Theta2Table, theta2Table } from "./theta2_table.ts";
