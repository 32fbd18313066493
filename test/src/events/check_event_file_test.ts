import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import {
  checkEventFile,
  createEventBatch,
  createGti,
  type Fault,
  gadfHdus,
} from "../../../src/events/mod.ts";
import { type ColumnInput, encodeFits } from "../../../src/fits/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";
import { type Fixture, gadfBytes } from "./formats/_fixture.ts";

async function check(bytes: Uint8Array, suffix = ".fits"): Promise<Fault[]> {
  const path = await Deno.makeTempFile({ suffix });
  try {
    await Deno.writeFile(path, bytes);
    const faults = await checkEventFile(path);
    for (const fault of faults) strictEqual(fault.source, path);
    return faults;
  } finally {
    await Deno.remove(path);
  }
}

const line = ({ level, hdu, keyword, row, problem }: Fault) =>
  `${level} ${hdu} ${keyword}${row === undefined ? "" : ` row ${row}`}: ${problem}`;

/** Exactly these faults, in any order; each is a pattern of its line. */
async function expectFaults(change: Fixture, patterns: readonly RegExp[]): Promise<void> {
  const lines = (await check(gadfBytes(change))).map(line), left = [...lines];
  for (const pattern of patterns) {
    const at = left.findIndex((one) => pattern.test(one));
    ok(at >= 0, `${pattern} is not among\n${lines.join("\n")}`);
    left.splice(at, 1);
  }
  deepStrictEqual(left, [], `not expected; all:\n${lines.join("\n")}`);
}

const s = (...values: number[]): Omit<ColumnInput, "name"> => ({
  values: Float64Array.from(values),
  unit: "s",
});
const deg = (...values: number[]): Omit<ColumnInput, "name"> => ({
  values: Float32Array.from(values),
  unit: "deg",
});
const gti = (start: number[], stop: number[], unit: string | undefined = "s"): ColumnInput[] => [
  { name: "START", values: Float64Array.from(start), ...(unit === "" ? {} : { unit }) },
  { name: "STOP", values: Float64Array.from(stop), ...(unit === "" ? {} : { unit }) },
];

Deno.test("checkEventFile() finds nothing in a file as it should be", async () => {
  await expectFaults({}, []);
  await expectFaults({ header: { HDUVERS: "0.2", OBS_MODE: undefined } }, []);
  deepStrictEqual(await check(new Uint8Array(gzipSync(gadfBytes())), ".fits.gz"), []);
});

Deno.test("checkEventFile() finds nothing in what gadfHdus() writes", async () => {
  const one = Float64Array.of(1);
  const events = createEventBatch({ timeS: one, energyTeV: one, raDeg: one, decDeg: one });
  const hdus = gadfHdus(events, {
    obsId: "1",
    gti: createGti(createEpoch([51910, 0], "TT"), Float64Array.of(0), Float64Array.of(60)),
    deadTimeFraction: 0.1,
    pointing: { raDeg: 1, decDeg: 1 },
    telescope: "SIM",
    site: { lonDeg: 16.5, latDeg: -23.3, heightM: 1800 },
  });
  deepStrictEqual(await check(encodeFits(hdus)), []);
});

