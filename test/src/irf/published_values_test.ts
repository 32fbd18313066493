/**
 * Values that Gammapy's own tests publish (gammapy/irf and gammapy/makers), at the tolerance stated there.
 * Source of each number: the test of Gammapy named beside it.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createGti, readEvents } from "../../../src/events/mod.ts";
import { encodeFits, memorySource, openFits, openFitsFile } from "../../../src/fits/mod.ts";
import {
  backgroundMap,
  biasEnergy,
  containmentRadiusDeg,
  createIrf,
  createParametricPsf,
  evaluateIrf,
  exposureMap,
  type Irf,
  irfAxis,
  makePsfMap,
  psfContainment,
  psfDensity,
  readGtpsf,
  readIrfFile,
  readRmf,
  reducedAt,
  rmfHdus,
  stackReduced,
} from "../../../src/irf/mod.ts";
import {
  createRegionGeom,
  createWcsGeom,
  geomPixel,
  type SkyMap,
  solidAngleSr,
  type WcsGeom,
} from "../../../src/maps/mod.ts";
import {
  binIndex,
  createMapAxis,
  energyAxis,
  linearEdges,
  logEdges,
  type MapAxis,
} from "../../../src/nddata/mod.ts";
import {
  convertFrame,
  observatory,
  pixelToWorld,
  positionAngleDeg,
  separationDeg,
  separationDegInto,
} from "../../../src/sky/mod.ts";
import { convertEpoch, parseTime } from "../../../src/time/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";

const HESS = (id: number) => `gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_0${id}.fits.gz`;
const CTA = "gammapy-data/cta-1dc/caldb/data/cta/1dc/bcf/South_z20_50h/irf_file.fits";
const PROD5 =
  "gammapy-data/cta-caldb/Prod5-South-20deg-AverageAz-14MSTs37SSTs.180000s-v0.1.fits.gz";
const KING = "gammapy-data/tests/hess_psf_king_023523.fits.gz";
const UNBUNDLED = "gammapy-data/tests/unbundled/irfs/psf.fits";

/** |found − expected| ≤ rtol |expected| + atol. */
function near(found: number, expected: number, rtol: number, atol = 0): void {
  ok(
    Math.abs(found - expected) <= rtol * Math.abs(expected) + atol,
    `found ${found}, expected ${expected} within ${rtol}`,
  );
}

const point = (values: Record<string, number>): Record<string, Float64Array> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Float64Array.of(value)]));

function sumOf(map: SkyMap): number {
  return (map.values.data as Float64Array).reduce((a, b) => a + b, 0);
}

// test_load_irf_dict_from_file, test_effective_area.py
dataTest("H.E.S.S. tables of run 20136 have the published values", [HESS(20136)], async () => {
  const { aeff, edisp, psf, bkg } = await readIrfFile(dataFile(HESS(20136)));
  const at = { energy_true: 1, offset: 0.5 };
  near(evaluateIrf(aeff!, point(at))[0]! / 1e4, 273372.44851054, 1e-5);
  near(evaluateIrf(edisp!, point({ ...at, migra: 1 }))[0]!, 1.84269482, 1e-5);
  near(psfDensity(psf!, point({ ...at, rad: 0.1 }))[0]!, 6.75981573, 1e-5);
  const rate = evaluateIrf(bkg!, point({ energy: 1, fov_lon: 0.5, fov_lat: 0.1 }))[0]!;
  near(rate * 1e-6, 0.00031552, 1e-5);
});

dataTest("the effective area of run 20137 has the published value", [HESS(20137)], async () => {
  const { aeff } = await readIrfFile(dataFile(HESS(20137)));
  near(evaluateIrf(aeff!, point({ energy_true: 1, offset: 0.5 }))[0]! / 1e4, 278000.54120855, 1e-5);
});

