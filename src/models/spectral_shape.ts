/** What is read off a spectrum: index, energies of a value or of a peak, fluxes of reference. */
import { breaksOf, type SpectralModel } from "./spectral_rule.ts";

/** Half of the step in ln E by which slopes are taken. */
const STEP = 1e-4;

/**
 * The local index of a spectrum: −d ln(dN/dE) / d ln E.
 *
 * @param model The spectrum.
 * @param energyTeV Energy, TeV.
 * @returns The index: 2 for E^−2.
 * @example
 * ```ts
 * import { powerLaw, spectralIndex } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(spectralIndex(powerLaw({ amplitude: 1, index: 2.3 }), 5) - 2.3) < 1e-10);
 * ```
 */
export function spectralIndex(model: SpectralModel, energyTeV: number): number {
  const above = model.dnde(energyTeV * Math.exp(STEP));
  const below = model.dnde(energyTeV * Math.exp(-STEP));
  return Math.log(below / above) / (2 * STEP);
}

/** Where to look for an energy. */
export interface EnergySearch {
  /** Energies from and to, TeV; [0.1, 100] where absent. */
  readonly rangeTeV?: readonly [low: number, high: number];
  /** Steps into which the range is divided, so that roots are told apart; 1000 where absent. */
  readonly steps?: number;
}

/** Where a function of ln E crosses 0, ascending; kinks are ends of steps. */
function rootsOf(
  f: (logE: number) => number,
  search: EnergySearch,
  breaks: ArrayLike<number>,
): number[] {
  const { rangeTeV: [low, high] = [0.1, 100], steps = 1000 } = search;
  if (!(low > 0 && high > low && steps >= 1)) {
    throw new RangeError(`A search goes over 0 < low < high in steps, found ${low} to ${high}`);
  }
  const a = Math.log(low), b = Math.log(high), ends: number[] = [];
  for (let k = 0; k <= steps; k++) ends.push(a + (b - a) * k / steps);
  for (const e of Array.from(breaks)) if (e > low && e < high) ends.push(Math.log(e));
  ends.sort((x, y) => x - y);
  const roots: number[] = [];
  let from = ends[0]!, before = f(from);
  if (before === 0) roots.push(from);
  for (const to of ends.slice(1)) {
    const after = f(to);
    if (after === 0) roots.push(to);
    else if (before < 0 !== after < 0 && before !== 0) {
      roots.push(bisect(f, [from, to], before < 0));
    }
    from = to;
    before = after;
  }
  return roots;
}

function bisect(f: (x: number) => number, range: [number, number], rises: boolean): number {
  let [low, high] = range;
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0 === rises) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * All energies at which a spectrum has a value.
 *
 * @param model The spectrum.
 * @param dnde Value, cm⁻² s⁻¹ TeV⁻¹.
 * @param search Range and steps of the search.
 * @returns Energies, TeV, ascending; empty where there is none.
 * @throws RangeError for a range that does not ascend from above 0.
 * @example
 * ```ts
 * import { inverseAll, logParabola } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const hill = logParabola({ amplitude: 1, alpha: 0, beta: 1 });
 * strictEqual(inverseAll(hill, 0.5).length, 2);
 * ```
 */
export function inverseAll(
  model: SpectralModel,
  dnde: number,
  search: EnergySearch = {},
): Float64Array {
  // Logarithms are as steep everywhere; without them where the value is not above 0.
  const f = dnde > 0
    ? (logE: number) => {
      const value = model.dnde(Math.exp(logE));
      return value > 0 ? Math.log(value / dnde) : -Infinity;
    }
    : (logE: number) => model.dnde(Math.exp(logE)) - dnde;
  const p = model.parameters.map((one) => one.value);
  return Float64Array.from(rootsOf(f, search, breaksOf(model.rule, p)), Math.exp);
}

