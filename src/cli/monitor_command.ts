import { join } from "node:path";
import { fingerprint } from "../numeric/mod.ts";
import {
  alertJournal,
  type MonitorEnd,
  type MonitorServer,
  type MonitorView,
  monitorView,
  runMonitor,
  type RunningMonitor,
  serveMonitor,
} from "../../streams/monitor/mod.ts";
import { alertOutbox, type AlertSink, checkpointFolder } from "../../streams/sinks/mod.ts";
import { type MergedSource, mergeSources, type StreamSource } from "../../streams/sources/mod.ts";
import { EXIT, UsageError } from "./errors.ts";
import {
  addressOf,
  type MonitorAddress,
  type MonitorFile,
  readMonitorConfig,
} from "./monitor_config.ts";
import {
  monitorDetector,
  monitorPipeline,
  openMonitorSink,
  openMonitorSource,
  simulated,
} from "./monitor_setup.ts";
import { MONITOR_TEMPLATE } from "./monitor_template.ts";
import { alertText, redrawn, screenText, statusText } from "./monitor_terminal.ts";
import { log, printJson } from "./output.ts";
import { ofOption, parseNumber } from "./quantities.ts";

/** Options of `gammarx monitor`. */
export interface MonitorFlags {
  readonly serve?: string;
  readonly tokenFile?: string;
  readonly template?: boolean;
  readonly simulate?: boolean;
  readonly speed?: string;
  readonly fresh?: boolean;
  readonly stay?: boolean;
  readonly json?: boolean;
}

/** Between two pictures on a terminal or page, ms. */
const SHOW_MS = 500;
/** Between two lines where there is no terminal, ms. */
const STATUS_MS = 60_000;

/** Runs `gammarx monitor`. Gives the exit code. */
export async function monitorCommand(
  path: string | undefined,
  flags: MonitorFlags,
): Promise<number> {
  if (flags.template) {
    console.log(MONITOR_TEMPLATE.trimEnd());
    return EXIT.done;
  }
  const config = await configOf(path, flags);
  const stop = new AbortController();
  const interrupt = () => {
    stop.abort();
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, interrupt); // the next one ends the process
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, interrupt);
  try {
    return await monitor(config, flags, stop.signal);
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return EXIT.interrupted;
    throw error;
  } finally {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, interrupt);
  }
}

const SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];

async function configOf(path: string | undefined, flags: MonitorFlags): Promise<MonitorFile> {
  if (path === undefined && !flags.simulate) {
    throw new UsageError("Give a configuration, --template for one to begin with, or --simulate");
  }
  if (flags.speed !== undefined && !flags.simulate) {
    throw new UsageError("--speed needs --simulate");
  }
  if (flags.stay && flags.serve === undefined && path === undefined) {
    throw new UsageError("--stay needs --serve HOST:PORT");
  }
  const read = path === undefined
    ? readMonitorConfig(MONITOR_TEMPLATE, "the template")
    : readMonitorConfig(await Deno.readTextFile(path), path);
  if (!flags.simulate) return withChecks(read);
  const speed = flags.speed === undefined
    ? 60
    : flags.speed === "max"
    ? Infinity
    : parseNumber("speed", flags.speed);
  if (!(speed > 0)) {
    throw new UsageError(`--speed: found ${flags.speed}, expected more than 0, or max`);
  }
  // The template's own sinks and states are of another stream.
  const own = path === undefined ? { ...read, alerts: [], checkpoint: undefined } : read;
  return simulated(own, speed);
}

function withChecks(config: MonitorFile): MonitorFile {
  const hasLines = config.sources.some(({ kind }) => kind === "lines");
  if (hasLines && config.checkpoint !== undefined) {
    throw new UsageError(
      "checkpoint needs sources that can be read again: stdin (lines: -) is gone once it was read",
    );
  }
  return config;
}

/** What has to be given back at the end. */
interface Opened {
  readonly streams: StreamSource[];
  readonly sinks: AlertSink[];
}

