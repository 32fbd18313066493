/**
 * Times at the barycentre of the solar system.
 *
 * | symbol | meaning | range |
 * | --- | --- | --- |
 * | t | a time by the observer's clock, seconds after an epoch | |
 * | Δ | correction: TDB at the barycentre minus t, read from the same calendar label | ±700 s |
 * | h | distance of two nodes: an hour, ten minutes for a place on the Earth | |
 *
 * All that changes slowly is computed at nodes on an absolute grid of hours and joined by cubics with
 * the rates (Hermite): 0.03 ns. A spacecraft's place enters for each event by (n + v/c)·ρ.
 */
import type { EventEpoch } from "../events/mod.ts";
import { DAY_S, secondsBetween } from "../time/mod.ts";
import { NODE_SIZE, nodeInto, type TermsOptions } from "./_barycentring_terms.ts";
import type { Astrometry } from "./astrometry.ts";
import type { Ephemeris } from "./ephemeris.ts";
import type { Observer } from "./observer.ts";
import { type Orbit, orbitInterval } from "./orbit.ts";

/** What {@link createBarycentring} is given. */
export interface BarycentringOptions {
  /** Where Earth and Sun are; may be left out only where times are of the barycentre already. */
  readonly ephemeris?: Ephemeris | undefined;
  /** Who saw the photons. */
  readonly observer: Observer;
  /** Where the source is. */
  readonly astrometry: Astrometry;
  /**
   * The Sun's Shapiro delay: with the distance from the Sun, −2T ln((|s| + n·s)/au), as tempo2 and
   * PINT (`distance`, taken where left out); without it, −2T ln(1 + cos θ), as gtbary (`angle`,
   * 0.2 µs apart); or `none`.
   */
  readonly shapiro?: "distance" | "angle" | "none" | undefined;
  /** Nodes that are kept, at most; 16384 (22 months of hours) where left out. */
  readonly cacheNodes?: number | undefined;
}

/** Brings times to the barycentre of the solar system; made by {@link createBarycentring}. */
export interface Barycentring {
  /** The ephemeris in use, if any. */
  readonly ephemeris: Ephemeris | undefined;
  /** Who saw the photons. */
  readonly observer: Observer;
  /** Where the source is. */
  readonly astrometry: Astrometry;
  /**
   * Corrections of a column: barycentric TDB minus the column's reading, both counted from the same
   * calendar label. They depend on each time alone, not on the others or their order. A time that is
   * NaN gives NaN.
   *
   * @param epoch Instant from which the column counts, TT (or TDB, where the clock runs in it).
   * @param timeS Seconds after the epoch; any order.
   * @param n How many of them.
   * @param out Takes n corrections, seconds.
   * @throws RangeError for a time outside the ephemeris or the orbit, or in a gap of it; TypeError for
   *   an orbit and a clock in TDB.
   */
  correctionS(epoch: EventEpoch, timeS: Float64Array, n: number, out: Float64Array): void;
}

/** Nodes of the grid that were computed, each in the slot of its number modulo the size. */
interface NodeCache {
  readonly size: number;
  readonly index: Float64Array;
  readonly nodes: Float64Array;
}

/** The cubic of a cell, and the vector by which an orbit counts at its ends. */
interface Cell {
  index: number;
  c0: number;
  c1: number;
  c2: number;
  c3: number;
  gx: number;
  gy: number;
  gz: number;
  hx: number;
  hy: number;
  hz: number;
}

const DEFAULT_NODES = 16384;

/**
 * Makes what brings times to the barycentre of the solar system:
 * Δ = (TDB − TT) + v·ρ + n·(r + ρ) + 2T ln((|s| + n·s)/au) − (r² − (n·r)²)/2d, r the Earth's centre,
 * ρ the observer from there, n the direction to the source at the time (with proper motion), s = r
 * from the Sun, d the distance, T = 4.9255 µs; all in light-seconds.
 *
 * With the ephemeris of the tool that one compares with, within 0.1 µs of gtbary (`shapiro: "angle"`)
 * and PINT. Delays by the planets (below 0.2 µs) and by the Sun's second order are left out. Of a
 * spacecraft, Shapiro delay and parallax are those of the geocentre (below 1 ns but at the Sun's limb).
 *
 * @param options Ephemeris, observer, source.
 * @returns A frozen record with a bounded cache of its own.
 * @throws TypeError without an ephemeris, where the observer needs one; RangeError for a cache of fewer
 *   than two nodes.
 * @example
 * ```ts
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import {
 *   analyticEphemeris, createAstrometry, createBarycentring, GEOCENTRE,
 * } from "@gammarx/gammarx/timing";
 * import { ok } from "node:assert/strict";
 * const { correctionS } = createBarycentring({
 *   ephemeris: analyticEphemeris(),
 *   observer: GEOCENTRE,
 *   astrometry: createAstrometry({ raDeg: 83.633, decDeg: 22.0145 }),
 * });
 * const out = new Float64Array(2);
 * correctionS(createEpoch([55000, 0], "TT"), Float64Array.of(0, 86400), 2, out);
 * ok(Math.abs(out[0]!) < 510 && out[0] !== out[1]);
 * ```
 * @see Edwards, Hobbs & Manchester 2006, MNRAS 372, 1549
 */
