/** Geometries of parts, blocks and splits of the pixels of another one. */
import { convertFrame, createWcs, type SkyFrame, type SkyPosition, type Wcs } from "../sky/mod.ts";
import { geomPixel, type WcsGeom, wcsGeomOf } from "./wcs_geom.ts";

/** A rectangle of pixels; the first one may be outside the map. */
export interface PixelPart {
  /** First pixel along x. */
  readonly x: number;
  /** First pixel along y. */
  readonly y: number;
  /** Pixels along x. */
  readonly nx: number;
  /** Pixels along y. */
  readonly ny: number;
}

/** The same coordinate system with another reference pixel and pixels of another size. */
function movedWcs(
  wcs: Wcs,
  crpix: readonly [number, number],
  factor: readonly [number, number] = [1, 1],
): Wcs {
  const { projection, frame, crvalDeg, pc, lonpoleDeg, latpoleDeg, pv } = wcs;
  const [[a, b], [c, d]] = pc, [fx, fy] = factor, [sx, sy] = wcs.cdeltDeg;
  // cdelt scales world axes; unless the matrix is diagonal, pixels of unequal factors need its columns
  const isDiagonal = b === 0 && c === 0;
  return createWcs({
    projection,
    frame,
    crvalDeg,
    crpix,
    cdeltDeg: isDiagonal ? [sx * fx, sy * fy] : [sx, sy],
    pc: isDiagonal ? pc : [[a * fx, b * fy], [c * fx, d * fy]],
    lonpoleDeg,
    latpoleDeg,
    pv,
  });
}

/** The geometry of a rectangle of pixels: CRPIX is moved, the sky is the same. */
export function wcsPart(geom: WcsGeom, { x, y, nx, ny }: PixelPart): WcsGeom {
  const [px, py] = geom.wcs.crpix;
  return wcsGeomOf(movedWcs(geom.wcs, [px - x, py - y]), { npix: [nx, ny] });
}

/** The geometry of blocks of fx by fy pixels. */
export function wcsBlocks(geom: WcsGeom, factor: readonly [number, number]): WcsGeom {
  const [px, py] = geom.wcs.crpix, [nx, ny] = geom.npix, [fx, fy] = factor;
  const crpix = [(px - 0.5) / fx + 0.5, (py - 0.5) / fy + 0.5] as const;
  return wcsGeomOf(movedWcs(geom.wcs, crpix, factor), { npix: [nx / fx, ny / fy] });
}

/** The geometry of pixels cut into fx by fy ones. */
export function wcsSplit(geom: WcsGeom, factor: readonly [number, number]): WcsGeom {
  const [px, py] = geom.wcs.crpix, [nx, ny] = geom.npix, [fx, fy] = factor;
  const crpix = [(px - 0.5) * fx + 0.5, (py - 0.5) * fy + 0.5] as const;
  return wcsGeomOf(movedWcs(geom.wcs, crpix, [1 / fx, 1 / fy]), { npix: [nx * fx, ny * fy] });
}

/** Sizes of a pixel along x and y at the reference point, deg: the columns of the pixel matrix. */
export function pixelScalesDeg(geom: WcsGeom): readonly [number, number] {
  const [[a, b], [c, d]] = geom.wcs.pc, [sx, sy] = geom.wcs.cdeltDeg;
  return [Math.hypot(a * sx, c * sy), Math.hypot(b * sx, d * sy)];
}

/** A number for both directions, or one for each. */
export type PerDirection = number | readonly [number, number];

/** Both of them. */
export function bothOf(value: PerDirection): readonly [number, number] {
  return typeof value === "number" ? [value, value] : value;
}

/** Where a part of the sky is. */
export interface PartOfSky {
  /** Its middle. */
  readonly center: SkyPosition;
  /** Frame of the middle; that of the map where absent. */
  readonly frame?: SkyFrame;
  /** Width, or widths along x and y, deg. */
  readonly widthDeg: number | readonly [number, number];
}

/**
 * The pixels of a part of the sky; they may reach outside. A width is the nearest number of pixels, one or
 * more; the first pixel is ceil(position − n/2).
 */
export function pixelPart(geom: WcsGeom, part: PartOfSky): PixelPart {
  const { frame = geom.frame } = part, width = bothOf(part.widthDeg), scale = pixelScalesDeg(geom);
  if (!width.every((one) => Number.isFinite(one) && one > 0)) {
    throw new RangeError(`widthDeg: found ${width.join(", ")}, expected positive numbers`);
  }
  const at = geomPixel(geom, convertFrame(part.center, { from: frame, to: geom.frame }));
  if (Number.isNaN(at.x)) {
    const { lonDeg, latDeg } = part.center;
    throw new RangeError(`The center (${lonDeg}, ${latDeg}) ${frame} is outside the projection`);
  }
  const [nx, ny] = width.map((one, d) => Math.max(1, Math.round(one / scale[d]!)));
  // a hair below an integer is that integer: the position went over the sky
  const first = (position: number, n: number) => Math.ceil(position - n / 2 - 1e-6);
  return { x: first(at.x, nx!), y: first(at.y, ny!), nx: nx!, ny: ny! };
}
