/*
 * Likelihood of phases under a pulse profile at shifts s/n of phase, s = 0..n − 1:
 *   ln L_s = Σ ln(w f(φ + s/n) + 1 − w)
 * f is sampled on a table of equal steps, a multiple of n, and linear between them. Logarithms are taken of
 * products: a product that leaves [2⁻⁵⁰⁰, 2⁵⁰⁰] goes over into its logarithm, event after event.
 */

/** A sampled pulse profile. */
export interface PhaseTemplate {
  /** Density f at phases i/m, i = 0..m − 1, of mean 1 (per cycle). */
  readonly density: Float64Array;
  /** Number of shifts n; m is a multiple of it. */
  readonly nShifts: number;
}

/** Sums of ln L over shifts. */
export interface TemplateSums {
  /** Logarithms. */
  readonly logs: Float64Array;
  /** Products that are not in `logs` yet. */
  readonly products: Float64Array;
}

/**
 * Samples a pulse profile for likelihoods.
 *
 * @param density f(φ) for φ in [0, 1), at least 0, periodic; brought to a mean of 1 on the table.
 * @param options Number of shifts, 64; samples for each, 32.
 * @returns A template, owned by the caller.
 * @throws RangeError for numbers out of range, or a density below 0 or without an integral.
 * @example
 * ```ts
 * import { phaseTemplate } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const { density } = phaseTemplate((x) => 1 + Math.cos(2 * Math.PI * x));
 * ok(Math.abs(density[0]! - 2) < 1e-12);
 * ```
 */
export function phaseTemplate(
  density: (phase: number) => number,
  options: { readonly nShifts?: number; readonly samplesPerShift?: number } = {},
): PhaseTemplate {
  const { nShifts = 64, samplesPerShift = 32 } = options, m = nShifts * samplesPerShift;
  if (!(Number.isInteger(nShifts) && Number.isInteger(samplesPerShift) && m >= 2 && m <= 2 ** 22)) {
    throw new RangeError(
      `phaseTemplate: ${nShifts} shifts of ${samplesPerShift} samples: needs 2 to 2^22`,
    );
  }
  const table = Float64Array.from({ length: m }, (_, i) => density(i / m));
  const mean = table.reduce((sum, f) => sum + f / m, 0);
  if (!(mean > 0 && mean < Infinity && table.every((f) => f >= 0))) {
    throw new RangeError(
      `phaseTemplate: a density of mean ${mean}: needs values of at least 0, not all 0`,
    );
  }
  return { density: table.map((f) => f / mean), nShifts };
}

/**
 * Sums of no events.
 *
 * @param template The profile.
 * @returns Sums, owned by the caller.
 * @example
 * ```ts
 * import { createTemplateSums, phaseTemplate } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(createTemplateSums(phaseTemplate(() => 1)).logs.length, 64);
 * ```
 */
export function createTemplateSums(template: PhaseTemplate): TemplateSums {
  return {
    logs: new Float64Array(template.nShifts),
    products: new Float64Array(template.nShifts).fill(1),
  };
}

const LARGE = 2 ** 500, SMALL = 2 ** -500;

/**
 * Adds events to ln L at every shift.
 *
 * @param template The profile.
 * @param sums Where to add; changed.
 * @param events Phases in cycles, finite, and weights in [0, 1]; 1 without.
 * @throws TypeError for fewer weights than phases.
 * @example
 * ```ts
 * import { addTemplateEvents, createTemplateSums, phaseTemplate, templateLogL } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const template = phaseTemplate((x) => 1 + Math.cos(2 * Math.PI * x)), sums = createTemplateSums(template);
 * addTemplateEvents(template, sums, { phase: Float64Array.of(0.5, 0.5) });
 * ok(Math.abs(templateLogL(sums)[32]! - 2 * Math.LN2) < 1e-12);
 * ```
 * Source: Ray et al. 2011, ApJS 194, 17, eq. 2 (with weights).
 */
export function addTemplateEvents(
  template: PhaseTemplate,
  sums: TemplateSums,
  events: { readonly phase: Float64Array; readonly weights?: Float64Array | undefined },
): void {
  const { density, nShifts } = template, { logs, products } = sums, { phase, weights } = events;
  if (weights !== undefined && weights.length < phase.length) {
    throw new TypeError(`addTemplateEvents: ${weights.length} weights for ${phase.length} phases`);
  }
  const m = density.length, step = m / nShifts;
  for (let i = 0; i < phase.length; i++) {
    const x = phase[i]!, w = weights === undefined ? 1 : weights[i]!;
    const u = (x - Math.floor(x)) * m, cell = Math.min(u | 0, m - 1), f = u - cell;
    const a = w * (1 - f), b = w * f, rest = 1 - w;
    for (let s = 0, at = cell; s < nShifts; s++) {
      const next = at + 1 === m ? 0 : at + 1;
      const product = products[s]! * (a * density[at]! + b * density[next]! + rest);
      if (product < LARGE && product > SMALL) products[s] = product;
      else {
        logs[s] = logs[s]! + Math.log(product);
        products[s] = 1;
      }
      at += step;
      if (at >= m) at -= m;
    }
  }
}

/**
 * Adds the sums of other events.
 *
 * @param into Sums; changed.
 * @param from Others of the same template.
 * @example
 * ```ts
 * import { createTemplateSums, mergeTemplateSums, phaseTemplate, templateLogL } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * const sums = createTemplateSums(phaseTemplate(() => 1));
 * mergeTemplateSums(sums, sums);
 * strictEqual(templateLogL(sums)[0], 0);
 * ```
 */
export function mergeTemplateSums(into: TemplateSums, from: Readonly<TemplateSums>): void {
  for (let s = 0; s < into.logs.length; s++) {
    const product = into.products[s]! * from.products[s]!;
    into.logs[s] = into.logs[s]! + from.logs[s]!;
    if (product < LARGE && product > SMALL) into.products[s] = product;
    else {
      into.logs[s] = into.logs[s]! + Math.log(product);
      into.products[s] = 1;
    }
  }
}

/**
 * ln L at every shift.
 *
 * @param sums Sums.
 * @returns ln L of shifts s/n, owned by the caller; −Infinity where the profile excludes an event.
 * @example
 * ```ts
 * import { createTemplateSums, phaseTemplate, templateLogL } from "@gammarx/gammarx/stats";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(templateLogL(createTemplateSums(phaseTemplate(() => 1)))[3], 0);
 * ```
 */
export function templateLogL(sums: Readonly<TemplateSums>): Float64Array {
  return sums.logs.map((log, s) => log + Math.log(sums.products[s]!));
}
