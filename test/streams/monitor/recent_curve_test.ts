/** The last bins of light curves: the laws of accumulators, and their live time. */
import { deepStrictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { createHeartbeat, createObsStart, type StreamItem } from "../../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../../src/events/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { fold } from "../../../streams/accumulators/mod.ts";
import { recentCurve } from "../../../streams/monitor/mod.ts";
import { checkAccumulatorLaws } from "../../_tools/accumulator_laws.ts";

const epoch = createEpoch([60000, 0], "TT");
const bands = [{ name: "all" }, { name: "high", energyTeV: [1, 10] as const }];

const anyItem: fc.Arbitrary<StreamItem> = fc.oneof(
  fc.array(
    fc.tuple(fc.integer({ min: 0, max: 400 }), fc.double({ min: 0.1, max: 20, noNaN: true })),
    {
      maxLength: 10,
    },
  ).map((events): StreamItem =>
    createEventBatch({
      timeS: Float64Array.from(events, ([t]) => t / 4),
      energyTeV: Float64Array.from(events, ([, e]) => e),
    })
  ),
  fc.integer({ min: 0, max: 60 }).map((startS): StreamItem =>
    createObsStart({
      obsId: "1",
      epoch,
      gti: createGti(epoch, Float64Array.of(startS), Float64Array.of(startS + 30)),
      deadTimeFraction: 0.5,
    })
  ),
);

Deno.test("recentCurve() keeps the laws of accumulators", () => {
  const options = { epoch, widthS: 2, originS: 1, bands };
  checkAccumulatorLaws(
    recentCurve({ ...options, nBins: 12 }),
    fc.array(anyItem, { maxLength: 8 }),
    {
      same(found, expected) {
        deepStrictEqual(found.counts, expected.counts);
        deepStrictEqual(found.before, expected.before);
        deepStrictEqual(found.bins, expected.bins);
        found.livetimeS.forEach((seconds, i) => {
          deepStrictEqual(Math.abs(seconds - expected.livetimeS[i]!) < 1e-9, true);
        });
      },
      conserves: {
        counted: ({ counts, before }) => counts[0]!.reduce((a, b) => a + b, 0) + before[0]!,
        seen: (items) =>
          items.reduce((n, item) => n + (item.kind === "batch" ? item.length : 0), 0),
      },
      others: [
        recentCurve({ ...options, nBins: 13 }),
        recentCurve({ ...options, widthS: 3, nBins: 12 }),
      ],
    },
  );
});

Deno.test("recentCurve() spreads live time over its bins, of good times and of heartbeats", () => {
  const curve = recentCurve({ epoch, widthS: 10, bands: [{ name: "all" }], nBins: 3 });
  const gti = createGti(epoch, Float64Array.of(5), Float64Array.of(1e9));
  const items: StreamItem[] = [
    createObsStart({ obsId: "1", epoch, gti, deadTimeFraction: 0.1 }),
    createEventBatch({ timeS: Float64Array.of(12, 25) }),
    createHeartbeat({ timeS: 29, fromS: 19, livetimeS: 5 }),
  ];
  const { bins, livetimeS, counts } = curve.result(fold(curve, items));
  deepStrictEqual(bins, [0, 1, 2]);
  deepStrictEqual(livetimeS.map((seconds) => Number(seconds.toFixed(9))), [4.5, 9.5, 13.5]);
  deepStrictEqual(counts, [[0, 1, 1]]);
  throws(() => recentCurve({ epoch, widthS: 0, bands }), RangeError);
  throws(() => recentCurve({ epoch, widthS: 1, bands: [] }), RangeError);
});
