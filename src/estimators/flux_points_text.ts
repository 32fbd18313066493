/** Flux points and light curves as ECSV, the text form of the same tables. */
import { formatEcsv, parseEcsv } from "./_ecsv.ts";
import { pointsOfTable, tableOfPoints } from "./_flux_table.ts";
import { curveOfTable, tableOfCurve } from "./_light_curve_table.ts";
import type { FluxPoints } from "./flux_points.ts";
import type { FluxPointsFormat, ReadFluxPointsOptions } from "./flux_points_fits.ts";
import type { LightCurve } from "./light_curve.ts";

/** How a text with flux points is understood. */
export interface ParseFluxPointsOptions extends Omit<ReadFluxPointsOptions, "hdu"> {
  /** What messages call the text; "ECSV" where absent. */
  readonly name?: string;
}

/**
 * Flux points as ECSV text, with the columns of `fluxPointsHdu`; numbers keep all their digits.
 *
 * @param points Flux points.
 * @param options Form.
 * @returns The text.
 * @throws TypeError for a flux of points that have energies but no bins.
 * @example
 * ```ts
 * import { formatFluxPoints, parseFluxPoints } from "@gammarx/gammarx/estimators";
 * import { deepStrictEqual } from "node:assert/strict";
 * const points = parseFluxPoints([
 *   "# %ECSV 1.0",
 *   "# ---",
 *   "# datatype:",
 *   "# - {name: e_ref, unit: TeV, datatype: float64}",
 *   "# - {name: dnde, unit: cm-2 s-1 TeV-1, datatype: float64}",
 *   "e_ref dnde",
 *   "1.0 3e-12",
 * ].join("\n"));
 * deepStrictEqual(parseFluxPoints(formatFluxPoints(points)).norm, points.norm);
 * ```
 * @see Astropy Proposal for Enhancement 6 (ECSV)
 */
export function formatFluxPoints(points: FluxPoints, options: FluxPointsFormat = {}): string {
  return formatEcsv(tableOfPoints(points, options.sedType ?? "likelihood"));
}

/**
 * Flux points of ECSV text; as `readFluxPoints` understands the table.
 *
 * @param text The text.
 * @param options Form, reference model, name for messages.
 * @returns Flux points.
 * @throws SyntaxError that names line and column where the text is no ECSV or no table of flux points.
 * @example
 * ```ts
 * import { parseFluxPoints } from "@gammarx/gammarx/estimators";
 * import { throws } from "node:assert/strict";
 * throws(() => parseFluxPoints("e_ref dnde", { name: "a.ecsv" }), /a.ecsv: .*ECSV/);
 * ```
 * @see Astropy Proposal for Enhancement 6 (ECSV); GADF, section Flux points (SED)
 */
export function parseFluxPoints(text: string, options: ParseFluxPointsOptions = {}): FluxPoints {
  const { name = "ECSV", ...rest } = options;
  return pointsOfTable(parseEcsv(text, name), rest);
}

/**
 * A light curve as ECSV text, with the columns of `lightCurveHdu`.
 *
 * @param curve A light curve.
 * @param options Form.
 * @returns The text.
 * @throws TypeError as {@linkcode formatFluxPoints}.
 * @example
 * ```ts
 * import { formatLightCurve, type LightCurve, parseFluxPoints } from "@gammarx/gammarx/estimators";
 * import { createTimeAxis } from "@gammarx/gammarx/nddata";
 * import { match } from "node:assert/strict";
 * const points = parseFluxPoints([
 *   "# %ECSV 1.0",
 *   "# ---",
 *   "# datatype:",
 *   "# - {name: e_ref, unit: TeV, datatype: float64}",
 *   "# - {name: dnde, unit: cm-2 s-1 TeV-1, datatype: float64}",
 *   "e_ref dnde",
 *   "1.0 3e-12",
 * ].join("\n"));
 * const epoch = { mjdDay: 53945, dayS: 0, scale: "TT" };
 * const curve: LightCurve = {
 *   kind: "light-curve",
 *   time: createTimeAxis({ epoch, startS: [0], stopS: [43200] }),
 *   points: [points],
 * };
 * match(formatLightCurve(curve), /53945.0 53945.5 /);
 * ```
 */
export function formatLightCurve(curve: LightCurve, options: FluxPointsFormat = {}): string {
  return formatEcsv(tableOfCurve(curve, options.sedType ?? "likelihood"));
}

/**
 * A light curve of ECSV text; as `readLightCurve` understands the table.
 *
 * @param text The text.
 * @param options Form, reference model, name for messages.
 * @returns The light curve.
 * @throws SyntaxError as {@linkcode parseFluxPoints}; RangeError for intervals that overlap or do not ascend.
 * @example
 * ```ts
 * import { parseLightCurve } from "@gammarx/gammarx/estimators";
 * import { throws } from "node:assert/strict";
 * throws(() => parseLightCurve(""), /ECSV/);
 * ```
 */
export function parseLightCurve(text: string, options: ParseFluxPointsOptions = {}): LightCurve {
  const { name = "ECSV", ...rest } = options;
  return curveOfTable(parseEcsv(text, name), rest);
}
