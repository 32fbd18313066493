/** Places in maps. */
import type { Axis } from "../nddata/mod.ts";
import {
  galacticToIcrsInto,
  icrsToGalacticInto,
  type SkyColumns,
  type SkyFrame,
} from "../sky/mod.ts";
import type { SkyGeom } from "./sky_geom.ts";

/** Places in a map: columns of one length. */
export interface MapCoords {
  /** Longitudes, deg; left out for a map without sky, or of a region, whose values hold all over it. */
  readonly lonDeg?: Float64Array;
  /** Latitudes, deg. */
  readonly latDeg?: Float64Array;
  /** Frame of the positions; that of the map where absent. */
  readonly frame?: SkyFrame;
  /**
   * Coordinates along the further axes by name, in the unit of the axis; of times, seconds after its epoch; of
   * labels, their numbers.
   */
  readonly axes?: Readonly<Record<string, Float64Array>>;
}

/** How many places there are. */
export function lengthOf(coords: MapCoords): number {
  const columns = [coords.lonDeg, coords.latDeg, ...Object.values(coords.axes ?? {})];
  const lengths = columns.flatMap((column) => column === undefined ? [] : [column.length]);
  if (lengths.length === 0 || lengths.some((n) => n !== lengths[0])) {
    throw new TypeError(
      `Found columns of ${lengths.join(", ") || "no"} places, expected one length`,
    );
  }
  return lengths[0]!;
}

/** The positions in the frame of a geometry. */
export function positionsIn(geom: SkyGeom, coords: MapCoords): SkyColumns {
  const { lonDeg, latDeg, frame = geom.frame } = coords;
  if (lonDeg === undefined || latDeg === undefined) {
    throw new TypeError(`Places in a map on a ${geom.kind} need lonDeg and latDeg`);
  }
  if (frame === geom.frame) return { lonDeg, latDeg };
  const into = { lonDeg: new Float64Array(lonDeg.length), latDeg: new Float64Array(lonDeg.length) };
  const convert = geom.frame === "galactic" ? icrsToGalacticInto : galacticToIcrsInto;
  return convert({ lonDeg, latDeg }, into);
}

export function axisColumn(axis: Axis, coords: MapCoords): Float64Array {
  const column = coords.axes?.[axis.name];
  if (column !== undefined) return column;
  const found = Object.keys(coords.axes ?? {}).join(", ") || "none";
  throw new TypeError(`The map has an axis "${axis.name}": found coordinates along ${found}`);
}
