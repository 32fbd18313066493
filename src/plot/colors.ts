/** Names of the colour maps. */
export type ColorMapName = "viridis" | "magma" | "inferno" | "gray" | "coolwarm";

/**
 * The colours of Okabe and Ito, told apart with every kind of colour vision, in the order in which series
 * take them.
 *
 * Source: Okabe & Ito 2008, «Color Universal Design».
 */
export const okabeIto: readonly string[] = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#000000",
];

/** Control points at equal distances, as hexadecimal sRGB. */
const CONTROL: Readonly<Record<ColorMapName, string>> = {
  viridis: "440154 482475 414487 355f8d 2a788e 21918c 22a884 44bf70 7ad151 bddf26 fde725",
  magma: "000004 140e36 3b0f70 641a80 8c2981 b73779 de4968 f7705c fe9f6d fecf92 fcfdbf",
  inferno: "000004 160b39 420a68 6a176e 932667 bc3754 dd513a f37819 fca50a f6d746 fcffa4",
  gray: "000000 ffffff",
  coolwarm: "053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f",
};

const toLinear = (v: number): number => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const toGamma = (v: number): number => v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055;

/**
 * A colour map as a table of 256 sRGB triples. "viridis", "magma" and "inferno" are uniform to the eye and
 * read in grey; "coolwarm" diverges from white, for significances; control points of matplotlib (CC0)
 * and ColorBrewer, interpolated in linear light.
 *
 * @param name one of the names
 * @returns 768 octets r, g, b, …, owned by the caller
 * @throws RangeError for an unknown name
 * @example
 * ```ts
 * import { colorMap } from "@gammarx/gammarx/plot";
 * import { deepEqual } from "node:assert/strict";
 * deepEqual([...colorMap("viridis").subarray(0, 3)], [0x44, 0x01, 0x54]);
 * ```
 */
export function colorMap(name: ColorMapName): Uint8Array<ArrayBuffer> {
  const text = CONTROL[name];
  if (text === undefined) {
    throw new RangeError(`No colour map "${name}"; there are ${Object.keys(CONTROL).join(", ")}`);
  }
  const control = text.split(" ").map((hex) =>
    [0, 2, 4].map((at) => toLinear(parseInt(hex.slice(at, at + 2), 16) / 255))
  );
  const out = new Uint8Array(768), last = control.length - 1;
  for (let i = 0; i < 256; i++) {
    const place = i / 255 * last, k = Math.min(Math.floor(place), last - 1), f = place - k;
    for (let c = 0; c < 3; c++) {
      const value = name === "gray"
        ? i / 255
        : toGamma(control[k]![c]! * (1 - f) + control[k + 1]![c]! * f);
      out[3 * i + c] = Math.round(255 * value);
    }
  }
  return out;
}
