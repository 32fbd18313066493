import { ok, strictEqual, throws } from "node:assert/strict";
import { createHeartbeat, createObsStart } from "../../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../../src/events/mod.ts";
import { parseRegions } from "../../../src/sky/mod.ts";
import { cashSignificance, liMaSignificance } from "../../../src/stats/mod.ts";
import { fold, onSource } from "../../../streams/accumulators/mod.ts";
import { checkAccumulatorLaws } from "../../_tools/accumulator_laws.ts";
import { anyStream, EPOCH } from "../../_tools/event_arbitraries.ts";

const on = parseRegions("icrs;circle(359.9,20,0.5)");
const off = parseRegions("icrs;circle(359.9,21.5,1)");
const gti = createGti(EPOCH, Float64Array.of(0), Float64Array.of(200));

/** So many events at the middle of ON, of OFF, and far from both. */
function events(nOn: number, nOff: number, nFar: number) {
  const decDeg = Float64Array.of(
    ...new Array(nOn).fill(20),
    ...new Array(nOff).fill(21.5),
    ...new Array(nFar).fill(-60),
  );
  const n = decDeg.length;
  return createEventBatch({
    timeS: new Float64Array(n),
    raDeg: new Float64Array(n).fill(359.9),
    decDeg,
  });
}

Deno.test("onSource() with OFF counts is Li & Ma", () => {
  const acc = onSource({ on, background: { off, alpha: 0.25 } });
  const result = acc.result(fold(acc, [events(30, 40, 5), events(3, 8, 0)]));
  strictEqual(result.nOn, 33);
  strictEqual(result.nOff, 48);
  strictEqual(result.excess, 21);
  strictEqual(result.background, 12);
  strictEqual(result.significance, liMaSignificance({ nOn: 33, nOff: 48, alpha: 0.25 }));
  ok(Math.abs(result.excessError - Math.sqrt(33 + 48 / 16)) < 1e-12);
});

Deno.test("onSource() with a known rate is Cash, in live time", () => {
  const acc = onSource({ on, background: { perS: 0.1 } });
  const start = createObsStart({ obsId: "1", epoch: EPOCH, gti, deadTimeFraction: 0.1 });
  const beat = createHeartbeat({ timeS: 300, fromS: 200, livetimeS: 20 });
  const result = acc.result(fold(acc, [start, events(40, 7, 2), beat]));
  ok(Math.abs(result.livetimeS - 200) < 1e-12);
  strictEqual(result.nOff, 0);
  ok(Math.abs(result.excess - 20) < 1e-12);
  strictEqual(result.significance, cashSignificance({ nOn: 40, background: result.background }));
  const resumed = fold(acc, [{ ...start, resumed: true }]);
  strictEqual(acc.result(resumed).livetimeS, 0);
});

Deno.test("onSource() has an answer before there is any event or exposure", () => {
  for (const background of [{ off, alpha: 1 }, { perS: 1 }]) {
    const acc = onSource({ on, background });
    const { significance, excess } = acc.result(acc.create());
    strictEqual(significance, 0);
    strictEqual(excess, 0);
  }
});

Deno.test("onSource() keeps the laws of accumulators", () => {
  for (const background of [{ off, alpha: 0.3 }, { perS: 0.01 }]) {
    checkAccumulatorLaws(onSource({ on, background }), anyStream(), {
      others: [onSource({ on, background: { perS: 7 } })],
      scale: () => 1e4,
    });
  }
});

Deno.test("onSource() refuses backgrounds that cannot be", () => {
  for (const value of [0, -1, NaN, Infinity]) {
    throws(() => onSource({ on, background: { perS: value } }), RangeError);
    throws(() => onSource({ on, background: { off, alpha: value } }), RangeError);
  }
});
