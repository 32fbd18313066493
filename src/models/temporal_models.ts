/*
 * | symbol | meaning | unit |
 * | --- | --- | --- |
 * | t, t_ref | time, time of reference: MJD in TT | d |
 * | x | t − t_ref | d |
 * | φ, ν | phase, frequency at a time | cycles, s⁻¹ |
 */
import { gammaP, gammaQ, lgamma } from "../numeric/mod.ts";
import { createRegistry, type Registry } from "../registry/mod.ts";
import { gaussPart, pure } from "./_power_law_rules.ts";
import type { ParameterRule } from "./spectral_rule.ts";
import type { TemporalRule } from "./temporal_rule.ts";

const T_REF: ParameterRule = { name: "t_ref", unit: "d", value: 51544 };
const FROZEN_REF: ParameterRule = { ...T_REF, frozen: true };
const days = (name: string, frozen = false): ParameterRule => ({
  name,
  unit: "d",
  value: 1,
  frozen,
});

/** 1. */
const CONSTANT: TemporalRule = {
  kind: "temporal",
  format: "const",
  version: "",
  parameters: [],
  value: () => 1,
  gradient: () => {},
  integral: (low, high) => high - low,
  most: () => 1,
};

/** α + β x. */
const LINEAR: TemporalRule = {
  kind: "temporal",
  format: "linear",
  version: "",
  parameters: [pure("alpha", 1), { name: "beta", unit: "d-1", value: 0 }, FROZEN_REF],
  value: (t, p) => p[0]! + p[1]! * (t - p[2]!),
  gradient(t, p, out) {
    out[0] = 1;
    out[1] = t - p[2]!;
    out[2] = -p[1]!;
  },
  integral: (low, high, p) => (high - low) * (p[0]! + p[1]! * ((low + high) / 2 - p[2]!)),
  most: (low, high, p) => p[0]! + Math.max(p[1]! * (low - p[2]!), p[1]! * (high - p[2]!)),
};

/** exp(−x / t₀). */
const EXP_DECAY: TemporalRule = {
  kind: "temporal",
  format: "exp-decay",
  version: "",
  parameters: [days("t0"), FROZEN_REF],
  value: (t, p) => Math.exp((p[1]! - t) / p[0]!),
  gradient(t, p, out) {
    const value = Math.exp((p[1]! - t) / p[0]!);
    out[0] = value * (t - p[1]!) / (p[0]! * p[0]!);
    out[1] = value / p[0]!;
  },
  integral: (low, high, p) =>
    -p[0]! * Math.exp((p[1]! - low) / p[0]!) * Math.expm1((low - high) / p[0]!),
  most: (low, high, p) => Math.exp(Math.max((p[1]! - low) / p[0]!, (p[1]! - high) / p[0]!)),
};

const nearest = (low: number, high: number, t: number) => Math.min(Math.max(low, t), high);

/** exp(−x² / 2σ²). */
const GAUSS: TemporalRule = {
  kind: "temporal",
  format: "gauss",
  version: "",
  parameters: [T_REF, days("sigma")],
  value: (t, p) => Math.exp(-0.5 * ((t - p[0]!) / p[1]!) ** 2),
  gradient(t, p, out) {
    const z = (t - p[0]!) / p[1]!, value = Math.exp(-0.5 * z * z);
    out[0] = value * z / p[1]!;
    out[1] = value * z * z / p[1]!;
  },
  integral: (low, high, p) =>
    p[1]! * Math.sqrt(2 * Math.PI) * gaussPart((low - p[0]!) / p[1]!, (high - p[0]!) / p[1]!),
  most: (low, high, p) => GAUSS.value(nearest(low, high, p[0]!), p),
};

/** ∫ exp(−½ (u/s)^{1/η}) du from a to b, 0 ≤ a ≤ b: s 2^η η Γ(η) times a difference of P(η, ½ (x/s)^{1/η}). */
function sidePart(a: number, b: number, scale: number, eta: number): number {
  const whole = scale * Math.pow(2, eta) * eta * Math.exp(lgamma(eta));
  const at = (x: number) => 0.5 * Math.pow(x / scale, 1 / eta);
  // Far from the top the complement keeps what the difference would lose.
  const part = at(a) > 0.5
    ? gammaQ(eta, at(a)) - gammaQ(eta, at(b))
    : gammaP(eta, at(b)) - gammaP(eta, at(a));
  return whole * part;
}

