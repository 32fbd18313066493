import type { StreamItem } from "../../src/data/mod.ts";
import { compact, type EventBatch, requireColumn } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { type PhaseSums, phaseSums as addPhaseSums } from "../../src/stats/mod.ts";
import type { Accumulator } from "./accumulator.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

/** The trigonometric sums of a stream, from which Z²ₙ, H, Rayleigh and cosine tests follow. */
export interface PhaseSumsResult extends PhaseSums {
  /** Events without a phase. */
  readonly outside: number;
}

/** Sums of {@link phaseSums}. */
export interface PhaseSumsState {
  /** Events summed. */
  n: number;
  /** Σ w. */
  sumW: number;
  /** Σ w². */
  sumW2: number;
  /** Harmonics. */
  maxHarmonic: number;
  /** C₁ … C_K. */
  readonly cos: Float64Array;
  /** S₁ … S_K. */
  readonly sin: Float64Array;
  /** Events without a phase. */
  outside: number;
}

/** Which sums to keep. */
export interface PhaseSumsOptions {
  /** Harmonics K; 20. */
  readonly maxHarmonic?: number | undefined;
  /** Weigh events by the column `weight`; false. */
  readonly weighted?: boolean;
}

/**
 * Sums cos 2πkφ and sin 2πkφ over the events of a stream, one event after the other, so that the
 * cut into batches does not show in a single bit. The tests themselves are formulas of `stats`:
 * `z2n`, `hTest`, `rayleighTest`, `cosineTest` take the result.
 *
 * @param options Harmonics, and whether events are weighted.
 * @returns An accumulator that needs `phase`, and `weight` where weighted.
 * @throws RangeError for a number of harmonics outside 1 … 4096.
 * @example
 * ```ts
 * import { fold, phaseSums } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { hTest } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const acc = phaseSums();
 * const batch = createEventBatch({ timeS: new Float64Array(50), phase: new Float64Array(50).fill(0.3) });
 * ok(hTest(acc.result(fold(acc, [batch]))).h > 50);
 * ```
 * @see de Jager, Raubenheimer & Swanepoel 1989, A&A 221, 180; Kerr 2011, ApJ 732, 38 (weights)
 */
export function phaseSums(
  options: PhaseSumsOptions = {},
): Accumulator<StreamItem, Keyed<PhaseSumsState>, PhaseSumsResult> {
  const { maxHarmonic = 20, weighted = false } = options;
  if (!Number.isInteger(maxHarmonic) || maxHarmonic < 1 || maxHarmonic > 4096) {
    throw new RangeError(`phaseSums keeps 1 to 4096 harmonics, found ${maxHarmonic}`);
  }
  const sums = sumAccumulator({
    kind: "phase-sums",
    version: 1,
    key: fingerprint({ maxHarmonic, weighted }),
    exactness: { kind: "rounding", rtol: 1e-12 },
    create: (): PhaseSumsState => ({
      n: 0,
      sumW: 0,
      sumW2: 0,
      maxHarmonic,
      cos: new Float64Array(maxHarmonic),
      sin: new Float64Array(maxHarmonic),
      outside: 0,
    }),
    add(state: PhaseSumsState, item: StreamItem): void {
      if (item.kind !== "batch") return;
      const batch = withPhase(item);
      state.outside += item.length - batch.length;
      addPhaseSums(requireColumn(batch, "phase", "phaseSums"), {
        weights: weighted ? requireColumn(batch, "weight", "phaseSums") : undefined,
        into: state,
      });
    },
    result: (state: PhaseSumsState): PhaseSumsResult => ({
      n: state.n,
      sumW: state.sumW,
      sumW2: state.sumW2,
      maxHarmonic,
      cos: state.cos.slice(),
      sin: state.sin.slice(),
      outside: state.outside,
    }),
  });
  // The number of harmonics is no sum: it stays when states are merged.
  return Object.freeze({
    ...sums,
    merge(into: Keyed<PhaseSumsState>, from: Readonly<Keyed<PhaseSumsState>>): void {
      sums.merge(into, from);
      into.maxHarmonic = maxHarmonic;
    },
  });
}

/** The events that have a phase: all of them, nearly always. */
function withPhase(batch: EventBatch): EventBatch {
  const phase = requireColumn(batch, "phase", "phaseSums");
  let nFinite = 0;
  for (let i = 0; i < phase.length; i++) nFinite += +Number.isFinite(phase[i]);
  if (nFinite === batch.length) return batch;
  const chosen = new Uint32Array(nFinite);
  for (let i = 0, n = 0; i < phase.length; i++) if (Number.isFinite(phase[i])) chosen[n++] = i;
  return compact(batch, chosen, nFinite);
}
