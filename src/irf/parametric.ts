import { integrate, normalSf, type Rng } from "../numeric/mod.ts";

/*
 * Instrument responses by formulas, for simulations and tests.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | E | true energy, TeV |
 * | E' | reconstructed energy, TeV |
 * | θ | offset from the pointing, deg |
 * | r | separation from the true direction, deg |
 */

/** Effective area against true energy and offset. */
export interface EffectiveArea {
  /** Name of the family. */
  readonly kind: string;
  /** Area at true energy (TeV) and offset (deg), cm²; never greater than at offset 0. */
  readonly areaCm2: (energyTrueTeV: number, offsetDeg: number) => number;
}

/** An effective area that rises to a power law and falls off with the offset. */
export interface EffectiveAreaOptions {
  /** Area at high energies on axis at 1 TeV, cm². */
  readonly areaCm2: number;
  /** Slope at high energies: area ∝ E^−slope. */
  readonly slope: number;
  /** Energy of the threshold, TeV: area ∝ exp(−E_threshold / E). */
  readonly thresholdTeV: number;
  /** Width of the field of view: area ∝ exp(−θ²/2σ²), deg. */
  readonly offsetSigmaDeg: number;
}

/**
 * Effective area A E^−slope exp(−E_t/E) exp(−θ²/2σ²): the parametrisation used for H.E.S.S., with a
 * Gaussian field of view.
 *
 * @param options Area, slope, threshold, width.
 * @returns A frozen record.
 * @throws RangeError for an area or width that is not positive.
 * @example
 * ```ts
 * import { effectiveArea } from "@gammarx/gammarx/irf";
 * import { ok } from "node:assert/strict";
 * const aeff = effectiveArea({ areaCm2: 2e9, slope: 0.1, thresholdTeV: 0.5, offsetSigmaDeg: 2 });
 * ok(aeff.areaCm2(10, 0) > aeff.areaCm2(10, 1));
 * ```
 * @see Abramowski et al. 2010, MNRAS 402, 1342, appendix B
 */
export function effectiveArea(options: EffectiveAreaOptions): EffectiveArea {
  const { areaCm2, slope, thresholdTeV, offsetSigmaDeg } = options;
  if (!(areaCm2 > 0 && offsetSigmaDeg > 0 && thresholdTeV >= 0 && Number.isFinite(slope))) {
    throw new RangeError(
      `An effective area is above 0 cm2 with a field above 0 deg, found ${areaCm2}, ${offsetSigmaDeg}`,
    );
  }
  return Object.freeze({
    kind: "power-threshold",
    areaCm2: (e: number, offsetDeg: number) =>
      areaCm2 * Math.pow(e, -slope) * Math.exp(-thresholdTeV / e) *
      Math.exp(-0.5 * (offsetDeg / offsetSigmaDeg) ** 2),
  });
}

/** Point spread function, radially symmetric, normalised over the plane. */
export interface Psf {
  /** Name of the family: "gauss", "king". */
  readonly kind: string;
  /** Density at separation r (deg) and true energy (TeV), deg⁻². */
  readonly densityPerDeg2: (rDeg: number, energyTrueTeV: number) => number;
  /** Fraction of the photons within r (deg). */
  readonly containment: (rDeg: number, energyTrueTeV: number) => number;
  /** Separation within which a fraction of the photons is: draws one from a uniform number in [0, 1). */
  readonly radiusDeg: (uniform: number, energyTrueTeV: number) => number;
  /** Width parameter σ at a true energy, deg. */
  readonly sigmaDeg: (energyTrueTeV: number) => number;
}

/** How wide a point spread function is. */
export interface PsfWidth {
  /** σ at 1 TeV, deg. */
  readonly sigmaDeg: number;
  /** σ ∝ E^−slope, added in squares to the floor; 0. */
  readonly slope?: number;
  /** Least σ, deg; 0. */
  readonly floorDeg?: number;
}

function widthOf({ sigmaDeg, slope = 0, floorDeg = 0 }: PsfWidth): (e: number) => number {
  if (!(sigmaDeg > 0 && floorDeg >= 0)) {
    throw new RangeError(`A point spread function is wider than 0 deg, found ${sigmaDeg}`);
  }
  if (slope === 0 && floorDeg === 0) return () => sigmaDeg;
  return (e) => Math.hypot(sigmaDeg * Math.pow(e, -slope), floorDeg);
}

/**
 * Gaussian point spread function: density e^{−r²/2σ²} / 2πσ².
 *
 * @param width σ against energy.
 * @returns A frozen record.
 * @throws RangeError for a width that is not positive.
 * @example
 * ```ts
 * import { gaussPsf } from "@gammarx/gammarx/irf";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(gaussPsf({ sigmaDeg: 0.1 }).containment(0.1, 1) - 0.3935) < 1e-4);
 * ```
 */
