import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import ndarray from "ndarray";
import { createSpectrumDataset, spectrumObjective } from "../../../src/datasets/mod.ts";
import { fit } from "../../../src/fit/mod.ts";
import {
  changeParameters,
  covarianceOf,
  createModelSet,
  createSkyModel,
  createTemporalProfile,
  fittedModels,
  freezeParameters,
  linearErrors,
  piecewiseNorm,
  powerLaw,
  selectModels,
  temporalModels,
  unfreezeParameters,
  withFitResult,
  withSetParameters,
} from "../../../src/models/mod.ts";
import { energyAxis } from "../../../src/nddata/mod.ts";

const spectral = powerLaw({ amplitude: 1e-12, index: 2 });
const temporal = createTemporalProfile(temporalModels.lookup("temporal", "gauss"));
const a = createSkyModel({ name: "a", spectral, temporal });
const b = createSkyModel({ name: "b", spectral, datasetNames: ["x"] });

Deno.test("createModelSet(): each parameter once, links follow, models take over what is linked", () => {
  const set = createModelSet([b, a], {
    links: { "b.index": "a.index", "b.reference": "a.reference" },
  });
  deepStrictEqual(set.parameters.map((one) => one.name), [
    "b.amplitude",
    "a.index",
    "a.amplitude",
    "a.reference",
    "a.temporal.t_ref",
    "a.temporal.sigma",
  ]);
  deepStrictEqual(set.places, [[1, 0, 3], [1, 2, 3]]);
  deepStrictEqual(set.temporalPlaces, [[], [4, 5]]);
  const moved = changeParameters(set, "*.index", { value: 3, max: 5 });
  for (const { spectral: { parameters } } of moved.models) {
    strictEqual(parameters[0]?.value, 3);
    strictEqual(parameters[0]?.max, 5);
    strictEqual(parameters[0]?.name, "index");
  }
  strictEqual(
    changeParameters(set, "a.temporal.sigma", { value: 7 }).models[1]?.temporal?.parameters[1]
      ?.value,
    7,
  );
  deepStrictEqual(fittedModels(set).map((one) => one.datasets), [["x"], undefined]);
});

Deno.test("createModelSet() refuses models and links that cannot be", () => {
  throws(() => createModelSet([a, a]), /two models of the name "a"/);
  throws(() => createModelSet([a, b], { links: { "b.indx": "a.index" } }), /b\.indx/);
  throws(() => createModelSet([a, b], { links: { "b.index": "a.reference" } }), TypeError);
  throws(
    () => createModelSet([a, b], { links: { "b.index": "a.index", "a.index": "b.index" } }),
    /circle/,
  );
  throws(() => createSkyModel({ name: "n", spectral: piecewiseNorm([1, 2]) }), /is a factor/);
  throws(() => createSkyModel({ name: "a*", spectral }), RangeError);
  const set = createModelSet([a, b]);
  throws(() => withSetParameters(set, set.parameters.slice(1)), TypeError);
  throws(() => freezeParameters(set, "c.*"), /No parameter fits/);
  throws(() => covarianceOf(set, ndarray(new Float64Array(4), [2, 2]), "a"), TypeError);
  throws(() => covarianceOf(set, ndarray(new Float64Array(4), [2, 2]), "c"), RangeError);
});

Deno.test("freezeParameters(), unfreezeParameters(), selectModels() take patterns", () => {
  const set = freezeParameters(createModelSet([a, b]), "a.*");
  strictEqual(set.parameters.filter((one) => !one.frozen).length, 2);
  strictEqual(
    unfreezeParameters(set, "*.reference").parameters.filter((one) => !one.frozen).length,
    4,
  );
  // A point is a point.
  throws(() => freezeParameters(set, "a?index"), RangeError);
  deepStrictEqual(selectModels([a, b], { dataset: "y" }), [a]);
  deepStrictEqual(selectModels([a, b], { kind: "pl", name: "b" }), [b]);
});

Deno.test("withFitResult(): two linked sources in two datasets get the fitted values and errors", () => {
  const energy = energyAxis({ low: 1, high: 100, nBins: 8 });
  const energyTrue = energyAxis({ low: 1, high: 100, nBins: 8, name: "energy_true" });
  const truth = [
    powerLaw({ amplitude: 2e-12, index: 2.4 }),
    powerLaw({ amplitude: 5e-12, index: 2.4 }),
  ];
  const datasets = truth.map((one, i) =>
    createSpectrumDataset({
      name: `d${i}`,
      energy,
      energyTrue,
      counts: Float64Array.from({ length: 8 }, (_, k) =>
        1e15 * one.flux(energy.edges[k]!, energy.edges[k + 1]!)),
      exposureCm2S: new Float64Array(8).fill(1e15),
      background: new Float64Array(8),
    })
  );
  const models = ["a", "b"].map((name, i) =>
    createSkyModel({ name, spectral, datasetNames: [`d${i}`] })
  );
  const set = createModelSet(models, { links: { "b.index": "a.index" } });
  const result = fit(
    spectrumObjective(datasets, fittedModels(set), set.parameters),
    set.parameters,
  );
  ok(result.converged, result.reason);
  const fitted = withFitResult(set, result);
  fitted.models.forEach((one, i) => {
    for (const e of [1, 5, 50]) {
      ok(Math.abs(one.spectral.dnde(e) / truth[i]!.dnde(e) - 1) < 1e-3);
    }
    strictEqual(one.spectral.parameters[0]?.error, fitted.parameters[0]?.error);
  });
  const covariance = covarianceOf(fitted, result.covariance, "b");
  const { errp } = linearErrors(fitted.models[1]!.spectral, covariance).dnde(1);
  ok(Math.abs(errp / fitted.models[1]!.spectral.parameters[1]!.error - 1) < 1e-9);
});
