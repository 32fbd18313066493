/**
 * Sky geometry of a HEALPix map: the whole sky, some of its pixels, or cells of several sizes.
 *
 * A pixel has a global number, that of the grid (of a multi-order geometry its NUNIQ number), and a local
 * index: its place in the arrays of a map. Pixels are held in ascending order of their numbers, cells in
 * that of their place on the sky, so that the order in which they were given does not matter.
 */
import { fingerprint } from "../numeric/mod.ts";
import {
  angToPixInto,
  boundingCircle,
  checkFrame,
  createHealpixCells,
  createHealpixGrid,
  type DiscQuery,
  healpixCellCenters,
  healpixCellOfInto,
  type HealpixCells,
  healpixCellSolidAnglesSr,
  type HealpixGrid,
  healpixNpix,
  healpixSolidAngleSr,
  icrsToGalacticInto,
  type PixelIndexer,
  pixToAngInto,
  queryDisc,
  queryRegion,
  type Region,
  type SkyColumns,
  type SkyFrame,
  type SkyPosition,
} from "../sky/mod.ts";
import { placesInto } from "./_hpx_lookup.ts";

/** Which part of the sky a geometry has: one of these, or none for all of it. */
export interface HpxPart {
  /** The pixels whose centre is in a region, in any frame. */
  readonly region?: Region;
  /** The pixels of a disc, with its centre in the frame of the geometry. */
  readonly disc?: DiscQuery;
  /** Pixels by number, in any order; one that is listed twice counts once. */
  readonly pixels?: ArrayLike<number>;
}

/** What {@linkcode createHpxGeom} takes. */
export interface HpxGeomOptions extends HpxPart {
  /** Pixels along the side of a base pixel; needed unless `uniq` is given. */
  readonly nside?: number;
  /** Numbering of the pixels; "ring" where absent. */
  readonly order?: HealpixGrid["order"];
  /** Frame of the map; "icrs" where absent. */
  readonly frame?: SkyFrame;
  /** NUNIQ numbers of disjoint cells of several sizes, in any order, instead of all else. */
  readonly uniq?: ArrayLike<number>;
  /** Largest number of pixels that is taken for intended; 1e9 where absent. */
  readonly maxCells?: number;
}

/** Sky geometry of a HEALPix map. */
export interface HpxGeom {
  /** Which geometry this is. */
  readonly kind: "hpx-geom";
  /** The grid; of cells the nested grid of the smallest one. */
  readonly grid: HealpixGrid;
  /** Frame of the coordinates. */
  readonly frame: SkyFrame;
  /** Pixels of a part of the sky, ascending; undefined for all of it, and for cells. */
  readonly pixels: Float64Array | undefined;
  /** Cells of a multi-order geometry, whose rows are the local indices. */
  readonly cells: HealpixCells | undefined;
  /** Number of pixels or cells. */
  readonly nPix: number;
  /** Shape of a map's sky axis. */
  readonly shape: readonly [number];
  /** Canonical text: two geometries are the same where their keys are equal. */
  readonly key: string;
}

const MAX_CELLS = 1e9;
const DEG = Math.PI / 180;
/** Events a block of a Galactic geometry takes at once. */
const BLOCK = 2048;

/** Throws RangeError for more pixels than are taken for intended. */
function checkCells(found: string, nPix: number, maxCells: number): void {
  if (nPix <= maxCells) return;
  throw new RangeError(
    `Found ${found}, more than ${maxCells}: make nside or the part of the sky smaller, or set ` +
      `maxCells if so large a map is meant`,
  );
}

/** Throws RangeError where a circle holds far more pixels than are taken for intended. */
function checkCircle(grid: HealpixGrid, radiusDeg: number, maxCells: number): void {
  const sine = Math.sin(Math.min(radiusDeg, 180) * DEG / 2);
  const count = Math.floor(healpixNpix(grid) * sine * sine);
  checkCells(`some ${count} pixels of nside ${grid.nside} in a circle`, count, maxCells);
}

/** Ascending distinct pixels, or RangeError. */
function pixelSet(grid: HealpixGrid, list: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(list).sort(), npix = healpixNpix(grid);
  let count = 0;
  for (const pix of sorted) {
    if (!(Number.isInteger(pix) && pix >= 0 && pix < npix)) {
      throw new RangeError(
        `pixels: found ${pix}, expected integers from 0 to ${npix - 1} (nside ${grid.nside})`,
      );
    }
    if (count === 0 || sorted[count - 1] !== pix) sorted[count++] = pix;
  }
  return sorted.slice(0, count);
}

/** Pixels of a part of the sky; undefined for all of it. */
function pixelsOf(
  grid: HealpixGrid,
  frame: SkyFrame,
  part: HpxPart,
  maxCells: number,
): Float64Array | undefined {
  if (part.region !== undefined) {
    checkCircle(grid, boundingCircle(part.region).radiusDeg, maxCells);
    return queryRegion(grid, part.region, { frame });
  }
  if (part.disc !== undefined) {
    checkCircle(grid, part.disc.radiusDeg, maxCells);
    return queryDisc(grid, part.disc);
  }
  if (part.pixels !== undefined) return pixelSet(grid, part.pixels);
  return undefined;
}

