/*
 * Floating-point pixels as integers: q = round((x − zero)/scale + r − 1/2), with r from a sequence of
 * random numbers that every program knows.
 *
 * Source: Pence, Seaman & White 2009, PASP 121, 414; FITS 4.0, section 10.2 and appendix I.
 */

const LENGTH = 10_000;
/** Stands for a value that is none. */
export const NULL_VALUE = -2147483647;
/** Stands for exactly 0 in the second method. */
export const ZERO_VALUE = -2147483646;

let sequence: Float32Array | undefined;

/** The sequence of Park and Miller, started with 1, in single precision. */
function randoms(): Float32Array {
  if (sequence === undefined) {
    sequence = new Float32Array(LENGTH);
    for (let i = 0, seed = 1; i < LENGTH; i++) {
      seed = 16807 * seed % 2147483647;
      sequence[i] = seed / 2147483647;
    }
  }
  return sequence;
}

/** How a tile was quantised. */
export interface Quantisation {
  /** Step. */
  readonly scale: number;
  /** Value of 0. */
  readonly zero: number;
  /** 0: none, 1 and 2: the two methods of subtractive dithering. */
  readonly dither: 0 | 1 | 2;
  /** Number of the tile (from 0) plus ZDITHER0 − 1. */
  readonly seed: number;
  /** The integer that stands for no value. */
  readonly blank: number | undefined;
}

/** Values of quantised pixels. */
export function unquantise(
  pixels: Int32Array,
  { scale, zero, dither, seed, blank }: Quantisation,
  out: Float64Array,
): void {
  if (dither === 0) {
    for (let i = 0; i < out.length; i++) {
      const q = pixels[i]!;
      out[i] = q === blank ? NaN : q * scale + zero;
    }
    return;
  }
  const random = randoms();
  let start = seed % LENGTH, next = Math.trunc(random[start]! * 500);
  for (let i = 0; i < out.length; i++) {
    const q = pixels[i]!;
    out[i] = q === blank
      ? NaN
      : dither === 2 && q === ZERO_VALUE
      ? 0
      : (q - random[next]! + 0.5) * scale + zero;
    if (++next === LENGTH) {
      start = (start + 1) % LENGTH;
      next = Math.trunc(random[start]! * 500);
    }
  }
}

/** Integers of values, as {@link unquantise} reads them; NaN becomes NULL_VALUE. */
export function quantise(
  values: ArrayLike<number>,
  { scale, zero, dither, seed }: Omit<Quantisation, "blank">,
): Int32Array {
  const out = new Int32Array(values.length), random = randoms();
  let start = seed % LENGTH, next = Math.trunc(random[start]! * 500);
  for (let i = 0; i < out.length; i++) {
    const x = values[i]!;
    if (Number.isNaN(x)) out[i] = NULL_VALUE;
    else if (dither === 2 && x === 0) out[i] = ZERO_VALUE;
    else {
      const shift = dither === 0 ? 0.5 : random[next]!;
      out[i] = Math.floor((x - zero) / scale + shift);
    }
    if (++next === LENGTH) {
      start = (start + 1) % LENGTH;
      next = Math.trunc(random[start]! * 500);
    }
  }
  return out;
}

/**
 * Noise of a run of values: from the median of |2 xᵢ − xᵢ₋₂ − xᵢ₊₂|, which a smooth signal does not change.
 *
 * Source: Stoehr et al. 2008, ASP Conf. 394, 505, equation 1.
 */
export function noiseOf(values: ArrayLike<number>): number {
  const differences: number[] = [];
  for (let i = 2; i + 2 < values.length; i++) {
    const d = 2 * values[i]! - values[i - 2]! - values[i + 2]!;
    if (Number.isFinite(d)) differences.push(Math.abs(d));
  }
  if (differences.length === 0) return 0;
  return 0.6052697 * Float64Array.from(differences).sort()[differences.length >>> 1]!;
}
