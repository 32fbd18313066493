/** Parts of maps, and maps with more pixels around them. */
import { cutout } from "../nddata/mod.ts";
import { convertFrame } from "../sky/mod.ts";
import { asNumbers, eachPlane, mapOfRuns, planeCount, type Runs, runsOf } from "./_map_arrays.ts";
import { padImage, type PadMode } from "./_resample.ts";
import {
  bothOf,
  type PartOfSky,
  type PerDirection,
  type PixelPart,
  pixelPart,
  pixelScalesDeg,
  wcsPart,
} from "./_wcs_parts.ts";
import type { HpxGeom } from "./hpx_geom.ts";
import { type HpxCutout, hpxCutout } from "./hpx_resize.ts";
import type { PixelGeom, SkyGeom } from "./sky_geom.ts";
import { mapOf, type SkyMap } from "./sky_map.ts";
import type { WcsGeom } from "./wcs_geom.ts";

/** What {@linkcode cutoutMap} takes. */
export interface CutoutMapOptions extends PartOfSky {
  /**
   * Where the part reaches outside the map: "trim" takes what there is, "partial" fills the rest with NaN and
   * makes it invalid, "strict" refuses; "trim" where absent. Of HEALPix maps "trim" and "partial" are one.
   */
  readonly mode?: "trim" | "partial" | "strict";
}

function refuse(what: string, geom: SkyGeom): never {
  throw new TypeError(`${what} needs pixels: a map on a ${geom.kind} has none`);
}

/** The part of a WCS geometry that is taken, in its pixels. */
function boxOf(geom: WcsGeom, options: CutoutMapOptions): PixelPart {
  const { mode = "trim" } = options, part = pixelPart(geom, options), [nx, ny] = geom.npix;
  const x = Math.max(0, part.x), y = Math.max(0, part.y);
  const endX = Math.min(nx, part.x + part.nx), endY = Math.min(ny, part.y + part.ny);
  const isWhole = x === part.x && y === part.y && endX - x === part.nx && endY - y === part.ny;
  if (endX <= x || endY <= y || (mode === "strict" && !isWhole)) {
    throw new RangeError(
      `The part reaches from (${part.x}, ${part.y}) to (${part.x + part.nx}, ${
        part.y + part.ny
      }), ` +
        `the map of ${nx} x ${ny} pixels ` +
        (endX > x && endY > y ? 'does not: take mode "trim" or "partial"' : "is elsewhere"),
    );
  }
  return mode === "partial" ? part : { x, y, nx: endX - x, ny: endY - y };
}

function hpxPart(geom: HpxGeom, options: CutoutMapOptions): HpxCutout {
  const { center, frame = geom.frame, widthDeg, mode = "trim" } = options;
  const [width, height] = bothOf(widthDeg);
  if (width !== height) {
    throw new TypeError(
      `Found widths ${width} and ${height}: a HEALPix part is a disc of one width`,
    );
  }
  const disc = {
    center: convertFrame(center, { from: frame, to: geom.frame }),
    radiusDeg: width / 2,
  };
  const part = hpxCutout(geom, { disc });
  if (part.geom.nPix === 0) throw new RangeError("The part and the map have nothing in common");
  if (mode === "strict" && geom.pixels !== undefined) {
    const whole = hpxCutout({ ...geom, pixels: undefined }, { disc }).geom.nPix;
    if (whole !== part.geom.nPix) {
      throw new RangeError(
        `The part has ${whole} pixels, the map ${part.geom.nPix} of them: take mode "trim"`,
      );
    }
  }
  return part;
}

