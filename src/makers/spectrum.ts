/**
 * From an observation to a counts spectrum.
 *
 * | symbol | meaning | unit |
 * | --- | --- | --- |
 * | A(E, θ) | effective area | cm² |
 * | T | live time | s |
 * | P(r) | part of the photons of a point source within the radius r of the region | 1 |
 * | X = A T P | exposure | cm² s |
 */
import type { Observation } from "../data/mod.ts";
import {
  changeSpectrumDataset,
  createSpectrumDataset,
  type OffCounts,
  type SpectrumDataset,
} from "../datasets/mod.ts";
import {
  columnNumbers,
  type EventBatch,
  type Gti,
  gtiSumS,
  intersectGti,
  rebaseGti,
  requireColumn,
  timeSelector,
} from "../events/mod.ts";
import {
  backgroundMap,
  edispKernelAt,
  evaluateIrfGrid,
  type Irf,
  irfAxis,
  psfContainment,
} from "../irf/mod.ts";
import { createRegionGeom } from "../maps/mod.ts";
import { binIndices, createMeta, type MapAxis } from "../nddata/mod.ts";
import { type Region, separationDeg } from "../sky/mod.ts";
import {
  countMarked,
  markInside,
  marksByPhase,
  markWithinRadius,
  phaseMarks,
} from "./_event_marks.ts";
import { phaseFraction, type PhaseInterval } from "../stats/mod.ts";
import { centerOf, leastSeparationDeg } from "./_positions.ts";
import type { Exclusion, TurnableRegion } from "./reflected_regions.ts";
import { findOffRegions, type SpectrumBackground } from "./spectrum_background.ts";

/** How a spectrum is made. */
export interface SpectrumOptions {
  /** Source region; a point where its radius depends on the energy. */
  readonly region: TurnableRegion;
  /** Reconstructed energies, TeV. */
  readonly energy: MapAxis;
  /** True energies, TeV. */
  readonly energyTrue: MapAxis;
  /** Radius of a point region by energy and offset; RAD_MAX of the observation where absent. */
  readonly radMax?: Irf<"rad-max"> | undefined;
  /** Where no background may be taken. */
  readonly exclusion?: Exclusion | undefined;
  /** Where the background is measured; in reflected regions where absent. */
  readonly background?: SpectrumBackground | undefined;
  /** Whether exposure counts only the photons of a point source that the region holds; true where absent. */
  readonly containment?: boolean;
  /** Name of the dataset; that of the observation, with the kind of its events, where absent. */
  readonly name?: string;
}

/**
 * The counts spectrum of a region in an observation, with the background of regions that lie to the pointing
 * as it does.
 *
 * @param observation The observation; needs a pointing, an effective area and, for the containment, a point
 *   spread function.
 * @param options Region, axes, background regions.
 * @returns A dataset; without any background region its acceptance off is 0 and no bin of it counts in a fit.
 * @throws TypeError where a response or the pointing is missing, or a point region has no
 *   radii; RangeError where background regions overlap.
 * @example
 * ```ts
 * import { makeSpectrum } from "@gammarx/gammarx/makers";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { throws } from "node:assert/strict";
 * const options = {
 *   region: { kind: "circle", frame: "icrs", lonDeg: 83.63, latDeg: 22.01, radiusDeg: 0.11 },
 *   energy: energyAxis({ low: 0.1, high: 40, nBins: 10, perDecade: true }),
 *   energyTrue: energyAxis({ low: 0.05, high: 100, nBins: 20, perDecade: true, name: "energy_true" }),
 * } as const;
 * throws(() => makeSpectrum({ obsId: "1", pointing: undefined } as never, options), /no pointing/);
 * ```
 * @see gammapy.makers.SpectrumDatasetMaker, ReflectedRegionsBackgroundMaker
 */
export function makeSpectrum(observation: Observation, options: SpectrumOptions): SpectrumDataset {
  return reduceSpectrum(observation, options).dataset;
}

