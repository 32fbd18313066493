/**
 * The Earth's way through the solar system, for aberration: velocity within 8e-9 of the speed of
 * light (1.6 mas), direction and distance from the Sun within 1.2e-4.
 *
 * Kepler orbits with mean elements for the Earth-Moon barycentre and the four giant planets, which
 * move the Sun, and the main terms of the Moon, which moves the Earth about their barycentre.
 *
 * Sources: Standish, Keplerian elements for approximate positions of the major planets, table 1
 * (JPL, 1800 to 2050); Astronomical Almanac, page D22 (low-precision formulae of the Moon).
 */
import { DEG } from "./_degrees.ts";
import type { Vector3 } from "./_matrix.ts";

/** Where the Earth is, and how it moves, along ICRS axes. */
export interface EarthState {
  /** Velocity about the barycentre of the solar system, in units of the speed of light. */
  readonly velocity: Vector3;
  /** Direction from the Sun to the Earth, unit vector. */
  readonly fromSun: Vector3;
  /** Distance from the Sun, au. */
  readonly distanceAu: number;
}

/** Speed of light, au per day. */
const LIGHT_AU_PER_DAY = 173.1446326846693;
const EARTH_RADIUS_AU = 6378.1366 / 149597870.7;
const MOON_SHARE = 1 / (1 + 81.30057);
const COS_OBLIQUITY = Math.cos(84381.406 / 3600 * DEG);
const SIN_OBLIQUITY = Math.sin(84381.406 / 3600 * DEG);
/** Half the span of the central difference, days: its error is 1e-6 of the Moon's part. */
const STEP_DAYS = 0.01;

/** a (au), e, I, L, longitude of perihelion, node (deg); each at J2000 and its change in a century. */
type Elements = readonly number[];

const EARTH_MOON: Elements = [
  ...[1.00000261, 0.00000562, 0.01671123, -0.00004392, -0.00001531, -0.01294668],
  ...[100.46457166, 35999.37244981, 102.93768193, 0.32327364, 0, 0],
];
/** Elements of a giant planet and its mass in solar masses. */
const GIANTS: readonly (readonly [Elements, number])[] = [
  [[
    ...[5.202887, -0.00011607, 0.04838624, -0.00013253, 1.30439695, -0.00183714],
    ...[34.39644051, 3034.74612775, 14.72847983, 0.21252668, 100.47390909, 0.20469106],
  ], 1 / 1047.3486],
  [[
    ...[9.53667594, -0.0012506, 0.05386179, -0.00050991, 2.48599187, 0.00193609],
    ...[49.95424423, 1222.49362201, 92.59887831, -0.41897216, 113.66242448, -0.28867794],
  ], 1 / 3497.898],
  [[
    ...[19.18916464, -0.00196176, 0.04725744, -0.00004397, 0.77263783, -0.00242939],
    ...[313.23810451, 428.48202785, 170.9542763, 0.40805281, 74.01692503, 0.04240589],
  ], 1 / 22902.98],
  [[
    ...[30.06992276, 0.00026291, 0.00859048, 0.00005105, 1.77004347, 0.00035372],
    ...[-55.12002969, 218.45945325, 44.96476227, -0.32241464, 131.78422574, -0.00508664],
  ], 1 / 19412.24],
];

/** Heliocentric place on a Kepler orbit, au, ecliptic of J2000. */
function orbit(k: Elements, t: number): Vector3 {
  const at = (i: number) => k[i]! + k[i + 1]! * t;
  const a = at(0), e = at(2), inclination = at(4) * DEG, node = at(10) * DEG;
  const anomaly = ((at(6) - at(8)) % 360) * DEG, argument = at(8) * DEG - node;
  let eccentric = anomaly + e * Math.sin(anomaly);
  for (let step = 0; step < 4; step++) {
    eccentric -= (eccentric - e * Math.sin(eccentric) - anomaly) / (1 - e * Math.cos(eccentric));
  }
  const u = a * (Math.cos(eccentric) - e), v = a * Math.sqrt(1 - e * e) * Math.sin(eccentric);
  const p = u * Math.cos(argument) - v * Math.sin(argument);
  const q = u * Math.sin(argument) + v * Math.cos(argument), r = q * Math.cos(inclination);
  return [
    p * Math.cos(node) - r * Math.sin(node),
    p * Math.sin(node) + r * Math.cos(node),
    q * Math.sin(inclination),
  ];
}

/** Geocentric place of the Moon, au, ecliptic of J2000, within 0.3 deg. */
function moon(t: number): Vector3 {
  const sin = (a: number, b: number) => Math.sin((a + b * t) * DEG);
  const cos = (a: number, b: number) => Math.cos((a + b * t) * DEG);
  const lon = (218.32 + 481267.881 * t - 1.397 * t + 6.29 * sin(135, 477198.87) -
    1.27 * sin(259.3, -413335.36) + 0.66 * sin(235.7, 890534.22) + 0.21 * sin(269.9, 954397.74) -
    0.19 * sin(357.5, 35999.05) - 0.11 * sin(186.5, 966404.03)) * DEG;
  const lat = (5.13 * sin(93.3, 483202.02) + 0.28 * sin(228.2, 960400.89) -
    0.28 * sin(318.3, 6003.15) - 0.17 * sin(217.6, -407332.21)) * DEG;
  const parallax = (0.9508 + 0.0518 * cos(135, 477198.87) + 0.0095 * cos(259.3, -413335.36) +
    0.0078 * cos(235.7, 890534.22) + 0.0028 * cos(269.9, 954397.74)) * DEG;
  const r = EARTH_RADIUS_AU / Math.sin(parallax), c = r * Math.cos(lat);
  return [c * Math.cos(lon), c * Math.sin(lon), r * Math.sin(lat)];
}

/** Places of the Earth from the Sun, and of the Sun from the barycentre, au, ecliptic of J2000. */
function places(t: number): { earth: Vector3; sun: Vector3 } {
  const [x, y, z] = orbit(EARTH_MOON, t), [mx, my, mz] = moon(t);
  const sun: [number, number, number] = [0, 0, 0];
  for (const [elements, mass] of GIANTS) {
    const [px, py, pz] = orbit(elements, t), share = mass / (1 + mass);
    sun[0] -= share * px;
    sun[1] -= share * py;
    sun[2] -= share * pz;
  }
  return { earth: [x - MOON_SHARE * mx, y - MOON_SHARE * my, z - MOON_SHARE * mz], sun };
}

/** From the ecliptic to the equator of J2000; the frame bias is 0.02 arcsec, and left out. */
function toEquator([x, y, z]: Vector3): Vector3 {
  return [x, y * COS_OBLIQUITY - z * SIN_OBLIQUITY, y * SIN_OBLIQUITY + z * COS_OBLIQUITY];
}

/** Earth's velocity and place at a Modified Julian Date in TT (or TDB), days. */
export function earthState(mjdTt: number): EarthState {
  const t = (mjdTt - 51544.5) / 36525, h = STEP_DAYS / 36525;
  const before = places(t - h), after = places(t + h), { earth } = places(t);
  const scale = 1 / (2 * STEP_DAYS * LIGHT_AU_PER_DAY);
  const rate = (i: 0 | 1 | 2) =>
    (after.earth[i] + after.sun[i] - before.earth[i] - before.sun[i]) * scale;
  const distanceAu = Math.hypot(...earth);
  const [x, y, z] = toEquator(earth);
  return {
    velocity: toEquator([rate(0), rate(1), rate(2)]),
    fromSun: [x / distanceAu, y / distanceAu, z / distanceAu],
    distanceAu,
  };
}
