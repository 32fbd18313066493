/* Spectra at many energies, in bins, and with derivatives. */
import {
  binnedSpectrum,
  compoundSpectrum,
  createSpectralModel,
  dndeInto,
  eblNorm,
  powerLaw,
  type SpectralModel,
  spectralModels,
} from "../../src/models/mod.ts";

const make = (kind: string) => createSpectralModel(spectralModels.lookup("spectral", kind));
const energies = Float64Array.from(
  { length: 60 },
  (_, i) => 0.05 * Math.exp(i * Math.log(4000) / 59),
);
const ebl = eblNorm({
  redshifts: Float64Array.from({ length: 50 }, (_, i) => 0.02 * (i + 1)),
  energiesTeV: energies,
  transmission: Float64Array.from(
    { length: 3000 },
    (_, k) => Math.exp(-0.02 * Math.floor(k / 60) * energies[k % 60]!),
  ),
}, { redshift: 0.2 });
const MODELS: Readonly<Record<string, SpectralModel>> = {
  pl: make("pl"),
  ecpl: make("ecpl"),
  lp: make("lp"),
  "secpl-4fgl-dr3": make("secpl-4fgl-dr3"),
  "pl x ebl": compoundSpectrum(powerLaw({ amplitude: 1e-12, index: 2 }), "mul", ebl),
};
const many = Float64Array.from({ length: 1000 }, (_, i) => 0.05 * Math.exp(i * 0.008));
const edges = Float64Array.from({ length: 61 }, (_, i) => 0.05 * Math.exp(i * Math.log(4000) / 60));

for (const [name, { rule, parameters }] of Object.entries(MODELS)) {
  const p = Float64Array.from(parameters, (one) => one.value), out = new Float64Array(1000);
  const binned = binnedSpectrum(rule, edges), flux = new Float64Array(60);
  const gradient = new Float64Array(60 * p.length);
  Deno.bench(`dndeInto: ${name}, 1000 energies`, { group: "dnde" }, () => {
    dndeInto(rule, many, p, out);
  });
  Deno.bench(`fluxInto: ${name}, 60 bins`, { group: "flux" }, () => {
    binned.fluxInto(p, flux);
  });
  Deno.bench(`gradientInto: ${name}, 60 bins`, { group: "gradient" }, () => {
    binned.gradientInto(p, gradient);
  });
}
