// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import { flatten } from "../numeric/mod.ts";
import { combineUnits, parseUnit, unitFactor } from "../units/mod.ts";
import { type BitPlanes, flagWhereInvalid, joinPlanes, validOfPlanes } from "./bit_planes.ts";
import { constantArray, type NDArr, type NumericArray, type Place, rootPlace } from "./nd_arr.ts";

/** A number with a unit. */
export interface Quantity {
  /** The number. */
  readonly value: number;
  /** Its unit. */
  readonly unit: string;
}

/** What an array can be added to or multiplied with; a bare number is dimensionless. */
export type Operand = NDArr | Quantity | number;

/** How variances are carried on. */
export interface ArithmeticOptions {
  /** Whether the result has a variance where the operands have one; true where absent. */
  readonly variance?: boolean;
  /** Covariance of the two operands, in the product of their units: one number or one a value. */
  readonly covariance?: number | NdArray<Float64Array>;
}

/** An operation: its value, and its derivatives by both operands. */
interface Operation {
  readonly name: string;
  readonly value: (a: number, b: number) => number;
  readonly byA: (a: number, b: number) => number;
  readonly byB: (a: number, b: number) => number;
  /** Factor that brings b to the unit that the operation needs, and the unit of the result. */
  readonly units: (a: string | undefined, b: string | undefined) => readonly [
    factor: number,
    unit: string | undefined,
  ];
}

const additive = (name: string) => (a: string | undefined, b: string | undefined) => {
  if (a === undefined && b === undefined) return [1, undefined] as const;
  if ((a === undefined || b === undefined) && parseUnit(a ?? b!).factors.length > 0) {
    throw new TypeError(
      `Cannot ${name} an array without unit and one in "${a ?? b}": give both a unit`,
    );
  }
  return [unitFactor(b ?? "", a ?? ""), a ?? b] as const;
};

const product = (power: number) => (a: string | undefined, b: string | undefined) =>
  [
    1,
    a === undefined && b === undefined ? undefined : combineUnits([[a ?? "", 1], [b ?? "", power]]),
  ] as const;

const ADD: Operation = {
  name: "add",
  value: (a, b) => a + b,
  byA: () => 1,
  byB: () => 1,
  units: additive("add"),
};
const SUBTRACT: Operation = {
  name: "subtract",
  value: (a, b) => a - b,
  byA: () => 1,
  byB: () => -1,
  units: additive("subtract"),
};
const MULTIPLY: Operation = {
  name: "multiply",
  value: (a, b) => a * b,
  byA: (_, b) => b,
  byB: (a) => a,
  units: product(1),
};
const DIVIDE: Operation = {
  name: "divide",
  value: (a, b) => a / b,
  byA: (_, b) => 1 / b,
  byB: (a, b) => -a / (b * b),
  units: product(-1),
};

/**
 * a + b: units converted to that of `a`; variances Var a + Var b + 2 Cov.
 *
 * @param a An array, or any record that extends one: what it has beside is kept.
 * @param b An array of the same shape, a quantity, or a number.
 * @param options Whether variances are carried on, and the covariance of the operands.
 * @returns A new record; validity by AND, planes by name and OR, the place kept where both share it.
 * @throws TypeError for shapes, axes or units that do not agree, or two cuts of one parent at different
 *   places; RangeError for more than 64 planes.
 * @example
 * ```ts
 * import { add, createNDArr } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const a = createNDArr(ndarray(Float64Array.of(1), [1]), { unit: "TeV" });
 * strictEqual(add(a, { value: 500, unit: "GeV" }).values.get(0), 1.5);
 * ```
 * @see astropy APE on NDData: arithmetic
 */
export function add<T extends NDArr>(a: T, b: Operand, options: ArithmeticOptions = {}): T {
  return operate(ADD, a, b, options);
}

/**
 * a − b: units converted to that of `a`; variances Var a + Var b − 2 Cov.
 *
 * @param a An array, or any record that extends one.
 * @param b An array of the same shape, a quantity, or a number.
 * @param options As of {@linkcode add}.
 * @returns A new record.
 * @throws As {@linkcode add}.
 * @example
 * ```ts
 * import { createNDArr, subtract } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const a = createNDArr(ndarray(Float64Array.of(3), [1]));
 * strictEqual(subtract(a, 1).values.get(0), 2);
 * ```
 */
