import type { OperatorFunction } from "rxjs";
import type { StreamItem } from "../../src/data/mod.ts";
import { createGti, type EventEpoch, type Gti, withColumns } from "../../src/events/mod.ts";
import type { Barycentring } from "../../src/timing/mod.ts";
import { lift, mapKernel } from "./kernel.ts";

/**
 * Brings a stream to the barycentre of the solar system: times of events, good time intervals, watermarks and
 * heartbeats become barycentric TDB, counted from the same calendar label as before. Live time stays what the
 * observer's clock said.
 *
 * Times are rounded to the size of the column (60 ns at ten years after the epoch); `assignPhase` with the
 * same barycentring does not go through this column and keeps every digit.
 *
 * @param barycentring Ephemeris, observer and source.
 * @returns An operator over the items of a stream.
 * @throws TypeError, on the stream, for times in TDB, or events before an observation that tells the epoch;
 *   RangeError for a time outside the ephemeris or the orbit.
 * @example
 * ```ts
 * import { barycentre } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { createObsStart } from "@gammarx/gammarx/data";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import {
 *   analyticEphemeris, createAstrometry, createBarycentring, GEOCENTRE,
 * } from "@gammarx/gammarx/timing";
 * import { of } from "rxjs";
 * import { ok } from "node:assert/strict";
 * const crab = createBarycentring({
 *   ephemeris: analyticEphemeris(),
 *   observer: GEOCENTRE,
 *   astrometry: createAstrometry({ raDeg: 83.633, decDeg: 22.0145 }),
 * });
 * const start = createObsStart({ obsId: "", epoch: createEpoch([55000, 0], "TT") });
 * of(start, createEventBatch({ timeS: new Float64Array(1) })).pipe(barycentre(crab))
 *   .subscribe((item) => {
 *     if (item.kind === "batch") ok(Math.abs(item.columns.timeS[0]!) > 100);
 *     if (item.kind === "obs-start") ok(item.epoch.scale === "TDB");
 *   });
 * ```
 * @see gtbary of the Fermi Science Tools
 */
export function barycentre(barycentring: Barycentring): OperatorFunction<StreamItem, StreamItem> {
  const one = new Float64Array(1), correction = new Float64Array(1);
  const column = (epoch: EventEpoch, timeS: Float64Array): Float64Array => {
    const out = new Float64Array(timeS.length);
    barycentring.correctionS(epoch, timeS, timeS.length, out);
    for (let i = 0; i < out.length; i++) out[i] = timeS[i]! + out[i]!;
    return out;
  };
  const instant = (epoch: EventEpoch, timeS: number): number => {
    if (!Number.isFinite(timeS)) return timeS; // nothing was promised
    one[0] = timeS;
    barycentring.correctionS(epoch, one, 1, correction);
    return timeS + correction[0]!;
  };
  const intervals = (gti: Gti | undefined): Gti | undefined =>
    gti && createGti(inTdb(gti.epoch), column(gti.epoch, gti.startS), column(gti.epoch, gti.stopS));
  const epochOf = (observation: { readonly epoch: EventEpoch } | undefined): EventEpoch => {
    if (observation !== undefined) return observation.epoch;
    throw new TypeError("barycentre needs the start of an observation before its events");
  };
  return lift(mapKernel({
    batch(batch, observation) {
      const epoch = epochOf(observation), { columns, watermarkS } = batch;
      const moved = withColumns(batch, { ...columns, timeS: column(epoch, columns.timeS) });
      return Object.freeze({ ...moved, watermarkS: instant(epoch, watermarkS) });
    },
    obsStart: (start) =>
      Object.freeze({
        ...start,
        epoch: inTdb(start.epoch),
        startS: instant(start.epoch, start.startS),
        stopS: instant(start.epoch, start.stopS),
        gti: intervals(start.gti),
      }),
    obsEnd: (end) => Object.freeze({ ...end, gti: intervals(end.gti) }),
    heartbeat(beat, observation) {
      const epoch = epochOf(observation);
      return [
        Object.freeze({
          ...beat,
          timeS: instant(epoch, beat.timeS),
          fromS: instant(epoch, beat.fromS),
        }),
      ];
    },
  }));
}

/** The same label of the calendar, read as barycentric TDB. */
function inTdb(epoch: EventEpoch): EventEpoch {
  return Object.freeze({ ...epoch, scale: "TDB" });
}
