import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { createEventBatch } from "../../../src/events/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import {
  createFocusBank,
  type FocusBank,
  focusUnbinned,
  fold,
  restoreFocusBank,
  steadyClock,
} from "../../../streams/accumulators/mod.ts";

const CASES = 12_000;

interface Case {
  readonly lambda: Float64Array;
  readonly x: Float64Array;
  readonly muMin: number;
}

/** Expected counts at photons, some in a burst, some at one time, some two at once. */
function caseOf(seed: number, single = false): Case {
  const rng = createRng(`bank ${seed}`), n = rng.integer(40);
  const lambda = new Float64Array(n), x = new Float64Array(n);
  let at = rng.uniform() < 0.3 ? 0 : 100 * rng.uniform();
  for (let i = 0; i < n; i++) {
    if (rng.uniform() < 0.85) at += rng.exponential(rng.uniform() < 0.3 ? 0.1 : 1);
    if (rng.uniform() < 0.1) at = Math.ceil(at);
    lambda[i] = at;
    x[i] = single || rng.uniform() < 0.8 ? 1 : rng.integer(4);
  }
  return { lambda, x, muMin: [1, 1.1, 1.5, 2][rng.integer(4)]! };
}

/** The best of all windows after a photon that end with photon j. */
function bruteForce({ lambda, x, muMin }: Case, j: number): number {
  let best = 0, counts = x[j]!;
  for (let i = j - 1; i >= 0; counts += x[i]!, i--) {
    if (!(lambda[i + 1]! > lambda[i]!)) continue;
    const b = lambda[j]! - lambda[i]!, mu = Math.max(muMin, counts / b);
    const value = counts * Math.log(mu) - (mu - 1) * b;
    best = Math.max(best, value);
  }
  return best;
}

const sumOf = (x: Float64Array) => x.reduce((a, b) => a + b, 0);

Deno.test("createFocusBank() gives the best of all windows that end now", () => {
  let found = 0;
  for (let seed = 0; seed < CASES; seed++) {
    const one = caseOf(seed), { lambda, x, muMin } = one, bank = createFocusBank({ muMin });
    for (let j = 0; j < lambda.length; j++) {
      const value = bank.step(5, lambda[j]!, j, x[j]!), brute = bruteForce(one, j);
      ok(Math.abs(value - brute) <= 1e-11 * (1 + brute), `seed ${seed}, ${j}: ${value}, ${brute}`);
      if (brute === 0) continue;
      found++;
      const { startB, startX, onsetS, counts, expected } = bank.window;
      strictEqual(expected, lambda[j]! - startB);
      strictEqual(counts, sumOf(x.subarray(0, j + 1)) - startX);
      strictEqual(startB, lambda[onsetS - 1]!);
      // Where two windows are as good as each other, either may be told.
      const mu = Math.max(muMin, counts / expected);
      ok(Math.abs(counts * Math.log(mu) - (mu - 1) * expected - brute) <= 1e-11 * (1 + brute));
    }
  }
  ok(found > 5 * CASES);
});

Deno.test("createFocusBank() has as its best what focusUnbinned() finds", () => {
  for (let seed = 0; seed < CASES; seed++) {
    const { lambda, muMin } = caseOf(seed, true), bank = createFocusBank({ muMin });
    const focus = focusUnbinned({ backgroundPerS: 1, clock: steadyClock(), muMin });
    const wanted = focus.result(fold(focus, [createEventBatch({ timeS: lambda.slice() })]));
    let best = 0, window = {};
    for (const timeS of lambda) {
      const value = bank.step(0, timeS, timeS);
      if (value <= best) continue;
      best = value;
      const { onsetS, expected, counts } = bank.window;
      window = { onsetS, expected, counts, endS: timeS };
    }
    strictEqual(Math.sqrt(2 * best), wanted.significance, `seed ${seed}`);
    if (best === 0) continue;
    const { onsetS, expected, counts, endS } = wanted;
    deepStrictEqual(window, { onsetS, expected, counts, endS }, `seed ${seed}`);
  }
});

/** Photons of many channels at random, in bursts now and then. */
function* photons(seed: number, n: number, channels: number): Generator<[number, number]> {
  const rng = createRng(seed);
  for (let i = 0, b = 0; i < n; i++) {
    b += rng.exponential(1 / channels);
    yield [rng.uniform() < 0.1 ? 3 : rng.integer(channels), b];
  }
}

