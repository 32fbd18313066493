import { join } from "node:path";
import {
  alphaOf,
  expectedSignal,
  ogipFiles,
  type SpectrumDataset,
  stackSpectra,
} from "../datasets/mod.ts";
import {
  fluxColumns,
  type FluxPoints,
  fluxPointsHdu,
  type LightCurve,
  lightCurveHdu,
} from "../estimators/mod.ts";
import type { FitResult } from "../fit/mod.ts";
import { encodeFits, writeFileAtomic } from "../fits/mod.ts";
import {
  createModelSet,
  createSkyModel,
  linearErrors,
  type SpectralModel,
  writeModelsYaml,
} from "../models/mod.ts";
import { excessPanel, figure, fluxCurvePanel, renderPng, sedPanel } from "../plot/mod.ts";
import { plain, textTable } from "./output.ts";

/** All that `gammarx spectrum` finds. */
export interface SpectrumResult {
  /** One dataset an observation. */
  readonly datasets: readonly SpectrumDataset[];
  /** What was fitted: those with safe energies, or their stack. */
  readonly fitted: readonly SpectrumDataset[];
  readonly fit: FitResult;
  readonly model: SpectralModel;
  readonly fluxPoints: FluxPoints;
  readonly lightCurve: LightCurve;
  /** Fits of the bins of phase. */
  readonly phases: readonly PhaseFit[];
}

/** The spectrum of a bin of pulse phase: the flux while the phase lasts. */
export interface PhaseFit {
  readonly phase: readonly [from: number, to: number];
  readonly datasets: readonly SpectrumDataset[];
  readonly result: FitResult;
  readonly model: SpectralModel;
}

const sum = (values: ArrayLike<number>, valid?: Uint8Array): number => {
  let total = 0;
  for (let j = 0; j < values.length; j++) if (valid?.[j] !== 0) total += values[j]!;
  return total;
};

/** The result as one JSON document. */
export function spectrumDocument(result: SpectrumResult): Readonly<Record<string, unknown>> {
  const { datasets, fit, model, fluxPoints, lightCurve } = result;
  return {
    observations: datasets.map(observationOf),
    fit: fitOf(fit, model),
    ...(result.phases.length === 0 ? {} : {
      phaseBins: result.phases.map(({ phase, datasets, result: found, model: own }) => ({
        phase,
        nOn: datasets.reduce((n, one) => n + sum(one.counts), 0),
        nOff: datasets.reduce((n, one) => n + sum(one.off?.counts ?? []), 0),
        fit: fitOf(found, own),
      })),
    }),
    fluxPoints: pointsOf(fluxPoints),
    lightCurve: curveOf(lightCurve),
  };
}

function fitOf(fit: FitResult, model: SpectralModel) {
  return {
    model: model.kind,
    success: fit.converged,
    reason: fit.reason,
    stat: fit.stat,
    parameters: Object.fromEntries(
      fit.parameters.map(({ name, value, error, unit, frozen }) => [
        name,
        { value, error: frozen ? 0 : error, unit, frozen },
      ]),
    ),
    covariance: Array.from(
      { length: fit.parameters.length },
      (_, i) => fit.parameters.map((_, j) => fit.covariance.get(i, j)),
    ),
  };
}

function observationOf(dataset: SpectrumDataset) {
  const { name, livetimeS, counts, off, validSafe, energy } = dataset;
  const first = validSafe.indexOf(1), last = validSafe.lastIndexOf(1);
  return {
    obsId: name,
    livetimeS,
    nOn: sum(counts),
    nOff: off === undefined ? null : sum(off.counts),
    alpha: off === undefined ? null : Math.max(...alphaOf(off)),
    nOnSafe: sum(counts, validSafe),
    nOffSafe: off === undefined ? null : sum(off.counts, validSafe),
    safeTeV: first < 0 ? null : [energy.edges[first], energy.edges[last + 1]],
  };
}

function pointsOf(points: FluxPoints) {
  const { energy, ts, sqrtTs, isUl, norm, normErr, normErrn, normErrp, normUl, counts } = points;
  const { value, err, errn, errp, ul } = fluxColumns(points, "dnde");
  return {
    energyRefTeV: energy.centers,
    energyMinTeV: energy.edges.slice(0, -1),
    energyMaxTeV: energy.edges.slice(1),
    unit: "cm-2 s-1 TeV-1",
    dnde: value,
    dndeErr: err,
    dndeErrn: errn,
    dndeErrp: errp,
    dndeUl: ul,
    norm,
    normErr,
    normErrn,
    normErrp,
    normUl,
    ts,
    sqrtTs,
    isUl: Array.from(isUl, (one) => one === 1),
    counts,
  };
}

