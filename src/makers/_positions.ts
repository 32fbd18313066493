import { boundingCircle, type Region, separationDeg, type SkyPosition } from "../sky/mod.ts";

/** The middle of a region, in its frame. */
export function centerOf(region: Region): SkyPosition {
  const { lonDeg, latDeg } = boundingCircle(region);
  return { lonDeg, latDeg };
}

/** The least separation of two of the positions, deg; ∞ for fewer than two. */
export function leastSeparationDeg(positions: readonly SkyPosition[]): number {
  let least = Infinity;
  positions.forEach((a, i) => {
    for (const b of positions.slice(0, i)) least = Math.min(least, separationDeg(a, b));
  });
  return least;
}
