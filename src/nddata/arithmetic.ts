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

/** Values of both operands in C order. */
interface Pair {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Their variances and covariances, all as long as the values. */
interface Spread {
  readonly vx: Float64Array;
  readonly vy: Float64Array;
  readonly cov: Float64Array;
}

/** An operation: one loop for the values, one for the variances. */
interface Operation {
  readonly name: string;
  readonly valuesInto: (pair: Pair, out: Float64Array) => void;
  readonly variancesInto: (pair: Pair, spread: Spread, out: Float64Array) => void;
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
  units: additive("add"),
  valuesInto({ x, y }, out) {
    for (let i = 0; i < out.length; i++) out[i] = x[i]! + y[i]!;
  },
  variancesInto(_, { vx, vy, cov }, out) {
    for (let i = 0; i < out.length; i++) out[i] = vx[i]! + vy[i]! + 2 * cov[i]!;
  },
};
const SUBTRACT: Operation = {
  name: "subtract",
  units: additive("subtract"),
  valuesInto({ x, y }, out) {
    for (let i = 0; i < out.length; i++) out[i] = x[i]! - y[i]!;
  },
  variancesInto(_, { vx, vy, cov }, out) {
    for (let i = 0; i < out.length; i++) out[i] = vx[i]! + vy[i]! - 2 * cov[i]!;
  },
};
const MULTIPLY: Operation = {
  name: "multiply",
  units: product(1),
  valuesInto({ x, y }, out) {
    for (let i = 0; i < out.length; i++) out[i] = x[i]! * y[i]!;
  },
  variancesInto({ x, y }, { vx, vy, cov }, out) {
    for (let i = 0; i < out.length; i++) {
      const a = x[i]!, b = y[i]!;
      out[i] = b * b * vx[i]! + a * a * vy[i]! + 2 * a * b * cov[i]!;
    }
  },
};
const DIVIDE: Operation = {
  name: "divide",
  units: product(-1),
  valuesInto({ x, y }, out) {
    for (let i = 0; i < out.length; i++) out[i] = x[i]! / y[i]!;
  },
  variancesInto({ x, y }, { vx, vy, cov }, out) {
    for (let i = 0; i < out.length; i++) {
      const b = y[i]!, ratio = x[i]! / b;
      out[i] = (vx[i]! + ratio * ratio * vy[i]! - 2 * ratio * cov[i]!) / (b * b);
    }
  },
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
  const pair = { x: doubles(a.values), y: doubles(b.values, factor) }, n = pair.x.length;
  const values = new Float64Array(n);
  operation.valuesInto(pair, values);
  let variance: Float64Array | undefined;
  if ((options.variance ?? true) && a.variance !== undefined && b.variance !== undefined) {
    variance = new Float64Array(n);
    const cov = covariances(options.covariance ?? 0, n, factor);
    const spread = { vx: doubles(a.variance), vy: doubles(b.variance, factor * factor), cov };
    operation.variancesInto(pair, spread, variance);
  }
  return Object.freeze({
    ...a,
    values: ndarray(values, [...shape]),
    unit,
    variance: variance === undefined ? undefined : ndarray(variance, [...shape]),
    ...validity(a, b),
    place: hasWorld(a) ? keptPlace(a.place, b.place, shape) : joinPlaces(a.place, b.place, shape),
  });
}

/** Whether a record has world coordinates, which count in the parent's pixels. */
function hasWorld(arr: object): boolean {
  return (arr as { readonly wcs?: unknown }).wcs !== undefined;
}

/** The place of a record with world coordinates: they hold there, whatever the other operand is cut from. */
function keptPlace(a: Place, b: Place | undefined, shape: readonly number[]): Place {
  joinPlaces(a, b, shape);
  return a;
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

/** The values in C order, as they are. */
function run<A extends NumericArray>(values: NdArray<A>): A {
  const { data, offset, length } = flatten(values);
  return data.subarray(offset, offset + length) as A;
}

/** The values in C order as doubles, times a factor; not to be written. */
function doubles(values: NdArray<NumericArray>, factor = 1): Float64Array {
  const own = run(values);
  if (factor === 1) return own instanceof Float64Array ? own : Float64Array.from(own);
  return Float64Array.from(own, (value) => value * factor);
}

function covariances(
  given: number | NdArray<Float64Array>,
  n: number,
  factor: number,
): Float64Array {
  if (typeof given === "number") return new Float64Array(n).fill(given * factor);
  const own = doubles(given, factor);
  if (own.length !== n) throw new TypeError(`Found ${own.length} covariances, expected ${n}`);
  return own;
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
