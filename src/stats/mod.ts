/**
 * Statistics of events and counts: Z², H, Rayleigh and cosine tests from mergeable sums, folding χ²,
 * phasograms, significances of counts, chance probabilities in ln p, trials. Formulas over plain numbers
 * and typed arrays.
 *
 * @module
 */
export {
  cashExcess,
  cashSignificance,
  type Excess,
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
export {
  type BinnedCounts,
  type FitStatistic,
  fitStatistics,
  statSlopes,
  statSum,
  wstatBackground,
} from "./fit_statistics.ts";
