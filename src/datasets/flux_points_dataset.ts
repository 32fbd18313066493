/** Measured fluxes, to which spectra are fitted. */
import type { Objective, Parameter } from "../fit/mod.ts";
import {
  type BinnedCounts,
  type FitStatistic,
  fitStatistics,
  statSlopes,
  statSum,
} from "../stats/mod.ts";
import type { FittedSpectrum } from "./spectrum_objective.ts";

/** Measured fluxes dN/dE at energies. */
export interface FluxPointsDataset {
  /** What it is. */
  readonly kind: "flux-points";
  /** Name, unique among datasets. */
  readonly name: string;
  /** Energies of the points, TeV. */
  readonly energyTeV: Float64Array;
  /** dN/dE as `counts`, cm⁻² s⁻¹ TeV⁻¹, with what the statistic needs beside, and which points count. */
  readonly measured: BinnedCounts;
  /** How a prediction is compared: "chi2", "distrib" or "profile". */
  readonly statistic: FitStatistic;
}

/** What {@linkcode createFluxPointsDataset} takes. */
export interface FluxPointsDatasetOptions {
  /** Name. */
  readonly name: string;
  /** Energies, TeV. */
  readonly energyTeV: Float64Array;
  /** dN/dE, cm⁻² s⁻¹ TeV⁻¹. */
  readonly dnde: Float64Array;
  /** Its errors. */
  readonly dndeErr: Float64Array;
  /** 1 where a point counts; where value and error are finite, where absent. */
  readonly valid?: Uint8Array;
}

/**
 * Makes a dataset of flux points with symmetric errors, compared by χ².
 *
 * @param options Energies, fluxes, errors, which points count.
 * @returns A frozen record; other statistics come by a record of one's own.
 * @throws TypeError for columns of different lengths; RangeError for an error of a point that counts that is
 *   not above 0.
 * @example
 * ```ts
 * import { createFluxPointsDataset } from "@gammarx/gammarx/datasets";
 * import { deepStrictEqual } from "node:assert/strict";
 * const { measured } = createFluxPointsDataset({
 *   name: "crab",
 *   energyTeV: Float64Array.of(1, 10),
 *   dnde: Float64Array.of(4e-11, NaN),
 *   dndeErr: Float64Array.of(2e-12, NaN),
 * });
 * deepStrictEqual([...measured.valid!], [1, 0]);
 * ```
 * @see gammapy.datasets.FluxPointsDataset
 */
export function createFluxPointsDataset(options: FluxPointsDatasetOptions): FluxPointsDataset {
  const { name, energyTeV, dnde, dndeErr } = options;
  const valid = options.valid ??
    Uint8Array.from(dnde, (x, k) => +(Number.isFinite(x) && Number.isFinite(dndeErr[k]!)));
  const lengths = { energyTeV, dnde, dndeErr, valid };
  for (const [column, { length }] of Object.entries(lengths)) {
    if (length === energyTeV.length) continue;
    throw new TypeError(
      `Dataset ${name}: ${column} has ${length} values, energyTeV has ${energyTeV.length}`,
    );
  }
  const bad = dndeErr.findIndex((error, k) => valid[k] !== 0 && !(error > 0));
  if (bad >= 0) {
    throw new RangeError(
      `Dataset ${name}: point ${bad + 1} has the error ${dndeErr[bad]}, expected one above 0`,
    );
  }
  return Object.freeze({
    kind: "flux-points",
    name,
    energyTeV,
    measured: Object.freeze({ counts: dnde, variance: dndeErr.map((error) => error ** 2), valid }),
    statistic: fitStatistics.lookup("fit-statistic", "chi2"),
  });
}

/**
 * The statistic of flux points together.
 *
 * @param datasets The datasets.
 * @param sources The spectra that they see.
 * @param parameters The fit's parameters; only their number matters here.
 * @returns Statistic and gradient for `fit`.
 * @example
 * ```ts
 * import { createFluxPointsDataset, fluxPointsObjective } from "@gammarx/gammarx/datasets";
 * import { fit } from "@gammarx/gammarx/fit";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const dataset = createFluxPointsDataset({
 *   name: "crab",
 *   energyTeV: Float64Array.of(1, 10),
 *   dnde: Float64Array.of(4e-11, 4e-13),
 *   dndeErr: Float64Array.of(4e-12, 4e-14),
 * });
 * const { rule, parameters } = powerLaw({ amplitude: 1e-11, index: 2.3 });
 * const found = fit(fluxPointsObjective([dataset], [{ rule, places: [0, 1, 2] }], parameters), parameters);
 * ok(Math.abs(found.parameters[0]!.value - 2) < 1e-4);
 * ```
 */
export function fluxPointsObjective(
  datasets: readonly FluxPointsDataset[],
  sources: readonly FittedSpectrum[],
  parameters: readonly Parameter[],
): Objective {
  const parts = datasets.map((dataset) => ({
    ...dataset,
    own: sources.filter((one) => one.datasets?.includes(dataset.name) ?? true).map((one) => ({
      ...one,
      values: new Float64Array(one.places.length),
      slopes: new Float64Array(one.places.length),
    })),
    npred: new Float64Array(dataset.energyTeV.length),
    slopes: new Float64Array(dataset.energyTeV.length),
  }));
  const predict = ({ own, energyTeV, npred }: (typeof parts)[0], from: ArrayLike<number>): void => {
    npred.fill(0);
    for (const { rule, places, values } of own) {
      for (let k = 0; k < places.length; k++) values[k] = from[places[k]!]!;
      for (let j = 0; j < npred.length; j++) {
        npred[j] = npred[j]! + rule.dnde(energyTeV[j]!, values);
      }
    }
  };
  return Object.freeze({
    value(values: Float64Array): number {
      let sum = 0;
      for (const part of parts) {
        predict(part, values);
        sum += statSum(part.statistic, part.measured, part.npred);
      }
      return sum;
    },
    gradient(values: Float64Array, out: Float64Array): void {
      out.fill(0, 0, parameters.length);
      for (const part of parts) {
        predict(part, values);
        statSlopes(part.statistic, part.measured, part.npred, part.slopes);
        for (const { rule, places, values, slopes } of part.own) {
          for (let j = 0; j < part.npred.length; j++) {
            if (part.slopes[j] === 0) continue;
            rule.gradient(part.energyTeV[j]!, values, slopes);
            for (let k = 0; k < places.length; k++) {
              const at = places[k]!;
              out[at] = out[at]! + part.slopes[j]! * slopes[k]!;
            }
          }
        }
      }
    },
  });
}
