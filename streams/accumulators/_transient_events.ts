/*
 * From excursions of channels to transients and the messages about them. Neighbouring channels that rise
 * together are one transient; the channel that rises highest speaks for it.
 */
import { type Alert, type AlertFields, alertId, createAlert } from "../../src/alerts/mod.ts";
import type { EventEpoch } from "../../src/events/mod.ts";
import { convertEpoch, type TimeEpoch } from "../../src/time/mod.ts";
import { separationDeg } from "../../src/sky/mod.ts";
import { refineInterval } from "../../src/stats/mod.ts";
import { excessTimes, locate, photonsIn, type RecentPhotons } from "./_recent_photons.ts";
import type { SearchBand } from "./run_totals.ts";
import { type CellGrid, MOST_CELLS } from "./search_cells.ts";

/** The best window of a channel while it is above the threshold. */
export interface Excursion {
  /** Slot of the channel. */
  readonly slot: number;
  /** significance²/2 of the best window so far. */
  value: number;
  /** Its first photon. */
  startS: number;
  /** Its last one. */
  endS: number;
  /** Photons in it. */
  counts: number;
  /** Expected in it. */
  expected: number;
  /** Cumulative expected counts where it begins. */
  startB: number;
  /** Cumulative counts where it begins. */
  startX: number;
  /** Place of its transient among those that are open. */
  readonly transient: OpenTransient;
}

/** A transient that goes on: plain data. */
export interface OpenTransient {
  /** Name in all messages. */
  readonly id: string;
  /** Number of the next message. */
  record: number;
  /** Excursions that are open. */
  nOpen: number;
  /** Channel that speaks for it. */
  channel: number;
  /** Its best window. */
  value: number;
  startS: number;
  endS: number;
  counts: number;
  expected: number;
  /** significance²/2 in the last message. */
  sentValue: number;
}

/** A message with its running number. */
export interface SearchMessage {
  /** 0, 1, 2 … of all messages of a search. */
  readonly seq: number;
  /** The message. */
  readonly alert: Alert;
}

/** What does not change from message to message. */
export interface MessageContext {
  readonly key: string;
  readonly grid: CellGrid;
  readonly bands: readonly SearchBand[];
  readonly epoch: EventEpoch;
  readonly psfDeg: number;
  readonly photons: RecentPhotons;
  readonly detectedS: number;
  /** False alarms a second at a significance, and whether that is from within the calibration. */
  readonly farOf: (sigma: number) => { readonly farHz: number; readonly isCalibrated: boolean };
  readonly livetimeS: number;
  readonly fixed: Pick<AlertFields, "observatory" | "instrument" | "software" | "tense" | "kind">;
  readonly inputs: readonly string[];
}

/** Name of a transient that begins: by what was searched, the cell, the onset. */
export function transientId(
  { key, epoch }: Pick<MessageContext, "key" | "epoch">,
  channelName: string,
  onsetS: number,
): string {
  return alertId({ config: key, channel: channelName, onsetS, epoch: inTt(epoch) });
}

/** Name of a channel. */
export function channelName(
  { grid, bands }: Pick<MessageContext, "grid" | "bands">,
  channel: number,
): string {
  const nBands = bands.length;
  return `${grid.label(Math.floor(channel / nBands))}/${bands[channel % nBands]!.name}`;
}

/** The open transient that a channel belongs to: one nearby, or none. */
export function neighbourOf(
  open: Iterable<OpenTransient>,
  channel: number,
  { grid, nBands, joinDeg }: {
    readonly grid: CellGrid;
    readonly nBands: number;
    readonly joinDeg: number;
  },
): OpenTransient | undefined {
  const cell = Math.floor(channel / nBands), center = grid.centerOf(cell);
  for (const one of open) {
    const other = Math.floor(one.channel / nBands), at = grid.centerOf(other);
    if (other === cell || center === undefined || at === undefined) return one;
    if (separationDeg(center, at) <= joinDeg) return one;
  }
  return undefined;
}

/** A message about a transient as it stands. */
export function messageOf(
  transient: OpenTransient,
  phase: Alert["phase"],
  context: MessageContext,
): Alert {
  const { grid, bands, epoch } = context, nBands = bands.length;
  const { channel, startS, endS, counts, expected, value } = transient;
  const cell = Math.floor(channel / nBands), band = bands[channel % nBands]!;
  const sigma = Math.sqrt(2 * value), center = grid.centerOf(cell);
  const { farHz, isCalibrated } = context.farOf(sigma);
  const position = center === undefined ? undefined : positionOf(transient, context);
  const shape = (phase === "end" ? refinedShape(transient, context) : undefined) ??
    windowShape(transient, context);
  return createAlert({
    ...context.fixed,
    id: transient.id,
    record: transient.record,
    phase,
    channel: channelName(context, channel),
    region: center === undefined ? undefined : grid.label(cell),
    onset: {
      epoch: inTt(epoch),
      timeS: shape.onsetS,
      errorS: shape.onsetErrorS,
    },
    detectedS: context.detectedS,
    durationS: shape.durationS,
    t50S: shape.t50S,
    t90S: shape.t90S,
    significance: sigma,
    statistic: { name: "log-likelihood ratio", value },
    farHz,
    farBasis: isCalibrated ? "calibrated" : "extrapolated",
    pAfterTrials: -Math.expm1(-farHz * context.livetimeS),
    counts,
    expected,
    livetimeS: endS - startS,
    energyBandTeV: band.energyTeV,
    hardness: hardnessOf(transient, context),
    position,
    configuration: context.key,
    inputs: context.inputs,
  });
}

