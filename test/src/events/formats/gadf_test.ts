import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  type BadRow,
  createEventBatch,
  createGti,
  type EventList,
  gadfHdus,
  gtiSumS,
} from "../../../../src/events/mod.ts";
import { encodeFits, FitsFormatError } from "../../../../src/fits/mod.ts";
import { addSeconds, convertEpoch, createEpoch, secondsBetween } from "../../../../src/time/mod.ts";
import { gadfBytes, openBytes, openGadf } from "./_fixture.ts";

async function all(list: EventList) {
  return await list.read(0, list.nRows);
}

const fault = (pattern: RegExp) => (error: unknown) => {
  ok(error instanceof FitsFormatError, String(error));
  ok(pattern.test(error.message), error.message);
  ok(error.message.includes("run.fits"), error.message);
  return true;
};

Deno.test("openEventList() reads a GADF 0.3 file: header, intervals, columns", async () => {
  const list = await openGadf();
  const { format, version, obsId, instrument, object, startS, stopS, warnings } = list;
  deepStrictEqual({ format, version, obsId, instrument, object, startS, stopS, warnings }, {
    format: "gadf",
    version: "0.3",
    obsId: "7",
    instrument: "SIM",
    object: "Crab",
    startS: 100,
    stopS: 200,
    warnings: [],
  });
  deepStrictEqual(list.epoch, createEpoch([51910, 0.5], "TT"));
  deepStrictEqual([...list.gti!.startS, ...list.gti!.stopS], [100, 150, 140, 200]);
  ok(Math.abs(list.deadTimeFraction - 0.1) < 1e-15);
  deepStrictEqual(list.pointing, { raDeg: 83.6, decDeg: 22 });
  deepStrictEqual(list.columns, ["timeS", "energyTeV", "raDeg", "decDeg", "eventId"]);
  const { columns } = await all(list);
  deepStrictEqual([...columns.timeS], [101, 120.5, 150, 199]);
  deepStrictEqual([...columns.energyTeV!], [0.5, 1, 2, 16]);
  deepStrictEqual([...columns.eventId!], [1n, 2n, 5407363825684n, 4n]);
});

Deno.test("openEventList() converts units of columns: MeV, keV, GeV, rad, days", async () => {
  const values = (unit: string, perTeV: number) => ({
    values: Float64Array.of(1, 2, 3, 4).map((x) => x * perTeV),
    unit,
  });
  for (const [unit, perTeV] of [["MeV", 1e6], ["keV", 1e9], ["GeV", 1e3]] as const) {
    const { columns } = await all(await openGadf({ columns: { ENERGY: values(unit, perTeV) } }));
    deepStrictEqual([...columns.energyTeV!].map((x) => Math.round(x * 1e12) / 1e12), [1, 2, 3, 4]);
  }
  const { columns } = await all(
    await openGadf({
      columns: {
        RA: { values: new Float64Array(4).fill(Math.PI / 2), unit: "rad" },
        TIME: { values: Float64Array.of(0.5, 1, 2, 3), unit: "d" },
      },
      header: { TIMEUNIT: "d", TSTART: 0.25, TSTOP: 4 },
      gtiHeader: { TIMEUNIT: "d" },
      gtiColumns: [
        { name: "START", values: Float64Array.of(0.25) }, // TIMEUNIT says what it is
        { name: "STOP", values: Float64Array.of(4) },
      ],
    }),
  );
  deepStrictEqual([...columns.raDeg!], [90, 90, 90, 90]);
  deepStrictEqual([...columns.timeS], [43200, 86400, 172800, 259200]);
});

Deno.test("openEventList() takes start, stop and intervals in TIMEUNIT", async () => {
  const list = await openGadf({
    header: { TIMEUNIT: "d", TSTART: 0.25, TSTOP: 4 },
    gtiHeader: { TIMEUNIT: undefined },
    gtiColumns: [
      { name: "START", values: Float64Array.of(0.25) },
      { name: "STOP", values: Float64Array.of(4) },
    ],
  });
  deepStrictEqual([list.startS, list.stopS], [21600, 345600]);
  deepStrictEqual([list.gti!.startS[0], list.gti!.stopS[0]], [21600, 345600]);
});

