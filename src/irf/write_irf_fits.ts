import { type Card, card, type ColumnInput, type HduInput } from "../fits/mod.ts";
import type { MapAxis } from "../nddata/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { AXIS_COLUMNS, TABLE_CLASSES, type TableClass } from "./_gadf_tables_fits.ts";
import type { Irf } from "./irf.ts";
import type { IrfSet } from "./parametric.ts";
import { createParametricPsf, type ParametricPsf } from "./psf.ts";
import { type IrfGrid, tabulateIrfs } from "./tabulate.ts";

/**
 * The HDU of a table of responses in GADF 0.3: AEFF_2D, EDISP_2D, PSF_TABLE, PSF_3GAUSS, PSF_KING, BKG_2D,
 * BKG_3D, RAD_MAX_2D. Further axes stand behind those of the class, named after themselves.
 *
 * @param irf The table; values are written as they are, in the format's units (m², MeV).
 * @param options `type`: "E" (single precision, as the field's files have it) or "D"; "E" where absent.
 *   `name`: EXTNAME; that of the class where absent.
 * @returns An HDU for `encodeFits`.
 * @example
 * ```ts
 * import { createIrf, irfHdu } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const axes = [
 *   energyAxis({ low: 0.1, high: 10, nBins: 2, name: "energy_true" }),
 *   createMapAxis("offset", [0, 1], { unit: "deg" }),
 * ];
 * strictEqual(irfHdu(createIrf("aeff", axes, { data: Float64Array.of(1e8, 2e8) })).name, "AEFF");
 * ```
 * @see GADF 0.3, section IRFs
 */
export function irfHdu(
  given: Irf | ParametricPsf,
  options: { readonly type?: "E" | "D"; readonly name?: string } = {},
): HduInput {
  const irf = given.kind === "psf-gauss" ? asThreeGauss(given) : given;
  const of = TABLE_CLASSES.find((one) => one.kind === irf.kind)!,
    { type = "E", name = of.extname } = options;
  const order = [
    ...of.order.flatMap((one) => irf.axes.filter((axis) => axis.name === one)),
    ...irf.axes.filter((axis) => !of.order.includes(axis.name)),
  ];
  const shape = order.map((axis) => axis.nBins).reverse();
  const columns: ColumnInput[] = of.columns.map(({ names, own, unit, fileUnit }) => {
    const cube = "parameters" in irf ? irf.parameters[own]! : irf,
      factor = unitFactor(unit, fileUnit);
    const values = reordered(cube.values.data, irf.axes, order, cube.values.offset);
    return {
      name: names[0]!,
      values: factor === 1 ? values : values.map((value) => value * factor),
      shape,
      type,
      ...(fileUnit === "" ? {} : { unit: fileUnit }),
    };
  });
  if (irf.kind === "psf-3gauss") columns.push(scaleColumn(irf, order, { shape, type }));
  return {
    kind: "bintable",
    name,
    header: cardsOf(irf, of),
    columns: [...order.flatMap((axis) => axisColumns(axis, of, type)), ...columns],
  };
}

/** One Gaussian as three of which two have no amplitude. */
function asThreeGauss(psf: ParametricPsf): ParametricPsf {
  const sigma = psf.parameters.sigma!.values.data, ones = Float64Array.from(sigma, () => 1);
  const zeros = Float64Array.from(sigma, () => 0);
  return createParametricPsf("psf-3gauss", psf.axes, {
    ...psf,
    parameters: { sigma_1: sigma, sigma_2: ones, sigma_3: ones, ampl_2: zeros, ampl_3: zeros },
  });
}

