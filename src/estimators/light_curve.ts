/** Fluxes in bins of time. */
import type { SpectrumDataset } from "../datasets/mod.ts";
import { type Gti, rebaseGti } from "../events/mod.ts";
import { createTimeAxis, type TimeAxis } from "../nddata/mod.ts";
import { estimateFluxPoints, type FluxPoints, type FluxPointsOptions } from "./flux_points.ts";

/** A light curve: flux points for each interval of time. */
export interface LightCurve {
  /** What it is. */
  readonly kind: "light-curve";
  /** Intervals of time. */
  readonly time: TimeAxis;
  /** Flux points, one record an interval, all with the same bins of energy. */
  readonly points: readonly FluxPoints[];
}

/** How a light curve is estimated. */
export interface LightCurveOptions extends FluxPointsOptions {
  /** Intervals of time, ascending; that of each dataset where absent. */
  readonly intervals?: Gti | undefined;
}

/** How far good time may reach out of its interval, s. */
const TOLERANCE_S = 1e-6;

/**
 * Estimates a light curve: in each interval flux points of the datasets whose good time lies in it.
 *
 * @param datasets Datasets with good time intervals.
 * @param options Reference model, edges of energy, intervals of time.
 * @returns The light curve; intervals in which no dataset lies are left out.
 * @throws TypeError for a dataset without good time; RangeError where no dataset lies in any interval, or
 *   intervals overlap.
 * @example
 * ```ts
 * import { createSpectrumDataset } from "@gammarx/gammarx/datasets";
 * import { estimateLightCurve } from "@gammarx/gammarx/estimators";
 * import { createGti } from "@gammarx/gammarx/events";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const during = (start: number, count: number) =>
 *   createSpectrumDataset({
 *     name: String(start),
 *     energy: energyAxis({ low: 1, high: 10, nBins: 1 }),
 *     energyTrue: energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" }),
 *     counts: Float64Array.of(count),
 *     exposureCm2S: Float64Array.of(1e14),
 *     background: Float64Array.of(0),
 *     gti: createGti(createEpoch([51910, 0], "TT"), Float64Array.of(start), Float64Array.of(start + 60)),
 *   });
 * const { points } = estimateLightCurve([during(0, 90), during(60, 180)], {
 *   model: powerLaw({ amplitude: 1e-12, index: 2 }),
 *   energyEdgesTeV: [1, 10],
 * });
 * ok(Math.abs(points[1]!.norm[0]! / points[0]!.norm[0]! - 2) < 1e-9);
 * ```
 * @see gammapy.estimators.LightCurveEstimator
 */
export function estimateLightCurve(
  datasets: readonly SpectrumDataset[],
  options: LightCurveOptions,
): LightCurve {
  const epoch = options.intervals?.epoch ?? datasets[0]?.gti?.epoch;
  const spans = datasets.map(({ gti, name }) => {
    if (gti === undefined || gti.startS.length === 0 || epoch === undefined) {
      throw new TypeError(`Dataset ${name} has no good time: it has no place in a light curve`);
    }
    const { startS, stopS } = rebaseGti(gti, epoch);
    return [Math.min(...startS), Math.max(...stopS)] as const;
  });
  const { intervals } = options;
  const bins = intervals === undefined
    ? onceEach(spans)
    : Array.from(intervals.startS, (start, k) => [start, intervals.stopS[k]!] as const);
  const parts = bins.map(([start, stop]) => ({
    start,
    stop,
    own: datasets.filter((_, d) =>
      spans[d]![0] >= start - TOLERANCE_S && spans[d]![1] <= stop + TOLERANCE_S
    ),
  })).filter(({ own }) => own.length > 0);
  if (parts.length === 0 || epoch === undefined) {
    throw new RangeError("Found no dataset whose good time lies in an interval of the light curve");
  }
  return Object.freeze({
    kind: "light-curve",
    time: createTimeAxis({
      epoch: { mjdDay: epoch.mjdDay, dayS: epoch.dayS, scale: epoch.scale },
      startS: parts.map(({ start }) => start),
      stopS: parts.map(({ stop }) => stop),
    }),
    points: Object.freeze(parts.map(({ own }) => estimateFluxPoints(own, options))),
  });
}

/** Intervals in ascending order, each once. */
function onceEach(
  spans: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] {
  return spans.toSorted((a, b) => a[0] - b[0])
    .filter(([start, stop], k, all) =>
      k === 0 || start !== all[k - 1]![0] || stop !== all[k - 1]![1]
    );
}
