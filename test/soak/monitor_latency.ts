/** How long an alert takes from its photons, at 100,000 events a second, and what memory it takes. */
import { createObsStart, type StreamItem } from "../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../src/events/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";
import { createEpoch } from "../../src/time/mod.ts";
import { transientSearch } from "../../streams/accumulators/mod.ts";
import { alertJournal, monitorView, runMonitor } from "../../streams/monitor/mod.ts";
import { alertOutbox, checkpointFolder } from "../../streams/sinks/mod.ts";
import { memoryItems, mergeSources, type StreamSource } from "../../streams/sources/mod.ts";

const SECONDS = 60, PER_S = 100_000, BATCH = 2000;
const epoch = createEpoch([60000, 0], "TT"), bands = [{ name: "all" }];

/** Events all over the sky as they would come: a batch each 20 ms of the clock, with three bursts a second. */
function paced(): StreamSource {
  const gti = createGti(epoch, Float64Array.of(0), Float64Array.of(SECONDS + 10));
  const start = createObsStart({ obsId: "1", epoch, gti });
  return {
    ...memoryItems([start]),
    async *items(): AsyncGenerator<StreamItem> {
      yield start;
      const rng = createRng(1), beginMs = performance.now();
      for (let row = 0; row < SECONDS * PER_S; row += BATCH) {
        const fromS = row / PER_S, timeS = new Float64Array(BATCH);
        const raDeg = new Float64Array(BATCH), decDeg = new Float64Array(BATCH);
        // Not in step with the states that are kept.
        const isBurst = fromS > 5 && fromS % 0.37 < 0.04;
        const raOfBurst = (Math.floor(fromS / 0.37) * 37) % 360;
        for (let i = 0; i < BATCH; i++) {
          timeS[i] = fromS + i / PER_S;
          const inBurst = isBurst && i % 50 === 0;
          raDeg[i] = inBurst ? raOfBurst : 360 * rng.uniform();
          decDeg[i] = inBurst ? 10 : Math.asin(2 * rng.uniform() - 1) * 180 / Math.PI;
        }
        const waitMs = beginMs + (fromS + BATCH / PER_S) * 1000 - performance.now();
        if (waitMs > 0) await new Promise<void>((wake) => setTimeout(wake, waitMs));
        yield createEventBatch({ timeS, raDeg, decDeg }, { obsId: "1", rowStart: row });
      }
    },
  };
}

const folder = await Deno.makeTempDir();
let nSent = 0, peak = 0;
const end = await runMonitor({
  source: mergeSources([{ source: paced() }]),
  detectors: {
    sky: transientSearch({
      cells: { kind: "healpix", nside: 64 },
      background: { method: "known", ratePerS: PER_S / 49152 },
      falseAlarmsPerYear: 1000,
    }),
  },
  order: { latenessS: 0, policy: "count" },
  curve: { bands, widthS: 1 },
  checkpoints: checkpointFolder(folder),
  journal: alertJournal(`${folder}/alerts.journal`),
  outbox: alertOutbox([{
    name: "counter",
    send: (messages) => Promise.resolve(void (nSent += messages.length)),
    close: () => Promise.resolve(),
  }]),
}, { onStep: () => peak = Math.max(peak, Deno.memoryUsage().rss) });
await Deno.remove(folder, { recursive: true });
const view = monitorView(end, {
  title: "",
  epoch,
  bands,
  sources: [],
  phase: "ended",
  nowUnixMs: Date.now(),
});
console.log(JSON.stringify({ nSent, peakMB: Math.round(peak / 1e6), ...view.health }, null, 1));
