import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { StreamItem } from "../../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../../src/events/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import {
  createShiryaevRoberts,
  cusum,
  expTest,
  fold,
  gtiClock,
  shiryaevRoberts,
  steadyClock,
} from "../../../streams/accumulators/mod.ts";
import { checkAccumulatorLaws } from "../../_tools/accumulator_laws.ts";
import { anyStream, EPOCH } from "../../_tools/event_arbitraries.ts";

const CASES = 10_000;
const gaps = createGti(EPOCH, Float64Array.of(0, 40, 70), Float64Array.of(25, 60, 1e6));
const clock = gtiClock([{ gti: gaps, deadTimeFraction: 0.1 }], EPOCH);
const batchOf = (timeS: ArrayLike<number>) => createEventBatch({ timeS: Float64Array.from(timeS) });

function timesOf(seed: number): number[] {
  const rng = createRng(`photons ${seed}`), times: number[] = [];
  for (let i = rng.integer(40), t = 0; i > 0; i--) {
    if (rng.uniform() < 0.85) t += rng.exponential(rng.uniform() < 0.3 ? 0.3 : 3);
    if (rng.uniform() < 0.1) t = Math.ceil(t);
    times.push(t);
  }
  return times;
}

const backgroundPerS = 0.4;
const expectedAt = (times: readonly number[]) => times.map((t) => backgroundPerS * clock.liveS(t));

Deno.test("cusum() gives the best of all windows for each factor", () => {
  const factors = [1.2, 2, 6], acc = cusum({ backgroundPerS, clock, factors });
  for (let seed = 0; seed < CASES; seed++) {
    const times = timesOf(seed), b = expectedAt(times);
    const found = acc.result(fold(acc, [batchOf(times)]));
    strictEqual(found.total, times.length);
    found.windows.forEach((one, j) => {
      const mu = factors[j]!;
      let best = 0, current = -Infinity;
      for (let to = 0; to < b.length; to++) {
        current = -Infinity;
        for (let from = 0; from <= to; from++) {
          const sum = (to - from + 1) * Math.log(mu) - (mu - 1) * (b[to]! - b[from]!);
          current = Math.max(current, sum);
        }
        best = Math.max(best, current);
      }
      ok(Math.abs(one.significance ** 2 / 2 - best) < 1e-11 * (1 + best), `seed ${seed}`);
      if (times.length === 0) return strictEqual(one.counts, 0);
      ok(Math.abs(one.current - current) < 1e-11);
      const inside = times.filter((t) => t >= one.onsetS && t <= one.endS);
      ok(one.counts <= inside.length && one.counts >= 1);
      const claimed = one.counts * Math.log(mu) - (mu - 1) * one.expected;
      ok(Math.abs(claimed - best) < 1e-11 * (1 + best));
    });
  }
});

Deno.test("shiryaevRoberts() is the sum of the likelihood ratios of all starts", () => {
  const factors = [1.2, 3], weights = [1, 3];
  const acc = shiryaevRoberts({ backgroundPerS, clock, factors, weights });
  for (let seed = 0; seed < CASES; seed++) {
    const times = timesOf(seed), b = expectedAt(times), n = times.length;
    const detector = createShiryaevRoberts({ factors, weights });
    const { logR, logRs } = acc.result(fold(acc, [batchOf(times)]));
    let last = -Infinity;
    for (let i = 1; i < n; i++) last = detector.step(b[i]! - b[i - 1]!);
    strictEqual(last, logR);
    deepStrictEqual(detector.logRs(), logRs);
    if (n < 2) continue;
    const sums = factors.map((mu) => {
      let sum = 0;
      for (let from = 0; from < n - 1; from++) {
        sum += mu ** (n - 1 - from) * Math.exp(-(mu - 1) * (b[n - 1]! - b[from]!));
      }
      return sum;
    });
    const wanted = Math.log(0.25 * sums[0]! + 0.75 * sums[1]!);
    ok(Math.abs(logR - wanted) < 1e-10, `seed ${seed}: ${logR}, ${wanted}`);
  }
});

Deno.test("createShiryaevRoberts() takes at least A photons of noise to an alarm at A", () => {
  const detector = createShiryaevRoberts(), rng = createRng("sr"), alarmAt = Math.log(300);
  const waits: number[] = [];
  for (let i = 0, since = 0; i < 1_000_000; i++) {
    since++;
    if (detector.step(rng.exponential()) < alarmAt) continue;
    waits.push(since);
    detector.reset();
    since = 0;
  }
  const mean = waits.reduce((a, b) => a + b, 0) / waits.length;
  ok(mean > 300 && mean < 900, `${mean}`);
  ok(waits.length > 1000);
});

