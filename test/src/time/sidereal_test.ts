import { ok, throws } from "node:assert/strict";
import {
  addSeconds,
  convertEpoch,
  createEpoch,
  earthRotationAngleDeg,
  epochMjd,
  gastDeg,
  gmstDeg,
  localSiderealTimeDeg,
  nutation,
  parseTime,
  siderealMinusRotationDeg,
} from "../../../src/time/mod.ts";
import { goldenAltAz } from "../sky/_golden_altaz_io.ts";

const ARCSEC = Math.PI / 648000;
/** Difference of two angles, arcsec. */
const apart = (a: number, b: number) => Math.abs((((a - b) % 360) + 540) % 360 - 180) * 3600;

Deno.test("earthRotationAngleDeg(), gmstDeg() and gastDeg() are those of ERFA", () => {
  const { clock, tolerance } = goldenAltAz();
  for (const { utc, eraDeg, gmstDeg: gmst, gastDeg: gast } of clock) {
    const epoch = parseTime(utc), limit = tolerance.siderealArcsec;
    ok(apart(earthRotationAngleDeg(epoch), eraDeg) < limit, utc);
    ok(apart(gmstDeg(epoch), gmst) < limit, utc);
    ok(apart(gastDeg(epoch), gast) < limit, utc);
  }
});

Deno.test("earthRotationAngleDeg() turns once in a sidereal day of 86164.0989 s", () => {
  const epoch = createEpoch([55000, 0.3], "UT1");
  const later = addSeconds(epoch, 86400 / 1.00273781191135448);
  ok(apart(earthRotationAngleDeg(epoch), earthRotationAngleDeg(later)) < 1e-6);
});

Deno.test("nutation() is IAU 2006 within a milliarcsecond", () => {
  const { clock, tolerance } = goldenAltAz();
  for (const { utc, dPsiArcsec, dEpsArcsec } of clock) {
    const { dPsiRad, dEpsRad } = nutation(epochMjd(convertEpoch(parseTime(utc), "TT")));
    ok(Math.abs(dPsiRad / ARCSEC - dPsiArcsec) * 0.4 < tolerance.nutationArcsec, utc);
    ok(Math.abs(dEpsRad / ARCSEC - dEpsArcsec) < tolerance.nutationArcsec, utc);
  }
});

Deno.test("siderealMinusRotationDeg() grows by the precession in right ascension", () => {
  const perYear = (siderealMinusRotationDeg(51544.5 + 36525 / 2) -
    siderealMinusRotationDeg(51544.5 - 36525 / 5)) * 3600 / 70;
  ok(Math.abs(perYear - 46.12) < 0.6, `${perYear}`);
});

Deno.test("localSiderealTimeDeg() adds the longitude, and wraps", () => {
  const epoch = parseTime("2020-06-21T12:00:00");
  for (const lonDeg of [-179, -10, 0, 100, 359]) {
    const local = localSiderealTimeDeg(epoch, { lonDeg });
    ok(local >= 0 && local < 360);
    ok(apart(local, gastDeg(epoch) + lonDeg) < 1e-6);
  }
  throws(() => gastDeg(createEpoch([40000, 0], "TT")), RangeError);
});
