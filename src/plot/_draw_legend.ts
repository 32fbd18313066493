/** The legend of a panel. */
import { type Frame, symbolPaint, symbolPath } from "./_draw_marks.ts";
import { escapeText, num, stroke, textElement, textWidth } from "./_svg.ts";
import type { Mark, Panel } from "./marks.ts";

/** A mark with the colour it is drawn in. */
export interface Colored {
  readonly mark: Mark;
  readonly color: string;
}

function swatch({ mark, color }: Colored, x: number, y: number, width: number): string {
  const line = (w: number, dash?: readonly number[]): string =>
    `<path d="M${num(x)},${num(y)}h${num(width)}" ${stroke(color, w, dash)}/>`;
  switch (mark.kind) {
    case "points": {
      const symbol = mark.symbol ?? "circle", middle = x + width / 2;
      const bar = mark.yError === undefined
        ? ""
        : `<path d="M${num(middle)},${num(y - 6)}v12" ${stroke(color, mark.lineWidth ?? 1.2)}/>`;
      return `${bar}<path d="${symbolPath(symbol, middle, y, mark.size ?? 5)}" ${
        symbolPaint(symbol, color, mark.lineWidth ?? 1.2)
      }/>`;
    }
    case "line":
    case "rule":
      return line(mark.lineWidth ?? 1.4, mark.dash);
    case "steps":
    case "circle":
      return line(mark.lineWidth ?? 1.2, mark.dash);
    case "band":
    case "span":
      return `<rect x="${num(x)}" y="${num(y - 4.5)}" width="${num(width)}" height="9" fill="${
        escapeText(color)
      }" fill-opacity="${num(mark.opacity ?? (mark.kind === "band" ? 0.25 : 0.2))}"/>`;
    case "text":
    case "raster":
      return "";
  }
}

/** All marks with a label, in order. */
export function drawLegend(panel: Panel, marks: readonly Colored[], frame: Frame): string {
  const entries = marks.filter(({ mark }) => "label" in mark && mark.label !== undefined);
  const corner = panel.legend ?? "top-right";
  if (corner === false || entries.length === 0) return "";
  const size = 0.92 * frame.fontSize, row = 1.5 * size, width = 22, pad = 5, gap = 7;
  const label = ({ mark }: Colored): string => (mark as { label: string }).label;
  const text = Math.max(...entries.map((entry) => textWidth(label(entry), size)));
  const w = width + gap + text + 2 * pad, h = entries.length * row + 2 * pad - 2;
  const x = corner.endsWith("right") ? frame.right - w - 9 : frame.left + 9;
  const y = corner.startsWith("top") ? frame.top + 9 : frame.bottom - h - 9;
  let out = `<rect x="${num(x)}" y="${num(y)}" width="${num(w)}" height="${num(h)}" fill="#fff" ` +
    `fill-opacity="0.8"/>`;
  entries.forEach((entry, i) => {
    const middle = y + pad - 1 + (i + 0.5) * row;
    out += swatch(entry, x + pad, middle, width);
    out += textElement(x + pad + width + gap, middle + 0.36 * size, label(entry), { size });
  });
  return out;
}
