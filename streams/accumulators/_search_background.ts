/*
 * What a channel of a search expects, in photons a live second.
 *
 * | method | rate |
 * | --- | --- |
 * | known | as given |
 * | run | the greater of the channel's own mean in the run and that of its ring about the pointing |
 * | running | (n + 1)/T: n photons of the channel in the T live seconds of a window that ended a guard ago |
 *
 * The own mean and the 1 make faint channels expect too much rather than too little.
 */
import type { RunTotals } from "./run_totals.ts";
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
    /** From the whole of the run: two passes. */
    readonly method: "run";
    /** What the first pass gave. */
    readonly totals: RunTotals;
  }
  | {
    /** From what the cell itself had before. */
    readonly method: "running";
    /** Length of the window, s. */
    readonly windowS: number;
    /** Time between its end and now, s, so that a rise is not its own background. */
    readonly guardS: number;
  };

/** Panes of a running window. */
export const PANES = 16;

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
  if (background.method === "running") {
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
  background: Exclude<SearchBackground, { readonly method: "running" }>,
  { channel, nBands, grid }: {
    readonly channel: number;
    readonly nBands: number;
    readonly grid: CellGrid;
  },
): ChannelRate {
  const band = channel % nBands;
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

/** Where the number of a pane stands. */
export function place(at: number, n: number, pane: number): number {
  return at + 1 + ((pane % n) + n) % n;
}
