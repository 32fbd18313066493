import assert from "node:assert/strict";
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import fc from "fast-check";
import { encodeFits, memorySource, openFits } from "../../../../src/fits/mod.ts";
import {
  createHpxGeom,
  createRegionGeom,
  createSkyMap,
  createWcsGeom,
  mapFormats,
  mapHdus,
  type MapHdusOptions,
  NO_SKY,
  readFitsMap,
  readMap,
  type SkyMap,
} from "../../../../src/maps/mod.ts";
import {
  type Axis,
  axisEquals,
  createBitPlanes,
  createLabelAxis,
  createMapAxis,
  createMeta,
} from "../../../../src/nddata/mod.ts";
import { flatten } from "../../../../src/numeric/mod.ts";
import { type Region, regionSolidAngleSr } from "../../../../src/sky/mod.ts";
import { unitFactor } from "../../../../src/units/mod.ts";
import {
  anyGeom,
  edgesAxis,
  maps,
  type MapsOptions,
  nodesAxis,
  partHpx,
  regionGeoms,
  wcsGeoms,
  wholeHpx,
  withVarianceAndValid,
} from "./_arbitrary_maps.ts";

async function back(map: SkyMap, options: MapHdusOptions = {}): Promise<SkyMap> {
  return await readMap(encodeFits(mapHdus(map, options)));
}

function runOf(map: SkyMap): ArrayLike<number> {
  const { data, offset, length } = flatten(map.values);
  return data.subarray(offset, offset + length);
}

/** The same in all that a file holds: type, numbers, geometry and axes to the last bit. */
function same(found: SkyMap, expected: SkyMap): void {
  assert.equal(found.geom.key, expected.geom.key);
  assert.equal(found.coordinatesKey, expected.coordinatesKey);
  assert.deepEqual(found.values.shape, expected.values.shape);
  assert.deepEqual(runOf(found), runOf(expected));
  assert.equal(found.unit, expected.unit);
  assert.deepEqual(found.meta, expected.meta);
}

Deno.test("mapHdus() gadf is read back to the last bit: every geometry, axis and type", async () => {
  await fc.assert(
    fc.asyncProperty(maps({ geoms: anyGeom }), fc.boolean(), async (map, isNamed) => {
      same(await back(map, isNamed ? { name: "COUNTS" } : {}), map);
    }),
    { numRuns: 400 },
  );
});

Deno.test("mapHdus() gadf sparse is read back to the last bit", async () => {
  const geoms = fc.oneof(wcsGeoms, wholeHpx, partHpx);
  await fc.assert(
    fc.asyncProperty(maps({ geoms }), async (map) => {
      same(await back(map, { sparse: true }), map);
    }),
    { numRuns: 150 },
  );
});

Deno.test("mapHdus() gadf sparse lists NaN, and no zero", async () => {
  const geom = createWcsGeom({ npix: [3, 2], proj: "TAN" });
  const map = createSkyMap(geom, { data: Float64Array.of(0, NaN, 0, 2, 0, 0) });
  const [table] = mapHdus(map, { sparse: true });
  assert.ok(table!.kind === "bintable");
  assert.deepEqual(table!.columns.map((one) => one.values.length), [2, 2, 2]);
  same(await back(map, { sparse: true }), map);
});

Deno.test("mapHdus() gadf keeps variance and validity with every geometry", async () => {
  const some = maps({ geoms: anyGeom, types: ["float64", "int32"] });
  await fc.assert(
    fc.asyncProperty(some, fc.nat(50), async (bare, seed) => {
      const map = withVarianceAndValid(bare, seed), found = await back(map, { name: "NPRED" });
      same(found, map);
      assert.deepEqual(found.variance, map.variance);
      assert.deepEqual(found.valid, map.valid);
    }),
    { numRuns: 100 },
  );
});

Deno.test("mapHdus() gadf keeps bit planes, their names and which of them count", async () => {
  const geom = createWcsGeom({ npix: [3, 1], proj: "TAN" });
  const names = Array.from({ length: 40 }, (_, i) => `flag ${i}`);
  const flags = Object.fromEntries(
    names.map((name, i) => [name, ndarray(Uint8Array.of(i % 2, i % 3, i % 5), [1, 3])]),
  );
  const planes = createBitPlanes(flags, { selected: ["flag 1", "flag 39"] });
  const found = await back(createSkyMap(geom, { planes }));
  assert.deepEqual(found.planes, planes);
});

