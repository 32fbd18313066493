/** The unbinned fit in plain words, to hold the library's against. */
import type { DensityTable } from "../../src/stats/mod.ts";

/** ln L as its formula has it. */
export function plainLogLikelihood(table: DensityTable, amplitudes: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < table.n; i++) {
    const p = table.densities.reduce((all, s, k) => all + amplitudes[k]! * s[i]!, 0);
    sum += (table.weights?.[i] ?? 1) * Math.log(p);
  }
  return table.densities.reduce((all, _, k) => all - amplitudes[k]! * table.expected[k]!, sum);
}

/** Solves A x = y for a small matrix by elimination. */
function solve(matrix: readonly (readonly number[])[], y: readonly number[]): number[] {
  const a = matrix.map((row, i) => [...row, y[i]!]), n = y.length;
  for (let k = 0; k < n; k++) {
    for (let r = k + 1; r < n; r++) {
      const factor = a[r]![k]! / a[k]![k]!;
      for (let c = k; c <= n; c++) a[r]![c] = a[r]![c]! - factor * a[k]![c]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    let rest = a[k]![n]!;
    for (let c = k + 1; c < n; c++) rest -= a[k]![c]! * x[c]!;
    x[k] = rest / a[k]![k]!;
  }
  return x;
}

/** Amplitudes and errors at the maximum, by Newton from a start with halved steps. */
export function newton(
  table: DensityTable,
  options: { readonly start?: readonly number[]; readonly free?: readonly number[] } = {},
): { readonly amplitudes: number[]; readonly errors: number[] } {
  const { n, densities, expected, weights } = table;
  let a = options.start === undefined
    ? densities.map((_, k) => n / densities.length / expected[k]!)
    : [...options.start];
  const free = options.free ?? densities.map((_, k) => k);
  for (let step = 0;; step++) {
    const gradient = free.map((k) => -expected[k]!);
    const hessian = free.map(() => free.map(() => 0));
    for (let i = 0; i < n; i++) {
      const p = densities.reduce((all, s, k) => all + a[k]! * s[i]!, 0), w = weights?.[i] ?? 1;
      free.forEach((k, r) => {
        gradient[r] = gradient[r]! + w * densities[k]![i]! / p;
        free.forEach((l, c) => {
          hessian[r]![c] = hessian[r]![c]! + w * densities[k]![i]! * densities[l]![i]! / p / p;
        });
      });
    }
    const move = solve(hessian, gradient);
    if (step === 60) {
      const errors = densities.map(() => 0);
      free.forEach((k, r) => {
        errors[k] = Math.sqrt(solve(hessian, free.map((_, c) => +(c === r)))[r]!);
      });
      return { amplitudes: a, errors };
    }
    const before = plainLogLikelihood(table, a);
    for (let scale = 1; scale > 1e-9; scale /= 2) {
      const next = [...a];
      free.forEach((k, r) => next[k] = a[k]! + scale * move[r]!);
      if (plainLogLikelihood(table, next) >= before - 1e-12 * Math.abs(before)) {
        a = next;
        break;
      }
    }
  }
}