/**
 * The energies at which a spectrum has some values: the lowest where there are several.
 *
 * @param model The spectrum.
 * @param dnde Values, cm⁻² s⁻¹ TeV⁻¹.
 * @param search Range and steps of the search.
 * @returns Energies, TeV; NaN where there is none.
 * @throws RangeError for a range that does not ascend from above 0.
 * @example
 * ```ts
 * import { inverse, powerLaw } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(inverse(powerLaw({ amplitude: 1, index: 2 }), [0.25])[0]! - 2) < 1e-12);
 * ```
 */
export function inverse(
  model: SpectralModel,
  dnde: ArrayLike<number>,
  search: EnergySearch = {},
): Float64Array {
  return Float64Array.from(dnde, (value) => inverseAll(model, value, search)[0] ?? NaN);
}

/**
 * The energy at which E² dN/dE is greatest: where the index goes through 2 from below.
 *
 * @param model The spectrum.
 * @param search Range and steps; [1e-6, 1e6] TeV where absent.
 * @returns Energy, TeV, of the highest peak; NaN where there is none inside the range.
 * @throws RangeError for a range that does not ascend from above 0.
 * @example
 * ```ts
 * import { cutoffPowerLaw, peakEnergy } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const model = cutoffPowerLaw({ amplitude: 1, index: 1.5, lambdaPerTeV: 0.1 });
 * ok(Math.abs(peakEnergy(model) - 5) < 1e-6);
 * ```
 */
export function peakEnergy(model: SpectralModel, search: EnergySearch = {}): number {
  const p = model.parameters.map((one) => one.value);
  const roots = rootsOf(
    (logE) => {
      const index = spectralIndex(model, Math.exp(logE));
      return Number.isNaN(index) ? 0 : index - 2;
    },
    { rangeTeV: [1e-6, 1e6], ...search },
    breaksOf(model.rule, p),
  );
  let best = NaN, most = -Infinity;
  for (const e of roots.map(Math.exp)) {
    const here = e * e * model.dnde(e);
    const isPeak = spectralIndex(model, e * 0.999) < 2 && spectralIndex(model, e * 1.001) > 2;
    if (isPeak && here > most) [best, most] = [e, here];
  }
  return best;
}

/** Fluxes of a spectrum in bins of energy. */
export interface ReferenceFluxes {
  /** Energies of reference: geometric middles, TeV. */
  readonly energyTeV: Float64Array;
  /** dN/dE there, cm⁻² s⁻¹ TeV⁻¹. */
  readonly dnde: Float64Array;
  /** Fluxes, cm⁻² s⁻¹. */
  readonly flux: Float64Array;
  /** Energy fluxes, TeV cm⁻² s⁻¹. */
  readonly eflux: Float64Array;
  /** E² dN/dE, TeV cm⁻² s⁻¹. */
  readonly e2dnde: Float64Array;
}

/**
 * What a spectrum predicts in bins of energy, for flux points as norms on it.
 *
 * @param model The spectrum.
 * @param edgesTeV Edges of the bins, ascending from above 0.
 * @returns Columns, one value a bin.
 * @throws RangeError for edges that do not ascend from above 0.
 * @example
 * ```ts
 * import { powerLaw, referenceFluxes } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const { flux } = referenceFluxes(powerLaw({ amplitude: 1, index: 2 }), [1, 10]);
 * ok(Math.abs(flux[0]! - 0.9) < 1e-15);
 * ```
 */
export function referenceFluxes(
  model: SpectralModel,
  edgesTeV: ArrayLike<number>,
): ReferenceFluxes {
  const low = Array.from(edgesTeV).slice(0, -1), high = Array.from(edgesTeV).slice(1);
  const energyTeV = Float64Array.from(low, (e, i) => Math.sqrt(e * high[i]!));
  const dnde = energyTeV.map(model.dnde);
  return Object.freeze({
    energyTeV,
    dnde,
    flux: Float64Array.from(low, (e, i) => model.flux(e, high[i]!)),
    eflux: Float64Array.from(low, (e, i) => model.eflux(e, high[i]!)),
    e2dnde: dnde.map((value, i) => value * energyTeV[i]! ** 2),
  });
}
