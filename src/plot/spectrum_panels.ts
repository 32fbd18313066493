import { alphaOf, type SpectrumDataset } from "../datasets/mod.ts";
import { fluxColumns, type FluxPoints, type LightCurve } from "../estimators/mod.ts";
import type { SpectralErrors, SpectralModel } from "../models/mod.ts";
import { logEdges } from "../nddata/mod.ts";
import { formatIso } from "../time/mod.ts";
import type { Mark, Panel } from "./marks.ts";

/** 1 TeV in erg; source: CODATA 2018, exact. */
const ERG_PER_TEV = 1.602176634;

/** What {@linkcode sedPanel} draws. */
export interface SedPanelOptions {
  /** Flux points. */
  readonly points: FluxPoints;
  /** The spectrum drawn through them. */
  readonly model?: SpectralModel;
  /** Its errors: a band of one standard deviation. */
  readonly errors?: SpectralErrors;
  /** Text above the panel. */
  readonly title?: string;
}

/**
 * Draws a spectral energy distribution: E² dN/dE against energy, limits as arrows, the model as a line with
 * its band of one standard deviation.
 *
 * @param options Flux points, the model and its errors.
 * @returns A panel for `figure`.
 * @example
 * ```ts
 * import { createSpectrumDataset } from "@gammarx/gammarx/datasets";
 * import { estimateFluxPoints } from "@gammarx/gammarx/estimators";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { figure, sedPanel } from "@gammarx/gammarx/plot";
 * import { match } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 100, nBins: 2 }),
 *   energyTrue: energyAxis({ low: 1, high: 100, nBins: 2, name: "energy_true" }),
 *   counts: Float64Array.of(90, 18),
 *   exposureCm2S: Float64Array.of(1e14, 1e14),
 *   background: Float64Array.of(0, 0),
 * });
 * const model = powerLaw({ amplitude: 1e-12, index: 2 });
 * const points = estimateFluxPoints([dataset], { model, energyEdgesTeV: [1, 10, 100] });
 * match(figure({ panels: [sedPanel({ points, model })] }), /^<svg/);
 * ```
 */
export function sedPanel({ points, model, errors, title }: SedPanelOptions): Panel {
  const { energy: { centers, edges }, isUl } = points;
  const { value, errn, errp, ul } = fluxColumns(points, "e2dnde");
  const erg = (values: Float64Array) => values.map((x) => x * ERG_PER_TEV);
  const y = erg(value.map((x, k) => isUl[k] === 1 ? ul[k]! : x));
  const marks: Mark[] = [];
  const curve = logEdges({ low: edges[0]!, high: edges[edges.length - 1]!, nBins: 100 });
  const sed = (of: (e: number) => number) => curve.map((e) => of(e) * e * e * ERG_PER_TEV);
  const line = model === undefined ? undefined : sed(model.dnde);
  if (errors !== undefined && line !== undefined) {
    const low = sed((e) => {
      const { value, errn } = errors.dnde(e);
      return Math.max(value - errn, 1e-3 * value);
    });
    const high = sed((e) => errors.dnde(e).value + errors.dnde(e).errp);
    marks.push({ kind: "band", x: curve, low, high, color: "#0072b2" });
  }
  if (line !== undefined) {
    marks.push({ kind: "line", x: curve, y: line, color: "#0072b2", label: "best fit" });
  }
  marks.push({
    kind: "points",
    x: centers,
    y,
    xError: {
      low: centers.map((e, k) => e - edges[k]!),
      high: centers.map((e, k) => edges[k + 1]! - e),
    },
    yError: { low: erg(errn), high: erg(errp) },
    isUpperLimit: isUl,
    color: "#d55e00",
    label: "flux points",
  });
  const shown = [...y, ...(line ?? [])].filter((x) => x > 0);
  return {
    ...(title === undefined ? {} : { title }),
    x: { label: "Energy", unit: "TeV", scale: "log" },
    y: {
      label: "E^{2} dN/dE",
      unit: "erg cm^{-2} s^{-1}",
      scale: "log",
      range: [0.3 * Math.min(...shown), 3 * Math.max(...shown)],
    },
    marks,
  };
}

