/*
 * Line lists (PLIO_1): runs of pixels of masks as 16-bit words, an operation in the upper four bits and a
 * number in the lower twelve.
 *
 * Source: FITS 4.0, section 10.4.3 and table 37.
 */

/**
 * Decodes the words of a line list into `out`; pixels that no operation sets are 0.
 *
 * @throws RangeError for an unknown operation, or a list that ends too early or goes on too long.
 */
export function plioDecode(words: Int16Array, out: Int32Array): void {
  out.fill(0);
  // Two kinds of head: the length in the third word, or in two words behind it.
  const long = words[2]! <= 0;
  const length = long ? words[4]! * 32768 + words[3]! : words[2]!, first = long ? words[1]! : 3;
  if (!(length <= words.length && first >= 0)) {
    throw new RangeError(`Line list: it says ${length} words, found ${words.length}`);
  }
  let high = 1, at = 0;
  const fill = (value: number, n: number) => {
    if (at + n > out.length) {
      throw new RangeError(`Line list: it goes on to pixel ${at + n} of ${out.length}`);
    }
    out.fill(value, at, at + n);
    at += n;
  };
  for (let i = first; i < length; i++) {
    const word = words[i]! & 0xffff, n = word & 0xfff;
    switch (word >>> 12) {
      case 0:
        fill(0, n);
        break;
      case 1:
        high = (words[++i]! << 12) + n;
        break;
      case 2:
        high += n;
        break;
      case 3:
        high -= n;
        break;
      case 4:
        fill(high, n);
        break;
      case 5:
        fill(0, n - 1);
        fill(high, 1);
        break;
      case 6:
        high += n;
        fill(high, 1);
        break;
      case 7:
        high -= n;
        fill(high, 1);
        break;
      default:
        throw new RangeError(`Line list: found operation ${word >>> 12}, expected 0 to 7`);
    }
  }
}
