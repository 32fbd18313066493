import type { OperatorFunction } from "rxjs";
import type { ObsStart, StreamItem } from "../../src/data/mod.ts";
import { type EventBatch, type EventEpoch, withColumns } from "../../src/events/mod.ts";
import { dd, ddAdd, ddDiv, ddMul, ddSplit, type DoubleDouble } from "../../src/numeric/mod.ts";
import { secondsBetween } from "../../src/time/mod.ts";
import {
  createPhasePredictor,
  type PhasePredictor,
  type PulsarTiming,
} from "../../src/timing/mod.ts";
import { lift, mapKernel } from "./kernel.ts";

/** A rotation without orbit or barycentre: φ = φ₀ + f₀ Δt + f₁ Δt²/2 + f₂ Δt³/6. */
export interface SpinModel {
  /** Frequency at the epoch, Hz. */
  readonly f0Hz: number;
  /** Its first derivative, Hz/s; 0. */
  readonly f1HzPerS?: number;
  /** Its second derivative, Hz/s²; 0. */
  readonly f2HzPerS2?: number;
  /** Instant from which Δt counts, in the stream's time scale. */
  readonly epoch: EventEpoch;
  /** Phase at the epoch, cycles; 0. */
  readonly phase0?: number;
}

/**
 * Length of the cells of time in which the phase is a short polynomial. The cells lie on an
 * absolute grid, so that the phase of an event does not depend on the events beside it.
 */
const CELL_S = 1024;
/** Beyond it doubles do not tell a second from the next. */
const LAST_CELL = 2 ** 43;

/** The phase near the middle of a cell: φ = phase + Δ (f0 + Δ (halfF1 + Δ sixthF2)). */
interface Cell {
  readonly number: number;
  readonly middleS: number;
  readonly phase: number;
  readonly f0: number;
  readonly halfF1: number;
  readonly sixthF2: number;
}

/** Reduces the model about the middle of a cell in double-double, so that no cycle is lost. */
function cellAt(number: number, model: SpinModel, epochS: DoubleDouble): Cell {
  const { f0Hz, f1HzPerS = 0, f2HzPerS2 = 0, phase0 = 0 } = model;
  const middleS = (number + 0.5) * CELL_S;
  const dt = ddAdd(dd(middleS), ddMul(epochS, -1));
  const cycles = ddMul(
    ddAdd(ddMul(ddAdd(ddMul(dt, ddDiv(dd(f2HzPerS2), 6)), f1HzPerS / 2), dt), f0Hz),
    dt,
  );
  const seconds = dt.hi;
  return {
    number,
    middleS,
    phase: ddSplit(ddAdd(cycles, phase0)).fraction,
    f0: f0Hz + seconds * (f1HzPerS + seconds * f2HzPerS2 / 2),
    halfF1: (f1HzPerS + seconds * f2HzPerS2) / 2,
    sixthF2: f2HzPerS2 / 6,
  };
}

/**
 * The phase of each time, in [0, 1).
 *
 * @param timeS Times, seconds after the stream's epoch.
 * @param model The rotation.
 * @param epochS Seconds from the stream's epoch to the model's, as a sum of two doubles.
 * @returns Phases, owned by the caller; NaN where the time is, and beyond 2⁵³ s.
 * @example
 * ```ts
 * import { spinPhase } from "@gammarx/gammarx/operators";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { deepStrictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0], "TT");
 * deepStrictEqual([...spinPhase(Float64Array.of(0, 0.25), { f0Hz: 2, epoch }, { hi: 0, lo: 0 })], [0, 0.5]);
 * ```
 */
export function spinPhase(
  timeS: Float64Array,
  model: SpinModel,
  epochS: DoubleDouble,
): Float64Array {
  const phase = new Float64Array(timeS.length);
  const cells = new Map<number, Cell>(); // for events that are not in order of time
  for (let from = 0; from < timeS.length;) {
    const number = Math.floor(timeS[from]! / CELL_S);
    if (!(Math.abs(number) < LAST_CELL)) {
      phase[from++] = NaN;
      continue;
    }
    let cell = cells.get(number);
    if (cell === undefined) cells.set(number, cell = cellAt(number, model, epochS));
    from = phasesInCell(timeS, phase, from, cell);
  }
  return phase;
}

/** Fills phases from an event on as long as they lie in the cell; gives the first that does not. */
function phasesInCell(timeS: Float64Array, phase: Float64Array, from: number, cell: Cell): number {
  const { middleS, phase: phase0, f0, halfF1, sixthF2 } = cell;
  const number = cell.number, n = timeS.length;
  let i = from;
  for (; i < n; i++) {
    const t = timeS[i]!;
    if (Math.floor(t / CELL_S) !== number) break;
    const d = t - middleS;
    const cycles = phase0 + d * (f0 + d * (halfF1 + d * sixthF2));
    const fraction = cycles - Math.floor(cycles);
    phase[i] = fraction < 1 ? fraction : 0;
  }
  return i;
}

/** What is written beside the phase. */
export interface AssignPhaseOptions {
  /** Number of the pulse in column `pulseNumber`; false. */
  readonly pulseNumber?: boolean;
  /** Phase of the orbit, [0, 1), in column `orbitalPhase`; false. */
  readonly orbitalPhase?: boolean;
}

