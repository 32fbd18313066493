/** Maps as tables of the values that are not 0: columns PIX, CHANNEL and VALUE. */
import {
  type ColumnInput,
  FitsFormatError,
  optionalColumn,
  type TableHdu,
} from "../../fits/mod.ts";
import type { Axis, NumericArray } from "../../nddata/mod.ts";
import { flatten } from "../../numeric/mod.ts";
import { geomPixels } from "../sky_geom.ts";
import type { SkyMap } from "../sky_map.ts";
import { readMapColumns, sameTypeArray } from "./values_fits.ts";

/** Largest number of values of a map that a short table may stand for. */
const MAX_CELLS = 2.5e8;

/** Where the rows of a sparse table go. */
export interface SparseGrid {
  /** The further axes, slowest first: CHANNEL counts their bins in C order. */
  readonly axes: readonly Axis[];
  /** Pixels of a plane. */
  readonly nPix: number;
  /** Pixel of a plane by what PIX says; −1 for none. The number itself where absent. */
  readonly pixelOf?: (pix: number) => number;
}

/** Values of a sparse table in C order, 0 where it has none. */
export async function placeSparse(
  table: TableHdu,
  { axes, nPix, pixelOf }: SparseGrid,
): Promise<{ readonly data: NumericArray; readonly nPlanes: number }> {
  const nPlanes = axes.reduce((n, axis) => n * axis.nBins, 1),
    place = {
      file: table.source.name,
      hdu: table.index,
    };
  if (nPlanes * nPix > MAX_CELLS) {
    throw new FitsFormatError(
      `found a sparse map of ${nPlanes} x ${nPix} values, expected ${MAX_CELLS} or fewer`,
      place,
    );
  }
  const hasChannel = optionalColumn(table, "CHANNEL") !== undefined;
  const [pix, value, channel] = await readMapColumns(
    table,
    hasChannel ? ["PIX", "VALUE", "CHANNEL"] : ["PIX", "VALUE"],
  );
  const data = sameTypeArray(value!.values, nPlanes * nPix), taken = new Uint8Array(data.length);
  for (let row = 0; row < table.nRows; row++) {
    const number = pix!.values[row]!, pixel = pixelOf === undefined ? number : pixelOf(number);
    const plane = channel === undefined ? 0 : channel.values[row]!;
    const isPixel = Number.isInteger(pixel) && pixel >= 0 && pixel < nPix;
    if (!isPixel || !(Number.isInteger(plane) && plane >= 0 && plane < nPlanes)) {
      throw new FitsFormatError(
        `row ${row}: found pixel ${number} of channel ${plane}, expected one of ${nPix} pixels and ` +
          `${nPlanes} channels`,
        place,
      );
    }
    const at = plane * nPix + pixel;
    if (taken[at] !== 0) {
      throw new FitsFormatError(
        `row ${row}: found pixel ${number} of channel ${plane} a second time`,
        place,
      );
    }
    taken[at] = 1;
    data[at] = value!.values[row]!;
  }
  return { data, nPlanes };
}

/** What is listed of a map. */
export interface SparseOptions {
  /** Number of each pixel of a plane; its place where absent. */
  readonly pixels?: Float64Array;
  /** List the zeros too; false where absent. */
  readonly all?: boolean;
}

/** The columns of the values of a map that are not 0. */
export function sparseColumns(map: SkyMap, options: SparseOptions = {}): ColumnInput[] {
  const { data, offset, length } = flatten(map.values), nPix = geomPixels(map.geom);
  const { pixels, all = false } = options;
  let count = 0;
  for (let i = 0; i < length; i++) if (all || data[offset + i] !== 0) count++;
  const pix = new Float64Array(count), channel = new Int32Array(count);
  const value = sameTypeArray(data, count);
  for (let i = 0, row = 0; i < length; i++) {
    if (!all && data[offset + i] === 0) continue;
    const pixel = i % nPix;
    pix[row] = pixels === undefined ? pixel : pixels[pixel]!;
    channel[row] = (i - pixel) / nPix;
    value[row++] = data[offset + i]!;
  }
  return [
    { name: "PIX", values: integers(pix) },
    { name: "CHANNEL", values: channel },
    { name: "VALUE", values: value },
  ];
}

/** Whole numbers as the shortest of J and K that holds them. */
export function integers(values: Float64Array): Int32Array | BigInt64Array {
  if (values.every((one) => one < 2 ** 31)) return Int32Array.from(values);
  return BigInt64Array.from(values, BigInt);
}
