import fc from "fast-check";
import type { StreamItem } from "../../../src/data/mod.ts";
import { createWcsGeom } from "../../../src/maps/mod.ts";
import { createMapAxis, linearEdges, logEdges } from "../../../src/nddata/mod.ts";
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
} from "../../../streams/accumulators/mod.ts";
import { checkAccumulatorLaws } from "../../_tools/accumulator_laws.ts";
import {
  anyStream,
  CENTER,
  columnOf,
  countEvents,
  EPOCH,
  rowsRead,
} from "../../_tools/event_arbitraries.ts";

const streams = anyStream();
const sum = (list: ArrayLike<number>) => Array.from(list).reduce((a, b) => a + b, 0);
/** Σ|x| of a column of numbers, those that are none left out. */
const sizeOf = (items: readonly StreamItem[], name: string) =>
  sum(columnOf(items, name).map((x) => Number.isFinite(Number(x)) ? Math.abs(Number(x)) : 0));

Deno.test("account() keeps the laws of accumulators", () => {
  checkAccumulatorLaws(account(), streams, {
    others: [exposureSum(), countsSpectrum([1, 2])],
    conserves: { counted: ({ read }) => read, seen: rowsRead },
  });
});

Deno.test("eventStatistics() keeps the laws of accumulators", () => {
  const names = ["timeS", "energyTeV", "eventId", "piChannel"];
  checkAccumulatorLaws(eventStatistics(names), streams, {
    scale: (xs) => Math.max(...names.map((name) => sizeOf(xs, name))),
    others: [eventStatistics()],
    conserves: {
      counted: ({ count, columns: { piChannel } }) =>
        count - count + (piChannel?.count ?? 0) + (piChannel?.nNaN ?? 0),
      seen: countEvents,
    },
  });
});

Deno.test("countsSpectrum() keeps the laws of accumulators", () => {
  checkAccumulatorLaws(countsSpectrum([0.1, 1, 10]), streams, {
    others: [countsSpectrum([0.1, 1, 11])],
    conserves: {
      counted: ({ counts, underflow, overflow }) => sum(counts) + underflow + overflow,
      seen: countEvents,
    },
  });
});

Deno.test("exposureSum() keeps the laws of accumulators", () => {
  checkAccumulatorLaws(exposureSum(), streams, { others: [account()] });
});

for (
  const [what, options] of [
    ["one level", { widthS: 7.3, originS: 1 }],
    ["bins on edges", { widthS: 10 }],
    ["so few bins that they are joined", { widthS: 0.01, maxBins: 1 }],
    ["so few bins that they are joined, origin aside", { widthS: 0.3, originS: 500, maxBins: 1 }],
  ] as const
) {
  Deno.test(`lightCurve() keeps the laws of accumulators: ${what}`, () => {
    checkAccumulatorLaws(lightCurve({ epoch: EPOCH, ...options }), streams, {
      others: [lightCurve({ epoch: EPOCH, ...options, widthS: 3 })],
      conserves: {
        counted: ({ counts, nWithoutTime }) => sum(counts) + nWithoutTime,
        seen: countEvents,
      },
    });
  });
}

Deno.test("theta2Histogram() keeps the laws of accumulators", () => {
  const options = { ...CENTER, edgesDeg2: [0.01, 0.25, 1, 9] };
  checkAccumulatorLaws(theta2Histogram(options), streams, {
    others: [theta2Histogram({ ...options, raDeg: 1 })],
    conserves: {
      counted: ({ counts, underflow, overflow }) => sum(counts) + underflow + overflow,
      seen: countEvents,
    },
  });
});

const geom = createWcsGeom({
  skydir: { lonDeg: CENTER.raDeg, latDeg: CENTER.decDeg },
  proj: "TAN",
  binszDeg: 0.5,
  npix: [7, 5],
});
const axes = [
  { column: "timeS", axis: createMapAxis("time", [0, 100, 700, 1000], { unit: "s" }) },
  { column: "phase", axis: createMapAxis("phase", linearEdges({ low: 0, high: 1, nBins: 3 })) },
  {
    column: "energyTeV",
    axis: createMapAxis("energy", logEdges({ low: 0.1, high: 10, nBins: 4 }), {
      unit: "TeV",
      interp: "log",
    }),
  },
  { column: "piChannel", axis: createMapAxis("pi", [0, 700, 1500]) },
];
for (const sparse of [false, true]) {
  for (const weighted of [false, true]) {
    const what = `${sparse ? "sparse" : "dense"}, ${weighted ? "weighted" : "counts"}`;
    Deno.test(`countsMap() keeps the laws of accumulators: ${what}`, () => {
      const acc = countsMap({ geom, axes, sparse, weighted });
      checkAccumulatorLaws(acc, streams, {
        others: [
          countsMap({ geom, axes, sparse: !sparse, weighted }),
          countsMap({ geom, axes, sparse, weighted: !weighted }),
          countsMap({ geom, axes: axes.slice(1), sparse, weighted }),
        ],
        ...(weighted ? {} : {
          conserves: {
            counted: ({ values, outside }) =>
              sum(values.data as Float64Array) + sum(Object.values(outside)),
            seen: countEvents,
          },
        }),
        numRuns: 40,
      });
    });
  }
}