Deno.test("createFocusBank() keeps channels apart", () => {
  const channels = 60, bank = createFocusBank();
  const alone = Array.from({ length: channels }, () => createFocusBank());
  for (const [channel, b] of photons(1, 50_000, channels)) {
    const value = bank.step(channel, b, b);
    strictEqual(value, alone[channel]!.step(0, b, b));
    if (value > 0) deepStrictEqual({ ...bank.window }, { ...alone[channel]!.window });
    strictEqual(bank.nStarts(channel), alone[channel]!.nStarts(0));
    if (value > 8) [bank, alone[channel]!].forEach((one, i) => one.reset(i === 0 ? channel : 0));
  }
});

Deno.test("createFocusBank() without what is of no interest gives the same above it", () => {
  for (const ignoreBelow of [0.5, 2, 3]) {
    const all = createFocusBank(), some = createFocusBank({ ignoreBelow });
    let reached = 0;
    for (const [channel, b] of photons(2, 50_000, 20)) {
      const value = all.step(channel, b, b), other = some.step(channel, b, b);
      if (value > ignoreBelow ** 2 / 2) {
        reached++;
        strictEqual(other, value);
        deepStrictEqual({ ...some.window }, { ...all.window });
      } else strictEqual(other, 0);
    }
    ok(reached > 100);
  }
});

Deno.test("createFocusBank() after a reset is as new after the last photon", () => {
  const bank = createFocusBank(), fresh = createFocusBank(), times = [0, 1, 1.1, 1.2, 1.3];
  for (const t of times) bank.step(9, t, t);
  bank.reset(9);
  strictEqual(bank.nStarts(9), 0);
  fresh.step(9, 1.3, 1.3);
  for (const t of [1.5, 1.6, 3, 3.1, 8]) strictEqual(bank.step(9, t, t), fresh.step(9, t, t));
  createFocusBank().reset(7);
});

Deno.test("restoreFocusBank() goes on to the bit, and shares nothing", () => {
  const all = [...photons(4, 20_000, 40)], rng = createRng(8);
  const run = (bank: FocusBank, from: number, to: number) =>
    all.slice(from, to).map(([channel, b]) => bank.step(channel, b, b));
  const never = createFocusBank({ ignoreBelow: 1 }), values = run(never, 0, all.length);
  for (let k = 0; k < 30; k++) {
    const cut = rng.integer(all.length + 1), first = createFocusBank({ ignoreBelow: 1 });
    run(first, 0, cut);
    const snapshot = first.snapshot(), copy = structuredClone(snapshot);
    const again = restoreFocusBank(snapshot);
    snapshot.starts.fill(7);
    snapshot.lastB.fill(7);
    deepStrictEqual(first.snapshot(), copy);
    deepStrictEqual(run(again, cut, all.length), values.slice(cut));
    deepStrictEqual(again.snapshot(), never.snapshot());
  }
  throws(() => restoreFocusBank({ ...never.snapshot(), x: new Float64Array(1) }), TypeError);
});

Deno.test("createFocusBank() needs little memory, and says when it forgets", () => {
  const bank = createFocusBank(), rng = createRng(6);
  let most = 0;
  for (let i = 0, b = 0; i < 1_000_000; i++) {
    bank.step(0, b += rng.exponential(), b);
    most = Math.max(most, bank.nStarts(0));
  }
  ok(most < 32 && bank.dropped() === 0, `${most}`);
  // A rate that rises and rises leaves all starts in place.
  const rising = createFocusBank({ maxStarts: 4 }), wide = createFocusBank();
  let value = 0, whole = 0;
  for (let i = 0; i < 30; i++) {
    const b = 1 - 0.8 ** i;
    value = rising.step(0, b, i);
    whole = wide.step(0, b, i);
  }
  strictEqual(rising.nStarts(0), 4);
  strictEqual(rising.dropped() + 4, wide.nStarts(0));
  ok(value > 0 && value <= whole);
  for (let c = 0; c < 1000; c++) rising.step(c, 1 + c, c);
  ok(rising.memoryBytes() < 1000 * 500);
});

Deno.test("createFocusBank() refuses what cannot be", () => {
  throws(() => createFocusBank({ muMin: 0.9 }), /muMin/);
  throws(() => createFocusBank({ maxStarts: 5 }), /power of two/);
  throws(() => createFocusBank({ maxStarts: 2 }), /power of two/);
  throws(() => createFocusBank({ ignoreBelow: NaN }), /ignoreBelow/);
  const bank = createFocusBank();
  bank.step(1, 5, 5);
  throws(() => bank.step(1, 4.9, 6), /never fall/);
  throws(() => bank.step(1, NaN, 6), /never fall/);
  throws(() => bank.step(2, NaN, 6), /finite/);
  throws(() => bank.step(-1, 5, 5), /whole number/);
  throws(() => bank.step(0.5, 5, 5), /whole number/);
  strictEqual(bank.nStarts(1), 0);
  strictEqual(bank.nStarts(12345), 0);
});
