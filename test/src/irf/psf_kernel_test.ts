import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { createParametricPsf, gaussPsfMap, psfKernel, psfTable } from "../../../src/irf/mod.ts";
import { createWcsGeom, type SkyMap } from "../../../src/maps/mod.ts";
import { createMapAxis, energyAxis, linearEdges } from "../../../src/nddata/mod.ts";
import { erf } from "../../../src/numeric/mod.ts";
import { pixelToWorld } from "../../../src/sky/mod.ts";

const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
const gauss = (sigma: number) =>
  createParametricPsf("psf-gauss", [energyTrue], { parameters: { sigma: [sigma] } });
const sumOf = (map: SkyMap) => (map.values.data as Float64Array).reduce((a, b) => a + b, 0);

/** Content of a pixel of width w at a distance of i pixels, of a Gaussian, in one direction. */
function inPixel(i: number, w: number, sigma: number): number {
  const at = (x: number) => erf(x / (Math.SQRT2 * sigma)) / 2;
  return at((i + 0.5) * w) - at((i - 0.5) * w);
}

Deno.test("psfKernel() of a Gaussian is its integral over the pixels, however narrow it is", () => {
  const geom = createWcsGeom({
    npix: [41, 40],
    binszDeg: 0.1,
    proj: "TAN",
    skydir: { lonDeg: 80, latDeg: 60 },
  });
  for (const sigma of [0.3, 0.1, 0.05, 0.03, 0.01, 0.003]) {
    const kernel = psfKernel(gauss(sigma), { geom, maxRadiusDeg: 1 });
    deepStrictEqual(kernel.values.shape, [1, 21, 21]);
    ok(Math.abs(sumOf(kernel) - 1) < 1e-12);
    let norm = 0;
    for (let i = -10; i <= 10; i++) norm += inPixel(i, 0.1, sigma);
    for (const [i, j] of [[0, 0], [1, 0], [0, 1], [1, 1], [2, 1]] as const) {
      const expected = inPixel(i, 0.1, sigma) * inPixel(j, 0.1, sigma) / norm ** 2;
      const found = kernel.values.get(0, 10 + i, 10 + j);
      ok(
        Math.abs(found - expected) < 2e-3 * expected + 1e-3,
        `${sigma}, ${i}, ${j}: ${found} ${expected}`,
      );
    }
  }
});

Deno.test("psfKernel() has the symmetry of the function and lies around the middle of the map", () => {
  const skydir = { lonDeg: 83.6, latDeg: 22 };
  const geom = createWcsGeom({ npix: 50, binszDeg: 0.05, proj: "TAN", skydir });
  const kernel = psfKernel(gauss(0.1), { geom }), { values } = kernel;
  const n = values.shape[1]!, half = (n - 1) / 2;
  const middle = pixelToWorld(kernel.geom.wcs, { x: half, y: half });
  ok(Math.abs(middle.lonDeg - 83.6) < 1e-9 && Math.abs(middle.latDeg - 22) < 1e-9);
  for (let i = 0; i < n; i++) {
    ok(Math.abs(values.get(0, half, i) - values.get(0, half, n - 1 - i)) < 1e-9);
    ok(Math.abs(values.get(0, i, half) - values.get(0, half, i)) < 1e-5);
  }
  // 99.9 % lie within 3.72 σ.
  ok(half === Math.floor(Math.ceil(2 * 0.3717 / 0.05) / 2));
});

Deno.test("psfKernel() of a table, of responses on the sky, and of a formula agree", () => {
  const geom = createWcsGeom({ npix: 60, binszDeg: 0.05, proj: "TAN" });
  const rad = createMapAxis("rad", linearEdges({ low: 0, high: 0.66, nBins: 330 }), {
    unit: "deg",
  });
  const options = { geom, maxRadiusDeg: 0.4 }, exact = psfKernel(gauss(0.1), options);
  const others = [
    psfKernel(psfTable(gauss(0.1), rad), options),
    psfKernel(gaussPsfMap({ energyTrue, sigmaDeg: 0.1, rad }), options),
  ];
  for (const { values } of others) {
    (values.data as Float64Array).forEach((value, i) =>
      ok(Math.abs(value - (exact.values.data as Float64Array)[i]!) < 1e-4 * 0.04)
    );
  }
});

Deno.test("psfKernel() is 0 where there is no function, and asks for the places along further axes", () => {
  const offset = createMapAxis("offset", [0, 1, 2], { unit: "deg" });
  const psf = createParametricPsf("psf-3gauss", [energyTrue, offset], {
    parameters: {
      sigma_1: [0.1, 0],
      sigma_2: [0, 0],
      sigma_3: [0, 0],
      ampl_2: [0, 0],
      ampl_3: [0, 0],
    },
  });
  const geom = createWcsGeom({ npix: 21, binszDeg: 0.1, proj: "TAN" });
  const at = (offset: number) => psfKernel(psf, { geom, maxRadiusDeg: 0.5, at: { offset } });
  ok(Math.abs(sumOf(at(0.5)) - 1) < 1e-12);
  ok(sumOf(at(1.5)) === 0);
  throws(() => psfKernel(psf, { geom }), /offset/);
  throws(() => psfKernel(psf, { geom, maxRadiusDeg: 0, at: { offset: 0.5 } }), RangeError);
});
