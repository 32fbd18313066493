/**
 * Nutation, IAU 2000B, and the mean obliquity, IAU 2006.
 *
 * | symbol | meaning | range |
 * | --- | --- | --- |
 * | t | Julian centuries TT since J2000 | -0.3 … 0.5 |
 * | Δψ, Δε | nutation in longitude and in obliquity | ±19″, ±10″ |
 * | ε | mean obliquity of the ecliptic | 84381.4″ − 46.8″ t |
 */
import { NUTATION_2000B } from "./tables/nutation_2000b.ts";

/** Radians in an arcsecond. */
const ARCSEC = Math.PI / 648000;
const TURN_ARCSEC = 1296000;

/** Nutation and obliquity at an instant. */
export interface Nutation {
  /** Nutation in longitude Δψ, rad. */
  readonly dPsiRad: number;
  /** Nutation in obliquity Δε, rad. */
  readonly dEpsRad: number;
  /** Mean obliquity of the ecliptic, rad. */
  readonly obliquityRad: number;
  /** Mean longitude of the Moon's ascending node Ω, rad. */
  readonly nodeRad: number;
}

/**
 * Nutation by the 77 terms of IAU 2000B: Δψ = Σ (A + A′t) sin a + A″ cos a, Δε = Σ (B + B′t) cos a +
 * B″ sin a, a a sum of Delaunay arguments. Within 1 mas of IAU 2006/2000A from 1972 to 2050.
 *
 * @param mjdTt Modified Julian Date in TT, days.
 * @returns A frozen record.
 * @example
 * ```ts
 * import { nutation } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * ok(Math.abs(nutation(51544.5).dPsiRad * 648000 / Math.PI + 13.93) < 0.01);
 * ```
 * @see McCarthy & Luzum 2003, Celest. Mech. Dyn. Astron. 85, 37; IERS Conventions 2010, eq. 5.40
 */
export function nutation(mjdTt: number): Nutation {
  const t = (mjdTt - 51544.5) / 36525;
  const l = argument(485868.249036, 1717915923.2178, t);
  const m = argument(1287104.79305, 129596581.0481, t);
  const f = argument(335779.526232, 1739527262.8478, t);
  const d = argument(1072260.70369, 1602961601.2090, t);
  const node = argument(450160.398036, -6962890.5431, t), c = NUTATION_2000B;
  let psi = 0, eps = 0;
  for (let i = c.length - 11; i >= 0; i -= 11) {
    const a = c[i]! * l + c[i + 1]! * m + c[i + 2]! * f + c[i + 3]! * d + c[i + 4]! * node;
    const sin = Math.sin(a), cos = Math.cos(a);
    psi += (c[i + 5]! + c[i + 6]! * t) * sin + c[i + 7]! * cos;
    eps += (c[i + 8]! + c[i + 9]! * t) * cos + c[i + 10]! * sin;
  }
  return Object.freeze({
    // the constants stand for the planetary terms that the series leaves out
    dPsiRad: (psi * 1e-7 - 0.000135) * ARCSEC,
    dEpsRad: (eps * 1e-7 + 0.000388) * ARCSEC,
    obliquityRad: ARCSEC * (84381.406 + t * (-46.836769 + t * (-0.0001831 + t * (0.0020034 +
                  t * (-5.76e-7 - 4.34e-8 * t))))),
    nodeRad: node,
  });
}

function argument(atJ2000: number, perCentury: number, t: number): number {
  return ((atJ2000 + perCentury * t) % TURN_ARCSEC) * ARCSEC;
}
