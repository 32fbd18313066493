import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { createRng } from "../../../src/numeric/mod.ts";
import { type FalseAlarmDetector, falseAlarmTable } from "../../../src/stats/mod.ts";
import { createFocusBank } from "../../../streams/accumulators/mod.ts";
import { calibrate, LEVELS, SHIPPED } from "../../_tools/calibrate_far.ts";

/** Mean expected counts between alarms of noise at some thresholds, each with its own resets. */
function simulated(
  thresholds: readonly number[],
  photons: number,
  rise: (channel: number, expected: number, b: number) => number,
  reset: (channel: number) => void,
): { mean: number; relError: number }[] {
  const rng = createRng("alarms of noise"), alarms = thresholds.map(() => 0);
  let b = 0;
  for (let i = 0; i < photons; i++) {
    const expected = rng.exponential();
    b += expected;
    thresholds.forEach((threshold, c) => {
      if (rise(c, expected, b) < threshold) return;
      alarms[c]!++;
      reset(c);
    });
  }
  return alarms.map((n) => ({ mean: b / n, relError: 1 / Math.sqrt(n) }));
}

Deno.test("falseAlarmTable() of FOCuS tells how often it gives an alarm and begins anew", () => {
  for (const muMin of [1.1, 2]) {
    const table = falseAlarmTable({ kind: "focus", muMin }), bank = createFocusBank({ muMin });
    const sigmas = [3, 3.1, 3.6, 4.1];
    const found = simulated(
      sigmas.map((s) => s * s / 2),
      1_000_000,
      (c, _, b) => bank.step(c, b, b),
      (c) => bank.reset(c),
    );
    found.forEach(({ mean, relError }, i) => {
      const { meanExpected, perExpected, relError: stated, extrapolated } = table.perExpected(
        sigmas[i]!,
      );
      // 4 σ: one failure in 2000 changes of the seed.
      ok(
        Math.abs(Math.log(mean / meanExpected)) < 4 * Math.hypot(relError, stated),
        `${sigmas[i]}`,
      );
      ok(stated < 0.05 && !extrapolated);
      ok(Math.abs(perExpected * meanExpected - 1) < 1e-14);
    });
  }
});

Deno.test("falseAlarmTable() of CUSUM tells how often it gives an alarm", () => {
  for (const mu of [1.5, 2, 4, 8]) {
    const table = falseAlarmTable({ kind: "cusum", mu }), sums = [0, 0, 0];
    const sigmas = [2.3, 2.7, 3.1];
    const found = simulated(
      sigmas.map((s) => s * s / 2),
      1_000_000,
      (c, expected) => sums[c] = Math.max(0, sums[c]! - (mu - 1) * expected) + Math.log(mu),
      (c) => sums[c] = 0,
    );
    found.forEach(({ mean, relError }, i) => {
      const { meanExpected } = table.perExpected(sigmas[i]!);
      ok(Math.abs(Math.log(mean / meanExpected)) < 4 * relError, `${mu}, ${sigmas[i]}`);
    });
    // Lorden's bound, and A ∝ e^h far from 0 (Siegmund's approximation for a walk with tilt 1).
    for (const h of [8, 16, 24]) {
      const at = (q: number) => table.perExpected(Math.sqrt(2 * q)).meanExpected;
      ok(at(h) >= Math.exp(h) / mu);
      ok(Math.abs(at(h + 8) / at(h) / Math.exp(8) - 1) < 0.03);
    }
  }
  // Siegmund's approximation near factor 1: the walk is nearly Gaussian there, A = (e^H − 1 − H)/I with
  // H = h + 1.166 σ, steps of mean −I and variance σ².
  const mu = 1.02, mean = mu - 1 - Math.log(mu), table = falseAlarmTable({ kind: "cusum", mu });
  for (const h of [2, 6, 12]) {
    const far = h + 1.166 * (mu - 1), wanted = (Math.exp(far) - 1 - far) / mean;
    const { meanExpected } = table.perExpected(Math.sqrt(2 * h));
    ok(Math.abs(meanExpected / wanted - 1) < 0.03, `${meanExpected} and ${wanted}`);
  }
});

