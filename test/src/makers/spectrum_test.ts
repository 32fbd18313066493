import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { createEventBatch, createGti, gtiSumS, withColumns } from "../../../src/events/mod.ts";
import { splitEventTypes } from "../../../src/data/mod.ts";
import { type MetaQuery, selectDatasets } from "../../../src/datasets/mod.ts";
import { createIrf } from "../../../src/irf/mod.ts";
import { createMapAxis, logEdges } from "../../../src/nddata/mod.ts";
import { makeSpectrum, reduceSpectrum, restrictToSafe } from "../../../src/makers/mod.ts";
import { dataTest } from "../../_tools/data_io.ts";
import { CRAB, hess, magic, MAGIC_FILES, observation } from "./_spectra.ts";

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

dataTest("reduceSpectrum().during() adds up to the whole", [hess(23523)], async () => {
  const run = await observation(hess(23523)), { gti } = run;
  const { dataset, during } = reduceSpectrum(run, CRAB.options);
  const start = gti.startS[0]!, stop = gti.stopS[gti.stopS.length - 1]!;
  const cuts = [start - 10, start + 100.5, start + 700, stop - 1, stop + 1e-3];
  const parts = cuts.slice(1).map((end, k) =>
    during(createGti(gti.epoch, Float64Array.of(cuts[k]!), Float64Array.of(end)))
  );
  for (let j = 0; j < dataset.energy.nBins; j++) {
    strictEqual(sum(parts.map((one) => one.counts[j]!)), dataset.counts[j]);
    strictEqual(sum(parts.map((one) => one.off!.counts[j]!)), dataset.off!.counts[j]);
  }
  const near = (found: number, wanted: number) => ok(Math.abs(found / wanted - 1) < 1e-12);
  near(sum(parts.map((one) => one.livetimeS)), dataset.livetimeS);
  near(sum(parts.map((one) => gtiSumS(one.gti!))), gtiSumS(gti));
  near(sum(parts.map((one) => sum(one.exposureCm2S))), sum(dataset.exposureCm2S));
});

dataTest("reduceSpectrum().during() is empty outside of good time", [hess(23523)], async () => {
  const run = await observation(hess(23523));
  const { during } = reduceSpectrum(run, CRAB.options), { epoch, startS } = run.gti;
  const before = createGti(epoch, Float64Array.of(startS[0]! - 500), Float64Array.of(startS[0]!));
  const { counts, livetimeS, exposureCm2S } = during(before);
  deepStrictEqual([sum(counts), livetimeS, sum(exposureCm2S)], [0, 0, 0]);
});

dataTest("makeSpectrum() takes a known background from the response", [hess(23523)], async () => {
  const run = await observation(hess(23523));
  const known = makeSpectrum(run, { ...CRAB.options, background: { method: "irf" } });
  const { off } = makeSpectrum(run, CRAB.options);
  strictEqual(known.off, undefined);
  // The response and the off regions are measurements of one thing: 18.7 counts, within their scatter.
  const measured = sum(off!.counts) / off!.acceptanceOff[0]!;
  ok(
    Math.abs(sum(known.background!) / measured - 1) < 0.5,
    `${sum(known.background!)} ${measured}`,
  );
});

dataTest("makeSpectrum() splits events of a region by phase", [hess(23523)], async () => {
  const run = await observation(hess(23523)), n = run.events.length;
  const phase = Float64Array.from({ length: n }, (_, i) => (i % 10) / 10);
  const events = withColumns(run.events, { ...run.events.columns, phase });
  const { counts, off } = makeSpectrum({ ...run, events }, {
    ...CRAB.options,
    background: { method: "phase", on: [[0, 0.2]], off: [[0.5, 1]] },
  });
  const whole = sum(makeSpectrum(run, CRAB.options).counts);
  deepStrictEqual([off!.acceptance[0], off!.acceptanceOff[0]], [0.2, 0.5]);
  ok(sum(counts) + sum(off!.counts) < whole);
  ok(Math.abs(sum(counts) - 0.2 * whole) < 3 * Math.sqrt(0.2 * 0.8 * whole));
  ok(Math.abs(sum(off!.counts) - 0.5 * whole) < 3 * Math.sqrt(0.5 * 0.5 * whole));
});

