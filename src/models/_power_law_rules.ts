/*
 * Power laws and their kin.
 *
 * | symbol | meaning | unit |
 * | --- | --- | --- |
 * | A | amplitude: dN/dE at the reference, or a flux | cm⁻² s⁻¹ TeV⁻¹, cm⁻² s⁻¹ |
 * | x | E / E₀, E₀ the reference energy | 1 |
 * | Γ | index | 1 |
 * | E_b | energy of a break | TeV |
 */
import { erf, erfc } from "../numeric/mod.ts";
import type { ParameterRule, SpectralRule } from "./spectral_rule.ts";

/** Unit of dN/dE. */
export const DNDE_UNIT = "cm-2 s-1 TeV-1";

export const AMPLITUDE: ParameterRule = { name: "amplitude", unit: DNDE_UNIT, value: 1e-12 };
export const REFERENCE: ParameterRule = { name: "reference", unit: "TeV", value: 1, frozen: true };
export const NORM: ParameterRule = { name: "norm", unit: "", value: 1 };

/** A parameter that is a pure number. */
export function pure(name: string, value: number, frozen = false): ParameterRule {
  return { name, unit: "", value, frozen };
}

/** ∫ from low to high of x^−g dx for x in units of its scale, also where g is close to 1. */
export function powerIntegral(low: number, high: number, g: number): number {
  const p = 1 - g, width = Math.log(high / low);
  return Math.pow(low, p) * (p === 0 ? width : Math.expm1(p * width) / p);
}

export const POWER_LAW: SpectralRule = {
  kind: "spectral",
  format: "pl",
  version: "",
  parameters: [pure("index", 2), AMPLITUDE, REFERENCE],
  dnde: (e, p) => p[1]! * Math.pow(e / p[2]!, -p[0]!),
  gradient(e, p, out) {
    const x = e / p[2]!, shape = Math.pow(x, -p[0]!);
    out[0] = -p[1]! * shape * Math.log(x);
    out[1] = shape;
    out[2] = p[1]! * shape * p[0]! / p[2]!;
  },
  flux: (low, high, p) => p[1]! * p[2]! * powerIntegral(low / p[2]!, high / p[2]!, p[0]!),
  eflux: (low, high, p) =>
    p[1]! * p[2]! * p[2]! * powerIntegral(low / p[2]!, high / p[2]!, p[0]! - 1),
};

export const POWER_LAW_NORM: SpectralRule = {
  kind: "spectral-norm",
  format: "pl-norm",
  version: "",
  parameters: [NORM, pure("tilt", 0, true), REFERENCE],
  dnde: (e, p) => p[0]! * Math.pow(e / p[2]!, -p[1]!),
  gradient(e, p, out) {
    const x = e / p[2]!, shape = Math.pow(x, -p[1]!);
    out[0] = shape;
    out[1] = -p[0]! * shape * Math.log(x);
    out[2] = p[0]! * shape * p[1]! / p[2]!;
  },
  flux: (low, high, p) => p[0]! * p[2]! * powerIntegral(low / p[2]!, high / p[2]!, p[1]!),
  eflux: (low, high, p) =>
    p[0]! * p[2]! * p[2]! * powerIntegral(low / p[2]!, high / p[2]!, p[1]! - 1),
};

/** ∫ t e^{yt} dt / ∫ e^{yt} dt over [0, 1]. */
function weightedMean(y: number): number {
  if (Math.abs(y) < 0.02) return 0.5 + y / 12 - y * y * y / 720;
  return 1 / -Math.expm1(-y) - 1 / y;
}

