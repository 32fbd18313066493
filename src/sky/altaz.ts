/**
 * Altitude and azimuth of positions at one time. Horizontal positions are longitude and latitude
 * like others: `lonDeg` is the azimuth from north through east, `latDeg` the altitude.
 *
 * | symbol | meaning |
 * | --- | --- |
 * | p, v, e, d | unit vector to the source; Earth's velocity / c; direction Sun → Earth; distance, au |
 * | w | bending, 2 G M / (c² d (1 + p·e)) |
 * | p₁ | p + w (e − (p·e) p): bent by the Sun |
 * | p₂ | √(1−v²) p₁ + (1 + p₁·v / (1 + √(1−v²))) v: aberrated, not normalised |
 * | N, E, U | M p₂, with the diurnal aberration in E |
 */
import { DEG } from "./_degrees.ts";
import { SUN_BENDING_AU, SUN_LIMIT } from "./_horizon.ts";
import { byBlocks, type Vectors } from "./_vectors.ts";
import type { HorizontalFrame } from "./horizontal_frame.ts";
import { positionAngleDeg } from "./separation.ts";
import type { SkyColumns, SkyPosition } from "./sky_frame.ts";

/** Longitudes, latitudes and room for as many results, or TypeError. */
export function checkPairs(from: SkyColumns, into: SkyColumns): number {
  const n = from.lonDeg.length;
  const lengths = [from.latDeg.length, into.lonDeg.length, into.latDeg.length];
  if (lengths.some((length) => length < n)) {
    throw new TypeError(
      `Found ${n} longitudes, ${lengths[0]} latitudes and room for ${lengths[1]} and ${
        lengths[2]
      } ` +
        `results: expected one length`,
    );
  }
  return n;
}

/** Bent, aberrated and turned to north, east, up: directions, not normalised. */
function toHorizon(vectors: Vectors, n: number, frame: HorizontalFrame): void {
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = frame.matrix;
  const [vx, vy, vz] = frame.velocity, [ex, ey, ez] = frame.fromSun, { eastward } = frame;
  const contraction = Math.sqrt(1 - vx * vx - vy * vy - vz * vz), share = 1 / (1 + contraction);
  const bending = SUN_BENDING_AU / frame.sunDistanceAu;
  const { x: xs, y: ys, z: zs } = vectors;
  for (let i = 0; i < n; i++) {
    let x = xs[i]!, y = ys[i]!, z = zs[i]!;
    const pe = x * ex + y * ey + z * ez, w = bending / (1 + pe > SUN_LIMIT ? 1 + pe : SUN_LIMIT);
    const keep = 1 - w * pe;
    x = keep * x + w * ex;
    y = keep * y + w * ey;
    z = keep * z + w * ez;
    const k = 1 + (x * vx + y * vy + z * vz) * share;
    x = contraction * x + k * vx;
    y = contraction * y + k * vy;
    z = contraction * z + k * vz;
    xs[i] = m0 * x + m1 * y + m2 * z;
    ys[i] = m3 * x + m4 * y + m5 * z + eastward;
    zs[i] = m6 * x + m7 * y + m8 * z;
  }
}

/** The inverse of toHorizon for unit vectors. */
function toSky(vectors: Vectors, n: number, frame: HorizontalFrame): void {
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = frame.matrix;
  const [vx, vy, vz] = frame.velocity, [ex, ey, ez] = frame.fromSun, { eastward } = frame;
  const contraction = Math.sqrt(1 - vx * vx - vy * vy - vz * vz), share = 1 / (1 + contraction);
  const bending = SUN_BENDING_AU / frame.sunDistanceAu;
  const { x: xs, y: ys, z: zs } = vectors;
  for (let i = 0; i < n; i++) {
    let north = xs[i]!, east = ys[i]!, up = zs[i]!;
    // the aberrated vector's length was 1 + p·v, here with the direction after the diurnal part
    const pv = (m0 * north + m3 * east + m6 * up) * vx + (m1 * north + m4 * east + m7 * up) * vy +
      (m2 * north + m5 * east + m8 * up) * vz;
    const turn = eastward / (1 + pv);
    const root = Math.sqrt(1 - turn * turn * (1 - east * east)) + turn * east;
    north *= root;
    east = east * root - turn;
    up *= root;
    let x = m0 * north + m3 * east + m6 * up, y = m1 * north + m4 * east + m7 * up;
    let z = m2 * north + m5 * east + m8 * up;
    // aberration is undone by the opposite velocity
    const k = (x * vx + y * vy + z * vz) * share - 1;
    x = contraction * x + k * vx;
    y = contraction * y + k * vy;
    z = contraction * z + k * vz;
    const r = 1 / Math.sqrt(x * x + y * y + z * z), ax = x * r, ay = y * r, az = z * r;
    x = ax;
    y = ay;
    z = az;
    for (let step = 0; step < 3; step++) {
      const pe = x * ex + y * ey + z * ez;
      const w = bending / (1 + pe > SUN_LIMIT ? 1 + pe : SUN_LIMIT);
      x = ax - w * (ex - pe * x);
      y = ay - w * (ey - pe * y);
      z = az - w * (ez - pe * z);
    }
    xs[i] = x;
    ys[i] = y;
    zs[i] = z;
  }
}

