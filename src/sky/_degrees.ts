/** Degrees to radians, and trigonometry of degrees that is exact at multiples of 90. */

/** Radians in a degree. */
export const DEG: number = Math.PI / 180;

/** Cosine of degrees. */
export function cosDeg(x: number): number {
  const r = ((x % 360) + 360) % 360;
  return r === 90 || r === 270 ? 0 : r === 0 ? 1 : r === 180 ? -1 : Math.cos(x * DEG);
}

/** Sine of degrees. */
export function sinDeg(x: number): number {
  const r = ((x % 360) + 360) % 360;
  return r === 0 || r === 180 ? 0 : r === 90 ? 1 : r === 270 ? -1 : Math.sin(x * DEG);
}

/** A longitude carried into [0, 360). */
export function wrapLonDeg(lonDeg: number): number {
  const wrapped = lonDeg - 360 * Math.floor(lonDeg / 360);
  return wrapped >= 360 ? 0 : wrapped;
}
