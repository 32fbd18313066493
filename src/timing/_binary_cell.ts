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
export const KIND = { BT: 0, DD: 1, ELL1: 2 } as const;
export const SHAPIRO = { none: 0, range: 1, h3: 2, stigma: 3 } as const;

/** An orbit about the middle of a cell; a flat record of numbers, of one shape for all kinds. */
export interface BinaryCell {
  readonly kind: number;
  /** Phase at the middle, [0, 1), and the Taylor coefficients of its motion. */
  readonly m0: number;
  readonly m1: number;
  readonly m2: number;
  readonly m3: number;
  readonly higher: readonly number[];
  readonly x0: number;
  readonly x1: number;
  /** Eccentricity and its rate; sine and cosine terms of ELL1 at their rates. */
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
  readonly gamma: number;
  readonly dr: number;
  readonly dth: number;
  readonly a0: number;
  readonly b0: number;
  readonly shapiro: number;
  readonly range: number;
  readonly shape: number;
  /** Fourier coefficients of ELL1: R/x = Σ a_k sin kΦ + b_k cos kΦ, and the rates of the second. */
  readonly fa1: number;
  readonly fb1: number;
  readonly fa2: number;
  readonly fb2: number;
  readonly fa3: number;
  readonly fb3: number;
  readonly fa4: number;
  readonly fb4: number;
  readonly fa2Rate: number;
  readonly fb2Rate: number;
}

/** Expands an orbit about an instant `delta` seconds after its epoch. */
export function binaryCell(model: BinaryModel, delta: DoubleDouble): BinaryCell {
  const turns = turnsAt(model.frequencies, delta), split = ddSplit(turns);
  const rates: number[] = [];
  addTaylor(model.frequencies, delta, rates);
  const common = {
    kind: KIND[model.kind],
    m0: split.fraction,
    m1: rates[1]!,
    m2: rates[2] ?? 0,
    m3: rates[3] ?? 0,
    higher: rates.slice(4),
    x0: model.a1Ls + model.a1DotLsPerS * delta.hi,
    x1: model.a1DotLsPerS,
    ...shapiroNumbers(model),
  };
  return model.kind === "ELL1"
    ? { ...common, ...NO_ECCENTRIC, ...circularNumbers(model, delta.hi) }
    : { ...common, ...NO_CIRCULAR, ...eccentricNumbers(model, delta, split, rates[1]!) };
}

const NO_ECCENTRIC = {
  e0: 0,
  e1: 0,
  om0: 0,
  om1: 0,
  start0: 0,
  start1: 0,
  start2: 0,
  start3: 0,
  gamma: 0,
  dr: 0,
  dth: 0,
  a0: 0,
  b0: 0,
};
const NO_CIRCULAR = {
  fa1: 0,
  fb1: 0,
  fa2: 0,
  fb2: 0,
  fa3: 0,
  fb3: 0,
  fa4: 0,
  fb4: 0,
  fa2Rate: 0,
  fb2Rate: 0,
};

function shapiroNumbers(model: BinaryModel) {
  const terms = model.shapiro;
  if (terms === undefined) return { shapiro: SHAPIRO.none, range: 0, shape: 0 };
  if (terms.kind === "range") {
    return { shapiro: SHAPIRO.range, range: terms.rangeS, shape: terms.shape };
  }
  return terms.kind === "h3"
    ? { shapiro: SHAPIRO.h3, range: terms.h3S, shape: 0 }
    : { shapiro: SHAPIRO.stigma, range: terms.h3S / terms.stigma ** 3, shape: terms.stigma };
}

function eccentricNumbers(
  model: EccentricOrbit,
  delta: DoubleDouble,
  turns: { readonly whole: number; readonly fraction: number },
  rate: number,
) {
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
  return {
    e0,
    e1: model.eccDotPerS,
    om0: ddSplit(om0).fraction,
    ...keplerSeries(turns.fraction, rate, e0),
    om1: isBt ? model.omDotTurnsPerS : perTurn,
    gamma: model.gammaS,
    dr: model.dr,
    dth: model.dth,
    a0: model.a0S,
    b0: model.b0S,
  };
}

/** E(d) to the third order, cycles: a start that leaves one or two steps. */
function keplerSeries(m: number, rate: number, e: number) {
  if (!(TURN * rate * CELL_S / 2 < 0.5 * (1 - e))) {
    return { start0: NaN, start1: 0, start2: 0, start3: 0 };
  }
  const at = Float64Array.of(m), ecc = Float64Array.of(e);
  const anomaly = new Float64Array(1), sin = new Float64Array(1), cos = new Float64Array(1);
  keplerStarts(at, ecc, 1, anomaly);
  solveKepler(at, ecc, 1, anomaly, sin, cos);
  const es = e * sin[0]!, ec = e * cos[0]!, slope = 1 - ec, step = TURN * rate;
  return {
    start0: anomaly[0]!,
    start1: rate / slope,
    start2: -es * step * rate / (2 * slope ** 3),
    start3: (3 * es * es - ec * slope) * step * step * rate / (6 * slope ** 5),
  };
}

/** cosE − e and √(1−e²) sinE in harmonics of Φ = M + ω, to the third order, without the constant. */
function circularNumbers(model: CircularOrbit, deltaS: number) {
  const s = model.eps1 + model.eps1DotPerS * deltaS, c = model.eps2 + model.eps2DotPerS * deltaS;
  const ee = s * s + c * c, cc = c * c - s * s;
  const c3 = c * (c * c - 3 * s * s), s3 = s * (3 * c * c - s * s), half = 0.5 - 0.375 * ee;
  return {
    fa1: 1 - ee / 2 - cc / 8,
    fb1: c * s / 4,
    fa2: half * c - c3 / 24,
    fb2: -half * s + s3 / 24,
    fa3: 0.375 * cc,
    fb3: -0.75 * c * s,
    fa4: c3 / 3,
    fb4: -s3 / 3,
    fa2Rate: 0.5 * model.eps2DotPerS,
    fb2Rate: -0.5 * model.eps1DotPerS,
  };
}

/** A bound of |D|, s, for any time within a century. */
export function longestDelayS(model: BinaryModel): number {
  const drift = Math.abs(model.a1DotLsPerS) * 3.2e9;
  const size = Math.abs(model.a1Ls) + drift;
  return 1.1 * size * (model.kind === "ELL1" ? 1.6 : 2) +
    (model.kind === "ELL1" ? 0 : Math.abs(model.gammaS)) + 0.01;
}
