/*
 * A pulse profile as wrapped Gaussians: f(φ) = b + Σ a_k Σ_j N(φ; μ_k + j, σ_k), b + Σ a_k = 1, so that
 * its mean over a cycle is 1.
 */

/** One peak of a profile. */
export interface ProfileComponent {
  /** Its middle, cycles. */
  readonly phase: number;
  /** Its standard deviation σ, cycles. */
  readonly sigma: number;
  /** Its share of the counts, (0, 1]. */
  readonly amplitude: number;
}

/** A profile: peaks over a constant; shares add up to 1. */
export interface ProfileTemplate {
  /** The peaks. */
  readonly components: readonly ProfileComponent[];
  /** Share of the counts that is spread over all phases. */
  readonly background: number;
}

const FWHM_PER_SIGMA = 2 * Math.sqrt(2 * Math.LN2);

/**
 * Reads a template of Gaussians (PRESTO's pygaussfit, PINT): lines `const`, `phas1`, `fwhm1`, `ampl1`
 * …, each `= value`, an error behind it where there is one. Shares are brought to a sum of 1.
 *
 * @param text What is in the file.
 * @param file Its name, for messages.
 * @returns A frozen record.
 * @throws SyntaxError with file and line for what is no such line, or a peak without one of its three.
 * @example
 * ```ts
 * import { parseProfileTemplate } from "@gammarx/gammarx/timing";
 * import { deepStrictEqual } from "node:assert/strict";
 * const { background, components } = parseProfileTemplate(
 *   "const = 0.25\nphas1 = 0.5 +/- 0.1\nfwhm1 = 0.05\nampl1 = 0.75",
 * );
 * deepStrictEqual([background, components[0]?.phase], [0.25, 0.5]);
 * ```
 * @see PINT 1.1, templates/lctemplate
 */
export function parseProfileTemplate(text: string, file = "template"): ProfileTemplate {
  const values = new Map<string, number>();
  text.split(/\r\n|\n|\r/).forEach((line, i) => {
    if (/^\s*(#.*|-+\s*)?$/.test(line)) return;
    const match = /^\s*(const|phas\d+|fwhm\d+|ampl\d+)\s*=\s*(\S+)(\s+\+\/-\s+\S+)?\s*$/.exec(line);
    const value = Number(match?.[2]);
    const isWidth = match?.[1]?.startsWith("fwhm"), isPhase = match?.[1]?.startsWith("phas");
    if (
      match === null || !Number.isFinite(value) || (isWidth && !(value > 0)) ||
      (!isPhase && value < 0) || values.has(match[1]!)
    ) {
      throw new SyntaxError(
        `${file}:${
          i + 1
        }: found "${line.trim()}", expected const, phasN, fwhmN or amplN once each, ` +
          `"= value", widths above 0 and amplitudes not below`,
      );
    }
    values.set(match[1]!, value);
  });
  const numbers = new Set([...values.keys()].flatMap((key) => /\d+$/.exec(key) ?? []));
  const part = (stem: string, number: string): number => {
    const value = values.get(stem + number);
    if (value === undefined) throw new SyntaxError(`${file}: ${stem}${number} is missing`);
    return value;
  };
  const peaks = [...numbers].sort((a, b) => Number(a) - Number(b)).map((number) => ({
    phase: part("phas", number),
    sigma: part("fwhm", number) / FWHM_PER_SIGMA,
    amplitude: part("ampl", number),
  }));
  const constant = values.get("const") ?? 0;
  const sum = peaks.reduce((total, peak) => total + peak.amplitude, constant);
  if (!(sum > 0)) throw new SyntaxError(`${file}: expected a peak or a constant above 0`);
  return Object.freeze({
    components: Object.freeze(
      peaks.map((peak) => Object.freeze({ ...peak, amplitude: peak.amplitude / sum })),
    ),
    background: constant / sum,
  });
}

/**
 * Density of a profile at phases; its mean over a cycle is 1.
 *
 * @param template A profile.
 * @param phase Phases in cycles, any finite number.
 * @param out Where densities go, as many; a new array where left out.
 * @returns `out`; NaN where the phase is.
 * @throws TypeError where `out` is shorter.
 * @example
 * ```ts
 * import { parseProfileTemplate, profileDensity } from "@gammarx/gammarx/timing";
 * import { ok } from "node:assert/strict";
 * const template = parseProfileTemplate("phas1 = 0.5\nfwhm1 = 0.1\nampl1 = 1");
 * const [peak, half] = profileDensity(template, Float64Array.of(0.5, 1.55));
 * ok(Math.abs(half! / peak! - 0.5) < 1e-12);
 * ```
 * @see PINT 1.1, templates/lcprimitives (wrapped Gaussians)
 */
export function profileDensity(
  template: ProfileTemplate,
  phase: Float64Array,
  out: Float64Array = new Float64Array(phase.length),
): Float64Array {
  if (out.length < phase.length) {
    throw new TypeError(`profileDensity: out has ${out.length} elements, phase ${phase.length}`);
  }
  for (let i = 0; i < phase.length; i++) out[i] = template.background;
  for (const { phase: middle, sigma, amplitude } of template.components) {
    const scale = amplitude / (sigma * Math.sqrt(2 * Math.PI)), half = -0.5 / (sigma * sigma);
    const wraps = Math.ceil(8.5 * sigma); // what is farther is below 1e-15 of the peak
    for (let i = 0; i < phase.length; i++) {
      const from = phase[i]! - middle, d = from - Math.round(from);
      let sum = 0;
      for (let j = -wraps; j <= wraps; j++) sum += Math.exp(half * (d + j) * (d + j));
      out[i]! += scale * sum;
    }
  }
  return out;
}

/**
 * Logarithm of the likelihood of phases, ln L = Σ ln(w f(φ + shift) + 1 − w).
 *
 * @param template A profile.
 * @param phase Phases in cycles.
 * @param options `weights`: probability of each event to be of the pulsar, [0, 1], 1 where left out;
 *   `shift` of the phases, cycles, 0.
 * @returns ln L against a flat profile.
 * @throws TypeError where weights are fewer than phases.
 * @example
 * ```ts
 * import { parseProfileTemplate, profileLogLikelihood } from "@gammarx/gammarx/timing";
 * import { strictEqual } from "node:assert/strict";
 * const flat = parseProfileTemplate("const = 1");
 * strictEqual(profileLogLikelihood(flat, Float64Array.of(0.1, 0.7)), 0);
 * ```
 * @see Ray et al. 2011, ApJS 194, 17; Kerr 2011, ApJ 732, 38
 */
export function profileLogLikelihood(
  template: ProfileTemplate,
  phase: Float64Array,
  options: { readonly weights?: Float64Array | undefined; readonly shift?: number } = {},
): number {
  const { weights, shift = 0 } = options;
  if (weights !== undefined && weights.length < phase.length) {
    throw new TypeError(`${weights.length} weights for ${phase.length} phases`);
  }
  const density = profileDensity(template, shift === 0 ? phase : phase.map((p) => p + shift));
  let sum = 0;
  for (let i = 0; i < density.length; i++) {
    const w = weights === undefined ? 1 : weights[i]!;
    sum += Math.log(w * density[i]! + (1 - w));
  }
  return sum;
}