Deno.test("openEventList() refuses a unit of another kind, and one that is none", async () => {
  const energy = { values: Float32Array.of(1, 2, 3, 4) };
  await rejects(
    openGadf({ columns: { ENERGY: { ...energy, unit: "m" } } }),
    fault(/HDU 1, column ENERGY: .*"m".*"TeV"/),
  );
  await rejects(
    openGadf({ columns: { ENERGY: { ...energy, unit: "flops" } } }),
    fault(/HDU 1, column ENERGY: .*flops/),
  );
  await rejects(openGadf({ header: { TIMEUNIT: "deg" } }), fault(/HDU 1, TIMEUNIT/));
});

Deno.test("openEventList() brings UTC and TAI references to TT, and keeps TDB", async () => {
  const utc = await openGadf({ header: { TIMESYS: "utc" }, gtiHeader: { TIMESYS: "UTC" } });
  // 2000 December: TAI − UTC = 32 s, TT − TAI = 32.184 s.
  strictEqual(utc.epoch.scale, "TT");
  const tt = createEpoch([51910, 0.5], "TT");
  ok(Math.abs(secondsBetween<"TT" | "TDB">(tt, utc.epoch) - 64.184) < 1e-9);
  const tai = await openGadf({ header: { TIMESYS: "TAI" }, gtiHeader: { TIMESYS: "TAI" } });
  ok(Math.abs(secondsBetween<"TT" | "TDB">(tt, tai.epoch) - 32.184) < 1e-9);
  const tdb = await openGadf({ header: { TIMESYS: "TDB" }, gtiHeader: { TIMESYS: "TDB" } });
  deepStrictEqual(tdb.epoch, createEpoch([51910, 0.5], "TDB"));
  const realised = await openGadf({ header: { TIMESYS: "TT(TAI)" } });
  deepStrictEqual(realised.epoch, tt);
});

Deno.test("openEventList() refuses a time system that is none, naming the keyword", async () => {
  await rejects(openGadf({ header: { TIMESYS: "MJD" } }), fault(/HDU 1, TIMESYS: found "MJD"/));
  await rejects(openGadf({ header: { TIMESYS: 7 } }), fault(/HDU 1, TIMESYS: found 7/));
  await rejects(
    openGadf({ header: { TIMESYS: "UTC", MJDREFI: 0 }, gtiHeader: { TIMESYS: "UTC" } }),
    fault(/HDU 1, TIMESYS: .*1972/),
  );
  await rejects(
    openGadf({ header: { TIMESYS: "TDB" } }),
    fault(/HDU 2, TIMESYS: found TT, but the events are in TDB/),
  );
});

Deno.test("openEventList() takes TT, and says so, where there is no time system", async () => {
  const list = await openGadf({ header: { TIMESYS: undefined } });
  strictEqual(list.epoch.scale, "TT");
  ok(list.warnings.some((text) => /TIMESYS is missing/.test(text)), String(list.warnings));
});

Deno.test("openEventList() refuses a file without a reference time", async () => {
  await rejects(
    openGadf({ header: { MJDREFI: undefined } }),
    fault(/HDU 1, MJDREFI: no reference time/),
  );
  await rejects(openGadf({ header: { MJDREFI: "51910" } }), fault(/HDU 1, MJDREFI: found '51910'/));
});

Deno.test("good time intervals take from the events what their header leaves out", async () => {
  const none = Object.fromEntries(
    ["MJDREFI", "MJDREFF", "TIMEUNIT", "TIMESYS", "TIMEREF"].map((key) => [key, undefined]),
  );
  const bare = await openGadf({ header: { TIMESYS: "UTC", TIMEZERO: 2 }, gtiHeader: none });
  deepStrictEqual([...bare.gti!.startS], [100, 150]);
  deepStrictEqual(bare.gti!.epoch, bare.epoch);
  // With a reference of their own, but without scale and clock offset.
  const half = await openGadf({
    header: { TIMESYS: "UTC", TIMEZERO: 2 },
    gtiHeader: { ...none, MJDREFI: 51911, MJDREFF: 0.5 },
  });
  deepStrictEqual([...half.gti!.startS], [86500, 86550]);
});

