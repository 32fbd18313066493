/** Tables of responses on points of the field of view, one combination of the other coordinates at a time. */
import { createGridInterpolator, gridNodes, type MapAxis } from "../nddata/mod.ts";
import { gridOf, type Irf, valuesScaleOf } from "./irf.ts";
import { isFieldAxis } from "./_field.ts";
import { familyDensity, parameterGridsOf, type ParametricPsf } from "./psf.ts";

/** Coordinates of a table beside those in the field of view, in the order of the result, slowest first. */
export type OtherCoords = readonly (readonly [name: string, values: ArrayLike<number>])[];

/** Where points are between the nodes of the axes of the field of view, none, one or two. */
interface Located {
  readonly corner: Int32Array;
  readonly fractions: readonly Float64Array[];
  readonly steps: readonly number[];
  /** 1 where a point is outside. */
  readonly outside: Uint8Array;
}

/** Finds points between the nodes of axes whose values stand in C order; `isOpen`: there is no outside. */
function locate(
  axes: readonly MapAxis[],
  columns: Readonly<Record<string, Float64Array>>,
  { n, isOpen }: { readonly n: number; readonly isOpen: boolean },
): Located {
  const corner = new Int32Array(n), outside = new Uint8Array(n), steps: number[] = [];
  const fractions = axes.map((axis, a) => {
    const last = Math.max(0, axis.nBins - 2), nodes = gridNodes(axis);
    const stride = axes.slice(a + 1).reduce((m, one) => m * one.nBins, 1);
    const open = { ...nodes, limits: isOpen ? undefined : nodes.limits };
    const index = Float64Array.from({ length: axis.nBins }, (_, i) => i);
    const place = createGridInterpolator([open], index).pointsInto(
      [columns[axis.name]!],
      new Float64Array(n),
    );
    steps.push(axis.nBins > 1 ? stride : 0);
    for (let k = 0; k < n; k++) {
      const p = place[k]!, i = p > 0 ? (p < last ? p | 0 : last) : 0;
      if (p !== p) outside[k] = 1;
      corner[k] = corner[k]! + i * stride;
      place[k] = p - i;
    }
    return place;
  });
  return { corner, fractions, steps, outside };
}

/** One plane of values on the nodes, at located points. */
function blend(
  values: Float64Array,
  { corner, fractions, steps }: Located,
  out: Float64Array,
): void {
  const n = out.length, [us, vs] = fractions;
  if (us === undefined) out.fill(values[0]!);
  else if (vs === undefined) {
    const step = steps[0]!;
    for (let k = 0; k < n; k++) {
      const a = values[corner[k]!]!;
      out[k] = a + us[k]! * (values[corner[k]! + step]! - a);
    }
  } else {
    const up = steps[0]!, right = steps[1]!;
    for (let k = 0; k < n; k++) {
      const at = corner[k]!, u = us[k]!, v = vs[k]!, a = values[at]!, b = values[at + up]!;
      const low = a + v * (values[at + right]! - a);
      out[k] = low + u * (b + v * (values[at + up + right]! - b) - low);
    }
  }
}

/** Planes of values at points. */
export interface FieldPlanes {
  /** How many: the product of the lengths of the other coordinates. */
  readonly nPlanes: number;
  /** Fills `out` with the values of a plane, neither negative nor NaN. */
  readonly planeInto: (plane: number, out: Float64Array) => void;
}

/** Splits the axes of a table, and refuses those for which there are no coordinates. */
function partsOf(
  what: string,
  axes: readonly MapAxis[],
  given: {
    readonly others: OtherCoords;
    readonly columns: Readonly<Record<string, Float64Array>>;
    readonly at: Readonly<Record<string, number>>;
  },
): { readonly grid: readonly ArrayLike<number>[]; readonly field: readonly MapAxis[] } {
  const others = new Map(given.others);
  const grid = axes.map((axis) => {
    if (isFieldAxis(axis.name) && given.columns[axis.name] !== undefined) return axis.centers;
    const values = others.get(axis.name), one = given.at[axis.name];
    if (values !== undefined) return values;
    if (one !== undefined) return [one];
    throw new TypeError(
      `${what} has an axis "${axis.name}" (${axis.unit}): give its place as at: { ${axis.name}: … }`,
    );
  });
  return { grid, field: axes.filter((axis) => isFieldAxis(axis.name)) };
}

