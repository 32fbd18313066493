import { gaussLegendre, integrateLog } from "../numeric/mod.ts";

/** Nodes for parts of up to an eighth of a decade, and for those that are much smaller. */
export const WIDE = gaussLegendre(8), NARROW = gaussLegendre(4);

/** Decades below which the few nodes are enough. */
export const NARROW_DECADES = 0.06;

/** ∫ f dE over [low, high], with parts that end at the breaks. */
export function integrateSmooth(
  f: (e: number) => number,
  range: { readonly low: number; readonly high: number; readonly breaks: ArrayLike<number> },
): number {
  const { low, high, breaks } = range;
  let sum = 0, from = low;
  for (let i = 0; i < breaks.length && from < high; i++) {
    const to = breaks[i]!;
    if (!(to > from && to < high)) continue;
    sum += smoothPart(f, from, to);
    from = to;
  }
  return sum + smoothPart(f, from, high);
}

function smoothPart(f: (e: number) => number, low: number, high: number): number {
  const width = Math.log(high / low);
  if (width > NARROW_DECADES * Math.LN10) return integrateLog(f, { low, high, partsPerDecade: 8 });
  let sum = 0;
  for (let k = 0; k < NARROW.nodes.length; k++) {
    const e = low * Math.exp((1 + NARROW.nodes[k]!) * width / 2);
    sum += NARROW.weights[k]! * e * f(e);
  }
  return sum * width / 2;
}
