/** Benches of src/sky and src/maps: run with `deno bench test/bench/sky_bench.ts`. */
import { createWcsGeom, pixelIndexer, solidAngleSr } from "../../src/maps/mod.ts";
import {
  createRegion,
  galacticToIcrs,
  icrsToGalacticInto,
  pixelToWorldInto,
  regionContains,
  regionSelector,
  separationDegInto,
  worldToPixelInto,
} from "../../src/sky/mod.ts";

const N = 1 << 20, center = { lonDeg: 83.633, latDeg: 22.014 };

/** Events uniform over a square of the sky around a position. */
function events(
  at: { readonly lonDeg: number; readonly latDeg: number },
  sideDeg: number,
): { lonDeg: Float64Array; latDeg: Float64Array } {
  const lonDeg = new Float64Array(N), latDeg = new Float64Array(N);
  let seed = 12345;
  const uniform = (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const cosine = Math.cos(at.latDeg * Math.PI / 180);
  for (let i = 0; i < N; i++) {
    lonDeg[i] = (at.lonDeg + (uniform() - 0.5) * sideDeg / cosine + 360) % 360;
    latDeg[i] = at.latDeg + (uniform() - 0.5) * sideDeg;
  }
  return { lonDeg, latDeg };
}

const field = events(center, 5), out = new Int32Array(N);
const into = { x: new Float64Array(N), y: new Float64Array(N) };

/** Runs a kernel over all events in batches. */
function inBatches(
  size: number,
  run: (lonDeg: Float64Array, latDeg: Float64Array, n: number) => void,
): void {
  for (let start = 0; start < N; start += size) {
    run(
      field.lonDeg.subarray(start, start + size),
      field.latDeg.subarray(start, start + size),
      size,
    );
  }
}

const circle = createRegion({ kind: "circle", frame: "icrs", ...center, radiusDeg: 2 });
const select = regionSelector(circle);
for (const size of [65536, 4096]) {
  Deno.bench(`circle of 2 deg, 2^20 events, batches of ${size}`, { group: "circle" }, () => {
    inBatches(size, (lon, lat, n) => select(lon, lat, n, out));
  });
}
Deno.bench("circle, one position at a time, 2^16 events", { group: "circle" }, () => {
  for (let i = 0; i < 65536; i++) {
    out[i] = +regionContains(circle, field.lonDeg[i]!, field.latDeg[i]!);
  }
});
const box = regionSelector(createRegion({
  kind: "rectangle",
  frame: "icrs",
  ...center,
  widthDeg: 2,
  heightDeg: 1,
  angleDeg: 30,
}));
Deno.bench("rectangle of 2 x 1 deg, 2^20 events", { group: "circle" }, () => {
  box(field.lonDeg, field.latDeg, N, out);
});

const options = { binszDeg: 0.01, npix: 500 } as const;
const tan = createWcsGeom({ ...options, skydir: center, proj: "TAN" });
const index = pixelIndexer(tan);
for (const size of [65536, 4096]) {
  Deno.bench(`TAN index, 500 x 500, 2^20 events, batches of ${size}`, { group: "index" }, () => {
    inBatches(size, (lon, lat, n) => index(lon, lat, n, out));
  });
}
const counts = new Float64Array(500 * 500);
Deno.bench("TAN index and increment, 2^20 events, batches of 4096", { group: "index" }, () => {
  inBatches(4096, (lon, lat, n) => {
    index(lon, lat, n, out);
    for (let i = 0; i < n; i++) if (out[i]! >= 0) counts[out[i]!]!++;
  });
});
const galactic = pixelIndexer(
  createWcsGeom({
    ...options,
    frame: "galactic",
    skydir: { lonDeg: 184.557, latDeg: -5.784 },
    proj: "TAN",
  }),
);
Deno.bench("TAN index, Galactic map, 2^20 events", { group: "index" }, () => {
  inBatches(65536, (lon, lat, n) => galactic(lon, lat, n, out));
});
const polar = pixelIndexer(
  createWcsGeom({ ...options, skydir: { lonDeg: 10, latDeg: 88.5 }, proj: "TAN" }),
);
const north = events({ lonDeg: 10, latDeg: 87.4 }, 5);
Deno.bench("TAN index, polar field, 2^20 events", { group: "index" }, () => {
  polar(north.lonDeg, north.latDeg, N, out);
});
const car = pixelIndexer(createWcsGeom({ ...options, skydir: center, proj: "CAR" }));
Deno.bench("CAR (oblique) index, 2^20 events", { group: "index" }, () => {
  car(field.lonDeg, field.latDeg, N, out);
});

Deno.bench("TAN sky to pixel, 2^20", { group: "wcs" }, () => {
  worldToPixelInto(tan.wcs, field, into);
});
const pixels = { x: new Float64Array(N), y: new Float64Array(N) };
worldToPixelInto(tan.wcs, field, pixels);
const sky = { lonDeg: new Float64Array(N), latDeg: new Float64Array(N) };
Deno.bench("TAN pixel to sky, 2^20", { group: "wcs" }, () => {
  pixelToWorldInto(tan.wcs, pixels, sky);
});
Deno.bench("ICRS to Galactic, 2^20", { group: "wcs" }, () => {
  icrsToGalacticInto(field, sky);
});
Deno.bench("separation, 2^20", { group: "wcs" }, () => {
  separationDegInto(field, { from: galacticToIcrs({ lonDeg: 0, latDeg: 0 }), out: into.x });
});

for (const proj of ["TAN", "CAR", "AIT", "MOL"] as const) {
  // A geometry keeps its solid angles: each turn has a new one.
  Deno.bench(`solid angles of 500 x 500 pixels, ${proj}`, { group: "solid angle" }, () => {
    solidAngleSr(createWcsGeom({ ...options, skydir: center, proj }));
  });
}
