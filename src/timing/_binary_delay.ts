/*
 * The delay of a pulse in its orbit, by the inverse timing formula: D(t) is the delay at emission as a
 * function of the barycentric arrival time t, so that emission is at t − D(t).
 *
 * | symbol | meaning |
 * | --- | --- |
 * | d | arrival time after the middle of a cell, s |
 * | m | mean anomaly since T0, Φ longitude from the ascending node, cycles |
 * | n | rate of either, rad/s |
 * | x, e, ω | projected semi-major axis, ls; eccentricity; longitude of periastron |
 * | E, ν | eccentric and true anomaly |
 *
 * Kernels take blocks of events: a call for each would cost more than its arithmetic.
 */
import { cos2pi, sin2pi } from "../numeric/mod.ts";
import type { BinaryCell, CircularTerms, EccentricTerms } from "./_binary_cell.ts";
import type { BinaryModel, EccentricOrbit } from "./binary_model.ts";
import { keplerStarts, solveKepler } from "./_kepler.ts";

const TURN = 2 * Math.PI;
/** Most events of a block. */
export const BLOCK = 256;

const meanTurns = new Float64Array(BLOCK), ecc = new Float64Array(BLOCK);
const anomaly = new Float64Array(BLOCK), sinE = new Float64Array(BLOCK);
const cosE = new Float64Array(BLOCK);

/** Orbital phases of `count` events, cycles, not reduced. */
export function orbitTurns(
  cell: BinaryCell,
  d: Float64Array,
  count: number,
  out: Float64Array,
): void {
  const { m0, m1, m2, m3, higher } = cell;
  for (let i = 0; i < count; i++) {
    const t = d[i]!;
    let high = 0;
    for (let k = higher.length - 1; k >= 0; k--) high = high * t + higher[k]!;
    out[i] = m0 + t * (m1 + t * (m2 + t * (m3 + t * high)));
  }
}

/** D, s, of `count` events (at most a block) at `d` seconds after the middle. */
export function binaryDelays(
  cell: BinaryCell,
  d: Float64Array,
  count: number,
  out: Float64Array,
): void {
  orbitTurns(cell, d, count, meanTurns);
  const { circular, eccentric, model } = cell;
  if (circular !== undefined) circularDelays(cell, circular, d, count, out);
  if (eccentric === undefined || model.kind === "ELL1") return;
  const { start0, start1, start2, start3, e0, e1 } = eccentric;
  for (let i = 0; i < count; i++) {
    const t = d[i]!;
    ecc[i] = e0 + t * e1;
    anomaly[i] = start0 + t * (start1 + t * (start2 + t * start3));
  }
  if (Number.isNaN(start0)) keplerStarts(meanTurns, ecc, count, anomaly);
  solveKepler(meanTurns, ecc, count, anomaly, sinE, cosE);
  if (eccentric.isBt) btDelays(cell, eccentric, model, d, count, out);
  else ddDelays(cell, eccentric, model, d, count, out);
}

const SHAPIRO = { none: 0, range: 1, h3: 2, stigma: 3 } as const;

/** The Shapiro delay in numbers for a loop: its kind, amplitude and shape. */
function shapiroNumbers({ shapiro: terms }: BinaryModel): [number, number, number] {
  if (terms === undefined) return [SHAPIRO.none, 0, 0];
  if (terms.kind === "range") return [SHAPIRO.range, terms.rangeS, terms.shape];
  return terms.kind === "h3"
    ? [SHAPIRO.h3, terms.h3S, 0]
    : [SHAPIRO.stigma, terms.h3S / terms.stigma ** 3, terms.stigma];
}

