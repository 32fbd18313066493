import { exposureOf, type ObsStart, type StreamItem } from "../../src/data/mod.ts";
import { gtiSumS, requireColumn } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { fitAmplitudes, unbinnedLikelihood } from "../../src/stats/mod.ts";
import { type Accumulator, checkKeys, checkSnapshot, type Snapshot } from "./accumulator.ts";

/** What is expected a second of live time, at one observation. */
export interface ExpectedRates {
  /** Signal events at amplitude 1. */
  readonly signalPerS: number;
  /** Background events at amplitude 1. */
  readonly backgroundPerS: number;
}

/** What is fitted. */
export interface UnbinnedFluxOptions {
  /** Names source, spectrum, responses and cuts: equal names, equal models. */
  readonly name: string;
  /** Expected rates at an observation, within the cuts that the events went through. */
  readonly ratesOf: (start: ObsStart) => ExpectedRates;
  /** Column with the density of the source over that of the background; `sourceRatio`. */
  readonly column?: string;
  /** Fit the amplitude of the background too; false: it is known, 1. */
  readonly freeBackground?: boolean;
  /** Most events that are kept one by one: of more, all are binned; 2²⁰. */
  readonly maxEvents?: number;
}

/** Amplitude of a point source. */
export interface UnbinnedFlux {
  /** Did the fit find the maximum? */
  readonly converged: boolean;
  /** Why not; "" where it did. */
  readonly reason: string;
  /** Amplitude of the source, in units of the given spectrum. */
  readonly amplitude: number;
  /** Its error. */
  readonly error: number;
  /** Amplitude of the background; 1 where it is known. */
  readonly background: number;
  /** Its error; 0 where it is known. */
  readonly backgroundError: number;
  /** 2 (ln L − ln L without the source). */
  readonly ts: number;
  /** Events used. */
  readonly nEvents: number;
  /** Events without a finite ratio of densities: left out. */
  readonly nOutside: number;
  /** Signal events expected at amplitude 1. */
  readonly expectedSignal: number;
  /** Background events expected at amplitude 1. */
  readonly expectedBackground: number;
  /** Score and information of the amplitude at 0, sums over events: score / √information in σ. */
  readonly score: number;
  /** As `score`. */
  readonly information: number;
  /** Events that were binned: all, where there are more than can be kept, or none. */
  readonly nBinned: number;
  /** Greatest error of ln L that binning makes, at amplitudes of 0 or more. */
  readonly binningError: number;
}

/** State of {@link unbinnedFlux}. */
export interface UnbinnedFluxState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Ratios of the events that are kept one by one, the first `n`. */
  ratios: Float64Array;
  /** How many. */
  n: number;
  /** Where there are more than can be kept: bin of ln ratio → events and Σ ratio, of all. */
  bins: Map<number, { n: number; sum: number }>;
  /** Events without a finite ratio. */
  nOutside: number;
  /** Σ ratio. */
  sumRatio: number;
  /** Σ ratio². */
  sumRatio2: number;
  /** Signal expected at amplitude 1. */
  expectedSignal: number;
  /** Background expected at amplitude 1. */
  expectedBackground: number;
}

/** Width of the bins of ln ratio: within one, ln(1 + μ r) is off by at most width² / 8. */
const LN_WIDTH = 1e-3;

/**
 * Fits the amplitude of a point source without bins: ln L = Σ ln(a r + c) − a S − c B, r being the
 * ratio of the source's and the background's density at an event. Score and information at a = 0 are
 * sums; the fit is made by Newton from the kept ratios, at any moment. Beyond `maxEvents`, all ratios
 * go into fine bins, with the error of ln L stated.
 *
 * @param options Rates, column, whether the background is free, limit.
 * @returns An accumulator that needs the column, and observations with good time intervals at their
 *   start; the order of events does not matter.
 * @throws RangeError for a limit below 1.
 * @example
 * ```ts
 * import { fold, unbinnedFlux } from "@gammarx/gammarx/accumulators";
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEventBatch, createGti } from "@gammarx/gammarx/events";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const epoch = createEpoch([60310, 0], "TT");
 * const gti = createGti(epoch, Float64Array.of(0), Float64Array.of(100));
 * const flux = unbinnedFlux({ name: "a", ratesOf: () => ({ signalPerS: 0.1, backgroundPerS: 0.1 }) });
 * const events = createEventBatch({ timeS: new Float64Array(20), sourceRatio: new Float64Array(20).fill(1) });
 * const { amplitude } = flux.result(fold(flux, [createObsStart({ obsId: "1", epoch, gti }), events]));
 * ok(Math.abs(amplitude - 1) < 1e-9);
 * ```
 */
