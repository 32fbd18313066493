// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import {
  asImage,
  card,
  type FitsFile,
  FitsFormatError,
  type Hdu,
  type HduInput,
  isImage,
  optionalHeaderInteger,
} from "../fits/mod.ts";
import {
  type Axis,
  createNDArr,
  createNDData,
  EMPTY_META,
  type NDArr,
  type NDData,
  type NumericArray,
  type Place,
  type Uncertainty,
} from "../nddata/mod.ts";
import { flatten } from "../numeric/mod.ts";
import { bandsCards, bandsTable, readBands } from "./formats/bands_fits.ts";
import {
  asciiJson,
  checkedUnit,
  hduNamed,
  inHdu,
  metaCard,
  metaOf,
  textOf,
} from "./formats/header_fits.ts";
import { arrWithParts, partHdu, partOf, partsOf } from "./formats/parts_fits.ts";
import { readMapImage } from "./formats/values_fits.ts";

const FORMAT = "nddata", VERSION = "1";

/** How {@link ndDataHdus} lays out an array. */
export interface NDDataHdusOptions {
  /** Name of the HDU of the values, and the beginning of the others'; "DATA" where absent. */
  readonly name?: string | undefined;
  /** As what the uncertainty is written; "variance" where absent. */
  readonly uncertainty?: Uncertainty["kind"] | undefined;
}

/**
 * The HDUs of an array: values, table of the bins of its axes, uncertainty, validity, bit planes; place in
 * the parent and metadata as JSON in keywords.
 *
 * | HDU | what |
 * | --- | --- |
 * | NAME | values, BUNIT, META, PLACE |
 * | NAME_BANDS | bins of the axes, as in GADF maps |
 * | NAME_VARIANCE, NAME_STD or NAME_IVAR | uncertainty, with its unit |
 * | NAME_VALID | 1 = use it |
 * | NAME_PLANES, NAME_PLANES_HIGH | bits of the first 32 flags and of those after them; GRXNAMES, GRXSELEC |
 *
 * @param data An array, or data of axes alone; of data with sky coordinates `mapHdus` takes care.
 * @param options Name, kind of uncertainty.
 * @returns HDUs for `encodeFits`; they share the array's memory.
 * @throws TypeError for data with world coordinates of their own.
 * @example
 * ```ts
 * import { ndDataHdus, readNDData } from "@gammarx/gammarx/maps";
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { createMapAxis, createNDArr, createNDData } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const arr = createNDArr(ndarray(Float32Array.of(4, 9), [2]), { unit: "s-1", variance: 1 });
 * const rate = createNDData(arr, { axes: [createMapAxis("x", [0, 1, 2])] });
 * using fits = await openFits(memorySource(encodeFits(ndDataHdus(rate, { uncertainty: "std" }))));
 * strictEqual((await readNDData(fits)).variance?.get(1), 1);
 * ```
 * @see astropy APE on NDData
 */
export function ndDataHdus(data: NDArr | NDData, options: NDDataHdusOptions = {}): HduInput[] {
  const { name = "DATA", uncertainty } = options;
  const axes = "axes" in data ? data.axes : [], meta = "meta" in data ? data.meta : EMPTY_META;
  if ("wcs" in data && (data.wcs?.nPixelAxes ?? 0) > 0) {
    throw new TypeError(
      "Found data with world coordinates of pixels, which only a map's geometry can name: use mapHdus",
    );
  }
  const shape = data.values.shape, bands = `${name}_BANDS`, place = placeJson(data.place);
  const header = [
    card("GRXFORM", FORMAT, "format of the array"),
    card("GRXVERS", VERSION, "version of the format"),
    card("GRXNDIM", shape.length, "dimensions of the array"),
    ...bandsCards(axes),
    ...(axes.length === 0 ? [] : [card("BANDSHDU", bands, "bins of the axes")]),
    ...(place === undefined ? [] : [card("PLACE", place, "place in the parent")]),
    metaCard(meta),
  ];
  return [
    { ...arrayHdu(data.values, name, data.unit), header },
    ...(axes.length === 0 ? [] : [bandsTable(axes, bands)]),
    ...partsOf(data, uncertainty).map((part) => {
      const { values, unit } = part;
      return partHdu(arrayHdu(values, `${name}_${part.part}`, unit), part, name);
    }),
  ];
}

/** An image of numbers; an array of no dimension is written as one of a single value. */
function arrayHdu(
  values: NdArray<NumericArray>,
  name: string,
  unit: string | undefined,
): Extract<HduInput, { kind: "image" }> {
  const { data, offset, length } = flatten(values), { shape } = values;
  return {
    kind: "image",
    name,
    data: data.subarray(offset, offset + length),
    shape: shape.length === 0 ? [1] : [...shape],
    ...(unit === undefined ? {} : { unit }),
  };
}

/** The place of an array that was cut; undefined for one that is its own parent. */
function placeJson({ parent, start, stop, axes }: Place): string | undefined {
  const isWhole = axes.length === parent.shape.length &&
    start.every((one, d) => one === 0 && stop[d] === parent.shape[d]);
  return isWhole ? undefined : asciiJson({ shape: parent.shape, start, stop, axes });
}

/** Which array of a file is read. */
export interface ReadNDDataOptions {
  /** Name or index of the HDU of the values; the first one of this format where absent. */
  readonly hdu?: string | number | undefined;
}

