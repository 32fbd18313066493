import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type { StreamItem } from "../../../src/data/mod.ts";
import { createEventBatch, createGti, type EventBatch } from "../../../src/events/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import {
  type Accumulator,
  focusBinned,
  type FocusResult,
  focusUnbinned,
  fold,
  gtiClock,
  type LiveClock,
  steadyClock,
} from "../../../streams/accumulators/mod.ts";
import { decodeSnapshot, encodeSnapshot } from "../../../streams/sinks/mod.ts";
import { checkAccumulatorLaws } from "../../_tools/accumulator_laws.ts";
import { anyStream, EPOCH } from "../../_tools/event_arbitraries.ts";

const CASES = 12_000;
const gaps = createGti(EPOCH, Float64Array.of(0, 40, 70), Float64Array.of(25, 60, 1e6));
const clocks: readonly LiveClock[] = [
  steadyClock(),
  steadyClock(0.7),
  gtiClock([{ gti: gaps, deadTimeFraction: 0.1 }], EPOCH),
];

interface Case {
  readonly timeS: Float64Array;
  readonly options: { backgroundPerS: number; clock: LiveClock; muMin: number };
  readonly binS: number;
}

/** Times at a random rate, some in a burst, some equal; rate, factor and clock at random. */
function caseOf(seed: number): Case {
  const rng = createRng(seed), n = rng.integer(40), perS = 10 ** (2 * rng.uniform() - 1.5);
  const times: number[] = [];
  let t = rng.uniform() < 0.2 ? -5 : 0;
  for (let i = 0; i < n; i++) {
    const speed = rng.uniform() < 0.3 ? 8 : 1;
    if (rng.uniform() < 0.85) t += rng.exponential(1 / (perS * speed));
    if (rng.uniform() < 0.1) t = Math.ceil(t);
    times.push(t);
  }
  return {
    timeS: Float64Array.from(times),
    options: {
      backgroundPerS: perS * [0.5, 1, 1.7][rng.integer(3)]!,
      clock: clocks[rng.integer(3)]!,
      muMin: [1, 1.1, 2][rng.integer(3)]!,
    },
    binS: [0.5, 3, 7.3][rng.integer(3)]!,
  };
}

/** 2 × max over μ ≥ μ_min of x ln μ − (μ − 1) b, from the definition. */
function twiceLogRatio(x: number, b: number, muMin: number): number {
  const mu = Math.max(muMin, x / b);
  return Math.max(0, 2 * (x * Math.log(mu) - (mu - 1) * b));
}

/** Every window between two points; it begins where the clock runs on, and where a start may be. */
function bruteForce(
  points: readonly { readonly b: number; readonly x: number; readonly isStart?: boolean }[],
  muMin: number,
): number {
  let best = 0;
  for (let i = 0; i < points.length; i++) {
    if (i + 1 < points.length && !(points[i + 1]!.b > points[i]!.b)) continue;
    if (points[i]!.isStart === false) continue;
    for (let j = i + 1; j < points.length; j++) {
      const x = points[j]!.x - points[i]!.x, b = points[j]!.b - points[i]!.b;
      best = Math.max(best, twiceLogRatio(x, b, muMin));
    }
  }
  return best;
}

function unbinnedBrute({ timeS, options: { backgroundPerS, clock, muMin } }: Case): number {
  const points = Array.from(timeS, (t, i) => ({ b: backgroundPerS * clock.liveS(t), x: i + 1 }));
  return bruteForce(points, muMin);
}

function binnedBrute({ timeS, binS, options: { backgroundPerS, clock, muMin } }: Case): number {
  if (timeS.length === 0) return 0;
  const first = Math.floor(timeS[0]! / binS), last = Math.floor(timeS.at(-1)! / binS);
  const points = [];
  for (let bin = first; bin <= last + 1; bin++) {
    const edgeS = bin * binS;
    const before = timeS.filter((t) => t < edgeS).length;
    // Only where events come while the clock stands still is a bin without any a start of its own.
    const isStart = timeS.some((t) => t >= edgeS && t < (bin + 1) * binS);
    points.push({ b: backgroundPerS * clock.liveS(edgeS), x: before, isStart });
  }
  return bruteForce(points, muMin);
}

const batchOf = (timeS: Float64Array): EventBatch => createEventBatch({ timeS: timeS.slice() });

// deno-lint-ignore no-explicit-any -- either state
type Focus = Accumulator<StreamItem, any, FocusResult>;
const both = ({ options, binS }: Case): [string, Focus][] => [
  ["unbinned", focusUnbinned(options) as Focus],
  ["binned", focusBinned({ ...options, binS }) as Focus],
];

