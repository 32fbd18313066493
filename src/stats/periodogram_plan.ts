/*
 * The grid of a periodogram and what it costs.
 *   f_i = f_c + (i − ⌊M/2⌋) δf, i = 0..M − 1;  a ring of R >= 2 M points for each harmonic and each ḟ
 */
import { goodFftSize } from "../numeric/mod.ts";
import { type RingKernel, ringKernel } from "./_ring_kernel.ts";

/** Which part of a larger search a periodogram is. */
export interface PeriodogramTile {
  /** Place of this part, from 0. */
  readonly index: number;
  /** Number of parts. */
  readonly count: number;
}

/** The trial frequencies of a periodogram. */
export interface PeriodogramOptions {
  /** Frequency at the middle of the grid (trial ⌊M/2⌋), Hz. */
  readonly f0CentreHz: number;
  /** Number of trial frequencies M, 1 to 2²⁸. */
  readonly nTrials: number;
  /** Step of frequency, Hz; or give `spanS`. */
  readonly stepHz?: number | undefined;
  /** Length T of the observation, seconds: the step is 1/(oversampling T). */
  readonly spanS?: number | undefined;
  /** Steps in 1/T; 5. A trial half a step away loses 1 − sinc²(k/(2 oversampling)) of harmonic k. */
  readonly oversampling?: number | undefined;
  /** Harmonics K, 1 to 20; 2. */
  readonly maxHarmonic?: number | undefined;
  /** Frequency derivatives to try, Hz/s; [0]. See `f1Steps`. */
  readonly f1HzPerS?: readonly number[] | Float64Array | undefined;
  /** Time to which f0 belongs and from which phases count, on the clock of the events; 0. The middle of the
   * observation keeps f0 and f1 apart. */
  readonly referenceS?: number | undefined;
  /** Points of the ring that an event touches to each side, 3 to 7; 6. The error of a sum is 4e-5, 5e-7,
   * 1e-8, 1e-10 or 1e-12 of Σ|w|. */
  readonly pointsPerSide?: number | undefined;
  /** Memory that may be used, bytes; 2³⁰. */
  readonly maxBytes?: number | undefined;
  /** Which part of a larger search this is. */
  readonly tile?: PeriodogramTile | undefined;
}

/** What a periodogram takes, stated before it begins. */
export interface PeriodogramMemory {
  /** Of the sums: rings of all harmonics and derivatives. */
  readonly stateBytes: number;
  /** Of a readout beside the sums: transforms and result. */
  readonly readBytes: number;
  /** Both. */
  readonly memoryBytes: number;
}

/** A checked grid with all that follows from it; plain and frozen. */
export interface PeriodogramPlan extends PeriodogramMemory {
  /** Frequency at the middle, Hz. */
  readonly f0CentreHz: number;
  /** Step of frequency, Hz. */
  readonly stepHz: number;
  /** Number of trial frequencies M. */
  readonly nTrials: number;
  /** Harmonics K. */
  readonly maxHarmonic: number;
  /** Frequency derivatives, Hz/s. */
  readonly f1HzPerS: readonly number[];
  /** Time to which f0 belongs. */
  readonly referenceS: number;
  /** Points to each side. */
  readonly pointsPerSide: number;
  /** Points of a ring R. */
  readonly ringSize: number;
  /** Error of a trigonometric sum, as a part of Σ|w|. */
  readonly epsilon: number;
  /** Which part of a larger search this is. */
  readonly tile: PeriodogramTile;
}

const WHOLE: PeriodogramTile = Object.freeze({ index: 0, count: 1 });

function stepOf({ stepHz, spanS, oversampling = 5 }: PeriodogramOptions): number {
  if ((stepHz === undefined) === (spanS === undefined)) {
    throw new TypeError("A periodogram needs either stepHz or spanS");
  }
  const step = stepHz ?? 1 / (oversampling * spanS!);
  if (!(step > 0 && step < Infinity)) {
    throw new RangeError(`Step of frequency: found ${step} Hz, expected a number above 0`);
  }
  return step;
}

function checkInteger(name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new RangeError(`${name}: found ${value}, expected an integer from ${low} to ${high}`);
}

/** Cells of a ring: its points, and a margin to each side for events near its ends. */
export function ringCells(plan: Pick<PeriodogramPlan, "ringSize" | "pointsPerSide">): number {
  return plan.ringSize + 2 * plan.pointsPerSide + 2;
}

function memoryOf(nTrials: number, sizes: {
  readonly maxHarmonic: number;
  readonly nF1: number;
  readonly pointsPerSide: number;
}): PeriodogramMemory & { readonly ringSize: number } {
  const { maxHarmonic, nF1, pointsPerSide } = sizes;
  const ringSize = Math.max(goodFftSize(2 * nTrials), goodFftSize(4 * pointsPerSide));
  const stateBytes = 16 * maxHarmonic * nF1 * ringCells({ ringSize, pointsPerSide });
  // four arrays of a transform, its twiddles, 1/φ̂, powers; z2, h, its harmonic, f0
  const readBytes = (32 + 16) * ringSize + 12 * nTrials +
    nF1 * nTrials * (8 * maxHarmonic + 9) + 8 * nTrials;
  return { stateBytes, readBytes, memoryBytes: stateBytes + readBytes, ringSize };
}

