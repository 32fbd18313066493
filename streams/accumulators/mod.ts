/**
 * Accumulators: reductions of a stream that can be cut, merged, stopped and taken up again
 * without changing the answer.
 *
 * @module
 */
export {
  type Accumulator,
  type AnyAccumulator,
  checkKeys,
  checkSnapshot,
  type Exactness,
  fold,
  type Identity,
  IncompatibleStateError,
  type Snapshot,
  type SnapshotValue,
} from "./accumulator.ts";
export { type Account, account, type AccountState } from "./account.ts";
export type { Outside } from "./_bins.ts";
export {
  type ColumnStatistics,
  type EventStatistics,
  eventStatistics,
  type EventStatisticsState,
} from "./event_statistics.ts";
export {
  type CountsMap,
  countsMap,
  type CountsMapAxis,
  type CountsMapOptions,
  type CountsMapSums,
} from "./counts_map.ts";
export { type CountsPlanes, countsPlanes, type CountsPlanesOptions } from "./counts_planes.ts";
export { type CountsSpectrum, countsSpectrum, type CountsSpectrumSums } from "./counts_spectrum.ts";
export { type ExposureSum, exposureSum } from "./exposure_sum.ts";
export { keyedBy, type KeyedByOptions, type KeyedByState } from "./keyed_by.ts";
export {
  type LightCurve,
  lightCurve,
  type LightCurveOptions,
  type LightCurveState,
} from "./light_curve.ts";
export {
  phaseSums,
  type PhaseSumsOptions,
  type PhaseSumsResult,
  type PhaseSumsState,
} from "./phase_sums.ts";
export {
  type Phaseogram,
  phaseogram,
  type PhaseogramOptions,
  type PhaseogramSums,
} from "./phaseogram.ts";
export { type Phasogram, phasogram, type PhasogramSums } from "./phasogram.ts";
export {
  addSparse,
  BLOCK,
  createSparseSums,
  mergeSparse,
  type PackedSparseSums,
  packSparse,
  sparseBlock,
  sparseEntries,
  type SparseSums,
  unpackSparse,
} from "./sparse_sums.ts";
export {
  type Keyed,
  type Sum,
  sumAccumulator,
  type SumFields,
  type SumReduction,
} from "./sum_accumulator.ts";
export {
  type Theta2Histogram,
  theta2Histogram,
  type Theta2Options,
  type Theta2Sums,
} from "./theta2_histogram.ts";
export {
  type Windowed,
  windowed,
  type WindowedState,
  type WindowOptions,
  type WindowResult,
} from "./windowed.ts";
export { zip, type ZipResult, type ZipState } from "./zip.ts";
export {
  type BinnedFocusOptions,
  type BinnedFocusState,
  focusBinned,
  type FocusOptions,
  type FocusResult,
  type FocusState,
  focusUnbinned,
} from "./focus.ts";
export type { FocusSegment } from "./_focus_segment.ts";
export {
  createFocusBank,
  type FocusBank,
  type FocusBankOptions,
  type FocusBankSnapshot,
  type FocusWindow,
  restoreFocusBank,
} from "./focus_bank.ts";
export type { PhotonChainOptions, PhotonChainState } from "./_photon_chain.ts";
export { cusum, type CusumOptions, type CusumResult, type CusumWindow } from "./cusum.ts";
export {
  createShiryaevRoberts,
  shiryaevRoberts,
  type ShiryaevRobertsDetector,
  type ShiryaevRobertsOptions,
  type ShiryaevRobertsResult,
} from "./shiryaev_roberts.ts";
export { type ExpTest, expTest } from "./exp_test.ts";
export {
  type ScoreTest,
  scoreTest,
  type ScoreTestOptions,
  type ScoreTestSums,
} from "./score_test.ts";
export type { PaneChainState } from "./_pane_chain.ts";
export {
  type CountsPane,
  type GridWindow,
  windowGrid,
  type WindowGridOptions,
  type WindowGridResult,
} from "./window_grid.ts";
export {
  type OnOffPane,
  slidingSignificance,
  type SlidingSignificanceOptions,
  type SlidingSignificanceResult,
  type SlidingWindow,
} from "./sliding_significance.ts";
export {
  type CurvePoint,
  type FastestChange,
  type StreamVariability,
  streamVariability,
  type VariabilityState,
  type VariabilitySumsOptions,
  type VariedFraction,
} from "./variability.ts";
export { gtiClock, type LiveClock, steadyClock } from "./live_clock.ts";
export {
  type ExpectedRates,
  type UnbinnedFlux,
  unbinnedFlux,
  type UnbinnedFluxOptions,
  type UnbinnedFluxState,
} from "./unbinned_flux.ts";
export { type OnSource, onSource, type OnSourceOptions, type OnSourceSums } from "./on_source.ts";
export {
  periodogram,
  type PeriodogramAccumulator,
  type PeriodogramAccumulatorOptions,
} from "./periodogram.ts";
export {
  type TimeDifferences,
  timeDifferences,
  type TimeDifferencesAccumulator,
  type TimeDifferencesOptions,
  type TimeDifferencesState,
} from "./time_differences.ts";
export {
  type TemplateLikelihood,
  templateLikelihood,
  type TemplateLikelihoodState,
} from "./template_likelihood.ts";
export {
  type CumulativeTest,
  cumulativeTest,
  type CumulativeTestOptions,
  type CumulativeTestSums,
} from "./cumulative_test.ts";
export {
  type CellGrid,
  createCellGrid,
  type SearchCells,
  type SearchSource,
} from "./search_cells.ts";
export { type RunTotals, runTotals, type RunTotalsState, type SearchBand } from "./run_totals.ts";
export type { FollowingBackground, SearchBackground, SearchCell } from "./_search_background.ts";
export type { SearchMessage } from "./_transient_events.ts";
export {
  type TransientSearch,
  transientSearch,
  type TransientSearchOptions,
  type TransientSearchState,
} from "./transient_search.ts";
export type { ChannelNow, ChannelPlace, SearchResult, SteadySource } from "./search_result.ts";
