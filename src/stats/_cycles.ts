/*
 * Phases of events at a trial frequency, reduced before anything is rounded:
 *   τ = t − t_ref = hi + lo exactly (two-sum);  f hi = p + e exactly (Dekker's product)
 *   φ = (p − round p) + (e + f lo + ½ ḟ hi²)
 * One double keeps 2e-5 cycle of 700 Hz over 3e8 s; this keeps 1e-15, beside 3e-16 of the ḟ term.
 */

/** Events of one block. */
export const BLOCK = 256;

/** Times of a block about the reference, hi + lo, and weights. */
export interface EventBlock {
  /** τ rounded to double. */
  readonly hi: Float64Array;
  /** What is missing. */
  readonly lo: Float64Array;
  /** Weights. */
  readonly weight: Float64Array;
  /** Events in it. */
  count: number;
}

/** Room for a block. */
export function createBlock(): EventBlock {
  const column = () => new Float64Array(BLOCK);
  return { hi: column(), lo: column(), weight: column(), count: 0 };
}

/** Events with their weights; all of them where `n` is not given. */
export interface TimedEvents {
  /** Times, seconds. */
  readonly timeS: Float64Array;
  /** Weights; 1 without. */
  readonly weights?: Float64Array | undefined;
  /** Number of leading events to use. */
  readonly n?: number | undefined;
}

/** The number of events to use. Throws where it does not fit. */
export function eventCount({ timeS, weights, n = timeS.length }: TimedEvents): number {
  if (!(Number.isInteger(n) && n >= 0 && n <= timeS.length)) {
    throw new RangeError(`n is ${n}, needs an integer in 0..${timeS.length}`);
  }
  if (weights !== undefined && weights.length < n) {
    throw new TypeError(`${weights.length} weights for ${n} times`);
  }
  return n;
}

/** Takes up to BLOCK events from `from` on; those without a finite time and weight are left out. */
export function fillBlock(
  block: EventBlock,
  events: TimedEvents,
  range: { readonly from: number; readonly to: number; readonly referenceS: number },
): void {
  const { timeS, weights } = events, { from, to, referenceS } = range, { hi, lo, weight } = block;
  let count = 0;
  for (let i = from; i < to; i++) {
    const t = timeS[i]!, w = weights === undefined ? 1 : weights[i]!, s = t - referenceS;
    const back = s - t;
    hi[count] = s;
    lo[count] = (t - (s - back)) - (referenceS + back);
    weight[count] = w;
    count += +(s - s + (w - w) === 0);
  }
  block.count = count;
}

const SPLITTER = 134217729;

/** Phases in cycles, about [-½, ½] and what the derivative adds to it. */
export function blockCycles(
  block: EventBlock,
  trial: { readonly f0Hz: number; readonly f1HzPerS: number },
  out: Float64Array,
): void {
  const { hi, lo, count } = block, f = trial.f0Hz, halfF1 = trial.f1HzPerS / 2;
  const tf = SPLITTER * f, fh = tf - (tf - f), fl = f - fh;
  for (let i = 0; i < count; i++) {
    const t = hi[i]!, p = f * t;
    const tt = SPLITTER * t, th = tt - (tt - t), tl = t - th;
    const e = ((fh * th - p) + fh * tl + fl * th) + fl * tl;
    out[i] = (p - Math.floor(p + 0.5)) + (e + f * lo[i]! + halfF1 * t * t);
  }
}
