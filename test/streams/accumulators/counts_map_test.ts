import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type { StreamItem } from "../../../src/data/mod.ts";
import {
  createHpxGeom,
  createRegionGeom,
  createWcsGeom,
  geomIndexInto,
  NO_SKY,
  regionOfBin,
  type SkyGeom,
  sliceMap,
  toImage,
} from "../../../src/maps/mod.ts";
import {
  type Axis,
  binIndex,
  createLabelAxis,
  createMapAxis,
  createTimeAxis,
  timeIndex,
} from "../../../src/nddata/mod.ts";
import { convertFrame, createRegion, regionContains } from "../../../src/sky/mod.ts";
import {
  countsMap,
  type CountsMapAxis,
  countsPlanes,
  fold,
} from "../../../streams/accumulators/mod.ts";
import { checkAccumulatorLaws } from "../../_tools/accumulator_laws.ts";
import { anyStream, batchesOf, CENTER, countEvents } from "../../_tools/event_arbitraries.ts";

const sum = (list: ArrayLike<number>) => Array.from(list).reduce((a, b) => a + b, 0);
const center = { lonDeg: CENTER.raDeg, latDeg: CENTER.decDeg };
const circle = (radiusDeg: number) =>
  createRegion({ kind: "circle", frame: "icrs", ...center, radiusDeg });
const energy = createMapAxis("energy", [0.1, 0.5, 2, 10], { unit: "TeV", interp: "log" });
const epoch = { mjdDay: 51910, dayS: 0, scale: "TT" };
const time = createTimeAxis({ epoch, startS: [0, 300, 500], stopS: [200, 500, 900] });
const type = createLabelAxis("event_type", ["PSF0", "PSF3"]);
const byEnergy = { column: "energyTeV", axis: energy };
const byTime = { column: "timeS", axis: time };
const byType = { column: "eventType", axis: type, bits: [1, 8] };
const narrowing = createRegionGeom({ axis: energy, regions: [2, 1, 0.5].map(circle) });

const GEOMS: Readonly<Record<string, SkyGeom>> = {
  wcs: createWcsGeom({ skydir: center, proj: "TAN", binszDeg: 0.5, npix: [7, 5] }),
  "galactic car": createWcsGeom({
    skydir: convertFrame(center, { from: "icrs", to: "galactic" }),
    frame: "galactic",
    proj: "CAR",
    binszDeg: 0.7,
    npix: 5,
  }),
  hpx: createHpxGeom({ nside: 16, frame: "galactic" }),
  "hpx part": createHpxGeom({ nside: 32, region: circle(3) }),
  region: createRegionGeom(circle(1.5)),
  narrowing,
  "no sky": NO_SKY,
};

function binOf(axis: Axis, x: number): number {
  if (axis.kind === "map-axis") return binIndex(axis, x);
  if (axis.kind === "time-axis") return timeIndex(axis, x);
  return (x & 1) !== 0 ? 0 : (x & 8) !== 0 ? 1 : -1;
}

/** The cell of one event by the definitions, -1 outside. */
function cellOf(
  geom: SkyGeom,
  axes: readonly CountsMapAxis[],
  row: Record<string, number>,
): number {
  let cell = 0;
  for (const { column, axis } of axes) {
    const bin = binOf(axis, row[column]!);
    if (!(bin >= 0 && bin < axis.nBins)) return -1;
    cell = cell * axis.nBins + bin;
  }
  if (geom.kind === "no-sky") return cell;
  const icrs = { lonDeg: row["raDeg"]!, latDeg: row["decDeg"]! };
  if (Number.isNaN(icrs.lonDeg + icrs.latDeg)) return -1;
  if (geom.kind === "region-geom") {
    const region = regionOfBin(
      geom,
      geom.along === undefined ? 0 : binOf(energy, row["energyTeV"]!),
    );
    return regionContains(region, icrs.lonDeg, icrs.latDeg) ? cell : -1;
  }
  const { lonDeg, latDeg } = convertFrame(icrs, { from: "icrs", to: geom.frame });
  const sky = { lonDeg: Float64Array.of(lonDeg), latDeg: Float64Array.of(latDeg) };
  const pixel = geomIndexInto(geom, sky, new Int32Array(1))[0]!;
  return pixel < 0 ? -1 : cell * geom.shape.reduce((a: number, b) => a * b, 1) + pixel;
}

/** The events of a stream, one record each. */
function rowsOf(items: readonly StreamItem[]): Record<string, number>[] {
  return batchesOf(items).flatMap(({ columns, length }) =>
    Array.from({ length }, (_, i) =>
      Object.fromEntries(
        ["raDeg", "decDeg", "energyTeV", "timeS", "eventType", "weight"]
          .map((name) => [name, Number(columns[name]![i]!)]),
      ))
  );
}

const AXES: Readonly<Record<string, readonly CountsMapAxis[]>> = {
  energy: [byEnergy],
  "time and energy": [byTime, byEnergy],
  "type, energy and time": [byType, byEnergy, byTime],
};