export function gaussPsf(width: PsfWidth): Psf {
  const sigmaDeg = widthOf(width);
  return Object.freeze({
    kind: "gauss",
    sigmaDeg,
    densityPerDeg2: (r: number, e: number) => {
      const s2 = sigmaDeg(e) ** 2;
      return Math.exp(-0.5 * r * r / s2) / (2 * Math.PI * s2);
    },
    containment: (r: number, e: number) => -Math.expm1(-0.5 * (r / sigmaDeg(e)) ** 2),
    radiusDeg: (u: number, e: number) => sigmaDeg(e) * Math.sqrt(-2 * Math.log(1 - u)),
  });
}

/**
 * King point spread function: density (1 − 1/γ) (1 + r²/2γσ²)^−γ / 2πσ².
 *
 * @param width σ against energy, and `gamma` > 1.
 * @returns A frozen record.
 * @throws RangeError for a width that is not positive or γ that is not above 1.
 * @example
 * ```ts
 * import { kingPsf } from "@gammarx/gammarx/irf";
 * import { ok } from "node:assert/strict";
 * const psf = kingPsf({ sigmaDeg: 0.05, gamma: 2 });
 * ok(Math.abs(psf.containment(psf.radiusDeg(0.68, 1), 1) - 0.68) < 1e-12);
 * ```
 * @see GADF 0.3, section PSF King; Ackermann et al. 2013, ApJ 765, 54, eq. 1
 */
export function kingPsf(width: PsfWidth & { readonly gamma: number }): Psf {
  const sigmaDeg = widthOf(width), { gamma } = width;
  if (!(gamma > 1)) throw new RangeError(`A King function needs gamma above 1, found ${gamma}`);
  const scaled = (r: number, e: number) => 1 + (r / sigmaDeg(e)) ** 2 / (2 * gamma);
  return Object.freeze({
    kind: "king",
    sigmaDeg,
    densityPerDeg2: (r: number, e: number) =>
      (1 - 1 / gamma) * Math.pow(scaled(r, e), -gamma) / (2 * Math.PI * sigmaDeg(e) ** 2),
    containment: (r: number, e: number) => 1 - Math.pow(scaled(r, e), 1 - gamma),
    radiusDeg: (u: number, e: number) =>
      sigmaDeg(e) * Math.sqrt(2 * gamma * (Math.pow(1 - u, 1 / (1 - gamma)) - 1)),
  });
}

/** Energy dispersion: how E' scatters about E. */
export interface EnergyDispersion {
  /** Name of the family. */
  readonly kind: string;
  /** Density of E'/E at a true energy. */
  readonly migraDensity: (migra: number, energyTrueTeV: number) => number;
  /** Probability that E' is above a value. */
  readonly above: (energyTeV: number, energyTrueTeV: number) => number;
  /** A random E'. */
  readonly sample: (energyTrueTeV: number, rng: Rng) => number;
}

/**
 * Log-normal energy dispersion: ln(E'/E) is normal with mean `bias` and width `resolution`.
 *
 * @param options Bias and resolution in ln E; a resolution of 0 gives E' = E e^bias.
 * @returns A frozen record.
 * @throws RangeError for a negative resolution.
 * @example
 * ```ts
 * import { logNormalDispersion } from "@gammarx/gammarx/irf";
 * import { ok } from "node:assert/strict";
 * const edisp = logNormalDispersion({ bias: 0, resolution: 0.1 });
 * ok(Math.abs(edisp.above(1, 1) - 0.5) < 1e-12);
 * ```
 */
export function logNormalDispersion(
  options: { readonly bias: number; readonly resolution: number },
): EnergyDispersion {
  const { bias, resolution } = options;
  if (!(resolution >= 0) || !Number.isFinite(bias)) {
    throw new RangeError(`A resolution is 0 or more, found ${resolution}`);
  }
  return Object.freeze({
    kind: "log-normal",
    migraDensity: (migra: number) => {
      const z = (Math.log(migra) - bias) / resolution;
      return Math.exp(-0.5 * z * z) / (Math.sqrt(2 * Math.PI) * resolution * migra);
    },
    above: (e: number, eTrue: number) => {
      const x = Math.log(e / eTrue) - bias;
      return resolution === 0 ? +(x <= 0) : normalSf(x / resolution);
    },
    sample: (eTrue: number, rng: Rng) => eTrue * Math.exp(bias + resolution * rng.normal()),
  });
}

/** Background of the field of view, radially symmetric about the pointing. */
export interface RadialBackground {
  /** Name of the family. */
  readonly kind: string;
  /** Rate at E' (TeV) and offset (deg), s⁻¹ TeV⁻¹ deg⁻². */
  readonly ratePerSPerTeVPerDeg2: (energyTeV: number, offsetDeg: number) => number;
  /** Σ over the field and energies, s⁻¹. */
  readonly totalPerS: number;
  /** Energies from and to, TeV. */
  readonly rangeTeV: readonly [number, number];
  /** A random E'. */
  readonly sampleEnergyTeV: (uniform: number) => number;
  /** A random offset, deg. */
  readonly sampleOffsetDeg: (uniform: number) => number;
}

