import { type EventList, openEventList } from "../events/mod.ts";
import {
  type AddedColumn,
  asBintable,
  type Card,
  card,
  type FitsFile,
  openFitsFile,
  withAddedColumns,
  writeFileAtomic,
} from "../fits/mod.ts";
import { createPhasePredictor, type PhasePredictor, type PulsarTiming } from "../timing/mod.ts";
import { eventWeights } from "../../streams/operators/mod.ts";
import { EXIT, UsageError } from "./errors.ts";
import { log, printJson } from "./output.ts";
import { progressLine } from "./progress_line.ts";
import { type OpenPulsar, openPulsar, type PulsarFlags } from "./pulsar_options.ts";
import { parseCount } from "./quantities.ts";

/** The options of `gammarx phase` as they were typed. */
export interface PhaseFlags extends PulsarFlags {
  readonly out?: string;
  readonly orbitalPhase?: boolean;
  readonly baryTime?: boolean;
  readonly pulseNumber?: boolean;
  readonly print?: string;
  readonly json?: boolean;
}

/** Rows that are read together. */
const ROWS = 65536;

/** Runs `gammarx phase`: gives each event of a file its phase. Gives the exit code. */
export async function phaseCommand(path: string, flags: PhaseFlags): Promise<number> {
  const nPrint = flags.print === undefined ? 0 : parseCount("print", flags.print);
  if (flags.out === undefined && nPrint === 0 && !flags.json) {
    throw new UsageError("Give --out FILE for a copy with phases, --print N, or --json");
  }
  if (flags.out === path) throw new UsageError(`--out ${path}: a file is not written over itself`);
  const { timing, ...pulsar } = await openPulsar(path, flags);
  if (timing === undefined) throw new UsageError("phase needs --par FILE");
  using fits = await openFitsFile(path);
  const list = await openEventList(fits), phaser = phaserOf(list, { ...pulsar, timing }, flags);
  const line = progressLine(), first: Record<string, number>[] = [];
  const account = { read: 0, used: 0, late: 0, rejected: {} as Record<string, number> };
  try {
    if (flags.out === undefined) {
      for (let row = 0; row < list.nRows; row += ROWS) {
        await rowsFrom(row, Math.min(list.nRows, row + ROWS));
      }
    } else await writeFileAtomic(flags.out, pieces(fits));
  } finally {
    line.clear();
  }

  async function* pieces(file: FitsFile): AsyncGenerator<Uint8Array> {
    const table = asBintable(await file.hdu(list.hdu));
    let isSecond = false; // values are asked for twice, and counted once
    yield* withAddedColumns(table, {
      columns: phaser.columns,
      cards: phaser.cards,
      values: async (from, to) => {
        if (from === 0 && account.read > 0) isSecond = true;
        return isSecond ? (await phaser.rows(from, to)).columns : await rowsFrom(from, to);
      },
    });
  }

  async function rowsFrom(from: number, to: number): Promise<readonly Float64Array[]> {
    const { columns, bad } = await phaser.rows(from, to);
    account.read += to - from;
    account.used += to - from - bad;
    if (bad > 0) account.rejected["bad:nan-time"] = (account.rejected["bad:nan-time"] ?? 0) + bad;
    for (let i = 0; i < to - from && first.length < nPrint; i++) {
      const values = phaser.columns.map(({ name }, k) => [name, columns[k]![i]!] as const);
      first.push(Object.fromEntries(values));
    }
    line.show(() => `${account.read} of ${list.nRows} events`);
    return columns;
  }

  const { model, warnings } = timing;
  const document = {
    account,
    pulsar: model.name,
    ephemeris: pulsar.ephemeris,
    times: pulsar.times.place,
    absolute: phaser.predictor.absolute,
    warnings,
    unknown: model.unknown,
    ...(nPrint === 0 ? {} : { first }),
    ...(flags.out === undefined ? {} : { file: flags.out }),
  };
  if (flags.json) printJson(document);
  else {
    const { name, source } = pulsar.ephemeris!;
    log(`gammarx: ${account.used} of ${account.read} events, ephemeris ${name} (${source})`);
    for (const row of first) console.log(Object.values(row).map((x) => x.toFixed(9)).join(" "));
    if (flags.out !== undefined) console.log(flags.out);
  }
  return EXIT.done;
}