for (const weighted of [false, true]) {
  const what = weighted ? "weighted" : "counts";
  Deno.test(`phasogram() keeps the laws of accumulators: ${what}`, () => {
    checkAccumulatorLaws(phasogram(49, { weighted }), streams, {
      others: [phasogram(49, { weighted: !weighted }), phasogram(50, { weighted })],
      conserves: { counted: ({ counts, outside }) => sum(counts) + outside, seen: countEvents },
    });
  });
  Deno.test(`phaseSums() keeps the laws of accumulators: ${what}`, () => {
    checkAccumulatorLaws(phaseSums({ maxHarmonic: 6, weighted }), streams, {
      scale: (xs) => countEvents(xs),
      others: [phaseSums({ maxHarmonic: 6, weighted: !weighted }), phaseSums({ weighted })],
      conserves: { counted: ({ n, outside }) => n + outside, seen: countEvents },
    });
  });
}

Deno.test("phaseogram() keeps the laws of accumulators", () => {
  const options = { edgesS: [-100, 0, 350.5, 1000], nPhaseBins: 49 };
  checkAccumulatorLaws(phaseogram(options), streams, {
    others: [phaseogram({ ...options, nPhaseBins: 48 })],
    conserves: {
      counted: ({ counts, outside }) => sum(counts.data) + outside,
      seen: countEvents,
    },
  });
});

const parts = () => ({
  account: account(),
  spectrum: countsSpectrum([0.1, 1, 10]),
  curve: lightCurve({ epoch: EPOCH, widthS: 50 }),
  sums: phaseSums({ maxHarmonic: 3, weighted: true }),
});

Deno.test("zip() keeps the laws of accumulators", () => {
  checkAccumulatorLaws(zip(parts()), streams, {
    scale: countEvents,
    conserves: { counted: (result) => result.account.read, seen: rowsRead },
    numRuns: 40,
  });
});

Deno.test("keyedBy() keeps the laws of accumulators", () => {
  const byType = {
    name: "eventType",
    keysOf: (batch: { columns: { eventType?: Uint32Array } }) => batch.columns.eventType!,
  };
  const byPhase = {
    name: "phase",
    keysOf: (batch: { columns: { phase?: Float64Array } }) =>
      batch.columns.phase!.map((x) => Math.floor(x * 3)),
  }; // NaN is a key
  for (const keys of [byType, byPhase]) {
    checkAccumulatorLaws(keyedBy(zip(parts()), keys), streams, {
      scale: countEvents,
      others: [keyedBy(account(), keys), keyedBy(zip(parts()), { ...keys, name: "other" })],
      conserves: {
        counted: (result) => sum([...result.values()].map((one) => one.account.used)),
        seen: countEvents,
      },
      numRuns: 30,
    });
  }
});

for (
  const [what, options] of [
    ["tumbling", { widthS: 100 }],
    ["sliding", { widthS: 100, stepS: 25, originS: 3 }],
    ["steps that are no binary fractions", { widthS: 0.9, stepS: 0.3 }],
  ] as const
) {
  Deno.test(`windowed() keeps the laws of accumulators: ${what}`, () => {
    const perWindow = "stepS" in options ? Math.round(options.widthS / options.stepS) : 1;
    checkAccumulatorLaws(windowed(zip(parts()), options), anyStream({ finiteTimes: true }), {
      scale: countEvents,
      others: [windowed(zip(parts()), { widthS: 10 }), windowed(account(), options)],
      conserves: {
        counted: (windows) => sum(windows.map(({ result }) => result.account.used)) / perWindow,
        seen: countEvents,
      },
      numRuns: 8,
    });
  });
}

Deno.test("windowed() of windowed() and keyedBy() keeps the laws of accumulators", () => {
  const byType = keyedBy(account(), {
    name: "eventType",
    keysOf: (batch) => batch.columns.eventType!,
  });
  checkAccumulatorLaws(windowed(byType, { widthS: 200 }), streams, { numRuns: 20 });
  checkAccumulatorLaws(windowed(windowed(account(), { widthS: 10 }), { widthS: 200 }), streams, {
    numRuns: 20,
  });
});

Deno.test("an empty stream has a result that a snapshot keeps", () => {
  checkAccumulatorLaws(zip({}), fc.constant<StreamItem[]>([]), { numRuns: 1 });
});
