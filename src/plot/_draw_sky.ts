/** A grid of sky coordinates over a panel whose axes are pixels. */
import type { Frame } from "./_draw_marks.ts";
import { type SkyFormat, skyLabel, skyStep } from "./_sky_labels.ts";
import { num, stroke, textElement, textWidth } from "./_svg.ts";
import type { SkyGrid } from "./marks.ts";

const SAMPLES = 160;

interface Layout {
  readonly lonFormat: SkyFormat;
  readonly latFormat: SkyFormat;
  readonly lon0: number;
  readonly lons: readonly number[];
  readonly lats: readonly number[];
  readonly lonStep: number;
  readonly latStep: number;
  readonly lonSpan: readonly [number, number];
  readonly latSpan: readonly [number, number];
  readonly allSky: boolean;
}

/** lon - lon0 in [-180, 180). */
const relative = (lon: number, lon0: number): number =>
  (((lon - lon0 + 180) % 360) + 360) % 360 - 180;

function multiples(low: number, high: number, step: number): number[] {
  const out: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
    out.push(k * step);
  }
  return out;
}

/** Which lines a panel gets. */
export function skyLayout(grid: SkyGrid, frame: Frame): Layout {
  const { wcs, frame: system = "icrs" } = grid, { x, y } = frame;
  const inHours = system === "icrs" && (grid.hours ?? true);
  const lonFormat: SkyFormat = inHours ? "hours" : "degrees";
  const latFormat: SkyFormat = inHours ? "arc" : "degrees";
  const centre = wcs.pixelToWorld((x.from + x.to) / 2, (y.from + y.to) / 2), lon0 = centre.lonDeg;
  let low = Infinity, high = -Infinity, south = Infinity, north = -Infinity;
  const n = 40;
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= n; j++) {
      const at = wcs.pixelToWorld(
        x.from + (x.to - x.from) * i / n,
        y.from + (y.to - y.from) * j / n,
      );
      if (!Number.isFinite(at.lonDeg) || !Number.isFinite(at.latDeg)) continue;
      const lon = relative(at.lonDeg, lon0);
      low = Math.min(low, lon);
      high = Math.max(high, lon);
      south = Math.min(south, at.latDeg);
      north = Math.max(north, at.latDeg);
    }
  }
  if (!(low <= high)) throw new RangeError("sky grid: no pixel of the panel is on the sky");
  const corners = [[x.from, y.from], [x.to, y.from], [x.from, y.to], [x.to, y.to]] as const;
  const allSky = corners.every(([px, py]) => !Number.isFinite(wcs.pixelToWorld(px, py).lonDeg));
  const pole = [90, -90].map((lat) => {
    const at = wcs.worldToPixel(lon0, lat);
    const inside = (at.x - x.from) * (at.x - x.to) <= 0 && (at.y - y.from) * (at.y - y.to) <= 0;
    return inside && high - low > 180;
  });
  const around = pole[0] || pole[1];
  if (pole[0]) north = 90;
  if (pole[1]) south = -90;
  if (around || allSky) [low, high] = [-180, 180];
  const width = frame.right - frame.left;
  const room = Math.max(2, Math.min(7, Math.floor(width / (5 * frame.fontSize))));
  const lonStep = allSky ? (inHours ? 45 : 60) : around ? 30 : skyStep(lonFormat, high - low, room);
  const latStep = allSky ? 30 : skyStep(latFormat, north - south, 5);
  return {
    lonFormat,
    latFormat,
    lon0,
    lonStep,
    latStep,
    lons: multiples(lon0 + low, lon0 + high, lonStep),
    lats: multiples(south, north, latStep).filter((lat) => Math.abs(lat) < 90 - 1e-9),
    lonSpan: [low, high],
    latSpan: [Math.max(-90, south - latStep), Math.min(90, north + latStep)],
    allSky,
  };
}

/** A polyline through sky positions, broken where it leaves the sky or jumps across the panel. */
function skyPath(
  grid: SkyGrid,
  frame: Frame,
  at: (t: number) => readonly [lon: number, lat: number],
): string {
  let path = "", pen = false, lastX = 0, lastY = 0;
  const jump = (frame.right - frame.left) / 2;
  for (let i = 0; i <= SAMPLES; i++) {
    const [lon, lat] = at(i / SAMPLES), pixel = grid.wcs.worldToPixel(lon, lat);
    const px = frame.x.at(pixel.x), py = frame.y.at(pixel.y);
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      pen = false;
      continue;
    }
    if (pen && Math.hypot(px - lastX, py - lastY) > jump) pen = false;
    path += `${pen ? "L" : "M"}${num(px)},${num(py)}`;
    pen = true;
    lastX = px;
    lastY = py;
  }
  return path;
}

/** The lines; to be drawn inside the clipped panel. */
export function drawSkyGrid(grid: SkyGrid, frame: Frame, layout: Layout): string {
  const { lons, lats, lon0, lonSpan, latSpan } = layout, [south, north] = latSpan;
  let path = "";
  for (const lon of lons) path += skyPath(grid, frame, (t) => [lon, south + t * (north - south)]);
  const margin = layout.allSky ? 0 : 0.2 * (lonSpan[1] - lonSpan[0]);
  const west = Math.max(-180 + 1e-7, lonSpan[0] - margin),
    east = Math.min(180 - 1e-7, lonSpan[1] + margin);
  for (const lat of lats) {
    path += skyPath(grid, frame, (t) => [lon0 + west + t * (east - west), lat]);
  }
  const { color = "#ffffff", opacity = 0.45 } = grid;
  return path === ""
    ? ""
    : `<path d="${path}" ${stroke(color, 0.8)} stroke-opacity="${num(opacity)}"/>`;
}