dataTest("the effective area of run 23523 has the published shape", [HESS(23523)], async () => {
  const aeff = (await readIrfFile(dataFile(HESS(23523)))).aeff!;
  strictEqual(irfAxis(aeff, "energy_true").nBins, 96);
  strictEqual(irfAxis(aeff, "offset").nBins, 6);
  near(aeff.safeTeV[0], 0.870964, 1e-5);
  near(aeff.safeTeV[1], 100, 1e-5);
  near(evaluateIrf(aeff, point({ energy_true: 14, offset: 0.2 }))[0]! / 1e4, 683177.5, 1e-5);
  // makers/tests/test_utils.py::test_guess_instrument_fov: the greatest offset that has an area
  const area = (offset: number) => evaluateIrf(aeff, point({ energy_true: 1, offset }))[0]!;
  strictEqual(irfAxis(aeff, "offset").centers.findLast((offset) => area(offset) > 0), 2.5);
});

// test_table.py
dataTest("the PSF table of run 23523 has the published values", [HESS(23523)], async () => {
  const psf = (await readIrfFile(dataFile(HESS(23523)))).psf!;
  const perSr = (180 / Math.PI) ** 2;
  const at = { energy_true: 1, offset: 0.3, rad: 0.1 };
  near(psfDensity(psf, point(at))[0]! * perSr, 25847.249548, 1e-5);
  const radius = (energy: number) =>
    containmentRadiusDeg(psf, 0.68, point({ energy_true: energy, offset: 0 }))[0]!;
  near(radius(1), 0.123352, 1e-2);
  near(radius(3), 0.13131, 1e-2);
});

// test_parametric.py: radii there are nearest points of a grid of 0.0005 deg
dataTest("parametric PSFs have the published radii", [CTA, PROD5, KING], async () => {
  const step = 0.0005;
  const cta = (await readIrfFile(dataFile(CTA))).psf!;
  near(
    containmentRadiusDeg(cta, 0.68, point({ energy_true: 1, offset: 2 }))[0]!,
    0.052841,
    0,
    1e-4 + step,
  );
  const dark = point({ energy_true: 0.05, offset: 4.5, rad: 0.03 });
  near(psfDensity(cta, dark)[0]!, 0, 0, 1e-7);
  const prod5 = (await readIrfFile(dataFile(PROD5))).psf!;
  near(
    psfDensity(prod5, point({ energy_true: 1, offset: 3.5, rad: 0.03 }))[0]!,
    78.25826069,
    1e-7,
  );
  const king = (await readIrfFile(dataFile(KING))).psf!;
  const parameterAt = (name: string, offset: number) => {
    if (king.kind !== "psf-king") throw new TypeError(`Found a "${king.kind}"`);
    const table = createIrf("aeff", king.axes, {
      data: king.parameters[name]!.values.data as Float64Array,
    });
    return evaluateIrf(table, point({ energy_true: 1, offset }))[0]!;
  };
  near(parameterAt("gamma", 0), 1.733179, 1e-5);
  near(parameterAt("gamma", 1), 1.812795, 1e-5);
  near(parameterAt("sigma", 0), 0.040576, 2e-5);
  near(parameterAt("sigma", 1), 0.040765, 2e-5);
  near(
    containmentRadiusDeg(king, 0.68, point({ energy_true: 1, offset: 0 }))[0]!,
    0.14575,
    1e-5,
    step,
  );
  near(psfDensity(king, point({ energy_true: 1, offset: 0, rad: 1 }))[0]!, 0.005234, 1e-3);
  near(psfDensity(king, point({ energy_true: 1, offset: 1, rad: 1 }))[0]!, 0.004015, 1e-3);
});

/** Σ |differences| of neighbours along both axes: small where a table is smooth. */
function roughness(values: ArrayLike<number>, rows: number, columns: number): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j;
      if (i + 1 < rows) sum += Math.abs(values[at + columns]! - values[at]!);
      if (j + 1 < columns) sum += Math.abs(values[at + 1]! - values[at]!);
    }
  }
  return sum;
}

