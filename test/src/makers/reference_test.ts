import { deepStrictEqual, ok } from "node:assert/strict";
import {
  alphaOf,
  changeSpectrumDataset,
  createFluxPointsDataset,
  createSpectrumDataset,
  fitSpectrum,
  fluxPointsObjective,
  type SpectrumDataset,
  spectrumPredictor,
  stackSpectra,
} from "../../../src/datasets/mod.ts";
import {
  estimateFluxPoints,
  estimateLightCurve,
  estimateSensitivity,
  fluxColumns,
  type FluxPoints,
} from "../../../src/estimators/mod.ts";
import { readObservation } from "../../../src/data/mod.ts";
import { createRegionGeom } from "../../../src/maps/mod.ts";
import {
  backgroundMap,
  containmentRadiusDeg,
  edispKernelAt,
  evaluateIrfGrid,
  readIrfFile,
} from "../../../src/irf/mod.ts";
import { createGti } from "../../../src/events/mod.ts";
import { changeParameter, fit } from "../../../src/fit/mod.ts";
import { makeSpectrum, restrictToSafe } from "../../../src/makers/mod.ts";
import {
  createSpectralModel,
  linearErrors,
  type SpectralModel,
  spectralModels,
  withParameters,
} from "../../../src/models/mod.ts";
import { energyAxis } from "../../../src/nddata/mod.ts";
import { excessStatistics } from "../../../src/stats/mod.ts";
import { agrees, dataFile, type ReferenceCase, referenceTest } from "../../_tools/data_io.ts";
import { type Campaign, CRAB, hess, magic, PKS0548, reduced, reductions } from "./_spectra.ts";

const sum = (values: ArrayLike<number>, valid?: Uint8Array) =>
  Array.from(values).reduce((total, x, j) => total + (valid?.[j] === 0 ? 0 : x), 0);

const model = (kind: string) =>
  createSpectralModel(spectralModels.lookup("spectral", kind), { reference: 1 });

function compare(reference: ReferenceCase, found: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(reference.expected)) {
    if (!(name in found)) throw new Error(`${reference.id}: ${name} is not compared`);
    agrees(found[name], value, reference.tol[name] ?? {}, `${reference.id} ${name}`);
  }
}

/** Columns of the table of runs. */
function runsOf(datasets: readonly SpectrumDataset[]): Record<string, unknown> {
  const edge = ({ validSafe, energy }: SpectrumDataset, last: boolean) =>
    energy.edges[last ? validSafe.lastIndexOf(1) + 1 : validSafe.indexOf(1)];
  const at1TeV = ({ energyTrue: { centers }, exposureCm2S }: SpectrumDataset) => {
    const k = centers.findIndex((e) => e > 1);
    const u = Math.log(1 / centers[k - 1]!) / Math.log(centers[k]! / centers[k - 1]!);
    return ((1 - u) * exposureCm2S[k - 1]! + u * exposureCm2S[k]!) / 1e4;
  };
  return {
    obs_id: datasets.map((one) => Number(one.name)),
    livetime_s: datasets.map((one) => one.livetimeS),
    n_on_total: datasets.map((one) => sum(one.counts)),
    n_off_total: datasets.map((one) => sum(one.off!.counts)),
    n_on_safe: datasets.map((one) => sum(one.counts, one.validSafe)),
    n_off_safe: datasets.map((one) => sum(one.off!.counts, one.validSafe)),
    n_off_regions: datasets.map((one) => one.off!.acceptanceOff[0]),
    alpha_max: datasets.map((one) => Math.max(...alphaOf(one.off!))),
    safe_energy_min_TeV: datasets.map((one) => edge(one, false)),
    safe_energy_max_TeV: datasets.map((one) => edge(one, true)),
    exposure_1TeV_m2s: datasets.map(at1TeV),
    exposure_sum_m2s: datasets.map((one) => sum(one.exposureCm2S) / 1e4),
    counts: datasets.map((one) => one.counts),
    counts_off: datasets.map((one) => one.off!.counts),
  };
}

function signalOf(dataset: SpectrumDataset, { rule, parameters }: SpectralModel): Float64Array {
  const signal = new Float64Array(dataset.energy.nBins), places = parameters.map((_, k) => k);
  spectrumPredictor(dataset, [{ rule, places }], places.length)
    .signalInto(parameters.map((one) => one.value), signal);
  return signal;
}

