/*
 * Where the likelihood of an excess has fallen by so much. All functions are convex along the excess, so
 * that Newton's steps, once beyond the root, come back to it without passing it again.
 *   n, n_off  counts     α  exposure on over off     b  known background     c  half of the rise
 */
import { log1pmx } from "../numeric/mod.ts";
import { halfLiMa } from "./counts_significance.ts";
import { wstatBackground, wstatSlopeWith, wstatWith } from "./wstat.ts";

/**
 * t with t − 1 − ln t = c on the side of `sign` of 1: −W(−e^{−1−c}), W the branch −1 of Lambert's function
 * upwards and the branch 0 downwards. Near 1 it is found as δ = t − 1, far below as ln t.
 */
function lambertRatio(c: number, sign: 1 | -1): number {
  if (c === 0) return 1;
  if (!(c < Infinity)) return c === Infinity ? (sign > 0 ? Infinity : 0) : NaN;
  const s = Math.sqrt(2 * c);
  if (sign < 0 && c > 0.5) {
    // In y = ln t, where e^y does not cancel.
    let y = -1 - c;
    for (let round = 0; round < 40; round++) {
      const e = Math.exp(y), step = (e - 1 - y - c) / (e - 1);
      y -= step;
      if (Math.abs(step) <= 1e-15 * Math.abs(y)) break;
    }
    return Math.exp(y);
  }
  // Upwards the bound of Chatzigeorgiou 2013; downwards two terms of the series.
  let delta = sign > 0 ? s + c : -s + 2 * c / 3;
  for (let round = 0; round < 40; round++) {
    const step = (-log1pmx(delta) - c) * (1 + delta) / delta;
    delta -= step;
    if (Math.abs(step) <= 1e-15 * Math.abs(delta)) break;
  }
  return 1 + delta;
}

/** μ above or below n where half the deviance μ − n + n ln(n/μ) is c; without counts c, and 0 downwards. */
export function cashRise(n: number, c: number, sign: 1 | -1): number {
  if (n === 0) return sign > 0 ? c : 0;
  return n * lambertRatio(c / n, sign);
}

/** Excess n − b over a known background b whose half deviance is c: b [(1 + δ) ln(1 + δ) − δ] = c. */
export function cashExcessAt(b: number, c: number, sign: 1 | -1): number {
  if (c === 0 || b === 0) return sign > 0 || c === 0 ? 0 : NaN;
  const r = c / b;
  if (sign < 0 && r >= 1) return r === 1 ? -b : NaN;
  // Upwards Bernstein's bound, beyond the root; downwards half a step of the series within it.
  let delta = sign > 0 ? r / 3 + Math.sqrt(r * r / 9 + 2 * r) : -Math.min(Math.sqrt(2 * r), 0.999);
  for (let round = 0; round < 60; round++) {
    const log = Math.log1p(delta);
    const step = ((1 + delta) * log1pmx(delta) + delta * delta - r) / log;
    let next = delta - step;
    if (next <= -1) next = (delta - 1) / 2;
    const moved = Math.abs(next - delta);
    delta = next;
    if (moved <= 1e-15 * Math.abs(delta)) break;
  }
  return b * delta;
}

/** Excess n − α n_off over a measured background whose half S² is c. */
export function wstatExcessAt(nOff: number, alpha: number, c: number, sign: 1 | -1): number {
  const b = alpha * nOff;
  if (c === 0) return 0;
  if (nOff === 0) return sign > 0 ? c / Math.log1p(1 / alpha) : NaN;
  if (sign < 0) {
    const most = nOff * Math.log1p(alpha);
    if (c >= most) return c === most ? -b : NaN;
  }
  const variance = b * (1 + alpha);
  let low = sign > 0 ? 0 : -b, high = sign > 0 ? Infinity : 0;
  let x = sign > 0
    ? c / 3 + Math.sqrt(c * c / 9 + 2 * c * variance)
    : -Math.min(Math.sqrt(2 * c * variance), 0.9 * b);
  for (let round = 0; round < 100; round++) {
    const n = b + x, miss = halfLiMa(n, nOff, alpha) - c;
    if (miss > 0 === sign > 0) high = x;
    else low = x;
    // d(S²/2)/dn = ln[(1 + α)/α · n/(n + n_off)]
    const slope = Math.log1p(x / (alpha * (b + x + nOff)));
    let next = x - miss / slope;
    if (!(next > low && next < high)) next = high === Infinity ? 2 * x : (low + high) / 2;
    const moved = Math.abs(next - x);
    x = next;
    if (moved <= 4e-16 * (Math.abs(x) + b)) break;
  }
  return x;
}

/** Signal μ_s above or below the best one where W has the value `target`. */
export function wstatRise(
  n: number,
  nOff: number,
  alpha: number,
  target: number,
  sign: 1 | -1,
): number {
  const best = n - alpha * nOff;
  if (target <= 0) return best;
  let near = best, far = sign > 0 ? Infinity : -Infinity;
  let x = best + sign * (Math.sqrt(target * (n + alpha * alpha * nOff)) + target / 3);
  for (let round = 0; round < 100; round++) {
    const background = wstatBackground(n, x, nOff, alpha);
    const miss = wstatWith(n, x, nOff, alpha, background) - target;
    if (miss > 0) far = x;
    else near = x;
    let next = x - miss / wstatSlopeWith(n, x, nOff, alpha, background);
    const isInside = sign > 0 ? next > near && next < far : next < near && next > far;
    if (!isInside) {
      // At the root to the last bits, or a step out of a flat piece.
      if (next === near || next === far) return next;
      next = Math.abs(far) === Infinity ? best + 2 * (x - best) : (near + far) / 2;
    }
    const moved = Math.abs(next - x);
    x = next;
    if (moved <= 4e-16 * (Math.abs(x) + Math.abs(best) + alpha * nOff)) break;
  }
  return x;
}