Deno.test("mapHdus() gadf keeps the metadata, in any script", async () => {
  const meta = createMeta({
    creation: { creator: "a «tool» of π" },
    observations: [{ obsId: "23523", telescope: "it's" }],
    extra: { long: "x".repeat(300), "a/b": [1, null, true], nested: { deg: "°" } },
  });
  for (
    const geom of [createWcsGeom({ npix: 1, proj: "TAN" }), createHpxGeom({ nside: 1 }), NO_SKY]
  ) {
    const map = createSkyMap(geom, { meta });
    assert.deepEqual((await back(map)).meta, meta);
  }
});

Deno.test("mapHdus() gadf keeps a region for each bin, and compounds with what they exclude", async () => {
  const circle = (radiusDeg: number): Region => ({
    kind: "circle",
    frame: "icrs",
    lonDeg: 83.63,
    latDeg: 22.01,
    radiusDeg,
  });
  const axis = createMapAxis("energy", [1, 10, 100], { unit: "TeV", interp: "log" });
  const along = createRegionGeom({ axis, regions: [circle(0.2), circle(0.1)] });
  same(await back(createSkyMap(along, { axes: [axis] })), createSkyMap(along, { axes: [axis] }));
  const ring = createRegionGeom({ kind: "compound", include: [circle(1)], exclude: [circle(0.3)] });
  same(await back(createSkyMap(ring)), createSkyMap(ring));
});

Deno.test("the table of regions alone gives the region to its pixels' precision", async () => {
  await fc.assert(
    fc.asyncProperty(regionGeoms, async (geom) => {
      const hdus = mapHdus(createSkyMap(geom)).map((hdu) => ({
        ...hdu,
        header: (hdu.header ?? []).filter(({ keyword }) => !keyword.startsWith("GRXREG")),
      }));
      const found = (await readMap(encodeFits(hdus))).geom;
      assert.ok(found.kind === "region-geom");
      assert.equal(found.region.kind, geom.region.kind);
      const [area, expected] = [found.region, geom.region].map(regionSolidAngleSr);
      assert.ok(Math.abs(area! - expected!) <= 1e-6 * expected! + 1e-15, `${area} ${expected}`);
      if ("lonDeg" in found.region && "lonDeg" in geom.region) {
        assert.ok(Math.abs(found.region.latDeg - geom.region.latDeg) < 1e-9);
      }
      if ("angleDeg" in found.region && "angleDeg" in geom.region) {
        const turn = (found.region.angleDeg - geom.region.angleDeg + 540) % 360 - 180;
        assert.ok(Math.abs(turn) < 1e-3, `${turn}`);
      }
    }),
    { numRuns: 150 },
  );
});

const one = (axis: fc.Arbitrary<Axis>) => axis.map((axis) => [axis]);
const FLOATS = ["float64", "float32"];
const energy = one(edgesAxis("energy", "keV")), nodes = one(nodesAxis("energy_true", "MeV"));
/** Nodes of source maps are the edges of one bin or more. */
const twoNodes = nodes.filter(([axis]) => axis!.nBins > 1);
const images = fc.constant([]);
const labels = fc.constantFrom([], [createLabelAxis("column", ["I_STOKES", "Q", "U"])]);
const wcsOrHpx = fc.oneof(wcsGeoms, wholeHpx, partHpx);

/** What each format holds without loss. */
const HELD: Readonly<Record<string, MapsOptions>> = {
  "gadf": { geoms: anyGeom },
  "fgst-ccube": { geoms: wcsOrHpx, axes: energy, units: [""] },
  "fgst-bexpcube": { geoms: wcsOrHpx, axes: nodes, units: ["cm2 s"] },
  "fgst-template": { geoms: wcsOrHpx, axes: nodes, units: ["cm-2 s-1 MeV-1 sr-1"] },
  "fgst-srcmap": { geoms: wcsOrHpx, axes: twoNodes },
  "fgst-srcmap-sparse": { geoms: wholeHpx, axes: twoNodes },
  "galprop": { geoms: wholeHpx, axes: nodes },
  "galprop2": { geoms: wholeHpx, axes: nodes },
  "hermes": { geoms: wholeHpx, axes: nodes, types: FLOATS },
  "healpy": { geoms: fc.oneof(wholeHpx, partHpx), axes: fc.oneof(images, labels) },
  "ogip": { geoms: regionGeoms, axes: energy, units: [""], types: ["int32"] },
  "ogip-sherpa": { geoms: regionGeoms, axes: energy, units: [""], types: ["int32"] },
  "ogip-arf": {
    geoms: regionGeoms,
    axes: one(edgesAxis("energy_true", "TeV")),
    units: ["cm2", "m2"],
  },
  "ogip-arf-sherpa": {
    geoms: regionGeoms,
    axes: one(edgesAxis("energy_true", "keV")),
    units: ["cm2"],
  },
};

