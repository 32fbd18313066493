import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import ndarray from "ndarray";
import {
  binnedSpectrum,
  compoundSpectrum,
  crabSpectrum,
  createSpectralModel,
  dndeInto,
  eblNorm,
  inverseAll,
  linearErrors,
  logParabola,
  peakEnergy,
  piecewiseNorm,
  pivotEnergy,
  powerLaw,
  referenceFluxes,
  sampledErrors,
  type SpectralModel,
  spectralModels,
  templateNdSpectrum,
  templateSpectrum,
  withValues,
} from "../../../src/models/mod.ts";
import { createMapAxis, createNDArr, createNDData } from "../../../src/nddata/mod.ts";
import { createRng, integrateLog } from "../../../src/numeric/mod.ts";
import { between } from "../../_tools/event_arbitraries.ts";

const close = (a: number, b: number, rtol: number, atol = 0) =>
  ok(Math.abs(a - b) <= rtol * Math.abs(b) + atol, `${a} is not ${b}`);

/** Values that a parameter of a name is tried at. */
function valuesOf(name: string): fc.Arbitrary<number> {
  const local = name.slice(name.lastIndexOf(".") + 1);
  if (/^(amplitude|norm|const|norm_\d)$/.test(local)) return between(0.5, 2);
  if (/^(reference|ebreak|ecut|escale|mean|sigma|mass)$/.test(local)) return between(0.6, 1.9);
  if (local === "emin") return between(0.05, 0.3);
  if (local === "emax") return between(20, 200);
  if (local === "lambda_") return between(0.01, 0.5);
  if (local === "expfactor") return between(0.01, 0.4);
  if (local === "redshift") return between(0.05, 0.9);
  if (/^(alpha_norm|beta)$/.test(local)) return between(0.3, 1.5);
  return between(0.4, 3);
}

const mass = createMapAxis("mass", [0.5, 1, 2], { nodes: "edges", interp: "log" });
const energy = createMapAxis("energy_true", [0.1, 1, 10, 100], {
  unit: "TeV",
  interp: "log",
  nodes: "centers",
});
const nd = createNDData(
  createNDArr(ndarray(Float64Array.of(9, 4, 0.3, 0.01, 3, 5, 0.2, 0.04), [2, 4]), {
    unit: "cm-2 s-1 TeV-1",
  }),
  { axes: [mass, energy] },
);
const ebl = eblNorm({
  redshifts: Float64Array.of(0.01, 0.3, 1),
  energiesTeV: Float64Array.of(0.03, 0.4, 3, 40),
  transmission: Float64Array.of(1, 0.99, 0.97, 0.2, 1, 0.8, 0.3, 0.01, 0.99, 0.5, 0.02, 1e-6),
}, { redshift: 0.2 });
const template = templateSpectrum({ energiesTeV: [0.1, 1, 3, 30], values: [5, 1, 0.4, 1e-4] });
const bpl = createSpectralModel(spectralModels.lookup("spectral", "bpl"));

/** All kinds: those with parameters alone, those made of tables, and some joined ones. */
const MODELS: readonly SpectralModel[] = [
  ...spectralModels.entries().map((rule) => createSpectralModel(rule)),
  template,
  templateNdSpectrum(nd),
  piecewiseNorm([0.3, 1, 20]),
  piecewiseNorm([0.3, 1, 20], { interp: "lin" }),
  ebl,
  crabSpectrum("magic_ecpl"),
  compoundSpectrum(powerLaw({ amplitude: 1, index: 2 }), "mul", ebl),
  compoundSpectrum(bpl, "add", logParabola({ amplitude: 1, alpha: 2, beta: 0.1 })),
  compoundSpectrum(bpl, "mul", piecewiseNorm([0.3, 1, 20])),
  compoundSpectrum(template, "sub", powerLaw({ amplitude: 1, index: 2 })),
  compoundSpectrum(compoundSpectrum(template, "truediv", 3), "truediv", bpl),
  compoundSpectrum(bpl, "add", 0.5),
];

