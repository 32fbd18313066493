/**
 * Barycentric dynamical time at the geocentre.
 *
 * | symbol | meaning | range |
 * | --- | --- | --- |
 * | T | Julian millennia TT since J2000 | −0.4 … 0.2 |
 * | A, ω, φ | amplitude, s; frequency, rad a millennium; phase, rad | |
 */
import { TDB_TERMS } from "./tables/tdb_terms.ts";

/** A, ω, φ of all terms of a power of T, for each power. */
let powers: readonly Float64Array[] | undefined;

function decode(): readonly Float64Array[] {
  return TDB_TERMS.split(";").map((part) => part.split(/[\s,]+/).filter((word) => word !== ""))
    .filter((words) => words.length > 0)
    .map((words) =>
      Float64Array.from(words, (word, i) => Number(word) * (i % 3 === 0 ? 1e-12 : 1))
    );
}

/**
 * TDB − TT at the geocentre: the 127 leading terms of the planetary series, Σ Tᵏ Σ A sin(ω T + φ).
 * Within 0.06 µs of the full series (787 terms) from 2000 to 2040, 0.08 µs from 1972 to 2100 and
 * 0.25 µs from 1600 to 2200. An observer at r, with the Earth's centre moving at v, adds v · r / c²
 * (2 µs on the ground).
 *
 * @param mjdTt Modified Julian Date in TT (or TDB), days.
 * @returns Seconds, within ±0.0017.
 * @example
 * ```ts
 * import { tdbMinusTtS } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(tdbMinusTtS(51544.5) + 99.3e-6) < 1e-7);
 * ```
 * @see Fairhead & Bretagnon 1990, A&A 229, 240
 */
export function tdbMinusTtS(mjdTt: number): number {
  powers ??= decode();
  const t = (mjdTt - 51544.5) / 365250;
  let sum = 0;
  for (let k = powers.length - 1; k >= 0; k--) {
    const terms = powers[k]!;
    sum *= t;
    for (let i = terms.length - 3; i >= 0; i -= 3) {
      sum += terms[i]! * Math.sin(terms[i + 1]! * t + terms[i + 2]!);
    }
  }
  return sum;
}
