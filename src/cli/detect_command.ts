import { pipe } from "rxjs";
import { type Alert, createAlert } from "../alerts/mod.ts";
import type { StreamItem } from "../data/mod.ts";
import { openFitsFile } from "../fits/mod.ts";
import { excessFlux, type IrfTables, readIrfTables } from "../irf/mod.ts";
import { separationDeg } from "../sky/mod.ts";
import {
  account,
  type Accumulator,
  createCellGrid,
  runTotals,
  type SearchCells,
  type SearchMessage,
  type SearchResult,
  type SearchSource,
  type SteadySource,
  transientSearch,
  type TransientSearchOptions,
  zip,
} from "../../streams/accumulators/mod.ts";
import { runResumable } from "../../streams/engines/mod.ts";
import { orderByTime } from "../../streams/operators/mod.ts";
import { eventPaths, type StreamSource } from "../../streams/sources/mod.ts";
import { collectNear, type NearPhotons } from "./detect_curves.ts";
import {
  type DetectConfig,
  detectConfig,
  type DetectFlags,
  parseSources,
} from "./detect_options.ts";
import { writeDetections } from "./detect_products.ts";
import { EXIT } from "./errors.ts";
import { printJson, textTable } from "./output.ts";
import { progressLine } from "./progress_line.ts";
import { streamConfig } from "./stream_options.ts";
import { columnsOf, pipelineOf } from "./stream_pipeline.ts";
import { openNamed } from "./stream_source.ts";

/** Runs `gammarx detect`: transients in files. Gives the exit code. */
export async function detectCommand(
  places: readonly string[],
  flags: DetectFlags,
): Promise<number> {
  const sources = flags.sources === undefined
    ? []
    : parseSources(await Deno.readTextFile(flags.sources), flags.sources);
  const config = detectConfig(flags, sources);
  const found = await search(await eventPaths(places), config, flags);
  const alerts = lastMessages(found.messages).map((alert) => withSources(alert, sources));
  const files = flags.out === undefined ? [] : await writeDetections(
    { ...found, alerts, messages: found.messages },
    { out: flags.out, png: flags.png === true },
  );
  const document = {
    account: found.account,
    livetimeS: found.livetimeS,
    falseAlarmsPerYear: config.falseAlarmsPerYear,
    expectedFalseAlarms: found.expectedFalseAlarms,
    alerts: alerts.map(alertDocument),
    messages: found.messages.length,
    steady: found.steady,
    files,
  };
  if (flags.json) printJson(document);
  else print(document, flags.out);
  return EXIT.done;
}

/** What all files have come to. */
export interface Detections {
  readonly account: Account;
  readonly livetimeS: number;
  readonly expectedFalseAlarms: number;
  readonly messages: readonly SearchMessage[];
  /** Photons about each transient. */
  readonly near: readonly NearPhotons[];
  readonly steady: readonly (SteadySource & { readonly obsId: string })[];
}

interface Account {
  read: number;
  used: number;
  late: number;
  rejected: Record<string, number>;
}

/** One file after the other with the background of its run, or all in one stream. */
async function search(
  paths: readonly string[],
  config: DetectConfig,
  flags: DetectFlags,
): Promise<Detections> {
  const total: Account = { read: 0, used: 0, late: 0, rejected: {} };
  const messages: SearchMessage[] = [], steady: (SteadySource & { obsId: string })[] = [];
  const near: NearPhotons[] = [];
  let livetimeS = 0, expectedFalseAlarms = 0, nRead = 0;
  const line = progressLine();
  const groups = config.background.method === "run" ? paths.map((path) => [path]) : [paths];
  try {
    for (const group of groups) {
      nRead += group.length;
      line.show(() => `${nRead} of ${paths.length} files, ${messages.length} messages`);
      const { result, part, obsId, near: own } = await searchGroup(group, config, flags);
      addAccount(total, part);
      livetimeS += result.livetimeS;
      expectedFalseAlarms += result.expectedFalseAlarms;
      for (const { alert } of result.alerts) messages.push({ seq: messages.length, alert });
      near.push(...own);
      steady.push(...result.steady.map((one) => ({ ...one, obsId })));
    }
  } finally {
    line.clear();
  }
  return { account: total, livetimeS, expectedFalseAlarms, messages, near, steady };
}

