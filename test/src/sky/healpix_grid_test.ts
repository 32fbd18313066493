import assert from "node:assert/strict";
import {
  createHealpixGrid,
  healpixNpix,
  healpixResolutionDeg,
  healpixSolidAngleSr,
} from "../../../src/sky/mod.ts";
import { goldenGrids } from "./_healpix_golden_io.ts";

Deno.test("createHealpixGrid() takes any nside in RING order and powers of two in nested", () => {
  assert.deepEqual({ ...createHealpixGrid({ nside: 13 }) }, { nside: 13, order: "ring" });
  assert.equal(createHealpixGrid({ nside: 2 ** 24, order: "nested" }).nside, 16777216);
  assert.ok(Object.isFrozen(createHealpixGrid({ nside: 1 })));
  for (const nside of [0, -1, 1.5, NaN, 2 ** 24 + 1, Infinity]) {
    assert.throws(() => createHealpixGrid({ nside }), RangeError);
  }
  assert.throws(() => createHealpixGrid({ nside: 12, order: "nested" }), /found 12.*power of two/);
  assert.throws(
    () => createHealpixGrid({ nside: 1, order: "nest" as "nested" }),
    /order: found "nest"/,
  );
});

Deno.test("healpixNpix(), healpixSolidAngleSr() and healpixResolutionDeg() agree with healpy", () => {
  for (const [grid, golden] of goldenGrids()) {
    assert.equal(healpixNpix(grid), 12 * golden.nside ** 2);
    assert.ok(Math.abs(healpixSolidAngleSr(grid) / golden.area - 1) < 1e-15);
    assert.ok(Math.abs(healpixResolutionDeg(grid) / golden.resolution - 1) < 1e-15);
  }
  assert.ok(Number.isSafeInteger(healpixNpix(createHealpixGrid({ nside: 2 ** 24 }))));
});