/** What is changed, and all faults that follow from it. */
const HEADER_CASES: Record<string, readonly [Fixture, ...RegExp[]]> = {
  "a keyword that is missing and needed": [
    { header: { RA_PNT: undefined } },
    /^error 1 RA_PNT: the keyword is missing/,
  ],
  "a keyword that only describes": [
    { header: { CREATOR: undefined } },
    /^warning 1 CREATOR: the keyword is missing/,
  ],
  "an empty keyword": [{ header: { ORIGIN: "" } }, /^warning 1 ORIGIN: the keyword is empty/],
  "a keyword of another type": [
    { header: { DEC_PNT: "22 deg" } },
    /^error 1 DEC_PNT: found "22 deg", expected a number/,
  ],
  "no reference time": [
    { header: { MJDREFI: undefined } },
    /^error 1 MJDREFI: the keyword is missing/,
  ],
  "a reference time that is no number": [
    { header: { MJDREFI: "x" } },
    /^error 1 MJDREFI: found "x", expected a number/,
  ],
  "no time system": [{ header: { TIMESYS: undefined } }, /^error 1 TIMESYS: the keyword is miss/],
  "a time system that is none": [
    { header: { TIMESYS: "JD" } },
    /^error 1 TIMESYS: found "JD", expected TT, TAI, UTC or TDB/,
  ],
  "a time system that differs between the tables": [
    { gtiHeader: { TIMESYS: "TDB" } },
    /^error 2 TIMESYS: found TDB, but the events are in TT/,
  ],
  "a unit of time that is none": [
    { header: { TIMEUNIT: "parsec" } },
    /^error 1 TIMEUNIT: .*parsec/,
  ],
  "a stop before the start": [
    { header: { TSTART: 200, TSTOP: 100 } },
    /^error 1 TSTOP: found 100, before TSTART 200/,
  ],
  "good time beyond start and stop": [
    { header: { TSTOP: 150 } },
    /^warning 1 TSTOP: the good time is 100 s to 200 s, beyond TSTART 100 s to TSTOP 150 s/,
  ],
  "good time that is not ONTIME by a part in 1e4": [
    { header: { ONTIME: 90.01, LIVETIME: 81.009 } },
    /^warning 1 ONTIME: found 90.01 s, expected the sum of the good time intervals = 90 s/,
  ],
  "good time that is not ONTIME at all": [
    { header: { ONTIME: 100, LIVETIME: 90 } },
    /^error 1 ONTIME: found 100 s/,
  ],
  "live time that is not ONTIME * DEADC": [
    { header: { LIVETIME: 85 } },
    /^error 1 LIVETIME: found 85 s, expected ONTIME \* DEADC = 81 s/,
  ],
  "live time in single precision": [{ header: { LIVETIME: Math.fround(81) * (1 + 6e-8) } }],
  "a dead-time factor beyond 1": [
    { header: { DEADC: 1.1 } },
    /^error 1 DEADC: found 1.1, expected 0 to 1/,
  ],
  "negative good time": [
    { header: { ONTIME: -90 } },
    /^error 1 ONTIME: found -90 s, expected 0 or more/,
    /^error 1 LIVETIME/,
    /^error 1 ONTIME: found -90 s, expected the sum/,
  ],
  "a pointing off the sphere": [
    { header: { DEC_PNT: 122 } },
    /^error 1 DEC_PNT: found 122, expected -90 to 90 deg/,
  ],
  "coordinates of 1950": [
    { header: { EQUINOX: 1950, RADECSYS: "FK4" } },
    /^error 1 EQUINOX: found 1950, expected 2000/,
    /^warning 1 RADECSYS: found "FK4", expected ICRS, FK5/,
  ],
  "a mode of observation that 0.3 does not know": [
    { header: { OBS_MODE: "WOBBLE" } },
    /^warning 1 OBS_MODE: found "WOBBLE", expected POINTING/,
  ],
  "a mode of observation of 0.2": [{ header: { OBS_MODE: "WOBBLE", HDUVERS: "0.2" } }],
  "a drift scan, which needs altitude and azimuth but no pointing": [
    { header: { OBS_MODE: "DRIFT", RA_PNT: undefined, DEC_PNT: undefined, ALT_PNT: 80 } },
    /^warning 1 AZ_PNT: the keyword is missing/,
  ],
  "an unknown version": [
    { header: { HDUVERS: "1.0" } },
    /^warning 1 HDUVERS: found "1.0", expected 0.2, 0.3/,
  ],
  "MJDREF in place of its parts": [
    { header: { MJDREF: 51910.5, MJDREFI: undefined, MJDREFF: undefined } },
    /^warning 1 MJDREFI/,
    /^warning 1 MJDREFF/,
  ],
};

