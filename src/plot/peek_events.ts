import { columnNumbers, type EventBatch, type Gti, gtiSumS, type Pointing } from "../events/mod.ts";
import { createWcsGeom, pixelIndexer } from "../maps/mod.ts";
import { binIndices, createMapAxis, linearEdges, logEdges, type MapAxis } from "../nddata/mod.ts";
import { pixelToWorld, separationDeg, worldToPixel } from "../sky/mod.ts";
import { addSeconds, formatIso } from "../time/mod.ts";
import type { Figure, Panel } from "./marks.ts";

/** An event list to be drawn. */
export interface EventsToPeek {
  /** All events, or a part of them. */
  readonly events: EventBatch;
  /** Good time intervals. */
  readonly gti?: Gti | undefined;
  /** Pointing. */
  readonly pointing?: Pointing | undefined;
  /** What it is called; "Events" where absent. */
  readonly title?: string;
}

/**
 * A figure of an event list: energies (or channels), rate over time with the good time intervals, image of
 * the sky, and offsets squared from the pointing.
 *
 * @param peek Events, and what is known beside.
 * @returns A figure for {@linkcode figure}; panels whose columns are missing are left out.
 * @throws RangeError for a list without events.
 * @example
 * ```ts
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { figure, peekEvents } from "@gammarx/gammarx/plot";
 * import { match } from "node:assert/strict";
 * const events = createEventBatch({
 *   timeS: Float64Array.of(0, 5, 9), energyTeV: Float64Array.of(1, 2, 5),
 * });
 * match(figure(peekEvents({ events })), /Energy/);
 * ```
 */
export function peekEvents(peek: EventsToPeek): Figure {
  const { events, title = "Events" } = peek;
  if (events.length === 0) throw new RangeError("The list has no events: there is nothing to draw");
  const panels = [
    energyPanel(events),
    timePanel(events, peek.gti),
    skyPanel(events, peek.pointing),
    offsetPanel(events, peek.pointing),
  ].flatMap((panel) => panel === undefined ? [] : [panel]);
  panels[0] = { ...panels[0]!, title: `${title}: ${events.length} events` };
  return {
    panels,
    columns: Math.min(2, panels.length),
    width: 880,
    height: 340 * Math.ceil(panels.length / 2),
  };
}

/**
 * A figure of good time intervals: when they are, and how long.
 *
 * @param gti The intervals.
 * @param options `title`; "Good time intervals" where absent.
 * @returns A figure for {@linkcode figure}.
 * @throws RangeError where there is no interval.
 * @example
 * ```ts
 * import { createGti } from "@gammarx/gammarx/events";
 * import { figure, peekGti } from "@gammarx/gammarx/plot";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { match } from "node:assert/strict";
 * const gti = createGti(createEpoch([51910, 0], "TT"), Float64Array.of(0, 60), Float64Array.of(50, 100));
 * match(figure(peekGti(gti)), /90 s/);
 * ```
 */
export function peekGti(gti: Gti, options: { readonly title?: string } = {}): Figure {
  const { title = "Good time intervals" } = options, n = gti.startS.length;
  if (n === 0) throw new RangeError("There are no good time intervals: there is nothing to draw");
  const { zeroS, perUnit, x } = timeAxis(gti.epoch, gti.startS[0]!, gti.stopS[n - 1]!);
  const lengths = gti.startS.map((start, i) => gti.stopS[i]! - start);
  return {
    width: 600,
    height: 300,
    panels: [{
      title,
      note: `intervals: ${n}, ${Number(gtiSumS(gti).toPrecision(7))} s in all`,
      x,
      y: { label: "Length", unit: "s", range: [0, 1.2 * Math.max(...lengths.slice(0, 100_000))] },
      marks: [{
        kind: "points",
        x: lengths.map((length, i) => (gti.startS[i]! + length / 2 - zeroS) / perUnit),
        y: lengths,
        xError: lengths.map((length) => length / 2 / perUnit),
        size: n > 200 ? 2 : 4,
      }],
    }],
  };
}

/** A time axis in a unit that suits its length. */
function timeAxis(
  epoch: Gti["epoch"],
  startS: number,
  stopS: number,
): { readonly zeroS: number; readonly perUnit: number; readonly x: NonNullable<Panel["x"]> } {
  const length = stopS - startS;
  const [unit, perUnit] = length > 3 * 86400
    ? ["d", 86400]
    : length > 7200
    ? ["h", 3600]
    : ["s", 1];
  const start = formatIso(addSeconds<"TT" | "TDB">(epoch, startS), {
    scale: epoch.scale,
    digits: 0,
  });
  return { zeroS: startS, perUnit, x: { label: `Time since ${start} ${epoch.scale}`, unit } };
}

/** Counts in the bins of an axis. */
function histogram(axis: MapAxis, values: Float64Array): Float64Array {
  const bins = new Int32Array(values.length), counts = new Float64Array(axis.nBins);
  binIndices(axis, values, values.length, bins);
  for (const bin of bins) if (bin >= 0 && bin < axis.nBins) counts[bin] = counts[bin]! + 1;
  return counts;
}

