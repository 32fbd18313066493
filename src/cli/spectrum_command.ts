import {
  type DataStoreEntry,
  type Observation,
  openDataStore,
  readObservations,
  withPulsePhases,
} from "../data/mod.ts";
import { fitSpectrum, type SpectrumDataset, stackSpectra, validBins } from "../datasets/mod.ts";
import { estimateFluxPoints, estimateLightCurve } from "../estimators/mod.ts";
import { createGti, type Gti } from "../events/mod.ts";
import type { IrfTables } from "../irf/mod.ts";
import {
  isInView,
  reduceSpectrum,
  restrictToSafe,
  type SafeRange,
  type SpectrumReduction,
} from "../makers/mod.ts";
import { readMap } from "../maps/mod.ts";
import type { SpectralModel } from "../models/mod.ts";
import type { PulsarTiming } from "../timing/mod.ts";
import { logEdges } from "../nddata/mod.ts";
import { EXIT, UsageError } from "./errors.ts";
import { log, printJson } from "./output.ts";
import { progressLine } from "./progress_line.ts";
import { hasPulsar, openPulsar } from "./pulsar_options.ts";
import {
  type SafeChoice,
  type SpectrumConfig,
  spectrumConfig,
  type SpectrumFlags,
  timeEdges,
} from "./spectrum_options.ts";
import { readModel } from "./spectrum_model.ts";
import {
  type PhaseFit,
  printSpectrum,
  spectrumDocument,
  type SpectrumResult,
  writeSpectrumProducts,
} from "./spectrum_products.ts";

/** Runs `gammarx spectrum`. Gives the exit code. */
export async function spectrumCommand(flags: SpectrumFlags): Promise<number> {
  const config = spectrumConfig(flags), start = await readModel(flags.model, flags.source);
  const store = await openDataStore(flags.datastore);
  const entries = chosen(store.entries, config.obsIds, flags.datastore);
  const { datasets, slices, phases } = await reduceAll(entries, config, flags);
  const usable = datasets.filter((one) => validBins(one).some((valid) => valid !== 0));
  if (usable.length === 0) {
    log("gammarx: no observation has energies in its safe range: there is nothing to fit");
    return EXIT.failed;
  }
  const fitted = config.isStacked ? [stackSpectra(usable)] : usable;
  const { result: fit, model } = fitSpectrum(fitted, start);
  const result: SpectrumResult = {
    datasets,
    fitted,
    fit,
    model,
    phases: phases.map((list, k) =>
      phaseFit(list, model, [k / phases.length, (k + 1) / phases.length])
    ),
    fluxPoints: estimateFluxPoints(fitted, {
      model,
      energyEdgesTeV: config.fluxPointsTeV ?? defaultEdges(fitted),
    }),
    lightCurve: estimateLightCurve(slices ?? usable, {
      model,
      energyEdgesTeV: config.lightCurveTeV ?? defaultRange(fitted),
    }),
  };
  const files = flags.out === undefined
    ? []
    : await writeSpectrumProducts(result, { out: flags.out, png: flags.png === true });
  if (flags.json) printJson({ ...spectrumDocument(result), files });
  else printSpectrum(result, flags.out);
  if (!fit.converged) log(`gammarx: the fit did not converge: ${fit.reason}`);
  return fit.converged ? EXIT.done : EXIT.failed;
}

/** The spectrum of a bin of phase, from where the whole one is. */
function phaseFit(
  datasets: readonly SpectrumDataset[],
  start: SpectralModel,
  phase: readonly [number, number],
): PhaseFit {
  const usable = datasets.filter((one) => validBins(one).some((valid) => valid !== 0));
  return { phase, datasets, ...fitSpectrum(usable, start) };
}

/** The entries asked for, in the order of the data store. */
function chosen(
  entries: readonly DataStoreEntry[],
  obsIds: readonly string[] | undefined,
  datastore: string,
): readonly DataStoreEntry[] {
  if (obsIds === undefined) return entries;
  const missing = obsIds.filter((id) => !entries.some((entry) => entry.obsId === id));
  if (missing.length > 0) {
    throw new UsageError(`--obs: found no observation ${missing.join(", ")} in ${datastore}`);
  }
  return entries.filter((entry) => obsIds.includes(entry.obsId));
}

/** The datasets of all observations. */
interface Reduced {
  readonly datasets: SpectrumDataset[];
  /** Those of their parts in time, where asked for. */
  readonly slices: SpectrumDataset[] | undefined;
  /** Those of each bin of phase. */
  readonly phases: readonly SpectrumDataset[][];
}

