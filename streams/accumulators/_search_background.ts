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

/** Rate of a channel that does not change in a run. */
export function steadyRate(
  background: Exclude<SearchBackground, { readonly method: "running" }>,
  { channel, nBands, grid }: {
    readonly channel: number;
    readonly nBands: number;
    readonly grid: CellGrid;
  },
): number {
  const band = channel % nBands;
  if (background.method === "known") {
    const rates = [background.ratePerS].flat();
    return rates[rates.length === 1 ? 0 : band]!;
  }
  const { totals } = background, own = totals.counts.get(channel) ?? 0;
  return Math.max(own, ringCounts(totals, { channel, nBands, grid }), 1) / totals.livetimeS;
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

/** Photons of a channel by panes of time on an absolute grid: plain data. */
export interface PaneRing {
  /** Photons of each pane, by pane modulo length. */
  readonly counts: Float64Array;
  /** The last pane that was written. */
  pane: number;
}

/** Panes that a ring needs: the window, the guard, and the one that is open. */
export function panesNeeded({ windowS, guardS }: { windowS: number; guardS: number }): number {
  return PANES + Math.ceil(guardS / (windowS / PANES)) + 1;
}

export function createPaneRing(nPanes: number): PaneRing {
  return { counts: new Float64Array(nPanes), pane: -Infinity };
}

/** Counts a photon in a pane; panes that were passed over are empty. */
export function countInPane(ring: PaneRing, pane: number): void {
  passTo(ring, pane);
  const at = place(ring.counts.length, pane);
  ring.counts[at] = ring.counts[at]! + 1;
}

/** Photons of the panes first to last. */
export function paneSum(ring: PaneRing, first: number, last: number): number {
  let sum = 0;
  const oldest = ring.pane - ring.counts.length + 1;
  for (let pane = Math.max(first, oldest); pane <= Math.min(last, ring.pane); pane++) {
    sum += ring.counts[place(ring.counts.length, pane)]!;
  }
  return sum;
}

function passTo(ring: PaneRing, pane: number): void {
  if (pane <= ring.pane) return;
  const n = ring.counts.length;
  if (pane - ring.pane >= n) ring.counts.fill(0);
  else for (let one = ring.pane + 1; one <= pane; one++) ring.counts[place(n, one)] = 0;
  ring.pane = pane;
}

function place(n: number, pane: number): number {
  return ((pane % n) + n) % n;
}
