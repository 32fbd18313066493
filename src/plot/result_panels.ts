import type { NdArray } from "ndarray";
import type {
  CountsMap,
  CountsSpectrum,
  LightCurve,
  Phasogram,
  Theta2Histogram,
} from "../../streams/accumulators/mod.ts";
import type { WcsGeom } from "../maps/mod.ts";
import { pixelToWorld, worldToPixel } from "../sky/mod.ts";
import { addSeconds, formatIso } from "../time/mod.ts";
import type { Mark, Panel } from "./marks.ts";

/** Marks to draw over a result: a flare's interval, a source. */
export interface PanelExtras {
  /** Text above the panel. */
  readonly title?: string;
  /** Further marks, above the result's own. */
  readonly marks?: readonly Mark[];
}

/**
 * Draws a counts spectrum: counts per bin against energy, both logarithmic.
 *
 * @param spectrum The spectrum.
 * @param extras Title and further marks.
 * @returns A panel for `figure`.
 * @example
 * ```ts
 * import { figure, spectrumPanel } from "@gammarx/gammarx/plot";
 * import { match } from "node:assert/strict";
 * const edgesTeV = Float64Array.of(1, 3, 10), counts = Float64Array.of(20, 5);
 * const panel = spectrumPanel({ edgesTeV, counts, underflow: 0, overflow: 0 });
 * match(figure({ panels: [panel] }), /^<svg/);
 * ```
 */
export function spectrumPanel(spectrum: CountsSpectrum, extras: PanelExtras = {}): Panel {
  const { edgesTeV: edges, counts } = spectrum;
  return {
    ...titled(extras),
    x: { label: "Energy", unit: "TeV", scale: "log" },
    y: { label: "Counts per bin", scale: "log", range: [0.5, Math.max(2, 2 * largest(counts))] },
    marks: [
      {
        kind: "steps",
        edges,
        values: emptyAsNone(counts),
        yError: counts.map(Math.sqrt),
        fillOpacity: 0.12,
      },
      ...(extras.marks ?? []),
    ],
  };
}

/**
 * Draws a light curve: counts per second of live time, with √N errors, against time.
 *
 * @param curve The light curve.
 * @param extras Title and further marks; times in seconds after the first edge.
 * @returns A panel for `figure`.
 * @example
 * ```ts
 * import { figure, lightCurvePanel } from "@gammarx/gammarx/plot";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { match } from "node:assert/strict";
 * const panel = lightCurvePanel({
 *   epoch: createEpoch([51910, 0], "TT"), widthS: 10, nWithoutTime: 0,
 *   edgesS: Float64Array.of(0, 10), counts: Float64Array.of(4), livetimeS: Float64Array.of(9),
 * });
 * match(figure({ panels: [panel] }), /^<svg/);
 * ```
 */
export function lightCurvePanel(curve: LightCurve, extras: PanelExtras = {}): Panel {
  const { edgesS, counts, livetimeS, epoch } = curve;
  const zeroS = edgesS[0] ?? 0, n = counts.length;
  const x = Float64Array.from(counts, (_, i) => (edgesS[i]! + edgesS[i + 1]!) / 2 - zeroS);
  const halfS = Float64Array.from(counts, (_, i) => (edgesS[i + 1]! - edgesS[i]!) / 2);
  // Bins that were hardly looked at say nothing about the rate.
  const isSeen = Array.from(livetimeS, (live, i) => live > 0.05 * 2 * halfS[i]!);
  const rate = counts.map((c, i) => isSeen[i] ? c / livetimeS[i]! : NaN);
  const error = counts.map((c, i) => isSeen[i] ? Math.sqrt(c) / livetimeS[i]! : NaN);
  const total = (edgesS[n] ?? 0) - zeroS;
  const [unit, perUnit] = total > 3 * 86400 ? ["d", 86400] : total > 7200 ? ["h", 3600] : ["s", 1];
  const start = formatIso(addSeconds<"TT" | "TDB">(epoch, zeroS), {
    scale: epoch.scale,
    digits: 0,
  });
  return {
    ...titled(extras),
    x: { label: `Time since ${start} ${epoch.scale}`, unit },
    y: { label: "Rate", unit: "s^{-1}" },
    marks: [
      {
        kind: "points",
        x: x.map((t) => t / perUnit),
        y: rate,
        xError: halfS.map((t) => t / perUnit),
        yError: error,
        size: 3,
      },
      ...(extras.marks ?? []),
    ],
  };
}

/**
 * Draws a phasogram over two cycles, with errors and the background level where weights give one.
 *
 * @param phasogram The phasogram.
 * @param extras Title and further marks.
 * @returns A panel for `figure`.
 * @example
 * ```ts
 * import { figure, phasogramPanel } from "@gammarx/gammarx/plot";
 * import { match } from "node:assert/strict";
 * const counts = Float64Array.of(4, 9), edges = Float64Array.of(0, 0.5, 1);
 * const panel = phasogramPanel({
 *   edges, counts, weighted: counts, errors: counts.map(Math.sqrt), backgroundPerBin: 0, outside: 0,
 * });
 * match(figure({ panels: [panel] }), /^<svg/);
 * ```
 */
