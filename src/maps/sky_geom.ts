/** The geometries of maps, and what each of them answers. */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import type { WorldCoordinates } from "../nddata/mod.ts";
import {
  type PixelIndexer,
  pixelToWorld,
  type SkyColumns,
  wcsPixelIndexer,
  worldToPixel,
} from "../sky/mod.ts";
import {
  hpxCenters,
  type HpxGeom,
  hpxIndexInto,
  hpxPixelIndexer,
  hpxSolidAngles,
} from "./hpx_geom.ts";
import type { NoSkyGeom } from "./no_sky_geom.ts";
import {
  regionCenter,
  type RegionGeom,
  regionGeomIndex,
  regionGeomSolidAngles,
  regionPixelIndexer,
} from "./region_geom.ts";
import { wcsCenters, type WcsGeom, wcsIndexInto, wcsSolidAngles } from "./wcs_geom.ts";

/** The sky of a map: pixels of a projection, HEALPix pixels, a region, or none. */
export type SkyGeom = WcsGeom | HpxGeom | RegionGeom | NoSkyGeom;

/** The geometries that have pixels. */
export type PixelGeom = WcsGeom | HpxGeom;

/** What every geometry answers for itself. Arrays are in C order of its pixels. */
interface GeomKind<G extends SkyGeom> {
  readonly centers: (geom: G) => SkyColumns;
  readonly solidAngles: (geom: G) => Float64Array;
  readonly indexInto: (geom: G, sky: SkyColumns, out: Int32Array) => Int32Array;
  readonly pixelIndexer: (geom: G) => PixelIndexer;
  readonly world: (geom: G) => WorldCoordinates | undefined;
}

function noSky(): never {
  throw new TypeError("A map without sky has no positions and no solid angle");
}

const KINDS: { readonly [K in SkyGeom["kind"]]: GeomKind<Extract<SkyGeom, { kind: K }>> } = {
  "wcs-geom": {
    centers: wcsCenters,
    solidAngles: wcsSolidAngles,
    indexInto: wcsIndexInto,
    pixelIndexer: (geom) => wcsPixelIndexer(geom.wcs, geom.npix),
    world: (geom) => ({
      nPixelAxes: 2,
      key: geom.key,
      pixelToWorld([y, x]) {
        const { lonDeg, latDeg } = pixelToWorld(geom.wcs, { x: x!, y: y! });
        return [lonDeg, latDeg];
      },
      worldToPixel([lonDeg, latDeg]) {
        const { x, y } = worldToPixel(geom.wcs, { lonDeg: lonDeg!, latDeg: latDeg! });
        return [y, x];
      },
    }),
  },
  "hpx-geom": {
    centers: hpxCenters,
    solidAngles: hpxSolidAngles,
    indexInto: hpxIndexInto,
    pixelIndexer: hpxPixelIndexer,
    world: (geom) => ({
      nPixelAxes: 1,
      key: geom.key,
      pixelToWorld([pixel]) {
        const { lonDeg, latDeg } = geomCenters(geom);
        return [lonDeg.data[pixel!] ?? NaN, latDeg.data[pixel!] ?? NaN];
      },
      worldToPixel([lonDeg, latDeg]) {
        const sky = { lonDeg: Float64Array.of(lonDeg!), latDeg: Float64Array.of(latDeg!) };
        return [hpxIndexInto(geom, sky, new Int32Array(1))[0]!];
      },
    }),
  },
  "region-geom": {
    centers(geom) {
      const { lonDeg, latDeg } = regionCenter(geom);
      return { lonDeg: Float64Array.of(lonDeg), latDeg: Float64Array.of(latDeg) };
    },
    solidAngles: regionGeomSolidAngles,
    indexInto(geom, { lonDeg, latDeg }, out) {
      for (let i = 0; i < lonDeg.length; i++) {
        out[i] = regionGeomIndex(geom, { lonDeg: lonDeg[i]!, latDeg: latDeg[i]! });
      }
      return out;
    },
    pixelIndexer: regionPixelIndexer,
    world: () => undefined,
  },
  "no-sky": {
    centers: noSky,
    solidAngles: noSky,
    indexInto: noSky,
    pixelIndexer: () => (_raDeg, _decDeg, n, out) => {
      out.fill(0, 0, n);
    },
    world: () => undefined,
  },
};

