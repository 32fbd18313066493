/**
 * Fast Fourier transforms of lengths 2^a 3^b 5^c in double precision, on split real and imaginary
 * arrays.
 *
 * X[k] = Σ_t x[t] e^{-2πi kt/n} forward, and with the opposite sign inverse. Neither is scaled:
 * inverse(forward(x)) = n x.
 */
import { type FftPass, runPasses } from "./_fft_passes.ts";
import { cos2pi, sin2pi } from "./sincos2pi.ts";

/** Factors and twiddles of transforms of one length. */
export interface FftPlan {
  /** Which record this is. */
  readonly kind: "fft-plan";
  /** Length of the transform. */
  readonly n: number;
  /** Its factors with their twiddles, in the order of the passes. */
  readonly passes: readonly FftPass[];
}

function isGood(n: number): boolean {
  let rest = n;
  for (const prime of [2, 3, 5]) while (rest % prime === 0) rest /= prime;
  return rest === 1;
}

/**
 * The smallest length 2^a 3^b 5^c that is at least n, for padding.
 *
 * @param n length wanted, from 1 to 2³⁰
 * @returns a length that {@linkcode createFftPlan} takes
 * @throws RangeError where n is out of range
 * @example
 * ```ts
 * import { goodFftSize } from "@gammarx/gammarx/numeric";
 * import assert from "node:assert/strict";
 * assert.deepEqual([1, 7, 17, 532, 552].map(goodFftSize), [1, 8, 18, 540, 576]);
 * ```
 */
export function goodFftSize(n: number): number {
  if (!(n >= 1 && n <= 2 ** 30)) {
    throw new RangeError(`Length of a transform: found ${n}, expected 1 to 2^30`);
  }
  let size = Math.ceil(n);
  while (!isGood(size)) size++;
  return size;
}

/**
 * The plan of complex transforms of one length; it holds no state and may be shared.
 *
 * @param n length, 2^a 3^b 5^c, from 1 to 2³⁰
 * @returns a frozen record
 * @throws RangeError for another length; the message names the next good one
 * @example
 * ```ts
 * import { createFftPlan } from "@gammarx/gammarx/numeric";
 * import assert from "node:assert/strict";
 * assert.equal(createFftPlan(576).n, 576);
 * assert.throws(() => createFftPlan(7), /next one is 8/);
 * ```
 */
export function createFftPlan(n: number): FftPlan {
  const next = goodFftSize(n);
  if (next !== n) {
    throw new RangeError(
      `Length of a transform: found ${n}, expected 2^a 3^b 5^c; the next one is ${next}`,
    );
  }
  const passes: FftPass[] = [];
  for (let length = n; length > 1;) {
    const radix = [4, 2, 3, 5].find((one) => length % one === 0)!, m = length / radix;
    const cosine = new Float64Array(m * (radix - 1)), sine = new Float64Array(m * (radix - 1));
    for (let p = 0; p < m; p++) {
      for (let j = 1; j < radix; j++) {
        const cycles = j * p / length, at = p * (radix - 1) + j - 1;
        cosine[at] = cos2pi(cycles);
        sine[at] = -sin2pi(cycles);
      }
    }
    passes.push(Object.freeze({ radix, m, cosine, sine }));
    length = m;
  }
  return Object.freeze({ kind: "fft-plan", n, passes: Object.freeze(passes) });
}

function checkLength(name: string, values: Float64Array, expected: number): void {
  if (values.length !== expected) {
    throw new TypeError(`${name} has ${values.length} elements, expected ${expected}`);
  }
}

/** Transforms in place, with the copy back where the passes end in the scratch arrays. */
function transform(plan: FftPlan, re: Float64Array, im: Float64Array): void {
  const scratchRe = new Float64Array(re.length), scratchIm = new Float64Array(re.length);
  if (runPasses(plan.passes, re.length / plan.n, re, im, scratchRe, scratchIm)) {
    re.set(scratchRe);
    im.set(scratchIm);
  }
}

/**
 * X[k] = Σ_t x[t] e^{-2πi kt/n}, in place and not scaled.
 *
 * Arrays of c n elements are c interleaved sequences, element t of sequence q at [t c + q].
 *
 * @param plan the plan of the length n
 * @param data real and imaginary parts, n elements each or a multiple of it; overwritten
 * @throws TypeError where the lengths are not equal multiples of n
 * @example
 * ```ts
 * import { createFftPlan, fftInPlace } from "@gammarx/gammarx/numeric";
 * import assert from "node:assert/strict";
 * const re = Float64Array.of(1, 0, -1, 0), im = new Float64Array(4);
 * fftInPlace(createFftPlan(4), { re, im });
 * assert.deepEqual([...re], [0, 2, 0, 2]);
 * ```
 *
 * Source: agrees with numpy.fft.fft to 1e-15 log₂ n relative to the largest |X|.
 */
export function fftInPlace(
  plan: FftPlan,
  data: { readonly re: Float64Array; readonly im: Float64Array },
): void {
  const { re, im } = data;
  if (re.length === 0 || re.length % plan.n !== 0) {
    throw new TypeError(`re has ${re.length} elements, expected a multiple of ${plan.n}`);
  }
  checkLength("im", im, re.length);
  transform(plan, re, im);
}

/**
 * x[t] = Σ_k X[k] e^{+2πi kt/n}, in place and not scaled: divide by n to undo
 * {@linkcode fftInPlace}.
 *
 * @param plan the plan of the length n
 * @param data as in {@linkcode fftInPlace}
 * @throws TypeError where the lengths are not equal multiples of n
 * @example
 * ```ts
 * import { createFftPlan, fftInPlace, inverseFftInPlace } from "@gammarx/gammarx/numeric";
 * import assert from "node:assert/strict";
 * const plan = createFftPlan(3), re = Float64Array.of(1, 2, 3), im = new Float64Array(3);
 * fftInPlace(plan, { re, im });
 * inverseFftInPlace(plan, { re, im });
 * assert.ok([3, 6, 9].every((value, t) => Math.abs(re[t]! - value) < 1e-14));
 * ```
 */
export function inverseFftInPlace(
  plan: FftPlan,
  data: { readonly re: Float64Array; readonly im: Float64Array },
): void {
  fftInPlace(plan, { re: data.im, im: data.re });
}
