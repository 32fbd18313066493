import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { createGti, type Gti } from "../../../src/events/mod.ts";
import { openFitsFile } from "../../../src/fits/mod.ts";
import {
  compoundSpectrum,
  createTemporalProfile,
  eblNorm,
  lightCurveProfile,
  phaseCurveProfile,
  powerLaw,
  readEblTable,
  readLightCurveTable,
  readPhaseCurveTable,
  sampleTimes,
  temporalFactor,
  temporalIntegralsS,
  temporalModels,
  type TemporalProfile,
  withTemporalValues,
} from "../../../src/models/mod.ts";
import { createRng, integrate } from "../../../src/numeric/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { agrees, dataFile, dataTest, referenceTest } from "../../_tools/data_io.ts";
import { between } from "../../_tools/event_arbitraries.ts";

const close = (a: number, b: number, rtol: number, atol = 0) =>
  ok(Math.abs(a - b) <= rtol * Math.abs(b) + atol, `${a} is not ${b}`);

const make = (kind: string, values: Record<string, number>) =>
  createTemporalProfile(temporalModels.lookup("temporal", kind), values);

const gtiOf = (
  days: readonly (readonly [number, number])[],
  epoch = createEpoch([55555, 0], "TT"),
): Gti =>
  createGti(
    epoch,
    Float64Array.from(days, ([a]) => a * 86400),
    Float64Array.from(days, ([, b]) => b * 86400),
  );

const REFERENCE: Readonly<Record<string, TemporalProfile>> = {
  linear: make("linear", { alpha: 1.2, beta: 0.1, t_ref: 55555 }),
  expdecay: make("exp-decay", { t0: 1.7, t_ref: 55555 }),
  gauss: make("gauss", { t_ref: 55556, sigma: 0.8 }),
};
for (const [name, profile] of Object.entries(REFERENCE)) {
  referenceTest("gammapy.json", `models.temporal.${name}`, [], ({ expected, tol }) => {
    const values = [-1, 0, 0.3, 1, 2.7, 10].map((t) => profile.value(55555 + t));
    agrees(values, expected.value, tol.value!, "value");
    const gti = gtiOf([[0.1, 0.9], [1.5, 3]]), total = (0.8 + 1.5) * 86400;
    const means = temporalIntegralsS(profile, gti).map((one) => one / total);
    agrees(means, expected.integral, tol.integral!, "integral");
  });
}

const LSI = "gammapy-data/tests/phasecurve_LSI_DC.fits";
referenceTest("gammapy.json", "models.temporal.phasecurve", [LSI], async ({ expected, tol }) => {
  using file = await openFitsFile(dataFile(LSI));
  const table = { ...await readPhaseCurveTable(file), normalize: false };
  const profile = phaseCurveProfile(table, { t_ref: 43366.275, f0: 4.367575e-7 });
  const values = [46300, 55000.123, 59000.7, 43366.275].map(profile.value);
  agrees(values, expected.value, tol.value!, "value");
});

dataTest("phaseCurveProfile(): LS I +61 303 normalised, as published", [LSI], async () => {
  using file = await openFitsFile(dataFile(LSI));
  const periodD = 26.7,
    profile = phaseCurveProfile(await readPhaseCurveTable(file), {
      t_ref: 43366.275,
      f0: 1 / (periodD * 86400),
    });
  // gammapy/modeling/models/tests/test_temporal.py
  const found = [0, 0.5, 0.65, 1].map((phase) => profile.value(43366.275 + phase * periodD));
  [0.294118, 0.882353, 5.882353, 0.294118].forEach((one, i) => close(found[i]!, one, 1e-5));
});

const PKS = "gammapy-data/tests/models/light_curve/lightcrv_PKSB1222+216.fits";
dataTest("lightCurveProfile(): PKS B1222+216 as published", [PKS], async () => {
  using file = await openFitsFile(dataFile(PKS));
  const table = await readLightCurveTable(file), profile = lightCurveProfile(table, table.tRefMjd);
  strictEqual(table.tRefMjd, 59000.5);
  close(profile.value(59500), 0.015512, 1e-4);
  strictEqual(profile.value(59000), 0);
});

