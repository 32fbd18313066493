import type { StreamItem } from "../data/mod.ts";
import type { BadRow, ColumnarOptions } from "../events/mod.ts";
import type { ZipState } from "../../streams/accumulators/mod.ts";
import { type ResumableRun, runResumable } from "../../streams/engines/mod.ts";
import { checkpointFolder } from "../../streams/sinks/mod.ts";
import {
  followFile,
  linesSource,
  openSource,
  type StreamSource,
} from "../../streams/sources/mod.ts";
import { EXIT, UsageError } from "./errors.ts";
import { log, printJson } from "./output.ts";
import { progressLine } from "./progress_line.ts";
import { parseCount, parseMjd, parseNumber } from "./quantities.ts";
import { streamConfig, type StreamFlags } from "./stream_options.ts";
import { accumulatorOf, columnsOf, nameOf, pipelineOf } from "./stream_pipeline.ts";
import { resultDocument, writeProducts } from "./stream_products.ts";

/** All options of `gammarx stream`. */
export interface StreamCommandFlags extends StreamFlags {
  readonly out?: string;
  readonly checkpoint?: string;
  readonly checkpointRows?: string;
  readonly resume?: boolean;
  readonly follow?: boolean;
  readonly idle?: string;
  readonly json?: boolean;
  readonly png?: boolean;
  readonly format?: string;
  readonly columns?: string;
  readonly hdu?: string;
  readonly epoch?: string;
  readonly batchRows?: string;
}

/** Most rows that are reported one by one. */
const REPORTED_ROWS = 10;

/** Runs `gammarx stream`. Gives the exit code. */
export async function streamCommand(
  places: readonly string[],
  flags: StreamCommandFlags,
): Promise<number> {
  refuseContradictions(places, flags);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  Deno.addSignalListener("SIGINT", interrupt);
  const line = progressLine();
  try {
    const whole = await openNamed(places, flags, stop.signal);
    const config = streamConfig(flags, whole);
    const source = whole.withColumns(columnsOf(config));
    const accumulator = accumulatorOf(config);
    let peakMemoryBytes = Deno.memoryUsage().rss, items = 0, events = 0;
    const startMs = performance.now();
    const observe = (_: Readonly<ZipState>, item: StreamItem) => {
      if (item.kind === "batch") events += item.rowStop - item.rowStart;
      if (items++ % 32 === 0) peakMemoryBytes = Math.max(peakMemoryBytes, Deno.memoryUsage().rss);
      line.show(() => `${events} events, ${rateText(events, startMs)}`);
    };
    const run: ResumableRun<ZipState> = await runResumable(
      source,
      pipelineOf(config),
      accumulator,
      {
        checkpoints: flags.checkpoint === undefined
          ? undefined
          : checkpointFolder(flags.checkpoint),
        resume: flags.resume,
        name: nameOf(config, places),
        everyRows: flags.checkpointRows === undefined
          ? undefined
          : parseCount("checkpoint-rows", flags.checkpointRows),
        signal: stop.signal,
        observe,
      },
    );
    line.clear();
    const seconds = (performance.now() - startMs) / 1000;
    const result = accumulator.result(run.state);
    const files = flags.out === undefined
      ? []
      : await writeProducts(result, config, { out: flags.out, png: flags.png === true });
    peakMemoryBytes = Math.max(peakMemoryBytes, Deno.memoryUsage().rss);
    const document = {
      ...resultDocument(result, config),
      files,
      throughputEventsPerS: events / seconds,
      peakMemoryBytes,
    };
    if (flags.json) printJson(document);
    else printSummary(document as unknown as SummaryDocument, flags.out);
    return stop.signal.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    line.clear();
    Deno.removeSignalListener("SIGINT", interrupt);
  }
}

function rateText(events: number, startMs: number): string {
  return `${Math.round(events / Math.max(1e-3, (performance.now() - startMs) / 1000))} events/s`;
}

function refuseContradictions(places: readonly string[], flags: StreamCommandFlags): void {
  const stdin = places.includes("-");
  if (stdin && places.length > 1) throw new UsageError("Read stdin (-) alone, not beside files");
  if (flags.follow && places.length !== 1) throw new UsageError("--follow takes one source");
  if (flags.resume && flags.checkpoint === undefined) {
    throw new UsageError("--resume needs --checkpoint DIR: the folder of the run to take up");
  }
  if (flags.resume && stdin) throw new UsageError("--resume needs a source that can be read again");
  if (flags.png && flags.out === undefined) throw new UsageError("--png needs --out DIR");
}