/** An observation reduced to a spectrum, from which spectra of parts of its time come cheaply. */
export interface SpectrumReduction {
  /** The spectrum of all of it. */
  readonly dataset: SpectrumDataset;
  /** Angle between the pointing and the middle of the region, deg. */
  readonly offsetDeg: number;
  /** Background regions that were found. */
  readonly offRegions: readonly TurnableRegion[];
  /**
   * The spectrum of the time that is good and in the given intervals (a start belongs to it, a stop does not);
   * regions and responses are not asked again.
   */
  readonly during: (intervals: Gti) => SpectrumDataset;
  /**
   * The spectrum at phases of a pulse or an orbit: exposure is that of the part of the time, so that the flux
   * is that at these phases. A background that is measured at other phases stays what it is, with its
   * acceptance; every other one is taken at the same phases. Throws TypeError for events without a phase.
   */
  readonly inPhases: (phases: readonly PhaseInterval[]) => SpectrumDataset;
}

/**
 * Reduces an observation to a spectrum once, for as many parts of its time as are wanted.
 *
 * @param observation As for {@linkcode makeSpectrum}.
 * @param options As for {@linkcode makeSpectrum}.
 * @returns The spectrum, the background regions, and the way to spectra of parts.
 * @throws As {@linkcode makeSpectrum}.
 * @example
 * ```ts
 * import { reduceSpectrum } from "@gammarx/gammarx/makers";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { throws } from "node:assert/strict";
 * const options = {
 *   region: { kind: "circle", frame: "icrs", lonDeg: 83.63, latDeg: 22.01, radiusDeg: 0.11 },
 *   energy: energyAxis({ low: 0.1, high: 40, nBins: 10, perDecade: true }),
 *   energyTrue: energyAxis({ low: 0.05, high: 100, nBins: 20, perDecade: true, name: "energy_true" }),
 * } as const;
 * throws(() => reduceSpectrum({ obsId: "1", pointing: undefined } as never, options), /no pointing/);
 * ```
 */