/**
 * Altitude and azimuth of ICRS positions at one time.
 *
 * @param from right ascensions and declinations, deg
 * @param options `frame`: the horizon; `into`: columns of at least that length that take azimuths in
 *   [0, 360) and altitudes, deg; may be `from` itself
 * @returns `into`; NaN where the input is not finite
 * @throws TypeError where a column is too short
 * @example
 * ```ts
 * import { createHorizontalFrame, icrsToAltAz, icrsToAltAzInto, observatory } from "@gammarx/gammarx/sky";
 * import { parseTime } from "@gammarx/gammarx/time";
 * import assert from "node:assert/strict";
 * const frame = createHorizontalFrame({ site: observatory("magic"), time: parseTime("2020-01-01") });
 * const sky = { lonDeg: Float64Array.of(83.633), latDeg: Float64Array.of(22.014) };
 * icrsToAltAzInto(sky, { frame, into: sky });
 * assert.equal(sky.latDeg[0], icrsToAltAz({ lonDeg: 83.633, latDeg: 22.014 }, frame).latDeg);
 * ```
 *
 * Source: {@linkcode createHorizontalFrame}; aberration: Explanatory Supplement (3rd ed.), eq. 7.40.
 */
export function icrsToAltAzInto(
  from: SkyColumns,
  options: { readonly frame: HorizontalFrame; readonly into: SkyColumns },
): SkyColumns {
  const { frame, into } = options;
  checkPairs(from, into);
  return byBlocks(from, into, (vectors, n) => toHorizon(vectors, n, frame));
}

/**
 * ICRS positions of azimuths and altitudes at one time: the inverse of {@linkcode icrsToAltAzInto},
 * within 1e-9 deg of it (2e-7 deg within half a degree of the Sun).
 *
 * @param from azimuths and altitudes, deg
 * @param options `frame`: the horizon; `into`: columns of at least that length that take right
 *   ascensions in [0, 360) and declinations, deg; may be `from` itself
 * @returns `into`; NaN where the input is not finite
 * @throws TypeError where a column is too short
 * @example
 * ```ts
 * import { altAzToIcrsInto, createHorizontalFrame, icrsToAltAzInto, observatory } from "@gammarx/gammarx/sky";
 * import { parseTime } from "@gammarx/gammarx/time";
 * import assert from "node:assert/strict";
 * const frame = createHorizontalFrame({ site: observatory("hess"), time: parseTime("2020-01-01") });
 * const sky = { lonDeg: Float64Array.of(83.633), latDeg: Float64Array.of(22.014) };
 * altAzToIcrsInto(icrsToAltAzInto(sky, { frame, into: sky }), { frame, into: sky });
 * assert.ok(Math.abs(sky.lonDeg[0]! - 83.633) < 1e-9);
 * ```
 */
export function altAzToIcrsInto(
  from: SkyColumns,
  options: { readonly frame: HorizontalFrame; readonly into: SkyColumns },
): SkyColumns {
  const { frame, into } = options;
  checkPairs(from, into);
  return byBlocks(from, into, (vectors, n) => toSky(vectors, n, frame));
}

function one(
  position: SkyPosition,
  frame: HorizontalFrame,
  kernel: typeof icrsToAltAzInto,
): SkyPosition {
  const into = {
    lonDeg: Float64Array.of(position.lonDeg),
    latDeg: Float64Array.of(position.latDeg),
  };
  kernel(into, { frame, into });
  return Object.freeze({ lonDeg: into.lonDeg[0]!, latDeg: into.latDeg[0]! });
}