const TABLE_CASES: Record<string, readonly [Fixture, ...RegExp[]]> = {
  "no times": [{ columns: { TIME: null } }, /^error 1 TIME: the column is missing/],
  "no energies": [{ columns: { ENERGY: null } }, /^error 1 ENERGY: the column is missing/],
  "no event numbers": [{ columns: { EVENT_ID: null } }, /^warning 1 EVENT_ID: the column is miss/],
  "times in single precision": [
    { columns: { TIME: { values: Float32Array.of(101, 120, 150, 199), unit: "s" } } },
    /^error 1 TIME: found format 1E, expected D/,
  ],
  "energies that are texts": [
    { columns: { ENERGY: { values: ["1", "2", "3", "4"], unit: "TeV" } } },
    /^error 1 ENERGY: found format 1A, expected E or D/,
  ],
  "directions that are vectors": [
    { columns: { RA: { values: new Float32Array(8), shape: [2], unit: "deg" } } },
    /^error 1 RA: found format 2E/,
  ],
  "an energy in metres": [
    { columns: { ENERGY: { values: Float32Array.of(1, 2, 3, 4), unit: "m" } } },
    /^error 1 ENERGY: .*"m".*"TeV"/,
  ],
  "an energy in GeV": [
    { columns: { ENERGY: { values: Float32Array.of(1, 2, 3, 4), unit: "GeV" } } },
    /^warning 1 ENERGY: found unit GeV, expected TeV/,
  ],
  "an energy without a unit": [
    { columns: { ENERGY: { values: Float32Array.of(1, 2, 3, 4) } } },
    /^warning 1 ENERGY: the column has no unit, expected TeV/,
  ],
  "two columns that differ in case alone": [
    { columns: { RA: null, ra: deg(1, 2, 3, 4), Ra: deg(1, 2, 3, 4) } },
    /^error 1 ra: "RA" may be any of ra, Ra/,
  ],
  "no good time intervals": [
    { noGti: true },
    /^error 1 GTI: there is no table of good time intervals/,
  ],
  "two tables of good time intervals": [
    { more: [{ kind: "bintable", name: "GTI", columns: gti([0], [1]) }] },
    /^warning 3 : only the good time intervals of HDU 2 are used/,
  ],
  "intervals without a column": [
    { gtiColumns: gti([100], [200]).slice(0, 1) },
    /^error 2 STOP: the column is missing/,
  ],
  "intervals without a unit": [
    { gtiColumns: gti([100, 150], [140, 200], "") },
    /^warning 2 START: the column has no unit/,
    /^warning 2 STOP: the column has no unit/,
  ],
  "intervals without a reference time": [
    { gtiHeader: { MJDREFI: undefined, MJDREFF: undefined } },
    /^warning 2 MJDREFI/,
    /^warning 2 MJDREFF/,
  ],
  "no interval": [
    { gtiColumns: gti([], []) },
    /^error 2 : the table of good time intervals has no rows/,
    /^error 1 ONTIME/,
    /^warning 1 TIME row 1: found 101 s: the event is in no good time/,
    /^warning 1 TIME: 4 rows in all/,
  ],
  "intervals that stop before they start, and NaN": [
    { gtiColumns: gti([100, 150, NaN], [140, 145, 200]), header: { ONTIME: 40, LIVETIME: 36 } },
    /^error 2 STOP row 2: found 150 s to 145 s/,
    /^error 2 STOP row 3: found NaN s to 200 s/,
    /^warning 1 TIME row 3: found 150 s: the event is in no good time/,
    /^warning 1 TIME: 2 rows in all: the event is in no good time/,
  ],
  "intervals that overlap": [
    { gtiColumns: gti([100, 120], [140, 200]), header: { ONTIME: 120, LIVETIME: 108 } },
    /^error 2 START row 2: found 120 s, before 140 s: intervals overlap: 20 s of 120 s count twice/,
  ],
  "intervals that overlap by rounding": [
    { gtiColumns: gti([100, 150], [150.0001, 200]), header: { ONTIME: 100, LIVETIME: 90 } },
    /^warning 2 START row 2: found 150 s, before 150.0001 s/,
  ],
  "intervals out of order": [
    { gtiColumns: gti([150, 100], [200, 140]) },
    /^warning 2 START row 2: found 100 s: the interval starts before the one above it/,
  ],
};

