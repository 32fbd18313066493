import type { BinaryType } from "./columns.ts";
import type { Card } from "./header.ts";

/** Any typed array that can be written as numbers. */
export type NumberInput =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** What HDUs of every kind can have. */
export interface HduInputBase {
  /** EXTNAME. */
  readonly name?: string;
  /** EXTVER. */
  readonly version?: number;
  /**
   * More cards, in order. Cards of the structure (NAXIS, TFORM1, CHECKSUM, …) are left out, so that
   * the cards of a header that was read can be given as they are.
   */
  readonly header?: readonly Card[];
}

/** How an image is compressed: in tiles, in the cells of a binary table. */
export interface TileCompression {
  /** RICE_1 for integers and quantised values, GZIP_2 for those and, without loss, for any. */
  readonly type: "RICE_1" | "GZIP_2";
  /** Lengths of a tile in C order; a row of the image where absent. */
  readonly tile?: readonly number[];
  /**
   * How floating-point values become integers. RICE_1 always quantises them; GZIP_2 keeps them as they are
   * where this is absent.
   */
  readonly quantise?: {
    /** Steps in the noise of a tile, which is measured; 4 where absent. */
    readonly level?: number;
    /** The step itself, instead of `level`. */
    readonly step?: number;
    /** 0: none; 1, 2: subtractive dithering, 2 keeping zeros exact. 1 where absent. */
    readonly dither?: 0 | 1 | 2;
    /** Where the dither begins, 1 to 10000; 1 where absent. */
    readonly seed?: number;
  };
}

/** An image to write. */
export interface ImageInput extends HduInputBase {
  /** Which kind of HDU it is. */
  readonly kind: "image";
  /** Pixels in C order; the type tells BITPIX. Absent: an HDU without data. */
  readonly data?: NumberInput;
  /** Lengths of the axes in C order, NAXISn first; absent: one axis. */
  readonly shape?: readonly number[];
  /** Compression in tiles; the image becomes an extension. */
  readonly compress?: TileCompression;
  /** BUNIT. */
  readonly unit?: string;
  /** BSCALE, where `data` are stored values. */
  readonly scale?: number;
  /** BZERO, where `data` are stored values. */
  readonly zero?: number;
  /** BLANK: the stored integer that stands for no value. */
  readonly blank?: number | bigint;
  /** 1 where there is a value; where 0, BLANK or NaN is written. */
  readonly valid?: Uint8Array;
}

/** A column of a binary table to write. */
export interface ColumnInput {
  /** TTYPEn. */
  readonly name: string;
  /**
   * Values row after row. The array's type tells the column's: Uint8Array B, Int16Array I,
   * Int32Array J, BigInt64Array K, Float32Array E, Float64Array D, texts A; other integer arrays
   * by the TZERO conventions. With `variable` one array or text a row.
   */
  readonly values: NumberInput | readonly string[] | readonly (NumberInput | string)[];
  /**
   * Another type than the array's own: L or X for Uint8Array (X: packed bytes), X for Uint32Array
   * (each row's bits as a number), C for Float32Array, M for Float64Array (real, imaginary, …),
   * E or C for Float64Array (rounded).
   */
  readonly type?: BinaryType;
  /** Shape of one row's array in C order; absent: a scalar. */
  readonly shape?: readonly number[];
  /** Bits of a row, for X. */
  readonly bits?: number;
  /** Characters of a text, for A; absent: the longest one's. */
  readonly stringBytes?: number;
  /** A column of variable length: by P descriptors (true: Q where the heap asks for it) or by Q. */
  readonly variable?: boolean | "P" | "Q";
  /** TUNITn. */
  readonly unit?: string;
  /** TDISPn. */
  readonly display?: string;
  /** TSCALn, where `values` are stored values. */
  readonly scale?: number;
  /** TZEROn, where `values` are stored values. */
  readonly zero?: number;
  /** TNULLn: the stored integer that stands for no value. */
  readonly nullValue?: number | bigint;
  /** 1 where there is a value; where 0, TNULL, NaN, a null logical or "" is written. */
  readonly valid?: Uint8Array;
  /** Comment of the TTYPEn card. */
  readonly comment?: string;
}

/** A binary table to write. */
export interface BintableInput extends HduInputBase {
  /** Which kind of HDU it is. */
  readonly kind: "bintable";
  /** Columns in order, all with the same number of rows. */
  readonly columns: readonly ColumnInput[];
  /** Number of rows, where no column tells it. */
  readonly nRows?: number;
}

/** A column of an ASCII table to write. */
export interface AsciiColumnInput {
  /** TTYPEn. */
  readonly name: string;
  /** TFORMn: Aw, Iw, Fw.d, Ew.d or Dw.d. */
  readonly format: string;
  /** One value a row, as they stand in the table. */
  readonly values: ArrayLike<number> | ArrayLike<bigint> | readonly string[];
  /** TUNITn. */
  readonly unit?: string;
  /** TDISPn. */
  readonly display?: string;
  /** TSCALn, where `values` are stored values. */
  readonly scale?: number;
  /** TZEROn, where `values` are stored values. */
  readonly zero?: number;
  /** TNULLn: the text that stands for no value; written for NaN and where `valid` is 0. */
  readonly nullText?: string;
  /** 1 where there is a value. */
  readonly valid?: Uint8Array;
}

/** An ASCII table to write. */
export interface AsciiTableInput extends HduInputBase {
  /** Which kind of HDU it is. */
  readonly kind: "table";
  /** Columns in order, all with the same number of rows. */
  readonly columns: readonly AsciiColumnInput[];
}

/** An HDU to write. */
export type HduInput = ImageInput | BintableInput | AsciiTableInput;
