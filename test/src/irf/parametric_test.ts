import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  effectiveArea,
  gaussPsf,
  kingPsf,
  logNormalDispersion,
  photonRatePerS,
  type Psf,
  radialBackground,
} from "../../../src/irf/mod.ts";
import { createRng, integrate } from "../../../src/numeric/mod.ts";
import { between } from "../../_tools/event_arbitraries.ts";

const close = (a: number, b: number, rtol: number, atol = 0) =>
  ok(Math.abs(a - b) <= rtol * Math.abs(b) + atol, `${a} is not ${b}`);

Deno.test("psf: containment is the integral of the density, and radiusDeg its inverse", () => {
  fc.assert(fc.property(
    between(0.01, 0.5),
    between(1.2, 5),
    between(0, 0.8),
    between(0.01, 0.999),
    (sigmaDeg, gamma, slope, u) => {
      const width = { sigmaDeg, slope, floorDeg: 0.01 };
      for (const psf of [gaussPsf(width), kingPsf({ ...width, gamma })] as Psf[]) {
        const r = psf.radiusDeg(u, 2);
        close(psf.containment(r, 2), u, 1e-9);
        const parts = Math.max(8, Math.ceil(8 * r / sigmaDeg));
        if (parts > 5000) continue;
        const inside = integrate((x) => 2 * Math.PI * x * psf.densityPerDeg2(x, 2), {
          low: 0,
          high: r,
          parts,
        });
        close(inside, u, 1e-9);
        close(psf.sigmaDeg(2), Math.hypot(sigmaDeg * 2 ** -slope, 0.01), 1e-14);
      }
    },
  ));
  throws(() => gaussPsf({ sigmaDeg: 0 }), RangeError);
  throws(() => kingPsf({ sigmaDeg: 1, gamma: 1 }), RangeError);
});

Deno.test("logNormalDispersion(): density, tail and samples are of one distribution", () => {
  const edisp = logNormalDispersion({ bias: 0.1, resolution: 0.25 }), rng = createRng(1);
  for (const migra of [0.5, 1, 1.2, 3]) {
    const tail = integrate((x) => Math.exp(x) * edisp.migraDensity(Math.exp(x), 5), {
      low: Math.log(migra),
      high: 6,
      parts: 60,
    });
    close(edisp.above(5 * migra, 5), tail, 1e-9, 1e-14);
  }
  let n = 0;
  for (let i = 0; i < 20_000; i++) n += +(edisp.sample(5, rng) > 6);
  const wanted = 20_000 * edisp.above(6, 5);
  ok(Math.abs(n - wanted) < 4 * Math.sqrt(wanted));
  const sharp = logNormalDispersion({ bias: 0, resolution: 0 });
  strictEqual(sharp.sample(3, rng), 3);
  strictEqual(sharp.above(3, 3), 1);
  strictEqual(sharp.above(3.1, 3), 0);
  throws(() => logNormalDispersion({ bias: 0, resolution: -1 }), RangeError);
});

Deno.test("radialBackground(): the rate integrates to its total, samples follow it", () => {
  for (const index of [1, 2.7]) {
    for (const maxOffsetDeg of [undefined, 1.5]) {
      const options = { totalPerS: 7, index, rangeTeV: [0.1, 50] as const, sigmaDeg: 1 };
      const bkg = radialBackground({
        ...options,
        ...(maxOffsetDeg === undefined ? {} : { maxOffsetDeg }),
      });
      const inEnergy = (low: number, high: number, offset: number) =>
        integrate(
          (x) => Math.exp(x) * bkg.ratePerSPerTeVPerDeg2(Math.exp(x) * (1 - 1e-15), offset),
          {
            low: Math.log(low * (1 + 1e-14)),
            high: Math.log(high),
            parts: 20,
          },
        );
      const edge = maxOffsetDeg ?? 5;
      const overField = (to: number) =>
        integrate((r) => 2 * Math.PI * r * Math.exp(-r * r / 2), { low: 0, high: to, parts: 20 });
      close(inEnergy(0.1, 50, 0) * overField(edge), 7, 1e-9);
      for (const u of [0.1, 0.5, 0.9]) {
        close(inEnergy(0.1, bkg.sampleEnergyTeV(u), 0) / inEnergy(0.1, 50, 0), u, 1e-9);
        close(overField(bkg.sampleOffsetDeg(u)) / overField(edge), u, 1e-9);
      }
      strictEqual(bkg.ratePerSPerTeVPerDeg2(1, edge * 1.01), 0);
      strictEqual(bkg.ratePerSPerTeVPerDeg2(0.09, 0), 0);
    }
  }
  throws(
    () => radialBackground({ totalPerS: 1, index: 2, rangeTeV: [2, 1], sigmaDeg: 1 }),
    RangeError,
  );
});

Deno.test("photonRatePerS() is ∫ dN/dE A dE", () => {
  const aeff = effectiveArea({ areaCm2: 1e9, slope: 0.5, thresholdTeV: 0, offsetSigmaDeg: 2 });
  const rate = photonRatePerS({ aeff }, {
    dnde: (e) => 1e-9 * e ** -2,
    offsetDeg: 2,
    rangeTeV: [0.1, 10],
  });
  const wanted = Math.exp(-0.5) * (0.1 ** -1.5 - 10 ** -1.5) / 1.5;
  close(rate, wanted, 1e-11);
  throws(
    () => effectiveArea({ areaCm2: 0, slope: 0, thresholdTeV: 0, offsetSigmaDeg: 1 }),
    RangeError,
  );
});
