import type { StreamItem } from "../../src/data/mod.ts";
import { columnNumbers, gtiSumS, requireColumn } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { separationDeg, type SkyPosition } from "../../src/sky/mod.ts";
import { type Accumulator, checkKeys, checkSnapshot, type Snapshot } from "./accumulator.ts";
import { type CellGrid, createCellGrid, MOST_CELLS, type SearchCells } from "./search_cells.ts";

/** A range of energies of a search. */
export interface SearchBand {
  /** Name. */
  readonly name: string;
  /** Energies low ≤ E < high, TeV; all where absent. */
  readonly energyTeV?: readonly [low: number, high: number] | undefined;
}

/** Events of a run by cell and band, from which a search of the same run takes what is expected. */
export interface RunTotals {
  /** Live time, s. */
  readonly livetimeS: number;
  /** Events of each channel, cell × bands + band; channels without events are not in it. */
  readonly counts: ReadonlyMap<number, number>;
  /** Events a square degree by offset from the pointing and band, in rings of `ringDeg`; empty without pointing. */
  readonly profilePerDeg2: readonly Float64Array[];
  /** Width of the rings, deg. */
  readonly ringDeg: number;
  /** Pointing; undefined where there was none. */
  readonly pointing: SkyPosition | undefined;
}

/** State of {@link runTotals}. */
export interface RunTotalsState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Live time, s. */
  livetimeS: number;
  /** Events by channel. */
  readonly counts: Map<number, number>;
  /** Events by ring, a row a band. */
  readonly rings: Float64Array;
  /** Right ascension of the pointing, deg; NaN without. */
  raDeg: number;
  /** Its declination, deg. */
  decDeg: number;
}

const RING_DEG = 0.2, RINGS = 50;

/**
 * Counts the events of one run by cell and band, and by offset from the pointing: the first of two passes of a
 * search with `background: { method: "run" }`.
 *
 * @param options The cells and bands of the search.
 * @returns An accumulator over the items of one observation.
 * @throws As `createCellGrid`.
 * @example
 * ```ts
 * import { fold, runTotals } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * const totals = runTotals({ cells: { kind: "whole" } });
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 2) });
 * strictEqual(totals.result(fold(totals, [batch])).counts.get(0), 2);
 * ```
 */
