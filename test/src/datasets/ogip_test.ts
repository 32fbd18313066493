import assert from "node:assert/strict";
import {
  alphaOf,
  changeSpectrumDataset,
  createSpectrumDataset,
  fitSpectrum,
  ogipFiles,
  readOgip,
  type SpectrumDataset,
  spectrumObjective,
  spectrumPredictor,
  stackSpectra,
  validBins,
  writeOgip,
} from "../../../src/datasets/mod.ts";
import type { ColumnInput } from "../../../src/fits/mod.ts";
import { cutoffPowerLaw, logParabola, powerLaw } from "../../../src/models/mod.ts";
import { binsInside } from "../../../src/nddata/mod.ts";
import { agrees, dataFile, dataTest, referenceTest } from "../../_tools/data_io.ts";
import { closeTo, energy, energyTrue, made } from "./_ogip_made.ts";

const SPECTRA = "joint-crab/results/spectra";

async function jointCrab(instrument: string): Promise<SpectrumDataset[]> {
  const folder = dataFile(`${SPECTRA}/${instrument}`);
  const names = [...Deno.readDirSync(folder)].map((entry) => entry.name)
    .filter((name) => name.startsWith("pha_")).sort();
  return await Promise.all(
    names.map((name) =>
      readOgip(`${folder}/${name}`, { name: `${instrument}_${name.slice(4, -5)}` })
    ),
  );
}

/** Bins wholly inside an energy range, TeV. */
function fitted(dataset: SpectrumDataset, range: readonly [number, number]): SpectrumDataset {
  const [start, stop] = binsInside(dataset.energy, range);
  return changeSpectrumDataset(dataset, {
    validFit: new Uint8Array(dataset.energy.nBins).fill(1, start, stop),
  });
}

const sum = (values: ArrayLike<number>, where?: Uint8Array): number => {
  let total = 0;
  for (let j = 0; j < values.length; j++) if (where?.[j] !== 0) total += values[j]!;
  return total;
};

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  hess: [0.66, 30],
  magic: [0.08, 30],
  fact: [0.4, 30],
};

for (const [instrument, range] of Object.entries(RANGES)) {
  const id = `spectra.jointcrab.${instrument}`;
  referenceTest("gammapy.json", id, [`${SPECTRA}/${instrument}`], async (reference) => {
    assert.match(reference.description ?? "", new RegExp(`\\(${range.join(", ")}\\)`));
    const datasets = (await jointCrab(instrument)).map((one) => fitted(one, range));
    const start = logParabola({ amplitude: 4e-11, alpha: 2.5, beta: 0.1 });
    const { result } = fitSpectrum(datasets, start);
    const named = (name: string) => result.parameters.find((one) => one.name === name)!;
    const values = result.parameters.map((one) => one.value);
    const sources = [{ rule: start.rule, places: values.map((_, k) => k) }];
    const valid = datasets.map(validBins), ln10 = Math.LN10;
    const edge = (k: number, dataset: SpectrumDataset) =>
      k === 0
        ? dataset.energy.edges[valid[datasets.indexOf(dataset)]!.indexOf(1)]!
        : dataset.energy.edges[valid[datasets.indexOf(dataset)]!.lastIndexOf(1) + 1]!;
    const found: Record<string, unknown> = {
      names: datasets.map((one) => one.name),
      n_on: datasets.map((one, d) => sum(one.counts, valid[d])),
      n_off: datasets.map((one, d) => sum(one.off!.counts, valid[d])),
      n_bins: valid.map((one) => sum(one)),
      n_on_all: datasets.map((one) => sum(one.counts)),
      livetime_s: datasets.map((one) => one.livetimeS),
      fit_energy_min_TeV: datasets.map((one) => edge(0, one)),
      fit_energy_max_TeV: datasets.map((one) => edge(1, one)),
      total_stat: result.stat,
      success: result.converged,
      amplitude: named("amplitude").value,
      amplitude_err: named("amplitude").error,
      alpha: named("alpha").value,
      alpha_err: named("alpha").error,
      beta: named("beta").value,
      beta_err: named("beta").error,
      beta_log10: named("beta").value * ln10,
      beta_log10_err: named("beta").error * ln10,
      stat_per_dataset: datasets.map((one) =>
        spectrumObjective([one], sources, result.parameters).value(Float64Array.from(values))
      ),
    };
    assert.deepEqual(Object.keys(found).sort(), Object.keys(reference.expected).sort());
    for (const [name, expected] of Object.entries(reference.expected)) {
      agrees(found[name], expected, reference.tol[name]!, `${id} ${name}`);
    }
  });
}

/** Holds a number against a published one. */
function near(found: number, expected: number, rtol: number): void {
  assert.ok(Math.abs(found - expected) <= rtol * Math.abs(expected), `${found} for ${expected}`);
}

