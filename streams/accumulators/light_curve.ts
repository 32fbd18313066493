import { exposureOf, type StreamItem } from "../../src/data/mod.ts";
import { rebaseGti } from "../../src/events/mod.ts";
import type { EventEpoch } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { gridCell } from "./_grid.ts";
import { type Accumulator, checkKeys, checkSnapshot, type Snapshot } from "./accumulator.ts";
import {
  addSparse,
  BLOCK,
  createSparseSums,
  mergeSparse,
  type PackedSparseSums,
  packSparse,
  sparseBlock,
  sparseEntries,
  type SparseSums,
  unpackSparse,
} from "./sparse_sums.ts";

/**
 * Counts and live time per bin of time, edge[i] <= t < edge[i + 1]. Neighbouring bins that hold
 * neither are joined into one.
 */
export interface LightCurve {
  /** Instant from which the edges count. */
  readonly epoch: EventEpoch;
  /** Width of a bin, seconds: the one asked for times a power of two. */
  readonly widthS: number;
  /** Edges, seconds after the epoch, n + 1; empty where nothing was seen. */
  readonly edgesS: Float64Array;
  /** Counts per bin, n. */
  readonly counts: Float64Array;
  /** Live time per bin, seconds, n. */
  readonly livetimeS: Float64Array;
  /** Events without a time, or 2⁵² bins and more away from the origin. */
  readonly nWithoutTime: number;
}

/** How a light curve is binned. */
export interface LightCurveOptions {
  /** The stream's epoch. */
  readonly epoch: EventEpoch;
  /** Width of a bin, seconds, > 0. */
  readonly widthS: number;
  /** An edge of the grid, seconds after the epoch; 0. */
  readonly originS?: number;
  /**
   * Most bins to keep at once, rounded up to whole blocks of 1024, at least two (one on either
   * side of the origin); 2²². Beyond it neighbouring bins are joined two by two, as often as
   * needed, so that an endless stream fits.
   */
  readonly maxBins?: number;
}

/** State of {@link lightCurve}. */
export interface LightCurveState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Bins are 2^level times as wide as asked for. */
  level: number;
  /** Events without a time, or too far from the origin. */
  nWithoutTime: number;
  /** Counts by bin. */
  counts: SparseSums;
  /** Live seconds by bin. */
  livetimeS: SparseSums;
}

/**
 * Counts events on an absolute grid of time with edges origin + k width, with the live time of each
 * bin from the good time intervals or heartbeats.
 *
 * @param options Epoch and width of the bins.
 * @returns An accumulator; counts are exact, live times are rounded sums.
 * @throws RangeError for a width that is not positive, an origin that is not finite; while adding,
 *   for good time 2⁵² bins away from the origin.
 * @example
 * ```ts
 * import { fold, lightCurve } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { deepStrictEqual } from "node:assert/strict";
 * const curve = lightCurve({ epoch: createEpoch([51910, 0], "TT"), widthS: 10 });
 * const batch = createEventBatch({ timeS: Float64Array.of(1, 2, 15) });
 * deepStrictEqual([...curve.result(fold(curve, [batch])).counts], [2, 1]);
 * ```
 */
