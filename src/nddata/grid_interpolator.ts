import { logInto } from "./_log_into.ts";
import { AXIS_SCALES, type AxisInterp, type MapAxis } from "./map_axis.ts";

/** One coordinate of a regular grid: where its values stand. */
export interface GridNodes {
  /** Coordinates of the values, ascending; one is enough, and then the values do not depend on it. */
  readonly nodes: Float64Array;
  /** Scale in which values between nodes are interpolated. */
  readonly interp: AxisInterp;
  /** Length of a turn where the coordinate comes round; undefined where it does not. */
  readonly period?: number | undefined;
  /** Coordinates outside of which the result is `fill`; undefined: extrapolated without end. */
  readonly limits?: readonly [number, number] | undefined;
}

/** The scale of the values between which is interpolated: "log" is of max(value, least double). */
export type ValuesScale = "lin" | "log";

/** How a grid is interpolated. */
export interface GridInterpolatorOptions {
  /** Scale of the values; "lin" where absent. */
  readonly valuesScale?: ValuesScale;
  /** "linear" between nodes and beyond the last ones, or the "nearest" node; "linear" where absent. */
  readonly method?: "linear" | "nearest";
  /** What stands outside the limits; NaN where absent. */
  readonly fill?: number;
}

/** Values between the nodes of a regular grid. */
export interface GridInterpolator {
  /** Number of coordinates. */
  readonly nDims: number;
  /** Values at points: one column a coordinate, all as long as `out`. */
  readonly pointsInto: (coords: readonly Float64Array[], out: Float64Array) => Float64Array;
  /** Values on all combinations of coordinates, the last coordinate fastest, in a new array. */
  readonly grid: (coords: readonly ArrayLike<number>[]) => Float64Array;
  /** The value at one point. */
  readonly at: (coords: readonly number[]) => number;
}

/**
 * The nodes of an axis: its bin centres, and its edges as limits.
 *
 * @param axis The axis.
 * @returns Nodes for {@link createGridInterpolator}.
 * @example
 * ```ts
 * import { createMapAxis, gridNodes } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual([...gridNodes(createMapAxis("offset", [0, 1, 2])).nodes], [0.5, 1.5]);
 * ```
 */
export function gridNodes(axis: MapAxis): GridNodes {
  const { edges, nBins, periodic } = axis, low = edges[0]!, high = edges[nBins]!;
  return Object.freeze({
    nodes: axis.centers,
    interp: axis.interp,
    period: periodic ? high - low : undefined,
    limits: periodic ? undefined : [low, high] as const,
  });
}

/** The smallest normal double: logarithms are of nothing less. */
const TINY = 2.2250738585072014e-308;

/** A coordinate made ready: its nodes in their scale, and a way to the interval of a value. */
interface Locator {
  readonly interp: AxisInterp;
  readonly nodes: Float64Array;
  readonly last: number;
  /** Intervals a unit of the scaled coordinate, of the nodes themselves or of `table`. */
  readonly perUnit: number;
  readonly first: number;
  /** First interval that each cell of a fine even grid may be in; undefined: the nodes are even. */
  readonly table: Int32Array | undefined;
  readonly low: number;
  readonly high: number;
  readonly start: number;
  readonly period: number;
  readonly stride: number;
}

function locator(given: GridNodes, stride: number): Locator {
  const { interp, period } = given, scale = AXIS_SCALES[interp];
  const [low, high] = given.limits ?? [-Infinity, Infinity];
  const own = turned(given), n = own.length;
  // The same logarithm for nodes and points, so that a point at a node is there to the last bit.
  const nodes = interp === "log" ? logInto(own, n, new Float64Array(n)) : own.map(scale.to);
  const first = nodes[0]!, span = nodes[n - 1]! - first;
  if (n > 1 && !(span > 0 && nodes.every((s, i) => i === 0 || s > nodes[i - 1]!))) {
    throw new RangeError(
      `The nodes of a grid must ascend in their scale, found ${Array.from(given.nodes).join(", ")}`,
    );
  }
  const step = span / (n - 1);
  const even = n < 3 || nodes.every((s, i) => Math.abs(s - (first + i * step)) < 1e-6 * step);
  const table = even ? undefined : startTable(nodes);
  const cells = table === undefined ? n - 1 : table.length;
  return {
    interp,
    nodes,
    last: n - 2,
    perUnit: n > 1 ? cells / span : 0,
    first,
    table,
    low,
    high,
    start: given.nodes[0]!,
    period: period ?? 0,
    stride,
  };
}