export function runTotals(
  options: { readonly cells: SearchCells; readonly bands?: readonly SearchBand[] },
): Accumulator<StreamItem, RunTotalsState, RunTotals> {
  const { cells, bands = [{ name: "all" }] } = options, nBands = bands.length;
  createCellGrid(cells); // what is wrong with them is said now
  const identity = {
    kind: "run-totals",
    version: 1,
    key: fingerprint(JSON.stringify({ cells, bands })),
  };
  const create = (): RunTotalsState => ({
    key: identity.key,
    livetimeS: 0,
    counts: new Map(),
    rings: new Float64Array(nBands * RINGS),
    raDeg: NaN,
    decDeg: NaN,
  });
  const grids = new WeakMap<RunTotalsState, CellGrid>();
  const gridOf = (state: RunTotalsState): CellGrid => {
    let grid = grids.get(state);
    if (grid === undefined) {
      grids.set(state, grid = createCellGrid(cells));
      const { raDeg, decDeg } = state;
      if (!Number.isNaN(raDeg)) grid.turnTo({ lonDeg: raDeg, latDeg: decDeg });
    }
    return grid;
  };
  const found = new Int32Array(MOST_CELLS);
  return Object.freeze({
    ...identity,
    order: "any" as const,
    exactness: { kind: "exact" as const },
    create,
    add(state: RunTotalsState, item: StreamItem): void {
      if (item.kind === "obs-start") {
        if (item.pointing !== undefined) {
          state.raDeg = item.pointing.raDeg;
          state.decDeg = item.pointing.decDeg;
          gridOf(state).turnTo({ lonDeg: state.raDeg, latDeg: state.decDeg });
        }
        if (item.gti !== undefined && !item.resumed) {
          state.livetimeS += gtiSumS(item.gti) * (1 - item.deadTimeFraction);
        }
      }
      if (item.kind === "heartbeat") state.livetimeS += item.livetimeS;
      if (item.kind !== "batch") return;
      const grid = gridOf(state), { counts, rings } = state;
      const column = (name: string) => columnNumbers(requireColumn(item, name, "runTotals"));
      const ra = grid.needsSky ? column("raDeg") : undefined;
      const dec = grid.needsSky ? column("decDeg") : undefined;
      const energy = bands.some((one) => one.energyTeV) ? column("energyTeV") : undefined;
      const pointing = { lonDeg: state.raDeg, latDeg: state.decDeg };
      for (let i = 0; i < item.length; i++) {
        const n = grid.cellsOf(ra?.[i] ?? NaN, dec?.[i] ?? NaN, found);
        const ring = ra === undefined || Number.isNaN(pointing.lonDeg)
          ? RINGS
          : Math.floor(separationDeg(pointing, { lonDeg: ra[i]!, latDeg: dec![i]! }) / RING_DEG);
        for (let b = 0; b < nBands; b++) {
          if (!isInBand(bands[b]!, energy?.[i] ?? NaN)) continue;
          if (ring < RINGS) rings[b * RINGS + ring] = rings[b * RINGS + ring]! + 1;
          for (let k = 0; k < n; k++) {
            const channel = found[k]! * nBands + b;
            counts.set(channel, (counts.get(channel) ?? 0) + 1);
          }
        }
      }
    },
    merge(into: RunTotalsState, from: Readonly<RunTotalsState>): void {
      checkKeys(into.key, from.key);
      into.livetimeS += from.livetimeS;
      from.counts.forEach((n, channel) =>
        into.counts.set(channel, (into.counts.get(channel) ?? 0) + n)
      );
      from.rings.forEach((n, k) => into.rings[k] = into.rings[k]! + n);
      if (Number.isNaN(into.raDeg)) Object.assign(into, { raDeg: from.raDeg, decDeg: from.decDeg });
    },
    result(state: Readonly<RunTotalsState>): RunTotals {
      const { raDeg, decDeg, rings } = state, hasPointing = !Number.isNaN(raDeg);
      const area = (k: number) =>
        2 * Math.PI * (180 / Math.PI) ** 2 *
        (Math.cos(k * RING_DEG * Math.PI / 180) - Math.cos((k + 1) * RING_DEG * Math.PI / 180));
      return Object.freeze({
        livetimeS: state.livetimeS,
        counts: new Map([...state.counts].sort(([a], [b]) => a - b)),
        profilePerDeg2: hasPointing
          ? bands.map((_, b) => rings.slice(b * RINGS, (b + 1) * RINGS).map((n, k) => n / area(k)))
          : [],
        ringDeg: RING_DEG,
        pointing: hasPointing ? { lonDeg: raDeg, latDeg: decDeg } : undefined,
      });
    },
    snapshot(state: Readonly<RunTotalsState>): Snapshot {
      const entries = [...state.counts].sort(([a], [b]) => a - b);
      const { livetimeS, raDeg, decDeg, rings } = state;
      return {
        ...identity,
        data: {
          livetimeS,
          pointing: Float64Array.of(raDeg, decDeg),
          rings: rings.slice(),
          channels: Float64Array.from(entries, ([channel]) => channel),
          counts: Float64Array.from(entries, ([, n]) => n),
        },
      };
    },
    restore(snapshot: Snapshot): RunTotalsState {
      checkSnapshot(identity, snapshot);
      const data = snapshot.data as unknown as {
        livetimeS: number;
        pointing: Float64Array;
        rings: Float64Array;
        channels: Float64Array;
        counts: Float64Array;
      };
      return {
        ...create(),
        livetimeS: data.livetimeS,
        raDeg: data.pointing[0]!,
        decDeg: data.pointing[1]!,
        rings: data.rings.slice(),
        counts: new Map(Array.from(data.channels, (channel, k) => [channel, data.counts[k]!])),
      };
    },
  });
}

/** Whether an energy is in a band; one without energy is in that of all. */
export function isInBand({ energyTeV }: SearchBand, energy: number): boolean {
  return energyTeV === undefined || (energy >= energyTeV[0] && energy < energyTeV[1]);
}
