/**
 * Tables of instrument responses: arrays on named axes, and what they mean.
 *
 * | symbol | axis | unit | meaning |
 * | --- | --- | --- | --- |
 * | E | energy_true | TeV | true energy |
 * | E' | energy | TeV | reconstructed energy |
 * | θ | offset | deg | separation from the pointing |
 * | x, y | fov_lon, fov_lat | deg | position in the field of view |
 * | m | migra | 1 | E'/E |
 * | r | rad | deg | separation from the true direction |
 */
import {
  type Axis,
  createGridInterpolator,
  createNDArr,
  createNDData,
  EMPTY_META,
  type GridInterpolator,
  gridNodes,
  type MapAxis,
  type Meta,
  type NDData,
  type NumericArray,
  type ValuesScale,
} from "../nddata/mod.ts";
import type { FovAlignment } from "../sky/mod.ts";
import ndarray from "ndarray";

/** What a table of responses is. */
export type IrfKind = "aeff" | "edisp" | "psf" | "bkg" | "rad-max";

/** A table of responses: an array on axes by name, which may be any besides those that its kind needs. */
export interface Irf<K extends IrfKind = IrfKind> extends NDData {
  /** What it is. */
  readonly kind: K;
  /** Axes of numbers; see the table above. */
  readonly axes: readonly MapAxis[];
  /** Whether it is for events inside a region, with the losses that brings, or for all. */
  readonly pointLike: boolean;
  /** How the field-of-view axes lie on the sky; it matters where there are any. */
  readonly alignment: FovAlignment;
  /** Energies from and to which the instrument's authors call it safe, TeV; NaN where they do not say. */
  readonly safeTeV: readonly [low: number, high: number];
}

/** What {@link createIrf} takes beside kind and axes. */
export interface IrfOptions {
  /** Values in C order on the axes; kept, not copied. */
  readonly data: NumericArray;
  /** Unit of the values; that of the kind where absent. */
  readonly unit?: string;
  /** Whether it is for events inside a region; false where absent. */
  readonly pointLike?: boolean;
  /** How the field-of-view axes lie; "RADEC" where absent. */
  readonly alignment?: FovAlignment;
  /** Safe energies, TeV. */
  readonly safeTeV?: readonly [low: number, high: number];
  /** What is known beside. */
  readonly meta?: Meta;
}

/** What a kind needs and how it is evaluated. */
interface KindRule {
  readonly unit: string;
  readonly needs: readonly string[];
  readonly valuesScale: ValuesScale;
  /**
   * Axes that make the value 0 only where all of them are outside; every other axis does so alone. An
   * energy dispersion is 0 outside its migra only for energies outside, too, as in the field's tools.
   */
  readonly togetherOutside: readonly string[];
  /** Whether the values go on beyond the edges: a radius for events of another offset is not 0. */
  readonly isOpen?: boolean;
}

const RULES: Readonly<Record<IrfKind, KindRule>> = Object.freeze({
  aeff: rule("cm2", ["energy_true"]),
  edisp: { ...rule("", ["energy_true", "migra"]), togetherOutside: ["energy_true", "migra"] },
  psf: rule("sr-1", ["energy_true", "rad"]),
  bkg: { ...rule("s-1 TeV-1 sr-1", ["energy"]), valuesScale: "log" as const },
  "rad-max": { ...rule("deg", ["energy"]), isOpen: true },
});

function rule(unit: string, needs: readonly string[]): KindRule {
  return { unit, needs, valuesScale: "lin", togetherOutside: [] };
}

/**
 * Makes a table of responses.
 *
 * @param kind What it is.
 * @param axes Its axes, slowest first, by their names.
 * @param options Values, unit and the rest.
 * @returns A frozen record.
 * @throws TypeError where an axis that the kind needs is missing, or values and axes do not agree.
 * @example
 * ```ts
 * import { createIrf } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energy = energyAxis({ low: 0.1, high: 10, nBins: 2, name: "energy_true" });
 * const offset = createMapAxis("offset", [0, 1, 2], { unit: "deg" });
 * const aeff = createIrf("aeff", [energy, offset], { data: Float64Array.of(1, 1, 2, 2) });
 * strictEqual(aeff.unit, "cm2");
 * ```
 */
