/** Where on the sky a search looks: cells, of which a photon may be in several. */
import {
  angToPix,
  angToPixInto,
  createHealpixGrid,
  pixToAng,
  queryDisc,
  separationDeg,
  type SkyColumns,
  type SkyPosition,
} from "../../src/sky/mod.ts";

/** A position with its name. */
export interface SearchSource {
  /** Name. */
  readonly name: string;
  /** Right ascension ICRS, deg. */
  readonly raDeg: number;
  /** Declination ICRS, deg. */
  readonly decDeg: number;
}

/** Where a search looks. */
export type SearchCells =
  | {
    /** One cell for all events, whether they have positions or not. */
    readonly kind: "whole";
  }
  | {
    /** Circles about given positions. */
    readonly kind: "sources";
    /** The positions. */
    readonly sources: readonly SearchSource[];
    /** Radius, deg. */
    readonly radiusDeg: number;
  }
  | {
    /** Pixels of the whole sky (RING), or circles about their centres. */
    readonly kind: "healpix";
    /** Pixels along the side of a base pixel. */
    readonly nside: number;
    /** A photon counts in all pixels whose centre is within this, deg; in its own alone where absent. */
    readonly radiusDeg?: number;
  }
  | {
    /** Circles on a square grid about each pointing. */
    readonly kind: "field";
    /** Distance of neighbours, deg. */
    readonly stepDeg: number;
    /** Radius of each, deg. */
    readonly radiusDeg: number;
    /** Greatest distance of a centre from the pointing, deg. */
    readonly maxOffsetDeg: number;
  };

/** Cells that photons can be asked for. */
export interface CellGrid {
  /** Whether photons need positions. */
  readonly needsSky: boolean;
  /** Radius of a cell, deg; NaN for the whole field. */
  readonly radiusDeg: number;
  /** Cells are numbered below this. */
  readonly nCells: number;
  /** Where a photon is in one cell, those of n photons at once; undefined where it may be in several. */
  readonly cellsInto:
    | ((sky: SkyColumns, n: number, out: Int32Array) => void)
    | undefined;
  /** Turns to another pointing; true where the cells are others from now on. */
  readonly turnTo: (pointing: SkyPosition | undefined) => boolean;
  /** Writes the cells of a photon and gives their number. */
  readonly cellsOf: (raDeg: number, decDeg: number, out: Int32Array) => number;
  /** Name of a cell for people. */
  readonly label: (cell: number) => string;
  /** Centre of a cell; undefined for the whole field. */
  readonly centerOf: (cell: number) => SkyPosition | undefined;
}

/** Most cells that a photon may be in. */
export const MOST_CELLS = 1024;

const DEG = Math.PI / 180;

function checkRadius(radiusDeg: number, what: string): void {
  if (radiusDeg > 0 && radiusDeg <= 30) return;
  throw new RangeError(`${what}: found ${radiusDeg} deg, expected more than 0 and at most 30`);
}

/**
 * Makes cells ready for photons.
 *
 * @param cells Which.
 * @returns Functions of positions; those of a field follow the pointing, and have one owner.
 * @throws RangeError for a radius, step or nside out of range, or no sources.
 * @example
 * ```ts
 * import { createCellGrid } from "@gammarx/gammarx/accumulators";
 * import { strictEqual } from "node:assert/strict";
 * const sources = [{ name: "Crab", raDeg: 83.63, decDeg: 22.01 }];
 * const grid = createCellGrid({ kind: "sources", sources, radiusDeg: 0.1 });
 * strictEqual(grid.cellsOf(83.65, 22.01, new Int32Array(1024)), 1);
 * strictEqual(grid.label(0), "Crab");
 * ```
 */
export function createCellGrid(cells: SearchCells): CellGrid {
  switch (cells.kind) {
    case "whole":
      return Object.freeze({
        needsSky: false,
        radiusDeg: NaN,
        nCells: 1,
        cellsInto: (_sky: SkyColumns, n: number, out: Int32Array) => void out.fill(0, 0, n),
        turnTo: () => false,
        cellsOf: (_ra: number, _dec: number, out: Int32Array) => {
          out[0] = 0;
          return 1;
        },
        label: () => "all",
        centerOf: () => undefined,
      });
    case "sources":
      return sourceGrid(cells);
    case "healpix":
      return healpixGrid(cells);
    case "field":
      return fieldGrid(cells);
  }
}

