/** What the accumulators say, against plain loops over the same events. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { createHeartbeat, createObsEnd, createObsStart } from "../../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../../src/events/mod.ts";
import { createWcsGeom, geomPixel } from "../../../src/maps/mod.ts";
import { binIndex, createMapAxis, linearEdges } from "../../../src/nddata/mod.ts";
import { separationDeg } from "../../../src/sky/mod.ts";
import {
  account,
  type Accumulator,
  countsMap,
  countsSpectrum,
  eventStatistics,
  exposureSum,
  fold,
  keyedBy,
  lightCurve,
  phaseogram,
  phaseSums,
  phasogram,
  theta2Histogram,
  windowed,
} from "../../../streams/accumulators/mod.ts";
import {
  anyStream,
  batchesOf,
  between,
  CENTER,
  columnOf,
  EPOCH,
} from "../../_tools/event_arbitraries.ts";
import { mulberry32 } from "../../_tools/mulberry32.ts";

const reduced = <In, State, Out>(acc: Accumulator<In, State, Out>, items: In[]): Out =>
  acc.result(fold(acc, items));
const numbers = (items: Parameters<typeof columnOf>[0], name: string) =>
  columnOf(items, name) as number[];
const times = (...timeS: number[]) => createEventBatch({ timeS: Float64Array.from(timeS) });
const gtiOf = (...list: [number, number][]) =>
  createGti(EPOCH, Float64Array.from(list, ([a]) => a), Float64Array.from(list, ([, b]) => b));

Deno.test("countsSpectrum() counts as a filter for each bin does", () => {
  const edges = [0.1, 1, 10], acc = countsSpectrum(edges);
  fc.assert(fc.property(anyStream(), (items) => {
    const energies = numbers(items, "energyTeV"), found = reduced(acc, items);
    const within = (low: number, high: number) =>
      energies.filter((x) => x >= low && x < high).length;
    deepStrictEqual([...found.counts], [within(0.1, 1), within(1, 10)]);
    strictEqual(found.underflow, energies.filter((x) => x < 0.1).length);
    strictEqual(found.overflow, energies.filter((x) => x >= 10 || Number.isNaN(x)).length);
  }));
});

Deno.test("eventStatistics() keeps count, extremes and sum, NaN aside", () => {
  fc.assert(fc.property(anyStream(), (items) => {
    const { count, columns } = reduced(eventStatistics(["timeS", "piChannel", "none"]), items);
    const t = numbers(items, "timeS"), good = t.filter((x) => !Number.isNaN(x));
    strictEqual(count, t.length);
    strictEqual(columns["none"], undefined);
    if (t.length === 0) return;
    strictEqual(columns["timeS"]!.nNaN, t.length - good.length);
    strictEqual(columns["timeS"]!.sum, good.reduce((a, b) => a + b, 0));
    deepStrictEqual(
      [columns["timeS"]!.min, columns["timeS"]!.max],
      good.length === 0 ? [NaN, NaN] : [Math.min(...good) + 0, Math.max(...good) + 0],
    );
    strictEqual(columns["piChannel"]!.count, t.length);
  }));
});

Deno.test("exposureSum() counts an observation once: at its start, at its end, or by heartbeats", () => {
  const gti = gtiOf([0, 100], [200, 250]), common = { epoch: EPOCH, deadTimeFraction: 0.1 };
  const found = reduced(exposureSum(), [
    createObsStart({ obsId: "1", ...common, gti }),
    times(1, 2),
    times(3),
    createObsEnd("1"),
    createObsStart({ obsId: "2", ...common }),
    createObsEnd("2", { gti, deadTimeFraction: 0.2 }),
    createObsStart({ obsId: "3", ...common, gti, resumed: true }),
    createHeartbeat({ timeS: 60, fromS: 0, livetimeS: 55 }),
  ]);
  strictEqual(found.nObservations, 2);
  strictEqual(found.ontimeS, 150 + 150 + 55);
  ok(Math.abs(found.livetimeS - (135 + 120 + 55)) < 1e-12);
});

Deno.test("lightCurve() has every event in the bin whose edges hold it", () => {
  const widths = fc.constantFrom(10, 0.1, 0.3, 7.7, 1e-3);
  fc.assert(fc.property(anyStream(), widths, between(-5, 5), (items, widthS, originS) => {
    const found = reduced(lightCurve({ epoch: EPOCH, widthS, originS }), items);
    const t = numbers(items, "timeS"), good = t.filter((x) => !Number.isNaN(x));
    strictEqual(found.nWithoutTime, t.length - good.length);
    found.counts.forEach((n, i) => {
      const [low, high] = [found.edgesS[i]!, found.edgesS[i + 1]!];
      strictEqual(n, good.filter((x) => x >= low && x < high).length, `${low} ${high}`);
    });
    strictEqual(found.counts.reduce((a, b) => a + b, 0), good.length);
  }));
});

Deno.test("lightCurve() spreads live time as the overlap of every bin with every interval", () => {
  const bounds = fc.constantFrom(undefined, 1);
  fc.assert(
    fc.property(anyStream(), fc.constantFrom(10, 0.3, 33), bounds, (items, widthS, maxBins) => {
      const acc = lightCurve({ epoch: EPOCH, widthS, ...(maxBins && { maxBins }) });
      const { edgesS, livetimeS } = reduced(acc, items);
      const live = items.flatMap((item): [number, number, number][] => {
        if (item.kind === "batch" || item.kind === "obs-start" && item.resumed) return [];
        if (item.kind === "heartbeat") {
          const span = item.timeS - item.fromS;
          return span > 0 ? [[item.fromS, item.timeS, item.livetimeS / span]] : [];
        }
        const { gti, deadTimeFraction } = item;
        return gti === undefined
          ? []
          : Array.from(gti.startS, (a, i) => [a, gti.stopS[i]!, 1 - deadTimeFraction]);
      });
      let sum = 0;
      livetimeS.forEach((seconds, i) => {
        const expected = live.reduce(
          (total, [a, b, fraction]) =>
            total + fraction * Math.max(0, Math.min(b, edgesS[i + 1]!) - Math.max(a, edgesS[i]!)),
          0,
        );
        ok(Math.abs(seconds - expected) < 1e-9, `${edgesS[i]}: ${seconds} ${expected}`);
        sum += seconds;
      });
      const total = live.reduce((seconds, [a, b, fraction]) => seconds + (b - a) * fraction, 0);
      ok(Math.abs(sum - total) <= 1e-11 * (1 + total), `${sum} ${total}`);
    }),
  );
});

Deno.test("lightCurve() joins empty bins into one, and starts with none", () => {
  const acc = lightCurve({ epoch: EPOCH, widthS: 10 });
  const none = reduced(acc, []);
  deepStrictEqual([none.edgesS.length, none.counts.length], [0, 0]);
  const { edgesS, counts } = reduced(acc, [times(5, 95, 15, -25)]);
  deepStrictEqual([...edgesS], [-30, -20, 0, 10, 20, 90, 100]);
  deepStrictEqual([...counts], [1, 0, 1, 1, 0, 1]);
});

Deno.test("lightCurve() joins bins two by two where there are too many, whatever came first", () => {
  const acc = lightCurve({ epoch: EPOCH, widthS: 1, maxBins: 2048 });
  const far = times(-1e6, 1e6), near = times(0, 1, 2, 3);
  const found = reduced(acc, [far, near]);
  strictEqual(Math.log2(found.widthS) % 1, 0);
  deepStrictEqual(found, reduced(acc, [near, far]));
  strictEqual(found.counts.reduce((a, b) => a + b, 0), 6);
  // two blocks of 1024 bins, one on either side: 1e6 s must fit into 1024 bins
  strictEqual(found.widthS, 1024);
});

Deno.test("lightCurve() does not count what is too far away differently when its bins are joined", () => {
  const acc = lightCurve({ epoch: EPOCH, widthS: 1e-3, maxBins: 1 });
  const events = times(1e20, 0, 1e6, -1e6, Infinity);
  const first = reduced(acc, [events]);
  strictEqual(first.nWithoutTime, 2);
  deepStrictEqual(reduced(acc, [times(0, 1e6, -1e6), times(1e20, Infinity)]), first);
});

Deno.test("lightCurve() takes a long good time in bins too narrow for it in bounded memory", () => {
  const acc = lightCurve({ epoch: EPOCH, widthS: 1e-6, maxBins: 4096 });
  const { widthS, livetimeS } = reduced(acc, [
    createObsStart({ obsId: "", epoch: EPOCH, gti: gtiOf([0, 1e7]) }),
  ]);
  ok(livetimeS.length <= 4096 && widthS > 1e3 && widthS < 1e4, `${widthS}`);
  ok(Math.abs(livetimeS.reduce((a, b) => a + b, 0) - 1e7) < 1e-3);
  throws(
    () =>
      reduced(lightCurve({ epoch: EPOCH, widthS: 1e-9 }), [
        createObsStart({ obsId: "", epoch: EPOCH, gti: gtiOf([0, 1e7]) }),
      ]),
    /wider bins/,
  );
});

Deno.test("lightCurve() counts good time from its own epoch", () => {
  const later = { ...EPOCH, mjdDay: EPOCH.mjdDay + 1 };
  const gti = createGti(later, Float64Array.of(0), Float64Array.of(10));
  const { edgesS } = reduced(lightCurve({ epoch: EPOCH, widthS: 10 }), [
    createObsStart({ obsId: "", epoch: EPOCH, gti }),
  ]);
  deepStrictEqual([...edgesS], [86400, 86410]);
});

Deno.test("lightCurve() refuses widths and origins that make no grid", () => {
  for (const widthS of [0, -1, NaN, Infinity]) {
    throws(() => lightCurve({ epoch: EPOCH, widthS }), RangeError);
  }
  throws(() => lightCurve({ epoch: EPOCH, widthS: 1, originS: NaN }), RangeError);
});

Deno.test("theta2Histogram() counts as separations one at a time do", () => {
  const edgesDeg2 = [0, 0.01, 0.25, 1, 9], acc = theta2Histogram({ ...CENTER, edgesDeg2 });
  const axis = createMapAxis("theta2", edgesDeg2);
  const from = { lonDeg: CENTER.raDeg, latDeg: CENTER.decDeg };
  fc.assert(fc.property(anyStream(), (items) => {
    const bins = new Float64Array(6), ra = numbers(items, "raDeg"), dec = numbers(items, "decDeg");
    ra.forEach((lonDeg, i) =>
      bins[1 + binIndex(axis, separationDeg(from, { lonDeg, latDeg: dec[i]! }) ** 2)]! += 1
    );
    const { counts, underflow, overflow } = reduced(acc, items);
    deepStrictEqual([underflow, ...counts, overflow], [...bins]);
  }));
});

const geom = createWcsGeom({
  skydir: { lonDeg: CENTER.raDeg, latDeg: CENTER.decDeg },
  proj: "TAN",
  binszDeg: [0.5, 0.4],
  npix: [7, 9],
});

Deno.test("countsMap() counts as pixels and bins one event at a time do, weighted or not, sparse or not", () => {
  const energy = createMapAxis("energy", [0.1, 1, 10], { unit: "TeV", interp: "log" });
  const phase = createMapAxis("phase", linearEdges({ low: 0, high: 1, nBins: 3 }));
  const axes = [{ column: "phase", axis: phase }, { column: "energyTeV", axis: energy }];
  const any = fc.tuple(anyStream(), fc.boolean(), fc.boolean());
  fc.assert(fc.property(any, ([items, weighted, sparse]) => {
    const found = reduced(countsMap({ geom, axes, weighted, sparse }), items);
    const data = new Float64Array(3 * 2 * 9 * 7), variance = data.slice();
    const outside: Record<string, number> = {
      sky: 0,
      "phase:under": 0,
      "phase:over": 0,
      "energy:under": 0,
      "energy:over": 0,
    };
    for (const { columns, length } of batchesOf(items)) {
      for (let i = 0; i < length; i++) {
        const position = { lonDeg: columns.raDeg![i]!, latDeg: columns.decDeg![i]! };
        const { ix, iy } = geomPixel(geom, position);
        const e = binIndex(energy, columns.energyTeV![i]!), p = binIndex(phase, columns.phase![i]!);
        if (ix < 0 || iy < 0) outside["sky"]! += 1;
        else if (e < 0 || e > 1) outside[e < 0 ? "energy:under" : "energy:over"]! += 1;
        else if (p < 0 || p > 2) outside[p < 0 ? "phase:under" : "phase:over"]! += 1;
        else {
          const cell = ((p * 2 + e) * 9 + iy) * 7 + ix, w = weighted ? columns.weight![i]! : 1;
          data[cell]! += w;
          variance[cell]! += w * w;
        }
      }
    }
    deepStrictEqual(found.values.shape, [3, 2, 9, 7]);
    deepStrictEqual(found.values.data, data);
    deepStrictEqual(found.variance?.data, weighted ? variance : undefined);
    deepStrictEqual(found.outside, outside);
  }));
});

Deno.test("countsMap() counts large batches in large maps, sparse or weighted, as one event at a time", () => {
  const n = 3000,
    random = mulberry32(5),
    wide = createWcsGeom({
      skydir: { lonDeg: CENTER.raDeg, latDeg: CENTER.decDeg },
      proj: "TAN",
      binszDeg: 0.01,
      npix: [300, 250],
    });
  const column = (make: () => number) => Float64Array.from({ length: n }, make);
  const batch = createEventBatch({
    timeS: new Float64Array(n),
    raDeg: column(() => (CENTER.raDeg + 4 * random() - 2 + 360) % 360),
    decDeg: column(() => CENTER.decDeg + 3 * random() - 1.5),
    weight: column(random),
  });
  const counts = new Float64Array(300 * 250), sums = counts.slice();
  for (let i = 0; i < n; i++) {
    const position = { lonDeg: batch.columns.raDeg![i]!, latDeg: batch.columns.decDeg![i]! };
    const { ix, iy } = geomPixel(wide, position);
    if (ix < 0 || iy < 0) continue;
    counts[iy * 300 + ix]! += 1;
    sums[iy * 300 + ix]! += batch.columns.weight![i]!;
  }
  for (const sparse of [false, true]) {
    const found = reduced(countsMap({ geom: wide, sparse }), [batch]);
    deepStrictEqual(found.values.data, counts);
    strictEqual(found.outside["sky"], n - counts.reduce((a, b) => a + b, 0));
    const weighted = reduced(countsMap({ geom: wide, sparse, weighted: true }), [batch]);
    deepStrictEqual(weighted.values.data, sums);
  }
});

Deno.test("countsMap() refuses axes of one name, absent columns and too many cells", () => {
  const axis = createMapAxis("energy", [1, 2], { interp: "log" });
  const twice = [{ column: "energyTeV", axis }, { column: "phase", axis }];
  throws(() => countsMap({ geom, axes: twice }), TypeError);
  throws(() => reduced(countsMap({ geom }), [times(1)]), /countsMap needs column raDeg/);
  const many = createMapAxis("many", linearEdges({ low: 0, high: 1, nBins: 10_000 }));
  const more = createMapAxis("more", many.edges);
  const large = [{ column: "phase", axis: many }, { column: "weight", axis: more }];
  throws(() => countsMap({ geom, axes: large, sparse: true }), RangeError);
});

Deno.test("phasogram() has every phase in the bin whose edges hold it, for any number of bins", () => {
  for (const nBins of [1, 3, 10, 16, 49, 107, 1000]) {
    const edges = linearEdges({ low: 0, high: 1, nBins }), axis = createMapAxis("phase", edges);
    const below = (x: number) => x * (1 - 2 ** -53);
    const phase = Float64Array.from([...edges, ...edges.map(below), ...edges.map((x) => x + 1e-9)]);
    const batch = createEventBatch({ timeS: new Float64Array(phase.length), phase });
    const counts = new Float64Array(nBins);
    let outside = 0;
    for (const x of phase) {
      const bin = binIndex(axis, x);
      if (bin >= 0 && bin < nBins) counts[bin]! += 1;
      else outside++;
    }
    const found = reduced(phasogram(nBins), [batch]);
    deepStrictEqual([found.counts, found.outside], [counts, outside], `${nBins}`);
    const drift = reduced(phaseogram({ edgesS: [-1, 1], nPhaseBins: nBins }), [batch]);
    deepStrictEqual([drift.counts.data, drift.outside], [counts, outside], `${nBins}`);
  }
});

Deno.test("phasogram() weighs as sums of weights one at a time do", () => {
  fc.assert(fc.property(anyStream(), (items) => {
    const { counts, weighted, errors, backgroundPerBin } = reduced(
      phasogram(5, { weighted: true }),
      items,
    );
    const sums = [new Float64Array(5), new Float64Array(5), new Float64Array(5)];
    let background = 0;
    const axis = createMapAxis("phase", linearEdges({ low: 0, high: 1, nBins: 5 }));
    const weight = numbers(items, "weight");
    numbers(items, "phase").forEach((x, i) => {
      const bin = binIndex(axis, x), w = weight[i]!;
      if (bin < 0 || bin > 4) return;
      [1, w, w * w].forEach((one, k) => sums[k]![bin]! += one);
      background += w * (1 - w);
    });
    deepStrictEqual([counts, weighted, errors], [sums[0], sums[1], sums[2]!.map(Math.sqrt)]);
    strictEqual(backgroundPerBin, background / 5);
  }));
});

Deno.test("phaseSums() leaves events without a phase out, and refuses a wrong number of harmonics", () => {
  const phase = Float64Array.of(0.25, NaN, 0.75, Infinity);
  const batch = createEventBatch({ timeS: new Float64Array(4), phase });
  const { n, outside, cos } = reduced(phaseSums({ maxHarmonic: 2 }), [batch]);
  deepStrictEqual([n, outside, cos[1]], [2, 2, -2]);
  for (const maxHarmonic of [0, 1.5, 4097, NaN]) {
    throws(() => phaseSums({ maxHarmonic }), RangeError);
  }
});

Deno.test("keyedBy() gives every key the events with it and all exposure, NaN last", () => {
  const keys = { name: "type", keysOf: (batch: ReturnType<typeof times>) => batch.columns.phase! };
  const batch = createEventBatch({
    timeS: Float64Array.of(1, 2, 3, 4, 5),
    phase: Float64Array.of(NaN, 2, 1, NaN, 2),
  });
  const beat = createHeartbeat({ timeS: 10, fromS: 0, livetimeS: 5 });
  const curves = reduced(keyedBy(lightCurve({ epoch: EPOCH, widthS: 10 }), keys), [batch, beat]);
  deepStrictEqual([...curves.keys()], [1, 2, NaN]);
  deepStrictEqual([...curves.values()].map(({ counts: [n] }) => n), [1, 2, 2]);
  deepStrictEqual([...curves.values()].map(({ livetimeS: [s] }) => s), [5, 5, 5]);
});

Deno.test("keyedBy() refuses too many keys, too few keys and parts that must be in order", () => {
  const keysOf = (batch: ReturnType<typeof times>) => batch.columns.timeS;
  const few = keyedBy(account(), { name: "few", keysOf, maxKeys: 2 });
  throws(() => reduced(few, [times(1, 2, 3)]), /More than 2 keys/);
  const short = keyedBy(account(), { name: "short", keysOf: () => [1] });
  throws(() => reduced(short, [times(1, 2, 3)]), /1 keys for 3 events/);
  const ordered = { ...account(), order: "time" as const };
  throws(() => keyedBy(ordered, { name: "t", keysOf }), TypeError);
});

Deno.test("windowed() gives every window the events and the exposure that lie in it", () => {
  const inner = lightCurve({ epoch: EPOCH, widthS: 5 });
  const windows = fc.constantFrom({ widthS: 100 }, { widthS: 90, stepS: 30, originS: 7 });
  fc.assert(
    fc.property(anyStream({ finiteTimes: true }), windows, (items, options) => {
      const t = numbers(items, "timeS"), found = reduced(windowed(inner, options), items);
      const whole = reduced(windowed(exposureSum(), options), items);
      let last = -Infinity;
      for (const { startS, stopS, result } of found) {
        ok(startS > last && Math.abs(stopS - startS - options.widthS) < 1e-9);
        last = startS;
        const counts = result.counts.reduce((a, b) => a + b, 0);
        strictEqual(counts, t.filter((x) => x >= startS && x < stopS).length);
        const live = result.livetimeS.reduce((a, b) => a + b, 0);
        const expected = whole.find((one) => one.startS === startS)?.result.livetimeS ?? 0;
        ok(Math.abs(live - expected) < 1e-9, `${live} ${expected}`);
      }
      // each event is in width/step windows
      const n = found.reduce(
        (sum, { result }) => sum + result.counts.reduce((a, b) => a + b, 0),
        0,
      );
      strictEqual(n, t.length * Math.round(options.widthS / (options.stepS ?? options.widthS)));
    }),
    { numRuns: 40 },
  );
});

Deno.test("windowed() cuts exposure at the edges of windows", () => {
  const acc = windowed(exposureSum(), { widthS: 10 });
  const found = reduced(acc, [
    createObsStart({
      obsId: "",
      epoch: EPOCH,
      gti: gtiOf([5, 12], [15, 20]),
      deadTimeFraction: 0.5,
    }),
    createHeartbeat({ timeS: 40, fromS: 20, livetimeS: 10 }),
  ]);
  deepStrictEqual(found.map(({ startS, result }) => [startS, result.livetimeS]), [
    [0, 2.5],
    [10, 3.5],
    [20, 5],
    [30, 5],
  ]);
});

Deno.test("windowed() closes windows once, counts what is late, and does not merge what it would lose", () => {
  const acc = windowed(account(), { widthS: 10, stepS: 5 }), state = acc.create();
  acc.add(state, times(1, 6, 11));
  deepStrictEqual(acc.close(state, 9.9).map((one) => one.startS), [-5]);
  deepStrictEqual(acc.close(state, 10).map(({ startS, result }) => [startS, result.used]), [[
    0,
    2,
  ]]);
  deepStrictEqual(acc.close(state, 10), []);
  acc.add(state, times(3, 6, NaN));
  strictEqual(state.late, 2); // 6 s is still in [5, 15)
  const other = fold(acc, [times(2)]), before = acc.snapshot(state);
  throws(() => acc.merge(state, other), /merge first, then close/);
  deepStrictEqual(acc.snapshot(state), before);
  acc.merge(state, fold(acc, [times(30)]));
  deepStrictEqual(
    acc.close(state, Infinity).map(({ startS, result }) => [startS, result.used]),
    [[5, 3], [10, 1], [25, 1], [30, 1]],
  );
});

Deno.test("windowed() is bounded, and refuses windows that do not fit", () => {
  const acc = windowed(account(), { widthS: 1, maxSteps: 3 });
  throws(() => reduced(acc, [times(1, 2, 3, 4)]), /More than 3 steps/);
  const long = createObsStart({ obsId: "", epoch: EPOCH, gti: gtiOf([0, 1e12]) });
  throws(() => reduced(acc, [long]), /More than 3 steps/);
  const beat = createHeartbeat({ timeS: 1e18, fromS: 1e17, livetimeS: 1 });
  throws(() => reduced(acc, [beat]), /longer ones/);
  for (const options of [{ widthS: 0 }, { widthS: 10, stepS: 3 }, { widthS: Infinity }]) {
    throws(() => windowed(account(), options), RangeError);
  }
  throws(() => windowed(account(), { widthS: 1, originS: NaN }), RangeError);
});
