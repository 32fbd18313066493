import { join } from "node:path";
import { type OperatorFunction, pipe, reduce } from "rxjs";
import type { StreamItem } from "../data/mod.ts";
import { writeFileAtomic } from "../fits/mod.ts";
import { figure, periodogramPanel, renderPng } from "../plot/mod.ts";
import {
  type Candidate,
  f1Steps,
  findPeaks,
  type Periodogram,
  type PeriodogramEvents,
  type PeriodogramOptions,
  refineCandidate,
  type RefinedCandidate,
  tilePeriodogram,
} from "../stats/mod.ts";
import { addSeconds, epochMjd } from "../time/mod.ts";
import {
  account,
  type Accumulator,
  eventStatistics,
  periodogram,
  zip,
} from "../../streams/accumulators/mod.ts";
import { drain, runResumable } from "../../streams/engines/mod.ts";
import { barycentre } from "../../streams/operators/mod.ts";
import { eventPaths, type StreamSource } from "../../streams/sources/mod.ts";
import { EXIT, UsageError } from "./errors.ts";
import { log, plain, printJson, textTable } from "./output.ts";
import { progressLine } from "./progress_line.ts";
import { type OpenPulsar, openPulsar, type PulsarFlags } from "./pulsar_options.ts";
import { ofOption, parseCount, parseNumber, parts } from "./quantities.ts";
import { streamConfig, type StreamFlags } from "./stream_options.ts";
import { columnsOf, neededColumns, pipelineOf, type StreamConfig } from "./stream_pipeline.ts";
import { refuseMissingColumns } from "./stream_columns.ts";
import { openNamed, type SourceFlags } from "./stream_source.ts";

/** The options of `gammarx psearch` as they were typed. */
export interface PsearchFlags
  extends
    PulsarFlags,
    SourceFlags,
    Pick<StreamFlags, "energy" | "time" | "region" | "gti" | "eventType"> {
  readonly f0: string;
  readonly f1?: string;
  readonly harmonics?: string;
  readonly statistic?: string;
  readonly oversampling?: string;
  readonly candidates?: string;
  readonly trials?: string;
  readonly maxMemory?: string;
  readonly raw?: boolean;
  readonly out?: string;
  readonly png?: boolean;
  readonly json?: boolean;
}

/** Beyond so many events candidates are not climbed to their exact maximum: that holds all times. */
const MOST_REFINED = 1 << 23;

/** Runs `gammarx psearch`: pulsations over a band of frequency. Gives the exit code. */
export async function psearchCommand(
  places: readonly string[],
  flags: PsearchFlags,
): Promise<number> {
  const stop = new AbortController(), { source } = await openNamed(places, flags, stop.signal);
  try {
    const pulsar = await openPulsar((await eventPaths(places))[0]!, flags);
    const search = await searchOf(source, pulsar, flags);
    const document = {
      account: search.account,
      n: search.n,
      epochMjd: search.epochMjd,
      spanS: search.spanS,
      f0Hz: search.bandHz,
      f1HzPerS: search.f1HzPerS,
      stepHz: search.stepHz,
      trials: search.trials,
      tiles: search.tiles,
      memoryBytes: search.memoryBytes,
      boundDz: search.boundDz,
      statistic: search.statistic,
      candidates: search.candidates.map(candidateOf),
      ephemeris: pulsar.ephemeris,
    };
    const files = flags.out === undefined ? [] : await writePictures(search, flags, document);
    if (flags.json) printJson({ ...document, files });
    else print(search, flags.out, files);
    return EXIT.done;
  } finally {
    source.close();
  }
}

/** What a search has found. */
interface Search {
  readonly account: unknown;
  readonly n: number;
  readonly epochMjd: number;
  readonly spanS: number;
  readonly bandHz: readonly [number, number];
  readonly f1HzPerS: readonly number[];
  readonly stepHz: number;
  readonly trials: number;
  readonly tiles: number;
  readonly memoryBytes: number;
  readonly boundDz: number;
  readonly statistic: "h" | number;
  readonly candidates: readonly Found[];
  /** The part of the search with the best candidate. */
  readonly best: Periodogram;
}

interface Found {
  readonly candidate: Candidate;
  readonly refined: RefinedCandidate | undefined;
}

