import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  constantInTime,
  createSpectralModel,
  cutoffPowerLaw,
  flare,
  logParabola,
  powerLaw,
  pulseProfile,
  spectralModels,
} from "../../../src/models/mod.ts";
import { integrate, integrateLog } from "../../../src/numeric/mod.ts";
import { between } from "../../_tools/event_arbitraries.ts";

const close = (a: number, b: number, rtol: number, atol = 0) =>
  ok(Math.abs(a - b) <= rtol * Math.abs(b) + atol, `${a} is not ${b}`);

Deno.test("spectral models: the flux is the integral of dN/dE", () => {
  fc.assert(fc.property(
    between(-1, 4),
    between(0.1, 10),
    between(0, 2),
    between(-2, 1),
    between(0.05, 3),
    (index, referenceTeV, curvature, logLow, decades) => {
      const amplitude = 1e-11, common = { amplitude, referenceTeV };
      const low = 10 ** logLow, high = low * 10 ** decades;
      for (
        const model of [
          powerLaw({ ...common, index }),
          cutoffPowerLaw({ ...common, index, lambdaPerTeV: curvature }),
          logParabola({ ...common, alpha: index, beta: curvature / 4 }),
        ]
      ) {
        const plain = integrateLog(model.dnde, { low, high, partsPerDecade: 32 });
        close(model.flux(low, high), plain, 1e-10);
        strictEqual(spectralModels.lookup("spectral", model.kind).format, model.kind);
      }
    },
  ));
});

Deno.test("powerLaw(): the flux is smooth through index 1", () => {
  for (const index of [1, 1 + 1e-12, 1 - 1e-12]) {
    close(powerLaw({ amplitude: 2, index }).flux(1, Math.E), 2, 1e-11);
  }
});

Deno.test("spectral models: values at the reference energy and beyond it", () => {
  close(powerLaw({ amplitude: 3, index: 2, referenceTeV: 2 }).dnde(4), 0.75, 1e-15);
  close(
    cutoffPowerLaw({ amplitude: 3, index: 2, lambdaPerTeV: 0.5 }).dnde(2),
    0.75 / Math.E,
    1e-15,
  );
  close(logParabola({ amplitude: 1, alpha: 2, beta: 1 }).dnde(Math.E), Math.exp(-3), 1e-15);
});

Deno.test("spectral models refuse parameters that cannot be", () => {
  throws(() => powerLaw({ amplitude: NaN, index: 2 }), RangeError);
  throws(() => powerLaw({ amplitude: 1, index: 2, referenceTeV: 0 }), RangeError);
  const pl = spectralModels.lookup("spectral", "pl");
  throws(() => createSpectralModel(pl, { indx: 1 }), /it has index, amplitude, reference/);
});

Deno.test("flare(): the integral is that of the factor, and `most` is above it and reached", () => {
  fc.assert(fc.property(
    fc.constantFrom("box" as const, "gauss" as const, "exponential" as const),
    between(-1, 20),
    between(-300, 300),
    between(1, 300),
    (shape, amplitude, startS, lengthS) => {
      const model = flare({ shape, onsetS: 10, durationS: 60, amplitude }),
        stopS = startS + lengthS;
      // Parts end where the shapes break.
      const cuts = [startS, 10, 70, stopS].filter((t) => t >= startS && t <= stopS)
        .sort((a, b) => a - b);
      let sum = 0, top = 0;
      for (let k = 0; k + 1 < cuts.length; k++) {
        const [low, high] = [cuts[k]!, cuts[k + 1]!];
        sum += integrate(model.factor, { low, high, parts: 40 });
        for (let i = 0; i < 200; i++) {
          top = Math.max(top, model.factor(low + (high - low) * (i + 0.5) / 200));
        }
      }
      close(model.integralS(startS, stopS), sum, 1e-9, 1e-9);
      ok(top <= model.most(startS, stopS) + 1e-12);
      ok(model.most(startS, stopS) <= 1 + Math.max(0, amplitude));
      ok(model.factor(startS) >= 0);
    },
  ));
  strictEqual(constantInTime().factor(3), 1);
  strictEqual(flare({ shape: "box", onsetS: 5, durationS: 1, amplitude: 9 }).most(10, 20), 1);
  for (const durationS of [0, -1, NaN]) {
    throws(() => flare({ shape: "box", onsetS: 0, durationS, amplitude: 1 }), RangeError);
  }
  throws(() => flare({ shape: "box", onsetS: 0, durationS: 1, amplitude: -1.1 }), RangeError);
});

Deno.test("pulseProfile(): the mean is 1, the bound holds, phases repeat", () => {
  const peak = fc.record({
    phase: between(-1, 2),
    sigma: between(0.004, 1.5),
    fraction: between(0, 0.33),
  });
  fc.assert(
    fc.property(fc.array(peak, { maxLength: 3 }), between(0, 1), (peaks, phase) => {
      const profile = pulseProfile(peaks), n = 8192;
      let sum = 0;
      for (let k = 0; k < n; k++) sum += profile.density((k + 0.5) / n) / n;
      close(sum, 1, 1e-9);
      ok(profile.density(phase) <= profile.most * (1 + 1e-12) && profile.density(phase) >= 0);
      close(profile.density(phase + 1), profile.density(phase), 1e-9, 1e-9);
    }),
    { numRuns: 50 },
  );
  throws(() => pulseProfile([{ phase: 0, sigma: 0, fraction: 0.1 }]), RangeError);
  throws(() => pulseProfile([{ phase: 0, sigma: 1, fraction: 1.1 }]), RangeError);
});
