/**
 * Sky geometry of a WCS map: a coordinate system and a number of pixels.
 *
 * Pixels are 0-based with centres at integers; arrays have the shape [ny, nx].
 */
import {
  createWcs,
  pixelSolidAnglesInto,
  pixelToWorldInto,
  type ProjectionCode,
  roundHalfEven,
  type SkyColumns,
  type SkyFrame,
  type SkyPosition,
  type Wcs,
  worldToPixel,
  worldToPixelInto,
} from "../sky/mod.ts";

/** What {@linkcode createWcsGeom} takes. */
export interface WcsGeomOptions {
  /** Centre of the map in `frame`, deg; (0, 0) where absent. */
  readonly skydir?: SkyPosition;
  /** Frame of the map; "icrs" where absent. */
  readonly frame?: SkyFrame;
  /** Projection; "CAR" where absent. */
  readonly proj?: ProjectionCode;
  /** Pixel size, or sizes along longitude and latitude, deg; 1 where absent. */
  readonly binszDeg?: number | readonly [number, number];
  /** Width of the map, or widths along x and y, deg; the whole sky where this and `npix` are absent. */
  readonly widthDeg?: number | readonly [number, number];
  /** Pixels along x and y, instead of `widthDeg`. */
  readonly npix?: number | readonly [number, number];
  /** Largest number of pixels that is taken for intended; 1e9 where absent. */
  readonly maxCells?: number;
}

/** Sky geometry of a WCS map. */
export interface WcsGeom {
  /** Which geometry this is. */
  readonly kind: "wcs-geom";
  /** Coordinate system of the pixels. */
  readonly wcs: Wcs;
  /** Pixels along x and y. */
  readonly npix: readonly [number, number];
  /** Frame of the coordinates, that of `wcs`. */
  readonly frame: SkyFrame;
  /** Lengths of the pixel dimensions of an array, [ny, nx]. */
  readonly shape: readonly [number, number];
  /** Canonical text: two geometries are the same where their keys are equal. */
  readonly key: string;
}

/** Where a position is in a map. */
export interface GeomPixel {
  /** Position along x, 0-based, pixel centres at integers; NaN outside the projection. */
  readonly x: number;
  /** Position along y. */
  readonly y: number;
  /** Nearest pixel along x, halves to the even one; -1 where outside the map. */
  readonly ix: number;
  /** Nearest pixel along y; -1 where outside the map. */
  readonly iy: number;
}

const MAX_CELLS = 1e9;

function pairOf(value: number | readonly [number, number]): readonly [number, number] {
  return typeof value === "number" ? [value, value] : value;
}

function checkPositive(name: string, values: readonly [number, number]): void {
  if (!values.every((one) => Number.isFinite(one) && one > 0)) {
    throw new RangeError(`${name}: found ${values.join(", ")}, expected positive numbers`);
  }
}

/**
 * A map geometry around a position: CRVAL = skydir, CRPIX = (npix + 1)/2, longitude to the left, npix
 * the nearest integer to width/binsz (halves to the even one).
 *
 * A CAR map that is centred off the equator is therefore oblique.
 *
 * @param options see {@linkcode WcsGeomOptions}
 * @returns a frozen record
 * @throws RangeError for numbers out of range, or more pixels than `maxCells`; TypeError where both
 * `npix` and `widthDeg` are given
 * @example
 * ```ts
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const geom = createWcsGeom({
 *   skydir: { lonDeg: 83.633, latDeg: 22.014 },
 *   proj: "TAN",
 *   binszDeg: 0.02,
 *   widthDeg: [5, 4],
 * });
 * assert.deepEqual(geom.npix, [250, 200]);
 * assert.deepEqual(geom.wcs.crpix, [125.5, 100.5]);
 * ```
 *
 * Source: agrees with gammapy.maps.WcsGeom.create.
 */
export function createWcsGeom(options: WcsGeomOptions): WcsGeom {
  const { skydir = { lonDeg: 0, latDeg: 0 }, frame = "icrs", proj = "CAR" } = options;
  if (options.npix !== undefined && options.widthDeg !== undefined) {
    throw new TypeError("Found both npix and widthDeg, expected one of them");
  }
  const binsz = pairOf(options.binszDeg ?? 1);
  checkPositive("binszDeg", binsz);
  const width = pairOf(options.widthDeg ?? [360, 180]);
  checkPositive("widthDeg", width);
  const npix = options.npix !== undefined
    ? pairOf(options.npix)
    : [roundHalfEven(width[0] / binsz[0]), roundHalfEven(width[1] / binsz[1])] as const;
  const wcs = createWcs({
    projection: proj,
    frame,
    crvalDeg: [skydir.lonDeg, skydir.latDeg],
    crpix: [(npix[0] + 1) / 2, (npix[1] + 1) / 2],
    cdeltDeg: [-binsz[0], binsz[1]],
  });
  return wcsGeomOf(wcs, {
    npix,
    ...(options.maxCells === undefined ? {} : { maxCells: options.maxCells }),
  });
}

