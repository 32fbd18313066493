/**
 * Map projections of the FITS standard, native sphere to plane and back, in radians.
 *
 * Zenithal projections work on native unit vectors (l, m, n) = (cos θ sin φ, -cos θ cos φ, sin θ),
 * so that x = (R/cos θ) l and y = (R/cos θ) m; the others on native angles (φ, θ).
 * Every function writes its result into `out` and NaN where there is none.
 *
 * | symbol | meaning | range |
 * | --- | --- | --- |
 * | φ, θ | native longitude and latitude | [-π, π], [-π/2, π/2] |
 * | x, y | projection plane | rad |
 *
 * Source: Calabretta & Greisen 2002, A&A 395, 1077 (section 5); what is outside a projection
 * follows wcslib with its bounds checks on.
 */
import { cos2pi, sin2pi } from "../numeric/mod.ts";
import { atan2Deg } from "./_atan2.ts";
import { DEG } from "./_degrees.ts";

/** Cycles in a radian. */
const CYCLE = 0.5 / Math.PI;

/** Parameters PV2_1 and PV2_2 of a projection. */
export type ProjectionParameters = readonly [number, number];

/** One projection: its reference point and the two directions. */
export interface Projection {
  /** What `forward` takes and `inverse` gives: unit vectors or angles. */
  readonly works: "vectors" | "angles";
  /** Native latitude of the reference point, deg: 90 or 0. */
  readonly thetaRefDeg: number;
  /** How many of PV2_1, PV2_2 it reads, and their defaults. */
  readonly parameters: readonly number[];
  /** (l, m, n) or (φ, θ, unused) to (x, y). */
  readonly forward: (a: number, b: number, c: number, pv: ProjectionParameters, out: Out) => void;
  /** (x, y) to (l, m, n) or (φ, θ). */
  readonly inverse: (x: number, y: number, pv: ProjectionParameters, out: Out) => void;
}

/** Scratch of three numbers. */
export type Out = Float64Array;

/** How far beyond its edge, in rad or relative, a plane position still counts as on the edge. */
const EDGE = 1e-12;

function set(out: Out, a: number, b: number, c: number): void {
  out[0] = a;
  out[1] = b;
  out[2] = c;
}

function none(out: Out): void {
  set(out, NaN, NaN, NaN);
}

/** φ and θ where they are on the sphere (within the edge), NaN elsewhere. */
function angles(phi: number, theta: number, out: Out): void {
  const limit = Math.PI / 2;
  if (!(Math.abs(phi) <= Math.PI + EDGE && Math.abs(theta) <= limit + EDGE)) return none(out);
  set(
    out,
    phi > Math.PI ? Math.PI : phi < -Math.PI ? -Math.PI : phi,
    theta > limit ? limit : theta < -limit ? -limit : theta,
    0,
  );
}

/** asin for arguments that rounding may have put just outside [-1, 1]; NaN further out. */
function asinEdge(s: number): number {
  return s > 1
    ? (s <= 1 + EDGE ? Math.PI / 2 : NaN)
    : s < -1
    ? (s >= -1 - EDGE ? -Math.PI / 2 : NaN)
    : Math.asin(s);
}

const tan: Projection = {
  works: "vectors",
  thetaRefDeg: 90,
  parameters: [],
  forward(l, m, n, _pv, out) {
    if (!(n > 0)) return none(out);
    set(out, l / n, m / n, 0);
  },
  inverse(x, y, _pv, out) {
    const n = 1 / Math.sqrt(1 + x * x + y * y);
    set(out, x * n, y * n, n);
  },
};