/** Lange et al. 2001, MNRAS 326, 274, eqs. A6, A16; inversion as Damour & Deruelle 1986, eq. 46 ff. */
function circularDelays(
  cell: BinaryCell,
  terms: CircularTerms,
  d: Float64Array,
  count: number,
  out: Float64Array,
): void {
  const { a1, b1, a3, b3, a4, b4, a2Rate, b2Rate } = terms;
  const { x0, m1, m2 } = cell, x1 = cell.model.a1DotLsPerS;
  const [shapiro, range, shape] = shapiroNumbers(cell.model);
  for (let i = 0; i < count; i++) {
    const t = d[i]!, phase = meanTurns[i]!, n = TURN * (m1 + 2 * t * m2), x = x0 + t * x1;
    const a2 = terms.a2 + t * a2Rate, b2 = terms.b2 + t * b2Rate;
    const s1 = sin2pi(phase), c1 = cos2pi(phase);
    const s2 = 2 * s1 * c1, c2 = 1 - 2 * s1 * s1;
    const s3 = s2 * c1 + c2 * s1, c3 = c2 * c1 - s2 * s1;
    const s4 = 2 * s2 * c2, c4 = 1 - 2 * s2 * s2;
    const r1 = a1 * s1 + b1 * c1, r2 = a2 * s2 + b2 * c2;
    const r3 = a3 * s3 + b3 * c3, r4 = a4 * s4 + b4 * c4;
    const r = x * (r1 + r2 + r3 + r4);
    const rp = n * x *
      (a1 * c1 - b1 * s1 + 2 * (a2 * c2 - b2 * s2) + 3 * (a3 * c3 - b3 * s3) +
        4 * (a4 * c4 - b4 * s4));
    const rpp = -n * n * x * (r1 + 4 * r2 + 9 * r3 + 16 * r4);
    let delay = r * (1 - rp + rp * rp + 0.5 * r * rpp);
    if (shapiro === SHAPIRO.range) delay -= 2 * range * Math.log(1 - shape * s1);
    else if (shapiro === SHAPIRO.h3) delay -= 4 / 3 * range * s3;
    else if (shapiro === SHAPIRO.stigma) {
      const log = Math.log(1 + shape * shape - 2 * shape * s1);
      delay -= 2 * range * (log + 2 * shape * s1 - shape * shape * c2);
    }
    out[i] = delay;
  }
}

/** Blandford & Teukolsky 1976, ApJ 205, 580, eq. 2.33, as tempo2 has it. */
function btDelays(
  cell: BinaryCell,
  terms: EccentricTerms,
  model: EccentricOrbit,
  d: Float64Array,
  count: number,
  out: Float64Array,
): void {
  const { x0, m1, m2 } = cell, { om0, om1 } = terms;
  const { a1DotLsPerS: x1, gammaS: gamma } = model;
  for (let i = 0; i < count; i++) {
    const t = d[i]!, e = ecc[i]!, su = sinE[i]!, cu = cosE[i]!;
    const x = x0 + t * x1, n = TURN * (m1 + 2 * t * m2), om = om0 + t * om1;
    const alpha = x * sin2pi(om), beta = x * cos2pi(om) * Math.sqrt(1 - e * e);
    const q = alpha * (cu - e) + (beta + gamma) * su;
    out[i] = q * (1 - n * (beta * cu - alpha * su) / (1 - e * cu));
  }
}

/** Makes true anomalies of the eccentric ones, cycles, without a jump: ν = E + 2 atan(β sinE / (1 − β cosE)). */
function trueFromEccentric(count: number): void {
  for (let i = 0; i < count; i++) {
    const e = ecc[i]!, small = e / (1 + Math.sqrt(1 - e * e));
    anomaly[i] = anomaly[i]! + Math.atan(small * sinE[i]! / (1 - small * cosE[i]!)) / Math.PI;
  }
}

/** Damour & Deruelle 1986, Ann. Inst. H. Poincaré 44, 263, eqs. 46–52. */
function ddDelays(
  cell: BinaryCell,
  terms: EccentricTerms,
  model: EccentricOrbit & { readonly name: string },
  d: Float64Array,
  count: number,
  out: Float64Array,
): void {
  const { x0, m1, m2 } = cell, { om0, om1 } = terms;
  const { a1DotLsPerS: x1, gammaS: gamma, dr, dth, a0S: a0, b0S: b0 } = model;
  const [shapiro, range, shape] = shapiroNumbers(model);
  if (om1 !== 0 || a0 !== 0 || b0 !== 0) trueFromEccentric(count);
  for (let i = 0; i < count; i++) {
    const t = d[i]!, e = ecc[i]!, su = sinE[i]!, cu = cosE[i]!;
    const x = x0 + t * x1, n = TURN * (m1 + 2 * t * m2);
    const onemecu = 1 - e * cu, root = Math.sqrt(1 - e * e);
    const nu = anomaly[i]!, om = om0 + om1 * nu, sw = sin2pi(om), cw = cos2pi(om);
    const er = e * (1 + dr), eth = e * (1 + dth);
    const alpha = x * sw, bg = x * Math.sqrt(1 - eth * eth) * cw + gamma;
    const r = alpha * (cu - er) + bg * su, an = n / onemecu;
    const rp = bg * cu - alpha * su, rpp = -alpha * cu - bg * su;
    let delay = r *
      (1 - an * rp + an * an * (rp * rp + 0.5 * r * rpp - 0.5 * e * su * r * rp / onemecu));
    if (shapiro === SHAPIRO.range) {
      delay -= 2 * range * Math.log(onemecu - shape * (sw * (cu - e) + root * cw * su));
    }
    if (a0 !== 0 || b0 !== 0) {
      delay += a0 * (sin2pi(om + nu) + e * sw) + b0 * (cos2pi(om + nu) + e * cw);
    }
    out[i] = delay;
  }
}