/** The edge of an all-sky map. */
export function drawSkyOutline(grid: SkyGrid, frame: Frame, layout: Layout): string {
  const edge = (side: number): string =>
    skyPath(grid, frame, (t) => [layout.lon0 + side * (180 - 1e-6), -90 + 180 * t]);
  return `<path d="${edge(-1)}${edge(1)}" ${stroke("#000", 1)}/>`;
}

interface Crossing {
  readonly value: number;
  readonly place: number;
}

/** Where lines cross an edge of the panel: `sample(t)` is the coordinate along it, t in [0, 1]. */
function crossings(values: readonly number[], sample: (t: number) => number): Crossing[] {
  const out: Crossing[] = [];
  let before = sample(0);
  for (let i = 1; i <= SAMPLES; i++) {
    const now = sample(i / SAMPLES);
    for (const value of values) {
      const a = before - value, b = now - value;
      if (!(a * b <= 0) || a === b || Math.abs(a - b) > 90 || b === 0) continue;
      out.push({ value, place: (i - 1 + a / (a - b)) / SAMPLES });
    }
    before = now;
  }
  return out;
}

/** Ticks and labels at the edges, and the names of the axes. */
export function drawSkyLabels(grid: SkyGrid, frame: Frame, layout: Layout): string {
  if (layout.allSky) return allSkyLabels(grid, frame, layout);
  const { x, y, fontSize: size, top, bottom, right } = frame, { lon0 } = layout;
  const icrs = (grid.frame ?? "icrs") === "icrs";
  const along = (axis: "x" | "y", edge: number, what: "lon" | "lat") => (t: number): number => {
    const px = axis === "x" ? x.from + t * (x.to - x.from) : edge;
    const py = axis === "x" ? edge : y.from + t * (y.to - y.from);
    const { lonDeg, latDeg } = grid.wcs.pixelToWorld(px, py);
    return what === "lat" ? latDeg : lon0 + relative(lonDeg, lon0);
  };
  let ticks = "", labels = "", lastEnd = -Infinity;
  const bottomCrossings = crossings(layout.lons, along("x", y.from, "lon"));
  for (const { value, place } of bottomCrossings) {
    const px = frame.left + place * (right - frame.left);
    ticks += `M${num(px)},${num(bottom)}v-6`;
    const lon = ((value % 360) + 360) % 360,
      label = skyLabel(layout.lonFormat, lon, layout.lonStep, false);
    const half = textWidth(label, size) / 2;
    if (px - half < lastEnd + 0.4 * size) continue;
    lastEnd = px + half;
    labels += textElement(px, bottom + 1.45 * size, label, { size, anchor: "middle" });
  }
  for (const { place } of crossings(layout.lons, along("x", y.to, "lon"))) {
    ticks += `M${num(frame.left + place * (right - frame.left))},${num(top)}v6`;
  }
  let lastY = Infinity, lastValue = NaN, widest = 0;
  for (const { value, place } of crossings(layout.lats, along("y", x.from, "lat"))) {
    const py = bottom - place * (bottom - top);
    ticks += `M${num(frame.left)},${num(py)}h6`;
    if (Math.abs(py - lastY) < (value === lastValue ? 5 : 1.2) * size) continue;
    lastY = py;
    lastValue = value;
    const label = skyLabel(layout.latFormat, value, layout.latStep, true);
    widest = Math.max(widest, textWidth(label, size));
    labels += textElement(frame.left - 5, py + 0.36 * size, label, { size, anchor: "end" });
  }
  for (const { place } of crossings(layout.lats, along("y", x.to, "lat"))) {
    ticks += `M${num(right)},${num(bottom - place * (bottom - top))}h-6`;
  }
  const names = icrs
    ? ["Right ascension", "Declination"]
    : ["Galactic longitude", "Galactic latitude"];
  labels += textElement((frame.left + right) / 2, bottom + 2.95 * size, names[0]!, {
    size: 1.08 * size,
    anchor: "middle",
  });
  labels += textElement(frame.left - widest - 1.2 * size, (top + bottom) / 2, names[1]!, {
    size: 1.08 * size,
    anchor: "middle",
    rotate: -90,
  });
  return `<path d="${ticks}" ${stroke(grid.color ?? "#ffffff", 0.9)}/>${labels}`;
}

function allSkyLabels(grid: SkyGrid, frame: Frame, layout: Layout): string {
  const size = 0.9 * frame.fontSize, { lon0 } = layout;
  let out = "";
  const seen = new Set<number>();
  for (const value of layout.lons) {
    const lon = ((Math.round(value * 1e6) / 1e6 % 360) + 360) % 360;
    if (seen.has(lon) || Math.abs(Math.abs(relative(lon, lon0)) - 180) < 1) continue;
    seen.add(lon);
    const at = grid.wcs.worldToPixel(lon, 0),
      label = skyLabel(layout.lonFormat, lon, layout.lonStep, false);
    const style = { size, anchor: "middle", halo: true } as const;
    out += textElement(frame.x.at(at.x), frame.y.at(at.y) + 1.1 * size, label, style);
  }
  for (const lat of layout.lats) {
    const one = grid.wcs.worldToPixel(lon0 + 180 - 1e-6, lat),
      two = grid.wcs.worldToPixel(lon0 - 180 + 1e-6, lat);
    const px = Math.min(frame.x.at(one.x), frame.x.at(two.x)), py = frame.y.at(one.y);
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    const label = skyLabel(layout.latFormat, lat, layout.latStep, true);
    const shift = lat === 0 ? 0.36 : lat > 0 ? 0.1 : 0.62;
    out += textElement(px - 4, py + shift * size, label, { size, anchor: "end" });
  }
  return out;
}
