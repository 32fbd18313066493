/**
 * Benches of HEALPix: run with `deno bench test/bench/healpix_bench.ts`. For the best of 7 runs as
 * nanoseconds an element run it as a program: `deno run test/bench/healpix_bench.ts`.
 */
import { createHpxGeom, hpxPixelIndexer } from "../../src/maps/hpx_geom.ts";
import {
  angToPixInto,
  createHealpixCells,
  createHealpixGrid,
  healpixCellOfInto,
  healpixNeighboursInto,
  interpolationWeightsInto,
  nestToRingInto,
  pixToAngInto,
  queryDisc,
  ringToNestInto,
  uniqOf,
} from "../../src/sky/mod.ts";

const N = 1 << 20;
let seed = 12345;
const uniform = (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const sky = { lonDeg: new Float64Array(N), latDeg: new Float64Array(N) };
for (let i = 0; i < N; i++) {
  sky.lonDeg[i] = 360 * uniform();
  sky.latDeg[i] = Math.asin(2 * uniform() - 1) * 180 / Math.PI;
}
const few = { lonDeg: sky.lonDeg.subarray(0, N / 4), latDeg: sky.latDeg.subarray(0, N / 4) };
const out = new Float64Array(N), out32 = new Int32Array(N);
const into = { lonDeg: new Float64Array(N), latDeg: new Float64Array(N) };
const four = { pix: new Float64Array(N), weights: new Float64Array(N) };
const eight = new Float64Array(2 * N);

/** Group, name, elements a run, run. */
const BENCHES: (readonly [string, string, number, () => void])[] = [];

for (const order of ["ring", "nested"] as const) {
  for (const nside of [64, 1024, 32768]) {
    const grid = createHealpixGrid({ nside, order }), name = `${order} ${nside}`;
    const pix = angToPixInto(grid, sky, new Float64Array(N));
    const swap = order === "ring" ? ringToNestInto : nestToRingInto;
    BENCHES.push(
      ["position to pixel", name, N, () => angToPixInto(grid, sky, out)],
      ["pixel to position", name, N, () => pixToAngInto(grid, pix, into)],
      ["to the other order", name, N, () => swap(nside, pix, out)],
      ["four weights", name, N / 4, () => interpolationWeightsInto(grid, few, four)],
      [
        "eight neighbours",
        name,
        N / 4,
        () => healpixNeighboursInto(grid, pix.subarray(0, N / 4), eight),
      ],
    );
    if (nside < 8192) {
      BENCHES.push([
        "position to pixel",
        `${name}, Int32Array`,
        N,
        () => angToPixInto(grid, sky, out32),
      ]);
    }
  }
}

const split = Array.from({ length: 12 * 64 * 64 }, (_, pix) => pix).flatMap((pix) =>
  pix % 7 === 0
    ? [0, 1, 2, 3].map((k) => uniqOf({ order: 7, pix: 4 * pix + k }))
    : [uniqOf({ order: 6, pix })]
);
const cells = createHealpixCells(split);
BENCHES.push([
  "cell of a position",
  `${split.length} cells`,
  N,
  () => healpixCellOfInto(cells, sky, out32),
]);

const center = { lonDeg: 83.633, latDeg: 22.014 };
for (const [order, inclusive] of [["ring", false], ["nested", false], ["nested", true]] as const) {
  const grid = createHealpixGrid({ nside: 1024, order }),
    query = { center, radiusDeg: 5, inclusive };
  const found = queryDisc(grid, query).length, name = `${order}${inclusive ? " inclusive" : ""}`;
  BENCHES.push(["disc of 5 deg, nside 1024", `${name}, ${found} pixels`, found, () => {
    queryDisc(grid, query);
  }]);
}

for (const frame of ["icrs", "galactic"] as const) {
  const whole = hpxPixelIndexer(createHpxGeom({ nside: 64, order: "nested", frame }));
  const disc = { center: { lonDeg: 10, latDeg: 20 }, radiusDeg: 60 };
  const part = hpxPixelIndexer(createHpxGeom({ nside: 256, frame, disc }));
  BENCHES.push(
    ["map index of events", `${frame} whole`, N, () => whole(sky.lonDeg, sky.latDeg, N, out32)],
    ["map index of events", `${frame} disc`, N, () => part(sky.lonDeg, sky.latDeg, N, out32)],
  );
}

if (import.meta.main) {
  for (const [group, name, n, run] of BENCHES) {
    for (let k = 0; k < 5; k++) run();
    let best = Infinity;
    for (let k = 0; k < 7; k++) {
      const start = performance.now();
      run();
      best = Math.min(best, performance.now() - start);
    }
    console.log(`${group}: ${name}: ${(best * 1e6 / n).toFixed(1)} ns`);
  }
}
for (const [group, name, , run] of BENCHES) Deno.bench(`${group}: ${name}`, { group }, run);
