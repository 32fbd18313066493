/** Tables of models from FITS files: absorption by background light, light curves, phase curves. */
import {
  asBintable,
  asTable,
  findColumn,
  type FitsFile,
  headerNumber,
  optionalHeaderNumber,
  optionalHeaderString,
  readNumbers,
} from "../fits/mod.ts";
import { unitFactor } from "../units/mod.ts";
import type { EblTable } from "./ebl_norm.ts";
import type { LightCurveTable, PhaseCurveTable } from "./temporal_table.ts";

/**
 * Reads absorption by the extragalactic background light from an XSPEC table model: HDUs ENERGIES
 * (ENERG_LO, ENERG_HI, keV) and SPECTRA (PARAMVAL = redshift, INTPSPEC = e^−τ). The energy of a bin is the
 * geometric middle of its edges; of several rows of one redshift the first counts.
 *
 * @param file An open FITS file.
 * @param filename Name for model files; that of the file where absent.
 * @returns The table, its arrays the caller's.
 * @throws FitsFormatError where an HDU or a column is missing.
 * @example
 * ```ts
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { readEblTable } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const bytes = encodeFits([
 *   { kind: "bintable", name: "ENERGIES", columns: [
 *     { name: "ENERG_LO", values: Float64Array.of(1e9, 4e9) },
 *     { name: "ENERG_HI", values: Float64Array.of(4e9, 16e9) },
 *   ] },
 *   { kind: "bintable", name: "SPECTRA", columns: [
 *     { name: "PARAMVAL", values: Float64Array.of(0.1) },
 *     { name: "INTPSPEC", values: Float64Array.of(0.9, 0.5), shape: [2] },
 *   ] },
 * ]);
 * using file = await openFits(memorySource(bytes));
 * strictEqual((await readEblTable(file)).energiesTeV[1], 8);
 * ```
 * @see OGIP/92-009, XSPEC table model files
 */
export async function readEblTable(
  file: FitsFile,
  filename: string = file.name,
): Promise<EblTable> {
  const energies = asBintable(await file.hdu("ENERGIES"));
  const spectra = asBintable(await file.hdu("SPECTRA"));
  const unit = findColumn(energies, "ENERG_LO").unit?.trim() ?? "";
  const toTeV = unitFactor(unit === "" ? "keV" : unit, "TeV");
  const low = await readNumbers(energies, "ENERG_LO"),
    high = await readNumbers(energies, "ENERG_HI");
  const energiesTeV = low.map((e, i) => toTeV * Math.sqrt(e * high[i]!));
  const rows = await readNumbers(spectra, "PARAMVAL"), n = energiesTeV.length;
  const values = await readNumbers(spectra, "INTPSPEC");
  const order = Array.from(rows, (_, i) => i).sort((a, b) => rows[a]! - rows[b]! || a - b);
  const kept = order.filter((row, i) => i === 0 || rows[row] !== rows[order[i - 1]!]);
  const transmission = new Float64Array(kept.length * n);
  kept.forEach((row, i) => transmission.set(values.subarray(row * n, row * n + n), i * n));
  return Object.freeze({
    redshifts: Float64Array.from(kept, (row) => rows[row]!),
    energiesTeV,
    transmission,
    filename,
  });
}

/** A light curve with the time that it counts from. */
export interface LightCurveFile extends LightCurveTable {
  /** Time of reference, MJD in TT. */
  readonly tRefMjd: number;
}

/**
 * Reads a light curve: a table TIME, NORM with MJDREFI, MJDREFF and TIMEUNIT in its header.
 *
 * @param file An open FITS file; the table is its first extension.
 * @param filename Name for model files; that of the file where absent.
 * @returns The light curve and its time of reference.
 * @throws FitsFormatError where a column or a keyword is missing; RangeError for a time system other than
 *   TT, since a shift would be silent.
 * @example
 * ```ts
 * import { card, encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { readLightCurveTable } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const bytes = encodeFits([{
 *   kind: "bintable",
 *   header: [card("MJDREFI", 59000), card("MJDREFF", 0.5), card("TIMEUNIT", "s")],
 *   columns: [
 *     { name: "TIME", values: Float64Array.of(0, 86400) },
 *     { name: "NORM", values: Float64Array.of(1, 2) },
 *   ],
 * }]);
 * using file = await openFits(memorySource(bytes));
 * strictEqual((await readLightCurveTable(file)).tRefMjd, 59000.5);
 * ```
 */
export async function readLightCurveTable(
  file: FitsFile,
  filename: string = file.name,
): Promise<LightCurveFile> {
  const hdu = asTable(await file.hdu(1)), { header } = hdu;
  const system = (optionalHeaderString(header, "TIMESYS") ?? "TT").trim().toUpperCase();
  if (system !== "TT") {
    throw new RangeError(`${file.name}: TIMESYS is ${system}, expected TT: convert its times`);
  }
  const unit = (optionalHeaderString(header, "TIMEUNIT") ?? findColumn(hdu, "TIME").unit ?? "s")
    .trim();
  const toDays = unitFactor(unit, "d"), times = await readNumbers(hdu, "TIME");
  return Object.freeze({
    timesD: times.map((t) => t * toDays),
    norms: await readNumbers(hdu, "NORM"),
    tRefMjd: headerNumber(header, "MJDREFI") + (optionalHeaderNumber(header, "MJDREFF") ?? 0),
    filename,
  });
}

/**
 * Reads a phase curve: a table PHASE, NORM.
 *
 * @param file An open FITS file; the table is its first extension.
 * @param filename Name for model files; that of the file where absent.
 * @returns The phase curve.
 * @throws FitsFormatError where a column is missing.
 * @example
 * ```ts
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { readPhaseCurveTable } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const bytes = encodeFits([{ kind: "bintable", columns: [
 *   { name: "PHASE", values: Float64Array.of(0, 0.5) },
 *   { name: "NORM", values: Float64Array.of(1, 2) },
 * ] }]);
 * using file = await openFits(memorySource(bytes));
 * strictEqual((await readPhaseCurveTable(file)).norms[1], 2);
 * ```
 */
export async function readPhaseCurveTable(
  file: FitsFile,
  filename: string = file.name,
): Promise<PhaseCurveTable> {
  const hdu = asTable(await file.hdu(1));
  return Object.freeze({
    phases: await readNumbers(hdu, "PHASE"),
    norms: await readNumbers(hdu, "NORM"),
    filename,
  });
}