Deno.test("good time intervals on a reference of their own are brought to that of the events", async () => {
  const list = await openGadf({ gtiHeader: { MJDREFI: 51909, MJDREFF: 0.5, TIMEZERO: 10 } });
  deepStrictEqual([...list.gti!.startS], [100 - 86400 + 10, 150 - 86400 + 10]);
});

Deno.test("TIMEZERO is part of the epoch, for events, start, stop and intervals alike", async () => {
  const list = await openGadf({ header: { TIMEZERO: -1 }, gtiHeader: { TIMEZERO: -1 } });
  deepStrictEqual(list.epoch, addSeconds(createEpoch([51910, 0.5], "TT"), -1));
  deepStrictEqual([...list.gti!.startS], [100, 150]);
  const plain = await openGadf();
  const { columns } = await list.read(0, 4, { epoch: plain.epoch });
  deepStrictEqual([...columns.timeS], [100, 119.5, 149, 198]);
});

Deno.test("openEventList() finds good time intervals that stand before the events", async () => {
  const list = await openGadf({ gtiFirst: true });
  strictEqual(gtiSumS(list.gti!), 90);
  strictEqual((await all(list)).length, 4);
});

Deno.test("openEventList() tells of missing good time intervals", async () => {
  const list = await openGadf({ noGti: true });
  strictEqual(list.gti, undefined);
  ok(list.warnings.some((text) => /no table of good time intervals/.test(text)));
  const growing = await openGadf({ noGti: true }, { growing: true });
  deepStrictEqual(growing.warnings, []);
});

Deno.test("openEventList() refuses intervals that stop before they start, with HDU and row", async () => {
  await rejects(
    openGadf({
      gtiColumns: [
        { name: "START", values: Float64Array.of(100, 150), unit: "s" },
        { name: "STOP", values: Float64Array.of(140, 149), unit: "s" },
      ],
    }),
    fault(/HDU 2: GTI row 2 starts at 150 s and stops at 149 s/),
  );
});

Deno.test("openEventList() refuses a table without times, and times that are texts or vectors", async () => {
  await rejects(openGadf({ columns: { TIME: null } }), fault(/HDU 1: found no column "TIME"/));
  await rejects(
    openGadf({ columns: { TIME: { values: ["a", "b", "c", "d"] } } }),
    fault(/HDU 1, column TIME: found format 1A/),
  );
  await rejects(
    openGadf({ columns: { TIME: { values: new Float64Array(8), shape: [2] } } }),
    fault(/HDU 1, column TIME: found format 2D/),
  );
});

Deno.test("openEventList() reads an unknown version by the rules of 0.2, and says so", async () => {
  const list = await openGadf({ header: { HDUVERS: "9.9" } });
  strictEqual(list.version, "0.2");
  ok(/HDUVERS is "9.9"/.test(list.warnings[0]!), list.warnings[0]);
  ok(/HDUVERS is missing/.test((await openGadf({ header: { HDUVERS: undefined } })).warnings[0]!));
});

Deno.test("openEventList() gives no pointing to a drift scan of 0.3", async () => {
  strictEqual((await openGadf({ header: { OBS_MODE: "DRIFT" } })).pointing, undefined);
  ok((await openGadf({ header: { OBS_MODE: "DRIFT", HDUVERS: "0.2" } })).pointing !== undefined);
});

Deno.test("dead time is LIVETIME / ONTIME where DEADC cannot be used, and the user is told", async () => {
  for (const DEADC of [undefined, 0, 1.5, "0.9"]) {
    const list = await openGadf({ header: { DEADC, LIVETIME: 45 } });
    strictEqual(list.deadTimeFraction, 0.5);
    ok(/LIVETIME \/ ONTIME = 0.5/.test(list.warnings[0]!), list.warnings[0]);
  }
  const list = await openGadf({ header: { DEADC: undefined, LIVETIME: undefined } });
  strictEqual(list.deadTimeFraction, 0);
  ok(/all of the good time/.test(list.warnings[0]!));
});

Deno.test("openEventList() warns of directions that are not of J2000", async () => {
  ok(/FK4/.test((await openGadf({ header: { RADECSYS: "FK4" } })).warnings[0]!));
});

