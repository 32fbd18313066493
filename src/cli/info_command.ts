import { isFolder, openDataStore } from "../data/mod.ts";
import { type EventList, gtiSumS, openEventList } from "../events/mod.ts";
import { type FitsFile, type Hdu, openFitsFile } from "../fits/mod.ts";
import { addSeconds, epochMjd, formatIso } from "../time/mod.ts";
import { EXIT } from "./errors.ts";
import { isUrl, printJson, textTable } from "./output.ts";

/** What is known of an event list. */
interface EventsInfo {
  readonly format: string;
  readonly version: string;
  readonly obsId: string;
  readonly instrument: string;
  readonly object: string;
  readonly nEvents: number;
  readonly columns: readonly string[];
  readonly energyMinTeV: number | null;
  readonly energyMaxTeV: number | null;
  readonly timeStartS: number | null;
  readonly timeStopS: number | null;
  readonly epoch: { readonly mjd: number; readonly scale: string };
  readonly startUtc: string | null;
  readonly stopUtc: string | null;
  readonly pointing: { readonly raDeg: number; readonly decDeg: number } | null;
  readonly gti: { readonly n: number; readonly sumS: number } | null;
  readonly livetimeS: number | null;
  readonly warnings: readonly string[];
}

interface HduInfo {
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  readonly shape?: readonly number[];
  readonly rows?: number;
  readonly columns?: readonly string[];
}

/** Runs `gammarx info`. Gives the exit code. */
export async function infoCommand(
  places: readonly string[],
  flags: { readonly json?: boolean },
): Promise<number> {
  const documents: unknown[] = [];
  for (const place of places) {
    const isStore = !isUrl(place) && isFolder(place);
    const document = isStore ? await storeInfo(place) : await fileInfo(place);
    documents.push(document);
    if (!flags.json) console.log(describe(document));
  }
  if (flags.json) printJson({ paths: documents });
  return EXIT.done;
}

interface FileInfo {
  readonly path: string;
  readonly hdus: readonly HduInfo[];
  readonly events: EventsInfo | null;
}

interface StoreInfo {
  readonly path: string;
  readonly index: string | null;
  readonly observations: readonly EventsInfo[];
  readonly total: {
    readonly observations: number;
    readonly events: number;
    readonly livetimeS: number;
  };
}

async function fileInfo(path: string): Promise<FileInfo> {
  using fits = await openFitsFile(path);
  const hdus = (await fits.hdus()).map(hduInfo);
  return { path, hdus, events: await eventsInfo(fits) };
}

function hduInfo(hdu: Hdu): HduInfo {
  const { index, name, kind } = hdu;
  switch (hdu.kind) {
    case "image":
      return { index, name, kind, shape: hdu.shape };
    case "bintable":
    case "table":
      return {
        index,
        name,
        kind,
        rows: hdu.nRows,
        columns: hdu.columns.map((column) =>
          `${column.name} ${column.format}${column.unit ? ` [${column.unit}]` : ""}`
        ),
      };
    case "other":
      return { index, name, kind };
  }
}

async function eventsInfo(fits: FitsFile): Promise<EventsInfo | null> {
  let list: EventList;
  try {
    list = await openEventList(fits);
  } catch (error) {
    if (/no event list/.test((error as Error).message)) return null;
    throw error;
  }
  return await listInfo(list);
}

async function listInfo(list: EventList): Promise<EventsInfo> {
  const { gti, epoch } = list;
  const range = await ranges(list);
  const utc = (seconds: number) => Number.isFinite(seconds) ? utcText(epoch, seconds) : null;
  return {
    format: list.format,
    version: list.version,
    obsId: list.obsId,
    instrument: list.instrument,
    object: list.object,
    nEvents: list.nRowsAnnounced,
    columns: list.columns,
    ...range,
    epoch: { mjd: epochMjd(epoch), scale: epoch.scale },
    startUtc: utc(list.startS),
    stopUtc: utc(list.stopS),
    pointing: list.pointing ?? null,
    gti: gti === undefined ? null : { n: gti.startS.length, sumS: gtiSumS(gti) },
    livetimeS: gti === undefined ? null : gtiSumS(gti) * (1 - list.deadTimeFraction),
    warnings: list.warnings,
  };
}

