/** Where the pixels and bins of one map are in another that has the same ones, and more. */
import { type Axis, axisEquals, sliceAxis } from "../nddata/mod.ts";
import type { Wcs } from "../sky/mod.ts";
import { placesInto } from "./_hpx_lookup.ts";
import type { HpxGeom } from "./hpx_geom.ts";
import { hpxPixels } from "./hpx_pixels.ts";
import { type RegionGeom, sliceRegionGeom } from "./region_geom.ts";
import { geomEquals, type SkyGeom } from "./sky_geom.ts";
import type { WcsGeom } from "./wcs_geom.ts";

const near = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/** Whether two systems differ in their reference pixel at most. */
function sameGrid(a: Wcs, b: Wcs): boolean {
  const numbers = ({ crvalDeg, cdeltDeg, pc, lonpoleDeg, poleDeg }: Wcs) => [
    ...crvalDeg,
    ...cdeltDeg,
    ...pc[0],
    ...pc[1],
    lonpoleDeg,
    ...poleDeg,
  ];
  const other = numbers(b), names = [...new Set([...Object.keys(a.pv), ...Object.keys(b.pv)])];
  return a.projection === b.projection && a.frame === b.frame &&
    numbers(a).every((one, i) => near(one, other[i]!)) &&
    names.every((name) => near(a.pv[name] ?? 0, b.pv[name] ?? 0));
}

function wcsPlaces(into: WcsGeom, part: WcsGeom): Int32Array | undefined {
  const shift = [0, 1].map((d) => into.wcs.crpix[d]! - part.wcs.crpix[d]!);
  const [x, y] = shift.map(Math.round) as [number, number], [mx, my] = into.npix;
  const isWhole = Math.abs(shift[0]! - x) < 1e-6 && Math.abs(shift[1]! - y) < 1e-6;
  if (!isWhole || !sameGrid(into.wcs, part.wcs)) return undefined;
  const [nx, ny] = part.npix, out = new Int32Array(nx * ny);
  for (let iy = 0, i = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++, i++) {
      const tx = ix + x, ty = iy + y;
      out[i] = tx >= 0 && tx < mx && ty >= 0 && ty < my ? ty * mx + tx : -1;
    }
  }
  return out;
}

function hpxPlaces(into: HpxGeom, part: HpxGeom): Int32Array | undefined {
  const { grid, frame, pixels, cells } = into;
  if (cells !== undefined || part.cells !== undefined) {
    return into.key === part.key ? Int32Array.from({ length: part.nPix }, (_, i) => i) : undefined;
  }
  const same = grid.nside === part.grid.nside && grid.order === part.grid.order;
  if (!same || frame !== part.frame) return undefined;
  const own = hpxPixels(part), out = new Int32Array(part.nPix);
  if (pixels === undefined) out.set(own);
  else placesInto(pixels, own, out);
  return out;
}

/** A region's own axis and where a part of it begins. */
function regionPlaces(
  into: RegionGeom,
  part: RegionGeom,
  startOf: (axis: Axis) => number,
): Int32Array | undefined {
  const axis = part.along?.axis, start = axis === undefined ? 0 : startOf(axis);
  const cut = axis === undefined ? undefined : [start, start + axis.nBins] as const;
  return sliceRegionGeom(into, cut).key === part.key ? new Int32Array(1) : undefined;
}

/**
 * The pixel of `into` for each pixel of `part`, −1 outside; TypeError where they are not pixels of one
 * grid.
 */
export function pixelPlaces(
  into: SkyGeom,
  part: SkyGeom,
  startOf: (axis: Axis) => number,
): Int32Array {
  const places = into.kind === "wcs-geom" && part.kind === "wcs-geom"
    ? wcsPlaces(into, part)
    : into.kind === "hpx-geom" && part.kind === "hpx-geom"
    ? hpxPlaces(into, part)
    : into.kind === "region-geom" && part.kind === "region-geom"
    ? regionPlaces(into, part, startOf)
    : geomEquals(into, part)
    ? new Int32Array(1)
    : undefined;
  if (places !== undefined) return places;
  throw new TypeError(
    `A map on other pixels than those of the ${into.kind} cannot be put into it (${part.key}): ` +
      `reproject it first`,
  );
}

/** The bin of `into` where an axis that is a part of it begins; TypeError where it is none. */
export function binPlace(into: readonly Axis[], part: Axis): number {
  const axis = into.find((one) => one.name === part.name);
  const last = (axis?.nBins ?? 0) - part.nBins;
  for (let start = 0; start <= last; start++) {
    if (axisEquals(sliceAxis(axis!, [start, start + part.nBins]), part)) return start;
  }
  throw new TypeError(
    `The axis "${part.name}" of ${part.nBins} bins is no part of the axes ` +
      `${into.map((one) => `${one.name} ${one.nBins}`).join(", ") || "none"}`,
  );
}
