/** The arrays of maps as plain runs in C order, and maps made of them again. */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import { type Axis, createNDArr, type Meta, type NumericArray, validOf } from "../nddata/mod.ts";
import { flatten } from "../numeric/mod.ts";
import { geomPixels, type SkyGeom } from "./sky_geom.ts";
import { mapOf, type SkyMap } from "./sky_map.ts";

/** Values, variances and validity in C order. */
export interface Runs {
  /** Values. */
  readonly values: Float64Array;
  /** Variances; undefined where they are not known. */
  readonly variance: Float64Array | undefined;
  /** 1 where a value is to be used; undefined where all are. */
  readonly valid: Uint8Array | undefined;
}

/** Numbers in C order as doubles: the array's own memory where they are that already. */
export function numbersOf(array: NdArray<NumericArray>): Float64Array {
  const { data, offset, length } = flatten(array), run = data.subarray(offset, offset + length);
  return run instanceof Float64Array ? run : Float64Array.from(run);
}

/** The arrays of a map; bit planes become one validity. Not to be written. */
export function runsOf(map: SkyMap): Runs {
  const valid = validOf(map);
  if (valid === undefined) {
    return {
      values: numbersOf(map.values),
      variance: map.variance && numbersOf(map.variance),
      valid: undefined,
    };
  }
  const { data, offset, length } = flatten(valid);
  return {
    values: numbersOf(map.values),
    variance: map.variance && numbersOf(map.variance),
    valid: data.subarray(offset, offset + length),
  };
}

/** What of a map made of runs is not in them. */
export interface RunsMap<G extends SkyGeom> {
  readonly geom: G;
  readonly axes: readonly Axis[];
  readonly unit: string | undefined;
  readonly meta: Meta;
}

/** A map of runs in C order, its own parent. */
export function mapOfRuns<G extends SkyGeom>(
  { geom, axes, unit, meta }: RunsMap<G>,
  { values, variance, valid }: Runs,
): SkyMap<G> {
  const shape = [...axes.map((axis) => axis.nBins), ...geom.shape];
  const arr = createNDArr(ndarray(values, shape), {
    unit,
    variance: variance && ndarray(variance, shape),
    valid: valid && ndarray(valid, shape),
  });
  return mapOf(geom, arr, { axes, meta });
}

/** Number of sky planes of a map: the product of its bins. */
export function planeCount(axes: readonly Axis[]): number {
  return axes.reduce((n, axis) => n * axis.nBins, 1);
}

/** What becomes of one plane: read `from`, write `out`, both in C order of their geometries. */
export type PlaneOperation = (from: Float64Array, out: Float64Array, plane: number) => void;

/** Every plane of a run brought to planes of another length. */
export function eachPlane(
  run: Float64Array,
  { nPlanes, nOut }: { readonly nPlanes: number; readonly nOut: number },
  operation: PlaneOperation,
): Float64Array {
  const nIn = run.length / nPlanes, out = new Float64Array(nPlanes * nOut);
  for (let p = 0; p < nPlanes; p++) {
    operation(run.subarray(p * nIn, (p + 1) * nIn), out.subarray(p * nOut, (p + 1) * nOut), p);
  }
  return out;
}

/** A run as lines along one of its dimensions: place of (o, i, w) is (o n + i) width + w. */
export interface AxisRun {
  /** Number of lines' blocks before the axis. */
  readonly outer: number;
  /** Bins of the axis. */
  readonly n: number;
  /** Values between one bin and the next. */
  readonly width: number;
}

/** How a map's runs are along the axis of a number. */
export function axisRun(map: SkyMap, index: number): AxisRun {
  const { axes, geom } = map, after = planeCount(axes.slice(index + 1)) * geomPixels(geom);
  return { outer: planeCount(axes.slice(0, index)), n: axes[index]!.nBins, width: after };
}

/** Doubles of 0 and 1. */
export function asNumbers(valid: Uint8Array): Float64Array {
  const out = new Float64Array(valid.length);
  for (let i = 0; i < out.length; i++) out[i] = +(valid[i] !== 0);
  return out;
}

/** 1 where a value is above a limit, 0 where it is not or is NaN. */
export function above(values: Float64Array, limit: number): Uint8Array {
  const out = new Uint8Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = +(values[i]! > limit);
  return out;
}

/** 1 where a value is 1 but for rounding: where all that it is interpolated from is. */
export function nearOne(values: Float64Array): Uint8Array {
  const out = new Uint8Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = +(Math.abs(values[i]! - 1) < 1e-9);
  return out;
}

/** Values with 0 in place of what is invalid. */
export function weighed(values: Float64Array, valid: Uint8Array | undefined): Float64Array {
  if (valid === undefined) return values;
  const out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) if (valid[i] !== 0) out[i] = values[i]!;
  return out;
}