export function subtract<T extends NDArr>(a: T, b: Operand, options: ArithmeticOptions = {}): T {
  return operate(SUBTRACT, a, b, options);
}

/**
 * a × b: units multiplied; variances b² Var a + a² Var b + 2 a b Cov.
 *
 * @param a An array, or any record that extends one.
 * @param b An array of the same shape, a quantity, or a number.
 * @param options As of {@linkcode add}.
 * @returns A new record.
 * @throws As {@linkcode add}.
 * @example
 * ```ts
 * import { createNDArr, multiply } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const aeff = createNDArr(ndarray(Float64Array.of(2), [1]), { unit: "cm2" });
 * strictEqual(multiply(aeff, { value: 3, unit: "s" }).unit, "cm2 s");
 * ```
 */
export function multiply<T extends NDArr>(a: T, b: Operand, options: ArithmeticOptions = {}): T {
  return operate(MULTIPLY, a, b, options);
}

/**
 * a ÷ b: units divided; variances Var a/b² + a² Var b/b⁴ − 2 a Cov/b³.
 *
 * @param a An array, or any record that extends one.
 * @param b An array of the same shape, a quantity, or a number.
 * @param options As of {@linkcode add}.
 * @returns A new record; ±∞ or NaN where `b` is 0.
 * @throws As {@linkcode add}.
 * @example
 * ```ts
 * import { createNDArr, divide } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const excess = createNDArr(ndarray(Float64Array.of(6), [1]));
 * strictEqual(divide(excess, excess).values.get(0), 1);
 * ```
 */
export function divide<T extends NDArr>(a: T, b: Operand, options: ArithmeticOptions = {}): T {
  return operate(DIVIDE, a, b, options);
}

/** What every operand is brought to. */
type Plain = Pick<NDArr, "unit" | "variance" | "valid" | "planes"> & {
  readonly values: NdArray<NumericArray>;
  readonly place: Place | undefined;
};

function plain(b: Operand, shape: readonly number[]): Plain {
  if (typeof b !== "number" && "values" in b) return b;
  const { value, unit } = typeof b === "number" ? { value: b, unit: "" } : b;
  return {
    values: constantArray(value, shape),
    unit,
    variance: constantArray(0, shape),
    valid: undefined,
    planes: undefined,
    place: undefined,
  };
}

function operate<T extends NDArr>(
  operation: Operation,
  a: T,
  operand: Operand,
  options: ArithmeticOptions,
): T {
  const shape = a.values.shape, b = plain(operand, shape);
  checkOperands(operation.name, a, b);
  const bareNumber = typeof operand === "number";
  const [factor, unit] = operation.units(
    a.unit,
    bareNumber && a.unit === undefined ? undefined : b.unit,
  );
  const x = run(a.values), y = scaledRun(b.values, factor), n = x.length;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = operation.value(x[i]!, y[i]!);
  const wanted = options.variance ?? true;
  const variance = wanted && a.variance !== undefined && b.variance !== undefined
    ? propagate(operation, { x, y, va: a.variance, vb: b.variance, factor }, options.covariance)
    : undefined;
  const values = ndarray(out, [...shape]);
  return Object.freeze({
    ...a,
    values,
    unit,
    variance: variance === undefined ? undefined : ndarray(variance, [...shape]),
    ...validity(a, b),
    place: joinPlaces(a.place, b.place, shape),
  });
}

function checkOperands(name: string, a: NDArr, b: Plain): void {
  if (a.values.shape.join() !== b.values.shape.join()) {
    throw new TypeError(
      `Cannot ${name} arrays of the shapes [${a.values.shape}] and [${b.values.shape}]`,
    );
  }
  const left = coordinatesKey(a), right = coordinatesKey(b);
  if (left !== undefined && right !== undefined && left !== right) {
    throw new TypeError(
      `Cannot ${name} data on different axes or pixels: interpolate one on the axes of the other first`,
    );
  }
}

