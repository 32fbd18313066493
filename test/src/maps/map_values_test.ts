import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  createHpxGeom,
  createSkyMap,
  createWcsGeom,
  geomCenters,
  geomPixel,
  interpolateMap,
  interpolateToGeom,
  type MapCoords,
  mapInterpolator,
  NO_SKY,
  readMap,
  type SkyGeom,
  type SkyMap,
  valuesAt,
} from "../../../src/maps/mod.ts";
import {
  createMapAxis,
  createTimeAxis,
  linearEdges,
  type MapAxis,
} from "../../../src/nddata/mod.ts";
import { icrsToGalactic } from "../../../src/sky/mod.ts";
import { agrees, dataFile, referenceTest } from "../../_tools/data_io.ts";
import { BAND, ENERGY, GEOMS, noiseMap, numbers } from "./_maps.ts";

const at = (...lists: number[][]) => lists.map((list) => Float64Array.from(list));

/** Coordinates of all cells of a map, in C order. */
function allCells(map: SkyMap): MapCoords {
  const pixels = map.geom.shape.reduce((a: number, b) => a * b, 1), n = map.values.size;
  const axes: Record<string, Float64Array> = {};
  let stride = n;
  for (const axis of map.axes) {
    stride /= axis.nBins;
    const width = stride, { nBins } = axis;
    axes[axis.name] = Float64Array.from({ length: n }, (_, i) => {
      const bin = Math.floor(i / width) % nBins;
      return axis.kind === "map-axis" ? axis.centers[bin]! : bin;
    });
  }
  if (map.geom.kind === "no-sky") return { axes };
  const { lonDeg, latDeg } = geomCenters(map.geom);
  const column = (from: ArrayLike<number>) =>
    Float64Array.from({ length: n }, (_, i) => from[i % pixels]!);
  return { lonDeg: column(lonDeg.data), latDeg: column(latDeg.data), frame: map.geom.frame, axes };
}

Deno.test("valuesAt() of the centres of all cells is the map, on every geometry", () => {
  for (const geom of Object.values(GEOMS)) {
    const map = noiseMap(geom);
    deepStrictEqual([...valuesAt(map, allCells(map))], numbers(map.values));
  }
});

Deno.test("interpolateMap() of the centres of all cells is the map, linear or nearest, lin or log", () => {
  for (const [name, geom] of Object.entries(GEOMS)) {
    const map = noiseMap(geom, { axes: [ENERGY] }),
      coords = allCells(map),
      expected = numbers(map.values);
    for (const method of ["linear", "nearest"] as const) {
      for (const valuesScale of ["lin", "log"] as const) {
        const found = interpolateMap(map, coords, { method, valuesScale });
        expected.forEach((one, i) => {
          // next to the edge of a partial sky one of four HEALPix pixels may be missing, with weight 0 or not
          if (name === "hpx part" && Number.isNaN(found[i])) return;
          ok(
            Math.abs(found[i]! - one) < 1e-8,
            `${name} ${method} ${valuesScale} ${found[i]} ${one}`,
          );
        });
      }
    }
  }
});

Deno.test("valuesAt() of a region that changes along an axis asks the region of the bin", () => {
  const map = noiseMap(GEOMS["region along energy"]!, { axes: [ENERGY], variance: false });
  // 0.25 deg north of the centre: within 0.4 and 0.3, not within 0.2 and 0.1
  const lonDeg = new Float64Array(4).fill(83.6), latDeg = new Float64Array(4).fill(22.25);
  const energy = (ENERGY as MapAxis).centers;
  const found = valuesAt(map, { lonDeg, latDeg, axes: { energy } });
  deepStrictEqual([...found], [map.values.get(0), map.values.get(1), NaN, NaN]);
  deepStrictEqual([...valuesAt(map, { axes: { energy } })], numbers(map.values));
});

