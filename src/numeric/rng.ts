/*
 * Seeded random numbers: sfc32 (small fast counter of Doty-Humphrey, PractRand), 128 bits of state,
 * period at least 2^32 and 2^127 on average, uniform doubles of 53 bits.
 */
import { fnv1a64 } from "./fingerprint.ts";
import { lgamma } from "./gamma.ts";

/** Everything a generator needs to go on where it stood; plain data. */
export interface RngState {
  /** Key of the stream: names of seed and splits. */
  readonly key: string;
  /** The four words of sfc32, unsigned 32-bit. */
  readonly words: readonly [number, number, number, number];
  /** The second normal deviate of a polar pair, if one is kept. */
  readonly spare: number | null;
}

/** A stream of random numbers; what changes lives inside. */
export interface Rng {
  /** Uniform on [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number;
  /** Standard normal deviate (polar method), or with mean and standard deviation. */
  normal(mean?: number, sigma?: number): number;
  /** Poisson deviate of a mean in [0, 2⁵³); throws RangeError for others. */
  poisson(mean: number): number;
  /** Exponential deviate of a mean, default 1. */
  exponential(mean?: number): number;
  /** Integer uniform on [0, n), for n in 1..2³² without bias. */
  integer(n: number): number;
  /** Fills with uniform deviates, and returns, `out`; same numbers as single calls. */
  fillUniform<A extends Float64Array | Float32Array>(out: A): A;
  /** Fills with standard normal deviates, and returns, `out`. */
  fillNormal<A extends Float64Array | Float32Array>(out: A): A;
  /** Fills `out` with Poisson deviates, one mean for all or one for each element. */
  fillPoisson<A extends Float64Array | Float32Array | Int32Array | Uint32Array>(
    out: A,
    means: number | ArrayLike<number>,
  ): A;
  /** An independent stream, named by the label; depends on the seed and the label alone, not on how
   * many numbers were drawn. */
  split(label: string | number): Rng;
  /** Where the stream stands; plain data, shares nothing. */
  state(): RngState;
}

const TWO_M53 = 2 ** -53;

function wordsOf(key: string): [number, number, number, number] {
  const bytes = new TextEncoder().encode(key), again = new Uint8Array(bytes.length + 1);
  again.set(bytes);
  again[bytes.length] = 0xff;
  const one = fnv1a64(bytes), two = fnv1a64(again);
  return [
    parseInt(one.slice(0, 8), 16),
    parseInt(one.slice(8), 16),
    parseInt(two.slice(0, 8), 16) ^ 0x9e3779b9,
    1,
  ];
}

function checkState(state: RngState): void {
  const { key, words, spare } = state;
  if (
    typeof key !== "string" || !Array.isArray(words) || words.length !== 4 ||
    !words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32) ||
    !(spare === null || typeof spare === "number")
  ) {
    throw new TypeError(
      `restoreRng: not the state of a generator: ${JSON.stringify(state)}; give what state() gave`,
    );
  }
}

