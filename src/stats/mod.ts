/**
 * Statistics of events, counts and light curves: Z², H, Rayleigh and cosine tests from mergeable sums, folding
 * χ², phasograms; searches for periods over frequency and its derivative, with their chances, limits and
 * candidates; fit statistics of bins; significances, errors and limits of an excess, Feldman and
 * Cousins' intervals, CLs; likelihood ratios and information criteria; variability, structure functions,
 * correlations and Bayesian blocks. Formulas over plain numbers and typed arrays, chances in ln p too.
 *
 * @module
 */
export {
  cashExcess,
  cashSignificance,
  type Excess,
  halfLiMa,
  type KnownBackgroundCounts,
  liMaSignificance,
  type OnOffCounts,
  onOffExcess,
} from "./counts_significance.ts";
export {
  cosineTest,
  type CosineTestOptions,
  type CosineTestResult,
  hTest,
  type HTestResult,
  rayleighTest,
  type TestResult,
  z2n,
} from "./event_statistics.ts";
export { hTestSf, type HTestSfOptions, logHTestSf } from "./h_test_sf.ts";
export { phaseFraction, type PhaseInterval, phaseIntervals } from "./phase_intervals.ts";
export { createPhaseSums, type PhaseSums, phaseSums, type PhaseSumsOptions } from "./phase_sums.ts";
export {
  foldingTest,
  type FoldingTestResult,
  phasogramBackground,
  phasogramErrors,
  type WeightSums,
} from "./phasogram.ts";
export {
  chi2Sf,
  logChi2Sf,
  logPAfterTrials,
  logPOfSigma,
  logZ2nSf,
  type Sides,
  sigmaOfLogP,
  z2nSf,
} from "./survival.ts";
export {
  type DensityTable,
  fitAmplitudes,
  type LikelihoodValue,
  type UnbinnedFit,
  unbinnedLikelihood,
} from "./unbinned_likelihood.ts";
export type { BinnedCounts, FitStatistic, StatColumn, StatProfiles } from "./_fit_statistic.ts";
export { fitStatistics, statSlopes, statSum, statValues } from "./fit_statistics.ts";
export { wstatBackground, wstatGof } from "./wstat.ts";
export {
  type BackgroundLevel,
  type ExcessCounts,
  type ExcessErrorOptions,
  type ExcessErrors,
  excessErrors,
  excessForSignificance,
  type ExcessLimitOptions,
  excessLowerLimit,
  type ExcessStatistics,
  excessStatistics,
  excessUpperLimit,
  type OnOffExcessCounts,
} from "./counts_statistics.ts";
export {
  type ExcessColumns,
  type ExcessErrorsColumns,
  excessErrorsColumns,
  excessesForSignificance,
  excessLowerLimits,
  type ExcessStatisticsColumns,
  excessStatisticsColumns,
  excessUpperLimits,
  type KnownBackgroundColumns,
  type OnOffColumns,
} from "./counts_columns.ts";
export {
  type ConfidenceInterval,
  type ConfidenceOptions,
  feldmanCousins,
  feldmanCousinsGaussian,
} from "./feldman_cousins.ts";
export { type ClsOptions, clsUpperLimit } from "./cls_limit.ts";
export {
  type ComparedFit,
  type InformationCriteria,
  informationCriteria,
  logPOfTs,
  nonCentralChi2Sf,
  type NonCentralOptions,
  type RatioOptions,
  ratioSignificance,
  sigmaOfTs,
  type TestStatisticOptions,
  tsOfSigma,
} from "./test_statistic.ts";
export {
  type AsymmetricValues,
  type ConstantFit,
  fitConstant,
  type FractionalVariability,
  fractionalVariability,
  type MeasuredValues,
  type PointToPointOptions,
  pointToPointVariability,
  type VariabilityOptions,
} from "./variability.ts";
export {
  type DoublingOptions,
  type DoublingTime,
  type DoublingTimes,
  doublingTimes,
  type LightCurveColumns,
} from "./doubling_times.ts";
export {
  type CorrelationOptions,
  type DiscreteCorrelation,
  discreteCorrelation,
  type LagOptions,
  type StructureFunction,
  structureFunction,
} from "./lag_functions.ts";
export {
  binnedBlocks,
  type BinnedSeries,
  type Blocks,
  type BlocksOptions,
  eventBlocks,
  type EventBlocksOptions,
  pointBlocks,
  type PointSeries,
} from "./bayesian_blocks.ts";
export {
  createPeriodogramPlan,
  type PeriodogramMemory,
  type PeriodogramOptions,
  type PeriodogramPlan,
  type PeriodogramTile,
  tilePeriodogram,
} from "./periodogram_plan.ts";
export {
  addPeriodogramEvents,
  createPeriodogramSums,
  type PeriodogramEvents,
  type PeriodogramSums,
} from "./periodogram_sums.ts";
export { boundDz, eventPeriodogram, type Periodogram, readPeriodogram } from "./periodogram.ts";
export { exactPeriodogram } from "./exact_periodogram.ts";
export { type FoldedOptions, foldedPeriodogram } from "./folded_periodogram.ts";
export {
  addPhaseMoments,
  createPhaseMoments,
  momentSums,
  type PhaseMoments,
  profileSums,
  type ProfileSumsOptions,
} from "./profile_sums.ts";
export {
  dispersionLevel,
  logPOfDispersion,
  type PhaseDispersion,
  phaseDispersion,
} from "./phase_dispersion.ts";
export {
  amplitudeOfPower,
  type AmplitudeOptions,
  detectablePower,
  foldingLevel,
  hTestLevel,
  type LevelOptions,
  type PowerLimitOptions,
  powerUpperLimit,
  pulsedFractionLimit,
  z2nLevel,
} from "./detection_levels.ts";
export {
  type CalibratedTrials,
  calibrateTrials,
  logPPerTrial,
  logSearchP,
  type SearchVolume,
} from "./search_trials.ts";
export {
  type Candidate,
  f1Steps,
  type F1StepsOptions,
  findPeaks,
  type FindPeaksOptions,
} from "./find_peaks.ts";
export { refineCandidate, type RefinedCandidate, type RefineOptions } from "./refine_candidate.ts";
export {
  type PhaseogramCounts,
  phaseogramSearch,
  type PhaseogramSearchOptions,
} from "./phaseogram_search.ts";
export {
  type AccelerationCandidate,
  type AccelerationOptions,
  type AccelerationSearch,
  accelerationSearch,
  type BinnedTimes,
} from "./acceleration_search.ts";
export {
  addDifferences,
  createDifferencePlan,
  type DifferenceOptions,
  differencePeaks,
  type DifferencePeaksOptions,
  type DifferencePlan,
  type DifferenceSums,
  type WindowEvents,
} from "./time_differences.ts";
export {
  type FollowUpOptions,
  followUpTiles,
  gammaSteps,
  type GammaStepsOptions,
} from "./follow_up.ts";
export {
  addTemplateEvents,
  createTemplateSums,
  mergeTemplateSums,
  type PhaseTemplate,
  phaseTemplate,
  templateLogL,
  type TemplateSums,
} from "./template_likelihood.ts";
export {
  type FalseAlarmDetector,
  type FalseAlarmRate,
  type FalseAlarmTable,
  falseAlarmTable,
  type FalseAlarmThreshold,
} from "./false_alarms.ts";
export { backgroundErrorFactor, type BackgroundErrorOptions } from "./background_error.ts";
export {
  type BackgroundRate,
  type BackgroundRateOptions,
  type DoubleExponentialOptions,
  doubleExponentialRate,
  exponentialRate,
  type ExponentialRateOptions,
  type RunningAverageOptions,
  runningAverageRate,
} from "./background_rates.ts";
export { type IntervalPhotons, type RefinedInterval, refineInterval } from "./refine_interval.ts";
export { type LombScargle, lombScargle, type LombScargleOptions } from "./lomb_scargle.ts";
