import assert from "node:assert/strict";
import { createWcs, pixelSolidAnglesInto, pixelSolidAngleSr } from "../../../src/sky/mod.ts";

const DEG = Math.PI / 180;

Deno.test("pixelSolidAngleSr() is the closed form for a TAN pixel at the centre", () => {
  for (const size of [1e-4, 0.02, 1, 30]) {
    const wcs = createWcs({
      projection: "TAN",
      crvalDeg: [83, 22],
      crpix: [1, 1],
      cdeltDeg: [-size, size],
    });
    const a = size * DEG / 2, exact = 4 * Math.asin(a * a / (1 + a * a));
    assert.ok(Math.abs(pixelSolidAngleSr(wcs, { x: 0, y: 0 }) / exact - 1) < 1e-9, `${size}`);
  }
});

Deno.test("pixelSolidAnglesInto() of all-sky images add up to the sphere", () => {
  for (const projection of ["CAR", "SFL"] as const) {
    const wcs = createWcs({ projection, crvalDeg: [0, 0], crpix: [90.5, 45.5], cdeltDeg: [-2, 2] });
    const all = pixelSolidAnglesInto(wcs, { npix: [180, 90], out: new Float64Array(180 * 90) });
    const sum = all.reduce((a, b) => a + (Number.isNaN(b) ? 0 : b), 0);
    if (projection === "CAR") assert.ok(Math.abs(sum / (4 * Math.PI) - 1) < 1e-13);
    else assert.ok(sum < 4 * Math.PI && sum > 0.93 * 4 * Math.PI);
    assert.equal(all.some(Number.isNaN), projection === "SFL");
  }
});

Deno.test("pixelSolidAnglesInto() is even over an equal-area projection", () => {
  const wcs = createWcs({
    projection: "ZEA",
    crvalDeg: [10, 80],
    crpix: [50.5, 50.5],
    cdeltDeg: [-0.1, 0.1],
  });
  const all = pixelSolidAnglesInto(wcs, { npix: [100, 100], out: new Float64Array(10_000) });
  const exact = (0.1 * DEG) ** 2;
  // straight edges in the plane are not great circles: the difference cancels between neighbours
  for (const one of all) assert.ok(Math.abs(one / exact - 1) < 1e-4);
  assert.ok(Math.abs(all.reduce((a, b) => a + b) / 1e4 / exact - 1) < 1e-5);
});

Deno.test("pixelSolidAnglesInto() gives pixelSolidAngleSr() of every pixel", () => {
  for (const projection of ["TAN", "AIT", "MOL"] as const) {
    const wcs = createWcs({ projection, crvalDeg: [5, 0], crpix: [4, 3], cdeltDeg: [-30, 20] });
    const all = pixelSolidAnglesInto(wcs, { npix: [7, 5], out: new Float64Array(35) });
    for (let i = 0; i < 35; i++) {
      assert.ok(
        Object.is(all[i], pixelSolidAngleSr(wcs, { x: i % 7, y: Math.floor(i / 7) })),
        projection,
      );
    }
  }
  const wcs = createWcs({ projection: "TAN", crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] });
  assert.throws(
    () => pixelSolidAnglesInto(wcs, { npix: [2, 2], out: new Float64Array(3) }),
    TypeError,
  );
});