/** Slant orthographic, equations (59) to (65): PV2_1 = ξ, PV2_2 = η. */
const sin: Projection = {
  works: "vectors",
  thetaRefDeg: 90,
  parameters: [0, 0],
  forward(l, m, n, pv, out) {
    const xi = pv[0], eta = pv[1];
    if (!(n >= -(xi * l + eta * m))) return none(out);
    const rise = n > 0 ? (l * l + m * m) / (1 + n) : 1 - n;
    set(out, l + xi * rise, m + eta * rise, 0);
  },
  inverse(x, y, pv, out) {
    const xi = pv[0], eta = pv[1];
    if (xi === 0 && eta === 0) {
      const n2 = 1 - x * x - y * y;
      if (!(n2 >= -EDGE)) return none(out);
      return set(out, x, y, n2 > 0 ? Math.sqrt(n2) : 0);
    }
    // With w = 1 - sin θ: (ξ² + η² + 1) w² - 2 (1 + ξ x + η y) w + x² + y² = 0, the smaller root.
    const a = xi * xi + eta * eta + 1, b = 1 + xi * x + eta * y, c = x * x + y * y;
    const d = b * b - a * c;
    if (!(d >= -EDGE)) return none(out);
    const root = Math.sqrt(d > 0 ? d : 0), w = b > 0 ? c / (b + root) : (b - root) / a;
    if (!(w >= -EDGE && w <= 2 + EDGE)) return none(out);
    set(out, x - xi * w, y - eta * w, 1 - w);
  },
};

const zea: Projection = {
  works: "vectors",
  thetaRefDeg: 90,
  parameters: [],
  forward(l, m, n, _pv, out) {
    const rho2 = l * l + m * m;
    if (n < 0 && rho2 === 0) return set(out, 0, -2, 0);
    const f = Math.sqrt(2 / (n < 0 ? rho2 / (1 - n) : 1 + n));
    set(out, f * l, f * m, 0);
  },
  inverse(x, y, _pv, out) {
    const q = (x * x + y * y) / 4;
    if (!(q <= 1 + EDGE)) return none(out);
    const f = q < 1 ? Math.sqrt(1 - q) : 0;
    set(out, x * f, y * f, q < 1 ? 1 - 2 * q : -1);
  },
};

const arc: Projection = {
  works: "vectors",
  thetaRefDeg: 90,
  parameters: [],
  forward(l, m, n, _pv, out) {
    const rho = Math.sqrt(l * l + m * m);
    if (rho === 0) return n < 0 ? set(out, 0, -Math.PI, 0) : set(out, l, m, n - n);
    const f = DEG * atan2Deg(rho, n) / rho;
    set(out, f * l, f * m, 0);
  },
  inverse(x, y, _pv, out) {
    const r = Math.sqrt(x * x + y * y);
    if (!(r <= Math.PI + EDGE)) return none(out);
    const f = r > 0 ? Math.sin(r) / r : 1;
    set(out, x * f, y * f, Math.cos(r));
  },
};

const stg: Projection = {
  works: "vectors",
  thetaRefDeg: 90,
  parameters: [],
  forward(l, m, n, _pv, out) {
    const sum = n < 0 ? (l * l + m * m) / (1 - n) : 1 + n;
    // the antipode, within the rounding of a unit vector
    if (!(sum > 1e-30)) return none(out);
    set(out, 2 * l / sum, 2 * m / sum, 0);
  },
  inverse(x, y, _pv, out) {
    const q = (x * x + y * y) / 4, f = 1 / (1 + q);
    set(out, x * f, y * f, (1 - q) * f);
  },
};

const car: Projection = {
  works: "angles",
  thetaRefDeg: 0,
  parameters: [],
  forward: (phi, theta, _c, _pv, out) => set(out, phi, theta, 0),
  inverse: (x, y, _pv, out) => angles(x, y, out),
};

/** Cylindrical equal area: PV2_1 = λ. */
const cea: Projection = {
  works: "angles",
  thetaRefDeg: 0,
  parameters: [1],
  forward: (phi, theta, _c, pv, out) => set(out, phi, sin2pi(theta * CYCLE) / pv[0], 0),
  inverse: (x, y, pv, out) => angles(x, asinEdge(y * pv[0]), out),
};

const mer: Projection = {
  works: "angles",
  thetaRefDeg: 0,
  parameters: [],
  forward(phi, theta, _c, _pv, out) {
    if (!(Math.abs(theta) < Math.PI / 2)) return none(out);
    set(out, phi, Math.asinh(Math.tan(theta)), 0);
  },
  inverse: (x, y, _pv, out) => angles(x, Math.atan(Math.sinh(y)), out),
};