/** A is the flux between E₁ and E₂: A (1 − Γ) E^−Γ / (E₂^{1−Γ} − E₁^{1−Γ}). */
export const POWER_LAW_2: SpectralRule = {
  kind: "spectral",
  format: "pl-2",
  version: "",
  parameters: [
    { name: "amplitude", unit: "cm-2 s-1", value: 1e-12 },
    pure("index", 2),
    { name: "emin", unit: "TeV", value: 0.1, frozen: true },
    { name: "emax", unit: "TeV", value: 100, frozen: true },
  ],
  dnde: (e, p) =>
    p[0]! * Math.pow(e / p[2]!, -p[1]!) / (p[2]! * powerIntegral(1, p[3]! / p[2]!, p[1]!)),
  gradient(e, p, out) {
    const low = p[2]!, high = p[3]!, index = p[1]!, width = Math.log(high / low);
    const whole = powerIntegral(1, high / low, index) * low;
    const shape = Math.pow(e / low, -index) / whole, value = p[0]! * shape;
    out[0] = shape;
    out[1] = value * (width * weightedMean((1 - index) * width) - Math.log(e / low));
    out[2] = value / whole;
    out[3] = -value * Math.pow(high / low, -index) / whole;
  },
  flux: (low, high, p) =>
    p[0]! * powerIntegral(low / p[2]!, high / p[2]!, p[1]!) /
    powerIntegral(1, p[3]! / p[2]!, p[1]!),
  eflux: (low, high, p) =>
    p[0]! * p[2]! * powerIntegral(low / p[2]!, high / p[2]!, p[1]! - 1) /
    powerIntegral(1, p[3]! / p[2]!, p[1]!),
};

function brokenIntegral(low: number, high: number, p: ArrayLike<number>, moment: 0 | 1): number {
  const b = p[3]!, scale = p[2]! * Math.pow(b, moment + 1);
  const below = low < b ? powerIntegral(low / b, Math.min(high, b) / b, p[0]! - moment) : 0;
  const above = high > b ? powerIntegral(Math.max(low, b) / b, high / b, p[1]! - moment) : 0;
  return scale * (below + above);
}

/** A (E/E_b)^−Γ₁ below E_b, A (E/E_b)^−Γ₂ above. */
export const BROKEN_POWER_LAW: SpectralRule = {
  kind: "spectral",
  format: "bpl",
  version: "",
  parameters: [
    pure("index1", 2),
    pure("index2", 2),
    AMPLITUDE,
    { name: "ebreak", unit: "TeV", value: 1 },
  ],
  dnde: (e, p) => p[2]! * Math.pow(e / p[3]!, e < p[3]! ? -p[0]! : -p[1]!),
  gradient(e, p, out) {
    const x = e / p[3]!, isBelow = x < 1, index = isBelow ? p[0]! : p[1]!;
    const shape = Math.pow(x, -index), value = p[2]! * shape, slope = -value * Math.log(x);
    out[0] = isBelow ? slope : 0;
    out[1] = isBelow ? 0 : slope;
    out[2] = shape;
    out[3] = value * index / p[3]!;
  },
  flux: (low, high, p) => brokenIntegral(low, high, p, 0),
  eflux: (low, high, p) => brokenIntegral(low, high, p, 1),
  movingBreaks: (p) => [p[3]!],
};

/** A x^−Γ₁ (1 + (E/E_b)^{(Γ₂−Γ₁)/b})^−b, b = β sign(Γ₂ − Γ₁); A x^−Γ₁ for equal indices. */
export const SMOOTH_BROKEN_POWER_LAW: SpectralRule = {
  kind: "spectral",
  format: "sbpl",
  version: "",
  parameters: [
    pure("index1", 2),
    pure("index2", 2),
    AMPLITUDE,
    { name: "ebreak", unit: "TeV", value: 1 },
    REFERENCE,
    pure("beta", 1, true),
  ],
  dnde(e, p) {
    const change = p[1]! - p[0]!, b = change < 0 ? -p[5]! : p[5]!;
    const q = change / b * Math.log(e / p[3]!);
    const smooth = change === 0 ? 1 : Math.exp(-b * softplus(q));
    return p[2]! * Math.pow(e / p[4]!, -p[0]!) * smooth;
  },
  gradient(e, p, out) {
    const change = p[1]! - p[0]!, sign = change < 0 ? -1 : 1, b = sign * p[5]!;
    const log = Math.log(e / p[3]!), q = change / b * log, part = 1 / (1 + Math.exp(-q));
    const x = e / p[4]!, smooth = change === 0 ? 1 : Math.exp(-b * softplus(q));
    const shape = Math.pow(x, -p[0]!) * smooth, value = p[2]! * shape;
    out[0] = value * (part * log - Math.log(x));
    out[1] = -value * part * log;
    out[2] = shape;
    out[3] = value * part * change / p[3]!;
    out[4] = value * p[0]! / p[4]!;
    out[5] = change === 0 ? 0 : value * sign * (part * q - softplus(q));
  },
};