Deno.test("every registered format is written and read back, or is read only", () => {
  const known = mapFormats.entries("map"),
    writable = known.filter((one) => one.write !== undefined);
  assert.deepEqual(writable.map((one) => one.format).sort(), Object.keys(HELD).sort());
  const readOnly = known.filter((one) => one.write === undefined).map((one) => one.format);
  assert.deepEqual(readOnly, ["fgst-ltcube"]);
});

for (const [format, options] of Object.entries(HELD)) {
  Deno.test(`mapHdus() ${format} is found from the file and read back`, async () => {
    await fc.assert(
      fc.asyncProperty(maps(options), async (map) => {
        const bytes = encodeFits(mapHdus(map, { format }));
        using fits = await openFits(memorySource(bytes));
        for (const found of [await readFitsMap(fits), await readFitsMap(fits, { format })]) {
          assert.equal(found.geom.key, map.geom.key);
          assert.deepEqual(found.values.shape, map.values.shape);
          assert.deepEqual(runOf(found), runOf(map));
          assert.equal(found.unit, map.unit);
          map.axes.forEach((axis, a) => holdsAxis(found.axes[a]!, axis, format));
        }
      }),
      { numRuns: 60 },
    );
  });
}

/** Formats of one energy axis have one scale, and some of them a unit of their own. */
function holdsAxis(found: Axis, expected: Axis, format: string): void {
  if (format === "gadf" || expected.kind !== "map-axis") {
    assert.ok(axisEquals(found, expected, { rtol: 1e-12 }));
    return;
  }
  assert.ok(found.kind === "map-axis" && found.interp === "log");
  assert.equal(found.nodes, expected.nodes);
  const factor = unitFactor(expected.unit, found.unit);
  const tables = [found, expected].map((axis) =>
    axis.nodes === "edges" ? axis.edges : axis.centers
  );
  tables[0]!.forEach((one, i) => {
    const wanted = tables[1]![i]! * factor;
    assert.ok(Math.abs(one - wanted) <= 1e-14 * wanted, `${one} ${wanted}`);
  });
}

Deno.test("mapHdus() healpy keeps which pixels have a value", async () => {
  const geom = createHpxGeom({ nside: 1 }), data = new Float32Array(12).fill(2);
  const valid = ndarray(Uint8Array.from({ length: 12 }, (_, i) => i % 2), [12]);
  const found = await back(createSkyMap(geom, { data, valid }), { format: "healpy" });
  assert.deepEqual(found.valid, valid);
  assert.deepEqual([found.values.get(0), found.values.get(1)], [Math.fround(-1.6375e30), 2]);
});

Deno.test("mapHdus() ogip keeps which channels are good", async () => {
  const energy = createMapAxis("energy", [1, 2, 3], { unit: "TeV", interp: "log" });
  const valid = ndarray(Uint8Array.of(1, 0), [2]);
  const map = createSkyMap(NO_SKY, { axes: [energy], data: Int32Array.of(3, 4), valid });
  assert.deepEqual((await back(map, { format: "ogip" })).valid, valid);
  const bytes = encodeFits(mapHdus(map, { format: "ogip" }));
  assert.deepEqual((await readMap(bytes, { column: "QUALITY" })).values.data, Uint8Array.of(1, 0));
});

Deno.test("mapHdus() refuses maps that a format has no place for, and says what it takes", () => {
  const image = createSkyMap(createWcsGeom({ npix: 2, proj: "TAN" }));
  const refused: readonly [string, SkyMap, RegExp][] = [
    ["healpy", image, /takes hpx-geom/],
    ["fgst-ccube", image, /takes maps of one axis, energy/],
    ["ogip", image, /takes region-geom or no-sky/],
    ["fgst-ltcube", image, /can be read only/],
    ["galprop", createSkyMap(createHpxGeom({ nside: 2, pixels: [1] })), /one axis, energy/],
    ["healpy", withVarianceAndValid(createSkyMap(createHpxGeom({ nside: 1 })), 1), /variance/],
  ];
  for (const [format, map, message] of refused) {
    assert.throws(() => mapHdus(map, { format }), (error) => {
      assert.ok(error instanceof TypeError);
      assert.match(error.message, message);
      return true;
    });
  }
  assert.throws(() => mapHdus(image, { format: "gadff" }), /known are .*map\/gadf@0.3/);
});
