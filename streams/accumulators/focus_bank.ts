/*
 * Poisson-FOCuS for many channels at once, online: the best window that ends with the photon that has just
 * come. Symbols and rules are those of _focus_segment.ts; as nothing is merged here, ends are not kept.
 *
 * Memory is one pool of blocks, none for a channel without photons. A block holds lastB, X, the number of
 * starts and its capacity, then b, X, time and bound of each start. Blocks of a size are used again.
 */
import { focusRules } from "./_focus_segment.ts";

/** How a bank searches. */
export interface FocusBankOptions {
  /** Least factor of a window over what is expected, ≥ 1; 1.1. */
  readonly muMin?: number;
  /**
   * Most starts kept of a channel, a power of two ≥ 4; 64. Beyond it the oldest is forgotten, and with it
   * the longest windows; `dropped` counts that. With a factor above 1 it does not happen in practice.
   */
  readonly maxStarts?: number;
  /**
   * A significance that is of no interest, ≥ 0: windows up to it are given as 0, and cost no logarithm; 0.
   */
  readonly ignoreBelow?: number;
}

/** A window that begins after a photon and ends with the last one stepped. */
export interface FocusWindow {
  /** Cumulative expected counts where it begins. */
  readonly startB: number;
  /** Cumulative counts of the channel where it begins. */
  readonly startX: number;
  /** Time of its first photon, as given to `step`. */
  readonly onsetS: number;
  /** Counts expected in it. */
  readonly expected: number;
  /** Counts in it. */
  readonly counts: number;
}

/** A bank at rest: plain data, a channel an entry, in rising order. */
export interface FocusBankSnapshot {
  /** Options: muMin, maxStarts, ignoreBelow. */
  readonly options: Float64Array;
  /** Channels that have seen a photon. */
  readonly channels: Uint32Array;
  /** Cumulative expected counts at the last photon of each. */
  readonly lastB: Float64Array;
  /** Cumulative counts of each. */
  readonly x: Float64Array;
  /** Number of starts of each. */
  readonly nStarts: Uint32Array;
  /** All starts, four numbers each: b, x, time, bound. */
  readonly starts: Float64Array;
  /** Starts that were forgotten. */
  readonly dropped: number;
}

/** Poisson-FOCuS of many channels. */
export interface FocusBank {
  /**
   * Counts `x` photons at cumulative expected counts `lambda` of the channel, which never fall, and gives
   * the log-likelihood ratio (significance²/2) of the best window that ends with them; 0 for none.
   * `window` then describes it. The first photon of a channel ends none.
   */
  readonly step: (channel: number, lambda: number, timeS: number, x?: number) => number;
  /** What the last step that gave more than 0 found. */
  readonly window: FocusWindow;
  /** Forgets all starts of a channel, after an alarm: the next windows begin after its last photon. */
  readonly reset: (channel: number) => void;
  /**
   * Reads the numbers of a channel that the next step will read, and gives one of them: where many channels are
   * looked at before they step, their way from memory is gone at once, not one after the other.
   */
  readonly peek: (channel: number) => number;
  /** Number of starts that a channel keeps. */
  readonly nStarts: (channel: number) => number;
  /** Starts forgotten so far for lack of room. */
  readonly dropped: () => number;
  /** Bytes held. */
  readonly memoryBytes: () => number;
  /** A copy as plain data. */
  readonly snapshot: () => FocusBankSnapshot;
}

/** Numbers of a start: b, x, time, a bound on g of any window from an older start to this one. */
const START = 4;
/** Numbers before them: lastB, x, number of starts, capacity. */
const HEAD = 4;
/** Starts in the smallest block. */
const LEAST = 4;

/**
 * Poisson-FOCuS of as many channels as there are cells and bands, unbinned, each in its own acceptance time:
 * only the channel of a photon is touched. The best over all steps of a channel is that of
 * {@link focusUnbinned}.
 *
 * @param options Least factor, most starts, significance of no interest.
 * @returns A bank without photons; it has one owner.
 * @throws RangeError for options out of range; while stepping, for expected counts that fall or are NaN.
 * @example
 * ```ts
 * import { createFocusBank } from "@gammarx/gammarx/accumulators";
 * import { ok, strictEqual } from "node:assert/strict";
 * const bank = createFocusBank();
 * const rate = 0.1, times = [10, 20, 30, 40, 41, 42, 43, 44];
 * let value = 0;
 * for (const timeS of times) value = bank.step(7, rate * timeS, timeS);
 * ok(Math.sqrt(2 * value) > 3);
 * strictEqual(bank.window.onsetS, 41);
 * strictEqual(bank.window.counts, 4);
 * ```
 * @see Ward, Dilillo, Eckley & Fearnhead 2023, JASA, arXiv:2208.01494
 */
