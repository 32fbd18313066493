/**
 * Texts for parts of a HEALPix sky: `DISK(lon,lat,radius)`, `DISK_INC(lon,lat,radius,factor)` and
 * `HPX_PIXEL(order,nside,pixel)`, as in the keyword HPX_REG.
 *
 * Source: the GADF specification of HEALPix maps; gammapy.maps.HpxGeom.
 */
import {
  angToPix,
  createHealpixGrid,
  type HealpixGrid,
  pixToAng,
  pixToAngInto,
  queryDisc,
} from "../sky/mod.ts";

/** The pixels whose centre is in a disc. */
export interface HpxDisk {
  /** Which part this is. */
  readonly kind: "disk";
  /** Longitude of the centre in the frame of the map, deg. */
  readonly lonDeg: number;
  /** Latitude of the centre, deg. */
  readonly latDeg: number;
  /** Radius, deg. */
  readonly radiusDeg: number;
}

/** The pixels that overlap a disc. */
export interface HpxInclusiveDisk {
  /** Which part this is. */
  readonly kind: "disk-inc";
  /** Longitude of the centre in the frame of the map, deg. */
  readonly lonDeg: number;
  /** Latitude of the centre, deg. */
  readonly latDeg: number;
  /** Radius, deg. */
  readonly radiusDeg: number;
  /** Oversampling that healpy is asked for; it does not matter here, where overlap is exact. */
  readonly factor: number;
}

/** The pixels whose centre is in one pixel of another grid. */
export interface HpxPixel {
  /** Which part this is. */
  readonly kind: "pixel";
  /** Numbering of that grid. */
  readonly order: HealpixGrid["order"];
  /** Its nside. */
  readonly nside: number;
  /** The pixel. */
  readonly pix: number;
}

/** A part of a HEALPix sky that a text describes. */
export type HpxRegion = HpxDisk | HpxInclusiveDisk | HpxPixel;

function fail(text: string, why: string): never {
  throw new SyntaxError(
    `HPX_REG: found "${text}", ${why}: expected DISK(lon,lat,radius), ` +
      `DISK_INC(lon,lat,radius,factor) or HPX_PIXEL(order,nside,pixel)`,
  );
}

function numbers(text: string, words: readonly string[], count: number): readonly number[] {
  const found = words.map((word) => word.trim() === "" ? NaN : Number(word));
  if (found.length === count && found.every(Number.isFinite)) return found;
  return fail(text, `with ${words.length} arguments, not all of them numbers, or not ${count}`);
}

const READERS: Readonly<Record<string, (text: string, words: readonly string[]) => HpxRegion>> = {
  DISK(text, words) {
    const [lonDeg, latDeg, radiusDeg] = numbers(text, words, 3) as [number, number, number];
    return { kind: "disk", lonDeg, latDeg, radiusDeg };
  },
  DISK_INC(text, words) {
    const [lonDeg, latDeg, radiusDeg, factor] = numbers(text, words, 4) as [
      number,
      number,
      number,
      number,
    ];
    return { kind: "disk-inc", lonDeg, latDeg, radiusDeg, factor };
  },
  HPX_PIXEL(text, words) {
    const order = words[0]!.trim().toLowerCase();
    if (order !== "ring" && order !== "nested") return fail(text, `with the order "${words[0]}"`);
    const [nside, pix] = numbers(text, words.slice(1), 2) as [number, number];
    return { kind: "pixel", order, nside, pix };
  },
};

/**
 * A part of the sky from its text.
 *
 * @param text as in the keyword HPX_REG
 * @returns a frozen record
 * @throws SyntaxError for another text
 * @example
 * ```ts
 * import { parseHpxRegion } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const disk = parseHpxRegion("DISK(110.0,75.0,10.0)");
 * assert.deepEqual({ ...disk }, { kind: "disk", lonDeg: 110, latDeg: 75, radiusDeg: 10 });
 * ```
 *
 * Source: GADF, HEALPix sky maps, HPX_REG.
 */
export function parseHpxRegion(text: string): HpxRegion {
  const match = /^\s*([A-Za-z_]+)\s*\(([^()]*)\)\s*$/.exec(text);
  const read = match === null ? undefined : READERS[match[1]!.toUpperCase()];
  if (match === null || read === undefined) return fail(text, "which is none of them");
  return Object.freeze(read(text, match[2]!.split(",")));
}

const WRITERS: {
  readonly [K in HpxRegion["kind"]]: (one: Extract<HpxRegion, { kind: K }>) => string;
} = {
  disk: (one) => `DISK(${one.lonDeg},${one.latDeg},${one.radiusDeg})`,
  "disk-inc": (one) => `DISK_INC(${one.lonDeg},${one.latDeg},${one.radiusDeg},${one.factor})`,
  pixel: (one) => `HPX_PIXEL(${one.order.toUpperCase()},${one.nside},${one.pix})`,
};

/**
 * The text of a part of the sky.
 *
 * @param region the part
 * @returns the text, as in the keyword HPX_REG
 * @example
 * ```ts
 * import { formatHpxRegion } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const pixel = { kind: "pixel", order: "nested", nside: 4, pix: 21 } as const;
 * assert.equal(formatHpxRegion(pixel), "HPX_PIXEL(NESTED,4,21)");
 * ```
 *
 * Source: GADF, HEALPix sky maps, HPX_REG.
 */
export function formatHpxRegion(region: HpxRegion): string {
  return (WRITERS[region.kind] as (region: HpxRegion) => string)(region);
}

/** No corner of a pixel is farther from its centre than this over nside, deg. */
const PIXEL_RADIUS_DEG = 69;

function pixelsInPixel(grid: HealpixGrid, region: HpxPixel): Float64Array {
  const { nside, order, pix } = region, other = createHealpixGrid({ nside, order });
  const center = pixToAng(other, pix);
  if (Number.isNaN(center.lonDeg)) {
    throw new RangeError(
      `${formatHpxRegion(region)}: found pixel ${pix}, expected one below ${12 * nside * nside}`,
    );
  }
  const near = queryDisc(grid, { center, radiusDeg: PIXEL_RADIUS_DEG / nside });
  const lonDeg = new Float64Array(near.length), latDeg = new Float64Array(near.length);
  pixToAngInto(grid, near, { lonDeg, latDeg });
  return near.filter((_, i) => angToPix(other, { lonDeg: lonDeg[i]!, latDeg: latDeg[i]! }) === pix);
}

/**
 * The pixels of a part of the sky.
 *
 * @param grid the grid, in the frame that the part is in
 * @param region the part
 * @returns pixels in ascending order, a new array
 * @throws RangeError for numbers out of range
 * @example
 * ```ts
 * import { createHpxGeom, hpxRegionPixels, parseHpxRegion } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const { grid } = createHpxGeom({ nside: 4, order: "nested" });
 * const pixels = hpxRegionPixels(grid, parseHpxRegion("HPX_PIXEL(NESTED,2,5)"));
 * assert.deepEqual([...pixels], [20, 21, 22, 23]);
 * ```
 *
 * Source: agrees with gammapy.maps.HpxGeom.get_index_list, but for DISK_INC, where healpy lists some
 * pixels more that do not overlap.
 */
export function hpxRegionPixels(grid: HealpixGrid, region: HpxRegion): Float64Array {
  if (region.kind === "pixel") return pixelsInPixel(grid, region);
  const { lonDeg, latDeg, radiusDeg } = region;
  return queryDisc(grid, {
    center: { lonDeg, latDeg },
    radiusDeg,
    inclusive: region.kind === "disk-inc",
  });
}
