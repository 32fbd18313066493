import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  createGti,
  type Gti,
  gtiSumS,
  intersectGti,
  rebaseGti,
  selectGtiTime,
  stackGti,
  unionGti,
} from "../../../src/events/mod.ts";
import { addSeconds, createEpoch } from "../../../src/time/mod.ts";
import { agrees, referenceTest } from "../../_tools/data_io.ts";
import { anyGti, anyTime, EPOCH } from "../../_tools/event_arbitraries.ts";

const gtiOf = (...list: (readonly [number, number])[]) =>
  createGti(EPOCH, Float64Array.from(list, ([a]) => a), Float64Array.from(list, ([, b]) => b));
const listOf = ({ startS, stopS }: Gti) => Array.from(startS, (a, i) => [a, stopS[i]!] as const);
const holds = (gti: Gti, t: number) => listOf(gti).some(([a, b]) => t >= a && t < b);
/** Times at which sets of intervals can differ: all ends, and what is beside them. */
const probes = (...all: Gti[]) =>
  all.flatMap(({ startS, stopS }) => [...startS, ...stopS])
    .flatMap((t) => [t, t - 1e-6, t + 1e-6, t + 0.5]);

function isSortedAndApart(gti: Gti): void {
  listOf(gti).forEach(([a], i) => ok(i === 0 || a > gti.stopS[i - 1]!, `interval ${i}`));
}

Deno.test("createGti() refuses what is no interval", () => {
  throws(() => createGti(EPOCH, new Float64Array(1), new Float64Array(2)), TypeError);
  for (
    const bad of [[2, 1], [NaN, 1], [0, NaN], [0, Infinity], [-Infinity, 0], [Infinity, Infinity]]
  ) {
    throws(() => gtiOf([0, 5], bad as [number, number]), /GTI row 2/);
  }
  strictEqual(gtiSumS(gtiOf([3, 3])), 0);
});

Deno.test("unionGti() holds a time where one of them does, and is sorted without overlaps", () => {
  fc.assert(fc.property(anyGti, anyGti, (a, b) => {
    const union = unionGti(a, b);
    isSortedAndApart(union);
    for (const t of probes(a, b)) strictEqual(holds(union, t), holds(a, t) || holds(b, t), `${t}`);
    deepStrictEqual(unionGti(b, a), union);
    deepStrictEqual(unionGti(union), union);
    deepStrictEqual(unionGti(a, a), unionGti(a));
  }));
});

Deno.test("intersectGti() holds a time where both do, and is sorted without overlaps", () => {
  fc.assert(fc.property(anyGti, anyGti, (a, b) => {
    const both = intersectGti(a, b);
    isSortedAndApart(both);
    ok(listOf(both).every(([start, stop]) => start < stop));
    for (const t of probes(a, b)) strictEqual(holds(both, t), holds(a, t) && holds(b, t), `${t}`);
    deepStrictEqual(intersectGti(b, a), both);
    const sum = gtiSumS(unionGti(a)) + gtiSumS(unionGti(b));
    ok(Math.abs(gtiSumS(unionGti(a, b)) + gtiSumS(both) - sum) < 1e-8);
  }));
});

Deno.test("selectGtiTime() cuts every interval, in its place and with its overlaps", () => {
  fc.assert(fc.property(anyGti, anyTime(true), anyTime(true), (gti, p, q) => {
    const [startS, stopS] = [Math.min(p, q), Math.max(p, q)];
    const cut = selectGtiTime(gti, { startS, stopS });
    const expected = listOf(gti).map(([a, b]) => [Math.max(a, startS), Math.min(b, stopS)] as const)
      .filter(([a, b]) => a < b);
    deepStrictEqual(listOf(cut), expected);
    const parts = gtiSumS(selectGtiTime(gti, { stopS: p })) +
      gtiSumS(selectGtiTime(gti, { startS: p }));
    ok(Math.abs(parts - gtiSumS(gti)) < 1e-8);
  }));
});

Deno.test("stackGti() puts one behind the other, on the epoch of the first", () => {
  fc.assert(fc.property(anyGti, anyGti, (a, b) => {
    deepStrictEqual(listOf(stackGti(a, b)), [...listOf(a), ...listOf(b)]);
    ok(Math.abs(gtiSumS(stackGti(a, b)) - gtiSumS(a) - gtiSumS(b)) < 1e-8);
  }));
  const later = createGti(addSeconds(EPOCH, 10), Float64Array.of(1), Float64Array.of(2));
  deepStrictEqual(listOf(stackGti(gtiOf([0, 1]), later)), [[0, 1], [11, 12]]);
});

Deno.test("rebaseGti() moves the epoch and not the times, over decades to a nanosecond a day", () => {
  const gti = gtiOf([0, 100], [86400.25, 86401]);
  strictEqual(rebaseGti(gti, EPOCH), gti);
  const origin = createEpoch([44239, 0.123456789], "TT");
  const there = rebaseGti(gti, origin), back = rebaseGti(there, EPOCH);
  listOf(back).flat().forEach((t, i) => ok(Math.abs(t - listOf(gti).flat()[i]!) < 2e-7));
  strictEqual(there.epoch, origin);
  const exact = rebaseGti(gti, addSeconds(EPOCH, -86400 * 1000));
  deepStrictEqual(listOf(exact)[1], [86400 * 1001 + 0.25, 86400 * 1001 + 1]);
  throws(() => rebaseGti(gti, createEpoch([53343, 0], "TDB")), TypeError);
});

Deno.test("operations on intervals do not change them", () => {
  fc.assert(fc.property(anyGti, anyGti, (a, b) => {
    const before = structuredClone([a, b]);
    unionGti(a, b);
    intersectGti(a, b);
    stackGti(a, b);
    selectGtiTime(a, { startS: 0 });
    deepStrictEqual(structuredClone([a, b]), before);
  }));
});

referenceTest("gammapy.json", "events.gti.ops", [], ({ expected, tol }) => {
  const g1 = gtiOf([0, 50], [100, 200], [250, 400]), g2 = gtiOf([40, 110], [180, 300]);
  const union = unionGti(g1, g2), select = selectGtiTime(g1, { startS: 25, stopS: 270 });
  const found: Record<string, unknown> = {
    g1_sum_s: gtiSumS(g1),
    stack_sum_s: gtiSumS(stackGti(g1, g2)),
    union_start_s: union.startS,
    union_stop_s: union.stopS,
    union_sum_s: gtiSumS(union),
    select_start_s: select.startS,
    select_stop_s: select.stopS,
  };
  for (const [name, wanted] of Object.entries(expected)) {
    ok(name in found, name);
    agrees(found[name], wanted, tol[name]!, name);
  }
});
