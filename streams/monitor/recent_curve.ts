import { exposureOf, type StreamItem } from "../../src/data/mod.ts";
import { type EventEpoch, rebaseGti, requireColumn } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { type Accumulator, checkKeys, checkSnapshot, type Snapshot } from "../accumulators/mod.ts";

/** A band of energy. */
export interface MonitorBand {
  /** What it is called. */
  readonly name: string;
  /** Energies, TeV: low <= E < high; all where left out. */
  readonly energyTeV?: readonly [number, number] | undefined;
}

/** The last bins of light curves by band. */
export interface RecentCurve {
  /** Width of a bin, s. */
  readonly widthS: number;
  /** Time of the edge of bin 0, s after the epoch. */
  readonly originS: number;
  /** Numbers of the bins that hold events or live time, ascending. */
  readonly bins: readonly number[];
  /** Live time of each, s. */
  readonly livetimeS: readonly number[];
  /** Counts by band, then bin. */
  readonly counts: readonly (readonly number[])[];
  /** Events of times before the first bin that is kept, by band. */
  readonly before: readonly number[];
}

/** How much is kept. */
export interface RecentCurveOptions {
  /** The stream's epoch. */
  readonly epoch: EventEpoch;
  /** Width of a bin, s, > 0. */
  readonly widthS: number;
  /** Edge of bin 0, s after the epoch; 0. */
  readonly originS?: number | undefined;
  /** Bands, at least one. */
  readonly bands: readonly MonitorBand[];
  /** Bins up to that of the latest event or heartbeat, 1 or more; 3600. */
  readonly nBins?: number | undefined;
}

/** State of {@link recentCurve}. */
export interface RecentCurveState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Number of the latest bin; −∞ before any. */
  latest: number;
  /** Counts by band, then live time from heartbeats, by number of the bin. */
  readonly bins: Map<number, Float64Array>;
  /** Good time intervals that reach into what is kept or beyond: start, stop, live fraction. */
  intervals: number[];
  /** Events before what is kept, by band. */
  readonly before: Float64Array;
}

/**
 * Light curves by band over the last bins of an absolute grid: what a live view shows of an endless
 * stream. Live time comes from good time intervals and heartbeats; where several streams overlap,
 * theirs is added up.
 *
 * @param options Grid, bands, number of bins.
 * @returns An accumulator; counts are exact, live times are rounded sums. It needs `energyTeV` where a
 *   band has energies.
 * @throws RangeError for a width, number of bins or bands that is not positive.
 * @example
 * ```ts
 * import { recentCurve } from "@gammarx/gammarx/monitor";
 * import { fold } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { deepStrictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0], "TT");
 * const curve = recentCurve({ epoch, widthS: 10, bands: [{ name: "all" }], nBins: 2 });
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 12, 15, 25) });
 * const { bins, counts, before } = curve.result(fold(curve, [batch]));
 * deepStrictEqual([bins, counts, before], [[1, 2], [[2, 1]], [1]]);
 * ```
 */
