import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  addRejected,
  columnNumbers,
  createEventBatch,
  requireColumn,
  sumRejected,
} from "../../../src/events/mod.ts";

Deno.test("createEventBatch() keeps the columns and fills in what is left out", () => {
  const timeS = Float64Array.of(1, 2), batch = createEventBatch({ timeS }, { rowStart: 5 });
  strictEqual(batch.columns.timeS, timeS);
  const { columns: _, ...rest } = batch;
  deepStrictEqual(rest, {
    kind: "batch",
    length: 2,
    obsId: "",
    rowStart: 5,
    rowStop: 7,
    watermarkS: -Infinity,
    rejected: {},
    late: 0,
  });
  ok(Object.isFrozen(batch) && Object.isFrozen(batch.columns));
});

Deno.test("createEventBatch() leaves undefined columns out, and refuses other lengths", () => {
  const timeS = new Float64Array(2);
  const batch = createEventBatch({ timeS, energyTeV: undefined as never });
  deepStrictEqual(Object.keys(batch.columns), ["timeS"]);
  throws(
    () => createEventBatch({ timeS, weight: new Float64Array(3) }),
    /weight has 3 elements, timeS has 2/,
  );
});

Deno.test("requireColumn() gives the column itself, or names it, who asked, and what there is", () => {
  const batch = createEventBatch({ timeS: new Float64Array(1) }, { obsId: "23523" });
  strictEqual(requireColumn(batch, "timeS", "x"), batch.columns.timeS);
  throws(
    () => requireColumn(batch, "phase", "selectPhase"),
    /selectPhase needs column phase, and the events of observation "23523" have only timeS/,
  );
});

Deno.test("columnNumbers() gives the numbers of any column, doubles without a copy", () => {
  const doubles = Float64Array.of(1.5, NaN);
  strictEqual(columnNumbers(doubles), doubles);
  for (
    const column of [
      Float32Array.of(-1, 2),
      Int32Array.of(-1, 2),
      Int16Array.of(-1, 2),
      Int8Array.of(-1, 2),
      BigInt64Array.of(-1n, 2n),
    ]
  ) deepStrictEqual(columnNumbers(column), Float64Array.of(-1, 2));
  for (
    const column of [Uint32Array.of(7), Uint16Array.of(7), Uint8Array.of(7), BigUint64Array.of(7n)]
  ) {
    deepStrictEqual(columnNumbers(column), Float64Array.of(7));
  }
});

const counts = fc.dictionary(fc.constantFrom("cut:a", "cut:b", "bad:c"), fc.nat(9), {
  noNullPrototype: true,
});

Deno.test("sumRejected() is commutative, associative, has {} for zero, and leaves its arguments alone", () => {
  const total = (one: Readonly<Record<string, number>>) =>
    Object.values(one).reduce((a, b) => a + b, 0);
  fc.assert(fc.property(counts, counts, counts, (a, b, c) => {
    const before = structuredClone([a, b, c]);
    const nonZero = (one: Readonly<Record<string, number>>) =>
      Object.fromEntries(Object.entries(one).filter(([, n]) => n > 0).sort());
    deepStrictEqual(nonZero(sumRejected(a, b)), nonZero(sumRejected(b, a)));
    deepStrictEqual(
      nonZero(sumRejected(sumRejected(a, b), c)),
      nonZero(sumRejected(a, sumRejected(b, c))),
    );
    deepStrictEqual(nonZero(sumRejected({}, a)), nonZero(a));
    strictEqual(total(sumRejected(a, b)), total(a) + total(b));
    deepStrictEqual(structuredClone([a, b, c]), before);
  }));
});

Deno.test("addRejected() of none is the account itself", () => {
  const account = { "cut:time": 1 };
  strictEqual(addRejected(account, "cut:time", 0), account);
  deepStrictEqual(addRejected(account, "cut:energy", 2), { "cut:time": 1, "cut:energy": 2 });
});
