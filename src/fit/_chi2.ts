import { normalSf } from "../numeric/mod.ts";

/** χ² of two numbers that holds the fraction of n standard deviations of one: −2 ln(1 − P). */
export function chi2Quantile(nSigma: number): number {
  return -2 * Math.log(2 * normalSf(nSigma));
}
