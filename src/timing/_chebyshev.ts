/**
 * A Chebyshev series Σ cₖ Tₖ(u) and its derivative Σ cₖ T′ₖ(u), u in [-1, 1], by Clenshaw's recurrence
 * with the derivative carried along.
 *
 * @param c Coefficients; the series begins at `from` and has `n` of them.
 * @param from Place of c₀.
 * @param n Number of coefficients, at least 1.
 * @param u Place in [-1, 1].
 * @param out Takes value and derivative in elements 0 and 1.
 */
export function chebyshevInto(
  c: Float64Array,
  from: number,
  n: number,
  u: number,
  out: Float64Array,
): void {
  const twice = 2 * u;
  let b1 = 0, b2 = 0, d1 = 0, d2 = 0;
  for (let k = from + n - 1; k > from; k--) {
    const d = twice * d1 - d2 + 2 * b1, b = twice * b1 - b2 + c[k]!;
    d2 = d1;
    d1 = d;
    b2 = b1;
    b1 = b;
  }
  out[0] = u * b1 - b2 + c[from]!;
  out[1] = u * d1 - d2 + b1;
}