for (
  const [name, path, redshift] of [
    ["dominguez", "gammapy-data/ebl/ebl_dominguez11.fits.gz", 0.116],
    ["franceschini", "gammapy-data/ebl/ebl_franceschini.fits.gz", 0.3],
  ] as const
) {
  referenceTest("gammapy.json", `models.ebl.${name}`, [path], async ({ expected, tol }) => {
    using file = await openFitsFile(dataFile(path));
    const norm = eblNorm(await readEblTable(file), { redshift });
    const energies = [0.03, 0.1, 0.25, 0.6, 1.2, 3.3, 8, 20];
    agrees(energies.map(norm.dnde), expected.transmission, tol.transmission!, "transmission");
    const model = compoundSpectrum(powerLaw({ amplitude: 1e-11, index: 2.4 }), "mul", norm);
    agrees([model.flux(0.1, 1), model.flux(1, 10)], expected.flux, tol.flux!, "flux");
  });
}

dataTest(
  "eblNorm(): a power law behind Dominguez' light at z = 0.117, as published",
  ["gammapy-data/ebl/ebl_dominguez11.fits.gz"],
  async () => {
    using file = await openFitsFile(dataFile("gammapy-data/ebl/ebl_dominguez11.fits.gz"));
    const table = await readEblTable(file), pl = powerLaw({ amplitude: 1.81e-12, index: 3.53 });
    const at = (alphaNorm: number) =>
      compoundSpectrum(pl, "mul", eblNorm(table, { redshift: 0.117, alphaNorm })).dnde(1);
    // gammapy/modeling/models/tests/test_spectral.py compares to 1e-3.
    close(at(1), 5.140765e-13, 1e-3);
    close(at(1.5), 2.739695e-13, 1e-3);
  },
);

/** Kinds with the values that are tried, x days after t_ref = 0. */
const KINDS: readonly (readonly [TemporalProfile, Record<string, fc.Arbitrary<number>>])[] = [
  [make("const", {}), {}],
  [make("linear", {}), { alpha: between(1, 3), beta: between(-0.2, 0.2), t_ref: between(-1, 1) }],
  [make("exp-decay", {}), { t0: between(0.3, 5), t_ref: between(-1, 1) }],
  [make("gauss", {}), { t_ref: between(-1, 3), sigma: between(0.2, 3) }],
  [make("gengauss", {}), {
    t_ref: between(-1, 3),
    t_rise: between(0.3, 3),
    t_decay: between(0.3, 3),
    eta: between(0.3, 1),
  }],
  [make("powerlaw", {}), { alpha: between(-2, 3), t_ref: between(-2, -1), t0: between(0.3, 3) }],
  [make("sinus", {}), { amp: between(0, 1), omega: between(0.1, 6), t_ref: between(-1, 1) }],
  [lightCurveProfile({ timesD: [-0.5, 0.5, 1, 4], norms: [1, 3, 0, 2] }, 0), {
    t_ref: between(-1, 1),
  }],
  [phaseCurveProfile({ phases: [0.1, 0.3, 0.8], norms: [1, 0.2, 4] }, { t_ref: 0, f0: 1 }), {
    t_ref: between(-1, 1),
    phi_ref: between(-1, 1),
    f0: between(3e-6, 2e-5),
    f1: fc.constant(0),
    f2: fc.constant(0),
  }],
];

for (const [profile, values] of KINDS) {
  const { rule } = profile, names = rule.parameters.map((one) => one.name);
  const sets = fc.tuple(...names.map((name) => values[name]!));

  Deno.test(`temporal ${rule.format}: gradient, integral and bound are those of the values`, () => {
    const out = new Float64Array(names.length);
    fc.assert(
      fc.property(sets, between(-0.9, 2), between(0.1, 3), (p, low, length) => {
        const high = low + length, t = low + 0.37 * length, scale = rule.most(low, high, p);
        rule.gradient(t, p, out);
        for (let k = 0; k < names.length; k++) {
          // Steps that are small in days and in cycles.
          const step = names[k] === "f0" ? 1e-11 : /f[12]/.test(names[k]!) ? 1e-16 : 1e-6;
          const above = rule.value(t, p.with(k, p[k]! + step));
          const below = rule.value(t, p.with(k, p[k]! - step));
          if (Math.abs(above + below - 2 * rule.value(t, p)) > 1e-4 * Math.abs(above - below)) {
            continue;
          }
          close(out[k]! * step, (above - below) / 2, 1e-3, 1e-9 * scale);
        }
        let sum = 0, top = 0;
        const jumps = rule.format === "template" ? [-0.5, 4].map((x) => x + p[0]!) : [];
        const ends = Array.from({ length: 401 }, (_, i) => low + length * i / 400);
        ends.push(...jumps.filter((x) => x > low && x < high));
        ends.sort((a, b) => a - b);
        for (let i = 0; i + 1 < ends.length; i++) {
          const a = ends[i]!, b = ends[i + 1]!;
          sum += integrate((x) => rule.value(x, p), { low: a, high: b });
          top = Math.max(top, rule.value((a + b) / 2, p));
        }
        close(rule.integral(low, high, p), sum, 1e-4, 1e-6 * scale);
        ok(top <= scale * (1 + 1e-12) + 1e-15);
      }),
      { endOnFailure: true },
    );
  });
}