/**
 * Gives each event its pulse phase in [0, 1): column `phase`. By a pulsar's timing model, with the way to the
 * barycentre; or by a plain rotation, without it.
 *
 * @param by A timing model joined with the events (`createPulsarTiming`), or frequency and epoch.
 * @param options Further columns of a timing model.
 * @returns An operator over the items of a stream.
 * @throws RangeError for a frequency that is not finite; TypeError, on the stream, for an epoch in
 *   another time scale, or events before an observation that tells the stream's epoch; RangeError, on the
 *   stream, for times outside the ephemeris or the orbit.
 * @example
 * ```ts
 * import { assignPhase } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const epoch = createEpoch([51910, 0], "TT");
 * const batch = createEventBatch({ timeS: Float64Array.of(0.125) });
 * of(createObsStart({ obsId: "", epoch }), batch).pipe(assignPhase({ f0Hz: 2, epoch }))
 *   .subscribe((item) => {
 *     if (item.kind === "batch") strictEqual(item.columns.phase?.[0], 0.25);
 *   });
 * ```
 */
export function assignPhase(
  by: SpinModel | PulsarTiming,
  options: AssignPhaseOptions = {},
): OperatorFunction<StreamItem, StreamItem> {
  if (!("f0Hz" in by)) return timedPhases(by, { ...options, phase: true });
  const { f0Hz, f1HzPerS = 0, f2HzPerS2 = 0, phase0 = 0 } = by;
  if (![f0Hz, f1HzPerS, f2HzPerS2, phase0].every(Number.isFinite)) {
    throw new RangeError(
      `assignPhase: frequency ${f0Hz} Hz, derivatives ${f1HzPerS}, ${f2HzPerS2} and phase ${phase0} ` +
        `must be finite`,
    );
  }
  return lift(mapKernel({
    batch(batch: EventBatch, observation) {
      const epochS = splitSeconds(epochOf(observation), by.epoch);
      const phase = spinPhase(batch.columns.timeS, by, epochS);
      return withColumns(batch, { ...batch.columns, phase });
    },
  }));
}

/**
 * Gives each event the phase of the pulsar's orbit in [0, 1): column `orbitalPhase`, the mean anomaly since
 * periastron (from the ascending node for ELL1), over 2π.
 *
 * @param by A timing model with an orbit, joined with the events.
 * @returns An operator over the items of a stream.
 * @throws TypeError for a model without an orbit; on the stream as {@linkcode assignPhase}.
 * @example
 * ```ts
 * import { orbitalPhase } from "@gammarx/gammarx/operators";
 * import { createPulsarTiming, createTimingModel, parsePar } from "@gammarx/gammarx/timing";
 * import { throws } from "node:assert/strict";
 * const single = createTimingModel(parsePar("PSR J1\nF0 2\nPEPOCH 55000", "j1.par"));
 * throws(
 *   () => orbitalPhase(createPulsarTiming(single, { times: { place: "barycentre" } })),
 *   /j1.par has no orbit/,
 * );
 * ```
 */
export function orbitalPhase(by: PulsarTiming): OperatorFunction<StreamItem, StreamItem> {
  return timedPhases(by, { orbitalPhase: true });
}

/** Which columns a timing model is to give. */
interface PhasesWanted extends AssignPhaseOptions {
  readonly phase?: boolean;
}

function timedPhases(
  { model, barycentring, reference }: PulsarTiming,
  { phase = false, pulseNumber = false, orbitalPhase = false }: PhasesWanted,
): OperatorFunction<StreamItem, StreamItem> {
  if (orbitalPhase && model.binary === undefined) {
    throw new TypeError(`${model.file} has no orbit (BINARY): there is no orbital phase`);
  }
  let known: { readonly epoch: EventEpoch; readonly predictor: PhasePredictor } | undefined;
  const predictorFor = (epoch: EventEpoch): PhasePredictor => {
    if (known?.epoch !== epoch) {
      known = { epoch, predictor: createPhasePredictor(model, { epoch, reference }) };
    }
    return known.predictor;
  };
  return lift(mapKernel({
    batch(batch: EventBatch, observation) {
      const { timeS } = batch.columns, n = batch.length, epoch = epochOf(observation);
      const correctionS = barycentring && new Float64Array(n);
      barycentring?.correctionS(epoch, timeS, n, correctionS!);
      const column = (isWanted: boolean) => isWanted ? new Float64Array(n) : undefined;
      const out = {
        phase: new Float64Array(n),
        pulseNumber: column(pulseNumber),
        orbitalPhase: column(orbitalPhase),
      };
      predictorFor(epoch).phase(timeS, correctionS, n, out);
      const { phase: pulse, ...more } = out;
      return withColumns(batch, { ...batch.columns, ...(phase ? { phase: pulse } : {}), ...more });
    },
  }));
}

function epochOf(observation: ObsStart | undefined): EventEpoch {
  if (observation !== undefined) return observation.epoch;
  throw new TypeError("Phases need the start of an observation before its events");
}

/** Seconds between two epochs without rounding: whole days apart, and the difference in the day. */
function splitSeconds(from: EventEpoch, to: EventEpoch): DoubleDouble {
  secondsBetween<"TT" | "TDB">(from, to); // refuses different scales
  return ddAdd(dd((to.mjdDay - from.mjdDay) * 86400), dd(to.dayS, -from.dayS));
}