/** What a result says of its window holds together. */
function checkWindow(found: FocusResult, one: Case, isBinned: boolean): void {
  const { significance, onsetS, endS, counts, expected } = found, { clock, muMin } = one.options;
  if (significance === 0) return;
  const claimed = Math.sqrt(twiceLogRatio(counts, expected, muMin));
  ok(Math.abs(claimed - significance) < 1e-6 + 1e-9 * significance);
  const inside = one.timeS.filter((t) => t >= onsetS && (isBinned ? t < endS : t <= endS));
  strictEqual(counts, inside.length);
  if (!isBinned) return;
  const live = clock.liveS(endS) - clock.liveS(onsetS);
  ok(Math.abs(one.options.backgroundPerS * live - expected) < 1e-9 * (1 + expected));
}

Deno.test("focusUnbinned() and focusBinned() find what all windows give", () => {
  let found = 0;
  for (let seed = 0; seed < CASES; seed++) {
    const one = caseOf(seed), wanted = { unbinned: unbinnedBrute(one), binned: binnedBrute(one) };
    for (const [name, focus] of both(one)) {
      const result = focus.result(fold(focus, [batchOf(one.timeS)]));
      const brute = wanted[name as keyof typeof wanted];
      ok(
        Math.abs(result.significance ** 2 - brute) < 1e-9 * (1 + brute),
        `${name} of seed ${seed}: ${result.significance ** 2} is not ${brute}`,
      );
      checkWindow(result, one, name === "binned");
      strictEqual(result.total, one.timeS.length);
      found += +(brute > 0);
    }
  }
  ok(found > CASES);
});

Deno.test("focus: merged parts give the window of the whole to the bit", () => {
  for (let seed = 0; seed < CASES; seed++) {
    const one = caseOf(seed), rng = createRng(`cut ${seed}`), n = one.timeS.length;
    const [i, j] = [rng.integer(n + 1), rng.integer(n + 1)].sort((a, b) => a - b) as [
      number,
      number,
    ];
    for (const [name, focus] of both(one)) {
      const part = (from: number, to: number) => fold(focus, [batchOf(one.timeS.slice(from, to))]);
      const whole = focus.result(part(0, n));
      const left = part(0, i), right = part(j, n), tail = part(i, j);
      focus.merge(left, tail);
      focus.merge(left, right);
      deepStrictEqual(focus.result(left), whole, `(xy)z, ${name}, seed ${seed}`);
      const middle = part(i, j), begin = part(0, i);
      focus.merge(middle, part(j, n));
      focus.merge(begin, middle);
      deepStrictEqual(focus.result(begin), whole, `x(yz), ${name}, seed ${seed}`);
      const two = part(0, i);
      focus.merge(two, part(i, n));
      deepStrictEqual(focus.result(two), whole, `two parts, ${name}, seed ${seed}`);
    }
  }
});

Deno.test("focus: goes on from a snapshot, also from its bytes, to the bit", () => {
  const rng = createRng(5), n = 20_000, timeS = new Float64Array(n);
  for (let i = 1; i < n; i++) timeS[i] = timeS[i - 1]! + rng.exponential(0.1);
  const options = { backgroundPerS: 9.7, clock: clocks[0]!, muMin: 1.1 };
  for (const [name, focus] of both({ timeS, options, binS: 0.3 })) {
    const never = fold(focus, [batchOf(timeS)]);
    for (let k = 0; k < 200; k++) {
      const cut = rng.integer(n + 1), first = fold(focus, [batchOf(timeS.slice(0, cut))]);
      const snapshot = focus.snapshot(first);
      const stored = k % 2 === 0
        ? structuredClone(snapshot)
        : decodeSnapshot(encodeSnapshot({ k }, snapshot), "test").snapshot;
      const gone = fold(focus, [batchOf(timeS.slice(cut))], focus.restore(stored));
      deepStrictEqual(focus.snapshot(gone), focus.snapshot(never), `${name}, cut ${cut}`);
    }
  }
});

Deno.test("focus: any cut into batches gives the same bits", () => {
  for (let seed = 0; seed < 2000; seed++) {
    const one = caseOf(seed), rng = createRng(`batches ${seed}`);
    for (const [, focus] of both(one)) {
      const batches: EventBatch[] = [];
      for (let at = 0; at < one.timeS.length;) {
        const next = at + rng.integer(6);
        batches.push(batchOf(one.timeS.slice(at, next)));
        at = next;
      }
      const whole = fold(focus, [batchOf(one.timeS)]);
      deepStrictEqual(focus.snapshot(fold(focus, batches)), focus.snapshot(whole));
    }
  }
});

Deno.test("focusUnbinned() and focusBinned() keep the laws of accumulators", () => {
  const streams = anyStream({ sorted: true });
  for (const muMin of [1, 1.1]) {
    const options = { backgroundPerS: 0.05, clock: clocks[2]!, muMin };
    const unbinned = focusUnbinned(options), binned = focusBinned({ ...options, binS: 10 });
    const conserves = {
      counted: ({ total, late }: FocusResult) => total + late,
      seen: (items: readonly StreamItem[]) =>
        items.reduce((n, item) => n + (item.kind === "batch" ? item.length : 0), 0),
    };
    checkAccumulatorLaws(unbinned, streams, {
      others: [binned, focusUnbinned({ ...options, muMin: 1.3 })],
      conserves,
    });
    checkAccumulatorLaws(binned, streams, { others: [unbinned], conserves });
  }
});

