import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { ObsStart, StreamItem } from "../../src/data/mod.ts";
import {
  concatBatches,
  createEventBatch,
  type EventBatch,
  gadfHdus,
  gtiSumS,
} from "../../src/events/mod.ts";
import { card, encodeFits, type HduInput, writeFileAtomic } from "../../src/fits/mod.ts";
import { epochMjd } from "../../src/time/mod.ts";

/** What a data store is made of beside the stream. */
export interface DataStoreOptions {
  /** Folder; made where it is not there. */
  readonly folder: string;
  /** Name of the telescope. */
  readonly telescope: string;
  /** HDUs of responses that go into every file; none. */
  readonly irfs?: readonly HduInput[];
  /** Observed object. */
  readonly object?: string;
}

/** One observation as the index has it. */
interface Row {
  readonly start: ObsStart;
  readonly id: number;
  readonly file: string;
  readonly nEvents: number;
}

/** HDU_TYPE and HDU_CLASS of the index, from the name of an HDU and its HDUCLAS4. */
const HDU_TYPES: Readonly<Record<string, string>> = {
  EVENTS: "events",
  GTI: "gti",
  AEFF: "aeff",
  EDISP: "edisp",
  PSF: "psf",
  BKG: "bkg",
};

/**
 * Writes a stream as a data store in GADF 0.3: a file an observation with EVENTS, GTI and the
 * responses, and the index files `hdu-index.fits.gz` and `obs-index.fits.gz`. The events of one
 * observation are held until it ends.
 *
 * @param items The stream; every observation with good time intervals and a pointing.
 * @param options Folder, telescope, responses.
 * @returns Names of the files, the indices last.
 * @throws TypeError for an observation without good time intervals or pointing, events without one, or
 *   two observations of one number; a name that is no number stands for its place, from 1.
 * @example
 * ```ts
 * import { writeDataStore } from "@gammarx/gammarx/sinks";
 * import { strictEqual } from "node:assert/strict";
 * const folder = await Deno.makeTempDir();
 * const files = await writeDataStore(ReadableStream.from([]), { folder, telescope: "SIM" });
 * strictEqual(files.length, 2);
 * await Deno.remove(folder, { recursive: true });
 * ```
 * @see GADF 0.3, section Data storage
 */
export async function writeDataStore(
  items: AsyncIterable<StreamItem>,
  options: DataStoreOptions,
): Promise<string[]> {
  const { folder, irfs = [] } = options, rows: Row[] = [];
  await Deno.mkdir(join(folder, "data"), { recursive: true });
  let start: ObsStart | undefined, batches: EventBatch[] = [];
  const write = async () => {
    if (start !== undefined) rows.push(await writeObservation(start, batches, rows, options));
    start = undefined;
    batches = [];
  };
  for await (const item of items) {
    if (item.kind === "obs-start") {
      await write();
      start = item;
    } else if (item.kind === "batch") {
      if (start === undefined) {
        throw new TypeError("A data store needs the start of an observation");
      }
      batches.push(item);
    } else if (item.kind === "obs-end") await write();
  }
  await write();
  const indices: [string, HduInput][] = [
    ["hdu-index.fits.gz", hduIndex(rows, irfs)],
    ["obs-index.fits.gz", obsIndex(rows, options)],
  ];
  for (const [name, hdu] of indices) {
    await writeFileAtomic(join(folder, name), gzipSync(encodeFits([hdu])));
  }
  return [...rows.map((row) => `data/${row.file}`), ...indices.map(([name]) => name)];
}

async function writeObservation(
  start: ObsStart,
  batches: readonly EventBatch[],
  before: readonly Row[],
  options: DataStoreOptions,
): Promise<Row> {
  const { gti, pointing, obsId } = start;
  if (gti === undefined || pointing === undefined) {
    throw new TypeError(`Observation "${obsId}" has no good time intervals or no pointing`);
  }
  const id = /^\d{1,15}$/.test(obsId) ? Number(obsId) : before.length + 1;
  const same = before.find((row) => row.id === id);
  if (same !== undefined) {
    throw new TypeError(
      `Observations "${same.start.obsId}" and "${obsId}" would both be number ${id} of the data store`,
    );
  }
  const events = batches.length === 0 ? nothing(obsId) : concatBatches(batches),
    file = `obs_${String(id).padStart(6, "0")}.fits.gz`;
  const hdus = gadfHdus(events, {
    obsId: String(id),
    gti,
    pointing,
    deadTimeFraction: start.deadTimeFraction,
    telescope: options.telescope,
    ...(options.object === undefined ? {} : { object: options.object }),
  });
  const bytes = encodeFits([...hdus, ...(options.irfs ?? [])]);
  await writeFileAtomic(join(options.folder, "data", file), gzipSync(bytes, { level: 1 }));
  return { start, id, file, nEvents: events.length };
}

