/**
 * The interval between ascending nodes in which x is, by halving: k with nodes[k] <= x < nodes[k + 1].
 *
 * @param nodes Nodes, ascending; two or more.
 * @param x Where.
 * @returns Number of the interval, from 0; the first below all nodes and for NaN, the last above.
 * @example
 * ```ts
 * import { intervalOf } from "@gammarx/gammarx/numeric";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual([-1, 0, 1, 1.5, 9].map((x) => intervalOf([0, 1, 2], x)), [0, 0, 1, 1, 1]);
 * ```
 */
export function intervalOf(nodes: ArrayLike<number>, x: number): number {
  let low = 0, high = nodes.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (nodes[middle]! <= x) low = middle;
    else high = middle;
  }
  return low;
}
