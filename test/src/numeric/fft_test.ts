import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  createFftPlan,
  createRealFft2dPlan,
  fftInPlace,
  goodFftSize,
  inverseFftInPlace,
  inverseRealFft2d,
  realFft2d,
} from "../../../src/numeric/mod.ts";

const GOOD = Array.from({ length: 1100 }, (_, i) => i + 1).filter((n) => goodFftSize(n) === n);
const number = fc.double({ min: -1, max: 1, noNaN: true });
const column = (n: number) =>
  fc.array(number, { minLength: n, maxLength: n }).map((list) => Float64Array.from(list));
const largest = (...columns: readonly Float64Array[]): number =>
  Math.max(...columns.map((one) => one.reduce((a, b) => Math.max(a, Math.abs(b)), 0)));

function direct(re: Float64Array, im: Float64Array): { re: Float64Array; im: Float64Array } {
  const n = re.length, outRe = new Float64Array(n), outIm = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    for (let t = 0; t < n; t++) {
      const angle = -2 * Math.PI * (k * t % n) / n, c = Math.cos(angle), s = Math.sin(angle);
      outRe[k]! += re[t]! * c - im[t]! * s;
      outIm[k]! += re[t]! * s + im[t]! * c;
    }
  }
  return { re: outRe, im: outIm };
}

function distance(a: Float64Array, b: Float64Array): number {
  return largest(a.map((one, i) => one - b[i]!));
}

Deno.test("goodFftSize() is the smallest product of 2, 3 and 5 that is large enough", () => {
  const products = new Set<number>();
  for (let a = 1; a < 3e4; a *= 2) {
    for (let b = a; b < 3e4; b *= 3) for (let c = b; c < 3e4; c *= 5) products.add(c);
  }
  const sorted = [...products].sort((a, b) => a - b);
  for (let n = 1; n < 3000; n++) deepStrictEqual(goodFftSize(n), sorted.find((one) => one >= n));
  throws(() => goodFftSize(0), RangeError);
  throws(() => createFftPlan(14), /next one is 15/);
  throws(() => createFftPlan(7.5), RangeError);
});