const ROW_CASES: Record<string, readonly [Fixture, ...RegExp[]]> = {
  "times that are none": [
    { columns: { TIME: s(NaN, 120, Infinity, 199) } },
    /^error 1 TIME row 1: found NaN: an event needs a finite time/,
    /^error 1 TIME row 3: found Infinity/,
  ],
  "times that go back": [
    { columns: { TIME: s(101, 160, 155, 120) } },
    /^warning 1 TIME row 3: found 155 s after 160 s: the event is earlier than the one above it/,
    /^warning 1 TIME: 2 rows in all: the event is earlier/,
  ],
  "events in no good time": [
    { columns: { TIME: s(101, 140, 140.5, 200) } },
    /^warning 1 TIME row 3: found 140.5 s: the event is in no good time interval/,
  ],
  "energies that are none": [
    { columns: { ENERGY: { values: Float32Array.of(0, -1, NaN, Infinity), unit: "TeV" } } },
    /^error 1 ENERGY row 1: found 0: an energy is more than 0/,
    /^error 1 ENERGY row 2: found -1/,
    /^error 1 ENERGY row 3: found NaN/,
    /^error 1 ENERGY: 4 rows in all/,
  ],
  "directions that are none": [
    { columns: { RA: deg(NaN, 1, 2, 3), DEC: deg(91, -90, 90, NaN) } },
    /^error 1 RA row 1: found NaN/,
    /^error 1 DEC row 1: found 91: a declination is -90 to 90 deg/,
    /^error 1 DEC row 4: found NaN/,
  ],
  "right ascensions of another round": [
    { columns: { RA: deg(-10, 370, 0, 360) } },
    /^warning 1 RA row 1: found -10 deg: usual are 0 to 360 deg/,
    /^warning 1 RA: 2 rows in all/,
  ],
  "declinations in radians": [
    { columns: { DEC: { values: Float32Array.of(1, 1.5, 1.6, 0), unit: "rad" } } },
    /^warning 1 DEC: found unit rad, expected deg/,
    /^error 1 DEC row 3: found 91.67/,
  ],
  "event numbers that come twice": [
    { columns: { EVENT_ID: { values: BigInt64Array.of(0n, -1n, 0n, -1n) } } },
    /^warning 1 EVENT_ID row 3: found 0: the event number came before/,
    /^warning 1 EVENT_ID: 2 rows in all/,
  ],
};

for (
  const [name, [change, ...patterns]] of Object.entries({
    ...HEADER_CASES,
    ...TABLE_CASES,
    ...ROW_CASES,
  })
) {
  Deno.test(`checkEventFile() tells of ${name}`, () => expectFaults(change, patterns));
}

Deno.test("checkEventFile() tells of a file that is no FITS, and an empty one", async () => {
  const [fault, ...others] = await check(new TextEncoder().encode("no FITS at all"));
  deepStrictEqual(others, []);
  strictEqual(line(fault!), `error 0 : found "no FITS ", expected "SIMPLE  "`);
  ok(/no data/.test((await check(new Uint8Array(0)))[0]!.problem));
});

Deno.test("checkEventFile() throws only for a file that cannot be read", async () => {
  await rejects(checkEventFile("no-such-file.fits"), Deno.errors.NotFound);
});

Deno.test("checkEventFile() tells of a file without an event list, naming what there is", async () => {
  const faults = await check(encodeFits([{
    kind: "bintable",
    name: "SPECTRUM",
    columns: [{ name: "CHANNEL", values: Int16Array.of(1) }],
  }]));
  deepStrictEqual(faults.map(line), [
    "error 0 : found no event list among PRIMARY, SPECTRUM",
  ]);
});

/** A file of n events, one a second. */
function long(n: number, change: Fixture = {}): Uint8Array {
  return gadfBytes({
    ...change,
    columns: {
      EVENT_ID: { values: BigInt64Array.from({ length: n }, (_, i) => BigInt(i)) },
      TIME: { values: Float64Array.from({ length: n }, (_, i) => i), unit: "s" },
      RA: { values: new Float32Array(n), unit: "deg" },
      DEC: { values: new Float32Array(n), unit: "deg" },
      ENERGY: { values: new Float32Array(n).fill(1), unit: "TeV" },
      ...change.columns,
    },
    header: { TSTART: 0, TSTOP: n, ONTIME: n, LIVETIME: 0.9 * n, ...change.header },
    gtiColumns: gti([0], [n]),
  });
}

Deno.test("checkEventFile() says how many rows of a cut file are whole, gzip or not", async () => {
  const bytes = long(10000), rowBytes = 28, start = bytes.length - 4 * 2880;
  const dataStart = start - Math.ceil(10000 * rowBytes / 2880) * 2880 + 2880;
  ok(dataStart > 0);
  const cut = bytes.subarray(0, 150000), lines = (await check(cut)).map(line);
  const whole = Number(/(\d+) of 10000 rows are whole/.exec(lines[0]!)?.[1]);
  ok(/^error 1 : the file ends within this HDU/.test(lines[0]!), lines.join("\n"));
  ok(whole > 4900 && whole < 150000 / rowBytes, String(whole));
  ok(lines.some((one) => /^error 1 GTI: there is no table/.test(one)), lines.join("\n"));
  const gzip = new Uint8Array(gzipSync(bytes)), half = gzip.subarray(0, gzip.length >> 1);
  const packed = (await check(half, ".fits.gz")).map(line);
  ok(packed.some((one) => /gzip data are corrupted or cut/.test(one)), packed.join("\n"));
  ok(packed.some((one) => /of 10000 rows are whole/.test(one)), packed.join("\n"));
});