/**
 * Draws the fluxes of a light curve against time; limits as arrows.
 *
 * @param curve The light curve.
 * @param options Which bin of energy: the first where absent; title.
 * @returns A panel for `figure`.
 * @example
 * ```ts
 * import type { FluxPoints, LightCurve } from "@gammarx/gammarx/estimators";
 * import { createTimeAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { figure, fluxCurvePanel } from "@gammarx/gammarx/plot";
 * import { match } from "node:assert/strict";
 * const one = Float64Array.of(1);
 * const points = {
 *   energy: energyAxis({ low: 1, high: 10, nBins: 1 }), refDnde: one, refFlux: one, refEflux: one,
 *   norm: one, normErr: one, normErrn: one, normErrp: one, normUl: one, isUl: Uint8Array.of(0),
 * } as unknown as FluxPoints;
 * const epoch = { mjdDay: 53343, dayS: 0, scale: "TT" };
 * const curve: LightCurve = {
 *   kind: "light-curve", time: createTimeAxis({ epoch, startS: [0], stopS: [60] }), points: [points],
 * };
 * match(figure({ panels: [fluxCurvePanel(curve)] }), /^<svg/);
 * ```
 */
export function fluxCurvePanel(
  curve: LightCurve,
  options: { readonly bin?: number; readonly title?: string } = {},
): Panel {
  const { time: { epoch, startS, stopS }, points } = curve, { bin = 0, title } = options;
  const { mjdDay, dayS, scale } = epoch, zeroS = startS[0]!;
  const totalS = stopS[stopS.length - 1]! - zeroS;
  const [unit, perUnit] = totalS > 259200 ? ["d", 86400] : totalS > 7200 ? ["h", 3600] : ["s", 1];
  const columns = points.map((one) => fluxColumns(one, "flux"));
  const { edges } = points[0]!.energy;
  const isUl = Uint8Array.from(points, (one) => one.isUl[bin]!);
  const start = { mjdDay, dayS: dayS + zeroS, scale: scale as "TT" | "TDB" };
  const days = Math.floor(start.dayS / 86400);
  const text = formatIso(
    { ...start, mjdDay: mjdDay + days, dayS: start.dayS - days * 86400 },
    { scale: start.scale, digits: 0 },
  );
  return {
    ...(title === undefined ? {} : { title }),
    x: { label: `Time since ${text} ${scale}`, unit },
    y: {
      label: `Flux ${edges[bin]!.toPrecision(3)} to ${edges[bin + 1]!.toPrecision(3)} TeV`,
      unit: "cm^{-2} s^{-1}",
    },
    marks: [{
      kind: "points",
      x: startS.map((t, k) => ((t + stopS[k]!) / 2 - zeroS) / perUnit),
      y: columns.map(({ value, ul }, k) => isUl[k] === 1 ? ul[bin]! : value[bin]!),
      xError: startS.map((t, k) => (stopS[k]! - t) / 2 / perUnit),
      yError: {
        low: columns.map(({ errn }) => errn[bin]!),
        high: columns.map(({ errp }) => errp[bin]!),
      },
      isUpperLimit: isUl,
      color: "#d55e00",
    }],
  };
}

/**
 * Draws the excess of a dataset with what a model expects, bin by bin.
 *
 * @param dataset The dataset.
 * @param signal Expected signal in each bin.
 * @returns A panel for `figure`.
 * @example
 * ```ts
 * import { createSpectrumDataset } from "@gammarx/gammarx/datasets";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { excessPanel, figure } from "@gammarx/gammarx/plot";
 * import { match } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 100, nBins: 2 }),
 *   energyTrue: energyAxis({ low: 1, high: 100, nBins: 2, name: "energy_true" }),
 *   counts: Float64Array.of(90, 18),
 *   exposureCm2S: Float64Array.of(1e14, 1e14),
 * });
 * match(figure({ panels: [excessPanel(dataset, Float64Array.of(88, 20))] }), /^<svg/);
 * ```
 */
export function excessPanel(dataset: SpectrumDataset, signal: Float64Array): Panel {
  const { energy, counts, off, background, validSafe } = dataset;
  const alpha = off === undefined ? undefined : alphaOf(off);
  const safe = (value: number, j: number) => validSafe[j] === 0 ? NaN : value;
  const excess = counts.map((n, j) =>
    safe(n - (off === undefined ? background?.[j] ?? 0 : alpha![j]! * off.counts[j]!), j)
  );
  const error = counts.map((n, j) =>
    Math.sqrt(n + (off === undefined ? 0 : alpha![j]! ** 2 * off.counts[j]!))
  );
  const first = Math.max(0, validSafe.indexOf(1)), stop = validSafe.lastIndexOf(1) + 1;
  const range = [energy.edges[first]!, energy.edges[stop || energy.nBins]!] as const;
  return {
    x: { label: "Reconstructed energy", unit: "TeV", scale: "log", range },
    y: { label: "Excess per bin" },
    marks: [
      { kind: "rule", axis: "y", at: 0 },
      {
        kind: "steps",
        edges: energy.edges,
        values: signal.map(safe),
        color: "#0072b2",
        label: "best fit",
      },
      {
        kind: "points",
        x: energy.centers,
        y: excess,
        yError: error,
        color: "#d55e00",
        label: "excess",
      },
    ],
  };
}