function sourceGrid(
  { sources, radiusDeg }: Extract<SearchCells, { readonly kind: "sources" }>,
): CellGrid {
  checkRadius(radiusDeg, "radiusDeg of sources");
  if (sources.length === 0 || sources.length > MOST_CELLS) {
    throw new RangeError(`sources: found ${sources.length}, expected 1 to ${MOST_CELLS}`);
  }
  const centers = sources.map(({ raDeg, decDeg }) => ({ lonDeg: raDeg, latDeg: decDeg }));
  const vectors = vectorsOf(centers), least = Math.cos(radiusDeg * DEG);
  return Object.freeze({
    needsSky: true,
    radiusDeg,
    nCells: sources.length,
    cellsInto: undefined,
    turnTo: () => false,
    cellsOf: (raDeg: number, decDeg: number, out: Int32Array) =>
      within(vectors, undefined, { raDeg, decDeg, least }, out),
    label: (cell: number) => sources[cell]!.name,
    centerOf: (cell: number) => centers[cell],
  });
}

/** Unit vectors of positions, one after the other. */
function vectorsOf(centers: readonly SkyPosition[]): Float64Array {
  const out = new Float64Array(3 * centers.length);
  centers.forEach(({ lonDeg, latDeg }, k) => {
    const cos = Math.cos(latDeg * DEG);
    out[3 * k] = cos * Math.cos(lonDeg * DEG);
    out[3 * k + 1] = cos * Math.sin(lonDeg * DEG);
    out[3 * k + 2] = Math.sin(latDeg * DEG);
  });
  return out;
}

/** The places of vectors within an angle of a position, or what stands at these places in a list. */
function within(
  vectors: Float64Array,
  names: Float64Array | undefined,
  { raDeg, decDeg, least }: { raDeg: number; decDeg: number; least: number },
  out: Int32Array,
): number {
  const cos = Math.cos(decDeg * DEG), x = cos * Math.cos(raDeg * DEG);
  const y = cos * Math.sin(raDeg * DEG), z = Math.sin(decDeg * DEG);
  let n = 0;
  for (let k = 0; k < vectors.length; k += 3) {
    if (!(x * vectors[k]! + y * vectors[k + 1]! + z * vectors[k + 2]! >= least)) continue;
    out[n++] = names === undefined ? k / 3 : names[k / 3]!;
  }
  return n;
}

function healpixGrid(
  { nside, radiusDeg }: Extract<SearchCells, { readonly kind: "healpix" }>,
): CellGrid {
  const grid = createHealpixGrid({ nside, order: "ring" });
  const common = {
    needsSky: true,
    nCells: 12 * nside * nside,
    turnTo: () => false,
    label: (cell: number) => `nside ${nside} pixel ${cell}`,
    centerOf: (cell: number) => pixToAng(grid, cell),
  };
  if (radiusDeg === undefined) {
    return Object.freeze({
      ...common,
      radiusDeg: Math.sqrt(4 * Math.PI / (12 * nside * nside) / Math.PI) / DEG,
      cellsInto: (sky: SkyColumns, n: number, out: Int32Array) =>
        void angToPixInto(grid, sky, out.length === n ? out : out.subarray(0, n)),
      cellsOf: (raDeg: number, decDeg: number, out: Int32Array) => {
        out[0] = angToPix(grid, { lonDeg: raDeg, latDeg: decDeg });
        return 1;
      },
    });
  }
  checkRadius(radiusDeg, "radiusDeg of pixels");
  const least = Math.cos(radiusDeg * DEG), reach = radiusDeg + 60 / nside;
  const near = new Map<number, { readonly pixels: Float64Array; readonly vectors: Float64Array }>();
  return Object.freeze({
    ...common,
    radiusDeg,
    cellsInto: undefined,
    cellsOf(raDeg: number, decDeg: number, out: Int32Array): number {
      const own = angToPix(grid, { lonDeg: raDeg, latDeg: decDeg });
      let around = near.get(own);
      if (around === undefined) {
        const pixels = queryDisc(grid, { center: pixToAng(grid, own), radiusDeg: reach });
        if (pixels.length > MOST_CELLS) {
          throw new RangeError(`A radius of ${radiusDeg} deg holds more than ${MOST_CELLS} pixels`);
        }
        around = { pixels, vectors: vectorsOf(Array.from(pixels, (pix) => pixToAng(grid, pix))) };
        near.set(own, around);
      }
      return within(around.vectors, around.pixels, { raDeg, decDeg, least }, out);
    },
  });
}

