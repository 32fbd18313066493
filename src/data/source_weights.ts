import { backgroundTo2d, evaluateIrf, type Irf, type IrfTables, psfDensity } from "../irf/mod.ts";
import type { SpectralModel } from "../models/mod.ts";
import { separationDegInto, type SkyColumns, type SkyPosition } from "../sky/mod.ts";
import { unitFactor } from "../units/mod.ts";

/** A source whose photons are to be told from the background. */
export interface SourceWeightsOptions {
  /** The source, ICRS. */
  readonly source: SkyPosition;
  /** Its spectrum. */
  readonly spectrum: SpectralModel;
  /** Effective area, point spread function and background of the events. */
  readonly irfs: Pick<IrfTables, "aeff" | "psf" | "bkg">;
}

/** What of events their weights depend on. */
export interface WeighedEvents extends SkyColumns {
  /** Energies, TeV. */
  readonly energyTeV: Float64Array;
}

/**
 * For each event the probability that it comes from a source and not from the background:
 * w = s/(s + b), s = dN/dE(E) A(E, θ) ψ(r; E, θ), b the background rate where the event is. The energy
 * dispersion is left out: weights are taken at the reconstructed energy. Works for every instrument that has
 * these responses.
 *
 * @param events Positions ICRS and energies, of one length.
 * @param pointing Pointing of the events, ICRS.
 * @param options Source and responses.
 * @returns A new array of numbers in [0, 1]: 0 where no photon of the source is expected; NaN for a position or
 *   an energy that is.
 * @throws TypeError for a response that is missing.
 * @example
 * ```ts
 * import { sourceWeights } from "@gammarx/gammarx/data";
 * import { createIrf, createParametricPsf } from "@gammarx/gammarx/irf";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 0.1, high: 10, nBins: 1, name: "energy_true" });
 * const energy = energyAxis({ low: 0.1, high: 10, nBins: 1 });
 * const offset = createMapAxis("offset", [0, 3], { unit: "deg" });
 * const irfs = {
 *   aeff: createIrf("aeff", [energyTrue, offset], { data: Float64Array.of(1e5), unit: "m2" }),
 *   psf: createParametricPsf("psf-gauss", [energyTrue, offset], { parameters: { sigma: [0.1] } }),
 *   bkg: createIrf("bkg", [energy, offset], { data: Float64Array.of(1), unit: "s-1 TeV-1 sr-1" }),
 * };
 * const [near, far] = sourceWeights(
 *   { lonDeg: Float64Array.of(0, 0.5), latDeg: new Float64Array(2), energyTeV: Float64Array.of(1, 1) },
 *   { lonDeg: 0, latDeg: 0.5 },
 *   { source: { lonDeg: 0, latDeg: 0 }, spectrum: powerLaw({ amplitude: 1e-11, index: 2 }), irfs },
 * );
 * ok(near! > 0.9 && far! < 0.01);
 * ```
 * Source: Kerr 2011, ApJ 732, 38, section 2, whose weights are those of the Fermi-LAT alone.
 */
export function sourceWeights(
  events: WeighedEvents,
  pointing: SkyPosition,
  options: SourceWeightsOptions,
): Float64Array {
  const { source, spectrum, irfs: { aeff, psf, bkg } } = options, { energyTeV } = events;
  if (aeff === undefined || psf === undefined || bkg === undefined) {
    const missing = [["aeff", aeff], ["psf", psf], ["bkg", bkg]].filter(([, one]) => !one);
    throw new TypeError(
      `Weights of events need aeff, psf and bkg; missing: ${missing.map(([name]) => name)}`,
    );
  }
  const n = energyTeV.length, fill = (x: number) => new Float64Array(n).fill(x);
  const apart = (from: SkyPosition) =>
    separationDegInto(events, { from, out: new Float64Array(n) });
  const fromSource = {
    lonDeg: Float64Array.of(source.lonDeg),
    latDeg: Float64Array.of(source.latDeg),
  };
  const offset = separationDegInto(fromSource, { from: pointing, out: new Float64Array(1) })[0]!;
  const area = evaluateIrf(aeff, { energy_true: energyTeV, offset: fill(offset) });
  const spread = psfDensity(psf, {
    energy_true: energyTeV,
    offset: fill(offset),
    rad: apart(source),
  });
  const flat = backgroundByOffset(bkg);
  const background = evaluateIrf(flat, { energy: energyTeV, offset: apart(pointing) });
  const areaCm2 = unitFactor(aeff.unit ?? "", "cm2");
  const perDeg2 = unitFactor(bkg.unit ?? "", "s-1 TeV-1 deg-2");
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const signal = spectrum.dnde(energyTeV[i]!) * area[i]! * areaCm2 * spread[i]!;
    weights[i] = signal === 0 ? 0 : signal / (signal + background[i]! * perDeg2);
  }
  return weights;
}

const flattened = new WeakMap<Irf<"bkg">, Irf<"bkg">>();

/** The background by offset; made once of one by place in the field of view. */
function backgroundByOffset(bkg: Irf<"bkg">): Irf<"bkg"> {
  if (bkg.axes.some((axis) => axis.name === "offset")) return bkg;
  const flat = flattened.get(bkg) ?? backgroundTo2d(bkg);
  flattened.set(bkg, flat);
  return flat;
}
