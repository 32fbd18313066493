import { join } from "node:path";
import { isFolder, type StreamItem } from "../data/mod.ts";
import type { ZipState } from "../../streams/accumulators/mod.ts";
import { runResumable } from "../../streams/engines/mod.ts";
import { checkpointFolder } from "../../streams/sinks/mod.ts";
import { eventPaths } from "../../streams/sources/mod.ts";
import { EXIT, UsageError } from "./errors.ts";
import { isUrl, log, printJson } from "./output.ts";
import { progressLine } from "./progress_line.ts";
import { parseCount } from "./quantities.ts";
import { hasPulsar, openPulsar, type PulsarFlags } from "./pulsar_options.ts";
import { streamConfig, type StreamFlags } from "./stream_options.ts";
import { accumulatorOf, columnsOf, nameOf, neededColumns, pipelineOf } from "./stream_pipeline.ts";
import { resultDocument, writeProducts } from "./stream_products.ts";
import { refuseMissingColumns } from "./stream_columns.ts";
import { openNamed, type SourceFlags } from "./stream_source.ts";
import { printSummary, type SummaryDocument } from "./stream_summary.ts";

/** All options of `gammarx stream`. */
export interface StreamCommandFlags extends StreamFlags, SourceFlags, PulsarFlags {
  readonly out?: string;
  readonly checkpoint?: string;
  readonly checkpointRows?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly png?: boolean;
}

/** Runs `gammarx stream`. Gives the exit code. */
export async function streamCommand(
  places: readonly string[],
  flags: StreamCommandFlags,
): Promise<number> {
  refuseContradictions(places, flags);
  const stop = new AbortController();
  const interrupt = () => {
    stop.abort();
    Deno.removeSignalListener("SIGINT", interrupt); // the next one ends the process
  };
  Deno.addSignalListener("SIGINT", interrupt);
  try {
    return await stream(places, flags, stop.signal);
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return EXIT.interrupted;
    throw error;
  } finally {
    Deno.removeSignalListener("SIGINT", interrupt);
  }
}

async function stream(
  places: readonly string[],
  flags: StreamCommandFlags,
  signal: AbortSignal,
): Promise<number> {
  const everyRows = flags.checkpointRows === undefined
    ? undefined
    : parseCount("checkpoint-rows", flags.checkpointRows);
  const { source: whole, identity } = await openNamed(places, flags, signal);
  const line = progressLine();
  try {
    const pulsar = hasPulsar(flags)
      ? await openPulsar((await eventPaths(places))[0]!, flags)
      : undefined;
    const config = streamConfig(flags, { ...whole, pulsar });
    const { pipeline, accumulator } = usable(() => ({
      pipeline: pipelineOf(config),
      accumulator: accumulatorOf(config),
    }));
    refuseMissingColumns(neededColumns(config), whole);
    for (const option of ["out", "checkpoint"] as const) {
      const folder = flags[option];
      if (folder !== undefined) await refuseUnwritable(option, folder);
    }
    let peakMemoryBytes = Deno.memoryUsage().rss, items = 0, events = 0;
    const startMs = performance.now();
    const observe = (_: Readonly<ZipState>, item: StreamItem) => {
      if (item.kind === "batch") events += item.rowStop - item.rowStart;
      if (items++ % 32 === 0) peakMemoryBytes = Math.max(peakMemoryBytes, Deno.memoryUsage().rss);
      line.show(() => `${events} events, ${rateText(events, startMs)}`);
    };
    const { state, resumedFrom } = await runResumable(
      whole.withColumns(columnsOf(config)),
      pipeline,
      accumulator,
      {
        checkpoints: flags.checkpoint === undefined
          ? undefined
          : checkpointFolder(flags.checkpoint),
        resume: flags.resume,
        name: nameOf(config, identity),
        everyRows,
        signal,
        observe,
      },
    );
    line.clear();
    if (flags.resume && resumedFrom === undefined) {
      log(`gammarx: ${flags.checkpoint} held no state: started from the beginning`);
    }
    const seconds = (performance.now() - startMs) / 1000;
    const result = accumulator.result(state);
    const files = flags.out === undefined
      ? []
      : await writeProducts(result, config, { out: flags.out, png: flags.png === true });
    peakMemoryBytes = Math.max(peakMemoryBytes, Deno.memoryUsage().rss);
    const document = {
      ...resultDocument(result, config),
      ...(pulsar === undefined ? {} : { ephemeris: pulsar.ephemeris }),
      files,
      throughputEventsPerS: events / seconds,
      peakMemoryBytes,
    };
    if (flags.json) printJson(document);
    else printSummary(document as unknown as SummaryDocument, flags.out);
    return signal.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    line.clear();
    whole.close();
  }
}

