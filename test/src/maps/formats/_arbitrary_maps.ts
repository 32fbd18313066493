/** Maps of every geometry, axis and type for the tests of formats. */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import fc from "fast-check";
import {
  createHpxGeom,
  createRegionGeom,
  createSkyMap,
  createWcsGeom,
  type HpxGeom,
  NO_SKY,
  type RegionGeom,
  type SkyGeom,
  type SkyMap,
  type WcsGeom,
} from "../../../../src/maps/mod.ts";
import {
  type Axis,
  createLabelAxis,
  createMapAxis,
  createTimeAxis,
  type NumericArray,
} from "../../../../src/nddata/mod.ts";
import { flatten } from "../../../../src/numeric/mod.ts";
import { type Region, uniqOf } from "../../../../src/sky/mod.ts";

const lonDeg = fc.double({ min: 0, max: 359.9, noNaN: true });
const latDeg = fc.double({ min: -80, max: 80, noNaN: true });
const frame = fc.constantFrom("icrs" as const, "galactic" as const);
const sizeDeg = fc.double({ min: 0.01, max: 5, noNaN: true });

/** WCS geometries of a few pixels. */
export const wcsGeoms: fc.Arbitrary<WcsGeom> = fc.record({
  lonDeg,
  latDeg,
  frame,
  proj: fc.constantFrom("TAN", "CAR", "ZEA", "AIT", "SIN"),
  nx: fc.integer({ min: 1, max: 4 }),
  ny: fc.integer({ min: 1, max: 4 }),
}).map(({ lonDeg, latDeg, frame, proj, nx, ny }) =>
  createWcsGeom({
    skydir: { lonDeg, latDeg },
    frame,
    proj: proj as "TAN",
    binszDeg: [0.1, 0.2],
    npix: [nx, ny],
  })
);

/** HEALPix geometries of all of the sky. */
export const wholeHpx: fc.Arbitrary<HpxGeom> = fc.record({
  nside: fc.constantFrom(1, 2, 3, 4),
  order: fc.constantFrom("ring" as const, "nested" as const),
  frame,
}).map(({ nside, order, frame }) =>
  createHpxGeom({ nside, order: nside === 3 ? "ring" : order, frame })
);

/** HEALPix geometries of some pixels. */
export const partHpx: fc.Arbitrary<HpxGeom> = fc.tuple(
  wholeHpx.filter((geom) => geom.nPix > 12),
  fc.uniqueArray(fc.nat(47), { minLength: 1, maxLength: 10 }),
).map(([geom, pixels]) => {
  const { nside, order } = geom.grid;
  return createHpxGeom({ nside, order, frame: geom.frame, pixels });
});

/** HEALPix cells of two sizes. */
export const cellsHpx: fc.Arbitrary<HpxGeom> = fc.record({
  base: fc.integer({ min: 0, max: 10 }),
  finer: fc.uniqueArray(fc.nat(15), { minLength: 1, maxLength: 6 }),
  frame,
}).map(({ base, finer, frame }) =>
  createHpxGeom({
    uniq: [
      uniqOf({ order: 0, pix: base }),
      ...finer.map((pix) => uniqOf({ order: 2, pix: 16 * (base + 1) + pix })),
    ],
    frame,
  })
);

const simpleRegions: fc.Arbitrary<Region> = fc.oneof(
  fc.record({ kind: fc.constant("point" as const), frame, lonDeg, latDeg }),
  fc.record({ kind: fc.constant("circle" as const), frame, lonDeg, latDeg, radiusDeg: sizeDeg }),
  fc.record({ frame, lonDeg, latDeg, inner: sizeDeg, more: sizeDeg }).map(
    ({ inner, more, ...at }) => ({
      kind: "annulus" as const,
      ...at,
      innerRadiusDeg: inner,
      outerRadiusDeg: inner + more,
    }),
  ),
  fc.record({
    kind: fc.constantFrom("ellipse" as const, "rectangle" as const),
    frame,
    lonDeg,
    latDeg,
    widthDeg: sizeDeg,
    heightDeg: sizeDeg,
    angleDeg: fc.double({ min: 0, max: 179, noNaN: true }),
  }),
  fc.record({ frame, lonDeg, latDeg: fc.double({ min: -60, max: 60, noNaN: true }) }).map(
    ({ frame, lonDeg, latDeg }) => ({
      kind: "polygon" as const,
      frame,
      vertices: [
        { lonDeg, latDeg },
        { lonDeg: (lonDeg + 1) % 360, latDeg },
        { lonDeg, latDeg: latDeg + 1 },
      ],
    }),
  ),
);

/** Geometries of one region. */
export const regionGeoms: fc.Arbitrary<RegionGeom> = simpleRegions.map((one) =>
  createRegionGeom(one)
);

/** Ascending numbers at irregular steps. */
const steps = (low: number, nBins: number) =>
  fc.array(fc.double({ min: 1.05, max: 3, noNaN: true }), { minLength: nBins, maxLength: nBins })
    .map((ratios) => {
      let at = low;
      return Float64Array.of(low, ...ratios.map((ratio) => at *= ratio));
    });