/**
 * A HEALPix geometry.
 *
 * @param options see {@linkcode HpxGeomOptions}
 * @returns a frozen record
 * @throws TypeError where nside is missing, or more than one of `region`, `disc`, `pixels` and `uniq` is
 * given; RangeError for numbers out of range, cells that overlap, or more pixels than `maxCells`
 * @example
 * ```ts
 * import { createHpxGeom } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * assert.equal(createHpxGeom({ nside: 64, frame: "galactic" }).nPix, 49152);
 * const disc = { center: { lonDeg: 83.633, latDeg: 22.014 }, radiusDeg: 5 };
 * assert.equal(createHpxGeom({ nside: 32, order: "nested", disc }).nPix, 22);
 * assert.throws(() => createHpxGeom({ nside: 32768 }), /set maxCells/);
 * ```
 *
 * Source: agrees with gammapy.maps.HpxGeom.create, whose order is nested where none is given.
 */
export function createHpxGeom(options: HpxGeomOptions): HpxGeom {
  const { nside, order = "ring", maxCells = MAX_CELLS } = options;
  const frame = checkFrame(options.frame ?? "icrs");
  const parts = (["region", "disc", "pixels", "uniq"] as const).filter((one) =>
    options[one] !== undefined
  );
  if (parts.length > 1) {
    throw new TypeError(`Found ${parts.join(" and ")}, expected one of them or none`);
  }
  if (options.uniq !== undefined) {
    if (nside !== undefined || options.order !== undefined) {
      throw new TypeError(
        "Found uniq with nside or order, expected uniq alone: cells have their own",
      );
    }
    checkCells(`${options.uniq.length} cells`, options.uniq.length, maxCells);
    return geomOfCells(options.uniq, frame);
  }
  if (nside === undefined) {
    throw new TypeError("Found neither nside nor uniq, expected one of them");
  }
  const grid = createHealpixGrid({ nside, order });
  const pixels = pixelsOf(grid, frame, options, maxCells);
  const nPix = pixels?.length ?? healpixNpix(grid);
  checkCells(`${nPix} pixels of nside ${nside}`, nPix, maxCells);
  return geomOf(grid, frame, pixels);
}

/** The geometry of ascending distinct pixels, or of the whole sky. */
export function geomOf(
  grid: HealpixGrid,
  frame: SkyFrame,
  list: Float64Array | undefined,
): HpxGeom {
  const pixels = list?.length === healpixNpix(grid) ? undefined : list;
  const nPix = pixels?.length ?? healpixNpix(grid), base = ["hpx-geom", frame, grid.order];
  const part = pixels === undefined ? [] : [`npix=${nPix}`, `pixels=${fingerprint(pixels)}`];
  return Object.freeze({
    kind: "hpx-geom",
    grid,
    frame,
    pixels,
    cells: undefined,
    nPix,
    shape: Object.freeze([nPix] as const),
    key: [...base, `nside=${grid.nside}`, ...part].join(";"),
  });
}

function geomOfCells(uniq: ArrayLike<number>, frame: SkyFrame): HpxGeom {
  const given = createHealpixCells(uniq);
  const cells = createHealpixCells(Float64Array.from(given.rows, (row) => uniq[row]!));
  const nPix = cells.uniq.length;
  return Object.freeze({
    kind: "hpx-geom",
    grid: createHealpixGrid({ nside: 2 ** cells.maxOrder, order: "nested" }),
    frame,
    pixels: undefined,
    cells,
    nPix,
    shape: Object.freeze([nPix] as const),
    key: ["hpx-geom", frame, "cells", `npix=${nPix}`, `uniq=${fingerprint(cells.uniq)}`].join(";"),
  });
}

/**
 * The local index of the pixel or cell that holds a position.
 *
 * @param geom the geometry
 * @param position longitude and latitude in the frame of `geom`, deg
 * @returns the local index; -1 where the position is outside
 * @example
 * ```ts
 * import { createHpxGeom, hpxIndex } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const geom = createHpxGeom({ nside: 8, pixels: [700, 247] });
 * assert.equal(hpxIndex(geom, { lonDeg: 83.63, latDeg: 22.01 }), 0);
 * assert.equal(hpxIndex(geom, { lonDeg: 0, latDeg: 0 }), -1);
 * ```
 *
 * Source: agrees with coord_to_idx and global_to_local of gammapy.maps.HpxGeom.
 */
export function hpxIndex(geom: HpxGeom, position: SkyPosition): number {
  const lonDeg = Float64Array.of(position.lonDeg), latDeg = Float64Array.of(position.latDeg);
  return indexInto(geom, { lonDeg, latDeg }, new Float64Array(1))[0]!;
}