Deno.test("interpolateMap() is exact for functions linear in pixels and in the scale of the axis", () => {
  const geom = createWcsGeom({
    skydir: { lonDeg: 83.6, latDeg: 22 },
    proj: "TAN",
    binszDeg: 0.1,
    npix: [9, 7],
  });
  const axis = createMapAxis("energy", [1, 2, 5, 10, 30], { unit: "TeV", interp: "log" });
  const f = (x: number, y: number, e: number) => 3 + 0.5 * x - 0.25 * y + 2 * Math.log(e);
  const data = Float64Array.from(
    { length: 4 * 63 },
    (_, i) => f(i % 9, Math.floor(i / 9) % 7, axis.centers[Math.floor(i / 63)]!),
  );
  const map = createSkyMap(geom, { axes: [axis], data });
  const inside = fc.record({
    lonDeg: fc.double({ min: 83.2, max: 84, noNaN: true }),
    latDeg: fc.double({ min: 21.75, max: 22.25, noNaN: true }),
    energy: fc.double({ min: 1, max: 30, noNaN: true }),
  });
  fc.assert(fc.property(inside, ({ lonDeg, latDeg, energy }) => {
    const { x, y } = geomPixel(geom, { lonDeg, latDeg }), expected = f(x, y, energy);
    const [lon, lat, e] = at([lonDeg], [latDeg], [energy]);
    const coords = { lonDeg: lon!, latDeg: lat!, axes: { energy: e! } };
    ok(Math.abs(interpolateMap(map, coords)[0]! - expected) < 1e-9);
    const galactic = icrsToGalactic({ lonDeg, latDeg }),
      [l, b] = at([galactic.lonDeg], [galactic.latDeg]);
    const same = { lonDeg: l!, latDeg: b!, frame: "galactic" as const, axes: { energy: e! } };
    ok(Math.abs(interpolateMap(map, same)[0]! - expected) < 1e-7);
  }));
  const log = createSkyMap(geom, { axes: [axis], data: data.map(Math.exp) });
  const [lon, lat, e] = at([83.65], [22.07], [7]);
  const coords = { lonDeg: lon!, latDeg: lat!, axes: { energy: e! } };
  const linear = interpolateMap(map, coords)[0]!;
  ok(
    Math.abs(interpolateMap(log, coords, { valuesScale: "log" })[0]! / Math.exp(linear) - 1) < 1e-9,
  );
});

Deno.test("interpolateMap() gives what is asked for outside: NaN, a number, or the last interval carried on", () => {
  const geom = createWcsGeom({ proj: "CAR", binszDeg: 1, npix: [4, 4] });
  const data = Float64Array.from({ length: 16 }, (_, i) => i % 4),
    map = createSkyMap(geom, { data });
  const [lonDeg, latDeg] = at([0, 357.8, 350], [0, 0, 0]) as [Float64Array, Float64Array];
  const found = (outside?: number | "extrapolate") =>
    [...interpolateMap(map, { lonDeg, latDeg }, outside === undefined ? {} : { outside })]
      .map((one) => Math.round(one * 1e6) / 1e6);
  deepStrictEqual(found(), [1.5, NaN, NaN]);
  deepStrictEqual(found(0), [1.5, 0, 0]);
  deepStrictEqual(found("extrapolate"), [1.5, 3.7, 11.5]);
  const half = createHpxGeom({ nside: 2, pixels: [0, 1, 2, 3, 4, 5] }), n = half.nPix;
  const cap = createSkyMap(half, { data: new Float64Array(n).fill(2) });
  const [lon, lat] = at([45, 45], [90, -80]) as [Float64Array, Float64Array];
  const pole = (
    outside: number | "extrapolate",
  ) => [...interpolateMap(cap, { lonDeg: lon, latDeg: lat }, { outside })];
  deepStrictEqual(pole(-1), [2, -1]);
  deepStrictEqual(pole("extrapolate"), [2, NaN]);
});

Deno.test("what is made ready for interpolation is kept with the map; a column may be written into", () => {
  const map = noiseMap(GEOMS["wcs"]!, { axes: [ENERGY] });
  strictEqual(mapInterpolator(map), mapInterpolator(map));
  ok(mapInterpolator(map) !== mapInterpolator(map, { outside: 0 }));
  const coords = allCells(map), out = new Float64Array(map.values.size);
  strictEqual(mapInterpolator(map).valuesAt(coords, out), out);
  throws(() => mapInterpolator(map).valuesAt(coords, new Float64Array(1)), /out has 1 values/);
});