export function unbinnedFlux(
  options: UnbinnedFluxOptions,
): Accumulator<StreamItem, UnbinnedFluxState, UnbinnedFlux> {
  const { name, ratesOf, column = "sourceRatio", freeBackground = false } = options;
  const { maxEvents = 1 << 20 } = options;
  if (!(maxEvents >= 1)) {
    throw new RangeError(`unbinnedFlux keeps 1 event or more, found ${maxEvents}`);
  }
  const identity = {
    kind: "unbinned-flux",
    version: 1,
    key: fingerprint({ name, column, freeBackground, maxEvents }),
  };
  const create = (): UnbinnedFluxState => ({
    key: identity.key,
    ratios: new Float64Array(256),
    n: 0,
    bins: new Map(),
    nOutside: 0,
    sumRatio: 0,
    sumRatio2: 0,
    expectedSignal: 0,
    expectedBackground: 0,
  });
  return Object.freeze({
    ...identity,
    order: "any" as const,
    exactness: { kind: "rounding" as const, rtol: 1e-9 },
    create,
    add(state: UnbinnedFluxState, item: StreamItem): void {
      if (item.kind === "obs-start") addExposure(state, item, ratesOf);
      if (item.kind === "obs-end" && exposureOf(item) !== undefined) {
        throw new TypeError(
          `unbinnedFlux needs the good time intervals at the start of observation "${item.obsId}"`,
        );
      }
      if (item.kind !== "batch") return;
      const ratios = requireColumn(item, column, "unbinnedFlux") as Float64Array;
      for (let i = 0; i < item.length; i++) {
        const ratio = ratios[i]!;
        if (!(ratio >= 0 && ratio < Infinity)) {
          state.nOutside++;
          continue;
        }
        state.sumRatio += ratio;
        state.sumRatio2 += ratio * ratio;
        keep(state, ratio, maxEvents);
      }
    },
    merge(into: UnbinnedFluxState, from: Readonly<UnbinnedFluxState>): void {
      checkKeys(into.key, from.key);
      if (from.bins.size > 0) binAll(into);
      for (let i = 0; i < from.n; i++) keep(into, from.ratios[i]!, maxEvents);
      for (const [bin, { n, sum }] of from.bins) addToBin(into, bin, n, sum);
      into.nOutside += from.nOutside;
      into.sumRatio += from.sumRatio;
      into.sumRatio2 += from.sumRatio2;
      into.expectedSignal += from.expectedSignal;
      into.expectedBackground += from.expectedBackground;
    },
    result: (state: Readonly<UnbinnedFluxState>) => fitted(state, freeBackground),
    snapshot(state: Readonly<UnbinnedFluxState>): Snapshot {
      const { ratios, n, bins, key: _key, ...sums } = state;
      const sorted = [...bins].sort(([a], [b]) => a - b);
      return {
        ...identity,
        data: {
          ...sums,
          ratios: ratios.slice(0, n),
          bins: Float64Array.from(sorted.flatMap(([bin, one]) => [bin, one.n, one.sum])),
        },
      };
    },
    restore(snapshot: Snapshot): UnbinnedFluxState {
      checkSnapshot(identity, snapshot);
      const { ratios, bins, ...sums } = snapshot.data as unknown as
        & Omit<UnbinnedFluxState, "key" | "n" | "bins">
        & { bins: Float64Array };
      const map = new Map<number, { n: number; sum: number }>();
      for (let i = 0; i < bins.length; i += 3) {
        map.set(bins[i]!, { n: bins[i + 1]!, sum: bins[i + 2]! });
      }
      return { ...create(), ...sums, ratios: ratios.slice(), n: ratios.length, bins: map };
    },
  });
}

