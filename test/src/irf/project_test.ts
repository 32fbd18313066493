import { ok, strictEqual, throws } from "node:assert/strict";
import { createGti } from "../../../src/events/mod.ts";
import {
  backgroundMap,
  createIrf,
  evaluateIrf,
  evaluateIrfGrid,
  exposureMap,
  type Irf,
} from "../../../src/irf/mod.ts";
import {
  createHpxGeom,
  createRegionGeom,
  createWcsGeom,
  geomCenters,
  NO_SKY,
  solidAngleSr,
} from "../../../src/maps/mod.ts";
import { createMapAxis, energyAxis, linearEdges } from "../../../src/nddata/mod.ts";
import { convertFrame, observatory, separationDeg, skyToFov } from "../../../src/sky/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";

const energyTrue = energyAxis({ low: 0.1, high: 10, nBins: 4, name: "energy_true" });
const energy = energyAxis({ low: 0.1, high: 10, nBins: 4 });
const offset = createMapAxis("offset", linearEdges({ low: 0, high: 3, nBins: 6 }), { unit: "deg" });
const fov = (name: string) =>
  createMapAxis(name, linearEdges({ low: -3, high: 3, nBins: 6 }), { unit: "deg" });
const pointing = { lonDeg: 83.6, latDeg: 22 };

const near = (found: number, expected: number, rtol = 1e-12) =>
  ok(Math.abs(found - expected) <= rtol * Math.abs(expected), `${found} is not ${expected}`);

/** A table on any axes, with values that no symmetry makes equal. */
function table<K extends "aeff" | "bkg">(kind: K, axes: Irf["axes"], options = {}): Irf<K> {
  const size = axes.reduce((n, axis) => n * axis.nBins, 1);
  const data = Float64Array.from({ length: size }, (_, i) => 1 + (i * 7 % 11) + i / size);
  return createIrf(kind, axes, { data, ...options });
}

Deno.test("exposureMap() has at every pixel what the table has at its offset, times live time", () => {
  const aeff = table("aeff", [offset, energyTrue]);
  for (
    const geom of [
      createWcsGeom({ skydir: pointing, npix: [7, 5], binszDeg: 0.7, proj: "TAN" }),
      createWcsGeom({ frame: "galactic", binszDeg: 60 }),
      createHpxGeom({ nside: 8, frame: "galactic" }),
    ]
  ) {
    const map = exposureMap(aeff, { geom, energyTrue, pointing, livetimeS: 10 });
    const { lonDeg, latDeg } = geomCenters(geom), n = lonDeg.data.length;
    const values = map.values.data as Float64Array;
    for (let k = 0; k < n; k++) {
      const own = { lonDeg: lonDeg.data[k]!, latDeg: latDeg.data[k]! };
      const at = convertFrame(own, { from: geom.frame, to: "icrs" }), e = k % 4;
      const expected = evaluateIrf(aeff, {
        energy_true: Float64Array.of(energyTrue.centers[e]!),
        offset: Float64Array.of(separationDeg(at, pointing)),
      })[0]! * 10;
      ok(Math.abs(values[e * n + k]! - expected) < 1e-9 * (1 + expected), `pixel ${k}`);
    }
  }
});

Deno.test("exposureMap() takes tables on positions in the field, and further axes by their place", () => {
  const zenith = createMapAxis("zenith", [0, 40, 80], { unit: "deg" });
  const aeff = table("aeff", [energyTrue, fov("fov_lat"), zenith, fov("fov_lon")]);
  const geom = createWcsGeom({ skydir: pointing, npix: [4, 3], binszDeg: 0.8, proj: "TAN" });
  const map = exposureMap(aeff, { geom, energyTrue, pointing, livetimeS: 2, at: { zenith: 33 } });
  const { lonDeg, latDeg } = geomCenters(geom);
  for (let k = 0; k < 12; k++) {
    const place = { lonDeg: lonDeg.data[k]!, latDeg: latDeg.data[k]! };
    const { lonDeg: x, latDeg: y } = skyToFov(place, { pointing });
    const at = { energy_true: [energyTrue.centers[2]!], fov_lon: [x], fov_lat: [y], zenith: [33] };
    near((map.values.data as Float64Array)[24 + k]!, 2 * evaluateIrfGrid(aeff, at)[0]!, 1e-10);
  }
  throws(() => exposureMap(aeff, { geom, energyTrue, pointing, livetimeS: 2 }), /zenith/);
  throws(() => exposureMap(aeff, { geom, energyTrue, pointing, livetimeS: -1 }), RangeError);
});

