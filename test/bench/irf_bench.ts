/**
 * Responses: interpolation a point, exposure and background maps, PSF maps and kernels, stretched matrices.
 *
 *     deno bench -q -P=test test/bench/irf_bench.ts
 */
import {
  backgroundMap,
  createIrf,
  createParametricPsf,
  createSystematic,
  edispKernelAt,
  exposureMap,
  gaussEdispMap,
  gaussPsfMap,
  type Irf,
  makeEdispKernelMap,
  makePsfMap,
  psfKernel,
  psfTable,
  readIrfFile,
  sampleEdisp,
  samplePsf,
  stackReduced,
  type SystematicDefinition,
  systematicReduced,
} from "../../src/irf/mod.ts";
import { evaluateIrf } from "../../src/irf/mod.ts";
import { createSkyMap, createWcsGeom } from "../../src/maps/mod.ts";
import {
  createGridInterpolator,
  createMapAxis,
  energyAxis,
  gridNodes,
  linearEdges,
  type MapAxis,
} from "../../src/nddata/mod.ts";
import { createRng } from "../../src/numeric/mod.ts";
import { dataFile, dataRoot } from "../_tools/data_io.ts";

const N = 200_000, rng = createRng("irf bench"), pointing = { lonDeg: 83.6, latDeg: 22 };

/** N points inside an axis, even in its scale. */
function within(axis: MapAxis): Float64Array {
  const low = axis.edges[0]!, high = axis.edges[axis.nBins]!;
  return Float64Array.from({ length: N }, () => {
    const u = rng.uniform();
    return axis.interp === "log" ? low * (high / low) ** u : low + u * (high - low);
  });
}

function benchTable(name: string, axes: readonly MapAxis[]): void {
  const size = axes.reduce((n, axis) => n * axis.nBins, 1);
  const values = Float64Array.from({ length: size }, () => rng.uniform());
  const grid = createGridInterpolator(axes.map(gridNodes), values, { fill: 0 });
  const coords = axes.map(within), out = new Float64Array(N);
  Deno.bench(`interpolate, ${name} (200 000 points)`, () => {
    grid.pointsInto(coords, out);
  });
}

const deg = { unit: "deg" } as const, TRUE = { name: "energy_true" } as const;
const e96 = energyAxis({ low: 0.01, high: 100, nBins: 96, ...TRUE });
const m160 = createMapAxis("migra", linearEdges({ low: 0.2, high: 5, nBins: 160 }));
benchTable("uniform axes 96 x 160 x 6", [
  e96,
  m160,
  createMapAxis("offset", linearEdges({ low: 0, high: 3, nBins: 6 }), deg),
]);
benchTable("irregular axes 96 x 160 x 6", [
  createMapAxis(
    "energy_true",
    Float64Array.from({ length: 97 }, (_, i) => 0.01 * 1.1 ** i + 1e-4 * i * i),
    {
      unit: "TeV",
      interp: "log",
    },
  ),
  createMapAxis(
    "migra",
    Float64Array.from({ length: 161 }, (_, i) => 0.2 + 4.8 * (i / 160) ** 1.5),
  ),
  createMapAxis("offset", [0, 0.5, 1, 1.5, 2, 2.5], { ...deg, nodes: "centers" }),
]);

const HESS = "gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_023523.fits.gz";
if (dataRoot !== undefined) {
  const { edisp } = await readIrfFile(dataFile(HESS));
  const coords = Object.fromEntries(edisp!.axes.map((axis) => [axis.name, within(axis)]));
  Deno.bench("evaluateIrf, H.E.S.S. edisp 96 x 160 x 6 (200 000 points)", () => {
    evaluateIrf(edisp!, coords);
  });
}

const offset = createMapAxis("offset", linearEdges({ low: 0, high: 6, nBins: 12 }), deg);
const filled = (axes: readonly MapAxis[]) =>
  new Float64Array(axes.reduce((n, axis) => n * axis.nBins, 1)).fill(1e9).map((x, i) => x + i);