// test_parametric.py::test_to_table_psf: the file has no TDIM; Gammapy takes the offset for the fastest axis,
// against the format (ENERG stands first) and against the table, which is smooth only the other way.
dataTest("a PSF without TDIM is read smooth, and as published where taken otherwise", [
  UNBUNDLED,
], async () => {
  const psf = (await readIrfFile(dataFile(UNBUNDLED))).psf!;
  if (psf.kind !== "psf-3gauss") throw new TypeError(`Found a "${psf.kind}"`);
  const [energy, offset] = psf.axes as [MapAxis, MapAxis], nE = energy.nBins, nO = offset.nBins;
  const asPublished = (values: ArrayLike<number>) =>
    Float64Array.from({ length: nE * nO }, (_, i) => values[(i % nE) * nO + Math.floor(i / nE)]!);
  const sigma = psf.parameters.sigma_1!.values.data;
  ok(roughness(sigma, nE, nO) < 0.4 * roughness(asPublished(sigma), nE, nO));
  const parameters = Object.fromEntries(
    Object.entries(psf.parameters).map(([name, { values }]) => [name, asPublished(values.data)]),
  );
  const taken = createParametricPsf("psf-3gauss", psf.axes, { parameters });
  for (const [fraction, expected] of [[0.68, 0.14775], [0.8, 0.18675], [0.9, 0.25075]] as const) {
    const at = point({ energy_true: 1, offset: 0 });
    near(containmentRadiusDeg(taken, fraction, at)[0]!, expected, 1e-3, 0.0005);
  }
});

const CRAB = { lonDeg: 83.63, latDeg: 22.01 };
const POINTING: Readonly<Record<number, { lonDeg: number; latDeg: number }>> = {
  23523: { lonDeg: 83.63333333333333, latDeg: 21.51444444444444 },
  23526: { lonDeg: 83.63333333333333, latDeg: 22.51444444444444 },
};
const LIVETIME_S: Readonly<Record<number, number>> = { 23523: 1581.736758, 23526: 1572.686724 };

// test_map.py::test_make_psf
dataTest(
  "makePsfMap() of run 23523 at the Crab has the published values",
  [HESS(23523)],
  async () => {
    const { aeff, psf } = await readIrfFile(dataFile(HESS(23523)));
    const geom = createWcsGeom({ skydir: CRAB, npix: 3, binszDeg: 0.2 });
    const livetimeS = 1581.736758, pointing = POINTING[23523]!;
    const both = (energyTrue: Parameters<typeof exposureMap>[1]["energyTrue"]) => {
      const exposure = exposureMap(aeff!, { geom, energyTrue, pointing, livetimeS });
      return { exposure, energyTrue };
    };
    const native = both(irfAxis(psf!, "energy_true"));
    const own = makePsfMap(psf!, { geom, pointing, rad: irfAxis(psf!, "rad"), ...native });
    near(native.energyTrue.centers[15]!, 0.8659643, 1e-3);
    near(native.exposure.values.get(15, 1, 1), 3.14711e12, 1e-3);
    near(reducedAt(own, CRAB).values.get(15, 50), 4369.96391, 1e-3);
    const fine = both(energyAxis({ low: 1, high: 10, nBins: 100, name: "energy_true" }));
    const rad = createMapAxis(
      "rad",
      Array.from({ length: 1000 }, (_, i) => i * 0.002),
      { unit: "deg", nodes: "centers" },
    );
    const map = makePsfMap(psf!, { geom, pointing, rad, ...fine });
    near(fine.exposure.values.get(15, 1, 1), 4.723409e12, 1e-3);
    near(reducedAt(map, CRAB).values.get(15, 50) * (Math.PI / 180) ** 2, 6.868102, 1e-3);
  },
);

