import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import ndarray from "ndarray";
import { gaussianPrior, uniformPrior } from "../../../src/fit/mod.ts";
import {
  changeParameters,
  compoundSpectrum,
  createModelSet,
  createSkyModel,
  createSpectralModel,
  createTemporalProfile,
  eblNorm,
  lightCurveProfile,
  type ModelSet,
  phaseCurveProfile,
  piecewiseNorm,
  powerLaw,
  readCovarianceTable,
  readModelsYaml,
  spectralModels,
  templateSpectrum,
  temporalModels,
  writeCovarianceTable,
  writeModelsYaml,
} from "../../../src/models/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";

const TEXT = `
components:
- name: crab
  type: SkyModel
  colour: red
  datasets_names: [x, y]
  spectral:
    type: CompoundSpectralModel
    model1:
      type: PowerLawSpectralModel
      parameters:
      - {name: index, value: 2.6, error: 0.1, min: 1, max: .nan, link: index@abc}
      - {name: amplitude, value: 3.5e-14, unit: cm-2 s-1 GeV-1, error: 1.0e-15, scan_min: 1.0e-14}
    model2:
      type: pl-norm
      parameters:
      - {name: tilt, value: 0.1, frozen: false}
    operator: mul
  spatial:
    type: GaussianSpatialModel
    frame: icrs
    parameters:
    - {name: lon_0, value: 83.6, unit: deg}
  temporal:
    type: GaussianTemporalModel
    parameters:
    - {name: sigma, value: 12, unit: h}
- type: FoVBackgroundModel
  datasets_names: [x]
- name: other
  type: SkyModel
  spectral:
    type: PowerLawSpectralModel
    parameters:
    - {name: index, value: 2.6, link: index@abc}
    - name: amplitude
      value: 1.0e-12
      unit: cm-2 s-1 TeV-1
      prior:
        type: GaussianPrior
        parameters:
        - {name: mu, value: 1.0e-12}
        - {name: sigma, value: 1.0e-13}
covariance: models_covariance.dat
`;

const valuesOf = (set: ModelSet) =>
  set.parameters.map(({ name, value, unit, frozen, min, max, error }) => ({
    name,
    value,
    unit,
    frozen,
    min,
    max,
    error,
  }));

Deno.test("readModelsYaml(): units, links, bounds, priors, joined spectra", () => {
  const { set, warnings } = readModelsYaml(TEXT, { name: "m.yaml" });
  deepStrictEqual(set.links, { "other.index": "crab.index" });
  deepStrictEqual(set.parameters.map((one) => one.name).slice(0, 3), [
    "crab.index",
    "crab.amplitude",
    "crab.model1.reference",
  ]);
  const [index, amplitude] = set.parameters;
  deepStrictEqual([index!.min, index!.max, index!.error], [1, Infinity, 0.1]);
  ok(Math.abs(amplitude!.value / 3.5e-11 - 1) < 1e-14);
  strictEqual(set.models[0]!.temporal!.parameters[1]!.value, 0.5);
  ok(Math.abs(set.models[0]!.spectral.dnde(2) / (3.5e-11 * 2 ** -2.7) - 1) < 1e-13);
  const prior = set.parameters.find((one) => one.name === "other.amplitude")!.prior!;
  strictEqual(prior.kind, "gaussian");
  strictEqual(prior.options.sigma, 1e-13);
  deepStrictEqual(warnings, [
    "m.yaml, line 5, column 11: components.0.colour: unknown, kept as it stands",
    "m.yaml, line 28, column 9: components.1.type: FoVBackgroundModel is not a SkyModel, kept as it stands",
  ]);
});

Deno.test("writeModelsYaml(): nothing is lost on the way there and back", () => {
  const first = readModelsYaml(TEXT), text = writeModelsYaml(first.set, first.document);
  const second = readModelsYaml(text);
  deepStrictEqual(valuesOf(second.set), valuesOf(first.set));
  deepStrictEqual(second.set.links, first.set.links);
  strictEqual(writeModelsYaml(second.set, second.document), text);
  const document = second.document as unknown as {
    components: Record<string, unknown>[];
    covariance: string;
  };
  strictEqual(document.components[0]!.colour, "red");
  deepStrictEqual(document.components[1], { type: "FoVBackgroundModel", datasets_names: ["x"] });
  strictEqual(document.covariance, "models_covariance.dat");
  deepStrictEqual(second.set.models[0]!.spatial, first.set.models[0]!.spatial);
  // The scan is in the unit that is written.
  ok(/scan_min: (1\.0\d*e-11|9\.99\d*e-12)$/m.test(text), text);
  // YAML 1.1 knows no number without a point before the exponent.
  ok(!/[ -]\d+e[+-]/.test(text) && text.includes("1.0e-12"), text);
});

