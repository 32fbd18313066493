/**
 * Photon in, result out: a stream played at the pace of its photons through FOCuS and the account.
 * Usage: deno run -A test/soak/latency.ts [eventsPerS=100000] [seconds=5]
 */
import { pipe } from "rxjs";
import { createObsEnd, createObsStart, type StreamItem } from "../../src/data/mod.ts";
import { createEventBatch } from "../../src/events/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";
import { createEpoch } from "../../src/time/mod.ts";
import {
  account,
  focusUnbinned,
  lightCurve,
  steadyClock,
  zip,
} from "../../streams/accumulators/mod.ts";
import { drain } from "../../streams/engines/mod.ts";
import { accumulate, selectEnergy } from "../../streams/operators/mod.ts";
import { memoryItems, replay } from "../../streams/sources/mod.ts";

const EPOCH = createEpoch([60310, 0], "TT"), BATCH_S = 0.005;

function itemsOf(perS: number, seconds: number): StreamItem[] {
  const rng = createRng("latency"), items: StreamItem[] = [];
  items.push(createObsStart({ obsId: "1", epoch: EPOCH, startS: 0 }));
  for (let k = 0, row = 0; k < seconds / BATCH_S; k++) {
    const n = rng.poisson(perS * BATCH_S);
    const timeS = new Float64Array(n).map(() => BATCH_S * (k + rng.uniform())).sort();
    const energyTeV = new Float64Array(n).map(() => 0.1 / (1 - 0.999 * rng.uniform()));
    const watermarkS = BATCH_S * (k + 1);
    items.push(createEventBatch({ timeS, energyTeV }, { obsId: "1", rowStart: row, watermarkS }));
    row += n;
  }
  items.push(createObsEnd("1"));
  return items;
}

/**
 * Latencies of all batches, ms, ascending: from the moment of the oldest photon to the result. A tick is
 * added, which a telescope would have to wait for the other photons of the batch.
 */
export async function latencies(perS: number, seconds: number): Promise<Float64Array> {
  const wanted = zip({
    account: account(),
    focus: focusUnbinned({ backgroundPerS: perS, clock: steadyClock() }),
    curve: lightCurve({ epoch: EPOCH, widthS: 0.1 }),
  });
  // The first look at the clock is when the first photon is let out.
  let zeroS = NaN, streamS = NaN;
  const clockS = () => {
    const nowS = performance.now() / 1000;
    if (Number.isNaN(zeroS)) zeroS = nowS;
    return nowS;
  };
  const source = replay(memoryItems(itemsOf(perS, seconds)), { speed: 1, tickS: BATCH_S, clockS });
  const found: number[] = [], state = wanted.create();
  await drain(
    source.items(),
    pipe(selectEnergy({ lowTeV: 0.1 }), accumulate(wanted, { state })),
    {
      afterItem(item) {
        if (item.kind !== "batch" || item.length === 0) return;
        wanted.result(state);
        const oldestS = item.columns.timeS[0]!;
        if (Number.isNaN(streamS)) streamS = oldestS;
        found.push(1000 * (performance.now() / 1000 - zeroS - (oldestS - streamS) + BATCH_S));
      },
    },
  );
  return Float64Array.from(found).sort();
}

if (import.meta.main) {
  const perS = Number(Deno.args[0] ?? 1e5), seconds = Number(Deno.args[1] ?? 5);
  const all = await latencies(perS, seconds);
  const at = (p: number) => all[Math.min(all.length - 1, Math.floor(p * all.length))]!;
  console.log(
    `${perS} events/s for ${seconds} s: p50 ${at(0.5).toFixed(2)} ms, p99 ${
      at(0.99).toFixed(2)
    } ms, worst ${at(1).toFixed(2)} ms`,
  );
  Deno.exitCode = at(0.99) <= 20 ? 0 : 1;
}