async function searchOf(
  source: StreamSource,
  pulsar: OpenPulsar,
  flags: PsearchFlags,
): Promise<Search> {
  const run = passesOf(source, pulsar, flags);
  const first = await run.into(
    "times",
    zip({ account: account(), times: eventStatistics(["timeS"]) }),
  );
  const time = first.times.columns.timeS;
  if (time === undefined || !(time.max > time.min)) {
    throw new UsageError("There are not two events at different times: there is nothing to search");
  }
  const spanS = time.max - time.min, referenceS = Math.round((time.max + time.min) / 2);
  const options = gridOf(flags, { spanS, referenceS });
  const tiles = tilePeriodogram(options), statistic = statisticOf(flags);
  const nCandidates = flags.candidates === undefined
    ? 10
    : parseCount("candidates", flags.candidates);
  const trials = flags.trials === undefined ? undefined : parseNumber("trials", flags.trials);
  if (tiles.length > 1) {
    log(`gammarx: the search is larger than --max-memory: ${tiles.length} passes over the events`);
  }
  const peaks: Candidate[] = [];
  let best: Periodogram | undefined, bestLogP = Infinity, memoryBytes = 0, boundDz = 0, n = 0;
  for (const tile of tiles) {
    const accumulator = periodogram({ ...tile, weighted: pulsar.weights !== undefined });
    const found = await run.into(`search ${tile.tile!.index + 1} of ${tiles.length}`, accumulator);
    const own = findPeaks(found, { statistic, maxLogP: 0, maxPeaks: nCandidates, trials });
    peaks.push(...own);
    memoryBytes = Math.max(memoryBytes, accumulator.plan.memoryBytes);
    boundDz = Math.max(boundDz, found.boundDz);
    n = found.n;
    if ((own[0]?.logP ?? 0) < bestLogP || best === undefined) {
      best = found;
      bestLogP = own[0]?.logP ?? 0;
    }
  }
  peaks.sort((a, b) => a.logP - b.logP);
  const kept = peaks.slice(0, nCandidates);
  const events = n <= MOST_REFINED ? await run.events() : undefined;
  const fitF1 = options.f1HzPerS !== undefined && options.f1HzPerS.length > 1;
  return {
    account: first.account,
    n,
    epochMjd: epochMjd(addSeconds<"TT" | "TDB">(source.epoch, referenceS)),
    spanS,
    bandHz: bandOf(flags),
    f1HzPerS: [...(options.f1HzPerS ?? [0])],
    stepHz: best!.stepHz,
    trials: options.nTrials * (options.f1HzPerS?.length ?? 1),
    tiles: tiles.length,
    memoryBytes,
    boundDz,
    statistic,
    best: best!,
    candidates: kept.map((candidate) => ({
      candidate,
      refined: events && refineCandidate(events, {
        f0Hz: candidate.f0Hz,
        f1HzPerS: candidate.f1HzPerS,
        referenceS,
        nHarmonics: Math.max(1, candidate.harmonic),
        fitF1,
        trials: candidate.trials,
      }),
    })),
  };
}

/** Ways to stream the events once more. */
interface Passes {
  /** Into an accumulator. */
  readonly into: <State, Out>(
    what: string,
    accumulator: Accumulator<StreamItem, State, Out>,
  ) => Promise<Out>;
  /** All times and weights. */
  readonly events: () => Promise<PeriodogramEvents>;
}

function passesOf(source: StreamSource, pulsar: OpenPulsar, flags: PsearchFlags): Passes {
  const { weights, timing, times } = pulsar;
  const config: StreamConfig = {
    ...streamConfig(flags, { ...source, pulsar }),
    phaseModel: undefined,
    weights,
  };
  refuseMissingColumns(neededColumns(config), source);
  if (times.place !== "barycentre" && timing === undefined && !flags.raw) {
    throw new UsageError(
      "Times are not of the barycentre: give --par FILE with the place of the source, or --raw to " +
        "search them as they are",
    );
  }
  const whole = source.withColumns(columnsOf(config)), selected = pipelineOf(config);
  const isMoved = !flags.raw && timing?.barycentring !== undefined;
  const pipeline: OperatorFunction<StreamItem, StreamItem> = (items) =>
    isMoved ? barycentre(timing!.barycentring!)(selected(items)) : selected(items);
  return {
    async into(what, accumulator) {
      const line = progressLine();
      let events = 0;
      try {
        const { state } = await runResumable(whole, pipeline, accumulator, {
          observe: (_, item) => {
            if (item.kind === "batch") events += item.rowStop - item.rowStart;
            line.show(() => `${what}: ${events} events`);
          },
        });
        return accumulator.result(state);
      } finally {
        line.clear();
      }
    },
    async events() {
      const times: Float64Array[] = [], kept: Float64Array[] = [];
      const keep = (item: StreamItem) => {
        if (item.kind !== "batch") return;
        times.push(item.columns.timeS);
        if (item.columns.weight !== undefined) kept.push(item.columns.weight);
      };
      await drain(whole.items(), pipe(pipeline, reduce((n, item) => (keep(item), n + 1), 0)));
      return { timeS: joined(times), weights: weights === undefined ? undefined : joined(kept) };
    },
  };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((n, one) => n + one.length, 0));
  let at = 0;
  for (const one of parts) {
    out.set(one, at);
    at += one.length;
  }
  return out;
}