/** A fit's columns as the reference has them. */
function fitOf(datasets: readonly SpectrumDataset[], kind: string): Record<string, unknown> {
  const { result, model: best } = fitSpectrum(datasets, model(kind));
  const flux = linearErrors(best, result.covariance).flux(1, 10), n = best.parameters.length;
  const found: Record<string, unknown> = {
    success: result.converged,
    total_stat: result.stat,
    flux_1_10TeV: flux.value,
    flux_1_10TeV_err: flux.errp,
    npred_signal_total: datasets.reduce(
      (total, one) => total + sum(signalOf(one, best), one.validSafe),
      0,
    ),
    covariance: Array.from(
      { length: n },
      (_, i) => Array.from({ length: n }, (_, j) => result.covariance.get(i, j)),
    ),
    covariance_names: best.parameters.map((one) => one.name),
  };
  for (const { name, value, error } of best.parameters) {
    found[name] = value;
    found[`${name}_err`] = error;
  }
  return found;
}

/** The stack's energy dispersion weighted by exposures without containment, as the reference has it. */
async function otherEdisp(campaign: Campaign) {
  const datasets = await reduced(campaign);
  const whole = await reduced(campaign, { containment: false });
  return stackSpectra(
    whole.map((one, k) => changeSpectrumDataset(one, { validSafe: datasets[k]!.validSafe })),
  ).edisp;
}

for (const [name, campaign] of Object.entries({ crab_hess: CRAB, pks0548_hess: PKS0548 })) {
  referenceTest("gammapy.json", `spectra.${name}.onoff`, campaign.files, async (reference) => {
    compare(reference, runsOf(await reduced(campaign)));
  });
  referenceTest(
    "gammapy.json",
    `spectra.${name}.stacked_counts`,
    campaign.files,
    async (reference) => {
      const stacked = stackSpectra(await reduced(campaign)), { counts, off, validSafe } = stacked;
      const alpha = alphaOf(off!), nOn = sum(counts), nOff = sum(off!.counts);
      const background = off!.counts.map((count, j) => alpha[j]! * count);
      const excess = nOn - sum(background);
      compare(reference, {
        counts,
        counts_off: off!.counts,
        alpha,
        mask_safe: validSafe,
        exposure_m2s: stacked.exposureCm2S.map((x) => x / 1e4),
        n_on: nOn,
        n_off: nOff,
        excess,
        sqrt_ts: excessStatistics({ nOn, nOff, alpha: sum(background) / nOff }).sqrtTs,
      });
    },
  );
  const kinds = campaign === CRAB ? ["pl", "ecpl", "lp"] : ["pl"];
  for (const kind of kinds) {
    referenceTest(
      "gammapy.json",
      `spectra.${name}.fit.joint.${kind}`,
      campaign.files,
      async (reference) => compare(reference, fitOf(await reduced(campaign), kind)),
    );
    // The reference weights energy dispersions by exposures without containment.
    referenceTest(
      "gammapy.json",
      `spectra.${name}.fit.stacked.${kind}`,
      campaign.files,
      async (reference) => {
        const stacked = stackSpectra(await reduced(campaign)), edisp = await otherEdisp(campaign);
        compare(reference, fitOf([changeSpectrumDataset(stacked, { edisp })], kind));
      },
    );
  }
}

referenceTest(
  "gammapy.json",
  "spectra.crab_hess.stacked_counts",
  CRAB.files,
  async () => {
    const datasets = await reduced(CRAB), stacked = stackSpectra(datasets);
    const signal = signalOf(stacked, model("pl")), apart = new Float64Array(signal.length);
    for (const one of datasets) {
      signalOf(one, model("pl")).forEach((x, j) => apart[j] = apart[j]! + (one.validSafe[j]! && x));
    }
    // What is expected of the sum is the sum of what is expected: with the reference's weights it is not.
    signal.forEach((x, j) => ok(Math.abs(x - apart[j]!) <= 1e-12 * apart[j]!));
    const edisp = await otherEdisp(CRAB);
    const other = signalOf(changeSpectrumDataset(stacked, { edisp }), model("pl"));
    ok(other.some((x, j) => Math.abs(x - apart[j]!) > 1e-3 * apart[j]!));
  },
);

