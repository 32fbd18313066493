/**
 * A stream of any length through selections, map, spectrum, light curve, phasogram and FOCuS in
 * memory that does not grow.
 * Usage: deno run -A test/soak/endless.ts [events=100000000]
 */
import { pipe } from "rxjs";
import { createObsStart, type StreamItem } from "../../src/data/mod.ts";
import { createEventBatch } from "../../src/events/mod.ts";
import { createWcsGeom } from "../../src/maps/mod.ts";
import { logEdges } from "../../src/nddata/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";
import {
  account,
  countsMap,
  countsSpectrum,
  focusUnbinned,
  lightCurve,
  phasogram,
  steadyClock,
  zip,
} from "../../streams/accumulators/mod.ts";
import { drain } from "../../streams/engines/mod.ts";
import { accumulate, assignPhase, selectEnergy, selectTime } from "../../streams/operators/mod.ts";
import { createEpoch } from "../../src/time/mod.ts";

const EPOCH = createEpoch([60310, 0], "TT"), BATCH = 65536, PER_S = 1000;

/** Events at 1000 a second, without end but for their number; made one batch at a time. */
async function* endless(nEvents: number): AsyncGenerator<StreamItem> {
  const rng = createRng("endless");
  yield createObsStart({ obsId: "1", epoch: EPOCH, pointing: { raDeg: 80, decDeg: 20 } });
  let t = 0;
  for (let row = 0; row < nEvents; row += BATCH) {
    const n = Math.min(BATCH, nEvents - row);
    const timeS = new Float64Array(n), energyTeV = new Float64Array(n);
    const raDeg = new Float64Array(n), decDeg = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      timeS[i] = t += rng.exponential(1 / PER_S);
      energyTeV[i] = 0.1 / (1 - 0.999 * rng.uniform());
      raDeg[i] = 79 + 2 * rng.uniform();
      decDeg[i] = 19 + 2 * rng.uniform();
    }
    const fields = { obsId: "1", rowStart: row, watermarkS: t };
    yield createEventBatch({ timeS, energyTeV, raDeg, decDeg }, fields);
  }
}

/** What a run came to. */
export interface EndlessReport {
  readonly read: number;
  readonly used: number;
  readonly seconds: number;
  /** Resident memory after each tenth, bytes. */
  readonly rssBytes: readonly number[];
  readonly curveBins: number;
  readonly sigma: number;
}

/** Streams so many events. */
export async function runEndless(
  nEvents: number,
  report: (tenth: number, rssBytes: number) => void = () => {},
): Promise<EndlessReport> {
  const low = 0.15, used = (0.1 / low - 0.001) / 0.999;
  const geom = createWcsGeom({
    skydir: { lonDeg: 80, latDeg: 20 },
    proj: "TAN",
    binszDeg: 0.05,
    widthDeg: 2,
  });
  const wanted = zip({
    account: account(),
    map: countsMap({ geom }),
    spectrum: countsSpectrum(logEdges({ low: 0.1, high: 100, nBins: 30 })),
    curve: lightCurve({ epoch: EPOCH, widthS: 1 }),
    phasogram: phasogram(20),
    focus: focusUnbinned({ backgroundPerS: PER_S * used, clock: steadyClock() }),
  });
  const startMs = performance.now(), rssBytes: number[] = [];
  let rows = 0;
  const state = await drain(
    endless(nEvents),
    pipe(
      selectTime({ startS: 0, stopS: 1e12 }),
      selectEnergy({ lowTeV: low }),
      assignPhase({ f0Hz: 11.2, epoch: EPOCH }),
      accumulate(wanted),
    ),
    {
      afterItem(item) {
        if (item.kind !== "batch") return;
        rows = item.rowStop;
        if (rows < (rssBytes.length + 1) / 10 * nEvents) return;
        rssBytes.push(Deno.memoryUsage().rss);
        report(rssBytes.length, rssBytes.at(-1)!);
      },
    },
  );
  const { account: kept, focus, curve } = wanted.result(state);
  return {
    read: kept.read,
    used: kept.used,
    seconds: (performance.now() - startMs) / 1000,
    rssBytes,
    curveBins: curve.counts.length,
    sigma: focus.significance,
  };
}

if (import.meta.main) {
  const nEvents = Number(Deno.args[0] ?? 1e8);
  const { seconds, rssBytes, sigma, used, curveBins } = await runEndless(
    nEvents,
    (tenth, rss) => console.log(`${10 * tenth} %: ${(rss / 2 ** 20).toFixed(1)} MiB`),
  );
  const warm = rssBytes.slice(2), growth = Math.max(...warm) / warm[0]! - 1;
  console.log(
    `${nEvents} events (${used} used) in ${seconds.toFixed(1)} s, ` +
      `${(nEvents / seconds / 1e6).toFixed(2)} million/s; light curve of ${curveBins} bins; ` +
      `brightest window ${sigma.toFixed(2)} σ; memory grew by ${(100 * growth).toFixed(1)} % ` +
      `after 30 %`,
  );
  Deno.exitCode = growth < 0.1 ? 0 : 1;
}
