import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { linearTicks, logTicks } from "../../../src/plot/mod.ts";

Deno.test("linearTicks() stand at 1, 2 or 5 times a power of ten, inside the range, not too many", () => {
  fc.assert(fc.property(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    fc.integer({ min: 2, max: 10 }),
    (from, span, count) => {
      const { major, minor, labels, power } = linearTicks(from, from + span, count);
      ok(major.length <= count + 1 && labels.length === major.length);
      for (const v of [...major, ...minor]) {
        ok(v >= from - 1e-8 * span && v <= from + 1.00000001 * span);
      }
      for (let i = 1; i < major.length; i++) {
        const step = major[i]! - major[i - 1]!,
          digit = step / 10 ** Math.floor(Math.log10(step * 1.000001));
        ok([1, 2, 5].some((d) => Math.abs(digit - d) < 1e-3 * d), `${step}`);
      }
      // labels say the value, and differ
      equal(new Set(labels).size, labels.length);
      major.forEach((v, i) => {
        const said = Number(labels[i]!.replace("−", "-")) * 10 ** power;
        ok(Math.abs(said - v) <= 1e-9 * Math.max(Math.abs(v), span), `${labels[i]} ${v}`);
      });
    },
  ));
});

Deno.test("linearTicks() has no doubtful digits", () => {
  deepEqual(linearTicks(0, 0.3, 3).major, [0, 0.1, 0.2, 0.3]);
  deepEqual(linearTicks(-1, 1, 4).labels, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
  deepEqual(linearTicks(59180, 59220, 4).labels, ["59180", "59190", "59200", "59210", "59220"]);
  const { labels, power } = linearTicks(0, 3.2e-10, 4);
  deepEqual([labels, power], [["0", "1", "2", "3"], -10]);
});

Deno.test("linearTicks() has minor ticks that the major ones are not among", () => {
  const { major, minor } = linearTicks(0, 10, 5);
  deepEqual(major, [0, 2, 4, 6, 8, 10]);
  deepEqual(minor.slice(0, 4), [0.5, 1, 1.5, 2.5]);
});

Deno.test("logTicks() has a decade each, 2 to 9 between", () => {
  const { major, minor, labels } = logTicks(0.1, 1000);
  deepEqual(major, [0.1, 1, 10, 100, 1000]);
  equal(labels[0], "10^{−1}");
  deepEqual(minor.slice(0, 9), [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 2]);
});

Deno.test("logTicks() labels 1, 2, 5 within two decades and thins many decades", () => {
  deepEqual(logTicks(0.3, 12).labels, ["0.5", "1", "2", "5", "10"]);
  const { major, minor } = logTicks(1e-20, 1e10, 8);
  ok(major.length <= 9 && major.length >= 4);
  ok(minor.every((v) => Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9));
});

Deno.test("logTicks() stand inside the range, for any range", () => {
  fc.assert(fc.property(
    fc.double({ min: -30, max: 30, noNaN: true }),
    fc.double({ min: 0.01, max: 40, noNaN: true }),
    (low, decades) => {
      const from = 10 ** low,
        to = 10 ** (low + decades),
        { major, minor, labels } = logTicks(from, to);
      equal(labels.length, major.length);
      ok(major.length >= 1 || decades < 1, `${from} ${to}`);
      for (const v of [...major, ...minor]) ok(v >= from * 0.999999 && v <= to * 1.000001);
      deepEqual(major, logTicks(to, from).major);
    },
  ));
});

Deno.test("ticks refuse empty and impossible ranges", () => {
  throws(() => linearTicks(1, 1), RangeError);
  throws(() => linearTicks(0, NaN), RangeError);
  throws(() => linearTicks(1, 1 + 2e-16), /too narrow/);
  throws(() => linearTicks(0, 5e-324), /too narrow/);
  throws(() => logTicks(0, 1), RangeError);
});
