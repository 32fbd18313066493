/** Σ c_k T_k(t) by Clenshaw's recurrence, |t| <= 1. */
export function chebyshev(c: readonly number[], t: number): number {
  const twice = 2 * t;
  let b1 = 0, b2 = 0;
  for (let k = c.length - 1; k > 0; k--) {
    const b = twice * b1 - b2 + c[k]!;
    b2 = b1;
    b1 = b;
  }
  return t * b1 - b2 + c[0]!;
}
