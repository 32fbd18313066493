/*
 * HCOMPRESS_1: the two-dimensional Haar transform of an image, its bit planes as quadtrees.
 *
 * Numbers are doubles, exact to 2⁵³, so that 32-bit images need no wider integers.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | h0, hx, hy, hc | sum of 2 × 2 pixels, and the differences down, across, and crosswise |
 *
 * Source: White 1992, in: Space Telescope Science Institute, "High-performance compression of astronomical
 * images"; FITS 4.0, section 10.4.4.
 */

/** Bits of a byte string, the highest first. */
interface Bits {
  readonly bytes: Uint8Array;
  at: number;
  held: number;
  nHeld: number;
}

function bits(from: Bits, n: number): number {
  while (from.nHeld < n) {
    if (from.at >= from.bytes.length + 8) {
      throw new RangeError("H-compress: the bytes end too early");
    }
    from.held = ((from.held << 8) | (from.bytes[from.at++] ?? 0)) & 0xffff;
    from.nHeld += 8;
  }
  from.nHeld -= n;
  return (from.held >>> from.nHeld) & ((1 << n) - 1);
}

/** Codes of four bits by length and number; the most frequent are the shortest. */
const CODES: readonly (readonly [length: number, code: number, value: number])[] = [
  [3, 0, 1],
  [3, 1, 2],
  [3, 2, 4],
  [3, 3, 8],
  [4, 8, 3],
  [4, 9, 5],
  [4, 10, 10],
  [4, 11, 12],
  [4, 12, 15],
  [5, 26, 6],
  [5, 27, 7],
  [5, 28, 9],
  [5, 29, 11],
  [5, 30, 13],
  [6, 62, 0],
  [6, 63, 14],
];

/** Length and value by the next six bits. */
const BY_BITS: readonly (readonly [length: number, value: number])[] = Array.from(
  { length: 64 },
  (_, six) => {
    const [length, , value] = CODES.find(([l, code]) => six >>> (6 - l) === code)!;
    return [length, value] as const;
  },
);

function fourBits(from: Bits): number {
  let code = bits(from, 3), length = 3;
  for (;;) {
    const [l, value] = BY_BITS[code << (6 - length)]!;
    if (l <= length) return value;
    code = (code << 1) | bits(from, 1);
    length++;
  }
}

/** A rectangle of an array: its first element and its sides. */
interface Part {
  readonly first: number;
  readonly rows: number;
  readonly columns: number;
}

/** Adds the bit planes of a part, the highest first. */
function addPlanes(
  a: Float64Array,
  stride: number,
  { first, rows, columns }: Part,
  from: Bits,
  nPlanes: number,
): void {
  const halfRows = (rows + 1) >> 1, halfColumns = (columns + 1) >> 1;
  const levels = levelsOf(Math.max(rows, columns));
  for (let plane = nPlanes - 1; plane >= 0; plane--) {
    const way = bits(from, 4);
    let nodes: Uint8Array;
    if (way === 0) {
      nodes = new Uint8Array(halfRows * halfColumns);
      for (let i = 0; i < nodes.length; i++) nodes[i] = bits(from, 4);
    } else if (way === 15) nodes = quadtree(from, { rows, columns, levels });
    else throw new RangeError(`H-compress: found format ${way} of a bit plane, expected 0 or 15`);
    const weight = 2 ** plane;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const node = nodes[(i >> 1) * halfColumns + (j >> 1)]!;
        // Upper left is the highest bit, lower right the lowest.
        if ((node >>> (3 - 2 * (i & 1) - (j & 1))) & 1) a[first + i * stride + j]! += weight;
      }
    }
  }
}

function levelsOf(n: number): number {
  let levels = 0;
  while (2 ** levels < n) levels++;
  return levels;
}

/** The finest nodes of a quadtree: each has four bits, a bit for each quarter that is not all 0. */
function quadtree(
  from: Bits,
  { rows, columns, levels }: {
    readonly rows: number;
    readonly columns: number;
    readonly levels: number;
  },
): Uint8Array {
  let nodes = Uint8Array.of(fourBits(from)), nx = 1;
  for (let level = 1; level < levels; level++) {
    const size = 2 ** (levels - level),
      nextY = Math.ceil(rows / size),
      nextX = Math.ceil(columns / size);
    const next = new Uint8Array(nextY * nextX);
    for (let i = 0; i < nextY; i++) {
      for (let j = 0; j < nextX; j++) {
        const node = nodes[(i >> 1) * nx + (j >> 1)]!;
        next[i * nextX + j] = (node >>> (3 - 2 * (i & 1) - (j & 1))) & 1;
      }
    }
    // Backwards, as they were written.
    for (let k = next.length - 1; k >= 0; k--) if (next[k] !== 0) next[k] = fourBits(from);
    nodes = next;
    nx = nextX;
  }
  return nodes;
}

