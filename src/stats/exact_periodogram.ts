/*
 * Periodograms by brute force: every event at every trial. To hold the fast one against, and for a few
 * hundred trials.
 *   e^{2πi k f_{i+1} τ} = e^{2πi k f_i τ} e^{2πi k δf τ}: a rotation a trial, begun anew each SEED trials
 */
import { cos2pi, sin2pi } from "../numeric/mod.ts";
import { BLOCK, blockCycles, createBlock, eventCount, fillBlock } from "./_cycles.ts";
import { assemblePeriodogram, type Periodogram } from "./periodogram.ts";
import {
  createPeriodogramPlan,
  type PeriodogramOptions,
  type PeriodogramPlan,
} from "./periodogram_plan.ts";
import type { PeriodogramEvents } from "./periodogram_sums.ts";

const SEED = 512;

/** Sums over all events that every way needs. */
export interface EventMoments {
  readonly n: number;
  readonly sumW: number;
  readonly sumW2: number;
  readonly sumAbsW: number;
  readonly sumT: number;
  readonly sumT2: number;
  readonly outside: number;
}

/** Moments of events about a reference. */
export function eventMoments(events: PeriodogramEvents, referenceS: number): EventMoments {
  const total = eventCount(events), { timeS, weights } = events;
  let n = 0, sumW = 0, sumW2 = 0, sumAbsW = 0, sumT = 0, sumT2 = 0;
  for (let i = 0; i < total; i++) {
    const t = timeS[i]! - referenceS, w = weights === undefined ? 1 : weights[i]!;
    if (!Number.isFinite(t + w)) continue;
    n++;
    sumW += w;
    sumW2 += w * w;
    sumAbsW += Math.abs(w);
    sumT += w * w * t;
    sumT2 += w * w * t * t;
  }
  return { n, sumW, sumW2, sumAbsW, sumT, sumT2, outside: total - n };
}

/** A plan without a limit of memory: no rings are made. */
export function planOf(options: PeriodogramOptions): PeriodogramPlan {
  return createPeriodogramPlan({ ...options, maxBytes: Infinity });
}

/** Four phasors and their steps, run over trials into sums. */
function rotate(
  start: Float64Array,
  step: Float64Array,
  re: Float64Array,
  im: Float64Array,
  range: { readonly from: number; readonly to: number },
): void {
  let a = start[0]!, b = start[1]!, c = start[2]!, d = start[3]!;
  let e = start[4]!, f = start[5]!, g = start[6]!, h = start[7]!;
  const p = step[0]!, q = step[1]!, r = step[2]!, s = step[3]!;
  const t = step[4]!, u = step[5]!, v = step[6]!, w = step[7]!;
  for (let i = range.from; i < range.to; i++) {
    re[i] = re[i]! + ((a + c) + (e + g));
    im[i] = im[i]! + ((b + d) + (f + h));
    const a1 = a * p - b * q, c1 = c * r - d * s, e1 = e * t - f * u, g1 = g * v - h * w;
    b = a * q + b * p;
    d = c * s + d * r;
    f = e * u + f * t;
    h = g * w + h * v;
    a = a1;
    c = c1;
    e = e1;
    g = g1;
  }
}

/**
 * Z²_n and H on a grid of frequencies and derivatives, event by event and trial by trial: about 1 ns for each
 * event, trial and harmonic.
 *
 * @param events Times and weights.
 * @param options The grid.
 * @returns The periodogram, owned by the caller; each sum is exact to about 1e-13 Σ|w|.
 * @throws As `createPeriodogramPlan`.
 * @example
 * ```ts
 * import { exactPeriodogram } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const timeS = Float64Array.from({ length: 200 }, (_, i) => i / 2 + 0.1);
 * const { z2 } = exactPeriodogram({ timeS }, { f0CentreHz: 2, spanS: 100, nTrials: 1 });
 * ok(Math.abs(z2[1]![0]! - 800) < 1e-9);
 * ```
 */
export function exactPeriodogram(
  events: PeriodogramEvents,
  options: PeriodogramOptions,
): Periodogram {
  const plan = planOf(options), { nTrials: M, maxHarmonic: K, stepHz, referenceS, f1HzPerS } = plan;
  const sums = f1HzPerS.map(() =>
    Array.from({ length: K }, () => ({ re: new Float64Array(M), im: new Float64Array(M) }))
  );
  const block = createBlock(), cycles = new Float64Array(BLOCK), n = eventCount(events);
  const start = new Float64Array(8), step = new Float64Array(8), middle = Math.floor(M / 2);
  for (let from = 0; from < n; from += BLOCK) {
    fillBlock(block, events, { from, to: Math.min(n, from + BLOCK), referenceS });
    const { hi, weight, count } = block;
    f1HzPerS.forEach((f1, j) => {
      blockCycles(block, { f0Hz: plan.f0CentreHz, f1HzPerS: f1 }, cycles);
      for (let k = 1; k <= K; k++) {
        const { re, im } = sums[j]![k - 1]!;
        for (let seed = 0; seed < M; seed += SEED) {
          for (let i = 0; i < count; i += 4) {
            for (let q = 0; q < 4; q++) {
              const at = Math.min(i + q, count - 1), w = i + q < count ? weight[at]! : 0;
              const turn = k * stepHz * hi[at]!, phase = k * cycles[at]! + (seed - middle) * turn;
              start[2 * q] = w * cos2pi(phase);
              start[2 * q + 1] = w * sin2pi(phase);
              step[2 * q] = cos2pi(turn);
              step[2 * q + 1] = sin2pi(turn);
            }
            rotate(start, step, re, im, { from: seed, to: Math.min(M, seed + SEED) });
          }
        }
      }
    });
  }
  return assemblePeriodogram({
    ...plan,
    ...eventMoments(events, referenceS),
    method: "exact",
    epsilon: 1e-13,
    powers(k, j, out) {
      const { re, im } = sums[j]![k - 1]!;
      for (let i = 0; i < M; i++) out[i] = re[i]! * re[i]! + im[i]! * im[i]!;
    },
  });
}
