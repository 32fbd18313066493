import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import {
  type DataStore,
  groupRows,
  type ObservationTable,
  openDataStore,
  readObservationTable,
  type RowSelection,
  selectObservations,
  selectRows,
} from "../../../src/data/mod.ts";
import { type ColumnInput, encodeFits } from "../../../src/fits/mod.ts";
import golden from "../../golden/observation_table.json" with { type: "json" };
import { dataFile, dataTest } from "../../_tools/data_io.ts";

const DAY = 86400, REFERENCE = [51910, 0.25] as const;

const COLUMNS: readonly ColumnInput[] = [
  { name: "OBS_ID", values: Int32Array.of(7, 3, 5, 9) },
  { name: "RA_PNT", values: Float32Array.of(10, 10, 12, NaN), unit: "deg" },
  { name: "DEC_PNT", values: Float32Array.of(0, 3, 0, NaN), unit: "deg" },
  { name: "ZEN_PNT", values: Float32Array.of(10, 20, 30, NaN), unit: "deg" },
  { name: "TSTART", values: Float64Array.of(0, 1000, 2000, 3000), unit: "s" },
  { name: "TSTOP", values: Float64Array.of(900, 1900, 2900, 3900), unit: "s" },
  { name: "OBJECT", values: ["Crab", "Vela", "Crab", ""], stringBytes: 8 },
  { name: "N_TELS", values: Int16Array.of(4, 3, 4, 4) },
  { name: "PAIR", values: new Float32Array(8), shape: [2] },
  { name: "NOTES", values: ["a", "bc", "", "d"], variable: true },
];
const DATES: readonly (readonly [string, number | string])[] = [
  ["MJDREFI", REFERENCE[0]],
  ["MJDREFF", REFERENCE[1]],
  ["TIMESYS", "TT"],
];

