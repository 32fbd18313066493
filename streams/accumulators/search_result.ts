/* What a transient search has come to. */
import { separationDeg } from "../../src/sky/mod.ts";
import { CHANNEL } from "./_channel_table.ts";
import { ringCounts, type SearchBackground } from "./_search_background.ts";
import type { SearchState } from "./_search_state.ts";
import { knownRatio } from "./_search_statistics.ts";
import type { SearchMessage } from "./_transient_events.ts";
import type { RunTotals, SearchBand } from "./run_totals.ts";
import type { CellGrid } from "./search_cells.ts";

/** Which channel: a cell in a band. */
export interface ChannelPlace {
  /** Name of the cell. */
  readonly label: string;
  /** Right ascension of the cell, deg; undefined for the whole field. */
  readonly raDeg: number | undefined;
  /** Declination of the cell, deg. */
  readonly decDeg: number | undefined;
  /** Name of the band. */
  readonly band: string;
}

/** A channel that is brighter than its surroundings for the whole run. */
export interface SteadySource extends ChannelPlace {
  /** Significance over the surroundings, σ. */
  readonly significance: number;
  /** Photons. */
  readonly counts: number;
  /** Expected of the surroundings. */
  readonly expected: number;
}

/** How bright a channel is now. */
export interface ChannelNow extends ChannelPlace {
  /** Significance of the best window that ended with its last photon, σ; those below 2 are not listed. */
  readonly significance: number;
}

/** What a search has come to. */
export interface SearchResult {
  /** All messages that are kept, in order. */
  readonly alerts: readonly SearchMessage[];
  /** Number of the next message. */
  readonly nextSeq: number;
  /** Steady sources; only where the background is that of the run. */
  readonly steady: readonly SteadySource[];
  /** The brightest channels, at most 256, brightest first. */
  readonly now: readonly ChannelNow[];
  /** False alarms a second that were asked for, Hz. */
  readonly farHz: number;
  /** Significance that an alert needs now, σ. */
  readonly thresholdSigma: number;
  /** False alarms to be expected in the live time so far. */
  readonly expectedFalseAlarms: number;
  /** Live time, s. */
  readonly livetimeS: number;
  /** Photons seen, outside of all cells or bands, and too late. */
  readonly counts: { readonly seen: number; readonly outside: number; readonly late: number };
}

/** What of a search's options its result depends on. */
interface ResultOptions {
  readonly bands: readonly SearchBand[];
  readonly background: SearchBackground;
  readonly joinDeg: number;
  readonly farHz: number;
}

const MOST_NOW = 256;
/** Steady sources are at least so significant, σ. */
const STEADY = 5;

export function resultOf(state: SearchState, options: ResultOptions): SearchResult {
  const { grid, threshold, clock, seen, outside, late, messages, nextSeq } = state;
  const { bands, background, farHz } = options;
  return Object.freeze({
    alerts: Object.freeze(messages.slice()),
    nextSeq,
    steady: background.method === "run" ? steadySources(grid, background.totals, options) : [],
    now: brightest(state, bands),
    farHz,
    thresholdSigma: threshold.sigma,
    expectedFalseAlarms: farHz * clock.lastS,
    livetimeS: clock.lastS,
    counts: Object.freeze({ seen, outside, late }),
  });
}

/** The channels whose last window was significant. */
function brightest({ grid, channels }: SearchState, bands: readonly SearchBand[]): ChannelNow[] {
  return Array.from({ length: channels.n }, (_, k) => ({
    channel: channels.channels[k]!,
    value: channels.numbers[k * channels.stride + CHANNEL.value]!,
  })).filter((one) => one.value > 0)
    .sort((a, b) => b.value - a.value || a.channel - b.channel).slice(0, MOST_NOW)
    .map(({ channel, value }) =>
      Object.freeze({ ...placeOf(grid, bands, channel), significance: Math.sqrt(2 * value) })
    );
}

/** Cells of a run that stand out of their ring, the brightest of neighbours alone. */
function steadySources(
  grid: CellGrid,
  totals: RunTotals,
  { bands, joinDeg }: ResultOptions,
): readonly SteadySource[] {
  const list: SteadySource[] = [];
  for (const [channel, counts] of totals.counts) {
    const expected = ringCounts(totals, { channel, nBands: bands.length, grid });
    const significance = Math.sqrt(2 * knownRatio(counts, expected));
    if (!(significance >= STEADY)) continue;
    list.push({ ...placeOf(grid, bands, channel), significance, counts, expected });
  }
  list.sort((a, b) => b.significance - a.significance);
  return list.filter((one, k) =>
    !list.slice(0, k).some((other) =>
      one.raDeg !== undefined && other.raDeg !== undefined && separationDeg(
          { lonDeg: one.raDeg, latDeg: one.decDeg! },
          { lonDeg: other.raDeg, latDeg: other.decDeg! },
        ) <= joinDeg
    )
  );
}

function placeOf(grid: CellGrid, bands: readonly SearchBand[], channel: number): ChannelPlace {
  const cell = Math.floor(channel / bands.length), center = grid.centerOf(cell);
  return {
    label: grid.label(cell),
    raDeg: center?.lonDeg,
    decDeg: center?.latDeg,
    band: bands[channel % bands.length]!.name,
  };
}