function fieldGrid(
  { stepDeg, radiusDeg, maxOffsetDeg }: Extract<SearchCells, { readonly kind: "field" }>,
): CellGrid {
  checkRadius(radiusDeg, "radiusDeg of a field");
  checkRadius(maxOffsetDeg, "maxOffsetDeg of a field");
  if (!(stepDeg > 0 && radiusDeg / stepDeg <= 16)) {
    throw new RangeError(`stepDeg: found ${stepDeg}, expected at least radiusDeg/16`);
  }
  const half = Math.floor(maxOffsetDeg / stepDeg), side = 2 * half + 1;
  let pointing: SkyPosition | undefined, sin0 = 0, cos0 = 1, ra0 = 0;
  const centerOf = (cell: number): SkyPosition => {
    // From the tangent plane, east to the left of north as the sky is seen.
    const x = (cell % side - half) * stepDeg * DEG,
      y = (Math.floor(cell / side) - half) * stepDeg * DEG;
    const d = cos0 - y * sin0;
    const lonDeg = (ra0 + Math.atan2(x, d)) / DEG;
    return {
      lonDeg: lonDeg - 360 * Math.floor(lonDeg / 360),
      latDeg: Math.atan2(sin0 + y * cos0, Math.hypot(x, d)) / DEG,
    };
  };
  return Object.freeze({
    needsSky: true,
    radiusDeg,
    nCells: side * side,
    cellsInto: undefined,
    turnTo(to: SkyPosition | undefined): boolean {
      if (to === undefined) throw new TypeError("Cells of a field need a pointing, found none");
      const isNew = pointing?.lonDeg !== to.lonDeg || pointing.latDeg !== to.latDeg;
      pointing = to;
      ra0 = to.lonDeg * DEG;
      sin0 = Math.sin(to.latDeg * DEG);
      cos0 = Math.cos(to.latDeg * DEG);
      return isNew;
    },
    cellsOf(raDeg: number, decDeg: number, out: Int32Array): number {
      const da = raDeg * DEG - ra0, sin = Math.sin(decDeg * DEG), cos = Math.cos(decDeg * DEG);
      const cosDa = Math.cos(da), d = sin0 * sin + cos0 * cos * cosDa;
      if (!(d > 0.1)) return 0;
      const x = cos * Math.sin(da) / d / DEG / stepDeg;
      const y = (cos0 * sin - sin0 * cos * cosDa) / d / DEG / stepDeg;
      const r = radiusDeg / stepDeg, most = maxOffsetDeg / stepDeg;
      const low = Math.max(-half, Math.ceil(y - r)), high = Math.min(half, Math.floor(y + r));
      let n = 0;
      for (let iy = low; iy <= high; iy++) {
        const reach = Math.sqrt(r * r - (iy - y) ** 2);
        const stop = Math.min(half, Math.floor(x + reach));
        for (let ix = Math.max(-half, Math.ceil(x - reach)); ix <= stop; ix++) {
          if (ix * ix + iy * iy <= most * most) out[n++] = (iy + half) * side + ix + half;
        }
      }
      return n;
    },
    label(cell: number): string {
      const { lonDeg, latDeg } = centerOf(cell);
      return `${lonDeg.toFixed(2)} ${latDeg.toFixed(2)}`;
    },
    centerOf,
  });
}

/** Distance of a cell's centre from a position, deg; 0 for the whole field. */
export function cellDistanceDeg(grid: CellGrid, cell: number, from: SkyPosition): number {
  const center = grid.centerOf(cell);
  return center === undefined ? 0 : separationDeg(center, from);
}
