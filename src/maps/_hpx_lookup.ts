/** From pixels of a HEALPix grid to their places in an ascending list of some of them. */

/** A table of all pixels between the first and the last is made where it is not much larger than the list. */
const TABLE_SHARE = 16;
const TABLE_FREE = 1 << 16;

const tables = new WeakMap<Float64Array, Int32Array>();

/** Places of all pixels from the first of the list to the last; undefined where that would be too long. */
function tableOf(pixels: Float64Array): Int32Array | undefined {
  const known = tables.get(pixels);
  if (known !== undefined) return known;
  const n = pixels.length, span = n === 0 ? 0 : pixels[n - 1]! - pixels[0]! + 1;
  if (span > TABLE_SHARE * n + TABLE_FREE) return undefined;
  const table = new Int32Array(span).fill(-1), first = pixels[0]!;
  for (let i = 0; i < n; i++) table[pixels[i]! - first] = i;
  tables.set(pixels, table);
  return table;
}

/** Place of a pixel in an ascending list; -1 where it is not there. */
export function placeOf(pixels: Float64Array, pix: number): number {
  let low = 0, high = pixels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pixels[middle]! < pix) low = middle + 1;
    else high = middle;
  }
  return low < pixels.length && pixels[low] === pix ? low : -1;
}

/** Writes the place of each pixel in an ascending list into `out`; -1 where it is not there. */
export function placesInto(
  pixels: Float64Array,
  pix: Float64Array,
  out: Int32Array | Float64Array,
): void {
  const table = tableOf(pixels);
  if (table === undefined) {
    for (let i = 0; i < pix.length; i++) out[i] = placeOf(pixels, pix[i]!);
    return;
  }
  const first = pixels[0] ?? 0, span = table.length;
  for (let i = 0; i < pix.length; i++) {
    const at = pix[i]! - first;
    out[i] = at >= 0 && at < span ? table[at]! : -1;
  }
}
