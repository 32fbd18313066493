/** What formats say of maps that they have no place for. */
import type { SkyGeom } from "../sky_geom.ts";
import type { SkyMap } from "../sky_map.ts";

/** A map of one of some geometries. */
export type MapOfKinds<K extends SkyGeom["kind"]> = SkyMap<Extract<SkyGeom, { kind: K }>>;

/** The map, if its geometry is one that the format takes; TypeError where it is another. */
export function requireGeom<K extends SkyGeom["kind"]>(
  map: SkyMap,
  format: string,
  kinds: readonly K[],
): MapOfKinds<K> {
  if ((kinds as readonly string[]).includes(map.geom.kind)) return map as MapOfKinds<K>;
  throw new TypeError(
    `Found a map on a ${map.geom.kind}: the format ${format} takes ${kinds.join(" or ")}`,
  );
}

/** Throws TypeError for variance, validity or planes, which most formats have no place for. */
export function requireBare(map: SkyMap, format: string, holds: readonly string[] = []): void {
  const found = (["variance", "valid", "planes"] as const)
    .filter((part) => map[part] !== undefined && !holds.includes(part));
  if (found.length === 0) return;
  throw new TypeError(
    `Found a map with ${
      found.join(" and ")
    }, which the format ${format} has no place for: write it ` +
      `as gadf, or make a map of its values alone`,
  );
}