Deno.test("sinus: its integral is that of a sine, which gammapy has as one of a cosine", () => {
  const sine = make("sinus", { amp: 0.4, omega: Math.PI / 4, t_ref: 46300.975 });
  const gti = gtiOf([[0, 3]], createEpoch([46301, 0], "TT"));
  close(temporalIntegralsS(sine, gti)[0]! / (3 * 86400), 1.2921, 1e-4);
});

Deno.test("phase curve: with derivatives its integral is that of the values", () => {
  const profile = phaseCurveProfile({ phases: [0, 0.4, 0.7], norms: [0, 3, 1] }, {
    t_ref: 55555,
    f0: 1e-3,
    f1: 1e-11,
    f2: 1e-17,
  });
  const integral = temporalIntegralsS(profile, gtiOf([[0.2, 0.5]]))[0]!;
  const { factor } = temporalFactor(profile, createEpoch([55555, 0], "TT"));
  const sum = integrate(factor, { low: 0.2 * 86400, high: 0.5 * 86400, parts: 4000 });
  close(integral, sum, 1e-7);
  const still = phaseCurveProfile({ phases: [0, 0.5], norms: [0, 2] }, {
    t_ref: 55555,
    f0: 0,
    phi_ref: 0.25,
  });
  close(temporalIntegralsS(still, gtiOf([[0, 1]]))[0]!, 86400, 1e-14);
});

Deno.test("temporalFactor(): a pulsar's phase keeps its microseconds at any epoch", () => {
  const table = { phases: [0, 0.5], norms: [0, 2] };
  const profile = phaseCurveProfile(table, { t_ref: 55555.25, f0: 30 });
  const { factor } = temporalFactor(profile, createEpoch([55555, 6 / 24], "TT"));
  for (const timeS of [0, 0.001, 0.01, 1 / 60]) {
    const phase = 30 * timeS - Math.floor(30 * timeS);
    close(factor(timeS), 4 * Math.min(phase, 1 - phase), 1e-9, 1e-9);
  }
});

Deno.test("sampleTimes(): follows the profile, inside the intervals", () => {
  const profile = make("gauss", { t_ref: 55556, sigma: 0.3 }), gti = gtiOf([[0, 0.9], [1.1, 2]]);
  const times = sampleTimes(profile, gti, { n: 20000, rng: createRng(3) });
  ok(times.every((t) => (t >= 0 && t <= 0.9 * 86400) || (t >= 1.1 * 86400 && t <= 2 * 86400)));
  const early = times.filter((t) => t < 0.7 * 86400).length / times.length;
  const { integral } = profile.rule, p = [1, 0.3];
  const expected = integral(0, 0.7, p) / (integral(0, 0.9, p) + integral(1.1, 2, p));
  // Five standard deviations.
  ok(Math.abs(early - expected) < 5 * Math.sqrt(expected / 20000), `${early} ${expected}`);
  throws(
    () => sampleTimes(make("linear", { alpha: -1 }), gti, { n: 1, rng: createRng(1) }),
    RangeError,
  );
});

Deno.test("temporal models refuse what they are not", () => {
  throws(() => make("gauss", { sigm: 1 }), /it has t_ref, sigma/);
  throws(() => lightCurveProfile({ timesD: [0, 0], norms: [1, 1] }, 0), RangeError);
  throws(() => lightCurveProfile({ timesD: [0, 1], norms: [1, -1] }, 0), RangeError);
  throws(
    () => phaseCurveProfile({ phases: [0, 1.5], norms: [1, 1] }, { t_ref: 0, f0: 1 }),
    RangeError,
  );
  strictEqual(withTemporalValues(make("linear", {}), { alpha: 4 }).parameters[0]?.value, 4);
});
