/* The state of a transient search, and the plain data that it comes to rest in. */
import type { EventEpoch } from "../../src/events/mod.ts";
import { createEpoch } from "../../src/time/mod.ts";
import { createRecentPhotons, type RecentPhotons } from "./_recent_photons.ts";
import { addChannel, type ChannelTable, createChannelTable } from "./_channel_table.ts";
import { clearRing } from "./_search_background.ts";
import { createSearchClock, type SearchClock } from "./_search_clock.ts";
import type { SearchThreshold } from "./_search_threshold.ts";
import type { Excursion, OpenTransient, SearchMessage } from "./_transient_events.ts";
import type { SnapshotValue } from "./accumulator.ts";
import { type FocusBank, type FocusBankSnapshot, restoreFocusBank } from "./focus_bank.ts";
import type { CellGrid } from "./search_cells.ts";

/** An observation whose photons a message may be of. */
export interface SearchInput {
  /** Source and observation. */
  readonly label: string;
  readonly obsId: string;
  readonly isOpen: boolean;
}

export interface SearchState {
  readonly grid: CellGrid;
  readonly clock: SearchClock;
  bank: FocusBank;
  readonly photons: RecentPhotons;
  readonly channels: ChannelTable;
  excursions: Map<number, Excursion>;
  transients: OpenTransient[];
  /** Those that ended in this run. */
  ended: OpenTransient[];
  messages: SearchMessage[];
  nextSeq: number;
  epoch: EventEpoch;
  instrument: string;
  inputs: readonly SearchInput[];
  /** Where the cells are turned to: right ascension and declination, deg; NaN where to nothing. */
  readonly pointing: Float64Array;
  /** Live time at the edges of panes, by pane modulo length, and the last edge. */
  readonly edges: Float64Array;
  lastS: number;
  /** Next time at which excursions are looked after and the threshold is made anew, s. */
  tickS: number;
  threshold: SearchThreshold;
  updates: number;
  seen: number;
  outside: number;
  late: number;
}

export function createSearchState(
  { grid, bank, nBands, keepPhotons, nPanes, threshold }: {
    readonly grid: CellGrid;
    readonly bank: FocusBank;
    readonly nBands: number;
    readonly keepPhotons: number;
    readonly nPanes: number;
    readonly threshold: SearchThreshold;
  },
): SearchState {
  const edges = new Float64Array(nPanes + 1);
  clearRing(edges, 0, nPanes);
  return {
    grid,
    clock: createSearchClock(),
    bank,
    photons: createRecentPhotons(keepPhotons),
    channels: createChannelTable(grid.nCells * nBands, nPanes),
    excursions: new Map(),
    transients: [],
    ended: [],
    messages: [],
    nextSeq: 0,
    epoch: createEpoch([0, 0], "TT"),
    instrument: "",
    inputs: [],
    pointing: Float64Array.of(NaN, NaN),
    edges,
    lastS: -Infinity,
    tickS: -Infinity,
    threshold,
    updates: 0,
    seen: 0,
    outside: 0,
    late: 0,
  };
}

/** Numbers of the state that may be infinite or none, which JSON does not hold. */
const NUMBERS = ["lastS", "tickS"] as const;
const COUNTS = ["nextSeq", "updates", "seen", "outside", "late"] as const;

/** The state as plain data; not shared with it. */
export function packSearch(state: SearchState): Record<string, SnapshotValue> {
  const { clock, photons, channels, edges, bank, threshold } = state;
  const kept = Math.min(photons.total, photons.timeS.length);
  const transients = state.transients.map((one) => ({ ...one }));
  return {
    numbers: Float64Array.from([...NUMBERS, ...COUNTS], (name) => state[name]),
    clock: Float64Array.of(
      clock.baseS,
      clock.fromS,
      clock.rate,
      clock.next,
      +clock.hasGti,
      clock.lastS,
    ),
    gtiStartS: clock.startS.slice(),
    gtiStopS: clock.stopS.slice(),
    pointing: state.pointing.slice(),
    threshold: Float64Array.of(threshold.value, threshold.sigma, threshold.ratePerS),
    bank: { ...bank.snapshot() } as unknown as SnapshotValue,
    photonTotal: photons.total,
    photons: [photons.timeS, photons.raDeg, photons.decDeg, photons.energyTeV]
      .map((one) => one.slice(0, kept)),
    channels: Float64Array.from(channels.channels.subarray(0, channels.n)),
    channelNumbers: channels.numbers.slice(0, channels.n * channels.stride),
    edges: edges.slice(),
    texts: JSON.stringify({
      epoch: state.epoch,
      instrument: state.instrument,
      inputs: state.inputs,
      messages: state.messages,
      transients,
      ended: state.ended,
      excursions: [...state.excursions.values()].map(({ transient, ...one }) => ({
        ...one,
        transient: state.transients.indexOf(transient),
      })),
    }),
  };
}

/** Fills a new state with what stood in plain data. */
export function unpackSearch(
  data: Readonly<Record<string, SnapshotValue>>,
  into: SearchState,
): SearchState {
  const packed = data as unknown as {
    numbers: Float64Array;
    clock: Float64Array;
    gtiStartS: Float64Array;
    gtiStopS: Float64Array;
    pointing: Float64Array;
    threshold: Float64Array;
    bank: FocusBankSnapshot;
    photonTotal: number;
    photons: Float64Array[];
    channels: Float64Array;
    channelNumbers: Float64Array;
    edges: Float64Array;
    texts: string;
  };
  const texts = JSON.parse(packed.texts) as {
    epoch: EventEpoch;
    instrument: string;
    inputs: SearchInput[];
    messages: SearchMessage[];
    transients: OpenTransient[];
    ended: OpenTransient[];
    excursions: (Omit<Excursion, "transient"> & { transient: number })[];
  };
  [...NUMBERS, ...COUNTS].forEach((name, k) => into[name] = packed.numbers[k]!);
  const [baseS, fromS, rate, next, hasGti, lastS] = packed.clock as unknown as number[];
  Object.assign(into.clock, { baseS, fromS, rate, next, hasGti: hasGti === 1, lastS });
  into.clock.startS = packed.gtiStartS.slice();
  into.clock.stopS = packed.gtiStopS.slice();
  into.pointing.set(packed.pointing);
  const [lonDeg, latDeg] = packed.pointing as unknown as [number, number];
  if (!Number.isNaN(lonDeg)) into.grid.turnTo({ lonDeg, latDeg });
  const [value, sigma, ratePerS] = packed.threshold as unknown as [number, number, number];
  into.threshold = Object.freeze({ value, sigma, ratePerS });
  into.bank = restoreFocusBank(packed.bank);
  const { photons } = into;
  [photons.timeS, photons.raDeg, photons.decDeg, photons.energyTeV].forEach((column, k) =>
    column.set(packed.photons[k]!)
  );
  photons.total = packed.photonTotal;
  packed.channels.forEach((channel) => addChannel(into.channels, channel));
  into.channels.numbers.set(packed.channelNumbers);
  into.edges.set(packed.edges);
  Object.assign(into, {
    epoch: texts.epoch,
    instrument: texts.instrument,
    inputs: texts.inputs,
    messages: texts.messages,
    transients: texts.transients,
    ended: texts.ended,
  });
  into.excursions = new Map(texts.excursions.map((one) => [
    one.slot,
    { ...one, transient: into.transients[one.transient]! },
  ]));
  return into;
}
