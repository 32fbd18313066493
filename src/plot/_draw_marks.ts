/** Marks as SVG elements. */
import { errorHigh, errorLow, type Scale } from "./_scale.ts";
import { escapeText, num, stroke, textElement } from "./_svg.ts";
import type {
  BandMark,
  CircleMark,
  LineMark,
  Mark,
  PointsMark,
  RuleMark,
  SpanMark,
  StepsMark,
  SymbolName,
  TextMark,
} from "./marks.ts";

/** Where a panel stands and how its axes run. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly fontSize: number;
}

/** Path of a symbol around a point. */
export function symbolPath(symbol: SymbolName, x: number, y: number, size: number): string {
  const r = size / 2;
  switch (symbol) {
    case "none":
      return "";
    case "circle":
    case "open-circle":
      return `M${num(x - r)},${num(y)}a${num(r)},${num(r)} 0 1 0 ${num(2 * r)},0a${num(r)},${
        num(r)
      } 0 1 0 ${num(-2 * r)},0z`;
    case "square":
    case "open-square":
      return `M${num(x - 0.9 * r)},${num(y - 0.9 * r)}h${num(1.8 * r)}v${num(1.8 * r)}h${
        num(-1.8 * r)
      }z`;
    case "diamond":
      return `M${num(x)},${num(y - 1.3 * r)}l${num(1.3 * r)},${num(1.3 * r)}l${num(-1.3 * r)},${
        num(1.3 * r)
      }l${num(-1.3 * r)},${num(-1.3 * r)}z`;
    case "triangle":
      return `M${num(x)},${num(y - 1.2 * r)}l${num(1.1 * r)},${num(1.9 * r)}h${num(-2.2 * r)}z`;
  }
}

/** Fill and stroke of a symbol. */
export function symbolPaint(symbol: SymbolName, color: string, lineWidth: number): string {
  const open = symbol.startsWith("open-");
  return `fill="${open ? "#fff" : escapeText(color)}" stroke="${escapeText(color)}" stroke-width="${
    num(open ? lineWidth : lineWidth / 2)
  }"`;
}

function element(path: string, attributes: string): string {
  return path === "" ? "" : `<path d="${path}" ${attributes}/>`;
}

function drawPoints(mark: PointsMark, frame: Frame, color: string): string {
  const { x, y, symbol = "circle", size = 5, lineWidth = 1.2 } = mark,
    n = Math.min(x.length, y.length);
  const margin = 50;
  let bars = "", heads = "", symbols = "";
  for (let i = 0; i < n; i++) {
    const px = frame.x.at(x[i]!), py = frame.y.at(y[i]!);
    if (Number.isNaN(px) || Number.isNaN(py)) continue;
    if (px < frame.left - margin || px > frame.right + margin) continue;
    const limit = mark.isUpperLimit !== undefined && Boolean(mark.isUpperLimit[i]);
    const left = frame.x.at(x[i]! - errorLow(mark.xError, i));
    const right = frame.x.at(x[i]! + errorHigh(mark.xError, i));
    if (right !== left && Number.isFinite(right - left)) {
      bars += `M${num(left)},${num(py)}H${num(right)}`;
    }
    if (limit) {
      if (!(Math.abs(right - left) > 6)) bars += `M${num(px - 4)},${num(py)}h8`;
      bars += `M${num(px)},${num(py)}v${num(3.2 * size)}`;
      const tip = py + 3.2 * size + 2;
      heads += `M${num(px)},${num(tip)}l${num(-0.62 * size)},${num(-1.25 * size)}h${
        num(1.24 * size)
      }z`;
      continue;
    }
    const low = frame.y.at(y[i]! - errorLow(mark.yError, i));
    const high = frame.y.at(y[i]! + errorHigh(mark.yError, i));
    if (low !== high && Number.isFinite(high - low)) bars += `M${num(px)},${num(low)}V${num(high)}`;
    symbols += symbolPath(symbol, px, py, size);
  }
  return element(bars, stroke(color, lineWidth)) + element(heads, `fill="${escapeText(color)}"`) +
    element(symbols, symbolPaint(symbol, color, lineWidth));
}

function curve(x: ArrayLike<number>, y: ArrayLike<number>, frame: Frame): string {
  let path = "", pen = false;
  const n = Math.min(x.length, y.length);
  for (let i = 0; i < n; i++) {
    const px = frame.x.at(x[i]!), py = frame.y.at(y[i]!);
    if (Number.isNaN(px) || Number.isNaN(py)) {
      pen = false;
      continue;
    }
    path += `${pen ? "L" : "M"}${num(px)},${num(py)}`;
    pen = true;
  }
  return path;
}

function drawLine(mark: LineMark, frame: Frame, color: string): string {
  const path = curve(mark.x, mark.y, frame);
  return element(
    path,
    `${stroke(color, mark.lineWidth ?? 1.4, mark.dash)} stroke-linejoin="round"`,
  );
}

function centre(a: number, b: number, log: boolean): number {
  return log && a > 0 && b > 0 ? Math.sqrt(a * b) : (a + b) / 2;
}