for (const nOff of [1, 3]) {
  const id = `spectra.magic_pointlike_${nOff}off`, { files } = magic(nOff);
  referenceTest("gammapy.json", `${id}.onoff`, files, async (reference) => {
    compare(reference, runsOf(await reduced(magic(nOff))));
  });
  for (const kind of ["pl", "lp"]) {
    referenceTest("gammapy.json", `${id}.fit.${kind}`, files, async (reference) => {
      compare(reference, fitOf(await reduced(magic(nOff)), kind));
    });
  }
}

/** Where the reference has one number a dataset, their sum is compared: estimates hold all together. */
function comparePoints(reference: ReferenceCase, points: FluxPoints): void {
  const { value, err, errn, errp, ul } = fluxColumns(points, "dnde"), { energy } = points;
  const total = (list: unknown) =>
    (list as ((number | null)[] | null)[]).map((row) =>
      row === null || row.some((x) => x === null) ? null : sum(row as number[])
    );
  const { npred, npred_excess, counts } = reference.expected;
  const expected = {
    ...reference.expected,
    npred: total(npred),
    npred_excess: total(npred_excess),
    counts: Array.isArray((counts as unknown[])[0]) ? total(counts) : counts,
  };
  compare({ ...reference, expected }, {
    e_ref_TeV: energy.centers,
    e_min_TeV: energy.edges.slice(0, -1),
    e_max_TeV: energy.edges.slice(1),
    dnde: value,
    dnde_err: err,
    dnde_errp: errp,
    dnde_errn: errn,
    dnde_ul: ul,
    ts: points.ts,
    sqrt_ts: points.sqrtTs,
    is_ul: Array.from(points.isUl, (one) => one === 1),
    success: points.reason.map((reason) => reason === ""),
    stat: points.stat,
    npred: points.npred,
    npred_excess: points.npredExcess,
    counts: points.counts,
  });
}

const logSpaced = (low: number, high: number, n: number) =>
  Array.from({ length: n }, (_, k) => low * (high / low) ** (k / (n - 1)));

const POINTS: readonly (readonly [string, Campaign, string, readonly number[]])[] = [
  ["crab_hess", CRAB, "pl", logSpaced(0.7, 30, 11)],
  ["pks0548_hess", PKS0548, "pl", logSpaced(0.5, 10, 4)],
  ["magic_pointlike_1off", magic(1), "lp", logSpaced(0.2, 8, 6)],
  ["magic_pointlike_3off", magic(3), "lp", logSpaced(0.2, 8, 6)],
];
for (const [name, campaign, kind, energyEdgesTeV] of POINTS) {
  referenceTest(
    "gammapy.json",
    `spectra.${name}.fluxpoints`,
    campaign.files,
    async (reference) => {
      const datasets = await reduced(campaign);
      const { model: best } = fitSpectrum(datasets, model(kind));
      comparePoints(reference, estimateFluxPoints(datasets, { model: best, energyEdgesTeV }));
    },
  );
}

/** A spectrum with values in the place of its own. */
function withValues(given: SpectralModel, values: Readonly<Record<string, number>>): SpectralModel {
  return withParameters(
    given,
    given.parameters.map((one) => changeParameter(one, { value: values[one.name] ?? one.value })),
  );
}

referenceTest(
  "gammapy.json",
  "spectra.crab_hess.lightcurve_runwise",
  CRAB.files,
  async (reference) => {
    const datasets = await reduced(CRAB), { model: best } = fitSpectrum(datasets, model("pl"));
    const { time, points } = estimateLightCurve(datasets, { model: best, energyEdgesTeV: [1, 10] });
    const mjd = (s: number) => time.epoch.mjdDay + (time.epoch.dayS + s) / 86400;
    compare(reference, {
      time_min_mjd_tt: time.startS.map(mjd),
      time_max_mjd_tt: time.stopS.map(mjd),
      ...fluxesOf(points),
      npred: points.map((one) => one.npred[0]),
    });
  },
);

function fluxesOf(points: readonly FluxPoints[]): Record<string, unknown> {
  const flux = points.map((one) => fluxColumns(one, "flux"));
  return {
    flux: flux.map(({ value }) => value[0]),
    flux_err: flux.map(({ err }) => err[0]),
    flux_errp: flux.map(({ errp }) => errp[0]),
    flux_errn: flux.map(({ errn }) => errn[0]),
    flux_ul: flux.map(({ ul }) => ul[0]),
    ts: points.map((one) => one.ts[0]),
    sqrt_ts: points.map((one) => one.sqrtTs[0]),
    counts: points.map((one) => one.counts[0]),
  };
}

