/*
 * Power laws with a cutoff or a curvature.
 *
 * | symbol | meaning | unit |
 * | --- | --- | --- |
 * | A | amplitude: dN/dE at the reference | cm⁻² s⁻¹ TeV⁻¹ |
 * | x | E / E₀, E₀ the reference energy | 1 |
 * | Γ, Γ₁, Γ₂ | indices | 1 |
 * | λ, E_c | inverse of the cutoff energy, cutoff energy | TeV⁻¹, TeV |
 * | a, d | factors in the exponent | see the kind |
 */
import { AMPLITUDE, NORM, pure, REFERENCE } from "./_power_law_rules.ts";
import type { SpectralRule } from "./spectral_rule.ts";
import { unitFactor } from "../units/mod.ts";

const CUTOFF_ENERGY = { name: "ecut", unit: "TeV", value: 10 } as const;

/** A x^−Γ exp(−(λE)^α). */
export const CUTOFF_POWER_LAW: SpectralRule = {
  kind: "spectral",
  format: "ecpl",
  version: "",
  parameters: [
    pure("index", 1.5),
    AMPLITUDE,
    REFERENCE,
    { name: "lambda_", unit: "TeV-1", value: 0.1 },
    pure("alpha", 1, true),
  ],
  dnde(e, p) {
    const cutoff = p[4] === 1 ? p[3]! * e : Math.pow(p[3]! * e, p[4]!);
    return p[1]! * Math.pow(e / p[2]!, -p[0]!) * Math.exp(-cutoff);
  },
  gradient(e, p, out) {
    const x = e / p[2]!, y = p[3]! * e, cutoff = p[4] === 1 ? y : Math.pow(y, p[4]!);
    const shape = Math.pow(x, -p[0]!) * Math.exp(-cutoff), value = p[1]! * shape;
    out[0] = -value * Math.log(x);
    out[1] = shape;
    out[2] = value * p[0]! / p[2]!;
    out[3] = p[4] === 1 ? -value * e : y === 0 ? 0 : -value * p[4]! * cutoff / p[3]!;
    out[4] = y > 0 ? -value * cutoff * Math.log(y) : 0;
  },
};

/** norm x^−Γ exp(−(λE)^α). */
export const CUTOFF_NORM: SpectralRule = {
  ...CUTOFF_POWER_LAW,
  kind: "spectral-norm",
  format: "ecpl-norm",
  parameters: CUTOFF_POWER_LAW.parameters.map((one) => one === AMPLITUDE ? NORM : one),
};

/** A x^−Γ exp((E₀ − E)/E_c). */
export const CUTOFF_3FGL: SpectralRule = {
  kind: "spectral",
  format: "ecpl-3fgl",
  version: "",
  parameters: [pure("index", 1.5), AMPLITUDE, REFERENCE, CUTOFF_ENERGY],
  dnde: (e, p) => p[1]! * Math.pow(e / p[2]!, -p[0]!) * Math.exp((p[2]! - e) / p[3]!),
  gradient(e, p, out) {
    const x = e / p[2]!, shape = Math.pow(x, -p[0]!) * Math.exp((p[2]! - e) / p[3]!);
    const value = p[1]! * shape;
    out[0] = -value * Math.log(x);
    out[1] = shape;
    out[2] = value * (p[0]! / p[2]! + 1 / p[3]!);
    out[3] = value * (e - p[2]!) / (p[3]! * p[3]!);
  },
};

const INDEX_1 = pure("index_1", 1.5), INDEX_2 = pure("index_2", 2);

/** A x^−Γ₁ exp((E₀/E_c)^Γ₂ − (E/E_c)^Γ₂). */
export const SUPER_CUTOFF_3FGL: SpectralRule = {
  kind: "spectral",
  format: "secpl-3fgl",
  version: "",
  parameters: [AMPLITUDE, REFERENCE, CUTOFF_ENERGY, INDEX_1, INDEX_2],
  dnde: (e, p) =>
    p[0]! * Math.pow(e / p[1]!, -p[3]!) *
    Math.exp(Math.pow(p[1]! / p[2]!, p[4]!) - Math.pow(e / p[2]!, p[4]!)),
  gradient(e, p, out) {
    const x = e / p[1]!, u = p[1]! / p[2]!, v = e / p[2]!;
    const atReference = Math.pow(u, p[4]!), here = Math.pow(v, p[4]!);
    const shape = Math.pow(x, -p[3]!) * Math.exp(atReference - here), value = p[0]! * shape;
    out[0] = shape;
    out[1] = value * (p[3]! + p[4]! * atReference) / p[1]!;
    out[2] = value * p[4]! * (here - atReference) / p[2]!;
    out[3] = -value * Math.log(x);
    out[4] = value * (atReference * Math.log(u) - here * Math.log(v));
  },
};

/** A x^−Γ₁ exp(a (E₀^Γ₂ − E^Γ₂)), energies in the exponent in TeV. */
export const SUPER_CUTOFF_4FGL: SpectralRule = {
  kind: "spectral",
  format: "secpl-4fgl",
  version: "",
  parameters: [AMPLITUDE, REFERENCE, pure("expfactor", 0.01), INDEX_1, INDEX_2],
  dnde: (e, p) =>
    p[0]! * Math.pow(e / p[1]!, -p[3]!) *
    Math.exp(p[2]! * (Math.pow(p[1]!, p[4]!) - Math.pow(e, p[4]!))),
  gradient(e, p, out) {
    const x = e / p[1]!, atReference = Math.pow(p[1]!, p[4]!), here = Math.pow(e, p[4]!);
    const shape = Math.pow(x, -p[3]!) * Math.exp(p[2]! * (atReference - here));
    const value = p[0]! * shape;
    out[0] = shape;
    out[1] = value * (p[3]! + p[2]! * p[4]! * atReference) / p[1]!;
    out[2] = value * (atReference - here);
    out[3] = -value * Math.log(x);
    out[4] = value * p[2]! * (atReference * Math.log(p[1]!) - here * Math.log(e));
  },
};

