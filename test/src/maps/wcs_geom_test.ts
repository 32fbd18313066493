import assert from "node:assert/strict";
import {
  createWcsGeom,
  geomCenters,
  geomPixel,
  solidAngleSr,
  type WcsGeom,
  wcsGeomOf,
  type WcsGeomOptions,
} from "../../../src/maps/mod.ts";
import {
  convertFrame,
  createRegion,
  createWcs,
  pixelToWorld,
  regionSelector,
  regionSolidAngleSr,
  wcsToHeader,
} from "../../../src/sky/mod.ts";
import { agrees, dataTest, referenceCase, referenceTest } from "../../_tools/data_io.ts";

const CASES: Readonly<Record<string, WcsGeomOptions>> = {
  "maps.wcs.tan_icrs": {
    skydir: { lonDeg: 83.633, latDeg: 22.014 },
    frame: "icrs",
    proj: "TAN",
    binszDeg: 0.02,
    widthDeg: [5, 4],
  },
  "maps.wcs.car_gal": {
    skydir: { lonDeg: 0, latDeg: 0 },
    frame: "galactic",
    proj: "CAR",
    binszDeg: 0.1,
    widthDeg: [20, 10],
  },
  "maps.wcs.zea_icrs_pole": {
    skydir: { lonDeg: 10, latDeg: 88.5 },
    frame: "icrs",
    proj: "ZEA",
    binszDeg: 0.1,
    widthDeg: [6, 6],
  },
};

/** Everything a reference case lists, from one geometry and the case's positions. */
function entriesOf(
  geom: WcsGeom,
  given: Readonly<Record<string, number[]>>,
): Record<string, unknown> {
  const { lon_deg = [], lat_deg = [], in_x = [], in_y = [] } = given;
  const pixels = lon_deg.map((lonDeg, i) => geomPixel(geom, { lonDeg, latDeg: lat_deg[i]! }));
  const sky = in_x.map((x, i) => pixelToWorld(geom.wcs, { x, y: in_y[i]! }));
  const cards = wcsToHeader(geom.wcs), solid = solidAngleSr(geom), [nx, ny] = geom.npix;
  const center = pixelToWorld(geom.wcs, { x: (nx - 1) / 2, y: (ny - 1) / 2 });
  const icrs = convertFrame(center, { from: geom.frame, to: "icrs" });
  return {
    npix: geom.npix,
    crval: geom.wcs.crvalDeg,
    crpix: geom.wcs.crpix,
    cdelt: geom.wcs.cdeltDeg,
    ctype: [cards.CTYPE1, cards.CTYPE2],
    lon_deg,
    lat_deg,
    pix_x: pixels.map((one) => one.x),
    pix_y: pixels.map((one) => one.y),
    idx_x: pixels.map((one) => one.ix),
    idx_y: pixels.map((one) => one.iy),
    in_x,
    in_y,
    pix_to_lon_deg: sky.map((one) => one.lonDeg),
    pix_to_lat_deg: sky.map((one) => one.latDeg),
    solid_angle_center_sr: solid.get(Math.floor(ny / 2), Math.floor(nx / 2)),
    solid_angle_1_1_sr: solid.get(1, 1),
    solid_angle_nansum_sr: (solid.data as Float64Array).reduce((a, b) => a + (b || 0), 0),
    center_icrs: [icrs.lonDeg, icrs.latDeg],
  };
}

for (const [id, options] of Object.entries(CASES)) {
  referenceTest("gammapy.json", id, [], ({ expected, tol }) => {
    const found = entriesOf(createWcsGeom(options), expected as Record<string, number[]>);
    assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
    for (const [name, value] of Object.entries(expected)) {
      agrees(found[name], value, tol[name]!, name);
    }
  });
}

dataTest("regions of maps.region_mask on a TAN map", ["../reference/gammapy.json"], () => {
  const { expected, tol } = referenceCase("gammapy.json", "maps.region_mask");
  const skydir = { lonDeg: 83.63, latDeg: 22.01 };
  const geom = createWcsGeom({ skydir, proj: "TAN", binszDeg: 0.02, widthDeg: 4 });
  const { lonDeg, latDeg } = geomCenters(geom), out = new Uint32Array(200 * 200);
  // the case states shapes; the centre of the ellipse follows from the sums of indices. The annulus is
  // left to its solid angle: one pixel centre 2e-5 deg within its edge falls out of the reference, where
  // the annulus is drawn in the tangent plane
  const center = { frame: "icrs", ...skydir } as const;
  const regions = {
    "circle_0.5": createRegion({ kind: "circle", ...center, radiusDeg: 0.5 }),
    "rect_1.0x0.4_30deg": createRegion({
      kind: "rectangle",
      ...center,
      widthDeg: 1,
      heightDeg: 0.4,
      angleDeg: 30,
    }),
    "ellipse_1.2x0.6_60deg": createRegion({
      kind: "ellipse",
      frame: "icrs",
      lonDeg: 83.9,
      latDeg: 21.8,
      widthDeg: 1.2,
      heightDeg: 0.6,
      angleDeg: 60,
    }),
  };
  for (const [name, region] of Object.entries(regions)) {
    const ra = lonDeg.data as Float64Array, dec = latDeg.data as Float64Array;
    const count = regionSelector(region)(ra, dec, ra.length, out),
      inside = [...out.subarray(0, count)];
    const found: Record<string, number> = {
      npix: count,
      sum_iy: inside.reduce((sum, i) => sum + Math.floor(i / 200), 0),
      sum_ix: inside.reduce((sum, i) => sum + i % 200, 0),
      solid_angle_sr: regionSolidAngleSr(region),
    };
    for (const [key, value] of Object.entries(found)) {
      agrees(value, expected[`${name}_${key}`], tol[`${name}_${key}`]!, `${name}_${key}`);
    }
  }
  const annulus = createRegion({
    kind: "annulus",
    ...center,
    innerRadiusDeg: 0.3,
    outerRadiusDeg: 0.6,
  });
  const key = "annulus_0.3_0.6_solid_angle_sr";
  agrees(regionSolidAngleSr(annulus), expected[key], tol[key]!, key);
});