Deno.test("shiryaevRoberts() survives what no number holds", () => {
  const acc = shiryaevRoberts({ backgroundPerS: 1, clock: steadyClock() });
  const burst = Array.from({ length: 5000 }, (_, i) => i * 1e-4);
  const state = fold(acc, [batchOf(burst)]);
  ok(acc.result(state).logR > 5000);
  fold(acc, [batchOf([1e9])], state);
  ok(Number.isFinite(acc.result(state).logR) && acc.result(state).logR < 0);
});

Deno.test("expTest() is normal for noise, and tells bursts from a higher rate", () => {
  const rng = createRng("exp"), options = { backgroundPerS: 1, clock: steadyClock() };
  const acc = expTest(options);
  const run = (spacing: () => number) => {
    let t = 0;
    return acc.result(fold(acc, [batchOf(Array.from({ length: 401 }, () => t += spacing()))]));
  };
  const all = Array.from({ length: 2000 }, () => run(() => rng.exponential()));
  for (const name of ["significance", "shapeSignificance"] as const) {
    const mean = all.reduce((s, one) => s + one[name], 0) / all.length;
    const variance = all.reduce((s, one) => s + one[name] ** 2, 0) / all.length;
    // 4 σ of 2000 normal numbers; the shape has a bias of the order 1/√n.
    ok(Math.abs(mean) < 0.16 && Math.abs(variance - 1) < 0.14, `${name}: ${mean}, ${variance}`);
  }
  const brighter = run(() => rng.exponential(0.6));
  ok(brighter.significance > 3 && Math.abs(brighter.shapeSignificance) < 3);
  const bursts = run(() => rng.exponential(rng.uniform() < 0.5 ? 0.2 : 1.8));
  ok(bursts.shapeSignificance > 5);
  strictEqual(run(() => 0.5).mean, 0.5);
  strictEqual(acc.result(acc.create()).n, 0);
});

Deno.test("cusum(), shiryaevRoberts() and expTest() keep the laws of accumulators", () => {
  const streams = anyStream({ sorted: true }), options = { backgroundPerS: 0.05, clock };
  const seen = (items: readonly StreamItem[]) =>
    items.reduce((n, item) => n + (item.kind === "batch" ? item.length : 0), 0);
  const conserves = {
    counted: ({ total, late }: { total: number; late: number }) => total + late,
    seen,
  };
  const sums = cusum(options), ratios = shiryaevRoberts(options), spacings = expTest(options);
  checkAccumulatorLaws(sums, streams, {
    conserves,
    others: [cusum({ ...options, factors: [2] }), ratios as never],
  });
  checkAccumulatorLaws(ratios, streams, {
    conserves,
    // ln R of long waits is the difference of many photons and much time.
    scale: (xs) => 100 * (1 + seen(xs)),
    others: [shiryaevRoberts({ ...options, weights: [1, 1, 1, 1, 1, 2] })],
  });
  checkAccumulatorLaws(spacings, streams, {
    scale: (xs) => 1 + seen(xs),
    others: [expTest({ ...options, backgroundPerS: 0.06 })],
  });
});

Deno.test("cusum(): merged parts give the windows of the whole to the bit", () => {
  const acc = cusum({ backgroundPerS, clock });
  for (let seed = 0; seed < CASES; seed++) {
    const times = timesOf(seed), rng = createRng(`cut ${seed}`), n = times.length;
    const [i, j] = [rng.integer(n + 1), rng.integer(n + 1)].sort((a, b) => a - b) as [
      number,
      number,
    ];
    const part = (from: number, to: number) => fold(acc, [batchOf(times.slice(from, to))]);
    const whole = acc.result(part(0, n)), middle = part(i, j), begin = part(0, i);
    acc.merge(middle, part(j, n));
    acc.merge(begin, middle);
    deepStrictEqual(acc.result(begin), whole, `seed ${seed}`);
  }
});

Deno.test("cusum() and its like refuse what cannot be", () => {
  throws(() => cusum({ backgroundPerS: 0, clock }), /rate above 0/);
  throws(() => cusum({ backgroundPerS: 1, clock, factors: [] }), /above 1/);
  throws(() => shiryaevRoberts({ backgroundPerS: 1, clock, factors: [1] }), /above 1/);
  throws(() => createShiryaevRoberts({ weights: [1] }), /one a factor/);
  throws(() => createShiryaevRoberts({ factors: [2], weights: [-1] }), /one a factor/);
  const acc = expTest({ backgroundPerS: 1, clock: steadyClock() });
  const late = fold(acc, [batchOf([10, 11])]);
  throws(() => acc.merge(late, fold(acc, [batchOf([1])])), /in order of time/);
  strictEqual(acc.result(fold(acc, [batchOf([5, NaN, 4, 6])])).late, 2);
});