/** An open pulsar whose timing model is known. */
type TimedPulsar = OpenPulsar & { readonly timing: PulsarTiming };

/** What gives rows of a file their columns. */
interface Phaser {
  readonly predictor: PhasePredictor;
  readonly columns: readonly AddedColumn[];
  readonly cards: readonly Card[];
  /** The columns of rows, NaN where there is no time, and how many of these there are. */
  readonly rows: (
    from: number,
    to: number,
  ) => Promise<{ readonly columns: readonly Float64Array[]; readonly bad: number }>;
}

function phaserOf(list: EventList, pulsar: TimedPulsar, flags: PhaseFlags): Phaser {
  const { timing: { model, barycentring, reference }, weights } = pulsar;
  const predictor = createPhasePredictor(model, { epoch: list.epoch, reference });
  if (flags.orbitalPhase && model.binary === undefined) {
    throw new UsageError(`--orbital-phase: ${model.file} has no orbit (BINARY)`);
  }
  const wanted: readonly (AddedColumn & { readonly is: boolean })[] = [
    { name: "PULSE_PHASE", comment: "phase of the pulse", is: true },
    { name: "PULSE_NUMBER", comment: "whole cycles", is: flags.pulseNumber === true },
    { name: "ORBIT_PHASE", comment: "phase of the orbit", is: flags.orbitalPhase === true },
    { name: "BARY_TIME", unit: "s", comment: "TDB at the barycentre", is: flags.baryTime === true },
    { name: "WEIGHT", comment: "probability of the source", is: weights !== undefined },
  ];
  const needs = weights === undefined
    ? []
    : weights.method === "column"
    ? [weights.column]
    : ["energyTeV", "raDeg", "decDeg"];
  return {
    predictor,
    columns: wanted.filter((one) => one.is).map(({ is: _, ...column }) => column),
    cards: cardsOf(pulsar, predictor, flags),
    async rows(from, to) {
      const badRows: number[] = [];
      const batch = await list.read(from, to, {
        columns: ["timeS", ...needs],
        onBadRow: ({ row }) => badRows.push(row - from),
      });
      const { timeS } = batch.columns, n = batch.length, zeros = () => new Float64Array(n);
      const correction = barycentring && zeros();
      barycentring?.correctionS(list.epoch, timeS, n, correction!);
      const phase = zeros(), pulseNumber = zeros();
      const orbital = flags.orbitalPhase ? zeros() : undefined;
      predictor.phase(timeS, correction, n, { phase, pulseNumber, orbitalPhase: orbital });
      const found = [
        phase,
        pulseNumber,
        orbital,
        correction === undefined ? timeS : timeS.map((t, i) => t + correction[i]!),
        weights && eventWeights(batch, list.pointing, weights),
      ];
      const columns = found.filter((_, k) => wanted[k]!.is);
      return { columns: columns.map((one) => withBadRows(one!, badRows)), bad: badRows.length };
    },
  };
}

/** Rows without a time get NaN. */
function withBadRows(values: Float64Array, badRows: readonly number[]): Float64Array {
  if (badRows.length === 0) return values;
  const out = new Float64Array(values.length + badRows.length), bad = new Set(badRows);
  for (let row = 0, i = 0; row < out.length; row++) out[row] = bad.has(row) ? NaN : values[i++]!;
  return out;
}

/** How phases came to be, for the header. */
function cardsOf(
  { timing: { model }, ephemeris, times }: TimedPulsar,
  { absolute }: PhasePredictor,
  { par, orbit, weights }: PhaseFlags,
): Card[] {
  const base = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  return [
    card("PHPSR", model.name, "pulsar of PULSE_PHASE"),
    card("PHPAR", base(par!), "timing model of PULSE_PHASE"),
    card("PHEPHEM", ephemeris!.name, `ephemeris of PULSE_PHASE (${ephemeris!.source})`),
    card("PHTIMES", times.place, "where the times were before"),
    card("PHABS", absolute, "phase 0 is that of TZRMJD"),
    ...(orbit === undefined ? [] : [card("PHORBIT", base(orbit), "way of the spacecraft")]),
    ...(weights === undefined ? [] : [card("PHWEIGHT", weights, "method of WEIGHT")]),
    card("HISTORY", undefined, "PULSE_PHASE by gammarx phase"),
  ];
}
