import {
  type EventList,
  openEventList,
  type OpenEventListOptions,
} from "../../../../src/events/mod.ts";
import {
  type BintableInput,
  type Card,
  card,
  type ColumnInput,
  encodeFits,
  type HduInput,
  memorySource,
  openFits,
} from "../../../../src/fits/mod.ts";

type Cards = Readonly<Record<string, string | number | boolean | undefined>>;

/** How a file differs from one without fault. Keywords that are undefined are left out. */
export interface Fixture {
  readonly header?: Cards;
  /** Columns that replace those of the same name, or come behind; null leaves one out. */
  readonly columns?: Readonly<Record<string, Omit<ColumnInput, "name"> | null>>;
  readonly gtiHeader?: Cards;
  readonly gtiColumns?: readonly ColumnInput[];
  /** No table of good time intervals. */
  readonly noGti?: boolean;
  readonly name?: string;
  readonly gtiFirst?: boolean;
  readonly more?: readonly HduInput[];
}

export const TIME_CARDS: Cards = {
  MJDREFI: 51910,
  MJDREFF: 0.5,
  TIMEUNIT: "s",
  TIMESYS: "TT",
  TIMEREF: "LOCAL",
};

const HEADER: Cards = {
  HDUCLASS: "GADF",
  HDUDOC: "https://gamma-astro-data-formats.readthedocs.io",
  HDUVERS: "0.3",
  HDUCLAS1: "EVENTS",
  ...TIME_CARDS,
  OBS_ID: 7,
  TSTART: 100,
  TSTOP: 200,
  ONTIME: 90,
  LIVETIME: 81,
  DEADC: 0.9,
  OBS_MODE: "POINTING",
  RA_PNT: 83.6,
  DEC_PNT: 22,
  EQUINOX: 2000,
  RADECSYS: "ICRS",
  ORIGIN: "test",
  TELESCOP: "SIM",
  INSTRUME: "SIM",
  CREATOR: "test",
  OBJECT: "Crab",
  GEOLON: 16.5,
  GEOLAT: -23.3,
  ALTITUDE: 1800,
};

const COLUMNS: readonly ColumnInput[] = [
  { name: "EVENT_ID", values: BigInt64Array.of(1n, 2n, 5407363825684n, 4n) },
  { name: "TIME", values: Float64Array.of(101, 120.5, 150, 199), unit: "s" },
  { name: "RA", values: Float32Array.of(83.5, 83.75, 84, 83), unit: "deg" },
  { name: "DEC", values: Float32Array.of(22, 22.5, 21, 21.5), unit: "deg" },
  { name: "ENERGY", values: Float32Array.of(0.5, 1, 2, 16), unit: "TeV" },
];

const GTI_COLUMNS: readonly ColumnInput[] = [
  { name: "START", values: Float64Array.of(100, 150), unit: "s" },
  { name: "STOP", values: Float64Array.of(140, 200), unit: "s" },
];

function cardsOf(cards: Cards): Card[] {
  return Object.entries(cards).flatMap(([keyword, value]) =>
    value === undefined ? [] : [card(keyword, value)]
  );
}

/** A GADF 0.3 file of four events, changed as the test wants it. */
export function gadfBytes(change: Fixture = {}): Uint8Array {
  const columns = change.columns ?? {};
  const kept = COLUMNS.filter(({ name }) => columns[name] === undefined);
  const given = Object.entries(columns).flatMap(([name, one]) =>
    one === null ? [] : [{ name, ...one }]
  );
  const events: BintableInput = {
    kind: "bintable",
    name: change.name ?? "EVENTS",
    header: cardsOf({ ...HEADER, ...change.header }),
    columns: [...kept, ...given],
  };
  const gti: BintableInput = {
    kind: "bintable",
    name: "GTI",
    header: cardsOf({ ...TIME_CARDS, ...change.gtiHeader }),
    columns: change.gtiColumns ?? GTI_COLUMNS,
  };
  const tables = change.noGti ? [events] : change.gtiFirst ? [gti, events] : [events, gti];
  return encodeFits([...tables, ...change.more ?? []]);
}

/** Opens a file in memory. */
export async function openBytes(
  bytes: Uint8Array,
  options: OpenEventListOptions = {},
): Promise<EventList> {
  return await openEventList(await openFits(memorySource(bytes, "run.fits")), options);
}

/** Opens a fixture. */
export async function openGadf(
  change: Fixture = {},
  options: OpenEventListOptions = {},
): Promise<EventList> {
  return await openBytes(gadfBytes(change), options);
}
