/**
 * Passes of the Stockham transform on split real and imaginary arrays.
 *
 * One pass of radix r on `stride` interleaved sequences of length L = r m:
 * y[q + stride (r p + j)] = e^{-2πi jp/L} Σ_k e^{-2πi jk/r} x[q + stride (p + k m)],
 * for q < stride, p < m, j < r. The next pass has L/r and r times the stride; after the last the
 * result is in natural order, so that no pass reorders.
 *
 * Source: Van Loan 1992, Computational Frameworks for the Fast Fourier Transform, section 1.7.
 */

/** One factor r of the length L of a pass, with its twiddles e^{-2πi jp/L} at [p (r - 1) + j - 1]. */
export interface FftPass {
  /** The factor r: 2, 3, 4 or 5. */
  readonly radix: number;
  /** L/r. */
  readonly m: number;
  /** Real parts of the twiddles. */
  readonly cosine: Float64Array;
  /** Imaginary parts of the twiddles. */
  readonly sine: Float64Array;
}

type Pass = (
  pass: FftPass,
  s: number,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
) => void;

const radix2: Pass = (pass, s, xr, xi, yr, yi) => {
  const { m, cosine, sine } = pass, step = s * m;
  for (let p = 0; p < m; p++) {
    const c = cosine[p]!, d = sine[p]!, end = s * p + s;
    for (let i = s * p, o = 2 * s * p; i < end; i++, o++) {
      const ar = xr[i]!, ai = xi[i]!, br = xr[i + step]!, bi = xi[i + step]!;
      const dr = ar - br, di = ai - bi;
      yr[o] = ar + br;
      yi[o] = ai + bi;
      yr[o + s] = dr * c - di * d;
      yi[o + s] = dr * d + di * c;
    }
  }
};

const radix3: Pass = (pass, s, xr, xi, yr, yi) => {
  const { m, cosine, sine } = pass, step = s * m, half = Math.sqrt(3) / 2;
  for (let p = 0; p < m; p++) {
    const c1 = cosine[2 * p]!, d1 = sine[2 * p]!, c2 = cosine[2 * p + 1]!, d2 = sine[2 * p + 1]!;
    const end = s * p + s;
    for (let i = s * p, o = 3 * s * p; i < end; i++, o++) {
      const i1 = i + step, i2 = i1 + step;
      const ar = xr[i]!, ai = xi[i]!, br = xr[i1]!, bi = xi[i1]!, cr = xr[i2]!, ci = xi[i2]!;
      const tr = br + cr, ti = bi + ci, ur = ar - 0.5 * tr, ui = ai - 0.5 * ti;
      const vr = half * (bi - ci), vi = half * (cr - br);
      yr[o] = ar + tr;
      yi[o] = ai + ti;
      const er = ur + vr, ei = ui + vi, fr = ur - vr, fi = ui - vi;
      yr[o + s] = er * c1 - ei * d1;
      yi[o + s] = er * d1 + ei * c1;
      yr[o + 2 * s] = fr * c2 - fi * d2;
      yi[o + 2 * s] = fr * d2 + fi * c2;
    }
  }
};

const radix4: Pass = (pass, s, xr, xi, yr, yi) => {
  const { m, cosine, sine } = pass, step = s * m, s2 = 2 * s, s3 = 3 * s;
  for (let p = 0; p < m; p++) {
    const c1 = cosine[3 * p]!, c2 = cosine[3 * p + 1]!, c3 = cosine[3 * p + 2]!;
    const d1 = sine[3 * p]!, d2 = sine[3 * p + 1]!, d3 = sine[3 * p + 2]!, end = s * p + s;
    for (let i = s * p, o = 4 * s * p; i < end; i++, o++) {
      const i1 = i + step, i2 = i1 + step, i3 = i2 + step;
      const ar = xr[i]!, ai = xi[i]!, br = xr[i1]!, bi = xi[i1]!;
      const cr = xr[i2]!, ci = xi[i2]!, dr = xr[i3]!, di = xi[i3]!;
      const er = ar + cr, ei = ai + ci, fr = ar - cr, fi = ai - ci;
      const gr = br + dr, gi = bi + di, hr = bi - di, hi = dr - br;
      yr[o] = er + gr;
      yi[o] = ei + gi;
      const pr = fr + hr, pi = fi + hi, qr = er - gr, qi = ei - gi, rr = fr - hr, ri = fi - hi;
      yr[o + s] = pr * c1 - pi * d1;
      yi[o + s] = pr * d1 + pi * c1;
      yr[o + s2] = qr * c2 - qi * d2;
      yi[o + s2] = qr * d2 + qi * c2;
      yr[o + s3] = rr * c3 - ri * d3;
      yi[o + s3] = rr * d3 + ri * c3;
    }
  }
};

