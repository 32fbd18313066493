/**
 * Benches of the stream kernels. `deno bench test/bench/streams_bench.ts`, or, for ns an event as the
 * best of 7 after 40 for warm-up beside a calibration loop, `deno run test/bench/streams_bench.ts --best`.
 *
 * What writes new columns has two speeds, about 9 ns an event apart: with memory that the allocator
 * has at hand, and with pages that are new to the process (see minor faults in /proc/self/stat).
 */
import { from } from "rxjs";
import { createObsStart, type StreamItem } from "../../src/data/mod.ts";
import { createEventBatch, type EventBatch, type EventColumns } from "../../src/events/mod.ts";
import { createWcsGeom } from "../../src/maps/mod.ts";
import { createMapAxis, logEdges } from "../../src/nddata/mod.ts";
import { createRegion, regionSelector } from "../../src/sky/mod.ts";
import { createEpoch } from "../../src/time/mod.ts";
import {
  countsMap,
  countsSpectrum,
  fold,
  phaseSums,
  phasogram,
  zip,
} from "../../streams/accumulators/mod.ts";
import {
  accumulate,
  assignPhase,
  orderByTime,
  rebatch,
  selectEnergy,
  selectPhase,
  selectRegion,
  selectTime,
  spinPhase,
} from "../../streams/operators/mod.ts";
import { mulberry32 } from "../_tools/mulberry32.ts";

const N = 1 << 20, center = { lonDeg: 83.633, latDeg: 22.014 };
const epoch = createEpoch([53343, 0.0007428703703703703], "TT");
const start = createObsStart({ obsId: "1", epoch });
const model = {
  f0Hz: 29.8003951530036,
  f1HzPerS: -3.73414e-10,
  epoch: createEpoch([53340, 0], "TT"),
};

/** Events uniform over 5° × 5° and 0.1 to 100 TeV in log E, ascending in time over 28 min runs. */
function makeColumns(): Required<
  Pick<EventColumns, "timeS" | "energyTeV" | "raDeg" | "decDeg" | "eventId">
> {
  const random = mulberry32(1), cosine = Math.cos(center.latDeg * Math.PI / 180);
  const column = (make: (i: number) => number) =>
    Float64Array.from({ length: N }, (_, i) => make(i));
  return {
    timeS: column((i) => (i + random()) * 20000 / N),
    energyTeV: column(() => 10 ** (-1 + 3 * random())),
    raDeg: column(() => center.lonDeg + (random() - 0.5) * 5 / cosine),
    decDeg: column(() => center.latDeg + (random() - 0.5) * 5),
    eventId: BigInt64Array.from({ length: N }, (_, i) => BigInt(i)),
  };
}
const columns = makeColumns();
/** An order that no branch predictor knows, for a cut in time of one half. */
const shuffled = { ...columns, timeS: columns.timeS.slice() };
for (let i = N - 1, random = mulberry32(2); i > 0; i--) {
  const j = Math.floor(random() * (i + 1)), t = shuffled.timeS[i]!;
  shuffled.timeS[i] = shuffled.timeS[j]!;
  shuffled.timeS[j] = t;
}

function cut(all: EventColumns, size: number): EventBatch[] {
  const batches: EventBatch[] = [];
  for (let at = 0; at < N; at += size) {
    const part = Object.fromEntries(
      Object.entries(all).map(([name, column]) => [name, column!.slice(at, at + size)]),
    );
    batches.push(createEventBatch(part as unknown as EventColumns, { obsId: "1" }));
  }
  return batches;
}
const large = cut(columns, 65536), mixed = cut(shuffled, 65536);
/** The columns that the pipe of operators needs: a source reads no others. */
const { eventId: _eventId, ...needed } = columns;
const small = cut(needed, 4096);

const circle = createRegion({ kind: "circle", frame: "icrs", ...center, radiusDeg: 0.5 });
const select = regionSelector(circle), chosen = new Uint32Array(65536);
const cube = countsMap({
  geom: createWcsGeom({ skydir: center, proj: "TAN", binszDeg: 0.01, npix: [500, 500] }),
  axes: [{
    column: "energyTeV",
    axis: createMapAxis("energy", logEdges({ low: 0.1, high: 100, nBins: 20 }), {
      unit: "TeV",
      interp: "log",
    }),
  }],
});
const profile = phasogram(64), sums = phaseSums();
const spectrum = countsSpectrum(logEdges({ low: 0.1, high: 100, nBins: 20 }));
const zipped = zip({ cube, spectrum });
const both = zip({
  map: countsMap({
    geom: createWcsGeom({ skydir: center, proj: "TAN", binszDeg: 0.02, npix: [250, 250] }),
  }),
  spectrum,
});
const wide = createRegion({ kind: "circle", frame: "icrs", ...center, radiusDeg: 2.5 });
const half = 10 ** 0.5, epochS = { hi: -259200 + 64.184, lo: 0 };
const phased = large.map((batch) =>
  createEventBatch({ ...batch.columns, phase: spinPhase(batch.columns.timeS, model, epochS) })
);

