/** What can be drawn in a panel: each mark is a plain record; data in the units of the axes. */

import type { ColorMapName } from "./colors.ts";

/** Error bars: one symmetric length for each point, or lengths below and above. */
export type ErrorBars =
  | ArrayLike<number>
  | { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> };

/** Shapes of points. */
export type SymbolName =
  | "circle"
  | "square"
  | "diamond"
  | "triangle"
  | "open-circle"
  | "open-square"
  | "none";

/** What most marks share. */
export interface MarkStyle {
  /** CSS colour, default the next of `okabeIto`. */
  readonly color?: string;
  /** Entry in the legend; none without. */
  readonly label?: string;
  /** Width of lines in px, default 1.2. */
  readonly lineWidth?: number;
  /** Lengths of dashes and gaps in px; solid without. */
  readonly dash?: readonly number[];
}

/** Points with error bars and upper limits. */
export interface PointsMark extends MarkStyle {
  /** Tells the kinds apart. */
  readonly kind: "points";
  /** Abscissae; NaN leaves a point out. */
  readonly x: ArrayLike<number>;
  /** Ordinates; for upper limits the limit. */
  readonly y: ArrayLike<number>;
  /** Horizontal error bars. */
  readonly xError?: ErrorBars;
  /** Vertical error bars. */
  readonly yError?: ErrorBars;
  /** Which points are upper limits: drawn as an arrow down, without error bar. */
  readonly isUpperLimit?: ArrayLike<boolean | number>;
  /** Shape, default "circle". */
  readonly symbol?: SymbolName;
  /** Diameter in px, default 5. */
  readonly size?: number;
}

/** A line through points, broken at NaN. */
export interface LineMark extends MarkStyle {
  /** Tells the kinds apart. */
  readonly kind: "line";
  /** Abscissae. */
  readonly x: ArrayLike<number>;
  /** Ordinates. */
  readonly y: ArrayLike<number>;
}

/** A histogram as steps. */
export interface StepsMark extends MarkStyle {
  /** Tells the kinds apart. */
  readonly kind: "steps";
  /** Edges of the bins, one more than values. */
  readonly edges: ArrayLike<number>;
  /** Values of the bins; NaN leaves a gap. */
  readonly values: ArrayLike<number>;
  /** Vertical error bars at the centres (geometric centres on a log axis). */
  readonly yError?: ErrorBars;
  /** Opacity of the area below, default 0: none. */
  readonly fillOpacity?: number;
}

/** The area between two curves: a confidence band, a butterfly. */
export interface BandMark extends MarkStyle {
  /** Tells the kinds apart. */
  readonly kind: "band";
  /** Abscissae. */
  readonly x: ArrayLike<number>;
  /** Lower curve. */
  readonly low: ArrayLike<number>;
  /** Upper curve. */
  readonly high: ArrayLike<number>;
  /** Opacity, default 0.25. */
  readonly opacity?: number;
}

/** A stripe across the panel: a flare, a gap, an energy range. */
export interface SpanMark extends MarkStyle {
  /** Tells the kinds apart. */
  readonly kind: "span";
  /** The axis along which it is bounded. */
  readonly axis: "x" | "y";
  /** One bound. */
  readonly from: number;
  /** The other bound. */
  readonly to: number;
  /** Opacity, default 0.2. */
  readonly opacity?: number;
}

/** A straight line across the panel. */
export interface RuleMark extends MarkStyle {
  /** Tells the kinds apart. */
  readonly kind: "rule";
  /** The axis whose value it marks: "x" draws a vertical line. */
  readonly axis: "x" | "y";
  /** The value. */
  readonly at: number;
}

/** Text at a place of the panel. */
export interface TextMark {
  /** Tells the kinds apart. */
  readonly kind: "text";
  /** Abscissa, in data or as a fraction of the panel from the left. */
  readonly x: number;
  /** Ordinate, in data or as a fraction of the panel from the bottom. */
  readonly y: number;
  /** What x and y are, default "data". */
  readonly in?: "data" | "panel";
  /** The text; ^{…} and _{…} raise and lower. */
  readonly text: string;
  /** Side of the text that stands at x, default "start". */
  readonly anchor?: "start" | "middle" | "end";
  /** CSS colour, default black. */
  readonly color?: string;
  /** Size in px, default that of the figure. */
  readonly size?: number;
  /** White outline for text over images, default false. */
  readonly halo?: boolean;
}