function columnarOptions(flags: StreamCommandFlags): ColumnarOptions | undefined {
  if (flags.columns === undefined) return undefined;
  const columns: Record<string, string> = {};
  for (const pair of flags.columns.split(",")) {
    const [name, column] = pair.split("=").map((word) => word.trim());
    if (!name || !column) {
      throw new UsageError(`--columns: found "${pair}", expected NAME=COLUMN, as timeS=TIME`);
    }
    columns[name] = column;
  }
  if (columns.timeS === undefined) {
    throw new UsageError("--columns: name at least the column of times, as timeS=TIME");
  }
  const hdu = flags.hdu === undefined
    ? {}
    : { hdu: /^\d+$/.test(flags.hdu) ? Number(flags.hdu) : flags.hdu };
  return { columns, ...hdu };
}

async function openNamed(
  places: readonly string[],
  flags: StreamCommandFlags,
  signal: AbortSignal,
): Promise<StreamSource> {
  let reported = 0;
  const onBadRow = ({ source, row, reason }: BadRow) => {
    if (++reported <= REPORTED_ROWS) log(`gammarx: ${source}, row ${row + 1}: ${reason}`);
    if (reported === REPORTED_ROWS) log("gammarx: further rows are counted, not reported");
  };
  const options = {
    format: flags.format,
    columnar: columnarOptions(flags),
    onBadRow,
    onWarning: (text: string) => log(`gammarx: ${text}`),
    batchRows: flags.batchRows === undefined
      ? undefined
      : parseCount("batch-rows", flags.batchRows),
  };
  if (places[0] === "-") {
    const epoch = flags.epoch === undefined ? undefined : parseMjd("epoch", flags.epoch, "TT");
    return await linesSource(Deno.stdin.readable, { ...options, epoch });
  }
  if (flags.follow) {
    const idleS = flags.idle === undefined ? undefined : parseNumber("idle", flags.idle);
    return await followFile(places[0]!, {
      ...options,
      signal,
      ...(idleS === undefined ? {} : { idleS }),
    });
  }
  return await openSource(places, options);
}

interface SummaryDocument {
  readonly account: { read: number; used: number; late: number; rejected: Record<string, number> };
  readonly events: { energyMinTeV: number | null; energyMaxTeV: number | null };
  readonly observations: number;
  readonly livetimeS: number;
  readonly files: readonly string[];
  readonly throughputEventsPerS: number;
  readonly peakMemoryBytes: number;
  readonly phaseTests?: { H: number; HHarmonic: number; logPH: number };
}

function printSummary(summary: SummaryDocument, out: string | undefined): void {
  const { account, events, files } = summary;
  const rejected = Object.entries(account.rejected).map(([reason, n]) => `${reason} ${n}`).join(
    ", ",
  );
  const lines = [
    `observations  ${summary.observations}`,
    `events        ${account.used} used of ${account.read} read` +
    (account.late > 0 ? `, ${account.late} late` : "") +
    (rejected === "" ? "" : ` (rejected: ${rejected})`),
    `live time     ${summary.livetimeS.toFixed(2)} s`,
  ];
  if (events.energyMinTeV !== null) {
    lines.push(
      `energies      ${events.energyMinTeV.toPrecision(4)} to ${
        events.energyMaxTeV!.toPrecision(4)
      } TeV`,
    );
  }
  if (summary.phaseTests !== undefined) {
    const { H, HHarmonic, logPH } = summary.phaseTests;
    lines.push(
      `H test        ${H.toFixed(2)} at harmonic ${HHarmonic}, ln p = ${logPH.toFixed(2)}`,
    );
  }
  lines.push(
    `speed         ${Math.round(summary.throughputEventsPerS)} events/s, ` +
      `${Math.round(summary.peakMemoryBytes / 1e6)} MB`,
  );
  if (out !== undefined) {
    lines.push(`files         ${files.map((name) => `${out}/${name}`).join(" ")}`);
  }
  console.log(lines.join("\n"));
}