function make(state: RngState): Rng {
  const { key } = state;
  let [a, b, c, d] = state.words;
  let spare = state.spare;

  function next32(): number {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t | 0;
    return t;
  }

  function uniform(): number {
    const high = next32() >>> 5, low = next32() >>> 6;
    return (high * 67108864 + low) * TWO_M53;
  }

  function standardNormal(): number {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1, y = 2 * uniform() - 1, s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt(-2 * Math.log(s) / s);
      spare = y * scale;
      return x * scale;
    }
  }

  function poissonSmall(mean: number): number {
    const limit = Math.exp(-mean);
    let n = 0, product = uniform();
    while (product > limit) {
      n++;
      product *= uniform();
    }
    return n;
  }

  /** Hörmann 1993, Insurance: Mathematics and Economics 12, 39: transformed rejection with squeeze. */
  function poissonLarge(mean: number): number {
    const root = Math.sqrt(mean), logMean = Math.log(mean), width = 0.931 + 2.53 * root;
    const shift = -0.059 + 0.02483 * width, inverseAlpha = 1.1239 + 1.1328 / (width - 3.4);
    const vr = 0.9277 - 3.6224 / (width - 2);
    for (;;) {
      const u = uniform() - 0.5, v = uniform(), us = 0.5 - Math.abs(u);
      const k = Math.floor((2 * shift / us + width) * u + mean + 0.43);
      if (us >= 0.07 && v <= vr) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      const left = Math.log(v * inverseAlpha / (shift / (us * us) + width));
      if (left <= k * logMean - mean - lgamma(k + 1)) return k;
    }
  }

  function poisson(mean: number): number {
    if (mean >= 10 && mean < 2 ** 53) return poissonLarge(mean);
    if (mean >= 0 && mean < 10) return mean === 0 ? 0 : poissonSmall(mean);
    throw new RangeError(`poisson(${mean}): the mean must be in [0, 2^53)`);
  }

  function integer(n: number): number {
    if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 32)) {
      throw new RangeError(`integer(${n}): needs an integer in 1..2^32`);
    }
    const limit = 2 ** 32 - 2 ** 32 % n;
    for (;;) {
      const word = next32() >>> 0;
      if (word < limit) return word % n;
    }
  }

  return Object.freeze({
    uniform,
    normal: (mean = 0, sigma = 1) => mean + sigma * standardNormal(),
    poisson,
    exponential: (mean = 1) => -mean * Math.log1p(-uniform()),
    integer,
    fillUniform<A extends Float64Array | Float32Array>(out: A): A {
      for (let i = 0; i < out.length; i++) out[i] = uniform();
      return out;
    },
    fillNormal<A extends Float64Array | Float32Array>(out: A): A {
      for (let i = 0; i < out.length; i++) out[i] = standardNormal();
      return out;
    },
    fillPoisson<A extends Float64Array | Float32Array | Int32Array | Uint32Array>(
      out: A,
      means: number | ArrayLike<number>,
    ): A {
      if (typeof means === "number") {
        for (let i = 0; i < out.length; i++) out[i] = poisson(means);
        return out;
      }
      if (means.length !== out.length) {
        throw new TypeError(`fillPoisson: ${means.length} means for ${out.length} elements`);
      }
      for (let i = 0; i < out.length; i++) out[i] = poisson(means[i]!);
      return out;
    },
    split: (label: string | number) => seeded(`${key}/${typeof label}:${label}`),
    state: (): RngState => ({
      key,
      words: [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
      spare,
    }),
  });
}

function seeded(key: string): Rng {
  const rng = make({ key, words: wordsOf(key), spare: null });
  for (let i = 0; i < 10; i++) rng.uniform();
  return rng;
}

/**
 * A seeded stream of random numbers; equal seeds give equal streams on every machine.
 *
 * @param seed any number or text; 1 and "1" are different seeds
 * @returns a new generator, owned by the caller
 * @example
 * ```ts
 * import { createRng } from "@gammarx/gammarx/numeric";
 * import { equal, ok } from "node:assert/strict";
 * const rng = createRng("crab"), u = rng.uniform();
 * equal(createRng("crab").uniform(), u);
 * ok(u >= 0 && u < 1);
 * ```
 * Source: sfc32 of PractRand 0.95; Marsaglia's polar method; Hörmann 1993 (PTRS) for large Poisson means.
 */
export function createRng(seed: number | string): Rng {
  return seeded(`${typeof seed}:${seed}`);
}

/**
 * A generator that goes on where `state` was taken.
 *
 * @param state what `rng.state()` gave, also after JSON
 * @returns a new generator, owned by the caller
 * @throws TypeError where it is no such state
 * @example
 * ```ts
 * import { createRng, restoreRng } from "@gammarx/gammarx/numeric";
 * import { equal } from "node:assert/strict";
 * const rng = createRng(1);
 * rng.normal();
 * const kept = rng.state();
 * equal(restoreRng(kept).normal(), rng.normal());
 * ```
 */
export function restoreRng(state: RngState): Rng {
  checkState(state);
  return make(state);
}
