/*
 * Phases of events. The instant of an event is d = (timeS − middle) + correction seconds after the
 * middle of a cell of 1024 s, so that nothing is rounded at the size of the time column; its emission
 * is at d − D(d), D the delay in the orbit; its phase a short polynomial of that.
 */
import type { EventEpoch } from "../events/mod.ts";
import { dd, ddAdd, type DoubleDouble } from "../numeric/mod.ts";
import { epochMjd, type TimeEpoch } from "../time/mod.ts";
import { CELL_S } from "./_binary_cell.ts";
import { binaryDelays, BLOCK, orbitTurns } from "./_binary_delay.ts";
import {
  type PhaseCell,
  phaseCell,
  type PreparedModel,
  prepareModel,
  sharpPhase,
} from "./_phase_cell.ts";
import type { TimingModel } from "./timing_model.ts";
import { isBarycentre } from "./timing_site.ts";

/** Where phases are written; arrays of at least `n` elements. */
export interface PhaseColumns {
  /** Pulse phase, [0, 1) cycles. */
  readonly phase: Float64Array;
  /** Number of the pulse: whole cycles since the reference arrival (or PEPOCH). */
  readonly pulseNumber?: Float64Array | undefined;
  /** Orbital phase, [0, 1): mean anomaly since T0, or from the ascending node for ELL1. */
  readonly orbitalPhase?: Float64Array | undefined;
}

/** The reference arrival at the solar system's barycentre. */
export interface BarycentricReference {
  /** When the pulse at TZRMJD passed the barycentre, before dispersion is taken off. */
  readonly barycentric: TimeEpoch<"TDB">;
  /** Its radio frequency in the frame of the barycentre, MHz; that of the model where left out. */
  readonly frequencyMHz?: number | undefined;
}

/** What {@link createPhasePredictor} needs beside a model. */
export interface PhasePredictorOptions {
  /** Epoch from which the times of events count. */
  readonly epoch: EventEpoch;
  /** The reference arrival, where TZRSITE is not the barycentre; without it, phases are relative. */
  readonly reference?: BarycentricReference | undefined;
}

/** Gives events phases. */
export interface PhasePredictor {
  /** The model. */
  readonly model: TimingModel;
  /** Do phases count from the model's reference arrival (else from PEPOCH). */
  readonly absolute: boolean;
  /** The model's warnings, and whether phases are relative. */
  readonly warnings: readonly string[];
  /**
   * Phases of the first `n` times. NaN where a time is. However a column is cut, the bits are the same.
   *
   * @param timeS Times, seconds after the epoch.
   * @param correctionS Barycentric TDB reading less that of `timeS`, s; undefined for times that are
   *   barycentric TDB.
   * @param n How many.
   * @param out Where they go.
   */
  readonly phase: (
    timeS: Float64Array,
    correctionS: Float64Array | undefined,
    n: number,
    out: PhaseColumns,
  ) => void;
}

/** Dispersion constant, s MHz² cm³ / pc: 1/2.41e-4 by convention (Taylor & Cordes 1993). */
const DISPERSION = 1 / 2.41e-4;
/** Cells that are kept, for events that are not in order of time. */
const MOST_CELLS = 4096;
/** Beyond it doubles do not tell a second from the next. */
const LAST_CELL = 2 ** 43;
const ZERO: DoubleDouble = { hi: 0, lo: 0 };

/**
 * Makes the predictor of a model's phases for one stream of events.
 *
 * @param model A timing model.
 * @param options The stream's epoch; the reference arrival where it was not taken at the barycentre.
 * @returns A frozen record; rounding is below 1e-9 cycles, beside that of the times.
 * @throws TypeError for a reference that the model has none of.
 * @example
 * ```ts
 * import { createPhasePredictor, createTimingModel, parsePar } from "@gammarx/gammarx/timing";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { deepStrictEqual } from "node:assert/strict";
 * const model = createTimingModel(parsePar("F0 2\nPEPOCH 55000\nTZRMJD 55000\nTZRSITE @"));
 * const predictor = createPhasePredictor(model, { epoch: createEpoch([55000, 0], "TDB") });
 * const phase = new Float64Array(2), pulseNumber = new Float64Array(2);
 * predictor.phase(Float64Array.of(0.125, -0.125), undefined, 2, { phase, pulseNumber });
 * deepStrictEqual([...phase, ...pulseNumber], [0.25, 0.75, 0, -1]);
 * ```
 * @see Hobbs, Edwards & Manchester 2006, MNRAS 369, 655, section 2
 */