/** When a transient began and how long it lasted, s. */
interface Shape {
  readonly onsetS: number;
  readonly onsetErrorS: number;
  readonly durationS: number;
  readonly t50S?: number;
  readonly t90S?: number;
}

/** Photons of a transient's cell, with or without a margin, in a window of time and band, oldest first. */
function ownPhotons(
  { channel }: Pick<OpenTransient, "channel">,
  { grid, bands, photons }: MessageContext,
  { startS, endS, energyTeV = bands[channel % bands.length]!.energyTeV, marginDeg = 0 }: {
    readonly startS: number;
    readonly endS: number;
    readonly energyTeV?: readonly [number, number] | undefined;
    readonly marginDeg?: number;
  },
): readonly number[] {
  const isIn = isInCell(grid, Math.floor(channel / bands.length), marginDeg);
  return photonsIn(photons, { startS, endS, energyTeV, isIn });
}

/** The farthest corner of a cell, in its radii. */
const CORNER = 3;
const cellsAt = new Int32Array(MOST_CELLS);

/** Whether places are in a cell, or within a margin about it; undefined where all are. */
function isInCell(
  grid: CellGrid,
  cell: number,
  marginDeg: number,
): ((raDeg: number, decDeg: number) => boolean) | undefined {
  const center = grid.centerOf(cell);
  if (center === undefined) return undefined;
  // Most photons of a large field are told apart by their declination.
  const reachDeg = marginDeg > 0 ? grid.radiusDeg + marginDeg : CORNER * grid.radiusDeg;
  return (lonDeg, latDeg) => {
    if (!(Math.abs(latDeg - center.latDeg) <= reachDeg)) return false;
    if (marginDeg > 0) return separationDeg(center, { lonDeg, latDeg }) <= reachDeg;
    const n = grid.cellsOf(lonDeg, latDeg, cellsAt);
    for (let k = 0; k < n; k++) if (cellsAt[k] === cell) return true;
    return false;
  };
}

/** By the best window, while a transient goes on. */
function windowShape(transient: OpenTransient, context: MessageContext): Shape {
  const { startS, endS, counts, expected } = transient, durationS = endS - startS;
  return {
    onsetS: startS,
    onsetErrorS: expected > 0 ? durationS / counts : 0,
    durationS,
    ...excessTimes(
      context.photons,
      ownPhotons(transient, context, { startS, endS }),
      transient,
    ),
  };
}

/** Photons of which blocks are made, at most: the time goes with their square. */
const MOST_REFINED = 4096;
/** Photons that the margins of a window should hold. */
const MARGIN_COUNTS = 10;

/** By Bayesian blocks of the window and its margins, when a transient is over; undefined where they see none. */
function refinedShape(transient: OpenTransient, context: MessageContext): Shape | undefined {
  const { startS, endS, expected } = transient, lengthS = endS - startS, rate = expected / lengthS;
  if (!(rate > 0 && rate < Infinity)) return undefined;
  const marginS = Math.max(lengthS, MARGIN_COUNTS / rate);
  const window = { startS: startS - marginS, endS: endS + marginS };
  const timeS = ownPhotons(transient, context, window).map((i) => context.photons.timeS[i]!);
  const lambda = timeS.map((t) => rate * (t - startS));
  const isFew = timeS.length < 3 || !(lambda.at(-1)! > lambda[0]!);
  if (isFew || timeS.length > MOST_REFINED) return undefined;
  const found = refineInterval({ lambda, timeS });
  if (!(found.onsetErrorS >= 0)) return undefined;
  return { ...found, durationS: found.endS - found.onsetS };
}

function positionOf(
  transient: OpenTransient,
  context: MessageContext,
): AlertFields["position"] {
  const { channel, counts, expected, endS, startS } = transient;
  const { grid, bands, photons, psfDeg } = context, marginDeg = 2 * psfDeg;
  const center = grid.centerOf(Math.floor(channel / bands.length))!;
  if (counts < 2 || !(endS > startS)) {
    return {
      raDeg: center.lonDeg,
      decDeg: center.latDeg,
      errorDeg: grid.radiusDeg,
      containment: 0.68,
    };
  }
  const found = locate(photons, ownPhotons(transient, context, { startS, endS, marginDeg }), {
    center,
    reachDeg: grid.radiusDeg + marginDeg,
    psfDeg,
    backgroundPerDeg2: expected / (Math.PI * grid.radiusDeg ** 2),
  });
  return {
    raDeg: found.center.lonDeg,
    decDeg: found.center.latDeg,
    errorDeg: found.errorDeg,
    containment: 0.68,
    systematicIncluded: false,
  };
}

/** Photons of the two hardest disjoint bands of the cell in the window, where there are two. */
function hardnessOf(
  transient: OpenTransient,
  context: MessageContext,
): AlertFields["hardness"] {
  const ranges = context.bands.flatMap(({ energyTeV }) =>
    energyTeV === undefined ? [] : [energyTeV]
  )
    .sort((a, b) => a[0] - b[0]);
  const hard = ranges.at(-1),
    soft = ranges.findLast((one) => hard !== undefined && one[1] <= hard[0]);
  if (hard === undefined || soft === undefined) return undefined;
  const { startS, endS } = transient;
  const count = (energyTeV: readonly [number, number]) =>
    ownPhotons(transient, context, { startS, endS, energyTeV }).length;
  const nHard = count(hard), nSoft = count(soft);
  if (nSoft === 0) return undefined;
  const ratio = nHard / nSoft;
  return {
    ratio,
    error: Math.sqrt(nHard + ratio * ratio * nSoft) / nSoft,
    softTeV: soft,
    hardTeV: hard,
  };
}

function inTt(epoch: EventEpoch): TimeEpoch<"TT"> {
  return convertEpoch(epoch, "TT");
}