// test_map.py::test_make_mean_psf
dataTest(
  "stackReduced() of two runs has the published value",
  [HESS(23523), HESS(23526)],
  async () => {
    const geom = createWcsGeom({ skydir: CRAB, npix: 3, binszDeg: 0.2 });
    const maps = await Promise.all([23523, 23526].map(async (id) => {
      const { aeff, psf } = await readIrfFile(dataFile(HESS(id))), pointing = POINTING[id]!;
      const energyTrue = irfAxis(psf!, "energy_true"), livetimeS = LIVETIME_S[id]!;
      const exposure = exposureMap(aeff!, { geom, energyTrue, pointing, livetimeS });
      return makePsfMap(psf!, { geom, energyTrue, pointing, exposure, rad: irfAxis(psf!, "rad") });
    }));
    near(reducedAt(stackReduced(maps), CRAB).values.get(22, 22), 12206.1665, 1e-3);
  },
);

// test_utils.py::test_make_map_exposure_true_energy
dataTest("exposureMap() of CTA has the published sums", [CTA], async () => {
  const { aeff } = await readIrfFile(dataFile(CTA));
  const geom = createWcsGeom({ npix: [4, 3], binszDeg: 2 });
  for (const [edges, expected] of [[[0.1, 1, 10], 8.103974e8], [[0.1, 10], 2.387916e8]] as const) {
    const energyTrue = createMapAxis("energy_true", edges, { unit: "TeV", interp: "log" });
    const pointing = { lonDeg: 2, latDeg: 1 };
    const map = exposureMap(aeff!, { geom, energyTrue, pointing, livetimeS: 42 });
    near(sumOf(map) / 1e4, expected, 1e-5);
  }
});

/**
 * Sum over a map divided by our solid angles, times those of Gammapy: two planar triangles a pixel, which differ
 * from the sphere by 3e-4 for pixels of 2 deg, 8e-4 for 4 deg.
 */
function planar(map: SkyMap, pixel: number): number {
  const geom = map.geom as WcsGeom, nx = geom.npix[0], x = pixel % nx, y = Math.floor(pixel / nx);
  const corner = (dx: number, dy: number) => pixelToWorld(geom.wcs, { x: x + dx, y: y + dy });
  const a = corner(-0.5, -0.5), b = corner(0.5, -0.5), c = corner(-0.5, 0.5), d = corner(0.5, 0.5);
  const rad = Math.PI / 180, side = (p: typeof a, q: typeof a) => separationDeg(p, q) * rad;
  const turn = (p: typeof a, q: typeof a) => positionAngleDeg(p, q) * rad;
  const one = 0.5 * side(a, c) * side(c, d) * Math.sin(turn(c, d) - turn(c, a));
  const two = 0.5 * side(b, d) * side(a, b) * Math.sin(turn(b, d) - turn(a, b));
  return Math.abs(one + two) / (solidAngleSr(geom).data[pixel] as number);
}

function planarSum(map: SkyMap): number {
  const n = map.geom.shape.reduce((a: number, b: number) => a * b, 1);
  const ratios = Array.from({ length: n }, (_, k) => planar(map, k));
  return (map.values.data as Float64Array).reduce(
    (sum, value, i) => sum + value * ratios[i % n]!,
    0,
  );
}

/** Pointing of the CTA run 110380, as its header has it. */
const CTA_POINTING = { lonDeg: 267.68121338, latDeg: -29.6075 };

// test_utils.py::test_make_map_background_irf
dataTest("backgroundMap() of CTA has the published sums", [CTA], async () => {
  const { bkg } = await readIrfFile(dataFile(CTA));
  const geom = createWcsGeom({ npix: [4, 3], binszDeg: 2, skydir: CTA_POINTING });
  for (const edges of [[0.1, 1, 10], [0.1, 10]]) {
    const energy = createMapAxis("energy", edges, { unit: "TeV", interp: "log" });
    // The parts of the one bin are as wide as those of the two.
    const map = backgroundMap(bkg!, {
      geom,
      energy,
      pointing: CTA_POINTING,
      ontimeS: 42,
      oversampling: 10,
    });
    near(planarSum(map), 1051.960299, 1e-5);
  }
});

