/*
 * Unbinned likelihood of amplitudes: every event has a density under each component, the amplitudes
 * scale them.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | a_k | amplitude of component k |
 * | s_ik | density of component k at event i, for a_k = 1 |
 * | S_k | events expected of component k, for a_k = 1 |
 * | p_i | Σ_k a_k s_ik |
 *
 * ln L = Σ_i ln p_i − Σ_k a_k S_k, concave in a; its gradient is Σ_i s_ik / p_i − S_k, its Hessian
 * −Σ_i s_ik s_il / p_i².
 */

/** Densities of the events, a column a component. */
export interface DensityTable {
  /** Number of events. */
  readonly n: number;
  /** For each component s_ik; at least `n` long. */
  readonly densities: readonly (Float64Array | Float32Array)[];
  /** For each component S_k. */
  readonly expected: ArrayLike<number>;
  /** How many events each row stands for; 1 where left out. */
  readonly weights?: Float64Array;
}

/** ln L and its gradient. */
export interface LikelihoodValue {
  /** ln L; −∞ where an event has no density. */
  readonly logLikelihood: number;
  /** ∂ ln L / ∂ a_k. */
  readonly gradient: Float64Array;
}

const BLOCK = 512;
const density = new Float64Array(BLOCK), inverse = new Float64Array(BLOCK);

/** p_i of a block, from the amplitudes. */
function fillDensity(
  table: DensityTable,
  amplitudes: ArrayLike<number>,
  from: number,
  count: number,
): void {
  density.fill(0, 0, count);
  for (let k = 0; k < table.densities.length; k++) {
    addScaled(table.densities[k]!, amplitudes[k]!, from, count);
  }
}

function addScaled(
  column: Float64Array | Float32Array,
  a: number,
  from: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) density[i] = density[i]! + a * column[from + i]!;
}

/** Σ ln p over a block; eight factors a logarithm where no product of them can overflow. */
function logSum(count: number): number {
  let sum = 0, i = 0;
  for (; isModerate && i + 8 <= count; i += 8) {
    const a = density[i]! * density[i + 1]! * density[i + 2]! * density[i + 3]!;
    const b = density[i + 4]! * density[i + 5]! * density[i + 6]! * density[i + 7]!;
    sum += Math.log(a * b);
  }
  for (; i < count; i++) sum += Math.log(density[i]!);
  return sum;
}

/** Σ w ln p over a block. */
function weightedLogSum(weights: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += weights[from + i]! * Math.log(density[i]!);
  return sum;
}

/** 1 / p, or w / p, of a block. */
function fillInverse(weights: Float64Array | undefined, from: number, count: number): void {
  for (let i = 0; i < count; i++) inverse[i] = 1 / density[i]!;
  if (weights === undefined) return;
  for (let i = 0; i < count; i++) inverse[i] = inverse[i]! * weights[from + i]!;
}

/** Are the densities of the block far from under- and overflow? Set by {@link allPositive}. */
let isModerate = false;

/** Is every density of the block above 0 and finite? Two negative factors would hide in a product. */
function allPositive(count: number): boolean {
  let least = Infinity, greatest = 0;
  for (let i = 0; i < count; i++) {
    least = Math.min(least, density[i]!);
    greatest = Math.max(greatest, density[i]!);
  }
  isModerate = least > 1e-37 && greatest < 1e37;
  return least > 0 && greatest < Infinity;
}

function dot(column: Float64Array | Float32Array, from: number, count: number): number {
  let even = 0, odd = 0, i = 0;
  for (; i + 2 <= count; i += 2) {
    even += column[from + i]! * inverse[i]!;
    odd += column[from + i + 1]! * inverse[i + 1]!;
  }
  if (i < count) even += column[from + i]! * inverse[i]!;
  return even + odd;
}

/**
 * ln L of amplitudes and its gradient.
 *
 * @param table Densities and expected counts.
 * @param amplitudes One a component.
 * @returns Value and gradient, owned by the caller; −∞ where an event has no density.
 * @throws TypeError for numbers of components that differ.
 * @example
 * ```ts
 * import { unbinnedLikelihood } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const table = { n: 2, densities: [Float64Array.of(1, 3)], expected: [2] };
 * strictEqual(unbinnedLikelihood(table, [1]).gradient[0], 0);
 * ```
 * @see Cash 1979, ApJ 228, 939, eq. 6; Barlow 1990, NIM A 297, 496 (extended likelihood)
 */