const aeff: Irf<"aeff"> = createIrf("aeff", [e96, offset], { data: filled([e96, offset]) });
const big = createWcsGeom({ skydir: pointing, npix: 500, binszDeg: 0.02, proj: "TAN" });
const e20 = energyAxis({ low: 0.1, high: 100, nBins: 20, ...TRUE });
const e10 = energyAxis({ low: 0.1, high: 100, nBins: 10 });
Deno.bench("exposureMap 500 x 500 x 20", () => {
  exposureMap(aeff, { geom: big, energyTrue: e20, pointing, livetimeS: 1800 });
});
const eReco = energyAxis({ low: 0.01, high: 100, nBins: 20 });
const bkg2 = createIrf("bkg", [eReco, offset], { data: filled([eReco, offset]) });
const fov = (name: string) =>
  createMapAxis(name, linearEdges({ low: -6, high: 6, nBins: 36 }), deg);
const axes3 = [eReco, fov("fov_lon"), fov("fov_lat")];
const bkg3 = createIrf("bkg", axes3, { data: filled(axes3) });
for (const [name, bkg] of [["2D", bkg2], ["3D", bkg3]] as const) {
  Deno.bench(`backgroundMap 500 x 500 x 10, ${name}`, () => {
    backgroundMap(bkg, { geom: big, energy: e10, pointing, ontimeS: 1800 });
  });
}

const coarse = createWcsGeom({ skydir: pointing, npix: 50, binszDeg: 0.2, proj: "TAN" });
const three = createParametricPsf("psf-3gauss", [e20, offset], {
  parameters: Object.fromEntries(
    [["sigma_1", 0.05], ["sigma_2", 0.1], ["sigma_3", 0.2], ["ampl_2", 0.2], ["ampl_3", 0.02]].map(
      ([name, value]) => [name as string, new Float64Array(240).fill(value as number)],
    ),
  ),
});
const rad = createMapAxis("rad", linearEdges({ low: 0, high: 0.66, nBins: 66 }), deg);
const table = psfTable(three, rad), own = { geom: coarse, energyTrue: e20, pointing };
Deno.bench("makePsfMap 50 x 50 x 66 x 20, three Gaussians", () => {
  makePsfMap(three, own);
});
Deno.bench("makePsfMap 50 x 50 x 66 x 20, table", () => {
  makePsfMap(table, own);
});
const edispMap = gaussEdispMap({
  energyTrue: e20,
  sigma: 0.15,
  bias: 0,
  migra: m160,
  geom: coarse,
});
const edisp = createIrf("edisp", [e96, m160, offset], { data: filled([e96, m160, offset]) });
Deno.bench("makeEdispKernelMap 50 x 50, 20 x 10", () => {
  makeEdispKernelMap(edisp, { ...own, energy: e10 });
});
Deno.bench("edispKernelAt 20 x 10 from 96 x 160 x 12", () => {
  edispKernelAt(edisp, { energyTrue: e20, energy: e10 }, { offset: 0.5 });
});
const psfMap = gaussPsfMap({ energyTrue: e20, sigmaDeg: 0.08, geom: coarse });
Deno.bench("psfKernel 0.02 deg, 20 energies, half width 0.5 deg", () => {
  psfKernel(psfMap, { geom: big, position: pointing, maxRadiusDeg: 0.5 });
});
const narrow = gaussPsfMap({ energyTrue: e20, sigmaDeg: 0.004, geom: coarse });
Deno.bench("psfKernel 0.02 deg, 20 energies, narrow", () => {
  psfKernel(narrow, { geom: big, position: pointing, maxRadiusDeg: 0.5 });
});

const exposure = createSkyMap(coarse, {
  axes: [e20],
  data: new Float64Array(50000).fill(1e10),
  unit: "cm2 s",
});
const weighted = gaussPsfMap({ energyTrue: e20, sigmaDeg: 0.08, geom: coarse, exposure });
Deno.bench("stackReduced, 4 PSF maps 50 x 50 x 66 x 20", () => {
  stackReduced([weighted, weighted, weighted, weighted]);
});
const wide: SystematicDefinition = createSystematic("edisp-broadening", { broadening: 0.1 });
Deno.bench("edisp-broadening of 50 x 50 x 160 x 20", () => {
  systematicReduced(edispMap, [wide]);
});
const M = 100_000,
  photons = {
    lonDeg: Float64Array.from({ length: M }, () => pointing.lonDeg + rng.uniform()),
    latDeg: Float64Array.from({ length: M }, () => pointing.latDeg + rng.uniform()),
    energy: new Float64Array(M).fill(2),
  };
Deno.bench("samplePsf of 100 000 photons", () => {
  samplePsf(psfMap, photons, createRng(1));
});
Deno.bench("sampleEdisp of 100 000 photons", () => {
  sampleEdisp(edispMap, photons, createRng(1));
});