function drawSteps(mark: StepsMark, frame: Frame, color: string): string {
  const { edges, values, lineWidth = 1.2, fillOpacity = 0 } = mark;
  if (edges.length !== values.length + 1) {
    throw new TypeError(
      `steps: ${edges.length} edges for ${values.length} values; one more is needed`,
    );
  }
  let path = "", area = "", bars = "", pen = false;
  const floor = num(Math.max(frame.bottom, frame.y.start) + 2);
  for (let i = 0; i < values.length; i++) {
    const left = frame.x.at(edges[i]!),
      right = frame.x.at(edges[i + 1]!),
      py = frame.y.at(values[i]!);
    if (Number.isNaN(py) || Number.isNaN(left) || Number.isNaN(right)) {
      pen = false;
      continue;
    }
    path += pen ? `V${num(py)}H${num(right)}` : `M${num(left)},${num(py)}H${num(right)}`;
    area += `M${num(left)},${floor}V${num(py)}H${num(right)}V${floor}z`;
    pen = true;
    const low = frame.y.at(values[i]! - errorLow(mark.yError, i));
    const high = frame.y.at(values[i]! + errorHigh(mark.yError, i));
    if (low !== high && Number.isFinite(high - low)) {
      const px = frame.x.at(centre(edges[i]!, edges[i + 1]!, frame.x.log));
      bars += `M${num(px)},${num(low)}V${num(high)}`;
    }
  }
  const fill = fillOpacity > 0
    ? element(area, `fill="${escapeText(color)}" fill-opacity="${num(fillOpacity)}"`)
    : "";
  return fill + element(bars, stroke(color, lineWidth)) +
    element(path, stroke(color, lineWidth, mark.dash));
}

function drawBand(mark: BandMark, frame: Frame, color: string): string {
  const n = Math.min(mark.x.length, mark.low.length, mark.high.length);
  let path = "";
  for (let start = 0; start < n;) {
    const there = (i: number): boolean =>
      !Number.isNaN(mark.x[i]!) && !Number.isNaN(mark.low[i]!) && !Number.isNaN(mark.high[i]!);
    if (!there(start)) {
      start++;
      continue;
    }
    let end = start;
    while (end < n && there(end)) end++;
    for (let i = start; i < end; i++) {
      path += `${i === start ? "M" : "L"}${num(frame.x.at(mark.x[i]!))},${
        num(frame.y.at(mark.high[i]!))
      }`;
    }
    for (let i = end - 1; i >= start; i--) {
      path += `L${num(frame.x.at(mark.x[i]!))},${num(frame.y.at(mark.low[i]!))}`;
    }
    path += "z";
    start = end;
  }
  return element(path, `fill="${escapeText(color)}" fill-opacity="${num(mark.opacity ?? 0.25)}"`);
}

function drawSpan(mark: SpanMark, frame: Frame, color: string): string {
  const along = mark.axis === "x" ? frame.x : frame.y;
  const a = along.at(mark.from),
    b = along.at(mark.to),
    low = Math.min(a, b),
    size = Math.abs(b - a);
  const place = mark.axis === "x"
    ? `x="${num(low)}" y="${num(frame.top)}" width="${num(size)}" height="${
      num(frame.bottom - frame.top)
    }"`
    : `x="${num(frame.left)}" y="${num(low)}" width="${num(frame.right - frame.left)}" height="${
      num(size)
    }"`;
  return `<rect ${place} fill="${escapeText(color)}" fill-opacity="${num(mark.opacity ?? 0.2)}"/>`;
}

function drawRule(mark: RuleMark, frame: Frame, color: string): string {
  const path = mark.axis === "x"
    ? `M${num(frame.x.at(mark.at))},${num(frame.top)}V${num(frame.bottom)}`
    : `M${num(frame.left)},${num(frame.y.at(mark.at))}H${num(frame.right)}`;
  return element(path, stroke(color, mark.lineWidth ?? 1, mark.dash));
}

function drawText(mark: TextMark, frame: Frame): string {
  const inPanel = mark.in === "panel";
  const x = inPanel ? frame.left + mark.x * (frame.right - frame.left) : frame.x.at(mark.x);
  const y = inPanel ? frame.bottom - mark.y * (frame.bottom - frame.top) : frame.y.at(mark.y);
  return textElement(x, y, mark.text, {
    size: mark.size ?? frame.fontSize,
    anchor: mark.anchor,
    color: mark.color,
    halo: mark.halo,
  });
}

function drawCircle(mark: CircleMark, frame: Frame, color: string): string {
  const x = frame.x.at(mark.x), rx = Math.abs(frame.x.at(mark.x + mark.radius) - x);
  const y = frame.y.at(mark.y), ry = Math.abs(frame.y.at(mark.y + mark.radius) - y);
  return `<ellipse cx="${num(x)}" cy="${num(y)}" rx="${num(rx)}" ry="${num(ry)}" ${
    stroke(color, mark.lineWidth ?? 1.4, mark.dash)
  }/>`;
}

/** Any mark but a raster. */
export function drawMark(
  mark: Exclude<Mark, { kind: "raster" }>,
  frame: Frame,
  color: string,
): string {
  switch (mark.kind) {
    case "points":
      return drawPoints(mark, frame, color);
    case "line":
      return drawLine(mark, frame, color);
    case "steps":
      return drawSteps(mark, frame, color);
    case "band":
      return drawBand(mark, frame, color);
    case "span":
      return drawSpan(mark, frame, color);
    case "rule":
      return drawRule(mark, frame, color);
    case "text":
      return drawText(mark, frame);
    case "circle":
      return drawCircle(mark, frame, color);
  }
}
