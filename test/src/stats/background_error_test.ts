import { ok, strictEqual, throws } from "node:assert/strict";
import { createRng } from "../../../src/numeric/mod.ts";
import { backgroundErrorFactor, falseAlarmTable } from "../../../src/stats/mod.ts";
import { createFocusBank } from "../../../streams/accumulators/mod.ts";

/** Alarms per expected count where each channel estimates its rate from so many counts. */
function simulated(
  { muMin, significance, counts, length }: {
    readonly muMin: number;
    readonly significance: number;
    readonly counts: number;
    readonly length: number;
  },
  channels: number,
): number {
  const rng = createRng(`estimated ${muMin} ${counts}`), threshold = significance ** 2 / 2;
  let alarms = 0, expected = 0;
  for (let channel = 0; channel < channels; channel++) {
    // The true rate, given the counts: gamma, by the waiting time of so many photons.
    let wait = 0;
    for (let i = 0; i < counts; i++) wait += rng.exponential();
    const bank = createFocusBank({ muMin, ignoreBelow: significance - 0.1 }), mean = counts / wait;
    // Waits of counts photons are gamma; ρ = wait/counts is the true over the expected rate.
    const rho = 1 / mean;
    let b = 0;
    for (; b < length;) {
      b += rng.exponential(1 / rho);
      if (bank.step(0, b, b) < threshold) continue;
      alarms++;
      bank.reset(0);
    }
    expected += b;
  }
  return alarms / expected;
}

Deno.test("backgroundErrorFactor() is what channels with an estimated rate show", () => {
  for (
    const [muMin, significance, counts] of [[1.1, 4.5, 400], [1.1, 4.5, 100], [
      2,
      4.2,
      100,
    ]] as const
  ) {
    const found = simulated({ muMin, significance, counts, length: 20_000 }, 200);
    const { perExpected } = falseAlarmTable({ kind: "focus", muMin }).perExpected(significance);
    const factor = backgroundErrorFactor({
      muMin,
      significance,
      backgroundRelError: 1 / Math.sqrt(counts),
    });
    ok(Math.abs(found / perExpected / factor - 1) < 0.35, `${found / perExpected}, ${factor}`);
  }
});

Deno.test("backgroundErrorFactor() grows with the error and the significance", () => {
  for (const muMin of [1.1, 1.25, 1.5, 2]) {
    strictEqual(backgroundErrorFactor({ muMin, significance: 5, backgroundRelError: 0 }), 1);
    const tiny = backgroundErrorFactor({ muMin, significance: 5, backgroundRelError: 1e-3 });
    ok(Math.abs(tiny - 1) < 0.02);
    let last = 1;
    for (const backgroundRelError of [0.01, 0.02, 0.05, 0.1, 0.2, 0.25]) {
      const one = backgroundErrorFactor({ muMin, significance: 6.3, backgroundRelError });
      ok(one > last);
      last = one;
    }
    ok(backgroundErrorFactor({ muMin, significance: 7, backgroundRelError: 0.25 }) > last);
  }
});

Deno.test("backgroundErrorFactor() refuses what was not calibrated", () => {
  const options = { significance: 5, backgroundRelError: 0.1 };
  throws(() => backgroundErrorFactor({ ...options, muMin: 1.2 }), /muMin 1.1, 1.25/);
  throws(() => backgroundErrorFactor({ ...options, significance: 9 }), RangeError);
  throws(() => backgroundErrorFactor({ ...options, backgroundRelError: 0.3 }), RangeError);
  throws(() => backgroundErrorFactor({ ...options, backgroundRelError: NaN }), RangeError);
});