export function recentCurve(
  options: RecentCurveOptions,
): Accumulator<StreamItem, RecentCurveState, RecentCurve> {
  const { epoch, widthS, originS = 0, bands, nBins = 3600 } = options, nBands = bands.length;
  if (!(widthS > 0 && widthS < Infinity && nBins >= 1 && nBands > 0 && Number.isFinite(originS))) {
    throw new RangeError(
      `A curve has bins of more than 0 s, 1 or more of them and of bands, found ${nBins} of ` +
        `${widthS} s and ${nBands} bands`,
    );
  }
  const identity = {
    kind: "recent-curve",
    version: 1,
    key: fingerprint({
      epoch: { ...epoch },
      widthS,
      originS,
      nBins,
      bands: bands.map(({ name, energyTeV }) => ({
        name,
        energyTeV: energyTeV === undefined ? null : [...energyTeV],
      })),
    }),
  };
  const binOf = (timeS: number) => Math.floor((timeS - originS) / widthS);
  const edgeS = (bin: number) => originS + bin * widthS;
  function sumsOf(state: RecentCurveState, bin: number): Float64Array {
    let sums = state.bins.get(bin);
    if (sums === undefined) state.bins.set(bin, sums = new Float64Array(nBands + 1));
    return sums;
  }
  /** Lets go of what is before the last bins. */
  function advance(state: RecentCurveState, bin: number): void {
    if (!(bin > state.latest)) return;
    state.latest = bin;
    const first = bin - nBins + 1;
    for (const [number, sums] of state.bins) {
      if (number >= first) continue;
      for (let band = 0; band < nBands; band++) state.before[band]! += sums[band]!;
      state.bins.delete(number);
    }
    const { intervals } = state, firstS = edgeS(first);
    for (let i = 0; i < intervals.length; i += 3) {
      if (intervals[i + 1]! > firstS) continue;
      state.intervals = intervals.filter((_, k) => intervals[k - k % 3 + 1]! > firstS);
      break;
    }
  }
  function addEvents(state: RecentCurveState, item: StreamItem & { kind: "batch" }): void {
    const { timeS } = item.columns;
    const energy = bands.some((band) => band.energyTeV !== undefined)
      ? requireColumn(item, "energyTeV", "recentCurve")
      : undefined;
    for (let i = 0; i < timeS.length; i++) {
      const bin = binOf(timeS[i]!);
      if (!Number.isFinite(bin)) continue;
      if (bin > state.latest) advance(state, bin);
      const to = bin > state.latest - nBins ? sumsOf(state, bin) : state.before;
      for (let band = 0; band < nBands; band++) {
        const range = bands[band]!.energyTeV;
        if (range === undefined || (energy![i]! >= range[0] && energy![i]! < range[1])) {
          to[band] = to[band]! + 1;
        }
      }
    }
  }
  /** Adds live seconds of [fromS, toS] to the bins that are kept. */
  function eachPart(
    state: Readonly<RecentCurveState>,
    [fromS, toS]: readonly [number, number],
    add: (bin: number, seconds: number) => void,
  ): void {
    const startS = Math.max(fromS, edgeS(state.latest - nBins + 1));
    const stopS = Math.min(toS, edgeS(state.latest + 1));
    for (let bin = binOf(startS); edgeS(bin) < stopS; bin++) {
      const seconds = Math.min(stopS, edgeS(bin + 1)) - Math.max(startS, edgeS(bin));
      if (seconds > 0) add(bin, seconds);
    }
  }
  return Object.freeze({
    ...identity,
    order: "any" as const,
    exactness: { kind: "rounding" as const, rtol: 1e-9 },
    create: (): RecentCurveState => ({
      key: identity.key,
      latest: -Infinity,
      bins: new Map(),
      intervals: [],
      before: new Float64Array(nBands),
    }),
    add(state: RecentCurveState, item: StreamItem): void {
      if (item.kind === "batch") return addEvents(state, item);
      if (item.kind === "heartbeat") {
        const { fromS, timeS, livetimeS } = item;
        if (!Number.isFinite(timeS)) return;
        advance(state, binOf(timeS));
        if (!(livetimeS > 0 && timeS > fromS)) return;
        eachPart(state, [fromS, timeS], (bin, seconds) => {
          sumsOf(state, bin)[nBands]! += seconds * livetimeS / (timeS - fromS);
        });
        return;
      }
      const exposure = exposureOf(item);
      if (exposure === undefined) return;
      const { startS, stopS } = rebaseGti(exposure.gti, epoch);
      const firstS = edgeS(state.latest - nBins + 1);
      for (let i = 0; i < startS.length; i++) {
        if (state.latest > -Infinity && stopS[i]! <= firstS) continue;
        state.intervals.push(startS[i]!, stopS[i]!, 1 - exposure.deadTimeFraction);
      }
    },
    merge(into: RecentCurveState, from: Readonly<RecentCurveState>): void {
      checkKeys(into.key, from.key);
      advance(into, from.latest);
      for (let band = 0; band < nBands; band++) into.before[band]! += from.before[band]!;
      for (const [bin, sums] of from.bins) {
        const isKept = bin > into.latest - nBins, to = isKept ? sumsOf(into, bin) : into.before;
        for (let k = 0; k < nBands + +isKept; k++) to[k] = to[k]! + sums[k]!;
      }
      const firstS = edgeS(into.latest - nBins + 1);
      for (let i = 0; i < from.intervals.length; i += 3) {
        if (into.latest > -Infinity && from.intervals[i + 1]! <= firstS) continue;
        into.intervals.push(...from.intervals.slice(i, i + 3));
      }
    },
    result(state: Readonly<RecentCurveState>): RecentCurve {
      const live = new Map<number, number>();
      const addLive = (bin: number, seconds: number) =>
        void live.set(bin, (live.get(bin) ?? 0) + seconds);
      for (const [bin, sums] of state.bins) addLive(bin, sums[nBands]!);
      for (let i = 0; i < state.intervals.length; i += 3) {
        const [fromS, toS, fraction] = state.intervals.slice(i, i + 3) as [number, number, number];
        eachPart(state, [fromS, toS], (bin, seconds) => addLive(bin, seconds * fraction));
      }
      const bins = [...live.keys()].sort((a, b) => a - b);
      return {
        widthS,
        originS,
        bins,
        livetimeS: bins.map((bin) => live.get(bin)!),
        counts: bands.map((_, band) => bins.map((bin) => state.bins.get(bin)?.[band] ?? 0)),
        before: [...state.before],
      };
    },
    snapshot(state: Readonly<RecentCurveState>): Snapshot {
      const bins = [...state.bins.keys()].sort((a, b) => a - b);
      const sums = new Float64Array(bins.length * (nBands + 1));
      bins.forEach((bin, i) => sums.set(state.bins.get(bin)!, i * (nBands + 1)));
      return {
        ...identity,
        data: {
          latest: state.latest,
          bins: Float64Array.from(bins),
          sums,
          intervals: Float64Array.from(state.intervals),
          before: state.before.slice(),
        },
      };
    },
    restore(snapshot: Snapshot): RecentCurveState {
      checkSnapshot(identity, snapshot);
      const { latest, bins, sums, intervals, before } = snapshot.data as {
        latest: number;
        bins: Float64Array;
        sums: Float64Array;
        intervals: Float64Array;
        before: Float64Array;
      };
      const size = nBands + 1;
      return {
        key: identity.key,
        latest,
        bins: new Map([...bins].map((bin, i) => [bin, sums.slice(i * size, (i + 1) * size)])),
        intervals: [...intervals],
        before: before.slice(),
      };
    },
  });
}