export function createPhasePredictor(
  model: TimingModel,
  options: PhasePredictorOptions,
): PhasePredictor {
  const { epoch } = options, prepared = prepareModel(model, epoch);
  const reference = referencePhase(model, options.reference);
  const cells = new Map<number, PhaseCell>();
  let zeros = new Float64Array(0);
  const cellOf = (number: number): PhaseCell => {
    let cell = cells.get(number);
    if (cell === undefined) {
      if (cells.size >= MOST_CELLS) cells.clear();
      cells.set(number, cell = phaseCell(prepared, number, reference ?? ZERO));
    }
    return cell;
  };
  const phase: PhasePredictor["phase"] = (timeS, correctionS, n, out) => {
    checkColumns(model, epoch, timeS, correctionS, n, out);
    if (correctionS === undefined && zeros.length < n) zeros = new Float64Array(n);
    const corrections = correctionS ?? zeros;
    for (let from = 0; from < n;) {
      const number = Math.floor((timeS[from]! + corrections[from]!) / CELL_S);
      if (!(Math.abs(number) < LAST_CELL)) {
        writeNaN(out, from++);
        continue;
      }
      const cell = cellOf(number);
      from = cell.sharp === undefined && cell.binary === undefined && cell.terms.length === 6
        ? smoothRun(cell, timeS, corrections, from, n, out)
        : anyRun(cell, timeS, corrections, from, n, out);
    }
  };
  const relative = reference === undefined && model.tzr !== undefined
    ? [
      `phases are relative: the reference arrival was taken at site ${model.tzr.site}, and its time at ` +
      `the barycentre is not given`,
    ]
    : [];
  return Object.freeze({
    model,
    absolute: reference !== undefined,
    warnings: Object.freeze([...model.warnings, ...relative]),
    phase,
  });
}

/** Events of a cell whose phase is a polynomial of the fifth degree at most, and no orbit. */
function smoothRun(
  cell: PhaseCell,
  timeS: Float64Array,
  corrections: Float64Array,
  from: number,
  n: number,
  out: PhaseColumns,
): number {
  const { middleS, number, whole, terms } = cell, { phase, pulseNumber } = out;
  const c0 = terms[0]!, c1 = terms[1]!, c2 = terms[2]!, c3 = terms[3]!;
  const c4 = terms[4]!, c5 = terms[5]!;
  let i = from;
  for (; i < n; i++) {
    const t = timeS[i]!, correction = corrections[i]!;
    if (Math.floor((t + correction) / CELL_S) !== number) break;
    const d = (t - middleS) + correction;
    const cycles = c0 + d * (c1 + d * (c2 + d * (c3 + d * (c4 + d * c5))));
    const turns = Math.floor(cycles), fraction = cycles - turns;
    phase[i] = fraction < 1 ? fraction : 0;
    if (pulseNumber !== undefined) pulseNumber[i] = whole + turns + (fraction < 1 ? 0 : 1);
  }
  return i;
}

const sinceMiddle = new Float64Array(BLOCK), scratch = new Float64Array(BLOCK);

/** Events of any cell, a block at most. */
function anyRun(
  cell: PhaseCell,
  timeS: Float64Array,
  corrections: Float64Array,
  from: number,
  n: number,
  out: PhaseColumns,
): number {
  const { middleS, number, whole, terms, binary, sharp } = cell;
  const { phase, pulseNumber, orbitalPhase } = out, last = terms.length - 1;
  const d = sinceMiddle, most = Math.min(BLOCK, n - from);
  let count = 0;
  for (; count < most; count++) {
    const t = timeS[from + count]!, correction = corrections[from + count]!;
    if (Math.floor((t + correction) / CELL_S) !== number) break;
    d[count] = (t - middleS) + correction;
  }
  if (binary !== undefined) {
    if (orbitalPhase !== undefined) {
      orbitTurns(binary, d, count, scratch);
      for (let i = 0; i < count; i++) {
        const rest = scratch[i]! - Math.floor(scratch[i]!);
        orbitalPhase[from + i] = rest < 1 ? rest : 0;
      }
    }
    binaryDelays(binary, d, count, scratch);
    for (let i = 0; i < count; i++) d[i] = d[i]! - scratch[i]!;
  }
  for (let i = 0; i < count; i++) {
    const t = d[i]!;
    let cycles = terms[last]!;
    for (let k = last - 1; k >= 0; k--) cycles = cycles * t + terms[k]!;
    if (sharp !== undefined) cycles += sharpPhase(sharp, t);
    const turns = Math.floor(cycles), fraction = cycles - turns;
    phase[from + i] = fraction < 1 ? fraction : 0;
    if (pulseNumber !== undefined) pulseNumber[from + i] = whole + turns + (fraction < 1 ? 0 : 1);
  }
  return from + count;
}

