import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  exposureOf,
  positionAfter,
  SOURCE_START,
} from "../../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../../src/events/mod.ts";
import { EPOCH } from "../../_tools/event_arbitraries.ts";

const gti = createGti(EPOCH, Float64Array.of(50, 5), Float64Array.of(60, 20));
const common = { obsId: "1", epoch: EPOCH };

Deno.test("createObsStart() takes its ends from the intervals, or does not know them", () => {
  const { startS, stopS } = createObsStart({ ...common, gti });
  deepStrictEqual([startS, stopS], [5, 60]);
  const open = createObsStart(common);
  deepStrictEqual([open.startS, open.stopS, open.gti], [-Infinity, Infinity, undefined]);
  const given = createObsStart({ ...common, gti, startS: 0, stopS: 100 });
  deepStrictEqual([given.startS, given.stopS], [0, 100]);
  ok(Object.isFrozen(open));
});

Deno.test("createObsStart() refuses a fraction of dead time that is none", () => {
  for (const deadTimeFraction of [-0.1, 1, NaN]) {
    throws(() => createObsStart({ ...common, deadTimeFraction }), RangeError);
  }
});

Deno.test("exposureOf() gives an observation's exposure once", () => {
  const deadTimeFraction = 0.1;
  const exposure = { gti, deadTimeFraction };
  deepStrictEqual(exposureOf(createObsStart({ ...common, ...exposure })), exposure);
  deepStrictEqual(exposureOf(createObsEnd("1", exposure)), exposure);
  for (
    const item of [
      createObsStart(common),
      createObsStart({ ...common, ...exposure, resumed: true }),
      createObsEnd("1"),
      createHeartbeat({ timeS: 1, fromS: 0, livetimeS: 1 }),
      createEventBatch({ timeS: new Float64Array(1) }),
    ]
  ) strictEqual(exposureOf(item), undefined);
});

Deno.test("createHeartbeat() alone is a watermark", () => {
  deepStrictEqual(createHeartbeat({ timeS: 5 }), {
    kind: "heartbeat",
    timeS: 5,
    fromS: 5,
    livetimeS: 0,
  });
});

Deno.test("positionAfter() stands behind each item, so that a source goes on with the next", () => {
  const batch = (rowStart: number, rowStop: number) =>
    createEventBatch({ timeS: new Float64Array(1) }, { rowStart, rowStop });
  const items = [
    createObsStart({ ...common, index: 0 }),
    batch(0, 7), // rows that were rejected are behind us too
    createHeartbeat({ timeS: 1 }),
    batch(7, 8),
    createObsEnd("1"),
    createObsStart({ ...common, obsId: "2", index: 1 }),
    batch(0, 3),
    createObsStart({ ...common, obsId: "2", index: 1, resumed: true }),
    batch(3, 4),
  ];
  let at = SOURCE_START;
  const places = items.map((item) => (at = positionAfter(at, item)));
  deepStrictEqual(places.map(({ index, row, begun }) => [index, row, begun]), [
    [0, 0, true],
    [0, 7, true],
    [0, 7, true],
    [0, 8, true],
    [1, 0, false],
    [1, 0, true],
    [1, 3, true],
    [1, 3, true],
    [1, 4, true],
  ]);
});
