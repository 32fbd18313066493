import { unitFactor } from "../units/mod.ts";
import { evaluateIrf, type Irf } from "./irf.ts";
import { psfContainment, type PsfIrf } from "./psf.ts";

/** An excess of photons, and how it was seen. */
export interface AperturePhotometry {
  /** Photons over what is expected. */
  readonly excess: number;
  /** Live time, s, > 0. */
  readonly livetimeS: number;
  /** Angle between pointing and source, deg. */
  readonly offsetDeg: number;
  /** Energies, low to high, TeV. */
  readonly bandTeV: readonly [low: number, high: number];
  /** Index Γ of the spectrum that is taken for granted; 2.5 where absent. */
  readonly index?: number;
  /** Radius in which photons were counted, deg; all of them where absent. */
  readonly radiusDeg?: number;
}

const NODES = 200;

/**
 * The flux behind an excess of photons, for a power law:
 * F = n ∫E^−Γ dE / (T ∫ A(E, θ) C(r, E) E^−Γ dE), reconstructed energies being taken for true ones.
 *
 * @param irfs Effective area and, where a radius is given, point spread function.
 * @param excess The photons.
 * @returns Integral flux in the band, cm⁻² s⁻¹; NaN where the instrument sees nothing of it.
 * @throws TypeError for a radius without a point spread function; RangeError for energies or a live time that
 *   are not above 0.
 * @example
 * ```ts
 * import { createIrf, excessFlux } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const axes = [
 *   energyAxis({ low: 0.1, high: 100, nBins: 3, name: "energy_true" }),
 *   createMapAxis("offset", [0, 3], { unit: "deg" }),
 * ];
 * const aeff = createIrf("aeff", axes, { data: new Float64Array(3).fill(1e5), unit: "m2" });
 * const flux = excessFlux({ aeff }, { excess: 100, livetimeS: 1000, offsetDeg: 0.5, bandTeV: [1, 10] });
 * ok(Math.abs(flux / 1e-10 - 1) < 1e-9);
 * ```
 */
export function excessFlux(
  irfs: { readonly aeff: Irf<"aeff">; readonly psf?: PsfIrf | undefined },
  { excess, livetimeS, offsetDeg, bandTeV: [low, high], index = 2.5, radiusDeg }:
    AperturePhotometry,
): number {
  if (!(low > 0 && high > low && livetimeS > 0)) {
    throw new RangeError(
      `Found ${low} to ${high} TeV and ${livetimeS} s, expected ascending energies and a time above 0`,
    );
  }
  if (radiusDeg !== undefined && irfs.psf === undefined) {
    throw new TypeError("The part of photons within a radius needs a point spread function");
  }
  const step = Math.log(high / low) / NODES, fill = (x: number) => new Float64Array(NODES).fill(x);
  const energy = Float64Array.from({ length: NODES }, (_, k) => low * Math.exp((k + 0.5) * step));
  const area = evaluateIrf(irfs.aeff, { energy_true: energy, offset: fill(offsetDeg) });
  const inside = radiusDeg === undefined ? fill(1) : psfContainment(irfs.psf!, {
    energy_true: energy,
    offset: fill(offsetDeg),
    rad: fill(radiusDeg),
  });
  const areaCm2 = unitFactor(irfs.aeff.unit ?? "", "cm2");
  let photons = 0, seen = 0;
  for (let k = 0; k < NODES; k++) {
    const weight = energy[k]! ** (1 - index);
    photons += weight;
    seen += weight * area[k]! * areaCm2 * inside[k]!;
  }
  return seen > 0 ? excess * photons / (seen * livetimeS) : NaN;
}
