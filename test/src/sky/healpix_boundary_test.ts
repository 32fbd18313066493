import assert from "node:assert/strict";
import fc from "fast-check";
import { angToPix, createHealpixGrid, pixelBoundary, pixToAng } from "../../../src/sky/mod.ts";
import { gridAndPixel } from "./_healpix_arbitrary.ts";
import { goldenGrids, goldenHealpix } from "./_healpix_golden_io.ts";

const DEG = Math.PI / 180;

for (const [grid, golden, name] of goldenGrids()) {
  Deno.test(`pixelBoundary() agrees with healpy: ${name}`, () => {
    assert.ok(golden.outlines.length > 0);
    for (const { pix, step, vectors } of golden.outlines) {
      const { lonDeg, latDeg } = pixelBoundary(grid, pix, { stepsPerSide: step });
      assert.equal(lonDeg.length, vectors.length);
      vectors.forEach(([x, y, z], i) => {
        const lon = lonDeg[i]! * DEG, lat = latDeg[i]! * DEG, c = Math.cos(lat);
        const away = Math.hypot(c * Math.cos(lon) - x, c * Math.sin(lon) - y, Math.sin(lat) - z);
        assert.ok(away <= goldenHealpix().tolerance.vector, `pixel ${pix}, point ${i}: ${away}`);
      });
    }
  });
}

Deno.test("pixelBoundary() surrounds its pixel: a step towards the centre is inside", () => {
  fc.assert(fc.property(gridAndPixel(12), fc.integer({ min: 1, max: 5 }), ([grid, pix], steps) => {
    const center = pixToAng(grid, pix);
    const { lonDeg, latDeg } = pixelBoundary(grid, pix, { stepsPerSide: steps });
    assert.equal(lonDeg.length, 4 * steps);
    for (let i = 0; i < lonDeg.length; i++) {
      if (Math.abs(latDeg[i]!) === 90) continue;
      const turn = (((center.lonDeg - lonDeg[i]!) % 360) + 540) % 360 - 180;
      const inner = {
        lonDeg: lonDeg[i]! + 1e-4 * turn,
        latDeg: latDeg[i]! + 1e-4 * (center.latDeg - latDeg[i]!),
      };
      assert.equal(angToPix(grid, inner), pix, `point ${i}`);
    }
  }));
});

Deno.test("pixelBoundary() refuses bad pixels and steps", () => {
  const grid = createHealpixGrid({ nside: 2 });
  assert.throws(() => pixelBoundary(grid, -1), /Pixel -1/);
  assert.throws(() => pixelBoundary(grid, 1, { stepsPerSide: 0 }), /stepsPerSide: found 0/);
});
