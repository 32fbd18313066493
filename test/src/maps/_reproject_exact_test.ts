import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  overlapWeights,
  reprojectMeans,
  reprojectSums,
} from "../../../src/maps/_reproject_exact.ts";
import { downsampleImage } from "../../../src/maps/_resample.ts";
import { createWcsGeom, type WcsGeom } from "../../../src/maps/wcs_geom.ts";
import {
  convertFrame,
  createWcs,
  pixelSolidAnglesInto,
  pixelToWorld,
  type SkyFrame,
  worldToPixel,
} from "../../../src/sky/mod.ts";
import { anyPosition, between } from "../sky/_arbitraries.ts";
import { distance, total, uniform } from "./_images.ts";

const solidAngles = (geom: WcsGeom): Float64Array =>
  pixelSolidAnglesInto(geom.wcs, {
    npix: geom.npix,
    out: new Float64Array(geom.npix[0] * geom.npix[1]),
  });
const noise = (n: number, seed: number): Float64Array =>
  Float64Array.from({ length: n }, uniform(seed));
const frame = fc.constantFrom<SkyFrame>("icrs", "galactic");
const proj = fc.constantFrom("TAN", "CAR", "ZEA", "AIT", "SIN" as const);

Deno.test("reprojectSums() conserves what is inside the target; means of a constant are the constant", () => {
  const any = fc.tuple(anyPosition, frame, frame, proj, proj, between(0.01, 2), between(0.2, 3));
  fc.assert(
    fc.property(any, ([skydir, fromFrame, toFrame, projFrom, projTo, binszDeg, ratio]) => {
      const from = createWcsGeom({
        skydir,
        frame: fromFrame,
        proj: projFrom,
        binszDeg,
        npix: [7, 6],
      });
      const center = convertFrame(skydir, { from: fromFrame, to: toFrame });
      const bin = binszDeg * ratio, npix = Math.ceil(14 / ratio) + 4;
      const to = createWcsGeom({
        skydir: center,
        frame: toFrame,
        proj: projTo,
        binszDeg: bin,
        npix,
      });
      const weights = overlapWeights({ from, to }), data = noise(42, 3);
      const found = reprojectSums(weights, data);
      ok(Math.abs(total(found) / total(data) - 1) < 1e-12);
      ok(distance(weights.sourceSr, solidAngles(from)) <= 1e-9 * total(weights.sourceSr));
      const means = reprojectMeans(weights, data.map(() => 4));
      means.forEach((one, i) =>
        ok(weights.coverage[i] === 0 ? Number.isNaN(one) : Math.abs(one - 4) < 1e-12)
      );
      const sr = solidAngles(to);
      const covered = weights.coverage.reduce(
        (sum, one, i) => one > 0 ? sum + one * sr[i]! : sum,
        0,
      );
      ok(Math.abs(covered / total(weights.sourceSr) - 1) < 1e-9);
    }),
    { numRuns: 60 },
  );
});

Deno.test("overlapWeights() has the shares that counting points gives", () => {
  const n = 60;
  for (
    const [projFrom, projTo, latDeg] of [["TAN", "CAR", 40], ["CAR", "TAN", 88], [
      "AIT",
      "SIN",
      -20,
    ]] as const
  ) {
    const skydir = { lonDeg: 359.9, latDeg };
    const from = createWcsGeom({ skydir, proj: projFrom, binszDeg: 1, npix: [4, 3] });
    const center = convertFrame(skydir, { from: "icrs", to: "galactic" });
    const to = createWcsGeom({
      skydir: center,
      frame: "galactic",
      proj: projTo,
      binszDeg: 0.9,
      npix: 12,
    });
    const { start, target, share } = overlapWeights({ from, to });
    for (let i = 0; i < 12; i++) {
      const counted = new Map<number, number>();
      for (let k = 0; k < n * n; k++) {
        const x = i % 4 - 0.5 + (k % n + 0.5) / n,
          y = Math.floor(i / 4) - 0.5 + (Math.floor(k / n) + 0.5) / n;
        const world = convertFrame(pixelToWorld(from.wcs, { x, y }), {
          from: "icrs",
          to: "galactic",
        });
        const pixel = worldToPixel(to.wcs, world);
        const at = Math.round(pixel.y) * 12 + Math.round(pixel.x);
        counted.set(at, (counted.get(at) ?? 0) + 1 / (n * n));
      }
      let sum = 0;
      for (let k = start[i]!; k < start[i + 1]!; k++) {
        sum += share[k]!;
        // the points are uniform in the pixel plane, the shares on the sky: a few 1e-4 in 1 deg
        ok(Math.abs(share[k]! - (counted.get(target[k]!) ?? 0)) < 6e-3);
      }
      ok(Math.abs(sum - 1) < 1e-12);
    }
  }
});

Deno.test("overlapWeights() covers the whole sky, poles and seams included", () => {
  const from = createWcsGeom({ proj: "CAR", binszDeg: 6 });
  for (const binszDeg of [4, 9]) {
    const to = createWcsGeom({ proj: "CAR", frame: "galactic", binszDeg });
    const weights = overlapWeights({ from, to });
    const data = noise(from.npix[0] * from.npix[1], 8), out = reprojectSums(weights, data);
    ok(Math.abs(total(out) / total(data) - 1) < 1e-11, `${total(out) / total(data) - 1}`);
    ok(weights.coverage.every((one) => Math.abs(one - 1) < 1e-10));
  }
});

Deno.test("overlapWeights() of a grid of twice the pixel is the sum of blocks; of itself the identity", () => {
  const wcs = (crpix: number, step: number) =>
    createWcs({
      projection: "TAN",
      crvalDeg: [10, 60],
      crpix: [crpix, crpix],
      cdeltDeg: [-step, step],
    });
  const from = { wcs: wcs(4.5, 0.1), npix: [8, 8] as const };
  const to = { wcs: wcs(2.5, 0.2), npix: [4, 4] as const }, data = noise(64, 1);
  const expected = downsampleImage({ data, nx: 8, ny: 8 }, { factor: 2, reduce: "sum" });
  ok(distance(reprojectSums(overlapWeights({ from, to }), data), expected.data) < 1e-11);
  const same = overlapWeights({ from, to: from });
  ok(distance(reprojectSums(same, data), data) < 1e-11);
  ok(distance(reprojectMeans(same, data), data) < 1e-11);
});

Deno.test("reprojectSums() leaves out what is off the target, and carries NaN where it goes", () => {
  const wcs = (crpix: number) =>
    createWcs({ projection: "CAR", crvalDeg: [0, 0], crpix: [crpix, 1], cdeltDeg: [-1, 1] });
  const from = { wcs: wcs(1), npix: [3, 1] as const },
    to = { wcs: wcs(-0.5), npix: [3, 1] as const };
  const weights = overlapWeights({ from, to }),
    found = reprojectSums(weights, Float64Array.of(8, 4, 2));
  // 1.5 pixels remain; the upper and lower sides of the two grids are not the same great circles
  ok(distance(found, Float64Array.of(3, 1, 0)) < 2e-4);
  const holed = reprojectSums(weights, Float64Array.of(NaN, NaN, 2));
  deepStrictEqual([...holed].map(Number.isNaN), [true, false, false]);
  deepStrictEqual([...reprojectMeans(weights, Float64Array.of(1, 1, 1))].map(Number.isNaN), [
    false,
    false,
    true,
  ]);
  throws(() => reprojectSums(weights, new Float64Array(2)), TypeError);
});
