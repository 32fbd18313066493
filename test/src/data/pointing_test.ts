import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import {
  createPointingTable,
  driftPointing,
  findPointingTable,
  fixedPointing,
  openDataStore,
  pointingAltAz,
  pointingAltAzTimesInto,
  pointingFromHeader,
  pointingIcrs,
  pointingIcrsTimesInto,
  readPointingTable,
  siteFromFits,
} from "../../../src/data/mod.ts";
import { openEventFile, readEvents } from "../../../src/events/mod.ts";
import {
  asBintable,
  type Card,
  card,
  encodeFits,
  headerFromCards,
  memorySource,
  openFits,
  openFitsFile,
  readNumbers,
} from "../../../src/fits/mod.ts";
import {
  icrsToAltAzTimesInto,
  observatory,
  separationDeg,
  type SkyPosition,
  skyToFovInto,
} from "../../../src/sky/mod.ts";
import { addSeconds, createEpoch, parseTime } from "../../../src/time/mod.ts";
import { agrees, dataFile, dataTest, referenceTest } from "../../_tools/data_io.ts";

interface Directions {
  readonly file: string;
  readonly az: readonly number[];
  readonly alt: readonly number[];
}
interface Golden {
  readonly tolerance: {
    readonly deg: number;
    readonly eventDeg: number;
    readonly tableDeg: number;
  };
  readonly events: Directions;
  readonly crab: Directions;
  readonly table: Directions & {
    readonly rows: number;
    readonly met: readonly number[];
    readonly ra: readonly number[];
    readonly dec: readonly number[];
    readonly fixedRa: number;
    readonly fixedDec: number;
    readonly followedAz: readonly number[];
    readonly followedAlt: readonly number[];
  };
  readonly drift: Directions & {
    readonly mode: string;
    readonly met: readonly number[];
    readonly ra: readonly number[];
    readonly dec: readonly number[];
  };
  readonly magic: { readonly file: string; readonly ra: number; readonly dec: number };
}

/** Made by test/golden/pointing.py. */
const golden = JSON.parse(
  Deno.readTextFileSync(new URL("../../golden/pointing.json", import.meta.url)),
) as Golden;

const path = (file: string) => `gammapy-data/${file}`;

function near(found: SkyPosition, lonDeg: number, latDeg: number, limitDeg: number): void {
  const apart = separationDeg(found, { lonDeg, latDeg });
  ok(apart < limitDeg, `${apart} deg from (${lonDeg}, ${latDeg})`);
}

/** Pointing, site, epoch and span of a file of events. */
async function observationOf(file: string) {
  const events = await openEventFile(file);
  using fits = await openFitsFile(file);
  const { header } = (await fits.find("EVENTS"))!;
  const gti = events.gti!, { epoch } = events;
  events.close();
  const middleS = (gti.startS[0]! + gti.stopS[gti.stopS.length - 1]!) / 2;
  return {
    pointing: pointingFromHeader(header)!,
    site: siteFromFits(header)!,
    epoch,
    middle: addSeconds<"TT" | "TDB">(epoch, middleS),
  };
}

dataTest(
  "events of a real run stand over the ground where Gammapy sees them",
  [path(golden.events.file)],
  async () => {
    const file = dataFile(path(golden.events.file)), { az, alt } = golden.events;
    const { site, epoch } = await observationOf(file);
    const { events: { columns } } = await readEvents(file);
    const n = az.length, timeS = columns.timeS!.slice(0, n);
    const sky = { lonDeg: columns.raDeg!.slice(0, n), latDeg: columns.decDeg!.slice(0, n) };
    icrsToAltAzTimesInto(sky, { site, epoch, timeS, into: sky });
    for (let i = 0; i < n; i++) {
      near(
        { lonDeg: sky.lonDeg[i]!, latDeg: sky.latDeg[i]! },
        az[i]!,
        alt[i]!,
        golden.tolerance.eventDeg,
      );
    }
  },
);

dataTest(
  "pointingAltAz() of a tracked run at its middle is Gammapy's",
  [path(golden.crab.file)],
  async () => {
    const { pointing, site, middle } = await observationOf(dataFile(path(golden.crab.file)));
    const found = pointingAltAz(pointing, { time: middle, site });
    near(found, golden.crab.az[0]!, golden.crab.alt[0]!, golden.tolerance.deg);
  },
);