function kindOf<G extends SkyGeom>(geom: G): GeomKind<G> {
  return KINDS[geom.kind] as unknown as GeomKind<G>;
}

/** Sky positions as arrays of the shape of a geometry. */
export interface GeomCenters {
  /** Longitudes in [0, 360) in the frame of the geometry, deg; NaN outside the projection. */
  readonly lonDeg: NdArray<Float64Array>;
  /** Latitudes, deg. */
  readonly latDeg: NdArray<Float64Array>;
}

const centersCache = new WeakMap<SkyGeom, GeomCenters>();
const solidAngleCache = new WeakMap<SkyGeom, NdArray<Float64Array>>();

/**
 * Sky positions of all pixel centres; of a region its middle.
 *
 * They are kept as long as the geometry is in use, and no longer.
 *
 * @param geom The geometry.
 * @returns Arrays of the shape of the geometry; shared, not to be written.
 * @throws TypeError for a geometry without sky.
 * @example
 * ```ts
 * import { createWcsGeom, geomCenters } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const { lonDeg, latDeg } = geomCenters(createWcsGeom({ binszDeg: 10, npix: [3, 1] }));
 * assert.deepEqual(lonDeg.shape, [1, 3]);
 * assert.ok(Math.abs(lonDeg.get(0, 2) - 350) < 1e-9 && Math.abs(latDeg.get(0, 2)) < 1e-9);
 * ```
 */
export function geomCenters(geom: SkyGeom): GeomCenters {
  const known = centersCache.get(geom);
  if (known !== undefined) return known;
  const { lonDeg, latDeg } = kindOf(geom).centers(geom), shape = [...geom.shape];
  const made = Object.freeze({ lonDeg: ndarray(lonDeg, shape), latDeg: ndarray(latDeg, shape) });
  centersCache.set(geom, made);
  return made;
}

/**
 * Solid angles of all pixels: spherical quadrilaterals with great-circle edges, HEALPix pixels, or the
 * region on the sphere.
 *
 * They are kept as long as the geometry is in use, and no longer.
 *
 * @param geom The geometry.
 * @returns An array of the shape of the geometry, sr; of a region that changes along an axis one number
 *   a bin; NaN where a corner is outside the projection. Shared, not to be written.
 * @throws TypeError for a geometry without sky.
 * @example
 * ```ts
 * import { createWcsGeom, solidAngleSr } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const allSky = solidAngleSr(createWcsGeom({ proj: "CAR", binszDeg: 10 }));
 * const sum = (allSky.data as Float64Array).reduce((a, b) => a + b);
 * assert.ok(Math.abs(sum - 4 * Math.PI) < 1e-10);
 * ```
 *
 * Source: see pixelSolidAngleSr of the sky module; Gammapy's planar triangles agree to 1e-6 on small
 * pixels and are low by 1e-3 next to a celestial pole.
 */
export function solidAngleSr(geom: SkyGeom): NdArray<Float64Array> {
  const known = solidAngleCache.get(geom);
  if (known !== undefined) return known;
  const values = kindOf(geom).solidAngles(geom), nPixels = geomPixels(geom);
  const made = ndarray(values, values.length === nPixels ? [...geom.shape] : [values.length]);
  solidAngleCache.set(geom, made);
  return made;
}

/**
 * Number of pixels of a geometry: 1 for a region and where there is no sky.
 *
 * @returns The number.
 * @example
 * ```ts
 * import { createWcsGeom, geomPixels } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(geomPixels(createWcsGeom({ npix: [3, 2] })), 6);
 * ```
 */
export function geomPixels(geom: SkyGeom): number {
  return (geom.shape as readonly number[]).reduce((a, b) => a * b, 1);
}

