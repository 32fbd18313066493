/** Values of maps between their pixels and bins. */
import {
  type Axis,
  createGridInterpolator,
  type GridInterpolator,
  type GridNodes,
  gridNodes,
  type ValuesScale,
} from "../nddata/mod.ts";
import { type SkyColumns, worldToPixelInto } from "../sky/mod.ts";
import { numbersOf } from "./_map_arrays.ts";
import { hpxIndexInto } from "./hpx_geom.ts";
import { hpxInterpolationInto } from "./hpx_interpolation.ts";
import { axisColumn, lengthOf, type MapCoords, positionsIn } from "./map_coords.ts";
import type { SkyGeom } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";

/** How a map is interpolated. */
export interface InterpolateMapOptions {
  /** Between pixel and bin centres, or the nearest of them; "linear" where absent. */
  readonly method?: "linear" | "nearest";
  /** Scale of the values between which is interpolated; "lin" where absent. */
  readonly valuesScale?: ValuesScale;
  /** What stands outside the map, or "extrapolate"; NaN where absent. */
  readonly outside?: number | "extrapolate";
}

/** Values of one map at any places. */
export interface MapInterpolator {
  /** Values at places, in a new array or in `out`, which is as long as they are. */
  readonly valuesAt: (coords: MapCoords, out?: Float64Array) => Float64Array;
  /** Values at the same positions for several points of the further axes: positions are located once. */
  readonly planesAt: (
    sky: Pick<MapCoords, "lonDeg" | "latDeg" | "frame">,
    points: readonly (readonly number[])[],
  ) => readonly Float64Array[];
}

/**
 * Values of a map between its pixels and bins, made ready: linear between pixel centres (HEALPix: between
 * the four nearest pixels), and between bin centres in the scale of each axis. Beyond the outermost centres
 * the last interval is carried on, up to the edges or without end.
 *
 * Whether values are valid is not looked at. What was made ready is kept as long as the map is in use.
 *
 * @param map The map.
 * @param options Method, scale of the values, what stands outside.
 * @returns A frozen record.
 * @throws TypeError for an axis of times or labels (slice it first), a multi-order HEALPix map.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, mapInterpolator } from "@gammarx/gammarx/maps";
 * import { ok } from "node:assert/strict";
 * const map = createSkyMap(createWcsGeom({ npix: [2, 2], binszDeg: 1, proj: "TAN" }), {
 *   data: Float64Array.of(1, 2, 3, 4),
 * });
 * const at = { lonDeg: Float64Array.of(0), latDeg: Float64Array.of(0) };
 * ok(Math.abs(mapInterpolator(map).valuesAt(at)[0]! - 2.5) < 1e-9);
 * ```
 */
export function mapInterpolator(
  map: SkyMap,
  options: InterpolateMapOptions = {},
): MapInterpolator {
  const { method = "linear", valuesScale = "lin", outside = NaN } = options;
  const key = `${method} ${valuesScale} ${outside}`;
  const known = interpolators.get(map) ?? new Map<string, MapInterpolator>();
  interpolators.set(map, known);
  const made = known.get(key) ?? interpolatorOf(map, { method, valuesScale, outside });
  known.set(key, made);
  return made;
}

const interpolators = new WeakMap<SkyMap, Map<string, MapInterpolator>>();

/**
 * Values of a map between its pixels and bins; see {@linkcode mapInterpolator}.
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
  return mapInterpolator(map, options).valuesAt(coords);
}

/** Places that are taken at once, so that what is made of them stays in the cache. */
const BLOCK = 4096;

/** Positions as coordinates of the grid of values. */
interface Located {
  /** Points of the grid a position: four of a HEALPix map, one else. */
  readonly each: 1 | 4;
  /** Pixel columns, slowest first, of `each` numbers a position. */
  readonly pixels: readonly Float64Array[];
  /** Weights of the four pixels of each position. */
  readonly weights: Float64Array | undefined;
}

const NOWHERE: Located = Object.freeze({ each: 1, pixels: [], weights: undefined });

/** Where positions of the geometry's frame are in the pixels; a region's values hold all over it. */
function locate(geom: SkyGeom, sky: SkyColumns | undefined, nearest: boolean): Located {
  if (sky === undefined || geom.kind === "region-geom" || geom.kind === "no-sky") return NOWHERE;
  const n = sky.lonDeg.length;
  if (geom.kind === "wcs-geom") {
    const x = new Float64Array(n), y = new Float64Array(n);
    worldToPixelInto(geom.wcs, sky, { x, y });
    return { each: 1, pixels: [y, x], weights: undefined };
  }
  if (nearest) {
    const pixels = Float64Array.from(hpxIndexInto(geom, sky, new Int32Array(n)));
    return { each: 1, pixels: [pixels], weights: undefined };
  }
  const into = { pix: new Float64Array(4 * n), weights: new Float64Array(4 * n) };
  hpxInterpolationInto(geom, sky, into);
  return { each: 4, pixels: [into.pix], weights: into.weights };
}