export function lightCurve(
  options: LightCurveOptions,
): Accumulator<StreamItem, LightCurveState, LightCurve> {
  const { epoch, widthS, originS = 0, maxBins = 1 << 22 } = options;
  if (!(widthS > 0) || !Number.isFinite(widthS)) {
    throw new RangeError(`Bins of a light curve have a width above 0 s, found ${widthS}`);
  }
  if (!Number.isFinite(originS)) {
    throw new RangeError(`The origin of a light curve is a finite time, found ${originS}`);
  }
  // Bins −1 and 0 are never joined, however wide they grow: fewer than two blocks cannot be kept.
  const maxBlocks = Math.max(2, Math.ceil(maxBins / BLOCK));
  const identity = {
    kind: "light-curve",
    version: 1,
    key: fingerprint({ epoch: { ...epoch }, widthS, originS, maxBlocks }),
  };

  function addEvents(state: LightCurveState, timeS: Float64Array): void {
    const width = widthS * 2 ** state.level, limit = 2 ** (52 - state.level);
    // The bin of the event before: most events are in it too.
    let block = NO_BINS, at = 0, lowS = Infinity, highS = -Infinity;
    for (let i = 0; i < timeS.length; i++) {
      const t = timeS[i]!;
      if (!(t >= lowS && t < highS)) {
        const bin = gridCell(t, originS, width);
        if (!(bin >= -limit && bin < limit)) {
          state.nWithoutTime++;
          continue;
        }
        const number = Math.floor(bin / BLOCK);
        block = sparseBlock(state.counts, number);
        at = bin - number * BLOCK;
        lowS = originS + bin * width;
        highS = originS + (bin + 1) * width;
      }
      block[at] = block[at]! + 1;
    }
  }

  /** Spreads live time evenly over [fromS, toS]. */
  function addLivetime(state: LightCurveState, fromS: number, toS: number, fraction: number): void {
    if (!(Math.max(originS - fromS, toS - originS) / widthS < 2 ** 52)) {
      throw new RangeError(
        `Good time from ${fromS} s to ${toS} s does not fit a grid of ${widthS} s about ` +
          `${originS} s: take wider bins, or another origin`,
      );
    }
    // What would not fit anyway is not spread out first.
    while ((toS - fromS) / (widthS * 2 ** state.level) > maxBlocks * BLOCK + 1) {
      coarsenTo(state, state.level + 1);
    }
    const width = widthS * 2 ** state.level;
    let bin = gridCell(fromS, originS, width);
    for (let low = fromS; low < toS; bin++) {
      const high = Math.min(toS, originS + (bin + 1) * width);
      addSparse(state.livetimeS, bin, (high - low) * fraction);
      low = high;
    }
    coarsenTo(state, state.level);
  }

  function coarsenTo(state: LightCurveState, level: number): void {
    while (state.level < level || nBlocks(state) > maxBlocks) {
      state.counts = coarser(state.counts);
      state.livetimeS = coarser(state.livetimeS);
      state.level++;
    }
  }

  return Object.freeze({
    ...identity,
    order: "any" as const,
    exactness: { kind: "rounding" as const, rtol: 1e-12 },
    create: (): LightCurveState => ({
      key: identity.key,
      level: 0,
      nWithoutTime: 0,
      counts: createSparseSums(),
      livetimeS: createSparseSums(),
    }),
    add(state: LightCurveState, item: StreamItem): void {
      if (item.kind === "batch") addEvents(state, item.columns.timeS);
      else if (item.kind === "heartbeat") {
        const span = item.timeS - item.fromS;
        if (item.livetimeS > 0 && span > 0 && span < Infinity) {
          addLivetime(state, item.fromS, item.timeS, item.livetimeS / span);
        }
      } else {
        const exposure = exposureOf(item);
        if (exposure === undefined) return;
        const { startS, stopS } = rebaseGti(exposure.gti, epoch);
        for (let i = 0; i < startS.length; i++) {
          addLivetime(state, startS[i]!, stopS[i]!, 1 - exposure.deadTimeFraction);
        }
      }
      if (item.kind === "batch") coarsenTo(state, state.level);
    },
    merge(into: LightCurveState, from: Readonly<LightCurveState>): void {
      checkKeys(into.key, from.key);
      coarsenTo(into, from.level);
      let { counts, livetimeS } = from;
      for (let level = from.level; level < into.level; level++) {
        counts = coarser(counts);
        livetimeS = coarser(livetimeS);
      }
      mergeSparse(into.counts, counts);
      mergeSparse(into.livetimeS, livetimeS);
      into.nWithoutTime += from.nWithoutTime;
      coarsenTo(into, into.level);
    },
    result: (state: Readonly<LightCurveState>): LightCurve => {
      const width = widthS * 2 ** state.level;
      return {
        epoch,
        widthS: width,
        nWithoutTime: state.nWithoutTime,
        ...curveOf(state, originS, width),
      };
    },
    snapshot: (state: Readonly<LightCurveState>): Snapshot => ({
      ...identity,
      data: {
        level: state.level,
        nWithoutTime: state.nWithoutTime,
        counts: packSparse(state.counts),
        livetimeS: packSparse(state.livetimeS),
      },
    }),
    restore(snapshot: Snapshot): LightCurveState {
      checkSnapshot(identity, snapshot);
      const { level, nWithoutTime, counts, livetimeS } = snapshot.data as {
        level: number;
        nWithoutTime: number;
        counts: PackedSparseSums;
        livetimeS: PackedSparseSums;
      };
      return {
        key: identity.key,
        level,
        nWithoutTime,
        counts: unpackSparse(counts),
        livetimeS: unpackSparse(livetimeS),
      };
    },
  });
}

const NO_BINS: Float64Array = new Float64Array(0);

function nBlocks(state: LightCurveState): number {
  return Math.max(state.counts.blocks.size, state.livetimeS.blocks.size);
}

function coarser(sums: SparseSums): SparseSums {
  const joined = createSparseSums();
  for (const [index, sum] of sparseEntries(sums)) addSparse(joined, Math.floor(index / 2), sum);
  return joined;
}

function curveOf(
  state: Readonly<LightCurveState>,
  originS: number,
  widthS: number,
): Pick<LightCurve, "edgesS" | "counts" | "livetimeS"> {
  const blocks = [state.counts.blocks, state.livetimeS.blocks] as const;
  const numbers = [...new Set([...blocks[0].keys(), ...blocks[1].keys()])].sort((a, b) => a - b);
  const edges: number[] = [], counts: number[] = [], livetimeS: number[] = [];
  let next: number | undefined;
  for (const number of numbers) {
    const some = blocks[0].get(number), live = blocks[1].get(number);
    for (let i = 0; i < BLOCK; i++) {
      const n = some?.[i] ?? 0, seconds = live?.[i] ?? 0, bin = number * BLOCK + i;
      if (n === 0 && seconds === 0) continue;
      if (next !== undefined && bin !== next) {
        edges.push(originS + next * widthS);
        counts.push(0);
        livetimeS.push(0);
      }
      edges.push(originS + bin * widthS);
      counts.push(n);
      livetimeS.push(seconds);
      next = bin + 1;
    }
  }
  if (next !== undefined) edges.push(originS + next * widthS);
  return {
    edgesS: Float64Array.from(edges),
    counts: Float64Array.from(counts),
    livetimeS: Float64Array.from(livetimeS),
  };
}
