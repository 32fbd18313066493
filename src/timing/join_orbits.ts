import { secondsBetween } from "../time/mod.ts";
import { C_M_S } from "./_physics.ts";
import { createOrbit, type Orbit } from "./orbit.ts";

/**
 * One way of several, as weekly files give it: places that two of them have are taken once.
 *
 * @param orbits One or more, in any order.
 * @returns A frozen record on the epoch of the first; what was dropped is summed, with what repeats.
 * @throws RangeError for none; TypeError for clocks in different scales.
 * @example
 * ```ts
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { createOrbit, joinOrbits } from "@gammarx/gammarx/timing";
 * import { deepStrictEqual } from "node:assert/strict";
 * const week = (from: number) =>
 *   createOrbit({
 *     name: `week ${from}`,
 *     epoch: createEpoch([55000, 0], "TT"),
 *     timeS: Float64Array.of(from, from + 30, from + 60),
 *     positionM: Float64Array.of(7e6, 0, 0, 7e6, 2e5, 0, 6.99e6, 4e5, 0),
 *   });
 * const both = joinOrbits([week(60), week(0)]);
 * deepStrictEqual([...both.timeS], [0, 30, 60, 90, 120]);
 * ```
 */
export function joinOrbits(orbits: readonly Orbit[]): Orbit {
  const first = orbits[0];
  if (first === undefined) throw new RangeError("joinOrbits needs an orbit, found none");
  if (orbits.length === 1) return first;
  const rows = orbits.reduce((sum, one) => sum + one.timeS.length, 0);
  const timeS = new Float64Array(rows), positionM = new Float64Array(3 * rows);
  const dropped = { repeated: 0, zero: 0, "not finite": 0 };
  let row = 0;
  for (const one of orbits) {
    const shiftS = secondsBetween<"TT" | "TDB">(first.epoch, one.epoch);
    for (let i = 0; i < one.timeS.length; i++, row++) {
      timeS[row] = one.timeS[i]! + shiftS;
      for (let k = 0; k < 3; k++) positionM[3 * row + k] = one.cubicLs[12 * i + 4 * k]! * C_M_S;
    }
    dropped.repeated += one.dropped.repeated;
    dropped.zero += one.dropped.zero;
    dropped["not finite"] += one.dropped["not finite"];
  }
  const name = orbits.map((one) => one.name).join(", ");
  const joined = createOrbit({ name, epoch: first.epoch, timeS, positionM });
  dropped.repeated += joined.dropped.repeated;
  return Object.freeze({ ...joined, dropped: Object.freeze(dropped) });
}
