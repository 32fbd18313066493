import { identity, type OperatorFunction } from "rxjs";
import { type Alert, alertFormats, type AlertTense } from "../alerts/mod.ts";
import type { StreamItem } from "../data/mod.ts";
import { transientSearch } from "../../streams/accumulators/mod.ts";
import type { Detector } from "../../streams/monitor/mod.ts";
import {
  assignPhase,
  selectEnergy,
  selectEventType,
  selectGti,
  selectOffset,
  selectRegion,
} from "../../streams/operators/mod.ts";
import {
  alertFileSink,
  type AlertSink,
  alertStdoutSink,
  alertWebhookSink,
} from "../../streams/sinks/mod.ts";
import {
  eventPaths,
  followFile,
  linesSource,
  openSource,
  replay,
  simulatedSource,
  type StreamSource,
} from "../../streams/sources/mod.ts";
import { UsageError } from "./errors.ts";
import type { MonitorDetector, MonitorFile, MonitorSink, MonitorSource } from "./monitor_config.ts";
import { log } from "./output.ts";
import { openPulsar } from "./pulsar_options.ts";
import { readSimulateConfig } from "./simulate_config.ts";
import { MONITOR_SIMULATION } from "./monitor_template.ts";

/** The place of the simulation that comes with the program. */
export const BUILT_IN = "(built in)";

/** Simulated events come in stretches of so much, s: longer ones would come late. */
const SIMULATED_BATCH_S = 10;
/** Events a batch of a file: a detector decides after each. */
const BATCH_ROWS = 4096;

type Stage = OperatorFunction<StreamItem, StreamItem>;

/** Opens a stream. */
export async function openMonitorSource(
  source: MonitorSource,
  config: MonitorFile,
  signal: AbortSignal,
): Promise<StreamSource> {
  const options = {
    format: config.format,
    batchRows: BATCH_ROWS,
    onWarning: (text: string) => log(`gammarx: ${text}`),
    signal,
  };
  const paced = (stream: StreamSource, speed: number) =>
    speed === Infinity ? stream : replay(stream, { speed, tickS: 0.1 });
  switch (source.kind) {
    case "files":
      return paced(await openSource(await eventPaths(source.files), options), source.speed);
    case "follow":
      return await followFile(source.path, { ...options, idleS: source.idleS });
    case "lines":
      return await linesSource(Deno.stdin.readable, { ...options, epoch: source.epoch });
    case "simulate": {
      const text = source.path === BUILT_IN
        ? MONITOR_SIMULATION
        : await Deno.readTextFile(source.path);
      const { seed, simulation } = readSimulateConfig(text, source.path);
      const stream = simulatedSource({ ...simulation, maxBatchS: SIMULATED_BATCH_S }, { seed });
      return paced(stream, source.speed);
    }
  }
}

/** What is done with the events of each stream before they meet: row-wise operators. */
export async function monitorPipeline(config: MonitorFile): Promise<Stage> {
  const { energyTeV, region, offsetDeg, eventType, gti } = config.select;
  const stages: Stage[] = [];
  if (gti) stages.push(selectGti());
  if (energyTeV !== undefined) {
    stages.push(selectEnergy({ lowTeV: energyTeV[0], highTeV: energyTeV[1] }));
  }
  if (eventType !== undefined) stages.push(selectEventType(eventType));
  if (offsetDeg !== undefined) {
    stages.push(selectOffset({ minDeg: offsetDeg[0], maxDeg: offsetDeg[1] }));
  }
  if (region !== undefined) stages.push(selectRegion(region));
  if (config.timing !== undefined) {
    const { timing } = await openPulsar(await firstFile(config), config.timing);
    stages.push(assignPhase(timing!));
  }
  return stages.reduce((whole, stage) => (items) => stage(whole(items)), identity as Stage);
}

/** The file whose header says what times are. */
async function firstFile({ sources }: MonitorFile): Promise<string> {
  for (const source of sources) {
    if (source.kind === "files") return (await eventPaths(source.files))[0]!;
    if (source.kind === "follow") return source.path;
  }
  throw new UsageError("timing needs a file: its header says what the times of events are");
}

/** A search as the configuration describes it. */
export function monitorDetector(detector: MonitorDetector, config: MonitorFile): Detector {
  const { name, muMin, psfDeg, joinDeg, ...search } = detector;
  try {
    return transientSearch({
      ...search,
      bands: config.bands,
      tense: config.tense,
      observatory: config.observatory,
      ...(config.instrument === undefined ? {} : { instrument: config.instrument }),
      ...(muMin === undefined ? {} : { muMin }),
      ...(psfDeg === undefined ? {} : { psfDeg }),
      ...(joinDeg === undefined ? {} : { joinDeg }),
    });
  } catch (error) {
    throw new UsageError(`detector ${name}: ${(error as Error).message}`);
  }
}

/** Where alerts go. The signal ends the retries of webhooks. */
export async function openMonitorSink(
  sink: MonitorSink,
  signal: AbortSignal,
): Promise<AlertSink> {
  const format = alertFormats.lookup("alert", sink.format);
  const encode = (alert: Alert) =>
    format.write(alert, { ...sink.writing, sentAt: new Date().toISOString() });
  switch (sink.to) {
    case "file": {
      const file = await alertFileSink(sink.path);
      if (file.cutOff !== "") {
        log(`gammarx: ${sink.path}: cut off a line that a killed run had not finished`);
      }
      return file;
    }
    case "stdout":
      return alertStdoutSink({ encode });
    case "webhook":
      return alertWebhookSink(sink.url, { encode, contentType: format.mediaType, signal });
  }
}

/** The same configuration, looking at the simulation that comes with the program. */
export function simulated(config: MonitorFile, speed: number): MonitorFile {
  return {
    ...config,
    title: `${config.title} (simulation)`,
    tense: "injection" satisfies AlertTense,
    sources: [{ kind: "simulate", path: BUILT_IN, speed }],
    timing: undefined,
  };
}