Deno.test("maps refuse coordinates that are missing, of other axes, or axes that have no between", () => {
  const map = noiseMap(GEOMS["wcs"]!, { axes: [ENERGY] }), [one] = at([1]) as [Float64Array];
  throws(
    () => valuesAt(map, { lonDeg: one, latDeg: one }),
    /axis "energy": found coordinates along none/,
  );
  throws(() => valuesAt(map, { axes: { energy: one } }), /need lonDeg and latDeg/);
  throws(() => interpolateMap(map, { axes: { energy: one } }), /need lonDeg and latDeg/);
  const two = new Float64Array(2);
  throws(
    () => valuesAt(map, { lonDeg: two, latDeg: two, axes: { energy: one } }),
    /expected one length/,
  );
  throws(
    () => interpolateMap(noiseMap(NO_SKY), { axes: { energy: one, band: one } }),
    /slice the map/,
  );
  const epoch = { mjdDay: 58849, dayS: 0, scale: "TT" };
  const time = createTimeAxis({ epoch, startS: [0, 100], stopS: [50, 200] });
  const curve = createSkyMap(NO_SKY, { axes: [time], data: Float64Array.of(2, 3) });
  deepStrictEqual([...valuesAt(curve, { axes: { time: Float64Array.of(150, 70) } })], [3, NaN]);
  const bands = noiseMap(NO_SKY, { axes: [BAND] });
  deepStrictEqual([...valuesAt(bands, { axes: { band: Float64Array.of(1, 0.5) } })], [
    bands.values.get(1),
    NaN,
  ]);
});

Deno.test("interpolateToGeom() on the map's own geometry is the map, and conserves counts where they are smooth", () => {
  for (const geom of Object.values(GEOMS)) {
    const map = noiseMap(geom, { axes: [ENERGY], valid: false });
    if (geom.kind === "hpx-geom" && geom.pixels !== undefined) continue;
    for (const preserveCounts of [false, true]) {
      const same = interpolateToGeom(map, geom, { preserveCounts });
      numbers(map.values).forEach((one, i) => ok(Math.abs(numbers(same.values)[i]! - one) < 1e-9));
    }
  }
  const geom = createWcsGeom({ proj: "TAN", binszDeg: 0.1, npix: 40 });
  const axis = createMapAxis("x", linearEdges({ low: 0, high: 4, nBins: 4 }));
  const map = createSkyMap(geom, { axes: [axis], data: new Float64Array(4 * 1600).fill(3) });
  const fine = createWcsGeom({ proj: "CAR", frame: "icrs", binszDeg: 0.05, npix: 40 });
  const bins = createMapAxis("x", linearEdges({ low: 1, high: 3, nBins: 4 }));
  const counts = interpolateToGeom(map, fine, { axes: [bins], preserveCounts: true });
  deepStrictEqual(counts.values.shape, [4, 40, 40]);
  const sum = numbers(counts.values).reduce((a, b) => a + b, 0);
  ok(Math.abs(sum / (2 * 400 * 3) - 1) < 1e-3, `${sum}`);
  throws(() => interpolateToGeom(map, fine, { axes: [] }), /has the axes x, found none/);
});

Deno.test("interpolateToGeom() makes invalid what has a part of an invalid value or is outside", () => {
  const geom = createWcsGeom({ proj: "CAR", binszDeg: 1, npix: [4, 1] }),
    map = noiseMap(geom, { axes: [] });
  const isValid = numbers(map.valid),
    wide = createWcsGeom({ proj: "CAR", binszDeg: 1, npix: [6, 1] });
  const found = interpolateToGeom(map, wide, { outside: 0 });
  deepStrictEqual(numbers(found.valid), [0, ...isValid, 0]);
  strictEqual(found.values.get(0, 0), 0);
});

/** Columns of every energy at every position. */
function onGrid(map: SkyMap, given: Record<string, unknown>): MapCoords {
  const { l, b, E_GeV } = given as Record<string, number[]>, n = l!.length;
  const axis = map.axes[0]!, scale = axis.kind === "map-axis" && axis.unit === "MeV" ? 1000 : 1;
  const every = (list: number[]) =>
    Float64Array.from({ length: n * E_GeV!.length }, (_, i) => list[i % n]!);
  return {
    lonDeg: every(l!),
    latDeg: every(b!),
    frame: "galactic",
    axes: {
      [axis.name]: Float64Array.from(
        { length: n * E_GeV!.length },
        (_, i) => scale * E_GeV![Math.floor(i / n)]!,
      ),
    },
  };
}

