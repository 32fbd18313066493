/**
 * Numbers: seeded random streams, special functions with their far tails, sin and cos of cycles,
 * Fourier transforms, double-double arithmetic, fingerprints of plain data. The lowest layer; it knows no astronomy.
 *
 * @module
 */
export { betaInc, betaIncComplement } from "./beta.ts";
export { besselJ0 } from "./bessel.ts";
export { halfDeviance } from "./deviance.ts";
export {
  dd,
  ddAdd,
  ddDiv,
  ddMul,
  ddParse,
  ddSplit,
  ddSub,
  ddToNumber,
  type DoubleDouble,
  twoProd,
  twoSum,
} from "./double_double.ts";
export { erf, erfc, erfcx, logErfc } from "./erf.ts";
export type { FftPass } from "./_fft_passes.ts";
export { createFftPlan, fftInPlace, type FftPlan, goodFftSize, inverseFftInPlace } from "./fft.ts";
export {
  createRealFft2dPlan,
  inverseRealFft2d,
  realFft2d,
  type RealFft2dPlan,
  type RealImage,
  type RealSpectrum2d,
} from "./fft2d.ts";
export { findRoot } from "./find_root.ts";
export { fingerprint, type Fingerprintable, fnv1a64 } from "./fingerprint.ts";
export { type FlatArray, flatten } from "./flatten.ts";
export { gammaP, gammaQ, lgamma, logGammaP, logGammaQ } from "./gamma.ts";
export { log1mexp, log1pmx } from "./log1pmx.ts";
export { logNormalSf, normalQuantile, normalQuantileFromLog, normalSf } from "./normal.ts";
export { createRng, restoreRng, type Rng, type RngState } from "./rng.ts";
export { cos2pi, sin2pi } from "./sincos2pi.ts";
export { intervalOf } from "./interval_of.ts";
export { unpackIntegers } from "./unpack_integers.ts";
export { compensatedSum } from "./sum.ts";
export { integrate, integrateLog, type Quadrature, quadrature } from "./integrate.ts";
export { type PowerLawEnds, powerLawIntegralsInto } from "./power_law_integrals.ts";
export { gaussLegendre } from "./gauss_legendre.ts";