/** Nodes of a coordinate that comes round, with the first one again at the end. */
function turned({ nodes, period }: GridNodes): Float64Array {
  return period === undefined ? nodes : Float64Array.of(...nodes, nodes[0]! + period);
}

function startTable(nodes: Float64Array): Int32Array {
  const n = nodes.length, cells = Math.min(8192, 4 * n);
  const first = nodes[0]!, width = (nodes[n - 1]! - first) / cells, table = new Int32Array(cells);
  for (let cell = 0, i = 0; cell < cells; cell++) {
    while (i < n - 2 && nodes[i + 1]! <= first + cell * width) i++;
    table[cell] = i;
  }
  return table;
}

/** Points that are taken at once, so that what is made of them stays in the nearest cache. */
const BLOCK = 512;

/** Where some points are on each coordinate. */
interface Located {
  /** First corner of the cell. */
  readonly corner: Int32Array;
  /** Place inside the cell, one array a coordinate; NaN outside the limits. */
  readonly fractions: readonly Float64Array[];
}

/** How many of n points are outside the limits, or no numbers. */
function countOutside({ low, high }: Locator, x: Float64Array, n: number): number {
  let count = 0;
  for (let k = 0; k < n; k++) if (!(x[k]! >= low && x[k]! <= high)) count++;
  return count;
}

/** Coordinates of n points, NaN outside the limits. */
function insideInto({ low, high }: Locator, x: Float64Array, n: number, out: Float64Array): void {
  for (let k = 0; k < n; k++) out[k] = x[k]! >= low && x[k]! <= high ? x[k]! : NaN;
}

/**
 * Adds the first corner of the interval of n points, and turns their coordinates into the place inside
 * it; beyond the ends it is that of the first or last interval. Returns whether one is outside.
 */
function locate(axis: Locator, x: Float64Array, n: number, into: Located, a: number): boolean {
  const { corner } = into, out = into.fractions[a]!, { period, start, interp } = axis;
  const hasOutside = countOutside(axis, x, n) > 0;
  let scaled = x;
  if (hasOutside) {
    insideInto(axis, x, n, out);
    scaled = out;
  }
  if (period > 0) {
    for (let k = 0; k < n; k++) {
      out[k] = scaled[k]! - period * Math.floor((scaled[k]! - start) / period);
    }
    scaled = out;
  }
  if (interp === "log") scaled = logInto(scaled, n, out);
  else if (interp === "sqrt") {
    for (let k = 0; k < n; k++) out[k] = Math.sqrt(scaled[k]!);
    scaled = out;
  }
  if (axis.last < 0) { for (let k = 0; k < n; k++) out[k] = scaled[k]! === scaled[k]! ? 0 : NaN; }
  else if (axis.table === undefined) locateEven(axis, scaled, { n, out, corner });
  else locateByTable(axis, axis.table, scaled, { n, out, corner });
  return hasOutside;
}

/** Where the places of n points go. */
interface Places {
  readonly n: number;
  readonly out: Float64Array;
  readonly corner: Int32Array;
}