/** Rows of one energy each. */
const rows = (flat: Float64Array, n: number) =>
  Array.from({ length: flat.length / n }, (_, row) => [...flat.subarray(row * n, (row + 1) * n)]);

const IEM = "gammapy-data/fermi-3fhl-gc/gll_iem_v06_gc.fits.gz";
referenceTest("gammapy.json", "maps.interp.iem", [IEM], async ({ expected, tol }) => {
  const map = await readMap(dataFile(IEM)), coords = onGrid(map, expected), n = 4;
  strictEqual(map.axes[0]?.name, expected["axis_name"]);
  const linear = interpolateMap(map, coords, { outside: "extrapolate" });
  agrees(rows(linear, n), expected["interp"], tol["interp"]!, "interp");
  agrees(rows(valuesAt(map, coords), n), expected["nearest"], tol["nearest"]!, "nearest");
});

referenceTest("gammapy.json", "models.spatial.template_iem", [IEM], async ({ expected, tol }) => {
  const map = await readMap(dataFile(IEM));
  const grid = { l: [0.3, 359], b: [0.2, -1], E_GeV: [20, 200] };
  const all = rows(interpolateMap(map, onGrid(map, grid), { valuesScale: "log" }), 2);
  agrees([all[0]![0], all[1]![1]], expected["value"], tol["value"]!, "value");
});

const EXPOSURE = "gammapy-data/fermi_3fhl/fermi_3fhl_exposure_cube_hpx.fits.gz";
referenceTest("gammapy.json", "maps.hpx.fermi_exposure", [EXPOSURE], async ({ expected, tol }) => {
  const map = await readMap(dataFile(EXPOSURE)), { geom } = map, n = 4;
  ok(geom.kind === "hpx-geom");
  const coords = onGrid(map, expected), axis = map.axes[0] as MapAxis;
  // Gammapy interpolates HEALPix maps linearly in energy, though the axis says log and its WCS maps obey
  const { name, unit, centers } = axis;
  strictEqual(axis.interp, "log");
  const linear = createMapAxis(name, centers, { unit, nodes: "centers", interp: "lin" });
  const peer = createSkyMap(geom, { axes: [linear], data: map.values, unit: map.unit! });
  const found: Record<string, unknown> = {
    nside: geom.grid.nside,
    nest: geom.grid.order === "nested",
    frame: geom.frame,
    energy_centers_GeV: Array.from(axis.centers, (one) => axis.unit === "MeV" ? one / 1000 : one),
    shape: map.values.shape,
    sum: numbers(map.values).reduce((a, b) => a + b, 0),
    get: rows(valuesAt(map, coords), n),
    interp: rows(interpolateMap(peer, coords), n),
  };
  const own = interpolateMap(map, coords), ofPeer = interpolateMap(peer, coords);
  own.forEach((one, i) => ok(one !== ofPeer[i] && Math.abs(one / ofPeer[i]! - 1) < 0.01));
  for (const [name, value] of Object.entries(found)) {
    agrees(value, expected[name], tol[name]!, name);
  }
});

const COUNTS = "gammapy-data/fermi-3fhl-gc/fermi-3fhl-gc-counts-cube.fits.gz";
referenceTest(
  "gammapy.json",
  "maps.read.fermi_counts_cube",
  [COUNTS],
  async ({ expected, tol }) => {
    const map = await readMap(dataFile(COUNTS)), geom: SkyGeom = map.geom, { l, b } = expected;
    ok(geom.kind === "wcs-geom");
    const pixels = (l as number[]).map((lonDeg, i) =>
      geomPixel(geom, { lonDeg, latDeg: (b as number[])[i]! })
    );
    agrees(pixels.map(({ x }) => x), expected["pix_x"], tol["pix_x"]!, "pix_x");
    agrees(pixels.map(({ y }) => y), expected["pix_y"], tol["pix_y"]!, "pix_y");
    const energyOf = (map.axes[0] as MapAxis).centers;
    const coords = {
      lonDeg: Float64Array.from(l as number[]),
      latDeg: Float64Array.from(b as number[]),
    };
    const energy = new Float64Array(coords.lonDeg.length).fill(energyOf[0]!);
    const inside = valuesAt(map, { ...coords, axes: { [map.axes[0]!.name]: energy } });
    pixels.forEach(({ ix, iy }, i) => strictEqual(inside[i], map.values.get(0, iy, ix)));
  },
);
