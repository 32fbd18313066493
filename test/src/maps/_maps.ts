/** Maps on every kind of geometry for the tests of this folder. */
import fc from "fast-check";
import ndarray from "ndarray";
import {
  createHpxGeom,
  createRegionGeom,
  createSkyMap,
  createWcsGeom,
  geomPixels,
  NO_SKY,
  type SkyGeom,
  type SkyMap,
} from "../../../src/maps/mod.ts";
import { type Axis, createLabelAxis, createMapAxis } from "../../../src/nddata/mod.ts";
import { flatten } from "../../../src/numeric/mod.ts";
import { uniform } from "./_images.ts";

/** Energy bins of unequal width. */
export const ENERGY: Axis = createMapAxis("energy", [1, 2, 5, 10, 30], {
  unit: "TeV",
  interp: "log",
});
/** Two bands. */
export const BAND: Axis = createLabelAxis("band", ["low", "high"]);

const circle = (radiusDeg: number) =>
  ({ kind: "circle", frame: "icrs", lonDeg: 83.6, latDeg: 22, radiusDeg }) as const;

/** One geometry of each kind. */
export const GEOMS: Readonly<Record<string, SkyGeom>> = {
  wcs: createWcsGeom({
    skydir: { lonDeg: 83.6, latDeg: 22 },
    proj: "TAN",
    binszDeg: 0.5,
    npix: [4, 6],
  }),
  hpx: createHpxGeom({ nside: 2, frame: "galactic" }),
  "hpx part": createHpxGeom({ nside: 4, order: "nested", pixels: [0, 1, 2, 3, 40, 41, 42, 43] }),
  region: createRegionGeom(circle(0.5)),
  "region along energy": createRegionGeom({
    axis: ENERGY,
    regions: [0.4, 0.3, 0.2, 0.1].map(circle),
  }),
  "no sky": NO_SKY,
};

/** What a map of noise is to have. */
export interface NoiseOptions {
  readonly axes?: readonly Axis[];
  readonly seed?: number;
  readonly variance?: boolean;
  readonly valid?: boolean;
  readonly integers?: boolean;
}

/** A map of numbers from [0, 1), or of integers. */
export function noiseMap<G extends SkyGeom>(geom: G, options: NoiseOptions = {}): SkyMap<G> {
  const { axes = [BAND, ENERGY], seed = 1, variance = true, valid = true, integers = false } =
    options;
  const random = uniform(seed), shape = [...axes.map((axis) => axis.nBins), ...geom.shape];
  const n = axes.reduce((product, axis) => product * axis.nBins, geomPixels(geom));
  const numbers = () =>
    Float64Array.from({ length: n }, () => integers ? Math.floor(9 * random()) : random());
  const data = numbers(), squares = numbers();
  const flags = Uint8Array.from({ length: n }, () => +(random() < 0.8));
  return createSkyMap(geom, {
    axes,
    data,
    unit: "s",
    variance: variance ? ndarray(squares, shape) : undefined,
    valid: valid ? ndarray(flags, shape) : undefined,
  });
}

/** Numbers of an array in C order. */
export function numbers(array: SkyMap["values"] | undefined): number[] {
  if (array === undefined) return [];
  const { data, offset, length } = flatten(array);
  return Array.from(data.subarray(offset, offset + length));
}

/** Values, variances and validity in C order. */
export function cells(map: SkyMap): { v: number[]; s: number[]; ok: number[] } {
  const v = numbers(map.values), ok = numbers(map.valid);
  return { v, s: numbers(map.variance), ok: ok.length > 0 ? ok : v.map(() => 1) };
}

/** Any of the geometries by name. */
export const anyGeom: fc.Arbitrary<SkyGeom> = fc.constantFrom(...Object.values(GEOMS));

/** The largest |a − b|; NaN agrees with NaN. */
export function apart(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return NaN;
  return a.reduce((most, one, i) => {
    if (Number.isNaN(one) && Number.isNaN(b[i])) return most;
    return Math.max(most, Math.abs(one - b[i]!));
  }, 0);
}