/** How values become colours. */
export type Stretch = "linear" | "sqrt" | "log" | "asinh";

/** A circle in data units, for regions and beams on images. */
export interface CircleMark extends MarkStyle {
  /** Tells the kinds apart. */
  readonly kind: "circle";
  /** Centre. */
  readonly x: number;
  /** Centre. */
  readonly y: number;
  /** Radius in units of x. */
  readonly radius: number;
}

/** An image: pixel (i, j) is the square of one unit around (i, j), j = 0 at the bottom. */
export interface RasterMark {
  /** Tells the kinds apart. */
  readonly kind: "raster";
  /** Values row by row from the bottom, `width · height` long; NaN is drawn in no colour. */
  readonly values: ArrayLike<number>;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Bounds of the image on the axes, default [-½, width - ½, -½, height - ½]. */
  readonly extent?: readonly [left: number, right: number, bottom: number, top: number];
  /** Values of the first and last colour, default the smallest and largest finite ones. */
  readonly range?: readonly [number, number];
  /** How values become colours, default "linear". */
  readonly stretch?: Stretch;
  /** Colours, default "viridis". */
  readonly colors?: ColorMapName;
  /** Label of the colour bar; no bar without. */
  readonly barLabel?: string;
  /** Unit for the label of the bar. */
  readonly barUnit?: string;
}

/** Anything that can be drawn in a panel. */
export type Mark =
  | PointsMark
  | LineMark
  | StepsMark
  | BandMark
  | SpanMark
  | RuleMark
  | TextMark
  | CircleMark
  | RasterMark;

/** What a panel needs of a world coordinate system: numbers in, numbers out; NaN where there is no sky. */
export interface SkyPixels {
  /** Longitude and latitude of a pixel position, integer at pixel centres from 0. */
  pixelToWorld(x: number, y: number): { readonly lonDeg: number; readonly latDeg: number };
  /** Pixel position of a longitude and latitude. */
  worldToPixel(lonDeg: number, latDeg: number): { readonly x: number; readonly y: number };
}

/** A coordinate grid over an image of the sky; the axes of its panel are pixels. */
export interface SkyGrid {
  /** The world coordinate system of the image. */
  readonly wcs: SkyPixels;
  /** What the coordinates are, default "icrs": right ascension in hours. */
  readonly frame?: "icrs" | "galactic";
  /** Whether right ascension is written in hours (default for icrs) or degrees. */
  readonly hours?: boolean;
  /** Colour of the lines, default white. */
  readonly color?: string;
  /** Opacity of the lines, default 0.45. */
  readonly opacity?: number;
}

/** An axis. */
export interface PlotAxis {
  /** What it shows. */
  readonly label?: string;
  /** Unit, in brackets after the label; powers become superscripts. */
  readonly unit?: string;
  /** Default "linear". */
  readonly scale?: "linear" | "log";
  /** Values at left and right (bottom and top); may fall. Default: all marks with a margin. */
  readonly range?: readonly [number, number];
}

/** One pair of axes and what is drawn in it. */
export interface Panel {
  /** Horizontal axis. */
  readonly x?: PlotAxis;
  /** Vertical axis. */
  readonly y?: PlotAxis;
  /** What is drawn, first below; spans and bands always below the rest. */
  readonly marks: readonly Mark[];
  /** Text above. */
  readonly title?: string;
  /** One line between title and frame that says what is shown. */
  readonly note?: string;
  /** Corner of the legend, default "top-right"; false for none. */
  readonly legend?: "top-right" | "top-left" | "bottom-right" | "bottom-left" | false;
  /** Coordinate grid; its panel keeps the pixels square. */
  readonly sky?: SkyGrid;
  /** Keep units of both axes equally long, default true where there is a sky grid. */
  readonly equal?: boolean;
}

/** A figure. */
export interface Figure {
  /** Width in px, default 480. */
  readonly width?: number;
  /** Height in px, default 360. */
  readonly height?: number;
  /** Panels, row by row. */
  readonly panels: readonly Panel[];
  /** Panels in a row, default 1. */
  readonly columns?: number;
  /** Relative heights of the rows, default all equal. */
  readonly rowHeights?: readonly number[];
  /** Panels of a column share the horizontal axis: no gap, labels below the last only. Default false. */
  readonly shareX?: boolean;
  /** Size of text in px, default 12. */
  readonly fontSize?: number;
  /** Prefix of element ids, to put several figures into one page. Default "f". */
  readonly id?: string;
}
