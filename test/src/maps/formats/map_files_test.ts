import assert from "node:assert/strict";
import golden from "../../../golden/map_files.json" with { type: "json" };
import { openMaps, readMap, type SkyMap, valuesAt } from "../../../../src/maps/mod.ts";
import type { MapAxis } from "../../../../src/nddata/mod.ts";
import { pixelToWorld, worldToPixel } from "../../../../src/sky/mod.ts";
import { unitFactor } from "../../../../src/units/mod.ts";
import { agrees, dataFile, dataTest, referenceTest } from "../../../_tools/data_io.ts";
import { totalOf } from "./_totals.ts";

interface GoldenAxis {
  readonly name: string;
  readonly nBins: number;
  readonly unit: string;
  readonly interp: string;
  readonly nodes: string;
  readonly first: number;
  readonly last: number;
  readonly center: number;
}

interface GoldenMap {
  readonly file: string;
  readonly hdu: number;
  readonly name: string;
  readonly kind: string;
  readonly shape: readonly number[];
  readonly sum: number;
  readonly sumAbs: number;
  readonly nFinite: number;
  readonly unit: string;
  readonly axes: readonly GoldenAxis[];
  readonly center?: readonly [number, number];
  readonly frame?: string;
  readonly region?: Readonly<Record<string, number>>;
}

const { tolerance } = golden, all = golden.maps as unknown as readonly GoldenMap[];
const byFile = Map.groupBy(all, (one) => one.file);

function near(found: number, expected: number, rtol: number, where: string): void {
  agrees(found, expected, { rtol, atol: 1e-12 }, where);
}

/** An exposure without good time intervals, which Gammapy takes for a template of fluxes. */
const UNIT_OF_TOOL: Readonly<Record<string, string>> = {
  "tests/unbundled/fermi/fermi_exposure.fits.gz": "cm2 s",
};

function holds(map: SkyMap, expected: GoldenMap, where: string): void {
  assert.deepEqual([...map.values.shape], expected.shape, `${where}: shape`);
  const { sum, nFinite } = totalOf(map);
  assert.equal(nFinite, expected.nFinite, `${where}: finite values`);
  const limit = tolerance.sum * expected.sumAbs;
  assert.ok(Math.abs(sum - expected.sum) <= limit, `${where}: sum ${sum}, not ${expected.sum}`);
  // Gammapy drops units that it does not understand, and calls that of one old exposure a flux.
  if (expected.unit !== "" && UNIT_OF_TOOL[expected.file] === undefined) {
    near(unitFactor(map.unit ?? "", expected.unit), 1, 1e-12, `${where}: unit ${map.unit}`);
  }
  expected.axes.forEach((axis, a) => {
    const found = map.axes[a] as MapAxis;
    assert.equal(found.name, axis.name, `${where}: axis ${a}`);
    assert.equal(found.nBins, axis.nBins);
    assert.equal(found.unit, axis.unit);
    assert.equal(found.interp, axis.interp);
    assert.equal(found.nodes, axis.nodes === "center" ? "centers" : "edges");
    near(found.edges[0]!, axis.first, tolerance.axes, `${where}: first edge`);
    near(found.edges[found.nBins]!, axis.last, tolerance.axes, `${where}: last edge`);
    near(found.centers[found.nBins >> 1]!, axis.center, tolerance.axes, `${where}: center`);
  });
  if (expected.center !== undefined && map.geom.kind === "wcs-geom") {
    const { wcs, npix, frame } = map.geom, middle = { x: (npix[0] - 1) / 2, y: (npix[1] - 1) / 2 };
    const { lonDeg, latDeg } = pixelToWorld(wcs, middle), [lon, lat] = expected.center;
    assert.equal(frame, expected.frame);
    const apart = (lonDeg - lon + 540) % 360 - 180;
    assert.ok(Math.abs(apart) < 1e-9 && Math.abs(latDeg - lat) < 1e-9, `${where}: center`);
  }
  if (expected.region !== undefined && map.geom.kind === "region-geom") {
    const { region } = map.geom;
    assert.equal(region.kind, "circle");
    for (const [name, value] of Object.entries(expected.region)) {
      near((region as unknown as Record<string, number>)[name]!, value, 1e-9, `${where}: ${name}`);
    }
  }
  if (expected.kind === "ogip" && expected.region === undefined) {
    assert.equal(map.geom.kind, "no-sky");
  }
}

for (const [file, expected] of byFile) {
  dataTest(`openMaps() reads ${file} as Gammapy does`, [`gammapy-data/${file}`], async () => {
    const maps = [...await openMaps(dataFile(`gammapy-data/${file}`))];
    assert.deepEqual(maps.map(([name]) => name), expected.map((one) => one.name));
    expected.forEach((one, i) => {
      const [name, map] = maps[i]!;
      holds(map, one, `${file}[${name}]`);
      const unit = UNIT_OF_TOOL[file];
      if (unit !== undefined) assert.equal(map.unit, unit);
    });
  });
}