export function reduceSpectrum(
  observation: Observation,
  options: SpectrumOptions,
): SpectrumReduction {
  const { region, energy, energyTrue, exclusion, containment = true } = options;
  const { background = { method: "reflected" } } = options;
  const { obsId, pointing, irfs, events, epoch, livetimeS, ontimeS, gti } = observation;
  const { eventType, zenithDeg } = observation;
  const name = options.name ?? (eventType === undefined ? obsId : `${obsId}-${eventType}`);
  if (pointing === undefined) {
    throw new TypeError(
      `Observation ${obsId} has no pointing: there is no offset to take its responses at`,
    );
  }
  const { aeff, edisp } = irfs, radMax = options.radMax ?? irfs.radMax;
  if (aeff === undefined) throw new TypeError(`Observation ${obsId} has no effective area`);
  if (region.kind === "point" && radMax === undefined) {
    throw new TypeError(`Observation ${obsId} has no RAD_MAX: a point region needs its radii`);
  }
  const at = { lonDeg: pointing.raDeg, latDeg: pointing.decDeg };
  if (!isInView(observation, region)) {
    const end = irfAxis(aeff, "offset").edges.at(-1);
    throw new RangeError(
      `The region is ${separationDeg(at, centerOf(region)).toFixed(2)} deg from the pointing of ` +
        `observation ${obsId}, whose effective area ends at ${end} deg`,
    );
  }
  const offset = separationDeg(at, centerOf(region)), offsets = offsetFor(aeff, offset);
  const area = evaluateIrfGrid(aeff, { energy_true: energyTrue.centers, offset: offsets });
  const inside = containment && !aeff.pointLike
    ? containmentOf(observation, { region, radMax }, energyTrue, offset)
    : undefined;
  const exposureCm2S = area.map((a, i) => a * livetimeS * (inside?.[i] ?? 1));
  const offRegions = findOffRegions(region, background, { pointing: at, exclusion });
  const mark = radMax !== undefined && region.kind === "point"
    ? markWithinRadius(events, { radMax, pointing: at })
    : markInside(events);
  if (region.kind === "point") refuseOverlap([region, ...offRegions], radMax, { energy, offset });
  const on = mark([region]);
  const measured = background.method === "phase"
    ? marksByPhase(events, on, background)
    : { on, off: mark(offRegions), acceptance: 1, acceptanceOff: offRegions.length };
  const bins = energyBins(events, energy);
  const fill = (value: number) => new Float64Array(energy.nBins).fill(value);
  const offCounts = (during?: Uint8Array): OffCounts => ({
    counts: countMarked(bins, measured.off, { nBins: energy.nBins, during }),
    acceptance: fill(measured.acceptance),
    acceptanceOff: fill(measured.acceptanceOff),
  });
  const byPhase = background.method === "phase";
  const dataset = createSpectrumDataset({
    name,
    energy,
    energyTrue,
    counts: countMarked(bins, measured.on, { nBins: energy.nBins }),
    exposureCm2S,
    edisp: edisp === undefined
      ? undefined
      : edispKernelAt(edisp, { energyTrue, energy }, { offset: offsetFor(edisp, offset)[0]! }),
    off: background.method === "none" || background.method === "irf" ? undefined : offCounts(),
    background: background.method === "irf"
      ? knownBackground(observation, region, energy)
      : undefined,
    gti,
    livetimeS,
    meta: createMeta({
      observations: [{
        obsId,
        instrument: observation.instrument,
        object: observation.object,
        values: {
          offsetDeg: offset,
          ...(zenithDeg === undefined ? {} : { zenithDeg }),
          ...(eventType === undefined ? {} : { eventType }),
        },
      }],
      provenance: [{ activity: "makeSpectrum", inputs: [observation.source] }],
    }),
  });
  const partOf = (part: number, changes: Partial<SpectrumDataset>) =>
    changeSpectrumDataset(dataset, {
      background: dataset.background?.map((x) => x * part),
      exposureCm2S: exposureCm2S.map((x) => x * part),
      livetimeS: livetimeS * part,
      ...changes,
    });
  return Object.freeze({
    dataset,
    offsetDeg: offset,
    offRegions: Object.freeze(offRegions),
    during(intervals: Gti): SpectrumDataset {
      const good = intersectGti(gti, intervals);
      const isIn = timeSelector(rebaseGti(good, epoch));
      const { timeS } = events.columns, during = new Uint8Array(timeS.length);
      for (let i = 0; i < during.length; i++) during[i] = +isIn(timeS[i]!);
      const part = ontimeS > 0 ? gtiSumS(good) / ontimeS : 0;
      return partOf(part, {
        counts: countMarked(bins, measured.on, { nBins: energy.nBins, during }),
        off: dataset.off === undefined ? undefined : offCounts(during),
        gti: good,
      });
    },
    inPhases(phases: readonly PhaseInterval[]): SpectrumDataset {
      const during = phaseMarks(events, phases), part = phaseFraction(phases);
      const off = byPhase ? dataset.off && { ...dataset.off, acceptance: fill(part) } : undefined;
      return partOf(part, {
        counts: countMarked(bins, byPhase ? on : measured.on, { nBins: energy.nBins, during }),
        off: off ?? (dataset.off === undefined ? undefined : offCounts(during)),
      });
    },
  });
}

/** Counts that the background response expects in the region. */
function knownBackground(
  { irfs: { bkg }, obsId, pointing, gti }: Observation,
  region: TurnableRegion,
  energy: MapAxis,
): Float64Array {
  if (bkg === undefined) throw new TypeError(`Observation ${obsId} has no background response`);
  const map = backgroundMap(bkg, {
    geom: createRegionGeom(region),
    energy,
    pointing: { lonDeg: pointing!.raDeg, latDeg: pointing!.decDeg },
    gti,
  });
  return Float64Array.from(map.values.data);
}

