/*
 * What a channel of a search expects, in photons a live second.
 *
 * | method | rate |
 * | --- | --- |
 * | known | as given |
 * | model | as a model of the sky gives it |
 * | run | the greater of the channel's own mean in the run and that of its ring about the pointing |
 * | running | (n + 1)/T: n photons of the channel in the T live seconds of a window that ended a guard ago |
 * | smoothed | level and slope of the panes of that window, carried on to now, and 1/T |
 *
 * The own mean and the 1 make faint channels expect too much rather than too little.
 */
import type { RunTotals, SearchBand } from "./run_totals.ts";
import { cellDistanceDeg, type CellGrid } from "./search_cells.ts";

/** Where what is expected of a cell comes from. */
export type SearchBackground =
  | {
    /** It is known, and the same in all cells. */
    readonly method: "known";
    /** Photons a live second, of each band in turn, or of all bands alike. */
    readonly ratePerS: number | readonly number[];
  }
  | {
    /** A model of the sky: steady sources are in it, and give no alerts. */
    readonly method: "model";
    /** Tells it from other models, in ids and states. */
    readonly name: string;
    /** Photons a live second that a cell expects in a band, >= 0; 0 where nothing is to be asked. */
    readonly rateOf: (cell: SearchCell) => number;
  }
  | {
    /** From the whole of the run: two passes. */
    readonly method: "run";
    /** What the first pass gave. */
    readonly totals: RunTotals;
  }
  | FollowingBackground;

/** A cell and a band that a rate is asked for. */
export interface SearchCell {
  /** Right ascension of its centre, deg; undefined for the whole field. */
  readonly raDeg: number | undefined;
  /** Declination of its centre, deg. */
  readonly decDeg: number | undefined;
  /** Radius, deg; NaN for the whole field. */
  readonly radiusDeg: number;
  /** Name of the band. */
  readonly band: string;
}

/** What is expected of a cell follows what the cell itself had before. */
export interface FollowingBackground {
  /** The mean of a window, or double exponential smoothing of 16 panes of it, which follows a drift. */
  readonly method: "running" | "smoothed";
  /** Length of the window, s. */
  readonly windowS: number;
  /** Time between its end and now, s, so that a rise is not its own background. */
  readonly guardS: number;
}

/** Panes of a window. */
export const PANES = 16;
/** Weight of the newest pane, and of the newest slope, in smoothing. */
const ALPHA = 0.3, BETA = 0.2;

/** Checks numbers. Throws RangeError. */
export function checkBackground(background: SearchBackground, nBands: number): void {
  const refuse = (isWrong: boolean, message: string) => {
    if (isWrong) throw new RangeError(`background: ${message}`);
  };
  if (background.method === "known") {
    const rates = [background.ratePerS].flat();
    refuse(
      rates.length !== 1 && rates.length !== nBands,
      `${rates.length} rates for ${nBands} bands`,
    );
    refuse(!rates.every((one) => one > 0 && one < Infinity), `rates ${rates} must be above 0`);
  }
  if (background.method === "running" || background.method === "smoothed") {
    const { windowS, guardS } = background;
    refuse(!(windowS > 0 && windowS < Infinity), `windowS ${windowS} must be above 0`);
    refuse(!(guardS >= 0 && guardS < Infinity), `guardS ${guardS} must not be negative`);
  }
}

/** What a channel expects, and how well that is known. */
export interface ChannelRate {
  /** Photons a live second. */
  readonly rate: number;
  /** Photons that it was made of; ∞ where it is known. */
  readonly off: number;
}

/** Rate of a channel that does not change in a run. */
export function steadyRate(
  background: Exclude<SearchBackground, FollowingBackground>,
  { channel, bands, grid }: {
    readonly channel: number;
    readonly bands: readonly SearchBand[];
    readonly grid: CellGrid;
  },
): ChannelRate {
  const nBands = bands.length, band = channel % nBands;
  if (background.method === "model") {
    const center = grid.centerOf(Math.floor(channel / nBands)), { name } = bands[band]!;
    const cell = { raDeg: center?.lonDeg, decDeg: center?.latDeg, radiusDeg: grid.radiusDeg };
    const rate = background.rateOf({ ...cell, band: name });
    if (rate >= 0 && rate < Infinity) return { rate, off: Infinity };
    throw new RangeError(
      `background "${background.name}": found a rate of ${rate} Hz at ${cell.raDeg}, ${cell.decDeg} deg in band ` +
        `${name}, expected 0 or more`,
    );
  }
  if (background.method === "known") {
    const rates = [background.ratePerS].flat();
    return { rate: rates[rates.length === 1 ? 0 : band]!, off: Infinity };
  }
  const { totals } = background, own = totals.counts.get(channel) ?? 0;
  const off = Math.max(own, ringCounts(totals, { channel, nBands, grid }), 1);
  return { rate: off / totals.livetimeS, off };
}