/** ln(1 + e^q). */
function softplus(q: number): number {
  return Math.max(q, 0) + Math.log1p(Math.exp(-Math.abs(q)));
}

const ROOT_2PI = Math.sqrt(2 * Math.PI);

/** Part of a Gaussian between two distances from its mean in units of σ. */
export function gaussPart(low: number, high: number): number {
  const a = low / Math.SQRT2, b = high / Math.SQRT2;
  if (a > 0) return (erfc(a) - erfc(b)) / 2;
  return b < 0 ? (erfc(-b) - erfc(-a)) / 2 : (erf(b) - erf(a)) / 2;
}

/** Density of a Gaussian. */
function gaussDensity(e: number, p: ArrayLike<number>): number {
  const z = (e - p[1]!) / p[2]!;
  return Math.exp(-0.5 * z * z) / (p[2]! * ROOT_2PI);
}

/** A/(σ√2π) exp(−(E − µ)²/2σ²); A is the flux of the whole. */
export const GAUSS: SpectralRule = {
  kind: "spectral",
  format: "gauss",
  version: "",
  parameters: [
    { name: "amplitude", unit: "cm-2 s-1", value: 1e-12 },
    { name: "mean", unit: "TeV", value: 1 },
    { name: "sigma", unit: "TeV", value: 2 },
  ],
  dnde: (e, p) => p[0]! * gaussDensity(e, p),
  gradient(e, p, out) {
    const shape = gaussDensity(e, p), z = (e - p[1]!) / p[2]!;
    out[0] = shape;
    out[1] = p[0]! * shape * z / p[2]!;
    out[2] = p[0]! * shape * (z * z - 1) / p[2]!;
  },
  flux: (low, high, p) => p[0]! * gaussPart((low - p[1]!) / p[2]!, (high - p[1]!) / p[2]!),
  eflux(low, high, p) {
    const part = gaussPart((low - p[1]!) / p[2]!, (high - p[1]!) / p[2]!);
    return p[0]! * (p[1]! * part + p[2]! * p[2]! * (gaussDensity(low, p) - gaussDensity(high, p)));
  },
  fluxGradient(low, high, p, out) {
    const a = (low - p[1]!) / p[2]!, b = (high - p[1]!) / p[2]!;
    const atLow = gaussDensity(low, p), atHigh = gaussDensity(high, p);
    out[0] = gaussPart(a, b);
    out[1] = p[0]! * (atLow - atHigh);
    out[2] = p[0]! * (a * atLow - b * atHigh);
  },
};

function constantRule(kind: SpectralRule["kind"], unit: string, value: number): SpectralRule {
  return {
    kind,
    format: "const",
    version: "",
    parameters: [{ name: "const", unit, value }],
    dnde: (_, p) => p[0]!,
    gradient: (_, __, out) => {
      out[0] = 1;
    },
    flux: (low, high, p) => p[0]! * (high - low),
    eflux: (low, high, p) => p[0]! * (high - low) * (high + low) / 2,
  };
}

/** The same everywhere. */
export const CONSTANT: SpectralRule = constantRule("spectral", DNDE_UNIT, 1e-12);

/** A factor that is the same everywhere. */
export const CONSTANT_NORM: SpectralRule = constantRule("spectral-norm", "", 1);
