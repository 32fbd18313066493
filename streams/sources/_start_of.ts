import { createObsStart, type ObsStart } from "../../src/data/mod.ts";
import { type EventEpoch, type EventList, type Gti, rebaseGti } from "../../src/events/mod.ts";
import { secondsBetween } from "../../src/time/mod.ts";

/** What a source knows of an observation beside its file. */
export interface StartFields {
  /** The stream's epoch. */
  readonly epoch: EventEpoch;
  /** Place of the observation in the source. */
  readonly index: number;
  /** Is the stream taken up again inside this observation? */
  readonly resumed: boolean;
  /** Good time intervals that the start brings. */
  readonly gti: Gti | undefined;
}

/** The start of an observation as its file tells it, on the stream's epoch. */
export function startOf(list: EventList, { epoch, index, resumed, gti }: StartFields): ObsStart {
  if (list.epoch.scale !== epoch.scale) {
    throw new TypeError(
      `${list.source} has times in ${list.epoch.scale}, the stream in ${epoch.scale}: stream ` +
        `barycentred and local times apart`,
    );
  }
  const shiftS = secondsBetween<"TT" | "TDB">(epoch, list.epoch);
  return createObsStart({
    obsId: list.obsId,
    index,
    source: list.source,
    instrument: list.instrument,
    epoch,
    startS: list.startS + shiftS,
    stopS: list.stopS + shiftS,
    gti: gti && rebaseGti(gti, epoch),
    deadTimeFraction: list.deadTimeFraction,
    pointing: list.pointing,
    resumed,
  });
}
