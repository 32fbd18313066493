import { dd, ddDiv, ddMul, type DoubleDouble } from "../numeric/mod.ts";
import { secondsBetween, type TimeEpoch } from "../time/mod.ts";
import {
  indices,
  missing,
  type ParReader,
  takeDigits,
  takeEpoch,
  takeLine,
  takeNumber,
} from "./_par_reader.ts";
import { parEpoch, parError, parNumber } from "./par_file.ts";
import type { Glitch, PulsarSpin, TabulatedDelay, WaveTerms } from "./spin_model.ts";

const LAST_DERIVATIVE = 12;
const DAY_S = 86400;

export function parseSpin(reader: ParReader): PulsarSpin {
  const frequencies = spinFrequencies(reader);
  const epoch = takeEpoch(reader, "TDB", "PEPOCH");
  if (epoch === undefined) throw missing(reader, "PEPOCH", "the epoch of F0, MJD in TDB");
  return Object.freeze({ epoch, frequencies: Object.freeze(frequencies) });
}

function spinFrequencies(reader: ParReader): DoubleDouble[] {
  const f0 = takeDigits(reader, "F0", "F", "NU"), f1 = takeDigits(reader, "F1");
  const p0 = takeDigits(reader, "P0", "P"), p1 = takeDigits(reader, "P1", "PDOT");
  if (f0 === undefined) {
    if (p0 === undefined) throw missing(reader, "F0", "the frequency in Hz (or P0, in s)");
    if (!(p0.hi > 0)) throw parError(reader.par.file, takeLine(reader, "P0", "P")!, "s, above 0");
    if (f1 !== undefined) throw missing(reader, "F0", "F1 is given, F0 must be too");
    // a period that changes linearly has a second derivative of the frequency, as tempo2 leaves out
    const turns = ddDiv(dd(1), p0);
    return p1 === undefined ? [turns] : [turns, ddMul(ddMul(ddMul(turns, turns), p1), -1)];
  }
  if (p0 !== undefined || p1 !== undefined) {
    throw new SyntaxError(`${reader.par.file}: both F0 and P0 (or P1): delete one of them`);
  }
  if (!(f0.hi > 0)) {
    throw parError(reader.par.file, takeLine(reader, "F0", "F", "NU")!, "Hz, above 0");
  }
  const frequencies = [f0];
  for (const order of indices(reader, /^F(\d+)$/)) {
    if (order === 0) continue;
    if (order > LAST_DERIVATIVE) {
      throw parError(
        reader.par.file,
        takeLine(reader, `F${order}`)!,
        `derivatives up to F${LAST_DERIVATIVE}`,
      );
    }
    while (frequencies.length < order) frequencies.push(dd(0));
    frequencies[order] = takeDigits(reader, `F${order}`)!;
  }
  return frequencies;
}

export function parseGlitches(reader: ParReader): Glitch[] {
  return indices(reader, /^GL(?:EP|PH|F0|F1|F2|F0D|TD)_(\d+)$/).map((number) => {
    const name = (stem: string) =>
      [...reader.byKey.keys()].filter((key) =>
        key.startsWith(`${stem}_`) && Number(key.slice(stem.length + 1)) === number
      );
    const value = (stem: string) => takeNumber(reader, ...name(stem)) ?? 0;
    const epoch = takeEpoch(reader, "TDB", ...name("GLEP"));
    if (epoch === undefined) throw missing(reader, `GLEP_${number}`, "the epoch of the glitch");
    const decayHz = value("GLF0D"), decayS = value("GLTD") * DAY_S;
    if (!(decayS >= 0) || (decayS === 0 && decayHz !== 0)) {
      const line = takeLine(reader, ...name("GLTD"));
      if (line === undefined) {
        throw missing(reader, `GLTD_${number}`, "GLF0D needs a time of decay");
      }
      throw parError(reader.par.file, line, "a time of decay above 0, days");
    }
    return Object.freeze({
      number,
      epoch,
      phase: value("GLPH"),
      f0Hz: value("GLF0"),
      f1HzPerS: value("GLF1"),
      f2HzPerS2: value("GLF2"),
      decayHz: decayHz,
      decayS: decayHz === 0 ? 0 : decayS,
    });
  });
}

export function parseWaves(reader: ParReader, pepoch: TimeEpoch<"TDB">): WaveTerms | undefined {
  const orders = indices(reader, /^WAVE(\d+)$/), omega = takeNumber(reader, "WAVE_OM");
  const epoch = takeEpoch(reader, "TDB", "WAVEEPOCH") ?? pepoch;
  if (orders.length === 0) return undefined;
  if (omega === undefined) throw missing(reader, "WAVE_OM", "rad/day, of the harmonics WAVE1 …");
  const sinS: number[] = [], cosS: number[] = [];
  for (const order of orders) {
    const line = takeLine(reader, `WAVE${order}`)!;
    if (order < 1) throw parError(reader.par.file, line, "harmonics from WAVE1 on");
    if (line.words.length < 2) throw parError(reader.par.file, line, "two amplitudes, s");
    while (sinS.length < order) {
      sinS.push(0);
      cosS.push(0);
    }
    sinS[order - 1] = parNumber(reader.par.file, line, 0);
    cosS[order - 1] = parNumber(reader.par.file, line, 1);
  }
  return Object.freeze({
    epoch,
    omegaRadPerS: omega / DAY_S,
    sinS: Object.freeze(sinS),
    cosS: Object.freeze(cosS),
  });
}

export function parseTabulatedDelay(reader: ParReader): TabulatedDelay | undefined {
  const orders = indices(reader, /^IFUNC(\d+)$/), line = takeLine(reader, "SIFUNC");
  if (orders.length === 0 && line === undefined) return undefined;
  if (line === undefined) throw missing(reader, "SIFUNC", "how IFUNC1 … are interpolated (0 or 2)");
  if (orders.length === 0) throw missing(reader, "IFUNC1", "SIFUNC needs a table");
  const type = parNumber(reader.par.file, line);
  if (type !== 0 && type !== 2) {
    throw parError(
      reader.par.file,
      line,
      "0 (steps) or 2 (linear); 1 (sinc) depends on how far the table reaches and is not modelled",
    );
  }
  const nodes = orders.map((order) => {
    const node = takeLine(reader, `IFUNC${order}`)!;
    if (node.words.length < 2) throw parError(reader.par.file, node, "an MJD and a delay, s");
    return {
      node,
      epoch: parEpoch(reader.par.file, node, "TDB"),
      valueS: parNumber(reader.par.file, node, 1),
    };
  });
  nodes.forEach(({ node, epoch }, i) => {
    if (i > 0 && !(secondsBetween(nodes[i - 1]!.epoch, epoch) > 0)) {
      throw parError(reader.par.file, node, "a time after that of the node before");
    }
  });
  return Object.freeze({
    kind: type === 0 ? "step" : "linear",
    epochs: Object.freeze(nodes.map((one) => one.epoch)),
    valuesS: Object.freeze(nodes.map((one) => one.valueS)),
  });
}