/** The smallest normal double: logarithms are of nothing less, and what is below two of it is 0. */
const TINY = 2.2250738585072014e-308;

function interpolatorOf(
  map: SkyMap,
  options: Required<InterpolateMapOptions>,
): MapInterpolator {
  const { geom, axes } = map, { outside } = options, nearest = options.method === "nearest";
  const isLog = options.valuesScale === "log";
  const fill = outside === "extrapolate" ? NaN : outside;
  const numbers = numbersOf(map.values);
  const values = isLog ? numbers.map((one) => Math.log(one < TINY ? TINY : one)) : numbers;
  const free = (one: GridNodes) => outside === "extrapolate" ? { ...one, limits: undefined } : one;
  const pixels = geom.shape.map(pixelNodes);
  // the numbers of HEALPix pixels are no coordinate: -1 is nowhere, even where others are carried on
  const nodes = [
    ...axes.map(axisNodes).map(free),
    ...(geom.kind === "hpx-geom" ? pixels : pixels.map(free)),
  ];
  const { method } = options, grid = createGridInterpolator(nodes, values, { method, fill: NaN });
  // fill stands where a coordinate is outside, never where a value is NaN
  const evaluate: Evaluate = (columns, located, out) => {
    blend(grid, { columns, located }, out);
    if (isLog) {
      for (let i = 0; i < out.length; i++) {
        const one = Math.exp(out[i]!);
        out[i] = one < 2 * TINY ? 0 : one;
      }
    }
    if (!Number.isNaN(fill)) fillOutside(nodes, { columns, located, fill }, out);
    return out;
  };
  return Object.freeze({
    valuesAt(coords: MapCoords, into?: Float64Array): Float64Array {
      const columns = axes.map((axis) => axisColumn(axis, coords)), n = lengthOf(coords);
      const out = into ?? new Float64Array(n);
      if (out.length !== n) throw new TypeError(`out has ${out.length} values, expected ${n}`);
      const sky = geom.shape.length > 0 ? positionsIn(geom, coords) : undefined;
      for (let from = 0; from < n; from += BLOCK) {
        const to = Math.min(n, from + BLOCK);
        const part = (column: Float64Array) => column.subarray(from, to);
        const here = sky && { lonDeg: part(sky.lonDeg), latDeg: part(sky.latDeg) };
        const located = locate(geom, here, nearest);
        evaluate(columns.map(part), located, part(out));
      }
      return out;
    },
    planesAt(
      sky: Pick<MapCoords, "lonDeg" | "latDeg" | "frame">,
      points: readonly (readonly number[])[],
    ): readonly Float64Array[] {
      const n = geom.shape.length > 0 ? lengthOf(sky) : 1;
      const here = geom.shape.length > 0 ? positionsIn(geom, sky) : undefined;
      const located = locate(geom, here, nearest);
      return points.map((point) =>
        evaluate(
          point.map((one) => new Float64Array(n).fill(one)),
          located,
          new Float64Array(n),
        )
      );
    },
  });
}

type Evaluate = (
  columns: readonly Float64Array[],
  located: Located,
  out: Float64Array,
) => Float64Array;

/** What {@linkcode blend} blends. */
interface Points {
  /** Coordinates along the further axes, one a position. */
  readonly columns: readonly Float64Array[];
  readonly located: Located;
}

/** Values of the grid at points, the four of a position summed by their weights. */
function blend(grid: GridInterpolator, points: Points, out: Float64Array): void {
  const { columns, located } = points, { each, pixels, weights } = located;
  if (weights === undefined) {
    grid.pointsInto([...columns, ...pixels], out);
    return;
  }
  const n = out.length, many = columns.map((column) => repeated(column, each));
  const values = grid.pointsInto([...many, ...pixels], new Float64Array(each * n));
  for (let i = 0, k = 0; i < n; i++) {
    let sum = 0;
    for (const end = k + each; k < end; k++) {
      const weight = weights[k]!;
      if (weight !== 0) sum += weight * values[k]!;
    }
    out[i] = sum;
  }
}

function repeated(column: Float64Array, each: number): Float64Array {
  const out = new Float64Array(each * column.length);
  for (let i = 0, k = 0; i < column.length; i++) {
    for (let j = 0; j < each; j++) out[k++] = column[i]!;
  }
  return out;
}

/** Writes `fill` where a coordinate is outside its limits or is none. */
function fillOutside(
  nodes: readonly GridNodes[],
  { columns, located, fill }: Points & { readonly fill: number },
  out: Float64Array,
): void {
  const { each, pixels } = located;
  nodes.forEach(({ limits = [-Infinity, Infinity] }, a) => {
    const [low, high] = limits, isPixel = a >= columns.length;
    const column = isPixel ? pixels[a - columns.length]! : columns[a]!, step = isPixel ? each : 1;
    for (let k = 0; k < column.length; k++) {
      if (!(column[k]! >= low && column[k]! <= high)) out[Math.floor(k / step)] = fill;
    }
  });
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