/** A date; null where UTC does not reach. */
function utcText(epoch: EventList["epoch"], seconds: number): string | null {
  try {
    return formatIso(addSeconds<"TT" | "TDB">(epoch, seconds));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

type Ranges = Pick<EventsInfo, "energyMinTeV" | "energyMaxTeV" | "timeStartS" | "timeStopS">;

/** Least and greatest time and energy, read block by block. */
async function ranges(list: EventList): Promise<Ranges> {
  const columns = list.columns.includes("energyTeV") ? ["energyTeV"] : [];
  let [t0, t1, e0, e1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let row = 0; row < list.nRowsAnnounced; row += 65536) {
    const stop = Math.min(row + 65536, list.nRowsAnnounced);
    const { columns: { timeS, energyTeV } } = await list.read(row, stop, { columns });
    for (let i = 0; i < timeS.length; i++) {
      if (timeS[i]! < t0) t0 = timeS[i]!;
      if (timeS[i]! > t1) t1 = timeS[i]!;
    }
    for (let i = 0; energyTeV !== undefined && i < energyTeV.length; i++) {
      if (energyTeV[i]! < e0) e0 = energyTeV[i]!;
      if (energyTeV[i]! > e1) e1 = energyTeV[i]!;
    }
  }
  const known = (x: number) => Number.isFinite(x) ? x : null;
  return {
    timeStartS: known(t0),
    timeStopS: known(t1),
    energyMinTeV: known(e0),
    energyMaxTeV: known(e1),
  };
}

async function storeInfo(folder: string): Promise<StoreInfo> {
  const store = await openDataStore(folder), observations: EventsInfo[] = [];
  for (const { path } of store.entries) {
    using fits = await openFitsFile(path);
    observations.push(await listInfo(await openEventList(fits)));
  }
  return {
    path: folder,
    index: store.index ?? null,
    observations,
    total: {
      observations: observations.length,
      events: observations.reduce((sum, one) => sum + one.nEvents, 0),
      livetimeS: observations.reduce((sum, one) => sum + (one.livetimeS ?? 0), 0),
    },
  };
}

function describe(document: FileInfo | StoreInfo): string {
  return "hdus" in document ? describeFile(document) : describeStore(document);
}

function describeFile({ path, hdus, events }: FileInfo): string {
  const table = textTable(
    ["HDU", "name", "kind", "size"],
    hdus.map((hdu) => [hdu.index, hdu.name || "-", hdu.kind, sizeText(hdu)]),
  );
  return [path, table, ...(events === null ? ["no event list"] : eventLines(events)), ""].join(
    "\n",
  );
}

function sizeText({ shape, rows, columns }: HduInfo): string {
  if (rows !== undefined) return `${rows} rows, ${columns!.length} columns`;
  return shape === undefined || shape.length === 0 ? "no data" : shape.join(" x ");
}

function eventLines(info: EventsInfo): string[] {
  const range = (low: number | null, high: number | null, unit: string) =>
    low === null ? "none" : `${low} to ${high} ${unit}`;
  return [
    `format     ${info.format} ${info.version}`.trimEnd(),
    `what       ${
      [info.instrument, info.obsId && `observation ${info.obsId}`, info.object].filter(Boolean)
        .join(", ")
    }`,
    `events     ${info.nEvents} with ${info.columns.join(" ")}`,
    `energies   ${range(info.energyMinTeV, info.energyMaxTeV, "TeV")}`,
    `times      ${
      range(info.timeStartS, info.timeStopS, `s after MJD ${info.epoch.mjd} ${info.epoch.scale}`)
    }`,
    `from, to   ${info.startUtc ?? "unknown"} to ${info.stopUtc ?? "unknown"} UTC`,
    `pointing   ${
      info.pointing === null ? "none" : `${info.pointing.raDeg} ${info.pointing.decDeg} deg`
    }`,
    `good time  ${info.gti === null ? "unknown" : `${info.gti.sumS} s in ${info.gti.n} intervals`}`,
    `live time  ${info.livetimeS === null ? "unknown" : `${info.livetimeS} s`}`,
    ...info.warnings.map((text) => `note       ${text}`),
  ];
}

function describeStore({ path, observations, total }: StoreInfo): string {
  const rows = observations.map((one) => [
    one.obsId,
    one.object,
    one.startUtc?.slice(0, 19) ?? "",
    one.pointing === null
      ? ""
      : `${one.pointing.raDeg.toFixed(3)} ${one.pointing.decDeg.toFixed(3)}`,
    one.nEvents,
    Number((one.livetimeS ?? NaN).toFixed(1)),
  ]);
  return [
    path,
    textTable(
      ["observation", "object", "start (UTC)", "pointing (deg)", "events", "live time (s)"],
      rows,
    ),
    `${total.observations} observations, ${total.events} events, live time ${
      total.livetimeS.toFixed(2)
    } s`,
    "",
  ].join("\n");
}