dataTest(
  "readPointingTable() reads and interpolates as Gammapy",
  [path(golden.table.file)],
  async () => {
    const { table, tolerance } = golden;
    using fits = await openFitsFile(dataFile(path(table.file)));
    const hdu = (await findPointingTable(fits))!, site = siteFromFits(hdu.header)!;
    const pointing = await readPointingTable(hdu);
    strictEqual(pointing.timeS.length, table.rows);
    strictEqual(site.heightM, 1835);
    const fixed = pointingFromHeader((await fits.find("EVENTS"))!.header)!;
    deepStrictEqual(fixed, fixedPointing({ raDeg: table.fixedRa, decDeg: table.fixedDec }));
    const timeS = Float64Array.from(table.met), n = timeS.length;
    const into = { lonDeg: new Float64Array(n), latDeg: new Float64Array(n) };
    const times = { site, epoch: pointing.epoch, timeS, into };
    const at = (i: number) => ({ lonDeg: into.lonDeg[i]!, latDeg: into.latDeg[i]! });
    table.met.forEach((met, i) => {
      const time = addSeconds<"TT" | "TDB">(pointing.epoch, met);
      near(pointingIcrs(pointing, { time }), table.ra[i]!, table.dec[i]!, tolerance.tableDeg);
      near(pointingAltAz(pointing, { time }), table.az[i]!, table.alt[i]!, tolerance.tableDeg);
      const followed = pointingAltAz(fixed, { time, site });
      near(followed, table.followedAz[i]!, table.followedAlt[i]!, tolerance.deg);
      pointingIcrsTimesInto(pointing, times);
      near(at(i), table.ra[i]!, table.dec[i]!, tolerance.tableDeg);
      pointingAltAzTimesInto(pointing, times);
      near(at(i), table.az[i]!, table.alt[i]!, tolerance.tableDeg);
    });
    const late = addSeconds<"TT" | "TDB">(pointing.epoch, table.met[0]! + 1e4);
    throws(() => pointingIcrs(pointing, { time: late }), /speaks of 96407338 s to/);
  },
);

dataTest("a drift scan moves over the sky as Gammapy says", [path(golden.drift.file)], async () => {
  const { drift, tolerance } = golden;
  const { pointing, site, epoch } = await observationOf(dataFile(path(drift.file)));
  deepStrictEqual(pointing, driftPointing({ azDeg: drift.az[0]!, altDeg: drift.alt[0]! }));
  strictEqual(drift.mode, "DRIFT");
  drift.met.forEach((met, i) => {
    const time = addSeconds<"TT" | "TDB">(epoch, met);
    near(pointingIcrs(pointing, { time, site }), drift.ra[i]!, drift.dec[i]!, tolerance.deg);
    deepStrictEqual(pointingAltAz(pointing, { time }), { lonDeg: 0, latDeg: 0 });
  });
});

dataTest("pointingFromHeader() reads MAGIC's", [path(golden.magic.file)], async () => {
  const { ra, dec, file } = golden.magic;
  using fits = await openFitsFile(dataFile(path(file)));
  const pointing = pointingFromHeader((await fits.find("EVENTS"))!.header);
  deepStrictEqual(pointing, fixedPointing({ raDeg: ra, decDeg: dec }));
});

dataTest(
  "skyToFovInto() gives the field-of-view columns that H.E.S.S. wrote, aligned either way",
  [path(golden.table.file)],
  async () => {
    using fits = await openFitsFile(dataFile(path(golden.table.file)));
    const events = asBintable((await fits.find("EVENTS"))!);
    const column = (name: string) => readNumbers(events, name);
    const table = await readPointingTable((await findPointingTable(fits))!);
    const timeS = await column("TIME"), n = timeS.length, site = siteFromFits(events.header)!;
    ok(n > 100);
    const into = { lonDeg: new Float64Array(n), latDeg: new Float64Array(n) };
    const compare = async (name: string, limitDeg: number) => {
      const lonDeg = await column(`${name}_LON`), latDeg = await column(`${name}_LAT`);
      for (let i = 0; i < n; i++) {
        const found = { lonDeg: into.lonDeg[i]!, latDeg: into.latDeg[i]! };
        near(found, lonDeg[i]!, latDeg[i]!, limitDeg);
      }
    };
    const sky = { lonDeg: await column("RA"), latDeg: await column("DEC") };
    const pointing = pointingFromHeader(events.header)!, time = table.epoch;
    skyToFovInto(sky, { pointing: pointingIcrs(pointing, { time }), into });
    // the columns are the telescopes' own: of apparent places, up to 25 arcsec from these
    await compare("FOV_RADEC", 0.0075);
    const ground = { lonDeg: await column("AZ"), latDeg: await column("ALT") };
    const horizontal = { lonDeg: new Float64Array(n), latDeg: new Float64Array(n) };
    pointingAltAzTimesInto(table, { site, epoch: table.epoch, timeS, into: horizontal });
    skyToFovInto(ground, { pointing: horizontal, alignment: "ALTAZ", into });
    await compare("FOV_ALTAZ", 0.0075);
  },
);

const HESS = "gammapy-data/hess-dl3-dr1";

