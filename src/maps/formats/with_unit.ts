/** Maps with a unit that their file does not say. */
import { createNDArr } from "../../nddata/mod.ts";
import type { SkyGeom } from "../sky_geom.ts";
import { mapOf, type SkyMap } from "../sky_map.ts";

/** The map with a unit where it has none. */
export function withUnit<G extends SkyGeom>(map: SkyMap<G>, unit: string): SkyMap<G> {
  if (map.unit || unit === "") return map;
  const { values, variance, valid, planes, geom, axes, meta } = map;
  return mapOf(geom, createNDArr(values, { unit, variance, valid, planes }), { axes, meta });
}