const COS_72 = (Math.sqrt(5) - 1) / 4, COS_144 = -(Math.sqrt(5) + 1) / 4;
const SIN_72 = 0.9510565162951535, SIN_144 = 0.5877852522924731;

const radix5: Pass = (pass, s, xr, xi, yr, yi) => {
  const { m, cosine, sine } = pass, step = s * m;
  for (let p = 0; p < m; p++) {
    const c1 = cosine[4 * p]!, c2 = cosine[4 * p + 1]!, c3 = cosine[4 * p + 2]!;
    const c4 = cosine[4 * p + 3]!, d1 = sine[4 * p]!, d2 = sine[4 * p + 1]!;
    const d3 = sine[4 * p + 2]!, d4 = sine[4 * p + 3]!, end = s * p + s;
    for (let i = s * p, o = 5 * s * p; i < end; i++, o++) {
      const i1 = i + step, i2 = i1 + step, i3 = i2 + step, i4 = i3 + step;
      const ar = xr[i]!, ai = xi[i]!;
      const tr = xr[i1]! + xr[i4]!, ti = xi[i1]! + xi[i4]!;
      const ur = xr[i2]! + xr[i3]!, ui = xi[i2]! + xi[i3]!;
      const vr = xr[i1]! - xr[i4]!, vi = xi[i1]! - xi[i4]!;
      const wr = xr[i2]! - xr[i3]!, wi = xi[i2]! - xi[i3]!;
      yr[o] = ar + tr + ur;
      yi[o] = ai + ti + ui;
      const er = ar + COS_72 * tr + COS_144 * ur, ei = ai + COS_72 * ti + COS_144 * ui;
      const fr = ar + COS_144 * tr + COS_72 * ur, fi = ai + COS_144 * ti + COS_72 * ui;
      const gr = SIN_72 * vi + SIN_144 * wi, gi = -SIN_72 * vr - SIN_144 * wr;
      const hr = SIN_144 * vi - SIN_72 * wi, hi = SIN_72 * wr - SIN_144 * vr;
      const pr = er + gr, pi = ei + gi, qr = fr + hr, qi = fi + hi;
      const rr = fr - hr, ri = fi - hi, zr = er - gr, zi = ei - gi;
      let k = o + s;
      yr[k] = pr * c1 - pi * d1;
      yi[k] = pr * d1 + pi * c1;
      k += s;
      yr[k] = qr * c2 - qi * d2;
      yi[k] = qr * d2 + qi * c2;
      k += s;
      yr[k] = rr * c3 - ri * d3;
      yi[k] = rr * d3 + ri * c3;
      k += s;
      yr[k] = zr * c4 - zi * d4;
      yi[k] = zr * d4 + zi * c4;
    }
  }
};

/**
 * Transforms `count` interleaved sequences, element t of sequence q at [t count + q]. The result is in
 * (re, im) where false is returned, in the scratch arrays where true.
 */
export function runPasses(
  passes: readonly FftPass[],
  count: number,
  re: Float64Array,
  im: Float64Array,
  scratchRe: Float64Array,
  scratchIm: Float64Array,
): boolean {
  let stride = count, isScratch = false;
  for (const pass of passes) {
    const xr = isScratch ? scratchRe : re, xi = isScratch ? scratchIm : im;
    const yr = isScratch ? re : scratchRe, yi = isScratch ? im : scratchIm;
    if (pass.radix === 4) radix4(pass, stride, xr, xi, yr, yi);
    else if (pass.radix === 3) radix3(pass, stride, xr, xi, yr, yi);
    else if (pass.radix === 2) radix2(pass, stride, xr, xi, yr, yi);
    else radix5(pass, stride, xr, xi, yr, yi);
    stride *= pass.radix;
    isScratch = !isScratch;
  }
  return isScratch;
}
