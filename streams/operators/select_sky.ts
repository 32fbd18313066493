import type { OperatorFunction } from "rxjs";
import type { StreamItem } from "../../src/data/mod.ts";
import { compact, requireColumn } from "../../src/events/mod.ts";
import { type Region, regionSelector, separationDegInto } from "../../src/sky/mod.ts";
import { scratchIndices } from "./_scratch.ts";
import { lift, mapKernel } from "./kernel.ts";
import { batchInRange, refuseEmpty } from "./select_range.ts";

/**
 * Keeps events inside a region of the sky. The others are counted as `cut:region`; an event without
 * a position is neither inside nor outside.
 *
 * @param region The region; for DS9 text see `parseRegions`.
 * @param options `inverted`: keep what is outside (false).
 * @returns An operator that needs `raDeg` and `decDeg`.
 * @example
 * ```ts
 * import { selectRegion } from "@gammarx/gammarx/operators";
 * import { parseRegions } from "@gammarx/gammarx/sky";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const batch = createEventBatch({
 *   timeS: new Float64Array(2), raDeg: Float64Array.of(83.6, 80), decDeg: Float64Array.of(22, 22),
 * });
 * of<StreamItem>(batch).pipe(selectRegion(parseRegions("icrs;circle(83.633,22.014,0.5)"))).subscribe(
 *   (item) => {
 *     if (item.kind === "batch") strictEqual(item.length, 1);
 *   },
 * );
 * ```
 */
export function selectRegion(
  region: Region,
  options: { readonly inverted?: boolean } = {},
): OperatorFunction<StreamItem, StreamItem> {
  const { inverted = false } = options;
  const select = regionSelector(region);
  return lift(mapKernel({
    batch(batch) {
      const raDeg = requireColumn(batch, "raDeg", "selectRegion");
      const decDeg = requireColumn(batch, "decDeg", "selectRegion");
      const chosen = scratchIndices(batch.length);
      const n = select(raDeg, decDeg, batch.length, chosen);
      if (!inverted) return compact(batch, chosen, n, "cut:region");
      const nOutside = complement(raDeg, decDeg, chosen, n);
      return compact(batch, chosen, nOutside, "cut:region");
    },
  }));
}

/** Replaces the first `n` indices, ascending, by all others that have a position; how many. */
function complement(
  raDeg: Float64Array,
  decDeg: Float64Array,
  chosen: Uint32Array,
  n: number,
): number {
  const inside = chosen.slice(0, n);
  let count = 0;
  for (let i = 0, next = 0; i < raDeg.length; i++) {
    if (next < n && inside[next] === i) next++;
    else if (Number.isFinite(raDeg[i]! + decDeg[i]!)) chosen[count++] = i;
  }
  return count;
}

/** An interval of the angle to the pointing, deg. */
export interface OffsetRange {
  /** Least offset, included; 0. */
  readonly minDeg?: number;
  /** Greatest offset, excluded; none. */
  readonly maxDeg?: number;
}

/**
 * Keeps events with minDeg <= offset < maxDeg from their observation's pointing. The others are
 * counted as `cut:offset`.
 *
 * @param range The interval.
 * @returns An operator that needs `raDeg`, `decDeg` and a pointing.
 * @throws RangeError for an interval that is empty; TypeError, on the stream, for an observation
 *   without a pointing.
 * @example
 * ```ts
 * import { selectOffset } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const start = createObsStart({
 *   obsId: "", epoch: createEpoch([51910, 0], "TT"), pointing: { raDeg: 83, decDeg: 22 },
 * });
 * const batch = createEventBatch({
 *   timeS: new Float64Array(2), raDeg: Float64Array.of(83, 83), decDeg: Float64Array.of(22.1, 25),
 * });
 * of(start, batch).pipe(selectOffset({ maxDeg: 2 })).subscribe((item) => {
 *   if (item.kind === "batch") strictEqual(item.length, 1);
 * });
 * ```
 */
export function selectOffset(range: OffsetRange): OperatorFunction<StreamItem, StreamItem> {
  const { minDeg: low = 0, maxDeg: high = Infinity } = range;
  refuseEmpty(low, high, "selectOffset");
  let offsetDeg = new Float64Array(0);
  return lift(mapKernel({
    batch(batch, observation) {
      const pointing = observation?.pointing;
      if (pointing === undefined) {
        throw new TypeError(
          `selectOffset needs a pointing, and observation "${batch.obsId}" has none`,
        );
      }
      if (offsetDeg.length < batch.length) offsetDeg = new Float64Array(batch.length);
      const out = offsetDeg.subarray(0, batch.length);
      separationDegInto({
        lonDeg: requireColumn(batch, "raDeg", "selectOffset"),
        latDeg: requireColumn(batch, "decDeg", "selectOffset"),
      }, { from: { lonDeg: pointing.raDeg, latDeg: pointing.decDeg }, out });
      return batchInRange(batch, out, { low, high, reason: "cut:offset" });
    },
  }));
}
