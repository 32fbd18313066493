import type { StreamItem } from "../../src/data/mod.ts";
import { requireColumn } from "../../src/events/mod.ts";
import { linearEdges } from "../../src/nddata/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import type { Accumulator } from "./accumulator.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

/** Events per bin of phase, edge[i] <= φ < edge[i + 1]. */
export interface Phasogram {
  /** Edges in cycles from 0 to 1, n + 1. */
  readonly edges: Float64Array;
  /** Counts per bin, n. */
  readonly counts: Float64Array;
  /** Σ w per bin, n; the counts where events have no weights. */
  readonly weighted: Float64Array;
  /** √Σw² per bin, n. */
  readonly errors: Float64Array;
  /** Level that is not the source's: Σ w (1 − w) / n; 0 without weights. */
  readonly backgroundPerBin: number;
  /** Events without a phase in [0, 1). */
  readonly outside: number;
}

/** Sums of {@link phasogram}. */
export interface PhasogramSums {
  /** Counts per bin. */
  readonly counts: Float64Array;
  /** Σ w per bin. */
  readonly sumW: Float64Array;
  /** Σ w² per bin. */
  readonly sumW2: Float64Array;
  /** Σ w (1 − w). */
  background: number;
  /** Events without a phase. */
  outside: number;
}

/**
 * Counts events per bin of phase; with a `weight` column it sums weights too.
 *
 * @param nBins Number of equal bins of [0, 1).
 * @param options `weighted`: sum the column `weight` (false: counts only).
 * @returns An accumulator that needs `phase` (see assignPhase).
 * @throws RangeError for a number of bins that is not whole and positive.
 * @example
 * ```ts
 * import { fold, phasogram } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * const acc = phasogram(4);
 * const batch = createEventBatch({ timeS: new Float64Array(3), phase: Float64Array.of(0, 0.3, 0.999) });
 * deepStrictEqual([...acc.result(fold(acc, [batch])).counts], [1, 1, 0, 1]);
 * ```
 * @see Abdo et al. 2013, ApJS 208, 17 (2PC), section 5: weighted light curves and their background
 */
export function phasogram(
  nBins: number,
  options: { readonly weighted?: boolean } = {},
): Accumulator<StreamItem, Keyed<PhasogramSums>, Phasogram> {
  const { weighted = false } = options;
  const edges = linearEdges({ low: 0, high: 1, nBins }), isExact = isProductExact(edges);
  return sumAccumulator({
    kind: "phasogram",
    version: 1,
    key: fingerprint({ nBins, weighted }),
    exactness: weighted ? { kind: "rounding", rtol: 1e-12 } : { kind: "exact" },
    create: (): PhasogramSums => ({
      counts: new Float64Array(nBins),
      sumW: new Float64Array(weighted ? nBins : 0),
      sumW2: new Float64Array(weighted ? nBins : 0),
      background: 0,
      outside: 0,
    }),
    add(state: PhasogramSums, item: StreamItem): void {
      if (item.kind !== "batch") return;
      const phase = requireColumn(item, "phase", "phasogram");
      state.outside += isExact
        ? countPhases(state.counts, phase)
        : countSettledPhases(state.counts, phase, edges);
      if (weighted) {
        addWeights(state, { phase, edges, weight: requireColumn(item, "weight", "phasogram") });
      }
    },
    result(state: PhasogramSums): Phasogram {
      const counts = state.counts.slice();
      return {
        edges: edges.slice(),
        counts,
        weighted: weighted ? state.sumW.slice() : counts,
        errors: (weighted ? state.sumW2 : counts).map(Math.sqrt),
        backgroundPerBin: state.background / nBins,
        outside: state.outside,
      };
    },
  });
}

/** Does floor(n x) give the bin whose edges hold x? It ascends with x: look about the edges. */
function isProductExact(edges: Float64Array): boolean {
  const nBins = edges.length - 1;
  return edges.every((edge, i) => {
    const below = edge * (1 - 2 ** -53); // the double before it
    return i === nBins || (Math.floor(edge * nBins) === i && (i === 0 || below * nBins < i));
  });
}

/** Counts phases and gives the number of those outside [0, 1). */
function countPhases(counts: Float64Array, phase: Float64Array): number {
  const nBins = counts.length;
  let outside = 0;
  for (let i = 0; i < phase.length; i++) {
    const x = phase[i]!;
    if (x >= 0 && x < 1) {
      const bin = (x * nBins) | 0;
      counts[bin] = counts[bin]! + 1;
    } else outside++;
  }
  return outside;
}

/** The same where the product may round to the bin beside: the edges settle it. */
function countSettledPhases(
  counts: Float64Array,
  phase: Float64Array,
  edges: Float64Array,
): number {
  const nBins = counts.length;
  let outside = 0;
  for (let i = 0; i < phase.length; i++) {
    const x = phase[i]!;
    if (x >= 0 && x < 1) {
      const near = (x * nBins) | 0;
      const bin = near + +(x >= edges[near + 1]!) - +(x < edges[near]!);
      counts[bin] = counts[bin]! + 1;
    } else outside++;
  }
  return outside;
}

function addWeights(
  state: PhasogramSums,
  { phase, weight, edges }: { phase: Float64Array; weight: Float64Array; edges: Float64Array },
): void {
  const nBins = state.counts.length;
  for (let i = 0; i < phase.length; i++) {
    const x = phase[i]!, w = weight[i]!;
    if (!(x >= 0 && x < 1)) continue;
    const near = (x * nBins) | 0;
    const bin = near + +(x >= edges[near + 1]!) - +(x < edges[near]!);
    state.sumW[bin] = state.sumW[bin]! + w;
    state.sumW2[bin] = state.sumW2[bin]! + w * w;
    state.background += w * (1 - w);
  }
}
