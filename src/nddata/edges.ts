/**
 * Edges at equal ratios, the first and last exactly as given.
 *
 * @param low First edge, > 0.
 * @param high Last edge.
 * @param nBins Number of bins.
 * @returns nBins + 1 edges.
 * @throws RangeError for edges that are not positive and ascending, or no bins.
 * @example
 * ```ts
 * import { logEdges } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual([...logEdges({ low: 1, high: 100, nBins: 2 })].map(Math.round), [1, 10, 100]);
 * ```
 */
export function logEdges(
  { low, high, nBins }: { readonly low: number; readonly high: number; readonly nBins: number },
): Float64Array {
  if (!(low > 0)) throw new RangeError(`A logarithmic axis starts above 0, found ${low}`);
  return spacedEdges({ low, high, nBins }, Math.log, Math.exp);
}

/**
 * Edges at equal steps, the first and last exactly as given.
 *
 * @param low First edge.
 * @param high Last edge.
 * @param nBins Number of bins.
 * @returns nBins + 1 edges.
 * @throws RangeError for edges that do not ascend, or no bins.
 * @example
 * ```ts
 * import { linearEdges } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual([...linearEdges({ low: 0, high: 1, nBins: 2 })], [0, 0.5, 1]);
 * ```
 */
export function linearEdges(
  { low, high, nBins }: { readonly low: number; readonly high: number; readonly nBins: number },
): Float64Array {
  return spacedEdges({ low, high, nBins }, (x) => x, (x) => x);
}

function spacedEdges(
  { low, high, nBins }: { low: number; high: number; nBins: number },
  to: (x: number) => number,
  from: (x: number) => number,
): Float64Array {
  if (!(low < high)) throw new RangeError(`Edges must ascend, found ${low} to ${high}`);
  if (!Number.isInteger(nBins) || nBins < 1) {
    throw new RangeError(`An axis has a whole number of bins, 1 or more, found ${nBins}`);
  }
  const edges = new Float64Array(nBins + 1), a = to(low), b = to(high);
  for (let i = 1; i < nBins; i++) edges[i] = from(a + ((b - a) * i) / nBins);
  edges[0] = low;
  edges[nBins] = high;
  return edges;
}
