import assert from "node:assert/strict";
import fc from "fast-check";
import { EDGE_EXCESS, placeToAng } from "../../../src/sky/_healpix_edges.ts";
import { PIXEL_RADIUS } from "../../../src/sky/healpix_query.ts";
import {
  angToPix,
  convertFrame,
  createHealpixGrid,
  createRegion,
  healpixNpix,
  offsetBy,
  pixelBoundary,
  pixToAng,
  queryDisc,
  queryRegion,
  regionContains,
  separationDeg,
} from "../../../src/sky/mod.ts";
import { anyPosition, between } from "./_arbitraries.ts";
import { anyGrid } from "./_healpix_arbitrary.ts";
import { goldenHealpix } from "./_healpix_golden_io.ts";
import { anyRegion } from "./_region_arbitrary.ts";

const ascending = (list: ArrayLike<number>): boolean =>
  Array.from(list).every((one, i) => i === 0 || one > list[i - 1]!);

for (const disc of goldenHealpix().discs) {
  const grid = createHealpixGrid(disc), { lon, lat, radius: radiusDeg } = disc;
  const query = { center: { lonDeg: lon, latDeg: lat }, radiusDeg };
  const name = `${disc.order} nside ${disc.nside}, ${radiusDeg} deg at (${lon}, ${lat})`;
  Deno.test(`queryDisc() agrees with healpy: ${name}`, () => {
    const strict = queryDisc(grid, query);
    assert.equal(strict.length, disc.n);
    assert.equal(strict.reduce((sum, p) => sum + p % 1000003, 0), disc.sum);
    assert.ok(ascending(strict));
  });
  Deno.test(`queryDisc() inclusive is between what is touched and healpy's: ${name}`, () => {
    const found = queryDisc(grid, { ...query, inclusive: true }), all = new Set(found);
    assert.ok(ascending(found) && found.length > disc.n - 1);
    for (const one of disc.touched ?? []) assert.ok(all.has(one), `pixel ${one} is missing`);
    if (disc.inclusive === undefined) return;
    for (const one of found) assert.ok(disc.inclusive.includes(one), `pixel ${one} is too much`);
  });
}

Deno.test("queryDisc() has every pixel whose centre is inside, and no other", () => {
  fc.assert(fc.property(
    anyGrid(4),
    anyPosition,
    fc.oneof(between(0, 180), between(0, 15)),
    (grid, center, radiusDeg) => {
      fc.pre(grid.nside <= 40);
      const expected = [];
      for (let p = 0; p < healpixNpix(grid); p++) {
        if (separationDeg(center, pixToAng(grid, p)) < radiusDeg) expected.push(p);
      }
      assert.deepEqual([...queryDisc(grid, { center, radiusDeg })], expected);
    },
  ));
});

Deno.test("queryDisc() with every pixel's distance as the radius leaves just that pixel outside", () => {
  const grid = createHealpixGrid({ nside: 4 }), center = { lonDeg: 33, latDeg: 71 };
  for (let p = 0; p < healpixNpix(grid); p++) {
    const radiusDeg = separationDeg(center, pixToAng(grid, p));
    assert.ok(!queryDisc(grid, { center, radiusDeg }).includes(p));
    assert.ok(queryDisc(grid, { center, radiusDeg: radiusDeg + 1e-12 }).includes(p));
  }
});

Deno.test("queryDisc() inclusive misses no pixel that holds a point of the disc", () => {
  fc.assert(fc.property(
    anyGrid(24),
    anyPosition,
    between(0, 3),
    fc.array(fc.tuple(between(0, 1), between(0, 360)), { minLength: 40, maxLength: 40 }),
    (grid, center, sizes, points) => {
      const radiusDeg = Math.min(180, sizes * 58 / grid.nside);
      const all = new Set(queryDisc(grid, { center, radiusDeg, inclusive: true }));
      for (const p of queryDisc(grid, { center, radiusDeg })) assert.ok(all.has(p));
      for (const [part, positionAngle] of points) {
        for (const share of [part, 1]) {
          const offset = { separationDeg: share * radiusDeg, positionAngleDeg: positionAngle };
          assert.ok(all.has(angToPix(grid, offsetBy(center, offset))));
        }
      }
    },
  ));
});

Deno.test("queryDisc() inclusive has no pixel whose outline stays outside", () => {
  fc.assert(fc.property(anyGrid(10), anyPosition, between(0, 3), (grid, center, sizes) => {
    const radiusDeg = Math.min(180, sizes * 58 / grid.nside), holder = angToPix(grid, center);
    for (const p of queryDisc(grid, { center, radiusDeg, inclusive: true })) {
      if (p === holder || separationDeg(center, pixToAng(grid, p)) < radiusDeg) continue;
      const { lonDeg, latDeg } = pixelBoundary(grid, p, { stepsPerSide: 200 });
      let least = 180;
      for (let i = 0; i < lonDeg.length; i++) {
        const point = { lonDeg: lonDeg[i]!, latDeg: latDeg[i]! };
        least = Math.min(least, separationDeg(center, point));
      }
      // between two points of an outline of 800 it may come nearer
      assert.ok(least <= radiusDeg + 0.4 / grid.nside, `pixel ${p}: ${least} > ${radiusDeg}`);
    }
  }));
});