/**
 * The geometry of a part of the sky: pixels and their places are those of the whole, CRPIX is moved.
 *
 * @param geom WCS or HEALPix.
 * @param options The middle, the width (of a HEALPix disc its diameter), what to do outside.
 * @returns A new geometry.
 * @throws TypeError for a geometry without pixels; RangeError where both have nothing in common or, if
 *   strict, where the part is not inside.
 * @example
 * ```ts
 * import { createWcsGeom, geomCutout } from "@gammarx/gammarx/maps";
 * import { deepStrictEqual } from "node:assert/strict";
 * const geom = createWcsGeom({ npix: [10, 10], binszDeg: 1, proj: "TAN" });
 * const center = { lonDeg: 0, latDeg: 0 };
 * const part = geomCutout(geom, { center, widthDeg: [4, 2] });
 * deepStrictEqual(part.npix, [4, 2]);
 * deepStrictEqual(part.wcs.crpix, [2.5, 1.5]);
 * ```
 * @see gammapy.maps.WcsGeom.cutout
 */
export function geomCutout<G extends PixelGeom>(geom: G, options: CutoutMapOptions): G {
  const any: SkyGeom = geom;
  if (any.kind === "wcs-geom") return wcsPart(any, boxOf(any, options)) as G;
  if (any.kind === "hpx-geom") return hpxPart(any, options).geom as G;
  return refuse("geomCutout", any);
}

/**
 * A part of a map by position and width, with all its axes. It knows its place in the map that it was cut
 * from.
 *
 * @param map A WCS or HEALPix map.
 * @param options The middle, the width (of a HEALPix disc its diameter), what to do outside.
 * @returns A new map: a view of the WCS map, but for a partial cutout that reaches outside; a copy of the
 *   pixels of a HEALPix map, its own parent.
 * @throws TypeError for a map without pixels; RangeError where both have nothing in common or, if strict,
 *   where the part is not inside.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, cutoutMap } from "@gammarx/gammarx/maps";
 * import { deepStrictEqual } from "node:assert/strict";
 * const map = createSkyMap(createWcsGeom({ npix: [10, 10], binszDeg: 1, proj: "TAN" }));
 * const part = cutoutMap(map, { center: { lonDeg: 0, latDeg: 0 }, widthDeg: [4, 2] });
 * deepStrictEqual([part.values.shape, part.place.start], [[2, 4], [4, 3]]);
 * ```
 * @see gammapy.maps.Map.cutout
 */
export function cutoutMap<G extends PixelGeom>(
  map: SkyMap<G>,
  options: CutoutMapOptions,
): SkyMap<G> {
  const geom: SkyGeom = map.geom;
  if (geom.kind === "wcs-geom") {
    return boxedMap(map as unknown as SkyMap<WcsGeom>, boxOf(geom, options)) as unknown as SkyMap<
      G
    >;
  }
  if (geom.kind !== "hpx-geom") return refuse("cutoutMap", geom);
  const part = hpxPart(geom, options), { values, variance, valid } = runsOf(map);
  const nPlanes = planeCount(map.axes), how = { nPlanes, nOut: part.geom.nPix };
  const taken = (run: Float64Array): Float64Array =>
    eachPlane(run, how, (from, out) => {
      for (let i = 0; i < out.length; i++) out[i] = from[part.indices[i]!]!;
    });
  const runs = {
    values: taken(values),
    variance: variance && taken(variance),
    valid: valid && Uint8Array.from(taken(asNumbers(valid))),
  };
  return mapOfRuns({ ...map, geom: part.geom as G }, runs);
}

/** A rectangle of pixels of a map, which may reach outside. */
function boxedMap(map: SkyMap<WcsGeom>, part: PixelPart): SkyMap<WcsGeom> {
  const { x, y, nx, ny } = part, mode = "partial";
  const data = cutout(map, { box: [[y, y + ny], [x, x + nx]], mode });
  return mapOf(wcsPart(map.geom, part), data, { axes: map.axes, meta: map.meta });
}

/** How many pixels a map gets or loses on each side. */
export interface MarginOptions {
  /** Pixels, or pixels along x and y. */
  readonly widthPix?: number | readonly [number, number];
  /** Degrees instead of pixels: the nearest number of them. */
  readonly widthDeg?: number | readonly [number, number];
}