const MAGIC = [0xdd, 0x99];
const HEAD_BYTES = 25;

/**
 * Decodes an image.
 *
 * @param bytes The compressed bytes.
 * @param shape Rows and columns that it must have.
 * @param smooth Whether steps of the quantisation are smoothed.
 * @returns Pixels in C order.
 * @throws RangeError for bytes that are none of this, or of another shape.
 */
export function hcompressDecode(
  bytes: Uint8Array,
  [ny, nx]: readonly [number, number],
  smooth: boolean,
): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD_BYTES || bytes[0] !== MAGIC[0] || bytes[1] !== MAGIC[1]) {
    throw new RangeError("H-compress: the bytes do not begin with its mark");
  }
  const rows = view.getInt32(2), columns = view.getInt32(6), scale = view.getInt32(10);
  if (rows !== ny || columns !== nx) {
    throw new RangeError(`H-compress: found ${rows} x ${columns} pixels, expected ${ny} x ${nx}`);
  }
  const sum = Number(view.getBigInt64(14)), planes = [bytes[22]!, bytes[23]!, bytes[24]!] as const;
  if (planes.some((n) => n > 62)) {
    throw new RangeError(`H-compress: found ${planes} bit planes, expected 62 or fewer`);
  }
  const a = new Float64Array(ny * nx), top = (ny + 1) >> 1, left = (nx + 1) >> 1;
  const from: Bits = { bytes, at: HEAD_BYTES, held: 0, nHeld: 0 };
  addPlanes(a, nx, { first: 0, rows: top, columns: left }, from, planes[0]);
  addPlanes(a, nx, { first: left, rows: top, columns: nx >> 1 }, from, planes[1]);
  addPlanes(a, nx, { first: nx * top, rows: ny >> 1, columns: left }, from, planes[1]);
  addPlanes(a, nx, { first: nx * top + left, rows: ny >> 1, columns: nx >> 1 }, from, planes[2]);
  if (bits(from, 4) !== 0) {
    throw new RangeError("H-compress: the bit planes do not end as they must");
  }
  from.nHeld = 0; // signs begin at a byte
  for (let i = 0; i < a.length; i++) if (a[i] !== 0 && bits(from, 1) === 1) a[i] = -a[i]!;
  a[0] = sum;
  if (scale > 1) { for (let i = 0; i < a.length; i++) a[i] = a[i]! * scale; }
  inverse(a, { ny, nx, scale: smooth ? scale : 0 });
  return a;
}

/** Down to a multiple. */
const floorTo = (x: number, step: number): number => Math.floor(x / step) * step;
/** The bit of a weight in two's complement. */
const bitOf = (x: number, weight: number): number => floorTo(x, weight) - floorTo(x, 2 * weight);

/** Rounds to a multiple, halves away from 0 for positive and towards it for negative numbers. */
function rounded(x: number, step: number): number {
  const half = step / 2;
  return floorTo(x + (x >= 0 ? Math.floor(half) : Math.max(0, half - 1)), step);
}

/** The inverse transform, from one number to the image, in place. */
function inverse(
  a: Float64Array,
  { ny, nx, scale }: { readonly ny: number; readonly nx: number; readonly scale: number },
): void {
  const levels = levelsOf(Math.max(ny, nx));
  if (levels === 0) return;
  a[0] = rounded(a[0]!, 2 ** (levels + 1));
  for (let level = levels - 1; level >= 0; level--) {
    const size = 2 ** level, rows = Math.ceil(ny / size), columns = Math.ceil(nx / size);
    interleave(a, { rows, columns, stride: nx });
    if (scale > 1) smoothSteps(a, { rows, columns, stride: nx, most: Math.floor(scale / 2) });
    recombine(a, { rows, columns, stride: nx, unit: size, divisor: level === 0 ? 4 : 2 });
  }
}

/** What one level of the transform covers. */
interface Level {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
}

/** Puts sums and differences, which stand in four quarters, beside each other. */
function interleave(a: Float64Array, { rows, columns, stride }: Level): void {
  const half = (n: number) => (n + 1) >> 1;
  const row = new Float64Array(columns), column = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      row[j] = a[i * stride + (j >> 1) + (j & 1) * half(columns)]!;
    }
    a.set(row, i * stride);
  }
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) {
      column[i] = a[((i >> 1) + (i & 1) * half(rows)) * stride + j]!;
    }
    for (let i = 0; i < rows; i++) a[i * stride + j] = column[i]!;
  }
}