async function monitor(
  config: MonitorFile,
  flags: MonitorFlags,
  signal: AbortSignal,
): Promise<number> {
  const opened: Opened = { streams: [], sinks: [] };
  let server: MonitorServer | undefined, outbox: ReturnType<typeof alertOutbox> | undefined;
  const screen = showOn(), sinksEnd = new AbortController();
  signal.addEventListener("abort", () => sinksEnd.abort(), { once: true });
  try {
    for (const sink of config.alerts) {
      opened.sinks.push(await openMonitorSink(sink, sinksEnd.signal));
    }
    outbox = alertOutbox(opened.sinks);
    const detectors = Object.fromEntries(
      config.detectors.map((one) => [one.name, monitorDetector(one, config)]),
    );
    server = await serverOf(config, flags);
    if (server !== undefined) log(`gammarx: ${config.title} at ${server.url}`);
    for (const one of config.sources) {
      opened.streams.push(await openMonitorSource(one, config, signal));
    }
    const pipeline = await monitorPipeline(config);
    const source = mergeSources(
      opened.streams.map((one) => ({ source: one, pipeline })),
      { idleS: config.idleS, signal },
    );
    let running: RunningMonitor | undefined;
    const look = (phase: MonitorView["phase"]) => {
      if (running === undefined) return;
      const view = viewOf(running, { config, source, streams: opened.streams, phase });
      server?.publish(view);
      screen.show(view);
    };
    const timer = setInterval(() => look("running"), SHOW_MS);
    let end: MonitorEnd;
    try {
      const { timing, history, checkpoint, bands, late, sources, select } = config;
      end = await runMonitor({
        source,
        detectors,
        order: late,
        curve: { bands, widthS: history.widthS, nBins: history.nBins },
        ...(timing === undefined ? {} : { phaseBins: history.phaseBins }),
        outbox,
        ...(checkpoint === undefined ? {} : {
          checkpoints: checkpointFolder(checkpoint.folder),
          journal: alertJournal(join(checkpoint.folder, "alerts.journal")),
          everyS: checkpoint.everyS,
          everySteps: checkpoint.steps,
        }),
        resume: !flags.fresh,
        name: fingerprint(JSON.stringify({ sources: sources.map(named), select, timing })),
        signal,
      }, {
        onStep: (one) => running = one,
        onAlerts: (messages) => screen.tell(messages.map(({ alert }) => alertText(alert))),
        onTrouble: (text) => screen.tell([text]),
      });
    } finally {
      clearInterval(timer);
    }
    running = end;
    const phase = signal.aborted ? "interrupted" : "ended";
    look(phase);
    screen.end();
    if (flags.json) {
      printJson(documentOf(end, viewOf(end, { config, source, streams: opened.streams, phase })));
    }
    if (flags.stay && server !== undefined && !signal.aborted) await aborted(signal);
    if (signal.aborted) return EXIT.interrupted;
    return end.metrics().unsent > 0 ? EXIT.failed : EXIT.done;
  } finally {
    screen.end();
    opened.streams.forEach((one) => one.close());
    sinksEnd.abort(); // what was to be sent is sent, or is kept for the next run
    await (outbox?.close() ?? Promise.all(opened.sinks.map((one) => one.close())));
    await server?.close();
  }
}

/** A source without what does not change its events. */
function named(source: MonitorFile["sources"][0]): object {
  return { ...source, speed: undefined, idleS: undefined };
}

function viewOf(running: RunningMonitor, given: {
  readonly config: MonitorFile;
  readonly source: MergedSource;
  readonly streams: readonly StreamSource[];
  readonly phase: MonitorView["phase"];
}): MonitorView {
  const { config, source, streams, phase } = given;
  return monitorView(running, {
    title: config.title,
    epoch: source.epoch,
    bands: config.bands,
    sources: streams.map(({ name }) => name),
    phase,
    nowUnixMs: Date.now(),
  });
}

function documentOf({ machine, state, resumed }: MonitorEnd, view: MonitorView): object {
  const names = view.detectors.map(({ name }) => name);
  const { account, ...health } = view.health;
  return {
    account,
    alerts: names.flatMap((name) =>
      machine.detected(state, name).alerts.map(({ seq, alert }) => ({ detector: name, seq, alert }))
    ),
    detectors: view.detectors.map(({ bins: _, significance: __, now, ...rest }) => ({
      ...rest,
      now: now.slice(0, 16),
    })),
    health,
    phase: view.phase,
    resumed,
  };
}

async function serverOf(
  config: MonitorFile,
  flags: MonitorFlags,
): Promise<MonitorServer | undefined> {
  const asked = flags.serve;
  const address: MonitorAddress | undefined = asked === undefined ? config.serve : {
    ...(config.serve ?? { tokenFile: undefined, hosts: [] }),
    ...ofOption("serve", asked, () => addressOf(asked)),
  };
  if (address === undefined) return undefined;
  const tokenFile = flags.tokenFile ?? address.tokenFile;
  const token = tokenFile === undefined ? undefined : (await Deno.readTextFile(tokenFile)).trim();
  try {
    return await serveMonitor({ ...address, token });
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof Deno.errors.AddrInUse)) throw error;
    throw new UsageError(`--serve ${address.hostname}:${address.port}: ${error.message}`);
  }
}

/** What people see: a screen on a terminal, lines elsewhere. */
interface Screen {
  readonly show: (view: MonitorView) => void;
  readonly tell: (lines: readonly string[]) => void;
  readonly end: () => void;
}

function showOn(): Screen {
  const isTerminal = Deno.stderr.isTerminal(), utf8 = new TextEncoder();
  let nLines = 0, lastMs = performance.now(), latest: MonitorView | undefined;
  const write = (text: string) => void Deno.stderr.writeSync(utf8.encode(text));
  return {
    show(view) {
      latest = view;
      if (isTerminal) {
        const text = screenText(view, Deno.consoleSize().columns);
        write(redrawn(text, nLines));
        nLines = text.split("\n").length;
      } else if (performance.now() - lastMs >= STATUS_MS) {
        lastMs = performance.now();
        log(`gammarx: ${statusText(view)}`);
      }
    },
    tell(lines) {
      if (!isTerminal) { for (const line of lines) log(`gammarx: ${line}`); }
    },
    end() {
      if (latest !== undefined && !isTerminal) log(`gammarx: ${statusText(latest)}`);
      latest = undefined;
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((wake) => signal.addEventListener("abort", () => wake(), { once: true }));
}