function rateText(events: number, startMs: number): string {
  return `${Math.round(events / Math.max(1e-3, (performance.now() - startMs) / 1000))} events/s`;
}

/** What cannot be made of a configuration is the user's mistake, not the data's. */
function usable<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Options that need another one, which is missing. */
const NEEDS: readonly (readonly [keyof StreamCommandFlags, keyof StreamCommandFlags, string])[] = [
  ["resume", "checkpoint", "--resume needs --checkpoint DIR: the folder of the run to take up"],
  ["checkpointRows", "checkpoint", "--checkpoint-rows needs --checkpoint DIR"],
  ["idle", "follow", "--idle needs --follow"],
  ["hdu", "columns", "--hdu needs --columns, as timeS=TIME"],
  ["png", "out", "--png needs --out DIR"],
];

function refuseContradictions(places: readonly string[], flags: StreamCommandFlags): void {
  const refuse = (isWrong: boolean | undefined, message: string) => {
    if (isWrong) throw new UsageError(message);
  };
  const stdin = places.includes("-");
  refuse(stdin && places.length > 1, "Read stdin (-) alone, not beside files");
  refuse(stdin && flags.follow, "--follow takes a file: stdin (-) is followed in any case");
  refuse(
    stdin && flags.checkpoint !== undefined,
    "--checkpoint needs a source that can be read again: stdin (-) is gone once it was read",
  );
  refuse(
    stdin && (flags.format !== undefined || flags.columns !== undefined),
    "--format and --columns are of files: stdin (-) has lines of JSON",
  );
  refuse(
    !stdin && flags.epoch !== undefined,
    "--epoch is of lines on stdin (-): files have theirs",
  );
  refuse(
    stdin && hasPulsar(flags),
    "--par, --orbit, --ephem and --weights need a file: its header says what its times are",
  );
  refuse(
    flags.par !== undefined && flags.phaseModel !== undefined,
    "Give phases by --par or by --phase-model, not by both",
  );
  refuse(flags.follow && places.length !== 1, "--follow takes one file");
  refuse(flags.follow && isUrl(places[0]!), "--follow takes a local file, not a web address");
  refuse(flags.follow && isExistingFolder(places[0]!), "--follow takes a file, not a folder");
  refuse(
    flags.follow && flags.gti,
    "--gti needs the good time intervals before the events: leave out --follow",
  );
  for (const [option, other, message] of NEEDS) {
    refuse(flags[option] !== undefined && flags[other] === undefined, message);
  }
}

function isExistingFolder(path: string): boolean {
  try {
    return isFolder(path);
  } catch {
    return false;
  }
}

/** Before a long run rather than after it. What a run that is killed here leaves, the next one removes. */
async function refuseUnwritable(option: string, folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    const probe = join(folder, ".gammarx-writable");
    await Deno.writeFile(probe, new Uint8Array());
    await Deno.remove(probe);
  } catch (error) {
    throw new UsageError(`--${option} "${folder}" cannot be written: ${(error as Error).message}`);
  }
}
