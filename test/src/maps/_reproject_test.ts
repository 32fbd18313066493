import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { pixelsWithin } from "../../../src/maps/_pixel_mapping.ts";
import { interpolateImage, reprojectByInterpolation } from "../../../src/maps/_reproject.ts";
import { createWcsGeom } from "../../../src/maps/wcs_geom.ts";
import {
  convertFrame,
  offsetBy,
  pixelToWorld,
  type SkyFrame,
  worldToPixel,
} from "../../../src/sky/mod.ts";
import { anyPosition, between } from "../sky/_arbitraries.ts";
import { distance, uniform } from "./_images.ts";

const METHODS = ["nearest", "bilinear", "bicubic"] as const;
const frame = fc.constantFrom<SkyFrame>("icrs", "galactic");
const proj = fc.constantFrom("TAN", "TAN", "CAR", "ZEA", "AIT" as const);

Deno.test("pixelsWithin() is pixelToWorld(), the turn of the frame, and worldToPixel()", () => {
  const any = fc.tuple(anyPosition, frame, frame, proj, proj, between(0.1, 30), between(0, 80));
  fc.assert(
    fc.property(any, ([skydir, from, to, projFrom, projTo, binszDeg, offset]) => {
      const of = createWcsGeom({ skydir, frame: from, proj: projFrom, binszDeg, npix: [6, 5] });
      const at = offsetBy(convertFrame(skydir, { from, to }), {
        separationDeg: offset,
        positionAngleDeg: 77,
      });
      const within = createWcsGeom({ skydir: at, frame: to, proj: projTo, binszDeg: 0.1, npix: 9 });
      const found = pixelsWithin({ of, within });
      found.x.forEach((x, i) => {
        const world = pixelToWorld(of.wcs, { x: i % 6, y: Math.floor(i / 6) });
        const expected = Number.isNaN(world.lonDeg)
          ? { x: NaN, y: NaN }
          : worldToPixel(within.wcs, convertFrame(world, { from, to }));
        // what is within a rounding of the edge of the plane is far from any image
        if (Math.hypot(expected.x, expected.y) > 1e6 || Math.hypot(x, found.y[i]!) > 1e6) return;
        deepStrictEqual(Number.isNaN(x), Number.isNaN(expected.x));
        if (Number.isNaN(x)) return;
        const limit = 1e-11 * (1 + Math.hypot(x, found.y[i]!) ** 2 / 1e3);
        const jump = 3600; // once around CAR and AIT
        const dx = Math.abs(x - expected.x), dy = Math.abs(found.y[i]! - expected.y);
        ok((dx <= limit || Math.abs(dx - jump) <= limit) && dy <= limit, `${dx} ${dy} ${limit}`);
      });
    }),
    { numRuns: 300 },
  );
});

Deno.test("interpolateImage() is exact: bilinear for planes, bicubic for quadratics, within the edge", () => {
  const nx = 9, ny = 8, random = uniform(5), data = new Float64Array(nx * ny);
  const square = data.slice();
  const f = (x: number, y: number) => 2 - x + 3 * y + 0.5 * x * y;
  const g = (x: number, y: number) => f(x, y) + 0.3 * x * x - 0.7 * y * y;
  for (let i = 0; i < data.length; i++) {
    data[i] = f(i % nx, Math.floor(i / nx));
    square[i] = g(i % nx, Math.floor(i / nx));
  }
  for (let k = 0; k < 500; k++) {
    const x = (nx - 1) * random(), y = (ny - 1) * random();
    const at = { x: Float64Array.of(x), y: Float64Array.of(y) };
    const plane = interpolateImage({ data, nx, ny }, at, { method: "bilinear" })[0]!;
    ok(Math.abs(plane - f(x, y)) < 1e-13);
    const near = interpolateImage({ data, nx, ny }, at, { method: "nearest" })[0];
    deepStrictEqual(near, f(Math.round(x), Math.round(y)));
    if (x < 1 || x > nx - 2 || y < 1 || y > ny - 2) continue;
    const curved = interpolateImage({ data: square, nx, ny }, at, { method: "bicubic" })[0]!;
    ok(Math.abs(curved - g(x, y)) < 1e-12);
  }
});

Deno.test("interpolateImage() keeps the edge's value to half a pixel out, NaN beyond and of NaN", () => {
  const image = { data: Float64Array.of(1, 2, 3, 4), nx: 2, ny: 2 };
  const at = {
    x: Float64Array.of(-0.5, 1.5, -0.51, 0, NaN, 1.5),
    y: Float64Array.of(-0.5, 1.5, 0, 1.51, 0, 0),
  };
  for (const method of METHODS) {
    const found = interpolateImage(image, at, { method });
    deepStrictEqual([...found], [1, 4, NaN, NaN, NaN, 2], method);
  }
  const holed = { data: Float64Array.of(1, NaN, 3, 4), nx: 2, ny: 2 };
  const points = { x: Float64Array.of(0, 0.1, 0), y: Float64Array.of(0, 0, 1) };
  deepStrictEqual([...interpolateImage(holed, points, { method: "bilinear" })], [1, NaN, 3]);
  throws(() => interpolateImage(image, { ...at, y: points.y }, { method: "nearest" }), TypeError);
});

Deno.test("reprojectByInterpolation() onto the same grid is the image; there and back is smooth", () => {
  const skydir = { lonDeg: 83.6, latDeg: 22 }, npix = 60, data = new Float64Array(npix * npix);
  for (let i = 0; i < data.length; i++) {
    const x = i % npix - 29.5, y = Math.floor(i / npix) - 29.5;
    data[i] = Math.exp(-(x * x + y * y) / 200);
  }
  for (const proj of ["TAN", "CAR"] as const) {
    const from = createWcsGeom({ skydir, proj, binszDeg: 0.05, npix });
    const at = convertFrame(skydir, { from: "icrs", to: "galactic" });
    const to = createWcsGeom({
      skydir: at,
      frame: "galactic",
      proj: "TAN",
      binszDeg: 0.04,
      npix: 140,
    });
    for (const method of METHODS) {
      ok(distance(reprojectByInterpolation(data, { from, to: from, method }), data) < 1e-10);
      const there = reprojectByInterpolation(data, { from, to, method });
      const back = reprojectByInterpolation(there, { from: to, to: from, method });
      const limit = { nearest: 0.1, bilinear: 5e-3, bicubic: 2e-4 }[method];
      for (let y = 8; y < 52; y++) {
        const row = (one: Float64Array) => one.subarray(y * npix + 8, y * npix + 52);
        ok(distance(row(back), row(data)) < limit, `${method}: ${distance(row(back), row(data))}`);
      }
    }
  }
});