/** The grid of the whole search. */
function gridOf(
  flags: PsearchFlags,
  { spanS, referenceS }: { readonly spanS: number; readonly referenceS: number },
): PeriodogramOptions {
  const [low, high] = bandOf(flags);
  const maxHarmonic = flags.harmonics === undefined
    ? (statisticOf(flags) === "h" ? 20 : 2)
    : parseCount("harmonics", flags.harmonics);
  const oversampling = flags.oversampling === undefined
    ? 5
    : parseNumber("oversampling", flags.oversampling);
  const stepHz = 1 / (oversampling * spanS),
    nTrials = Math.max(1, Math.ceil((high - low) / stepHz) + 1);
  return ofOption("f0", flags.f0, () => ({
    f0CentreHz: low + Math.floor(nTrials / 2) * stepHz,
    stepHz,
    nTrials,
    maxHarmonic,
    f1HzPerS: derivativesOf(flags, spanS, maxHarmonic),
    referenceS,
    maxBytes: flags.maxMemory === undefined ? 2 ** 30 : bytesOf(flags.maxMemory),
  }));
}

function bandOf({ f0 }: PsearchFlags): readonly [number, number] {
  const [low, high] = parts("f0", f0, ["LOW", "HIGH"]).map((one) => parseNumber("f0", one));
  if (low! > 0 && high! >= low!) return [low!, high!];
  throw new UsageError(`--f0 "${f0}": expected LOW,HIGH in Hz, above 0 and ascending`);
}

function derivativesOf(
  { f1 }: PsearchFlags,
  spanS: number,
  harmonic: number,
): Float64Array | undefined {
  if (f1 === undefined) return undefined;
  const [low, high] = parts("f1", f1, ["LOW", "HIGH"]).map((one) => parseNumber("f1", one));
  return ofOption("f1", f1, () => f1Steps({ fromHzPerS: low!, toHzPerS: high!, spanS, harmonic }));
}

function statisticOf({ statistic = "z2", harmonics }: PsearchFlags): "h" | number {
  if (statistic === "h") return "h";
  if (statistic === "z2") return harmonics === undefined ? 2 : parseCount("harmonics", harmonics);
  throw new UsageError(`--statistic "${statistic}": expected z2 or h`);
}

/** Bytes of "512 MB", "2GB" or a number. */
function bytesOf(text: string): number {
  const match = /^([\d.]+)\s*([kMG]?)i?B?$/.exec(text.trim());
  const factor = { "": 1, k: 1e3, M: 1e6, G: 1e9 }[match?.[2] ?? ""];
  if (match !== null && factor !== undefined) return parseNumber("max-memory", match[1]!) * factor;
  throw new UsageError(`--max-memory "${text}": expected a size such as 512MB or 2GB`);
}

function candidateOf({ candidate, refined }: Found) {
  const exact = refined?.converged === true;
  return {
    f0: exact ? refined.f0Hz : candidate.f0Hz,
    f0Error: exact ? refined.f0ErrorHz : null,
    f1: exact ? refined.f1HzPerS : candidate.f1HzPerS,
    f1Error: exact ? refined.f1ErrorHzPerS : null,
    stat: candidate.value,
    harmonic: candidate.harmonic,
    logP: candidate.logP,
    trials: candidate.trials,
    logPTrials: candidate.logPAfterTrials,
    refinedZ2: exact ? refined.z2 : null,
    refined: exact ? "" : refined?.reason ?? `more than ${MOST_REFINED} events`,
  };
}

async function writePictures(
  { best, statistic }: Search,
  { out, png }: PsearchFlags,
  document: unknown,
): Promise<string[]> {
  await Deno.mkdir(out!, { recursive: true });
  const svg = figure({ width: 720, height: 360, panels: [periodogramPanel(best, { statistic })] });
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const files: [string, Uint8Array][] = [
    ["periodogram.svg", utf8(svg)],
    ...(png ? [["periodogram.png", await renderPng(svg)] as [string, Uint8Array]] : []),
    ["result.json", utf8(JSON.stringify(plain(document), null, 1) + "\n")],
  ];
  for (const [name, bytes] of files) await writeFileAtomic(join(out!, name), bytes);
  return files.map(([name]) => name);
}

function print(search: Search, out: string | undefined, files: readonly string[]): void {
  const { n, spanS, trials, tiles, memoryBytes, boundDz, statistic, candidates } = search;
  console.log(
    `${n} events over ${spanS.toFixed(1)} s, ${trials} trials in ${tiles} ` +
      `${tiles === 1 ? "pass" : "passes"}, ${Math.round(memoryBytes / 1e6)} MB, Z2 exact to ${
        boundDz.toExponential(1)
      }`,
  );
  console.log(textTable(
    ["f0/Hz", "f1/Hz/s", statistic === "h" ? "H" : `Z2_${statistic}`, "ln p", "ln p after trials"],
    candidates.map(candidateOf).map((one) => [
      one.f0.toPrecision(12),
      one.f1.toExponential(4),
      one.stat.toFixed(2),
      one.logP.toFixed(2),
      one.logPTrials.toFixed(2),
    ]),
  ));
  if (out !== undefined) console.log(files.map((name) => `${out}/${name}`).join(" "));
}
