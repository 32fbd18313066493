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
import { createSpectrumDataset, type OffCounts, type SpectrumDataset } from "../datasets/mod.ts";
import { columnNumbers, type EventBatch, requireColumn } from "../events/mod.ts";
import {
  edispKernelAt,
  evaluateIrf,
  evaluateIrfGrid,
  type Irf,
  irfAxis,
  psfContainment,
} from "../irf/mod.ts";
import { binIndices, createMeta, type MapAxis } from "../nddata/mod.ts";
import {
  boundingCircle,
  type Region,
  regionSelector,
  separationDeg,
  type SkyPosition,
} from "../sky/mod.ts";
import {
  type Exclusion,
  reflectedRegions,
  type TurnableRegion,
  wobbleRegions,
} from "./reflected_regions.ts";

/** How a spectrum is made. */
export interface SpectrumOptions {
  /** Source region; a point where the responses have RAD_MAX. */
  readonly region: TurnableRegion;
  /** Reconstructed energies, TeV. */
  readonly energy: MapAxis;
  /** True energies, TeV. */
  readonly energyTrue: MapAxis;
  /** Where no background may be taken. */
  readonly exclusion?: Exclusion | undefined;
  /** Background regions: as many reflected ones as there are, or so many at equal angles. */
  readonly nOffRegions?: number | undefined;
  /** Whether exposure counts only the photons of a point source that the region holds; true where absent. */
  readonly containment?: boolean;
  /** Name of the dataset; that of the observation where absent. */
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
 * @throws TypeError where a response or the pointing is missing, or a point region meets responses without
 *   RAD_MAX; RangeError where background regions overlap.
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
  const { region, energy, energyTrue, exclusion, nOffRegions, containment = true } = options;
  const { obsId, pointing, irfs, events, livetimeS, gti } = observation;
  const name = options.name ?? obsId;
  if (pointing === undefined) {
    throw new TypeError(
      `Observation ${obsId} has no pointing: there is no offset to take its responses at`,
    );
  }
  const { aeff, edisp, radMax } = irfs;
  if (aeff === undefined) throw new TypeError(`Observation ${obsId} has no effective area`);
  const at = { lonDeg: pointing.raDeg, latDeg: pointing.decDeg };
  const offset = separationDeg(at, centerOf(region)), offsets = offsetFor(aeff, offset);
  const area = evaluateIrfGrid(aeff, { energy_true: energyTrue.centers, offset: offsets });
  const inside = containment && !aeff.pointLike
    ? containmentOf(observation, region, energyTrue, offset)
    : undefined;
  const exposureCm2S = area.map((a, i) => a * livetimeS * (inside?.[i] ?? 1));
  const find = { pointing: at, exclusion };
  const off = nOffRegions === undefined
    ? reflectedRegions(region, find)
    : wobbleRegions(region, { ...find, nRegions: nOffRegions });
  const counter = radMax !== undefined && region.kind === "point"
    ? countsByRadius(events, energy, { radMax, pointing: at })
    : countsInside(events, energy);
  if (region.kind === "point" && radMax === undefined) {
    throw new TypeError(`Observation ${obsId} has no RAD_MAX: a point region needs its radii`);
  }
  if (region.kind === "point") refuseOverlap([region, ...off], radMax!, { energy, offset });
  return createSpectrumDataset({
    name,
    energy,
    energyTrue,
    counts: counter([region]),
    exposureCm2S,
    edisp: edisp === undefined
      ? undefined
      : edispKernelAt(edisp, { energyTrue, energy }, { offset: offsetFor(edisp, offset)[0]! }),
    off: offCounts(energy, off.length, counter(off)),
    gti,
    livetimeS,
    meta: createMeta({
      observations: [{ obsId, instrument: observation.instrument, object: observation.object }],
      provenance: [{ activity: "makeSpectrum", inputs: [observation.source] }],
    }),
  });
}

/** A point-like table of one offset holds at it, wherever the source is. */
function offsetFor(irf: Irf, offset: number): readonly number[] {
  const axis = irfAxis(irf, "offset");
  return axis.nBins === 1 ? [axis.centers[0]!] : [offset];
}

function centerOf(region: Region): SkyPosition {
  const { lonDeg, latDeg } = boundingCircle(region);
  return { lonDeg, latDeg };
}