const detectors: readonly FalseAlarmDetector[] = [
  ...[1.1, 1.25, 1.5, 2].map((muMin) => ({ kind: "focus" as const, muMin })),
  ...[0.1, 0.3, 1, 10, 100].map((perBin) => ({ kind: "focus" as const, perBin })),
  { kind: "cusum", mu: 1.5 },
  { kind: "cusum", mu: 8 },
];

Deno.test("falseAlarmTable() rises, and thresholdFor() is its inverse", () => {
  for (const detector of detectors) {
    const table = falseAlarmTable(detector), [low, high] = table.range;
    let last = 0;
    for (let s = low + 1e-6; s < high + 1; s += 0.031) {
      const { meanExpected, extrapolated, relError } = table.perExpected(s);
      ok(meanExpected > last, `${JSON.stringify(detector)} at ${s}`);
      last = meanExpected;
      strictEqual(extrapolated, s > high);
      ok(relError > 0);
      const back = table.thresholdFor(meanExpected);
      ok(Math.abs(back.significance - s) < 1e-9);
      if (Math.abs(s - high) > 1e-9) strictEqual(back.extrapolated, extrapolated);
    }
    ok(last > 1e12);
    ok(table.perExpected(high + 2).relError > table.perExpected(high).relError);
    strictEqual(table.perExpected(0).extrapolated, low > 0);
    ok(table.provenance.length > 20);
  }
});

Deno.test("falseAlarmTable() has relative errors of at most 5 % in its entries", () => {
  for (const muMin of [1.1, 1.25, 1.5, 2]) {
    for (const s of LEVELS) {
      ok(falseAlarmTable({ kind: "focus", muMin }).perExpected(s).relError < 0.05);
    }
  }
});

Deno.test("calibrate(): both samplings agree, and with what is shipped", () => {
  let n = 0;
  for (const { muMin, perBin } of SHIPPED.filter((_, i) => i === 0 || i === 3 || i === 5)) {
    const detector = { muMin, ...(perBin === undefined ? {} : { perBin }) };
    const { direct, tail } = calibrate(detector, { steps: 1e6, paths: 4000, seed: "test" });
    const table = falseAlarmTable({ kind: "focus", ...detector });
    LEVELS.forEach((s, l) => {
      // Below, where alarms are frequent, a few paths weigh most; there only cycles are used.
      if (s < 4) return;
      const shipped = Math.log(table.perExpected(s).meanExpected);
      const far = Math.log(tail.a[l]!) - shipped;
      ok(Math.abs(far) < 4.5 * tail.relError[l]!, `${muMin} ${perBin} tail at ${s}: ${far}`);
      if (!(direct.relError[l]! < 0.1)) return;
      const off = Math.log(direct.a[l]!) - shipped;
      ok(Math.abs(off) < 4.5 * direct.relError[l]!, `${muMin} ${perBin} direct at ${s}: ${off}`);
      const pull = (Math.log(tail.a[l]!) - Math.log(direct.a[l]!)) /
        Math.hypot(tail.relError[l]!, direct.relError[l]!);
      ok(Math.abs(pull) < 4, `${muMin} ${perBin} at ${s}: ${pull}`);
      n++;
    });
  }
  ok(n >= 5);
});

Deno.test("falseAlarmTable() refuses what was not calibrated", () => {
  throws(() => falseAlarmTable({ kind: "focus", muMin: 1.3 }), /1.1, .*1.25/);
  throws(() => falseAlarmTable({ kind: "focus", muMin: 2, perBin: 1 }), /in bins/);
  throws(() => falseAlarmTable({ kind: "focus", perBin: 0.01 }), /0.1 to 100/);
  throws(() => falseAlarmTable({ kind: "focus", perBin: 1000 }), /0.1 to 100/);
  throws(() => falseAlarmTable({ kind: "cusum", mu: 1 }), /above 1/);
  const table = falseAlarmTable({ kind: "focus" });
  throws(() => table.perExpected(-1), RangeError);
  throws(() => table.perExpected(NaN), RangeError);
  throws(() => table.thresholdFor(0), RangeError);
  deepStrictEqual(table.range, [3, 8]);
});
