/** Shapes of masks: smaller, larger, without the margin of a map. */
import type { Axis } from "../nddata/mod.ts";
import { queryDisc, type SkyPosition } from "../sky/mod.ts";
import { planeCount } from "./_map_arrays.ts";
import { bytesMap, bytesOf } from "./_mask_bytes.ts";
import { dilate, erode, insideBoundary } from "./_morphology.ts";
import { pixelScalesDeg } from "./_wcs_parts.ts";
import type { HpxGeom } from "./hpx_geom.ts";
import { hpxToLocal } from "./hpx_pixels.ts";
import { broadcastMap } from "./map_axes.ts";
import { geomCenters, type PixelGeom, type SkyGeom } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";
import type { WcsGeom } from "./wcs_geom.ts";

/** How a shape is changed. */
export interface MaskRadiusOptions {
  /** Radius of the disk, deg: over the mean size of a pixel; distances of HEALPix centres on the sky. */
  readonly radiusDeg: number;
}

/**
 * What of a mask is farther than a radius from everything that is not in it, plane by plane. What is outside
 * a WCS map is not in the mask; HEALPix pixels that a partial sky does not have are not looked at.
 *
 * @param mask On WCS or HEALPix pixels.
 * @param options The radius.
 * @returns A new map of bytes.
 * @throws TypeError for a geometry without pixels.
 * @example
 * ```ts
 * import { createWcsGeom, createSkyMap, erodeMask } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const geom = createWcsGeom({ proj: "TAN", binszDeg: 1, npix: 3 });
 * const mask = createSkyMap(geom, { data: new Uint8Array(9).fill(1) });
 * const data = erodeMask(mask, { radiusDeg: 1 }).values.data as Uint8Array;
 * strictEqual(data.reduce((a, b) => a + b), 1);
 * ```
 * @see gammapy.maps.WcsNDMap.binary_erode
 */
export function erodeMask<G extends PixelGeom>(
  mask: SkyMap<G>,
  options: MaskRadiusOptions,
): SkyMap<G> {
  return reshaped(mask, options, "erode");
}

/**
 * What is within a radius of a mask, plane by plane.
 *
 * @param mask On WCS or HEALPix pixels.
 * @param options The radius.
 * @returns A new map of bytes.
 * @throws TypeError for a geometry without pixels.
 * @example
 * ```ts
 * import { createWcsGeom, createSkyMap, dilateMask } from "@gammarx/gammarx/maps";
 * import { deepStrictEqual } from "node:assert/strict";
 * const geom = createWcsGeom({ proj: "TAN", binszDeg: 1, npix: [3, 1] });
 * const mask = createSkyMap(geom, { data: Uint8Array.of(0, 0, 1) });
 * const data = dilateMask(mask, { radiusDeg: 1 }).values.data as Uint8Array;
 * deepStrictEqual([...data], [0, 1, 1]);
 * ```
 * @see gammapy.maps.WcsNDMap.binary_dilate
 */
export function dilateMask<G extends PixelGeom>(
  mask: SkyMap<G>,
  options: MaskRadiusOptions,
): SkyMap<G> {
  return reshaped(mask, options, "dilate");
}

function reshaped<G extends SkyGeom>(
  mask: SkyMap<G>,
  { radiusDeg }: MaskRadiusOptions,
  how: "erode" | "dilate",
): SkyMap<G> {
  const geom: SkyGeom = mask.geom, all = bytesOf(mask), out = new Uint8Array(all.length);
  const nPlanes = planeCount(mask.axes), n = all.length / nPlanes;
  for (let p = 0; p < nPlanes; p++) {
    const valid = all.subarray(p * n, (p + 1) * n);
    out.set(reshapedPlane(geom, valid, radiusDeg, how), p * n);
  }
  return bytesMap(mask.geom, mask.axes, out);
}

function reshapedPlane(
  geom: SkyGeom,
  valid: Uint8Array,
  radiusDeg: number,
  how: "erode" | "dilate",
): Uint8Array {
  if (geom.kind === "wcs-geom") {
    const [x, y] = pixelScalesDeg(geom), [nx, ny] = geom.npix;
    const radiusPix = radiusDeg / ((x + y) / 2);
    return how === "erode"
      ? erode({ valid, nx, ny }, { radiusPix })
      : dilate({ valid, nx, ny }, { radiusPix });
  }
  if (geom.kind !== "hpx-geom" || geom.cells !== undefined) {
    throw new TypeError(`Masks of a ${geom.kind} have no shape: expected WCS or HEALPix pixels`);
  }
  if (how === "dilate") return dilatedHpx(geom, valid, radiusDeg);
  return dilatedHpx(geom, valid.map((one) => 1 - one), radiusDeg).map((one) => 1 - one);
}

/** Every pixel whose centre is within the radius of that of a pixel of the set. */
function dilatedHpx(geom: HpxGeom, valid: Uint8Array, radiusDeg: number): Uint8Array {
  const { lonDeg, latDeg } = geomCenters(geom), out = valid.slice();
  for (let i = 0; i < valid.length; i++) {
    if (valid[i] === 0) continue;
    const center: SkyPosition = { lonDeg: lonDeg.data[i]!, latDeg: latDeg.data[i]! };
    for (const pix of queryDisc(geom.grid, { center, radiusDeg })) {
      const local = hpxToLocal(geom, pix);
      if (local >= 0) out[local] = 1;
    }
  }
  return out;
}

/** What {@linkcode boundaryMask} takes. */
export interface BoundaryMaskOptions {
  /** Width of the margin, deg. */
  readonly widthDeg: number;
  /** Axes of the result, along which it is the same; none where absent. */
  readonly axes?: readonly Axis[];
}

/**
 * The pixels that are not within a margin at the edges of a WCS map.
 *
 * @param geom WCS pixels.
 * @param options Width of the margin, axes.
 * @returns A new map of bytes: 0 in the margin.
 * @throws RangeError for a width below 0.
 * @example
 * ```ts
 * import { boundaryMask, createWcsGeom } from "@gammarx/gammarx/maps";
 * import { deepStrictEqual } from "node:assert/strict";
 * const geom = createWcsGeom({ proj: "TAN", binszDeg: 1, npix: [3, 3] });
 * const data = boundaryMask(geom, { widthDeg: 1 }).values.data as Uint8Array;
 * deepStrictEqual([...data], [0, 0, 0, 0, 1, 0, 0, 0, 0]);
 * ```
 * @see gammapy.maps.WcsGeom.boundary_mask
 */
export function boundaryMask(geom: WcsGeom, options: BoundaryMaskOptions): SkyMap<WcsGeom> {
  const { widthDeg, axes = [] } = options, [x, y] = pixelScalesDeg(geom), [nx, ny] = geom.npix;
  const plane = insideBoundary({ nx, ny, widthPix: widthDeg / ((x + y) / 2) });
  return broadcastMap(bytesMap(geom, [], plane), axes);
}
