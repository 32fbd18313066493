/*
 * The phase in a cell of time: φ(d) = Σ c_j d^j about its middle, d in seconds of pulsar proper time.
 * Rotation, glitches long past, whitening and tables without a node in reach are folded into the
 * polynomial; what is not smooth in reach (a glitch, a node, a fast decay) is added event by event.
 */
import { ddAdd, ddSplit, ddSub, type DoubleDouble } from "../numeric/mod.ts";
import { type BinaryCell, binaryCell, CELL_S, longestDelayS } from "./_binary_cell.ts";
import { secondsAfter } from "./_seconds.ts";
import { addTaylor, turnsAt } from "./_taylor.ts";
import type { Glitch, WaveTerms } from "./spin_model.ts";
import type { TimingModel } from "./timing_model.ts";
import type { EventEpoch } from "../events/mod.ts";

/** Degree up to which smooth terms are expanded: a term of unit rate in reach leaves 1/17!. */
const DEGREE = 16;
/** Terms below this in the whole cell are dropped, cycles. */
const NEGLIGIBLE = 1e-13;

/** A model whose epochs are counted from a stream's. */
export interface PreparedModel {
  readonly model: TimingModel;
  /** Seconds from the stream's epoch to those of the model. */
  readonly spinS: DoubleDouble;
  readonly binaryS: DoubleDouble | undefined;
  readonly glitchS: readonly DoubleDouble[];
  readonly waveS: DoubleDouble | undefined;
  readonly table: Table | undefined;
  /** How far from the middle an emission in the cell may lie, s. */
  readonly reachS: number;
}

/** A table of delays, its nodes in seconds after the stream's epoch. */
interface Table {
  readonly isStep: boolean;
  readonly nodesS: Float64Array;
  readonly valuesS: readonly number[];
}

/** What is added event by event. */
interface SharpTerms {
  /** Glitches and the seconds from each to the middle of the cell. */
  readonly glitches: readonly { readonly glitch: Glitch; readonly middleS: number }[];
  readonly waves: WaveTerms | undefined;
  readonly waveMiddleS: number;
  readonly table: Table | undefined;
  /** Middle of the cell, s after the stream's epoch. */
  readonly middleS: number;
  readonly f0Hz: number;
}

/** The phase about the middle of a cell. */
export interface PhaseCell {
  readonly number: number;
  readonly middleS: number;
  /** Whole cycles at the middle, less those of the reference. */
  readonly whole: number;
  /** c_0 in [0, 1), c_1 … up to the last that matters; at least six. */
  readonly terms: Float64Array;
  readonly sharp: SharpTerms | undefined;
  readonly binary: BinaryCell | undefined;
}

export function prepareModel(model: TimingModel, epoch: EventEpoch): PreparedModel {
  const { binary, glitches, waves, tabulated } = model;
  return {
    model,
    spinS: secondsAfter(epoch, model.spin.epoch),
    binaryS: binary === undefined ? undefined : secondsAfter(epoch, binary.epoch),
    glitchS: glitches.map((one) => secondsAfter(epoch, one.epoch)),
    waveS: waves === undefined ? undefined : secondsAfter(epoch, waves.epoch),
    table: tabulated === undefined ? undefined : {
      isStep: tabulated.kind === "step",
      nodesS: Float64Array.from(tabulated.epochs, (one) => secondsAfter(epoch, one).hi),
      valuesS: tabulated.valuesS,
    },
    reachS: CELL_S / 2 + 1 + (binary === undefined ? 0 : longestDelayS(binary)),
  };
}

/** Expands a model about the middle of a cell; `reference` is the phase that counts as 0. */
export function phaseCell(
  prepared: PreparedModel,
  number: number,
  reference: DoubleDouble,
): PhaseCell {
  const { model, reachS } = prepared, middleS = (number + 0.5) * CELL_S;
  const at = (epochS: DoubleDouble) => ddSub({ hi: middleS, lo: 0 }, epochS);
  const { frequencies } = model.spin, dt = at(prepared.spinS);
  const terms: number[] = [0];
  addTaylor(frequencies, dt, terms);
  let turns = ddSub(turnsAt(frequencies, dt), reference);
  const near: SharpTerms["glitches"][number][] = [];
  model.glitches.forEach((glitch, i) => {
    const s = at(prepared.glitchS[i]!).hi;
    if (s <= -reachS) return;
    const isFast = glitch.decayS < reachS && s < 40 * glitch.decayS + reachS;
    if (s < reachS || (glitch.decayS > 0 && isFast)) near.push({ glitch, middleS: s });
    else turns = ddAdd(turns, addGlitch(glitch, s, reachS, terms));
  });
  let waves: WaveTerms | undefined, waveMiddleS = 0;
  if (model.waves !== undefined) {
    waveMiddleS = at(prepared.waveS!).hi;
    const fastest = model.waves.sinS.length * Math.abs(model.waves.omegaRadPerS) * reachS;
    if (fastest > 1) waves = model.waves;
    else turns = ddAdd(turns, addWaves(model.waves, waveMiddleS, frequencies[0]!.hi, terms));
  }
  let { table } = prepared;
  if (table !== undefined && !hasNode(table, middleS - reachS, middleS + reachS)) {
    const f0 = frequencies[0]!.hi, half = CELL_S / 2;
    turns = ddAdd(turns, f0 * tableValue(table, middleS));
    const change = tableValue(table, middleS + half) - tableValue(table, middleS - half);
    addTo(terms, 1, f0 * change / CELL_S);
    table = undefined;
  }
  const split = ddSplit(turns);
  terms[0] = split.fraction;
  const isSharp = near.length > 0 || waves !== undefined || table !== undefined;
  return {
    number,
    middleS,
    whole: split.whole,
    terms: trimmed(terms, reachS),
    sharp: isSharp
      ? { glitches: near, waves, waveMiddleS, table, middleS, f0Hz: frequencies[0]!.hi }
      : undefined,
    binary: model.binary === undefined
      ? undefined
      : binaryCell(model.binary, at(prepared.binaryS!)),
  };
}