referenceTest("gammapy.json", "events.hess_dr1.table.public", [HESS], async (reference) => {
  const store = await openDataStore(dataFile(HESS)), { expected, tol } = reference;
  const found: { alt: number[]; az: number[] } = { alt: [], az: [] };
  for (const id of expected.obs_id as number[]) {
    const entry = store.entries.find(({ obsId }) => obsId === String(id));
    ok(entry !== undefined, `observation ${id}`);
    const { pointing, site, middle } = await observationOf(entry.path);
    const { lonDeg, latDeg } = pointingAltAz(pointing, { time: middle, site });
    found.az.push(lonDeg);
    found.alt.push(latDeg);
  }
  for (const [name, values] of Object.entries(found)) {
    const key = `pointing_${name}_deg_tstart`;
    agrees(values, expected[key], tol[key]!, key);
  }
});

referenceTest(
  "gammapy.json",
  "events.magic.5029747",
  [path(golden.magic.file)],
  async ({ expected, tol }) => {
    const { pointing, site, middle } = await observationOf(dataFile(path(golden.magic.file)));
    const { lonDeg, latDeg } = pointingAltAz(pointing, { time: middle, site });
    const [alt, az] = ["pointing_alt_deg_tstart", "pointing_az_deg_tstart"];
    agrees(latDeg, expected[alt!], tol[alt!]!, alt!);
    agrees(lonDeg, expected[az!], tol[az!]!, az!);
  },
);

const epoch = createEpoch([53343, 0], "TT");

/** A table of two pointings, TIME 0 and 1 in no unit of its own. */
async function pointingsWith(...header: Card[]) {
  const column = (name: string, ...data: number[]) => ({ name, values: Float64Array.from(data) });
  const columns = [column("TIME", 0, 1), column("RA_PNT", 1, 2), column("DEC_PNT", 3, 4)];
  const bytes = encodeFits([{ kind: "bintable", name: "POINTING", header, columns }]);
  using fits = await openFits(memorySource(bytes));
  return await readPointingTable(asBintable(await fits.hdu(1)));
}

Deno.test("readPointingTable() counts times as its header says: TIMEZERO, TIMEUNIT, TT(TAI)", async () => {
  const { epoch, timeS } = await pointingsWith(
    card("MJDREFI", 51910),
    card("MJDREFF", 0.5),
    card("TIMESYS", "TT(TAI)"),
    card("TIMEUNIT", "d"),
    card("TIMEZERO", 0.25),
  );
  deepStrictEqual(epoch, createEpoch([51910, 0.75], "TT"));
  deepStrictEqual([...timeS], [0, 86400]);
});

Deno.test("readPointingTable() names the keyword of a time that it cannot use", async () => {
  const mjd = card("MJDREFI", 51910);
  await rejects(pointingsWith(mjd, card("TIMESYS", "LOCAL")), /HDU 1, TIMESYS: found "LOCAL"/);
  await rejects(pointingsWith(mjd, card("TIMEUNIT", "TeV")), /HDU 1, TIMEUNIT/);
  await rejects(pointingsWith(card("TIMESYS", "TT")), /HDU 1, MJDREF/);
  const early = [card("MJDREFI", 40000), card("TIMESYS", "UTC")];
  await rejects(pointingsWith(...early), /HDU 1, TIMESYS: .*1972/);
});

Deno.test("pointingIcrs() interpolates on the chord, over the wrap and near the pole", () => {
  const at = (raDeg: readonly number[], decDeg: readonly number[], timeS: number) => {
    const pointing = createPointingTable({
      epoch,
      timeS: Float64Array.of(0, 100),
      raDeg: Float64Array.from(raDeg),
      decDeg: Float64Array.from(decDeg),
    });
    return pointingIcrs(pointing, { time: addSeconds(epoch, timeS) });
  };
  near(at([359, 1], [0, 0], 50), 0, 0, 1e-12);
  near(at([0, 180], [89, 89], 50), 0, 90, 1e-12);
  deepStrictEqual(at([10, 20], [5, 6], 0), { lonDeg: 10, latDeg: 5 });
  deepStrictEqual(at([10, 20], [5, 6], 100), { lonDeg: 20, latDeg: 6 });
  // one spacing of rows the line goes on
  near(at([10, 10], [5, 6], 200), 10, 7, 1e-3);
  near(at([10, 10], [5, 6], -100), 10, 4, 1e-3);
  throws(() => at([10, 20], [5, 6], 200.1), RangeError);
  throws(() => at([10, 20], [5, 6], -100.1), RangeError);
});

Deno.test("a table of one row speaks of its time alone", () => {
  const one = Float64Array.of(7);
  const pointing = createPointingTable({ epoch, timeS: one, raDeg: one, decDeg: one });
  deepStrictEqual(pointingIcrs(pointing, { time: addSeconds(epoch, 7) }), { lonDeg: 7, latDeg: 7 });
  throws(() => pointingIcrs(pointing, { time: addSeconds(epoch, 8) }), RangeError);
});

