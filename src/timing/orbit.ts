/**
 * Where a spacecraft is, from a table of places.
 *
 * | symbol | meaning | range |
 * | --- | --- | --- |
 * | r | place from the Earth's centre, GCRS axes | 6400 km to the Moon and beyond |
 * | h | time between two places | up to 120 s |
 *
 * Places are joined by cubic splines, one for each run of places without a gap of more than two minutes;
 * at both ends of a run the second derivative is the pull of the Earth there, −μ r/r³ with its oblateness
 * J₂. In low orbit the error is 0.05 m for 30 s, 0.8 m (3 ns) for 60 s, 13 m (43 ns) for 120 s.
 *
 * Source: de Boor, A Practical Guide to Splines, chapter IV; IERS Conventions 2010, table 1.1 (μ, J₂).
 */
import type { EventEpoch } from "../events/mod.ts";
import { addSeconds, formatIso } from "../time/mod.ts";
import { C_M_S } from "./_physics.ts";

/** A gap of more than this many seconds is not bridged. */
export const MAX_ORBIT_GAP_S: number = 120;

/**
 * Behind the last place before a gap, or of all, a run of two places or more goes on for this many
 * seconds: rows of spacecraft files hold until the next one, also the last before a gap.
 */
export const ORBIT_REACH_S: number = 30;

/** What {@link createOrbit} is given. */
export interface OrbitFields {
  /** What messages call it: a file's name. */
  readonly name: string;
  /** Instant from which `timeS` counts. */
  readonly epoch: EventEpoch;
  /** Times, seconds; any order, with repeats. */
  readonly timeS: Float64Array;
  /** Places from the Earth's centre along GCRS axes, m: x, y, z of each time after one another. */
  readonly positionM: Float64Array;
}

/** A spacecraft's way, made by {@link createOrbit} or `openOrbit`. */
export interface Orbit {
  /** What messages call it. */
  readonly name: string;
  /** Instant from which `timeS` counts. */
  readonly epoch: EventEpoch;
  /** Times of the places that are used, seconds, increasing. */
  readonly timeS: Float64Array;
  /**
   * From each place on the cubics of x, y, z in light-seconds: c₀ (the place itself) … c₃ of x, of y, of
   * z; 12 numbers. Before a gap and at the end only c₀ counts.
   */
  readonly cubicLs: Float64Array;
  /** For each place 1 where the interval behind it is bridged, 0 at a gap and at the end. */
  readonly bridged: Uint8Array;
  /** Rows that were left out, by reason: `repeated`, `zero`, `not finite`. */
  readonly dropped: Readonly<Record<"repeated" | "zero" | "not finite", number>>;
  /** Largest gap between two places, seconds. */
  readonly largestGapS: number;
}

/**
 * Makes a spacecraft's way from a table of places: rows are put in order of time; rows that repeat a
 * time, that are all zero or not finite are left out and counted.
 *
 * @param fields Times and places.
 * @returns A frozen record that keeps nothing of the columns given.
 * @throws TypeError for columns that do not fit together; RangeError for fewer than two places.
 * @example
 * ```ts
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { createOrbit } from "@gammarx/gammarx/timing";
 * import { deepStrictEqual } from "node:assert/strict";
 * const orbit = createOrbit({
 *   name: "made",
 *   epoch: createEpoch([55000, 0], "TT"),
 *   timeS: Float64Array.of(0, 30, 30, 60),
 *   positionM: Float64Array.of(7e6, 0, 0, 7e6, 2e5, 0, 7e6, 2e5, 0, 6.99e6, 4e5, 0),
 * });
 * deepStrictEqual([...orbit.timeS], [0, 30, 60]);
 * deepStrictEqual(orbit.dropped.repeated, 1);
 * ```
 */
