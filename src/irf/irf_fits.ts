import { type Card, card, type ColumnInput, type HduInput } from "../fits/mod.ts";
import { linearEdges, logEdges } from "../nddata/mod.ts";
import type { IrfSet, Psf } from "./parametric.ts";

/** Where the tables of responses are evaluated. */
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

/** Edges of the axes that all tables share. */
interface Axes {
  readonly energy: Float64Array;
  readonly offset: Float64Array;
}

const SR_PER_DEG2 = (Math.PI / 180) ** 2;
const MEV_PER_TEV = 1e6;

/**
 * The HDUs of a set of responses in GADF 0.3: AEFF_2D, EDISP_2D, PSF_3GAUSS or PSF_KING, BKG_2D.
 *
 * @param irfs Responses by formulas.
 * @param grid Where they are evaluated: at the bins' centres.
 * @returns HDUs for `encodeFits`, named AEFF, EDISP, PSF, BKG.
 * @throws TypeError for a point spread function that GADF has no table for.
 * @example
 * ```ts
 * import { effectiveArea, gaussPsf, irfHdus, logNormalDispersion, radialBackground } from "@gammarx/gammarx/irf";
 * import { deepStrictEqual } from "node:assert/strict";
 * const hdus = irfHdus({
 *   aeff: effectiveArea({ areaCm2: 1e9, slope: 0, thresholdTeV: 0, offsetSigmaDeg: 2 }),
 *   psf: gaussPsf({ sigmaDeg: 0.1 }),
 *   edisp: logNormalDispersion({ bias: 0, resolution: 0.1 }),
 *   bkg: radialBackground({ totalPerS: 1, index: 2, rangeTeV: [0.1, 100], sigmaDeg: 1 }),
 * }, { trueRangeTeV: [0.1, 100], maxOffsetDeg: 3 });
 * deepStrictEqual(hdus.map((hdu) => hdu.name), ["AEFF", "EDISP", "PSF", "BKG"]);
 * ```
 * @see GADF 0.3, section IRFs, full-enclosure
 */
export function irfHdus(irfs: IrfSet, grid: IrfGrid): HduInput[] {
  const { trueRangeTeV: [low, high], maxOffsetDeg, binsPerDecade = 20, nOffsets = 10 } = grid;
  const nBins = Math.max(1, Math.round(Math.log10(high / low) * binsPerDecade));
  const axes: Axes = {
    energy: logEdges({ low, high, nBins }),
    offset: linearEdges({ low: 0, high: maxOffsetDeg, nBins: nOffsets }),
  };
  return [aeffHdu(irfs, axes), edispHdu(irfs, axes), psfHdu(irfs.psf, axes), bkgHdu(irfs, axes)];
}

function geometric(edges: Float64Array): Float64Array {
  return Float64Array.from(
    { length: edges.length - 1 },
    (_, i) => Math.sqrt(edges[i]! * edges[i + 1]!),
  );
}

function middle(edges: Float64Array): Float64Array {
  return Float64Array.from({ length: edges.length - 1 }, (_, i) => (edges[i]! + edges[i + 1]!) / 2);
}

/** Values for every offset and energy, energy fastest. */
function table(
  { energy, offset }: Axes,
  value: (e: number, offsetDeg: number) => number,
): Float64Array {
  const energies = geometric(energy), offsets = middle(offset);
  return Float64Array.from(
    { length: energies.length * offsets.length },
    (_, i) => value(energies[i % energies.length]!, offsets[Math.floor(i / energies.length)]!),
  );
}

/** The low and high edges of an axis as two columns of one row. */
function edgeColumns(
  names: readonly [string, string],
  edges: Float64Array,
  unit: string,
): ColumnInput[] {
  const n = edges.length - 1;
  return [
    { name: names[0], values: edges.slice(0, n), shape: [n], type: "E", unit },
    { name: names[1], values: edges.slice(1), shape: [n], type: "E", unit },
  ];
}

function axisColumns({ energy, offset }: Axes): ColumnInput[] {
  return [
    ...edgeColumns(["ENERG_LO", "ENERG_HI"], energy, "TeV"),
    ...edgeColumns(["THETA_LO", "THETA_HI"], offset, "deg"),
  ];
}

function shapeOf({ energy, offset }: Axes): readonly number[] {
  return [offset.length - 1, energy.length - 1];
}

function classCards(hduclas2: string, hduclas4: string): Card[] {
  return [
    card("HDUCLASS", "GADF", "format"),
    card("HDUDOC", "https://github.com/open-gamma-ray-astro/gamma-astro-data-formats"),
    card("HDUVERS", "0.3"),
    card("HDUCLAS1", "RESPONSE"),
    card("HDUCLAS2", hduclas2),
    card("HDUCLAS3", "FULL-ENCLOSURE"),
    card("HDUCLAS4", hduclas4),
  ];
}

