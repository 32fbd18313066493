import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  convertEpoch,
  createEarthOrientation,
  createEpoch,
  earthOrientationAt,
  parseTime,
  shippedEarthOrientation,
  taiMinusUtcS,
  type TimeEpoch,
  ut1MinusUtcS,
} from "../../../src/time/mod.ts";
import { goldenAltAz } from "../sky/_golden_altaz_io.ts";

Deno.test("ut1MinusUtcS() is that of the IERS within the stated error", () => {
  const { clock, tolerance } = goldenAltAz();
  for (const { utc, ut1MinusUtcS: expected } of clock) {
    const { valueS, errorS, source } = ut1MinusUtcS(parseTime(utc));
    ok(Math.abs(valueS - expected) < Math.min(tolerance.ut1S, errorS), `${utc}: ${valueS}`);
    strictEqual(source, "table");
    ok(errorS <= 0.002);
  }
});

Deno.test("ut1MinusUtcS() jumps by a second with a leap second, and UT1 does not", () => {
  const before = ut1MinusUtcS(parseTime("2016-12-31T23:59:59.999")).valueS;
  const after = ut1MinusUtcS(parseTime("2017-01-01T00:00:00.001")).valueS;
  ok(Math.abs(after - before - 1) < 1e-6);
});

Deno.test("shippedEarthOrientation() interpolates a day within its error", () => {
  // Leaving out every other day and interpolating makes four times the error of a day.
  const { ut1MinusTaiS, errorS, mjdUtc, measuredUntilMjd } = shippedEarthOrientation();
  let checked = 0;
  for (let i = 1; mjdUtc[i]! < measuredUntilMjd; i++) {
    const middle = (ut1MinusTaiS[i - 1]! + ut1MinusTaiS[i + 1]!) / 2;
    ok(Math.abs(middle - ut1MinusTaiS[i]!) / 4 < errorS[i]!, `MJD ${mjdUtc[i]}`);
    checked++;
  }
  ok(checked > 19900);
});

Deno.test("earthOrientationAt() predicts within its error in 95 of 100 years of the past", () => {
  const full = shippedEarthOrientation();
  for (const days of [30, 120, 365, 1000, 2000, 4000]) {
    let inside = 0, trials = 0;
    for (let end = 1500; full.mjdUtc[end]! + days < full.measuredUntilMjd; end += 50) {
      const from = end - 400, mjdUtc = full.mjdUtc.slice(from, end + 1);
      const past = createEarthOrientation({
        source: "the past",
        mjdUtc,
        ut1MinusUtcS: full.ut1MinusTaiS.slice(from, end + 1).map((s, i) =>
          s + taiMinusUtcS(mjdUtc[i]!)
        ),
      });
      const { ut1MinusTaiS, errorS, measured } = earthOrientationAt(mjdUtc[400]! + days, past);
      strictEqual(measured, false);
      const actual = earthOrientationAt(mjdUtc[400]! + days, full).ut1MinusTaiS;
      inside += +(Math.abs(ut1MinusTaiS - actual) < errorS);
      trials++;
    }
    ok(trials > 250 && inside / trials >= 0.945, `${days} days: ${inside} of ${trials}`);
  }
});

Deno.test("earthOrientationAt() says what is predicted, with an error that grows", () => {
  const { measuredUntilMjd, mjdUtc } = shippedEarthOrientation(), end = mjdUtc[mjdUtc.length - 1]!;
  const measured = (mjd: number) => earthOrientationAt(mjd).measured;
  deepStrictEqual([measuredUntilMjd, measuredUntilMjd + 1, end + 1].map(measured), [
    true,
    false,
    false,
  ]);
  let last = 0;
  for (const mjd of [measuredUntilMjd, measuredUntilMjd + 30, end, end + 1, end + 1000]) {
    const { errorS } = earthOrientationAt(mjd);
    ok(errorS > last, `${mjd}: ${errorS}`);
    last = errorS;
  }
  strictEqual(ut1MinusUtcS(createEpoch([end + 1000, 0], "TT")).source, "prediction");
  // where the table ends, the value does not jump
  const step = earthOrientationAt(end + 1e-6).ut1MinusTaiS - earthOrientationAt(end).ut1MinusTaiS;
  ok(Math.abs(step) < 1e-7);
});

Deno.test("earthOrientationAt() refuses the time before its table, and passes NaN on", () => {
  throws(() => earthOrientationAt(41316.9), /begins at MJD 41317/);
  ok(Number.isNaN(earthOrientationAt(NaN).ut1MinusTaiS));
  throws(() => convertEpoch(createEpoch([41000, 0], "TT"), "UT1"), RangeError);
});

Deno.test("createEarthOrientation() names what is wrong with its columns", () => {
  const days = Float64Array.of(58849, 58850), one = Float64Array.of(0.1);
  const fields = { source: "mine", mjdUtc: days, ut1MinusUtcS: Float64Array.of(0.1, 0.2) };
  throws(() => createEarthOrientation({ ...fields, errorS: one }), TypeError);
  throws(
    () => createEarthOrientation({ ...fields, mjdUtc: days.slice().reverse() }),
    /row 2|58849/,
  );
  throws(() => createEarthOrientation({ ...fields, ut1MinusUtcS: days.map(() => NaN) }), /row 1/);
  throws(
    () => createEarthOrientation({ source: "", mjdUtc: one.slice(1), ut1MinusUtcS: one.slice(1) }),
    /empty/,
  );
  const single = createEarthOrientation({
    source: "one",
    mjdUtc: days.slice(1),
    ut1MinusUtcS: one,
  });
  ok(Math.abs(earthOrientationAt(58850, single).ut1MinusTaiS + 36.9) < 1e-12);
});

Deno.test("convertEpoch() goes to UT1 and back within a nanosecond", () => {
  const day = fc.integer({ min: 41318, max: 66000 });
  const dayS = fc.double({ min: 0, max: 86399.99, noNaN: true });
  fc.assert(fc.property(day, dayS, (mjdDay, dayS) => {
    const utc: TimeEpoch<"UTC"> = { mjdDay, dayS, scale: "UTC" };
    const ut1 = convertEpoch(utc, "UT1"), back = convertEpoch(ut1, "UTC");
    ok(Math.abs((back.mjdDay - mjdDay) * 86400 + back.dayS - dayS) < 1e-9);
    const offset = (ut1.mjdDay - mjdDay) * 86400 + ut1.dayS - dayS;
    ok(Math.abs(offset - ut1MinusUtcS(utc).valueS) < 1e-9);
  }));
});

Deno.test("convertEpoch() takes the table of the user", () => {
  const earth = createEarthOrientation({
    source: "mine",
    mjdUtc: Float64Array.of(58849, 58851),
    ut1MinusUtcS: Float64Array.of(0.25, 0.25),
  });
  const ut1 = convertEpoch(createEpoch([58850, 0.5], "UTC"), "UT1", { earth });
  ok(Math.abs(ut1.dayS - 43200.25) < 1e-9);
  strictEqual(ut1MinusUtcS(createEpoch([58850, 0], "UTC"), earth).source, "file");
  strictEqual(ut1MinusUtcS(createEpoch([58852, 0], "UTC"), earth).source, "prediction");
});