/**
 * Altitude and azimuth of an ICRS position.
 *
 * @param position right ascension and declination, deg
 * @param frame the horizon of a place at a time
 * @returns `lonDeg`: azimuth from north through east in [0, 360); `latDeg`: altitude, deg; NaN where
 *   the input is not finite
 * @example
 * ```ts
 * import { createHorizontalFrame, icrsToAltAz, observatory } from "@gammarx/gammarx/sky";
 * import { parseTime } from "@gammarx/gammarx/time";
 * import assert from "node:assert/strict";
 * const site = observatory("magic"), time = parseTime("2013-10-04T04:30:43.5");
 * const at = icrsToAltAz({ lonDeg: 83.98333, latDeg: 22.24389 }, createHorizontalFrame({ site, time }));
 * assert.ok(Math.abs(at.latDeg - 69.679) < 0.002 && Math.abs(at.lonDeg - 103.791) < 0.005);
 * ```
 *
 * Source: {@linkcode createHorizontalFrame}; agrees with astropy's AltAz without pressure.
 */
export function icrsToAltAz(position: SkyPosition, frame: HorizontalFrame): SkyPosition {
  return one(position, frame, icrsToAltAzInto);
}

/**
 * ICRS position of an azimuth and an altitude.
 *
 * @param position `lonDeg`: azimuth from north through east; `latDeg`: altitude, deg
 * @param frame the horizon of a place at a time
 * @returns right ascension in [0, 360) and declination, deg; NaN where the input is not finite
 * @example
 * ```ts
 * import { altAzToIcrs, createHorizontalFrame, icrsToAltAz, observatory } from "@gammarx/gammarx/sky";
 * import { parseTime } from "@gammarx/gammarx/time";
 * import assert from "node:assert/strict";
 * const frame = createHorizontalFrame({ site: observatory("hess"), time: parseTime("2020-01-01") });
 * const back = icrsToAltAz(altAzToIcrs({ lonDeg: 120, latDeg: 60 }, frame), frame);
 * assert.ok(Math.abs(back.lonDeg - 120) < 1e-9 && Math.abs(back.latDeg - 60) < 1e-9);
 * ```
 */
export function altAzToIcrs(position: SkyPosition, frame: HorizontalFrame): SkyPosition {
  return one(position, frame, altAzToIcrsInto);
}

/**
 * ICRS position of the zenith.
 *
 * @param frame the horizon of a place at a time
 * @returns right ascension in [0, 360) and declination, deg
 * @example
 * ```ts
 * import { createHorizontalFrame, icrsToAltAz, observatory, zenithIcrs } from "@gammarx/gammarx/sky";
 * import { parseTime } from "@gammarx/gammarx/time";
 * import assert from "node:assert/strict";
 * const frame = createHorizontalFrame({ site: observatory("hawc"), time: parseTime("2020-01-01") });
 * assert.ok(Math.abs(icrsToAltAz(zenithIcrs(frame), frame).latDeg - 90) < 1e-6);
 * ```
 */
export function zenithIcrs(frame: HorizontalFrame): SkyPosition {
  return altAzToIcrs({ lonDeg: 0, latDeg: 90 }, frame);
}

/**
 * Parallactic angle: from celestial north (ICRS) to the zenith, east of north; negative before the
 * meridian for positions south of the zenith.
 *
 * @param position right ascension and declination, deg
 * @param frame the horizon of a place at a time
 * @returns the angle, deg, in (-180, 180]
 * @example
 * ```ts
 * import { createHorizontalFrame, observatory, parallacticAngleDeg } from "@gammarx/gammarx/sky";
 * import { parseTime } from "@gammarx/gammarx/time";
 * import assert from "node:assert/strict";
 * const frame = createHorizontalFrame({ site: observatory("hess"), time: parseTime("2020-01-01") });
 * const angle = parallacticAngleDeg({ lonDeg: 83.633, latDeg: 22.014 }, frame);
 * assert.ok(Math.abs(angle) > 100);
 * ```
 *
 * Source: Meeus, Astronomical Algorithms, ch. 14, by directions instead of the hour angle.
 */
export function parallacticAngleDeg(position: SkyPosition, frame: HorizontalFrame): number {
  const angle = positionAngleDeg(position, zenithIcrs(frame));
  return angle > 180 ? angle - 360 : angle;
}

/**
 * Airmass of an altitude, in units of that at the zenith: 1 / sin(h + 244 / (165 + 47 h^1.1)),
 * h the apparent altitude in deg. For optical light; about 38 at the horizon.
 *
 * @param altDeg altitude, deg
 * @returns the airmass; NaN below the horizon
 * @example
 * ```ts
 * import { airmass } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * assert.ok(Math.abs(airmass(30) - 1.99) < 0.01);
 * ```
 *
 * Source: Pickering 2002, DIO 12, 20.
 */
export function airmass(altDeg: number): number {
  if (!(altDeg >= 0)) return NaN;
  return 1 / Math.sin((altDeg + 244 / (165 + 47 * altDeg ** 1.1)) * DEG);
}
