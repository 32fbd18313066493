import { intervalOf } from "../numeric/mod.ts";

/** What {@link binIndices} needs of an axis. */
export interface Bins {
  /** Edges, ascending, one more than there are bins; not written. */
  readonly edges: Float64Array;
  /** Whether the coordinate comes round: values are taken modulo last edge − first edge. */
  readonly periodic: boolean;
}

/**
 * Where to start looking for a bin: by the leading bits of a positive double, by arithmetic on
 * equal bins, or (for anything else) by halving.
 */
type BinLookup =
  | {
    readonly kind: "bits";
    readonly keyMin: number;
    readonly shift: number;
    readonly table: Int32Array;
  }
  | { readonly kind: "uniform"; readonly low: number; readonly perUnit: number }
  | { readonly kind: "search" };

const MAX_TABLE = 1 << 14;

const lookups = new WeakMap<Float64Array, BinLookup>();

/** The quickest lookup that the edges allow; made when it is first asked for, kept as long as they are. */
export function lookupOf({ edges }: Bins): BinLookup {
  let lookup = lookups.get(edges);
  if (lookup === undefined) lookups.set(edges, lookup = lookupFor(edges));
  return lookup;
}

function lookupFor(edges: Float64Array): BinLookup {
  const nBins = edges.length - 1, low = edges[0]!, high = edges[nBins]!;
  const step = (high - low) / nBins;
  const isUniform = edges.every((edge, i) => Math.abs(edge - (low + i * step)) < 0.01 * step);
  if (isUniform) return { kind: "uniform", low, perUnit: 1 / step };
  if (low > 0) return bitsLookup(edges) ?? { kind: "search" };
  return { kind: "search" };
}

/** The upper 32 bits of a double: they ascend with it as long as it is positive. */
function upperWord(x: number): number {
  return new Uint32Array(Float64Array.of(x).buffer)[1]!;
}

/**
 * A table from the leading bits of a value to the first bin it may be in. The finest table is
 * taken that fits: the fewer bins share an entry, the fewer steps the settling takes.
 */
function bitsLookup(edges: Float64Array): BinLookup | undefined {
  const nBins = edges.length - 1;
  const first = upperWord(edges[0]!), last = upperWord(edges[nBins]!);
  for (let shift = 8; shift <= 20; shift++) {
    const keyMin = first >>> shift, n = (last >>> shift) - keyMin + 1;
    if (n > MAX_TABLE) continue;
    const table = new Int32Array(n);
    let bin = 0;
    for (let i = 0; i < n; i++) {
      // The smallest double with this key.
      const words = new Uint32Array(2);
      words[1] = ((i + keyMin) << shift) >>> 0;
      const least = new Float64Array(words.buffer)[0]!;
      while (bin < nBins - 1 && least >= edges[bin + 1]!) bin++;
      table[i] = bin;
    }
    return { kind: "bits", keyMin, shift, table };
  }
  return undefined;
}

/**
 * The bin of each value: `edges[bin] <= value < edges[bin + 1]`; −1 below the first edge, nBins
 * from the last edge on and for NaN, so that nothing is lost.
 *
 * @param axis The axis.
 * @param values Values in the axis' unit; the first `n` are read.
 * @param n How many.
 * @param out Takes the bins; at least `n` long.
 * @example
 * ```ts
 * import { binIndices, createMapAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const out = new Int32Array(4);
 * binIndices(createMapAxis("x", [0.1, 1, 10]), Float64Array.of(0.05, 0.1, 10, NaN), 4, out);
 * deepStrictEqual([...out], [-1, 0, 2, 2]);
 * ```
 */
export function binIndices(axis: Bins, values: Float64Array, n: number, out: Int32Array): void {
  const { edges } = axis;
  if (axis.periodic) return byPeriod(edges, values, n, out);
  const lookup = lookupOf(axis);
  switch (lookup.kind) {
    case "bits":
      if (values.byteOffset % 4 === 0) return byBits(lookup, edges, values, n, out);
      return bySearch(edges, values, n, out);
    case "uniform":
      return byArithmetic(lookup, edges, values, n, out);
    case "search":
      return bySearch(edges, values, n, out);
  }
}

function byBits(
  lookup: BinLookup & { kind: "bits" },
  edges: Float64Array,
  values: Float64Array,
  n: number,
  out: Int32Array,
): void {
  const { keyMin, shift, table } = lookup;
  const nBins = edges.length - 1, low = edges[0]!, high = edges[nBins]!;
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * n);
  for (let i = 0; i < n; i++) {
    const x = values[i]!;
    if (x >= low && x < high) {
      let bin = table[(words[2 * i + 1]! >>> shift) - keyMin]!;
      while (x >= edges[bin + 1]!) bin++;
      out[i] = bin;
    } else out[i] = x < low ? -1 : nBins;
  }
}

function byArithmetic(
  lookup: BinLookup & { kind: "uniform" },
  edges: Float64Array,
  values: Float64Array,
  n: number,
  out: Int32Array,
): void {
  const { low, perUnit } = lookup;
  const nBins = edges.length - 1, high = edges[nBins]!;
  for (let i = 0; i < n; i++) {
    const x = values[i]!;
    if (x >= low && x < high) {
      let bin = ((x - low) * perUnit) | 0;
      if (bin >= nBins) bin = nBins - 1;
      while (x < edges[bin]!) bin--;
      while (x >= edges[bin + 1]!) bin++;
      out[i] = bin;
    } else out[i] = x < low ? -1 : nBins;
  }
}

function bySearch(edges: Float64Array, values: Float64Array, n: number, out: Int32Array): void {
  for (let i = 0; i < n; i++) out[i] = searchBin(edges, values[i]!);
}

function byPeriod(edges: Float64Array, values: Float64Array, n: number, out: Int32Array): void {
  for (let i = 0; i < n; i++) out[i] = searchBin(edges, wrapped(edges, values[i]!));
}

/** The value brought into [first edge, last edge) by whole periods; NaN for what is not finite. */
export function wrapped(edges: Float64Array, x: number): number {
  const low = edges[0]!, high = edges[edges.length - 1]!;
  if (x >= low && x < high) return x;
  const period = high - low, inside = x - period * Math.floor((x - low) / period);
  return inside >= high ? low : Math.max(inside, low);
}

/** The definition that the fast ways must agree with. */
function searchBin(edges: Float64Array, x: number): number {
  const nBins = edges.length - 1;
  if (x < edges[0]!) return -1;
  if (!(x < edges[nBins]!)) return nBins;
  return intervalOf(edges, x);
}

/**
 * The bin of one value, by the definition of {@link binIndices}.
 *
 * @returns 0 … nBins − 1, −1 for underflow, nBins for overflow and NaN.
 * @example
 * ```ts
 * import { binIndex, createMapAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(binIndex(createMapAxis("x", [0, 1, 3]), 2), 1);
 * ```
 */
export function binIndex(axis: Bins, x: number): number {
  return searchBin(axis.edges, axis.periodic ? wrapped(axis.edges, x) : x);
}
