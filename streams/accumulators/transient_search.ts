import { z } from "zod";
import type { AlertPhase, AlertTense } from "../../src/alerts/mod.ts";
import type { ObsStart, StreamItem } from "../../src/data/mod.ts";
import { columnNumbers, type EventBatch, requireColumn } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { addChannel, CHANNEL, clearChannels, slotOf } from "./_channel_table.ts";
import { followingRates } from "./_following_rates.ts";
import { keepPhoton } from "./_recent_photons.ts";
import {
  checkBackground,
  countInPane,
  type FollowingBackground,
  type SearchBackground,
  steadyRate,
} from "./_search_background.ts";
import { beat, endObservation, liveAt, startObservation } from "./_search_clock.ts";
import { estimatedRatio, knownRatio } from "./_search_statistics.ts";
import { createSearchState, packSearch, type SearchState, unpackSearch } from "./_search_state.ts";
import { createThreshold, focusTable } from "./_search_threshold.ts";
import {
  channelName,
  type Excursion,
  type MessageContext,
  messageOf,
  neighbourOf,
  type OpenTransient,
  type SearchMessage,
  transientId,
} from "./_transient_events.ts";
import { type Accumulator, checkKeys, checkSnapshot, type Snapshot } from "./accumulator.ts";
import { createFocusBank } from "./focus_bank.ts";
import { isInBand, type SearchBand } from "./run_totals.ts";
import { resultOf, type SearchResult } from "./search_result.ts";
import { createCellGrid, MOST_CELLS, type SearchCells } from "./search_cells.ts";

/** What is searched for, and how. */
export interface TransientSearchOptions {
  /** Where. */
  readonly cells: SearchCells;
  /** Ranges of energy; one of all energies where absent. */
  readonly bands?: readonly SearchBand[];
  /** What is expected of a cell. */
  readonly background: SearchBackground;
  /** False alarms a year of live time that are put up with, over all cells and bands together. */
  readonly falseAlarmsPerYear: number;
  /** Least factor of a window over what is expected; 1.1 where absent. */
  readonly muMin?: number;
  /** Width σ of the point spread function, deg, by which positions are found; half a cell's radius where absent. */
  readonly psfDeg?: number;
  /** Excursions whose cells are as near are one transient, deg; four radii where absent. */
  readonly joinDeg?: number;
  /** What the photons are; "archival" where absent. */
  readonly tense?: AlertTense;
  /** Mission or observatory; the first word of the instrument where absent. */
  readonly observatory?: string;
  /** Instrument; that of the observation where absent. */
  readonly instrument?: string;
  /** Photons that are kept to describe a transient; 65536 where absent. */
  readonly keepPhotons?: number;
  /** Messages that are kept; 10000 where absent. Older ones are forgotten, their numbers stay. */
  readonly keepMessages?: number;
}

/** State of {@link transientSearch}; nobody's business but its own. */
export interface TransientSearchState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Photons, clock, channels, messages. */
  readonly inner: object;
}

/** A search for transients, as an accumulator that gives its messages alone as well. */
export interface TransientSearch
  extends Accumulator<StreamItem, TransientSearchState, SearchResult> {
  /** All messages that are kept, in order, without the cost of a result; owned by the state. */
  readonly alerts: (state: Readonly<TransientSearchState>) => readonly SearchMessage[];
}

/** Between two looks at excursions and threshold, s, on an absolute grid. */
const TICK_S = 5;
/** Photons that wait for memory together, where there are so many cells that their numbers are in no cache. */
const AHEAD = 8, MANY_CELLS = 4096;
/** An excursion is over when its best window has lost so much significance, σ. */
const HYSTERESIS = 1;
/** A transient is told of again when it has grown by this factor. */
const GROWTH = 1.25;
/** Windows below this are of no interest, σ. */
const IGNORED = 2;
const YEAR_S = 365.25 * 86400;

const pair = z.tuple([z.number(), z.number()]);
const schema: z.ZodType<Omit<TransientSearchOptions, "background" | "cells">> = z.strictObject({
  bands: z.array(z.strictObject({ name: z.string(), energyTeV: pair.optional() })).min(1)
    .optional(),
  falseAlarmsPerYear: z.number().positive(),
  muMin: z.number().min(1).optional(),
  psfDeg: z.number().positive().optional(),
  joinDeg: z.number().nonnegative().optional(),
  tense: z.enum(["current", "archival", "injection", "test", "commanded"]).optional(),
  observatory: z.string().optional(),
  instrument: z.string().optional(),
  keepPhotons: z.int().min(16).max(2 ** 24).optional(),
  keepMessages: z.int().min(1).optional(),
}) as z.ZodType<Omit<TransientSearchOptions, "background" | "cells">>;

