import type { StreamItem } from "../../src/data/mod.ts";
import { requireColumn } from "../../src/events/mod.ts";
import { createMapAxis } from "../../src/nddata/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { countInto, type Outside, splitBins } from "./_bins.ts";
import type { Accumulator } from "./accumulator.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

/** Events per bin of reconstructed energy. */
export interface CountsSpectrum extends Outside {
  /** Edges, TeV, n + 1. */
  readonly edgesTeV: Float64Array;
  /** Counts per bin, n. */
  readonly counts: Float64Array;
}

/** Sums of {@link countsSpectrum}: underflow, the bins, overflow. */
export interface CountsSpectrumSums {
  /** Counts, n + 2. */
  readonly bins: Float64Array;
}

/**
 * Counts events per bin of reconstructed energy, `edge[i] <= E < edge[i + 1]`.
 *
 * @param edgesTeV Edges, TeV, ascending; copied.
 * @returns An accumulator that needs `energyTeV`.
 * @throws RangeError for edges that do not ascend.
 * @example
 * ```ts
 * import { countsSpectrum, fold } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * const spectrum = countsSpectrum([1, 2, 4]);
 * const batch = createEventBatch({ timeS: new Float64Array(2), energyTeV: Float64Array.of(1.5, 9) });
 * const { counts, overflow } = spectrum.result(fold(spectrum, [batch]));
 * deepStrictEqual([...counts, overflow], [1, 0, 1]);
 * ```
 */
export function countsSpectrum(
  edgesTeV: ArrayLike<number>,
): Accumulator<StreamItem, Keyed<CountsSpectrumSums>, CountsSpectrum> {
  const axis = createMapAxis("energy", edgesTeV, { unit: "TeV", interp: "log" });
  return sumAccumulator({
    kind: "counts-spectrum",
    version: 1,
    key: fingerprint({ edgesTeV: axis.edges }),
    exactness: { kind: "exact" },
    create: (): CountsSpectrumSums => ({ bins: new Float64Array(axis.nBins + 2) }),
    add(state: CountsSpectrumSums, item: StreamItem): void {
      if (item.kind !== "batch") return;
      countInto(state.bins, axis, requireColumn(item, "energyTeV", "countsSpectrum"), item.length);
    },
    result: (state: CountsSpectrumSums): CountsSpectrum => ({
      edgesTeV: axis.edges.slice(),
      ...splitBins(state.bins),
    }),
  });
}