/** Reduces one observation after the other, so that only one is held. */
async function reduceAll(
  entries: readonly DataStoreEntry[],
  config: SpectrumConfig,
  flags: SpectrumFlags,
): Promise<Reduced> {
  const { region, energy, energyTrue, background, containment, safe, timeBinS } = config;
  const exclusion = typeof config.exclusion === "string"
    ? await readMap(config.exclusion)
    : config.exclusion;
  const datasets: SpectrumDataset[] = [], slices: SpectrumDataset[] = [], line = progressLine();
  const { nPhaseBins = 0 } = config, timing = await timingOf(entries, flags);
  const phases = Array.from({ length: nPhaseBins }, (): SpectrumDataset[] => []);
  let nRead = 0;
  try {
    for await (const read of readObservations(entries, { only: neededIrfs(config) })) {
      const observation = timing === undefined ? read : withPulsePhases(read, timing);
      nRead++;
      line.show(() => `observation ${nRead} of ${entries.length}`);
      // Only observations that were asked for by name must look at the region.
      if (config.obsIds === undefined && !isInView(observation, region)) continue;
      const reduction = reduceSpectrum(observation, {
        region,
        energy,
        energyTrue,
        exclusion,
        background,
        containment,
      });
      const restrict = (dataset: SpectrumDataset) =>
        safe.reduce(
          (one, choice) => restrictToSafe(one, rangeOf(choice, observation, reduction)),
          dataset,
        );
      datasets.push(restrict(reduction.dataset));
      phases.forEach((list, k) => {
        const bin = [k / nPhaseBins, (k + 1) / nPhaseBins] as const;
        list.push(restrict(reduction.inPhases([bin])));
      });
      if (timeBinS === undefined) continue;
      for (const bin of timeBins(reduction, observation.gti, timeBinS)) {
        slices.push(restrict(bin));
      }
    }
  } finally {
    line.clear();
  }
  const nLeftOut = entries.length - datasets.length;
  if (nLeftOut > 0) {
    log(
      `gammarx: left out ${nLeftOut} of ${entries.length} observations that do not look at the region`,
    );
  }
  return { datasets, slices: timeBinS === undefined ? undefined : slices, phases };
}

/** The timing model that the options name, for the clock of the first observation. */
async function timingOf(
  entries: readonly DataStoreEntry[],
  flags: SpectrumFlags,
): Promise<PulsarTiming | undefined> {
  const { par, orbit, ephem } = flags;
  if (!hasPulsar({ par, orbit, ephem }) || entries.length === 0) return undefined;
  return (await openPulsar(entries[0]!.path, { par, orbit, ephem })).timing;
}

/** The responses that the reduction asks for: others need not be read. */
function neededIrfs({ containment, background }: SpectrumConfig): readonly (keyof IrfTables)[] {
  const always = ["aeff", "edisp", "radMax"] as const;
  return [
    ...always,
    ...(containment ? ["psf"] as const : []),
    ...(background.method === "irf" ? ["bkg"] as const : []),
  ];
}

function rangeOf(
  choice: SafeChoice,
  { irfs }: Observation,
  { offsetDeg }: SpectrumReduction,
): SafeRange {
  if (choice.method === "aeff-default") return { ...choice, aeff: irfs.aeff! };
  return choice.method === "offset-max" ? { ...choice, offsetDeg } : choice;
}

function timeBins({ during }: SpectrumReduction, gti: Gti, widthS: number): SpectrumDataset[] {
  const edges = timeEdges(widthS, Math.min(...gti.startS), Math.max(...gti.stopS));
  return Array.from(
    edges.subarray(0, -1),
    (start, k) => during(createGti(gti.epoch, Float64Array.of(start), edges.slice(k + 1, k + 2))),
  ).filter((one) => one.livetimeS > 0);
}

/** Five flux points a decade over the energies that count in any dataset. */
function defaultEdges(datasets: readonly SpectrumDataset[]): Float64Array {
  const [low, high] = fittedRange(datasets);
  return logEdges({ low, high, nBins: Math.max(1, Math.round(5 * Math.log10(high / low))) });
}

/** What of 1 to 10 TeV counts in any dataset, or all that counts where that is less than half a decade. */
function defaultRange(datasets: readonly SpectrumDataset[]): readonly [number, number] {
  const whole = fittedRange(datasets), low = Math.max(1, whole[0]), high = Math.min(10, whole[1]);
  return high > 3 * low ? [low, high] : whole;
}

function fittedRange(datasets: readonly SpectrumDataset[]): readonly [number, number] {
  let low = Infinity, high = 0;
  for (const dataset of datasets) {
    validBins(dataset).forEach((valid, j) => {
      if (valid === 0) return;
      low = Math.min(low, dataset.energy.edges[j]!);
      high = Math.max(high, dataset.energy.edges[j + 1]!);
    });
  }
  return [low, high];
}