/** exp(−½ (|x|/t_s)^{1/η}), t_s = t_rise before t_ref and t_decay after it. */
const GENERAL_GAUSS: TemporalRule = {
  kind: "temporal",
  format: "gengauss",
  version: "",
  parameters: [T_REF, days("t_rise"), days("t_decay"), pure("eta", 0.5)],
  value: (t, p) => {
    const x = t - p[0]!;
    return Math.exp(-0.5 * Math.pow(Math.abs(x) / (x < 0 ? p[1]! : p[2]!), 1 / p[3]!));
  },
  gradient(t, p, out) {
    const x = t - p[0]!, scale = x < 0 ? p[1]! : p[2]!, u = Math.abs(x) / scale;
    const power = Math.pow(u, 1 / p[3]!), value = Math.exp(-0.5 * power);
    out.fill(0, 0, 4);
    if (u === 0) return;
    out[0] = value * 0.5 * power / (p[3]! * x);
    out[x < 0 ? 1 : 2] = value * 0.5 * power / (p[3]! * scale);
    out[3] = value * 0.5 * power * Math.log(u) / (p[3]! * p[3]!);
  },
  integral(low, high, p) {
    const a = low - p[0]!, b = high - p[0]!;
    const before = a < 0 ? sidePart(Math.max(0, -b), -a, p[1]!, p[3]!) : 0;
    return before + (b > 0 ? sidePart(Math.max(0, a), b, p[2]!, p[3]!) : 0);
  },
  most: (low, high, p) => GENERAL_GAUSS.value(nearest(low, high, p[0]!), p),
};

/** (x / t₀)^α; no number before t_ref unless α is an integer. */
const POWER_LAW: TemporalRule = {
  kind: "temporal",
  format: "powerlaw",
  version: "",
  parameters: [pure("alpha", 1), FROZEN_REF, days("t0", true)],
  value: (t, p) => Math.pow((t - p[1]!) / p[2]!, p[0]!),
  gradient(t, p, out) {
    const x = t - p[1]!, value = Math.pow(x / p[2]!, p[0]!);
    out[0] = value * Math.log(x / p[2]!);
    out[1] = -p[0]! * value / x;
    out[2] = -p[0]! * value / p[2]!;
  },
  integral(low, high, p) {
    const a = (low - p[1]!) / p[2]!, b = (high - p[1]!) / p[2]!, n = p[0]! + 1;
    if (Math.abs(n) > 1e-6 || !(a > 0)) return p[2]! * (Math.pow(b, n) - Math.pow(a, n)) / n;
    const width = Math.log(b / a);
    return p[2]! * Math.pow(a, n) * (n === 0 ? width : Math.expm1(n * width) / n);
  },
  most: (low, high, p) => Math.max(POWER_LAW.value(low, p), POWER_LAW.value(high, p)),
};

/** 1 + A sin(ω x). */
const SINE: TemporalRule = {
  kind: "temporal",
  format: "sinus",
  version: "",
  parameters: [pure("amp", 1), { name: "omega", unit: "rad d-1", value: 1 }, T_REF],
  value: (t, p) => 1 + p[0]! * Math.sin(p[1]! * (t - p[2]!)),
  gradient(t, p, out) {
    const x = t - p[2]!, slope = p[0]! * Math.cos(p[1]! * x);
    out[0] = Math.sin(p[1]! * x);
    out[1] = slope * x;
    out[2] = -slope * p[1]!;
  },
  integral(low, high, p) {
    const half = p[1]! * (high - low) / 2, middle = p[1]! * ((low + high) / 2 - p[2]!);
    const width = half === 0 ? 1 : Math.sin(half) / half;
    return (high - low) * (1 + p[0]! * Math.sin(middle) * width);
  },
  most: (_, __, p) => 1 + Math.abs(p[0]!),
};

/** Kinds of change in time that need nothing but parameters: ("temporal", "const" | "linear" | "gauss" | …). */
export const temporalModels: Registry<TemporalRule> = createRegistry<TemporalRule>(
  "temporal model",
);
const RULES = [CONSTANT, LINEAR, EXP_DECAY, GAUSS, GENERAL_GAUSS, POWER_LAW, SINE];
for (const rule of RULES) temporalModels.register(rule);
