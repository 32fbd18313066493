import type { Periodogram } from "../stats/mod.ts";
import type { Panel } from "./marks.ts";
import type { PanelExtras } from "./result_panels.ts";

/** Points that a curve is drawn with at most: beyond it, the greatest value of each step is shown. */
const MOST_POINTS = 1500;

/**
 * Draws a periodogram: the greatest value over the derivatives, against the frequency. Of more trials than can
 * be drawn the greatest of neighbours is shown, so that no peak is lost.
 *
 * @param periodogram The periodogram.
 * @param options "h" or the n of Z²ₙ (all harmonics where absent); title and further marks.
 * @returns A panel for `figure`.
 * @example
 * ```ts
 * import { figure, periodogramPanel } from "@gammarx/gammarx/plot";
 * import { eventPeriodogram } from "@gammarx/gammarx/stats";
 * import { match } from "node:assert/strict";
 * const timeS = Float64Array.from({ length: 200 }, (_, i) => i / 2 + 0.1);
 * const found = eventPeriodogram({ timeS }, { f0CentreHz: 2, spanS: 100, nTrials: 51 });
 * match(figure({ panels: [periodogramPanel(found)] }), /^<svg/);
 * ```
 */
export function periodogramPanel(
  periodogram: Periodogram,
  options: PanelExtras & { readonly statistic?: "h" | number } = {},
): Panel {
  const { f0Hz, f1HzPerS, maxHarmonic } = periodogram, { statistic = maxHarmonic } = options;
  const values = statistic === "h" ? periodogram.h : periodogram.z2[statistic - 1]!;
  const n = f0Hz.length, step = Math.ceil(n / MOST_POINTS), points = Math.ceil(n / step);
  const x = new Float64Array(points), y = new Float64Array(points);
  for (let k = 0; k < points; k++) {
    let best = k * step, top = -Infinity;
    for (let i = best; i < Math.min(n, (k + 1) * step); i++) {
      for (let j = 0; j < f1HzPerS.length; j++) {
        const value = values[j * n + i]!;
        if (!(value > top)) continue;
        top = value;
        best = i;
      }
    }
    x[k] = f0Hz[best]!;
    y[k] = top;
  }
  const { title, marks = [] } = options;
  return {
    ...(title === undefined ? {} : { title }),
    x: { label: "Frequency", unit: "Hz" },
    y: { label: statistic === "h" ? "H" : `Z² (${statistic} harmonics)` },
    marks: [{ kind: "line", x, y }, ...marks],
  };
}
