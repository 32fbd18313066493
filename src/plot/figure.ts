import {
  axisTicks,
  drawFrame,
  drawTicks,
  drawXLabels,
  drawYLabels,
  yLabelWidth,
} from "./_draw_axes.ts";
import { type Colored, drawLegend } from "./_draw_legend.ts";
import { drawMark, type Frame } from "./_draw_marks.ts";
import { BAR, colorBarRoom, drawColorBar, drawRaster } from "./_draw_raster.ts";
import { drawSkyGrid, drawSkyLabels, drawSkyOutline, skyLayout } from "./_draw_sky.ts";
import { axisRange, createScale } from "./_scale.ts";
import { escapeText, num, textElement } from "./_svg.ts";
import { okabeIto } from "./colors.ts";
import type { Figure, Mark, Panel, RasterMark } from "./marks.ts";

/** A rectangle in px. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A panel with everything that the layout needs to know of it. */
interface Planned {
  readonly panel: Panel;
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  readonly bar: RasterMark | undefined;
}

function defaultColor(mark: Mark, next: () => string): string {
  if ("color" in mark && mark.color !== undefined) return mark.color;
  switch (mark.kind) {
    case "points":
    case "line":
    case "steps":
    case "band":
      return next();
    case "span":
      return "#e69f00";
    case "rule":
      return "#555555";
    case "circle":
      return "#ffffff";
    case "text":
    case "raster":
      return "#000000";
  }
}

function colored(marks: readonly Mark[]): Colored[] {
  let used = 0;
  const next = (): string => okabeIto[used++ % okabeIto.length]!;
  return marks.map((mark) => ({ mark, color: defaultColor(mark, next) }));
}

function plan(panel: Panel): Planned {
  const bar = panel.marks.find((mark): mark is RasterMark =>
    mark.kind === "raster" && mark.barLabel !== undefined
  );
  return {
    panel,
    bar,
    xRange: axisRange(panel.x ?? {}, panel.marks, "x"),
    yRange: axisRange(panel.y ?? {}, panel.marks, "y"),
  };
}

/** Whole pixels and a half, so that lines of one pixel are sharp. */
const sharp = (v: number): number => Math.round(v) + 0.5;

/** The frame inside its cell: all of it, or as large as equal units allow. */
function fit(box: Box, { panel, xRange, yRange }: Planned): Box {
  let { left, top, right, bottom } = box;
  if (panel.equal ?? panel.sky !== undefined) {
    const aspect = Math.abs(xRange[1] - xRange[0]) / Math.abs(yRange[1] - yRange[0]);
    const width = Math.min(right - left, (bottom - top) * aspect), height = width / aspect;
    const spareX = right - left - width, spareY = bottom - top - height;
    left += spareX / 2;
    right = left + width;
    top += spareY / 2;
    bottom = top + height;
  }
  return { left: sharp(left), top: sharp(top), right: sharp(right), bottom: sharp(bottom) };
}

interface Place {
  readonly box: Box;
  readonly labelX: number;
  readonly lowest: boolean;
  readonly touches: { readonly above: boolean; readonly below: boolean };
  readonly fontSize: number;
  readonly clip: string;
}

function layer(mark: Mark): number {
  if (mark.kind === "raster") return 0;
  if (mark.kind === "span") return 1;
  return mark.kind === "band" ? 2 : 3;
}

function drawPanel(planned: Planned, place: Place): string {
  const { panel, xRange, yRange, bar } = planned,
    { fontSize, clip } = place,
    box = fit(place.box, planned);
  const frame: Frame = {
    ...box,
    fontSize,
    x: createScale(panel.x?.scale === "log", xRange, box.left, box.right),
    y: createScale(panel.y?.scale === "log", yRange, box.bottom, box.top),
  };
  const marks = colored(panel.marks), sky = panel.sky;
  const layout = sky === undefined ? undefined : skyLayout(sky, frame);
  let inside = "";
  for (let level = 0; level < 4; level++) {
    for (const { mark, color } of marks) {
      if (layer(mark) !== level) continue;
      inside += mark.kind === "raster" ? drawRaster(mark, frame) : drawMark(mark, frame, color);
    }
    if (level === 0 && sky !== undefined && layout !== undefined) {
      inside += drawSkyGrid(sky, frame, layout);
    }
  }
  let out = `<clipPath id="${clip}"><rect x="${num(box.left)}" y="${num(box.top)}" width="${
    num(box.right - box.left)
  }" height="${num(box.bottom - box.top)}"/></clipPath><g clip-path="url(#${clip})">${inside}</g>`;
  const labelX = place.labelX + box.left - sharp(place.box.left);
  if (sky !== undefined && layout !== undefined) {
    if (layout.allSky) out += drawSkyOutline(sky, frame, layout);
    out += drawSkyLabels(sky, frame, layout);
    if (!layout.allSky) out += drawFrame(frame);
  } else {
    const xTicks = axisTicks(frame.x, box.right - box.left, fontSize, true);
    const yTicks = axisTicks(frame.y, box.bottom - box.top, fontSize, false);
    out += drawTicks(frame, xTicks, yTicks) + drawFrame(frame);
    if (place.lowest) out += drawXLabels(frame, panel.x ?? {}, xTicks);
    out += drawYLabels(frame, panel.y ?? {}, yTicks, labelX, place.touches);
  }
  if (bar !== undefined) out += drawColorBar(bar, frame, box.right + 10, BAR);
  const middle = (box.left + box.right) / 2;
  if (panel.note !== undefined) {
    out += textElement(middle, box.top - 0.55 * fontSize, panel.note, {
      size: 0.83 * fontSize,
      anchor: "middle",
      color: "#555555",
    });
  }
  if (panel.title !== undefined) {
    const above = panel.note === undefined ? 0.6 : 1.65;
    out += textElement(middle, box.top - above * fontSize, panel.title, {
      size: 1.08 * fontSize,
      anchor: "middle",
    });
  }
  return out + drawLegend(panel, marks, frame);
}

