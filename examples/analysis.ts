/**
 * An analysis script: event lists in, spectrum, light curve, counts map and θ² out, in one pass.
 *
 * Usage: deno task examples [FILE or FOLDER …]
 *
 * Without an argument it makes two event lists of its own and reads those.
 */
import { join } from "node:path";
import { pipe } from "rxjs";
import {
  account,
  accumulate,
  countsMap,
  countsSpectrum,
  drain,
  exposureSum,
  lightCurve,
  openSource,
  selectEnergy,
  selectOffset,
  theta2Histogram,
  zip,
} from "../streams/mod.ts";
import {
  concatBatches,
  countsMapPanel,
  createWcsGeom,
  encodeFits,
  type EventBatch,
  figure,
  gadfHdus,
  lightCurvePanel,
  linearEdges,
  logEdges,
  mapHdus,
  spectrumPanel,
  theta2Panel,
  writeFileAtomic,
} from "../mod.ts";
import { madeItems, TRUTH } from "./made_events.ts";

const out = "out/analysis";
await Deno.mkdir(out, { recursive: true });
const places = Deno.args.length > 0 ? Deno.args : await makeEventLists();

// 1. The source tells where its times count from, and where the telescopes looked.
const source = await openSource(places);
const center = source.pointing ?? { raDeg: TRUTH.source.lonDeg, decDeg: TRUTH.source.latDeg };

// 2. What is wanted of the stream.
const wanted = zip({
  account: account(),
  exposure: exposureSum(),
  spectrum: countsSpectrum(logEdges({ low: 0.1, high: 100, nBins: 24 })),
  curve: lightCurve({ epoch: source.epoch, originS: source.startS, widthS: 60 }),
  map: countsMap({
    geom: createWcsGeom({
      skydir: { lonDeg: center.raDeg, latDeg: center.decDeg },
      proj: "TAN",
      binszDeg: 0.05,
      widthDeg: 4,
    }),
  }),
  theta2: theta2Histogram({
    raDeg: TRUTH.source.lonDeg,
    decDeg: TRUTH.source.latDeg,
    edgesDeg2: linearEdges({ low: 0, high: 0.2, nBins: 20 }),
  }),
});

// 3. One pass: operators, then the accumulators.
const state = await drain(
  source.items(),
  pipe(selectEnergy({ lowTeV: 0.3 }), selectOffset({ maxDeg: 2.5 }), accumulate(wanted)),
);
const { account: kept, exposure, spectrum, curve, map, theta2 } = wanted.result(state);

// 4. Results.
console.log(`${exposure.nObservations} observations, live time ${exposure.livetimeS.toFixed(1)} s`);
console.log(`${kept.used} events of ${kept.read}; left out: ${JSON.stringify(kept.rejected)}`);
const svg = figure({
  width: 1000,
  height: 760,
  columns: 2,
  panels: [
    countsMapPanel(map),
    lightCurvePanel(curve),
    spectrumPanel(spectrum),
    theta2Panel(theta2),
  ],
});
await writeFileAtomic(join(out, "analysis.svg"), new TextEncoder().encode(svg));
await writeFileAtomic(
  join(out, "map.fits"),
  encodeFits(mapHdus({ geom: map.geom, axes: [], data: map.data })),
);
console.log(`${out}/analysis.svg, ${out}/map.fits`);

/** Writes the made events as event lists, a file an observation. */
async function makeEventLists(): Promise<string[]> {
  const paths: string[] = [], items = [...madeItems(1)];
  for (const start of items) {
    if (start.kind !== "obs-start") continue;
    const batches = items.filter((item): item is EventBatch =>
      item.kind === "batch" && item.obsId === start.obsId
    );
    const path = join(out, `run_${start.obsId}.fits`);
    const hdus = gadfHdus(concatBatches(batches), {
      obsId: start.obsId,
      gti: start.gti!,
      deadTimeFraction: start.deadTimeFraction,
      pointing: start.pointing!,
      telescope: "SIM",
      object: "made pulsar",
    });
    await writeFileAtomic(path, encodeFits(hdus));
    paths.push(path);
  }
  return paths;
}
