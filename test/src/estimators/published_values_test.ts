/** Values that Gammapy's own tests hold: from observations and from the spectra of the joint-crab set. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readObservation } from "../../../src/data/mod.ts";
import {
  createFluxPointsDataset,
  createSpectrumDataset,
  fitSpectrum,
  fluxPointsObjective,
  readOgip,
  type SpectrumDataset,
  spectrumObjective,
} from "../../../src/datasets/mod.ts";
import {
  estimateFluxPoints,
  estimateSensitivity,
  fluxColumns,
  readFluxPoints,
} from "../../../src/estimators/mod.ts";
import { asymmetricError, fit } from "../../../src/fit/mod.ts";
import { openFitsFile } from "../../../src/fits/mod.ts";
import { makeSpectrum } from "../../../src/makers/mod.ts";
import { powerLaw } from "../../../src/models/mod.ts";
import { energyAxis } from "../../../src/nddata/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";

const HESS = (id: number) => `gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_0${id}.fits.gz`;
const JOINT_CRAB = "gammapy-data/joint-crab/spectra/hess";

const sum = (values: ArrayLike<number>, valid?: Uint8Array) =>
  Array.from(values).reduce((total, x, j) => total + (valid?.[j] === 0 ? 0 : x), 0);

function near(found: number, wanted: number, rtol: number, what: string): void {
  ok(Math.abs(found - wanted) <= rtol * Math.abs(wanted), `${what}: ${found}, expected ${wanted}`);
}

const circle = (lonDeg: number, latDeg: number, radiusDeg: number) =>
  ({ kind: "circle", frame: "icrs", lonDeg, latDeg, radiusDeg }) as const;

dataTest(
  "makeSpectrum() of two runs has the published counts and known backgrounds",
  [HESS(23523)],
  async () => {
    const published = [[23523, 100, 7.747881, 1581.736758], [
      23526,
      92,
      5.731845,
      1572.686724,
    ]] as const;
    for (const [id, counts, background, livetimeS] of published) {
      const found = makeSpectrum(await readObservation(dataFile(HESS(id))), {
        region: circle(83.63, 22.01, 0.11),
        energy: energyAxis({ low: 1, high: 100, nBins: 4 }),
        energyTrue: energyAxis({ low: 10 ** -0.5, high: 100, nBins: 10, name: "energy_true" }),
        background: { method: "irf" },
        containment: false,
      });
      strictEqual(sum(found.counts), counts);
      near(found.livetimeS, livetimeS, 1e-7, "live time");
      near(sum(found.background!), background, 5e-3, "background");
    }
  },
);

async function jointCrab(...ids: number[]): Promise<SpectrumDataset[]> {
  return await Promise.all(ids.map((id) => readOgip(dataFile(`${JOINT_CRAB}/pha_obs${id}.fits`))));
}

dataTest("estimateFluxPoints() gives the published norm of two runs", [JOINT_CRAB], async () => {
  const points = estimateFluxPoints(await jointCrab(23523, 23526), {
    model: powerLaw({ index: 2.7, amplitude: 3.5e-11 }),
    energyEdgesTeV: [1, 10],
  });
  const { norm, normErr, normErrn, normErrp, normUl, ts, npred, npredExcess } = points;
  near(norm[0]!, 1.218139, 1e-5, "norm");
  near(normErr[0]!, 0.095496, 1e-5, "error");
  near(normErrn[0]!, 0.093204, 2e-5, "error downwards");
  near(normErrp[0]!, 0.097818, 2e-5, "error upwards");
  near(normUl[0]!, 1.418475, 1e-6, "limit");
  near(ts[0]!, 527.492959, 1e-8, "ts");
  near(npred[0]!, 93.209263 + 93.667283, 1e-5, "npred");
  near(npredExcess[0]!, 86.27813 + 88.6715, 1e-5, "npred of the excess");
});

dataTest(
  "fitSpectrum() gives the published amplitude and errors of a run",
  [JOINT_CRAB],
  async () => {
    const datasets = await jointCrab(23523);
    const start = powerLaw({ index: 2.6, amplitude: 3e-11 });
    const { result, model } = fitSpectrum(datasets, start), amplitude = result.parameters[1]!;
    near(result.stat, 38.3435, 2e-6, "statistic");
    near(amplitude.value, 5.1428e-11, 2e-4, "amplitude");
    near(amplitude.error, 6.42467e-12, 1e-3, "error");
    const sources = [{ rule: model.rule, places: [0, 1, 2] }];
    const objective = spectrumObjective(datasets, sources, model.parameters);
    near(objective.value(Float64Array.of(2, 0, 1)), 391.5527, 1e-6, "statistic without source");
    const { low, high } = asymmetricError(objective, result, "amplitude");
    near(low, 6.152e-12, 2e-3, "error downwards");
    near(high, 6.703e-12, 2e-3, "error upwards");
  },
);

Deno.test("estimateSensitivity() gives the published values of a made dataset", () => {
  const energy = energyAxis({ low: 1, high: 10, nBins: 4 });
  const off = new Float64Array(4).fill(3600);
  off[0] = off[0]! * 1e3;
  off[3] = off[3]! * 1e-3;
  const alpha = 0.2, background = off;
  const dataset = createSpectrumDataset({
    name: "made",
    energy,
    energyTrue: energyAxis({ low: 1, high: 10, nBins: 20, name: "energy_true" }),
    counts: new Float64Array(4),
    exposureCm2S: new Float64Array(20).fill(1e10 * 3600),
    off: {
      counts: background.map((b) => b / alpha),
      acceptance: new Float64Array(4).fill(1),
      acceptanceOff: new Float64Array(4).fill(1 / alpha),
    },
  });
  const found = estimateSensitivity(dataset, {
    model: powerLaw({ index: 2, amplitude: 1e-12 }),
    gammaMin: 25,
    bkgSystFraction: 0.075,
  });
  const erg = found.e2dnde.map((x) => x * 1.602176634);
  near(erg[0]!, 2.74559e-8, 2e-6, "sensitivity of the first bin");
  near(erg[1]!, 6.04795e-11, 2e-6, "sensitivity of the second bin");
  near(erg[3]!, 1.42959e-11, 2e-6, "sensitivity of the last bin");
  near(found.excess[1]!, 334.454, 1e-6, "excess");
  deepStrictEqual([found.excess[0], found.excess[3]], [270000, 25]);
  deepStrictEqual(found.criterion, ["bkg", "significance", "significance", "gamma"]);
});

const POINTS = "gammapy-data/tests/spectrum/flux_points/diff_flux_points.fits";

dataTest("fluxPointsObjective() gives the published fit of flux points", [POINTS], async () => {
  using file = await openFitsFile(dataFile(POINTS));
  const pl = powerLaw({ index: 2.3, amplitude: 2e-13 }), points = await readFluxPoints(file);
  const { value, err } = fluxColumns(points, "dnde");
  const dataset = createFluxPointsDataset({
    name: "points",
    energyTeV: points.energy.centers,
    dnde: value,
    dndeErr: err,
  });
  const sources = [{ rule: pl.rule, places: [0, 1, 2] }];
  const result = fit(fluxPointsObjective([dataset], sources, pl.parameters), pl.parameters);
  const [index, amplitude] = result.parameters;
  near(result.stat, 25.2059, 1e-5, "chi2");
  near(index!.value, 2.216, 1e-3, "index");
  near(amplitude!.value, 2.1616e-13, 1e-3, "amplitude");
  near(amplitude!.error, 1.9e-14, 3e-2, "error");
});