Deno.test("no corner of a pixel is farther from its centre than the bound of the inclusive query", () => {
  for (const nside of [1, 2, 3, 5, 8, 32, 64]) {
    const grid = createHealpixGrid({ nside });
    for (let p = 0; p < healpixNpix(grid); p++) {
      const { lonDeg, latDeg } = pixelBoundary(grid, p, { stepsPerSide: 2 });
      for (let i = 0; i < lonDeg.length; i++) {
        const corner = { lonDeg: lonDeg[i]!, latDeg: latDeg[i]! };
        const away = separationDeg(pixToAng(grid, p), corner) * Math.PI / 180;
        assert.ok(away * nside < PIXEL_RADIUS, `${nside} ${p}: ${away * nside}`);
      }
    }
  }
});

Deno.test("no piece of an edge is longer than its chord by more than the bound of the search", () => {
  const vector = (n: number, x: number, y: number, face: number): readonly number[] => {
    const [lon, lat] = placeToAng(n, x, y, face).map((one) => one * Math.PI / 180) as [
      number,
      number,
    ];
    return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
  };
  const chord = (a: readonly number[], b: readonly number[]): number =>
    Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!);
  for (const n of [1, 2, 3, 4, 16]) {
    for (const face of [0, 4, 8]) {
      for (let side = 0; side <= n; side++) {
        for (let along = 0; along < n; along++) {
          for (const turned of [false, true]) {
            const at = (s: number): readonly number[] =>
              turned ? vector(n, side, along + s, face) : vector(n, along + s, side, face);
            for (let level = 0; level <= 5; level++) {
              const pieces = 2 ** level;
              for (let k = 0; k < pieces; k++) {
                let length = 0;
                for (let i = 0; i < 32; i++) {
                  length += chord(at((k + i / 32) / pieces), at((k + (i + 1) / 32) / pieces));
                }
                const excess = length / chord(at(k / pieces), at((k + 1) / pieces)) - 1;
                assert.ok(
                  excess * 1.01 <= EDGE_EXCESS / pieces,
                  `${n} ${face} ${level}: ${excess}`,
                );
              }
            }
          }
        }
      }
    }
  }
});

Deno.test("queryDisc() of radius 0 is empty, inclusive the pixel there; of 180 deg all", () => {
  const grid = createHealpixGrid({ nside: 8, order: "nested" }),
    center = { lonDeg: 370, latDeg: 33 };
  assert.equal(queryDisc(grid, { center, radiusDeg: 0 }).length, 0);
  const one = queryDisc(grid, { center, radiusDeg: 0, inclusive: true });
  assert.deepEqual([...one], [angToPix(grid, center)]);
  assert.equal(queryDisc(grid, { center, radiusDeg: 180, inclusive: true }).length, 768);
  assert.throws(() => queryDisc(grid, { center, radiusDeg: -1 }), /radiusDeg: found -1/);
  assert.throws(() => queryDisc(grid, { center, radiusDeg: NaN }), /radiusDeg: found NaN/);
  const beyond = { lonDeg: 0, latDeg: 91 };
  assert.throws(() => queryDisc(grid, { center: beyond, radiusDeg: 1 }), /center: found \(0, 91\)/);
});

Deno.test("queryRegion() has the pixels whose centres regionContains() accepts", () => {
  fc.assert(fc.property(
    anyRegion,
    anyGrid(4),
    fc.constantFrom("icrs" as const, "galactic" as const),
    (region, grid, frame) => {
      fc.pre(grid.nside <= 40);
      const expected = [];
      for (let p = 0; p < healpixNpix(grid); p++) {
        const { lonDeg, latDeg } = convertFrame(pixToAng(grid, p), { from: frame, to: "icrs" });
        if (regionContains(region, lonDeg, latDeg)) expected.push(p);
      }
      assert.deepEqual([...queryRegion(grid, region, { frame })], expected);
    },
  ));
});

Deno.test("queryRegion() of a circle is queryDisc() of its radius", () => {
  const grid = createHealpixGrid({ nside: 64, order: "nested" });
  const center = { lonDeg: 83.633, latDeg: 22.014 }, radiusDeg = 4;
  const region = createRegion({ kind: "circle", frame: "icrs", ...center, radiusDeg });
  assert.deepEqual(queryRegion(grid, region), queryDisc(grid, { center, radiusDeg }));
});
