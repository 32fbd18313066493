import type { FitsFile, HduInput } from "../fits/mod.ts";
import { aboutTable, findFluxTable, fluxTableHdu } from "./_flux_table_fits.ts";
import { curveOfTable, tableOfCurve } from "./_light_curve_table.ts";
import type { FluxPointsFormat, ReadFluxPointsOptions } from "./flux_points_fits.ts";
import type { LightCurve } from "./light_curve.ts";

/**
 * The table of a light curve ("lightcurve" of Gammapy): a row an interval of time, with `time_min` and
 * `time_max` as MJD in the scale of TIMESYS, and the columns of {@linkcode fluxPointsHdu} as arrays of bins of
 * energy. Times are rounded to that of a double of days, 1 µs.
 *
 * @param curve A light curve.
 * @param options Form.
 * @returns The HDU, FLUXPOINTS, for `encodeFits`.
 * @throws TypeError as {@linkcode fluxPointsHdu}.
 * @example
 * ```ts
 * import { lightCurveHdu, parseLightCurve, readLightCurve } from "@gammarx/gammarx/estimators";
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { ok } from "node:assert/strict";
 * const curve = parseLightCurve([
 *   "# %ECSV 1.0",
 *   "# ---",
 *   "# datatype:",
 *   "# - {name: time_min, datatype: float64}",
 *   "# - {name: time_max, datatype: float64}",
 *   "# - {name: e_min, unit: TeV, datatype: string, subtype: 'float64[1]'}",
 *   "# - {name: e_max, unit: TeV, datatype: string, subtype: 'float64[1]'}",
 *   "# - {name: flux, unit: cm-2 s-1, datatype: string, subtype: 'float64[1]'}",
 *   "# meta: {TIMESYS: tt}",
 *   "time_min time_max e_min e_max flux",
 *   "53945.25 53945.5 [1.0] [10.0] [1.8e-12]",
 * ].join("\n"));
 * using file = await openFits(memorySource(encodeFits([lightCurveHdu(curve)])));
 * ok(Math.abs((await readLightCurve(file)).points[0]!.norm[0]! - 2) < 1e-12);
 * ```
 * @see gammapy.estimators.FluxPoints.write, format "lightcurve"
 */
export function lightCurveHdu(curve: LightCurve, options: FluxPointsFormat = {}): HduInput {
  return fluxTableHdu(tableOfCurve(curve, options.sedType ?? "likelihood"));
}

/**
 * A light curve of a table with a row an interval of time.
 *
 * Times are MJD, or count from MJDREFI + MJDREFF, in TIMEUNIT or the column's unit, days where neither is
 * there. Those in UTC, which is what Gammapy means where TIMESYS is absent, and in TAI come to TT. Starts that
 * rounding has put before the stop before them, by up to 5 µs, are moved there.
 *
 * @param file An open file.
 * @param options Form, reference model, HDU.
 * @returns The light curve; its epoch is the start of the day of the first interval.
 * @throws FitsFormatError as {@linkcode readFluxPoints}, and for intervals that overlap or do not ascend.
 * @example
 * ```ts
 * import { readLightCurve } from "@gammarx/gammarx/estimators";
 * import { card, encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { strictEqual } from "node:assert/strict";
 * const bin = (name: string, value: number, unit: string) => ({
 *   name, values: Float64Array.of(value), shape: [1], unit,
 * });
 * using file = await openFits(memorySource(encodeFits([{
 *   kind: "bintable",
 *   header: [card("TIMESYS", "TT")],
 *   columns: [
 *     { name: "time_min", values: Float64Array.of(53945.25) },
 *     { name: "time_max", values: Float64Array.of(53945.5) },
 *     bin("e_ref", 1, "TeV"),
 *     bin("dnde", 3e-12, "cm-2 s-1 TeV-1"),
 *   ],
 * }])));
 * strictEqual((await readLightCurve(file)).time.startS[0], 21600);
 * ```
 * @see gammapy.estimators.FluxPoints.read, format "lightcurve"
 */
export async function readLightCurve(
  file: FitsFile,
  options: ReadFluxPointsOptions = {},
): Promise<LightCurve> {
  const { hdu, ...rest } = options;
  const table = await findFluxTable(file, { hdu, column: "time_min" });
  return await aboutTable(table, (one) => curveOfTable(one, rest));
}
