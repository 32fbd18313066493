/**
 * The transformations of a WCS, compiled to numbers and loops.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | (αp, δp) | celestial coordinates of the native pole |
 * | φp | native longitude of the celestial pole |
 * | a, b | cos θ cos(φ - φp), cos θ sin(φ - φp) |
 *
 * Source: Calabretta & Greisen 2002, A&A 395, 1077, equations (2) and (5).
 */
import { cos2pi, sin2pi } from "../numeric/mod.ts";
import { atan2Deg } from "./_atan2.ts";
import { cosDeg, DEG, sinDeg, wrapLonDeg } from "./_degrees.ts";
import { type Projection, type ProjectionParameters, PROJECTIONS } from "./_projections.ts";
import { ICRS_TO_GALACTIC } from "./sky_frame.ts";
import { nativeReference, type Wcs } from "./wcs.ts";

/** Cycles in a degree. */
const CYCLE = 1 / 360;
/** Cycles in a radian. */
const CYCLE_RAD = 0.5 / Math.PI;

/** A WCS as numbers. */
export interface CompiledWcs {
  readonly projection: Projection;
  readonly pv: ProjectionParameters;
  readonly isVectors: boolean;
  /** Shift of longitude where the native pole is a celestial one: +1 north, -1 south, 0 elsewhere. */
  readonly aligned: number;
  readonly lonPoleDeg: number;
  readonly phiPoleDeg: number;
  readonly sinLatPole: number;
  readonly cosLatPole: number;
  readonly sinPhiPole: number;
  readonly cosPhiPole: number;
  /** Plane (rad) of the reference point. */
  readonly x0: number;
  readonly y0: number;
  /** 0-based pixel of the reference point. */
  readonly px0: number;
  readonly py0: number;
  /** Pixel to plane in rad, rows first. */
  readonly toPlane: readonly [number, number, number, number];
  /** Plane in rad to pixel, rows first. */
  readonly toPixel: readonly [number, number, number, number];
}

const compiledOf = new WeakMap<Wcs, CompiledWcs>();

/** The numbers of a WCS, made once for each record. */
export function compileWcs(wcs: Wcs): CompiledWcs {
  let compiled = compiledOf.get(wcs);
  if (compiled === undefined) {
    compiled = compile(wcs);
    compiledOf.set(wcs, compiled);
  }
  return compiled;
}

function compile(wcs: Wcs): CompiledWcs {
  const projection: Projection = PROJECTIONS[wcs.projection];
  const [first = 0, second = 0] = projection.parameters;
  const pv: ProjectionParameters = [wcs.pv.PV2_1 ?? first, wcs.pv.PV2_2 ?? second];
  const [[p11, p12], [p21, p22]] = wcs.pc, [s1, s2] = wcs.cdeltDeg;
  const c11 = s1 * p11, c12 = s1 * p12, c21 = s2 * p21, c22 = s2 * p22;
  const determinant = c11 * c22 - c12 * c21, scale = 1 / (determinant * DEG);
  const [lonPoleDeg, latPoleDeg] = wcs.poleDeg, reference = nativeReference(wcs);
  const plane = new Float64Array(3);
  if (reference.isOrigin) {
    projectNative(projection, pv, reference.phiDeg, reference.thetaDeg, plane);
  }
  return {
    projection,
    pv,
    isVectors: projection.works === "vectors",
    aligned: latPoleDeg === 90 ? 1 : latPoleDeg === -90 ? -1 : 0,
    lonPoleDeg,
    phiPoleDeg: wcs.lonpoleDeg,
    sinLatPole: sinDeg(latPoleDeg),
    cosLatPole: cosDeg(latPoleDeg),
    sinPhiPole: sinDeg(wcs.lonpoleDeg),
    cosPhiPole: cosDeg(wcs.lonpoleDeg),
    x0: plane[0]!,
    y0: plane[1]!,
    px0: wcs.crpix[0] - 1,
    py0: wcs.crpix[1] - 1,
    toPlane: [c11 * DEG, c12 * DEG, c21 * DEG, c22 * DEG],
    toPixel: [c22 * scale, -c12 * scale, -c21 * scale, c11 * scale],
  };
}

/** Plane position (rad) of native angles (deg). */
function projectNative(
  projection: Projection,
  pv: ProjectionParameters,
  phiDeg: number,
  thetaDeg: number,
  out: Float64Array,
): void {
  if (projection.works === "angles") {
    projection.forward(phiDeg * DEG, thetaDeg * DEG, 0, pv, out);
  } else {
    const c = cosDeg(thetaDeg);
    projection.forward(c * sinDeg(phiDeg), -c * cosDeg(phiDeg), sinDeg(thetaDeg), pv, out);
  }
}

/** Degrees carried into [-180, 180], both ends kept. */
function wrapNativeDeg(phiDeg: number): number {
  if (phiDeg >= -180 && phiDeg <= 180) return phiDeg;
  const wrapped = phiDeg - 360 * Math.floor(phiDeg / 360);
  return wrapped > 180 ? wrapped - 360 : wrapped;
}