/** Photons of a run that the ring of a cell about the pointing lets expect in it; 0 without pointing. */
export function ringCounts(
  { profilePerDeg2, ringDeg, pointing }: RunTotals,
  { channel, nBands, grid }: {
    readonly channel: number;
    readonly nBands: number;
    readonly grid: CellGrid;
  },
): number {
  const profile = profilePerDeg2[channel % nBands];
  if (profile === undefined || pointing === undefined || Number.isNaN(grid.radiusDeg)) return 0;
  const offset = cellDistanceDeg(grid, Math.floor(channel / nBands), pointing);
  const perDeg2 = profile[Math.floor(offset / ringDeg)] ?? 0;
  return perDeg2 * Math.PI * grid.radiusDeg * grid.radiusDeg;
}

/*
 * A ring of panes is a stretch of numbers: the last pane that was written, then the photons of each pane by its
 * number modulo the length, so that the rings of all channels lie in one array.
 */

/** Panes that a ring needs: the window, the guard, and the one that is open. */
export function panesNeeded({ windowS, guardS }: { windowS: number; guardS: number }): number {
  return PANES + Math.ceil(guardS / (windowS / PANES)) + 1;
}

/** Empties a ring of n panes that begins at a place. */
export function clearRing(numbers: Float64Array, at: number, n: number): void {
  numbers.fill(0, at, at + n + 1);
  numbers[at] = -Infinity;
}

/** Counts a photon in a pane; panes that were passed over are empty. */
export function countInPane(numbers: Float64Array, at: number, n: number, pane: number): void {
  const last = numbers[at]!;
  if (pane > last) {
    if (pane - last >= n) numbers.fill(0, at + 1, at + n + 1);
    else for (let one = last + 1; one <= pane; one++) numbers[place(at, n, one)] = 0;
    numbers[at] = pane;
  }
  const where = place(at, n, pane);
  numbers[where] = numbers[where]! + 1;
}

/** Photons of the panes first to last. */
export function paneSum(
  numbers: Float64Array,
  at: number,
  n: number,
  { first, last }: { readonly first: number; readonly last: number },
): number {
  let sum = 0;
  const newest = numbers[at]!, from = Math.max(first, newest - n + 1);
  for (let pane = from; pane <= Math.min(last, newest); pane++) sum += numbers[place(at, n, pane)]!;
  return sum;
}

/** Panes of a channel's window. */
export interface ChannelPanes {
  /** Counts of a pane. */
  readonly countsOf: (pane: number) => number;
  /** Live time of a pane, s. */
  readonly liveOf: (pane: number) => number;
  /** Panes of the window. */
  readonly first: number;
  readonly last: number;
  /** The pane for which a rate is asked. */
  readonly now: number;
}

/**
 * Rate by double exponential smoothing, s ← α x + (1 − α)(s + d), d ← β (s − s′) + (1 − β) d, and the number of
 * photons whose Poisson error is its own: the recurrence is linear, so that the covariance of s and d goes with it.
 */
export function smoothedRate({ countsOf, liveOf, first, last, now }: ChannelPanes): ChannelRate {
  const a = 1 - ALPHA, c = ALPHA * BETA, b = 1 - c;
  let s = NaN, d = 0, ss = 0, sd = 0, dd = 0, totalS = 0, seen = first;
  for (let pane = first; pane <= last; pane++) {
    const liveS = liveOf(pane), n = countsOf(pane);
    if (!(liveS > 0)) continue;
    const x = n / liveS, variance = (n + 1) / liveS ** 2;
    totalS += liveS;
    if (Number.isNaN(s)) {
      s = x;
      ss = variance;
    } else {
      [s, d] = [ALPHA * x + a * (s + d), c * x - c * s + b * d];
      [ss, sd, dd] = [
        a * a * (ss + 2 * sd + dd) + ALPHA * ALPHA * variance,
        a * (b * (sd + dd) - c * (ss + sd)) + ALPHA * c * variance,
        c * c * ss - 2 * b * c * sd + b * b * dd + c * c * variance,
      ];
    }
    seen = pane;
  }
  const ahead = now - seen, rate = Math.max(0, s + ahead * d) + 1 / totalS;
  return { rate, off: rate * rate / (ss + 2 * ahead * sd + ahead * ahead * dd) };
}

/** Where the number of a pane stands. */
export function place(at: number, n: number, pane: number): number {
  return at + 1 + ((pane % n) + n) % n;
}
