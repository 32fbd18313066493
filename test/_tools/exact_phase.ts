/** Rotation phases in integer arithmetic, to hold fast ones against. */

const BITS = 400n;
const ONE = 1n << BITS;

/** A double as a multiple of 2⁻⁴⁰⁰, exact where it is none smaller than 2⁻³⁴⁰. */
export function fixed(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const bits = view.getBigUint64(0), biased = bits >> 52n, low = bits & 0xfffffffffffffn;
  const mantissa = biased === 0n ? low : low | 0x10000000000000n;
  const shift = BITS + (biased === 0n ? 1n : biased) - 1075n;
  const value = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return x < 0 ? -value : value;
}

const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;

/** Fraction in [0, 1) of phase0 + f0 Δ + f1 Δ²/2 + f2 Δ³/6, where Δ = t − Σ epoch. */
export function exactPhase(
  timeS: number,
  epochS: readonly number[],
  [phase0, f0, f1 = 0, f2 = 0]: readonly number[],
): number {
  const dt = epochS.reduce((sum, part) => sum - fixed(part), fixed(timeS));
  const cubic = times(dt, fixed(f2)) / 6n + fixed(f1) / 2n;
  const cycles = times(times(cubic, dt) + fixed(f0!), dt) + fixed(phase0!);
  const fraction = ((cycles % ONE) + ONE) % ONE;
  return Number(fraction >> (BITS - 64n)) / 2 ** 64;
}