export function unbinnedLikelihood(
  table: DensityTable,
  amplitudes: ArrayLike<number>,
): LikelihoodValue {
  const { n, densities, expected, weights } = table, nComponents = densities.length;
  if (amplitudes.length !== nComponents || expected.length !== nComponents) {
    throw new TypeError(
      `There are ${nComponents} components, ${amplitudes.length} amplitudes, ${expected.length} ` +
        `expected counts`,
    );
  }
  const gradient = new Float64Array(nComponents);
  let logLikelihood = 0;
  for (let from = 0; from < n; from += BLOCK) {
    const count = Math.min(BLOCK, n - from);
    fillDensity(table, amplitudes, from, count);
    if (!allPositive(count)) return { logLikelihood: -Infinity, gradient: gradient.fill(NaN) };
    logLikelihood += weights === undefined ? logSum(count) : weightedLogSum(weights, from, count);
    fillInverse(weights, from, count);
    for (let k = 0; k < nComponents; k++) {
      gradient[k] = gradient[k]! + dot(densities[k]!, from, count);
    }
  }
  for (let k = 0; k < nComponents; k++) {
    logLikelihood -= amplitudes[k]! * expected[k]!;
    gradient[k] = gradient[k]! - expected[k]!;
  }
  return { logLikelihood, gradient };
}

/** −Hessian of ln L, row by row. */
function information(table: DensityTable, amplitudes: ArrayLike<number>): Float64Array {
  const { n, densities, weights } = table, nComponents = densities.length;
  const sums = new Float64Array(nComponents * nComponents);
  for (let from = 0; from < n; from += BLOCK) {
    const count = Math.min(BLOCK, n - from);
    fillDensity(table, amplitudes, from, count);
    for (let k = 0; k < nComponents; k++) {
      const s = densities[k]!;
      fillInverse(weights, from, count);
      for (let i = 0; i < count; i++) inverse[i] = inverse[i]! * s[from + i]! / density[i]!;
      for (let l = 0; l <= k; l++) {
        const at = k * nComponents + l;
        sums[at] = sums[at]! + dot(densities[l]!, from, count);
      }
    }
  }
  for (let k = 0; k < nComponents; k++) {
    for (let l = 0; l < k; l++) sums[l * nComponents + k] = sums[k * nComponents + l]!;
  }
  return sums;
}

/** Least pivot of a scaled matrix: 1 − the square of a correlation that rounding cannot tell from 1. */
const SINGULAR = 1e-13;

/** The amplitudes at the maximum of ln L. */
export interface UnbinnedFit {
  /** Did the steps become small? */
  readonly converged: boolean;
  /** Why not; "" where it converged. */
  readonly reason: string;
  /** Amplitudes at the maximum. */
  readonly amplitudes: Float64Array;
  /** Their errors: roots of the diagonal of the inverse information. */
  readonly errors: Float64Array;
  /** Inverse information, row by row. */
  readonly covariance: Float64Array;
  /** ln L at the maximum. */
  readonly logLikelihood: number;
  /** Steps taken. */
  readonly nSteps: number;
}

/**
 * The inverse of a small symmetric positive matrix, by Gauss–Jordan with pivots on the matrix scaled to
 * a diagonal of 1; undefined where it is singular to rounding.
 */
function inverted(matrix: Float64Array, size: number): Float64Array | undefined {
  const roots = Array.from({ length: size }, (_, k) => Math.sqrt(matrix[k * size + k]!));
  if (!roots.every((root) => root > 0 && root < Infinity)) return undefined;
  const scale = (i: number) => roots[Math.floor(i / size)]! * roots[i % size]!;
  const a = matrix.map((value, i) => value / scale(i)), inv = new Float64Array(size * size);
  for (let k = 0; k < size; k++) inv[k * size + k] = 1;
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let r = k + 1; r < size; r++) {
      if (Math.abs(a[r * size + k]!) > Math.abs(a[pivot * size + k]!)) pivot = r;
    }
    const top = a[pivot * size + k]!;
    if (!(Math.abs(top) > SINGULAR)) return undefined;
    for (let c = 0; c < size; c++) {
      for (const m of [a, inv]) {
        const swap = m[k * size + c]!;
        m[k * size + c] = m[pivot * size + c]! / top;
        if (pivot !== k) m[pivot * size + c] = swap;
      }
    }
    for (let r = 0; r < size; r++) {
      const factor = a[r * size + k]!;
      if (r === k || factor === 0) continue;
      for (let c = 0; c < size; c++) {
        a[r * size + c] = a[r * size + c]! - factor * a[k * size + c]!;
        inv[r * size + c] = inv[r * size + c]! - factor * inv[k * size + c]!;
      }
    }
  }
  return inv.map((value, i) => value / scale(i));
}

