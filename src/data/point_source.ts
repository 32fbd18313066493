import type { Pointing } from "../events/mod.ts";
import { type EnergyDispersion, type IrfSet, photonRatePerS } from "../irf/mod.ts";
import type { SpectralModel } from "../models/mod.ts";
import { integrate, quadrature } from "../numeric/mod.ts";
import { offsetBy, separationDeg } from "../sky/mod.ts";

/** A point source over a known background, seen in a circle and a range of energies. */
export interface PointSourceOptions {
  /** Right ascension ICRS of the source, deg. */
  readonly raDeg: number;
  /** Declination ICRS of the source, deg. */
  readonly decDeg: number;
  /** Shape and amplitude of its spectrum: amplitude 1 of the fit. */
  readonly spectrum: SpectralModel;
  /** Responses of the events. */
  readonly irfs: IrfSet;
  /** Radius about the source within which events are used, deg. */
  readonly radiusDeg: number;
  /** Reconstructed energies within which events are used, TeV. */
  readonly rangeTeV: readonly [number, number];
  /** True energies over which is integrated, TeV. */
  readonly trueRangeTeV: readonly [number, number];
}

/** What is expected of a point source and the background at one pointing. */
export interface PointSourceView {
  /** Signal events a second of live time in the circle and energies. */
  readonly signalPerS: number;
  /** Background events a second of live time in the circle and energies. */
  readonly backgroundPerS: number;
  /** Density of the signal over that of the background at an event. */
  readonly ratio: (energyTeV: number, raDeg: number, decDeg: number) => number;
}

/** Nodes of the table of the signal's density: energies and separations. */
const N_ENERGIES = 120, N_RADII = 80;

/**
 * What a point source looks like from a pointing: expected rates, and the ratio of densities for an
 * unbinned likelihood. The signal's density ∫ dN/dE A P(E'|E) P(r|E) dE is tabulated over E' and r
 * (bilinear in ln E' and r, of its logarithm); the background's is taken where the event is.
 *
 * @param options Source, spectrum, responses, circle, energies.
 * @param pointing Where the telescopes look.
 * @returns A frozen record; `ratio` is NaN for an event outside the circle or the energies.
 * @throws RangeError for a radius or energies that are not positive and ascending, and, when a ratio
 *   is asked for, for an energy dispersion without width.
 * @example
 * ```ts
 * import { pointSourceView } from "@gammarx/gammarx/data";
 * import { effectiveArea, gaussPsf, logNormalDispersion, radialBackground } from "@gammarx/gammarx/irf";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const irfs = {
 *   aeff: effectiveArea({ areaCm2: 1e9, slope: 0, thresholdTeV: 0, offsetSigmaDeg: 2 }),
 *   psf: gaussPsf({ sigmaDeg: 0.1 }),
 *   edisp: logNormalDispersion({ bias: 0, resolution: 0.1 }),
 *   bkg: radialBackground({ totalPerS: 1, index: 2.5, rangeTeV: [0.1, 100], sigmaDeg: 1 }),
 * };
 * const view = pointSourceView({
 *   raDeg: 10, decDeg: 20, spectrum: powerLaw({ amplitude: 1e-11, index: 2.5 }), irfs,
 *   radiusDeg: 0.5, rangeTeV: [0.5, 50], trueRangeTeV: [0.1, 100],
 * }, { raDeg: 10, decDeg: 20.5 });
 * ok(view.ratio(1, 10, 20) > view.ratio(1, 10.2, 20));
 * ```
 */
export function pointSourceView(options: PointSourceOptions, pointing: Pointing): PointSourceView {
  const { raDeg, decDeg, spectrum, irfs, radiusDeg, rangeTeV: [low, high] } = options;
  if (!(radiusDeg > 0 && low > 0 && high > low)) {
    throw new RangeError(
      `A point source is seen in a circle above 0 deg and ascending energies, found ${radiusDeg} deg, ` +
        `${low} to ${high} TeV`,
    );
  }
  const source = { lonDeg: raDeg, latDeg: decDeg };
  const center = { lonDeg: pointing.raDeg, latDeg: pointing.decDeg };
  const offsetDeg = separationDeg(source, center), { edisp, psf, bkg } = irfs;
  const signalPerS = photonRatePerS(irfs, {
    dnde: (e) =>
      spectrum.dnde(e) * (edisp.above(low, e) - edisp.above(high, e)) *
      psf.containment(radiusDeg, e),
    offsetDeg,
    rangeTeV: options.trueRangeTeV,
  });
  let density: ReturnType<typeof signalDensity> | undefined; // made when it is asked for
  return Object.freeze({
    signalPerS,
    backgroundPerS: backgroundIn(options, pointing),
    ratio(energyTeV: number, eventRaDeg: number, eventDecDeg: number): number {
      const event = { lonDeg: eventRaDeg, latDeg: eventDecDeg };
      const apartDeg = separationDeg(event, source);
      // A selection by the same circle may round the other way.
      const isInside = apartDeg <= radiusDeg * (1 + 1e-9) && energyTeV >= low && energyTeV <= high;
      if (!isInside) return NaN;
      const background = bkg.ratePerSPerTeVPerDeg2(energyTeV, separationDeg(event, center));
      density ??= signalDensity(options, offsetDeg);
      return density(energyTeV, apartDeg) / background;
    },
  });
}