export function createIrf<K extends IrfKind>(
  kind: K,
  axes: readonly MapAxis[],
  options: IrfOptions,
): Irf<K> {
  const { needs, unit: ownUnit } = RULES[kind],
    { data, unit = ownUnit, meta = EMPTY_META } = options;
  const missing = needs.filter((name) => !axes.some((axis) => axis.name === name));
  if (missing.length > 0) {
    const found = axes.map((axis) => axis.name).join(", ") || "none";
    throw new TypeError(
      `A table of kind "${kind}" needs the axes ${needs.join(", ")}, found ${found}`,
    );
  }
  const shape = axes.map((axis) => axis.nBins), size = shape.reduce((a, b) => a * b, 1);
  if (data.length !== size) {
    throw new TypeError(`Found ${data.length} values, expected ${size} for the shape [${shape}]`);
  }
  const nd = createNDData(createNDArr(ndarray(data, shape), { unit }), { axes, meta });
  return Object.freeze({
    ...nd,
    axes: Object.freeze([...axes]),
    kind,
    pointLike: options.pointLike ?? false,
    alignment: options.alignment ?? "RADEC",
    safeTeV: options.safeTeV ?? [NaN, NaN] as const,
  });
}

/** An evaluator, and the axes on which being outside makes the value 0 only together. */
interface Evaluator {
  readonly grid: GridInterpolator;
  readonly together: readonly number[];
}

/** How a table is evaluated. */
export interface EvaluateIrfOptions {
  /** Multilinear between the bin centres, or the value of the nearest; "linear" where absent. */
  readonly method?: "linear" | "nearest";
}

const evaluators = {
  linear: new WeakMap<Irf, Evaluator>(),
  nearest: new WeakMap<Irf, Evaluator>(),
};

function evaluatorOf(irf: Irf, { method = "linear" }: EvaluateIrfOptions): Evaluator {
  const known = evaluators[method].get(irf);
  if (known !== undefined) return known;
  const { valuesScale, togetherOutside, isOpen = false } = RULES[irf.kind];
  const together = togetherOutside.map((name) => irf.axes.findIndex((axis) => axis.name === name));
  const nodes = irf.axes.map((axis, a) => {
    const one = gridNodes(axis);
    return isOpen || together.includes(a) ? { ...one, limits: undefined } : one;
  });
  const grid = createGridInterpolator(nodes, valuesOf(irf), { valuesScale, method, fill: 0 });
  const made = { grid, together };
  evaluators[method].set(irf, made);
  return made;
}

/** The values in C order. */
function valuesOf(irf: NDData): ArrayLike<number> {
  const { data, offset } = irf.values, size = irf.values.shape.reduce((a, b) => a * b, 1);
  return data.subarray(offset, offset + size);
}

/** Coordinates by name of the axis, in its unit. */
export type IrfCoords = Readonly<Record<string, Float64Array>>;

/**
 * Values of a table at points: multilinear between bin centres in the scale of each axis (backgrounds in
 * the logarithm of the values), carried on linearly from the last centre to the
 * edge, 0 outside the edges, never negative; a radius (rad-max) goes on outside, and is taken by "nearest" in the
 * field's tools.
 *
 * @param irf The table.
 * @param coords A column for each axis by its name, all of one length, in the axis' unit.
 * @param options Linear or nearest.
 * @returns A new array, in the unit of the table.
 * @throws TypeError for a column that is missing, or of another length.
 * @example
 * ```ts
 * import { createIrf, evaluateIrf } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energy = energyAxis({ low: 0.1, high: 10, nBins: 2, name: "energy_true" });
 * const offset = createMapAxis("offset", [0, 1, 2], { unit: "deg" });
 * const aeff = createIrf("aeff", [energy, offset], { data: Float64Array.of(1, 1, 2, 2) });
 * const at = { energy_true: Float64Array.of(1, 50), offset: Float64Array.of(0.5, 0.5) };
 * deepStrictEqual([...evaluateIrf(aeff, at)].map((x) => Math.round(x * 1e9) / 1e9), [1.5, 0]);
 * ```
 * @see gammapy.irf.IRF.evaluate
 */
export function evaluateIrf(
  irf: Irf,
  coords: IrfCoords,
  options: EvaluateIrfOptions = {},
): Float64Array {
  const { grid, together } = evaluatorOf(irf, options);
  const columns = irf.axes.map((axis) => columnOf(irf, coords, axis));
  const out = new Float64Array(columns[0]!.length);
  grid.pointsInto(columns, out);
  if (together.length > 0) {
    const outside = new Uint8Array(out.length).fill(1);
    for (const a of together) clearInside(irf.axes[a]!, columns[a]!, outside);
    for (let k = 0; k < out.length; k++) if (outside[k] === 1) out[k] = 0;
  }
  return clipped(out);
}

