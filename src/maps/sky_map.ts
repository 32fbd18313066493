/** A map: values on the pixels of a sky geometry and the bins of further axes. */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import {
  type Axis,
  axisIndex,
  type BitPlanes,
  createNDArr,
  createNDData,
  type Cut,
  type Meta,
  type NDArr,
  type NDData,
  type NumericArray,
  sliceArray,
  sliceAxis,
  type WorldCoordinates,
} from "../nddata/mod.ts";
import { sliceRegionGeom } from "./region_geom.ts";
import { geomPixels, type SkyGeom, worldCoordinates } from "./sky_geom.ts";

/** A map. Its array has the shape [...axes, ...pixels]. */
export interface SkyMap<G extends SkyGeom = SkyGeom> extends NDData {
  /** The sky. */
  readonly geom: G;
}

/** What {@link createSkyMap} takes beside the geometry. */
export interface SkyMapOptions {
  /** The further axes, slowest first; none where absent. */
  readonly axes?: readonly Axis[];
  /** Values in C order, shape [...axes, ...pixels]; kept, not copied. Zeros where absent. */
  readonly data?: NumericArray | NdArray<NumericArray>;
  /** Unit of the values; "" where absent. */
  readonly unit?: string;
  /** Variances in unit², or one number for all. */
  readonly variance?: NdArray<Float64Array> | number | undefined;
  /** 1 where a value is to be used. */
  readonly valid?: NdArray<Uint8Array> | undefined;
  /** Named flags instead of `valid`. */
  readonly planes?: BitPlanes | undefined;
  /** What the data are. */
  readonly meta?: Meta;
  /** Largest number of values that is taken for intended; 2.5e8 (2 GB) where absent. */
  readonly maxCells?: number;
}

const MAX_CELLS = 2.5e8;

/**
 * Makes a map.
 *
 * @param geom The sky.
 * @param options Axes, values, unit, variance, validity, meta.
 * @returns A frozen record.
 * @throws TypeError where the values do not have the shape of axes and pixels, or a region's own axis is
 *   not among the axes; RangeError for more values than `maxCells`.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energy = energyAxis({ low: 1, high: 10, nBins: 3 });
 * const exposure = createSkyMap(createWcsGeom({ npix: [5, 4] }), { axes: [energy], unit: "cm2 s" });
 * deepStrictEqual(exposure.values.shape, [3, 4, 5]);
 * ```
 * @see gammapy.maps.Map.create
 */
export function createSkyMap<G extends SkyGeom>(geom: G, options: SkyMapOptions = {}): SkyMap<G> {
  const { axes = [], data, unit = "", variance, valid, planes, meta, maxCells = MAX_CELLS } =
    options;
  const shape = [...axes.map((axis) => axis.nBins), ...geom.shape];
  const nCells = axes.reduce((n, axis) => n * axis.nBins, geomPixels(geom));
  if (nCells > maxCells) {
    throw new RangeError(
      `Found a map of ${
        shape.join(" x ")
      } = ${nCells} values, more than ${maxCells}: take fewer or ` +
        `larger pixels, or set maxCells if so large a map is meant`,
    );
  }
  const values = data === undefined || ArrayBuffer.isView(data)
    ? ndarray(checkLength(data ?? new Float64Array(nCells), nCells, shape), shape)
    : data;
  return mapOf(geom, createNDArr(values, { unit, variance, valid, planes }), { axes, meta });
}

function checkLength(data: NumericArray, nCells: number, shape: readonly number[]): NumericArray {
  if (data.length === nCells) return data;
  throw new TypeError(
    `Found ${data.length} values, expected ${nCells} for the shape [${shape.join(", ")}]`,
  );
}

/**
 * Puts an array on a geometry and axes; its place in its parent is kept.
 *
 * The geometry is that of the array itself; world coordinates count in the pixels of the parent, from
 * which the array may have been cut.
 */
export function mapOf<G extends SkyGeom>(
  geom: G,
  arr: NDArr,
  { axes = [], meta }: { readonly axes?: readonly Axis[]; readonly meta?: Meta | undefined },
): SkyMap<G> {
  if (geom.kind === "region-geom" && geom.along !== undefined) {
    const { name, nBins } = geom.along.axis, own = axes.find((axis) => axis.name === name);
    if (own?.nBins !== nBins) {
      throw new TypeError(
        `The region changes along the axis ${name} of ${nBins} bins: the map must have that axis`,
      );
    }
  }
  const wcs = inParent(worldCoordinates(geom) ?? { ...NO_PIXELS, key: geom.key }, arr);
  const data = createNDData(arr, { axes, wcs, ...(meta === undefined ? {} : { meta }) });
  return Object.freeze({ ...data, geom });
}

/** World coordinates of an array, counted in the pixels of its parent. */
function inParent(own: WorldCoordinates, { place, values }: NDArr): WorldCoordinates {
  const pixelAxes = place.axes.slice(values.shape.length - own.nPixelAxes);
  const start = pixelAxes.map((axis) => place.start[axis]!);
  if (start.every((one) => one === 0)) return own;
  return {
    nPixelAxes: own.nPixelAxes,
    key: own.key,
    pixelToWorld: (pixel) => own.pixelToWorld(pixel.map((one, d) => one - start[d]!)),
    worldToPixel: (world) => own.worldToPixel(world).map((one, d) => one + start[d]!),
  };
}

/** World coordinates of a map whose geometry has no pixels. */
const NO_PIXELS = {
  nPixelAxes: 0,
  pixelToWorld: (): readonly number[] => [],
  worldToPixel: (): readonly number[] => [],
};

/**
 * A part of a map along its axes, over the same memory.
 *
 * @param map The map.
 * @param cuts By name of the axis: one bin (the axis is gone then) or a range [start, stop).
 * @returns A new map on the same geometry; where a region changes along an axis that is cut, on the
 *   regions that are left, and of one bin on that bin's region.
 * @throws RangeError for an axis that is not there, or bins outside it.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom, sliceMap } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energy = energyAxis({ low: 1, high: 10, nBins: 3 });
 * const cube = createSkyMap(createWcsGeom({ npix: [5, 4] }), { axes: [energy] });
 * deepStrictEqual(sliceMap(cube, { energy: 1 }).values.shape, [4, 5]);
 * ```
 * @see gammapy.maps.Map.slice_by_idx
 */
export function sliceMap<G extends SkyGeom>(
  map: SkyMap<G>,
  cuts: Readonly<Record<string, Cut>>,
): SkyMap<G> {
  const byAxis: Cut[] = map.axes.map(() => undefined);
  for (const [name, cut] of Object.entries(cuts)) byAxis[axisIndex(map.axes, name)] = cut;
  const axes = map.axes.flatMap((axis, a) => {
    const cut = byAxis[a];
    if (cut === undefined) return [axis];
    return typeof cut === "number" ? [] : [sliceAxis(axis, cut)];
  });
  const geom = slicedGeom(map.geom, (name) => byAxis[axisIndex(map.axes, name)]);
  return mapOf(geom as G, sliceArray(map, byAxis), { axes, meta: map.meta });
}

/** A geometry of which an axis was cut: only a region that changes along it is another one then. */
function slicedGeom(geom: SkyGeom, cutOf: (name: string) => Cut): SkyGeom {
  if (geom.kind !== "region-geom" || geom.along === undefined) return geom;
  return sliceRegionGeom(geom, cutOf(geom.along.axis.name));
}