/** exp(−θ²/8 deg²) (E/TeV)⁻² at the centres of 20 bins of energy and 10 of offset. */
function analyticBackground(): Irf<"bkg"> {
  const energy = energyAxis({ low: 0.1, high: 10, nBins: 20 });
  const offset = createMapAxis("offset", linearEdges({ low: 0, high: 4, nBins: 10 }), {
    unit: "deg",
  });
  const data = Float64Array.from({ length: 200 }, (_, i) => {
    const e = energy.centers[Math.floor(i / 10)]!, theta = offset.centers[i % 10]!;
    return Math.exp(-0.5 * (theta / 2) ** 2) * e ** -2;
  });
  return createIrf("bkg", [energy, offset], { data });
}

// test_utils.py::test_map_background_2d
Deno.test("backgroundMap() of an analytic table has the published values", () => {
  const skydir = convertFrame(CTA_POINTING, { from: "icrs", to: "galactic" });
  const geom = createWcsGeom({ npix: 3, binszDeg: 4, skydir, frame: "galactic" });
  const energy = createMapAxis("energy", [0.1, 1, 10], { unit: "TeV", interp: "log" });
  const options = { geom, energy, pointing: CTA_POINTING };
  const map = backgroundMap(analyticBackground(), { ...options, ontimeS: 42 });
  const ratio = planar(map, 4);
  near(map.values.get(0, 1, 1) * ratio, 1.869025, 1e-5);
  near(map.values.get(1, 1, 1) * ratio, 0.186903, 1e-5);
  const second = backgroundMap(analyticBackground(), { ...options, ontimeS: 1 });
  near(second.values.get(0, 1, 1) * ratio, 0.0445006, 1e-5);
  near(second.values.get(1, 1, 1) * ratio, 0.00445006, 1e-5);
});

/** Grows along fov_lat: 1, 2, 3, in s⁻¹ MeV⁻¹ sr⁻¹. */
function asymmetricBackground(alignment: "ALTAZ" | "RADEC"): Irf<"bkg"> {
  const energy = createMapAxis("energy", [0.1, 10, 1000], { unit: "TeV", interp: "log" });
  const fov = (name: string) => createMapAxis(name, [-3, -1, 1, 3], { unit: "deg" });
  const data = Float64Array.from({ length: 18 }, (_, i) => (i % 3 + 1) * 1e6);
  return createIrf("bkg", [energy, fov("fov_lon"), fov("fov_lat")], { data, alignment });
}

// test_utils.py::test_make_map_background_irf_altaz_align (Gammapy 2)
Deno.test("backgroundMap() of a table aligned with the horizon has the published values", () => {
  const epoch = convertEpoch(parseTime("2020-01-01T20:00:00"), "TT"),
    site = observatory("ctao_south");
  const energy = createMapAxis("energy", [0.1, 1, 10], { unit: "TeV", interp: "log" });
  const geom = createWcsGeom({ npix: 10, binszDeg: 0.1, skydir: CTA_POINTING });
  const first = (alignment: "ALTAZ" | "RADEC", startS: number, lengthS: number) => {
    const gti = createGti(epoch, Float64Array.of(startS), Float64Array.of(startS + lengthS));
    const bkg = asymmetricBackground(alignment), pointing = CTA_POINTING;
    const map = backgroundMap(bkg, { geom, energy, pointing, gti, site, rotationStepDeg: 20 });
    return (map.values.data as Float64Array).subarray(0, 4);
  };
  const agree = (found: Float64Array, expected: readonly number[], rtol: number) =>
    expected.forEach((value, i) => near(found[i]!, value, rtol));
  agree(first("ALTAZ", 20979, 42), [260.9476, 258.2620, 255.6040, 252.973375], 1e-5);
  agree(first("ALTAZ", 0, 42000), [252123, 250654, 249086, 247564], 1e-2);
  agree(first("RADEC", 0, 42000), [197029, 197029, 197029, 197029], 1e-5);
});