/** Room left of the frame of a panel for its numbers and label. */
function leftRoom({ panel, yRange }: Planned, height: number, fontSize: number): number {
  const label =
    panel.y?.label === undefined && panel.y?.unit === undefined && panel.sky === undefined
      ? 0
      : 1.7 * fontSize;
  if (panel.sky !== undefined) return 4.6 * fontSize + label;
  const scale = createScale(panel.y?.scale === "log", yRange, height, 0);
  return yLabelWidth(axisTicks(scale, height, fontSize, false), fontSize) + 10 + label;
}

function sharedRanges(plans: Planned[], columns: number): Planned[] {
  return plans.map((one, i) => {
    if (one.panel.x?.range !== undefined) return one;
    const column = plans.filter((_, k) => k % columns === i % columns);
    const low = Math.min(...column.map((p) => p.xRange[0])),
      high = Math.max(...column.map((p) => p.xRange[1]));
    return { ...one, xRange: [low, high] as const };
  });
}

/**
 * A figure as an SVG document: panels of points, lines, histograms, bands, images with sky grids; ticks
 * inside on all sides, labels with true superscripts. Equal input gives equal text, on every machine.
 *
 * @param spec size, panels and their marks; not changed
 * @returns the SVG document
 * @throws RangeError for an axis without a valid range; TypeError for marks whose lengths do not fit
 * @example
 * ```ts
 * import { figure } from "@gammarx/gammarx/plot";
 * import { ok } from "node:assert/strict";
 * const svg = figure({
 *   panels: [{
 *     x: { label: "Energy", unit: "TeV", scale: "log" },
 *     y: { label: "Flux", unit: "cm-2 s-1 TeV-1", scale: "log" },
 *     marks: [{ kind: "points", x: [1, 3, 10], y: [3e-11, 2e-12, 1e-13] }],
 *   }],
 * });
 * ok(svg.startsWith("<svg") && svg.endsWith("</svg>\n"));
 * ```
 */
export function figure(spec: Figure): string {
  const { width = 480, height = 360, columns = 1, shareX = false, fontSize = 12, id = "f" } = spec;
  const rows = Math.ceil(spec.panels.length / columns), weights = spec.rowHeights ?? [];
  if (rows === 0) throw new TypeError("figure: needs at least one panel");
  let plans = spec.panels.map(plan);
  if (shareX) plans = sharedRanges(plans, columns);
  const titled = plans.some(({ panel }) => panel.title !== undefined);
  const noted = plans.some(({ panel }) => panel.note !== undefined);
  const top = ((titled ? 2.1 : 0.8) + (noted ? 1.1 : 0)) * fontSize, bottom = 3.5 * fontSize;
  const gapY = shareX ? 0 : top + bottom;
  const free = height - top - bottom - (rows - 1) * gapY;
  const total = Array.from({ length: rows }, (_, r) => weights[r] ?? 1).reduce((a, b) => a + b, 0);
  const rowHeight = (r: number): number => free * (weights[r] ?? 1) / total;
  const columnOf = (c: number): Planned[] => plans.filter((_, i) => i % columns === c);
  const lefts = Array.from(
    { length: columns },
    (_, c) => Math.max(...columnOf(c).map((p, r) => leftRoom(p, rowHeight(r), fontSize))) + 3,
  );
  const rights = Array.from({ length: columns }, (_, c) =>
    Math.max(
      1.1 * fontSize,
      ...columnOf(c).map((p, r) =>
        p.bar === undefined ? 0 : colorBarRoom(p.bar, rowHeight(r), fontSize)
      ),
    ));
  const used = [...lefts, ...rights].reduce((a, b) => a + b, 0), cell = (width - used) / columns;
  if (cell < 20 || free / total < 10) {
    throw new RangeError(
      `figure: ${width} x ${height} px leave no room for ${spec.panels.length} panels`,
    );
  }
  let body = "";
  plans.forEach((planned, i) => {
    const c = i % columns, r = Math.floor(i / columns);
    let left = lefts[0]!, y = top;
    for (let k = 0; k < c; k++) left += cell + rights[k]! + lefts[k + 1]!;
    for (let k = 0; k < r; k++) y += rowHeight(k) + gapY;
    body += drawPanel(planned, {
      box: { left, top: y, right: left + cell, bottom: y + rowHeight(r) },
      labelX: left - lefts[c]! + 1.35 * fontSize,
      lowest: !shareX || i + columns >= plans.length,
      touches: { above: shareX && r > 0, below: shareX && i + columns < plans.length },
      fontSize,
      clip: `${escapeText(id)}${i}`,
    });
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${num(width)}" height="${
    num(height)
  }" viewBox="0 0 ${num(width)} ${
    num(height)
  }" font-family="DejaVu Sans, Helvetica, Arial, sans-serif">` +
    `<rect width="${num(width)}" height="${num(height)}" fill="#fff"/>${body}</svg>\n`;
}