export function createBarycentring(options: BarycentringOptions): Barycentring {
  const { ephemeris, observer, astrometry, shapiro = "distance", cacheNodes = DEFAULT_NODES } =
    options;
  if (ephemeris === undefined && observer.kind !== "barycentre") {
    throw new TypeError(
      `Times of a ${observer.kind} need an ephemeris: embeddedEphemeris(), readEphemeris(path) or ` +
        `analyticEphemeris()`,
    );
  }
  if (!(Number.isInteger(cacheNodes) && cacheNodes >= 2)) {
    throw new RangeError(`cacheNodes must be a whole number from 2 on, found ${cacheNodes}`);
  }
  // nodes of a clock in TT and of one in TDB are not the same
  const caches: Partial<Record<"TT" | "TDB", NodeCache>> = {};
  const stepS = observer.kind === "site" ? 600 : 3600;
  return Object.freeze({
    ephemeris,
    observer,
    astrometry,
    correctionS(epoch: EventEpoch, timeS: Float64Array, n: number, out: Float64Array): void {
      const isTdb = epoch.scale === "TDB";
      const cache = caches[epoch.scale] ??= createCache(cacheNodes);
      const terms = { ephemeris, observer, astrometry, shapiro, isTdb };
      if (observer.kind !== "orbit") {
        slowInto({ cache, stepS, terms, epoch }, timeS, n, out);
        return;
      }
      if (isTdb) {
        throw new TypeError(
          "Times of a spacecraft are in TDB, expected its clock in TT: its place is looked up by it",
        );
      }
      orbitInto({ cache, stepS, terms, epoch }, observer.orbit, timeS, n, out);
    },
  });
}

function createCache(size: number): NodeCache {
  return {
    size,
    index: new Float64Array(size).fill(NaN),
    nodes: new Float64Array(size * NODE_SIZE),
  };
}

/** All that a cell is found by. */
interface Grid {
  readonly cache: NodeCache;
  readonly stepS: number;
  readonly terms: TermsOptions;
  readonly epoch: EventEpoch;
}

const scratch = new Float64Array(NODE_SIZE);

/** Where a node of the grid lies in the cache; it is computed where it is not there. */
function nodeAt({ cache, stepS, terms }: Grid, index: number): number {
  const slot = index % cache.size, at = slot * NODE_SIZE;
  if (cache.index[slot] === index) return at;
  const perDay = DAY_S / stepS, day = Math.floor(index / perDay);
  nodeInto(terms, day, (index - day * perDay) * stepS, scratch);
  cache.nodes.set(scratch, at);
  cache.index[slot] = index;
  return at;
}

function loadCell(grid: Grid, index: number, cell: Cell): void {
  const h = grid.stepS, nodes = grid.cache.nodes;
  const from = nodeAt(grid, index), f0 = nodes[from]!, d0 = nodes[from + 1]! * h;
  cell.gx = nodes[from + 2]!;
  cell.gy = nodes[from + 3]!;
  cell.gz = nodes[from + 4]!;
  const to = nodeAt(grid, index + 1), f1 = nodes[to]!, d1 = nodes[to + 1]! * h;
  cell.hx = nodes[to + 2]! - cell.gx;
  cell.hy = nodes[to + 3]! - cell.gy;
  cell.hz = nodes[to + 4]! - cell.gz;
  cell.c0 = f0;
  cell.c1 = d0;
  cell.c2 = 3 * (f1 - f0) - 2 * d0 - d1;
  cell.c3 = 2 * (f0 - f1) + d0 + d1;
  cell.index = index;
}

function emptyCell(): Cell {
  return { index: -1, c0: 0, c1: 0, c2: 0, c3: 0, gx: 0, gy: 0, gz: 0, hx: 0, hy: 0, hz: 0 };
}

/** Corrections without an orbit. */
function slowInto(grid: Grid, timeS: Float64Array, n: number, out: Float64Array): void {
  const { epoch, stepS } = grid, cell = emptyCell();
  const base = epoch.mjdDay * (DAY_S / stepS), perStep = 1 / stepS;
  for (let i = 0; i < n; i++) {
    const steps = (epoch.dayS + timeS[i]!) * perStep, whole = Math.floor(steps), u = steps - whole;
    if (whole + base !== cell.index) {
      if (!Number.isFinite(steps)) {
        out[i] = NaN;
        continue;
      }
      loadCell(grid, whole + base, cell);
    }
    out[i] = cell.c0 + u * (cell.c1 + u * (cell.c2 + u * cell.c3));
  }
}

/** Corrections of a spacecraft: those of the geocentre, and its place along n + v. */
function orbitInto(
  grid: Grid,
  orbit: Orbit,
  timeS: Float64Array,
  n: number,
  out: Float64Array,
): void {
  const { epoch, stepS } = grid, cell = emptyCell(), { timeS: times, cubicLs: c } = orbit;
  const base = epoch.mjdDay * (DAY_S / stepS), perStep = 1 / stepS;
  const offsetS = secondsBetween<"TT" | "TDB">(orbit.epoch, epoch);
  let hint = 0;
  for (let i = 0; i < n; i++) {
    const t = timeS[i]!, steps = (epoch.dayS + t) * perStep, whole = Math.floor(steps);
    const u = steps - whole;
    if (whole + base !== cell.index) {
      if (!Number.isFinite(steps)) {
        out[i] = NaN;
        continue;
      }
      loadCell(grid, whole + base, cell);
    }
    const s = t + offsetS;
    hint = orbitInterval(orbit, s, hint);
    const w = s - times[hint]!, k = 12 * hint;
    const x = c[k]! + w * (c[k + 1]! + w * (c[k + 2]! + w * c[k + 3]!));
    const y = c[k + 4]! + w * (c[k + 5]! + w * (c[k + 6]! + w * c[k + 7]!));
    const z = c[k + 8]! + w * (c[k + 9]! + w * (c[k + 10]! + w * c[k + 11]!));
    out[i] = cell.c0 + u * (cell.c1 + u * (cell.c2 + u * cell.c3)) +
      (cell.gx + u * cell.hx) * x + (cell.gy + u * cell.hy) * y + (cell.gz + u * cell.hz) * z;
  }
}
