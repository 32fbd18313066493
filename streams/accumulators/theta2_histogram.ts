import type { StreamItem } from "../../src/data/mod.ts";
import { requireColumn } from "../../src/events/mod.ts";
import { createMapAxis } from "../../src/nddata/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { separationDegInto } from "../../src/sky/mod.ts";
import { countInto, type Outside, splitBins } from "./_bins.ts";
import type { Accumulator } from "./accumulator.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

/** Events per bin of squared separation from a position. */
export interface Theta2Histogram extends Outside {
  /** Edges, deg², n + 1. */
  readonly edgesDeg2: Float64Array;
  /** Counts per bin, n. */
  readonly counts: Float64Array;
}

/** Sums of {@link theta2Histogram}: underflow, the bins, overflow. */
export interface Theta2Sums {
  /** Counts, n + 2. */
  readonly bins: Float64Array;
}

/** Where to count, and in which bins. */
export interface Theta2Options {
  /** Right ascension ICRS of the position, deg. */
  readonly raDeg: number;
  /** Declination ICRS of the position, deg. */
  readonly decDeg: number;
  /** Edges of θ², deg², ascending. */
  readonly edgesDeg2: ArrayLike<number>;
}

/**
 * Counts events per bin of θ², the squared great-circle separation from a position.
 *
 * @param options Position and edges.
 * @returns An accumulator that needs `raDeg` and `decDeg`.
 * @throws RangeError for edges that do not ascend.
 * @example
 * ```ts
 * import { fold, theta2Histogram } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * const theta2 = theta2Histogram({ raDeg: 83, decDeg: 22, edgesDeg2: [0, 0.01, 0.2] });
 * const batch = createEventBatch({
 *   timeS: new Float64Array(2), raDeg: Float64Array.of(83, 83), decDeg: Float64Array.of(22.05, 22.2),
 * });
 * deepStrictEqual([...theta2.result(fold(theta2, [batch])).counts], [1, 1]);
 * ```
 */
export function theta2Histogram(
  options: Theta2Options,
): Accumulator<StreamItem, Keyed<Theta2Sums>, Theta2Histogram> {
  const from = { lonDeg: options.raDeg, latDeg: options.decDeg };
  const axis = createMapAxis("theta2", options.edgesDeg2, { unit: "deg2" });
  let theta2 = new Float64Array(0);
  return sumAccumulator({
    kind: "theta2-histogram",
    version: 1,
    key: fingerprint({ ...from, edgesDeg2: axis.edges }),
    exactness: { kind: "exact" },
    create: (): Theta2Sums => ({ bins: new Float64Array(axis.nBins + 2) }),
    add(state: Theta2Sums, item: StreamItem): void {
      if (item.kind !== "batch") return;
      const lonDeg = requireColumn(item, "raDeg", "theta2Histogram");
      const latDeg = requireColumn(item, "decDeg", "theta2Histogram");
      if (theta2.length < item.length) theta2 = new Float64Array(item.length);
      separationDegInto({ lonDeg, latDeg }, { from, out: theta2 });
      for (let i = 0; i < item.length; i++) theta2[i] = theta2[i]! * theta2[i]!;
      countInto(state.bins, axis, theta2, item.length);
    },
    result: (state: Theta2Sums): Theta2Histogram => ({
      edgesDeg2: axis.edges.slice(),
      ...splitBins(state.bins),
    }),
  });
}
