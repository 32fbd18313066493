import { type Axis, binIndices, timeIndex } from "../nddata/mod.ts";
import { flatten } from "../numeric/mod.ts";
import { regionContains, type SkyColumns } from "../sky/mod.ts";
import { axisColumn, lengthOf, type MapCoords, positionsIn } from "./map_coords.ts";
import type { RegionsAlong } from "./region_geom.ts";
import { geomIndexInto, geomPixels } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";

/**
 * Values of a map at places: of the pixel and bin that hold each. Whether they are valid is not looked at.
 *
 * @param map The map.
 * @param coords The places.
 * @returns A new array, in the unit of the map; NaN outside. Of a region that changes along an axis, a bin
 *   holds the positions that its own region holds.
 * @throws TypeError where a coordinate is missing.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, valuesAt } from "@gammarx/gammarx/maps";
 * import { deepStrictEqual } from "node:assert/strict";
 * const map = createSkyMap(createWcsGeom({ npix: [2, 1], binszDeg: 1, proj: "TAN" }), {
 *   data: Float64Array.of(1, 2),
 * });
 * const at = { lonDeg: Float64Array.of(0.4, 359.6, 5), latDeg: new Float64Array(3) };
 * deepStrictEqual([...valuesAt(map, at)], [1, 2, NaN]);
 * ```
 * @see gammapy.maps.Map.get_by_coord
 */
export function valuesAt(map: SkyMap, coords: MapCoords): Float64Array {
  const { geom } = map, n = lengthOf(coords), cells = new Int32Array(n);
  const hasPlaces = geom.kind === "wcs-geom" || geom.kind === "hpx-geom" ||
    (geom.kind === "region-geom" && coords.lonDeg !== undefined);
  const sky = hasPlaces ? positionsIn(geom, coords) : undefined;
  const along = geom.kind === "region-geom" ? geom.along : undefined;
  if (sky !== undefined && along === undefined) geomIndexInto(geom, sky, cells);
  const bins = new Int32Array(n);
  let stride = geomPixels(geom);
  for (let a = map.axes.length - 1; a >= 0; a--) {
    const axis = map.axes[a]!, column = axisColumn(axis, coords);
    const own = axis.name === along?.axis.name ? along : undefined;
    binsInto(axis, column, bins);
    for (let i = 0; i < n; i++) {
      const bin = bins[i]!, isIn = bin >= 0 && bin < axis.nBins;
      const isHeld = isIn && (own === undefined || holds(own, bin, sky, i));
      cells[i] = cells[i]! < 0 || !isHeld ? -1 : cells[i]! + bin * stride;
    }
    stride *= axis.nBins;
  }
  const { data, offset } = flatten(map.values), out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = cells[i]! < 0 ? NaN : data[offset + cells[i]!]!;
  return out;
}

/** Whether the region of a bin holds a position; no position is held anywhere. */
function holds(along: RegionsAlong, bin: number, sky: SkyColumns | undefined, i: number): boolean {
  return sky === undefined || regionContains(along.regions[bin]!, sky.lonDeg[i]!, sky.latDeg[i]!);
}

/** The bin of each coordinate; what is in none has another number than those of bins. */
function binsInto(axis: Axis, column: Float64Array, out: Int32Array): void {
  if (axis.kind === "map-axis") return binIndices(axis, column, out.length, out);
  for (let i = 0; i < out.length; i++) {
    const x = column[i]!;
    out[i] = axis.kind === "time-axis" ? timeIndex(axis, x) : Number.isInteger(x) ? x : -1;
  }
}
