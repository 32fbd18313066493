/**
 * Distributions along an axis, stretched.
 *
 * Inside a bin the content is even in s(x): x, ln x, or x² for the separation r of a point spread function,
 * whose content is even in area. A stretched bin takes what lies between the places its edges come from.
 */

import { intervalOf } from "../numeric/mod.ts";

/** In which scale the content of a bin is even. */
export type ContentScale = "lin" | "log" | "square";

const SCALES: Readonly<Record<ContentScale, (x: number) => number>> = Object.freeze({
  lin: (x: number) => x,
  log: (x: number) => Math.log(x),
  square: (x: number) => x > 0 ? x * x : 0,
});

/** Values as lines along one of their dimensions: (o, i, w) stands at (o n + i) width + w. */
export interface Lines {
  readonly outer: number;
  readonly n: number;
  readonly width: number;
}

/** The lines of an array along the axis of a name. */
export function linesAlong(
  axes: readonly { readonly name: string; readonly nBins: number }[],
  name: string,
  nPixels = 1,
): Lines {
  const at = axes.findIndex((axis) => axis.name === name);
  const size = (list: readonly { readonly nBins: number }[]) =>
    list.reduce((m, a) => m * a.nBins, 1);
  return {
    outer: size(axes.slice(0, at)),
    n: axes[at]!.nBins,
    width: size(axes.slice(at + 1)) * nPixels,
  };
}

/** How a distribution is stretched. */
export interface Stretch {
  /** Edges of the bins. */
  readonly edges: Float64Array;
  /** Content of a bin = value × measure; undefined: the values are contents. */
  readonly measure: Float64Array | undefined;
  /** In which scale the content of a bin is even. */
  readonly scale: ContentScale;
  /** From where an edge comes, in the scale; `mean`: that of the contents, in the scale. */
  readonly from: (s: number, mean: number) => number;
  /** Whether what has left the axis is put back in proportion, so that the sum stays. */
  readonly keepSum: boolean;
}

/** Stretches every line; a new array. */
export function stretched(
  values: Float64Array,
  { outer, n, width }: Lines,
  { edges, measure, scale, from, keepSum }: Stretch,
): Float64Array {
  const out = new Float64Array(values.length), sums = new Float64Array(n + 1);
  const places = edges.map(SCALES[scale]), content = new Float64Array(n);
  for (let o = 0; o < outer; o++) {
    for (let w = 0; w < width; w++) {
      let first = 0;
      for (let i = 0; i < n; i++) {
        const mass = values[(o * n + i) * width + w]! * (measure === undefined ? 1 : measure[i]!);
        sums[i + 1] = sums[i]! + (mass > 0 ? mass : 0);
        first += (mass > 0 ? mass : 0) * (places[i]! + places[i + 1]!) / 2;
      }
      const total = sums[n]!;
      if (!(total > 0)) continue;
      const mean = first / total;
      let below = cumulativeAt(sums, places, from(places[0]!, mean)), kept = 0;
      for (let i = 0; i < n; i++) {
        const above = cumulativeAt(sums, places, from(places[i + 1]!, mean));
        content[i] = Math.max(0, above - below);
        kept += content[i]!;
        below = above;
      }
      const factor = keepSum && kept > 0 ? total / kept : 1;
      for (let i = 0; i < n; i++) {
        out[(o * n + i) * width + w] = factor * content[i]! /
          (measure === undefined ? 1 : measure[i]!);
      }
    }
  }
  return out;
}

/** A cumulative sum between its places, linear; constant beyond them. */
export function cumulativeAt(sums: Float64Array, places: Float64Array, x: number): number {
  const last = places.length - 1;
  if (!(x > places[0]!)) return 0;
  if (x >= places[last]!) return sums[last]!;
  const i = intervalOf(places, x), u = (x - places[i]!) / (places[i + 1]! - places[i]!);
  return sums[i]! + u * (sums[i + 1]! - sums[i]!);
}