/** Values in C order of `axes` with the given lengths, brought to the order of names, others last. */
function reordered(
  values: Float64Array,
  axes: readonly MapAxis[],
  lengths: readonly number[],
  order: readonly string[],
): Float64Array {
  const strides = axes.map((_, a) => lengths.slice(a + 1).reduce((m, n) => m * n, 1));
  const place = (name: string) => axes.findIndex((axis) => axis.name === name);
  const first = order.map(place).filter((a) => a >= 0);
  const all = [...first, ...axes.map((_, a) => a).filter((a) => !first.includes(a))];
  if (all.every((a, i) => a === i)) return values;
  const index = new Int32Array(all.length), out = new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) {
    let from = 0;
    for (let d = 0; d < all.length; d++) from += index[d]! * strides[all[d]!]!;
    out[i] = values[from]!;
    for (let d = all.length - 1; d >= 0 && ++index[d]! === lengths[all[d]!]; d--) index[d] = 0;
  }
  return out;
}

/**
 * Values of a table for all combinations of other coordinates at points of the field of view: first on the
 * nodes of the field's axes, which are few, then between them; the two are one multilinear interpolation.
 */
export function irfPlanes(
  irf: Irf,
  given: {
    readonly others: OtherCoords;
    readonly columns: Readonly<Record<string, Float64Array>>;
    readonly at?: Readonly<Record<string, number>>;
    readonly n: number;
  },
): FieldPlanes {
  const { others, columns, at = {}, n } = given;
  const what = `A table of kind "${irf.kind}"`;
  const { grid, field } = partsOf(what, irf.axes, { others, columns, at });
  const lengths = grid.map((column) => column.length);
  const isLog = valuesScaleOf(irf.kind) === "log";
  const values = reordered(gridOf(irf, grid), irf.axes, lengths, others.map(([name]) => name));
  if (isLog) { for (let i = 0; i < values.length; i++) values[i] = logOf(values[i]!); }
  const located = locate(field, columns, { n, isOpen: false }), { outside } = located;
  const width = field.reduce((m, axis) => m * axis.nBins, 1);
  return {
    nPlanes: values.length / width,
    planeInto(plane, out) {
      blend(values.subarray(plane * width, (plane + 1) * width), located, out);
      if (isLog) { for (let k = 0; k < n; k++) out[k] = unlog(out[k]!); }
      for (let k = 0; k < n; k++) if (outside[k] === 1 || !(out[k]! > 0)) out[k] = 0;
    },
  };
}

/** The smallest normal double: backgrounds are interpolated in logarithms of nothing less. */
const TINY = 2.2250738585072014e-308;

function logOf(value: number): number {
  return Math.log(value > TINY ? value : TINY);
}

function unlog(value: number): number {
  const x = Math.exp(value);
  return x < 2 * TINY ? 0 : x;
}

/** Densities (deg⁻²) of a family on energies × r at points: parameters between nodes, then the formula. */
export function parametricPlanes(
  psf: ParametricPsf,
  given: {
    readonly energies: ArrayLike<number>;
    readonly rads: ArrayLike<number>;
    readonly columns: Readonly<Record<string, Float64Array>>;
    readonly at?: Readonly<Record<string, number>>;
    readonly n: number;
  },
): FieldPlanes {
  const { energies, rads, columns, at = {}, n } = given;
  const others: OtherCoords = [["energy_true", energies]];
  const what = `A point spread function "${psf.kind}"`;
  const { grid, field } = partsOf(what, psf.axes, { others, columns, at });
  const lengths = grid.map((column) => column.length);
  const tables = parameterGridsOf(psf).map((one) =>
    reordered(one.grid(grid), psf.axes, lengths, ["energy_true"])
  );
  const located = locate(field, columns, { n, isOpen: true });
  const width = field.reduce((m, axis) => m * axis.nBins, 1), density = familyDensity(psf.kind);
  const parameters = tables.map(() => new Float64Array(n)), one = new Float64Array(tables.length);
  let energyAt = -1;
  return {
    nPlanes: energies.length * rads.length,
    planeInto(plane, out) {
      const e = Math.floor(plane / rads.length), r = rads[plane - e * rads.length]!;
      if (e !== energyAt) {
        tables.forEach((table, p) =>
          blend(table.subarray(e * width, (e + 1) * width), located, parameters[p]!)
        );
        energyAt = e;
      }
      for (let k = 0; k < n; k++) {
        for (let p = 0; p < one.length; p++) one[p] = parameters[p]![k]!;
        const value = density(r, one);
        out[k] = value > 0 ? value : 0;
      }
    },
  };
}
