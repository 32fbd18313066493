import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { type EventFormat, eventFormats } from "../../../../src/events/mod.ts";
import { card, encodeFits, type HduInput } from "../../../../src/fits/mod.ts";
import { createEpoch } from "../../../../src/time/mod.ts";
import { openBytes, openGadf } from "./_fixture.ts";

const TIME = { name: "T", values: Float64Array.of(1, 2, 3), unit: "ks" };
const table = (change: Partial<HduInput> = {}): Uint8Array =>
  encodeFits([{ kind: "bintable", name: "PHOTONS", columns: [TIME], ...change } as HduInput]);

Deno.test("a plain table is read by the columns that the user names", async () => {
  const list = await openBytes(
    table({
      header: [
        card("MJDREFI", 55000),
        card("TIMESYS", "TDB"),
        card("TIMEZERO", 0.25),
        card("TSTART", 5),
        card("OBS_ID", "a"),
      ],
      columns: [
        TIME,
        { name: "E", values: Float32Array.of(1, 2, 4), unit: "keV" },
        { name: "CH", values: Int16Array.of(7, 8, 9) },
        { name: "P", values: Float64Array.of(0, 0.25, 0.5) },
        { name: "W", values: Float32Array.of(0.5, 0.25, 1) },
        { name: "ENERGY", values: Int16Array.of(1, 2, 3) },
      ],
    }),
    {
      columnar: {
        columns: { timeS: "T", energyTeV: "E", piChannel: "CH", weight: "W", mine: "P" },
      },
    },
  );
  deepStrictEqual([list.format, list.obsId, list.startS], ["columnar", "a", 5]);
  deepStrictEqual(list.epoch, { ...createEpoch([55000, 0], "TDB"), dayS: 0.25 });
  const { columns } = await list.read(0, 3);
  deepStrictEqual([...columns.timeS], [1000, 2000, 3000]);
  deepStrictEqual([...columns.energyTeV!], [1e-9, 2e-9, 4e-9]);
  deepStrictEqual([...columns.piChannel!], [7, 8, 9]);
  deepStrictEqual([...columns.weight!], [0.5, 0.25, 1]);
  deepStrictEqual([...columns["mine"] as Float64Array], [0, 0.25, 0.5]);
  // Nothing is guessed: a column that was not named keeps its name.
  deepStrictEqual([...columns["ENERGY"] as Float64Array], [1, 2, 3]);
});

Deno.test("a plain table without a reference time is counted from MJD 51544, and says so", async () => {
  const list = await openBytes(table(), { columnar: { columns: { timeS: "T" } } });
  deepStrictEqual(list.epoch, createEpoch([51544, 0], "TT"));
  ok(/no reference time/.test(list.warnings[0]!));
  strictEqual(list.gti, undefined);
});

Deno.test("a plain table is taken only by its columns' names, and only where they are there", async () => {
  await rejects(openBytes(table()), /no event list among PRIMARY, PHOTONS; for a plain table name/);
  await rejects(openBytes(table(), { format: "columnar" }), /at least that of timeS/);
  await rejects(
    openBytes(table(), { columnar: { columns: { timeS: "TIME" } } }),
    /run.fits, HDU 1: found no column "TIME"; there are T/,
  );
  await rejects(
    openBytes(table(), { columnar: { columns: { timeS: "T" }, hdu: "NONE" } }),
    /found no HDU NONE; there are 0 PRIMARY, 1 PHOTONS/,
  );
  await rejects(
    openBytes(table(), { columnar: { columns: { timeS: "T", piChannel: "T" } } }),
    /column T: found format 1D, expected one that can be piChannel/,
  );
});

Deno.test("a plain table is found by the name of its HDU", async () => {
  const bytes = encodeFits([
    { kind: "bintable", name: "OTHER", columns: [{ name: "X", values: Float64Array.of(1) }] },
    { kind: "bintable", name: "PHOTONS", columns: [TIME] },
  ]);
  const columnar = { columns: { timeS: "T" }, hdu: "PHOTONS" };
  strictEqual((await openBytes(bytes, { columnar })).nRows, 3);
});

const FT1 = [
  card("TELESCOP", "GLAST"),
  card("MJDREFI", 51910),
  card("MJDREFF", 7.428703703703703e-4),
  card("TIMESYS", "TT"),
];

Deno.test("FT1: energies are in MeV where the column does not say", async () => {
  const columns = [
    { name: "TIME", values: Float64Array.of(1) },
    { name: "ENERGY", values: Float32Array.of(1500) },
    { name: "EVENT_TYPE", values: Uint32Array.of(0x80000001), type: "X" as const, bits: 32 },
  ];
  const list = await openBytes(table({ name: "EVENTS", header: FT1, columns }));
  strictEqual(list.format, "fermi-ft1");
  const batch = await list.read(0, 1);
  strictEqual(batch.columns.energyTeV![0], 1500e-6);
  strictEqual(batch.columns.eventType![0], 0x80000001);
  deepStrictEqual([list.startS, list.stopS], [-Infinity, Infinity]);
});

Deno.test("OGIP: PI before PHA, live time by DEADC, and by all good time without it", async () => {
  const header = [
    card("HDUCLASS", "OGIP"),
    card("HDUCLAS1", "EVENTS"),
    card("TELESCOP", "X"),
    card("INSTRUME", "X"),
    card("MJDREF", 50000.5),
    card("TIMESYS", "UTC"),
  ];
  const columns = [
    { name: "TIME", values: Float64Array.of(1) },
    { name: "PHA", values: Int16Array.of(3) },
    { name: "PI", values: Int16Array.of(4) },
  ];
  const list = await openBytes(table({ header: [...header, card("DEADC", 0.75)], columns }));
  deepStrictEqual([list.format, list.deadTimeFraction, list.instrument], ["ogip", 0.25, "X"]);
  deepStrictEqual(list.warnings, ["There is no table of good time intervals"]);
  // 1995 October: TAI − UTC = 29 s.
  deepStrictEqual([list.epoch.mjdDay, list.epoch.dayS], [50000, 43200 + 29 + 32.184]);
  strictEqual((await list.read(0, 1)).columns.piChannel![0], 4);
  const without = await openBytes(table({ header, columns }));
  ok(without.warnings.some((text) => /DEADC is missing/.test(text)));
});

Deno.test("eventFormats are found by name, and one can be added once", () => {
  strictEqual(eventFormats.lookup("events", "gadf", "0.3").version, "0.3");
  const own: EventFormat = { ...eventFormats.lookup("events", "ogip"), format: "test-own" };
  eventFormats.register({ ...own, recognises: () => false });
  strictEqual(eventFormats.lookup("events", "test-own").format, "test-own");
  ok(eventFormats.entries("events").some((one) => one.format === "test-own"));
});

Deno.test("an event list that is asked for as a plain table is one", async () => {
  const list = await openGadf({}, { format: "columnar", columnar: { columns: { timeS: "TIME" } } });
  deepStrictEqual([list.format, list.columns[1]], ["columnar", "EVENT_ID"]);
});
