/** Frame, ticks and labels of a panel. */
import type { Frame } from "./_draw_marks.ts";
import type { Scale } from "./_scale.ts";
import { labelWithUnit, num, stroke, textElement, textWidth } from "./_svg.ts";
import type { PlotAxis } from "./marks.ts";
import { linearTicks, logTicks, type Ticks } from "./ticks.ts";

const MAJOR = 6, MINOR = 3;

/** Ticks of an axis with as many labels as there is room for. */
export function axisTicks(
  scale: Scale,
  length: number,
  fontSize: number,
  horizontal: boolean,
): Ticks {
  const make = scale.log ? logTicks : linearTicks;
  if (!horizontal) {
    return make(
      scale.from,
      scale.to,
      Math.max(2, Math.min(8, Math.floor(length / (2.4 * fontSize)))),
    );
  }
  for (let count = 8; count > 2; count--) {
    const ticks = make(scale.from, scale.to, count);
    const widest = Math.max(0, ...ticks.labels.map((label) => textWidth(label, fontSize)));
    let closest = length;
    for (let i = 1; i < ticks.major.length; i++) {
      closest = Math.min(
        closest,
        Math.abs(scale.at(ticks.major[i]!) - scale.at(ticks.major[i - 1]!)),
      );
    }
    if (widest + 0.8 * fontSize <= closest) return ticks;
  }
  return make(scale.from, scale.to, 2);
}

/** The frame of a panel. */
export function drawFrame({ left, top, right, bottom }: Frame): string {
  return `<rect x="${num(left)}" y="${num(top)}" width="${num(right - left)}" height="${
    num(bottom - top)
  }" ${stroke("#000", 1)}/>`;
}

/** Ticks inside on all four sides. */
export function drawTicks(frame: Frame, x: Ticks, y: Ticks): string {
  let path = "";
  const add = (values: readonly number[], length: number, horizontal: boolean): void => {
    for (const value of values) {
      const p = num(horizontal ? frame.x.at(value) : frame.y.at(value));
      path += horizontal
        ? `M${p},${num(frame.bottom)}v${num(-length)}M${p},${num(frame.top)}v${num(length)}`
        : `M${num(frame.left)},${p}h${num(length)}M${num(frame.right)},${p}h${num(-length)}`;
    }
  };
  add(x.major, MAJOR, true);
  add(x.minor, MINOR, true);
  add(y.major, MAJOR, false);
  add(y.minor, MINOR, false);
  return path === "" ? "" : `<path d="${path}" ${stroke("#000", 0.9)}/>`;
}

/** Numbers and label below. */
export function drawXLabels(frame: Frame, axis: PlotAxis, ticks: Ticks): string {
  const size = frame.fontSize, line = frame.bottom + 1.35 * size;
  let out = "";
  for (let i = 0; i < ticks.major.length; i++) {
    const raised = ticks.labels[i]!.includes("^{") ? 0.15 * size : 0;
    out += textElement(frame.x.at(ticks.major[i]!), line + raised, ticks.labels[i]!, {
      size,
      anchor: "middle",
    });
  }
  const label = labelWithUnit(axis.label ?? "", axis.unit, ticks.power);
  if (label === "") return out;
  return out +
    textElement((frame.left + frame.right) / 2, frame.bottom + 2.9 * size, label, {
      size: 1.08 * size,
      anchor: "middle",
    });
}

/** Widest number of a vertical axis. */
export function yLabelWidth(ticks: Ticks, size: number): number {
  return Math.max(0, ...ticks.labels.map((label) => textWidth(label, size)));
}

/** Numbers and label on the left; numbers that would run into a panel above or below are left out. */
export function drawYLabels(
  frame: Frame,
  axis: PlotAxis,
  ticks: Ticks,
  labelX: number,
  touches: { readonly above: boolean; readonly below: boolean },
): string {
  const size = frame.fontSize;
  let out = "";
  for (let i = 0; i < ticks.major.length; i++) {
    const y = frame.y.at(ticks.major[i]!);
    if (touches.above && y < frame.top + 0.7 * size) continue;
    if (touches.below && y > frame.bottom - 0.7 * size) continue;
    out += textElement(frame.left - 5, y + 0.36 * size, ticks.labels[i]!, { size, anchor: "end" });
  }
  const label = labelWithUnit(axis.label ?? "", axis.unit, ticks.power);
  if (label === "") return out;
  return out +
    textElement(labelX, (frame.top + frame.bottom) / 2, label, {
      size: 1.08 * size,
      anchor: "middle",
      rotate: -90,
    });
}