Deno.test("focus: late photons and such without a time are counted, and change nothing else", () => {
  const times = [NaN, 10, 20, Infinity, 19, 30, NaN, -Infinity, 31, 32, 3, 33, 90];
  const inOrder = [10, 20, 30, 31, 32, 33, 90];
  const options = { backgroundPerS: 0.1, clock: steadyClock() };
  for (const focus of [focusUnbinned(options), focusBinned({ ...options, binS: 0.5 })] as Focus[]) {
    const found = focus.result(fold(focus, [batchOf(Float64Array.from(times))]));
    const wanted = focus.result(fold(focus, [batchOf(Float64Array.from(inOrder))]));
    deepStrictEqual(found, { ...wanted, late: 6 });
  }
});

Deno.test("focus: refuses to merge a part that is earlier, and leaves the state alone", () => {
  const options = { backgroundPerS: 0.1, clock: steadyClock() };
  for (const focus of [focusUnbinned(options), focusBinned({ ...options, binS: 0.5 })] as Focus[]) {
    const late = fold(focus, [batchOf(Float64Array.of(10, 11, 12))]);
    const early = fold(focus, [batchOf(Float64Array.of(1, 2))]), before = focus.snapshot(late);
    throws(() => focus.merge(late, early), /in order of time/);
    deepStrictEqual(focus.snapshot(late), before);
  }
});

Deno.test("focus: equal times make no window of their own", () => {
  const focus = focusUnbinned({ backgroundPerS: 1, clock: steadyClock() });
  const found = focus.result(fold(focus, [batchOf(Float64Array.of(5, 5, 5, 5))]));
  strictEqual(found.significance, 0);
  const next = focus.result(fold(focus, [batchOf(Float64Array.of(4, 5, 5, 5, 5))]));
  strictEqual(next.counts, 4);
  strictEqual(next.expected, 1);
});

Deno.test("focus: finds a planted flare where it is", () => {
  const rng = createRng(11), times: number[] = [];
  for (let t = rng.exponential(1 / 3); t < 3000; t += rng.exponential(1 / 3)) times.push(t);
  for (let k = 0; k < 120; k++) times.push(1200 + 25 * rng.uniform());
  const timeS = Float64Array.from(times).sort(), options = { backgroundPerS: 3, clock: clocks[0]! };
  for (const focus of [focusUnbinned(options), focusBinned({ ...options, binS: 1 })] as Focus[]) {
    const found = focus.result(fold(focus, [batchOf(timeS)]));
    ok(found.significance > 8, `${found.significance}`);
    ok(Math.abs(found.onsetS - 1200) < 3 && Math.abs(found.endS - 1225) < 3);
    ok(Math.abs(found.counts - (120 + 75)) < 45);
  }
});

Deno.test("focus: the hulls stay small over a million events without a flare", () => {
  const rng = createRng(3), options = { backgroundPerS: 100, clock: steadyClock() };
  for (const focus of [focusUnbinned(options), focusBinned({ ...options, binS: 0.1 })] as Focus[]) {
    const state = focus.create();
    let most = 0, t = 0;
    for (let k = 0; k < 100; k++) {
      const timeS = new Float64Array(10_000);
      for (let i = 0; i < timeS.length; i++) timeS[i] = t += rng.exponential(0.01);
      focus.add(state, batchOf(timeS));
      const { segment } = state as { segment: { nStarts: number; nEnds: number } };
      most = Math.max(most, segment.nStarts + segment.nEnds);
    }
    ok(most < 80, `${most} points`);
    ok(focus.result(state).significance < 6.5);
  }
});

Deno.test("focus: a time beyond what bins can tell apart is late, not endless", () => {
  const focus = focusBinned({ backgroundPerS: 1, clock: steadyClock(), binS: 1e-3 });
  strictEqual(focus.result(fold(focus, [batchOf(Float64Array.of(1, 1e300))])).late, 1);
});

Deno.test("focus: refuses rates, factors and bins that cannot be", () => {
  const clock = steadyClock();
  for (const backgroundPerS of [0, -1, NaN, Infinity]) {
    throws(() => focusUnbinned({ backgroundPerS, clock }), RangeError);
  }
  throws(() => focusUnbinned({ backgroundPerS: 1, clock, muMin: 0.9 }), RangeError);
  throws(() => focusBinned({ backgroundPerS: 1, clock, binS: 0 }), RangeError);
  fc.assert(fc.property(fc.double({ min: 1, max: 10, noNaN: true }), (muMin) => {
    strictEqual(focusUnbinned({ backgroundPerS: 1, clock, muMin }).order, "time");
  }));
});
