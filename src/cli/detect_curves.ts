/* The photons about each transient, and their light curve. */
import type { Alert } from "../alerts/mod.ts";
import type { StreamItem } from "../data/mod.ts";
import type { EventEpoch } from "../events/mod.ts";
import type { Panel } from "../plot/mod.ts";
import { separationDeg } from "../sky/mod.ts";
import { secondsBetween } from "../time/mod.ts";

/** Photons about a transient, within the radius in which it was found. */
export interface NearPhotons {
  readonly alert: Alert;
  /** First and last time, seconds after the onset. */
  readonly spanS: readonly [from: number, to: number];
  /** Times, seconds after the onset. */
  readonly timeS: number[];
}

const BINS = 60;
/** Photons of background that each side should show; beyond so many durations it need not. */
const SIDE_COUNTS = 20, MOST_DURATIONS = 20;

/** Collects the photons about some transients from a stream. */
export function collectNear(
  alerts: readonly Alert[],
  radiusDeg: number,
): { readonly near: readonly NearPhotons[]; readonly take: (item: StreamItem) => void } {
  const near = alerts.map((alert): NearPhotons => {
    const { durationS, expected, livetimeS = durationS } = alert;
    const wanted = expected > 0 ? SIDE_COUNTS * livetimeS / expected : 0;
    const sideS = Math.max(durationS, Math.min(wanted, MOST_DURATIONS * durationS));
    return { alert, spanS: [-sideS, durationS + sideS], timeS: [] };
  });
  let epoch: EventEpoch | undefined;
  return {
    near,
    take(item) {
      if (item.kind === "obs-start") epoch = item.epoch;
      if (item.kind !== "batch" || epoch === undefined) return;
      const { timeS, raDeg, decDeg, energyTeV } = item.columns;
      for (const { alert, spanS: [fromS, toS], timeS: own } of near) {
        const { onset, position, energyBandTeV: [low, high] = [-Infinity, Infinity] } = alert;
        const onsetS = secondsBetween(onset.epoch, epoch) + onset.timeS;
        for (let i = 0; i < item.length; i++) {
          const since = timeS[i]! - onsetS, energy = energyTeV?.[i] ?? NaN;
          if (!(since >= fromS && since < toS) || energy < low || energy >= high) continue;
          const isNear = position === undefined || raDeg === undefined || decDeg === undefined ||
            Number.isNaN(radiusDeg) ||
            separationDeg(
                { lonDeg: position.raDeg, latDeg: position.decDeg },
                { lonDeg: raDeg[i]!, latDeg: decDeg[i]! },
              ) <= radiusDeg;
          if (isNear) own.push(since);
        }
      }
    },
  };
}

/** The light curve of a transient: counts, what was expected, and when it lasted. */
export function transientPanel({ alert, spanS: [fromS, toS], timeS }: NearPhotons): Panel {
  const { durationS, expected, livetimeS = durationS, significance } = alert;
  const widthS = (toS - fromS) / BINS, values = new Float64Array(BINS);
  for (const t of timeS) values[Math.min(BINS - 1, Math.floor((t - fromS) / widthS))]! += 1;
  return {
    x: { label: "Time since onset", unit: "s" },
    y: { label: `Counts in ${Number(widthS.toPrecision(3))} s` },
    title: `${alert.id}: ${significance.toFixed(1)} sigma`,
    marks: [
      { kind: "span", axis: "x", from: 0, to: durationS },
      {
        kind: "steps",
        edges: Float64Array.from({ length: BINS + 1 }, (_, i) => fromS + i * widthS),
        values,
        label: "photons",
      },
      ...(livetimeS > 0
        ? [{
          kind: "line" as const,
          x: [fromS, toS],
          y: [expected, expected].map((one) => one * widthS / livetimeS),
          dash: [4, 3],
          label: "expected",
        }]
        : []),
    ],
  };
}