const nBins = fc.integer({ min: 1, max: 3 });

/** Axes of numbers in bins. */
export const edgesAxis = (name: string, unit: string): fc.Arbitrary<Axis> =>
  fc.record({
    edges: nBins.chain((n) => steps(0.1, n)),
    interp: fc.constantFrom("lin", "log", "sqrt"),
  })
    .map(({ edges, interp }) => createMapAxis(name, edges, { unit, interp: interp as "lin" }));

/** Axes of numbers at nodes. */
export const nodesAxis = (name: string, unit: string): fc.Arbitrary<Axis> =>
  nBins.chain((n) => steps(0.1, n)).map((centers) =>
    createMapAxis(name, centers, { unit, interp: "log", nodes: "centers" })
  );

const phaseAxis: fc.Arbitrary<Axis> = fc.constant(
  createMapAxis("phase", [0, 0.25, 1], { periodic: true }),
);

const timeAxis: fc.Arbitrary<Axis> = fc.record({
  dayS: fc.double({ min: 0, max: 86399, noNaN: true }),
  startS: fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 3 }),
}).map(({ dayS, startS }) => {
  let at = 0;
  const starts = startS.map((step) => at += step);
  return createTimeAxis({
    epoch: { mjdDay: 51910, dayS, scale: "TT" },
    startS: starts,
    stopS: starts.map((one) => one + 0.5),
  });
});

const labelAxis: fc.Arbitrary<Axis> = fc.constantFrom(
  createLabelAxis("event_type", ["PSF1", "PSF0", "a longer one"]),
  createLabelAxis("band", ["only"]),
);

/** Up to three axes of all kinds. */
export const anyAxes: fc.Arbitrary<readonly Axis[]> = fc.tuple(
  fc.option(edgesAxis("energy", "TeV"), { nil: undefined }),
  fc.option(fc.oneof(timeAxis, labelAxis, phaseAxis), { nil: undefined }),
  fc.option(nodesAxis("rad", "deg"), { nil: undefined }),
).map((axes) => axes.filter((axis) => axis !== undefined));

/** Types of numbers, and the numbers themselves. */
export const NUMBERS: Readonly<Record<string, (n: number, seed: number) => NumericArray>> = {
  float64: (n, seed) => Float64Array.from({ length: n }, (_, i) => Math.sin(i + seed) * 1e3),
  float32: (n, seed) => Float32Array.from({ length: n }, (_, i) => Math.sin(i + seed)),
  int32: (n, seed) => Int32Array.from({ length: n }, (_, i) => (i * 7 + seed) % 90001 - 5),
  uint32: (n, seed) => Uint32Array.from({ length: n }, (_, i) => 2 ** 32 - 1 - i - seed % 1000),
  int16: (n, seed) => Int16Array.from({ length: n }, (_, i) => (i + seed) % 300 - 150),
  uint16: (n, seed) => Uint16Array.from({ length: n }, (_, i) => 65535 - (i + seed) % 300),
  int8: (n, seed) => Int8Array.from({ length: n }, (_, i) => (i + seed) % 200 - 100),
  uint8: (n, seed) => Uint8Array.from({ length: n }, (_, i) => (i + seed) % 256),
};

/** What a map is to have. */
export interface MapsOptions {
  readonly geoms: fc.Arbitrary<SkyGeom>;
  readonly axes?: fc.Arbitrary<readonly Axis[]>;
  readonly types?: readonly string[];
  readonly units?: readonly string[];
}

/** Maps of a geometry and axes with numbers of any type. */
export function maps(options: MapsOptions): fc.Arbitrary<SkyMap> {
  const {
    geoms,
    axes = anyAxes,
    types = Object.keys(NUMBERS),
    units = ["", "cm2 s", "TeV-1 sr-1"],
  } = options;
  return fc.record({
    geom: geoms,
    axes,
    type: fc.constantFrom(...types),
    unit: fc.constantFrom(...units),
    seed: fc.nat(1e5),
  }).map(({ geom, axes, type, unit, seed }) => {
    const nPix = (geom.shape as readonly number[]).reduce((a, b) => a * b, 1);
    const length = axes.reduce((n, axis) => n * axis.nBins, nPix);
    return createSkyMap(geom, { axes, unit, data: NUMBERS[type]!(length, seed) });
  });
}

/** The same map with variance and flags beside it. */
export function withVarianceAndValid(map: SkyMap, seed: number): SkyMap {
  const { geom, axes, values, unit = "" } = map, { length } = flatten(values);
  const variance = Float64Array.from({ length }, (_, i) => (i * 3 + seed) % 11);
  const valid = Uint8Array.from({ length }, (_, i) => (i + seed) % 3 === 0 ? 0 : 1);
  return createSkyMap(geom, {
    axes,
    unit,
    data: values,
    variance: ndarray(variance, [...values.shape]),
    valid: ndarray(valid, [...values.shape]),
  });
}

/** All geometries that GADF holds. */
export const anyGeom: fc.Arbitrary<SkyGeom> = fc.oneof(
  wcsGeoms,
  wholeHpx,
  partHpx,
  cellsHpx,
  regionGeoms,
  fc.constant(NO_SKY),
);
