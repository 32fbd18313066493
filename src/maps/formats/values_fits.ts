/** Numbers of images and columns as the typed arrays of maps. */
import {
  FitsFormatError,
  type Hdu,
  type ImageHdu,
  type NumberColumnData,
  readColumns,
  readImage,
  type TableHdu,
} from "../../fits/mod.ts";
import type { NumericArray } from "../../nddata/mod.ts";

type AnyNumbers = NumericArray | BigInt64Array | BigUint64Array;

/**
 * Numbers as a map can hold them: those of 64-bit integers as Int32Array where all fit, else as doubles
 * where all are exact.
 */
export function mapNumbers(hdu: Hdu, keyword: string, values: AnyNumbers): NumericArray {
  if (!(values instanceof BigInt64Array || values instanceof BigUint64Array)) return values;
  const doubles = new Float64Array(values.length);
  let fits = true;
  for (let i = 0; i < doubles.length; i++) {
    const value = Number(values[i]!);
    if (!Number.isSafeInteger(value)) {
      throw new FitsFormatError(
        `found the 64-bit integer ${values[i]}, expected one below 2^53 in a map`,
        { file: hdu.source.name, hdu: hdu.index, keyword },
      );
    }
    doubles[i] = value;
    if (value !== (value | 0)) fits = false;
  }
  return fits ? Int32Array.from(doubles) : doubles;
}

/** An image as a map can hold it. */
export interface MapImage {
  /** Values in C order. */
  readonly values: NumericArray;
  /** Lengths of the axes in C order. */
  readonly shape: readonly number[];
  /** 1 where there is a value; undefined where all are, or NaN stands for none. */
  readonly valid: Uint8Array | undefined;
}

/** Reads an image in its own type. */
export async function readMapImage(hdu: ImageHdu): Promise<MapImage> {
  const { data, shape, valid } = await readImage(hdu);
  return { values: mapNumbers(hdu, "BITPIX", data as AnyNumbers), shape, valid };
}

/** A column of numbers, row after row. */
export interface MapColumn {
  /** Values, all elements of a row together. */
  readonly values: NumericArray;
  /** Elements of a row. */
  readonly width: number;
  /** 1 where there is a value. */
  readonly valid: Uint8Array | undefined;
  /** TUNIT. */
  readonly unit: string | undefined;
}

/** Reads columns of numbers in one go over the rows. */
export async function readMapColumns(
  table: TableHdu,
  names: readonly string[],
): Promise<MapColumn[]> {
  return (await readColumns(table, names)).map((data) => {
    const { column } = data, keyword = `column ${column.name}`;
    const isReal = data.kind === "number" && column.type !== "C" && column.type !== "M";
    if (!isReal || column.type === "X") {
      throw new FitsFormatError(`found format ${column.format}, expected one of real numbers`, {
        file: table.source.name,
        hdu: table.index,
        keyword,
      });
    }
    const { values, valid, shape } = data as NumberColumnData;
    const width = shape.slice(1).reduce((a, b) => a * b, 1);
    return {
      values: mapNumbers(table, keyword, values as AnyNumbers),
      width,
      valid,
      unit: column.unit,
    };
  });
}

/** An array of the type of another. */
export function sameTypeArray(like: NumericArray, length: number): NumericArray {
  return new (like.constructor as new (length: number) => NumericArray)(length);
}

/**
 * Numbers as they are, or as flags where the HDU's name says so (by Gammapy's rule: MASK, IS_UL or SUCCESS in
 * it) and all of them are 0 or 1. A part of a map is never flags by its name.
 */
export function valuesOrFlags(hdu: Hdu, values: NumericArray): NumericArray {
  if (!/mask|is_ul|success/i.test(hdu.name) || hdu.header.index.has("GRXPART")) return values;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0 && values[i] !== 1) return values;
  }
  return Uint8Array.from(values);
}