/**
 * Searches photons for transients, in all cells and bands at once: for each photon the best of all windows that
 * end with it (Poisson-FOCuS in acceptance time, nothing binned). A channel that rises above the threshold
 * opens a transient or joins a neighbouring one; messages tell of its beginning, growth and end.
 *
 * The threshold follows from the false alarms that are put up with and the photons that come, by a calibration
 * of the same code. Photons must be in order of time; what comes too late is counted. Everything depends on the
 * times of photons alone, so that any cut into batches and any resumption gives the same messages.
 *
 * Parts of a stream cannot be merged: which alarm came first depends on what was before.
 *
 * @param options Cells, bands, background, rate of false alarms.
 * @returns An accumulator over the items of a stream.
 * @throws TypeError or RangeError for options that are wrong, naming them; on the stream TypeError for columns
 *   or a pointing that are missing.
 * @example
 * ```ts
 * import { fold, transientSearch } from "@gammarx/gammarx/accumulators";
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { ok, strictEqual } from "node:assert/strict";
 * const search = transientSearch({
 *   cells: { kind: "whole" },
 *   background: { method: "known", ratePerS: 0.1 },
 *   falseAlarmsPerYear: 1,
 * });
 * const steady = Array.from({ length: 100 }, (_, i) => 10 * i);
 * const burst = Array.from({ length: 30 }, (_, i) => 1000 + 0.1 * i);
 * const start = createObsStart({ obsId: "1", epoch: createEpoch([60000, 0], "TT") });
 * const batch = createEventBatch({ timeS: Float64Array.from([...steady, ...burst]) });
 * const { alerts: [first] } = search.result(fold(search, [start, batch]));
 * strictEqual(first!.alert.phase, "initial");
 * ok(Math.abs(first!.alert.onset.timeS - 1000) < 1);
 * ```
 * @see Ward, Dilillo, Eckley & Fearnhead 2023, JASA, arXiv:2208.01494
 */
export function transientSearch(options: TransientSearchOptions): TransientSearch {
  const search = createSearch(options);
  const { identity } = search;
  const create = (): TransientSearchState => ({ key: identity.key, inner: search.create() });
  return Object.freeze({
    ...identity,
    order: "time" as const,
    exactness: { kind: "exact" as const },
    create,
    add: (state: TransientSearchState, item: StreamItem) => search.add(innerOf(state), item),
    merge(into: TransientSearchState, from: Readonly<TransientSearchState>): void {
      checkKeys(into.key, from.key);
      if (innerOf(from).seen === 0) return;
      throw new RangeError(
        "Parts of a transient search cannot be merged: stream them one after the other into one state",
      );
    },
    result: (state: Readonly<TransientSearchState>) => search.result(innerOf(state)),
    alerts: (state: Readonly<TransientSearchState>) => innerOf(state).messages,
    snapshot: (state: Readonly<TransientSearchState>): Snapshot => ({
      ...identity,
      data: packSearch(innerOf(state)),
    }),
    restore(snapshot: Snapshot): TransientSearchState {
      checkSnapshot(identity, snapshot);
      return { key: identity.key, inner: unpackSearch(snapshot.data, search.create()) };
    },
  });
}

function innerOf({ inner }: Readonly<TransientSearchState>): SearchState {
  return inner as SearchState;
}