export function phasogramPanel(phasogram: Phasogram, extras: PanelExtras = {}): Panel {
  const { edges, counts, weighted, errors, backgroundPerBin } = phasogram, n = weighted.length;
  const isCounted = weighted.every((w, k) => w === counts[k]);
  const twice = (values: Float64Array) => Float64Array.of(...values, ...values);
  const bothEdges = Float64Array.of(...edges.subarray(0, n), ...edges.map((e) => e + 1));
  const top = 1.15 * largest(weighted.map((w, i) => w + errors[i]!));
  return {
    ...titled(extras),
    x: { label: "Phase", unit: "cycles", range: [0, 2] },
    y: {
      label: isCounted ? "Counts per bin" : "Sum of weights per bin",
      range: [0, Math.max(1, top)],
    },
    marks: [
      {
        kind: "steps",
        edges: bothEdges,
        values: twice(weighted),
        yError: twice(errors),
        fillOpacity: 0.12,
      },
      ...(backgroundPerBin > 0
        ? [
          {
            kind: "rule",
            axis: "y",
            at: backgroundPerBin,
            dash: [4, 3],
            label: "background",
          } as const,
        ]
        : []),
      ...(extras.marks ?? []),
    ],
  };
}

/**
 * Draws a θ² histogram with √N errors.
 *
 * @param histogram The histogram.
 * @param extras Title and further marks.
 * @returns A panel for `figure`.
 * @example
 * ```ts
 * import { figure, theta2Panel } from "@gammarx/gammarx/plot";
 * import { match } from "node:assert/strict";
 * const edgesDeg2 = Float64Array.of(0, 0.1, 0.2), counts = Float64Array.of(20, 5);
 * const panel = theta2Panel({ edgesDeg2, counts, underflow: 0, overflow: 0 });
 * match(figure({ panels: [panel] }), /^<svg/);
 * ```
 */
export function theta2Panel(histogram: Theta2Histogram, extras: PanelExtras = {}): Panel {
  const { edgesDeg2: edges, counts } = histogram;
  return {
    ...titled(extras),
    x: { label: "θ^{2}", unit: "deg^{2}", range: [edges[0]!, edges[edges.length - 1]!] },
    y: {
      label: "Counts per bin",
      range: [0, Math.max(1, 1.15 * (largest(counts) + Math.sqrt(largest(counts))))],
    },
    marks: [
      { kind: "steps", edges, values: counts, yError: counts.map(Math.sqrt), fillOpacity: 0.12 },
      ...(extras.marks ?? []),
    ],
  };
}

/**
 * Draws a counts map, summed over its further axes, with a grid of sky coordinates.
 *
 * @param map The map.
 * @param extras Title and further marks, in pixels.
 * @returns A panel for `figure`.
 * @example
 * ```ts
 * import { figure, countsMapPanel } from "@gammarx/gammarx/plot";
 * import { countsMap } from "@gammarx/gammarx/accumulators";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { match } from "node:assert/strict";
 * const geom = createWcsGeom({ npix: [8, 8], binszDeg: 0.5, proj: "TAN" });
 * const map = countsMap({ geom });
 * const panel = countsMapPanel(map.result(map.create()));
 * match(figure({ panels: [panel] }), /^<svg/);
 * ```
 */
export function countsMapPanel(map: CountsMap<WcsGeom>, extras: PanelExtras = {}): Panel {
  const { geom } = map, [width, height] = geom.npix;
  const values = imageOf(map.values as NdArray<Float64Array>, width * height),
    most = largest(values);
  return {
    ...titled(extras),
    x: { label: geom.frame === "icrs" ? "Right ascension" : "Galactic longitude" },
    y: { label: geom.frame === "icrs" ? "Declination" : "Galactic latitude" },
    sky: {
      frame: geom.frame,
      wcs: {
        pixelToWorld: (x, y) => pixelToWorld(geom.wcs, { x, y }),
        worldToPixel: (lonDeg, latDeg) => worldToPixel(geom.wcs, { lonDeg, latDeg }),
      },
    },
    marks: [
      {
        kind: "raster",
        values,
        width,
        height,
        range: [0, Math.max(1, most)],
        stretch: most > 20 ? "sqrt" : "linear",
        colors: "inferno",
        barLabel: "Counts per pixel",
      },
      ...(extras.marks ?? []),
    ],
  };
}

/** Sums a map over all axes but the sky. */
function imageOf(data: NdArray<Float64Array>, nPixels: number): Float64Array {
  const image = new Float64Array(nPixels), { data: flat, offset } = data;
  for (let i = 0; i < data.size; i++) image[i % nPixels]! += flat[offset + i]!;
  return image;
}

function titled({ title }: PanelExtras): { readonly title?: string } {
  return title === undefined ? {} : { title };
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** An empty bin has no place on a logarithmic axis. */
function emptyAsNone(values: Float64Array): Float64Array {
  return values.map((value) => value > 0 ? value : NaN);
}
