/**
 * Which pixels and bins are to be used: the algebra of maps of 1 (use it) and 0 (do not). A map with such
 * values becomes the validity of another by {@linkcode applyMask}.
 */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import type { Axis } from "../nddata/mod.ts";
import { runsOf } from "./_map_arrays.ts";
import { bytesMap, bytesOf } from "./_mask_bytes.ts";
import { broadcastMap } from "./map_axes.ts";
import type { SkyGeom } from "./sky_geom.ts";
import { mapOf, type SkyMap } from "./sky_map.ts";

/** Both masks on the axes of the one that has more of them. */
function together<G extends SkyGeom>(
  a: SkyMap<G>,
  b: SkyMap,
): readonly [axes: readonly Axis[], x: Uint8Array, y: Uint8Array] {
  if (a.geom.key !== b.geom.key) {
    throw new TypeError("The masks are on different pixels: reproject one of them first");
  }
  const axes = a.axes.length >= b.axes.length ? a.axes : b.axes;
  return [axes, bytesOf(broadcastMap(a, axes)), bytesOf(broadcastMap(b, axes))];
}

function combined<G extends SkyGeom>(
  a: SkyMap<G>,
  b: SkyMap,
  byTruth: readonly [number, number, number, number],
): SkyMap<G> {
  const [axes, x, y] = together(a, b);
  return bytesMap(a.geom, axes, x.map((one, i) => byTruth[2 * one + y[i]!]!));
}

/**
 * Where both masks are 1; an image and a cube go together.
 *
 * @param a A map whose values count as 1 where they are not 0.
 * @param b Another on the same pixels, on the same axes or on some of them, or with more.
 * @returns A new map of bytes on the axes of the one that has more.
 * @throws TypeError for other pixels or bins.
 * @example
 * ```ts
 * import { createSkyMap, maskAnd, NO_SKY } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const one = createSkyMap(NO_SKY, { data: Uint8Array.of(1) });
 * strictEqual(maskAnd(one, createSkyMap(NO_SKY)).values.get(), 0);
 * ```
 */
export function maskAnd<G extends SkyGeom>(a: SkyMap<G>, b: SkyMap): SkyMap<G> {
  return combined(a, b, [0, 0, 0, 1]);
}

/**
 * Where either mask is 1.
 *
 * @param a A mask.
 * @param b Another; see {@linkcode maskAnd}.
 * @returns A new map of bytes.
 * @throws TypeError for other pixels or bins.
 * @example
 * ```ts
 * import { createSkyMap, maskOr, NO_SKY } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const one = createSkyMap(NO_SKY, { data: Uint8Array.of(1) });
 * strictEqual(maskOr(one, createSkyMap(NO_SKY)).values.get(), 1);
 * ```
 */
export function maskOr<G extends SkyGeom>(a: SkyMap<G>, b: SkyMap): SkyMap<G> {
  return combined(a, b, [0, 1, 1, 1]);
}

/**
 * Where one mask is 1 and the other is 0.
 *
 * @param a A mask.
 * @param b Another; see {@linkcode maskAnd}.
 * @returns A new map of bytes.
 * @throws TypeError for other pixels or bins.
 * @example
 * ```ts
 * import { createSkyMap, maskXor, NO_SKY } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const one = createSkyMap(NO_SKY, { data: Uint8Array.of(1) });
 * strictEqual(maskXor(one, one).values.get(), 0);
 * ```
 */
export function maskXor<G extends SkyGeom>(a: SkyMap<G>, b: SkyMap): SkyMap<G> {
  return combined(a, b, [0, 1, 1, 0]);
}

/**
 * Where a mask is 0.
 *
 * @param mask A mask; NaN and what is invalid in it count as 0.
 * @returns A new map of bytes.
 * @example
 * ```ts
 * import { createSkyMap, maskNot, NO_SKY } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(maskNot(createSkyMap(NO_SKY)).values.get(), 1);
 * ```
 */
export function maskNot<G extends SkyGeom>(mask: SkyMap<G>): SkyMap<G> {
  return bytesMap(mask.geom, mask.axes, bytesOf(mask).map((one) => 1 - one));
}

/**
 * A map of which only what a mask holds is valid.
 *
 * @param map The map; what was invalid in it stays so.
 * @param mask 1 where values are to be used, on the same pixels, on the axes of the map or some of them.
 * @returns A new map over the same values; named flags become one validity.
 * @throws TypeError for other pixels or bins.
 * @example
 * ```ts
 * import { applyMask, createSkyMap, NO_SKY } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(applyMask(createSkyMap(NO_SKY), createSkyMap(NO_SKY)).valid?.get(), 0);
 * ```
 */
export function applyMask<G extends SkyGeom>(map: SkyMap<G>, mask: SkyMap): SkyMap<G> {
  if (map.geom.key !== mask.geom.key) {
    throw new TypeError("The mask is on other pixels than the map: reproject it first");
  }
  const both = bytesOf(broadcastMap(mask, map.axes)), { valid } = runsOf(map);
  if (valid !== undefined) { for (let i = 0; i < both.length; i++) both[i]! &= +(valid[i] !== 0); }
  const { axes, meta } = map;
  const arr = { ...map, valid: ndarray(both, [...map.values.shape]), planes: undefined };
  return mapOf(map.geom, arr, { axes, meta });
}