dataTest("readOgip() gives the fits of Gammapy's own tests", [`${SPECTRA}/hess`], async () => {
  const [first, , , last] = await jointCrab("hess");
  const start = powerLaw({ amplitude: 1e-12, index: 2 });
  const one = fitSpectrum([first!], start);
  const [index, amplitude] = ["index", "amplitude"].map((name) =>
    one.result.parameters.find((p) => p.name === name)!
  );
  near(index!.value, 2.817, 1e-3);
  near(index!.error, 0.149633, 1e-3);
  near(amplitude!.value, 5.142e-11, 1e-3);
  near(amplitude!.error, 6.423139e-12, 1e-3);
  near(one.result.stat, 38.343, 1e-3);
  const { rule, parameters } = one.model, signal = new Float64Array(first!.energy.nBins);
  const places = parameters.map((_, k) => k);
  spectrumPredictor(first!, [{ rule, places }], places.length)
    .signalInto(parameters.map((p) => p.value), signal);
  near(signal[60]!, 0.6102, 1e-3);
  const parameter = (fit: typeof one, name: string) =>
    fit.result.parameters.find((p) => p.name === name)!.value;
  const curved = cutoffPowerLaw({ amplitude: 1e-12, index: 2, lambdaPerTeV: 0.1 });
  near(parameter(fitSpectrum([first!], curved), "lambda_"), 0.145215, 1e-2);
  const joint = fitSpectrum([first!, last!], start);
  near(parameter(joint, "index"), 2.7806, 1e-3);
  near(parameter(joint, "amplitude"), 5.2e-11, 1e-3);
  const stacked = fitSpectrum([stackSpectra([first!, last!])], start);
  near(parameter(stacked, "index"), 2.7767, 1e-3);
  near(parameter(stacked, "amplitude"), 5.191e-11, 1e-3);
  const without = changeSpectrumDataset(first!, { edisp: undefined });
  assert.ok(Math.abs(parameter(fitSpectrum([without], start), "index") - 2.7961) <= 0.02);
});

dataTest("readOgip() gives the stack of Gammapy's own tests", [`${SPECTRA}/hess`], async () => {
  const datasets = await jointCrab("hess"), safe = datasets.map((one) => one.validSafe);
  assert.deepEqual(datasets.map((one, d) => sum(one.counts, safe[d])), [124, 126, 119, 90]);
  near(stackSpectra(datasets).livetimeS, 6313.8116406202325, 1e-7);
  const background = datasets.map(({ off }, d) => {
    const alpha = alphaOf(off!);
    return sum(off!.counts.map((n, j) => n * alpha[j]!), safe[d]);
  });
  near(background[0]!, 7.666, 1e-3);
  near(background[1]!, 8.583, 1e-3);
  const { rule, parameters } = powerLaw({ amplitude: 3.8e-11, index: 2.5 });
  const sources = [{ rule, places: parameters.map((_, k) => k) }];
  const stat = spectrumObjective(datasets.slice(0, 2), sources, parameters)
    .value(Float64Array.from(parameters, (p) => p.value));
  near(stat, 87.928542, 1e-6);
});

for (const format of ["ogip", "ogip-sherpa"] as const) {
  Deno.test(`readOgip() reads back what writeOgip() wrote as ${format}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const path = await writeOgip(folder, made, { format, stem: "pha_obs23523" });
      assert.deepEqual([...Deno.readDirSync(folder)].map((one) => one.name).sort(), [
        "pha_obs23523.fits",
        "pha_obs23523_arf.fits",
        "pha_obs23523_bkg.fits",
        "pha_obs23523_rmf.fits",
      ]);
      const back = await readOgip(path);
      assert.equal(back.name, "23523");
      assert.deepEqual(back.counts, made.counts);
      assert.deepEqual(back.off, made.off);
      assert.deepEqual(back.validSafe, made.validSafe);
      assert.equal(back.livetimeS, made.livetimeS);
      assert.deepEqual(back.meta, made.meta);
      assert.deepEqual(back.gti, made.gti);
      const rtol = format === "ogip" ? 0 : 1e-15;
      closeTo(back.energy.edges, energy.edges, rtol);
      closeTo(back.energyTrue.edges, energyTrue.edges, rtol);
      closeTo(back.exposureCm2S, made.exposureCm2S, 1e-15);
      closeTo(
        back.edisp!.values.data as Float64Array,
        made.edisp!.values.data as Float64Array,
        2 ** -24,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

dataTest("writeOgip() keeps the fit of a real spectrum", [`${SPECTRA}/magic`], async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [dataset] = await jointCrab("magic"), start = powerLaw({ amplitude: 4e-11, index: 2.5 });
    const back = await readOgip(await writeOgip(folder, dataset!));
    const stat = (one: SpectrumDataset) => fitSpectrum([one], start).result.stat;
    near(stat(back), stat(dataset!), 1e-9);
    assert.equal(back.name, dataset!.name);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("ogipFiles() writes energies in keV unless asked for TeV", () => {
  const unit = (format?: "ogip" | "ogip-sherpa") => {
    const [pha] = ogipFiles(made, format === undefined ? {} : { format });
    const bounds = pha!.hdus[1] as { columns: readonly ColumnInput[] };
    return bounds.columns.map((column) => column.unit);
  };
  assert.deepEqual(unit(), [undefined, "keV", "keV"]);
  assert.deepEqual(unit("ogip"), [undefined, "TeV", "TeV"]);
});

Deno.test("ogipFiles() refuses what the format cannot hold", () => {
  const { name, counts, exposureCm2S } = made;
  const bare = { name, energy, energyTrue, counts, exposureCm2S };
  const known = createSpectrumDataset({ ...bare, livetimeS: 1, background: new Float64Array(6) });
  assert.throws(() => ogipFiles(known), { name: "TypeError", message: /known background/ });
  assert.throws(() => ogipFiles(createSpectrumDataset(bare)), /live time of NaN/);
  assert.throws(() => ogipFiles(made, { stem: "../a" }), /without a folder/);
});
