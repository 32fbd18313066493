/**
 * What an array has beside its values: variance (or standard deviation, or inverse variance), validity and
 * bit planes, each in HDUs of its own, marked by the keywords GRXPART (what it is) and GRXOF (of which HDU).
 */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import { type Card, card, type Hdu, type HduInput, headerError } from "../../fits/mod.ts";
import {
  type BitPlanes,
  createNDArr,
  type NDArr,
  type NDArrOptions,
  type NumericArray,
  selectPlanes,
  type Uncertainty,
  uncertaintyOf,
} from "../../nddata/mod.ts";
import { flatten } from "../../numeric/mod.ts";
import { asciiJson, inHdu, textOf } from "./header_fits.ts";

/** Which part of an array an HDU is; "" where it is one of its own. */
export function partOf(hdu: Hdu): string {
  return textOf(hdu.header, "GRXPART");
}

/** A part of an array. */
export interface ArrayPart {
  /** What it is: the end of its HDU's name, too. */
  readonly part: string;
  /** Its numbers. */
  readonly values: NdArray<NumericArray>;
  /** Their unit. */
  readonly unit: string;
  /** Cards that tell more of it. */
  readonly cards: readonly Card[];
}

const UNCERTAINTIES: Readonly<Record<Uncertainty["kind"], string>> = {
  std: "STD",
  variance: "VARIANCE",
  "inverse-variance": "IVAR",
};

/** The parts of an array. */
export function partsOf(arr: NDArr, uncertainty: Uncertainty["kind"] = "variance"): ArrayPart[] {
  const { variance, valid, planes } = arr, parts: ArrayPart[] = [];
  if (variance !== undefined) {
    const { values, unit = "" } = uncertaintyOf(arr, uncertainty);
    parts.push({ part: UNCERTAINTIES[uncertainty], values, unit, cards: [] });
  }
  if (valid !== undefined) parts.push({ part: "VALID", values: valid, unit: "", cards: [] });
  if (planes !== undefined) {
    const cards = [
      card("GRXNAMES", asciiJson(planes.names), "names of the bits, lowest first"),
      card("GRXSELEC", asciiJson(planes.selected), "bits that make a value invalid"),
    ];
    parts.push({ part: "PLANES", values: planes.low, unit: "", cards });
    if (planes.high !== undefined) {
      parts.push({ part: "PLANES_HIGH", values: planes.high, unit: "", cards });
    }
  }
  return parts;
}

/** The HDU of a part of the HDU `of`. */
export function partHdu(values: HduInput, { part, cards }: ArrayPart, of: string): HduInput {
  const marks = [card("GRXPART", part, "what this is"), card("GRXOF", of, "of which HDU")];
  return { ...values, header: [...values.header ?? [], ...marks, ...cards] };
}

/** The numbers of an HDU, and their unit. */
export interface PartValues {
  /** The numbers. */
  readonly values: NdArray<NumericArray>;
  /** Their unit. */
  readonly unit?: string | undefined;
}

/** The array with its parts, where the file has any; `read` takes the numbers of an HDU. */
export async function arrWithParts(
  arr: NDArr,
  { hdu, hdus }: { readonly hdu: Hdu; readonly hdus: readonly Hdu[] },
  read: (hdu: Hdu) => Promise<PartValues>,
): Promise<NDArr> {
  const own = hdu.name.trim().toUpperCase(), parts = new Map<string, Hdu>();
  for (const one of partOf(hdu) === "" ? hdus : []) {
    const isOwn = textOf(one.header, "GRXOF").toUpperCase() === own;
    if (isOwn && partOf(one) !== "") parts.set(partOf(one), one);
  }
  if (parts.size === 0) return arr;
  const take = async (part: string) => {
    const one = parts.get(part);
    return one === undefined ? undefined : await read(one);
  };
  const words = async (part: string) => {
    const found = await take(part);
    return found && converted(found, (from) => Uint32Array.from(from));
  };
  const valid = await take("VALID"), low = await words("PLANES"), high = await words("PLANES_HIGH");
  const options: NDArrOptions = {
    unit: arr.unit,
    valid: valid === undefined ? arr.valid : converted(valid, flagsOf),
    planes: low && planesFrom(parts.get("PLANES")!, { low, high }),
  };
  for (const [kind, part] of Object.entries(UNCERTAINTIES)) {
    const found = await take(part);
    if (found === undefined) continue;
    const values = converted(found, (from) => Float64Array.from(from)), { unit } = found;
    const uncertainty = { kind: kind as Uncertainty["kind"], values, unit };
    return inHdu(hdu, part, () => createNDArr(arr.values, { ...options, uncertainty }));
  }
  return inHdu(hdu, undefined, () => createNDArr(arr.values, options));
}

function flagsOf(from: NumericArray): Uint8Array {
  return Uint8Array.from(from, (one) => +(one !== 0));
}

/** Numbers in C order as another type. */
function converted<A extends NumericArray>(
  { values }: PartValues,
  make: (from: NumericArray) => A,
): NdArray<A> {
  const { data, offset, length } = flatten(values);
  return ndarray(make(data.subarray(offset, offset + length)), [...values.shape]);
}

function planesFrom(hdu: Hdu, words: Pick<BitPlanes, "low" | "high">): BitPlanes {
  const names = textList(hdu, "GRXNAMES"), selected = textList(hdu, "GRXSELEC");
  if (names.length === 0 || names.length > (words.high === undefined ? 32 : 64)) {
    throw headerError(hdu.header, "GRXNAMES", `found ${names.length} names, expected one a bit`);
  }
  return inHdu(hdu, "GRXSELEC", () => selectPlanes({ names, ...words, selected: [] }, selected));
}

function textList(hdu: Hdu, keyword: string): string[] {
  const text = textOf(hdu.header, keyword);
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  if (Array.isArray(list) && list.every((one) => typeof one === "string")) return list;
  throw headerError(hdu.header, keyword, `found ${text.slice(0, 40)}, expected a list of texts`);
}
