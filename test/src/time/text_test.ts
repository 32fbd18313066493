import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  createEpoch,
  formatIso,
  formatMjd,
  missionEpoch,
  missionTimeS,
  parseTime,
  secondsBetween,
  type TimeEpoch,
  type TimeScale,
} from "../../../src/time/mod.ts";

Deno.test("parseTime() reads ISO 8601 with and without Z, offset zero and fractions", () => {
  const expected = { mjdDay: 58849, dayS: 0, scale: "UTC" };
  for (
    const text of [
      "2020-01-01T00:00:00",
      "2020-01-01T00:00:00Z",
      "2020-01-01T00:00:00.000+00:00",
      "2020-01-01 00:00:00",
      "2020-01-01T00:00",
      "2020-01-01t00:00:00z",
      "2020-01-01",
      "2020-01-01T00:00:00 UTC",
    ]
  ) deepStrictEqual(parseTime(text), expected, text);
  strictEqual(parseTime("2020-01-01T01:02:03.123456789").dayS, 3723.123456789);
  strictEqual(parseTime("2020-01-01T00:00:00 UT1").scale, "UT1");
  throws(() => parseTime("2020-01-01T00:00:00Z TT"), /Z says UTC/);
  throws(() => parseTime("2020-01-01T00:00:00+01:00"), SyntaxError);
});

Deno.test("parseTime() reads MJD and JD with and without their names", () => {
  const expected = { mjdDay: 58849, dayS: 43200, scale: "TT" };
  for (
    const text of [
      "58849.5",
      "MJD 58849.5",
      "mjd:58849.5",
      "JD 2458850",
      "jd: 2458850.0",
      "MJD58849.5",
    ]
  ) deepStrictEqual(parseTime(text), expected, text);
  deepStrictEqual(parseTime("mjd 58849.5 utc"), { ...expected, scale: "UTC" });
  deepStrictEqual(parseTime("JD 2458849.5 (TDB)"), { mjdDay: 58849, dayS: 0, scale: "TDB" });
  for (const bad of ["MJD", "JD x", "KJD 5", "mjd:5:5", "MJD -1"]) {
    throws(() => parseTime(bad), SyntaxError, bad);
  }
});

Deno.test("parseTime() keeps the digits of a day that one double loses", () => {
  const nanosecond = parseTime("MJD 58849.00000000000001157407");
  ok(Math.abs(nanosecond.dayS - 1e-9) < 1e-15);
  const julian = parseTime("JD 2458849.50000000001157407");
  ok(Math.abs(julian.dayS - 1e-6) < 1e-11);
});

Deno.test("formatMjd() is read back within its last digit", () => {
  const day = fc.integer({ min: 41400, max: 70000 });
  const dayS = fc.double({ min: 0, max: 86399.9999999, noNaN: true });
  const scale = fc.constantFrom<TimeScale>("TT", "TAI", "TDB", "UTC", "UT1");
  fc.assert(fc.property(day, dayS, scale, (mjdDay, dayS, scale) => {
    const epoch: TimeEpoch = { mjdDay, dayS, scale };
    const back = parseTime(`${formatMjd(epoch)} ${scale}`);
    strictEqual(back.scale, scale);
    ok(Math.abs((back.mjdDay - mjdDay) * 86400 + back.dayS - dayS) < 1.5e-9);
  }));
});

Deno.test("formatMjd() carries, converts, and refuses what no day has", () => {
  const last = createEpoch([58849, 0.99999999], "TT");
  strictEqual(formatMjd(last, { digits: 3 }), "58850.000");
  strictEqual(formatMjd(last, { digits: 0 }), "58850");
  strictEqual(
    formatMjd(createEpoch([57754, 0], "UTC"), { scale: "TAI", digits: 6 }),
    "57754.000428",
  );
  throws(() => formatMjd(last, { digits: 16 }), RangeError);
  throws(() => formatMjd(parseTime("2016-12-31T23:59:60.5")), /leap second/);
});

Deno.test("formatIso() writes every scale that parseTime() reads", () => {
  const epoch = createEpoch([58849, 0.123456], "TT");
  for (const scale of ["TT", "TAI", "TDB", "UTC", "UT1"] as const) {
    const back = parseTime(`${formatIso(epoch, { scale, digits: 9 })} ${scale}`);
    strictEqual(
      formatIso(back, { scale: "TT", digits: 6 }),
      formatIso(epoch, { scale: "TT", digits: 6 }),
    );
  }
});

Deno.test("missionEpoch() and missionTimeS() undo each other, over leap seconds too", () => {
  for (const scale of ["TT", "TAI", "UTC", "TDB"] as const) {
    const reference = createEpoch([52706, 0.25], scale);
    fc.assert(fc.property(fc.double({ min: -3e8, max: 9e8, noNaN: true }), (timeS) => {
      const epoch = missionEpoch(timeS, reference);
      ok(Math.abs(missionTimeS(epoch, reference) - timeS) < 2e-7);
    }));
  }
});

Deno.test("missionEpoch() counts SI seconds from a reference in UTC", () => {
  const reference = createEpoch([52706, 0], "UTC");
  const day = parseTime("2013-10-04T00:00:00"), days = 56569 - 52706;
  // leap seconds at the ends of 2005, 2008 and June 2012
  ok(Math.abs(missionTimeS(day, reference) - (days * 86400 + 3)) < 1e-6);
  const tt = missionEpoch(10, reference);
  ok(Math.abs(secondsBetween(missionEpoch(0, reference), tt) - 10) < 1e-9);
});