/**
 * Checks the grid of a periodogram and says what it costs.
 *
 * @param options Centre, step or span, number of trials, harmonics, derivatives.
 * @returns A frozen record.
 * @throws TypeError without a step; RangeError for numbers out of range, and where more memory is needed than
 *   `maxBytes`: `tilePeriodogram` then cuts the search into parts.
 * @example
 * ```ts
 * import { createPeriodogramPlan } from "@gammarx/gammarx/stats";
 * import { ok, strictEqual } from "node:assert/strict";
 * const plan = createPeriodogramPlan({ f0CentreHz: 7.3, spanS: 1e4, nTrials: 1000 });
 * strictEqual(plan.stepHz, 2e-5);
 * ok(plan.memoryBytes < 1e6);
 * ```
 */
export function createPeriodogramPlan(options: PeriodogramOptions): PeriodogramPlan {
  const {
    f0CentreHz,
    nTrials,
    maxHarmonic = 2,
    f1HzPerS = [0],
    referenceS = 0,
    pointsPerSide = 6,
    maxBytes = 2 ** 30,
    tile = WHOLE,
  } = options;
  const stepHz = stepOf(options), f1 = Array.from(f1HzPerS);
  if (![f0CentreHz, referenceS, ...f1].every(Number.isFinite) || f1.length === 0) {
    throw new RangeError(
      `f0CentreHz = ${f0CentreHz}, referenceS = ${referenceS}, f1HzPerS = [${f1.slice(0, 5)}]: ` +
        `expected finite numbers, at least one f1`,
    );
  }
  checkInteger("nTrials", nTrials, 1, 2 ** 28);
  checkInteger("maxHarmonic", maxHarmonic, 1, 20);
  checkInteger("pointsPerSide", pointsPerSide, 3, 7);
  const memory = memoryOf(nTrials, { maxHarmonic, nF1: f1.length, pointsPerSide });
  if (memory.memoryBytes > maxBytes) {
    throw new RangeError(
      `A periodogram of ${nTrials} frequencies, ${maxHarmonic} harmonics and ${f1.length} derivatives ` +
        `needs ${memory.memoryBytes} bytes, more than maxBytes = ${maxBytes}: raise it, or search the ` +
        `parts that tilePeriodogram gives`,
    );
  }
  return Object.freeze({
    f0CentreHz,
    stepHz,
    nTrials,
    maxHarmonic,
    f1HzPerS: Object.freeze(f1),
    referenceS,
    pointsPerSide,
    epsilon: ringKernel(pointsPerSide).epsilon,
    tile,
    ...memory,
  });
}

/** The kernel of a plan. */
export function kernelOf(plan: Pick<PeriodogramPlan, "pointsPerSide">): RingKernel {
  return ringKernel(plan.pointsPerSide);
}

/**
 * Cuts a search into parts of neighbouring frequencies, each within `maxBytes`; a part of one derivative is
 * the least. The parts hold every trial once; each says in `tile` which part it is. A peak at the end of one
 * part may be the flank of one in the next.
 *
 * @param options The whole search; `nTrials` may be any number up to 2⁵².
 * @returns Options of each part, ascending in frequency.
 * @throws RangeError where not even 1024 trial frequencies fit; TypeError without a step.
 * @example
 * ```ts
 * import { tilePeriodogram } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const tiles = tilePeriodogram({ f0CentreHz: 30, stepHz: 1e-7, nTrials: 1e8 });
 * strictEqual(tiles.reduce((n, tile) => n + tile.nTrials, 0), 1e8);
 * ```
 */
export function tilePeriodogram(options: PeriodogramOptions): PeriodogramOptions[] {
  const { nTrials, f0CentreHz, maxHarmonic = 2, pointsPerSide = 6, maxBytes = 2 ** 30 } = options;
  const stepHz = stepOf(options), nF1 = options.f1HzPerS?.length ?? 1;
  checkInteger("nTrials", nTrials, 1, 2 ** 52);
  const bytesOf = (n: number) => memoryOf(n, { maxHarmonic, nF1, pointsPerSide }).memoryBytes;
  let most = Math.min(nTrials, 2 ** 28);
  while (bytesOf(most) > maxBytes) {
    if (most <= 1024) {
      throw new RangeError(
        `${maxHarmonic} harmonics and ${nF1} derivatives of ${most} frequencies need ${
          bytesOf(most)
        } bytes, more than maxBytes = ${maxBytes}: search fewer derivatives at a time`,
      );
    }
    most = Math.max(1024, Math.floor(most * 0.9));
  }
  const count = Math.ceil(nTrials / most), middle = Math.floor(nTrials / 2);
  const { spanS: _spanS, oversampling: _oversampling, ...rest } = options;
  return Array.from({ length: count }, (_, index) => {
    const first = Math.floor(index * nTrials / count);
    const n = Math.floor((index + 1) * nTrials / count) - first;
    const centre = first + Math.floor(n / 2) - middle;
    return {
      ...rest,
      stepHz,
      nTrials: n,
      f0CentreHz: f0CentreHz + centre * stepHz,
      tile: { index, count },
    };
  });
}
