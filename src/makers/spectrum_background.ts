import type { PhaseInterval } from "../stats/mod.ts";
import type { SkyPosition } from "../sky/mod.ts";
import {
  type Exclusion,
  reflectedRegions,
  type ReflectedRegionsOptions,
  type TurnableRegion,
  wobbleRegions,
} from "./reflected_regions.ts";

/** Where the background of a spectrum is measured. */
export type SpectrumBackground =
  | (
    & {
      /** In as many regions as there are that lie to the pointing as the source region does. */
      readonly method: "reflected";
    }
    & Omit<ReflectedRegionsOptions, "pointing" | "exclusion">
  )
  | {
    /** In so many regions that, with the source region, stand at equal angles about the pointing. */
    readonly method: "wobble";
    /** Number of background regions. */
    readonly nRegions: number;
  }
  | {
    /** In the source region itself, at phases without pulse; events need their phase. */
    readonly method: "phase";
    /** Phases of the pulse, cycles. */
    readonly on: readonly PhaseInterval[];
    /** Phases without, cycles. */
    readonly off: readonly PhaseInterval[];
  }
  | {
    /** Nowhere: it is that of the background response, and known. */
    readonly method: "irf";
  }
  | {
    /** Nowhere, and it is not known. */
    readonly method: "none";
  };

/** The regions in which a background is measured; none where it is not measured in regions. */
export function findOffRegions(
  region: TurnableRegion,
  background: SpectrumBackground,
  find: { readonly pointing: SkyPosition; readonly exclusion: Exclusion | undefined },
): readonly TurnableRegion[] {
  switch (background.method) {
    case "reflected":
      return reflectedRegions(region, { ...background, ...find });
    case "wobble":
      return wobbleRegions(region, { ...find, nRegions: background.nRegions });
    default:
      return [];
  }
}
