import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { pipe } from "rxjs";
import { positionAfter, SOURCE_START, type StreamItem } from "../../../src/data/mod.ts";
import { createGti } from "../../../src/events/mod.ts";
import {
  account,
  countsSpectrum,
  exposureSum,
  keyedBy,
  theta2Histogram,
  zip,
} from "../../../streams/accumulators/mod.ts";
import { drain } from "../../../streams/engines/mod.ts";
import { accumulate, selectEventType } from "../../../streams/operators/mod.ts";
import { simulatedSource } from "../../../streams/sources/mod.ts";
import { columnOf } from "../../_tools/event_arbitraries.ts";
import { irfsOf, SIM_EPOCH, simulationOf, sourceOf, WIDE_PSF } from "../../_tools/simulations.ts";

const observationOf = (obsId: string, from: number) => ({
  obsId,
  gti: createGti(SIM_EPOCH, Float64Array.of(from), Float64Array.of(from + 100)),
  deadTimeFraction: 0.1,
  pointing: { raDeg: 83.6, decDeg: 22.3 },
});
const two = simulationOf([sourceOf(2)], 5, {
  observations: [observationOf("a", 0), observationOf("b", 200)],
  maxBatchS: 7,
});

const all = (items: AsyncIterable<StreamItem>): Promise<StreamItem[]> => Array.fromAsync(items);
const NAMES = ["timeS", "energyTeV", "raDeg", "decDeg", "eventId", "eventType", "mcId"];

Deno.test("simulatedSource() goes on from any position with the same events", async () => {
  const source = simulatedSource(two, { seed: 3 }), whole = await all(source.items());
  let position = SOURCE_START;
  for (let cut = 0; cut <= whole.length; cut++) {
    const rest = await all(source.items(position));
    for (const name of NAMES) {
      deepStrictEqual(
        columnOf(rest, name),
        columnOf(whole.slice(cut), name),
        `${name}, cut ${cut}`,
      );
    }
    const state = exposureSum().create(), exposure = exposureSum();
    for (const item of [...whole.slice(0, cut), ...rest]) exposure.add(state, item);
    strictEqual(exposure.result(state).livetimeS, 180);
    if (cut < whole.length) position = positionAfter(position, whole[cut]!);
  }
  const middle = { index: 1, row: 100, begun: true, heartbeats: 0 };
  const first = whole.findLastIndex((item) => item.kind === "obs-start");
  deepStrictEqual(
    columnOf(await all(source.items(middle)), "timeS"),
    columnOf(whole.slice(first), "timeS").slice(100),
  );
});

Deno.test("simulatedSource(): an observation depends on the seed and its name alone", async () => {
  const [a, b] = two.observations;
  const of = async (observations: typeof two.observations, seed: number | string) => {
    const items = await all(simulatedSource({ ...two, observations }, { seed }).items());
    return columnOf(items, "timeS") as number[];
  };
  const both = await of([a!, b!], 1), first = await of([a!], 1), second = await of([b!], 1);
  deepStrictEqual(both, [...first, ...second]);
  ok((await of([a!], 2))[0] !== first[0]);
  ok(first[0]! + 200 !== second[0]);
});

Deno.test("simulatedSource() refuses no observation, and two of one name", () => {
  throws(() => simulatedSource({ ...two, observations: [] }, { seed: 1 }), RangeError);
  const twice = [observationOf("a", 0), observationOf("a", 200)];
  throws(() => simulatedSource({ ...two, observations: twice }, { seed: 1 }), /one name/);
});

Deno.test("two event types are selected, binned and weighed by type", async () => {
  const good = irfsOf(1), fair = irfsOf(2, { psf: WIDE_PSF });
  const source = sourceOf(15, { decDeg: 22.3 });
  const simulation = simulationOf([source], 0, {
    eventTypes: [{ name: "good", bit: 0, irfs: good }, { name: "fair", bit: 1, irfs: fair }],
    observations: [observationOf("a", 0), observationOf("b", 200)],
  });
  const stream = simulatedSource(simulation, { seed: 9 });
  const one = zip({
    account: account(),
    theta2: theta2Histogram({
      raDeg: source.raDeg,
      decDeg: source.decDeg,
      edgesDeg2: [0, 0.1 ** 2, 0.2 ** 2, 0.3 ** 2],
    }),
    spectrum: countsSpectrum([0.1, 1, 100]),
  });
  const byType = keyedBy(one, {
    name: "eventType",
    keysOf: (batch) => batch.columns.eventType!,
  });
  const keyed = byType.result(await drain(stream.items(), accumulate(byType)));
  deepStrictEqual([...keyed.keys()], [1, 2]);
  for (const [bits, irfs] of [[1, good], [2, fair]] as const) {
    const selected = one.result(
      await drain(stream.items(), pipe(selectEventType(bits), accumulate(one))),
    );
    const mine = keyed.get(bits)!;
    deepStrictEqual(mine.theta2.counts, selected.theta2.counts);
    deepStrictEqual(mine.spectrum.counts, selected.spectrum.counts);
    strictEqual(mine.account.used, selected.account.used);
    // Each type has the spread of its own function, over its own background.
    const livetimeS = 180, signal = 15 * livetimeS;
    let low = 0;
    mine.theta2.counts.forEach((n, k) => {
      const high = 0.1 * (k + 1);
      const spread = irfs.psf.containment(high, 1) - irfs.psf.containment(low, 1);
      const behind = irfs.bkg.totalPerS * livetimeS * (high ** 2 - low ** 2) / 2;
      const mean = signal * spread + behind;
      ok(Math.abs(n - mean) < 4 * Math.sqrt(mean), `type ${bits}, ring ${k}: ${n}, ${mean}`);
      low = high;
    });
  }
  // Weighed by type: the best combination of both rings has less scatter than either alone.
  const inner = [1, 2].map((bits) => keyed.get(bits)!.theta2.counts[0]!);
  const contained = [good, fair].map(({ psf }) => psf.containment(0.1, 1));
  const weights = contained.map((c, k) => c / inner[k]!),
    sum = weights[0]! * contained[0]! + weights[1]! * contained[1]!;
  const estimate = (weights[0]! * inner[0]! + weights[1]! * inner[1]!) / sum;
  ok(Math.abs(estimate / (15 * 180) - 1) < 0.1, `${estimate}`);
});