/** What files that are searched in one stream have come to. */
interface GroupDetections {
  readonly result: SearchResult;
  readonly part: Account;
  readonly obsId: string;
  readonly near: readonly NearPhotons[];
}

async function searchGroup(
  paths: readonly string[],
  config: DetectConfig,
  flags: DetectFlags,
): Promise<GroupDetections> {
  const { source } = await openNamed(paths, flags, new AbortController().signal);
  try {
    const stream = streamConfig(flags, source), cells = config.cells ?? cellsFor(source);
    const isOnSky = cells.kind !== "whole";
    const columns = [
      ...columnsOf(stream).filter((one) => source.columns?.includes(one) ?? true),
      ...(isOnSky ? ["raDeg", "decDeg"] : []),
    ];
    const whole = source.withColumns([...new Set(columns)]);
    let obsId = "";
    const selected = pipelineOf(stream), { latenessS } = config;
    const pipeline = latenessS === undefined
      ? selected
      : pipe(selected, orderByTime({ latenessS }));
    const into = async <State, Out>(
      accumulator: Accumulator<StreamItem, State, Out>,
      take: (item: StreamItem) => void = () => {},
    ): Promise<Out> => {
      const { state } = await runResumable(whole, pipeline, accumulator, {
        observe: (_, item) => {
          if (item.kind === "obs-start") obsId = item.obsId;
          take(item);
        },
      });
      return accumulator.result(state);
    };
    const { bands, background } = config;
    const options: TransientSearchOptions = {
      cells,
      bands,
      background: background.method === "run"
        ? { method: "run", totals: await into(runTotals({ cells, bands })) }
        : background,
      falseAlarmsPerYear: config.falseAlarmsPerYear,
      tense: config.tense,
      ...(config.psfDeg === undefined ? {} : { psfDeg: config.psfDeg }),
      ...(config.joinDeg === undefined ? {} : { joinDeg: config.joinDeg }),
    };
    const parts = await into(zip({ account: account(), search: transientSearch(options) }));
    const irfs = parts.search.alerts.length > 0 ? await responsesOf(paths[0]!) : undefined;
    const alerts = parts.search.alerts.map(({ seq, alert }) => ({
      seq,
      alert: withFlux(alert, irfs, source.pointing),
    }));
    const radiusDeg = createCellGrid(cells).radiusDeg;
    const { near, take } = collectNear(lastMessages(alerts), radiusDeg);
    if (flags.out !== undefined && near.length > 0) await into(account(), take);
    return { result: { ...parts.search, alerts }, part: parts.account as Account, obsId, near };
  } finally {
    source.close();
  }
}

/** The responses in a file of events; undefined where it has none. */
async function responsesOf(path: string): Promise<IrfTables | undefined> {
  using fits = await openFitsFile(path);
  const irfs = await readIrfTables(fits, { only: ["aeff", "psf"] });
  return irfs.aeff === undefined ? undefined : irfs;
}

/** The flux of a transient in its window, where responses are there. */
function withFlux(
  alert: Alert,
  irfs: IrfTables | undefined,
  pointing: StreamSource["pointing"],
): Alert {
  const { position, energyBandTeV, counts, expected, livetimeS = alert.durationS } = alert;
  if (irfs?.aeff === undefined || position === undefined || pointing === undefined) return alert;
  if (!(livetimeS > 0 && counts > expected)) return alert;
  const bandTeV = energyBandTeV ?? [0.5, 100];
  const value = excessFlux({ aeff: irfs.aeff }, {
    excess: counts - expected,
    livetimeS,
    offsetDeg: separationDeg(
      { lonDeg: pointing.raDeg, latDeg: pointing.decDeg },
      { lonDeg: position.raDeg, latDeg: position.decDeg },
    ),
    bandTeV,
  });
  if (!Number.isFinite(value)) return alert;
  const error = value * Math.sqrt(counts) / (counts - expected);
  return createAlert({ ...alert, flux: { value, error, unit: "cm-2 s-1", bandTeV } });
}

