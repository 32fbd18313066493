/**
 * Spectra of regions: reduction, joint fit, light curve, upper limits.
 *
 *     deno bench -q -P=test test/bench/spectra_bench.ts
 *
 * For one case, by the start of its name, the CPU (all threads) and wall time of the first call and of the
 * best of 7 more, and the most memory that the process held until the end of the first:
 *
 *     deno run -q -P=test test/bench/spectra_bench.ts --best reduce
 */
import process from "node:process";
import { readObservation } from "../../src/data/mod.ts";
import { fitSpectrum, type SpectrumDataset } from "../../src/datasets/mod.ts";
import { estimateLightCurve } from "../../src/estimators/mod.ts";
import { createGti, type Gti } from "../../src/events/mod.ts";
import {
  makeSpectrum,
  reduceSpectrum,
  restrictToSafe,
  type SpectrumReduction,
} from "../../src/makers/mod.ts";
import { powerLaw } from "../../src/models/mod.ts";
import { energyAxis, linearEdges } from "../../src/nddata/mod.ts";
import { createRegion } from "../../src/sky/mod.ts";
import { excessUpperLimits } from "../../src/stats/mod.ts";
import { dataFile, dataRoot } from "../_tools/data_io.ts";

const AXES = {
  energy: energyAxis({ low: 0.1, high: 40, nBins: 10, perDecade: true }),
  energyTrue: energyAxis({ low: 0.05, high: 100, nBins: 20, perDecade: true, name: "energy_true" }),
};
const SAFE = { method: "aeff-max", percent: 10 } as const;
const circle = (lonDeg: number, latDeg: number, radiusDeg: number) =>
  createRegion({ kind: "circle", frame: "icrs", lonDeg, latDeg, radiusDeg });
const CRAB = {
  ...AXES,
  region: circle(83.63, 22.01, 0.11),
  exclusion: [circle(80.4417, 21.2146, 0.5)],
};

/** All runs, each with its region half a degree north of the pointing. */
async function reduceAll(folder: string): Promise<SpectrumDataset[]> {
  const datasets: SpectrumDataset[] = [];
  for (const { name } of Deno.readDirSync(folder)) {
    const observation = await readObservation(`${folder}/${name}`, {
      only: ["aeff", "edisp", "psf"],
    });
    const { raDeg, decDeg } = observation.pointing!;
    const dataset = makeSpectrum(observation, {
      ...AXES,
      region: circle(raDeg, decDeg + 0.5, 0.11),
    });
    datasets.push(restrictToSafe(dataset, SAFE));
  }
  return datasets;
}

interface Case {
  readonly name: string;
  readonly run: () => unknown;
}

/** Cases of the Crab nebula's four runs. */
async function crabCases(folder: string): Promise<readonly Case[]> {
  const reductions: (SpectrumReduction & { readonly gti: Gti })[] = [];
  for (const id of [23523, 23526, 23559, 23592]) {
    const observation = await readObservation(`${folder}/hess_dl3_dr1_obs_id_0${id}.fits.gz`);
    reductions.push({ gti: observation.gti, ...reduceSpectrum(observation, CRAB) });
  }
  const datasets = reductions.map(({ dataset }) => restrictToSafe(dataset, SAFE));
  const reference = powerLaw({ amplitude: 4.5e-11, index: 2.6 });
  const during = () =>
    reductions.flatMap(({ gti, during }, k) => {
      const edges = linearEdges({
        low: gti.startS[0]!,
        high: gti.stopS[0]!,
        nBins: k < 2 ? 13 : 12,
      });
      return Array.from(edges.subarray(1), (stop, i) =>
        restrictToSafe(
          during(createGti(gti.epoch, Float64Array.of(edges[i]!), Float64Array.of(stop))),
          SAFE,
        ));
    });
  return [{
    name: "fit of a power law to 4 spectra",
    run: () => fitSpectrum(datasets, powerLaw({ amplitude: 1e-12, index: 2 })),
  }, {
    name: "light curve of 50 bins with spectra, errors and limits",
    run: () => estimateLightCurve(during(), { model: reference, energyEdgesTeV: [1, 10] }),
  }];
}

const rows = Float64Array.from({ length: 1e4 }, (_, i) => i);
const measured = {
  nOn: rows.map((i) => i * 37 % 101),
  nOff: rows.map((i) => i * 53 % 211),
  alpha: rows.map((i) => 0.05 + (i * 17 % 97) / 100),
};
const limits = {
  name: "upper limits of 1e4 on/off measurements",
  run: () => excessUpperLimits(measured, { nSigma: 3 }),
};

/** Prints the first call and the best of 7 more. */
async function printBest({ name, run }: Case): Promise<void> {
  const cpuMs = (since: ReturnType<typeof process.cpuUsage>) => {
    const { user, system } = process.cpuUsage(since);
    return (user + system) / 1e3;
  };
  const times: { readonly cpu: number; readonly wall: number }[] = [];
  let mostMiB = 0;
  for (let k = 0; k < 8; k++) {
    const cpu = process.cpuUsage(), wall = performance.now();
    await run();
    times.push({ cpu: cpuMs(cpu), wall: performance.now() - wall });
    if (k === 0) mostMiB = process.resourceUsage().maxRSS / 1024;
  }
  const [first, ...next] = times;
  const best = (of: "cpu" | "wall") => Math.min(...next.map((one) => one[of]));
  const text = (cpu: number, wall: number) =>
    `${cpu.toFixed(1)} ms CPU, ${wall.toFixed(1)} ms wall`;
  console.log(
    `${name}: first ${text(first!.cpu, first!.wall)}, ${mostMiB.toFixed(0)} MiB at most; ` +
      `best of 7 ${text(best("cpu"), best("wall"))}`,
  );
}

const folder = dataRoot === undefined ? undefined : dataFile("gammapy-data/hess-dl3-dr1/data");
const cases: readonly Case[] = folder === undefined ? [limits] : [
  { name: "reduce 105 observations, read from .gz, to spectra", run: () => reduceAll(folder) },
  ...await crabCases(folder),
  limits,
];
if (folder === undefined) {
  console.log(
    "without reductions, fits and light curves: no folder of real data, set GAMMARX_DATA",
  );
}
if (Deno.args.includes("--best")) {
  const start = Deno.args[Deno.args.indexOf("--best") + 1] ?? "";
  for (const one of cases) if (one.name.startsWith(start)) await printBest(one);
} else {
  for (const { name, run } of cases) {
    Deno.bench(name, name.startsWith("reduce") ? { n: 3, warmup: 1 } : {}, async () => {
      await run();
    });
  }
}
