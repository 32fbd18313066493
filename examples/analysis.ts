/**
 * An analysis script: event lists in, spectrum, light curve, counts map and θ² out, in one pass.
 *
 * Usage: deno task examples [FILE or FOLDER …]
 *
 * Without an argument it simulates a data store and reads that.
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
  simulatedSource,
  theta2Histogram,
  writeDataStore,
  zip,
} from "../streams/mod.ts";
import {
  countsMapPanel,
  createWcsGeom,
  encodeFits,
  figure,
  irfHdus,
  lightCurvePanel,
  linearEdges,
  logEdges,
  mapHdus,
  spectrumPanel,
  theta2Panel,
  writeFileAtomic,
} from "../mod.ts";

import { FIELD, IRFS, STEADY } from "./field.ts";

const out = "out/analysis";
await Deno.mkdir(out, { recursive: true });
const places = Deno.args.length > 0 ? Deno.args : [await makeDataStore()];

// 1. The source tells where its times count from, and where the telescopes looked.
const source = await openSource(places);
const center = source.pointing ?? STEADY;

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
    raDeg: STEADY.raDeg,
    decDeg: STEADY.decDeg,
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
  encodeFits(mapHdus(map)),
);
console.log(`${out}/analysis.svg, ${out}/map.fits`);

/** Writes a simulated data store, a file an observation. */
async function makeDataStore(): Promise<string> {
  const folder = join(out, "store");
  await writeDataStore(simulatedSource(FIELD, { seed: 1 }).items(), {
    folder,
    telescope: FIELD.telescope,
    irfs: irfHdus(IRFS, { trueRangeTeV: FIELD.trueRangeTeV, maxOffsetDeg: 3 }),
    object: STEADY.name,
  });
  return folder;
}
