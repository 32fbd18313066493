import { ok, strictEqual, throws } from "node:assert/strict";
import golden from "../../golden/lomb_scargle.json" with { type: "json" };
import { createRng } from "../../../src/numeric/mod.ts";
import { lombScargle } from "../../../src/stats/mod.ts";

Deno.test("lombScargle() agrees with the field's usual tool, chances too", () => {
  const { tolerance, cases } = golden;
  for (const one of cases) {
    const { power, logPValue, best } = lombScargle(one, one);
    one.power.forEach((p, k) => ok(Math.abs(power[k]! - p) < tolerance.power, `${k}`));
    strictEqual(best, one.power.indexOf(Math.max(...one.power)));
    const found = Math.exp(logPValue);
    ok(
      Math.abs(found - one.pValue) < tolerance.pValue * (1 + one.pValue),
      `${found}, ${one.pValue}`,
    );
  }
});

/** Weighted noise at uneven times. */
function noise(seed: number, n: number) {
  const rng = createRng(`noise ${seed}`);
  const timeS = Float64Array.from({ length: n }, () => 100 * rng.uniform()).sort();
  const error = timeS.map(() => 0.5 + rng.uniform());
  return { timeS, error, value: error.map((sigma) => 3 + sigma * rng.normal()) };
}

Deno.test("lombScargle() is the part of χ² that a sinusoid and a mean take away", () => {
  const curve = noise(1, 25), { power } = lombScargle(curve, { frequencyHz: [0.17] });
  // Least squares by brute normal equations of 1, cos, sin.
  const rows = Array.from(curve.timeS, (t, i) => {
    const s = curve.error[i]!, phase = 2 * Math.PI * 0.17 * t;
    return [1 / s, Math.cos(phase) / s, Math.sin(phase) / s, curve.value[i]! / s];
  });
  const chi2 = (columns: number[]) => {
    const m = columns.map((a) =>
      [...columns, 3].map((b) => rows.reduce((s, r) => s + r[a]! * r[b]!, 0))
    );
    for (let i = 0; i < m.length; i++) {
      for (let j = 0; j < m.length; j++) {
        if (i === j) continue;
        const factor = m[j]![i]! / m[i]![i]!;
        m[j] = m[j]!.map((v, k) => v - factor * m[i]![k]!);
      }
    }
    const x = m.map((row, i) => row[columns.length]! / row[i]!);
    return rows.reduce(
      (s, r) => s + (r[3]! - columns.reduce((y, c, i) => y + x[i]! * r[c]!, 0)) ** 2,
      0,
    );
  };
  ok(Math.abs(power[0]! - (1 - chi2([0, 1, 2]) / chi2([0]))) < 1e-10);
});

Deno.test("lombScargle() has chances that hold for noise", () => {
  const frequencyHz = Array.from({ length: 400 }, (_, i) => (i + 1) * 0.001);
  let below = 0, single = 0;
  const runs = 500;
  for (let seed = 0; seed < runs; seed++) {
    const found = lombScargle(noise(seed, 60), { frequencyHz });
    below += +(found.logPValue < Math.log(0.1));
    single += +(found.logPOfPower(found.power[100]!) < Math.log(0.1));
  }
  // An upper bound: not more than a tenth, 4 σ; and not far below.
  ok(below <= 50 + 27 && below >= 20, `${below}`);
  ok(Math.abs(single - 50) < 27, `${single}`);
});

Deno.test("lombScargle() goes on where chances underflow, and refuses what it cannot read", () => {
  const timeS = Float64Array.from({ length: 3000 }, (_, i) => i + 0.2 * Math.sin(i * i));
  const value = timeS.map((t, i) => Math.sin(0.7 * t) + 1e-3 * Math.cos(3 * i * i));
  const curve = { timeS, value, error: timeS.map(() => 1) };
  const { logPValue } = lombScargle(curve, { frequencyHz: [0.05, 0.7 / 2 / Math.PI] });
  ok(logPValue < -5000 && Number.isFinite(logPValue));
  throws(() => lombScargle(curve, { frequencyHz: [0] }), /above 0/);
  throws(() => lombScargle({ ...curve, error: [1] }, { frequencyHz: [1] }), TypeError);
  throws(() => lombScargle(noise(1, 4), { frequencyHz: [1] }), /5 values/);
  throws(
    () => lombScargle({ ...curve, error: timeS.map(() => 0) }, { frequencyHz: [1] }),
    /errors/,
  );
});