function marginOf(geom: WcsGeom, options: MarginOptions): readonly [number, number] {
  const { widthPix, widthDeg } = options;
  if ((widthPix === undefined) === (widthDeg === undefined)) {
    throw new TypeError("Expected either widthPix or widthDeg");
  }
  if (widthPix !== undefined) return bothOf(widthPix);
  const scale = pixelScalesDeg(geom), [x, y] = bothOf(widthDeg as PerDirection);
  return [Math.round(x / scale[0]), Math.round(y / scale[1])];
}

function wcsOnly(what: string, geom: SkyGeom): asserts geom is WcsGeom {
  if (geom.kind === "wcs-geom") return;
  throw new TypeError(`${what}: found a ${geom.kind}, expected a map on a wcs-geom`);
}

/**
 * A map without its outermost pixels.
 *
 * @param map A WCS map.
 * @param options How many pixels, or how wide, on each side.
 * @returns A new map, a view that knows its place.
 * @throws TypeError for another geometry; RangeError where nothing is left.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, cropMap } from "@gammarx/gammarx/maps";
 * import { deepStrictEqual } from "node:assert/strict";
 * const map = createSkyMap(createWcsGeom({ npix: [10, 8], binszDeg: 1, proj: "TAN" }));
 * deepStrictEqual(cropMap(map, { widthPix: 2 }).values.shape, [4, 6]);
 * ```
 * @see gammapy.maps.Map.crop
 */
export function cropMap(map: SkyMap<WcsGeom>, options: MarginOptions): SkyMap<WcsGeom> {
  wcsOnly("cropMap", map.geom);
  const [nx, ny] = map.geom.npix, [x, y] = marginOf(map.geom, options);
  if (!(x >= 0 && y >= 0 && 2 * x < nx && 2 * y < ny)) {
    throw new RangeError(`Margins of ${x} and ${y} pixels leave nothing of ${nx} x ${ny}`);
  }
  return boxedMap(map, { x, y, nx: nx - 2 * x, ny: ny - 2 * y });
}

/** What {@linkcode padMap} takes. */
export interface PadMapOptions extends MarginOptions {
  /**
   * What stands in the new pixels: "constant" (`value`; they are invalid), "edge" (the nearest pixel) or
   * "reflect" (the mirror image, the edge pixel twice); "constant" where absent.
   */
  readonly mode?: PadMode;
  /** Value of new pixels; 0 where absent. */
  readonly value?: number;
}

/**
 * A map with more pixels around it.
 *
 * @param map A WCS map.
 * @param options How many pixels, or how wide, on each side, and what stands there.
 * @returns A new map of doubles, its own parent.
 * @throws TypeError for another geometry; RangeError for widths below 0.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, padMap } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const map = createSkyMap(createWcsGeom({ npix: [1, 1], binszDeg: 1, proj: "TAN" }), {
 *   data: Float64Array.of(7),
 * });
 * const wide = padMap(map, { widthPix: 1, mode: "edge" });
 * strictEqual(wide.values.get(0, 2), 7);
 * ```
 * @see gammapy.maps.Map.pad
 */
export function padMap(map: SkyMap<WcsGeom>, options: PadMapOptions): SkyMap<WcsGeom> {
  wcsOnly("padMap", map.geom);
  const { mode = "constant", value = 0 } = options, [nx, ny] = map.geom.npix;
  const [x, y] = marginOf(map.geom, options), { values, variance, valid } = runsOf(map);
  const wide = { x: -x, y: -y, nx: nx + 2 * x, ny: ny + 2 * y };
  const how = { nPlanes: planeCount(map.axes), nOut: wide.nx * wide.ny };
  const padded = (run: Float64Array, outside: number): Float64Array =>
    eachPlane(run, how, (data, out) => {
      out.set(padImage({ data, nx, ny }, { x: [x, x], y: [y, y], mode, value: outside }).data);
    });
  const all = mode === "constant" ? new Uint8Array(values.length).fill(1) : undefined;
  const known = valid ?? all;
  const runs: Runs = {
    values: padded(values, value),
    variance: variance && padded(variance, 0),
    valid: known && Uint8Array.from(padded(asNumbers(known), 0)),
  };
  return mapOfRuns({ ...map, geom: wcsPart(map.geom, wide) }, runs);
}
