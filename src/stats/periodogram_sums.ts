/*
 * Sums of a non-uniform Fourier transform of events, event after event: the state of a periodogram.
 *   S_k(f_i) = Σ w e^{2πi k (f_i τ + ½ ḟ τ²)},  τ = t − t_ref
 *   = Σ a e^{2πi m x},  a = w e^{2πi k (f_c τ + ½ ḟ τ²)},  x = k δf τ,  m = i − ⌊M/2⌋
 * The time of an event does not depend on M. Sums are linear: states add.
 */
import { cos2pi, sin2pi } from "../numeric/mod.ts";
import {
  BLOCK,
  blockCycles,
  createBlock,
  type EventBlock,
  eventCount,
  fillBlock,
} from "./_cycles.ts";
import { kernelOf, type PeriodogramPlan, ringCells } from "./periodogram_plan.ts";
import { kernelPoints, type RingKernel } from "./_ring_kernel.ts";

/** What a periodogram keeps of its events: sums, which add. */
export interface PeriodogramSums {
  /** Events summed. */
  n: number;
  /** Σw. */
  sumW: number;
  /** Σw². */
  sumW2: number;
  /** Σ|w|. */
  sumAbsW: number;
  /** Σ w² τ. */
  sumT: number;
  /** Σ w² τ². */
  sumT2: number;
  /** Events without a finite time and weight, left out. */
  outside: number;
  /** Rings, real and imaginary part by turns: [f1][harmonic][cell]. */
  readonly rings: Float64Array;
}

/** Events and their weights. */
export interface PeriodogramEvents {
  /** Times, seconds on the clock of `referenceS`, in any order. */
  readonly timeS: Float64Array;
  /** Weights; 1 without. */
  readonly weights?: Float64Array | undefined;
  /** Number of leading events to use; all. */
  readonly n?: number | undefined;
}

/**
 * Sums of no events.
 *
 * @param plan The grid.
 * @returns Zeros, owned by the caller: `plan.stateBytes` of memory.
 * @example
 * ```ts
 * import { createPeriodogramPlan, createPeriodogramSums } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const plan = createPeriodogramPlan({ f0CentreHz: 1, stepHz: 1e-4, nTrials: 100 });
 * strictEqual(createPeriodogramSums(plan).rings.byteLength, plan.stateBytes);
 * ```
 */
export function createPeriodogramSums(plan: PeriodogramPlan): PeriodogramSums {
  const length = 2 * plan.maxHarmonic * plan.f1HzPerS.length * ringCells(plan);
  return {
    n: 0,
    sumW: 0,
    sumW2: 0,
    sumAbsW: 0,
    sumT: 0,
    sumT2: 0,
    outside: 0,
    rings: new Float64Array(length),
  };
}

interface Scratch {
  readonly block: EventBlock;
  /** First cell of each event, times two. */
  readonly first: Int32Array;
  /** δ of each event. */
  readonly delta: Float64Array;
  readonly cycles: Float64Array;
  /** cos and sin of the fundamental, and of the harmonic with its weight: [f1][event]. */
  readonly cos1: Float64Array;
  readonly sin1: Float64Array;
  readonly cosK: Float64Array;
  readonly sinK: Float64Array;
  readonly points: Float64Array;
}

function createScratch(nF1: number): Scratch {
  const column = (n: number) => new Float64Array(n), long = () => column(nF1 * BLOCK);
  return {
    block: createBlock(),
    first: new Int32Array(BLOCK),
    delta: column(BLOCK),
    cycles: column(BLOCK),
    cos1: long(),
    sin1: long(),
    cosK: long(),
    sinK: long(),
    points: column(16),
  };
}

function addMoments(sums: PeriodogramSums, { hi, weight, count }: EventBlock): void {
  let { sumW, sumW2, sumAbsW, sumT, sumT2 } = sums;
  for (let i = 0; i < count; i++) {
    const w = weight[i]!, t = hi[i]!, w2 = w * w;
    sumW += w;
    sumW2 += w2;
    sumAbsW += Math.abs(w);
    sumT += w2 * t;
    sumT2 += w2 * t * t;
  }
  sums.sumW = sumW;
  sums.sumW2 = sumW2;
  sums.sumAbsW = sumAbsW;
  sums.sumT = sumT;
  sums.sumT2 = sumT2;
}