function columnOf(irf: Irf, coords: IrfCoords, axis: MapAxis): Float64Array {
  const column = coords[axis.name];
  if (column !== undefined) return column;
  const found = Object.keys(coords).join(", ") || "none";
  throw new TypeError(
    `A table of kind "${irf.kind}" on ${irf.axes.map((one) => one.name).join(", ")}: found ` +
      `coordinates ${found}, ${axis.name} (${axis.unit}) is missing`,
  );
}

/** Sets flags to 0 where a coordinate is on the axis. */
function clearInside({ edges, nBins }: MapAxis, column: Float64Array, flags: Uint8Array): void {
  const low = edges[0]!, high = edges[nBins]!;
  for (let k = 0; k < flags.length; k++) if (column[k]! >= low && column[k]! <= high) flags[k] = 0;
}

function isOutside(axis: MapAxis, x: number): boolean {
  return !(x >= axis.edges[0]! && x <= axis.edges[axis.nBins]!);
}

/** Neither negative nor NaN. */
function clipped(values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) if (!(values[i]! > 0)) values[i] = 0;
  return values;
}

/**
 * Values of a table on all combinations of coordinates, in the order of its axes, the last fastest.
 *
 * @param irf The table.
 * @param coords Coordinates by name of the axis; bin centres for those left out.
 * @param options Linear or nearest.
 * @returns A new array, in the unit of the table; as {@linkcode evaluateIrf} at each combination.
 * @throws RangeError for a coordinate that no axis has.
 * @example
 * ```ts
 * import { createIrf, evaluateIrfGrid } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energy = energyAxis({ low: 0.1, high: 10, nBins: 2, name: "energy_true" });
 * const offset = createMapAxis("offset", [0, 1, 2], { unit: "deg" });
 * const aeff = createIrf("aeff", [energy, offset], { data: Float64Array.of(1, 1, 2, 2) });
 * strictEqual(evaluateIrfGrid(aeff, { offset: [0, 1, 2] }).length, 6);
 * ```
 */
export function evaluateIrfGrid(
  irf: Irf,
  coords: Readonly<Record<string, ArrayLike<number>>>,
  options: EvaluateIrfOptions = {},
): Float64Array {
  for (const name of Object.keys(coords)) {
    if (!irf.axes.some((axis) => axis.name === name)) {
      throw new RangeError(
        `A table of kind "${irf.kind}" has no axis "${name}": it has ` +
          irf.axes.map((axis) => axis.name).join(", "),
      );
    }
  }
  const columns = irf.axes.map((axis) => coords[axis.name] ?? axis.centers);
  return clipped(gridOf(irf, columns, options));
}

/** Values on all combinations of coordinates, one column an axis, that may be negative where carried on. */
export function gridOf(
  irf: Irf,
  columns: readonly ArrayLike<number>[],
  options: EvaluateIrfOptions = {},
): Float64Array {
  const { grid, together } = evaluatorOf(irf, options), out = grid.grid(columns);
  if (together.length > 0) zeroTogether(out, irf, columns, together);
  return out;
}

/** In which scale the values of a kind are interpolated. */
export function valuesScaleOf(kind: IrfKind): ValuesScale {
  return RULES[kind].valuesScale;
}

function zeroTogether(
  out: Float64Array,
  irf: Irf,
  columns: readonly ArrayLike<number>[],
  together: readonly number[],
): void {
  const outside = columns.map((column, a) =>
    Uint8Array.from({ length: column.length }, (_, k) => +isOutside(irf.axes[a]!, column[k]!))
  );
  const index = new Int32Array(columns.length);
  for (let i = 0; i < out.length; i++) {
    if (together.every((a) => outside[a]![index[a]!] === 1)) out[i] = 0;
    for (let a = index.length - 1; a >= 0 && ++index[a]! === columns[a]!.length; a--) index[a] = 0;
  }
}

/** The axis of a name. */
export function irfAxis(irf: { readonly axes: readonly Axis[] }, name: string): MapAxis {
  const axis = irf.axes.find((one) => one.name === name);
  if (axis?.kind === "map-axis") return axis;
  throw new RangeError(
    `No axis "${name}": there are ${irf.axes.map((one) => one.name).join(", ")}`,
  );
}
