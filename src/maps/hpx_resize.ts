/** Finer, coarser and smaller HEALPix geometries, and where their pixels come from. */
import {
  createHealpixGrid,
  healpixChildren,
  healpixParentInto,
  queryDisc,
  queryRegion,
} from "../sky/mod.ts";
import { placesInto } from "./_hpx_lookup.ts";
import { geomOf, type HpxGeom, type HpxPart } from "./hpx_geom.ts";
import { hpxPixels, hpxToLocal } from "./hpx_pixels.ts";

/** A geometry with another nside, and how its pixels and those of the first one belong together. */
export interface HpxResized {
  /** The new geometry, in the same order and frame. */
  readonly geom: HpxGeom;
  /** By local index of the finer of the two geometries: the local index of the coarser one. */
  readonly parents: Int32Array;
}

/** A part of a geometry. */
export interface HpxCutout {
  /** The new geometry, in the same grid and frame. */
  readonly geom: HpxGeom;
  /** By local index of it: the local index of the geometry that it was cut from. */
  readonly indices: Int32Array;
}

function checkRegular(geom: HpxGeom, what: string): void {
  if (geom.cells === undefined) return;
  throw new TypeError(`${what}: found a multi-order geometry, expected one of a single nside`);
}

function checkSize(geom: HpxGeom, nPix: number): void {
  if (nPix < 2 ** 31) return;
  throw new RangeError(
    `Found ${nPix} pixels from a geometry of ${geom.nPix}, expected less than 2^31`,
  );
}

/**
 * The geometry with every pixel cut into smaller ones.
 *
 * @param geom the geometry, of one nside
 * @param options `nside` of the new one, a multiple of that of `geom`
 * @returns the new geometry, and by its local index the local index of the pixel that was cut
 * @throws TypeError for a multi-order geometry; RangeError where nside is no multiple, or the result has
 * 2³¹ pixels or more
 * @example
 * ```ts
 * import { createHpxGeom, hpxUpgrade } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const coarse = createHpxGeom({ nside: 1, order: "nested", pixels: [3, 5] });
 * const { geom, parents } = hpxUpgrade(coarse, { nside: 2 });
 * assert.deepEqual([...geom.pixels!], [12, 13, 14, 15, 20, 21, 22, 23]);
 * assert.deepEqual([...parents], [0, 0, 0, 0, 1, 1, 1, 1]);
 * ```
 *
 * Source: agrees with upsample of gammapy.maps.HpxGeom.
 */
export function hpxUpgrade(geom: HpxGeom, options: { readonly nside: number }): HpxResized {
  checkRegular(geom, "hpxUpgrade");
  const { nside } = options, grid = createHealpixGrid({ nside, order: geom.grid.order });
  const coarser = geom.grid.nside, nPix = geom.nPix * (nside / coarser) ** 2;
  checkSize(geom, nPix);
  const finer = geomOf(
    grid,
    geom.frame,
    geom.pixels === undefined ? undefined : childrenOf(geom, nside),
  );
  const parents = new Int32Array(nPix), holders = hpxPixels(finer);
  healpixParentInto(grid, holders, { nside: coarser, out: holders });
  if (geom.pixels === undefined) parents.set(holders);
  else placesInto(geom.pixels, holders, parents);
  return Object.freeze({ geom: finer, parents });
}

/** The pixels of a finer grid that make up those of a geometry, ascending. */
function childrenOf(geom: HpxGeom, nside: number): Float64Array {
  const pixels = hpxPixels(geom), each = (nside / geom.grid.nside) ** 2;
  const out = new Float64Array(pixels.length * each);
  pixels.forEach((pix, i) => out.set(healpixChildren(geom.grid, pix, { nside }), i * each));
  return out.sort();
}

/**
 * The geometry of the larger pixels that hold those of a geometry.
 *
 * At the edge of a partial sky a larger pixel may hold fewer than all of its parts.
 *
 * @param geom the geometry, of one nside
 * @param options `nside` of the new one, a divisor of that of `geom`
 * @returns the new geometry, and by local index of `geom` the local index of the pixel that holds it
 * @throws TypeError for a multi-order geometry; RangeError where nside does not divide, or `geom` has 2³¹
 * pixels or more
 * @example
 * ```ts
 * import { createHpxGeom, hpxDowngrade } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const fine = createHpxGeom({ nside: 2, order: "nested", pixels: [13, 15, 20] });
 * const { geom, parents } = hpxDowngrade(fine, { nside: 1 });
 * assert.deepEqual([...geom.pixels!], [3, 5]);
 * assert.deepEqual([...parents], [0, 0, 1]);
 * ```
 *
 * Source: agrees with downsample of gammapy.maps.HpxGeom.
 */
export function hpxDowngrade(geom: HpxGeom, options: { readonly nside: number }): HpxResized {
  checkRegular(geom, "hpxDowngrade");
  checkSize(geom, geom.nPix);
  const { nside } = options, grid = createHealpixGrid({ nside, order: geom.grid.order });
  const holders = hpxPixels(geom), parents = new Int32Array(holders.length);
  healpixParentInto(geom.grid, holders, { nside, out: holders });
  const coarse = geom.pixels === undefined ? undefined : Float64Array.from(new Set(holders)).sort();
  if (coarse === undefined) parents.set(holders);
  else placesInto(coarse, holders, parents);
  return Object.freeze({ geom: geomOf(grid, geom.frame, coarse), parents });
}

/**
 * The pixels of a geometry that are in a region or a disc.
 *
 * @param geom the geometry, of one nside and less than 2³¹ pixels
 * @param part `region`, `disc` or `pixels`: one of them
 * @returns the new geometry, and by its local index the local index in `geom`
 * @throws TypeError for a multi-order geometry, or where `part` is not one part
 * @example
 * ```ts
 * import { createHpxGeom, hpxCutout } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const half = createHpxGeom({ nside: 1, pixels: [4, 5, 6, 8, 9] });
 * const disc = { center: { lonDeg: 90, latDeg: 0 }, radiusDeg: 20 };
 * const { geom, indices } = hpxCutout(half, { disc });
 * assert.deepEqual([...geom.pixels!, ...indices], [5, 1]);
 * ```
 *
 * Source: agrees with cutout of gammapy.maps.HpxGeom for discs.
 */
export function hpxCutout(geom: HpxGeom, part: HpxPart): HpxCutout {
  checkRegular(geom, "hpxCutout");
  checkSize(geom, geom.nPix);
  const { region, disc, pixels } = part,
    given = [region, disc, pixels].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new TypeError(`Found ${given.length} of region, disc and pixels, expected one of them`);
  }
  const wanted = region !== undefined
    ? queryRegion(geom.grid, region, { frame: geom.frame })
    : disc !== undefined
    ? queryDisc(geom.grid, disc)
    : Float64Array.from(new Set(Array.from(pixels!))).sort();
  const places = new Int32Array(wanted.length);
  if (geom.pixels !== undefined) placesInto(geom.pixels, wanted, places);
  else wanted.forEach((pix, i) => places[i] = hpxToLocal(geom, pix));
  const list = wanted.filter((_, i) => places[i]! >= 0);
  return Object.freeze({
    geom: geomOf(geom.grid, geom.frame, list),
    indices: places.filter((one) => one >= 0),
  });
}