/**
 * Maximises ln L over the amplitudes by Newton's method, halving a step that leaves the region where
 * all densities are positive or that does not rise. Amplitudes may come out negative.
 *
 * @param table Densities and expected counts; every event has a density under some component.
 * @param options `start` (each component with its share of the events), `tolerance` of a step in
 *   errors (1e-10), `maxSteps` (100), `fixed`: amplitudes that are held, by component.
 * @returns Amplitudes, errors, covariance; `converged: false` with a reason where there is no maximum.
 * @example
 * ```ts
 * import { fitAmplitudes } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const fit = fitAmplitudes({ n: 4, densities: [new Float64Array(4).fill(0.5)], expected: [2] });
 * ok(Math.abs(fit.amplitudes[0]! - 2) < 1e-12 && Math.abs(fit.errors[0]! - 1) < 1e-12);
 * ```
 */
export function fitAmplitudes(
  table: DensityTable,
  options: {
    readonly start?: ArrayLike<number>;
    readonly fixed?: readonly boolean[];
    readonly tolerance?: number;
    readonly maxSteps?: number;
  } = {},
): UnbinnedFit {
  const { tolerance = 1e-10, maxSteps = 100, fixed = [] } = options;
  const size = table.densities.length;
  const amplitudes = options.start === undefined
    ? Float64Array.from({ length: size }, (_, k) => table.n / size / table.expected[k]!)
    : Float64Array.from(options.start);
  const free = Array.from({ length: size }, (_, k) => k).filter((k) => !fixed[k]);
  let { logLikelihood, gradient } = unbinnedLikelihood(table, amplitudes);
  const result = (converged: boolean, reason: string, nSteps: number): UnbinnedFit => {
    const inverse = freeInverse(table, amplitudes, free);
    const covariance = inverse ?? new Float64Array(size * size).fill(NaN);
    const errors = Float64Array.from(
      { length: size },
      (_, k) => Math.sqrt(covariance[k * size + k]!),
    );
    return { converged, reason, amplitudes, errors, covariance, logLikelihood, nSteps };
  };
  if (logLikelihood === -Infinity) return result(false, "an event has no density at the start", 0);
  for (let nSteps = 1; nSteps <= maxSteps; nSteps++) {
    const inverse = freeInverse(table, amplitudes, free);
    if (inverse === undefined) return result(false, "the information is singular", nSteps);
    const step = new Float64Array(size);
    let length2 = 0;
    for (const k of free) {
      for (const l of free) step[k] = step[k]! + inverse[k * size + l]! * gradient[l]!;
      length2 += step[k]! * gradient[k]!;
    }
    let scale = 1, next: LikelihoodValue | undefined;
    const trial = new Float64Array(size);
    for (let halvings = 0; halvings < 60; halvings++, scale /= 2) {
      for (let k = 0; k < size; k++) trial[k] = amplitudes[k]! + scale * step[k]!;
      next = unbinnedLikelihood(table, trial);
      // Rounding of ln L: where the step is tiny, no rise can be seen.
      const slack = 1e-13 * Math.abs(logLikelihood);
      if (next.logLikelihood >= logLikelihood - slack) break;
      next = undefined;
    }
    if (next === undefined) return result(false, "no step rises", nSteps);
    amplitudes.set(trial);
    ({ logLikelihood, gradient } = next);
    if (Math.sqrt(Math.abs(length2)) * scale < tolerance) return result(true, "", nSteps);
  }
  return result(false, `no maximum within ${maxSteps} steps`, maxSteps);
}

/** Inverse information of the free amplitudes, 0 for those that are held. */
function freeInverse(
  table: DensityTable,
  amplitudes: Float64Array,
  free: readonly number[],
): Float64Array | undefined {
  const size = amplitudes.length, whole = information(table, amplitudes), m = free.length;
  const small = new Float64Array(m * m);
  free.forEach((k, i) => free.forEach((l, j) => small[i * m + j] = whole[k * size + l]!));
  const inverse = inverted(small, m);
  if (inverse === undefined) return undefined;
  const full = new Float64Array(size * size);
  free.forEach((k, i) => free.forEach((l, j) => full[k * size + l] = inverse[i * m + j]!));
  return full;
}