function addExposure(
  state: UnbinnedFluxState,
  start: ObsStart,
  ratesOf: UnbinnedFluxOptions["ratesOf"],
): void {
  const exposure = exposureOf(start);
  if (exposure === undefined) return;
  const liveS = gtiSumS(exposure.gti) * (1 - exposure.deadTimeFraction);
  const { signalPerS, backgroundPerS } = ratesOf(start);
  state.expectedSignal += signalPerS * liveS;
  state.expectedBackground += backgroundPerS * liveS;
}

function keep(state: UnbinnedFluxState, ratio: number, maxEvents: number): void {
  if (state.bins.size > 0) return bin(state, ratio);
  if (state.n >= maxEvents) {
    binAll(state);
    return bin(state, ratio);
  }
  if (state.n === state.ratios.length) {
    const longer = new Float64Array(Math.min(maxEvents, Math.max(256, 2 * state.n)));
    longer.set(state.ratios);
    state.ratios = longer;
  }
  state.ratios[state.n++] = ratio;
}

/** Puts all kept events into bins: which are binned must not depend on their order. */
function binAll(state: UnbinnedFluxState): void {
  for (let i = 0; i < state.n; i++) bin(state, state.ratios[i]!);
  state.n = 0;
  state.ratios = new Float64Array(0);
}

function bin(state: UnbinnedFluxState, ratio: number): void {
  addToBin(state, ratio === 0 ? -Infinity : Math.floor(Math.log(ratio) / LN_WIDTH), 1, ratio);
}

function addToBin(state: UnbinnedFluxState, bin: number, n: number, sum: number): void {
  const one = state.bins.get(bin);
  if (one === undefined) state.bins.set(bin, { n, sum });
  else {
    one.n += n;
    one.sum += sum;
  }
}

function fitted(state: Readonly<UnbinnedFluxState>, freeBackground: boolean): UnbinnedFlux {
  const { expectedSignal, expectedBackground, nOutside } = state;
  const { ratios, weights, nBinned } = tableOf(state), nEvents = state.n + nBinned;
  const score = state.sumRatio - expectedSignal, information = state.sumRatio2;
  const common = {
    nEvents,
    nOutside,
    expectedSignal,
    expectedBackground,
    score,
    information,
    nBinned,
    binningError: nBinned * LN_WIDTH ** 2 / 8,
  };
  if (nEvents === 0 || !(expectedSignal > 0)) {
    const reason = nEvents === 0 ? "there is no event" : "no signal is expected";
    const none = { amplitude: NaN, error: NaN, background: 1, backgroundError: 0, ts: NaN };
    return { converged: false, reason, ...none, ...common };
  }
  const table = {
    n: ratios.length,
    densities: [ratios, new Float64Array(ratios.length).fill(1)],
    expected: [expectedSignal, expectedBackground],
    ...(weights === undefined ? {} : { weights }),
  };
  const start = [Math.max(0, (nEvents - expectedBackground) / expectedSignal), 1];
  const fit = fitAmplitudes(table, { start, fixed: [false, !freeBackground] });
  const alone = freeBackground ? nEvents / expectedBackground : 1;
  const { logLikelihood } = unbinnedLikelihood(table, [0, alone]);
  return {
    converged: fit.converged,
    reason: fit.reason,
    amplitude: fit.amplitudes[0]!,
    error: fit.errors[0]!,
    background: fit.amplitudes[1]!,
    backgroundError: fit.errors[1]!,
    ts: 2 * (fit.logLikelihood - logLikelihood),
    ...common,
  };
}

/** Ratios of single events, or of bins; sorted, so that the order of events does not matter. */
function tableOf({ ratios, n, bins }: Readonly<UnbinnedFluxState>): {
  readonly ratios: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly nBinned: number;
} {
  if (bins.size === 0) return { ratios: ratios.slice(0, n).sort(), weights: undefined, nBinned: 0 };
  const sorted = [...bins].sort(([a], [b]) => a - b).map(([, one]) => one);
  const weights = Float64Array.from(sorted, (one) => one.n);
  return {
    ratios: Float64Array.from(sorted, (one) => one.sum / one.n),
    weights,
    nBinned: weights.reduce((sum, one) => sum + one, 0),
  };
}
