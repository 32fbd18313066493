import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { createEventBatch, createGti, gtiSumS, withColumns } from "../../../src/events/mod.ts";
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
