/*
 * Statistics of values that are no counts: flux points, light curves.
 *   x  measured value     μ  predicted value     σ⁻, σ⁺  errors downwards and upwards     L  upper limit
 */
import { erfcx, intervalOf, logErfc } from "../numeric/mod.ts";
import type { BinnedCounts, FitStatistic, StatProfiles } from "./_fit_statistic.ts";

/** χ² with known variances: (x − μ)²/σ². */
export const CHI2: FitStatistic = {
  kind: "fit-statistic",
  format: "chi2",
  version: "",
  columns: ["variance"],
  bin: (x, mu, variance) => (x - mu) ** 2 / variance,
  slope: (x, mu, variance) => 2 * (mu - x) / variance,
};

/**
 * Two half Gaussians: (x − μ)² over σ⁻² where the model lies below the value, over σ⁺² above it. For an upper
 * limit the chance to measure less than the limit, over that without a source:
 * −2 ln {erfc[(μ − L)/√2 σ⁺] / erfc[−L/√2 σ⁺]}, which grows like ((μ − L)/σ⁺)² above the limit.
 */
export const DISTRIB: FitStatistic = {
  kind: "fit-statistic",
  format: "distrib",
  version: "",
  columns: ["errn", "errp", "upperLimit"],
  defaults: { upperLimit: NaN },
  bin(x, mu, errn, errp, limit = NaN) {
    if (Number.isNaN(limit)) return ((x - mu) / (mu >= x ? errp : errn)) ** 2;
    const scale = Math.SQRT2 * errp;
    return 2 * (logErfc(-limit / scale) - logErfc((mu - limit) / scale));
  },
  slope(x, mu, errn, errp, limit = NaN) {
    if (Number.isNaN(limit)) return 2 * (mu - x) / (mu >= x ? errp : errn) ** 2;
    const z = (mu - limit) / (Math.SQRT2 * errp);
    return 4 / (Math.sqrt(2 * Math.PI) * errp * erfcx(z));
  },
};

/**
 * A profile between its nodes: a parabola through three of them, beyond its ends the nearest. The slope
 * stands in `out[1]`, the value in `out[0]`.
 */
function profileInto({ norms, stat }: StatProfiles, row: number, norm: number, out: Float64Array) {
  const size = norms.length, first = row * size;
  const low = intervalOf(norms, norm), high = low + 1;
  // Hermite cubics with the slopes of parabolas through neighbours: exact for a parabola, no kinks.
  const x0 = norms[low]!, x1 = norms[high]!, h = x1 - x0;
  const y0 = stat[first + low]!, y1 = stat[first + high]!, secant = (y1 - y0) / h;
  const chord = (k: number) =>
    (stat[first + k + 1]! - stat[first + k]!) / (norms[k + 1]! - norms[k]!);
  let d0 = secant, d1 = secant;
  if (size > 2) {
    const before = low > 0 ? (secant - chord(low - 1)) / (x1 - norms[low - 1]!) : NaN;
    const after = high < size - 1 ? (chord(high) - secant) / (norms[high + 1]! - x0) : NaN;
    d0 = secant - h * (low > 0 ? before : after);
    d1 = secant + h * (high < size - 1 ? after : before);
  }
  const t = (norm - x0) / h;
  if (t < 0 || t > 1) {
    // A parabola goes on with the curvature of the end.
    const end = t < 0 ? 0 : 1, slope = end === 0 ? d0 : d1, y = end === 0 ? y0 : y1;
    const bend = Math.max(0, (d1 - d0) / h), dx = norm - (end === 0 ? x0 : x1);
    out[0] = y + dx * (slope + bend * dx / 2);
    out[1] = slope + bend * dx;
    return;
  }
  const a = d0 - secant, b = d1 - secant;
  out[0] = y0 + h * t * (secant + (1 - t) * (a * (1 - t) - b * t));
  out[1] = secant + a * (1 - t) * (1 - 3 * t) + b * t * (3 * t - 2);
}

function noBin(): never {
  throw new TypeError('fit statistic "profile": a bin has a curve, not columns; use statSum()');
}

/** The likelihood of each bin as it was scanned: the statistic between the nodes of a profile. */
export const PROFILE: FitStatistic = {
  kind: "fit-statistic",
  format: "profile",
  version: "",
  columns: [],
  bin: noBin,
  slope: noBin,
  evaluate({ counts, profiles, valid }: BinnedCounts, npred, slopes) {
    if (profiles === undefined || profiles.stat.length !== counts.length * profiles.norms.length) {
      throw new TypeError(
        `fit statistic "profile": needs profiles of ${counts.length} bins, found ${
          profiles === undefined ? "none" : `${profiles.stat.length} values`
        }`,
      );
    }
    const at = new Float64Array(2);
    let sum = 0;
    for (let i = 0; i < counts.length; i++) {
      if (slopes !== undefined) slopes[i] = 0;
      if (valid !== undefined && valid[i] === 0) continue;
      const reference = profiles.reference[i]!;
      profileInto(profiles, i, npred[i]! / reference, at);
      sum += at[0]!;
      if (slopes !== undefined) slopes[i] = at[1]! / reference;
    }
    return sum;
  },
};