Deno.test("countsMap() counts on every geometry and every kind of axis as one event at a time does", () => {
  const any = fc.tuple(
    anyStream(),
    fc.constantFrom(...Object.values(GEOMS)),
    fc.constantFrom(...Object.values(AXES)),
    fc.boolean(),
  );
  fc.assert(fc.property(any, ([items, geom, axes, weighted]) => {
    const acc = countsMap({ geom, axes, weighted }), found = acc.result(fold(acc, items));
    const data = new Float64Array(found.values.size), rows = rowsOf(items);
    let outside = 0;
    for (const row of rows) {
      const cell = cellOf(geom, axes, row);
      if (cell >= 0) data[cell]! += weighted ? row["weight"]! : 1;
      else outside++;
    }
    deepStrictEqual(found.values.data, data);
    strictEqual(sum(Object.values(found.outside)), outside);
    deepStrictEqual(found.axes, axes.map((one) => one.axis));
    strictEqual(found.geom, geom);
    // the result is a map like any other
    ok(Math.abs(sum(toImage(found).values.data as Float64Array) - sum(data)) < 1e-9);
  }));
});

for (const [name, axes] of Object.entries(AXES)) {
  for (
    const [what, geom] of [["narrowing", narrowing], ["hpx", GEOMS["hpx"]!], [
      "no sky",
      NO_SKY,
    ]] as const
  ) {
    Deno.test(`countsMap() keeps the laws of accumulators: ${what}, ${name}`, () => {
      checkAccumulatorLaws(countsMap({ geom, axes }), anyStream(), {
        others: [
          countsMap({
            geom,
            axes: [...axes, { column: "phase", axis: createMapAxis("p", [0, 1]) }],
          }),
          countsMap({ geom: GEOMS["wcs"]!, axes }),
        ],
        conserves: {
          counted: ({ values, outside }) =>
            sum(values.data as Float64Array) + sum(Object.values(outside)),
          seen: countEvents,
        },
        numRuns: 20,
      });
    });
  }
}

Deno.test("countsMap() says why an event is nowhere: gaps of time, other types, the region of its bin", () => {
  const acc = countsMap({ geom: NO_SKY, axes: [byType, byTime] });
  deepStrictEqual(Object.keys(acc.result(acc.create()).outside), [
    "sky",
    "event_type:other",
    "time:under",
    "time:over",
    "time:gap",
  ]);
  throws(
    () => countsMap({ geom: NO_SKY, axes: [{ column: "eventType", axis: type }] }),
    /found no bits/,
  );
  throws(
    () => countsMap({ geom: NO_SKY, axes: [{ ...byEnergy, bits: [1, 2, 4] }] }),
    /expected them for labels/,
  );
  throws(() => countsMap({ geom: narrowing, axes: [byTime] }), /No axis "energy"/);
  const other = createMapAxis("energy", [0.1, 1, 2, 10], { unit: "TeV", interp: "log" });
  throws(
    () => countsMap({ geom: narrowing, axes: [{ column: "energyTeV", axis: other }] }),
    /other bins/,
  );
});

const planes = [
  createHpxGeom({ nside: 8 }),
  createHpxGeom({ nside: 32, region: circle(3) }),
  createHpxGeom({ nside: 16, frame: "galactic" }),
];

Deno.test("countsPlanes() counts each bin on its own pixels, as maps of each bin do", () => {
  for (const axes of [[], [byTime], [byType, byTime]]) {
    fc.assert(
      fc.property(anyStream(), fc.boolean(), (items, sparse) => {
        const acc = countsPlanes({ along: byEnergy, geoms: planes, axes, sparse });
        const found = acc.result(fold(acc, items));
        planes.forEach((geom, bin) => {
          const one = countsMap({ geom, axes: [byEnergy, ...axes] });
          const map = sliceMap(one.result(fold(one, items)), { energy: bin });
          const offset = map.values.offset,
            size = map.values.size,
            all = map.values.data as Float64Array;
          deepStrictEqual(found.planes[bin]!.values.data, all.slice(offset, offset + size));
        });
        const counted = found.planes.map((one) => sum(one.values.data as Float64Array));
        strictEqual(sum(counted) + sum(Object.values(found.outside)), countEvents(items));
      }),
      { numRuns: 30 },
    );
  }
  throws(
    () => countsPlanes({ along: byEnergy, geoms: planes.slice(1) }),
    /one for each of its 3 bins/,
  );
});

for (const weighted of [false, true]) {
  Deno.test(`countsPlanes() keeps the laws of accumulators: ${weighted ? "weighted" : "counts"}`, () => {
    checkAccumulatorLaws(countsPlanes({ along: byEnergy, geoms: planes, weighted }), anyStream(), {
      others: [
        countsPlanes({ along: byEnergy, geoms: [...planes].reverse(), weighted }),
        countsPlanes({ along: byEnergy, geoms: planes, weighted: !weighted }),
      ],
      numRuns: 20,
    });
  });
}