Deno.test("pointings at many times are those of each time", () => {
  const site = observatory("veritas"), timeS = Float64Array.of(0, 12.5, 4000), n = timeS.length;
  const table = createPointingTable({
    epoch: createEpoch([53342, 0.5], "TT"),
    timeS: Float64Array.of(0, 86400),
    raDeg: Float64Array.of(10, 12),
    decDeg: Float64Array.of(-3, 3),
  });
  const kinds = [
    fixedPointing({ raDeg: 83, decDeg: 22 }),
    driftPointing({ azDeg: 1, altDeg: 60 }),
    table,
  ];
  for (const pointing of kinds) {
    const sky = { lonDeg: new Float64Array(n), latDeg: new Float64Array(n) };
    const ground = { lonDeg: new Float64Array(n), latDeg: new Float64Array(n) };
    pointingIcrsTimesInto(pointing, { site, epoch, timeS, into: sky });
    pointingAltAzTimesInto(pointing, { site, epoch, timeS, into: ground });
    for (let i = 0; i < n; i++) {
      const at = { time: addSeconds(epoch, timeS[i]!), site };
      const one = pointingIcrs(pointing, at), low = pointingAltAz(pointing, at);
      near({ lonDeg: sky.lonDeg[i]!, latDeg: sky.latDeg[i]! }, one.lonDeg, one.latDeg, 2e-7);
      near({ lonDeg: ground.lonDeg[i]!, latDeg: ground.latDeg[i]! }, low.lonDeg, low.latDeg, 2e-7);
    }
    const short = { lonDeg: new Float64Array(1), latDeg: new Float64Array(1) };
    throws(() => pointingIcrsTimesInto(pointing, { site, epoch, timeS, into: short }), TypeError);
  }
});

Deno.test("pointings refuse what is no direction, and ask for the site they need", () => {
  throws(() => fixedPointing({ raDeg: NaN, decDeg: 0 }), RangeError);
  throws(() => driftPointing({ azDeg: 0, altDeg: 91 }), /latitude in \[-90, 90\]/);
  const two = Float64Array.of(1, 2), one = Float64Array.of(1);
  const fields = { epoch, timeS: two, raDeg: two, decDeg: two };
  throws(() => createPointingTable({ ...fields, azDeg: two }), /both|neither/);
  throws(() => createPointingTable({ ...fields, raDeg: one }), /2 times and a column of 1/);
  throws(() => createPointingTable({ ...fields, timeS: Float64Array.of(2, 2) }), /row 2/);
  throws(() => createPointingTable({ ...fields, decDeg: Float64Array.of(0, 99) }), /row 2/);
  const none = new Float64Array(0);
  throws(() => createPointingTable({ epoch, timeS: none, raDeg: none, decDeg: none }), RangeError);
  const time = parseTime("2020-01-01");
  throws(() => pointingIcrs(driftPointing({ azDeg: 0, altDeg: 1 }), { time }), /expected a site/);
  throws(() => pointingAltAz(fixedPointing({ raDeg: 0, decDeg: 1 }), { time }), TypeError);
});

Deno.test("pointingFromHeader() follows OBS_MODE of GADF 0.2 and 0.3", () => {
  const of = (...cards: readonly (readonly [string, string | number])[]) =>
    pointingFromHeader(headerFromCards(cards.map(([keyword, value]) => card(keyword, value))));
  const place = [["RA_PNT", 83], ["DEC_PNT", 22]] as const;
  const ground = [["ALT_PNT", 70], ["AZ_PNT", 180]] as const;
  strictEqual(of(...place, ...ground)?.kind, "fixed");
  strictEqual(of(["OBS_MODE", "WOBBLE"], ...place)?.kind, "fixed");
  strictEqual(of(["OBS_MODE", "drift"], ...place, ...ground)?.kind, "drift");
  strictEqual(of(["OBS_MODE", "DRIFT"], ...ground)?.kind, "drift");
  strictEqual(of(["OBS_MODE", "DRIFT"], ...place)?.kind, "fixed");
  strictEqual(of(["OBS_MODE", "POINTING"], ...ground), undefined);
  throws(() => of(["OBS_MODE", "DRIFT"]), /ALT_PNT/);
  throws(() => of(["OBS_MODE", "DRIFT"], ["ALT_PNT", 70]), /ALT_PNT and AZ_PNT/);
  throws(() => of(["RA_PNT", 83], ["DEC_PNT", 99]), /DEC_PNT/);
});

Deno.test("siteFromFits() says what is missing", () => {
  throws(() => siteFromFits(headerFromCards([card("GEOLON", 16.5)])), /GEOLAT/);
  strictEqual(siteFromFits(headerFromCards([card("TELESCOP", "HESS")])), undefined);
});