function curveOf({ time, points }: LightCurve) {
  const { epoch, startS, stopS } = time, columns = points.map((one) => fluxColumns(one, "flux"));
  const mjd = (s: number) => epoch.mjdDay + (epoch.dayS + s) / 86400;
  const { edges } = points[0]!.energy;
  return {
    timeScale: epoch.scale,
    timeMinMjd: startS.map(mjd),
    timeMaxMjd: stopS.map(mjd),
    energyMinTeV: edges.slice(0, -1),
    energyMaxTeV: edges.slice(1),
    unit: "cm-2 s-1",
    flux: columns.map(({ value }) => value),
    fluxErr: columns.map(({ err }) => err),
    fluxErrn: columns.map(({ errn }) => errn),
    fluxErrp: columns.map(({ errp }) => errp),
    fluxUl: columns.map(({ ul }) => ul),
    ts: points.map((one) => one.ts),
    sqrtTs: points.map((one) => one.sqrtTs),
    counts: points.map((one) => one.counts),
  };
}

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Writes all products into a folder, each whole or not at all. Gives their names. */
export async function writeSpectrumProducts(
  result: SpectrumResult,
  options: { readonly out: string; readonly png: boolean },
): Promise<string[]> {
  await Deno.mkdir(options.out, { recursive: true });
  const names: string[] = [];
  const write = async (name: string, bytes: Uint8Array) => {
    await writeFileAtomic(join(options.out, name), bytes);
    names.push(name);
  };
  for (const dataset of result.fitted) {
    // Without a measured background there is no pair of spectra to write.
    if (dataset.off === undefined) continue;
    const stem = `pha_obs${dataset.name}`;
    for (const { name, hdus } of ogipFiles(dataset, { stem })) await write(name, encodeFits(hdus));
  }
  const found = createModelSet([createSkyModel({ name: "source", spectral: result.model })]);
  await write("model.yaml", utf8(writeModelsYaml(found)));
  await write("flux_points.fits", encodeFits([fluxPointsHdu(result.fluxPoints)]));
  await write("light_curve.fits", encodeFits([lightCurveHdu(result.lightCurve)]));
  for (const [name, svg] of pictures(result)) {
    await write(`${name}.svg`, utf8(svg));
    if (options.png) await write(`${name}.png`, await renderPng(svg));
  }
  const text = JSON.stringify(plain(spectrumDocument(result)), null, 1) + "\n";
  await write("result.json", utf8(text));
  return names;
}

function pictures(
  { fitted, fit, model, fluxPoints, lightCurve }: SpectrumResult,
): [string, string][] {
  const errors = linearErrors(model, fit.covariance);
  const whole = fitted.length === 1 ? fitted[0]! : stackSpectra(fitted);
  return [
    ["sed", figure({ panels: [sedPanel({ points: fluxPoints, model, errors })] })],
    ["excess", figure({ panels: [excessPanel(whole, expectedSignal(whole, model))] })],
    ["light_curve", figure({ panels: [fluxCurvePanel(lightCurve)] })],
  ];
}

/** Prints the result for people. */
export function printSpectrum(result: SpectrumResult, out: string | undefined): void {
  const { datasets, fit, model, fluxPoints } = result, { energy, sqrtTs, isUl } = fluxPoints;
  console.log(textTable(
    ["obs", "livetime/s", "on", "off", "alpha", "on safe", "off safe", "from/TeV"],
    datasets.map(observationOf).map((one) => [
      one.obsId,
      one.livetimeS.toFixed(1),
      one.nOn,
      one.nOff ?? "-",
      one.alpha?.toFixed(4) ?? "-",
      one.nOnSafe,
      one.nOffSafe ?? "-",
      one.safeTeV === null ? "-" : one.safeTeV[0]!.toFixed(3),
    ]),
  ));
  console.log(`\n${model.kind}: statistic ${fit.stat.toFixed(3)}`);
  console.log(textTable(
    ["parameter", "value", "error", "unit"],
    fit.parameters.map(({ name, value, error, unit, frozen }) => [
      name,
      value.toPrecision(5),
      frozen ? "frozen" : error.toPrecision(3),
      unit,
    ]),
  ));
  const { value, err, ul } = fluxColumns(fluxPoints, "dnde");
  console.log("\nflux points, dN/dE in cm-2 s-1 TeV-1");
  console.log(textTable(
    ["from/TeV", "to/TeV", "dnde", "error", "sqrt(TS)"],
    Array.from(value, (dnde, k) => [
      energy.edges[k]!.toFixed(3),
      energy.edges[k + 1]!.toFixed(3),
      isUl[k] === 1 ? `< ${ul[k]!.toExponential(2)}` : dnde.toExponential(3),
      isUl[k] === 1 ? "" : err[k]!.toExponential(1),
      sqrtTs[k]!.toFixed(1),
    ]),
  ));
  if (out !== undefined) console.log(`\nwritten to ${out}`);
}