for (const [number, { rule }] of MODELS.entries()) {
  const name = `${rule.kind} ${rule.format} (${number})`, n = rule.parameters.length;
  const values = fc.tuple(...rule.parameters.map((one) => valuesOf(one.name)));
  const stepOf = (p: readonly number[], k: number) => 1e-5 * Math.abs(p[k]!);

  Deno.test(`${name}: the gradient is that of the values`, () => {
    const out = new Float64Array(n);
    fc.assert(
      fc.property(values, between(-1.5, 1.5), (p, logE) => {
        const e = 10 ** logE, scale = Math.abs(rule.dnde(e, p));
        rule.gradient(e, p, out);
        for (let k = 0; k < n; k++) {
          const step = stepOf(p, k), moved = (by: number) => p.with(k, p[k]! + by);
          const above = rule.dnde(e, moved(step)), below = rule.dnde(e, moved(-step));
          // A kink between the two is no derivative.
          const curved = Math.abs(above + below - 2 * rule.dnde(e, p));
          if (curved > 1e-6 * Math.abs(above - below) + 1e-12 * scale && curved > 1e-8 * scale) {
            continue;
          }
          close(out[k]!, (above - below) / (2 * step), 1e-4, 1e-6 * scale / Math.abs(p[k]!));
        }
      }),
      { endOnFailure: true },
    );
  });

  Deno.test(`${name}: fluxes are integrals of the values, in bins and at once`, () => {
    const edges = Float64Array.from({ length: 13 }, (_, i) => 0.05 * 10 ** (0.25 * i));
    const wide = Float64Array.of(0.05, 0.11, 3, 70), flux = new Float64Array(12);
    const slopes = new Float64Array(3 * n), sums = new Float64Array(3);
    const fine = binnedSpectrum(rule, edges), coarse = binnedSpectrum(rule, wide);
    fc.assert(
      fc.property(values, (p) => {
        // A smooth break has two limits where its indices are equal.
        if (rule.format === "sbpl" && Math.abs(p[1]! - p[0]!) < 1e-3) return;
        const model = withValues(createSpectralModel(rule), p);
        const cuts = [
          ...Array.from(rule.breaks ?? []),
          ...Array.from(rule.movingBreaks?.(p) ?? []),
        ];
        const plain = (low: number, high: number, moment: number) => {
          const ends = [low, ...cuts.filter((e) => e > low && e < high), high];
          ends.sort((a, b) => a - b);
          let sum = 0;
          for (let i = 0; i + 1 < ends.length; i++) {
            sum += integrateLog((e) => model.dnde(e) * e ** moment, {
              low: ends[i]!,
              high: ends[i + 1]!,
              partsPerDecade: 40,
            });
          }
          return sum;
        };
        fine.fluxInto(p, flux);
        const scale = flux.reduce((sum, one) => sum + Math.abs(one), 0);
        for (let i = 0; i < 12; i++) {
          const exact = plain(edges[i]!, edges[i + 1]!, 0);
          close(flux[i]!, exact, 1e-7, 1e-12 * scale);
          close(model.flux(edges[i]!, edges[i + 1]!), exact, 1e-9, 1e-13 * scale);
        }
        close(model.eflux(0.05, 70), plain(0.05, 70, 1), 1e-9, 1e-12 * scale);
        coarse.gradientInto(p, slopes);
        for (let k = 0; k < n; k++) {
          const step = stepOf(p, k);
          const moved = (by: number) => {
            coarse.fluxInto(p.with(k, p[k]! + by), sums);
            return sums.slice();
          };
          const above = moved(step), below = moved(-step);
          coarse.fluxInto(p, sums);
          for (let i = 0; i < 3; i++) {
            const slope = (above[i]! - below[i]!) / (2 * step);
            close(slopes[k * 3 + i]!, slope, 1e-4, 1e-6 * scale / Math.abs(p[k]!));
          }
        }
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });
}

Deno.test("pl-2: its amplitude is the flux between its energies", () => {
  for (const index of [0.5, 1, 1 + 1e-9, 2.7]) {
    const model = createSpectralModel(spectralModels.lookup("spectral", "pl-2"), {
      amplitude: 3e-11,
      index,
      emin: 0.3,
      emax: 40,
    });
    close(model.flux(0.3, 40), 3e-11, 1e-14);
  }
});

Deno.test("sbpl: with equal indices it is a power law", () => {
  const rule = spectralModels.lookup("spectral", "sbpl"), p = [2, 2, 3, 1, 1, 1];
  const out = new Float64Array(6);
  strictEqual(rule.dnde(2, p), 0.75);
  rule.gradient(2, p, out);
  deepStrictEqual([out[2], out[3], out[5]], [0.25, 0, 0]);
});

Deno.test("gauss: far tails keep their relative precision", () => {
  const gauss = createSpectralModel(spectralModels.lookup("spectral", "gauss"), {
    amplitude: 1,
    mean: 1,
    sigma: 0.1,
  });
  const tail = integrateLog(gauss.dnde, { low: 2.5, high: 4, partsPerDecade: 200 });
  close(gauss.flux(2.5, 4), tail, 1e-10);
  close(gauss.flux(1, 9), 0.5, 1e-14);
});

Deno.test("secpl-4fgl-dr3: smooth where index_2 goes to 0, through the reference energy", () => {
  const make = (index_2: number) =>
    createSpectralModel(spectralModels.lookup("spectral", "secpl-4fgl-dr3"), {
      amplitude: 1,
      index_1: 2,
      expfactor: 0.5,
      index_2,
    });
  // With b → 0 it is a log-parabola: exponent −Γ L − d L²/2.
  const parabola = logParabola({ amplitude: 1, alpha: 2, beta: 0.25 });
  for (const e of [0.1, 0.999, 1.001, 7]) {
    close(make(1e-9).dnde(e), parabola.dnde(e), 1e-8);
    const plain = (b: number) => {
      const x = e ** b;
      return e ** -2 * Math.exp(-0.5 * (x - 1 - Math.log(x)) / b ** 2);
    };
    close(make(0.9).dnde(e), plain(0.9), 1e-12);
  }
});

Deno.test("compoundSpectrum(): names, numbers, and what cannot be joined", () => {
  const pl = powerLaw({ amplitude: 2, index: 2 }), norm = piecewiseNorm([1, 10]);
  deepStrictEqual(compoundSpectrum(pl, "mul", norm).parameters.map((one) => one.name), [
    "index",
    "amplitude",
    "reference",
    "norm_0",
    "norm_1",
  ]);
  const sum = compoundSpectrum(pl, "sub", pl);
  deepStrictEqual(sum.parameters.map((one) => one.name).slice(0, 4), [
    "model1.index",
    "model1.amplitude",
    "model1.reference",
    "model2.index",
  ]);
  strictEqual(sum.dnde(3), 0);
  strictEqual(compoundSpectrum(pl, "add", 1).dnde(1), 3);
  strictEqual(compoundSpectrum(pl, "add", 1).parameters.at(-1)?.frozen, true);
  strictEqual(compoundSpectrum(pl, "truediv", pl).rule.kind, "spectral-norm");
  throws(() => compoundSpectrum(pl, "mul", pl), /found spectral and spectral/);
  throws(() => compoundSpectrum(norm, "add", pl), TypeError);
  throws(() => compoundSpectrum(pl, "pow" as "add", pl), /known are add, sub, mul, truediv/);
});

Deno.test("tables of spectra are refused where they are none", () => {
  throws(() => templateSpectrum({ energiesTeV: [1, 1], values: [1, 1] }), RangeError);
  throws(() => templateSpectrum({ energiesTeV: [1, 2], values: [1] }), TypeError);
  throws(() => piecewiseNorm([1]), RangeError);
  throws(() => piecewiseNorm([1, 2], { norms: [1] }), TypeError);
  throws(() => crabSpectrum("milagro" as "meyer"), /known are meyer/);
  const z = { redshifts: Float64Array.of(0.1), energiesTeV: Float64Array.of(1, 2) };
  throws(() => eblNorm({ ...z, transmission: new Float64Array(3) }, { redshift: 1 }), TypeError);
});

Deno.test("eblNorm(): clipped to 1, and 0 beyond the table", () => {
  const norm = eblNorm({
    redshifts: Float64Array.of(0, 1),
    energiesTeV: Float64Array.of(1, 10),
    transmission: Float64Array.of(1, 0.5, 1, 0),
  }, { redshift: 1 });
  strictEqual(norm.dnde(0.1), 1);
  ok(norm.dnde(9.9) < 1e-300 && norm.dnde(1000) === 0);
});

Deno.test("inverseAll(): all energies of a value, none where there is none", () => {
  fc.assert(fc.property(between(0.05, 0.9), between(0.2, 3), (value, beta) => {
    const hill = logParabola({ amplitude: 1, alpha: 0, beta, referenceTeV: 3 });
    const log = Math.sqrt(-Math.log(value) / beta), search = { rangeTeV: [1e-4, 1e5] } as const;
    const roots = inverseAll(hill, value, search);
    strictEqual(roots.length, 2);
    close(roots[0]!, 3 * Math.exp(-log), 1e-9);
    close(roots[1]!, 3 * Math.exp(log), 1e-9);
    strictEqual(inverseAll(hill, 1.5).length, 0);
  }));
  throws(() => inverseAll(bpl, 1, { rangeTeV: [2, 1] }), RangeError);
});

Deno.test("peakEnergy(): by formula for a cutoff and a log-parabola, NaN for a power law", () => {
  const ecpl = spectralModels.lookup("spectral", "ecpl");
  fc.assert(
    fc.property(between(0.5, 1.9), between(0.3, 2), between(0.01, 10), (g, alpha, l) => {
      const model = createSpectralModel(ecpl, { index: g, alpha, lambda_: l });
      close(peakEnergy(model), ((2 - g) / alpha) ** (1 / alpha) / l, 1e-6);
      const curved = logParabola({ amplitude: 1, alpha: g, beta: alpha });
      close(peakEnergy(curved), Math.exp((2 - g) / (2 * alpha)), 1e-6);
    }),
    { numRuns: 20 },
  );
  ok(Number.isNaN(peakEnergy(powerLaw({ amplitude: 1, index: 2.5 }))));
});

Deno.test("sampledErrors(): agree with the linear ones where errors are small", () => {
  const model = compoundSpectrum(powerLaw({ amplitude: 1e-12, index: 2.3 }), "mul", ebl);
  const covariance = ndarray(new Float64Array(25), [5, 5]);
  covariance.set(0, 0, 4e-4);
  covariance.set(1, 1, 1e-28);
  covariance.set(0, 1, 1e-16);
  covariance.set(1, 0, 1e-16);
  const linear = linearErrors(model, covariance);
  const sampled = sampledErrors(model, covariance, { rng: createRng(7), nSamples: 20000 });
  for (const name of ["dnde", "index"] as const) {
    const a = linear[name](3), b = sampled[name](3);
    strictEqual(a.value, b.value);
    // The error of a quantile's error is 1 / 80 of it: 4 of them.
    close(b.errn, a.errn, 0.05);
    close(b.errp, a.errp, 0.05);
  }
  const few = sampledErrors(model, covariance, { rng: createRng(7), nSamples: 500 });
  for (const name of ["flux", "eflux"] as const) {
    close(few[name](1, 9).errp, linear[name](1, 9).errp, 0.3);
    close(linear[name](1, 9).value, model[name](1, 9), 1e-15);
  }
  throws(() => linearErrors(model, ndarray(new Float64Array(4), [2, 2])), TypeError);
  covariance.set(0, 0, -1);
  throws(() => sampledErrors(model, covariance, { rng: createRng(7) }), RangeError);
});

Deno.test("linearErrors(): of the index of a log-parabola by formula", () => {
  const model = logParabola({ amplitude: 1, alpha: 2, beta: 0.3 });
  const covariance = ndarray(new Float64Array(16), [4, 4]);
  covariance.set(2, 2, 0.04);
  covariance.set(3, 3, 0.01);
  const { value, errp } = linearErrors(model, covariance).index(5), log = Math.log(5);
  close(value, 2 + 0.6 * log, 1e-8);
  close(errp, Math.sqrt(0.04 + 4 * log * log * 0.01), 1e-8);
});

Deno.test("pivotEnergy(): by formula for a power law", () => {
  fc.assert(fc.property(between(-0.9, 0.9), between(0.01, 0.3), between(0.5, 3), (rho, s, ref) => {
    const model = powerLaw({ amplitude: 2, index: 2.5, referenceTeV: ref });
    const covariance = ndarray(new Float64Array(9), [3, 3]);
    covariance.set(0, 0, s * s);
    covariance.set(1, 1, 0.04);
    covariance.set(0, 1, rho * s * 0.2);
    covariance.set(1, 0, rho * s * 0.2);
    const formula = ref * Math.exp(rho * s * 0.2 / (2 * s * s));
    if (formula > 2e-3 && formula < 500) close(pivotEnergy(model, covariance), formula, 1e-5);
  }));
});

Deno.test("referenceFluxes() and dndeInto() give what the model gives", () => {
  const columns = referenceFluxes(bpl, [1, 4, 9]);
  close(columns.energyTeV[1]!, 6, 1e-15);
  strictEqual(columns.dnde[1], bpl.dnde(columns.energyTeV[1]!));
  strictEqual(columns.flux[0], bpl.flux(1, 4));
  strictEqual(columns.eflux[1], bpl.eflux(4, 9));
  close(columns.e2dnde[1]!, bpl.dnde(6) * 36, 1e-14);
  const p = bpl.parameters.map((one) => one.value), out = new Float64Array(2);
  deepStrictEqual([...dndeInto(bpl.rule, [0.3, 7], p, out)], [bpl.dnde(0.3), bpl.dnde(7)]);
  throws(() => bpl.flux(2, 1), RangeError);
  throws(() => withValues(bpl, [1]), TypeError);
  throws(() => withValues(bpl, { indx: 1 }), /it has index1, index2, amplitude, ebreak/);
});