/** Delay in the orbit of a cell, `d` seconds after its middle. */
function delayAt(cell: PhaseCell, d: number): number {
  if (cell.binary === undefined) return 0;
  const delay = new Float64Array(1);
  binaryDelays(cell.binary, Float64Array.of(d), 1, delay);
  return delay[0]!;
}

function writeNaN(out: PhaseColumns, i: number): void {
  out.phase[i] = NaN;
  if (out.pulseNumber !== undefined) out.pulseNumber[i] = NaN;
  if (out.orbitalPhase !== undefined) out.orbitalPhase[i] = NaN;
}

function checkColumns(
  model: TimingModel,
  epoch: EventEpoch,
  timeS: Float64Array,
  correctionS: Float64Array | undefined,
  n: number,
  out: PhaseColumns,
): void {
  if (correctionS === undefined && epoch.scale !== "TDB") {
    throw new TypeError(
      `Times in ${epoch.scale} need a correction to barycentric TDB before they have phases`,
    );
  }
  if (out.orbitalPhase !== undefined && model.binary === undefined) {
    throw new TypeError(`${model.file} has no orbit (BINARY): there is no orbital phase`);
  }
  for (const [name, column] of Object.entries({ timeS, correctionS, ...out })) {
    if (column !== undefined && column.length < n) {
      throw new TypeError(`Column ${name} has ${column.length} elements, ${n} are asked for`);
    }
  }
}

/** The phase of the reference arrival, which is to count as 0; undefined where it is not known. */
function referencePhase(
  model: TimingModel,
  given: BarycentricReference | undefined,
): DoubleDouble | undefined {
  const { tzr } = model;
  if (tzr === undefined) {
    if (given === undefined) return undefined;
    throw new TypeError(`${model.file} has no reference arrival (TZRMJD), but one is given`);
  }
  const epoch = given?.barycentric ??
    (isBarycentre(tzr.site) ? tzr.epoch as TimeEpoch<"TDB"> : undefined);
  if (epoch === undefined) return undefined;
  const frequencyMHz = given?.frequencyMHz ?? tzr.frequencyMHz;
  if (!(frequencyMHz > 0)) {
    throw new RangeError(`Radio frequency is ${frequencyMHz} MHz: needs one above 0, or Infinity`);
  }
  return phaseAt(prepareModel(model, epoch), -DISPERSION * model.dmPcPerCm3 / frequencyMHz ** 2);
}

/** Phase at a barycentric time, seconds after the epoch of a prepared model, in double-double. */
function phaseAt(prepared: PreparedModel, timeS: number): DoubleDouble {
  const cell = phaseCell(prepared, Math.floor(timeS / CELL_S), ZERO);
  const since = timeS - cell.middleS, d = since - delayAt(cell, since);
  let cycles = 0;
  for (let k = cell.terms.length - 1; k >= 0; k--) cycles = cycles * d + cell.terms[k]!;
  if (cell.sharp !== undefined) cycles += sharpPhase(cell.sharp, d);
  return ddAdd(dd(cell.whole), cycles);
}

/**
 * Delay of a binary orbit: D(t), so that a pulse which passes the solar system's barycentre at t was
 * emitted at t − D(t) in the time of the binary's barycentre.
 *
 * @param model A timing model with an orbit.
 * @param barycentric When the pulse passes the solar system's barycentre.
 * @returns Seconds.
 * @throws TypeError for a model without an orbit.
 * @example
 * ```ts
 * import { binaryDelayS, createTimingModel, parsePar } from "@gammarx/gammarx/timing";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { ok } from "node:assert/strict";
 * const text = "F0 100\nPEPOCH 55000\nBINARY ELL1\nPB 4\nA1 2\nTASC 55000\nEPS1 0\nEPS2 0";
 * const delayS = binaryDelayS(createTimingModel(parsePar(text)), createEpoch([55001, 0], "TDB"));
 * ok(Math.abs(delayS - 2) < 1e-6);
 * ```
 * @see Damour & Deruelle 1986, Ann. Inst. H. Poincaré 44, 263, eq. 46; PINT's binary delays agree
 */
export function binaryDelayS(model: TimingModel, barycentric: TimeEpoch<"TDB">): number {
  if (model.binary === undefined) {
    throw new TypeError(`${model.file} has no orbit (BINARY) at MJD ${epochMjd(barycentric)}`);
  }
  const cell = phaseCell(prepareModel(model, barycentric), 0, ZERO);
  return delayAt(cell, -cell.middleS);
}
