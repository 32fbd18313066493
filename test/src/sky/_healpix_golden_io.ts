/** The golden table of HEALPix pixels, made by test/golden/healpix.py. */
import { createHealpixGrid, type HealpixGrid, type SkyColumns } from "../../../src/sky/mod.ts";

export interface GoldenGrid {
  readonly nside: number;
  readonly order: "ring" | "nested";
  readonly sums: readonly number[];
  readonly first: readonly number[];
  readonly special: readonly number[];
  readonly pix: readonly number[];
  readonly lon: readonly number[];
  readonly lat: readonly number[];
  readonly neighbours: readonly (readonly number[])[];
  readonly area: number;
  readonly resolution: number;
  readonly swapped?: readonly number[];
  readonly interpolation: {
    readonly lon: readonly number[];
    readonly lat: readonly number[];
    readonly pix: readonly (readonly number[])[];
    readonly weights: readonly (readonly number[])[];
  };
  readonly outlines: readonly {
    readonly pix: number;
    readonly step: number;
    readonly vectors: readonly (readonly [number, number, number])[];
  }[];
}

export interface GoldenHealpix {
  readonly tolerance: { readonly deg: number; readonly weight: number; readonly vector: number };
  readonly special: readonly (readonly [number, number])[];
  readonly grids: readonly GoldenGrid[];
  readonly discs: readonly {
    readonly nside: number;
    readonly order: "ring" | "nested";
    readonly lon: number;
    readonly lat: number;
    readonly radius: number;
    readonly n: number;
    readonly sum: number;
    readonly touched?: readonly number[];
    readonly inclusive?: readonly number[];
  }[];
}

let golden: GoldenHealpix | undefined;

/** The table, read once. */
export function goldenHealpix(): GoldenHealpix {
  const url = new URL("../../golden/healpix.json", import.meta.url);
  golden ??= JSON.parse(Deno.readTextFileSync(url)) as GoldenHealpix;
  return golden;
}

/** The grids of the table, with the name of a test. */
export function goldenGrids(): readonly (readonly [HealpixGrid, GoldenGrid, string])[] {
  return goldenHealpix().grids.map((one) => [
    createHealpixGrid(one),
    one,
    `${one.order} nside ${one.nside}`,
  ]);
}

const fraction = (x: number): number => x - Math.floor(x);

/** The long list of positions. */
export function longList(): SkyColumns {
  const lonDeg = new Float64Array(100_000), latDeg = new Float64Array(100_000);
  for (let i = 0; i < lonDeg.length; i++) {
    lonDeg[i] = 360 * fraction(0.7548776662466927 * (i + 1));
    latDeg[i] = 180 * fraction(0.5698402909980532 * (i + 1)) - 90;
  }
  return { lonDeg, latDeg };
}