Deno.test("read() leaves out rows without a time, counts and reports them", async () => {
  const list = await openGadf({
    columns: { TIME: { values: Float64Array.of(NaN, 120, Infinity, 130), unit: "s" } },
  });
  const bad: BadRow[] = [];
  const batch = await list.read(0, 4, { onBadRow: (row) => void bad.push(row) });
  deepStrictEqual(batch.rejected, { "bad:nan-time": 2 });
  deepStrictEqual([...batch.columns.timeS], [120, 130]);
  deepStrictEqual([...batch.columns.energyTeV!], [1, 16]);
  deepStrictEqual([...batch.columns.eventId!], [2n, 4n]);
  deepStrictEqual([batch.rowStart, batch.rowStop], [0, 4]);
  deepStrictEqual(bad.map(({ row, source }) => [row, source]), [[0, "run.fits"], [2, "run.fits"]]);
  const second = await list.read(2, 4, { onBadRow: (row) => void bad.push(row) });
  strictEqual(bad.at(-1)!.row, 2);
  strictEqual(second.length, 1);
});

Deno.test("read() gives the columns asked for, and names those there are for one that is not", async () => {
  const list = await openGadf();
  deepStrictEqual(Object.keys((await list.read(1, 3, { columns: ["energyTeV"] })).columns), [
    "timeS",
    "energyTeV",
  ]);
  await rejects(list.read(0, 1, { columns: ["phase"] }), /no column "phase": there are timeS, /);
  await rejects(list.read(0, 5), RangeError);
});

Deno.test("read() keeps the user's columns of single numbers under their own names", async () => {
  const list = await openGadf({
    columns: {
      MC_ID: { values: Int32Array.of(1, 2, 3, 4) },
      NAME: { values: ["a", "b", "c", "d"] },
      VECTOR: { values: new Int16Array(12), shape: [3] },
      EVENT_TYPE: { values: Uint32Array.of(1, 2, 3, 2 ** 31), type: "X", bits: 32 },
      FLAGS: { values: Uint32Array.of(1, 2, 3, 5), type: "X", bits: 3 },
      BIG: { values: BigInt64Array.of(1n, 2n, 3n, 2n ** 60n) },
    },
  });
  const { columns } = await all(list);
  deepStrictEqual([...columns["MC_ID"] as Float64Array], [1, 2, 3, 4]);
  deepStrictEqual([...columns.eventType!], [1, 2, 3, 2 ** 31]);
  deepStrictEqual([...columns["FLAGS"] as Uint32Array], [1, 2, 3, 5]);
  deepStrictEqual([...columns["BIG"] as BigInt64Array].at(-1), 2n ** 60n);
  strictEqual(columns["NAME"], undefined);
  strictEqual(columns["VECTOR"], undefined);
});

Deno.test("rename gives a column of the file the name of the batch that an operator needs", async () => {
  const columns = {
    "SRC_A": { values: Float32Array.of(0.25, 0.5, 0.75, 1) },
    MC_ENERGY: { values: Float32Array.of(1, 2, 3, 4), unit: "GeV" },
  };
  const rename = { weight: "SRC_A", energyTeV: "MC_ENERGY", turn: "RA" };
  const list = await openGadf({ columns }, { rename });
  const batch = await all(list);
  deepStrictEqual([...batch.columns.weight!], [0.25, 0.5, 0.75, 1]);
  deepStrictEqual([...batch.columns.energyTeV!], [0.001, 0.002, 0.003, 0.004]);
  deepStrictEqual([...batch.columns["ENERGY"] as Float64Array], [0.5, 1, 2, 16]);
  deepStrictEqual([...batch.columns["turn"] as Float64Array], [83.5, 83.75, 84, 83]);
  strictEqual(batch.columns.raDeg, undefined);
  await rejects(openGadf({}, { rename: { weight: "NONE" } }), fault(/no column "NONE"; there are/));
});

