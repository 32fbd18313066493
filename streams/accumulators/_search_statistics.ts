/* How bright a window is, as significance²/2; 0 where it is no brighter than expected. */
import { halfDeviance } from "../../src/numeric/mod.ts";
import { halfLiMa } from "../../src/stats/mod.ts";

/** Over a known expectation: x ln(x/b) − (x − b). */
export function knownRatio(counts: number, expected: number): number {
  return counts > expected && expected > 0 ? halfDeviance(counts, expected) : 0;
}

/**
 * Where what is expected was measured, as a mean of so many photons: Li and Ma's, with α = expected/off. `known`
 * is the same over a known expectation, which it is for off = ∞.
 */
export function estimatedRatio(
  known: number,
  { counts, expected }: { readonly counts: number; readonly expected: number },
  off: number,
): number {
  if (off === Infinity) return known;
  if (!(counts > expected && expected > 0)) return 0;
  return halfLiMa(counts, off, expected / off);
}
