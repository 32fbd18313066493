/**
 * Sine and cosine by polynomials on [-π/2, π/2], for kernels that settle close calls with the exact
 * functions. Minimax in relative error, made by the Remez exchange with 40 digits:
 * sin x = x S(x²), largest relative error 2.12e-11; cos x = (1 - (2x/π)²) C(x²), 3.4e-12.
 */

/** Largest relative error of {@linkcode sinShort} and {@linkcode cosShort}, rounding included. */
export const SHORT_ERROR = 2.2e-11;

/** sin x for x in [-π/2, π/2] rad. */
export function sinShort(x: number): number {
  const y = x * x;
  return x * (0.999999999978849 + y * (-0.166666666088261 + y * (0.00833333072055875 +
            y * (-0.0001984083282337695 +
                y * (2.752397107971244e-06 + y * -2.386834659734624e-08)))));
}

/** cos x for x in [-π/2, π/2] rad. */
export function cosShort(x: number): number {
  const y = x * x;
  return (1 - 0.40528473456935109 * y) *
    (0.999999999996645 + y * (-0.09471526533610246 + y * (0.0032800150205827307 +
              y * (-5.954795332810438e-05 +
                  y * (6.668371972039699e-07 + y * -4.876674754807906e-09)))));
}
