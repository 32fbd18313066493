import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { createGti, unionGti } from "../../../src/events/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { gtiClock, steadyClock } from "../../../streams/accumulators/mod.ts";
import { anyGti, anyTime, EPOCH } from "../../_tools/event_arbitraries.ts";

Deno.test("steadyClock() runs at its rate, and refuses others", () => {
  strictEqual(steadyClock(0.25).liveS(8), 2);
  for (const fraction of [0, -1, 1.5, NaN]) throws(() => steadyClock(fraction), RangeError);
});

Deno.test("gtiClock() gives the live time before a moment, asked in any order, and never falls", () => {
  fc.assert(fc.property(anyGti, fc.array(anyTime(true), { maxLength: 20 }), (gti, times) => {
    const joined = unionGti(gti), clock = gtiClock([{ gti: joined, deadTimeFraction: 0.2 }], EPOCH);
    for (const t of times) {
      let live = 0;
      joined.startS.forEach((start, i) => {
        live += 0.8 * Math.max(0, Math.min(t, joined.stopS[i]!) - start);
      });
      ok(Math.abs(clock.liveS(t) - live) < 1e-9);
    }
    const rising = times.toSorted((a, b) => a - b).map(clock.liveS);
    rising.forEach((live, i) => ok(i === 0 || live >= rising[i - 1]!));
  }));
});

Deno.test("gtiClock() joins observations in any order with their dead times, on any epoch", () => {
  const later = createEpoch([EPOCH.mjdDay, 0], "TT"), at = (...x: number[]) => Float64Array.from(x);
  const shiftS = gtiClock([{ gti: createGti(EPOCH, at(0), at(10)), deadTimeFraction: 0 }], EPOCH);
  strictEqual(shiftS.liveS(5), 5);
  const list = [
    { gti: createGti(EPOCH, at(100), at(110)), deadTimeFraction: 0.5 },
    { gti: createGti(EPOCH, at(0), at(10)), deadTimeFraction: 0 },
  ];
  const clock = gtiClock(list, EPOCH);
  strictEqual(clock.liveS(104), 12);
  strictEqual(clock.liveS(-3), 0);
  strictEqual(clock.liveS(50), 10);
  strictEqual(clock.liveS(1e9), 15);
  strictEqual(clock.key, gtiClock(list.toReversed(), EPOCH).key);
  ok(clock.key !== gtiClock(list.slice(1), EPOCH).key);
  ok(Math.abs(gtiClock(list, later).liveS(1e9) - 15) < 1e-6);
});

Deno.test("gtiClock() refuses intervals that overlap, not such that touch or are empty", () => {
  const at = (...x: number[]) => Float64Array.from(x);
  const of = (start: Float64Array, stop: Float64Array) =>
    gtiClock([{ gti: createGti(EPOCH, start, stop), deadTimeFraction: 0 }], EPOCH);
  throws(() => of(at(0, 5), at(6, 9)), /overlap/);
  strictEqual(of(at(0, 5, 5), at(5, 9, 5)).liveS(9), 9);
});
