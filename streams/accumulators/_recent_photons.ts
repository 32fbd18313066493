/*
 * The last photons of a stream, and what they say of a window: where its source is and how long it lasted.
 */
import { offsetBy, positionAngleDeg, separationDeg, type SkyPosition } from "../../src/sky/mod.ts";

/** A ring of photons: plain data. */
export interface RecentPhotons {
  readonly timeS: Float64Array;
  readonly raDeg: Float64Array;
  readonly decDeg: Float64Array;
  readonly energyTeV: Float64Array;
  /** Photons that were ever put in. */
  total: number;
}

export function createRecentPhotons(capacity: number): RecentPhotons {
  const column = () => new Float64Array(capacity);
  return { timeS: column(), raDeg: column(), decDeg: column(), energyTeV: column(), total: 0 };
}

export function keepPhoton(
  to: RecentPhotons,
  timeS: number,
  raDeg: number,
  decDeg: number,
  energyTeV: number,
): void {
  const at = to.total++ % to.timeS.length;
  to.timeS[at] = timeS;
  to.raDeg[at] = raDeg;
  to.decDeg[at] = decDeg;
  to.energyTeV[at] = energyTeV;
}

/** Which photons. */
export interface PhotonWindow {
  readonly startS: number;
  readonly endS: number;
  /** Energies low ≤ E < high, TeV; all where absent. */
  readonly energyTeV?: readonly [number, number] | undefined;
  /** Which places on the sky; all where absent. */
  readonly isIn?: ((raDeg: number, decDeg: number) => boolean) | undefined;
}

/** Places in the ring of the photons of a window, oldest first; those that have left it are not found. */
export function photonsIn(from: RecentPhotons, window: PhotonWindow): number[] {
  const { timeS, energyTeV, total } = from, n = timeS.length, found: number[] = [];
  const [low, high] = window.energyTeV ?? [-Infinity, Infinity], { isIn } = window;
  for (let k = total - 1; k >= Math.max(0, total - n); k--) {
    const at = k % n, t = timeS[at]!;
    if (t > window.endS) continue;
    if (t < window.startS) break;
    if (isIn !== undefined && !isIn(from.raDeg[at]!, from.decDeg[at]!)) continue;
    const e = energyTeV[at]!;
    if (Number.isNaN(e) ? window.energyTeV === undefined : e >= low && e < high) found.push(at);
  }
  return found.reverse();
}

/** Where a source is. */
export interface PhotonPosition {
  readonly center: SkyPosition;
  /** Radius that holds it with 68 %, deg. */
  readonly errorDeg: number;
}

/**
 * The position of a source from all photons within a reach of a cell: each counts by its chance to be of the source,
 * p = s/(s + b), s a Gaussian of the width of the point spread function; the mean moves until it rests.
 */
export function locate(
  photons: RecentPhotons,
  places: readonly number[],
  about: {
    readonly center: SkyPosition;
    readonly reachDeg: number;
    readonly psfDeg: number;
    /** Background photons of the window a square degree. */
    readonly backgroundPerDeg2: number;
  },
): PhotonPosition {
  const { reachDeg, psfDeg, backgroundPerDeg2 } = about, s2 = psfDeg * psfDeg;
  const near = places.map((i) => ({ lonDeg: photons.raDeg[i]!, latDeg: photons.decDeg[i]! }));
  let center = about.center, weight = 0;
  for (let round = 0; round < 30; round++) {
    const area = Math.PI * reachDeg * reachDeg;
    const nSource = Math.max(1, near.length - backgroundPerDeg2 * area);
    let x = 0, y = 0, sum = 0;
    for (const one of near) {
      const r = separationDeg(center, one), angle = positionAngleDeg(center, one) * Math.PI / 180;
      const s = nSource * Math.exp(-r * r / (2 * s2)) / (2 * Math.PI * s2);
      const p = s / (s + backgroundPerDeg2 + 1e-300);
      x += p * r * Math.sin(angle);
      y += p * r * Math.cos(angle);
      sum += p;
    }
    if (!(sum > 0)) break;
    weight = sum;
    const moved = Math.hypot(x, y) / sum;
    center = offsetBy(center, {
      positionAngleDeg: Math.atan2(x, y) * 180 / Math.PI,
      separationDeg: moved,
    });
    if (moved < 1e-5) break;
  }
  // 68 % of a Gaussian in two dimensions lie within 1.52 sigma.
  return { center, errorDeg: weight > 0 ? 1.52 * psfDeg / Math.sqrt(weight) : reachDeg };
}

/** Times in which parts of the excess of a window came, s; nothing where there is no excess. */
export function excessTimes(
  photons: RecentPhotons,
  places: readonly number[],
  { startS, endS, expected }: {
    readonly startS: number;
    readonly endS: number;
    readonly expected: number;
  },
): { readonly t50S?: number; readonly t90S?: number } {
  const times = places.map((i) => photons.timeS[i]!), n = times.length, excess = n - expected;
  if (!(excess > 0)) return {};
  const rate = endS > startS ? expected / (endS - startS) : 0;
  const timeOf = (part: number) => {
    for (let k = 0; k < n; k++) {
      if (k + 1 - rate * (times[k]! - startS) >= part * excess) return times[k]!;
    }
    return endS;
  };
  return { t50S: timeOf(0.75) - timeOf(0.25), t90S: timeOf(0.95) - timeOf(0.05) };
}