/** Files with events, responses and tables, in which there is no map. */
const WITHOUT = [
  "fermi-3fhl-gc/fermi-3fhl-gc-psf-cube.fits.gz",
  "fermi-3fhl-gc/fermi-3fhl-gc-events.fits.gz",
  "fermi_3fhl/fermi_3fhl_psf_gc.fits.gz",
  "tests/fermi/drm_00.fits",
  "tests/irf/bkg_3d_full_example.fits",
  "estimators/crab_hess_fp/crab_hess_fp.fits",
  "datasets/simulations/simulated_spectrum_dataset_PL_rmf.fits",
];

for (const file of WITHOUT) {
  dataTest(`openMaps() finds no map in ${file}`, [`gammapy-data/${file}`], async () => {
    const path = dataFile(`gammapy-data/${file}`);
    assert.equal((await openMaps(path)).size, 0);
    await assert.rejects(readMap(path), /found no map among PRIMARY/);
  });
}

function energiesGeV(axis: MapAxis, table: Float64Array): number[] {
  return [...table].map((one) => one * { keV: 1e-6, MeV: 1e-3 }[axis.unit as "keV" | "MeV"]);
}

const COUNTS = "gammapy-data/fermi-3fhl-gc/fermi-3fhl-gc-counts-cube.fits.gz";
referenceTest(
  "gammapy.json",
  "maps.read.fermi_counts_cube",
  [COUNTS],
  async ({ expected, tol }) => {
    const map = await readMap(dataFile(COUNTS)), axis = map.axes[0] as MapAxis;
    assert.ok(map.geom.kind === "wcs-geom" && map.values.data instanceof Int32Array);
    const { wcs } = map.geom, data = map.values.data, nPix = 200 * 400;
    const perEnergy = Array.from(
      { length: 11 },
      (_, e) => data.subarray(e * nPix, (e + 1) * nPix).reduce((a, b) => a + b),
    );
    const most = data.reduce((a, b) => Math.max(a, b)), at = data.indexOf(most);
    const found: Record<string, unknown> = {
      shape: map.values.shape,
      sum: data.reduce((a, b) => a + b),
      sum_per_energy: perEnergy,
      energy_edges_GeV: energiesGeV(axis, axis.edges),
      max: most,
      argmax: [Math.floor(at / nPix), Math.floor(at % nPix / 400), at % 400],
    };
    const l = expected.l as number[], b = expected.b as number[];
    const pixels = l.map((lonDeg, i) => worldToPixel(wcs, { lonDeg, latDeg: b[i]! }));
    found.pix_x = pixels.map(({ x }) => x);
    found.pix_y = pixels.map(({ y }) => y);
    for (const [name, value] of Object.entries(found)) {
      agrees(
        value,
        expected[name],
        tol[name]!,
        name,
      );
    }
  },
);

const EXPOSURE = "gammapy-data/fermi_3fhl/fermi_3fhl_exposure_cube_hpx.fits.gz";
referenceTest("gammapy.json", "maps.hpx.fermi_exposure", [EXPOSURE], async ({ expected, tol }) => {
  const map = await readMap(dataFile(EXPOSURE)), axis = map.axes[0] as MapAxis;
  assert.ok(map.geom.kind === "hpx-geom");
  const { grid, frame } = map.geom, l = expected.l as number[], b = expected.b as number[];
  const energies = expected.E_GeV as number[];
  const get = energies.map((energy) => {
    const lonDeg = Float64Array.from(l), latDeg = Float64Array.from(b);
    const energyTrue = new Float64Array(l.length).fill(energy * 1e3);
    return [
      ...valuesAt(map, { lonDeg, latDeg, frame: "galactic", axes: { energy_true: energyTrue } }),
    ];
  });
  const found: Record<string, unknown> = {
    nside: grid.nside,
    nest: grid.order === "nested",
    frame,
    energy_centers_GeV: energiesGeV(axis, axis.centers),
    shape: map.values.shape,
    sum: totalOf(map).sum,
    get,
    unit: map.unit,
  };
  for (const [name, value] of Object.entries(found)) {
    agrees(value, expected[name], tol[name]!, name);
  }
});

const GLL_IEM = "gammapy-data/fermi-3fhl-gc/gll_iem_v06_gc.fits.gz";
dataTest(
  "readMap() gives the total of the diffuse template that Gammapy's tests have",
  [GLL_IEM],
  async () => {
    const map = await readMap(dataFile(GLL_IEM));
    near(totalOf(map).sum, 0.1180384722, 1e-9, "sum");
    assert.equal(map.unit, "cm-2 s-1 MeV-1 sr-1");
  },
);
