/*
 * An orbit about the middle of a cell of time: expanded once, it serves many events. Symbols are those
 * of _binary_delay.ts.
 */
import { dd, ddAdd, ddSplit, type DoubleDouble } from "../numeric/mod.ts";
import type { BinaryModel, CircularOrbit, EccentricOrbit } from "./binary_model.ts";
import { keplerStarts, solveKepler } from "./_kepler.ts";
import { addTaylor, turnsAt } from "./_taylor.ts";

const TURN = 2 * Math.PI;
/** Length of a cell, s. Cells lie on an absolute grid, so no phase depends on the events beside it. */
export const CELL_S = 1024;

/** Terms of an eccentric orbit about the middle of a cell. */
export interface EccentricTerms {
  readonly isBt: boolean;
  readonly e0: number;
  readonly e1: number;
  readonly om0: number;
  /** Turning of periastron. BT: cycles/s; DD: cycles a cycle of ν. */
  readonly om1: number;
  /** Start of Kepler's equation: E by Taylor's series in d; NaN where it does not reach. */
  readonly start0: number;
  readonly start1: number;
  readonly start2: number;
  readonly start3: number;
}

/** Fourier coefficients of ELL1: R/x = Σ a_k sin kΦ + b_k cos kΦ, and the rates of the second. */
export interface CircularTerms {
  readonly a1: number;
  readonly b1: number;
  readonly a2: number;
  readonly b2: number;
  readonly a3: number;
  readonly b3: number;
  readonly a4: number;
  readonly b4: number;
  readonly a2Rate: number;
  readonly b2Rate: number;
}

/** An orbit about the middle of a cell. */
export interface BinaryCell {
  readonly model: BinaryModel;
  /** Phase at the middle, [0, 1), and the Taylor coefficients of its motion. */
  readonly m0: number;
  readonly m1: number;
  readonly m2: number;
  readonly m3: number;
  readonly higher: readonly number[];
  /** Projected semi-major axis at the middle. */
  readonly x0: number;
  readonly eccentric: EccentricTerms | undefined;
  readonly circular: CircularTerms | undefined;
}

const NONE: readonly number[] = [];

/** Expands an orbit about an instant `delta` seconds after its epoch. */
export function binaryCell(model: BinaryModel, delta: DoubleDouble): BinaryCell {
  const split = ddSplit(turnsAt(model.frequencies, delta)), rates: number[] = [];
  addTaylor(model.frequencies, delta, rates);
  const isCircular = model.kind === "ELL1";
  return {
    model,
    m0: split.fraction,
    m1: rates[1]!,
    m2: rates[2] ?? 0,
    m3: rates[3] ?? 0,
    higher: rates.length > 4 ? rates.slice(4) : NONE,
    x0: model.a1Ls + model.a1DotLsPerS * delta.hi,
    eccentric: isCircular ? undefined : eccentricTerms(model, delta, split, rates[1]!),
    circular: isCircular ? circularTerms(model, delta.hi) : undefined,
  };
}

function eccentricTerms(
  model: EccentricOrbit,
  delta: DoubleDouble,
  turns: { readonly whole: number; readonly fraction: number },
  rate: number,
): EccentricTerms {
  const e0 = model.ecc + model.eccDotPerS * delta.hi;
  if (!(e0 >= 0 && e0 < 1)) {
    throw new RangeError(
      `Eccentricity is ${e0} at ${delta.hi / 86400} d after T0, by ECC ${model.ecc} and EDOT ` +
        `${model.eccDotPerS}: the model does not reach so far`,
    );
  }
  const isBt = model.kind === "BT";
  // DD: ω turns with the true anomaly, k = OMDOT / n with n at the time (PINT; tempo2 keeps that of T0),
  // by whole orbits and by what is in the cell
  const perTurn = model.omDotTurnsPerS / rate;
  const om0 = isBt
    ? ddAdd(dd(model.omDotTurnsPerS * delta.hi), model.omTurns)
    : ddAdd(dd(perTurn * turns.whole), model.omTurns);
  const series = keplerSeries(turns.fraction, rate, e0);
  return {
    isBt,
    e0,
    e1: model.eccDotPerS,
    om0: ddSplit(om0).fraction,
    om1: isBt ? model.omDotTurnsPerS : perTurn,
    start0: series[0],
    start1: series[1],
    start2: series[2],
    start3: series[3],
  };
}

const at = new Float64Array(1), ecc = new Float64Array(1), anomaly = new Float64Array(1);
const sin = new Float64Array(1), cos = new Float64Array(1);

/** E(d) to the third order, cycles: a start that leaves one or two steps. */
function keplerSeries(m: number, rate: number, e: number): [number, number, number, number] {
  if (!(TURN * rate * CELL_S / 2 < 0.5 * (1 - e))) {
    return [NaN, 0, 0, 0];
  }
  at[0] = m;
  ecc[0] = e;
  keplerStarts(at, ecc, 1, anomaly);
  solveKepler(at, ecc, 1, anomaly, sin, cos);
  const es = e * sin[0]!, ec = e * cos[0]!, slope = 1 - ec, step = TURN * rate;
  return [
    anomaly[0]!,
    rate / slope,
    -es * step * rate / (2 * slope ** 3),
    (3 * es * es - ec * slope) * step * step * rate / (6 * slope ** 5),
  ];
}

/** cosE − e and √(1−e²) sinE in harmonics of Φ = M + ω, to the third order, without the constant. */
function circularTerms(model: CircularOrbit, deltaS: number): CircularTerms {
  const s = model.eps1 + model.eps1DotPerS * deltaS, c = model.eps2 + model.eps2DotPerS * deltaS;
  const ee = s * s + c * c, cc = c * c - s * s;
  const c3 = c * (c * c - 3 * s * s), s3 = s * (3 * c * c - s * s), half = 0.5 - 0.375 * ee;
  return {
    a1: 1 - ee / 2 - cc / 8,
    b1: c * s / 4,
    a2: half * c - c3 / 24,
    b2: -half * s + s3 / 24,
    a3: 0.375 * cc,
    b3: -0.75 * c * s,
    a4: c3 / 3,
    b4: -s3 / 3,
    a2Rate: 0.5 * model.eps2DotPerS,
    b2Rate: -0.5 * model.eps1DotPerS,
  };
}

/** A bound of |D|, s, for any time within a century. */
export function longestDelayS(model: BinaryModel): number {
  const drift = Math.abs(model.a1DotLsPerS) * 3.2e9;
  const size = Math.abs(model.a1Ls) + drift;
  return 1.1 * size * (model.kind === "ELL1" ? 1.6 : 2) +
    (model.kind === "ELL1" ? 0 : Math.abs(model.gammaS)) + 0.01;
}
