import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  addSeconds,
  convertEpoch,
  createEpoch,
  epochMjd,
  formatIso,
  parseTime,
  secondsBetween,
  taiMinusUtcS,
  type TimeEpoch,
  type TimeScale,
} from "../../../src/time/mod.ts";
import { agrees, referenceTest } from "../../_tools/data_io.ts";

referenceTest("pulsar.json", "E05", [], (reference) => {
  const days = reference.inputs.utc_mjd as number[];
  deepStrictEqual(days.map(taiMinusUtcS), reference.expected.tai_utc);
});

referenceTest("pulsar.json", "E06", [], (reference) => {
  const inputs = reference.inputs as Record<
    string,
    { MJDREFI: number; MJDREFF: number; TIMEZERO?: number; MET: number }
  >;
  for (const [mission, input] of Object.entries(inputs)) {
    const zero = createEpoch([input.MJDREFI, input.MJDREFF], "TT");
    const instant = addSeconds(zero, input.MET + (input.TIMEZERO ?? 0));
    agrees(epochMjd(instant), reference.expected[mission], {
      atol: reference.tolerance.abs_days as number,
    }, mission);
  }
});

Deno.test("taiMinusUtcS() refuses the time before whole leap seconds", () => {
  throws(() => taiMinusUtcS(41316), RangeError);
});

const anyEpoch = fc.tuple(
  fc.integer({ min: 41400, max: 70000 }),
  fc.double({ min: 0, max: 86399.999, noNaN: true }),
).map(([mjdDay, dayS]): TimeEpoch<"UTC"> => ({ mjdDay, dayS, scale: "UTC" }));

Deno.test("convertEpoch() goes to every scale and back within a nanosecond", () => {
  fc.assert(fc.property(anyEpoch, (utc) => {
    for (const scale of ["TT", "TAI", "TDB"] as TimeScale[]) {
      const back = convertEpoch(convertEpoch(utc, scale), "UTC");
      const error = (back.mjdDay - utc.mjdDay) * 86400 + back.dayS - utc.dayS;
      ok(Math.abs(error) < 1e-9, `${scale}: ${error}`);
    }
  }));
});

Deno.test("convertEpoch() keeps a leap second as second 86400 of its UTC day", () => {
  const tai = convertEpoch(createEpoch([57754, 0], "UTC"), "TAI");
  const leap = convertEpoch(addSeconds(tai, -0.5), "UTC");
  strictEqual(leap.mjdDay, 57753);
  ok(Math.abs(leap.dayS - 86400.5) < 1e-9);
  strictEqual(formatIso(leap), "2016-12-31T23:59:60.500");
  const again = convertEpoch(parseTime("2016-12-31T23:59:60.5"), "TAI");
  ok(Math.abs(secondsBetween(again, tai) - 0.5) < 1e-9);
});

Deno.test("addSeconds() is undone by secondsBetween() to a nanosecond over decades", () => {
  fc.assert(fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (seconds) => {
    const zero = createEpoch([51910, 0.00074287037037037], "TT");
    ok(Math.abs(secondsBetween(zero, addSeconds(zero, seconds)) - seconds) < 3e-7);
  }));
});

Deno.test("addSeconds() and secondsBetween() refuse UTC and mixed scales", () => {
  const utc = createEpoch([57000, 0], "UTC") as unknown as TimeEpoch<"TT">;
  throws(() => addSeconds(utc, 1), TypeError);
  const tai = createEpoch([57000, 0], "TAI") as unknown as TimeEpoch<"TT">;
  throws(() => secondsBetween(createEpoch([57000, 0], "TT"), tai), TypeError);
});

Deno.test("parseTime() reads what formatIso() writes", () => {
  fc.assert(fc.property(anyEpoch, (utc) => {
    const text = formatIso(utc, { digits: 6 });
    const back = parseTime(text);
    const error = (back.mjdDay - utc.mjdDay) * 86400 + back.dayS - utc.dayS;
    ok(Math.abs(error) <= 5.1e-7, text);
  }));
});

Deno.test("parseTime() knows the scales, the start and what is no time", () => {
  strictEqual(parseTime("53343.9 UTC").scale, "UTC");
  strictEqual(parseTime("53343.9(tdb)").scale, "TDB");
  strictEqual(parseTime("2004-12-04").dayS, 0);
  const start = createEpoch([53343, 0], "TT");
  deepStrictEqual(parseTime("90.5s", { start }), { mjdDay: 53343, dayS: 90.5, scale: "TT" });
  for (const bad of ["", "yesterday", "2004-13-01", "2004-02-30", "2004-12-04T25:00", "12:00"]) {
    throws(() => parseTime(bad), SyntaxError, bad);
  }
  throws(() => parseTime("5s"), /no start/);
  throws(() => parseTime("53343 GPS"), /unknown scale/);
});
