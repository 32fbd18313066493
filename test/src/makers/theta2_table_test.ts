import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { createEventBatch, type EventBatch } from "../../../src/events/mod.ts";
import { stackTheta2, type Theta2Table, theta2Table } from "../../../src/makers/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import { offsetBy, separationDeg } from "../../../src/sky/mod.ts";
import { excessErrors, liMaSignificance } from "../../../src/stats/mod.ts";
import golden from "../../golden/theta2_table.json" with { type: "json" };
import { agrees, dataTest } from "../../_tools/data_io.ts";
import { hess, observation } from "./_spectra.ts";

const SOURCE = { lonDeg: 83.63, latDeg: 22.01 }, POINTING = { lonDeg: 83.63, latDeg: 22.51 };
const EDGES = [0, 0.01, 0.02, 0.05];

function eventsAt(
  positions: readonly { readonly lonDeg: number; readonly latDeg: number }[],
  energies?: readonly number[],
): EventBatch {
  return createEventBatch({
    timeS: new Float64Array(positions.length),
    raDeg: Float64Array.from(positions, (one) => one.lonDeg),
    decDeg: Float64Array.from(positions, (one) => one.latDeg),
    ...(energies === undefined ? {} : { energyTeV: Float64Array.from(energies) }),
  });
}
const around = (at: typeof SOURCE, distances: readonly number[]) =>
  distances.map((separationDeg, k) => offsetBy(at, { separationDeg, positionAngleDeg: 77 * k }));

Deno.test("theta2Table() counts events about the source and the mirror position", () => {
  const mirror = { lonDeg: 83.63, latDeg: 23.01 };
  const events = eventsAt([
    ...around(SOURCE, [0, 0.05, 0.0999, 0.1001, 0.2, 0.3]),
    ...around(mirror, [0.02, 0.15]),
    { lonDeg: NaN, latDeg: 22 },
  ]);
  const table = theta2Table(events, { source: SOURCE, pointing: POINTING, edgesDeg2: EDGES });
  deepStrictEqual([...table.counts], [3, 1, 1]);
  deepStrictEqual([...table.countsOff], [1, 0, 1]);
  deepStrictEqual([...table.alpha], [1, 1, 1]);
  deepStrictEqual([...table.excess], [2, 1, 0]);
  const direct = theta2Table(events, { source: SOURCE, offPositions: [mirror], edgesDeg2: EDGES });
  deepStrictEqual(direct.countsOff, table.countsOff);
  ok(Math.abs(table.overlapDeg2 - 0.25) < 1e-12);
});

Deno.test("theta2Table() has as many off positions at equal angles as it is told", () => {
  const angles = [90, 180, 270];
  const events = eventsAt(
    angles.flatMap((angle, k) => {
      const at = offsetBy(POINTING, { separationDeg: 0.5, positionAngleDeg: 180 + angle });
      return Array.from({ length: k + 1 }, () => at);
    }),
  );
  const options = { source: SOURCE, pointing: POINTING, nOff: 3, edgesDeg2: EDGES };
  const table = theta2Table(events, options);
  deepStrictEqual([...table.countsOff], [6, 0, 0]);
  deepStrictEqual([...table.acceptanceOff], [3, 3, 3]);
  ok(Math.abs(table.alpha[0]! - 1 / 3) < 1e-15);
  // Neighbours on a circle of 0.5 deg, a quarter apart.
  ok(Math.abs(Math.sqrt(table.overlapDeg2) - Math.SQRT1_2 / 2) < 1e-4);
});

Deno.test("theta2Table() takes energies low ≤ E < high", () => {
  const events = eventsAt(around(SOURCE, [0, 0, 0, 0]), [0.5, 1, 2, NaN]);
  const options = { source: SOURCE, pointing: POINTING, edgesDeg2: EDGES };
  strictEqual(theta2Table(events, { ...options, energyTeV: [0.5, 2] }).counts[0], 2);
  strictEqual(theta2Table(events, options).counts[0], 4);
  const without = eventsAt(around(SOURCE, [0]));
  throws(() => theta2Table(without, { ...options, energyTeV: [0.5, 2] }), /needs column energyTeV/);
});

/** Uniform events about the pointing with a source of 0.05 deg. */
function field(seed: string, n: number): EventBatch {
  const rng = createRng(seed);
  return eventsAt(Array.from({ length: n }, (_, i) => {
    const isSource = i < n / 10;
    return offsetBy(isSource ? SOURCE : POINTING, {
      separationDeg: isSource ? 0.05 * rng.exponential() : 1.2 * Math.sqrt(rng.uniform()),
      positionAngleDeg: 360 * rng.uniform(),
    });
  }));
}

