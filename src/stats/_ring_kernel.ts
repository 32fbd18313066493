/*
 * The kernel that spreads an event over the points of a ring: exp(β (√(1 − (x/h)²) − 1)), |x| <= h points.
 *   u = i + ½ + δ  place of the event, i whole, |δ| <= ½; the points are i + j and i + 1 − j, j = 1..h
 *   φ(j − ½ ∓ δ) = E_j(δ²) ± δ O_j(δ²), two polynomials of TERMS coefficients: no exponential an event
 *   A sum of events on the ring, transformed and divided by φ̂(ξ), ξ = mode / points, |ξ| <= ¼, is the sum
 *   Σ a e^{2πi mode x} to `epsilon` Σ|a|, which is measured over δ and ξ when the kernel is made.
 * Source: Barnett, Magland & af Klinteberg 2019, SIAM J. Sci. Comput. 41, C479 (kernel, β = 2.3·2h for a
 * ring of twice as many points as modes); Dutt & Rokhlin 1993 (the method).
 */
import { cos2pi, gaussLegendre, sin2pi } from "../numeric/mod.ts";

/** Coefficients of each polynomial in δ². */
export const TERMS = 7;

/** A kernel of `half` points to each side. */
export interface RingKernel {
  /** Points to each side, h. */
  readonly half: number;
  /** E_j at [TERMS (j − 1) + power of δ²], j = 1..h. */
  readonly even: Float64Array;
  /** O_j likewise. */
  readonly odd: Float64Array;
  /** Chebyshev coefficients of 1/φ̂ in 32 ξ² − 1. */
  readonly inverse: Float64Array;
  /** Largest error of a mode of one event of weight 1. */
  readonly epsilon: number;
}

/** Chebyshev coefficients on [-1, 1] from values at the n roots. */
function chebyshevFit(n: number, f: (t: number) => number): Float64Array {
  const values = Float64Array.from({ length: n }, (_, i) => f(cos2pi((i + 0.5) / (2 * n))));
  return Float64Array.from({ length: n }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[i]! * cos2pi(k * (i + 0.5) / (2 * n));
    return (k === 0 ? 1 : 2) * sum / n;
  });
}

/** Powers of y, from Chebyshev coefficients in t = 8 y − 1. */
function powersOf(chebyshev: Float64Array): Float64Array {
  const n = chebyshev.length, out = new Float64Array(n);
  let last = new Float64Array(n), now = new Float64Array(n);
  last[0] = 1;
  now[0] = -1;
  if (n > 1) now[1] = 8;
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) out[i] = out[i]! + chebyshev[k]! * last[i]!;
    const next = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      next[i] = -2 * now[i]! - last[i]! + (i > 0 ? 16 * now[i - 1]! : 0);
    }
    last = now;
    now = next;
  }
  return out;
}

/** 1/φ̂(ξ) for |ξ| <= ¼. */
export function inverseTransform(kernel: Pick<RingKernel, "inverse">, xi: number): number {
  const c = kernel.inverse, t = 32 * xi * xi - 1;
  let b = 0, b1 = 0;
  for (let k = c.length - 1; k > 0; k--) {
    const next = 2 * t * b - b1 + c[k]!;
    b1 = b;
    b = next;
  }
  return t * b - b1 + c[0]!;
}

function makeKernel(half: number): RingKernel {
  const beta = 2.3 * 2 * half;
  const phi = (x: number) => {
    const rest = 1 - (x / half) ** 2;
    return rest <= 0 ? 0 : Math.exp(beta * (Math.sqrt(rest) - 1));
  };
  const even = new Float64Array(half * TERMS), odd = new Float64Array(half * TERMS);
  for (let j = 1; j <= half; j++) {
    const d = j - 0.5, at = (j - 1) * TERMS;
    const deltaOf = (t: number) => Math.sqrt(Math.max((t + 1) / 8, 1e-12));
    even.set(
      powersOf(chebyshevFit(TERMS, (t) => (phi(d - deltaOf(t)) + phi(d + deltaOf(t))) / 2)),
      at,
    );
    odd.set(
      powersOf(chebyshevFit(TERMS, (t) => {
        const delta = deltaOf(t);
        return (phi(d - delta) - phi(d + delta)) / (2 * delta);
      })),
      at,
    );
  }
  const { nodes, weights } = gaussLegendre(64);
  const transform = (xi: number) => {
    let sum = 0;
    for (let i = 0; i < nodes.length; i++) {
      sum += weights[i]! * half * phi(half * nodes[i]!) * cos2pi(xi * half * nodes[i]!);
    }
    return sum;
  };
  const inverse = chebyshevFit(20, (t) => 1 / transform(Math.sqrt((t + 1) / 32)));
  const kernel = { half, even, odd, inverse, epsilon: 0 };
  return Object.freeze({ ...kernel, epsilon: measure(kernel) });
}

/** The largest error over places between two points and over modes, and a quarter more. */
function measure(kernel: RingKernel): number {
  const { half } = kernel, points = new Float64Array(2 * half);
  let worst = 0;
  for (let a = 0; a <= 40; a++) {
    const delta = a / 40 - 0.5;
    kernelPoints(kernel, delta, points);
    for (let b = 0; b <= 40; b++) {
      const xi = b / 160, scale = inverseTransform(kernel, xi);
      let re = 0, im = 0;
      for (let p = 0; p < 2 * half; p++) {
        const x = p - half + 0.5 - delta;
        re += points[p]! * cos2pi(xi * x);
        im += points[p]! * sin2pi(xi * x);
      }
      worst = Math.max(worst, Math.hypot(re * scale - 1, im * scale));
    }
  }
  return 1.25 * worst;
}

/** The kernel at the points i − h + 1 .. i + h of an event at i + ½ + δ. */
export function kernelPoints(kernel: RingKernel, delta: number, out: Float64Array): void {
  const { half, even, odd } = kernel, y = delta * delta;
  for (let j = 0; j < half; j++) {
    const at = j * TERMS;
    const e = even[at]! +
      y * (even[at + 1]! + y * (even[at + 2]! + y * (even[at + 3]! + y * (even[at + 4]! +
                      y * (even[at + 5]! + y * even[at + 6]!)))));
    const o = delta * (odd[at]! +
      y * (odd[at + 1]! + y * (odd[at + 2]! + y * (odd[at + 3]! + y * (odd[at + 4]! +
                      y * (odd[at + 5]! + y * odd[at + 6]!))))));
    out[half + j] = e + o;
    out[half - 1 - j] = e - o;
  }
}

const made = new Map<number, RingKernel>();

/** The kernel of so many points to each side, 2 to 7; made once. */
export function ringKernel(half: number): RingKernel {
  let kernel = made.get(half);
  if (kernel === undefined) made.set(half, kernel = makeKernel(half));
  return kernel;
}