/**
 * The HDUs of a set of responses by formulas in GADF 0.3: AEFF_2D, EDISP_2D, PSF_3GAUSS or PSF_KING, BKG_2D.
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
  const { aeff, edisp, psf, bkg } = tabulateIrfs(irfs, grid);
  return [aeff, edisp, psf, bkg].map((one) => irfHdu(one));
}

function cardsOf(irf: Irf | ParametricPsf, of: TableClass): Card[] {
  const has = (name: string) => name === "" || irf.axes.some((axis) => axis.name === name);
  const hduclas4 = of.hduclas4.find(([axis]) => has(axis))![1];
  const cards = [
    card("HDUCLASS", "GADF", "format"),
    card("HDUDOC", "https://github.com/open-gamma-ray-astro/gamma-astro-data-formats"),
    card("HDUVERS", "0.3"),
    card("HDUCLAS1", "RESPONSE"),
    card("HDUCLAS2", of.hduclas2),
    card("HDUCLAS3", irf.pointLike ? "POINT-LIKE" : "FULL-ENCLOSURE"),
    card("HDUCLAS4", hduclas4),
  ];
  if ("parameters" in irf) return cards;
  if (has("fov_lon")) cards.push(card("FOVALIGN", irf.alignment));
  const [low, high] = irf.safeTeV;
  if (!Number.isNaN(low)) cards.push(card("LO_THRES", low, "TeV"));
  if (!Number.isNaN(high)) cards.push(card("HI_THRES", high, "TeV"));
  return cards;
}

/** Low and high edges of one row; an axis of centres has them twice. */
function axisColumns(axis: MapAxis, of: TableClass, type: "E" | "D"): ColumnInput[] {
  const known = AXIS_COLUMNS.find((one) =>
    one.name === axis.name || (one.prefix === "ENERG" && of.reconstructed && axis.name === "energy")
  );
  const prefix = known?.prefix ?? axis.name.toUpperCase(), n = axis.nBins;
  const isCenters = axis.nodes === "centers";
  const low = isCenters ? axis.centers : axis.edges.slice(0, n);
  const high = isCenters ? axis.centers : axis.edges.slice(1);
  const unit = axis.unit === "" ? {} : { unit: axis.unit };
  return [
    { name: `${prefix}_LO`, values: low, shape: [n], type, ...unit },
    { name: `${prefix}_HI`, values: high, shape: [n], type, ...unit },
  ];
}

/** Values in C order of `axes`, with the first axis of `order` fastest. */
function reordered(
  values: ArrayLike<number>,
  axes: readonly MapAxis[],
  order: readonly MapAxis[],
  offset = 0,
): Float64Array {
  const strides = order.map((axis) =>
    axes.slice(axes.indexOf(axis) + 1).reduce((n, one) => n * one.nBins, 1)
  );
  const size = order.reduce((n, axis) => n * axis.nBins, 1), index = new Int32Array(order.length);
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let at = offset;
    for (let d = 0; d < strides.length; d++) at += index[d]! * strides[d]!;
    out[i] = values[at]!;
    for (let d = 0; d < order.length && ++index[d]! === order[d]!.nBins; d++) index[d] = 0;
  }
  return out;
}

/** SCALE: the factor that makes the three Gaussians a density, in sr⁻¹. */
function scaleColumn(
  psf: ParametricPsf,
  order: readonly MapAxis[],
  { shape, type }: { readonly shape: readonly number[]; readonly type: "E" | "D" },
): ColumnInput {
  const p = (name: string) => psf.parameters[name]!.values.data;
  const [s1, s2, s3] = [p("sigma_1"), p("sigma_2"), p("sigma_3")];
  const a2 = p("ampl_2"), a3 = p("ampl_3"), sr = (Math.PI / 180) ** 2;
  const scale = Float64Array.from(s1, (one, i) => {
    const sum = one ** 2 + a2[i]! * s2[i]! ** 2 + a3[i]! * s3[i]! ** 2;
    return sum > 0 ? 1 / (2 * Math.PI * sum * sr) : 0;
  });
  return {
    name: "SCALE",
    values: reordered(scale, psf.axes, order),
    shape,
    type,
    unit: "sr-1",
  };
}
