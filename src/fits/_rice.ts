/*
 * Rice coding of integers (RICE_1): differences of neighbours, folded to non-negative numbers, in blocks
 * that each have their own split into a unary and a binary part.
 *
 * Source: Rice, Yeh & Miller 1993; FITS 4.0, section 10.4.1.
 */

/** What depends on the bytes of a pixel. */
interface RiceLayout {
  /** Bits that name the split of a block. */
  readonly splitBits: number;
  /** The split that stands for "as they are". */
  readonly plainSplit: number;
  /** Bits of a pixel. */
  readonly pixelBits: number;
}

const LAYOUTS: Readonly<Record<number, RiceLayout>> = Object.freeze({
  1: { splitBits: 3, plainSplit: 6, pixelBits: 8 },
  2: { splitBits: 4, plainSplit: 14, pixelBits: 16 },
  4: { splitBits: 5, plainSplit: 25, pixelBits: 32 },
});

/** Bytes of a pixel and pixels of a block. */
export interface RiceOptions {
  /** 1, 2 or 4. */
  readonly bytePix: number;
  /** Pixels of a block, 16 or 32 mostly. */
  readonly blockSize: number;
}

function layoutOf({ bytePix, blockSize }: RiceOptions): RiceLayout {
  const layout = LAYOUTS[bytePix];
  if (layout === undefined || !(blockSize >= 1)) {
    throw new RangeError(
      `Rice: found ${bytePix} bytes a pixel and blocks of ${blockSize}, expected 1, 2 or 4 bytes`,
    );
  }
  return layout;
}

/**
 * Decodes `out.length` pixels; one-byte pixels are unsigned, the others signed.
 *
 * @throws RangeError where the bytes end before the pixels do.
 */
export function riceDecode(bytes: Uint8Array, out: Int32Array, options: RiceOptions): void {
  const { splitBits, plainSplit, pixelBits } = layoutOf(options), n = out.length;
  if (n === 0) return;
  const last = bytes.length, drop = 32 - pixelBits, isByte = options.bytePix === 1;
  let at = 0, previous = 0;
  for (; at < options.bytePix; at++) previous = (previous << 8) | (bytes[at] ?? 0);
  if (!isByte) previous = (previous << drop) >> drop;
  // `held` has the lowest `nHeld` bits that are not used yet.
  let held = bytes[at++] ?? 0, nHeld = 8;
  for (let begin = 0; begin < n; begin += options.blockSize) {
    const end = Math.min(n, begin + options.blockSize);
    nHeld -= splitBits;
    while (nHeld < 0) {
      held = (held << 8) | (bytes[at++] ?? 0);
      nHeld += 8;
    }
    const split = (held >>> nHeld) - 1;
    held &= (1 << nHeld) - 1;
    if (split < 0) {
      out.fill(previous, begin, end);
      continue;
    }
    for (let i = begin; i < end; i++) {
      let folded: number;
      if (split === plainSplit) {
        let missing = pixelBits - nHeld;
        folded = missing < 32 ? held << missing : 0;
        for (missing -= 8; missing >= 0; missing -= 8) folded |= (bytes[at++] ?? 0) << missing;
        if (nHeld > 0) {
          held = bytes[at++] ?? 0;
          folded |= held >>> -missing;
          held &= (1 << nHeld) - 1;
        } else held = 0;
        folded >>>= 0;
      } else {
        let zeros = nHeld;
        while (held === 0) {
          if (at >= last) throw new RangeError(`Rice: the bytes end at pixel ${i} of ${n}`);
          held = bytes[at++]!;
          nHeld = 8;
          zeros += 8;
        }
        const length = 32 - Math.clz32(held);
        zeros -= length;
        nHeld = length - 1;
        held &= (1 << nHeld) - 1;
        nHeld -= split;
        while (nHeld < 0) {
          held = (held << 8) | (bytes[at++] ?? 0);
          nHeld += 8;
        }
        folded = ((zeros << split) | (held >>> nHeld)) >>> 0;
        held &= (1 << nHeld) - 1;
      }
      const difference = (folded & 1) === 1 ? ~(folded >>> 1) : folded >>> 1;
      previous = previous + difference;
      previous = isByte ? previous & 255 : (previous << drop) >> drop;
      out[i] = previous;
    }
  }
  // The byte that is held may be one beyond the last.
  if (at > last + 1) throw new RangeError(`Rice: ${at - last} bytes are missing of ${n} pixels`);
}

/** Puts bits together to bytes. */
interface BitWriter {
  bytes: Uint8Array;
  at: number;
  held: number;
  nHeld: number;
}

function put(writer: BitWriter, value: number, nBits: number): void {
  for (let left = nBits; left > 0;) {
    const take = Math.min(left, 8 - writer.nHeld);
    writer.held = (writer.held << take) | ((value >>> (left - take)) & ((1 << take) - 1));
    writer.nHeld += take;
    left -= take;
    if (writer.nHeld === 8) {
      if (writer.at === writer.bytes.length) {
        const larger = new Uint8Array(2 * writer.bytes.length);
        larger.set(writer.bytes);
        writer.bytes = larger;
      }
      writer.bytes[writer.at++] = writer.held;
      writer.held = 0;
      writer.nHeld = 0;
    }
  }
}

/** Encodes pixels; they are taken modulo 2 to the bits of a pixel. */
export function riceEncode(pixels: Int32Array, options: RiceOptions): Uint8Array {
  const { splitBits, plainSplit, pixelBits } = layoutOf(options), n = pixels.length;
  const writer = { bytes: new Uint8Array(16 + n * options.bytePix), at: 0, held: 0, nHeld: 0 };
  const drop = 32 - pixelBits, folded = new Uint32Array(options.blockSize);
  let previous = n > 0 ? pixels[0]! : 0;
  put(writer, previous, pixelBits);
  for (let begin = 0; begin < n; begin += options.blockSize) {
    const size = Math.min(options.blockSize, n - begin);
    let sum = 0;
    for (let k = 0; k < size; k++) {
      const value = pixels[begin + k]!, difference = ((value - previous) << drop) >> drop;
      folded[k] = ((difference << 1) ^ (difference >> 31)) >>> 0;
      if (drop > 0) folded[k] = folded[k]! & ((1 << pixelBits) - 1);
      sum += folded[k]!;
      previous = value;
    }
    const mean = Math.max(0, sum - size / 2 - 1) / size;
    const split = mean < 2 ? 0 : Math.min(plainSplit, 31 - Math.clz32(mean >>> 0));
    if (sum === 0) put(writer, 0, splitBits);
    else if (split >= plainSplit) {
      put(writer, plainSplit + 1, splitBits);
      for (let k = 0; k < size; k++) put(writer, folded[k]!, pixelBits);
    } else {
      put(writer, split + 1, splitBits);
      for (let k = 0; k < size; k++) {
        for (let zeros = folded[k]! >>> split; zeros > 0; zeros -= 24) {
          put(writer, 0, Math.min(24, zeros));
        }
        put(writer, 1, 1);
        put(writer, folded[k]!, split);
      }
    }
  }
  if (writer.nHeld > 0) put(writer, 0, 8 - writer.nHeld);
  return writer.bytes.subarray(0, writer.at);
}