/**
 * The map geometry of a coordinate system, as of a file.
 *
 * @param wcs the coordinate system
 * @param options `npix`: pixels along x and y; `maxCells`: largest number of pixels that is taken for
 * intended, 1e9 where absent
 * @returns a frozen record
 * @throws RangeError where npix are not positive integers, or give more pixels than `maxCells`
 * @example
 * ```ts
 * import { wcsGeomOf } from "@gammarx/gammarx/maps";
 * import { createWcs } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const wcs = createWcs({ projection: "TAN", crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] });
 * assert.equal(wcsGeomOf(wcs, { npix: [3, 4] }).frame, "icrs");
 * ```
 */
export function wcsGeomOf(
  wcs: Wcs,
  options: { readonly npix: readonly [number, number]; readonly maxCells?: number },
): WcsGeom {
  const [nx, ny] = options.npix, maxCells = options.maxCells ?? MAX_CELLS;
  if (!(Number.isInteger(nx) && Number.isInteger(ny) && nx > 0 && ny > 0)) {
    throw new RangeError(`npix: found ${nx} x ${ny}, expected positive integers`);
  }
  if (nx * ny > maxCells) {
    throw new RangeError(
      `Found ${nx} x ${ny} = ${nx * ny} pixels, more than ${maxCells}: make binszDeg larger or ` +
        `widthDeg smaller, or set maxCells if so large a map is meant`,
    );
  }
  return Object.freeze({
    kind: "wcs-geom",
    wcs,
    npix: Object.freeze([nx, ny] as const),
    frame: wcs.frame,
    shape: Object.freeze([ny, nx] as const),
    key: keyOf(wcs, nx, ny),
  });
}

function keyOf(wcs: Wcs, nx: number, ny: number): string {
  const pv = Object.entries(wcs.pv).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => `${k}=${v}`);
  return [
    "wcs-geom",
    wcs.frame,
    wcs.projection,
    `npix=${nx},${ny}`,
    `crval=${wcs.crvalDeg}`,
    `crpix=${wcs.crpix}`,
    `cdelt=${wcs.cdeltDeg}`,
    `pc=${wcs.pc}`,
    `pole=${wcs.lonpoleDeg},${wcs.latpoleDeg}`,
    ...pv,
  ].join(";");
}

/**
 * The pixel of a position.
 *
 * @param geom the geometry
 * @param position longitude and latitude in the frame of `geom`, deg
 * @returns position in pixels and the nearest pixel, -1 and -1 where it is outside the map
 * @example
 * ```ts
 * import { createWcsGeom, geomPixel } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const geom = createWcsGeom({ proj: "TAN", binszDeg: 1, npix: 3 });
 * assert.equal(geomPixel(geom, { lonDeg: 359.1, latDeg: 0 }).ix, 2);
 * assert.equal(geomPixel(geom, { lonDeg: 10, latDeg: 0 }).ix, -1);
 * ```
 *
 * Source: agrees with gammapy's coord_to_pix and coord_to_idx.
 */
export function geomPixel(geom: WcsGeom, position: SkyPosition): GeomPixel {
  const { x, y } = worldToPixel(geom.wcs, position), [nx, ny] = geom.npix;
  const ix = roundHalfEven(x), iy = roundHalfEven(y);
  const isInside = ix >= 0 && ix < nx && iy >= 0 && iy < ny;
  return Object.freeze({ x, y, ix: isInside ? ix : -1, iy: isInside ? iy : -1 });
}

/** Positions of all pixel centres in C order; NaN outside the projection. */
export function wcsCenters(geom: WcsGeom): SkyColumns {
  const [nx, ny] = geom.npix;
  const lonDeg = new Float64Array(nx * ny), latDeg = new Float64Array(nx * ny);
  for (let iy = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++) {
      lonDeg[iy * nx + ix] = ix;
      latDeg[iy * nx + ix] = iy;
    }
  }
  pixelToWorldInto(geom.wcs, { x: lonDeg, y: latDeg }, { lonDeg, latDeg });
  return { lonDeg, latDeg };
}

/** Solid angles of all pixels in C order; NaN where a corner is outside the projection. */
export function wcsSolidAngles(geom: WcsGeom): Float64Array {
  const out = new Float64Array(geom.npix[0] * geom.npix[1]);
  pixelSolidAnglesInto(geom.wcs, { npix: geom.npix, out });
  return out;
}

/** The pixel of each position of the geometry's frame in C order, −1 outside. */
export function wcsIndexInto(geom: WcsGeom, sky: SkyColumns, out: Int32Array): Int32Array {
  const n = sky.lonDeg.length, x = new Float64Array(n), y = new Float64Array(n);
  worldToPixelInto(geom.wcs, sky, { x, y });
  const [nx, ny] = geom.npix;
  for (let i = 0; i < n; i++) {
    const ix = roundHalfEven(x[i]!), iy = roundHalfEven(y[i]!);
    out[i] = ix >= 0 && ix < nx && iy >= 0 && iy < ny ? iy * nx + ix : -1;
  }
  return out;
}