/** A field about the pointing where photons have positions, else all photons together. */
function cellsFor({ columns, pointing }: StreamSource): SearchCells {
  const isOnSky = columns?.includes("raDeg") === true && pointing !== undefined;
  return isOnSky
    ? { kind: "field", stepDeg: 0.1, radiusDeg: 0.1, maxOffsetDeg: 2.5 }
    : { kind: "whole" };
}

function addAccount(to: Account, from: Account): void {
  to.read += from.read;
  to.used += from.used;
  to.late += from.late;
  for (const [reason, n] of Object.entries(from.rejected)) {
    to.rejected[reason] = (to.rejected[reason] ?? 0) + n;
  }
}

/** Of each transient the last that was said, in the order of their beginnings. */
function lastMessages(messages: readonly SearchMessage[]): readonly Alert[] {
  return [...new Map(messages.map(({ alert }) => [alert.id, alert])).values()];
}

/** Known sources within the error of a position, or a cell of them. */
function withSources(alert: Alert, sources: readonly SearchSource[]): Alert {
  const { position } = alert;
  if (position === undefined) return alert;
  const at = { lonDeg: position.raDeg, latDeg: position.decDeg };
  const near = sources.map(({ name, raDeg, decDeg }) => ({
    catalogue: "user",
    name,
    separationDeg: separationDeg(at, { lonDeg: raDeg, latDeg: decDeg }),
  })).filter((one) => one.separationDeg < Math.max(3 * position.errorDeg, 0.1));
  return { ...alert, associations: [...alert.associations, ...near] };
}

/** An alert as one flat entry. */
function alertDocument(alert: Alert) {
  const { onset, position, ...rest } = alert;
  return {
    ...rest,
    onsetS: onset.timeS,
    onsetEpoch: onset.epoch,
    raDeg: position?.raDeg ?? null,
    decDeg: position?.decDeg ?? null,
    errorDeg: position?.errorDeg ?? null,
    energyBandTeV: alert.energyBandTeV ?? null,
  };
}

function print(
  { livetimeS, expectedFalseAlarms, alerts, steady, files }: {
    readonly livetimeS: number;
    readonly expectedFalseAlarms: number;
    readonly alerts: readonly ReturnType<typeof alertDocument>[];
    readonly steady: Detections["steady"];
    readonly files: readonly string[];
  },
  out: string | undefined,
): void {
  console.log(
    `${(livetimeS / 3600).toFixed(2)} h of live time, ${alerts.length} transients, ` +
      `${expectedFalseAlarms.toPrecision(2)} false ones expected`,
  );
  if (alerts.length > 0) {
    console.log(textTable(
      ["id", "onset/s", "length/s", "sigma", "FAR/Hz", "RA", "Dec", "error", "counts", "expected"],
      alerts.map((one) => [
        one.id,
        one.onsetS.toFixed(2),
        one.durationS.toFixed(2),
        one.significance.toFixed(2),
        one.farHz?.toExponential(1) ?? "-",
        one.raDeg?.toFixed(3) ?? "-",
        one.decDeg?.toFixed(3) ?? "-",
        one.errorDeg?.toFixed(3) ?? "-",
        one.counts,
        one.expected.toFixed(2),
      ]),
    ));
  }
  if (steady.length > 0) {
    console.log("\nsteady sources");
    console.log(textTable(
      ["obs", "place", "band", "sigma", "counts", "expected"],
      steady.map((one) => [
        one.obsId,
        one.label,
        one.band,
        one.significance.toFixed(1),
        one.counts,
        one.expected.toFixed(1),
      ]),
    ));
  }
  if (out !== undefined) console.log(`${files.length} files in ${out}`);
}