/** A background with a power-law spectrum and a Gaussian acceptance. */
export interface RadialBackgroundOptions {
  /** Events a second over the whole field and all energies. */
  readonly totalPerS: number;
  /** Index Γ of the spectrum in reconstructed energy. */
  readonly index: number;
  /** Least and greatest reconstructed energy, TeV. */
  readonly rangeTeV: readonly [number, number];
  /** Width σ of the acceptance, deg. */
  readonly sigmaDeg: number;
  /** Edge of the field, deg; 5σ. */
  readonly maxOffsetDeg?: number;
}

/**
 * Background ∝ E'^−Γ exp(−θ²/2σ²) within an edge.
 *
 * @param options Rate, index, energies, width.
 * @returns A frozen record.
 * @throws RangeError for a rate below 0, or energies or widths that are not positive and ascending.
 * @example
 * ```ts
 * import { radialBackground } from "@gammarx/gammarx/irf";
 * import { ok } from "node:assert/strict";
 * const bkg = radialBackground({ totalPerS: 10, index: 2.7, rangeTeV: [0.1, 100], sigmaDeg: 1 });
 * ok(bkg.sampleEnergyTeV(0.5) < 0.2);
 * ```
 */
export function radialBackground(options: RadialBackgroundOptions): RadialBackground {
  const { totalPerS, index, rangeTeV: [low, high], sigmaDeg } = options;
  const edge = options.maxOffsetDeg ?? 5 * sigmaDeg;
  if (!(totalPerS >= 0 && low > 0 && high > low && sigmaDeg > 0 && edge > 0)) {
    throw new RangeError(
      `A background has a rate of 0 or more, energies and widths above 0, found ${totalPerS}, ` +
        `${low} to ${high} TeV, ${sigmaDeg} deg`,
    );
  }
  const p = 1 - index, logRatio = Math.log(high / low);
  const energyNorm = Math.pow(low, p) * (p === 0 ? logRatio : Math.expm1(p * logRatio) / p);
  const inside = -Math.expm1(-0.5 * (edge / sigmaDeg) ** 2);
  const norm = totalPerS / energyNorm / (2 * Math.PI * sigmaDeg ** 2 * inside);
  return Object.freeze({
    kind: "radial",
    totalPerS,
    rangeTeV: [low, high] as const,
    ratePerSPerTeVPerDeg2: (e: number, offsetDeg: number) =>
      e < low || e >= high || offsetDeg > edge
        ? 0
        : norm * Math.pow(e, -index) * Math.exp(-0.5 * (offsetDeg / sigmaDeg) ** 2),
    sampleEnergyTeV: (u: number) =>
      p === 0
        ? low * Math.exp(u * logRatio)
        : low * Math.exp(Math.log1p(u * Math.expm1(p * logRatio)) / p),
    sampleOffsetDeg: (u: number) => sigmaDeg * Math.sqrt(-2 * Math.log1p(-u * inside)),
  });
}

/** The responses of one kind of events. */
export interface IrfSet {
  /** Effective area. */
  readonly aeff: EffectiveArea;
  /** Point spread function. */
  readonly psf: Psf;
  /** Energy dispersion. */
  readonly edisp: EnergyDispersion;
  /** Background. */
  readonly bkg: RadialBackground;
}

/**
 * Photons a second of live time that a spectrum gives at an offset: ∫ dN/dE A(E, θ) dE over the
 * true energies.
 *
 * @param irfs Responses of the events.
 * @param source `dnde` (cm⁻² s⁻¹ TeV⁻¹), `offsetDeg`, true energies from and to (TeV).
 * @returns Rate, s⁻¹.
 * @example
 * ```ts
 * import { effectiveArea, gaussPsf, logNormalDispersion, photonRatePerS, radialBackground } from "@gammarx/gammarx/irf";
 * import { ok } from "node:assert/strict";
 * const irfs = {
 *   aeff: effectiveArea({ areaCm2: 1e9, slope: 0, thresholdTeV: 0, offsetSigmaDeg: 2 }),
 *   psf: gaussPsf({ sigmaDeg: 0.1 }),
 *   edisp: logNormalDispersion({ bias: 0, resolution: 0.1 }),
 *   bkg: radialBackground({ totalPerS: 1, index: 2, rangeTeV: [0.1, 100], sigmaDeg: 1 }),
 * };
 * const rate = photonRatePerS(irfs, { dnde: (e) => 1e-9 * e ** -2, offsetDeg: 0, rangeTeV: [1, 10] });
 * ok(Math.abs(rate - 0.9) < 1e-9);
 * ```
 */
export function photonRatePerS(
  irfs: Pick<IrfSet, "aeff">,
  source: {
    readonly dnde: (energyTeV: number) => number;
    readonly offsetDeg: number;
    readonly rangeTeV: readonly [number, number];
  },
): number {
  const { dnde, offsetDeg, rangeTeV: [low, high] } = source;
  const parts = Math.max(4, Math.ceil(8 * Math.log10(high / low)));
  return integrate((logE) => {
    const e = Math.exp(logE);
    return e * dnde(e) * irfs.aeff.areaCm2(e, offsetDeg);
  }, { low: Math.log(low), high: Math.log(high), parts });
}