/** On even nodes arithmetic finds the interval or, by rounding, its neighbour. */
function locateEven(axis: Locator, scaled: Float64Array, { n, out, corner }: Places): void {
  const { nodes, last, first, perUnit, stride } = axis;
  for (let k = 0; k < n; k++) {
    const s = scaled[k]!, cell = (s - first) * perUnit;
    let i = cell > 0 ? (cell < last ? cell | 0 : last) : 0;
    const low = nodes[i]!, width = nodes[i + 1]! - low;
    let u = (s - low) / width;
    if (u < 0 && i > 0) {
      i--;
      u = (s - nodes[i]!) / (low - nodes[i]!);
    } else if (u >= 1 && i < last) {
      i++;
      u = (s - nodes[i]!) / (nodes[i + 1]! - nodes[i]!);
    }
    out[k] = u;
    corner[k] = corner[k]! + i * stride;
  }
}

function locateByTable(
  axis: Locator,
  table: Int32Array,
  scaled: Float64Array,
  { n, out, corner }: Places,
): void {
  const { nodes, last, first, perUnit, stride } = axis, end = table.length - 1;
  for (let k = 0; k < n; k++) {
    const s = scaled[k]!, cell = (s - first) * perUnit;
    let i = table[cell > 0 ? (cell < end ? cell | 0 : end) : 0]!;
    while (i > 0 && s < nodes[i]!) i--;
    while (i < last && s >= nodes[i + 1]!) i++;
    const low = nodes[i]!;
    out[k] = (s - low) / (nodes[i + 1]! - low);
    corner[k] = corner[k]! + i * stride;
  }
}

function createLocated(nDims: number, n: number): Located {
  return {
    corner: new Int32Array(n),
    fractions: Array.from({ length: nDims }, () => new Float64Array(n)),
  };
}

/**
 * Interpolates the values of a regular grid of any number of coordinates, multilinearly in the scales of
 * the coordinates and of the values. Beyond the outermost nodes the last interval is carried on
 * linearly, up to the limits.
 *
 * @param axes The coordinates, slowest first.
 * @param values Values in C order, the last coordinate fastest; not written as long as the interpolator is
 *   used, which may keep them.
 * @param options Scale of the values, method, what stands outside.
 * @returns A frozen record that may be used any number of times.
 * @throws TypeError where values and nodes do not agree in number; RangeError for nodes that do not ascend.
 * @example
 * ```ts
 * import { createGridInterpolator } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const x = { nodes: Float64Array.of(0, 1), interp: "lin" } as const;
 * const grid = createGridInterpolator([x, x], Float64Array.of(0, 1, 2, 3));
 * strictEqual(grid.at([0.5, 0.25]), 1.25);
 * ```
 * @see gammapy.utils.interpolation.ScaledRegularGridInterpolator
 */
export function createGridInterpolator(
  axes: readonly GridNodes[],
  values: ArrayLike<number>,
  options: GridInterpolatorOptions = {},
): GridInterpolator {
  const { valuesScale = "lin", method = "linear", fill = NaN } = options;
  const lengths = axes.map((axis) => axis.nodes.length);
  const size = lengths.reduce((a, b) => a * b, 1);
  if (size !== values.length || size === 0) {
    throw new TypeError(`A grid of ${lengths.join(" x ")} nodes has ${values.length} values`);
  }
  const strides = lengths.map((_, a) => lengths.slice(a + 1).reduce((x, y) => x * y, 1));
  const shape = axes.map((axis) => axis.nodes.length + (axis.period === undefined ? 0 : 1));
  const padded = shape.map((_, a) => shape.slice(a + 1).reduce((x, y) => x * y, 1));
  const data = scaledValues(values, { lengths, strides, shape }, valuesScale === "log");
  const located = axes.map((axis, a) => locator(axis, padded[a]!));
  const plan: Plan = { axes: located, data, log: valuesScale === "log", fill };
  const nearest = method === "nearest";
  const pointsInto = (coords: readonly Float64Array[], out: Float64Array): Float64Array => {
    checkColumns(coords, axes.length, out.length);
    const size = Math.min(BLOCK, out.length), located = createLocated(axes.length, size);
    for (let from = 0; from < out.length; from += BLOCK) {
      const n = Math.min(BLOCK, out.length - from), to = from + n;
      located.corner.fill(0);
      const values = out.subarray(from, to);
      let hasOutside = false;
      for (let a = 0; a < axes.length; a++) {
        hasOutside = locate(plan.axes[a]!, coords[a]!.subarray(from, to), n, located, a) ||
          hasOutside;
        if (nearest) roundFractions(located.fractions[a]!, n);
      }
      blend(plan, located, n, values);
      if (hasOutside) fillWhereNaN(located, n, { out: values, fill });
    }
    return out;
  };
  return Object.freeze({
    nDims: axes.length,
    pointsInto,
    grid(coords: readonly ArrayLike<number>[]): Float64Array {
      checkColumns(coords, axes.length, 0);
      return gridN(plan, coords, nearest);
    },
    at(coords: readonly number[]): number {
      return pointsInto(coords.map((x) => Float64Array.of(x)), new Float64Array(1))[0]!;
    },
  });
}