Deno.test("writeModelsYaml(): models of every kind come back with their values", () => {
  const flux = powerLaw({ amplitude: 1, index: 2 });
  const ebl = eblNorm({
    redshifts: Float64Array.of(0.1, 0.5),
    energiesTeV: Float64Array.of(0.1, 1, 10),
    transmission: Float64Array.of(1, 0.9, 0.5, 0.9, 0.4, 0.01),
  }, { redshift: 0.2 });
  const spectra = [
    ...spectralModels.entries().map((rule) => createSpectralModel(rule)),
    templateSpectrum({ energiesTeV: [1, 2, 9], values: [3, 1, 0.1] }),
    piecewiseNorm([1, 9], { norms: [2, 3] }),
    piecewiseNorm([1, 9], { norms: [2, 3], interp: "lin" }),
    ebl,
    compoundSpectrum(compoundSpectrum(flux, "mul", 2), "sub", flux),
    compoundSpectrum(flux, "add", 2),
  ].map((one) => one.rule.kind === "spectral" ? one : compoundSpectrum(flux, "mul", one));
  const curves = [
    ...temporalModels.entries().map((rule) => createTemporalProfile(rule)),
    lightCurveProfile({ timesD: [0, 2], norms: [1, 2] }, 55555),
    phaseCurveProfile({ phases: [0, 0.5], norms: [1, 2], normalize: false }, {
      t_ref: 55555,
      f0: 1,
    }),
  ];
  const models = spectra.map((spectral, i) =>
    createSkyModel({
      name: `m${i}`,
      spectral,
      temporal: curves[i % curves.length],
      ...(i === 1 ? { applyIrf: { psf: false } } : {}),
    })
  );
  const prior = uniformPrior({ min: 0, max: 9 });
  const set = changeParameters(
    changeParameters(createModelSet(models), "m0.index", { prior, error: 0.3 }),
    "m2.alpha",
    { prior: gaussianPrior({ mean: 1, sigma: 2 }) },
  );
  const back = readModelsYaml(writeModelsYaml(set)), { warnings } = back;
  deepStrictEqual(warnings, []);
  deepStrictEqual(valuesOf(back.set), valuesOf(set));
  deepStrictEqual(
    back.set.parameters.map((one) => one.prior?.options),
    set.parameters.map((one) => one.prior?.options),
  );
  back.set.models.forEach((one, i) => {
    for (const e of [0.3, 4]) {
      strictEqual(one.spectral.dnde(e), set.models[i]!.spectral.dnde(e), one.name);
    }
    strictEqual(one.temporal?.value(55556.1), set.models[i]!.temporal?.value(55556.1));
    deepStrictEqual(one.applyIrf, set.models[i]!.applyIrf);
  });
});

Deno.test("readModelsYaml(): errors tell file, line, column, what was found and expected", () => {
  const broken = (from: string, to: string) => () =>
    readModelsYaml(TEXT.replace(from, to), { name: "m.yaml" });
  throws(broken("value: 2.6, error", "value: two, error"), {
    name: "SyntaxError",
    message: /^m\.yaml, line 12, column 30: .*index.*|found "two", expected a number/,
  });
  throws(
    broken("name: tilt", "name: tlit"),
    /line 17, column 16: .*"tlit", expected one of norm, tilt/,
  );
  throws(broken("type: PowerLawSpectralModel", "type: PowrLaw"), /line 10, column 13.*PowrLaw/);
  throws(broken("cm-2 s-1 GeV-1", "cm-2 s-1"), /expected a unit like "cm-2 s-1 TeV-1"/);
  throws(
    broken("operator: mul", "operator: add"),
    /line 18, column 15.*neither a flux nor a factor/,
  );
  throws(broken("GaussianPrior", "CauchyPrior"), /"CauchyPrior" is not known/);
  throws(broken("- name: other", "- name: crab"), /two models of the name "crab"/);
  throws(broken("[x, y]", "[x, y"), /m\.yaml, line \d+, column \d+/);
  throws(() => readModelsYaml("a: 1"), /expected a list of components/);
  const fgl = `components:
- {name: a, type: SkyModel, spectral: {type: secpl-4fgl, parameters: [{name: reference, value: 1, unit: GeV}]}}`;
  throws(() => readModelsYaml(fgl), /convert both to TeV/);
  const ebl = `components:
- {name: a, type: SkyModel, spectral: {type: ebl-norm, filename: z.fits}}`;
  throws(() => readModelsYaml(ebl), /needs the table of z\.fits/);
});

Deno.test("covariance tables come back in the order of the set, for linked and joined parameters too", () => {
  const { set } = readModelsYaml(TEXT), n = set.parameters.length;
  const covariance = ndarray(
    Float64Array.from({ length: n * n }, (_, k) => {
      const i = Math.floor(k / n), j = k % n;
      return (i === j ? 1 : 0.1) * 1.1 ** (i + j) * 1e-24;
    }),
    [n, n],
  );
  const text = writeCovarianceTable(set, covariance);
  ok(text.includes("crab.spatial.lon_0"));
  deepStrictEqual(readCovarianceTable(text, set).data, covariance.data);
  throws(() => readCovarianceTable(text.replace("1e-24", "x"), set), /line 2/);
  throws(() => writeCovarianceTable(set, ndarray(new Float64Array(4), [2, 2])), TypeError);
});

for (
  const path of [
    "gammapy-data/tests/models/gc_example_models.yaml",
    "gammapy-data/datasets/simulations/simulated_map_dataset_model.yaml",
    "gammapy-data/datasets/simulations/simulated_spectrum_dataset_PL_model.yaml",
    "gammapy-data/datasets/simulations/simulated_spectrum_dataset_ECPL_model.yaml",
  ]
) {
  dataTest(`readModelsYaml(): ${path} goes there and back`, [path], () => {
    const first = readModelsYaml(Deno.readTextFileSync(dataFile(path)), { name: path });
    ok(first.set.models.length > 0);
    const second = readModelsYaml(writeModelsYaml(first.set, first.document));
    deepStrictEqual(valuesOf(second.set), valuesOf(first.set));
    deepStrictEqual(second.set.links, first.set.links);
  });
}