// test_kernel.py::test_get_bias_energy; test_map.py (Fermi)
const RMF = "gammapy-data/joint-crab/spectra/hess/rmf_obs23523.fits";
const DRM = "gammapy-data/tests/fermi/drm_00.fits";
dataTest("readRmf() gives matrices with the published values", [RMF, DRM], async () => {
  using rmf = await openFitsFile(dataFile(RMF));
  const kernel = await readRmf(rmf);
  near(biasEnergy(kernel, 0.1), 0.9174, 1e-4);
  using again = await openFits(memorySource(encodeFits(rmfHdus(kernel))));
  const back = await readRmf(again);
  deepStrictEqual(back.values.data, kernel.values.data);
  near(back.axes[0].edges[7]!, kernel.axes[0].edges[7]!, 1e-14);
  using drm = await openFitsFile(dataFile(DRM));
  near((await readRmf(drm)).values.get(0, 0), 0.89665985, 1e-6);
});

// test_map.py::test_psf_map_read
const GTPSF = "gammapy-data/fermi_3fhl/fermi_3fhl_psf_gc.fits.gz";
dataTest("readGtpsf() gives the published containment", [GTPSF], async () => {
  using file = await openFitsFile(dataFile(GTPSF));
  const psf = reducedAt(await readGtpsf(file), CRAB);
  near(psfContainment(psf, point({ energy_true: 0.1, rad: 0.1 }))[0]!, 0.682022, 1e-5);
});

// test_utils.py::test_make_counts_rad_max; its off regions all lie on the on region, 3 times the counts
const MAGIC = "gammapy-data/magic/rad_max/data/20131004_05029747_DL3_CrabNebula-W0.40+035.fits";
dataTest("RAD_MAX of MAGIC selects the published counts", [MAGIC], async () => {
  const { radMax } = await readIrfFile(dataFile(MAGIC));
  const { list, events } = await readEvents(dataFile(MAGIC));
  const { energyTeV, raDeg, decDeg } = events.columns, n = energyTeV!.length;
  const sky = { lonDeg: Float64Array.from(raDeg!), latDeg: Float64Array.from(decDeg!) };
  const crab = { lonDeg: 83.63311445609, latDeg: 22.01448713834 };
  const pointing = { lonDeg: list.pointing!.raDeg, latDeg: list.pointing!.decDeg };
  const separation = separationDegInto(sky, { from: crab, out: new Float64Array(n) });
  const offset = separationDegInto(sky, { from: pointing, out: new Float64Array(n) });
  const energy = Float64Array.from(energyTeV!);
  const radius = evaluateIrf(radMax!, { energy, offset }, { method: "nearest" });
  const axis = energyAxis({ low: 0.05, high: 100, nBins: 6 }),
    counts = new Array<number>(6).fill(0);
  for (let i = 0; i < n; i++) {
    const bin = binIndex(axis, energy[i]!);
    if (separation[i]! < radius[i]! && bin >= 0 && bin < 6) counts[bin]!++;
  }
  deepStrictEqual(counts, [547, 188, 52, 8, 0, 0]);
});

// test_utils.py::test_make_effective_livetime_map: live times weighted with the acceptance relative to that on axis
dataTest("exposureMap() of three runs gives the published effective live times", [
  HESS(20282),
  HESS(20283),
  HESS(20301),
], async () => {
  const runs = [[20282, -58.771667, 1543.3231], [20283, -59.771667, 1547.8253], [
    20301,
    -58.771667,
    1534.0626,
  ]] as const;
  const energyTrue = energyAxis({ low: 0.01, high: 1, nBins: 2, name: "energy_true" });
  const source = { lonDeg: 228.32, latDeg: -59.08 };
  const aside = convertFrame({ lonDeg: 322, latDeg: 0.1 }, { from: "galactic", to: "icrs" });
  const geom = createWcsGeom({
    skydir: convertFrame(source, { from: "icrs", to: "galactic" }),
    frame: "galactic",
    binszDeg: 0.02,
    widthDeg: 6,
  });
  const hours = async (place: typeof source) => {
    // The published maps have pixels: the value is that at the middle of the pixel.
    const { ix, iy } = geomPixel(geom, convertFrame(place, { from: "icrs", to: "galactic" }));
    const middle = convertFrame(pixelToWorld(geom.wcs, { x: ix, y: iy }), {
      from: "galactic",
      to: "icrs",
    });
    let sum = 0, time = 0;
    for (const [id, latDeg, livetimeS] of runs) {
      const { aeff } = await readIrfFile(dataFile(HESS(id))),
        pointing = { lonDeg: 228.6125, latDeg };
      const at = (one: typeof source) => {
        const geom = createRegionGeom({ kind: "point", frame: "icrs", ...one });
        return exposureMap(aeff!, { geom, energyTrue, pointing, livetimeS }).values.get(1);
      };
      if (separationDeg(middle, pointing) >= 2.5) continue;
      sum += livetimeS * at(middle) / at(pointing);
      time += livetimeS;
    }
    return [sum / 3600, time / 3600] as const;
  };
  const [effective, time] = await hours(source);
  near(time, 1.2847, 1e-3);
  near(effective, 1.2779, 1e-3);
  near((await hours(aside))[0], 0.4303, 1e-3);
});

