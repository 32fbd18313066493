import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { gtiSumS, openEventFile, readEvents } from "../../../../src/events/mod.ts";
import { secondsBetween, type TimeEpoch } from "../../../../src/time/mod.ts";
import { agrees, dataFile, dataTest } from "../../../_tools/data_io.ts";

interface Golden {
  readonly format: string;
  readonly n: number;
  readonly epoch: TimeEpoch<"TT"> | TimeEpoch<"TDB">;
  readonly timeFirstS: number;
  readonly timeLastS: number;
  readonly timeSumFromFirstS: number;
  readonly obsId: string;
  readonly deadTimeFraction: number;
  readonly columns: Readonly<Record<string, number>>;
  readonly gti?: {
    readonly n: number;
    readonly firstS: number;
    readonly lastS: number;
    readonly sumS: number;
  };
  readonly pointing?: { readonly raDeg: number; readonly decDeg: number };
}

const { cases, tolerance } = JSON.parse(
  Deno.readTextFileSync(new URL("../../../golden/events_files.json", import.meta.url)),
) as {
  readonly cases: Readonly<Record<string, Golden>>;
  readonly tolerance: { readonly rtol: number };
};

const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);

for (const [path, golden] of Object.entries(cases)) {
  dataTest(`readEvents() agrees with astropy on ${path}`, [path], async () => {
    const { list, events } = await readEvents(dataFile(path));
    strictEqual(list.format, golden.format);
    strictEqual(list.obsId, golden.obsId);
    strictEqual(events.length, golden.n);
    strictEqual(list.epoch.scale, golden.epoch.scale);
    const off = secondsBetween<"TT" | "TDB">(golden.epoch, list.epoch);
    ok(Math.abs(off) < 1e-9, `the epoch is ${off} s off`);
    const { timeS } = events.columns;
    deepStrictEqual([timeS[0], timeS.at(-1)], [golden.timeFirstS, golden.timeLastS]);
    agrees(sum(timeS.map((t) => t - timeS[0]!)), golden.timeSumFromFirstS, tolerance, "times");
    agrees(list.deadTimeFraction, golden.deadTimeFraction, { atol: 1e-15 }, "dead time");
    for (const [name, expected] of Object.entries(golden.columns)) {
      agrees(sum(events.columns[name] as Float64Array), expected, tolerance, name);
    }
    const { gti } = list;
    deepStrictEqual(
      gti && { n: gti.startS.length, firstS: gti.startS[0], lastS: gti.stopS.at(-1) },
      golden.gti && { n: golden.gti.n, firstS: golden.gti.firstS, lastS: golden.gti.lastS },
    );
    if (gti !== undefined) agrees(gtiSumS(gti), golden.gti!.sumS, tolerance, "good time");
    deepStrictEqual(list.pointing, golden.pointing);
  });
}

const RXTE = "pulsar/pint/B1509_RXTE_short.fits";
dataTest(
  "RXTE: the clock offset of 3.378 s is in the epoch, PHA stands for PI",
  [RXTE],
  async () => {
    const { list, events } = await readEvents(dataFile(RXTE));
    // MJDREFF = 0.000696574074 d = 60.184 s
    ok(Math.abs(list.epoch.dayS - (0.000696574074 * 86400 + 3.37842846)) < 1e-9);
    ok(events.columns.piChannel instanceof Int32Array);
    ok(list.warnings.some((text) => /PHA/.test(text)), String(list.warnings));
    strictEqual(list.instrument, "XTE PCA");
  },
);

const NICER = "pulsar/pint/sgr1830kgfilt.evt";
dataTest(
  "NICER: the clock offset of -1 s is in the epoch, PI is the channel",
  [NICER],
  async () => {
    const { list, events } = await readEvents(dataFile(NICER));
    ok(Math.abs(list.epoch.dayS - (0.000777592592592593 * 86400 - 1)) < 1e-9);
    ok(events.columns.piChannel instanceof Int32Array);
    ok(events.columns["PHA"] instanceof Float64Array);
    strictEqual(list.obsId, "2010101830");
  },
);

const J0030 = "pulsar/pint/J0030+0451_w323_ft1weights.fits";
dataTest("Fermi: bit columns are masks, the user's columns keep their names", [J0030], async () => {
  const { list, events } = await readEvents(dataFile(J0030), {
    rename: { weight: "PSRJ0030+0451" },
  });
  ok(events.columns.eventType instanceof Uint32Array);
  ok(events.columns["EVENT_CLASS"] instanceof Uint32Array);
  ok(events.columns.weight!.every((w) => w >= 0 && w <= 1));
  for (const name of ["L", "B", "RUN_ID", "FERMI_PHASE"]) ok(list.columns.includes(name), name);
  ok(!list.columns.includes("CALIB_VERSION"));
  strictEqual(list.version, "P8R2");
});

const HAWC = "gammapy-data/hawc/crab_events_pass4/events/EventList_Crab_fHitbin9GP.fits.gz";
dataTest("HAWC: of columns that differ in case alone the exact one is taken", [HAWC], async () => {
  const { list, events } = await readEvents(dataFile(HAWC));
  const { decDeg, raDeg } = events.columns;
  ok(decDeg!.every((x) => x > -30 && x < 70) && raDeg!.every((x) => x > 70 && x < 100));
  ok((events.columns["dec"] as Float64Array).every((x) => Math.abs(x) < 2), "radians");
  strictEqual(list.pointing, undefined);
  strictEqual(list.version, "0.2");
  ok(/HDUVERS is "dev1bf00373"/.test(list.warnings[0]!));
});

const CTA = "gammapy-data/cta-1dc/data/baseline/gps/gps_baseline_110380.fits";
dataTest("CTA: unsigned event numbers, detector coordinates", [CTA], async () => {
  const list = await openEventFile(dataFile(CTA));
  const { columns } = await list.read(0, 10);
  list.close();
  ok(columns.eventId instanceof BigInt64Array && columns.eventId[0]! >= 0n);
  ok(columns.detXDeg instanceof Float64Array && columns.detYDeg instanceof Float64Array);
});

const SPACECRAFT = "pulsar/fermi-timeSystem/testscdata_1day.fits";
dataTest("a spacecraft file is no event list", [SPACECRAFT], async () => {
  await openEventFile(dataFile(SPACECRAFT)).then(
    () => ok(false, "it was opened"),
    (error) => ok(/no event list among PRIMARY, SC_DATA/.test(error.message), error.message),
  );
});
