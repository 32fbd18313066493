/** The way from values to pixels of the figure. */
import type { ErrorBars, Mark, PlotAxis } from "./marks.ts";

/** An axis with its ends in px. */
export interface Scale {
  readonly log: boolean;
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
  /** Pixel of a value; far outside for what a log axis cannot show, NaN for NaN. */
  readonly at: (value: number) => number;
}

export function createScale(
  log: boolean,
  range: readonly [number, number],
  start: number,
  end: number,
): Scale {
  const [from, to] = range;
  if (
    !(Number.isFinite(from) && Number.isFinite(to)) || from === to || (log && !(from > 0 && to > 0))
  ) {
    throw new RangeError(
      `Axis range [${from}, ${to}] of a ${
        log ? "log" : "linear"
      } axis: needs two different finite numbers` +
        (log ? " above 0" : ""),
    );
  }
  const a = log ? Math.log(from) : from,
    b = log ? Math.log(to) : to,
    slope = (end - start) / (b - a);
  const far = a < b ? start - Math.sign(end - start) * 1e4 : end + Math.sign(end - start) * 1e4;
  const limit = (p: number): number => Math.max(-1e5, Math.min(1e5, p));
  const at = log
    ? (v: number) => v > 0 ? limit(start + (Math.log(v) - a) * slope) : Number.isNaN(v) ? NaN : far
    : (v: number) => limit(start + (v - a) * slope);
  return { log, from, to, start, end, at };
}

export function errorLow(error: ErrorBars | undefined, i: number): number {
  if (error === undefined) return 0;
  return "low" in error ? error.low[i]! : error[i]!;
}

export function errorHigh(error: ErrorBars | undefined, i: number): number {
  if (error === undefined) return 0;
  return "high" in error ? error.high[i]! : error[i]!;
}

/** Smallest and largest of what is seen; on a log axis of the positive ones. */
interface Extent {
  low: number;
  high: number;
}

function see(extent: Extent, value: number, log: boolean): void {
  if (!Number.isFinite(value) || (log && value < 1e-250)) return;
  if (value < extent.low) extent.low = value;
  if (value > extent.high) extent.high = value;
}

function seeAll(extent: Extent, values: ArrayLike<number>, log: boolean, error?: ErrorBars): void {
  for (let i = 0; i < values.length; i++) {
    see(extent, values[i]!, log);
    if (error === undefined) continue;
    see(extent, values[i]! - errorLow(error, i), log);
    see(extent, values[i]! + errorHigh(error, i), log);
  }
}

function seeMark(extent: Extent, mark: Mark, axis: "x" | "y", log: boolean): void {
  switch (mark.kind) {
    case "points":
      return seeAll(extent, mark[axis], log, axis === "x" ? mark.xError : mark.yError);
    case "line":
      return seeAll(extent, mark[axis], log);
    case "steps":
      if (axis === "x") return seeAll(extent, mark.edges, log);
      return seeAll(extent, mark.values, log, mark.yError);
    case "band":
      if (axis === "x") return seeAll(extent, mark.x, log);
      seeAll(extent, mark.low, log);
      return seeAll(extent, mark.high, log);
    case "raster": {
      const [left, right, bottom, top] = rasterExtent(mark);
      return seeAll(extent, axis === "x" ? [left, right] : [bottom, top], log);
    }
    case "circle":
    case "text":
    case "span":
    case "rule":
      return;
  }
}

export function rasterExtent(
  mark: Mark & { kind: "raster" },
): readonly [number, number, number, number] {
  return mark.extent ?? [-0.5, mark.width - 0.5, -0.5, mark.height - 0.5];
}

/** The range of an axis: what was asked for, or all marks with a margin. */
export function axisRange(
  axis: PlotAxis,
  marks: readonly Mark[],
  which: "x" | "y",
): [number, number] {
  if (axis.range !== undefined) return [axis.range[0], axis.range[1]];
  const log = axis.scale === "log", extent = { low: Infinity, high: -Infinity };
  for (const mark of marks) seeMark(extent, mark, which, log);
  let { low, high } = extent;
  if (!(low <= high)) return log ? [1, 10] : [0, 1];
  const tight = marks.some((mark) => mark.kind === "raster") ||
    (which === "x" && marks.some((mark) => mark.kind === "steps"));
  if (high - low <= 1e-10 * Math.max(Math.abs(low), Math.abs(high)) || high - low < 1e-290) {
    const margin = Math.abs(low) < 1e-290 ? 1 : Math.abs(low) / 2;
    return log ? [low / 3, high * 3] : [low - margin, high + margin];
  }
  if (tight) return [low, high];
  if (log) {
    const margin = (high / low) ** 0.06;
    return [low / margin, high * margin];
  }
  const margin = 0.06 * (high - low);
  const onFloor = which === "y" && low >= 0 && marks.some((mark) => mark.kind === "steps");
  low = onFloor ? 0 : low - margin;
  high += margin * (onFloor ? 2 : 1);
  return [low, high];
}
