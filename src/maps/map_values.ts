import {
  type Axis,
  binIndex,
  createGridInterpolator,
  type GridInterpolator,
  type GridNodes,
  gridNodes,
  timeIndex,
  type ValuesScale,
} from "../nddata/mod.ts";
import { flatten } from "../numeric/mod.ts";
import {
  galacticToIcrsInto,
  icrsToGalacticInto,
  type SkyColumns,
  type SkyFrame,
  worldToPixelInto,
} from "../sky/mod.ts";
import { hpxInterpolationInto } from "./hpx_interpolation.ts";
import { geomIndexInto, geomPixels, type SkyGeom } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";

/** Places in a map: columns of one length. */
export interface MapCoords {
  /** Longitudes, deg; left out for a map without sky, or of a region, whose values hold all over it. */
  readonly lonDeg?: Float64Array;
  /** Latitudes, deg. */
  readonly latDeg?: Float64Array;
  /** Frame of the positions; that of the map where absent. */
  readonly frame?: SkyFrame;
  /** Coordinates along the further axes by name, in the unit of the axis; of times, seconds after its epoch. */
  readonly axes?: Readonly<Record<string, Float64Array>>;
}

/** How a map is interpolated. */
export interface InterpolateMapOptions {
  /** Between pixel and bin centres, or the nearest of them; "linear" where absent. */
  readonly method?: "linear" | "nearest";
  /** Scale of the values between which is interpolated; "lin" where absent. */
  readonly valuesScale?: ValuesScale;
  /** What stands outside the map, or "extrapolate"; NaN where absent. */
  readonly outside?: number | "extrapolate";
}

/** How many places there are. */
function lengthOf(coords: MapCoords): number {
  const columns = [coords.lonDeg, coords.latDeg, ...Object.values(coords.axes ?? {})];
  const lengths = columns.flatMap((column) => column === undefined ? [] : [column.length]);
  if (lengths.length === 0 || lengths.some((n) => n !== lengths[0])) {
    throw new TypeError(
      `Found columns of ${lengths.join(", ") || "no"} places, expected one length`,
    );
  }
  return lengths[0]!;
}

/** The positions in the frame of a geometry. */
function positionsIn(geom: SkyGeom, coords: MapCoords): SkyColumns {
  const { lonDeg, latDeg, frame = geom.frame } = coords;
  if (lonDeg === undefined || latDeg === undefined) {
    throw new TypeError(`A map on a ${geom.kind} needs lonDeg and latDeg`);
  }
  if (frame === geom.frame) return { lonDeg, latDeg };
  const into = { lonDeg: new Float64Array(lonDeg.length), latDeg: new Float64Array(lonDeg.length) };
  const convert = geom.frame === "galactic" ? icrsToGalacticInto : galacticToIcrsInto;
  return convert({ lonDeg, latDeg }, into);
}

function axisColumn(axis: Axis, coords: MapCoords): Float64Array {
  const column = coords.axes?.[axis.name];
  if (column !== undefined) return column;
  const found = Object.keys(coords.axes ?? {}).join(", ") || "none";
  throw new TypeError(`The map has an axis "${axis.name}": found coordinates along ${found}`);
}

