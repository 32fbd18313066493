/*
 * The turns of a rotation or an orbit, φ(Δ) = Σ F_k Δ^(k+1) / (k+1)!, about another instant:
 * φ(Δ₀ + d) = φ(Δ₀) + Σ_j c_j d^j, c_j = (1/j!) Σ_{k ≥ j−1} F_k Δ₀^(k+1−j) / (k+1−j)!.
 * φ(Δ₀) and the rate c_1 are summed in double-double.
 */
import { dd, ddAdd, ddDiv, ddMul, ddToNumber, type DoubleDouble } from "../numeric/mod.ts";

/** The j-th derivative at Δ, by Horner: Σ_{k ≥ j−1} F_k Δ^m / m!, m = k + 1 − j. */
function derivative(frequencies: readonly DoubleDouble[], delta: DoubleDouble, j: number) {
  let sum = dd(0);
  for (let k = frequencies.length - 1; k >= Math.max(j - 1, 0); k--) {
    const power = k + 1 - j;
    sum = ddAdd(sum, frequencies[k]!);
    if (power > 0) sum = ddDiv(ddMul(sum, delta), power);
  }
  return sum;
}

/** Turns at Δ₀, in double-double. */
export function turnsAt(frequencies: readonly DoubleDouble[], delta: DoubleDouble): DoubleDouble {
  return derivative(frequencies, delta, 0);
}

/** Adds c_1 … c_K to `into[1..K]`, as many as there are frequencies. */
export function addTaylor(
  frequencies: readonly DoubleDouble[],
  delta: DoubleDouble,
  into: number[],
): void {
  let factorial = 1;
  for (let j = 1; j <= frequencies.length; j++) {
    factorial *= j;
    into[j] = (into[j] ?? 0) + ddToNumber(derivative(frequencies, delta, j)) / factorial;
  }
}