/** World to pixel for the first n positions; x and y may be the input columns. */
export function toPixels(
  w: CompiledWcs,
  lonDeg: Float64Array,
  latDeg: Float64Array,
  x: Float64Array,
  y: Float64Array,
  n: number,
): void {
  const { projection, pv, isVectors, aligned, lonPoleDeg, phiPoleDeg, x0, y0, px0, py0 } = w;
  const { sinLatPole, cosLatPole, sinPhiPole, cosPhiPole } = w;
  const [m11, m12, m21, m22] = w.toPixel, out = new Float64Array(3);
  for (let i = 0; i < n; i++) {
    const delta = lonDeg[i]! - lonPoleDeg;
    if (!isVectors && aligned !== 0) {
      const phi = aligned > 0 ? delta + phiPoleDeg - 180 : phiPoleDeg - delta;
      projection.forward(wrapNativeDeg(phi) * DEG, aligned * latDeg[i]! * DEG, 0, pv, out);
    } else {
      const lat = latDeg[i]! * CYCLE, turn = delta * CYCLE, s = sin2pi(lat), c = cos2pi(lat);
      const cc = c * cos2pi(turn);
      const v = s * sinLatPole + cc * cosLatPole;
      const a = s * cosLatPole - cc * sinLatPole, b = -c * sin2pi(turn);
      if (isVectors) {
        projection.forward(
          b * cosPhiPole + a * sinPhiPole,
          b * sinPhiPole - a * cosPhiPole,
          v,
          pv,
          out,
        );
      } else {
        const phi = wrapNativeDeg(phiPoleDeg + atan2Deg(b, a)) * DEG;
        projection.forward(phi, atan2Deg(v, Math.sqrt(a * a + b * b)) * DEG, 0, pv, out);
      }
    }
    const px = out[0]! - x0, py = out[1]! - y0;
    x[i] = m11 * px + m12 * py + px0;
    y[i] = m21 * px + m22 * py + py0;
  }
}

/** Pixel to world for the first n pixels; lonDeg and latDeg may be the input columns. */
export function toWorld(
  w: CompiledWcs,
  x: Float64Array,
  y: Float64Array,
  lonDeg: Float64Array,
  latDeg: Float64Array,
  n: number,
): void {
  const { projection, pv, isVectors, aligned, lonPoleDeg, phiPoleDeg, x0, y0, px0, py0 } = w;
  const { sinLatPole, cosLatPole, sinPhiPole, cosPhiPole } = w;
  const [m11, m12, m21, m22] = w.toPlane, out = new Float64Array(3);
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - px0, dy = y[i]! - py0;
    projection.inverse(m11 * dx + m12 * dy + x0, m21 * dx + m22 * dy + y0, pv, out);
    if (!isVectors && aligned !== 0) {
      const phi = out[0]! / DEG;
      lonDeg[i] = wrapLonDeg(
        aligned > 0 ? lonPoleDeg + phi - phiPoleDeg + 180 : lonPoleDeg + phiPoleDeg - phi,
      );
      latDeg[i] = aligned * out[1]! / DEG;
      continue;
    }
    let a: number, b: number, v: number;
    if (isVectors) {
      const l = out[0]!, m = out[1]!;
      v = out[2]!;
      a = l * sinPhiPole - m * cosPhiPole;
      b = l * cosPhiPole + m * sinPhiPole;
    } else {
      const phi = (out[0]! - phiPoleDeg * DEG) * CYCLE_RAD, theta = out[1]! * CYCLE_RAD;
      const c = cos2pi(theta);
      v = sin2pi(theta);
      a = c * cos2pi(phi);
      b = c * sin2pi(phi);
    }
    const s = v * sinLatPole + a * cosLatPole, cc = v * cosLatPole - a * sinLatPole;
    lonDeg[i] = wrapLonDeg(lonPoleDeg + atan2Deg(-b, cc));
    latDeg[i] = atan2Deg(s, Math.sqrt(cc * cc + b * b));
  }
}

/** Unit vectors, in the native frame, of n pixel positions; NaN outside the projection. */
export function toNativeVectors(
  w: CompiledWcs,
  pixels: { readonly x: Float64Array; readonly y: Float64Array },
  vectors: Float64Array,
): void {
  const { projection, pv, isVectors, x0, y0, px0, py0 } = w;
  const [m11, m12, m21, m22] = w.toPlane, out = new Float64Array(3), { x, y } = pixels;
  for (let i = 0; i < x.length; i++) {
    const dx = x[i]! - px0, dy = y[i]! - py0;
    projection.inverse(m11 * dx + m12 * dy + x0, m21 * dx + m22 * dy + y0, pv, out);
    if (isVectors) {
      vectors[3 * i] = out[0]!;
      vectors[3 * i + 1] = out[1]!;
      vectors[3 * i + 2] = out[2]!;
    } else {
      const phi = out[0]! * CYCLE_RAD, theta = out[1]! * CYCLE_RAD, c = cos2pi(theta);
      vectors[3 * i] = c * sin2pi(phi);
      vectors[3 * i + 1] = -c * cos2pi(phi);
      vectors[3 * i + 2] = sin2pi(theta);
    }
  }
}

/** A row of a matrix. */
type Row = readonly [number, number, number];

/** Rows of the matrix from ICRS unit vectors to native (l, m, n). */
export function nativeRows(wcs: Wcs): readonly [Row, Row, Row] {
  const w = compileWcs(wcs);
  const { sinLatPole: s, cosLatPole: c, sinPhiPole: sp, cosPhiPole: cp } = w;
  const a = cosDeg(w.lonPoleDeg), b = sinDeg(w.lonPoleDeg);
  // cos θ cos(φ - φp), cos θ sin(φ - φp) and sin θ as forms in the celestial unit vector
  const cosine = [-s * a, -s * b, c], sine = [b, -a, 0], depth = [c * a, c * b, s];
  const l = cosine.map((one, k) => sine[k]! * cp + one * sp);
  const m = cosine.map((one, k) => sine[k]! * sp - one * cp);
  const turn = (row: readonly number[]): Row => {
    if (wcs.frame === "icrs") return [row[0]!, row[1]!, row[2]!];
    const g = ICRS_TO_GALACTIC;
    const of = (k: number): number => row[0]! * g[k]! + row[1]! * g[3 + k]! + row[2]! * g[6 + k]!;
    return [of(0), of(1), of(2)];
  };
  return [turn(l), turn(m), turn(depth)];
}
