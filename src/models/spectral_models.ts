import { createRegistry, type Registry } from "../registry/mod.ts";
import {
  CUTOFF_3FGL,
  CUTOFF_NORM,
  CUTOFF_POWER_LAW,
  LOG_PARABOLA,
  LOG_PARABOLA_2,
  LOG_PARABOLA_NORM,
  MEYER_CRAB,
  SUPER_CUTOFF_3FGL,
  SUPER_CUTOFF_4FGL,
  SUPER_CUTOFF_4FGL_DR3,
} from "./_curved_rules.ts";
import {
  BROKEN_POWER_LAW,
  CONSTANT,
  CONSTANT_NORM,
  GAUSS,
  POWER_LAW,
  POWER_LAW_2,
  POWER_LAW_NORM,
  SMOOTH_BROKEN_POWER_LAW,
} from "./_power_law_rules.ts";
import type { SpectralRule } from "./spectral_rule.ts";

/**
 * Kinds of spectra that need nothing but parameters, by name: ("spectral", "pl" | "ecpl" | "lp" | …) and
 * ("spectral-norm", "pl-norm" | …). Kinds that are made of tables have functions of their own.
 */
export const spectralModels: Registry<SpectralRule> = createRegistry<SpectralRule>(
  "spectral model",
);

const RULES = [
  POWER_LAW,
  CUTOFF_POWER_LAW,
  LOG_PARABOLA,
  POWER_LAW_2,
  CUTOFF_3FGL,
  SUPER_CUTOFF_3FGL,
  SUPER_CUTOFF_4FGL,
  SUPER_CUTOFF_4FGL_DR3,
  LOG_PARABOLA_2,
  BROKEN_POWER_LAW,
  SMOOTH_BROKEN_POWER_LAW,
  GAUSS,
  CONSTANT,
  MEYER_CRAB,
  CONSTANT_NORM,
  POWER_LAW_NORM,
  CUTOFF_NORM,
  LOG_PARABOLA_NORM,
];
for (const rule of RULES) spectralModels.register(rule);