Deno.test("fftInPlace() is the direct sum for every good length to 320", () => {
  for (const n of GOOD.filter((one) => one <= 320)) {
    let seed = n;
    const next = (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1;
    const re = Float64Array.from({ length: n }, next), im = Float64Array.from({ length: n }, next);
    const expected = direct(re, im);
    fftInPlace(createFftPlan(n), { re, im });
    // the direct sum is the less exact of the two
    const limit = 1e-15 * n * largest(expected.re, expected.im);
    ok(distance(re, expected.re) <= limit && distance(im, expected.im) <= limit, `n = ${n}`);
  }
});

Deno.test("fftInPlace() of a wave is one line, within 1e-15 log2 n, for every good length", () => {
  for (const n of GOOD) {
    const k = (n * 7) % 11 % n, re = new Float64Array(n), im = new Float64Array(n);
    for (let t = 0; t < n; t++) {
      // reduced by integers before it becomes an angle
      re[t] = Math.cos(2 * Math.PI * (k * t % n) / n);
      im[t] = Math.sin(2 * Math.PI * (k * t % n) / n);
    }
    fftInPlace(createFftPlan(n), { re, im });
    re[k]! -= n;
    ok(largest(re, im) <= 1e-15 * n * Math.log2(n + 1), `n = ${n}: ${largest(re, im)}`);
  }
});

Deno.test("fftInPlace() keeps the sum of squares and comes back, interleaved or not", () => {
  const any = fc.constantFrom(...GOOD.slice(0, 60)).chain((n) =>
    fc.integer({ min: 1, max: 4 }).chain((count) =>
      fc.tuple(fc.constant(n), fc.constant(count), column(n * count), column(n * count))
    )
  );
  fc.assert(fc.property(any, ([n, count, re0, im0]) => {
    const plan = createFftPlan(n), re = re0.slice(), im = im0.slice();
    fftInPlace(plan, { re, im });
    for (let q = 0; q < count; q++) {
      const pick = (values: Float64Array) => values.filter((_, i) => i % count === q);
      const one = { re: pick(re0), im: pick(im0) };
      fftInPlace(plan, one);
      deepStrictEqual([pick(re), pick(im)], [one.re, one.im]);
    }
    const power = (a: Float64Array, b: Float64Array) =>
      a.reduce((sum, one, i) => sum + one * one + b[i]! * b[i]!, 0);
    ok(Math.abs(power(re, im) - n * power(re0, im0)) <= 1e-13 * n * power(re0, im0) + 1e-300);
    inverseFftInPlace(plan, { re, im });
    const limit = 1e-15 * (1 + Math.log2(n)) * largest(re0, im0) + 1e-300;
    ok(distance(re.map((one) => one / n), re0) <= limit);
    ok(distance(im.map((one) => one / n), im0) <= limit);
  }));
});

Deno.test("fftInPlace() refuses columns of other lengths", () => {
  const plan = createFftPlan(4);
  throws(() => fftInPlace(plan, { re: new Float64Array(6), im: new Float64Array(6) }), TypeError);
  throws(() => fftInPlace(plan, { re: new Float64Array(4), im: new Float64Array(8) }), TypeError);
  throws(() => fftInPlace(plan, { re: new Float64Array(0), im: new Float64Array(0) }), TypeError);
});

Deno.test("realFft2d() is the complex transform of rows, then of columns; it comes back", () => {
  const any = fc.tuple(fc.constantFrom(...GOOD.slice(0, 30)), fc.constantFrom(...GOOD.slice(0, 30)))
    .chain(([nx, ny]) =>
      fc.tuple(fc.integer({ min: 1, max: nx }), fc.integer({ min: 1, max: ny })).chain(
        ([mx, my]) => fc.tuple(fc.constant({ nx, ny, mx, my }), column(mx * my)),
      )
    );
  fc.assert(fc.property(any, ([{ nx, ny, mx, my }, data]) => {
    const plan = createRealFft2dPlan({ nx, ny }), re = new Float64Array(nx * ny);
    const im = new Float64Array(nx * ny), h = Math.floor(nx / 2) + 1;
    for (let y = 0; y < my; y++) re.set(data.subarray(y * mx, (y + 1) * mx), y * nx);
    for (let y = 0; y < ny; y++) {
      fftInPlace(createFftPlan(nx), {
        re: re.subarray(y * nx, (y + 1) * nx),
        im: im.subarray(y * nx, (y + 1) * nx),
      });
    }
    fftInPlace(createFftPlan(ny), { re, im });
    const found = realFft2d(plan, { data, nx: mx, ny: my });
    const half = (values: Float64Array) => values.filter((_, i) => i % nx < h);
    // nothing is held below the least normal number
    const limit = 2e-15 * nx * ny * largest(data) + 1e-300;
    ok(distance(found.re, half(re)) <= limit && distance(found.im, half(im)) <= limit);
    const dirty = { re: found.re.slice().fill(9), im: found.im.slice().fill(9) };
    deepStrictEqual(realFft2d(plan, { data, nx: mx, ny: my }, dirty), found);
    const back = inverseRealFft2d(plan, found, { data: data.slice().fill(7), nx: mx, ny: my });
    ok(distance(back.data, data) <= 1e-15 * (2 + Math.log2(nx * ny)) * largest(data) + 1e-300);
  }));
});

Deno.test("realFft2d() refuses images larger than the plan, and arrays of other lengths", () => {
  const plan = createRealFft2dPlan({ nx: 4, ny: 3 });
  throws(() => realFft2d(plan, { data: new Float64Array(15), nx: 5, ny: 3 }), RangeError);
  throws(() => realFft2d(plan, { data: new Float64Array(11), nx: 4, ny: 3 }), TypeError);
  const small = { re: new Float64Array(1), im: new Float64Array(1) };
  throws(() => realFft2d(plan, { data: new Float64Array(1), nx: 1, ny: 1 }, small), TypeError);
});