Deno.test("a file that is cut opens with a warning, and its whole rows can be read", async () => {
  const n = 1000;
  const bytes = gadfBytes({
    columns: {
      EVENT_ID: { values: BigInt64Array.from({ length: n }, (_, i) => BigInt(i)) },
      TIME: { values: Float64Array.from({ length: n }, (_, i) => i), unit: "s" },
      RA: { values: new Float32Array(n), unit: "deg" },
      DEC: { values: new Float32Array(n), unit: "deg" },
      ENERGY: { values: new Float32Array(n), unit: "TeV" },
    },
  });
  const list = await openBytes(bytes.subarray(0, bytes.length - 2880 * 4 - 20000));
  ok(list.nRows > 0 && list.nRows < n, String(list.nRows));
  strictEqual(list.nRowsAnnounced, n);
  ok(list.warnings.some((text) => text.includes(`${list.nRows} of ${n} events`)));
  const { columns } = await all(list);
  strictEqual(columns.timeS.at(-1), list.nRows - 1);
  await rejects(
    list.read(0, n),
    fault(new RegExp(`ends within the table: found ${list.nRows} whole rows, expected ${n}`)),
  );
});

Deno.test("a faulty card that only describes does not keep a file from being read", async () => {
  const bytes = gadfBytes(), text = new TextDecoder("latin1").decode(bytes);
  const at = text.indexOf("OBJECT  = 'Crab");
  bytes.set(new TextEncoder().encode("OBJECT  = Crab Nebula                "), at);
  const list = await openBytes(bytes);
  ok(list.object.startsWith("Crab Nebula"), list.object);
});

Deno.test("openEventList() tells what there is where it finds no event list", async () => {
  await rejects(
    openBytes(encodeFits([{
      kind: "bintable",
      name: "SPECTRUM",
      columns: [{ name: "CHANNEL", values: Int16Array.of(1) }],
    }])),
    fault(/no event list among PRIMARY, SPECTRUM/),
  );
  await rejects(openGadf({}, { format: "fermi-ft1" }), fault(/no event list of format fermi-ft1/));
  await rejects(openGadf({}, { format: "gadff" }), RangeError);
});

Deno.test("what gadfHdus() writes is read back as it was", async () => {
  const finite = { noNaN: true, noDefaultInfinity: true };
  const row = fc.record({
    t: fc.double({ ...finite, min: 0, max: 1e9 }),
    e: fc.float({ ...finite, min: Math.fround(1e-3), max: 100 }),
    ra: fc.float({ ...finite, min: 0, max: 359 }),
    dec: fc.float({ ...finite, min: -90, max: 90 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 41400, max: 60000 }),
      fc.double({ ...finite, min: 0, max: 86399 }),
      fc.constantFrom("TT" as const, "TDB" as const),
      async (rows, day, dayS, scale) => {
        const epoch = addSeconds<"TT" | "TDB">(createEpoch([day, 0], scale), dayS) as
          | ReturnType<typeof createEpoch<"TT">>
          | ReturnType<typeof createEpoch<"TDB">>;
        const column = (name: "t" | "e" | "ra" | "dec") =>
          Float64Array.from(rows, (one) => one[name]);
        const events = createEventBatch({
          timeS: column("t"),
          energyTeV: column("e"),
          raDeg: column("ra"),
          decDeg: column("dec"),
        });
        const gti = createGti(epoch, Float64Array.of(0, 5e8), Float64Array.of(4e8, 1e9));
        const list = await openBytes(encodeFits(gadfHdus(events, {
          obsId: "12",
          gti,
          deadTimeFraction: 0.125,
          pointing: { raDeg: 10, decDeg: -20 },
          telescope: "SIM",
        })));
        const { columns } = await all(list);
        deepStrictEqual(columns.timeS, events.columns.timeS);
        deepStrictEqual(columns.energyTeV, events.columns.energyTeV);
        deepStrictEqual(columns.raDeg, events.columns.raDeg);
        ok(Math.abs(secondsBetween<"TT" | "TDB">(epoch, list.epoch)) < 1e-10);
        deepStrictEqual([...list.gti!.startS], [0, 5e8]);
        strictEqual(list.deadTimeFraction, 0.125);
        deepStrictEqual(list.pointing, { raDeg: 10, decDeg: -20 });
        strictEqual(list.obsId, "12");
        deepStrictEqual(list.warnings, []);
      },
    ),
    { numRuns: 50, seed: 7 },
  );
});

Deno.test("convertEpoch() is what brings a UTC reference to TT", async () => {
  const { epoch } = await openGadf({ header: { TIMESYS: "UTC" }, gtiHeader: { TIMESYS: "UTC" } });
  deepStrictEqual(epoch, convertEpoch(createEpoch([51910, 0.5], "UTC"), "TT"));
});
