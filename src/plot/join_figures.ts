import type { Figure } from "./marks.ts";

/** How figures are put into one. */
export interface JoinFiguresOptions {
  /** Panels in a row; 3 where absent. */
  readonly columns?: number;
  /** Width of a panel, px; 430 where absent. */
  readonly panelWidth?: number;
  /** Height of a panel, px; 340 where absent. */
  readonly panelHeight?: number;
}

/**
 * One figure of the panels of several, row by row: an observation of its events and responses.
 *
 * @param figures The figures.
 * @param options Panels in a row, and their size.
 * @returns A figure.
 * @throws TypeError where there is no panel.
 * @example
 * ```ts
 * import { joinFigures } from "@gammarx/gammarx/plot";
 * import { strictEqual } from "node:assert/strict";
 * const one = { panels: [{ marks: [] }, { marks: [] }] };
 * strictEqual(joinFigures([one, one]).panels.length, 4);
 * ```
 */
export function joinFigures(figures: readonly Figure[], options: JoinFiguresOptions = {}): Figure {
  const { columns = 3, panelWidth = 430, panelHeight = 340 } = options;
  const panels = figures.flatMap((one) => one.panels), across = Math.min(columns, panels.length);
  if (across === 0) throw new TypeError("There are no panels to put together");
  return {
    panels,
    columns: across,
    width: across * panelWidth,
    height: Math.ceil(panels.length / across) * panelHeight,
  };
}