function rangeOf(values: ArrayLike<number>): readonly [number, number] {
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function energyPanel(events: EventBatch): Panel | undefined {
  const energies = events.columns.energyTeV, channels = events.columns.piChannel;
  if (energies === undefined) {
    return channels === undefined ? undefined : channelPanel(columnNumbers(channels));
  }
  const positive = columnNumbers(energies).filter((e) => e > 0), [low, high] = rangeOf(positive);
  if (positive.length === 0) return undefined;
  const edges = logEdges({ low: low * 0.999, high: Math.max(high, 1.01 * low) * 1.001, nBins: 40 });
  const counts = histogram(createMapAxis("energy", edges, { interp: "log" }), positive);
  return {
    note: "energies",
    x: { label: "Energy", unit: "TeV", scale: "log" },
    y: { label: "Events per bin", scale: "log" },
    marks: [{
      kind: "steps",
      edges,
      values: counts.map((n) => n > 0 ? n : NaN),
      fillOpacity: 0.12,
    }],
  };
}

function channelPanel(channels: Float64Array): Panel {
  const [low, high] = rangeOf(channels);
  const edges = linearEdges({
    low: low - 0.5,
    high: high + 0.5,
    nBins: Math.min(100, high - low + 1),
  });
  return {
    note: "channels",
    x: { label: "PI channel" },
    y: { label: "Events per bin" },
    marks: [{
      kind: "steps",
      edges,
      values: histogram(createMapAxis("pi", edges), channels),
      fillOpacity: 0.12,
    }],
  };
}

function timePanel(events: EventBatch, gti: Gti | undefined): Panel | undefined {
  const times = events.columns.timeS, [low, high] = rangeOf(times);
  if (!(high > low)) return undefined;
  const width = (high - low) * (1 + 1e-9) / 80;
  const edges = linearEdges({ low, high: low + 80 * width, nBins: 80 });
  const counts = histogram(createMapAxis("time", edges), times);
  const epoch = gti?.epoch;
  const axis = epoch === undefined
    ? { perUnit: 1, x: { label: "Time", unit: "s" } }
    : timeAxis(epoch, low, high);
  return {
    note: "events a second, dead time and gaps not taken out",
    x: axis.x,
    y: { label: "Rate", unit: "s^{-1}", range: [0, 1.25 * rangeOf(counts)[1] / width] },
    marks: [
      {
        kind: "steps",
        edges: edges.map((t) => (t - low) / axis.perUnit),
        values: counts.map((n) => n / width),
        yError: counts.map((n) => Math.sqrt(n) / width),
        fillOpacity: 0.12,
      },
    ],
  };
}

const BINS = 120;

function skyPanel(events: EventBatch, pointing: Pointing | undefined): Panel | undefined {
  const { raDeg, decDeg } = events.columns;
  if (raDeg === undefined || decDeg === undefined) return undefined;
  const middle = pointing === undefined
    ? { lonDeg: medianOf(raDeg), latDeg: medianOf(decDeg) }
    : { lonDeg: pointing.raDeg, latDeg: pointing.decDeg };
  const offsets = offsetsOf(raDeg, decDeg, middle).sort();
  const radius = Math.max(
    1e-3,
    Math.min(60, 1.05 * offsets[Math.floor(0.98 * (offsets.length - 1))]!),
  );
  const geom = createWcsGeom({
    skydir: middle,
    proj: "TAN",
    binszDeg: 2 * radius / BINS,
    npix: BINS,
  });
  const pixels = new Int32Array(events.length), image = new Float64Array(BINS * BINS);
  pixelIndexer(geom)(raDeg, decDeg, events.length, pixels);
  for (const pixel of pixels) if (pixel >= 0) image[pixel] = image[pixel]! + 1;
  return {
    note: "events on the sky",
    x: { label: "Right ascension" },
    y: { label: "Declination" },
    sky: {
      frame: "icrs",
      wcs: {
        pixelToWorld: (x, y) => pixelToWorld(geom.wcs, { x, y }),
        worldToPixel: (lonDeg, latDeg) => worldToPixel(geom.wcs, { lonDeg, latDeg }),
      },
    },
    marks: [{
      kind: "raster",
      values: image,
      width: BINS,
      height: BINS,
      colors: "inferno",
      stretch: "sqrt",
      barLabel: "Events",
    }],
  };
}

function medianOf(values: Float64Array): number {
  return values.slice().sort()[values.length >>> 1]!;
}

function offsetsOf(
  raDeg: Float64Array,
  decDeg: Float64Array,
  middle: { readonly lonDeg: number; readonly latDeg: number },
): Float64Array {
  return raDeg.map((ra, i) => separationDeg(middle, { lonDeg: ra, latDeg: decDeg[i]! }));
}

function offsetPanel(events: EventBatch, pointing: Pointing | undefined): Panel | undefined {
  const { raDeg, decDeg } = events.columns;
  if (raDeg === undefined || decDeg === undefined || pointing === undefined) return undefined;
  const offsets = offsetsOf(raDeg, decDeg, { lonDeg: pointing.raDeg, latDeg: pointing.decDeg });
  const sorted = offsets.slice().sort(), most = sorted[Math.floor(0.99 * (sorted.length - 1))]!;
  if (!(most > 0)) return undefined;
  const edges = linearEdges({ low: 0, high: most * most, nBins: 50 });
  const counts = histogram(
    createMapAxis("offset2", edges),
    offsets.map((offset) => offset * offset),
  );
  return {
    note: "events by offset squared: flat where the acceptance is",
    x: { label: "Offset^{2}", unit: "deg^{2}", range: [0, most * most] },
    y: { label: "Events per bin", range: [0, 1.2 * rangeOf(counts)[1]] },
    marks: [{ kind: "steps", edges, values: counts, fillOpacity: 0.12 }],
  };
}
