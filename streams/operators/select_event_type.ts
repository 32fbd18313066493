import type { OperatorFunction } from "rxjs";
import type { StreamItem } from "../../src/data/mod.ts";
import { compact, requireColumn } from "../../src/events/mod.ts";
import { scratchIndices } from "./_scratch.ts";
import { lift, mapKernel } from "./kernel.ts";

/**
 * Keeps events whose type shares a bit with the mask (or has all of its bits). The others are
 * counted as `cut:event-type`.
 *
 * @param bits Bit mask, 32 bits: bit k is event type k.
 * @param options `match`: "any" bit (the default) or "all".
 * @returns An operator that needs `eventType`.
 * @throws RangeError for a mask that is not a whole number in 1 … 2³² − 1.
 * @example
 * ```ts
 * import { selectEventType } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { strictEqual } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: new Float64Array(3), eventType: Uint32Array.of(1, 2, 3) });
 * of<StreamItem>(batch).pipe(selectEventType(0b10)).subscribe((item) => {
 *   if (item.kind === "batch") strictEqual(item.length, 2);
 * });
 * ```
 */
export function selectEventType(
  bits: number,
  options: { readonly match?: "any" | "all" } = {},
): OperatorFunction<StreamItem, StreamItem> {
  if (!Number.isInteger(bits) || bits < 1 || bits > 0xffffffff) {
    throw new RangeError(`selectEventType: ${bits} is no mask of 32 bits with a bit set`);
  }
  const wanted = bits >>> 0, all = options.match === "all";
  return lift(mapKernel({
    batch(batch) {
      const types = requireColumn(batch, "eventType", "selectEventType");
      const chosen = scratchIndices(batch.length);
      let n = 0;
      for (let i = 0; i < batch.length; i++) {
        const common = (types[i]! & wanted) >>> 0;
        chosen[n] = i;
        n += +(all ? common === wanted : common !== 0);
      }
      return compact(batch, chosen, n, "cut:event-type");
    },
  }));
}
