/* The state of a transient search, and the plain data that it comes to rest in. */
import type { EventEpoch } from "../../src/events/mod.ts";
import { createEpoch } from "../../src/time/mod.ts";
import { createRecentPhotons, type RecentPhotons } from "./_recent_photons.ts";
import { createPaneRing, type PaneRing } from "./_search_background.ts";
import { createSearchClock, type SearchClock } from "./_search_clock.ts";
import type { SearchThreshold } from "./_search_threshold.ts";
import type { Excursion, OpenTransient, SearchMessage } from "./_transient_events.ts";
import type { SnapshotValue } from "./accumulator.ts";
import { type FocusBank, type FocusBankSnapshot, restoreFocusBank } from "./focus_bank.ts";
import type { CellGrid } from "./search_cells.ts";

/** One slot of the search for each channel that has had a photon. */
export interface SearchSlot {
  readonly channel: number;
  /** Cumulative expected counts at the last photon. */
  lambda: number;
  /** Live time there. */
  liveS: number;
  /** Expected a live second. */
  rate: number;
  /** Pane for which the rate was made. */
  ratePane: number;
  /** Photons. */
  counts: number;
  /** Photons at the start of the run. */
  runCounts: number;
  /** Live time there, s. */
  runLiveS: number;
  /** Value of the last step. */
  value: number;
  readonly ring: PaneRing | undefined;
}

export interface SearchState {
  readonly grid: CellGrid;
  readonly clock: SearchClock;
  bank: FocusBank;
  readonly photons: RecentPhotons;
  slots: SearchSlot[];
  slotOf: Map<number, number>;
  excursions: Map<number, Excursion>;
  transients: OpenTransient[];
  /** Those that ended in this run. */
  ended: OpenTransient[];
  messages: SearchMessage[];
  nextSeq: number;
  epoch: EventEpoch;
  instrument: string;
  inputs: string[];
  /** Where the cells are turned to: right ascension and declination, deg; NaN where to nothing. */
  readonly pointing: Float64Array;
  /** Live time at the edges of panes, by pane modulo length, and the last edge. */
  readonly edges: PaneRing;
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
  { grid, bank, keepPhotons, nPanes, threshold }: {
    readonly grid: CellGrid;
    readonly bank: FocusBank;
    readonly keepPhotons: number;
    readonly nPanes: number;
    readonly threshold: SearchThreshold;
  },
): SearchState {
  return {
    grid,
    clock: createSearchClock(),
    bank,
    photons: createRecentPhotons(keepPhotons),
    slots: [],
    slotOf: new Map(),
    excursions: new Map(),
    transients: [],
    ended: [],
    messages: [],
    nextSeq: 0,
    epoch: createEpoch([0, 0], "TT"),
    instrument: "",
    inputs: [],
    pointing: Float64Array.of(NaN, NaN),
    edges: createPaneRing(nPanes),
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
  const { clock, photons, slots, edges, bank, threshold } = state;
  const column = (of: (slot: SearchSlot) => number) => Float64Array.from(slots, of);
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
    channels: column((slot) => slot.channel),
    slots: [
      column((slot) => slot.lambda),
      column((slot) => slot.liveS),
      column((slot) => slot.rate),
      column((slot) => slot.ratePane),
      column((slot) => slot.counts),
      column((slot) => slot.value),
      column((slot) => slot.runCounts),
      column((slot) => slot.runLiveS),
      column((slot) => slot.ring?.pane ?? NaN),
    ],
    rings: Float64Array.from(slots.flatMap((slot) => [...slot.ring?.counts ?? []])),
    edges: edges.counts.slice(),
    edgePane: Float64Array.of(edges.pane),
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
    slots: Float64Array[];
    rings: Float64Array;
    edges: Float64Array;
    edgePane: Float64Array;
    texts: string;
  };
  const texts = JSON.parse(packed.texts) as {
    epoch: EventEpoch;
    instrument: string;
    inputs: string[];
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
  const nPanes = into.edges.counts.length, hasRings = packed.rings.length > 0;
  into.slots = Array.from(packed.channels, (channel, k): SearchSlot => {
    const [lambda, liveS, slotRate, ratePane, counts, best, runCounts, runLiveS, pane] = packed
      .slots.map((one) => one[k]!);
    const ring = hasRings
      ? { counts: packed.rings.slice(k * nPanes, (k + 1) * nPanes), pane: pane! }
      : undefined;
    return {
      channel,
      lambda: lambda!,
      liveS: liveS!,
      rate: slotRate!,
      ratePane: ratePane!,
      counts: counts!,
      value: best!,
      runCounts: runCounts!,
      runLiveS: runLiveS!,
      ring,
    };
  });
  into.slotOf = new Map(into.slots.map(({ channel }, k) => [channel, k]));
  into.edges.counts.set(packed.edges);
  into.edges.pane = packed.edgePane[0]!;
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
