/** Fluxes in bins of energy: one norm a bin, the shape of the spectrum being that of a model. */
import { expectedSignal, type SpectrumDataset } from "../datasets/mod.ts";
import type { SpectralModel } from "../models/mod.ts";
import { createMapAxis, type MapAxis, snapEdges } from "../nddata/mod.ts";
import { fitNorm, normAtRise, type NormBins, normBins, normNpred, normStat } from "./_norm_fit.ts";

/** What a flux estimate has in each of its bins: columns of one length. */
export interface FluxEstimate {
  /** Norms of the reference model. */
  readonly norm: Float64Array;
  /** One (or `nSigma`) standard deviations, from the second derivative. */
  readonly normErr: Float64Array;
  /** Distance downwards to where the statistic has risen by nSigma². */
  readonly normErrn: Float64Array;
  /** Distance upwards to where the statistic has risen by nSigma². */
  readonly normErrp: Float64Array;
  /** Norm above the best one at which the statistic has risen by nSigmaUl². */
  readonly normUl: Float64Array;
  /** stat(norm = 0) − stat(best). */
  readonly ts: Float64Array;
  /** √TS with the sign of the norm. */
  readonly sqrtTs: Float64Array;
  /** The statistic at the best norm. */
  readonly stat: Float64Array;
  /** The statistic at norm 0. */
  readonly statNull: Float64Array;
  /** Counts. */
  readonly counts: Float64Array;
  /** Expected counts at the best norm, background included. */
  readonly npred: Float64Array;
  /** Expected signal at the best norm. */
  readonly npredExcess: Float64Array;
  /** In words what was wrong in a bin; "" where all is well. */
  readonly reason: readonly string[];
}

/** Flux points: a flux estimate in bins of energy, with what turns norms into fluxes. */
export interface FluxPoints extends FluxEstimate {
  /** What it is. */
  readonly kind: "flux-points";
  /** Bins of energy, TeV. */
  readonly energy: MapAxis;
  /** dN/dE of the reference model at the bin centres, cm⁻² s⁻¹ TeV⁻¹. */
  readonly refDnde: Float64Array;
  /** Its flux in each bin, cm⁻² s⁻¹. */
  readonly refFlux: Float64Array;
  /** Its energy flux in each bin, TeV cm⁻² s⁻¹. */
  readonly refEflux: Float64Array;
  /** Standard deviations of the errors. */
  readonly nSigma: number;
  /** Standard deviations of the limits. */
  readonly nSigmaUl: number;
  /** 1 where √TS is below the threshold: the limit is what to show. */
  readonly isUl: Uint8Array;
}

/** How flux points are estimated. */
export interface FluxPointsOptions {
  /** Reference model: the best fit. */
  readonly model: SpectralModel;
  /** Edges of the bins, TeV; the nearest edges of the datasets are taken. */
  readonly energyEdgesTeV: ArrayLike<number>;
  /** Standard deviations of errors; 1 where absent. */
  readonly nSigma?: number;
  /** Standard deviations of limits; 2 where absent. */
  readonly nSigmaUl?: number;
  /** √TS below which a point is a limit; 2 where absent. */
  readonly sqrtTsThresholdUl?: number;
}

/**
 * Estimates flux points of one source from spectrum datasets, all other parameters being held.
 *
 * @param datasets Datasets with one axis of reconstructed energy.
 * @param options Reference model, edges, standard deviations.
 * @returns Flux points; NaN in bins where nothing counts.
 * @throws TypeError for no dataset; RangeError where the edges leave no bin.
 * @example
 * ```ts
 * import { createSpectrumDataset } from "@gammarx/gammarx/datasets";
 * import { estimateFluxPoints } from "@gammarx/gammarx/estimators";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 100, nBins: 2 }),
 *   energyTrue: energyAxis({ low: 1, high: 100, nBins: 2, name: "energy_true" }),
 *   counts: Float64Array.of(90, 18),
 *   exposureCm2S: Float64Array.of(1e14, 1e14),
 *   background: Float64Array.of(0, 0),
 * });
 * const model = powerLaw({ amplitude: 1e-12, index: 2 });
 * const { norm } = estimateFluxPoints([dataset], { model, energyEdgesTeV: [1, 10, 100] });
 * ok(Math.abs(norm[1]! - 2) < 1e-9);
 * ```
 * @see gammapy.estimators.FluxPointsEstimator
 */