export function createFocusBank(options: FocusBankOptions = {}): FocusBank {
  const { muMin = 1.1, maxStarts = 64, ignoreBelow = 0 } = options;
  const { k, logMuMin } = focusRules(muMin), floor = ignoreBelow * ignoreBelow / 2;
  if (!(maxStarts >= LEAST && Number.isInteger(Math.log2(maxStarts)))) {
    throw new RangeError(`maxStarts is a power of two of at least ${LEAST}, found ${maxStarts}`);
  }
  if (!(ignoreBelow >= 0 && ignoreBelow < Infinity)) {
    throw new RangeError(`ignoreBelow is a significance of at least 0, found ${ignoreBelow}`);
  }
  /** Where the block of a channel begins, in units of four numbers; 0 for none. */
  let blocks = new Int32Array(64), pool = new Float64Array(1024), used = HEAD, nDropped = 0;
  /** Blocks free again, by capacity. */
  const free = new Map<number, number[]>();
  const found = new Float64Array(5);

  function allocate(capacity: number): number {
    let at = free.get(capacity)?.pop();
    if (at === undefined) {
      at = used;
      used += HEAD + START * capacity;
      if (used > pool.length) {
        const larger = new Float64Array(2 * used);
        larger.set(pool);
        pool = larger;
      }
    }
    pool[at + 2] = 0;
    pool[at + 3] = capacity;
    return at;
  }

  function blockOf(channel: number, capacity: number): number {
    if (!(channel >= 0 && channel < 2 ** 31 && Number.isInteger(channel))) {
      throw new RangeError(`A channel is a whole number of at least 0, found ${channel}`);
    }
    if (channel >= blocks.length) {
      const larger = new Int32Array(Math.max(channel + 1, 2 * blocks.length));
      larger.set(blocks);
      blocks = larger;
    }
    const at = allocate(capacity);
    blocks[channel] = at / HEAD;
    return at;
  }

  /** Room for one more start: a block twice as large, or the place of the oldest start. */
  function makeRoom(channel: number, at: number, n: number): number {
    if (n === maxStarts) {
      const first = at + HEAD;
      pool.copyWithin(first, first + START, first + START * n);
      pool[first + 3] = 0;
      pool[at + 2] = n - 1;
      nDropped++;
      return at;
    }
    const larger = allocate(2 * n);
    pool.copyWithin(larger, at, at + 3);
    pool.copyWithin(larger + HEAD, at + HEAD, at + HEAD + START * n);
    const list = free.get(n);
    if (list === undefined) free.set(n, [at]);
    else list.push(at);
    blocks[channel] = larger / HEAD;
    return larger;
  }

  function step(channel: number, lambda: number, timeS: number, x = 1): number {
    let at = channel < blocks.length ? HEAD * blocks[channel]! : 0;
    if (!(at > 0)) {
      if (!Number.isFinite(lambda)) throw new RangeError(falling(channel, lambda, NaN));
      at = blockOf(channel, LEAST);
      pool[at] = lambda;
      pool[at + 1] = x;
      return 0;
    }
    const lastB = pool[at]!, before = pool[at + 1]!;
    // Whole numbers as such: an index that is a double is slow.
    let n = pool[at + 2]! | 0, p = pool;
    if (!(lambda >= lastB)) throw new RangeError(falling(channel, lambda, lastB));
    const first = at + HEAD;
    if (lambda > lastB) {
      // The last photon is a start, unless a later one has fewer counts to spare at every μ.
      let top = first + START * (n - 1);
      while (top >= first && !(before - p[top + 1]! > k * (lastB - p[top]!))) top -= START;
      while (top > first) {
        const qb = p[top]!, qx = p[top + 1]!;
        if ((qx - p[top - START + 1]!) * (lastB - qb) < (before - qx) * (qb - p[top - START]!)) {
          break;
        }
        top -= START;
      }
      n = ((top - first) / START | 0) + 1;
      if (n === p[at + 3]!) {
        p[at + 2] = n;
        at = makeRoom(channel, at, n);
        p = pool;
        n = p[at + 2]! | 0;
        top = at + HEAD + START * (n - 1);
      }
      const next = top + START;
      p[next] = lastB;
      p[next + 1] = before;
      p[next + 2] = timeS;
      let bound = 0;
      if (n > 0) {
        const c = before - p[top + 1]!, b = lastB - p[top]!, d = c - b;
        bound = p[top + 3]!;
        if (d > 0) bound += d * d * (c + b + b) / ((b + b) * (c + c + b));
      }
      p[next + 3] = bound;
      n++;
      p[at + 2] = n;
      p[at] = lambda;
    }
    const total = before + x, oldest = at + HEAD;
    p[at + 1] = total;
    let best = floor, bestAt = -1;
    for (let one = oldest + START * (n - 1); one >= oldest; one -= START) {
      const c = total - p[one + 1]!, b = lambda - p[one]!, d = c - b;
      // ln r ≤ (r − 1)(r + 5)/(4r + 2): a bound on g without a logarithm, good to 3 % up to r = 2.
      const top = d > 0 ? d * d * (c + b + b) : 0, below = (b + b) * (c + c + b);
      if (top <= (best - p[one + 3]!) * below) break;
      if (top <= best * below || !(c > k * b)) continue;
      const value = c >= muMin * b ? c * Math.log(c / b) - (c - b) : c * logMuMin - (muMin - 1) * b;
      if (value <= best) continue;
      best = value;
      bestAt = one;
    }
    if (bestAt < 0) return 0;
    const startB = p[bestAt]!, startX = p[bestAt + 1]!;
    found[0] = startB;
    found[1] = startX;
    found[2] = p[bestAt + 2]!;
    found[3] = lambda - startB;
    found[4] = total - startX;
    return best;
  }

  return Object.freeze({
    step,
    window: Object.freeze({
      get startB(): number {
        return found[0]!;
      },
      get startX(): number {
        return found[1]!;
      },
      get onsetS(): number {
        return found[2]!;
      },
      get expected(): number {
        return found[3]!;
      },
      get counts(): number {
        return found[4]!;
      },
    }),
    reset(channel: number): void {
      const at = HEAD * (blocks[channel] ?? 0);
      if (at > 0) pool[at + 2] = 0;
    },
    nStarts(channel: number): number {
      const at = HEAD * (blocks[channel] ?? 0);
      return at > 0 ? pool[at + 2]! : 0;
    },
    peek(channel: number): number {
      const at = HEAD * (blocks[channel] ?? 0);
      if (!(at > 0)) return 0;
      const next = at + HEAD + START * pool[at + 2]!;
      return pool[next - START]! + pool[Math.min(next + START, pool.length) - 1]!;
    },
    dropped: () => nDropped,
    memoryBytes: () => pool.byteLength + blocks.byteLength,
    snapshot(): FocusBankSnapshot {
      let n = 0, size = 0;
      for (let c = 0; c < blocks.length; c++) {
        if (blocks[c] === 0) continue;
        n++;
        size += pool[HEAD * blocks[c]! + 2]!;
      }
      const channels = new Uint32Array(n), nStarts = new Uint32Array(n);
      const lastB = new Float64Array(n), x = new Float64Array(n);
      const starts = new Float64Array(START * size);
      for (let c = 0, i = 0, next = 0; c < blocks.length; c++) {
        if (blocks[c] === 0) continue;
        const at = HEAD * blocks[c]!;
        channels[i] = c;
        lastB[i] = pool[at]!;
        x[i] = pool[at + 1]!;
        nStarts[i] = pool[at + 2]!;
        const end = at + HEAD + START * nStarts[i++]!;
        for (let k = at + HEAD; k < end; k++) starts[next++] = pool[k]!;
      }
      return {
        options: Float64Array.of(muMin, maxStarts, ignoreBelow),
        channels,
        lastB,
        x,
        nStarts,
        starts,
        dropped: nDropped,
      };
    },
    [RESTORE](snapshot: FocusBankSnapshot): void {
      let next = 0;
      snapshot.channels.forEach((channel, i) => {
        const n = snapshot.nStarts[i]!;
        const at = blockOf(channel, Math.max(LEAST, 2 ** Math.ceil(Math.log2(n))));
        pool[at] = snapshot.lastB[i]!;
        pool[at + 1] = snapshot.x[i]!;
        pool[at + 2] = n;
        pool.set(snapshot.starts.subarray(next, next += START * n), at + HEAD);
      });
      nDropped = snapshot.dropped;
    },
  });
}