Deno.test("checkEventFile() finds faults in any block of a long file", async () => {
  const n = 150000, energy = new Float32Array(n).fill(1), ids = new BigInt64Array(n);
  for (let i = 0; i < n; i++) ids[i] = BigInt(i) << 33n;
  energy[140000] = NaN;
  ids[149999] = 0n;
  const faults = await check(
    long(n, { columns: { ENERGY: { values: energy, unit: "TeV" }, EVENT_ID: { values: ids } } }),
  );
  deepStrictEqual(faults.map(line), [
    "error 1 ENERGY row 140001: found NaN: an energy is more than 0",
    "warning 1 EVENT_ID row 150000: found 0: the event number came before",
  ]);
});

Deno.test("checkEventFile() holds checksums of header and data against the bytes", async () => {
  const data = gadfBytes(), text = new TextDecoder("latin1").decode(data);
  const energies = text.indexOf("XTENSION", text.indexOf("EVENTS")) - 2880 + 20;
  data[energies] = data[energies]! ^ 1;
  const changed = await check(data);
  ok(
    changed.some((fault) => fault.keyword === "DATASUM" && fault.hdu === 1),
    JSON.stringify(changed),
  );
  const header = gadfBytes(), at = text.indexOf("'Crab");
  header.set(new TextEncoder().encode("'Crub"), at);
  deepStrictEqual((await check(header)).map(line), [
    "error 1 CHECKSUM: header or data were changed after the sum was made",
  ]);
});

Deno.test("checkEventFile() tells of a header that announces fewer rows than there are", async () => {
  const bytes = long(10000), text = new TextDecoder("latin1").decode(bytes);
  const at = text.indexOf("10000", text.indexOf("NAXIS2  ="));
  bytes.set(new TextEncoder().encode("  100"), at);
  const lines = (await check(bytes)).map(line);
  ok(lines.some((one) => /^error 1 (DATASUM|NAXIS2)/.test(one)), lines.join("\n"));
});

Deno.test("checkEventFile() never throws for what is in a file", async () => {
  const rng = createRng(20), good = gadfBytes();
  const path = await Deno.makeTempFile({ suffix: ".fits" });
  let told = 0;
  for (let round = 0; round < 1500; round++) {
    const bytes = good.slice(
      0,
      rng.uniform() < 0.2 ? (rng.uniform() * good.length) | 0 : good.length,
    );
    for (let k = 1 + 4 * rng.uniform(); k > 0; k--) {
      const at = (rng.uniform() * bytes.length) | 0;
      const isText = rng.uniform() < 0.7;
      bytes[at] = isText ? 32 + ((95 * rng.uniform()) | 0) : (256 * rng.uniform()) | 0;
    }
    await Deno.writeFile(path, bytes);
    told += +((await checkEventFile(path)).length > 0);
  }
  await Deno.remove(path);
  ok(told > 1200, `${told} of 1500 files were found faulty`);
});

/** The errors of real files: none but checksums that were not renewed, and what is not there. */
const REAL: Record<string, readonly RegExp[]> = {
  "gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_023523.fits.gz": [],
  "gammapy-data/cta-1dc/data/baseline/gps/gps_baseline_110380.fits": [],
  "gammapy-data/magic/rad_max/data/20131004_05029747_DL3_CrabNebula-W0.40+035.fits": [],
  "gammapy-data/joint-crab/dl3/magic/run_05029748_DL3.fits": [],
  "gammapy-data/hawc/crab_events_pass4/events/EventList_Crab_fHitbin9GP.fits.gz": [],
  "gammapy-data/fermi-3fhl-gc/fermi-3fhl-gc-events.fits.gz": [
    /^error 1 DATASUM/,
    /^error 2 CHECKS/,
  ],
  "pulsar/fermi-timeSystem/testevdata_1day_unordered.fits": [],
  "pulsar/pint/J0218_nicer_2070030405_cleanfilt_cut_bary.evt": [],
  "pulsar/pint/B1509_RXTE_short.fits": [/^error 1 DATASUM/],
};
for (const [path, errors] of Object.entries(REAL)) {
  dataTest(`checkEventFile() on ${path}`, [path], async () => {
    const found = (await checkEventFile(dataFile(path))).filter((one) => one.level === "error");
    strictEqual(found.length, errors.length, found.map(line).join("\n"));
    errors.forEach((pattern, i) => ok(pattern.test(line(found[i]!)), line(found[i]!)));
  });
}
