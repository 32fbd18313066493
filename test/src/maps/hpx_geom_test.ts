import assert from "node:assert/strict";
import fc from "fast-check";
import {
  createHpxGeom,
  hpxCenters,
  hpxIndex,
  hpxIndexInto,
  hpxPixelIndexer,
  hpxSolidAngles,
} from "../../../src/maps/hpx_geom.ts";
import { hpxPixels, hpxToGlobal, hpxToLocal } from "../../../src/maps/hpx_pixels.ts";
import {
  angToPix,
  createHealpixGrid,
  createRegion,
  icrsToGalactic,
  queryDisc,
  regionContains,
  uniqOf,
} from "../../../src/sky/mod.ts";
import { agrees, dataTest, referenceCase, referenceTest } from "../../_tools/data_io.ts";
import { mulberry32 } from "../../_tools/mulberry32.ts";

const CASES = {
  "maps.hpx.nside8_ring": { nside: 8, order: "ring" },
  "maps.hpx.nside32_nest": { nside: 32, order: "nested" },
} as const;

for (const [id, options] of Object.entries(CASES)) {
  referenceTest("gammapy.json", id, [], (reference) => {
    const geom = createHpxGeom(options), { expected, tol } = reference;
    const given = expected as Readonly<Record<string, number[]>>;
    const sky = {
      lonDeg: Float64Array.from(given.lon!),
      latDeg: Float64Array.from(given.lat!),
    };
    const centers = hpxCenters(geom), solidAngles = hpxSolidAngles(geom);
    const found: Record<string, unknown> = {
      npix: geom.nPix,
      lon: sky.lonDeg,
      lat: sky.latDeg,
      idx: hpxIndexInto(geom, sky, new Int32Array(sky.lonDeg.length)),
      pix: given.pix!.map((pix) => hpxToLocal(geom, hpxToGlobal(geom, pix))),
      center_lon_deg: given.pix!.map((pix) => centers.lonDeg[pix]),
      center_lat_deg: given.pix!.map((pix) => centers.latDeg[pix]),
      solid_angle_sr: solidAngles[given.pix![2]!],
    };
    assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
    for (const [entry, value] of Object.entries(found)) {
      agrees(value, expected[entry], tol[entry]!, `${id} ${entry}`);
    }
  });
}

dataTest("reference cases: a wrong pixel is noticed", ["../reference/gammapy.json"], () => {
  const { expected, tol } = referenceCase("gammapy.json", "maps.hpx.nside8_ring");
  const wrong = [...expected.idx as number[]];
  wrong[3] = wrong[3]! + 1;
  assert.throws(() => agrees(wrong, expected.idx, tol.idx!, "idx"), /idx\[3\]/);
});

/** Geometries of every sort. */
const GEOMS = {
  whole: createHpxGeom({ nside: 16 }),
  nested: createHpxGeom({ nside: 16, order: "nested", frame: "galactic" }),
  odd: createHpxGeom({ nside: 13, disc: { center: { lonDeg: 3, latDeg: -80 }, radiusDeg: 25 } }),
  disc: createHpxGeom({
    nside: 256,
    order: "nested",
    frame: "galactic",
    disc: { center: { lonDeg: 359.9, latDeg: 0.3 }, radiusDeg: 4 },
  }),
  sparse: createHpxGeom({ nside: 4096, pixels: [5, 100_000_000, 201_326_591, 77_777_777] }),
  cells: createHpxGeom({
    uniq: [
      4,
      5,
      7,
      8,
      9,
      10,
      11,
      13,
      14,
      15,
      24,
      25,
      26,
      108,
      109,
      110,
      111,
      uniqOf({ order: 1, pix: 33 }),
    ],
  }),
};

