import { fingerprint } from "../numeric/mod.ts";
import { addSeconds, DAY_S, type TimeEpoch } from "../time/mod.ts";
import type { Alert } from "./alert.ts";

/** What names a transient. */
export interface AlertIdFields {
  /** Key of the configuration. */
  readonly config: string;
  /** Cell and band in which was searched. */
  readonly channel: string;
  /** Onset, s after the epoch. */
  readonly onsetS: number;
  /** Epoch of `onsetS`; MJD 0 where left out, so that `onsetS` counts from there. */
  readonly epoch?: TimeEpoch<"TT"> | undefined;
  /** Onsets in one tick are the same, s; 1e-6. */
  readonly tickS?: number | undefined;
}

/**
 * The name of a transient, from what does not depend on the run: configuration, channel, and the onset
 * on a grid of absolute ticks. A search that is cut, resumed or repeated names it the same.
 *
 * @param fields Configuration, channel, onset as it was when first told: later messages keep the name.
 * @returns 16 hexadecimal digits.
 * @throws RangeError for an onset that is not finite or a tick that is not positive.
 * @example
 * ```ts
 * import { alertId } from "@gammarx/gammarx/alerts";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const what = { config: "6d1f", channel: "crab" };
 * strictEqual(
 *   alertId({ ...what, onsetS: 90000, epoch: createEpoch([60000, 0], "TT") }),
 *   alertId({ ...what, onsetS: 3600, epoch: createEpoch([60001, 0], "TT") }),
 * );
 * ```
 */
export function alertId(fields: AlertIdFields): string {
  const { config, channel, onsetS, tickS = 1e-6 } = fields;
  if (!Number.isFinite(onsetS) || !(tickS > 0)) {
    throw new RangeError(
      `alertId expects a finite onset and a tick above 0 s, found ${onsetS} and ${tickS}`,
    );
  }
  const epoch = fields.epoch ?? { mjdDay: 0, dayS: 0, scale: "TT" as const };
  let { mjdDay, dayS } = addSeconds(epoch, onsetS);
  let tick = Math.round(dayS / tickS);
  if (tick * tickS >= DAY_S) [mjdDay, tick] = [mjdDay + 1, 0];
  return fingerprint({ config, channel, mjdDay, tick, tickS });
}

/**
 * The name of one message: that of the transient and the number of the message. Who has seen it has
 * seen the message.
 *
 * @param alert The message.
 * @returns `id:record`.
 * @example
 * ```ts
 * import { alertKey } from "@gammarx/gammarx/alerts";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(alertKey({ id: "af63dc4c8601ec8c", record: 2 }), "af63dc4c8601ec8c:2");
 * ```
 */
export function alertKey(alert: Pick<Alert, "id" | "record">): string {
  return `${alert.id}:${alert.record}`;
}