export function estimateFluxPoints(
  datasets: readonly SpectrumDataset[],
  options: FluxPointsOptions,
): FluxPoints {
  const first = datasets[0];
  if (first === undefined) throw new TypeError("Flux points need a dataset, found none");
  const { model, nSigma = 1, nSigmaUl = 2, sqrtTsThresholdUl = 2 } = options;
  const { axis, bounds } = snapEdges(first.energy, options.energyEdgesTeV), n = axis.nBins;
  const edges = axis.edges, signals = datasets.map((one) => expectedSignal(one, model));
  const estimate = estimateNorms(
    Array.from(
      { length: n },
      (_, k) =>
        normBins(
          datasets,
          signals,
          (dataset) =>
            dataset.energy === first.energy
              ? [bounds[k]!, bounds[k + 1]!]
              : rangeIn(dataset, edges, k),
        ),
    ),
    { nSigma, nSigmaUl },
  );
  const energy = createMapAxis("energy", edges, { unit: "TeV", interp: "log" });
  const over = (of: (low: number, high: number) => number) =>
    Float64Array.from({ length: n }, (_, k) => of(edges[k]!, edges[k + 1]!));
  return Object.freeze({
    ...estimate,
    kind: "flux-points",
    energy,
    refDnde: energy.centers.map(model.dnde),
    refFlux: over(model.flux),
    refEflux: over(model.eflux),
    nSigma,
    nSigmaUl,
    isUl: Uint8Array.from(estimate.sqrtTs, (s) => +!(s >= sqrtTsThresholdUl)),
  });
}

/** Bins of another axis that make up the bin k of the edges. */
function rangeIn(
  { energy }: SpectrumDataset,
  edges: Float64Array,
  k: number,
): readonly [number, number] {
  const { bounds } = snapEdges(energy, [edges[k]!, edges[k + 1]!]);
  return [bounds[0]!, bounds[1]!];
}

/** Norms, errors and limits of groups of bins. */
export function estimateNorms(
  groups: readonly NormBins[],
  { nSigma, nSigmaUl }: { readonly nSigma: number; readonly nSigmaUl: number },
): FluxEstimate {
  const rows = groups.map((bins) => {
    const best = fitNorm(bins), statNull = normStat(bins, 0), ts = statNull - best.stat;
    const rise = nSigma ** 2;
    const [low, high, ul] = Number.isNaN(best.norm) ? [NaN, NaN, NaN] : [
      normAtRise(bins, best, { rise, sign: -1 }),
      normAtRise(bins, best, { rise, sign: 1 }),
      normAtRise(bins, best, { rise: nSigmaUl ** 2, sign: 1 }),
    ];
    return {
      best,
      statNull,
      ts: Number.isNaN(best.norm) ? NaN : ts,
      errn: best.norm - low,
      errp: high - best.norm,
      ul,
      counts: bins.counts.reduce((a, b) => a + b, 0),
      expected: bins.signal.reduce((a, b) => a + b, 0),
    };
  });
  const column = (of: (row: (typeof rows)[0]) => number) => Float64Array.from(rows, of);
  return Object.freeze({
    norm: column(({ best }) => best.norm),
    normErr: column(({ best }) => nSigma * best.error),
    normErrn: column(({ errn }) => errn),
    normErrp: column(({ errp }) => errp),
    normUl: column(({ ul }) => ul),
    ts: column(({ ts }) => ts),
    sqrtTs: column(({ ts, best }) => Math.sign(best.norm) * Math.sqrt(Math.max(0, ts))),
    stat: column(({ best }) => best.stat),
    statNull: column(({ statNull }) => statNull),
    counts: column(({ counts }) => counts),
    npred: Float64Array.from(groups, (bins, k) => normNpred(bins, rows[k]!.best.norm)),
    npredExcess: column(({ best, expected }) => best.norm * expected),
    reason: Object.freeze(rows.map(({ best }) => best.reason)),
  });
}

/** A flux in one of its forms. */
export interface FluxColumns {
  /** Values. */
  readonly value: Float64Array;
  /** Symmetric errors. */
  readonly err: Float64Array;
  /** Distances downwards. */
  readonly errn: Float64Array;
  /** Distances upwards. */
  readonly errp: Float64Array;
  /** Limits. */
  readonly ul: Float64Array;
}

/**
 * Flux points in a form: dN/dE, flux, energy flux, or E² dN/dE.
 *
 * @param points Flux points.
 * @param form "dnde" (cm⁻² s⁻¹ TeV⁻¹), "flux" (cm⁻² s⁻¹), "eflux" or "e2dnde" (TeV cm⁻² s⁻¹).
 * @returns New columns.
 * @example
 * ```ts
 * import { fluxColumns, type FluxPoints } from "@gammarx/gammarx/estimators";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const one = Float64Array.of(2);
 * const points = {
 *   energy: energyAxis({ low: 1, high: 4, nBins: 1 }), refDnde: one, refFlux: one, refEflux: one,
 *   norm: one, normErr: one, normErrn: one, normErrp: one, normUl: one,
 * } as unknown as FluxPoints;
 * strictEqual(fluxColumns(points, "flux").value[0], 4);
 * ```
 */
export function fluxColumns(
  points: FluxPoints,
  form: "dnde" | "flux" | "eflux" | "e2dnde",
): FluxColumns {
  const { refDnde, refFlux, refEflux, energy } = points;
  const factor = {
    dnde: refDnde,
    flux: refFlux,
    eflux: refEflux,
    e2dnde: refDnde.map((dnde, k) => dnde * energy.centers[k]! ** 2),
  }[form];
  const times = (norms: Float64Array) => norms.map((norm, k) => norm * factor[k]!);
  return Object.freeze({
    value: times(points.norm),
    err: times(points.normErr),
    errn: times(points.normErrn),
    errp: times(points.normErrp),
    ul: times(points.normUl),
  });
}