export function createOrbit(fields: OrbitFields): Orbit {
  const { name, epoch, timeS, positionM } = fields, rows = timeS.length;
  if (positionM.length !== 3 * rows) {
    throw new TypeError(
      `Orbit ${name}: ${positionM.length} coordinates for ${rows} times, expected ${3 * rows}`,
    );
  }
  const dropped = { repeated: 0, zero: 0, "not finite": 0 };
  const good: number[] = [];
  for (let i = 0; i < rows; i++) {
    const x = positionM[3 * i]!, y = positionM[3 * i + 1]!, z = positionM[3 * i + 2]!;
    if (!Number.isFinite(timeS[i]! + x + y + z)) dropped["not finite"]++;
    else if (x === 0 && y === 0 && z === 0) dropped.zero++;
    else good.push(i);
  }
  good.sort((a, b) => timeS[a]! - timeS[b]! || a - b);
  const kept = good.filter((row, i) => i === 0 || timeS[row]! > timeS[good[i - 1]!]!);
  dropped.repeated = good.length - kept.length;
  const n = kept.length;
  if (n < 2) throw new RangeError(`Orbit ${name}: ${n} of ${rows} places can be used, expected 2`);
  const times = Float64Array.from(kept, (row) => timeS[row]!);
  const bridged = new Uint8Array(n), cubicLs = new Float64Array(12 * n);
  const coordinates = kept.map((row) => 3 * row);
  let largestGapS = 0, from = 0;
  for (let i = 0; i + 1 < n; i++) {
    const gap = times[i + 1]! - times[i]!;
    largestGapS = Math.max(largestGapS, gap);
    bridged[i] = gap <= MAX_ORBIT_GAP_S ? 1 : 0;
  }
  for (let i = 0; i < n; i++) {
    if (bridged[i] === 1) continue;
    runInto(times, coordinates, positionM, [from, i], cubicLs);
    from = i + 1;
  }
  return Object.freeze({
    name,
    epoch,
    timeS: times,
    cubicLs,
    bridged,
    dropped: Object.freeze(dropped),
    largestGapS,
  });
}

/** Splines of x, y, z through the places `first` to `last`; the last has its place alone, c₀. */
function runInto(
  times: Float64Array,
  row: readonly number[],
  positionM: Float64Array,
  [first, last]: readonly [number, number],
  out: Float64Array,
): void {
  const t = times.subarray(first, last + 1), y = new Float64Array(t.length);
  const pullAt = (i: number, axis: number) => {
    const [x, y, z] = [0, 1, 2].map((k) => positionM[row[i]! + k]! / C_M_S);
    return pull(x!, y!, z!, axis);
  };
  for (let axis = 0; axis < 3; axis++) {
    for (let i = first; i <= last; i++) y[i - first] = positionM[row[i]! + axis]! / C_M_S;
    splineInto(t, y, [pullAt(first, axis), pullAt(last, axis)], out, 12 * first + 4 * axis);
    out[12 * last + 4 * axis] = y[last - first]!;
  }
}

/** μ (m³/s²), J₂ and the equator's radius (m) of the Earth; c in m/s turns them to light-seconds. */
const MU_LS = 3.986004418e14 / C_M_S ** 3, J2 = 1.0826359e-3, RADIUS_LS = 6378136.6 / C_M_S;

/** One component of the Earth's pull at a place, ls/s². */
function pull(x: number, y: number, z: number, axis: number): number {
  const r2 = x * x + y * y + z * z, flat = 1.5 * J2 * RADIUS_LS * RADIUS_LS / r2;
  const bulge = 1 + flat * ((axis === 2 ? 3 : 1) - 5 * z * z / r2);
  return -MU_LS * bulge * (axis === 0 ? x : axis === 1 ? y : z) / (r2 * Math.sqrt(r2));
}

/**
 * The cubic spline through n points with its second derivative given at both ends, as Σ cₖ (t − tᵢ)ᵏ:
 * c₀ … c₃ of interval i at `out[at + 12 i]`.
 */
function splineInto(
  t: Float64Array,
  y: Float64Array,
  [begin, end]: readonly [number, number],
  out: Float64Array,
  at: number,
): void {
  const n = t.length, second = new Float64Array(n), main = new Float64Array(n);
  const h = (i: number) => t[i + 1]! - t[i]!, slope = (i: number) => (y[i + 1]! - y[i]!) / h(i);
  second[0] = begin;
  second[n - 1] = end;
  // inner points: h₋ M₋ + 2 (h₋ + h) M + h M₊ = 6 (slope − slope₋), eliminated from the begin on
  for (let i = 1; i + 1 < n; i++) {
    main[i] = 2 * (h(i - 1) + h(i));
    second[i] = 6 * (slope(i) - slope(i - 1));
    if (i === 1) second[i]! -= h(0) * begin;
    else {
      const factor = h(i - 1) / main[i - 1]!;
      main[i]! -= factor * h(i - 1);
      second[i]! -= factor * second[i - 1]!;
    }
  }
  for (let i = n - 2; i >= 1; i--) second[i] = (second[i]! - h(i) * second[i + 1]!) / main[i]!;
  for (let i = 0; i + 1 < n; i++) {
    const a = second[i]!, b = second[i + 1]!;
    out[at + 12 * i] = y[i]!;
    out[at + 12 * i + 1] = slope(i) - h(i) * (2 * a + b) / 6;
    out[at + 12 * i + 2] = a / 2;
    out[at + 12 * i + 3] = (b - a) / (6 * h(i));
  }
}