referenceTest(
  "gammapy.json",
  "lightcurve.crab_10min",
  [hess(23523), hess(23526)],
  async (reference) => {
    const twoRuns = { ...CRAB, files: CRAB.files.slice(0, 2) };
    const slices: SpectrumDataset[] = [], startS: number[] = [];
    const all = await reductions(twoRuns, {
      energy: energyAxis({ low: 0.4, high: 20, nBins: 10, perDecade: true }),
      energyTrue: energyAxis({
        low: 0.1,
        high: 40,
        nBins: 20,
        perDecade: true,
        name: "energy_true",
      }),
    });
    const { epoch } = all[0]!.observation.gti;
    for (const { observation, reduction } of all) {
      deepStrictEqual(observation.gti.epoch, epoch);
      for (let k = 0; k < 3; k++) {
        const start = observation.gti.startS[0]! + 600 * k;
        startS.push(start);
        const bin = createGti(epoch, Float64Array.of(start), Float64Array.of(start + 600));
        slices.push(restrictToSafe(reduction.during(bin), { method: "aeff-max", percent: 10 }));
      }
    }
    const { time, points } = estimateLightCurve(slices, {
      model: withValues(model("pl"), { index: 2.6 }),
      energyEdgesTeV: [0.7, 20],
      intervals: createGti(
        epoch,
        Float64Array.from(startS),
        Float64Array.from(startS, (s) => s + 600),
      ),
    });
    const mjd = (s: number) => epoch.mjdDay + (epoch.dayS + s) / 86400;
    compare(reference, {
      n_observations_selected: slices.length,
      time_min_mjd: time.startS.map(mjd),
      time_max_mjd: time.stopS.map(mjd),
      ...fluxesOf(points),
    });
  },
);

referenceTest(
  "gammapy.json",
  "spectra.crab_hess.fluxpoints_fit",
  CRAB.files,
  async (reference) => {
    const datasets = await reduced(CRAB), { model: best } = fitSpectrum(datasets, model("pl"));
    const points = estimateFluxPoints(datasets, {
      model: best,
      energyEdgesTeV: logSpaced(0.7, 30, 11),
    });
    const { value, err } = fluxColumns(points, "dnde"), pl = model("pl");
    const dataset = createFluxPointsDataset({
      name: "points",
      energyTeV: points.energy.centers,
      dnde: value,
      dndeErr: err,
      valid: points.isUl.map((one) => 1 - one),
    });
    const sources = [{ rule: pl.rule, places: [0, 1, 2] }];
    const result = fit(fluxPointsObjective([dataset], sources, pl.parameters), pl.parameters);
    const [index, amplitude] = result.parameters;
    compare(reference, {
      total_stat: result.stat,
      n_bins: sum(dataset.measured.valid!),
      index: index!.value,
      index_err: index!.error,
      amplitude: amplitude!.value,
      amplitude_err: amplitude!.error,
    });
  },
);

/** 08h35m20.65525s -45d10m35.1545s */
const VELA_PULSAR = {
  lonDeg: 15 * (8 + 35 / 60 + 20.65525 / 3600),
  latDeg: -(45 + 10 / 60 + 35.1545 / 3600),
};
const VELA = "gammapy-data/cta-1dc/data/baseline/gps/gps_baseline_111630.fits";
const CTA_IRFS = "gammapy-data/cta-1dc/caldb/data/cta/1dc/bcf/South_z20_50h/irf_file.fits";

