/**
 * The angle of a vector in degrees, without a call out of the compiled loop.
 *
 * The smaller over the larger component is turned by 0°, 22.5° or 45° to t = tan of at most 11.25°;
 * then atan t = t + t u P(u), u = t², with P by Chebyshev interpolation in 40 digits, error 9e-18.
 */
const TAN_11 = 0.198912367379658, TAN_22 = 0.41421356237309503, TAN_33 = 0.6681786379192989;
const PER_RADIAN = 180 / Math.PI;

/**
 * Angle of (x, y) from the x axis, in [-180, 180] deg: Math.atan2(y, x) in degrees within 2e-16 of
 * itself and 1e-14 deg; 0 for (0, 0) and (±0, ±0), NaN where a component is NaN.
 */
export function atan2Deg(y: number, x: number): number {
  const ax = Math.abs(x), ay = Math.abs(y), a = ay < ax ? ay : ax, b = ay < ax ? ax : ay;
  let k = 0, base = 0;
  if (a > TAN_11 * b) {
    if (a > TAN_33 * b) {
      k = 1;
      base = 45;
    } else {
      k = TAN_22;
      base = 22.5;
    }
  }
  // a + b is NaN where either is
  const t = b > 0 ? (a - k * b) / (b + k * a) : a + b, u = t * t;
  const p = -0.3333333333333333 + u * (0.19999999999997287 + u * (-0.14285714284272708 +
            u * (0.11111110818855931 + u * (-0.0909087994065675 + u * (0.0769072401685326 +
                        u * (-0.06618723421715132 + u * 0.051156755232583236))))));
  const small = base + (t + t * (u * p)) * PER_RADIAN, half = ay > ax ? 90 - small : small;
  const whole = x < 0 ? 180 - half : half;
  return y < 0 ? -whole : whole;
}
