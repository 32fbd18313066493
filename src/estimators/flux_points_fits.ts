import type { FitsFile, HduInput } from "../fits/mod.ts";
import type { SpectralModel } from "../models/mod.ts";
import { pointsOfTable, type SedType, tableOfPoints } from "./_flux_table.ts";
import { aboutTable, findFluxTable, fluxTableHdu } from "./_flux_table_fits.ts";
import type { FluxPoints } from "./flux_points.ts";

export type { SedType } from "./_flux_table.ts";

/** How flux points are written. */
export interface FluxPointsFormat {
  /**
   * Form: norms with their reference fluxes ("likelihood"), dN/dE, flux, energy flux, or E² dN/dE; "likelihood"
   * where absent: the only form that keeps all.
   */
  readonly sedType?: SedType;
}

/** How flux points are read. */
export interface ReadFluxPointsOptions {
  /** Form; what SED_TYPE says, else what the columns tell, where absent. */
  readonly sedType?: SedType;
  /**
   * Shape of the spectrum, which turns the other forms into norms; a power law of index 2 where absent.
   * Tables of form "likelihood" bring their own reference fluxes.
   */
  readonly model?: SpectralModel;
  /** Name or number of the HDU; the first that has energies where absent. */
  readonly hdu?: number | string;
}

/**
 * The table of flux points of GADF ("gadf-sed"): a row a bin of energy, with `e_ref`, `e_min`, `e_max`, the
 * values, errors and limits in one form, `ts`, `sqrt_ts`, `stat`, `is_ul`, `success`, and what was counted.
 * Columns of which nothing is known are left out.
 *
 * @param points Flux points.
 * @param options Form.
 * @returns The HDU, FLUXPOINTS, for `encodeFits`.
 * @throws TypeError for a flux of points that have energies but no bins.
 * @example
 * ```ts
 * import { fluxPointsHdu, parseFluxPoints, readFluxPoints } from "@gammarx/gammarx/estimators";
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { ok } from "node:assert/strict";
 * const points = parseFluxPoints([
 *   "# %ECSV 1.0",
 *   "# ---",
 *   "# datatype:",
 *   "# - {name: e_min, unit: TeV, datatype: float64}",
 *   "# - {name: e_max, unit: TeV, datatype: float64}",
 *   "# - {name: flux, unit: cm-2 s-1, datatype: float64}",
 *   "e_min e_max flux",
 *   "1.0 10.0 1.8e-12",
 * ].join("\n"));
 * using file = await openFits(memorySource(encodeFits([fluxPointsHdu(points)])));
 * ok(Math.abs((await readFluxPoints(file)).norm[0]! - 2) < 1e-12);
 * ```
 * @see GADF, section Flux points (SED); gammapy.estimators.FluxPoints.write
 */
export function fluxPointsHdu(points: FluxPoints, options: FluxPointsFormat = {}): HduInput {
  return fluxTableHdu(tableOfPoints(points, options.sedType ?? "likelihood"));
}

/**
 * Flux points of a table of GADF.
 *
 * Values in units of any kind become norms of the reference model. Where the table has `e_ref` alone, the axis
 * is made of these centres and `refFlux` is NaN: there are no bins. What a table does not have is NaN. A limit
 * is what `is_ul` says; without it what has √TS below 2, or a limit but no value. UL_CONF gives `nSigmaUl`.
 * A column `loglike` is taken as ln L: stat = −2 loglike.
 *
 * @param file An open file.
 * @param options Form, reference model, HDU.
 * @returns Flux points; counts and expected signals are sums over datasets.
 * @throws FitsFormatError that names file, HDU and column where something is missing, has a wrong unit, or bins
 *   do not touch.
 * @example
 * ```ts
 * import { readFluxPoints } from "@gammarx/gammarx/estimators";
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { strictEqual } from "node:assert/strict";
 * using file = await openFits(memorySource(encodeFits([{
 *   kind: "bintable",
 *   columns: [
 *     { name: "e_ref", values: Float64Array.of(1), unit: "TeV" },
 *     { name: "dnde", values: Float64Array.of(3e-8), unit: "m-2 s-1 TeV-1" },
 *   ],
 * }])));
 * strictEqual(Math.round((await readFluxPoints(file)).norm[0]! * 1e9), 3e9);
 * ```
 * @see GADF, section Flux points (SED); gammapy.estimators.FluxPoints.read
 */
export async function readFluxPoints(
  file: FitsFile,
  options: ReadFluxPointsOptions = {},
): Promise<FluxPoints> {
  const { hdu, ...rest } = options;
  const column = (rest.sedType ?? "").includes("flux") ? "e_min" : "e_ref";
  const table = await findFluxTable(file, { hdu, column });
  return await aboutTable(table, (one) => pointsOfTable(one, rest));
}
