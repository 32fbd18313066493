/**
 * Shapes of sets of pixels: distances, erosion, dilation, boundaries, connected parts.
 *
 * Sets are `Uint8Array`s of 0 and 1, C order [ny, nx]. Distances are between pixel centres, in pixels.
 *
 * Source of the distance transform: Meijster, Roerdink & Hesselink 2000, in Mathematical Morphology and
 * its Applications to Image and Signal Processing, 331; integers only, so that it is exact.
 */

/** A set of pixels. */
export interface PixelSet {
  /** 1 for pixels of the set, 0 for others. */
  readonly valid: Uint8Array;
  /** Pixels along x. */
  readonly nx: number;
  /** Pixels along y. */
  readonly ny: number;
}

function checkSet(set: PixelSet): void {
  const { valid, nx, ny } = set;
  if (!(Number.isInteger(nx) && Number.isInteger(ny) && nx > 0 && ny > 0)) {
    throw new RangeError(`Set of ${nx} x ${ny} pixels: expected positive integers`);
  }
  if (valid.length !== nx * ny) {
    throw new TypeError(`valid has ${valid.length} values, expected ${nx} x ${ny}`);
  }
}

/**
 * Squared distance of every pixel to the nearest one outside the set.
 *
 * @param set the set
 * @param options `edge`: whether pixels beyond the image are "outside" the set, or "absent", so that no
 * distance ends there
 * @returns new integers; 0 outside the set, Infinity where there is no pixel outside
 */
export function squaredDistances(
  set: PixelSet,
  options: { readonly edge: "outside" | "absent" },
): Float64Array {
  checkSet(set);
  const { valid, nx, ny } = set, isOutside = options.edge === "outside", far = nx + ny + 2;
  const along = new Int32Array(nx * ny), out = new Float64Array(nx * ny);
  const beyond = isOutside ? 0 : far;
  for (let i = 0; i < valid.length; i++) {
    const before = i < nx ? beyond : along[i - nx]!;
    along[i] = valid[i] === 0 ? 0 : Math.min(far, before + 1);
  }
  for (let i = valid.length - 1; i >= 0; i--) {
    const after = 1 + (i + nx < valid.length ? along[i + nx]! : beyond);
    if (after < along[i]!) along[i] = after;
  }
  // lower envelope of the parabolas (x - u)² + along(u)², by the columns u where each begins to rule
  const ruler = new Int32Array(nx), start = new Int32Array(nx);
  for (let y = 0; y < ny; y++) {
    const base = y * nx;
    let top = 0;
    ruler[0] = 0;
    start[0] = 0;
    for (let u = 1; u < nx; u++) {
      const gu = along[base + u]!, height = u * u + gu * gu;
      let from = 0;
      while (top >= 0) {
        const v = ruler[top]!, gv = along[base + v]!;
        from = 1 + Math.floor((height - v * v - gv * gv) / (2 * (u - v)));
        if (from > start[top]!) break;
        top--;
      }
      if (top < 0) from = 0;
      if (from >= nx) continue;
      ruler[++top] = u;
      start[top] = from;
    }
    for (let x = nx - 1; x >= 0; x--) {
      const u = ruler[top]!, g = along[base + u]!;
      let square = g >= far ? Infinity : (x - u) * (x - u) + g * g;
      if (isOutside) square = Math.min(square, (x + 1) * (x + 1), (nx - x) * (nx - x));
      out[base + x] = square;
      if (x === start[top]) top--;
    }
  }
  return out;
}

/** The square of a radius, so that a quotient such as 0.1 deg / 0.02 deg reaches its pixels. */
function squareOf(radiusPix: number): number {
  if (!(Number.isFinite(radiusPix) && radiusPix >= 0)) {
    throw new RangeError(`radiusPix: found ${radiusPix}, expected a number from 0 on`);
  }
  return radiusPix * radiusPix * (1 + 1e-9);
}

/**
 * Pixels of the set that are farther than a radius from every pixel outside it: erosion by the disk of
 * d <= radius.
 *
 * @param set the set
 * @param options `radiusPix`, in pixels, from 0 on; `edge` as of {@linkcode squaredDistances},
 * "outside" where absent
 * @returns a new set
 */
export function erode(
  set: PixelSet,
  options: { readonly radiusPix: number; readonly edge?: "outside" | "absent" },
): Uint8Array {
  const limit = squareOf(options.radiusPix);
  const squares = squaredDistances(set, { edge: options.edge ?? "outside" });
  const out = new Uint8Array(squares.length);
  for (let i = 0; i < out.length; i++) out[i] = +(squares[i]! > limit);
  return out;
}

/**
 * Pixels within a radius of a pixel of the set: dilation by the disk of d <= radius.
 *
 * @param set the set
 * @param options `radiusPix`, in pixels, from 0 on
 * @returns a new set
 */
export function dilate(set: PixelSet, options: { readonly radiusPix: number }): Uint8Array {
  const limit = squareOf(options.radiusPix), { nx, ny } = set;
  checkSet(set);
  const complement = { valid: set.valid.map((one) => one === 0 ? 1 : 0), nx, ny };
  const squares = squaredDistances(complement, { edge: "absent" });
  const out = new Uint8Array(squares.length);
  for (let i = 0; i < out.length; i++) out[i] = +(squares[i]! <= limit);
  return out;
}

/**
 * Pixels of an image with at least `widthPix` pixels between them and its edges.
 *
 * @param size pixels along x and y, and the width, in pixels, from 0 on
 * @returns a new set; a width that is no integer counts as the next one
 */
export function insideBoundary(
  size: { readonly nx: number; readonly ny: number; readonly widthPix: number },
): Uint8Array {
  const { nx, ny, widthPix } = size, valid = new Uint8Array(nx * ny);
  checkSet({ valid, nx, ny });
  squareOf(widthPix);
  const width = Math.ceil(widthPix * (1 - 1e-9));
  for (let y = width; y < ny - width; y++) {
    if (2 * width < nx) valid.fill(1, y * nx + width, (y + 1) * nx - width);
  }
  return valid;
}

/**
 * The connected parts of a set.
 *
 * @param set the set
 * @param options `neighbours`: 4 (edges) or 8 (corners too)
 * @returns `labels`: 0 outside the set, else 1 to `count`, numbered by their first pixels in C order
 */
export function labelParts(
  set: PixelSet,
  options: { readonly neighbours: 4 | 8 },
): { readonly labels: Int32Array; readonly count: number } {
  checkSet(set);
  const { valid, nx, ny } = set,
    labels = new Int32Array(nx * ny),
    isEight = options.neighbours === 8;
  const queue = new Int32Array(nx * ny);
  let count = 0;
  for (let seed = 0; seed < valid.length; seed++) {
    if (valid[seed] === 0 || labels[seed] !== 0) continue;
    labels[seed] = ++count;
    queue[0] = seed;
    for (let head = 0, tail = 1; head < tail; head++) {
      const at = queue[head]!, x0 = at % nx, y0 = (at - x0) / nx;
      for (let y = Math.max(0, y0 - 1); y <= Math.min(ny - 1, y0 + 1); y++) {
        for (let x = Math.max(0, x0 - 1); x <= Math.min(nx - 1, x0 + 1); x++) {
          const to = y * nx + x;
          if (valid[to] === 0 || labels[to] !== 0) continue;
          if (!isEight && x !== x0 && y !== y0) continue;
          labels[to] = count;
          queue[tail++] = to;
        }
      }
    }
  }
  return { labels, count };
}
