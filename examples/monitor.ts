/**
 * A monitor of a stream in real time: it prints each minute as it closes, and says when a window is
 * brighter than five σ. Photon time rules, not the clock, so that a replay at any speed prints the same.
 *
 * Usage: deno run … examples/monitor.ts [--speed N]
 */
import { parseArgs } from "node:util";
import { pipe } from "rxjs";
import {
  account,
  accumulate,
  drain,
  focusUnbinned,
  gtiClock,
  orderByTime,
  replay,
  selectEnergy,
  selectRegion,
  simulatedSource,
  tee,
  tumbling,
} from "../streams/mod.ts";
import { createRegion } from "../mod.ts";
import { EPOCH, FIELD, FLARING } from "./field.ts";
import { expectedAbout, RADIUS_DEG, RANGE_TEV } from "./demo_estimates.ts";

const { values: flags } = parseArgs({
  options: { speed: { type: "string", default: "Infinity" } },
});
const source = replay(simulatedSource(FIELD, { seed: 1 }), { speed: Number(flags.speed) });
const region = createRegion({
  kind: "circle",
  frame: "icrs",
  lonDeg: FLARING.raDeg,
  latDeg: FLARING.decDeg,
  radiusDeg: RADIUS_DEG,
});
const expected = expectedAbout(FLARING);
const backgroundPerS = (expected.signal + expected.background) / expected.livetimeS;
const focus = focusUnbinned({ backgroundPerS, clock: gtiClock(FIELD.observations, EPOCH) });

let alerted = false;
const minutes = tumbling(account(), { widthS: 60 });
await drain(
  source.items(),
  pipe(
    orderByTime({ latenessS: 1 }),
    selectEnergy({ lowTeV: RANGE_TEV[0], highTeV: RANGE_TEV[1] }),
    selectRegion(region),
    tee(
      minutes,
      ({ startS, stopS, result }) =>
        console.log(`${startS.toFixed(0)} to ${stopS.toFixed(0)} s: ${result.used} events`),
    ),
    accumulate(focus, {
      observe(state) {
        const { significance, onsetS, endS } = focus.result(state);
        if (alerted || significance < 5) return;
        alerted = true;
        console.log(
          `ALERT: ${significance.toFixed(1)} σ since ${onsetS.toFixed(1)} s, seen at ${
            endS.toFixed(1)
          } s`,
        );
      },
    }),
  ),
);
