/** Images for the tests of this folder. */
import fc from "fast-check";
import type { RealImage } from "../../../src/numeric/mod.ts";

/** Images of any small size. */
export function anyImage(limits: { readonly max: number } = { max: 12 }): fc.Arbitrary<RealImage> {
  const size = fc.integer({ min: 1, max: limits.max });
  return fc.tuple(size, size).chain(([nx, ny]) => imageOf(nx, ny));
}

/** Images of one size, values in [-1, 1]. */
export function imageOf(nx: number, ny: number): fc.Arbitrary<RealImage> {
  const n = nx * ny, value = fc.double({ min: -1, max: 1, noNaN: true });
  return fc.array(value, { minLength: n, maxLength: n })
    .map((list) => ({ data: Float64Array.from(list), nx, ny }));
}

/** Largest absolute value. */
export function largest(data: ArrayLike<number>): number {
  return Array.from(data).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
}

/** Largest |a - b|; NaN where only one of two is NaN. */
export function distance(a: Float64Array, b: Float64Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) && Number.isNaN(b[i])) continue;
    const one = Math.abs(a[i]! - b[i]!);
    if (!(one <= most)) most = one;
  }
  return a.length === b.length ? most : NaN;
}

/** Sum of all values. */
export function total(data: Float64Array): number {
  return data.reduce((a, b) => a + b, 0);
}

/** Numbers from [0, 1), the same in every run. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}
