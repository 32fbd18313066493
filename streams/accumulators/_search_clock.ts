/*
 * Live time of a stream as it flows: by the good time intervals of the observation, or, where they come later,
 * by the time that passed, put right by each heartbeat.
 */
import type { Heartbeat, ObsStart } from "../../src/data/mod.ts";
import { rebaseGti, unionGti } from "../../src/events/mod.ts";

/** State of the clock: plain data. */
export interface SearchClock {
  /** Live time at the beginning of the present stretch, s. */
  baseS: number;
  /** Where it begins, s; NaN before any event. */
  fromS: number;
  /** Live time a second. */
  rate: number;
  /** Good time intervals of the observation; none where they are not known. */
  startS: Float64Array;
  /** Their ends. */
  stopS: Float64Array;
  /** The first that is not over: those before it are in `baseS`. */
  next: number;
  /** Whether good time intervals count. */
  hasGti: boolean;
  /** Greatest live time that was given: it never falls. */
  lastS: number;
}

export function createSearchClock(): SearchClock {
  return {
    baseS: 0,
    fromS: NaN,
    rate: 1,
    startS: new Float64Array(0),
    stopS: new Float64Array(0),
    next: 0,
    hasGti: false,
    lastS: 0,
  };
}

/** Live seconds until a time; times ascend. */
export function liveAt(clock: SearchClock, timeS: number): number {
  if (clock.hasGti) passIntervals(clock, timeS);
  let live = clock.baseS;
  if (clock.hasGti) {
    const start = clock.startS[clock.next] ?? Infinity;
    live += clock.rate * Math.max(0, timeS - start);
  } else if (Number.isNaN(clock.fromS)) clock.fromS = timeS;
  else live += clock.rate * Math.max(0, timeS - clock.fromS);
  return clock.lastS = Math.max(clock.lastS, live);
}

/** Intervals that are over at a time are done with. */
function passIntervals(clock: SearchClock, timeS: number): void {
  const { startS, stopS, rate } = clock;
  while (clock.next < stopS.length && stopS[clock.next]! <= timeS) {
    clock.baseS += rate * (stopS[clock.next]! - startS[clock.next]!);
    clock.next++;
  }
}

/** A new observation: what was live before it stays. */
export function startObservation(clock: SearchClock, start: ObsStart): void {
  endObservation(clock);
  clock.rate = 1 - start.deadTimeFraction;
  clock.hasGti = start.gti !== undefined;
  if (start.gti === undefined) return;
  const { startS, stopS } = unionGti(rebaseGti(start.gti, start.epoch));
  clock.startS = startS.slice();
  clock.stopS = stopS.slice();
}

/** The rest of the observation's good time passes. */
export function endObservation(clock: SearchClock): void {
  if (clock.hasGti) {
    passIntervals(clock, Infinity);
  } else clock.baseS = clock.lastS;
  clock.baseS = Math.max(clock.baseS, clock.lastS);
  clock.fromS = NaN;
  clock.hasGti = false;
  clock.startS = clock.stopS = new Float64Array(0);
  clock.next = 0;
}

/** A heartbeat says how much of the time since the last one was live. */
export function beat(clock: SearchClock, { timeS, fromS, livetimeS }: Heartbeat): void {
  if (clock.hasGti || !(timeS > fromS)) return;
  clock.baseS = Math.max(clock.lastS, liveAt(clock, fromS) + livetimeS);
  clock.fromS = timeS;
  clock.lastS = clock.baseS;
}