/**
 * The pixel of each position: its place in C order, −1 where it is outside.
 *
 * @param geom The geometry.
 * @param sky Positions in the frame of the geometry, deg.
 * @param out Takes the pixels; as long as the positions.
 * @returns `out`.
 * @throws TypeError for a geometry without sky.
 * @example
 * ```ts
 * import { createWcsGeom, geomIndexInto } from "@gammarx/gammarx/maps";
 * import { deepStrictEqual } from "node:assert/strict";
 * const geom = createWcsGeom({ proj: "TAN", binszDeg: 1, npix: 3 });
 * const sky = { lonDeg: Float64Array.of(0, 50), latDeg: Float64Array.of(0.9, 0) };
 * deepStrictEqual([...geomIndexInto(geom, sky, new Int32Array(2))], [7, -1]);
 * ```
 */
export function geomIndexInto(geom: SkyGeom, sky: SkyColumns, out: Int32Array): Int32Array {
  return kindOf(geom).indexInto(geom, sky, out);
}

/**
 * A function that finds the pixel of every event: `(raDeg, decDeg, n, out)` writes the place in C order of
 * each of the first n ICRS events, or −1 where one is outside the map. A region that changes along an axis
 * takes what any of its bins holds; a map without sky takes all.
 *
 * TAN maps have a fast path; it gives the pixels of the general one, event for event.
 *
 * @param geom The geometry, in any frame.
 * @returns The function; it may be used any number of times, and keeps nothing of its input.
 * @throws RangeError for a map of 2³¹ pixels or more.
 * @example
 * ```ts
 * import { createWcsGeom, pixelIndexer } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const index = pixelIndexer(createWcsGeom({ proj: "TAN", binszDeg: 1, npix: 3 }));
 * const out = new Int32Array(2);
 * index(Float64Array.of(0, 50), Float64Array.of(0.9, 0), 2, out);
 * assert.deepEqual([...out], [7, -1]);
 * ```
 */
export function pixelIndexer(geom: SkyGeom): PixelIndexer {
  return kindOf(geom).pixelIndexer(geom);
}

/** World coordinates of the pixel dimensions; undefined where there are none. */
export function worldCoordinates(geom: SkyGeom): WorldCoordinates | undefined {
  return kindOf(geom).world(geom);
}

/**
 * Whether two geometries have the same pixels on the sky.
 *
 * @param a One geometry.
 * @param b The other.
 * @param options `atolDeg`: greatest distance of pixel centres, deg; 1e-6 where absent. Geometries of
 *   different kind, frame or number of pixels never agree.
 * @returns True where they agree.
 * @example
 * ```ts
 * import { createWcsGeom, geomEquals } from "@gammarx/gammarx/maps";
 * import { ok } from "node:assert/strict";
 * const at = (lonDeg: number) => createWcsGeom({ skydir: { lonDeg, latDeg: 0 }, npix: 3, proj: "TAN" });
 * ok(geomEquals(at(10), at(10 + 1e-9)) && !geomEquals(at(10), at(11)));
 * ```
 */
export function geomEquals(
  a: SkyGeom,
  b: SkyGeom,
  options: { readonly atolDeg?: number } = {},
): boolean {
  if (a === b || a.key === b.key) return true;
  if (a.kind !== b.kind || a.frame !== b.frame || a.shape.join() !== b.shape.join()) return false;
  if (a.kind !== "wcs-geom" && a.kind !== "hpx-geom") return false;
  const { atolDeg = 1e-6 } = options, one = geomCenters(a), two = geomCenters(b);
  const n = geomPixels(a);
  for (let i = 0; i < n; i++) {
    const lonA = one.lonDeg.data[i]!, lonB = two.lonDeg.data[i]!, latA = one.latDeg.data[i]!;
    const latB = two.latDeg.data[i]!;
    if (Number.isNaN(lonA) && Number.isNaN(lonB)) continue;
    const dLon = ((lonA - lonB + 540) % 360 - 180) * Math.cos(latA * Math.PI / 180);
    if (!(Math.abs(dLon) <= atolDeg && Math.abs(latA - latB) <= atolDeg)) return false;
  }
  return true;
}
