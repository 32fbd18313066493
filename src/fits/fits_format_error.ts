/** Where in a file something is wrong; every part that is known. */
export interface FitsPlace {
  /** Name of the source: a path, an URL, or what the caller called it. */
  readonly file?: string | undefined;
  /** Index of the header-data unit, 0 for the primary one. */
  readonly hdu?: number | undefined;
  /** The header keyword or the column's name. */
  readonly keyword?: string | undefined;
  /** Offset from the start of the (decompressed) file, in bytes. */
  readonly byteOffset?: number | undefined;
  /** The error underneath, if there is one. */
  readonly cause?: unknown;
}

/**
 * A file is not what FITS 4.0 asks for, or has not what was asked of it.
 *
 * The message names file, HDU, keyword and byte where they are known.
 *
 * @example
 * ```ts
 * import { FitsFormatError } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const error = new FitsFormatError("found 7, expected 8", { file: "a.fits", hdu: 1, keyword: "BITPIX" });
 * assert.equal(error.message, "a.fits, HDU 1, BITPIX: found 7, expected 8");
 * assert(error instanceof SyntaxError);
 * ```
 */
export class FitsFormatError extends SyntaxError {
  /** Name of the source. */
  readonly file: string | undefined;
  /** Index of the header-data unit. */
  readonly hdu: number | undefined;
  /** The header keyword or the column's name. */
  readonly keyword: string | undefined;
  /** Offset from the start of the (decompressed) file, in bytes. */
  readonly byteOffset: number | undefined;

  /**
   * An error that names its place.
   *
   * @param problem What was found, what was expected, what to do.
   * @param place Where.
   */
  constructor(problem: string, place: FitsPlace = {}) {
    const parts: string[] = [];
    if (place.file !== undefined && place.file !== "") parts.push(place.file);
    if (place.hdu !== undefined) parts.push(`HDU ${place.hdu}`);
    if (place.keyword !== undefined) parts.push(place.keyword);
    if (place.byteOffset !== undefined) parts.push(`byte ${place.byteOffset}`);
    super(
      parts.length === 0 ? problem : `${parts.join(", ")}: ${problem}`,
      place.cause === undefined ? undefined : { cause: place.cause },
    );
    this.name = "FitsFormatError";
    this.file = place.file;
    this.hdu = place.hdu;
    this.keyword = place.keyword;
    this.byteOffset = place.byteOffset;
  }
}