for (const [name, geom] of Object.entries(GEOMS)) {
  Deno.test(`hpxIndex() of the centres are the local indices, hpxToLocal() undoes hpxToGlobal(): ${name}`, () => {
    const centers = hpxCenters(geom), pixels = hpxPixels(geom);
    assert.equal(pixels.length, geom.nPix);
    assert.deepEqual([...geom.shape], [geom.nPix]);
    const out = hpxIndexInto(geom, centers, new Int32Array(geom.nPix));
    for (let i = 0; i < geom.nPix; i++) {
      assert.equal(out[i], i);
      assert.equal(hpxToGlobal(geom, i), pixels[i]);
      assert.equal(hpxToLocal(geom, pixels[i]!), i);
    }
    const first = { lonDeg: centers.lonDeg[0]!, latDeg: centers.latDeg[0]! };
    assert.equal(hpxIndex(geom, first), 0);
    for (const none of [-1, geom.nPix, 0.5]) assert.equal(hpxToGlobal(geom, none), -1);
    for (const none of [-1, 0.5, 2 ** 51]) assert.equal(hpxToLocal(geom, none), -1);
  });

  Deno.test(`hpxPixelIndexer() gives the local index of every ICRS event, or -1: ${name}`, () => {
    const random = mulberry32(11), n = 5000;
    const raDeg = new Float64Array(n), decDeg = new Float64Array(n);
    const centers = hpxCenters(geom);
    for (let i = 0; i < n; i++) {
      raDeg[i] = 720 * random() - 360;
      decDeg[i] = Math.asin(2 * random() - 1) * 180 / Math.PI;
      if (i % 2 === 0 && geom.frame === "icrs") {
        const k = Math.floor(random() * geom.nPix);
        raDeg[i] = centers.lonDeg[k]!;
        decDeg[i] = centers.latDeg[k]!;
      }
    }
    raDeg[7] = NaN;
    decDeg[9] = 90.5;
    const out = new Int32Array(n + 1).fill(-7), index = hpxPixelIndexer(geom);
    index(raDeg, decDeg, n, out);
    let inside = 0;
    for (let i = 0; i < n; i++) {
      const icrs = { lonDeg: raDeg[i]!, latDeg: decDeg[i]! };
      const bad = i === 7 || i === 9;
      const position = geom.frame === "galactic" ? icrsToGalactic(icrs) : icrs;
      const expected = bad
        ? -1
        : geom.cells !== undefined
        ? hpxIndex(geom, position)
        : hpxToLocal(geom, angToPix(geom.grid, position));
      assert.equal(out[i], expected, `event ${i}`);
      inside += +(expected >= 0);
    }
    assert.ok(inside > 0 && out[n] === -7);
  });

  Deno.test(`hpxSolidAngles() are those of the pixels: ${name}`, () => {
    const sum = hpxSolidAngles(geom).reduce((a, b) => a + b, 0);
    const expected = geom.cells === undefined
      ? geom.nPix * 4 * Math.PI / (12 * geom.grid.nside ** 2)
      : [...geom.cells.uniq].reduce(
        (a, uniq) => a + 4 * Math.PI / (12 * 4 ** (Math.floor(Math.log2(uniq) / 2) - 1)),
        0,
      );
    assert.ok(Math.abs(sum / expected - 1) < 1e-13);
  });
}

Deno.test("createHpxGeom() of a region has the pixels whose centres are in it", () => {
  const region = createRegion({
    kind: "annulus",
    frame: "galactic",
    lonDeg: 20,
    latDeg: 10,
    innerRadiusDeg: 3,
    outerRadiusDeg: 9,
  });
  const geom = createHpxGeom({ nside: 32, order: "nested", region }),
    { lonDeg, latDeg } = hpxCenters(geom);
  assert.ok(geom.nPix > 30);
  for (let i = 0; i < geom.nPix; i++) assert.ok(regionContains(region, lonDeg[i]!, latDeg[i]!));
  const whole = hpxCenters(createHpxGeom({ nside: 32, order: "nested" }));
  let count = 0;
  for (let i = 0; i < 12288; i++) {
    count += +regionContains(region, whole.lonDeg[i]!, whole.latDeg[i]!);
  }
  assert.equal(geom.nPix, count);
});

Deno.test("createHpxGeom() does not see the order of pixels and cells; its key tells geometries apart", () => {
  fc.assert(fc.property(
    fc.uniqueArray(fc.integer({ min: 0, max: 767 }), { minLength: 1, maxLength: 50 }),
    (pixels) => {
      const one = createHpxGeom({ nside: 8, pixels });
      const other = createHpxGeom({ nside: 8, pixels: [...pixels, pixels[0]!].reverse() });
      assert.equal(other.key, one.key);
      assert.deepEqual(other.pixels, one.pixels);
      const uniq = pixels.map((pix) => uniqOf({ order: 3, pix }));
      const cells = createHpxGeom({ uniq }), turned = createHpxGeom({ uniq: uniq.reverse() });
      assert.equal(turned.key, cells.key);
      assert.deepEqual(turned.cells, cells.cells);
    },
  ));
  const keys = [
    ...Object.values(GEOMS),
    createHpxGeom({ nside: 16, order: "nested" }),
    createHpxGeom({ nside: 16, pixels: [1, 2] }),
    createHpxGeom({ nside: 16, pixels: [1, 3] }),
  ].map((geom) => geom.key);
  assert.equal(new Set(keys).size, keys.length);
});