/** Half of the span in ln E' that about two thirds of the events at a true energy are in. */
function dispersionWidth({ above }: EnergyDispersion, energyTeV: number): number {
  const quantile = (wanted: number): number => {
    let [from, to] = [-20, 20];
    for (let step = 0; step < 50; step++) {
      const middle = (from + to) / 2;
      if (above(energyTeV * Math.exp(middle), energyTeV) > wanted) from = middle;
      else to = middle;
    }
    return from;
  };
  const width = (quantile(0.16) - quantile(0.84)) / 2;
  if (width > 1e-4) return width;
  throw new RangeError(
    `A density in energy needs a dispersion, found one of width ${width} at ${energyTeV} TeV`,
  );
}

/** Background events a second in the circle and energies. */
function backgroundIn(options: PointSourceOptions, pointing: Pointing): number {
  const { raDeg, decDeg, irfs: { bkg }, radiusDeg, rangeTeV: [low, high] } = options;
  const source = { lonDeg: raDeg, latDeg: decDeg };
  const center = { lonDeg: pointing.raDeg, latDeg: pointing.decDeg };
  const [from, to] = [Math.max(low, bkg.rangeTeV[0]), Math.min(high, bkg.rangeTeV[1])];
  if (!(from < to)) return 0;
  const parts = Math.max(2, Math.ceil(4 * Math.log10(to / from)));
  // The spectrum is the same everywhere: one integral over energy, on axis.
  const onAxis = integrate((logE) => {
    const e = Math.exp(logE);
    return e * bkg.ratePerSPerTeVPerDeg2(e, 0);
  }, { low: Math.log(from), high: Math.log(to), parts });
  const middle = Math.sqrt(from * to), norm = bkg.ratePerSPerTeVPerDeg2(middle, 0);
  const nAngles = 64;
  const mean = integrate((r) => {
    let sum = 0;
    for (let i = 0; i < nAngles; i++) {
      const at = offsetBy(source, { separationDeg: r, positionAngleDeg: (360 * i) / nAngles });
      sum += bkg.ratePerSPerTeVPerDeg2(middle, separationDeg(at, center)) / norm;
    }
    return 2 * Math.PI * r * sum / nAngles;
  }, { low: 0, high: radiusDeg, parts: 4 });
  return onAxis * mean;
}

/** The signal's density against E' and r, s⁻¹ TeV⁻¹ deg⁻², from a table of its logarithm. */
function signalDensity(
  { spectrum, irfs: { aeff, edisp, psf }, radiusDeg, rangeTeV, trueRangeTeV }: PointSourceOptions,
  offsetDeg: number,
): (energyTeV: number, rDeg: number) => number {
  const logLow = Math.log(rangeTeV[0]),
    logStep = Math.log(rangeTeV[1] / rangeTeV[0]) / (N_ENERGIES - 1);
  const rStep = radiusDeg / (N_RADII - 1);
  const [trueLow, trueHigh] = [Math.log(trueRangeTeV[0]), Math.log(trueRangeTeV[1])];
  // 16 nodes over three widths of the dispersion, or a quarter of an e-fold.
  const width = Math.min(0.25, 3 * dispersionWidth(edisp, Math.sqrt(rangeTeV[0] * rangeTeV[1])));
  const parts = Math.max(8, Math.ceil((trueHigh - trueLow) / width));
  const { nodes, weights } = quadrature({ low: trueLow, high: trueHigh, parts });
  // The integrand is a product: a factor of E and E', and one of E and r.
  const spread = new Float64Array(nodes.length * N_RADII), photons = new Float64Array(nodes.length);
  nodes.forEach((logE, n) => {
    const e = Math.exp(logE);
    photons[n] = weights[n]! * spectrum.dnde(e) * aeff.areaCm2(e, offsetDeg);
    for (let j = 0; j < N_RADII; j++) spread[n * N_RADII + j] = psf.densityPerDeg2(j * rStep, e);
  });
  const table = new Float64Array(N_ENERGIES * N_RADII);
  for (let i = 0; i < N_ENERGIES; i++) {
    const energy = Math.exp(logLow + i * logStep),
      row = table.subarray(i * N_RADII, (i + 1) * N_RADII);
    nodes.forEach((logE, n) => {
      const e = Math.exp(logE);
      // P(E'|E) dE' = P(migra) dE' / E, and dE = E d ln E.
      const factor = photons[n]! * edisp.migraDensity(energy / e, e);
      for (let j = 0; j < N_RADII; j++) row[j] = row[j]! + factor * spread[n * N_RADII + j]!;
    });
    for (let j = 0; j < N_RADII; j++) row[j] = Math.log(Math.max(row[j]!, 1e-300));
  }
  return (energyTeV, rDeg) => {
    const x = Math.min(
      N_ENERGIES - 1.000001,
      Math.max(0, (Math.log(energyTeV) - logLow) / logStep),
    );
    const y = Math.min(N_RADII - 1.000001, Math.max(0, rDeg / rStep));
    const i = x | 0, j = y | 0, u = x - i, v = y - j, at = i * N_RADII + j;
    return Math.exp(
      (1 - u) * ((1 - v) * table[at]! + v * table[at + 1]!) +
        u * ((1 - v) * table[at + N_RADII]! + v * table[at + N_RADII + 1]!),
    );
  };
}