function aeffHdu({ aeff }: IrfSet, axes: Axes): HduInput {
  const values = table(axes, (e, offsetDeg) => aeff.areaCm2(e, offsetDeg) * 1e-4);
  return {
    kind: "bintable",
    name: "AEFF",
    header: classCards("EFF_AREA", "AEFF_2D"),
    columns: [
      ...axisColumns(axes),
      { name: "EFFAREA", values, shape: shapeOf(axes), type: "E", unit: "m2" },
    ],
  };
}

function edispHdu({ edisp }: IrfSet, axes: Axes): HduInput {
  const migra = linearEdges({ low: 0.2, high: 5, nBins: 240 }), migras = middle(migra);
  const energies = geometric(axes.energy), nOffsets = axes.offset.length - 1;
  const nE = energies.length, nM = migras.length;
  // Mean density of each bin, so that the table keeps its norm however narrow the dispersion is.
  const values = Float64Array.from({ length: nOffsets * nM * nE }, (_, i) => {
    const e = energies[i % nE]!, m = Math.floor(i / nE) % nM;
    const inside = edisp.above(migra[m]! * e, e) - edisp.above(migra[m + 1]! * e, e);
    return inside / (migra[m + 1]! - migra[m]!);
  });
  const [energyColumns, offsetColumns] = [
    axisColumns(axes).slice(0, 2),
    axisColumns(axes).slice(2),
  ];
  return {
    kind: "bintable",
    name: "EDISP",
    header: classCards("EDISP", "EDISP_2D"),
    columns: [
      ...energyColumns,
      ...edgeColumns(["MIGRA_LO", "MIGRA_HI"], migra, ""),
      ...offsetColumns,
      { name: "MATRIX", values, shape: [nOffsets, nM, nE], type: "E" },
    ],
  };
}

/** Tables of parameters against energy and offset, by kind of function. */
const PSF_TABLES: Readonly<
  Record<
    string,
    { readonly hduclas4: string; readonly columns: (psf: Psf, axes: Axes) => ColumnInput[] }
  >
> = {
  gauss: {
    hduclas4: "PSF_3GAUSS",
    columns: (psf, axes) => {
      const shape = shapeOf(axes);
      const zero = table(axes, () => 0), unused = table(axes, () => 1);
      const scale = table(axes, (e) => psf.densityPerDeg2(0, e) / SR_PER_DEG2);
      return [
        { name: "SCALE", values: scale, shape, type: "E", unit: "sr-1" },
        {
          name: "SIGMA_1",
          values: table(axes, (e) => psf.sigmaDeg(e)),
          shape,
          type: "E",
          unit: "deg",
        },
        { name: "AMPL_2", values: zero, shape, type: "E" },
        { name: "SIGMA_2", values: unused, shape, type: "E", unit: "deg" },
        { name: "AMPL_3", values: zero, shape, type: "E" },
        { name: "SIGMA_3", values: unused, shape, type: "E", unit: "deg" },
      ];
    },
  },
  king: {
    hduclas4: "PSF_KING",
    columns: (psf, axes) => {
      const shape = shapeOf(axes);
      // From the density on axis, (1 − 1/γ) / 2πσ².
      const gamma = table(axes, (e) => {
        const ratio = psf.densityPerDeg2(0, e) * 2 * Math.PI * psf.sigmaDeg(e) ** 2;
        return 1 / (1 - ratio);
      });
      return [
        { name: "GAMMA", values: gamma, shape, type: "E" },
        {
          name: "SIGMA",
          values: table(axes, (e) => psf.sigmaDeg(e)),
          shape,
          type: "E",
          unit: "deg",
        },
      ];
    },
  },
};

function psfHdu(psf: Psf, axes: Axes): HduInput {
  const known = PSF_TABLES[psf.kind];
  if (known === undefined) {
    throw new TypeError(
      `There is no table for a point spread function "${psf.kind}": known are ${
        Object.keys(PSF_TABLES).join(", ")
      }`,
    );
  }
  return {
    kind: "bintable",
    name: "PSF",
    header: classCards("RPSF", known.hduclas4),
    columns: [...axisColumns(axes), ...known.columns(psf, axes)],
  };
}

function bkgHdu({ bkg }: IrfSet, { energy, offset }: Axes): HduInput {
  const axes = { energy, offset };
  const values = table(
    axes,
    (e, offsetDeg) => bkg.ratePerSPerTeVPerDeg2(e, offsetDeg) / SR_PER_DEG2 / MEV_PER_TEV,
  );
  return {
    kind: "bintable",
    name: "BKG",
    header: classCards("BKG", "BKG_2D"),
    columns: [
      ...axisColumns(axes),
      { name: "BKG", values, shape: shapeOf(axes), type: "E", unit: "s-1 MeV-1 sr-1" },
    ],
  };
}
