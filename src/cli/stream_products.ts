import { join } from "node:path";
import { encodeFits, writeFileAtomic } from "../fits/mod.ts";
import { mapHdus } from "../maps/mod.ts";
import {
  countsMapPanel,
  figure,
  lightCurvePanel,
  type Panel,
  phasogramPanel,
  renderPng,
  spectrumPanel,
  theta2Panel,
} from "../plot/mod.ts";
import { hTest, z2n } from "../stats/mod.ts";
import { DAY_S, epochMjd } from "../time/mod.ts";
import { ecsv, removeParts } from "../../streams/sinks/mod.ts";
import { plain } from "./output.ts";
import type { StreamConfig, StreamResult } from "./stream_pipeline.ts";

/** The result as one plain document: what `--json` prints, and result.json holds. */
export function resultDocument(
  result: StreamResult,
  config: StreamConfig,
): Record<string, unknown> {
  const { account, events, exposure } = result;
  const time = events.columns.timeS, energy = events.columns.energyTeV;
  const { epoch } = config;
  const document: Record<string, unknown> = {
    account,
    events: {
      count: events.count,
      energyMinTeV: energy?.min ?? null,
      energyMaxTeV: energy?.max ?? null,
      energySumTeV: energy?.sum ?? null,
      timeStartS: time?.min ?? null,
      timeStopS: time?.max ?? null,
    },
    epoch: { ...epoch, mjd: epochMjd(epoch) },
    observations: exposure.nObservations,
    ontimeS: exposure.ontimeS,
    livetimeS: exposure.livetimeS,
  };
  if (result.spectrum !== undefined) document.spectrum = result.spectrum;
  if (result.lightcurve !== undefined) {
    const { edgesS, counts, livetimeS, widthS } = result.lightcurve;
    document.lightcurve = { widthS, edgesS, counts, livetimeS };
  }
  if (result.map !== undefined) {
    const { values, outside, geom } = result.map;
    document.map = {
      shape: values.shape,
      sum: sumOf(values.data as Float64Array),
      frame: geom.frame,
      outside,
    };
  }
  if (result.phasogram !== undefined) {
    const { edges, counts, weighted, errors, backgroundPerBin, outside } = result.phasogram;
    document.phasogram = config.weights === undefined
      ? { edges, counts, outside }
      : { edges, counts, weighted, errors, backgroundPerBin, outside };
  }
  if (result.phaseSums !== undefined && result.phaseSums.n > 0) {
    const { h, harmonic, logP } = hTest(result.phaseSums);
    document.phaseTests = {
      n: result.phaseSums.n,
      H: h,
      HHarmonic: harmonic,
      logPH: logP,
      Z2: z2n(result.phaseSums),
    };
  }
  if (result.theta2 !== undefined) document.theta2 = result.theta2;
  return plain(document) as Record<string, unknown>;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** One file to write. */
interface Product {
  readonly name: string;
  readonly bytes: () => Uint8Array | Promise<Uint8Array>;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Writes all products into a folder, each whole or not at all. Gives their names. */
export async function writeProducts(
  result: StreamResult,
  config: StreamConfig,
  options: { readonly out: string; readonly png: boolean },
): Promise<string[]> {
  await Deno.mkdir(options.out, { recursive: true });
  const products: Product[] = [
    ...tables(result, config),
    ...figures(result, options.png),
    {
      name: "result.json",
      bytes: () => utf8(JSON.stringify(resultDocument(result, config), null, 1) + "\n"),
    },
  ];
  await removeParts(options.out, products.map((one) => one.name));
  for (const { name, bytes } of products) {
    await writeFileAtomic(join(options.out, name), await bytes());
  }
  return products.map((one) => one.name);
}

function tables(result: StreamResult, config: StreamConfig): Product[] {
  const list: Product[] = [];
  const { spectrum, lightcurve, phasogram, theta2, map } = result;
  // In two parts, as in FITS: one number of days resolves no better than 0.6 us.
  const { mjdDay, dayS, scale } = config.epoch;
  const epoch = { mjdrefi: mjdDay, mjdreff: dayS / DAY_S, timesys: scale };
  const bins = (edges: Float64Array) => ({ low: edges.subarray(0, -1), high: edges.subarray(1) });
  if (spectrum !== undefined) {
    const { low, high } = bins(spectrum.edgesTeV);
    list.push({
      name: "spectrum.ecsv",
      bytes: () =>
        utf8(ecsv([
          { name: "energy_min", unit: "TeV", values: low },
          { name: "energy_max", unit: "TeV", values: high },
          { name: "counts", values: spectrum.counts },
        ], {
          livetime_s: result.exposure.livetimeS,
          underflow: spectrum.underflow,
          overflow: spectrum.overflow,
        })),
    });
  }
  if (lightcurve !== undefined) {
    const { low, high } = bins(lightcurve.edgesS);
    list.push({
      name: "lightcurve.ecsv",
      bytes: () =>
        utf8(ecsv([
          { name: "time_min", unit: "s", values: low },
          { name: "time_max", unit: "s", values: high },
          { name: "counts", values: lightcurve.counts },
          { name: "livetime", unit: "s", values: lightcurve.livetimeS },
        ], epoch)),
    });
  }
  if (phasogram !== undefined) {
    const { low, high } = bins(phasogram.edges);
    list.push({
      name: "phasogram.ecsv",
      bytes: () =>
        utf8(ecsv([
          { name: "phase_min", values: low },
          { name: "phase_max", values: high },
          { name: "counts", values: phasogram.counts },
          { name: "error", values: phasogram.errors },
        ])),
    });
  }
  if (theta2 !== undefined) {
    const { low, high } = bins(theta2.edgesDeg2);
    list.push({
      name: "theta2.ecsv",
      bytes: () =>
        utf8(ecsv([
          { name: "theta2_min", unit: "deg2", values: low },
          { name: "theta2_max", unit: "deg2", values: high },
          { name: "counts", values: theta2.counts },
        ], { ra_deg: config.theta2!.raDeg, dec_deg: config.theta2!.decDeg })),
    });
  }
  if (map !== undefined) {
    list.push({
      name: "map.fits",
      bytes: () => encodeFits(mapHdus(map)),
    });
  }
  return list;
}

function figures(result: StreamResult, png: boolean): Product[] {
  const { spectrum, lightcurve, phasogram, theta2, map } = result;
  const drawn: [name: string, panel: () => Panel, size?: { width: number; height: number }][] = [];
  if (spectrum !== undefined) drawn.push(["spectrum", () => spectrumPanel(spectrum)]);
  if (lightcurve !== undefined) {
    drawn.push(["lightcurve", () => lightCurvePanel(lightcurve), { width: 640, height: 320 }]);
  }
  if (phasogram !== undefined) drawn.push(["phasogram", () => phasogramPanel(phasogram)]);
  if (theta2 !== undefined) drawn.push(["theta2", () => theta2Panel(theta2)]);
  if (map !== undefined) {
    const [nx, ny] = map.geom.npix, height = Math.round(80 + 400 * ny / nx);
    const size = { width: 560, height: Math.min(900, Math.max(320, height)) };
    drawn.push(["map", () => countsMapPanel(map), size]);
  }
  return drawn.flatMap(([name, panel, size]) => {
    const svg = () => figure({ ...size, panels: [panel()] });
    return [
      { name: `${name}.svg`, bytes: () => utf8(svg()) },
      ...(png ? [{ name: `${name}.png`, bytes: () => renderPng(svg()) }] : []),
    ];
  });
}
