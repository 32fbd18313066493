/** Which events of an observation count where: a mark of 1 or 0 an event. */
import { columnNumbers, type EventBatch, requireColumn } from "../events/mod.ts";
import { evaluateIrf, type Irf, irfAxis } from "../irf/mod.ts";
import { regionSelector, separationDeg, type SkyPosition } from "../sky/mod.ts";
import { phaseFraction, type PhaseInterval, phaseIntervals } from "../stats/mod.ts";
import { centerOf } from "./_positions.ts";
import type { TurnableRegion } from "./reflected_regions.ts";

/** Marks the events that are in any of the regions. */
export type Marker = (regions: readonly TurnableRegion[]) => Uint8Array;

/** Marks events within the edges of regions. */
export function markInside(events: EventBatch): Marker {
  const raDeg = requireColumn(events, "raDeg", "makeSpectrum");
  const decDeg = requireColumn(events, "decDeg", "makeSpectrum");
  const chosen = new Int32Array(events.length);
  return (regions) => {
    const marks = new Uint8Array(events.length);
    for (const region of regions) {
      const n = regionSelector(region)(raDeg, decDeg, events.length, chosen);
      for (let k = 0; k < n; k++) marks[chosen[k]!] = 1;
    }
    return marks;
  };
}

/** Marks events about points, within the radius that belongs to the energy and offset of each. */
export function markWithinRadius(
  events: EventBatch,
  { radMax, pointing }: { readonly radMax: Irf<"rad-max">; readonly pointing: SkyPosition },
): Marker {
  const raDeg = requireColumn(events, "raDeg", "makeSpectrum");
  const decDeg = requireColumn(events, "decDeg", "makeSpectrum");
  const energies = columnNumbers(requireColumn(events, "energyTeV", "makeSpectrum"));
  const axis = irfAxis(radMax, "offset"), single = axis.nBins === 1 ? axis.centers[0]! : NaN;
  const offset = raDeg.map((ra, i) =>
    Number.isNaN(single) ? separationDeg(pointing, { lonDeg: ra, latDeg: decDeg[i]! }) : single
  );
  const radius = evaluateIrf(radMax, { energy: energies, offset }, { method: "nearest" });
  return (points) => {
    const marks = new Uint8Array(events.length), centers = points.map(centerOf);
    for (let i = 0; i < events.length; i++) {
      const event = { lonDeg: raDeg[i]!, latDeg: decDeg[i]! };
      marks[i] = +centers.some((center) => separationDeg(center, event) < radius[i]!);
    }
    return marks;
  };
}

/** Marks events of the given phases. */
export function phaseMarks(events: EventBatch, intervals: readonly PhaseInterval[]): Uint8Array {
  const phase = requireColumn(events, "phase", "makeSpectrum"), parts = phaseIntervals(intervals);
  return Uint8Array.from(
    phase,
    (x) => +parts.some(([from, to]) => x >= from && x < to),
  );
}

/** What counts as on and as off, and the acceptance of each. */
export interface OnOffMarks {
  readonly on: Uint8Array;
  readonly off: Uint8Array;
  readonly acceptance: number;
  readonly acceptanceOff: number;
}

/** On and off by phase among the marked events; acceptances are parts of a cycle. */
export function marksByPhase(
  events: EventBatch,
  marks: Uint8Array,
  { on, off }: { readonly on: readonly PhaseInterval[]; readonly off: readonly PhaseInterval[] },
): OnOffMarks {
  const within = (intervals: readonly PhaseInterval[]) =>
    phaseMarks(events, intervals).map((mark, i) => mark & marks[i]!);
  return {
    on: within(on),
    off: within(off),
    acceptance: phaseFraction(on),
    acceptanceOff: phaseFraction(off),
  };
}

/** Marked events by bin; those outside the bins, or not during a time, are left out. */
export function countMarked(
  bins: Int32Array,
  marks: Uint8Array,
  { nBins, during }: { readonly nBins: number; readonly during?: Uint8Array | undefined },
): Float64Array {
  const counts = new Float64Array(nBins);
  for (let i = 0; i < bins.length; i++) {
    const bin = bins[i]!;
    if (marks[i] === 0 || bin < 0 || bin >= nBins || during?.[i] === 0) continue;
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}
