/** NUNIQ numbers: order and nested pixel in one. */
import { checkPixel, createHealpixGrid } from "./healpix_grid.ts";

/** A pixel of a nested grid with its order: nside = 2^order. */
export interface NestedCell {
  /** Order, 0 to 24. */
  readonly order: number;
  /** Nested pixel, 0 to 12 · 4^order - 1. */
  readonly pix: number;
}

/**
 * The NUNIQ number of a nested pixel, 4 · 4^order + pix.
 *
 * @param cell order and nested pixel
 * @returns the number, below 2⁵²
 * @throws RangeError for an order that is no integer from 0 to 24, or a pixel that is not there
 * @example
 * ```ts
 * import { uniqOf } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.equal(uniqOf({ order: 1, pix: 5 }), 21);
 * ```
 *
 * Source: IVOA MOC 2.0, section 4.3.1.1.
 */
export function uniqOf(cell: NestedCell): number {
  const { order, pix } = cell;
  if (!(Number.isInteger(order) && order >= 0 && order <= 24)) {
    throw new RangeError(`order: found ${order}, expected an integer from 0 to 24`);
  }
  checkPixel(createHealpixGrid({ nside: 2 ** order, order: "nested" }), pix);
  return 4 ** (order + 1) + pix;
}

/**
 * Order and nested pixel of a NUNIQ number.
 *
 * @param uniq the number: those up to order 24 are below 2⁵², and exact
 * @returns order and pixel
 * @throws RangeError for what is no NUNIQ number up to order 24
 * @example
 * ```ts
 * import { fromUniq } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.deepEqual({ ...fromUniq(21) }, { order: 1, pix: 5 });
 * ```
 *
 * Source: IVOA MOC 2.0, section 4.3.1.1.
 */
export function fromUniq(uniq: number): NestedCell {
  if (!(Number.isInteger(uniq) && uniq >= 4 && uniq < 2 ** 52)) {
    throw new RangeError(
      `Found NUNIQ ${uniq}, expected an integer from 4 to 2^52 - 1. Cells finer than order 24 are ` +
        `not exact as numbers: degrade them to it`,
    );
  }
  let order = 0;
  while (4 ** (order + 2) <= uniq) order++;
  return Object.freeze({ order, pix: uniq - 4 ** (order + 1) });
}