/**
 * The data that {@link ndDataHdus} wrote: axes, array, meta.
 *
 * @param fits An open file; it stays the caller's.
 * @param options Which HDU.
 * @returns Data; the caller's. An array that was cut has its place in its parent again; arrays of one
 *   parent that are read one by one have each a token of their own for it.
 * @throws FitsFormatError for a file without such data, or with parts that do not fit together.
 * @example
 * ```ts
 * import { ndDataHdus, readNDData } from "@gammarx/gammarx/maps";
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { createLabelAxis, createNDArr, createNDData } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const axes = [createLabelAxis("band", ["low", "high"])];
 * const data = createNDData(createNDArr(ndarray(Int32Array.of(1, 2), [2])), { axes });
 * using fits = await openFits(memorySource(encodeFits(ndDataHdus(data, { name: "COUNTS" }))));
 * strictEqual((await readNDData(fits, { hdu: "COUNTS" })).coordinatesKey, data.coordinatesKey);
 * ```
 */
export async function readNDData(
  fits: FitsFile,
  options: ReadNDDataOptions = {},
): Promise<NDData> {
  const found = await findArray(fits, options), arr = await arrayOf(found);
  const bands = textOf(found.hdu.header, "BANDSHDU"), axes = await axesOf(found, bands);
  const { hdu } = found, meta = metaOf(hdu.header);
  return inHdu(hdu, "BANDSHDU", () => createNDData(arr, { axes, meta }));
}

/**
 * The array alone of what {@link ndDataHdus} wrote, with its uncertainty, validity and planes.
 *
 * @param fits An open file; it stays the caller's.
 * @param options Which HDU.
 * @returns An array; the caller's.
 * @throws As {@link readNDData}.
 * @example
 * ```ts
 * import { ndDataHdus, readNDArr } from "@gammarx/gammarx/maps";
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { createNDArr } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { deepStrictEqual } from "node:assert/strict";
 * const arr = createNDArr(ndarray(new Int16Array(6), [2, 3]), { unit: "cm2" });
 * using fits = await openFits(memorySource(encodeFits(ndDataHdus(arr))));
 * deepStrictEqual((await readNDArr(fits)).values.shape, [2, 3]);
 * ```
 */
export async function readNDArr(fits: FitsFile, options: ReadNDDataOptions = {}): Promise<NDArr> {
  return await arrayOf(await findArray(fits, options));
}

interface Found {
  readonly fits: FitsFile;
  readonly hdus: readonly Hdu[];
  readonly hdu: Hdu;
}

async function findArray(fits: FitsFile, { hdu: which }: ReadNDDataOptions): Promise<Found> {
  const hdus = await fits.hdus();
  const hdu = which === undefined
    ? hdus.find((one) => textOf(one.header, "GRXFORM") === FORMAT && partOf(one) === "")
    : await fits.hdu(which);
  if (hdu !== undefined && isImage(hdu)) return { fits, hdus, hdu };
  throw new FitsFormatError(
    `found no array: expected an image with GRXFORM = '${FORMAT}'`,
    { file: fits.name, hdu: hdu?.index },
  );
}

async function arrayOf(found: Found): Promise<NDArr> {
  const { hdu } = found, { header } = hdu;
  const isSingle = optionalHeaderInteger(header, "GRXNDIM") === 0;
  const read = async (one: Hdu) => {
    const { values, shape } = await readMapImage(asImage(one));
    return inHdu(one, "GRXNDIM", () => {
      if (isSingle && values.length !== 1) {
        throw new TypeError(
          `found ${values.length} values, expected one for an array of no dimension`,
        );
      }
      const bunit = textOf(one.header, "BUNIT");
      return { values: ndarray(values, isSingle ? [] : [...shape]), unit: bunit };
    });
  };
  const unit = header.index.has("BUNIT")
    ? checkedUnit(hdu, "BUNIT", textOf(header, "BUNIT"))
    : undefined;
  const { values } = await read(hdu),
    bare = inHdu(hdu, "BUNIT", () => createNDArr(values, { unit }));
  const arr = await arrWithParts(bare, found, read), place = placeOf(hdu, arr);
  return place === undefined ? arr : Object.freeze({ ...arr, place });
}

async function axesOf(found: Found, name: string): Promise<Axis[]> {
  if (name === "") return [];
  const table = hduNamed(found, name);
  if (table?.kind === "bintable") return await readBands(table);
  throw new FitsFormatError(`found no table ${name}, expected the bins of the axes in it`, {
    file: found.fits.name,
    hdu: found.hdu.index,
    keyword: "BANDSHDU",
  });
}

/** PLACE, checked against the shape; undefined where it is absent. */
function placeOf(hdu: Hdu, arr: NDArr): Place | undefined {
  const text = textOf(hdu.header, "PLACE");
  if (text === "") return undefined;
  return inHdu(hdu, "PLACE", () => {
    const place = JSON.parse(text) as Record<"shape" | "start" | "stop" | "axes", unknown>;
    const list = (name: "shape" | "start" | "stop" | "axes"): readonly number[] => {
      const value = place?.[name];
      if (Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0)) {
        return Object.freeze(value);
      }
      throw new TypeError(`found ${text.slice(0, 60)}, expected a list "${name}" of whole numbers`);
    };
    const [shape, start, stop, axes] = [list("shape"), list("start"), list("stop"), list("axes")];
    const isBox = start.length === shape.length && stop.length === shape.length &&
      shape.every((n, d) => start[d]! < stop[d]! && stop[d]! <= n);
    const isShape = axes.length === arr.values.shape.length &&
      axes.every((axis, d) => stop[axis]! - start[axis]! === arr.values.shape[d]);
    if (!isBox || !isShape) {
      throw new RangeError(`found ${text.slice(0, 60)}, expected a box of the array's shape`);
    }
    return Object.freeze({ parent: Object.freeze({ shape }), start, stop, axes });
  });
}