/**
 * Values of a map at places: of the pixel and bin that hold each.
 *
 * @param map The map.
 * @param coords The places.
 * @returns A new array, in the unit of the map; NaN outside.
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
  const n = lengthOf(coords), { geom } = map, cells = new Int32Array(n);
  if (geom.kind !== "no-sky" && coords.lonDeg !== undefined) {
    geomIndexInto(geom, positionsIn(geom, coords), cells);
  }
  let stride = geomPixels(geom);
  for (let a = map.axes.length - 1; a >= 0; a--) {
    const axis = map.axes[a]!, column = axisColumn(axis, coords);
    for (let i = 0; i < n; i++) {
      const bin = binOf(axis, column[i]!);
      cells[i] = cells[i]! < 0 || bin < 0 || bin >= axis.nBins ? -1 : cells[i]! + bin * stride;
    }
    stride *= axis.nBins;
  }
  const { data, offset } = flatten(map.values);
  return Float64Array.from(cells, (cell) => cell < 0 ? NaN : data[offset + cell]!);
}

function binOf(axis: Axis, x: number): number {
  switch (axis.kind) {
    case "map-axis":
      return binIndex(axis, x);
    case "time-axis":
      return timeIndex(axis, x);
    case "label-axis":
      return Number.isInteger(x) ? x : -1;
  }
}

/**
 * Values of a map between its pixels and bins: linear between pixel centres (HEALPix: between the four
 * nearest pixels), and between bin centres in the scale of each axis.
 *
 * @param map The map.
 * @param coords The places.
 * @param options Method, scale of the values, what stands outside.
 * @returns A new array, in the unit of the map.
 * @throws TypeError where a coordinate is missing, or for an axis of times or labels: slice it first.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, interpolateMap } from "@gammarx/gammarx/maps";
 * import { ok } from "node:assert/strict";
 * const map = createSkyMap(createWcsGeom({ npix: [2, 2], binszDeg: 1, proj: "TAN" }), {
 *   data: Float64Array.of(1, 2, 3, 4),
 * });
 * const at = { lonDeg: Float64Array.of(0), latDeg: Float64Array.of(0) };
 * ok(Math.abs(interpolateMap(map, at)[0]! - 2.5) < 1e-9);
 * ```
 * @see gammapy.maps.Map.interp_by_coord
 */
export function interpolateMap(
  map: SkyMap,
  coords: MapCoords,
  options: InterpolateMapOptions = {},
): Float64Array {
  const n = lengthOf(coords), { geom } = map, grid = interpolatorOf(map, options);
  const columns = map.axes.map((axis) => axisColumn(axis, coords));
  if (geom.kind === "wcs-geom") {
    const x = new Float64Array(n), y = new Float64Array(n);
    worldToPixelInto(geom.wcs, positionsIn(geom, coords), { x, y });
    return grid.pointsInto([...columns, y, x], new Float64Array(n));
  }
  if (geom.kind !== "hpx-geom") {
    if (columns.length === 0) return new Float64Array(n).fill(map.values.get());
    return grid.pointsInto(columns, new Float64Array(n));
  }
  const into = { pix: new Float64Array(4 * n), weights: new Float64Array(4 * n) };
  hpxInterpolationInto(geom, positionsIn(geom, coords), into);
  const four = columns.map((column) =>
    Float64Array.from({ length: 4 * n }, (_, k) => column[k >>> 2]!)
  );
  const values = grid.pointsInto([...four, into.pix], new Float64Array(4 * n));
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let k = 4 * i; k < 4 * i + 4; k++) {
      if (into.weights[k] !== 0) sum += into.weights[k]! * values[k]!;
    }
    return sum;
  });
}

const interpolators = new WeakMap<SkyMap, Map<string, GridInterpolator>>();

function interpolatorOf(map: SkyMap, options: InterpolateMapOptions): GridInterpolator {
  const { method = "linear", valuesScale = "lin", outside = NaN } = options;
  const key = `${method} ${valuesScale} ${outside}`;
  const known = interpolators.get(map) ?? new Map<string, GridInterpolator>();
  interpolators.set(map, known);
  const made = known.get(key);
  if (made !== undefined) return made;
  const free = outside === "extrapolate";
  const nodes = [...map.axes.map(axisNodes), ...map.geom.shape.map(pixelNodes)].map((one) =>
    free ? { ...one, limits: undefined } : one
  );
  const { data, offset, length } = flatten(map.values);
  const grid = createGridInterpolator(nodes, data.subarray(offset, offset + length), {
    method,
    valuesScale,
    fill: outside === "extrapolate" ? NaN : outside,
  });
  known.set(key, grid);
  return grid;
}

function axisNodes(axis: Axis): GridNodes {
  if (axis.kind === "map-axis") return gridNodes(axis);
  throw new TypeError(
    `Cannot interpolate along the ${axis.kind} "${axis.name}": slice the map first`,
  );
}

function pixelNodes(n: number): GridNodes {
  const nodes = Float64Array.from({ length: n }, (_, i) => i);
  return { nodes, interp: "lin", limits: [-0.5, n - 0.5] };
}
