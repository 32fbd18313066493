/** Random positions for properties. */
import fc from "fast-check";
import type { SkyPosition } from "../../../src/sky/mod.ts";

/** A finite number in a range. */
export function between(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
}

/** Any position on the sky, poles and wraps included. */
export const anyPosition: fc.Arbitrary<SkyPosition> = fc.record({
  lonDeg: fc.oneof(between(0, 360), fc.constantFrom(0, 90, 180, 270, 359.9999999999999)),
  latDeg: fc.oneof(between(-90, 90), fc.constantFrom(-90, 0, 90, 89.99999999, 1e-15)),
});

/** Repeatable uniform numbers in [0, 1). */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
