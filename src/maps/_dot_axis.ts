/** Weighted sums along an axis. */
import type { AxisRun, Runs } from "./_map_arrays.ts";

/**
 * out_j = Σ_i K_ij in_i along an axis, with K in C order [n, m]; Var_j = Σ_i K_ij² Var_i.
 *
 * A value of weight 0 is not looked at; what an invalid value has a part of is invalid.
 */
export function dotAxis(runs: Runs, run: AxisRun, kernel: Float64Array): Runs {
  const { outer, n, width } = run, m = kernel.length / n, size = outer * m * width;
  const { values, variance, valid } = runs;
  const out = new Float64Array(size), squares = variance && new Float64Array(size);
  const isValid = valid && new Uint8Array(size).fill(1);
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < m; j++) {
      const to = (o * m + j) * width;
      for (let i = 0; i < n; i++) {
        const k = kernel[i * m + j]!, from = (o * n + i) * width;
        if (k === 0) continue;
        for (let w = 0; w < width; w++) out[to + w] = out[to + w]! + k * values[from + w]!;
        if (squares !== undefined) {
          for (let w = 0; w < width; w++) {
            squares[to + w] = squares[to + w]! + k * k * variance![from + w]!;
          }
        }
        if (isValid !== undefined) {
          for (let w = 0; w < width; w++) if (valid![from + w] === 0) isValid[to + w] = 0;
        }
      }
    }
  }
  return { values: out, variance: squares, valid: isValid };
}
