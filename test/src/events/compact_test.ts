import { deepStrictEqual, notStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  type Column,
  compact,
  concatBatches,
  createEventBatch,
  type EventBatch,
  type EventColumns,
  sliceBatch,
  withColumns,
} from "../../../src/events/mod.ts";

const int = (min: number, max: number) => fc.integer({ min, max });
const double = fc.double();
const makers: Record<string, [fc.Arbitrary<number | bigint>, (list: never[]) => Column]> = {
  timeS: [double, (list) => Float64Array.from(list)],
  f32: [double.map(Math.fround), (list) => Float32Array.from(list)],
  i32: [int(-(2 ** 31), 2 ** 31 - 1), (list) => Int32Array.from(list)],
  u32: [int(0, 2 ** 32 - 1), (list) => Uint32Array.from(list)],
  i16: [int(-32768, 32767), (list) => Int16Array.from(list)],
  u16: [int(0, 65535), (list) => Uint16Array.from(list)],
  i8: [int(-128, 127), (list) => Int8Array.from(list)],
  u8: [int(0, 255), (list) => Uint8Array.from(list)],
  eventId: [
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    (list) => BigInt64Array.from(list),
  ],
  u64: [fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (list) => BigUint64Array.from(list)],
};
const names = Object.keys(makers);

/** A batch with a column of every type; some are views into the middle of a larger buffer. */
const anyBatch: fc.Arbitrary<EventBatch> = fc.tuple(int(0, 20), fc.boolean()).chain((
  [n, shifted],
) =>
  fc.tuple(
    ...names.map((name) => fc.array(makers[name]![0], { minLength: n + 3, maxLength: n + 3 })),
    fc.nat(9),
    fc.nat(3),
  ).map((lists) => {
    const columns: Record<string, Column> = {};
    names.forEach((name, k) => {
      const whole = makers[name]![1](lists[k] as never[]);
      columns[name] = shifted ? whole.subarray(1, n + 1) : whole.slice(0, n);
    });
    const [nCut, late] = lists.slice(-2) as [number, number];
    return createEventBatch(columns as unknown as EventColumns, {
      obsId: "7",
      rowStart: 100,
      rowStop: 100 + n + nCut + late,
      watermarkS: 3,
      rejected: nCut > 0 ? { "cut:x": nCut } : {},
      late,
    });
  })
);

const plain = (batch: EventBatch) => names.map((name) => [...batch.columns[name]!]);

Deno.test("compact() gathers every type of column as a plain map does, in any order", () => {
  fc.assert(fc.property(anyBatch, fc.array(fc.nat()), fc.nat(3), (batch, picks, spare) => {
    const indices = batch.length === 0 ? [] : picks.map((p) => p % batch.length);
    const chosen = Uint32Array.from([...indices, ...new Array(spare).fill(0)]);
    const found = compact(batch, chosen, indices.length);
    for (const name of names) {
      const column = batch.columns[name]!;
      deepStrictEqual([...found.columns[name]!], indices.map((i) => column[i]));
      strictEqual(found.columns[name]!.constructor, column.constructor);
      strictEqual(found.columns[name]!.buffer, found.columns.timeS.buffer, "one buffer for all");
    }
    const { columns: _, length, ...rest } = found, { columns: __, length: ___, ...others } = batch;
    strictEqual(length, indices.length);
    deepStrictEqual(rest, others);
  }));
});

Deno.test("compact() counts what it leaves out, and gives the batch itself where that is nothing", () => {
  fc.assert(fc.property(anyBatch, fc.nat(), (batch, p) => {
    const n = p % (batch.length + 1), chosen = Uint32Array.from({ length: n }, (_, i) => i);
    const found = compact(batch, chosen, n, "cut:x");
    strictEqual(found.rejected["cut:x"] ?? 0, (batch.rejected["cut:x"] ?? 0) + batch.length - n);
    if (n === batch.length) strictEqual(found, batch);
    else deepStrictEqual(found.columns.timeS, batch.columns.timeS.slice(0, n));
    notStrictEqual(compact(batch, chosen, n), batch);
  }));
});

Deno.test("sliceBatch() and concatBatches() are each other's inverse", () => {
  fc.assert(fc.property(anyBatch, fc.array(fc.nat(), { minLength: 1 }), (batch, cuts) => {
    const inner = cuts.map((c) => 1 + c % Math.max(1, batch.length)).sort((a, b) => a - b);
    const edges = [0, ...inner.filter((c) => c < batch.length), batch.length];
    const parts = edges.slice(1).map((stop, i) => sliceBatch(batch, edges[i]!, stop))
      .filter((part, i) => i === 0 || part.length > 0);
    for (const part of parts) {
      strictEqual(part.columns.timeS.buffer, batch.columns.timeS.buffer, "not copied");
      ok(part.rowStart >= batch.rowStart && part.rowStop <= batch.rowStop);
    }
    const joined = concatBatches(parts);
    deepStrictEqual(plain(joined), plain(batch));
    const { columns: _, ...rest } = joined, { columns: __, ...others } = batch;
    deepStrictEqual(rest, others);
  }));
});

Deno.test("sliceBatch() has the rows of its part where nothing was left out, and refuses other parts", () => {
  const batch = createEventBatch({ timeS: Float64Array.of(1, 2, 3, 4) }, {
    rowStart: 10,
    watermarkS: 4,
  });
  const [a, b] = [sliceBatch(batch, 0, 1), sliceBatch(batch, 1, 4)];
  deepStrictEqual([a.rowStart, a.rowStop, b.rowStart, b.rowStop], [10, 11, 11, 14]);
  deepStrictEqual([a.watermarkS, b.watermarkS], [-Infinity, 4]);
  for (const [start, stop] of [[-1, 2], [2, 1], [0, 5], [NaN, 1]] as const) {
    throws(() => sliceBatch(batch, start, stop), RangeError);
  }
});

Deno.test("concatBatches() sums accounts, and refuses nothing, other columns, types and observations", () => {
  const of = (columns: object, fields = {}) => createEventBatch(columns as EventColumns, fields);
  const timeS = new Float64Array(1), phase = new Float64Array(1);
  const a = of({ timeS, phase }, { rejected: { x: 1 }, late: 2, watermarkS: 5, rowStart: 4 });
  const b = of({ phase, timeS }, { rejected: { x: 2, y: 1 }, late: 1, watermarkS: 3, rowStart: 9 });
  const joined = concatBatches([a, b]);
  deepStrictEqual([joined.rejected, joined.late, joined.watermarkS], [{ x: 3, y: 1 }, 3, 5]);
  deepStrictEqual([joined.rowStart, joined.rowStop], [4, 10]);
  throws(() => concatBatches([]), RangeError);
  throws(() => concatBatches([a, of({ timeS })]), TypeError);
  throws(() => concatBatches([a, of({ timeS, weight: phase })]), TypeError);
  throws(() => concatBatches([a, of({ timeS, phase: new Float32Array(1) })]), TypeError);
  throws(() => concatBatches([a, of({ timeS, phase }, { obsId: "2" })]), /observations "" and "2"/);
});

Deno.test("withColumns() changes nothing but the columns", () => {
  const batch = createEventBatch({ timeS: Float64Array.of(1) }, {
    obsId: "7",
    late: 3,
    rowStop: 9,
  });
  const more = withColumns(batch, { ...batch.columns, phase: Float64Array.of(0.5) });
  const { columns, ...rest } = more, { columns: _, ...others } = batch;
  deepStrictEqual(rest, others);
  strictEqual(columns.phase![0], 0.5);
});