dataTest("makeSpectrum() refuses regions of points that overlap", MAGIC_FILES, async () => {
  const run = await observation(MAGIC_FILES[0]!);
  throws(
    () =>
      makeSpectrum(run, { ...magic(1).options, background: { method: "wobble", nRegions: 16 } }),
    /overlap at .* TeV/,
  );
});

dataTest("makeSpectrum() names what an observation lacks", [hess(23523)], async () => {
  const run = await observation(hess(23523)), { irfs } = run;
  throws(
    () => makeSpectrum({ ...run, pointing: undefined }, CRAB.options),
    /23523 has no pointing/,
  );
  throws(
    () => makeSpectrum({ ...run, irfs: { ...irfs, aeff: undefined } }, CRAB.options),
    /23523 has no effective area/,
  );
  throws(
    () => makeSpectrum({ ...run, irfs: { ...irfs, psf: undefined } }, CRAB.options),
    /set containment to false/,
  );
  const events = createEventBatch({ timeS: Float64Array.of(1) });
  throws(() => makeSpectrum({ ...run, events }, CRAB.options), /raDeg/);
});

dataTest("restrictToSafe() finds the range by each of its methods", [hess(23523)], async () => {
  const run = await observation(hess(23523));
  const dataset = makeSpectrum(run, { ...CRAB.options, background: { method: "irf" } });
  const first = (one: typeof dataset) => one.energy.edges[one.validSafe.indexOf(1)]!;
  const all = restrictToSafe(dataset, { method: "aeff-max", percent: 0.01 });
  ok(first(restrictToSafe(dataset, { method: "aeff-max", percent: 50 })) > first(all));
  const biased = restrictToSafe(dataset, { method: "edisp-bias", percent: 10 });
  // Of gammapy.makers.SafeMaskMaker(["edisp-bias"], bias_percent=10), Gammapy 1.0.
  ok(Math.abs(first(biased) - 1.1484140972154198) < 1e-12, String(first(biased)));
  const byKeywords = restrictToSafe(dataset, { method: "aeff-default", aeff: run.irfs.aeff! });
  ok(Math.abs(first(byKeywords) - 0.9198688719186309) < 1e-12, String(first(byKeywords)));
  const peak = restrictToSafe(dataset, { method: "bkg-peak" });
  const { background } = dataset;
  strictEqual(peak.validSafe.indexOf(1), background!.indexOf(Math.max(...background!)));
  const both = restrictToSafe(biased, { method: "energies", rangeTeV: [0.1, 10] });
  strictEqual(first(both), first(biased));
  ok(both.energy.edges[both.validSafe.lastIndexOf(1) + 1]! <= 10);
});

dataTest("restrictToSafe() knows bounds of offset and of bias", [hess(23523)], async () => {
  const run = await observation(hess(23523));
  const { dataset, offsetDeg } = reduceSpectrum(run, CRAB.options);
  ok(Math.abs(offsetDeg - 0.4956) < 1e-3, String(offsetDeg));
  const nSafe = (range: Parameters<typeof restrictToSafe>[1]) =>
    sum(restrictToSafe(dataset, range).validSafe);
  strictEqual(nSafe({ method: "offset-max", offsetDeg, maxDeg: 0.6 }), dataset.energy.nBins);
  strictEqual(nSafe({ method: "offset-max", offsetDeg, maxDeg: 0.4 }), 0);
  strictEqual(nSafe({ method: "edisp-bias", percent: 1e9 }), dataset.energy.nBins);
  strictEqual(nSafe({ method: "edisp-bias", percent: -100 }), 0);
});

/** Radii that fall with the energy. */
const radMax = createIrf("rad-max", [
  createMapAxis("energy", logEdges({ low: 0.1, high: 100, nBins: 3 }), {
    unit: "TeV",
    interp: "log",
  }),
  createMapAxis("offset", [0, 3], { unit: "deg" }),
], { data: Float64Array.of(0.2, 0.15, 0.1) });

