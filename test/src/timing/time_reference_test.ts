import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { asBintable, card, headerFromCards, openFitsFile } from "../../../src/fits/mod.ts";
import { timeReference } from "../../../src/timing/mod.ts";
import { agrees, dataFile, dataTest, referenceTest } from "../../_tools/data_io.ts";

const FERMI = "pulsar/fermi-timeSystem/testevdata_1day_unordered";

async function referenceOf(path: string) {
  using fits = await openFitsFile(dataFile(path));
  return timeReference(asBintable(await fits.hdu(1)).header);
}

referenceTest("pulsar.json", "C03", [`${FERMI}_bary.fits`, `${FERMI}_geo.fits`], async () => {
  const raw = await referenceOf(`${FERMI}.fits`);
  const bary = await referenceOf(`${FERMI}_bary.fits`),
    geo = await referenceOf(`${FERMI}_geo.fits`);
  deepStrictEqual([raw.place, raw.scale], ["local", "TT"]);
  deepStrictEqual([bary.place, bary.scale, bary.ephemeris], ["barycentre", "TDB", "DE405"]);
  deepStrictEqual([geo.place, geo.scale, geo.ephemeris], ["geocentre", "TT", "DE405"]);
  deepStrictEqual([bary.raDeg, bary.decDeg], [85.0482, -69.3319]);
  strictEqual(raw.raDeg, undefined);
});

dataTest("timeReference() reads NICER and RXTE events: TIMEZERO is part of the epoch", [
  "pulsar/pint/sgr1830kgfilt.evt",
  "pulsar/pint/B1509_RXTE_short.fits",
  "pulsar/pint/ngc300nicer_bary.evt",
], async () => {
  const nicer = await referenceOf("pulsar/pint/sgr1830kgfilt.evt");
  agrees(nicer.epoch.dayS, 0.000777592592592593 * 86400 - 1, { atol: 1e-9 }, "NICER");
  const rxte = await referenceOf("pulsar/pint/B1509_RXTE_short.fits");
  agrees(rxte.epoch.dayS, 0.000696574074 * 86400 + 3.37842846, { atol: 1e-9 }, "RXTE");
  deepStrictEqual([nicer.place, rxte.place], ["local", "local"]);
  const bary = await referenceOf("pulsar/pint/ngc300nicer_bary.evt");
  deepStrictEqual([bary.place, bary.epoch.scale], ["barycentre", "TDB"]);
  ok(bary.raDeg !== undefined && Math.abs(bary.raDeg - 13.77) < 0.01, String(bary.raDeg));
});

const header = (...cards: [string, string | number][]) =>
  headerFromCards(
    [["MJDREFI", 51910], ["MJDREFF", 0], ...cards].map(([k, v]) => card(k as string, v!)),
  );

Deno.test("timeReference() knows the words of OGIP and of FITS 4.0", () => {
  const place = (...cards: [string, string][]) => timeReference(header(...cards)).place;
  strictEqual(place(), "local");
  strictEqual(place(["TREFPOS", "TOPOCENTER"]), "local");
  strictEqual(place(["TREFPOS", "geocenter"]), "geocentre");
  strictEqual(place(["TREFPOS", "BARYCENTER"], ["TIMESYS", "TDB"]), "barycentre");
  strictEqual(timeReference(header(["TIMESYS", "TT(TAI)"])).scale, "TT");
  strictEqual(timeReference(header(["TIMESYS", "UTC"])).epoch.scale, "TT");
  strictEqual(timeReference(header(["TIMEUNIT", "d"], ["TIMEZERO", 1])).epoch.mjdDay, 51911);
});

Deno.test("timeReference() refuses contradictions and words it does not know, by keyword", () => {
  const fails = (message: RegExp, ...cards: [string, string][]) =>
    throws(() => timeReference(header(...cards)), message);
  fails(/TIMESYS.*found TT for times of the barycentre/, ["TIMEREF", "SOLARSYSTEM"]);
  fails(/TREFPOS.*says geocentre, but TIMEREF says local/, ["TIMEREF", "LOCAL"], [
    "TREFPOS",
    "GEOCENTER",
  ]);
  fails(/TIMEREF.*found "HELIOCENTRIC"/, ["TIMEREF", "HELIOCENTRIC"]);
  fails(/TIMESYS.*found "GPS"/, ["TIMESYS", "GPS"]);
  fails(/TIMEUNIT/, ["TIMEUNIT", "m"]);
  throws(() => timeReference(headerFromCards([])), /MJDREF/);
});
