/* Reference cases models.spectral.*, models.inverse.*, and published values of gammapy's own tests. */
import { ok } from "node:assert/strict";
import ndarray from "ndarray";
import {
  compoundSpectrum,
  crabSpectrum,
  createSpectralModel,
  inverse,
  linearErrors,
  logParabola,
  piecewiseNorm,
  pivotEnergy,
  powerLaw,
  spectralIndex,
  type SpectralModel,
  spectralModels,
  templateSpectrum,
} from "../../../src/models/mod.ts";
import { agrees, type ReferenceCase, referenceTest } from "../../_tools/data_io.ts";

const make = (kind: string, values: Record<string, number>) =>
  createSpectralModel(spectralModels.lookup("spectral", kind), values);

const ENERGIES = [0.011, 0.1, 0.37, 1, 2.5, 9, 44, 130];
const LOW = [0.05, 0.1, 1, 1, 10], HIGH = [0.2, 100, 1.5, 10, 80];

/** What stands after the last colon of the description. */
function covarianceOf({ description = "" }: ReferenceCase): number[][] | undefined {
  const text = description.slice(description.lastIndexOf(":") + 1).trim();
  return text === "None" ? undefined : JSON.parse(text);
}

const MODELS: Readonly<Record<string, SpectralModel>> = {
  pl: powerLaw({ index: 2.31, amplitude: 3.7e-11, referenceTeV: 1.3 }),
  pl_index1: powerLaw({ index: 1, amplitude: 1e-12 }),
  ecpl: make("ecpl", { index: 1.7, amplitude: 2.1e-12, reference: 2, lambda_: 0.11 }),
  secpl_3fgl: make("secpl-3fgl", {
    amplitude: 1e-12,
    reference: 0.5,
    ecut: 4,
    index_1: 1.4,
    index_2: 0.9,
  }),
  secpl_4fgl_dr3: make("secpl-4fgl-dr3", {
    amplitude: 1e-12,
    reference: 1,
    expfactor: 0.4,
    index_1: 1.9,
    index_2: 0.8,
  }),
  logparabola: logParabola({ amplitude: 3.76e-11, alpha: 2.47, beta: 0.24 }),
  broken_pl: make("bpl", { index1: 1.6, index2: 3.1, amplitude: 1e-12, ebreak: 2.2 }),
  smooth_broken_pl_neg: make("sbpl", {
    index1: 3.1,
    index2: 2,
    amplitude: 1e-12,
    ebreak: 1.1,
    reference: 1.5,
    beta: 0.8,
  }),
  gaussian: make("gauss", { amplitude: 3e-12, mean: 3, sigma: 1.1 }),
  template: templateSpectrum({
    energiesTeV: [0.05, 0.3, 1, 4, 20, 90],
    values: [3e-9, 8e-11, 5e-12, 2.5e-13, 4e-15, 1e-17],
  }),
  // The description names the amplitude of the second alone; the first has the default.
  pl_plus_lp: compoundSpectrum(
    powerLaw({ index: 2.9, amplitude: 1e-12, referenceTeV: 1 }),
    "add",
    logParabola({ amplitude: 3e-12, referenceTeV: 3, alpha: 1.4, beta: 0.4 }),
  ),
  meyer_crab: crabSpectrum("meyer"),
  hegra_crab: crabSpectrum("hegra"),
  magic_lp_crab: crabSpectrum("magic_lp"),
};

for (const [name, model] of Object.entries(MODELS)) {
  referenceTest("gammapy.json", `models.spectral.${name}`, [], (reference) => {
    const { expected, tol } = reference;
    const found: Record<string, unknown> = {
      dnde: ENERGIES.map(model.dnde),
      flux: LOW.map((low, i) => model.flux(low, HIGH[i]!)),
      energy_flux: LOW.map((low, i) => model.eflux(low, HIGH[i]!)),
    };
    const rows = covarianceOf(reference);
    if (rows !== undefined) {
      const n = rows.length;
      const errors = linearErrors(model, ndarray(Float64Array.from(rows.flat()), [n, n]));
      found.dnde_error = ENERGIES.map((e) => errors.dnde(e).errp);
      found.flux_error = LOW.map((low, i) => errors.flux(low, HIGH[i]!).errp);
      found.energy_flux_error = LOW.map((low, i) => errors.eflux(low, HIGH[i]!).errp);
    }
    for (const key of Object.keys(expected)) {
      agrees(found[key], expected[key], tol[key]!, `${name} ${key}`);
    }
  });
}