interface Plan {
  readonly axes: readonly Locator[];
  readonly data: Float64Array;
  readonly log: boolean;
  readonly fill: number;
}

function checkColumns(columns: readonly ArrayLike<number>[], nDims: number, n: number): void {
  if (columns.length !== nDims || columns.some((column) => column.length < n)) {
    throw new TypeError(
      `Found columns of ${columns.map((one) => one.length).join(", ")} coordinates, expected ` +
        `${nDims} columns of ${n}`,
    );
  }
}

/** The values in their scale, a copy where that changes them, with the first node again at the end of what comes round. */
function scaledValues(
  values: ArrayLike<number>,
  grid: { lengths: readonly number[]; strides: readonly number[]; shape: readonly number[] },
  log: boolean,
): Float64Array {
  const { lengths, strides, shape } = grid, n = shape.reduce((a, b) => a * b, 1);
  if (!log && n === values.length) {
    return values instanceof Float64Array ? values : Float64Array.from(values);
  }
  const out = new Float64Array(n), index = new Int32Array(shape.length);
  for (let at = 0; at < n; at++) {
    let from = 0;
    for (let a = 0; a < shape.length; a++) from += (index[a]! % lengths[a]!) * strides[a]!;
    const value = values[from]!;
    out[at] = log ? Math.log(value < TINY ? TINY : value) : value;
    for (let a = shape.length - 1; a >= 0 && ++index[a]! === shape[a]; a--) index[a] = 0;
  }
  return out;
}

function unlog(value: number): number {
  const x = Math.exp(value);
  return x < 2 * TINY ? 0 : x;
}

function roundFractions(fractions: Float64Array, n: number): void {
  for (let k = 0; k < n; k++) {
    const u = fractions[k]!;
    if (u === u) fractions[k] = +(u > 0.5);
  }
}

/** The values of n located points. */
function blend(plan: Plan, located: Located, n: number, out: Float64Array): void {
  const { axes, log } = plan;
  if (axes.length === 2) blend2(plan, located, n, out);
  else if (axes.length === 3) blend3(plan, located, n, out);
  else blendN(plan, located, n, out);
  if (log) { for (let k = 0; k < n; k++) out[k] = unlog(out[k]!); }
}

function fillWhereNaN(
  located: Located,
  n: number,
  { out, fill }: { readonly out: Float64Array; readonly fill: number },
): void {
  for (const fractions of located.fractions) {
    for (let k = 0; k < n; k++) if (Number.isNaN(fractions[k]!)) out[k] = fill;
  }
}

const step = (axis: Locator): number => axis.last < 0 ? 0 : axis.stride;

function blend2(plan: Plan, { corner, fractions }: Located, n: number, out: Float64Array): void {
  const { data } = plan, dp = step(plan.axes[0]!), dq = step(plan.axes[1]!);
  const us = fractions[0]!, vs = fractions[1]!;
  for (let k = 0; k < n; k++) {
    const at = corner[k]!, u = us[k]!, v = vs[k]!;
    const a = data[at]!, b = data[at + dp]!;
    const low = a + v * (data[at + dq]! - a), high = b + v * (data[at + dp + dq]! - b);
    out[k] = low + u * (high - low);
  }
}