async function tableOf(
  { columns = COLUMNS, dates = DATES }: {
    columns?: readonly ColumnInput[];
    dates?: readonly (readonly [string, number | string])[];
  } = {},
): Promise<ObservationTable> {
  const folder = await Deno.makeTempDir();
  try {
    const header = dates.map(([keyword, value]) => ({ keyword, value, comment: "" }));
    const bytes = encodeFits([{ kind: "bintable", name: "OBS_INDEX", columns, header }]);
    await Deno.writeFile(`${folder}/obs-index.fits`, bytes);
    return await readObservationTable({ folder, index: undefined, entries: [] });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const idsOf = async (selection: RowSelection) => selectRows(await tableOf(), selection).obsIds;
const mjd = (s: number) => REFERENCE[0] + REFERENCE[1] + s / DAY;

Deno.test("readObservationTable() has all columns of one number or text a row", async () => {
  const { obsIds, columns, units, epoch, source } = await tableOf();
  deepStrictEqual(obsIds, ["7", "3", "5", "9"]);
  deepStrictEqual(
    Object.keys(columns),
    COLUMNS.map((one) => one.name).filter((name) => name !== "PAIR" && name !== "NOTES"),
  );
  deepStrictEqual(columns.ZEN_PNT, Float64Array.of(10, 20, 30, NaN));
  deepStrictEqual(columns.OBJECT, ["Crab", "Vela", "Crab", ""]);
  strictEqual(units.ZEN_PNT, "deg");
  ok(!("OBJECT" in units) && source.endsWith("obs-index.fits"));
  deepStrictEqual([epoch?.mjdDay, epoch?.dayS, epoch?.scale], [51910, 0.25 * DAY, "TT"]);
});

Deno.test("readObservationTable() has names that are texts", async () => {
  const columns = [{ name: "OBS_ID", values: ["night 1", "n2"] }];
  deepStrictEqual((await tableOf({ columns })).obsIds, ["night 1", "n2"]);
});

Deno.test("readObservationTable() refuses a folder without index and an index without names", async () => {
  await rejects(
    readObservationTable({ folder: "no-such-folder", index: undefined, entries: [] }),
  );
  const folder = await Deno.makeTempDir();
  await rejects(
    readObservationTable({ folder, index: undefined, entries: [] }),
    /no observation index/,
  );
  await Deno.remove(folder);
  await rejects(tableOf({ columns: COLUMNS.slice(1) }), /OBS_ID/);
});

Deno.test("selectRows() takes names in the table's order and refuses unknown ones", async () => {
  deepStrictEqual(await idsOf({ ids: ["5", "7"] }), ["7", "5"]);
  deepStrictEqual(await idsOf({ ids: ["5", "7"], inverted: true }), ["3", "9"]);
  await rejects(idsOf({ ids: ["5", "8"] }), /no observation "8" among 4/);
});

Deno.test("selectRows() takes pointings in a cone; its rim is outside", async () => {
  const cone = { lonDeg: 10, latDeg: 0, radiusDeg: 2.5 };
  deepStrictEqual(await idsOf({ cone }), ["7", "5"]);
  deepStrictEqual(await idsOf({ cone: { ...cone, radiusDeg: 2, borderDeg: 1.5 } }), [
    "7",
    "3",
    "5",
  ]);
  deepStrictEqual(await idsOf({ cone: { ...cone, radiusDeg: 0 } }), []);
  // Without a pointing it is in no cone.
  deepStrictEqual(await idsOf({ cone, inverted: true }), ["3", "9"]);
  // The southern galactic pole is at 12.859, -27.128: 27.14 deg from the third pointing, 27.27 from the first.
  const pole = { frame: "galactic", lonDeg: 0, latDeg: -90 } as const;
  deepStrictEqual(await idsOf({ cone: { ...pole, radiusDeg: 27.2 } }), ["5"]);
  deepStrictEqual(await idsOf({ cone: { ...pole, radiusDeg: 27.3 } }), ["7", "5"]);
  await rejects(idsOf({ cone: { ...cone, radiusDeg: -1 } }), RangeError);
});

Deno.test("selectRows() takes observations within a time, or partly in it", async () => {
  const time = [mjd(500), mjd(2950)] as const;
  deepStrictEqual(await idsOf({ time }), ["3", "5"]);
  deepStrictEqual(await idsOf({ time, partialOverlap: true }), ["7", "3", "5"]);
  deepStrictEqual(await idsOf({ time, inverted: true }), ["7", "9"]);
  deepStrictEqual(await idsOf({ time: [mjd(-1), mjd(4000)] }), ["7", "3", "5", "9"]);
  await rejects(idsOf({ time: [mjd(5), mjd(4)] }), /ascends/);
});

Deno.test("selectRows() knows scales and units of times", async () => {
  const columns = COLUMNS.map((one) =>
    /^TST/.test(one.name)
      ? { ...one, unit: "min", values: (one.values as Float64Array).map((s) => s / 60) }
      : one
  );
  const minutes = await tableOf({ columns });
  deepStrictEqual(selectRows(minutes, { time: [mjd(990), mjd(1910)] }).obsIds, ["3"]);
  // TT − UTC was 64.184 s in 2001: the observations are later by that.
  const dates = DATES.map(([key, value]) => [key, key === "TIMESYS" ? "UTC" : value] as const);
  const utc = await tableOf({ dates });
  deepStrictEqual(selectRows(utc, { time: [mjd(990), mjd(1910)] }).obsIds, []);
  deepStrictEqual(selectRows(utc, { time: [mjd(1064), mjd(1965)] }).obsIds, ["3"]);
  const undated = await tableOf({ dates: [] });
  strictEqual(undated.epoch, undefined);
  throws(() => selectRows(undated, { time: [1, 2] }), /no MJDREFI/);
});

Deno.test("selectRows() takes ranges of columns, low ≤ x < high, or one value", async () => {
  deepStrictEqual(await idsOf({ column: "ZEN_PNT", range: [10, 30] }), ["7", "3"]);
  deepStrictEqual(await idsOf({ column: "ZEN_PNT", range: [10, 30], inverted: true }), ["5", "9"]);
  deepStrictEqual(await idsOf({ column: "N_TELS", range: [4, 4] }), ["7", "5", "9"]);
  await rejects(idsOf({ column: "OBJECT", range: [1, 2] }), /OBJECT has texts/);
  await rejects(idsOf({ column: "toString", range: [1, 2] }), /no column toString; it has OBS_ID/);
  await rejects(idsOf({ column: "ZEN_PNT", range: [2, 1] }), /from 2 to 1/);
  await rejects(idsOf({ column: "ZEN_PNT", range: [NaN, 1] }), RangeError);
});

Deno.test("selectRows() cuts all columns, so that selections follow one another", async () => {
  const four = selectRows(await tableOf(), { column: "N_TELS", range: [4, 4] });
  deepStrictEqual(four.columns.OBJECT, ["Crab", "Crab", ""]);
  deepStrictEqual(four.columns.TSTART, Float64Array.of(0, 2000, 3000));
  deepStrictEqual(selectRows(four, { column: "ZEN_PNT", range: [0, 20] }).obsIds, ["7"]);
  deepStrictEqual(selectRows(four, { ids: [] }).columns.ZEN_PNT, new Float64Array(0));
});

Deno.test("groupRows() cuts a table by a column or a function; every row is in one part", async () => {
  const table = await tableOf(), named = groupRows(table, "OBJECT");
  deepStrictEqual([...named.keys()], ["Crab", "Vela", ""]);
  deepStrictEqual(named.get("Crab")?.obsIds, ["7", "5"]);
  deepStrictEqual(groupRows(table, "N_TELS").get("4")?.obsIds, ["7", "5", "9"]);
  const start = table.columns.TSTART as Float64Array;
  const halves = groupRows(table, (row) => start[row]! < 1500 ? "early" : "late");
  deepStrictEqual([...halves.values()].map((one) => one.obsIds), [["7", "3"], ["5", "9"]]);
  throws(() => groupRows(table, "NIGHT"), /no column NIGHT/);
});

const HESS = "gammapy-data/hess-dl3-dr1";

dataTest("selectRows() takes the observations that the reference takes", [HESS], async () => {
  const store: DataStore = await openDataStore(dataFile(HESS));
  const table = await readObservationTable(store);
  strictEqual(table.obsIds.length, golden.nRows);
  for (const { selection, obsIds } of golden.cases) {
    deepStrictEqual(
      selectRows(table, selection as unknown as RowSelection).obsIds.map(Number),
      obsIds,
      JSON.stringify(selection),
    );
  }
  const sizes = [...groupRows(table, "TARGET_NAME")].map((
    [name, one],
  ) => [name, one.obsIds.length]);
  deepStrictEqual(Object.fromEntries(sizes), golden.targets);
});

dataTest("selectRows() and selectObservations() take the same cones", [HESS], async () => {
  const store = await openDataStore(dataFile(HESS)), table = await readObservationTable(store);
  const [raDeg, decDeg, radiusDeg] = [83.633, 22.014, 2];
  const entries = await selectObservations(store, { raDeg, decDeg, radiusDeg });
  const cone = { lonDeg: raDeg, latDeg: decDeg, radiusDeg };
  deepStrictEqual(selectRows(table, { cone }).obsIds, entries.map((entry) => entry.obsId));
  strictEqual(entries.length, 4);
});