Deno.test("theta2Table() counts what a plain loop counts, and has Li and Ma's significance", () => {
  const events = field("loop", 2000), { raDeg, decDeg } = events.columns;
  const table = theta2Table(events, {
    source: SOURCE,
    pointing: POINTING,
    nOff: 2,
    edgesDeg2: EDGES,
  });
  for (let k = 0; k < 3; k++) {
    let nOn = 0;
    for (let i = 0; i < events.length; i++) {
      const theta2 = separationDeg(SOURCE, { lonDeg: raDeg![i]!, latDeg: decDeg![i]! }) ** 2;
      nOn += +(theta2 >= EDGES[k]! && theta2 < EDGES[k + 1]!);
    }
    strictEqual(table.counts[k], nOn);
    const nOff = table.countsOff[k]!, counts = { nOn, nOff, alpha: 0.5 };
    ok(Math.abs(table.sqrtTs[k]! - liMaSignificance(counts)) < 1e-13);
    const { errn, errp } = excessErrors(counts);
    deepStrictEqual([table.excessErrn[k], table.excessErrp[k]], [errn, errp]);
  }
  ok(table.sqrtTs[0]! > 5);
});

Deno.test("theta2Table() refuses what gives no table", () => {
  const events = field("bad", 10), given = { source: SOURCE, pointing: POINTING };
  for (const edgesDeg2 of [[], [-1, 1], [0, 0], [0, 2, 1], [NaN, 1]]) {
    throws(() => theta2Table(events, { ...given, edgesDeg2 }));
  }
  const edgesDeg2 = EDGES;
  throws(() => theta2Table(events, { ...given, pointing: SOURCE, edgesDeg2 }), /overlap from/);
  throws(() => theta2Table(events, { ...given, nOff: 12, edgesDeg2: [0, 0.02] }), /overlap from/);
  throws(() => theta2Table(events, { ...given, nOff: 0, edgesDeg2 }), RangeError);
  throws(
    () => theta2Table(events, { source: SOURCE, offPositions: [], edgesDeg2 }),
    /needs an off position/,
  );
  const bare = createEventBatch({ timeS: new Float64Array(1) });
  throws(() => theta2Table(bare, { ...given, edgesDeg2 }), /needs column raDeg/);
});

Deno.test("stackTheta2() adds counts and keeps what is expected of the background", () => {
  const make = (seed: string, nOff: number) =>
    theta2Table(field(seed, 3000), { source: SOURCE, pointing: POINTING, nOff, edgesDeg2: EDGES });
  const parts = [make("a", 1), make("b", 3), make("c", 2)], whole = stackTheta2(parts);
  for (let k = 0; k < 3; k++) {
    const total = (of: (one: Theta2Table) => number) =>
      parts.reduce((sum, one) => sum + of(one), 0);
    strictEqual(whole.counts[k], total((one) => one.counts[k]!));
    strictEqual(whole.countsOff[k], total((one) => one.countsOff[k]!));
    strictEqual(whole.acceptance[k], 3);
    const excess = total((one) => one.excess[k]!);
    ok(Math.abs(whole.excess[k]! - excess) < 1e-9 * Math.abs(excess) + 1e-9);
  }
  strictEqual(whole.overlapDeg2, Math.min(...parts.map((one) => one.overlapDeg2)));
});

Deno.test("stackTheta2() adds acceptances where nothing was counted off, and refuses other edges", () => {
  const options = { source: SOURCE, pointing: POINTING, edgesDeg2: EDGES };
  const none = theta2Table(eventsAt([]), options);
  const both = stackTheta2([none, theta2Table(eventsAt([]), { ...options, nOff: 3 })]);
  deepStrictEqual([both.acceptance[0], both.acceptanceOff[0], both.alpha[0]], [2, 4, 0.5]);
  deepStrictEqual([both.excess[0], both.sqrtTs[0]], [0, 0]);
  throws(() => stackTheta2([]), /found none/);
  const other = theta2Table(eventsAt([]), { ...options, edgesDeg2: [0, 0.01, 0.02, 0.06] });
  throws(() => stackTheta2([none, other]), /Tables 0 and 1 .* edges/);
});

dataTest(
  "theta2Table() has the columns of the reference",
  [23523, 23526, 23559, 23592].map(hess),
  async () => {
    const { source, edgesDeg2, tolerance: { rtol } } = golden;
    for (const { obsIds, columns } of golden.cases) {
      const tables = [];
      for (const id of obsIds) {
        const { events, pointing } = await observation(hess(id));
        const at = { lonDeg: pointing!.raDeg, latDeg: pointing!.decDeg };
        tables.push(theta2Table(events, { source, pointing: at, edgesDeg2 }));
      }
      const table = stackTheta2(tables);
      for (const [name, expected] of Object.entries(columns)) {
        agrees(
          table[name as keyof Theta2Table],
          expected,
          { rtol, atol: 1e-9 },
          `${obsIds} ${name}`,
        );
      }
    }
  },
);