/** (e^y − 1 − y)/y², also near 0. */
function secondOrder(y: number): number {
  if (Math.abs(y) > 0.5) return (Math.expm1(y) - y) / (y * y);
  let term = 0.5, sum = 0.5;
  for (let n = 1; n < 16; n++) {
    term *= y / (n + 2);
    sum += term;
  }
  return sum;
}

/** Derivative of {@link secondOrder}. */
function secondOrderSlope(y: number): number {
  if (Math.abs(y) > 0.5) return (Math.exp(y) * (y - 2) + y + 2) / (y * y * y);
  let factor = 1 / 6, sum = factor;
  for (let n = 2; n < 18; n++) {
    factor *= y / (n + 2);
    sum += n * factor;
  }
  return sum;
}

/** A x^−Γ₁ x^{d/b} exp(d/b² (1 − x^b)), b = Γ₂; d is the local curvature at E₀. */
export const SUPER_CUTOFF_4FGL_DR3: SpectralRule = {
  kind: "spectral",
  format: "secpl-4fgl-dr3",
  version: "",
  parameters: [AMPLITUDE, REFERENCE, pure("expfactor", 0.01), INDEX_1, INDEX_2],
  dnde(e, p) {
    const log = Math.log(e / p[1]!);
    return p[0]! * Math.exp(-p[3]! * log - p[2]! * log * log * secondOrder(p[4]! * log));
  },
  gradient(e, p, out) {
    const log = Math.log(e / p[1]!), y = p[4]! * log, bend = log * log * secondOrder(y);
    const shape = Math.exp(-p[3]! * log - p[2]! * bend), value = p[0]! * shape;
    const slope = Math.abs(y) < 1e-8 ? log * (1 + y / 2) : Math.expm1(y) / p[4]!;
    out[0] = shape;
    out[1] = value * (p[3]! + p[2]! * slope) / p[1]!;
    out[2] = -value * bend;
    out[3] = -value * log;
    out[4] = -value * p[2]! * log * log * log * secondOrderSlope(y);
  },
};

/** A x^{−α − β ln x}. */
export const LOG_PARABOLA: SpectralRule = {
  kind: "spectral",
  format: "lp",
  version: "",
  parameters: [AMPLITUDE, { ...REFERENCE, value: 10 }, pure("alpha", 2), pure("beta", 1)],
  dnde(e, p) {
    const x = Math.log(e / p[1]!);
    return p[0]! * Math.exp(-(p[2]! + p[3]! * x) * x);
  },
  gradient(e, p, out) {
    const x = Math.log(e / p[1]!),
      shape = Math.exp(-(p[2]! + p[3]! * x) * x),
      value = p[0]! * shape;
    out[0] = shape;
    out[1] = value * (p[2]! + 2 * p[3]! * x) / p[1]!;
    out[2] = -value * x;
    out[3] = -value * x * x;
  },
};

/** norm x^{−α − β ln x}. */
export const LOG_PARABOLA_NORM: SpectralRule = {
  ...LOG_PARABOLA,
  kind: "spectral-norm",
  format: "lp-norm",
  parameters: LOG_PARABOLA.parameters.map((one) => one === AMPLITUDE ? NORM : one),
};

/** A x^{−α − β ln(E/E_s)}: the scale of the curvature on its own. */
export const LOG_PARABOLA_2: SpectralRule = {
  kind: "spectral",
  format: "lp2",
  version: "",
  parameters: [
    AMPLITUDE,
    { ...REFERENCE, value: 10 },
    { name: "escale", unit: "TeV", value: 1, frozen: true },
    pure("alpha", 2),
    pure("beta", 1),
  ],
  dnde(e, p) {
    const exponent = p[3]! + p[4]! * Math.log(e / p[2]!);
    return p[0]! * Math.exp(-exponent * Math.log(e / p[1]!));
  },
  gradient(e, p, out) {
    const x = Math.log(e / p[1]!), z = Math.log(e / p[2]!), exponent = p[3]! + p[4]! * z;
    const shape = Math.exp(-exponent * x), value = p[0]! * shape;
    out[0] = shape;
    out[1] = value * exponent / p[1]!;
    out[2] = value * p[4]! * x / p[2]!;
    out[3] = -value * x;
    out[4] = -value * x * z;
  },
};

/** log₁₀ of E² dN/dE in erg cm⁻² s⁻¹ by powers of log₁₀(E/TeV), lowest first. */
const MEYER = [-10.2708, -0.53616, -0.179475, 0.0473174, 0, -0.00449161];
const TEV_PER_ERG = unitFactor("erg", "TeV");

function meyer(e: number): number {
  const x = Math.log10(e);
  let power = 0;
  for (let k = MEYER.length - 1; k >= 0; k--) power = power * x + MEYER[k]!;
  return Math.pow(10, power) * TEV_PER_ERG / (e * e);
}

/** The Crab Nebula by Meyer, Horns & Zechlin 2010, A&A 523, A2, appendix D. */
export const MEYER_CRAB: SpectralRule = {
  kind: "spectral",
  format: "meyer-crab",
  version: "",
  parameters: [{ ...NORM, frozen: true }],
  dnde: (e, p) => p[0]! * meyer(e),
  gradient: (e, _, out) => {
    out[0] = meyer(e);
  },
};