Deno.test("createWcsGeom() is CAR, ICRS, of 1 deg, and all sky where nothing else is said", () => {
  const geom = createWcsGeom({});
  assert.deepEqual(geom.npix, [360, 180]);
  assert.equal(geom.wcs.projection, "CAR");
  assert.equal(geom.frame, "icrs");
});

Deno.test("createWcsGeom() rounds the number of pixels, halves to even", () => {
  assert.deepEqual(createWcsGeom({ binszDeg: 2, widthDeg: [5, 7] }).npix, [2, 4]);
  assert.deepEqual(createWcsGeom({ binszDeg: [0.1, 0.2], widthDeg: 3 }).npix, [30, 15]);
  assert.deepEqual(createWcsGeom({ binszDeg: [0.1, 0.2], npix: 3 }).wcs.cdeltDeg, [-0.1, 0.2]);
});

Deno.test("createWcsGeom() refuses accidents, and says what to set", () => {
  assert.throws(() => createWcsGeom({ binszDeg: 0.001 }), {
    name: "RangeError",
    message: /360000 x 180000 = 64800000000 pixels, more than 1000000000: .*set maxCells/,
  });
  assert.equal(createWcsGeom({ binszDeg: 0.001, maxCells: 1e11 }).npix[0], 360_000);
  assert.throws(() => createWcsGeom({ npix: 100, maxCells: 9999 }), RangeError);
  assert.throws(() => createWcsGeom({ npix: 5, widthDeg: 5 }), TypeError);
  assert.throws(() => createWcsGeom({ npix: 0 }), RangeError);
  assert.throws(() => createWcsGeom({ npix: 2.5 }), RangeError);
  assert.throws(() => createWcsGeom({ binszDeg: -1 }), /binszDeg: found -1/);
  assert.throws(() => createWcsGeom({ widthDeg: NaN }), /widthDeg: found NaN/);
});

Deno.test("WcsGeom.key is equal for equal geometries, and for them alone", () => {
  const base = { skydir: { lonDeg: 5, latDeg: 6 }, proj: "TAN", binszDeg: 0.1, npix: 10 } as const;
  const key = createWcsGeom(base).key;
  assert.equal(createWcsGeom({ ...base, frame: "icrs" }).key, key);
  const others: readonly WcsGeomOptions[] = [
    { ...base, npix: [10, 11] },
    { ...base, proj: "SIN" },
    { ...base, frame: "galactic" },
    { ...base, binszDeg: 0.1000000001 },
    { ...base, skydir: { lonDeg: 5, latDeg: 6.0000000001 } },
  ];
  assert.equal(new Set([key, ...others.map((one) => createWcsGeom(one).key)]).size, 6);
  const wcs = { projection: "CEA", crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] } as const;
  const plain = wcsGeomOf(createWcs(wcs), { npix: [2, 2] });
  const other = wcsGeomOf(createWcs({ ...wcs, pv: { PV2_1: 0.5 } }), { npix: [2, 2] });
  assert.notEqual(plain.key, other.key);
  assert.ok(Object.isFrozen(plain) && Object.isFrozen(plain.npix));
});

Deno.test("geomCenters() and geomPixel() are each other's inverse", () => {
  const geom = createWcsGeom({
    frame: "galactic",
    skydir: { lonDeg: 120, latDeg: 40 },
    proj: "AIT",
    binszDeg: 2,
    npix: [20, 10],
  });
  const { lonDeg, latDeg } = geomCenters(geom);
  assert.deepEqual(lonDeg.shape, [10, 20]);
  for (let iy = 0; iy < 10; iy++) {
    for (let ix = 0; ix < 20; ix++) {
      const found = geomPixel(geom, { lonDeg: lonDeg.get(iy, ix), latDeg: latDeg.get(iy, ix) });
      assert.deepEqual([found.ix, found.iy], [ix, iy]);
      assert.ok(Math.hypot(found.x - ix, found.y - iy) < 1e-10);
    }
  }
});

Deno.test("geomPixel() is -1, -1 where either axis is outside, and NaN outside the projection", () => {
  const geom = createWcsGeom({ proj: "TAN", npix: [3, 3] });
  const beside = geomPixel(geom, { lonDeg: 5, latDeg: 0 });
  assert.deepEqual([beside.ix, beside.iy], [-1, -1]);
  const behind = geomPixel(geom, { lonDeg: 180, latDeg: 0 });
  assert.ok(Number.isNaN(behind.x) && behind.ix === -1);
});