function blend3(plan: Plan, { corner, fractions }: Located, n: number, out: Float64Array): void {
  const { data, axes } = plan, dp = step(axes[0]!), dq = step(axes[1]!), dr = step(axes[2]!);
  const us = fractions[0]!, vs = fractions[1]!, ws = fractions[2]!;
  for (let k = 0; k < n; k++) {
    const at = corner[k]!, up = at + dp, u = us[k]!, v = vs[k]!, w = ws[k]!;
    const a = data[at]!, b = data[at + dq]!, c = data[up]!, d = data[up + dq]!;
    const a1 = a + w * (data[at + dr]! - a), b1 = b + w * (data[at + dq + dr]! - b);
    const c1 = c + w * (data[up + dr]! - c), d1 = d + w * (data[up + dq + dr]! - d);
    const low = a1 + v * (b1 - a1), high = c1 + v * (d1 - c1);
    out[k] = low + u * (high - low);
  }
}

/** Any number of coordinates: one after the other, the fastest innermost. */
function blendN(plan: Plan, { corner, fractions }: Located, n: number, out: Float64Array): void {
  const steps = Int32Array.from(plan.axes, step), one = new Float64Array(steps.length);
  for (let k = 0; k < n; k++) {
    for (let a = 0; a < one.length; a++) one[a] = fractions[a]![k]!;
    out[k] = corners(plan.data, corner[k]!, 0, one, steps);
  }
}

function corners(
  data: Float64Array,
  at: number,
  a: number,
  fractions: Float64Array,
  steps: Int32Array,
): number {
  if (a === fractions.length) return data[at]!;
  const u = fractions[a]!, low = u === 1 ? 0 : corners(data, at, a + 1, fractions, steps);
  if (u === 0) return low;
  const high = corners(data, at + steps[a]!, a + 1, fractions, steps);
  return u === 1 ? high : low + u * (high - low);
}

/** All combinations: one coordinate after the other, the slowest first, so that each pass is a blend. */
function gridN(plan: Plan, coords: readonly ArrayLike<number>[], nearest: boolean): Float64Array {
  const { axes, log, fill } = plan;
  let current = plan.data;
  let done = 1;
  const inside: Uint8Array[] = [];
  for (let a = 0; a < axes.length; a++) {
    const axis = axes[a]!, wanted = coords[a]!, m = wanted.length, width = axis.stride;
    const nodes = axis.nodes.length, next = new Float64Array(done * m * width);
    const isInside = new Uint8Array(m);
    const located = createLocated(1, m), up = step(axis);
    locate({ ...axis, stride: 1 }, Float64Array.from(wanted), m, located, 0);
    if (nearest) roundFractions(located.fractions[0]!, m);
    for (let k = 0; k < m; k++) {
      const i = located.corner[k]!, u = located.fractions[0]![k]!;
      if (u !== u) continue;
      isInside[k] = 1;
      for (let d = 0; d < done; d++) {
        const from = (d * nodes + i) * width, to = (d * m + k) * width;
        if (u === 0) next.set(current.subarray(from, from + width), to);
        else if (u === 1) next.set(current.subarray(from + up, from + up + width), to);
        else {
          for (let w = 0; w < width; w++) {
            const low = current[from + w]!;
            next[to + w] = low + u * (current[from + up + w]! - low);
          }
        }
      }
    }
    inside.push(isInside);
    current = next;
    done *= m;
  }
  if (log) { for (let i = 0; i < current.length; i++) current[i] = unlog(current[i]!); }
  fillOutside(current, inside, fill);
  return current;
}

function fillOutside(values: Float64Array, inside: readonly Uint8Array[], fill: number): void {
  let width = values.length, done = 1;
  for (const flags of inside) {
    const m = flags.length;
    width = m === 0 ? 0 : width / m;
    for (let k = 0; k < m; k++) {
      if (flags[k] === 1) continue;
      for (let d = 0; d < done; d++) {
        values.fill(fill, (d * m + k) * width, (d * m + k + 1) * width);
      }
    }
    done *= m;
  }
}