/** Drops terms that nowhere in the cell matter; the polynomial has at least six. */
function trimmed(terms: readonly number[], reachS: number): Float64Array {
  let n = terms.length;
  while (n > 2 && Math.abs(terms[n - 1] ?? 0) * reachS ** (n - 1) < NEGLIGIBLE / terms.length) n--;
  const out = new Float64Array(Math.max(n, 6));
  for (let i = 0; i < n; i++) out[i] = terms[i] ?? 0;
  return out;
}

function addTo(terms: number[], power: number, value: number): void {
  terms[power] = (terms[power] ?? 0) + value;
}

/** Adds a glitch `s` seconds past to the terms; gives its phase at the middle. */
function addGlitch(glitch: Glitch, s: number, reachS: number, terms: number[]): number {
  const { f0Hz, f1HzPerS, f2HzPerS2, decayHz, decayS } = glitch;
  addTo(terms, 1, f0Hz + s * (f1HzPerS + s * f2HzPerS2 / 2));
  addTo(terms, 2, (f1HzPerS + s * f2HzPerS2) / 2);
  addTo(terms, 3, f2HzPerS2 / 6);
  if (decayS > reachS) {
    let term = -decayHz * decayS * Math.exp(-s / decayS);
    for (let k = 1; k <= DEGREE; k++) {
      term *= -1 / (decayS * k);
      addTo(terms, k, term);
    }
  }
  return glitchPhase(glitch, s);
}

/** Cycles that a glitch adds `dt` seconds after it. */
function glitchPhase(glitch: Glitch, dt: number): number {
  const { phase, f0Hz, f1HzPerS, f2HzPerS2, decayHz, decayS } = glitch;
  const lasting = phase + dt * (f0Hz + dt * (f1HzPerS / 2 + dt * f2HzPerS2 / 6));
  return decayS === 0 ? lasting : lasting - decayHz * decayS * Math.expm1(-dt / decayS);
}

/** Adds whitening harmonics to the terms; gives their phase at the middle. */
function addWaves(waves: WaveTerms, s: number, f0Hz: number, terms: number[]): number {
  const { omegaRadPerS, sinS, cosS } = waves;
  let value = 0;
  for (let i = 0; i < sinS.length; i++) {
    const rate = omegaRadPerS * (i + 1), sin = Math.sin(rate * s), cos = Math.cos(rate * s);
    let even = f0Hz * (sinS[i]! * sin + cosS[i]! * cos);
    let odd = f0Hz * (sinS[i]! * cos - cosS[i]! * sin);
    value += even;
    for (let k = 1; k <= DEGREE; k += 2) {
      odd *= k === 1 ? rate : -rate * rate / ((k - 1) * k);
      even *= -rate * rate / (k * (k + 1));
      addTo(terms, k, odd);
      addTo(terms, k + 1, even);
    }
  }
  return value;
}

/** Number of the last node at or before a time; −1 before the first. */
function nodeBefore({ nodesS }: Table, t: number): number {
  let low = -1, high = nodesS.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (nodesS[middle]! <= t) low = middle;
    else high = middle;
  }
  return low;
}

function hasNode(table: Table, from: number, to: number): boolean {
  return nodeBefore(table, from) !== nodeBefore(table, to);
}

/** Value of a table: of the node before, or between nodes; beyond its ends, that of the end. */
function tableValue(table: Table, t: number): number {
  const { isStep, nodesS, valuesS } = table, low = nodeBefore(table, t);
  if (low < 0) return valuesS[0]!;
  if (isStep || low === nodesS.length - 1) return valuesS[low]!;
  const share = (t - nodesS[low]!) / (nodesS[low + 1]! - nodesS[low]!);
  return valuesS[low]! + share * (valuesS[low + 1]! - valuesS[low]!);
}

/** Cycles that are not in the polynomial of a cell, `d` seconds after its middle. */
export function sharpPhase(sharp: SharpTerms, d: number): number {
  let phase = 0;
  for (const { glitch, middleS } of sharp.glitches) {
    const dt = middleS + d;
    if (dt > 0) phase += glitchPhase(glitch, dt);
  }
  if (sharp.waves !== undefined) {
    const { omegaRadPerS, sinS, cosS } = sharp.waves,
      angle = omegaRadPerS * (sharp.waveMiddleS + d);
    let delay = 0;
    for (let i = 0; i < sinS.length; i++) {
      delay += sinS[i]! * Math.sin((i + 1) * angle) + cosS[i]! * Math.cos((i + 1) * angle);
    }
    phase += sharp.f0Hz * delay;
  }
  const { table } = sharp;
  return table === undefined ? phase : phase + sharp.f0Hz * tableValue(table, sharp.middleS + d);
}
