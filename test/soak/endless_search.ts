/**
 * A search for transients in a stream of any length: its memory does not grow, each flare is found, noise gives
 * no alert.
 *
 *     deno run -q -P=test test/soak/endless_search.ts [photons=1000000000]
 */
import { createObsStart, type StreamItem } from "../../src/data/mod.ts";
import { createEventBatch } from "../../src/events/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";
import { createEpoch } from "../../src/time/mod.ts";
import { transientSearch } from "../../streams/accumulators/mod.ts";
import { drain } from "../../streams/engines/mod.ts";
import { accumulate } from "../../streams/operators/mod.ts";
import { encodeSnapshot } from "../../streams/sinks/mod.ts";

const EPOCH = createEpoch([60310, 0], "TT"), BATCH = 65536, PER_S = 1000, TENTHS = 10;
/** What the process may take; 1e9 photons are 24 GB. */
const MOST_BYTES = 2 ** 28;
/** Photons of a flare, their mean distance in time, and when in a tenth it begins. */
const FLARE = { photons: 100, stepS: 0.3, after: 0.5 } as const;

interface Flare {
  readonly onsetS: number;
  readonly raDeg: number;
  readonly decDeg: number;
}

/** Photons of the whole sky, made one batch at a time; a flare in each tenth. */
async function* endless(nPhotons: number, flares: Flare[]): AsyncGenerator<StreamItem> {
  const rng = createRng("endless search"), cosDec = () => 2 * rng.uniform() - 1;
  const decDeg = () => Math.asin(cosDec()) * 180 / Math.PI;
  yield createObsStart({ obsId: "1", epoch: EPOCH });
  let t = 0, flare: Flare | undefined, left = 0, nextS = 0;
  for (let row = 0; row < nPhotons; row += BATCH) {
    const n = Math.min(BATCH, nPhotons - row);
    const timeS = new Float64Array(n), ra = new Float64Array(n), dec = new Float64Array(n);
    if (row >= (flares.length + FLARE.after) * nPhotons / TENTHS) {
      flare = { onsetS: t, raDeg: 360 * rng.uniform(), decDeg: decDeg() };
      flares.push(flare);
      left = FLARE.photons;
      nextS = t;
    }
    for (let i = 0, noiseS = t + rng.exponential(1 / PER_S); i < n; i++) {
      const isFlare = flare !== undefined && left > 0 && nextS < noiseS;
      timeS[i] = t = isFlare ? nextS : noiseS;
      ra[i] = isFlare ? flare!.raDeg : 360 * rng.uniform();
      dec[i] = isFlare ? flare!.decDeg : decDeg();
      if (isFlare) {
        left--;
        nextS += rng.exponential(FLARE.stepS);
      } else noiseS += rng.exponential(1 / PER_S);
    }
    yield createEventBatch(
      { timeS, raDeg: ra, decDeg: dec },
      { obsId: "1", rowStart: row, watermarkS: t },
    );
  }
}

const nPhotons = Number(Deno.args[0] ?? 1e9);
const search = transientSearch({
  cells: { kind: "healpix", nside: 8 },
  background: { method: "running", windowS: 400, guardS: 60 },
  falseAlarmsPerYear: 0.1,
});
const flares: Flare[] = [], stateBytes: number[] = [], startMs = performance.now();
let mostRss = 0;
const state = search.create();
await drain(endless(nPhotons, flares), accumulate(search, { state }), {
  afterItem(item) {
    if (item.kind !== "batch") return;
    const { rss } = Deno.memoryUsage();
    mostRss = Math.max(mostRss, rss);
    if (item.rowStop < (stateBytes.length + 1) / TENTHS * nPhotons) return;
    stateBytes.push(encodeSnapshot({}, search.snapshot(state)).length);
    console.log(
      `${10 * stateBytes.length} %: state ${(stateBytes.at(-1)! / 1e6).toFixed(3)} MB, ` +
        `process ${(rss / 2 ** 20).toFixed(1)} MiB`,
    );
  },
});
const seconds = (performance.now() - startMs) / 1000;
const { alerts, counts, expectedFalseAlarms, livetimeS } = search.result(state);
const initial = alerts.map(({ alert }) => alert).filter(({ phase }) => phase === "initial");
const found = flares.filter(({ onsetS }) =>
  initial.some((alert) => Math.abs(alert.onset.timeS - onsetS) < 10)
);
const warm = stateBytes.slice(2), growth = Math.max(...warm) / warm[0]! - 1;
console.log(
  `${counts.seen} photons, ${(livetimeS / 86400).toFixed(1)} d, in ${seconds.toFixed(0)} s, ` +
    `${(1e9 * seconds / nPhotons).toFixed(0)} ns a photon with their making`,
);
console.log(
  `${found.length} of ${flares.length} flares found, ${initial.length} alerts, ` +
    `${expectedFalseAlarms.toFixed(4)} false ones expected; the state grew by ` +
    `${(100 * growth).toFixed(1)} % after 30 %, the process took at most ` +
    `${(mostRss / 2 ** 20).toFixed(0)} MiB`,
);
const isGood = growth < 0.1 && mostRss < MOST_BYTES && found.length === TENTHS &&
  initial.length === TENTHS &&
  counts.seen === nPhotons;
if (!isGood) {
  console.log("FAILED");
  Deno.exit(1);
}