const sfl: Projection = {
  works: "angles",
  thetaRefDeg: 0,
  parameters: [],
  forward: (phi, theta, _c, _pv, out) => set(out, phi * cos2pi(theta * CYCLE), theta, 0),
  inverse(x, y, _pv, out) {
    const c = cos2pi(y * CYCLE);
    angles(x === 0 ? 0 : x / c, y, out);
  },
};

const ait: Projection = {
  works: "angles",
  thetaRefDeg: 0,
  parameters: [],
  forward(phi, theta, _c, _pv, out) {
    const t = theta * CYCLE, half = phi * (CYCLE / 2), c = cos2pi(t);
    const gamma = Math.sqrt(2 / (1 + c * cos2pi(half)));
    set(out, 2 * gamma * c * sin2pi(half), gamma * sin2pi(t), 0);
  },
  inverse(x, y, _pv, out) {
    const z2 = 1 - x * x / 16 - y * y / 4;
    if (!(z2 >= 0.5 - EDGE)) return none(out);
    const z = Math.sqrt(z2);
    angles(2 * DEG * atan2Deg(z * x / 2, 2 * z2 - 1), asinEdge(y * z), out);
  },
};

/** The γ with 2γ + sin 2γ = π sin θ, as its distance from the pole, ε = π/2 - |γ|. */
function mollweidePoleDistance(theta: number): number {
  // π (1 - sin|θ|), without cancellation
  const half = Math.sin((Math.PI / 2 - Math.abs(theta)) / 2), target = 2 * Math.PI * half * half;
  if (target === 0) return 0;
  let epsilon = Math.cbrt(0.75 * target);
  for (let k = 0; k < 50; k++) {
    const s = Math.sin(epsilon), step = (excess(2 * epsilon) - target) / (4 * s * s);
    epsilon -= step;
    if (!(Math.abs(step) > 1e-16 * epsilon)) break;
  }
  return epsilon;
}

/** t - sin t without cancellation. */
function excess(t: number): number {
  if (Math.abs(t) > 1) return t - Math.sin(t);
  const y = t * t;
  let term = t * y / 6, sum = term;
  for (let k = 4; Math.abs(term) > 1e-17 * Math.abs(sum) && k < 40; k += 2) {
    term *= -y / (k * (k + 1));
    sum += term;
  }
  return sum;
}

const mol: Projection = {
  works: "angles",
  thetaRefDeg: 0,
  parameters: [],
  forward(phi, theta, _c, _pv, out) {
    const epsilon = mollweidePoleDistance(theta), side = theta < 0 ? -1 : 1;
    set(
      out,
      2 * Math.SQRT2 / Math.PI * phi * Math.sin(epsilon),
      side * Math.SQRT2 * Math.cos(epsilon),
      0,
    );
  },
  inverse(x, y, _pv, out) {
    const t = Math.abs(y) / Math.SQRT2;
    if (!(t <= 1 + EDGE)) return none(out);
    // cos γ from its two factors; ε = π/2 - |γ|; |sin θ| = 1 - (2ε - sin 2ε)/π
    const c = t < 1 ? Math.sqrt((1 - t) * (1 + t)) : 0, epsilon = Math.atan2(c, t);
    const share = epsilon > 0.5 ? 2 * (epsilon - t * c) : excess(2 * epsilon);
    const polar = 2 * Math.asin(Math.min(1, Math.sqrt(share / (2 * Math.PI))));
    const theta = Math.PI / 2 - polar;
    angles(x === 0 ? 0 : x * Math.PI / (2 * Math.SQRT2 * c), y < 0 ? -theta : theta, out);
  },
};

/**
 * The projections by their FITS code. GLS is SFL with the reference point moved to the latitude
 * CRVAL2 of the map, as wcslib reads the AIPS convention.
 */
export const PROJECTIONS = {
  TAN: tan,
  SIN: sin,
  ZEA: zea,
  ARC: arc,
  STG: stg,
  CAR: car,
  AIT: ait,
  MOL: mol,
  CEA: cea,
  MER: mer,
  SFL: sfl,
  GLS: sfl,
} as const satisfies Record<string, Projection>;
