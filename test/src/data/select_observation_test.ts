import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { type Observation, selectObservation, splitEventTypes } from "../../../src/data/mod.ts";
import { createEventBatch, createGti, gtiSumS } from "../../../src/events/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";

const epoch = createEpoch([53343, 0], "TT"), later = createEpoch([53344, 0], "TT");

const observation = {
  obsId: "7",
  epoch,
  events: createEventBatch({
    timeS: Float64Array.of(0, 10, 20, 30, 40, 50),
    eventType: Uint32Array.of(1, 2, 3, 4, 1, 2),
  }, { obsId: "7" }),
  gti: createGti(epoch, Float64Array.of(0, 30), Float64Array.of(25, 60)),
  ontimeS: 55,
  livetimeS: 44,
} as Observation;

const times = (one: Observation) => [...one.events.columns.timeS];

Deno.test("selectObservation() cuts events and good time together", () => {
  const intervals = createGti(epoch, Float64Array.of(10), Float64Array.of(40));
  const { events: _, ...found } = selectObservation(observation, { intervals });
  deepStrictEqual(times(selectObservation(observation, { intervals })), [10, 20, 30]);
  deepStrictEqual([found.ontimeS, found.livetimeS], [25, 20]);
});

Deno.test("selectObservation() takes intervals of another epoch", () => {
  const intervals = createGti(later, Float64Array.of(-86390), Float64Array.of(-86365));
  deepStrictEqual(times(selectObservation(observation, { intervals })), [10, 20, 30]);
});

Deno.test("selectObservation() keeps events that share a bit with the mask", () => {
  deepStrictEqual(times(selectObservation(observation, { eventType: 2 })), [10, 20, 50]);
  strictEqual(selectObservation(observation, { eventType: 2 }).livetimeS, 44);
  throws(() => selectObservation(observation, { eventType: 0 }), /mask of event types/);
  const bare = { ...observation, events: createEventBatch({ timeS: Float64Array.of(1) }) };
  throws(() => selectObservation(bare, { eventType: 1 }), /eventType/);
});

Deno.test("selectObservation() loses nothing between parts that touch", () => {
  const cuts = fc.uniqueArray(fc.double({ min: -5, max: 65, noNaN: true }), {
    minLength: 1,
    maxLength: 6,
  }).map((list) => [-10, ...list.sort((a, b) => a - b), 100]);
  fc.assert(fc.property(cuts, (edges) => {
    const parts = edges.slice(1).map((stop, k) =>
      selectObservation(observation, {
        intervals: createGti(epoch, Float64Array.of(edges[k]!), Float64Array.of(stop)),
      })
    );
    const good = times(observation).filter((t) => t < 25 || t >= 30);
    deepStrictEqual(parts.flatMap(times), good);
    const ontimeS = parts.reduce((sum, one) => sum + gtiSumS(one.gti), 0);
    ok(Math.abs(ontimeS - 55) < 1e-9);
  }));
});

Deno.test("splitEventTypes() gives each group its events and responses, and loses none it was given", () => {
  const irfs = { aeff: undefined } as Observation["irfs"];
  const parts = splitEventTypes(observation, { first: { bits: 1, irfs }, rest: { bits: 6 } });
  deepStrictEqual([...parts.keys()], ["first", "rest"]);
  const [first, rest] = [...parts.values()] as [Observation, Observation];
  deepStrictEqual([times(first), times(rest)], [[0, 20, 40], [10, 20, 30, 50]]);
  deepStrictEqual([first.eventType, rest.eventType], ["first", "rest"]);
  strictEqual(first.irfs, irfs);
  strictEqual(rest.irfs, observation.irfs);
  throws(
    () => splitEventTypes(observation, { a: { bits: 3 }, b: { bits: 6 } }),
    /"b" has bits 6, of which another group has 2/,
  );
});
