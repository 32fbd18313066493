import { binIndices, type MapAxis } from "../../src/nddata/mod.ts";

let scratch = new Int32Array(1 << 16);

/** Bins of a column in memory that the next call overwrites. */
export function scratchIndices(n: number): Int32Array {
  if (scratch.length < n) scratch = new Int32Array(n);
  return scratch;
}

/** Counts values in `bins`: element 0 is underflow, the last is overflow and takes NaN. */
export function countInto(
  bins: Float64Array,
  axis: MapAxis,
  values: Float64Array,
  n: number,
): void {
  const indices = scratchIndices(n);
  binIndices(axis, values, n, indices);
  for (let i = 0; i < n; i++) {
    const at = indices[i]! + 1;
    bins[at] = bins[at]! + 1;
  }
}

/** What lies outside an axis. */
export interface Outside {
  /** Events below the first edge. */
  readonly underflow: number;
  /** Events from the last edge on, and those without a number there. */
  readonly overflow: number;
}

/** Splits counted bins into the axis' own and what lies outside. */
export function splitBins(bins: Float64Array): Outside & { readonly counts: Float64Array } {
  return {
    counts: bins.slice(1, -1),
    underflow: bins[0]!,
    overflow: bins[bins.length - 1]!,
  };
}
