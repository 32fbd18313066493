import { exposureOf, type StreamItem } from "../../src/data/mod.ts";
import { gtiSumS, requireColumn } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { formatRegions, type Region, regionSelector } from "../../src/sky/mod.ts";
import {
  cashExcess,
  cashSignificance,
  liMaSignificance,
  onOffExcess,
} from "../../src/stats/mod.ts";
import type { Accumulator } from "./accumulator.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

/** Where is counted, and what the background is known from. */
export interface OnSourceOptions {
  /** The ON region. */
  readonly on: Region;
  /** Either counts of OFF regions with the ratio of acceptances, or a known rate. */
  readonly background:
    | {
      /** The OFF region, a union of several where there are. */
      readonly off: Region;
      /** Acceptance of ON over that of OFF. */
      readonly alpha: number;
    }
    | {
      /** Background events a second of live time in the ON region. */
      readonly perS: number;
    };
}

/** Counts on a source and what they mean. */
export interface OnSource {
  /** Events in the ON region. */
  readonly nOn: number;
  /** Events in the OFF region; 0 where the background is a known rate. */
  readonly nOff: number;
  /** Background events expected in the ON region. */
  readonly background: number;
  /** nOn − background. */
  readonly excess: number;
  /** Error of the excess. */
  readonly excessError: number;
  /** Li & Ma, or that of a known background, in σ; negative for a deficit. */
  readonly significance: number;
  /** Live time, seconds. */
  readonly livetimeS: number;
}

/** Sums of {@link onSource}. */
export interface OnSourceSums {
  /** Events in the ON region. */
  nOn: number;
  /** Events in the OFF region. */
  nOff: number;
  /** Live time, seconds. */
  livetimeS: number;
}

/**
 * Counts events on and off a source, and gives excess and significance at any moment: after Li & Ma
 * with OFF counts, after Cash with a known rate.
 *
 * @param options Regions and background.
 * @returns An accumulator that needs `raDeg` and `decDeg`.
 * @throws RangeError for an alpha or a rate that is not positive.
 * @example
 * ```ts
 * import { fold, onSource } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { parseRegions } from "@gammarx/gammarx/sky";
 * import { strictEqual } from "node:assert/strict";
 * const acc = onSource({
 *   on: parseRegions("icrs;circle(10,20,0.1)"),
 *   background: { off: parseRegions("icrs;circle(10,21,0.1)"), alpha: 1 },
 * });
 * const events = createEventBatch({
 *   timeS: new Float64Array(3), raDeg: Float64Array.of(10, 10, 10), decDeg: Float64Array.of(20, 20, 21),
 * });
 * strictEqual(acc.result(fold(acc, [events])).excess, 1);
 * ```
 * @see Li & Ma 1983, ApJ 272, 317, eq. 17
 */
export function onSource(
  options: OnSourceOptions,
): Accumulator<StreamItem, Keyed<OnSourceSums>, OnSource> {
  const { on, background } = options, isKnown = "perS" in background;
  const size = isKnown ? background.perS : background.alpha;
  if (!(size > 0) || !Number.isFinite(size)) {
    throw new RangeError(`onSource: ${isKnown ? "rate" : "alpha"} is above 0, found ${size}`);
  }
  const selectOn = regionSelector(on);
  const selectOff = isKnown ? undefined : regionSelector(background.off);
  let room = new Uint32Array(0);
  return sumAccumulator({
    kind: "on-source",
    version: 1,
    key: fingerprint({
      on: formatRegions(on),
      off: isKnown ? "" : formatRegions(background.off),
      size,
    }),
    exactness: { kind: "rounding", rtol: 1e-12 },
    create: (): OnSourceSums => ({ nOn: 0, nOff: 0, livetimeS: 0 }),
    add(state: OnSourceSums, item: StreamItem): void {
      if (item.kind === "batch") {
        const ra = requireColumn(item, "raDeg", "onSource");
        const dec = requireColumn(item, "decDeg", "onSource");
        if (room.length < item.length) room = new Uint32Array(item.length);
        state.nOn += selectOn(ra, dec, item.length, room);
        state.nOff += selectOff?.(ra, dec, item.length, room) ?? 0;
      } else if (item.kind === "heartbeat") state.livetimeS += item.livetimeS;
      else {
        const exposure = exposureOf(item);
        if (exposure === undefined) return;
        state.livetimeS += gtiSumS(exposure.gti) * (1 - exposure.deadTimeFraction);
      }
    },
    result({ nOn, nOff, livetimeS }: OnSourceSums): OnSource {
      const expected = isKnown ? background.perS * livetimeS : background.alpha * nOff;
      const { excess, excessError } = isKnown
        ? cashExcess({ nOn, background: expected })
        : onOffExcess({ nOn, nOff, alpha: background.alpha });
      const significance = isKnown
        ? cashSignificance({ nOn, background: expected })
        : liMaSignificance({ nOn, nOff, alpha: background.alpha });
      return {
        nOn,
        nOff,
        background: expected,
        excess,
        excessError,
        significance,
        livetimeS,
      };
    },
  });
}