/**
 * The local indices of the pixels or cells that hold a column of positions.
 *
 * @param geom the geometry, of at most 2³¹ pixels
 * @param sky longitudes and latitudes in the frame of `geom`, deg
 * @param out takes a local index for each longitude, -1 where the position is outside
 * @returns `out`
 * @throws TypeError where a column or `out` is too short, or `out` cannot hold the indices
 * @example
 * ```ts
 * import { createHpxGeom, hpxIndexInto } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const sky = { lonDeg: Float64Array.of(83.63, NaN), latDeg: Float64Array.of(22.01, 0) };
 * const out = hpxIndexInto(createHpxGeom({ nside: 8 }), sky, new Int32Array(2));
 * assert.deepEqual([...out], [247, -1]);
 * ```
 */
export function hpxIndexInto(geom: HpxGeom, sky: SkyColumns, out: Int32Array): Int32Array {
  if (geom.nPix > 2 ** 31) {
    throw new TypeError(`Found a geometry of ${geom.nPix} pixels, expected at most 2^31`);
  }
  return indexInto(geom, sky, out);
}

function indexInto<T extends Int32Array | Float64Array>(geom: HpxGeom, sky: SkyColumns, out: T): T {
  const { grid, pixels, cells } = geom, n = sky.lonDeg.length;
  if (cells !== undefined) {
    const rows = out instanceof Int32Array ? out : new Int32Array(n);
    healpixCellOfInto(cells, sky, rows);
    if (rows !== out) out.set(rows);
    return out;
  }
  if (pixels === undefined) return angToPixInto(grid, sky, out);
  if (out.length < n) throw new TypeError(`out: found room for ${out.length}, expected ${n}`);
  placesInto(pixels, angToPixInto(grid, sky, new Float64Array(n)), out);
  return out;
}

/**
 * A function that finds the pixel of every event: `(raDeg, decDeg, n, out)` writes the local index of
 * each of the first n ICRS events, or -1 where one is outside the map.
 *
 * @param geom the geometry, in any frame
 * @returns the function; it may be used any number of times, and keeps nothing of its input
 * @throws RangeError for a map of 2³¹ pixels or more
 * @example
 * ```ts
 * import { createHpxGeom, hpxPixelIndexer } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const index = hpxPixelIndexer(createHpxGeom({ nside: 1, frame: "galactic" }));
 * const out = new Int32Array(1);
 * index(Float64Array.of(266.4), Float64Array.of(-28.9), 1, out);
 * assert.equal(out[0], 4);
 * ```
 */
export function hpxPixelIndexer(geom: HpxGeom): PixelIndexer {
  if (geom.nPix >= 2 ** 31) {
    throw new RangeError(`Found a geometry of ${geom.nPix} pixels, expected less than 2^31`);
  }
  const isGalactic = geom.frame === "galactic", lon = new Float64Array(isGalactic ? BLOCK : 0);
  const lat = new Float64Array(lon.length);
  return (raDeg, decDeg, n, out) => {
    for (let start = 0; start < n; start += BLOCK) {
      const end = Math.min(n, start + BLOCK);
      let sky = { lonDeg: raDeg.subarray(start, end), latDeg: decDeg.subarray(start, end) };
      if (isGalactic) {
        icrsToGalacticInto(sky, { lonDeg: lon, latDeg: lat });
        // a rotation would bring what is beyond a pole back onto the sphere
        for (let i = start; i < end; i++) if (!(Math.abs(decDeg[i]!) <= 90)) lat[i - start] = NaN;
        sky = { lonDeg: lon.subarray(0, end - start), latDeg: lat.subarray(0, end - start) };
      }
      indexInto(geom, sky, out.subarray(start, end));
    }
  };
}

/**
 * Sky positions of all pixel centres.
 *
 * @param geom the geometry
 * @returns new columns by local index: longitude in [0, 360) and latitude in the frame of `geom`, deg
 * @example
 * ```ts
 * import { createHpxGeom, hpxCenters } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * assert.deepEqual([...hpxCenters(createHpxGeom({ nside: 1 })).lonDeg.subarray(0, 4)], [45, 135, 225, 315]);
 * ```
 *
 * Source: agrees with gammapy's pix_to_coord.
 */
export function hpxCenters(geom: HpxGeom): SkyColumns {
  if (geom.cells !== undefined) return healpixCellCenters(geom.cells);
  const lonDeg = new Float64Array(geom.nPix), latDeg = new Float64Array(geom.nPix);
  const pixels = geom.pixels ?? new Float64Array(geom.nPix).map((_, i) => i);
  return pixToAngInto(geom.grid, pixels, { lonDeg, latDeg });
}

/**
 * Solid angles of all pixels.
 *
 * @param geom the geometry
 * @returns a new array by local index, sr
 * @example
 * ```ts
 * import { createHpxGeom, hpxSolidAngles } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * assert.equal(hpxSolidAngles(createHpxGeom({ nside: 1 }))[5], Math.PI / 3);
 * ```
 *
 * Source: Górski et al. 2005, ApJ 622, 759, section 3.
 */
export function hpxSolidAngles(geom: HpxGeom): Float64Array {
  if (geom.cells !== undefined) return healpixCellSolidAnglesSr(geom.cells);
  return new Float64Array(geom.nPix).fill(healpixSolidAngleSr(geom.grid));
}