dataTest("makeSpectrum() takes radii that depend on the energy", [hess(23523)], async () => {
  const run = await observation(hess(23523)), circle = CRAB.options.region;
  ok(circle.kind === "circle");
  const point = { kind: "point", frame: "icrs", lonDeg: 83.63, latDeg: 22.01 } as const;
  const background = { method: "wobble", nRegions: 3 } as const;
  const whole = makeSpectrum(run, { ...CRAB.options, region: point, radMax, background });
  // In each decade it is what a circle of that decade's radius gives.
  [0.2, 0.15, 0.1].forEach((radiusDeg, decade) => {
    const one = makeSpectrum(run, {
      ...CRAB.options,
      region: { ...circle, radiusDeg },
      background,
    });
    const decadeOf = (e: number) => Math.floor(Math.log10(e) + 1), { edges } = whole.energy;
    whole.energy.centers.forEach((e, j) => {
      if (decadeOf(edges[j]!) !== decade || decadeOf(edges[j + 1]!) !== decade) return;
      deepStrictEqual(
        [whole.counts[j], whole.off!.counts[j]],
        [one.counts[j], one.off!.counts[j]],
        `${e} TeV`,
      );
    });
    whole.energyTrue.centers.forEach((e, i) => {
      if (decadeOf(e) !== decade) return;
      strictEqual(whole.exposureCm2S[i], one.exposureCm2S[i], `${e} TeV`);
    });
  });
  throws(
    () =>
      makeSpectrum(run, {
        ...CRAB.options,
        region: point,
        radMax,
        background: { ...background, nRegions: 12 },
      }),
    /overlap at .* TeV/,
  );
});

dataTest("makeSpectrum() of kinds of events adds up, and datasets are found by what is known", [
  hess(23523),
], async () => {
  const run = await observation(hess(23523)), n = run.events.length;
  const eventType = Uint32Array.from({ length: n }, (_, i) => 1 << (i % 3));
  const typed = { ...run, events: withColumns(run.events, { ...run.events.columns, eventType }) };
  const parts = splitEventTypes(typed, { sharp: { bits: 1 }, blurred: { bits: 6 } });
  const datasets = [...parts.values()].map((one) => makeSpectrum(one, CRAB.options));
  deepStrictEqual(datasets.map((one) => one.name), ["23523-sharp", "23523-blurred"]);
  const whole = makeSpectrum(run, CRAB.options);
  deepStrictEqual(whole.counts, datasets[0]!.counts.map((x, j) => x + datasets[1]!.counts[j]!));
  const names = (query: MetaQuery) =>
    selectDatasets([...datasets, whole], query).map((one) => one.name);
  deepStrictEqual(names({ eventType: ["sharp"] }), ["23523-sharp"]);
  deepStrictEqual(names({ zenithDeg: [40, 50], obsId: ["23523"] }).length, 3);
  deepStrictEqual(names({ zenithDeg: [0, 40] }), []);
});

dataTest("reduceSpectrum().inPhases() adds up to the whole", [hess(23523)], async () => {
  const run = await observation(hess(23523)), n = run.events.length;
  const phase = Float64Array.from({ length: n }, (_, i) => (i * 0.618) % 1);
  const phased = { ...run, events: withColumns(run.events, { ...run.events.columns, phase }) };
  const bins = [[0, 0.25], [0.25, 0.7], [0.7, 1]] as const;
  const { dataset, inPhases } = reduceSpectrum(phased, CRAB.options);
  const parts = bins.map((one) => inPhases([one]));
  const total = (of: (one: typeof dataset) => Float64Array) =>
    dataset.counts.map((_, j) => parts.reduce((a, one) => a + of(one)[j]!, 0));
  deepStrictEqual(total((one) => one.counts), dataset.counts);
  deepStrictEqual(total((one) => one.off!.counts), dataset.off!.counts);
  ok(Math.abs(sum(parts.map((one) => one.livetimeS)) - dataset.livetimeS) < 1e-9);
  ok(Math.abs(parts[1]!.exposureCm2S[20]! / dataset.exposureCm2S[20]! - 0.45) < 1e-12);

  const background = { method: "phase", on: [[0, 0.5]], off: [[0.5, 1]] } as const;
  const pulsed = reduceSpectrum(phased, { ...CRAB.options, background });
  const peak = pulsed.inPhases([[0.1, 0.2]]);
  deepStrictEqual(peak.off!.counts, pulsed.dataset.off!.counts);
  deepStrictEqual([peak.off!.acceptance[0], peak.off!.acceptanceOff[0]], [0.1, 0.5]);
  throws(() => reduceSpectrum(run, CRAB.options).inPhases([[0, 1]]), /phase/);
});
