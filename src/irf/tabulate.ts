import { createMapAxis, energyAxis, linearEdges, type MapAxis } from "../nddata/mod.ts";
import { createIrf, type Irf } from "./irf.ts";
import type { IrfSet, Psf } from "./parametric.ts";
import { createParametricPsf, type ParametricPsf } from "./psf.ts";

/** Where formulas are evaluated. */
export interface IrfGrid {
  /** True energies from and to, TeV. */
  readonly trueRangeTeV: readonly [number, number];
  /** Greatest offset, deg. */
  readonly maxOffsetDeg: number;
  /** Bins of energy a decade; 20. */
  readonly binsPerDecade?: number;
  /** Bins of offset; 10. */
  readonly nOffsets?: number;
}

/** Tables of one set of responses. */
export interface TabulatedIrfs {
  /** Effective area, cm². */
  readonly aeff: Irf<"aeff">;
  /** Energy dispersion. */
  readonly edisp: Irf<"edisp">;
  /** Point spread function by its parameters. */
  readonly psf: ParametricPsf;
  /** Background, s⁻¹ TeV⁻¹ sr⁻¹. */
  readonly bkg: Irf<"bkg">;
}

const SR_PER_DEG2 = (Math.PI / 180) ** 2;

/**
 * Tables of responses that are known by formulas, at the centres of bins; the energy dispersion as the mean
 * density of each bin, so that the table keeps its norm however narrow the dispersion is.
 *
 * @param irfs Responses by formulas.
 * @param grid Where they are evaluated.
 * @returns The tables.
 * @throws TypeError for a point spread function whose family has no parameters here.
 * @example
 * ```ts
 * import { effectiveArea, gaussPsf, logNormalDispersion, radialBackground, tabulateIrfs } from "@gammarx/gammarx/irf";
 * import { strictEqual } from "node:assert/strict";
 * const { psf } = tabulateIrfs({
 *   aeff: effectiveArea({ areaCm2: 1e9, slope: 0, thresholdTeV: 0, offsetSigmaDeg: 2 }),
 *   psf: gaussPsf({ sigmaDeg: 0.1 }),
 *   edisp: logNormalDispersion({ bias: 0, resolution: 0.1 }),
 *   bkg: radialBackground({ totalPerS: 1, index: 2, rangeTeV: [0.1, 100], sigmaDeg: 1 }),
 * }, { trueRangeTeV: [0.1, 100], maxOffsetDeg: 3 });
 * strictEqual(psf.kind, "psf-3gauss");
 * ```
 */
export function tabulateIrfs(irfs: IrfSet, grid: IrfGrid): TabulatedIrfs {
  const { trueRangeTeV: [low, high], maxOffsetDeg, binsPerDecade = 20, nOffsets = 10 } = grid;
  const nBins = Math.max(1, Math.round(Math.log10(high / low) * binsPerDecade));
  const energyTrue = energyAxis({ low, high, nBins, name: "energy_true" });
  const energy = energyAxis({ low, high, nBins });
  const offset = createMapAxis(
    "offset",
    linearEdges({ low: 0, high: maxOffsetDeg, nBins: nOffsets }),
    { unit: "deg" },
  );
  const { aeff, edisp, bkg } = irfs;
  return Object.freeze({
    aeff: createIrf("aeff", [energyTrue, offset], {
      data: onGrid([energyTrue, offset], aeff.areaCm2),
    }),
    edisp: edispTable(edisp, energyTrue, offset),
    psf: psfParameters(irfs.psf, [energyTrue, offset]),
    bkg: createIrf("bkg", [energy, offset], {
      data: onGrid([energy, offset], (e, deg) => bkg.ratePerSPerTeVPerDeg2(e, deg) / SR_PER_DEG2),
    }),
  });
}

/** Values at all centres, the second axis fastest. */
function onGrid(
  [first, second]: readonly [MapAxis, MapAxis],
  value: (x: number, y: number) => number,
): Float64Array {
  return Float64Array.from(
    { length: first.nBins * second.nBins },
    (_, i) =>
      value(first.centers[Math.floor(i / second.nBins)]!, second.centers[i % second.nBins]!),
  );
}

function edispTable(edisp: IrfSet["edisp"], energy: MapAxis, offset: MapAxis): Irf<"edisp"> {
  const migra = createMapAxis("migra", linearEdges({ low: 0.2, high: 5, nBins: 240 }));
  const nO = offset.nBins, nM = migra.nBins, data = new Float64Array(energy.nBins * nM * nO);
  energy.centers.forEach((e, i) => {
    const above = migra.edges.map((m) => edisp.above(m * e, e));
    for (let m = 0; m < nM; m++) {
      const density = (above[m]! - above[m + 1]!) / (migra.edges[m + 1]! - migra.edges[m]!);
      data.fill(density, (i * nM + m) * nO, (i * nM + m + 1) * nO);
    }
  });
  return createIrf("edisp", [energy, migra, offset], { data });
}

/** Parameters by the family of the formula. */
const PARAMETERS: Readonly<
  Record<string, (psf: Psf, axes: readonly [MapAxis, MapAxis]) => ParametricPsf>
> = {
  gauss: (psf, axes) => {
    const sigma = onGrid(axes, (e) => psf.sigmaDeg(e)), ones = sigma.map(() => 1);
    const zeros = sigma.map(() => 0);
    return createParametricPsf("psf-3gauss", axes, {
      parameters: { sigma_1: sigma, sigma_2: ones, sigma_3: ones, ampl_2: zeros, ampl_3: zeros },
    });
  },
  king: (psf, axes) => {
    // γ from the density on axis, (1 − 1/γ) / 2πσ².
    const gamma = onGrid(
      axes,
      (e) => 1 / (1 - psf.densityPerDeg2(0, e) * 2 * Math.PI * psf.sigmaDeg(e) ** 2),
    );
    const sigma = onGrid(axes, (e) => psf.sigmaDeg(e));
    return createParametricPsf("psf-king", axes, { parameters: { gamma, sigma } });
  },
};

function psfParameters(psf: Psf, axes: readonly [MapAxis, MapAxis]): ParametricPsf {
  const of = PARAMETERS[psf.kind];
  if (of !== undefined) return of(psf, axes);
  throw new TypeError(
    `There is no table for a point spread function "${psf.kind}": known are ` +
      Object.keys(PARAMETERS).join(", "),
  );
}