/**
 * Whether the middle of a region is where an observation's effective area is known.
 *
 * @param observation The observation.
 * @param region The region.
 * @returns False also without a pointing or an effective area; true for a table of one offset.
 * @example
 * ```ts
 * import type { Observation } from "@gammarx/gammarx/data";
 * import { isInView } from "@gammarx/gammarx/makers";
 * import { strictEqual } from "node:assert/strict";
 * const region = { kind: "circle", frame: "icrs", lonDeg: 83.63, latDeg: 22.01, radiusDeg: 0.11 } as const;
 * strictEqual(isInView({ pointing: undefined, irfs: {} } as Observation, region), false);
 * ```
 */
export function isInView(
  { pointing, irfs: { aeff } }: Pick<Observation, "pointing" | "irfs">,
  region: Region,
): boolean {
  if (pointing === undefined || aeff === undefined) return false;
  const { nBins, edges } = irfAxis(aeff, "offset");
  const at = { lonDeg: pointing.raDeg, latDeg: pointing.decDeg };
  return nBins === 1 || separationDeg(at, centerOf(region)) <= edges[nBins]!;
}

/** A point-like table of one offset holds at it, wherever the source is. */
function offsetFor(irf: Irf, offset: number): readonly number[] {
  const axis = irfAxis(irf, "offset");
  return axis.nBins === 1 ? [axis.centers[0]!] : [offset];
}

/** The part of a point source's photons that the region holds, a value a true energy. */
function containmentOf(
  { irfs: { psf }, obsId }: Observation,
  { region, radMax }: {
    readonly region: TurnableRegion;
    readonly radMax: Irf<"rad-max"> | undefined;
  },
  energyTrue: MapAxis,
  offset: number,
): Float64Array {
  if (psf === undefined) {
    throw new TypeError(
      `Observation ${obsId} has no point spread function: set containment to false`,
    );
  }
  const n = energyTrue.nBins, fill = (x: number) => new Float64Array(n).fill(x);
  return psfContainment(psf, {
    energy_true: energyTrue.centers,
    offset: fill(offset),
    rad: radiusOf(region, radMax, { energyTeV: energyTrue.centers, offset }),
  });
}

/** Radius of a region at energies, deg. */
function radiusOf(
  region: TurnableRegion,
  radMax: Irf<"rad-max"> | undefined,
  { energyTeV, offset }: { readonly energyTeV: Float64Array; readonly offset: number },
): Float64Array {
  if (region.kind === "circle") return new Float64Array(energyTeV.length).fill(region.radiusDeg);
  if (region.kind === "point") {
    return evaluateIrfGrid(
      radMax!,
      { energy: energyTeV, offset: offsetFor(radMax!, offset) },
      { method: "nearest" },
    );
  }
  throw new TypeError(
    `The containment of a ${region.kind} is not known: take a circle, a point, or containment: false`,
  );
}

function energyBins(events: EventBatch, energy: MapAxis): Int32Array {
  const energies = columnNumbers(requireColumn(events, "energyTeV", "makeSpectrum"));
  const bins = new Int32Array(events.length);
  binIndices(energy, energies, events.length, bins);
  return bins;
}

/** Throws where points with the radii of any energy of the axis overlap. */
function refuseOverlap(
  points: readonly TurnableRegion[],
  radMax: Irf<"rad-max"> | undefined,
  { energy, offset }: { readonly energy: MapAxis; readonly offset: number },
): void {
  const radii = radiusOf(points[0]!, radMax, { energyTeV: energy.centers, offset });
  const nearest = leastSeparationDeg(points.map(centerOf));
  const bin = radii.findIndex((radius) => 2 * radius > nearest);
  if (bin < 0) return;
  throw new RangeError(
    `Regions overlap at ${energy.centers[bin]!.toPrecision(3)} TeV: their radius is ` +
      `${radii[bin]!.toFixed(3)} deg and they are ${nearest.toFixed(3)} deg apart. Take fewer ` +
      `background regions, or higher energies`,
  );
}