const RESTORE: unique symbol = Symbol("restore");

function falling(channel: number, lambda: number, last: number): string {
  return `Expected counts of channel ${channel} are ${lambda} after ${last}: they are finite and ` +
    "never fall; give photons in order of time";
}

/**
 * A bank that goes on where another stood, to the bit.
 *
 * @param snapshot What `snapshot` gave; it is copied.
 * @returns A bank of its own.
 * @throws RangeError for options out of range; TypeError for columns that do not fit.
 * @example
 * ```ts
 * import { createFocusBank, restoreFocusBank } from "@gammarx/gammarx/accumulators";
 * import { strictEqual } from "node:assert/strict";
 * const bank = createFocusBank();
 * for (const t of [0, 10, 10.5]) bank.step(3, t, t);
 * const other = restoreFocusBank(bank.snapshot());
 * strictEqual(other.step(3, 10.6, 10.6), bank.step(3, 10.6, 10.6));
 * ```
 */
export function restoreFocusBank(snapshot: FocusBankSnapshot): FocusBank {
  const { channels, lastB, x, nStarts, starts } = snapshot, n = channels.length;
  const [muMin, maxStarts, ignoreBelow] = snapshot.options as unknown as [number, number, number];
  const size = nStarts.reduce((sum, one) => sum + one, 0);
  if (
    lastB.length !== n || x.length !== n || nStarts.length !== n || starts.length !== START * size
  ) {
    throw new TypeError(
      `${n} channels with ${lastB.length}, ${x.length}, ${nStarts.length} entries and ` +
        `${starts.length} numbers of starts: this is no snapshot of a bank`,
    );
  }
  const bank = createFocusBank({ muMin, maxStarts, ignoreBelow });
  (bank as unknown as { [RESTORE](snapshot: FocusBankSnapshot): void })[RESTORE](snapshot);
  return bank;
}
