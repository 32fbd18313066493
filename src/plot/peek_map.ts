import {
  createSkyMap,
  createWcsGeom,
  geomCenters,
  geomPixels,
  type SkyGeom,
  type SkyMap,
  valuesAt,
  type WcsGeom,
} from "../maps/mod.ts";
import type { Axis } from "../nddata/mod.ts";
import { flatten } from "../numeric/mod.ts";
import { pixelToWorld, separationDeg, type SkyPosition, worldToPixel } from "../sky/mod.ts";
import type { Figure, Panel } from "./marks.ts";

/**
 * A figure of a map: an image, summed over its further axes, and the sum over the sky along each of them;
 * HEALPix maps in Aitoff's projection, or that of their part of the sky.
 *
 * @param map The map.
 * @param options `title`; "Map" where absent.
 * @returns A figure for {@linkcode figure}.
 * @throws TypeError for a map that has neither pixels nor axes.
 * @example
 * ```ts
 * import { createSkyMap, createWcsGeom } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { figure, peekMap } from "@gammarx/gammarx/plot";
 * import { match } from "node:assert/strict";
 * const axes = [energyAxis({ low: 1, high: 10, nBins: 3 })];
 * const map = createSkyMap(createWcsGeom({ npix: [8, 6], binszDeg: 0.5, proj: "TAN" }), { axes });
 * match(figure(peekMap(map, { title: "Counts" })), /Counts/);
 * ```
 */
export function peekMap(map: SkyMap, options: { readonly title?: string } = {}): Figure {
  const { title = "Map" } = options, nPixels = geomPixels(map.geom);
  const panels: Panel[] = [];
  if (map.geom.shape.length > 0) panels.push(imagePanel(map, title));
  map.axes.forEach((axis, a) => panels.push(axisPanel(map, { axis, a, nPixels })));
  if (panels.length === 0) {
    throw new TypeError("The map is a single number: there is nothing to draw");
  }
  if (map.geom.shape.length === 0) panels[0] = { ...panels[0]!, title };
  return { panels, columns: panels.length, width: 440 * panels.length, height: 360 };
}

/** Finite values summed over all axes. */
function imageOf(map: SkyMap): Float64Array {
  const nPixels = geomPixels(map.geom), { data, offset, length } = flatten(map.values);
  const image = new Float64Array(nPixels), seen = new Uint8Array(nPixels);
  for (let i = 0; i < length; i++) {
    const value = data[offset + i]!, pixel = i % nPixels;
    if (!Number.isFinite(value)) continue;
    image[pixel] = image[pixel]! + value;
    seen[pixel] = 1;
  }
  return image.map((sum, i) => seen[i] === 1 ? sum : NaN);
}

function imagePanel(map: SkyMap, title: string): Panel {
  const { geom } = map, over = map.axes.map((axis) => axis.name).join(", ");
  const { shown, values } = geom.kind === "wcs-geom"
    ? { shown: geom, values: imageOf(map) }
    : projected(map);
  const [width, height] = shown.npix, isIcrs = shown.frame === "icrs";
  const positive = values.filter((value) => value > 0), most = Math.max(0, ...extremes(positive));
  return {
    title,
    note: over === "" ? "values of the map" : `sum over ${over}`,
    x: { label: isIcrs ? "Right ascension" : "Galactic longitude" },
    y: { label: isIcrs ? "Declination" : "Galactic latitude" },
    sky: {
      frame: shown.frame,
      wcs: {
        pixelToWorld: (x, y) => pixelToWorld(shown.wcs, { x, y }),
        worldToPixel: (lonDeg, latDeg) => worldToPixel(shown.wcs, { lonDeg, latDeg }),
      },
    },
    marks: [{
      kind: "raster",
      values,
      width,
      height,
      colors: "inferno",
      stretch: most > 20 * medianOf(positive) ? "sqrt" : "linear",
      barLabel: "Sum",
      barUnit: map.unit ?? "",
    }],
  };
}

function extremes(values: Float64Array): number[] {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return values.length === 0 ? [] : [low, high];
}

function medianOf(values: Float64Array): number {
  return values.slice().sort()[values.length >>> 1] ?? 0;
}

