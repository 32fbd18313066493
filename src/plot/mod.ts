/**
 * Figures as SVG, ready to print: light curves, spectra, phasograms, sky maps with coordinate grids; and
 * PNG images of them. A figure is plain data: panels with axes and marks.
 *
 * @module
 */
export { colorMap, type ColorMapName, okabeIto } from "./colors.ts";
export { figure } from "./figure.ts";
export type {
  BandMark,
  CircleMark,
  ErrorBars,
  Figure,
  LineMark,
  Mark,
  MarkStyle,
  Panel,
  PlotAxis,
  PointsMark,
  RasterMark,
  RuleMark,
  SkyGrid,
  SkyPixels,
  SpanMark,
  StepsMark,
  Stretch,
  SymbolName,
  TextMark,
} from "./marks.ts";
export { encodePng, type IndexedImage } from "./png.ts";
export { renderPng, type RenderPngOptions } from "./png_io.ts";
export { svgToPng, type SvgToPngOptions } from "./svg_to_png.ts";
export { linearTicks, logTicks, type Ticks } from "./ticks.ts";
export {
  countsMapPanel,
  lightCurvePanel,
  type PanelExtras,
  phasogramPanel,
  spectrumPanel,
  theta2Panel,
} from "./result_panels.ts";
export { joinFigures, type JoinFiguresOptions } from "./join_figures.ts";
export { type EventsToPeek, peekEvents, peekGti } from "./peek_events.ts";
export { peekIrf } from "./peek_irf.ts";
export { peekMap } from "./peek_map.ts";
export { excessPanel, fluxCurvePanel, sedPanel, type SedPanelOptions } from "./spectrum_panels.ts";
export { periodogramPanel } from "./periodogram_panel.ts";