// makers/tests/test_spectrum.py: circle of 0.11 deg, at its middle and as a weighted mean. The second run has no
// rate at 100 TeV, and the published 5.731845 has 2e-4 counts more than Gammapy 1.0, run here and compared.
dataTest("maps of a circle have the published backgrounds and exposures", [
  HESS(23523),
  HESS(23526),
], async () => {
  const edges = (low: number, high: number, nBins: number) => logEdges({ low, high, nBins });
  const log = { unit: "TeV", interp: "log" } as const;
  const energy = createMapAxis("energy", edges(1, 100, 4), log);
  const energyTrue = createMapAxis("energy_true", edges(10 ** -0.5, 100, 10), log);
  const geom = createRegionGeom({ kind: "circle", frame: "icrs", ...CRAB, radiusDeg: 0.11 });
  const expected = [
    { id: 23523, ontimeS: 1687, bkg: 7.747881, mean: 7.7429157, exposure: 7.3111e9 },
    { id: 23526, ontimeS: 1683, bkg: 5.731624, mean: undefined, exposure: 6.634534e9 },
  ];
  for (const { id, ontimeS, bkg: middle, mean, exposure } of expected) {
    const { aeff, bkg } = await readIrfFile(dataFile(HESS(id))), pointing = POINTING[id]!;
    const own = { geom, pointing }, livetimeS = LIVETIME_S[id]!, regionMethod = "average" as const;
    near(sumOf(backgroundMap(bkg!, { ...own, energy, ontimeS })), middle, 1e-6);
    const average = sumOf(backgroundMap(bkg!, { ...own, energy, ontimeS, regionMethod }));
    if (mean !== undefined) near(average, mean, 1e-5);
    const area = exposureMap(aeff!, { ...own, energyTrue, livetimeS, regionMethod });
    near(sumOf(area) / 1e4, exposure, 1e-5);
  }
});

// docstring of makers/map.py
dataTest("maps of run 23523 have the published sum and extremes", [HESS(23523)], async () => {
  const { aeff, bkg } = await readIrfFile(dataFile(HESS(23523))), pointing = POINTING[23523]!;
  const geom = createWcsGeom({
    skydir: { lonDeg: 83.633, latDeg: 22.014 },
    binszDeg: 0.02,
    widthDeg: 2,
  });
  const energy = energyAxis({ low: 1, high: 10, nBins: 4 });
  near(sumOf(backgroundMap(bkg!, { geom, energy, pointing, ontimeS: 1687 })), 684.52, 1e-5);
  const energyTrue = energyAxis({ low: 0.5, high: 20, nBins: 10, name: "energy_true" });
  const map = exposureMap(aeff!, { geom, energyTrue, pointing, livetimeS: LIVETIME_S[23523]! });
  const values = Array.from(map.values.data as Float64Array, (cm2s) => cm2s / 1e4);
  near(Math.min(...values), 7.01e7, 1e-3);
  near(Math.max(...values), 1.10e9, 5e-3);
});
