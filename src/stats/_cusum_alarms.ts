/*
 * Mean expected counts between alarms of Page's CUSUM for photons: S falls by c = μ − 1 per expected count,
 * not below 0, rises by ℓ = ln μ per photon; alarm at S ≥ h, then from 0 again.
 *   L(u)  mean until the alarm from u = h − S below it:  c L′ = L(u) − L(u − ℓ) − 1, L = 0 for u ≤ 0, L′(h) = 0
 * L = C H − P with the solutions of H(0+) = 1 without the −1, and of P(0) = 0. Their slopes are positive:
 *   c H′ = mass of H in (u − ℓ, u], a point of mass 1 at 0 included;   c P′ = 1 + ∫_{u−ℓ}^u P′
 * so that nothing cancels; C = P′(h)/H′(h). Neither depends on h: one pass gives all thresholds.
 */

/** Steps to ℓ; the error falls with their square, 1e-5 here. */
const STEPS = 100;

/** ln A at thresholds h = k ℓ/STEPS, up to at least `most`. */
export function cusumLogAlarms(mu: number, most: number): { stepH: number; logA: Float64Array } {
  const c = mu - 1, step = Math.log(mu) / STEPS, n = Math.ceil(most / step) + 1;
  const h = new Float64Array(n + 1), p = new Float64Array(n + 1), logA = new Float64Array(n + 1);
  h[0] = p[0] = 1 / c;
  let massH = 1, massP = 0;
  for (let i = 1; i <= n; i++) {
    const first = Math.max(0, i - STEPS);
    let sumH = 0.5 * h[first]!, sumP = 0.5 * p[first]!;
    for (let k = first + 1; k < i; k++) {
      sumH += h[k]!;
      sumP += p[k]!;
    }
    // At u = ℓ the point of mass leaves: h holds the value after it, half of the jump is added within.
    if (first < STEPS && STEPS < i) sumH += 0.5 / c;
    const isWithin = i <= STEPS;
    const here = (step * sumH + (isWithin ? 1 : 0)) / (c - step / 2);
    h[i] = here;
    p[i] = (step * sumP + 1) / (c - step / 2);
    massH += 0.5 * step * (h[i - 1]! + here);
    massP += 0.5 * step * (p[i - 1]! + p[i]!);
    logA[i] = Math.log(p[i]! / here * massH - massP);
    if (i === STEPS) h[i] = here - 1 / c;
  }
  return { stepH: step, logA };
}