/** Phasors of the fundamental at every ḟ; those of harmonic 1 with their weights. */
function startPhasors(plan: PeriodogramPlan, scratch: Scratch): void {
  const { block, cycles, cos1, sin1, cosK, sinK } = scratch, { weight, count } = block;
  plan.f1HzPerS.forEach((f1HzPerS, j) => {
    blockCycles(block, { f0Hz: plan.f0CentreHz, f1HzPerS }, cycles);
    const at = j * BLOCK;
    for (let i = 0; i < count; i++) {
      const x = cycles[i]!, c = cos2pi(x), s = sin2pi(x), w = weight[i]!;
      cos1[at + i] = c;
      sin1[at + i] = s;
      cosK[at + i] = w * c;
      sinK[at + i] = w * s;
    }
  });
}

function nextPhasors({ block: { count }, cos1, sin1, cosK, sinK }: Scratch, nF1: number): void {
  for (let at = 0; at < nF1 * BLOCK; at += BLOCK) {
    for (let i = at; i < at + count; i++) {
      const c = cosK[i]!, s = sinK[i]!, a = cos1[i]!, b = sin1[i]!;
      cosK[i] = c * a - s * b;
      sinK[i] = c * b + s * a;
    }
  }
}

/** Places of the block on the rings of one harmonic. */
function place({ block: { hi, count }, first, delta }: Scratch, stepHz: number, R: number): void {
  for (let i = 0; i < count; i++) {
    const x = stepHz * hi[i]!, u = (x - Math.floor(x)) * R, cell = u | 0;
    first[i] = 2 * (cell + 1);
    delta[i] = u - cell - 0.5;
  }
}

/** Adds the block to the rings of one harmonic: ring j begins at offset + j stride. */
function spread(
  rings: Float64Array,
  scratch: Scratch,
  kernel: RingKernel,
  where: { readonly offset: number; readonly stride: number; readonly nF1: number },
): void {
  const { block: { count }, first, delta, cosK, sinK, points } = scratch;
  const { offset, stride, nF1 } = where, size = 2 * kernel.half;
  for (let i = 0; i < count; i++) {
    kernelPoints(kernel, delta[i]!, points);
    let ring = offset + first[i]!, at = i;
    for (let j = 0; j < nF1; j++, ring += stride, at += BLOCK) {
      const c = cosK[at]!, s = sinK[at]!;
      for (let p = 0, cell = ring; p < size; p++, cell += 2) {
        const g = points[p]!;
        rings[cell] = rings[cell]! + g * c;
        rings[cell + 1] = rings[cell + 1]! + g * s;
      }
    }
  }
}

/**
 * Adds events to the sums of a periodogram, one after the other: any cut into calls gives the same bits.
 *
 * @param plan The grid.
 * @param sums Where to add; changed and returned.
 * @param events Times and weights. An event without a finite time and weight is counted as `outside`.
 * @returns `sums`.
 * @throws TypeError for fewer weights than times; RangeError for n out of range.
 * @example
 * ```ts
 * import { addPeriodogramEvents, createPeriodogramPlan, createPeriodogramSums } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const plan = createPeriodogramPlan({ f0CentreHz: 1, stepHz: 1e-4, nTrials: 100 });
 * const sums = createPeriodogramSums(plan);
 * strictEqual(addPeriodogramEvents(plan, sums, { timeS: Float64Array.of(1, 2, NaN) }).n, 2);
 * ```
 */
export function addPeriodogramEvents(
  plan: PeriodogramPlan,
  sums: PeriodogramSums,
  events: PeriodogramEvents,
): PeriodogramSums {
  const n = eventCount(events), kernel = kernelOf(plan), cells = 2 * ringCells(plan);
  const nF1 = plan.f1HzPerS.length, { maxHarmonic, ringSize, stepHz, referenceS } = plan;
  const scratch = createScratch(nF1), { block } = scratch;
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(n, from + BLOCK);
    fillBlock(block, events, { from, to, referenceS });
    sums.n += block.count;
    sums.outside += to - from - block.count;
    addMoments(sums, block);
    startPhasors(plan, scratch);
    for (let k = 1; k <= maxHarmonic; k++) {
      if (k > 1) nextPhasors(scratch, nF1);
      place(scratch, k * stepHz, ringSize);
      spread(sums.rings, scratch, kernel, {
        offset: (k - 1) * cells,
        stride: maxHarmonic * cells,
        nF1,
      });
    }
  }
  return sums;
}
