import { ok, strictEqual, throws } from "node:assert/strict";
import { createRng } from "../../../src/numeric/mod.ts";
import { refineInterval } from "../../../src/stats/mod.ts";

/** Noise of rate 1 from 0 to 100 with a burst of so many photons from 40 on, for 5. */
function burst(seed: number, photons: number): Float64Array {
  const rng = createRng(`burst ${seed}`), times: number[] = [];
  for (let t = rng.exponential(); t < 100; t += rng.exponential()) times.push(t);
  for (let i = 0; i < photons; i++) times.push(40 + 5 * rng.uniform());
  return Float64Array.from(times).sort();
}

Deno.test("refineInterval() gives an onset whose error holds, and durations", () => {
  let inside = 0, pull = 0, t90 = 0, t50 = 0;
  const runs = 300;
  for (let seed = 0; seed < runs; seed++) {
    const lambda = burst(seed, 60), found = refineInterval({ lambda, timeS: lambda });
    ok(found.nBlocks >= 1 && found.nAllBlocks >= 3, `seed ${seed}`);
    inside += +(Math.abs(found.onsetS - 40) < 2 * found.onsetErrorS);
    pull += ((found.onsetS - 40) / found.onsetErrorS) ** 2;
    t90 += found.t90S / runs;
    t50 += found.t50S / runs;
    ok(found.endS > found.onsetS && found.counts > 40 && found.peakFactor > 5);
  }
  ok(inside > 0.9 * runs && pull / runs > 0.4 && pull / runs < 2, `${inside}, ${pull / runs}`);
  ok(Math.abs(t90 - 4.5) < 0.25 && Math.abs(t50 - 2.5) < 0.2, `${t90}, ${t50}`);
});

Deno.test("refineInterval() gives times of the stream, not of acceptance", () => {
  const lambda = burst(1, 80), timeS = lambda.map((b) => 1000 + 7 * b);
  const one = refineInterval({ lambda, timeS: lambda }), other = refineInterval({ lambda, timeS });
  for (const name of ["onsetS", "endS"] as const) {
    ok(Math.abs(other[name] - (1000 + 7 * one[name])) < 1e-9);
  }
  for (const name of ["onsetErrorS", "t50S", "t90S"] as const) {
    ok(Math.abs(other[name] - 7 * one[name]) < 1e-9);
  }
  strictEqual(other.counts, one.counts);
  strictEqual(other.expected, one.expected);
});

Deno.test("refineInterval() finds nothing in noise, and says so", () => {
  let none = 0;
  for (let seed = 0; seed < 200; seed++) {
    const lambda = burst(seed, 0), found = refineInterval({ lambda, timeS: lambda });
    none += +(found.nBlocks === 0);
    if (found.nBlocks === 0) ok(Number.isNaN(found.onsetS) && Number.isNaN(found.t90S));
  }
  ok(none >= 180, `${none}`);
});

Deno.test("refineInterval() has two blocks for two levels, and no error without a margin", () => {
  const line = (from: number, n: number, step: number) =>
    Array.from({ length: n }, (_, i) => from + (i + 0.5) * step);
  const lambda = [
    ...line(0, 30, 1),
    ...line(30, 100, 0.2),
    ...line(50, 200, 0.02),
    ...line(54, 30, 1),
  ];
  const found = refineInterval({ lambda, timeS: lambda });
  strictEqual(found.nBlocks, 2);
  ok(Math.abs(found.onsetS - 30) < 1 && Math.abs(found.endS - 54) < 1);
  ok(Math.abs(found.peakFactor - 50) < 2);
  const bare = lambda.slice(30), noMargin = refineInterval({ lambda: bare, timeS: bare });
  ok(Number.isNaN(noMargin.onsetErrorS) && noMargin.onsetS === bare[0]);
});

Deno.test("refineInterval() refuses what it cannot read", () => {
  throws(() => refineInterval({ lambda: [1, 2], timeS: [1] }), TypeError);
  throws(() => refineInterval({ lambda: [1], timeS: [1] }), /3 or more/);
  throws(() => refineInterval({ lambda: [2, 1, 3], timeS: [1, 2, 3] }), /do not fall/);
  throws(() => refineInterval({ lambda: [1, NaN, 2], timeS: [1, 2, 3] }), /do not fall/);
  throws(() => refineInterval({ lambda: [1, 1, 1], timeS: [1, 2, 3] }), RangeError);
});
