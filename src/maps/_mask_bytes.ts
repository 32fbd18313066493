/** Maps of 0 and 1. */
import type { Axis } from "../nddata/mod.ts";
import { flatten } from "../numeric/mod.ts";
import { runsOf } from "./_map_arrays.ts";
import type { SkyGeom } from "./sky_geom.ts";
import { createSkyMap, type SkyMap } from "./sky_map.ts";

/** A map of bytes. */
export function bytesMap<G extends SkyGeom>(
  geom: G,
  axes: readonly Axis[],
  data: Uint8Array,
): SkyMap<G> {
  return createSkyMap(geom, { axes, data });
}

/** The values of a mask in C order: 1 where a value is neither 0 nor NaN, and valid. */
export function bytesOf(mask: SkyMap): Uint8Array {
  const { data, offset, length } = flatten(mask.values), { valid } = runsOf(mask);
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const one = data[offset + i]!;
    out[i] = +(one !== 0 && one === one && valid?.[i] !== 0);
  }
  return out;
}
