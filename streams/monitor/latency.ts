/** How long something took, over the last times. */
export interface LatencySummary {
  /** Times measured in all. */
  readonly n: number;
  /** Median of the last ones, ms; NaN for none. */
  readonly p50Ms: number;
  /** 99 % of the last ones were shorter, ms. */
  readonly p99Ms: number;
  /** The longest of all, ms. */
  readonly maxMs: number;
}

/** Measures how long something takes. */
export interface Latency {
  /** Adds a time, ms. */
  readonly add: (ms: number) => void;
  /** What it has come to. */
  readonly summary: () => LatencySummary;
}

/**
 * Keeps the last times that something took, in bounded memory.
 *
 * @param nKept How many; 4096.
 * @returns Functions over a memory of their own.
 * @example
 * ```ts
 * import { latency } from "@gammarx/gammarx/monitor";
 * import { strictEqual } from "node:assert/strict";
 * const times = latency();
 * [3, 1, 2].forEach(times.add);
 * strictEqual(times.summary().p50Ms, 2);
 * ```
 */
export function latency(nKept: number = 4096): Latency {
  const kept = new Float64Array(nKept);
  let n = 0, maxMs = 0;
  return Object.freeze({
    add(ms: number): void {
      kept[n++ % nKept] = ms;
      if (ms > maxMs) maxMs = ms;
    },
    summary(): LatencySummary {
      const sorted = kept.slice(0, Math.min(n, nKept)).sort();
      const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN;
      return { n, p50Ms: at(0.5), p99Ms: at(0.99), maxMs };
    },
  });
}