function createSearch(options: TransientSearchOptions) {
  const { cells, background, ...rest } = options, parsed = schema.safeParse(rest);
  if (!parsed.success) throw new TypeError(`transientSearch: ${z.prettifyError(parsed.error)}`);
  const { bands = [{ name: "all" }], muMin = 1.1, keepPhotons = 65536, keepMessages = 10000 } =
    options;
  const nBands = bands.length, farHz = options.falseAlarmsPerYear / YEAR_S;
  checkBackground(background, nBands);
  const sample = createCellGrid(cells), radiusDeg = sample.radiusDeg;
  const psfDeg = options.psfDeg ?? radiusDeg / 2, joinDeg = options.joinDeg ?? 4 * radiusDeg;
  const table = focusTable(muMin), needsEnergy = bands.some((one) => one.energyTeV !== undefined);
  const following = "windowS" in background ? background : undefined;
  const rates = following && followingRates(following), nPanes = rates?.nPanes ?? 0;
  const identity = {
    kind: "transient-search",
    version: 1,
    key: fingerprint(JSON.stringify({ cells, background: named(background), ...parsed.data })),
  };
  const found = new Int32Array(MOST_CELLS), looked = new Float64Array(1);
  let single = new Int32Array(4096), nothing = new Float64Array(0);
  const none = (n: number): Float64Array =>
    nothing.length >= n ? nothing : nothing = new Float64Array(n).fill(NaN);

  const create = (): SearchState =>
    createSearchState({
      grid: createCellGrid(cells),
      bank: createFocusBank({ muMin, ignoreBelow: IGNORED }),
      nBands,
      keepPhotons,
      nPanes,
      threshold: createThreshold(table, { farHz, updates: 0, liveS: 0 }),
    });

  function add(state: SearchState, item: StreamItem): void {
    switch (item.kind) {
      case "obs-start":
        return begin(state, item);
      case "batch":
        return addBatch(state, item);
      case "heartbeat":
        if (item.timeS >= state.lastS) {
          state.lastS = item.timeS;
          if (item.timeS >= state.tickS) tick(state, item.timeS);
        }
        return beat(state.clock, item);
      case "obs-end":
        // A run's own background holds for the run alone.
        if (background.method === "run") closeAll(state);
        lookBack(state);
        state.inputs = state.inputs.map((one) =>
          one.obsId === item.obsId ? { ...one, isOpen: false } : one
        );
        return endObservation(state.clock);
    }
  }

  function begin(state: SearchState, start: ObsStart): void {
    const { pointing } = start;
    if (cells.kind === "field") {
      const at = pointing && { lonDeg: pointing.raDeg, latDeg: pointing.decDeg };
      if (state.grid.turnTo(at)) forgetCells(state);
      state.pointing.set([at!.lonDeg, at!.latDeg]);
    }
    state.epoch = start.epoch;
    state.instrument = start.instrument;
    openInput(state, start);
    if (start.resumed) return;
    startObservation(state.clock, start);
    state.ended = [];
    if (following === undefined) return;
    const { numbers, stride, n } = state.channels;
    for (let at = 0; at < n * stride; at += stride) {
      numbers[at + CHANNEL.runCounts] = numbers[at + CHANNEL.counts]!;
      numbers[at + CHANNEL.runLiveS] = state.clock.lastS;
    }
  }

  /**
   * At the end of a run its transients are held against what the rest of the run had: those that are as bright as
   * noise now are taken back.
   */
  function lookBack(state: SearchState): void {
    if (following === undefined) return;
    const { channels } = state, { numbers } = channels;
    for (const transient of state.ended) {
      const at = slotOf(channels, transient.channel) * channels.stride;
      const { counts, startS, endS } = transient, lengthS = (endS - startS) * state.clock.rate;
      const restS = state.clock.lastS - numbers[at + CHANNEL.runLiveS]! - lengthS;
      if (!(restS > 0)) continue;
      const inRun = numbers[at + CHANNEL.counts]! - numbers[at + CHANNEL.runCounts]!;
      const rate = Math.max(0, inRun - counts) / restS;
      const expected = Math.max(transient.expected, rate * lengthS);
      const value = knownRatio(counts, expected);
      if (value >= state.threshold.value) continue;
      send(state, { ...transient, expected, value }, "retraction");
    }
    state.ended = [];
  }

  /** The cells are elsewhere now: what was in them is over. */
  function forgetCells(state: SearchState): void {
    closeAll(state);
    state.bank = createFocusBank({ muMin, ignoreBelow: IGNORED });
    clearChannels(state.channels);
  }

  function addBatch(state: SearchState, batch: EventBatch): void {
    const { grid } = state, { timeS } = batch.columns, n = batch.length;
    const column = (name: string) => columnNumbers(requireColumn(batch, name, "transientSearch"));
    const ra = grid.needsSky ? column("raDeg") : none(n),
      dec = grid.needsSky ? column("decDeg") : none(n);
    const energy = needsEnergy ? column("energyTeV") : none(n);
    if (grid.cellsInto !== undefined) {
      if (single.length < n) single = new Int32Array(n);
      grid.cellsInto({ lonDeg: ra, latDeg: dec }, n, single);
    }
    const isWide = grid.cellsInto !== undefined && grid.nCells > MANY_CELLS;
    for (let i = 0; i < n; i++) {
      if (isWide && i % AHEAD === 0) lookAhead(state, i, Math.min(n, i + AHEAD));
      const t = timeS[i]!;
      if (!(t >= state.lastS) || t === Infinity) {
        state.late++;
        continue;
      }
      state.seen++;
      state.lastS = t;
      if (t >= state.tickS) tick(state, t);
      const e = energy[i]!;
      let nCells = 1;
      if (grid.cellsInto === undefined) nCells = grid.cellsOf(ra[i]!, dec[i]!, found);
      else found[0] = single[i]!;
      let isIn = false;
      if (nCells > 0) {
        keepPhoton(state.photons, t, ra[i]!, dec[i]!, e);
        const liveS = liveAt(state.clock, t);
        for (let b = 0; b < nBands; b++) {
          if (needsEnergy && !isInBand(bands[b]!, e)) continue;
          isIn = true;
          for (let k = 0; k < nCells; k++) update(state, found[k]! * nBands + b, t, liveS);
        }
      }
      if (!isIn) state.outside++;
    }
  }

  /** Reads what the next photons need, so that they wait for memory together. */
  function lookAhead({ channels, bank }: SearchState, from: number, to: number): void {
    const { numbers, stride } = channels;
    let sum = 0;
    for (let i = from; i < to; i++) {
      for (let b = 0; b < nBands; b++) {
        const slot = single[i]! < 0 ? -1 : slotOf(channels, single[i]! * nBands + b);
        if (slot >= 0) {
          sum += numbers[slot * stride]! + numbers[slot * stride + 7]! + bank.peek(slot);
        }
      }
    }
    looked[0] = sum;
  }

  /** At each tick what is open is looked after, and the threshold made anew. */
  function tick(state: SearchState, timeS: number): void {
    state.tickS = (Math.floor(timeS / TICK_S) + 1) * TICK_S;
    const liveS = liveAt(state.clock, timeS), { numbers, stride } = state.channels;
    for (const excursion of [...state.excursions.values()]) {
      const at = excursion.slot * stride, passedS = liveS - numbers[at + CHANNEL.liveS]!;
      const lambda = numbers[at + CHANNEL.lambda]! + numbers[at + CHANNEL.rate]! * passedS;
      const now = {
        counts: numbers[at + CHANNEL.stepped]! - excursion.startX,
        expected: lambda - excursion.startB,
      };
      const ratio = knownRatio(now.counts, now.expected);
      const sigma = Math.sqrt(2 * estimatedRatio(ratio, now, numbers[at + CHANNEL.off]!));
      if (sigma < Math.sqrt(2 * excursion.value) - HYSTERESIS) close(state, excursion);
    }
    state.threshold = createThreshold(table, { farHz, updates: state.updates, liveS });
  }

  /** A photon of a channel. */
  function update(state: SearchState, channel: number, timeS: number, liveS: number): void {
    const { channels } = state, known = slotOf(channels, channel);
    const slot = known < 0 ? newSlot(state, channel, liveS) : known;
    const p = channels.numbers, at = slot * channels.stride;
    if (rates !== undefined) {
      const pane = Math.floor(timeS / rates.paneS);
      if (pane !== p[at + CHANNEL.ratePane]) {
        rates.refresh(state.edges, p, at, { pane, liveS, timeS });
      }
      countInPane(p, at + CHANNEL.ring, nPanes, pane);
    }
    const lambda = p[at]! + p[at + CHANNEL.rate]! * (liveS - p[at + CHANNEL.liveS]!);
    p[at] = lambda;
    p[at + CHANNEL.liveS] = liveS;
    p[at + CHANNEL.counts] = p[at + CHANNEL.counts]! + 1;
    if (p[at + CHANNEL.rate] === 0) return;
    state.updates++;
    p[at + CHANNEL.stepped] = p[at + CHANNEL.stepped]! + 1;
    const ratio = state.bank.step(slot, lambda, timeS);
    const value = ratio > 0 ? estimatedRatio(ratio, state.bank.window, p[at + CHANNEL.off]!) : 0;
    p[at + CHANNEL.value] = value;
    if (value > 0) weigh(state, slot, value);
  }

  /** Whether a window is worth a word. */
  function weigh(state: SearchState, slot: number, value: number): void {
    const known = state.excursions.get(slot);
    if (known !== undefined) return rise(state, known, value);
    if (value >= state.threshold.value) rise(state, open(state, slot), value);
  }

  function newSlot(state: SearchState, channel: number, liveS: number): number {
    const { channels, grid } = state, slot = addChannel(channels, channel);
    const at = slot * channels.stride, p = channels.numbers;
    p[at + CHANNEL.liveS] = liveS;
    p[at + CHANNEL.ratePane] = -Infinity;
    if (following !== undefined) {
      p[at + CHANNEL.runLiveS] = liveS;
      return slot;
    }
    const { rate, off } = steadyRate(background as Exclude<SearchBackground, FollowingBackground>, {
      channel,
      bands,
      grid,
    });
    p[at + CHANNEL.rate] = rate;
    p[at + CHANNEL.off] = off;
    return slot;
  }

  function open(state: SearchState, slot: number): Excursion {
    const { window } = state.bank, channel = state.channels.channels[slot]!;
    let transient = neighbourOf(state.transients, channel, { grid: state.grid, nBands, joinDeg });
    if (transient === undefined) {
      const name = channelName({ grid: state.grid, bands }, channel);
      transient = {
        id: transientId({ key: identity.key, epoch: state.epoch }, name, window.onsetS),
        record: 0,
        nOpen: 0,
        channel,
        value: 0,
        startS: window.onsetS,
        endS: window.onsetS,
        counts: 0,
        expected: 0,
        sentValue: 0,
      };
      state.transients.push(transient);
    }
    transient.nOpen++;
    const excursion: Excursion = {
      slot,
      value: 0,
      startS: window.onsetS,
      endS: state.lastS,
      counts: 0,
      expected: 0,
      startB: window.startB,
      startX: window.startX,
      transient,
    };
    state.excursions.set(slot, excursion);
    return excursion;
  }

  /** The best window of an excursion grows. */
  function rise(state: SearchState, excursion: Excursion, value: number): void {
    if (value <= excursion.value) return;
    const { window } = state.bank, { transient } = excursion;
    const best = {
      value,
      startS: window.onsetS,
      endS: state.lastS,
      counts: window.counts,
      expected: window.expected,
    };
    Object.assign(excursion, best, { startB: window.startB, startX: window.startX });
    if (value <= transient.value) return;
    Object.assign(transient, best, { channel: state.channels.channels[excursion.slot]! });
    if (transient.record === 0) send(state, transient, "initial");
    else if (value >= GROWTH * GROWTH * transient.sentValue) send(state, transient, "update");
  }

  function close(state: SearchState, excursion: Excursion): void {
    const { slot, transient } = excursion;
    state.excursions.delete(slot);
    state.bank.reset(slot);
    if (--transient.nOpen > 0) return;
    state.transients = state.transients.filter((one) => one !== transient);
    send(state, transient, "end");
    state.ended.push(transient);
  }

  function closeAll(state: SearchState): void {
    for (const excursion of [...state.excursions.values()]) close(state, excursion);
  }

  function send(
    state: SearchState,
    transient: OpenTransient,
    phase: AlertPhase,
  ): void {
    const alert = messageOf(transient, phase, contextOf(state));
    transient.record++;
    transient.sentValue = transient.value;
    state.messages.push(Object.freeze({ seq: state.nextSeq++, alert }));
    if (state.messages.length > keepMessages) state.messages.shift();
  }

  function contextOf(state: SearchState): MessageContext {
    return {
      key: identity.key,
      grid: state.grid,
      bands,
      epoch: state.epoch,
      psfDeg,
      photons: state.photons,
      detectedS: state.lastS,
      farOf(sigma) {
        const { perExpected, extrapolated } = table.perExpected(sigma);
        return { farHz: state.threshold.ratePerS * perExpected, isCalibrated: !extrapolated };
      },
      livetimeS: state.clock.lastS,
      fixed: {
        observatory: options.observatory ?? (state.instrument.split(" ")[0] || "unknown"),
        instrument: options.instrument ?? (state.instrument || "unknown"),
        software: "gammarx",
        tense: options.tense ?? "archival",
        kind: "focus-unbinned",
      },
      inputs: state.inputs.map((one) => one.label),
    };
  }

  const result = (state: SearchState): SearchResult =>
    resultOf(state, { bands, background, joinDeg, farHz });

  return { identity, create, add, result };
}

/** Observations that go on are the inputs of a message, or those that have ended last. */
function openInput(state: SearchState, { source, obsId }: ObsStart): void {
  const label = [source, obsId].filter((one) => one !== "").join("#");
  const others = state.inputs.filter((one) => one.isOpen && one.label !== label);
  state.inputs = label === "" ? others : [...others, { label, obsId, isOpen: true }];
}

/** What of a background tells it from others. */
function named(background: SearchBackground): unknown {
  if (background.method === "model") return { method: "model", name: background.name };
  if (background.method !== "run") return background;
  const { totals } = background;
  return { method: "run", livetimeS: totals.livetimeS, counts: [...totals.counts] };
}