Deno.test("createHpxGeom() of all pixels is the whole sky", () => {
  const pixels = Float64Array.from({ length: 48 }, (_, i) => 47 - i);
  const geom = createHpxGeom({ nside: 2, pixels });
  assert.equal(geom.pixels, undefined);
  assert.equal(geom.key, createHpxGeom({ nside: 2 }).key);
  assert.ok(Object.isFrozen(geom) && Object.isFrozen(geom.shape));
});

Deno.test("createHpxGeom() of an empty part holds nothing", () => {
  const geom = createHpxGeom({ nside: 2, pixels: [] });
  assert.equal(geom.nPix, 0);
  assert.equal(hpxIndex(geom, { lonDeg: 1, latDeg: 2 }), -1);
  assert.equal(hpxCenters(geom).lonDeg.length, 0);
});

Deno.test("createHpxGeom() refuses what is too large before making it, and says what to set", () => {
  assert.throws(
    () => createHpxGeom({ nside: 16384 }),
    /3221225472 pixels of nside 16384.*set maxCells/,
  );
  const disc = { center: { lonDeg: 0, latDeg: 0 }, radiusDeg: 30 };
  assert.throws(() => createHpxGeom({ nside: 2 ** 24, disc }), /in a circle, more than 1000000000/);
  const region = createRegion({
    kind: "circle",
    frame: "icrs",
    lonDeg: 0,
    latDeg: 0,
    radiusDeg: 30,
  });
  assert.throws(() => createHpxGeom({ nside: 2 ** 24, region }), RangeError);
  assert.throws(() => createHpxGeom({ nside: 8, maxCells: 100 }), /more than 100/);
  assert.equal(createHpxGeom({ nside: 16384, maxCells: 1e10 }).nPix, 3221225472);
  const large = createHpxGeom({ nside: 16384, maxCells: 1e10 }), one = new Float64Array(1);
  assert.throws(() => hpxPixelIndexer(large), /less than 2\^31/);
  assert.throws(
    () => hpxIndexInto(large, { lonDeg: one, latDeg: one }, new Int32Array(1)),
    TypeError,
  );
  const at = { lonDeg: 83.633, latDeg: 22.014 };
  assert.equal(hpxIndex(large, at), angToPix(createHealpixGrid({ nside: 16384 }), at));
});

Deno.test("createHpxGeom() refuses contradictions and bad values", () => {
  const disc = { center: { lonDeg: 0, latDeg: 0 }, radiusDeg: 1 };
  assert.throws(() => createHpxGeom({}), /neither nside nor uniq/);
  assert.throws(() => createHpxGeom({ nside: 2, disc, pixels: [1] }), /disc and pixels/);
  assert.throws(() => createHpxGeom({ nside: 2, uniq: [4] }), /uniq with nside/);
  assert.throws(() => createHpxGeom({ nside: 2, pixels: [48] }), /pixels: found 48/);
  assert.throws(() => createHpxGeom({ nside: 2, pixels: [NaN] }), /pixels: found NaN/);
  assert.throws(() => createHpxGeom({ nside: 6, order: "nested" }), /power of two/);
  assert.throws(() => createHpxGeom({ uniq: [4, 16] }), /overlap/);
  assert.throws(() => createHpxGeom({ nside: 2, frame: "fk5" as "icrs" }), /Unknown frame "fk5"/);
});

Deno.test("createHpxGeom() of a disc has the pixels of queryDisc()", () => {
  const { grid, pixels } = GEOMS.disc;
  const disc = { center: { lonDeg: 359.9, latDeg: 0.3 }, radiusDeg: 4 };
  assert.deepEqual(pixels, queryDisc(grid, disc));
});
