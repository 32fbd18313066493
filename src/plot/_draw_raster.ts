/** Images and colour bars. */
import type { Frame } from "./_draw_marks.ts";
import { createScale, rasterExtent } from "./_scale.ts";
import { labelWithUnit, num, stroke, textElement, textWidth } from "./_svg.ts";
import { axisTicks } from "./_draw_axes.ts";
import { colorMap } from "./colors.ts";
import type { RasterMark, Stretch } from "./marks.ts";
import { encodePng } from "./png.ts";

/** Values of the first and last colour. */
export function rasterRange(mark: RasterMark): [number, number] {
  if (mark.range !== undefined) return [mark.range[0], mark.range[1]];
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < mark.values.length; i++) {
    const v = mark.values[i]!;
    if (!Number.isFinite(v) || (mark.stretch === "log" && v <= 0)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (!(low <= high)) return [1, 10];
  return low === high ? [low, low + Math.max(Math.abs(low), 1)] : [low, high];
}

/** The way from a value to [0, 1]. */
function stretcher(stretch: Stretch, low: number, high: number): (v: number) => number {
  switch (stretch) {
    case "linear":
      return (v) => (v - low) / (high - low);
    case "sqrt":
      return (v) => Math.sqrt(Math.max(v - low, 0) / (high - low));
    case "asinh": {
      const scale = 30 / (high - low), top = Math.asinh(30);
      return (v) => Math.asinh((v - low) * scale) / top;
    }
    case "log": {
      if (!(low > 0 && high > 0)) {
        throw new RangeError(`A log stretch needs a range above 0, found [${low}, ${high}]`);
      }
      const span = Math.log(high / low);
      return (v) => v > 0 ? Math.log(v / low) / span : 0;
    }
  }
}

function embed(png: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < png.length; i += 8192) {
    binary += String.fromCharCode(...png.subarray(i, i + 8192));
  }
  return `data:image/png;base64,${btoa(binary)}`;
}

const CRISP = `preserveAspectRatio="none" image-rendering="optimizeSpeed"`;

/** The image of a raster: colour 0 is none, for NaN; 1..255 the colours. */
export function drawRaster(mark: RasterMark, frame: Frame): string {
  const { values, width, height } = mark;
  if (values.length !== width * height) {
    throw new TypeError(`raster: ${values.length} values for ${width} x ${height} pixels`);
  }
  const [low, high] = rasterRange(mark), place = stretcher(mark.stretch ?? "linear", low, high);
  const pixels = new Uint8Array(width * height);
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      const v = values[j * width + i]!, level = Math.round(1 + 254 * place(v));
      pixels[(height - 1 - j) * width + i] = Number.isNaN(v)
        ? 0
        : Math.max(1, Math.min(255, level));
    }
  }
  const palette = colorMap(mark.colors ?? "viridis");
  palette.copyWithin(3, 0, 3);
  const [left, right, bottom, top] = rasterExtent(mark);
  const x0 = frame.x.at(left),
    x1 = frame.x.at(right),
    y0 = frame.y.at(top),
    y1 = frame.y.at(bottom);
  if (x1 < x0 || y1 < y0) throw new RangeError("raster: the axes of an image must rise");
  return `<image x="${num(x0)}" y="${num(y0)}" width="${num(x1 - x0)}" height="${
    num(y1 - y0)
  }" ${CRISP} href="${
    embed(encodePng({ width, height, pixels, palette, alpha: new Uint8Array([0]) }))
  }"/>`;
}

/** Colour bar from `left` on, beside a frame. */
export function drawColorBar(mark: RasterMark, frame: Frame, left: number, width: number): string {
  const [low, high] = rasterRange(mark), { top, bottom, fontSize: size } = frame;
  const stretch = mark.stretch ?? "linear", place = stretcher(stretch, low, high);
  const pixels = new Uint8Array(255).map((_, i) => 255 - i);
  const png = encodePng({
    width: 1,
    height: 255,
    pixels,
    palette: colorMap(mark.colors ?? "viridis"),
  });
  const scale = createScale(stretch === "log", [low, high], bottom, top);
  const ticks = axisTicks(scale, bottom - top, size, false);
  const at = (v: number): number => bottom - place(v) * (bottom - top);
  const right = left + width;
  let path = "", labels = "", last = Infinity;
  for (const v of ticks.minor) path += `M${num(right)},${num(at(v))}h-2.5`;
  for (let i = 0; i < ticks.major.length; i++) {
    const y = at(ticks.major[i]!);
    path += `M${num(right)},${num(y)}h-5`;
    if (Math.abs(last - y) < 1.1 * size) continue;
    last = y;
    labels += textElement(right + 4, y + 0.36 * size, ticks.labels[i]!, { size });
  }
  const label = labelWithUnit(mark.barLabel ?? "", mark.barUnit, ticks.power);
  return `<image x="${num(left)}" y="${num(top)}" width="${num(width)}" height="${
    num(bottom - top)
  }" ` +
    `preserveAspectRatio="none" href="${embed(png)}"/>` +
    `<rect x="${num(left)}" y="${num(top)}" width="${num(width)}" height="${num(bottom - top)}" ${
      stroke("#000", 1)
    }/><path d="${path}" ${stroke("#000", 0.9)}/>` + labels +
    textElement(right + barLabelOffset(ticks.labels, size), (top + bottom) / 2, label, {
      size: 1.08 * size,
      anchor: "middle",
      rotate: -90,
    });
}

/** From the bar to the baseline of its label. */
function barLabelOffset(labels: readonly string[], size: number): number {
  return 4 + Math.max(0, ...labels.map((label) => textWidth(label, size))) + 1.7 * size;
}

/** Room a colour bar needs on the right. */
export function colorBarRoom(mark: RasterMark, height: number, size: number): number {
  const [low, high] = rasterRange(mark),
    scale = createScale(mark.stretch === "log", [low, high], height, 0);
  return 10 + BAR + barLabelOffset(axisTicks(scale, height, size, false).labels, size) + 0.6 * size;
}

/** Width of a colour bar. */
export const BAR = 12;
