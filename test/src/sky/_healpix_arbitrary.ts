/** Random HEALPix grids and pixels for properties. */
import fc from "fast-check";
import { createHealpixGrid, type HealpixGrid, healpixNpix } from "../../../src/sky/mod.ts";

/** Any grid up to an order; RING grids of any nside among them. */
export function anyGrid(maxOrder = 24): fc.Arbitrary<HealpixGrid> {
  return fc.oneof(
    fc.tuple(fc.integer({ min: 0, max: maxOrder }), fc.constantFrom("ring", "nested")).map((
      [order, numbering],
    ) => createHealpixGrid({ nside: 2 ** order, order: numbering as HealpixGrid["order"] })),
    fc.integer({ min: 1, max: Math.min(2 ** maxOrder, 5000) }).map((nside) =>
      createHealpixGrid({ nside })
    ),
  );
}

/** Any grid and a pixel of it. */
export function gridAndPixel(maxOrder = 24): fc.Arbitrary<readonly [HealpixGrid, number]> {
  return anyGrid(maxOrder).chain((grid) =>
    fc.tuple(fc.constant(grid), fc.integer({ min: 0, max: healpixNpix(grid) - 1 }))
  );
}