/**
 * The interval of an orbit that holds a time.
 *
 * @param orbit Any.
 * @param timeS Seconds after the orbit's epoch.
 * @param hint An interval to look at first, with the one behind it.
 * @returns Its number: the place before the time; behind the last place of a run the interval before.
 * @throws RangeError for a time outside the table or in a gap of more than 120 s, with its bounds.
 */
export function orbitInterval(orbit: Orbit, timeS: number, hint: number): number {
  const { timeS: times, bridged } = orbit, n = times.length;
  if (timeS >= times[hint]! && hint + 1 < n) {
    if (timeS < times[hint + 1]!) {
      if (bridged[hint] === 1) return hint;
    } else if (hint + 2 < n && timeS < times[hint + 2]! && bridged[hint + 1] === 1) return hint + 1;
  }
  let low = 0, high = n - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle]! <= timeS) low = middle;
    else high = middle - 1;
  }
  if (bridged[low] === 1 && timeS >= times[0]!) return low;
  if (low > 0 && bridged[low - 1] === 1 && timeS - times[low]! <= ORBIT_REACH_S) return low - 1;
  throw gapError(orbit, timeS, low);
}

function gapError(orbit: Orbit, timeS: number, low: number): RangeError {
  const { timeS: times, epoch, name } = orbit, n = times.length;
  const when = (s: number) =>
    `${s} s (${formatIso(addSeconds<"TT" | "TDB">(epoch, s), { scale: "TT" })} TT)`;
  const what = `Time ${Number.isFinite(timeS) ? when(timeS) : timeS}`;
  if (!(timeS >= times[0]! && timeS <= times[n - 1]!)) {
    return new RangeError(
      `${what} is outside orbit ${name}, which goes from ${when(times[0]!)} to ${
        when(times[n - 1]!)
      }`,
    );
  }
  return new RangeError(
    `${what} is in a gap of orbit ${name}, ${times[low + 1]! - times[low]!} s from ${
      when(times[low]!)
    }: only gaps up to ${MAX_ORBIT_GAP_S} s are bridged`,
  );
}

/**
 * Where a spacecraft is.
 *
 * @param orbit Its way.
 * @param timeS Seconds after the orbit's epoch.
 * @param out Three elements that take x, y, z from the Earth's centre along GCRS axes, light-seconds.
 * @returns Nothing. Up to 30 s behind the last place before a gap or of all, the run goes on (1 m).
 * @throws RangeError outside the table or in a gap of more than 120 s, with the time and the gap.
 * @example
 * ```ts
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { createOrbit, orbitPositionInto } from "@gammarx/gammarx/timing";
 * import { ok, throws } from "node:assert/strict";
 * const orbit = createOrbit({
 *   name: "made",
 *   epoch: createEpoch([55000, 0], "TT"),
 *   timeS: Float64Array.of(0, 30),
 *   positionM: Float64Array.of(7e6, 0, 0, 7e6, 2e5, 0),
 * });
 * const out = new Float64Array(3);
 * orbitPositionInto(orbit, 15, out);
 * ok(Math.abs(out[1]! * 299792458 - 1e5) < 20);
 * throws(() => orbitPositionInto(orbit, 61, out), /outside orbit made/);
 * ```
 */
export function orbitPositionInto(orbit: Orbit, timeS: number, out: Float64Array): void {
  const i = orbitInterval(orbit, timeS, 0), c = orbit.cubicLs, u = timeS - orbit.timeS[i]!;
  for (let axis = 0; axis < 3; axis++) {
    const k = 12 * i + 4 * axis;
    out[axis] = c[k]! + u * (c[k + 1]! + u * (c[k + 2]! + u * c[k + 3]!));
  }
}