/** What an extended record says of its coordinates; undefined for a plain array. */
function coordinatesKey(arr: object): string | undefined {
  return (arr as { readonly coordinatesKey?: string }).coordinatesKey;
}

/** The values in C order, as doubles or as they are. */
function run(values: NdArray<NumericArray>): ArrayLike<number> {
  const { data, offset, length } = flatten(values);
  return data.subarray(offset, offset + length);
}

function scaledRun(values: NdArray<NumericArray>, factor: number): ArrayLike<number> {
  const plainRun = run(values);
  return factor === 1 ? plainRun : Float64Array.from(plainRun, (value) => value * factor);
}

function propagate(
  operation: Operation,
  operands: {
    readonly x: ArrayLike<number>;
    readonly y: ArrayLike<number>;
    readonly va: NdArray<Float64Array>;
    readonly vb: NdArray<Float64Array>;
    readonly factor: number;
  },
  covariance: ArithmeticOptions["covariance"],
): Float64Array {
  const { x, y, factor } = operands, n = x.length, out = new Float64Array(n);
  const va = run(operands.va), vb = scaledRun(operands.vb, factor * factor);
  const cov = covariance === undefined || typeof covariance === "number"
    ? undefined
    : run(covariance);
  const one = typeof covariance === "number" ? covariance : 0;
  for (let i = 0; i < n; i++) {
    const da = operation.byA(x[i]!, y[i]!), db = operation.byB(x[i]!, y[i]!);
    const joint = (cov === undefined ? one : cov[i]!) * factor;
    out[i] = da * da * va[i]! + db * db * vb[i]! + 2 * da * db * joint;
  }
  return out;
}

/**
 * valid with valid: AND. Planes with planes: OR by name. Planes of one side stay; what the other side says
 * is invalid flags every one of them.
 */
function validity(a: NDArr, b: Plain): Pick<NDArr, "valid" | "planes"> {
  if (a.planes !== undefined && b.planes !== undefined) {
    return { valid: undefined, planes: joinPlanes(a.planes, b.planes) };
  }
  const planes = a.planes ?? b.planes, valid = a.planes === undefined ? a.valid : b.valid;
  if (planes !== undefined) {
    return { valid: undefined, planes: valid === undefined ? planes : flagged(planes, valid) };
  }
  if (a.valid === undefined || b.valid === undefined) {
    return { valid: a.valid ?? b.valid, planes: undefined };
  }
  const x = run(a.valid), y = run(b.valid);
  const both = Uint8Array.from(x, (one, i) => +(one !== 0 && y[i] !== 0));
  return { valid: ndarray(both, [...a.values.shape]), planes: undefined };
}

function flagged(planes: BitPlanes, valid: NdArray<Uint8Array>): BitPlanes {
  return flagWhereInvalid(planes, Uint8Array.from(run(valid)));
}

/** The place that both share; otherwise a new array begins. */
function joinPlaces(a: Place, b: Place | undefined, shape: readonly number[]): Place {
  if (b === undefined) return a;
  if (a.parent !== b.parent) return rootPlace(Object.freeze([...shape]));
  if (a.start.join() === b.start.join() && a.stop.join() === b.stop.join()) return a;
  const box = ({ start, stop }: Place) => start.map((from, d) => `${from}:${stop[d]}`).join(", ");
  throw new TypeError(
    `The operands are different cuts of one array, [${box(a)}] and [${
      box(b)
    }]: they do not stand at the ` +
      `same place`,
  );
}

/**
 * Which values are to be used.
 *
 * @param arr Any array.
 * @returns 1 where a value is to be used: `valid` as it is, or made of the selected planes; undefined
 *   where all are.
 * @example
 * ```ts
 * import { createBitPlanes, createNDArr, validOf } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const planes = createBitPlanes({ hot: ndarray(Uint8Array.of(0, 1), [2]) });
 * strictEqual(validOf(createNDArr(ndarray(Float64Array.of(1, 2), [2]), { planes }))?.get(1), 0);
 * ```
 */
export function validOf(arr: NDArr): NdArray<Uint8Array> | undefined {
  if (arr.planes === undefined) return arr.valid;
  return ndarray(validOfPlanes(arr.planes), [...arr.values.shape]);
}