/** A HEALPix map on pixels of a projection: the whole sky, or about the middle of its part. */
function projected(map: SkyMap): { readonly shown: WcsGeom; readonly values: Float64Array } {
  const { geom } = map, { middle, radiusDeg } = extentOf(geom), frame = geom.frame ?? "icrs";
  const shown = radiusDeg > 60
    ? createWcsGeom({ frame, proj: "AIT", npix: [325, 163] })
    : createWcsGeom({
      frame,
      proj: "TAN",
      skydir: middle,
      binszDeg: Math.max(radiusDeg, 1e-3) / 100,
      npix: 220,
    });
  const image = createSkyMap(geom, { data: imageOf(map) }), { lonDeg, latDeg } = geomCenters(shown);
  return { shown, values: valuesAt(image, { lonDeg: lonDeg.data, latDeg: latDeg.data }) };
}

/** The middle of the pixels of a geometry, and the greatest distance from it. */
function extentOf(geom: SkyGeom): { readonly middle: SkyPosition; readonly radiusDeg: number } {
  const { lonDeg, latDeg } = geomCenters(geom), rad = Math.PI / 180, n = lonDeg.data.length;
  let x = 0, y = 0, z = 0;
  for (let i = 0; i < n; i++) {
    const lon = lonDeg.data[i]! * rad, lat = latDeg.data[i]! * rad;
    x += Math.cos(lat) * Math.cos(lon);
    y += Math.cos(lat) * Math.sin(lon);
    z += Math.sin(lat);
  }
  const middle = { lonDeg: Math.atan2(y, x) / rad, latDeg: Math.atan2(z, Math.hypot(x, y)) / rad };
  let radiusDeg = 0;
  for (let i = 0; i < n; i++) {
    const at = { lonDeg: lonDeg.data[i]!, latDeg: latDeg.data[i]! };
    radiusDeg = Math.max(radiusDeg, separationDeg(middle, at));
  }
  return { middle, radiusDeg };
}

/** The map summed over the sky and its other axes, along one axis. */
function axisPanel(
  map: SkyMap,
  { axis, a, nPixels }: { readonly axis: Axis; readonly a: number; readonly nPixels: number },
): Panel {
  const inner = map.axes.slice(a + 1).reduce((n, one) => n * one.nBins, nPixels);
  const { data, offset, length } = flatten(map.values), sums = new Float64Array(axis.nBins);
  for (let i = 0; i < length; i++) {
    const value = data[offset + i]!, bin = Math.floor(i / inner) % axis.nBins;
    if (Number.isFinite(value)) sums[bin] = sums[bin]! + value;
  }
  const positive = sums.every((sum) => sum >= 0) && sums.some((sum) => sum > 0);
  const isLog = axis.kind === "map-axis" && axis.interp === "log" && positive;
  const { edges, label, unit } = edgesOf(axis);
  return {
    note: `sum over everything else, by ${axis.name}`,
    x: {
      label,
      unit,
      scale: axis.kind === "map-axis" && axis.interp === "log" ? "log" : "linear",
      range: [edges[0]!, edges[axis.nBins]!],
    },
    y: { label: "Sum", unit: map.unit ?? "", scale: isLog ? "log" : "linear" },
    marks: [{
      kind: "steps",
      edges,
      values: isLog ? sums.map((sum) => sum > 0 ? sum : NaN) : sums,
      fillOpacity: 0.12,
    }],
  };
}

function edgesOf(axis: Axis): { edges: Float64Array; label: string; unit: string } {
  switch (axis.kind) {
    case "map-axis":
      return { edges: axis.edges, label: axis.name, unit: axis.unit };
    case "time-axis": {
      // Gaps are drawn as part of the interval before them.
      const edges = Float64Array.of(...axis.startS, axis.stopS.at(-1)!);
      return { edges, label: `${axis.name} after MJD ${axis.epoch.mjdDay}`, unit: "s" };
    }
    case "label-axis": {
      const edges = Float64Array.from({ length: axis.nBins + 1 }, (_, i) => i - 0.5);
      return { edges, label: `${axis.name}: ${axis.labels.join(", ")}`, unit: "" };
    }
  }
}