/** Pixels of sums and differences; the lowest bits, which the forward transform dropped, come back. */
function recombine(
  a: Float64Array,
  { rows, columns, stride, unit, divisor }: Level & {
    readonly unit: number;
    readonly divisor: number;
  },
): void {
  const twice = 2 * unit, last = divisor === 4;
  const crosswise = (h: number) => last ? Math.floor(h / unit) * unit : rounded(h, unit);
  const share = (h: number) => Math.floor(h / divisor);
  for (let i = 0; i < rows; i += 2) {
    const top = i * stride, below = i + 1 < rows ? top + stride : -1;
    for (let j = 0; j < columns; j += 2) {
      const beside = j + 1 < columns;
      const at00 = top + j, at01 = at00 + 1, at10 = below + j, at11 = at10 + 1;
      let h0 = a[at00]!;
      if (below >= 0 && beside) {
        const hc = crosswise(a[at11]!), low = bitOf(hc, unit);
        let hx = rounded(a[at10]!, twice), hy = rounded(a[at01]!, twice);
        hx += hx >= 0 ? -low : low;
        hy += hy >= 0 ? -low : low;
        const odd = (bitOf(hc, twice) + bitOf(hx, twice) + bitOf(hy, twice)) / twice % 2;
        const high = odd * twice;
        h0 += h0 >= 0 ? low - high : low === 0 ? high : low - high;
        a[at11] = share(h0 + hx + hy + hc);
        a[at10] = share(h0 + hx - hy - hc);
        a[at01] = share(h0 - hx + hy - hc);
        a[at00] = share(h0 - hx - hy + hc);
      } else if (below >= 0 || beside) {
        const other = beside ? at01 : at10, h = rounded(a[other]!, twice), low = bitOf(h, twice);
        h0 += h0 >= 0 ? -low : low;
        a[other] = share(h0 + h);
        a[at00] = share(h0 - h);
      } else a[at00] = share(h0);
    }
  }
}

/** Draws differences towards what the neighbours' sums say, by half a step at the most. */
function smoothSteps(
  a: Float64Array,
  { rows, columns, stride, most }: Level & { readonly most: number },
): void {
  const limited = (diff: number, least: number, greatest: number) =>
    least < greatest ? Math.max(Math.min(diff, greatest), least) : diff;
  const step = (rest: number, unit: number) =>
    Math.max(-most, Math.min(most, Math.trunc(rest / unit)));
  const along = (at: number, gap: number, to: number) => {
    const h0 = a[at]!, up = a[at + gap]! - h0, down = h0 - a[at - gap]!;
    const greatest = 4 * Math.max(Math.min(up, down), 0),
      least = 4 * Math.min(Math.max(up, down), 0);
    if (least < greatest) {
      a[to]! += step(limited(up + down, least, greatest) - 8 * a[to]!, 8);
    }
  };
  for (let i = 2; i < rows - 2; i += 2) {
    for (let j = 0; j < columns; j += 2) {
      along(i * stride + j, 2 * stride, (i + 1) * stride + j);
    }
  }
  for (let i = 0; i < rows; i += 2) {
    for (let j = 2; j < columns - 2; j += 2) along(i * stride + j, 2, i * stride + j + 1);
  }
  for (let i = 2; i < rows - 2; i += 2) {
    for (let j = 2; j < columns - 2; j += 2) {
      const at = i * stride + j, far = 2 * stride, h0 = a[at]!;
      const pp = a[at + far + 2]! - h0, pm = h0 - a[at + far - 2]!;
      const mp = h0 - a[at - far + 2]!, mm = a[at - far - 2]! - h0;
      const x = 2 * a[at + stride]!, y = 2 * a[at + 1]!, to = at + stride + 1;
      const greatest = 16 * Math.min(
        Math.max(pp, 0) - x - y,
        Math.max(pm, 0) + x - y,
        Math.max(mp, 0) - x + y,
        Math.max(mm, 0) + x + y,
      );
      const least = 16 * Math.max(
        Math.min(pp, 0) - x - y,
        Math.min(pm, 0) + x - y,
        Math.min(mp, 0) - x + y,
        Math.min(mm, 0) + x + y,
      );
      if (least < greatest) {
        const diff = pp + mm + mp + pm;
        a[to]! += step(limited(diff, least, greatest) - 64 * a[to]!, 64);
      }
    }
  }
}
