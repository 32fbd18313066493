/**
 * The demo: a field with a pulsar that flares, made on the spot, streamed once through all
 * accumulators, with a live line on the terminal, a summary and a picture.
 *
 * Usage: deno task demo [--seed N] [--out DIR]
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pipe } from "rxjs";
import { writeFileAtomic } from "../src/fits/mod.ts";
import { createWcsGeom } from "../src/maps/mod.ts";
import { linearEdges, logEdges } from "../src/nddata/mod.ts";
import {
  countsMapPanel,
  figure,
  lightCurvePanel,
  phasogramPanel,
  renderPng,
  spectrumPanel,
} from "../src/plot/mod.ts";
import { createRegion, worldToPixel } from "../src/sky/mod.ts";
import { hTest, rayleighTest } from "../src/stats/mod.ts";
import {
  account,
  countsMap,
  countsSpectrum,
  eventStatistics,
  exposureSum,
  keyedBy,
  lightCurve,
  phaseogram,
  phaseSums,
  phasogram,
  theta2Histogram,
  windowed,
  zip,
} from "../streams/accumulators/mod.ts";
import { drain } from "../streams/engines/mod.ts";
import { accumulate, assignPhase, progress, selectRegion, tee } from "../streams/operators/mod.ts";
import { madeItems, TRUTH } from "./made_events.ts";

const { values: flags } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    out: { type: "string", default: "out/demo" },
  },
});
const seed = Number(flags.seed);
if (!Number.isInteger(seed)) {
  console.error(`demo: --seed is a whole number, found "${flags.seed}"`);
  Deno.exit(2);
}
const startMs = performance.now();
const { epoch, source, flare, pulse } = TRUTH;
const position = { raDeg: source.lonDeg, decDeg: source.latDeg };
const radiusDeg = 0.18;
const geom = createWcsGeom({ skydir: source, proj: "TAN", binszDeg: 0.04, widthDeg: 4 });
const energyEdges = logEdges({ low: 0.1, high: 100, nBins: 24 });

/** What the whole field goes through. */
const field = zip({
  account: account(),
  events: eventStatistics(),
  exposure: exposureSum(),
  map: countsMap({ geom }),
  theta2: theta2Histogram({
    ...position,
    edgesDeg2: linearEdges({ low: 0, high: 0.2, nBins: 20 }),
  }),
  perMinute: windowed(account(), { widthS: 60 }),
});
/** What the events around the source go through, beside it. */
const onSource = zip({
  account: account(),
  spectrum: countsSpectrum(energyEdges),
  curve: lightCurve({ epoch, widthS: 20 }),
  phasogram: phasogram(30),
  phaseogram: phaseogram({
    edgesS: linearEdges({ low: 0, high: 1800, nBins: 6 }),
    nPhaseBins: 20,
  }),
  sums: phaseSums(),
  byDecade: keyedBy(account(), {
    name: "decade of energy",
    keysOf: (batch) => batch.columns.energyTeV!.map((e) => Math.floor(Math.log10(e))),
  }),
});

let on = onSource.create();
const region = createRegion({ kind: "circle", frame: "icrs", ...source, radiusDeg });
const branch = pipe(
  selectRegion(region),
  assignPhase({ f0Hz: pulse.f0Hz, epoch }),
  accumulate(onSource),
);

const isTerminal = Deno.stderr.isTerminal(),
  write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
let shownMs = -Infinity;
const state = await drain(
  ReadableStream.from(madeItems(seed)),
  pipe(
    progress(({ events, timeS }) => {
      if (!isTerminal || performance.now() - shownMs < 50) return;
      shownMs = performance.now();
      write(`\r\x1b[2K${events} events, ${timeS.toFixed(0)} s of the stream`);
    }),
    tee(branch, (done) => on = done),
    accumulate(field),
  ),
);
if (isTerminal) write("\r\x1b[2K");

const all = field.result(state), near = onSource.result(on);
const h = hTest(near.sums), rayleigh = rayleighTest(near.sums);
const flareRate = rateIn(flare.startS, flare.stopS), quietRate = rateIn(1200, 1780);
const rows: readonly (readonly [string, string])[] = [
  ["seed", String(seed)],
  [
    "observations",
    `${all.exposure.nObservations}, live time ${all.exposure.livetimeS.toFixed(1)} s`,
  ],
  ["events", `${all.account.used} used of ${all.account.read} read`],
  ["busiest minute", `${Math.max(...all.perMinute.map((one) => one.result.used))} events`],
  [
    `within ${radiusDeg} deg`,
    `${near.account.used}, rejected ${near.account.rejected["cut:region"]}`,
  ],
  ["θ² < 0.01 deg²", `${all.theta2.counts[0]} events (0.19 to 0.20: ${all.theta2.counts[19]})`],
  ["by decade of energy", [...near.byDecade].map(([d, one]) => `10^${d}: ${one.used}`).join(", ")],
  ["rate in the flare", `${flareRate.toFixed(1)} /s, after it ${quietRate.toFixed(1)} /s`],
  ["H test", `${h.h.toFixed(1)} at harmonic ${h.harmonic}, ln p = ${h.logP.toFixed(1)}`],
  ["Rayleigh test", `${rayleigh.value.toFixed(1)}, ln p = ${rayleigh.logP.toFixed(1)}`],
];

/** Events a second of live time in [fromS, toS), from the light curve. */
function rateIn(fromS: number, toS: number): number {
  const { edgesS, counts, livetimeS } = near.curve;
  let n = 0, live = 0;
  for (let i = 0; i < counts.length; i++) {
    if (edgesS[i]! < fromS || edgesS[i + 1]! > toS) continue;
    n += counts[i]!;
    live += livetimeS[i]!;
  }
  return n / live;
}

const { x, y } = worldToPixel(geom.wcs, source);
const svg = figure({
  width: 1000,
  height: 760,
  columns: 2,
  panels: [
    countsMapPanel(all.map, {
      title: "Counts map",
      marks: [{ kind: "circle", x, y, radius: radiusDeg / 0.04, color: "#56b4e9" }],
    }),
    lightCurvePanel(near.curve, {
      title: "Light curve of the source, the flare marked",
      marks: [{ kind: "span", axis: "x", from: flare.startS, to: flare.stopS, color: "#e69f00" }],
    }),
    spectrumPanel(near.spectrum, { title: "Counts spectrum of the source" }),
    phasogramPanel(near.phasogram, { title: `Phasogram, H = ${h.h.toFixed(0)}` }),
  ],
});
await Deno.mkdir(flags.out, { recursive: true });
await writeFileAtomic(join(flags.out, "demo.svg"), new TextEncoder().encode(svg));
await writeFileAtomic(join(flags.out, "demo.png"), await renderPng(svg, { scale: 1.5 }));
for (const [what, value] of rows) console.log(`${what.padEnd(20)} ${value}`);
console.log(`${"pictures".padEnd(20)} ${flags.out}/demo.svg ${flags.out}/demo.png`);
console.log(`${"took".padEnd(20)} ${((performance.now() - startMs) / 1000).toFixed(2)} s`);