/** Runs items through operators; what comes out is counted so that none of it is for nothing. */
function through(items: readonly StreamItem[], operator: ReturnType<typeof selectEnergy>): number {
  let n = 0;
  from(items).pipe(operator).subscribe((item) => n += item.kind === "batch" ? item.length : 0);
  return n;
}

const state = {
  cube: cube.create(),
  profile: profile.create(),
  sums: sums.create(),
  both: both.create(),
  zipped: zipped.create(),
};

const CASES: { readonly name: string; readonly goalNs?: number; readonly run: () => unknown }[] = [
  {
    name: "selectEnergy, 5 columns, 50 %, batches of 65536",
    goalNs: 6,
    run: () => through(large, selectEnergy({ lowTeV: half })),
  },
  {
    name: "selectTime, 5 columns, 50 %, shuffled, batches of 65536",
    goalNs: 6,
    run: () => through(mixed, selectTime({ startS: 10000 })),
  },
  {
    name: "circle of 0.5 deg, indices only",
    goalNs: 15,
    run() {
      let n = 0;
      for (const { columns: { raDeg, decDeg }, length } of large) {
        n += select(raDeg!, decDeg!, length, chosen);
      }
      return n;
    },
  },
  {
    name: "selectRegion, circle of 0.5 deg",
    goalNs: 15,
    run: () => through(large, selectRegion(circle)),
  },
  { name: "countsMap 500 x 500 x 20 TAN", goalNs: 45, run: () => fold(cube, large, state.cube) },
  {
    name: "spinPhase + phasogram of 64 bins",
    goalNs: 5,
    run() {
      for (const { columns: { timeS } } of large) {
        const phase = spinPhase(timeS, model, epochS);
        profile.add(state.profile, createEventBatch({ timeS, phase }));
      }
      return state.profile;
    },
  },
  { name: "assignPhase", run: () => through([start, ...large], assignPhase(model)) },
  { name: "phaseSums, 20 harmonics", run: () => fold(sums, phased, state.sums) },
  {
    name: "orderByTime of ordered events, lateness 1 s",
    run: () => through([start, ...large], orderByTime({ latenessS: 1 })),
  },
  { name: "rebatch 4096 to 65536", run: () => through(small, rebatch(65536)) },
  {
    name: "five operators, batches of 4096, 20 % to map and spectrum",
    goalNs: 17,
    run() {
      let used: unknown;
      from<StreamItem[]>([start, ...small]).pipe(
        selectEnergy({ lowTeV: half }), // 50 %
        selectTime({ startS: 1000, stopS: 11200 }), // 51 %
        assignPhase(model),
        selectRegion(wide), // 79 %
        accumulate(both, { state: state.both }),
      ).subscribe((state) => used = state);
      return used;
    },
  },
  {
    name: "six operators, also selectPhase, to cube and spectrum",
    run() {
      let used: unknown;
      from<StreamItem[]>([start, ...small]).pipe(
        selectEnergy({ lowTeV: half }),
        selectTime({ startS: 1000, stopS: 19000 }),
        assignPhase(model),
        selectPhase([[0.1, 0.67]]),
        selectRegion(wide),
        accumulate(zipped, { state: state.zipped }),
      ).subscribe((state) => used = state);
      return used;
    },
  },
];

/** Best of 7 after 40 for warm-up, ns for each of n. */
function bestNs(n: number, run: () => unknown): number {
  for (let k = 0; k < 40; k++) run();
  let best = Infinity;
  for (let k = 0; k < 7; k++) {
    const before = performance.now();
    run();
    best = Math.min(best, performance.now() - before);
  }
  return best * 1e6 / n;
}

if (Deno.args.includes("--best")) {
  const x = new Float64Array(1e7).fill(1.5), y = new Float64Array(1e7).fill(0.5);
  const calibration = () => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]! + 1;
    return sum;
  };
  console.log(`calibration, x y + 1 summed: ${bestNs(1e7, calibration).toFixed(2)} ns`);
  for (const { name, goalNs, run } of CASES) {
    const goal = goalNs === undefined ? "" : ` (goal ${goalNs})`;
    console.log(`${name}: ${bestNs(N, run).toFixed(1)} ns an event${goal}`);
  }
} else {
  for (const { name, run } of CASES) Deno.bench(`${name}, 2^20 events`, () => void run());
}