referenceTest("gammapy.json", "models.inverse.pl", [], ({ expected, tol }) => {
  const model = MODELS.pl!, energies = inverse(model, expected.dnde as number[]);
  agrees(energies, expected.inverse_TeV, tol.inverse_TeV!, "inverse");
  const indices = (expected.inverse_TeV as number[]).map((e) => spectralIndex(model, e));
  agrees(indices, expected.spectral_index, tol.spectral_index!, "index");
  const covariance = ndarray(Float64Array.of(0.0049, 4.2e-14, 0, 4.2e-14, 4e-24, 0, 0, 0, 0), [
    3,
    3,
  ]);
  agrees(pivotEnergy(model, covariance), expected.pivot_energy_TeV, tol.pivot_energy_TeV!, "pivot");
});

/** gammapy/modeling/models/tests/test_spectral.py: value at 2 TeV, flux and energy flux from 1 to 10 TeV. */
const PUBLISHED: readonly (readonly [string, SpectralModel, number[]])[] = [
  ["pl", make("pl", { index: 2.3, amplitude: 4 }), [4 * 2 ** -2.3, 2.92271162, 6.65083688]],
  ["ecpl", make("ecpl", { index: 1.6, amplitude: 4, lambda_: 0.1 }), [
    1.080321705,
    3.765838739,
    9.901735871,
  ]],
  ["lp", make("lp", { alpha: 2.3, beta: 0.5, amplitude: 4, reference: 1 }), [
    0.638795657,
    2.255689748,
    3.958651583,
  ]],
  ["bpl", make("bpl", { index1: 1.5, index2: 2.5, amplitude: 4, ebreak: 0.5 }), [
    0.125,
    0.456497,
    0.967,
  ]],
  ["sbpl", make("sbpl", { index1: 1.5, index2: 2.5, amplitude: 4, ebreak: 0.5, beta: 1 }), [
    0.282842712,
    0.995692391,
    2.237225615,
  ]],
  [
    "secpl-4fgl-dr3",
    make("secpl-4fgl-dr3", { amplitude: 1, index_1: 1.5, index_2: 2, expfactor: 0.01 }),
    [0.35212994, 1.328499, 4.067067],
  ],
  ["piecewise-norm", piecewiseNorm([1, 3, 7, 10], { norms: [1, 5, 3, 0.5] }), [
    2.76058404,
    24.758255,
  ]],
  ["meyer", crabSpectrum("meyer"), [5.572437502e-12]],
  ["hess_ecpl", crabSpectrum("hess_ecpl"), [6.23714253e-12]],
  ["magic_lp", crabSpectrum("magic_lp"), [5.5451060834e-12]],
];

for (const [name, model, expected] of PUBLISHED) {
  Deno.test(`${name}: value at 2 TeV and integrals over 1 to 10 TeV as published`, () => {
    const found = [model.dnde(2), model.flux(1, 10), model.eflux(1, 10)];
    // Its flux is a sum of trapezoids there.
    expected.forEach((one, i) => {
      ok(
        Math.abs(found[i]! / one - 1) < (i === 0 ? 1e-7 : 1e-3),
        `${i}: ${found[i]} is not ${one}`,
      );
    });
  });
}

Deno.test("crabSpectrum(): fluxes from 1 to 1000 TeV as published", () => {
  for (
    const [name, flux] of [["meyer", 2.0744425607e-11], ["hess_ecpl", 2.267957713e-11], [
      "magic_lp",
      2.028222279e-11,
    ]] as const
  ) {
    ok(Math.abs(crabSpectrum(name).flux(1, 1000) / flux - 1) < 1e-3, name);
  }
});
