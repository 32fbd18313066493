/** Images of the sky: maps without further axes, whose unit is always said. */
import type { NDArr } from "../nddata/mod.ts";
import { createSkyMap, type SkyMap, type SkyMapOptions } from "./sky_map.ts";
import type { WcsGeom } from "./wcs_geom.ts";

/** A map of one plane of WCS pixels with a unit. */
export interface Image extends SkyMap<WcsGeom> {
  /** Unit of the values; "" for counts and pure numbers, never unknown. */
  readonly unit: string;
}

/** What {@link createImage} takes. */
export interface ImageOptions extends Omit<SkyMapOptions, "axes" | "unit"> {
  /** Unit of the values: "" says that they are counts or pure numbers. */
  readonly unit: string;
}

/**
 * Makes an image: one plane of a sky geometry, with a unit that is always given.
 *
 * @param geom The sky.
 * @param options Unit, values in C order of shape [ny, nx] (zeros where absent), variance, validity, meta.
 * @returns A frozen record.
 * @throws TypeError where the unit is missing, or the values do not have the shape; SyntaxError for what
 *   is no unit.
 * @example
 * ```ts
 * import { createImage, createWcsGeom } from "@gammarx/gammarx/maps";
 * import { strictEqual } from "node:assert/strict";
 * const flux = createImage(createWcsGeom({ npix: [3, 2], proj: "TAN" }), { unit: "cm-2 s-1" });
 * strictEqual(flux.unit, "cm-2 s-1");
 * ```
 * @see astropy APE on NDData, whose image has a unit always
 */
export function createImage(geom: WcsGeom, options: ImageOptions): Image {
  if (typeof (options.unit as NDArr["unit"]) !== "string") {
    throw new TypeError('An image needs its unit: give "" for counts and pure numbers');
  }
  return createSkyMap(geom, { ...options, axes: [] }) as Image;
}
