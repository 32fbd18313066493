import { checkedNull, layoutOf, putNull, putNumbers, sizeOf } from "./_encode_numbers.ts";
import { card } from "./card.ts";
import type { Card } from "./header.ts";
import type { ImageInput } from "./hdu_input.ts";
import type { EncodedHdu } from "./write_fits.ts";

const BITPIX: Readonly<Record<string, number>> = Object.freeze({
  B: 8,
  I: 16,
  J: 32,
  K: 64,
  E: -32,
  D: -64,
});
const CHUNK_ELEMENTS = 1 << 17;

export function encodeImage(input: ImageInput, index: number, hasMore: boolean): EncodedHdu {
  const { data } = input, what = `image ${input.name ?? index}`;
  const shape = input.shape ?? (data === undefined ? [] : [data.length]);
  const n = data === undefined ? 0 : sizeOf(what, shape);
  if (data === undefined ? shape.length > 0 : n !== data.length || shape.length === 0) {
    throw new TypeError(`${what}: found ${data?.length ?? 0} pixels for shape [${shape}]`);
  }
  const { type, bytes, zero } = layoutOf(data ?? new Uint8Array(0));
  const blank = checkedNull(what, type, input.blank);
  if (input.valid !== undefined && input.valid.length !== n) {
    throw new TypeError(`${what}: found ${input.valid.length} valid flags for ${n} pixels`);
  }
  if (blank === undefined && "BIJK".includes(type) && input.valid?.includes(0)) {
    throw new TypeError(`${what}: give blank, the value to write where valid is 0`);
  }
  if (zero !== 0 && (input.scale !== undefined || input.zero !== undefined)) {
    throw new TypeError(`${what}: scale and zero need an array of the stored type, not unsigned`);
  }
  const cards: Card[] = [
    index === 0
      ? card("SIMPLE", true, "conforms to FITS 4.0")
      : card("XTENSION", "IMAGE", "image extension"),
    card("BITPIX", BITPIX[type]!),
    card("NAXIS", shape.length),
    ...shape.map((_, i) => card(`NAXIS${i + 1}`, shape[shape.length - 1 - i]!)),
  ];
  if (index === 0) {
    if (hasMore) cards.push(card("EXTEND", true));
  } else cards.push(card("PCOUNT", 0), card("GCOUNT", 1));
  if (zero !== 0) cards.push(card("BZERO", zero), card("BSCALE", 1));
  if (input.zero !== undefined) cards.push(card("BZERO", input.zero));
  if (input.scale !== undefined) cards.push(card("BSCALE", input.scale));
  if (blank !== undefined) cards.push(card("BLANK", blank));
  const encode = (from: number): Uint8Array => {
    const count = Math.min(CHUNK_ELEMENTS, n - from), out = new Uint8Array(count * bytes);
    const view = new DataView(out.buffer);
    putNumbers(data!, from, view, 0, 0, 1, count);
    const { valid } = input;
    if (valid === undefined) return out;
    for (let i = 0; i < count; i++) {
      if (valid[from + i] === 0) putNull(type, blank, view, i * bytes);
    }
    return out;
  };
  return {
    cards,
    dataBytes: n * bytes,
    padding: 0,
    *chunks() {
      for (let from = 0; from < n; from += CHUNK_ELEMENTS) yield encode(from);
    },
  };
}