function containmentOf(
  { irfs: { psf }, obsId }: Observation,
  region: TurnableRegion,
  energyTrue: MapAxis,
  offset: number,
): Float64Array {
  if (region.kind !== "circle") {
    throw new TypeError(
      `The containment of a ${region.kind} is not known: take a circle, or containment: false`,
    );
  }
  if (psf === undefined) {
    throw new TypeError(
      `Observation ${obsId} has no point spread function: set containment to false`,
    );
  }
  const n = energyTrue.nBins, fill = (x: number) => new Float64Array(n).fill(x);
  return psfContainment(psf, {
    energy_true: energyTrue.centers,
    offset: fill(offset),
    rad: fill(region.radiusDeg),
  });
}

/** Counts the events of regions together, an event once. */
type Counter = (regions: readonly TurnableRegion[]) => Float64Array;

function countsInside(events: EventBatch, energy: MapAxis): Counter {
  const raDeg = requireColumn(events, "raDeg", "makeSpectrum");
  const decDeg = requireColumn(events, "decDeg", "makeSpectrum"), bins = energyBins(events, energy);
  const chosen = new Int32Array(events.length), hit = new Uint8Array(events.length);
  return (regions) => {
    hit.fill(0);
    const counts = new Float64Array(energy.nBins);
    for (const region of regions) {
      const n = regionSelector(region)(raDeg, decDeg, events.length, chosen);
      for (let k = 0; k < n; k++) {
        const i = chosen[k]!, bin = bins[i]!;
        if (hit[i] === 1 || bin < 0 || bin >= energy.nBins) continue;
        hit[i] = 1;
        counts[bin] = counts[bin]! + 1;
      }
    }
    return counts;
  };
}

/** Counts events about points, within the radius that belongs to the energy and offset of each. */
function countsByRadius(
  events: EventBatch,
  energy: MapAxis,
  { radMax, pointing }: { readonly radMax: Irf<"rad-max">; readonly pointing: SkyPosition },
): Counter {
  const raDeg = requireColumn(events, "raDeg", "makeSpectrum");
  const decDeg = requireColumn(events, "decDeg", "makeSpectrum"), bins = energyBins(events, energy);
  const energies = columnNumbers(requireColumn(events, "energyTeV", "makeSpectrum"));
  const single = irfAxis(radMax, "offset").nBins === 1
    ? irfAxis(radMax, "offset").centers[0]!
    : NaN;
  const offset = raDeg.map((ra, i) =>
    Number.isNaN(single) ? separationDeg(pointing, { lonDeg: ra, latDeg: decDeg[i]! }) : single
  );
  const radius = evaluateIrf(radMax, { energy: energies, offset }, { method: "nearest" });
  return (points) => {
    const counts = new Float64Array(energy.nBins);
    const centers = points.map(centerOf);
    for (let i = 0; i < raDeg.length; i++) {
      const bin = bins[i]!, event = { lonDeg: raDeg[i]!, latDeg: decDeg[i]! };
      if (bin < 0 || bin >= energy.nBins) continue;
      if (centers.some((center) => separationDeg(center, event) < radius[i]!)) {
        counts[bin] = counts[bin]! + 1;
      }
    }
    return counts;
  };
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
  radMax: Irf<"rad-max">,
  { energy, offset }: { readonly energy: MapAxis; readonly offset: number },
): void {
  const radii = evaluateIrfGrid(radMax, {
    energy: energy.centers,
    offset: offsetFor(radMax, offset),
  }, { method: "nearest" });
  const centers = points.map(centerOf);
  let nearest = Infinity;
  centers.forEach((a, i) => {
    for (const b of centers.slice(0, i)) nearest = Math.min(nearest, separationDeg(a, b));
  });
  const bin = radii.findIndex((radius) => 2 * radius > nearest);
  if (bin < 0) return;
  throw new RangeError(
    `Regions overlap at ${energy.centers[bin]!.toPrecision(3)} TeV: their radius is ` +
      `${radii[bin]!.toFixed(3)} deg and they are ${nearest.toFixed(3)} deg apart. Take fewer ` +
      `background regions, or higher energies`,
  );
}

function offCounts(energy: MapAxis, nRegions: number, counts: Float64Array): OffCounts {
  const fill = (value: number) => new Float64Array(energy.nBins).fill(value);
  return { counts, acceptance: fill(1), acceptanceOff: fill(nRegions) };
}
