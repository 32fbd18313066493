import type { ByteSource } from "./byte_source.ts";
import type { AsciiColumn, BinaryColumn, FitsColumn } from "./columns.ts";
import { columnError } from "./columns.ts";
import { FitsFormatError } from "./fits_format_error.ts";
import type { Header } from "./header.ts";

/** What every header-data unit has. */
export interface HduBase {
  /** Place in the file, 0 for the primary HDU. */
  readonly index: number;
  /** EXTNAME; without one "PRIMARY" for the primary HDU and "" for others. */
  readonly name: string;
  /** EXTVER, 1 if absent. */
  readonly version: number;
  /** The header. */
  readonly header: Header;
  /** Where the header starts, in bytes. */
  readonly headerOffset: number;
  /** Where the data start, in bytes. */
  readonly dataOffset: number;
  /** Bytes of data without the padding. */
  readonly dataBytes: number;
  /** Where the data are read from. */
  readonly source: ByteSource;
}

/** Bits of a pixel; negative for floating point. */
export type Bitpix = 8 | 16 | 32 | 64 | -32 | -64;

/** A primary HDU or an IMAGE extension. */
export interface ImageHdu extends HduBase {
  /** Which kind of HDU it is. */
  readonly kind: "image";
  /** BITPIX. */
  readonly bitpix: Bitpix;
  /** Lengths of the axes in C order, NAXISn first, NAXIS1 last; [] where there are no data. */
  readonly shape: readonly number[];
}

/** A BINTABLE extension. */
export interface BintableHdu extends HduBase {
  /** Which kind of HDU it is. */
  readonly kind: "bintable";
  /** Number of rows. */
  readonly nRows: number;
  /** Bytes of a row. */
  readonly rowBytes: number;
  /** Columns in order. */
  readonly columns: readonly BinaryColumn[];
  /** Where the heap starts in the file, in bytes. */
  readonly heapOffset: number;
  /** Bytes of the heap. */
  readonly heapBytes: number;
}

/** An ASCII TABLE extension. */
export interface AsciiTableHdu extends HduBase {
  /** Which kind of HDU it is. */
  readonly kind: "table";
  /** Number of rows. */
  readonly nRows: number;
  /** Bytes of a row. */
  readonly rowBytes: number;
  /** Columns in order. */
  readonly columns: readonly AsciiColumn[];
}

/** An extension of a type that has no reader here, or random groups: only its header is read. */
export interface OtherHdu extends HduBase {
  /** Which kind of HDU it is. */
  readonly kind: "other";
}

/** A table of either kind. */
export type TableHdu = BintableHdu | AsciiTableHdu;

/** A header-data unit; `kind` tells which. */
export type Hdu = ImageHdu | BintableHdu | AsciiTableHdu | OtherHdu;

/**
 * The HDU as a table, or an error that says what it is.
 *
 * @param hdu Any HDU.
 * @throws FitsFormatError unless it is a BINTABLE or an ASCII TABLE.
 *
 * @example
 * ```ts
 * import { asTable, encodeFits, FitsFormatError, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using file = await openFits(memorySource(encodeFits([
 *   { kind: "bintable", name: "GTI", columns: [{ name: "START", values: new Float64Array(2) }] },
 * ])));
 * assert.equal(asTable(await file.hdu("GTI")).nRows, 2);
 * assert.throws(() => asTable(file.primary), FitsFormatError);
 * ```
 */
export function asTable(hdu: Hdu): TableHdu {
  if (hdu.kind === "bintable" || hdu.kind === "table") return hdu;
  throw new FitsFormatError(`found ${describe(hdu)}, expected a table`, {
    file: hdu.source.name,
    hdu: hdu.index,
  });
}

function describe(hdu: Hdu): string {
  const what = {
    image: "an image",
    bintable: "a BINTABLE",
    table: "a TABLE",
    other: "another type",
  };
  return `${what[hdu.kind]}${hdu.name === "" ? "" : ` named ${hdu.name}`}`;
}

/**
 * A column of a table by name: the exact name first, then the only one that differs in case alone.
 *
 * @param hdu A table.
 * @param name Name, as TTYPEn has it.
 * @returns The first column of that name.
 * @throws FitsFormatError if there is none, naming those there are, or several in other cases
 * (HAWC event lists have both `dec` and `DEC`).
 *
 * @example
 * ```ts
 * import { asTable, encodeFits, findColumn, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using file = await openFits(memorySource(encodeFits([
 *   { kind: "bintable", name: "EVENTS", columns: [{ name: "TIME", values: new Float64Array(2) }] },
 * ])));
 * assert.equal(findColumn(asTable(await file.hdu("EVENTS")), "time").name, "TIME");
 * ```
 */
export function findColumn<H extends TableHdu>(hdu: H, name: string): H["columns"][number] {
  const found = optionalColumn(hdu, name);
  if (found !== undefined) return found;
  const names = hdu.columns.map((column) => column.name).join(", ");
  throw new FitsFormatError(`found no column "${name}"; there are ${names || "none"}`, {
    file: hdu.source.name,
    hdu: hdu.index,
  });
}

/**
 * A column of a table by name, or undefined where there is none.
 *
 * @param hdu A table.
 * @param name Name, as TTYPEn has it.
 * @throws FitsFormatError if several columns differ from the name in case alone.
 *
 * @example
 * ```ts
 * import { asTable, encodeFits, memorySource, openFits, optionalColumn } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using file = await openFits(memorySource(encodeFits([
 *   { kind: "bintable", name: "EVENTS", columns: [{ name: "TIME", values: new Float64Array(2) }] },
 * ])));
 * assert.equal(optionalColumn(asTable(await file.hdu("EVENTS")), "MULTIP"), undefined);
 * ```
 */
export function optionalColumn<H extends TableHdu>(
  hdu: H,
  name: string,
): H["columns"][number] | undefined {
  const columns: readonly FitsColumn[] = hdu.columns;
  const wanted = name.trim(), lower = wanted.toLowerCase();
  const exact = columns.find((column) => column.name === wanted);
  if (exact !== undefined) return exact;
  const alike = columns.filter((column) => column.name.toLowerCase() === lower);
  if (alike.length <= 1) return alike[0];
  throw columnError(
    hdu.header,
    alike[0]!,
    `"${name}" may be any of ${alike.map((one) => one.name).join(", ")}; give the exact name`,
  );
}

/**
 * The HDU as a binary table, or an error that says what it is.
 *
 * @param hdu Any HDU.
 * @throws FitsFormatError unless it is a BINTABLE.
 *
 * @example
 * ```ts
 * import { asBintable, encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using file = await openFits(memorySource(encodeFits([
 *   { kind: "bintable", name: "GTI", columns: [{ name: "START", values: new Float64Array(2) }] },
 * ])));
 * assert.equal(asBintable(await file.hdu("GTI")).rowBytes, 8);
 * ```
 */
export function asBintable(hdu: Hdu): BintableHdu {
  if (hdu.kind === "bintable") return hdu;
  throw new FitsFormatError(`found ${describe(hdu)}, expected a BINTABLE`, {
    file: hdu.source.name,
    hdu: hdu.index,
  });
}