referenceTest("gammapy.json", "phase.vela.onoff.a", [VELA, CTA_IRFS], async (reference) => {
  const observation = await readObservation(dataFile(VELA), { irfPath: dataFile(CTA_IRFS) });
  const dataset = makeSpectrum(observation, {
    region: { kind: "circle", frame: "icrs", ...VELA_PULSAR, radiusDeg: 0.2 },
    energy: energyAxis({ low: 0.01, high: 10, nBins: 10 }),
    energyTrue: energyAxis({ low: 0.003, high: 20, nBins: 30, name: "energy_true" }),
    background: { method: "phase", on: [[0.5, 0.6]], off: [[0.7, 1]] },
  });
  const off = dataset.off!, alpha = alphaOf(off), nOn = sum(dataset.counts), nOff = sum(off.counts);
  const safe = restrictToSafe(dataset, { method: "aeff-max", percent: 1 });
  const validFit = restrictToSafe(dataset, { method: "energies", rangeTeV: [0.02, 2] }).validSafe;
  const pl = withValues(model("pl"), { reference: 0.02, amplitude: 1e-8 });
  const { result } = fitSpectrum([changeSpectrumDataset(safe, { validFit })], pl);
  const [index, amplitude] = result.parameters;
  compare(reference, {
    counts: dataset.counts,
    counts_off: off.counts,
    acceptance: off.acceptance,
    acceptance_off: off.acceptanceOff,
    alpha,
    exposure_m2s: dataset.exposureCm2S.map((x) => x / 1e4),
    livetime_s: dataset.livetimeS,
    excess: nOn - alpha[0]! * nOff,
    sqrt_ts: excessStatistics({ nOn, nOff, alpha: alpha[0]! }).sqrtTs,
    n_mask_safe: sum(safe.validSafe),
    total_stat: result.stat,
    success: result.converged,
    index: index!.value,
    index_err: index!.error,
    amplitude: amplitude!.value,
    amplitude_err: amplitude!.error,
  });
});

const PROD5 =
  "gammapy-data/cta-caldb/Prod5-South-20deg-AverageAz-14MSTs37SSTs.180000s-v0.1.fits.gz";

referenceTest("gammapy.json", "maps2d.sensitivity.cta_South", [PROD5], async (reference) => {
  const { aeff, edisp, bkg, psf } = await readIrfFile(dataFile(PROD5));
  const energy = energyAxis({ low: 0.03, high: 30, nBins: 20 }), n = energy.nBins;
  const energyTrue = energyAxis({ low: 0.01, high: 100, nBins: 100, name: "energy_true" });
  const livetimeS = 5 * 3600, offset = 0.5, radiusDeg = 0.1;
  const area = evaluateIrfGrid(aeff!, { energy_true: energyTrue.centers, offset: [offset] });
  const at = Float64Array.from({ length: n }, () => offset);
  const radii = containmentRadiusDeg(psf!, 0.68, {
    energy_true: energy.centers,
    offset: at,
  });
  const solidAngle = (deg: number) => 2 * Math.PI * (1 - Math.cos(deg * Math.PI / 180));
  const small = backgroundMap(bkg!, {
    geom: createRegionGeom({ kind: "circle", frame: "icrs", lonDeg: 0, latDeg: offset, radiusDeg }),
    energy,
    pointing: { lonDeg: 0, latDeg: 0 },
    ontimeS: livetimeS,
  }).values.data as Float64Array;
  // The reference's radii are those of a grid of 0.0005 deg: ours lie within half a step of them.
  const onGrid = reference.expected.on_radii_deg as readonly number[];
  radii.forEach((radius, j) =>
    ok(Math.abs(radius - onGrid[j]!) < 0.00026, `${radius} ${onGrid[j]}`)
  );
  const background = small.map((x, j) => x * solidAngle(onGrid[j]!) / solidAngle(radiusDeg));
  const dataset = createSpectrumDataset({
    name: "cta",
    energy,
    energyTrue,
    counts: new Float64Array(n),
    exposureCm2S: area.map((x) => 0.68 * livetimeS * x),
    edisp: edispKernelAt(edisp!, { energyTrue, energy }, { offset }),
    off: {
      counts: background.map((b) => 5 * b),
      acceptance: new Float64Array(n).fill(1),
      acceptanceOff: new Float64Array(n).fill(5),
    },
  });
  const found = estimateSensitivity(dataset, {
    model: model("pl"),
    gammaMin: 5,
    nSigma: 3,
    bkgSystFraction: 0.1,
  });
  compare(reference, {
    energy_TeV: energy.centers,
    e2dnde_erg: found.e2dnde.map((x) => x * 1.602176634),
    excess: found.excess,
    background: found.background,
    criterion: found.criterion,
    on_radii_deg: onGrid,
    background_r0p1: small,
    exposure_sum_m2s: sum(dataset.exposureCm2S) / 1e4,
  });
});
