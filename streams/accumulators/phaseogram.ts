import ndarray, { type NdArray } from "ndarray";
import type { StreamItem } from "../../src/data/mod.ts";
import { requireColumn } from "../../src/events/mod.ts";
import { binIndices, createMapAxis, linearEdges } from "../../src/nddata/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { scratchIndices } from "./_bins.ts";
import type { Accumulator } from "./accumulator.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

/** Events per bin of time and phase, the lower edge included. */
export interface Phaseogram {
  /** Edges of time, seconds after the stream's epoch. */
  readonly edgesS: Float64Array;
  /** Edges of phase, cycles. */
  readonly edges: Float64Array;
  /** Counts, shape [time, phase]. */
  readonly counts: NdArray<Float64Array>;
  /** Events outside the times, or without a phase. */
  readonly outside: number;
}

/** Sums of {@link phaseogram}. */
export interface PhaseogramSums {
  /** Counts, time by phase. */
  readonly counts: Float64Array;
  /** Events outside. */
  outside: number;
}

/** How a phaseogram is binned. */
export interface PhaseogramOptions {
  /** Edges of time, seconds after the stream's epoch, ascending. */
  readonly edgesS: ArrayLike<number>;
  /** Equal bins of phase. */
  readonly nPhaseBins: number;
}

/**
 * Counts events per bin of time and phase: how a pulse drifts.
 *
 * @param options Edges of time and number of phase bins.
 * @returns An accumulator that needs `phase`.
 * @throws RangeError for edges that do not ascend or no phase bins.
 * @example
 * ```ts
 * import { fold, phaseogram } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * const acc = phaseogram({ edgesS: [0, 10, 20], nPhaseBins: 2 });
 * const batch = createEventBatch({ timeS: Float64Array.of(15), phase: Float64Array.of(0.7) });
 * strictEqual(acc.result(fold(acc, [batch])).counts.get(1, 1), 1);
 * ```
 */
export function phaseogram(
  options: PhaseogramOptions,
): Accumulator<StreamItem, Keyed<PhaseogramSums>, Phaseogram> {
  const { nPhaseBins } = options;
  const times = createMapAxis("time", options.edgesS, { unit: "s" });
  const edges = linearEdges({ low: 0, high: 1, nBins: nPhaseBins });
  return sumAccumulator({
    kind: "phaseogram",
    version: 1,
    key: fingerprint({ edgesS: times.edges, nPhaseBins }),
    exactness: { kind: "exact" },
    create: (): PhaseogramSums => ({
      counts: new Float64Array(times.nBins * nPhaseBins),
      outside: 0,
    }),
    add(state: PhaseogramSums, item: StreamItem): void {
      if (item.kind !== "batch") return;
      const phase = requireColumn(item, "phase", "phaseogram");
      const rows = scratchIndices(item.length);
      binIndices(times, item.columns.timeS, item.length, rows);
      const { counts } = state;
      for (let i = 0; i < item.length; i++) {
        const row = rows[i]!, x = phase[i]!;
        if (row >= 0 && row < times.nBins && x >= 0 && x < 1) {
          const near = (x * nPhaseBins) | 0;
          const bin = near + +(x >= edges[near + 1]!) - +(x < edges[near]!);
          const at = row * nPhaseBins + bin;
          counts[at] = counts[at]! + 1;
        } else state.outside++;
      }
    },
    result: (state: PhaseogramSums): Phaseogram => ({
      edgesS: times.edges.slice(),
      edges: edges.slice(),
      counts: ndarray(state.counts.slice(), [times.nBins, nPhaseBins]),
      outside: state.outside,
    }),
  });
}
