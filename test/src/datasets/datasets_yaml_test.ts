import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { pathToFileURL } from "node:url";
import ndarray from "ndarray";
import {
  changeSpectrumDataset,
  readDatasets,
  readOgip,
  type SpectrumDataset,
  writeDatasets,
} from "../../../src/datasets/mod.ts";
import { encodeFits } from "../../../src/fits/mod.ts";
import { edispKernelOn, gaussEdispMap, reducedHdus } from "../../../src/irf/mod.ts";
import {
  createRegionGeom,
  createSkyMap,
  createWcsGeom,
  mapHdus,
  NO_SKY,
} from "../../../src/maps/mod.ts";
import { createModelSet, createSkyModel, powerLaw } from "../../../src/models/mod.ts";
import { energyAxis } from "../../../src/nddata/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";
import { closeTo, energy, energyTrue, made } from "./_ogip_made.ts";

async function inFolder(fn: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await fn(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Probabilities of the energy dispersion, in the precision that files have them in. */
const single = ({ edisp }: SpectrumDataset) =>
  Float32Array.from((edisp?.values.data ?? []) as Float64Array);

/** All but areas, which are divided by the live time and multiplied with it again, is the same to the bit. */
function same(found: SpectrumDataset, expected: SpectrumDataset): void {
  strictEqual(found.name, expected.name);
  deepStrictEqual(found.counts, expected.counts);
  deepStrictEqual(found.off, expected.off);
  deepStrictEqual(found.energy.edges, expected.energy.edges);
  deepStrictEqual(found.energyTrue.edges, expected.energyTrue.edges);
  deepStrictEqual(found.validSafe, expected.validSafe);
  deepStrictEqual(found.gti, expected.gti);
  strictEqual(found.livetimeS, expected.livetimeS);
  closeTo(found.exposureCm2S, expected.exposureCm2S, 1e-15);
  deepStrictEqual(single(found), single(expected));
}

const second = changeSpectrumDataset(made, {
  name: "second",
  counts: made.counts.map((n) => n + 1),
});
const set = createModelSet([
  createSkyModel({
    name: "crab",
    spectral: powerLaw({ amplitude: 1e-12, index: 2.2 }),
    datasetNames: ["second"],
  }),
]);
const covariance = ndarray(Float64Array.of(0.04, 1e-14, 0, 1e-14, 1e-26, 0, 0, 0, 0), [3, 3]);

for (const format of ["ogip", "ogip-sherpa"] as const) {
  Deno.test(`readDatasets() reads what writeDatasets() writes as ${format}`, () =>
    inFolder(async (folder) => {
      const written = await writeDatasets(folder, [second, made], {
        models: set,
        covariance,
        format,
      });
      deepStrictEqual({ ...written }, {
        datasets: `${folder}/datasets.yaml`,
        models: `${folder}/models.yaml`,
        covariance: `${folder}/models_covariance.dat`,
        spectra: [`${folder}/pha_obssecond.fits`, `${folder}/pha_obs23523.fits`],
        warnings: [],
      });
      const found = await readDatasets(written.datasets, { modelsPath: written.models! });
      deepStrictEqual(found.warnings, []);
      deepStrictEqual(found.datasets.map((one) => one.name), ["second", "23523"]);
      if (format === "ogip") {
        same(found.datasets[0]!, second);
        same(found.datasets[1]!, made);
      } else {
        deepStrictEqual(found.datasets[0]!.counts, second.counts);
        closeTo(found.datasets[1]!.energy.edges, made.energy.edges, 1e-15);
      }
      deepStrictEqual(found.models?.parameters, set.parameters);
      deepStrictEqual(found.models?.models[0]?.datasetNames, ["second"]);
      deepStrictEqual(found.covariance?.data, covariance.data);
      strictEqual([...Deno.readDirSync(folder)].some((one) => one.name.endsWith(".part")), false);
    }));
}

Deno.test("writeDatasets() writes the list as Gammapy has it", () =>
  inFolder(async (folder) => {
    const { datasets } = await writeDatasets(folder, [made]);
    strictEqual(
      Deno.readTextFileSync(datasets),
      "datasets:\n  - name: '23523'\n    type: SpectrumDatasetOnOff\n    format: ogip\n" +
        "    filename: pha_obs23523.fits\n",
    );
  }));

Deno.test("writeDatasets() keeps names that are no names of files, and the files apart", () =>
  inFolder(async (folder) => {
    const names = ["a/b c", "a_b_c", "A_b_C", "a_b_c_arf", "../x", "007", "1_0", "yes", "it's: #1"];
    const written = await writeDatasets(
      folder,
      names.map((name, i) =>
        changeSpectrumDataset(made, { name, counts: Float64Array.of(i, 0, 0, 0, 0, 0) })
      ),
    );
    const { datasets } = await readDatasets(written.datasets);
    deepStrictEqual(datasets.map((one) => one.name), names);
    deepStrictEqual(datasets.map((one) => one.counts[0]), names.map((_, i) => i));
    const lower = [...Deno.readDirSync(folder)].map((one) => one.name.toLowerCase());
    strictEqual(new Set(lower).size, names.length * 4 + 1);
    // OBS_ID, by which Gammapy calls them, has the whole name.
    strictEqual((await readOgip(written.spectra[0]!)).name, "a/b c");
  }));

Deno.test("writeDatasets() writes nothing where something cannot be written", () =>
  inFolder(async (folder) => {
    const timeless = changeSpectrumDataset(made, { name: "timeless", livetimeS: NaN });
    await rejects(writeDatasets(folder, [made, timeless]), /Dataset timeless: found a live time/);
    const foreign = changeSpectrumDataset(made, { name: "é" });
    await rejects(writeDatasets(folder, [made, foreign]), /OBS_ID: found "é"/);
    await rejects(writeDatasets(folder, [made, made]), /the name "23523" twice/);
    await rejects(writeDatasets(folder, [changeSpectrumDataset(made, { name: "" })]), RangeError);
    await rejects(writeDatasets(folder, [made], { covariance }), /covariance without models/);
    const small = ndarray(new Float64Array(4), [2, 2]);
    await rejects(writeDatasets(folder, [made], { models: set, covariance: small }), TypeError);
    deepStrictEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("writeDatasets() writes the list last, after all that it names", () =>
  inFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/pha_obs23523.fits/in_the_way`, { recursive: true });
    await rejects(writeDatasets(folder, [made], { models: set, covariance }), Error);
    deepStrictEqual([...Deno.readDirSync(folder)].map((one) => one.name).sort(), [
      "pha_obs23523.fits",
      "pha_obs23523_arf.fits",
      "pha_obs23523_bkg.fits",
      "pha_obs23523_rmf.fits",
    ]);
  }));

Deno.test("writeDatasets() warns of bins to fit, which the files have no place for", () =>
  inFolder(async (folder) => {
    const some = changeSpectrumDataset(made, { validFit: Uint8Array.of(1, 1, 0, 1, 1, 1) });
    const all = changeSpectrumDataset(second, { validFit: new Uint8Array(6).fill(1) });
    const { warnings } = await writeDatasets(folder, [some, all]);
    strictEqual(warnings.length, 1);
    match(warnings[0]!, /Dataset 23523: .*validFit/);
  }));

Deno.test("writeDatasets() takes over what is not known of models, but no old covariance", () =>
  inFolder(async (folder) => {
    const written = await writeDatasets(folder, [made], { models: set, covariance });
    const text = Deno.readTextFileSync(written.models!);
    const atEnd = text.replace(/^covariance: .*\n/m, "") +
      "  - {type: FoVBackgroundModel, name: bkg}\ncovariance: models_covariance.dat\n";
    Deno.writeTextFileSync(written.models!, atEnd);
    const found = await readDatasets(written.datasets, { modelsPath: written.models! });
    strictEqual(found.warnings.length, 1);
    const other = `${folder}/other`;
    Deno.mkdirSync(other);
    const again = await writeDatasets(other, found.datasets, {
      models: found.models,
      modelsDocument: found.modelsDocument,
    });
    strictEqual(again.covariance, undefined);
    const rewritten = Deno.readTextFileSync(again.models!);
    match(rewritten, /FoVBackgroundModel/);
    strictEqual(/covariance/.test(rewritten), false);
    const last = await readDatasets(again.datasets, { modelsPath: again.models! });
    strictEqual(last.covariance, undefined);
  }));

Deno.test("readDatasets() takes addresses, other folders, names as they are written or in the file", () =>
  inFolder(async (folder) => {
    const below = `${folder}/below`;
    Deno.mkdirSync(below);
    await writeDatasets(below, [made]);
    const list = (name: string) =>
      Deno.writeTextFileSync(
        `${folder}/list.yaml`,
        `datasets:\n- {${name}type: SpectrumDatasetOnOff, filename: below/pha_obs23523.fits}\n`,
      );
    for (const [text, name] of [["name: 007, ", "007"], ["name: '1', ", "1"], ["", "23523"]]) {
      list(text!);
      const { datasets } = await readDatasets(pathToFileURL(`${folder}/list.yaml`));
      strictEqual(datasets[0]?.name, name);
      deepStrictEqual(datasets[0]?.off, made.off);
    }
  }));

Deno.test("readDatasets() warns of unknown keys with line and column", () =>
  inFolder(async (folder) => {
    const { datasets: path } = await writeDatasets(folder, [made]);
    Deno.writeTextFileSync(path, `${Deno.readTextFileSync(path)}    colour: red\nchecksum: a\n`);
    const { warnings, datasets } = await readDatasets(path);
    strictEqual(datasets.length, 1);
    deepStrictEqual([...warnings].sort(), [
      `${path}, line 6, column 5: colour: unknown, not used`,
      `${path}, line 7, column 1: checksum: unknown, not used`,
    ]);
  }));

const known = changeSpectrumDataset(made, {
  name: "a known one",
  off: undefined,
  background: Float64Array.of(0.5, 0.25, 0.1, 0, 1e-3, 3),
  validFit: Uint8Array.of(1, 1, 0, 1, 1, 1),
});

Deno.test("writeDatasets() writes known backgrounds as maps, and none as none", () =>
  inFolder(async (folder) => {
    const bare = changeSpectrumDataset(known, {
      name: "bare",
      background: undefined,
      edisp: undefined,
      gti: undefined,
      validFit: undefined,
      livetimeS: NaN,
    });
    const written = await writeDatasets(folder, [known, made, bare]);
    deepStrictEqual(written.warnings, []);
    deepStrictEqual(
      [...Deno.readTextFileSync(written.datasets).matchAll(/(?:type|format|filename): (.*)/g)]
        .map((one) => one[1]),
      [
        ...["SpectrumDataset", "gadf", "a_known_one.fits"],
        ...["SpectrumDatasetOnOff", "ogip", "pha_obs23523.fits"],
        ...["SpectrumDataset", "gadf", "bare.fits"],
      ],
    );
    const { datasets, warnings } = await readDatasets(written.datasets);
    deepStrictEqual(warnings, []);
    deepStrictEqual(datasets.map((one) => one.name), ["a known one", "23523", "bare"]);
    for (const [found, expected] of [[datasets[0]!, known], [datasets[2]!, bare]] as const) {
      for (
        const key of ["counts", "background", "exposureCm2S", "validSafe", "validFit"] as const
      ) {
        deepStrictEqual(found[key], expected[key], key);
      }
      for (const key of ["off", "gti", "livetimeS"] as const) {
        deepStrictEqual(found[key], expected[key], key);
      }
      closeTo(found.energy.edges, expected.energy.edges, 1e-15);
      closeTo(found.energyTrue.edges, expected.energyTrue.edges, 1e-15);
      deepStrictEqual(found.edisp?.values.data, expected.edisp?.values.data);
    }
  }));

Deno.test("readDatasets() takes maps of a region, in other units, with an energy dispersion by migra", () =>
  inFolder(async (folder) => {
    const geom = createRegionGeom({
      kind: "circle",
      frame: "icrs",
      lonDeg: 83.6,
      latDeg: 22,
      radiusDeg: 0.1,
    });
    const on = (name: string, axis: typeof energy, data: Float64Array, unit = "") =>
      mapHdus(createSkyMap(geom, { axes: [axis], data, unit }), { name });
    const edisp = gaussEdispMap({ energyTrue, sigma: 0.2, bias: 0 });
    const hdus = [
      ...on("COUNTS", energy, made.counts),
      ...on("EXPOSURE", energyTrue, Float64Array.from(made.exposureCm2S, (x) => x / 3.6e7), "m2 h"),
      ...reducedHdus(edisp),
      ...on("COUNTS_OFF", energy, made.off!.counts),
      ...on("ACCEPTANCE", energy, made.off!.acceptance),
      ...on("ACCEPTANCE_OFF", energy, made.off!.acceptanceOff),
    ];
    Deno.writeFileSync(`${folder}/m.fits`, encodeFits(hdus));
    const path = `${folder}/list.yaml`, entry = "type: SpectrumDatasetOnOff, format: gadf";
    Deno.writeTextFileSync(path, `datasets:\n- {name: a, ${entry}, filename: m.fits}\n`);
    const { datasets: [found], warnings } = await readDatasets(path);
    deepStrictEqual(found!.counts, made.counts);
    deepStrictEqual(found!.off, made.off);
    closeTo(found!.exposureCm2S, made.exposureCm2S, 1e-14);
    const kernel = edispKernelOn(edisp, { energy });
    closeTo(
      found!.edisp!.values.data as Float64Array,
      Float64Array.from(kernel.values.data as Float64Array),
      1e-9,
    );
    strictEqual(found!.livetimeS, NaN);
    deepStrictEqual([...found!.validSafe], [1, 1, 1, 1, 1, 1]);
    match(warnings.join(), /line 2, column \d+: dataset a: HDU COUNTS_REGION: not used$/);
  }));

Deno.test("readDatasets() refuses what is no spectrum of one region, with the file", () =>
  inFolder(async (folder) => {
    const axes = [energy];
    const geom = createWcsGeom({ npix: 2, binszDeg: 1, proj: "TAN" });
    const path = `${folder}/list.yaml`;
    Deno.writeTextFileSync(path, "datasets:\n- {type: SpectrumDataset, filename: m.fits}\n");
    const sky = ["COUNTS", "EXPOSURE"].flatMap((name) =>
      mapHdus(createSkyMap(geom, { axes }), { name })
    );
    Deno.writeFileSync(`${folder}/m.fits`, encodeFits(sky));
    await rejects(readDatasets(path), /m\.fits.*found a map on wcs-geom with energy, expected/s);
    Deno.writeFileSync(`${folder}/m.fits`, encodeFits(sky.slice(0, sky.length / 2)));
    await rejects(readDatasets(path), /m\.fits.*found no HDU EXPOSURE/s);
    const lines = (hdu: string, nBins: number) =>
      mapHdus(
        createSkyMap(NO_SKY, {
          axes: [energyAxis({ low: 1, high: 10, nBins })],
          unit: hdu === "EXPOSURE" ? "m2 s" : "",
        }),
        { name: hdu },
      );
    const wrong = [...lines("COUNTS", 2), ...lines("EXPOSURE", 4), ...lines("BACKGROUND", 3)];
    Deno.writeFileSync(`${folder}/m.fits`, encodeFits(wrong));
    await rejects(readDatasets(path), /HDU BACKGROUND: found other energies than those of COUNTS/);
    const off = [...lines("COUNTS", 2), ...lines("EXPOSURE", 4), ...lines("COUNTS_OFF", 2)];
    Deno.writeFileSync(`${folder}/m.fits`, encodeFits(off));
    await rejects(readDatasets(path), /expected ACCEPTANCE and ACCEPTANCE_OFF/);
    const more = [...lines("COUNTS", 2), ...lines("EXPOSURE", 4), ...lines("PSF", 2)];
    Deno.writeFileSync(`${folder}/m.fits`, encodeFits(more));
    const { datasets, warnings } = await readDatasets(path);
    strictEqual(datasets[0]?.energyTrue.name, "energy_true");
    match(warnings.join(), /line 2, column 37: .*HDU PSF: not used/);
  }));

const WRONG: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  [
    "maps",
    "datasets:\n- name: m\n  type: MapDataset\n  filename: m.fits\n",
    /list\.yaml, line 3, column 9: dataset m, file m\.fits: found the type MapDataset/,
  ],
  [
    "flux points",
    "datasets:\n- {type: FluxPointsDataset, filename: f.fits}",
    /line 2, column 10: .*file f\.fits: found the type FluxPointsDataset/,
  ],
  [
    "entries without type",
    "datasets:\n- name: m\n  filename: m.fits\n",
    /line 2, column 3: .*found the type none/,
  ],
  [
    "other formats",
    "datasets:\n- {name: m, type: SpectrumDatasetOnOff, format: csv, filename: m}",
    /line 2, column 49: dataset m, file m: found the format csv, expected ogip or ogip-sherpa or gadf/,
  ],
  [
    "entries without file",
    "datasets:\n- {name: m, type: SpectrumDatasetOnOff}",
    /line 2, column 3: dataset m: expected a filename/,
  ],
  [
    "files that are not there",
    "datasets:\n- {name: m, type: SpectrumDatasetOnOff, filename: no.fits}",
    /line 2, column 51: dataset m: found "no\.fits", but no such file/,
  ],
  [
    "names that stand there twice",
    "datasets:\n" +
    "- {name: m, type: SpectrumDatasetOnOff, filename: pha_obs23523.fits}\n".repeat(2),
    /line 3, column 10: found the name m twice/,
  ],
  ["lists that are none", "datasets: {}", /line 1, column 11: expected a list of datasets/],
  ["other documents", "components: []", /line 1, column 1: expected a list of datasets/],
  ["empty documents", "", /line 1, column 1: expected a list of datasets/],
  ["entries that are none", "datasets:\n- 5", /line 2, column 3: expected a dataset/],
  ["what is no YAML", "datasets:\n- {name: a\n- }", /list\.yaml, line \d+, column \d+: /],
];
for (const [what, text, message] of WRONG) {
  Deno.test(`readDatasets() refuses ${what} with file, line and column`, () =>
    inFolder(async (folder) => {
      await writeDatasets(folder, [made]);
      Deno.writeTextFileSync(`${folder}/list.yaml`, text);
      await rejects(readDatasets(`${folder}/list.yaml`), (error) => {
        match((error as Error).message, message);
        return error instanceof SyntaxError;
      });
    }));
}

Deno.test("readDatasets() says where a covariance is named that is not there", () =>
  inFolder(async (folder) => {
    const written = await writeDatasets(folder, [made], { models: set, covariance });
    Deno.removeSync(written.covariance!);
    const modelsPath = written.models!;
    const lines = Deno.readTextFileSync(modelsPath).split("\n");
    const line = lines.findIndex((one) => one.startsWith("covariance:")) + 1;
    await rejects(
      readDatasets(written.datasets, { modelsPath }),
      new RegExp(`models\\.yaml, line ${line}: covariance: found "models_covariance\\.dat"`),
    );
  }));

const HESS = "joint-crab/results/spectra/hess";
dataTest("readDatasets() reads a list of Gammapy over real spectra, also after writeDatasets()", [
  HESS,
], () =>
  inFolder(async (folder) => {
    const ids = ["23523", "23526", "23559", "23592"];
    for (const { name } of Deno.readDirSync(dataFile(HESS))) {
      Deno.copyFileSync(`${dataFile(HESS)}/${name}`, `${folder}/${name}`);
    }
    const entry = (id: string) =>
      `- name: '${id}'\n  type: SpectrumDatasetOnOff\n  filename: pha_obs${id}.fits\n`;
    const path = `${folder}/datasets.yaml`;
    Deno.writeTextFileSync(path, `datasets:\n${ids.map(entry).join("")}`);
    const { datasets, warnings } = await readDatasets(path);
    deepStrictEqual(warnings, []);
    deepStrictEqual(datasets.map((one) => one.name), ids);
    for (const [i, id] of ids.entries()) {
      deepStrictEqual(datasets[i], await readOgip(`${folder}/pha_obs${id}.fits`, { name: id }));
    }
    const other = `${folder}/other`;
    Deno.mkdirSync(other);
    const again = await readDatasets((await writeDatasets(other, datasets)).datasets);
    again.datasets.forEach((one, i) => same(one, datasets[i]!));
  }));