Deno.test("exposureMap() of a region is that of its middle, or its mean over the region", () => {
  // A ∝ offset² has the mean R²/2 over a disc about the pointing.
  const fine = createMapAxis("offset", linearEdges({ low: 0, high: 2, nBins: 400 }), {
    unit: "deg",
  });
  const data = Float64Array.from({ length: 1600 }, (_, i) => fine.centers[i % 400]! ** 2);
  const aeff = createIrf("aeff", [energyTrue, fine], { data });
  const geom = createRegionGeom({ kind: "circle", frame: "icrs", ...pointing, radiusDeg: 1 });
  const options = { geom, energyTrue, pointing, livetimeS: 1 };
  ok(exposureMap(aeff, options).values.get(1) < 1e-4);
  const mean = exposureMap(aeff, { ...options, regionMethod: "average", regionBinszDeg: 0.02 });
  near(mean.values.get(1), 0.5, 1e-3);
  throws(() => exposureMap(aeff, { ...options, geom: NO_SKY }), TypeError);
});

Deno.test("exposureMap() of a region that changes with energy takes each bin's own region", () => {
  const aeff = table("aeff", [energyTrue, offset]);
  const circle = (lonDeg: number) =>
    ({ kind: "circle", frame: "icrs", lonDeg, latDeg: 22, radiusDeg: 0.1 }) as const;
  const regions = [0, 0.5, 1, 1.5].map((shift) => circle(83.6 + shift));
  const both = { energyTrue, pointing, livetimeS: 1 };
  const map = exposureMap(aeff, { geom: createRegionGeom({ axis: energyTrue, regions }), ...both });
  regions.forEach((region, e) => {
    const one = exposureMap(aeff, { geom: createRegionGeom(region), ...both });
    strictEqual(map.values.get(e), one.values.get(e));
  });
});

Deno.test("backgroundMap() of a power law is its integral times solid angle and time", () => {
  const data = Float64Array.from(
    { length: 24 },
    (_, i) => energy.centers[Math.floor(i / 6)]! ** -2.7,
  );
  const bkg = createIrf("bkg", [energy, offset], { data });
  const geom = createWcsGeom({ skydir: pointing, npix: 3, binszDeg: 0.5, proj: "TAN" });
  const expected = (0.1 ** -1.7 - 10 ** -1.7) / 1.7 * 100;
  for (const oversampling of [1, 3]) {
    const map = backgroundMap(bkg, { geom, energy, pointing, ontimeS: 100, oversampling });
    let sum = 0;
    for (let e = 0; e < 4; e++) sum += map.values.get(e, 1, 2);
    near(sum, expected * solidAngleSr(geom).get(1, 2), 1e-10);
  }
});

Deno.test("backgroundMap() turns with the alignment of its table", () => {
  const east = { lonDeg: 84.6, latDeg: 22 },
    geom = createWcsGeom({ skydir: east, npix: 1, binszDeg: 0.1 });
  // Grows along fov_lon from 1 to 6.
  const data = Float64Array.from({ length: 144 }, (_, i) => 1 + Math.floor(i / 6) % 6);
  const at = (alignment: "RADEC" | "REVERSE_LON_RADEC") => {
    const bkg = createIrf("bkg", [energy, fov("fov_lon"), fov("fov_lat")], { data, alignment });
    return backgroundMap(bkg, { geom, energy, pointing, ontimeS: 1 }).values.get(0, 0, 0);
  };
  ok(at("RADEC") > 1.5 * at("REVERSE_LON_RADEC"));
});

Deno.test("backgroundMap() aligned with the horizon does not depend on how the time is cut", () => {
  const bkg = table("bkg", [energy, fov("fov_lon"), fov("fov_lat")], { alignment: "ALTAZ" });
  const geom = createWcsGeom({ skydir: pointing, npix: 5, binszDeg: 0.8, proj: "TAN" });
  const epoch = createEpoch([53343, 0.92], "TT"), site = observatory("hess");
  const over = (edges: readonly number[], rotationStepDeg: number) => {
    const gti = createGti(
      epoch,
      Float64Array.from(edges.slice(0, -1)),
      Float64Array.from(edges.slice(1)),
    );
    const map = backgroundMap(bkg, { geom, energy, pointing, gti, site, rotationStepDeg });
    return map.values.data as Float64Array;
  };
  const whole = over([0, 3600], 0.25), parts = over([0, 1000, 3600], 0.25);
  whole.forEach((value, i) => near(parts[i]!, value, 2e-3));
  throws(() => backgroundMap(bkg, { geom, energy, pointing, ontimeS: 1 }), /ALTAZ/);
  throws(() => backgroundMap(bkg, { geom, energy, pointing }), TypeError);
});

Deno.test("backgroundMap() of a circle is summed point by point, or taken at its middle", () => {
  const bkg = createIrf("bkg", [energy, offset], { data: new Float64Array(24).fill(2) });
  const geom = createRegionGeom({ kind: "circle", frame: "icrs", ...pointing, radiusDeg: 0.5 });
  const options = { geom, energy, pointing, ontimeS: 3 };
  const width = energy.edges[1]! - energy.edges[0]!;
  const expected = 2 * 3 * width * 2 * Math.PI * (1 - Math.cos(0.5 * Math.PI / 180));
  near(backgroundMap(bkg, options).values.get(0), expected, 1e-9);
  near(backgroundMap(bkg, { ...options, regionMethod: "average" }).values.get(0), expected, 1e-3);
});
