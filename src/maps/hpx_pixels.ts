/** Global numbers and local indices of the pixels of a HEALPix geometry. */
import { fromUniq } from "../sky/mod.ts";
import { placeOf } from "./_hpx_lookup.ts";
import type { HpxGeom } from "./hpx_geom.ts";

/**
 * The global numbers of all pixels: those of the grid, or the NUNIQ numbers of cells.
 *
 * @param geom the geometry
 * @returns a new array of nPix numbers, by local index
 * @example
 * ```ts
 * import { createHpxGeom, hpxPixels } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * assert.deepEqual([...hpxPixels(createHpxGeom({ nside: 8, pixels: [7, 3, 7] }))], [3, 7]);
 * assert.deepEqual([...hpxPixels(createHpxGeom({ uniq: [21, 4] }))], [4, 21]);
 * ```
 */
export function hpxPixels(geom: HpxGeom): Float64Array {
  const list = geom.cells?.uniq ?? geom.pixels;
  return list?.slice() ?? new Float64Array(geom.nPix).map((_, i) => i);
}

/**
 * The global number of a local index.
 *
 * @param geom the geometry
 * @param local the local index
 * @returns the number in the grid, or the NUNIQ number of a cell; -1 where there is no such pixel
 * @example
 * ```ts
 * import { createHpxGeom, hpxToGlobal } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * assert.equal(hpxToGlobal(createHpxGeom({ nside: 8, pixels: [700, 247] }), 1), 700);
 * ```
 *
 * Source: agrees with local_to_global of gammapy.maps.HpxGeom.
 */
export function hpxToGlobal(geom: HpxGeom, local: number): number {
  if (!(Number.isInteger(local) && local >= 0 && local < geom.nPix)) return -1;
  return (geom.cells?.uniq ?? geom.pixels)?.[local] ?? local;
}

/**
 * The local index of a global number.
 *
 * @param geom the geometry
 * @param global a number in the grid, or the NUNIQ number of a cell
 * @returns the local index; -1 where the geometry does not have that pixel or cell
 * @example
 * ```ts
 * import { createHpxGeom, hpxToLocal } from "@gammarx/gammarx/maps";
 * import assert from "node:assert/strict";
 * const geom = createHpxGeom({ nside: 8, pixels: [700, 247] });
 * assert.deepEqual([hpxToLocal(geom, 700), hpxToLocal(geom, 701)], [1, -1]);
 * ```
 *
 * Source: agrees with global_to_local of gammapy.maps.HpxGeom.
 */
export function hpxToLocal(geom: HpxGeom, global: number): number {
  if (geom.cells !== undefined) {
    const { uniq, starts, maxOrder } = geom.cells;
    if (!(global >= 4)) return -1;
    const { order, pix } = fromUniq(global), local = placeOf(starts, pix * 4 ** (maxOrder - order));
    return local >= 0 && uniq[local] === global ? local : -1;
  }
  if (geom.pixels !== undefined) return placeOf(geom.pixels, global);
  return Number.isInteger(global) && global >= 0 && global < geom.nPix ? global : -1;
}
