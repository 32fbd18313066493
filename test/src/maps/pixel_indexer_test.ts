import assert from "node:assert/strict";
import { createWcsGeom, geomCenters, pixelIndexer } from "../../../src/maps/mod.ts";
import { galacticToIcrsInto } from "../../../src/sky/mod.ts";

for (const frame of ["icrs", "galactic"] as const) {
  for (const proj of ["TAN", "CAR", "ZEA"] as const) {
    Deno.test(`pixelIndexer() finds every pixel by its centre: ${proj}, ${frame}`, () => {
      const skydir = { lonDeg: 359.9, latDeg: -12 };
      const geom = createWcsGeom({ frame, proj, skydir, binszDeg: 0.1, npix: [70, 50] });
      const { lonDeg, latDeg } = geomCenters(geom);
      const sky = { lonDeg: lonDeg.data as Float64Array, latDeg: latDeg.data as Float64Array };
      if (frame === "galactic") galacticToIcrsInto(sky, sky);
      const out = new Int32Array(3500);
      pixelIndexer(geom)(sky.lonDeg, sky.latDeg, 3500, out);
      out.forEach((found, i) => assert.equal(found, i));
    });
  }
}

Deno.test("pixelIndexer() gives -1 for NaN and for what is outside the map", () => {
  const geom = createWcsGeom({ proj: "TAN", binszDeg: 0.1, npix: 10 }), out = new Int32Array(5);
  const ra = Float64Array.of(NaN, 0, 0.6, 180, 0.01), dec = Float64Array.of(0, NaN, 0, 0, 0.01);
  pixelIndexer(geom)(ra, dec, 5, out);
  assert.deepEqual([...out], [-1, -1, -1, -1, 54]);
});