function nothing(obsId: string): EventBatch {
  const none = () => new Float64Array(0);
  const columns = { timeS: none(), energyTeV: none(), raDeg: none(), decDeg: none() };
  return createEventBatch({ ...columns, eventId: new BigInt64Array(0) }, { obsId });
}

function indexCards(hduclas2: string): ReturnType<typeof card>[] {
  return [
    card("HDUCLASS", "GADF", "format"),
    card("HDUDOC", "https://github.com/open-gamma-ray-astro/gamma-astro-data-formats"),
    card("HDUVERS", "0.3"),
    card("HDUCLAS1", "INDEX"),
    card("HDUCLAS2", hduclas2),
  ];
}

/** HDU_CLASS of an HDU: its HDUCLAS4 in small letters, or its type. */
function classOf(hdu: HduInput): string {
  const hduclas4 = hdu.header?.find((one) => one.keyword === "HDUCLAS4")?.value;
  return typeof hduclas4 === "string" ? hduclas4.toLowerCase() : HDU_TYPES[hdu.name ?? ""] ?? "";
}

function hduIndex(rows: readonly Row[], irfs: readonly HduInput[]): HduInput {
  const hdus: HduInput[] = [
    { kind: "image", name: "EVENTS" },
    { kind: "image", name: "GTI" },
    ...irfs.filter((hdu) => HDU_TYPES[hdu.name ?? ""] !== undefined),
  ];
  const lines = rows.flatMap((row) => hdus.map((hdu) => ({ row, hdu })));
  const text = (name: string, of: (line: typeof lines[number]) => string) => ({
    name,
    values: lines.map(of),
    ...(lines.length === 0 ? { stringBytes: 1 } : {}),
  });
  return {
    kind: "bintable",
    name: "HDU_INDEX",
    header: indexCards("HDU"),
    columns: [
      { name: "OBS_ID", values: BigInt64Array.from(lines, ({ row }) => BigInt(row.id)) },
      text("HDU_TYPE", ({ hdu }) => HDU_TYPES[hdu.name!]!),
      text("HDU_CLASS", ({ hdu }) => classOf(hdu)),
      text("FILE_DIR", () => "data"),
      text("FILE_NAME", ({ row }) => row.file),
      text("HDU_NAME", ({ hdu }) => hdu.name!),
    ],
  };
}

function obsIndex(rows: readonly Row[], options: DataStoreOptions): HduInput {
  const epoch = rows[0]?.start.epoch;
  const number = (name: string, unit: string, of: (row: Row) => number) => ({
    name,
    unit,
    values: Float64Array.from(rows, of),
  });
  const ontime = (row: Row) => gtiSumS(row.start.gti!);
  const live = (row: Row) => ontime(row) * (1 - row.start.deadTimeFraction);
  return {
    kind: "bintable",
    name: "OBS_INDEX",
    header: [
      ...indexCards("OBS"),
      ...(epoch === undefined ? [] : [
        card("MJDREFI", epoch.mjdDay),
        card("MJDREFF", epochMjd({ ...epoch, mjdDay: 0 })),
        card("TIMEUNIT", "s"),
        card("TIMESYS", epoch.scale),
        card("TIMEREF", "LOCAL"),
      ]),
      card("TELESCOP", options.telescope),
    ],
    columns: [
      { name: "OBS_ID", values: BigInt64Array.from(rows, (row) => BigInt(row.id)) },
      {
        name: "OBJECT",
        values: rows.map(() => options.object ?? ""),
        stringBytes: Math.max(1, (options.object ?? "").length),
      },
      number("RA_PNT", "deg", (row) => row.start.pointing!.raDeg),
      number("DEC_PNT", "deg", (row) => row.start.pointing!.decDeg),
      number("TSTART", "s", (row) => row.start.startS),
      number("TSTOP", "s", (row) => row.start.stopS),
      number("ONTIME", "s", ontime),
      number("LIVETIME", "s", live),
      number("DEADC", "", (row) => 1 - row.start.deadTimeFraction),
      { name: "EVENT_COUNT", values: BigInt64Array.from(rows, (row) => BigInt(row.nEvents)) },
    ],
  };
}
