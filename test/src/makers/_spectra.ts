import { type Observation, readObservation } from "../../../src/data/mod.ts";
import type { SpectrumDataset } from "../../../src/datasets/mod.ts";
import {
  makeSpectrum,
  reduceSpectrum,
  restrictToSafe,
  type SpectrumOptions,
  type SpectrumReduction,
} from "../../../src/makers/mod.ts";
import { energyAxis } from "../../../src/nddata/mod.ts";
import { dataFile } from "../../_tools/data_io.ts";

export const hess = (id: number) =>
  `gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_0${id}.fits.gz`;

/** What the reference cases of the Crab nebula and PKS 0548-322 share. */
const AXES = {
  energy: energyAxis({ low: 0.1, high: 40, nBins: 10, perDecade: true }),
  energyTrue: energyAxis({ low: 0.05, high: 100, nBins: 20, perDecade: true, name: "energy_true" }),
};

const circle = (lonDeg: number, latDeg: number, radiusDeg: number) =>
  ({ kind: "circle", frame: "icrs", lonDeg, latDeg, radiusDeg }) as const;

export interface Campaign {
  readonly files: readonly string[];
  readonly options: SpectrumOptions;
}

export const CRAB: Campaign = {
  files: [23523, 23526, 23559, 23592].map(hess),
  options: {
    ...AXES,
    region: circle(83.63, 22.01, 0.11),
    exclusion: [circle(80.4417, 21.2146, 0.5)],
  },
};

export const PKS0548: Campaign = {
  files: [hess(23143)],
  options: {
    ...AXES,
    region: circle(87.669, -32.272, 0.11),
    exclusion: [circle(87.669, -32.272, 0.3)],
  },
};

export const MAGIC_FILES = [
  "20131004_05029747_DL3_CrabNebula-W0.40+035.fits",
  "20131004_05029748_DL3_CrabNebula-W0.40+215.fits",
].map((name) => `gammapy-data/magic/rad_max/data/${name}`);

export function magic(nRegions: number): Campaign {
  return {
    files: MAGIC_FILES,
    options: {
      energy: energyAxis({ low: 0.05, high: 50, nBins: 5, perDecade: true }),
      energyTrue: energyAxis({
        low: 0.01,
        high: 100,
        nBins: 10,
        perDecade: true,
        name: "energy_true",
      }),
      region: { kind: "point", frame: "icrs", lonDeg: 83.63333, latDeg: 22.01444 },
      background: { method: "wobble", nRegions },
      containment: false,
    },
  };
}

const observations = new Map<string, Promise<Observation>>();

/** Reads an observation once for all tests of a file. */
export function observation(file: string): Promise<Observation> {
  const known = observations.get(file) ?? readObservation(dataFile(file));
  observations.set(file, known);
  return known;
}

export async function reduced(
  { files, options }: Campaign,
  changes: Partial<SpectrumOptions> = {},
): Promise<SpectrumDataset[]> {
  const list: SpectrumDataset[] = [];
  for (const file of files) {
    const dataset = makeSpectrum(await observation(file), { ...options, ...changes });
    list.push(restrictToSafe(dataset, { method: "aeff-max", percent: 10 }));
  }
  return list;
}

export async function reductions(
  { files, options }: Campaign,
  changes: Partial<SpectrumOptions> = {},
): Promise<{ readonly observation: Observation; readonly reduction: SpectrumReduction }[]> {
  const list = [];
  for (const file of files) {
    const one = await observation(file);
    list.push({ observation: one, reduction: reduceSpectrum(one, { ...options, ...changes }) });
  }
  return list;
}
