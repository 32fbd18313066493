import assert from "node:assert/strict";
import fc from "fast-check";
import {
  angToPix,
  angToPixInto,
  createHealpixGrid,
  type HealpixGrid,
  healpixNpix,
  nestToRing,
  pixelBoundary,
  pixToAng,
  pixToAngInto,
  ringToNest,
} from "../../../src/sky/mod.ts";
import { anyPosition } from "./_arbitraries.ts";
import { anyGrid, gridAndPixel } from "./_healpix_arbitrary.ts";
import { goldenGrids, goldenHealpix, longList } from "./_healpix_golden_io.ts";

/** Pixels by the definition, in plain trigonometry: counts the edges on either side of a place. */
function plainPixel(grid: HealpixGrid, lonDeg: number, latDeg: number): number {
  const n = grid.nside,
    z = Math.sin(latDeg * Math.PI / 180),
    t = (((lonDeg % 360) + 360) % 360) / 90;
  let jr: number, ip: number;
  if (Math.abs(z) <= 2 / 3) {
    const falling = Math.floor(n * (0.5 + t - 0.75 * z));
    const rising = Math.floor(n * (0.5 + t + 0.75 * z));
    jr = 2 * n + falling - rising;
    ip = Math.floor((falling + rising - n + ((jr - n) & 1)) / 2) % (4 * n);
    const ring = 2 * n * (n - 1) + (jr - n) * 4 * n + ip;
    return grid.order === "ring" ? ring : ringToNest(n, ring);
  }
  const sigma = n * Math.sqrt(3 * (1 - Math.abs(z))), rest = t % 1;
  jr = Math.floor(rest * sigma) + Math.floor((1 - rest) * sigma) + 1;
  ip = Math.floor(t * jr);
  const ring = z > 0 ? 2 * jr * (jr - 1) + ip : 12 * n * n - 2 * jr * (jr + 1) + ip;
  return grid.order === "ring" ? ring : ringToNest(n, ring);
}

Deno.test("angToPix() gives the twelve base pixels", () => {
  const grid = createHealpixGrid({ nside: 1 });
  for (let k = 0; k < 4; k++) {
    assert.equal(angToPix(grid, { lonDeg: 45 + 90 * k, latDeg: 60 }), k);
    assert.equal(angToPix(grid, { lonDeg: 90 * k, latDeg: 0 }), 4 + k);
    assert.equal(angToPix(grid, { lonDeg: 45 + 90 * k, latDeg: -60 }), 8 + k);
  }
});

Deno.test("angToPixInto() agrees with its definition by plain trigonometry", () => {
  const positions = longList();
  for (const nside of [1, 3, 16, 1000, 1024]) {
    for (const order of ["ring", "nested"] as const) {
      if (order === "nested" && (nside & (nside - 1)) !== 0) continue;
      const grid = createHealpixGrid({ nside, order });
      const pix = angToPixInto(grid, positions, new Int32Array(positions.lonDeg.length));
      for (let i = 0; i < 20_000; i++) {
        const plain = plainPixel(grid, positions.lonDeg[i]!, positions.latDeg[i]!);
        assert.equal(pix[i], plain, `${order} ${nside}, position ${i}`);
      }
    }
  }
});

for (const [grid, golden, name] of goldenGrids()) {
  Deno.test(`angToPixInto() agrees with healpy for 100000 positions: ${name}`, () => {
    const positions = longList(), n = positions.lonDeg.length;
    const pix = angToPixInto(grid, positions, new Float64Array(n));
    assert.deepEqual([...pix.subarray(0, golden.first.length)], golden.first);
    assert.equal(golden.sums.length, n / 1000);
    golden.sums.forEach((expected, chunk) => {
      const part = pix.subarray(1000 * chunk, 1000 * chunk + 1000);
      assert.equal(part.reduce((sum, p) => sum + p % 1000003, 0), expected, `chunk ${chunk}`);
    });
  });

  Deno.test(`angToPix() agrees with healpy at poles, wraps and corners: ${name}`, () => {
    goldenHealpix().special.forEach(([lonDeg, latDeg], i) => {
      assert.equal(angToPix(grid, { lonDeg, latDeg }), golden.special[i], `(${lonDeg}, ${latDeg})`);
    });
  });

  Deno.test(`pixToAngInto() agrees with healpy: ${name}`, () => {
    const n = golden.pix.length, { deg } = goldenHealpix().tolerance;
    const into = { lonDeg: new Float64Array(n), latDeg: new Float64Array(n) };
    pixToAngInto(grid, Float64Array.from(golden.pix), into);
    for (let i = 0; i < n; i++) {
      assert.ok(Math.abs(into.lonDeg[i]! - golden.lon[i]!) <= deg, `lon of ${golden.pix[i]}`);
      assert.ok(Math.abs(into.latDeg[i]! - golden.lat[i]!) <= deg, `lat of ${golden.pix[i]}`);
    }
  });
}

Deno.test("angToPix() of pixToAng() is the pixel itself, for every pixel of small grids", () => {
  for (const nside of [1, 2, 3, 4, 5, 7, 8, 16, 31, 32]) {
    for (const order of ["ring", "nested"] as const) {
      if (order === "nested" && (nside & (nside - 1)) !== 0) continue;
      const grid = createHealpixGrid({ nside, order });
      for (let p = 0; p < healpixNpix(grid); p++) {
        assert.equal(angToPix(grid, pixToAng(grid, p)), p);
      }
    }
  }
});

Deno.test("angToPix() of pixToAng() is the pixel itself up to nside 2^24", () => {
  fc.assert(fc.property(gridAndPixel(), ([grid, pix]) => {
    assert.equal(angToPix(grid, pixToAng(grid, pix)), pix);
  }));
});

Deno.test("angToPix() gives one pixel in both orders, and one that contains the position", () => {
  fc.assert(fc.property(anyPosition, fc.integer({ min: 0, max: 24 }), (position, order) => {
    const nside = 2 ** order;
    const ring = angToPix(createHealpixGrid({ nside }), position);
    const nested = angToPix(createHealpixGrid({ nside, order: "nested" }), position);
    assert.equal(nestToRing(nside, nested), ring);
    const { latDeg } = pixelBoundary(createHealpixGrid({ nside }), ring);
    assert.ok(position.latDeg <= Math.max(...latDeg) + 1e-12);
    assert.ok(position.latDeg >= Math.min(...latDeg) - 1e-12);
  }));
});

Deno.test("angToPix() does not see whole turns of longitude", () => {
  fc.assert(fc.property(anyGrid(), fc.integer({ min: -3, max: 3 }), (grid, turns) => {
    for (const lonDeg of [0, 45, 90, 201.25, 359.5]) {
      for (const latDeg of [-90, -60, -10.5, 0.3, 70, 90]) {
        const pix = angToPix(grid, { lonDeg, latDeg });
        assert.equal(angToPix(grid, { lonDeg: lonDeg + 360 * turns, latDeg }), pix);
      }
    }
  }));
  // a longitude a hair below zero is next to 360°, not beyond it
  for (const [grid] of goldenGrids()) {
    for (const latDeg of [-89, -20, 20, 89]) {
      const pix = angToPix(grid, { lonDeg: 0, latDeg });
      for (const lonDeg of [-1e-30, -3e-322, -5e-324, -0]) {
        assert.equal(angToPix(grid, { lonDeg, latDeg }), pix);
      }
    }
  }
});

Deno.test("angToPix() gives valid pixels on and next to the lines where belt and caps meet", () => {
  const edge = Math.asin(2 / 3) * 180 / Math.PI;
  for (const [grid] of goldenGrids()) {
    const other = grid.order === "ring" ? undefined : createHealpixGrid({ nside: grid.nside });
    for (let k = 0; k <= 64; k++) {
      for (const d of [-2, -1, 0, 1, 2]) {
        for (const sign of [-1, 1]) {
          const latDeg = sign * edge * (1 + d * 2 ** -53), lonDeg = 360 * k / 64 * (1 - 2 ** -53);
          const pix = angToPix(grid, { lonDeg, latDeg });
          assert.ok(pix >= 0 && pix < healpixNpix(grid), `${lonDeg}, ${latDeg}: ${pix}`);
          const away = Math.abs(pixToAng(grid, pix).latDeg - latDeg);
          assert.ok(away < 69 / grid.nside, `${lonDeg}, ${latDeg}: ${away} deg away`);
          if (other !== undefined) {
            assert.equal(nestToRing(grid.nside, pix), angToPix(other, { lonDeg, latDeg }));
          }
        }
      }
    }
  }
});

Deno.test("angToPix() gives -1 for what is not on the sphere, and pixToAng() NaN for no pixel", () => {
  for (const order of ["ring", "nested"] as const) {
    const grid = createHealpixGrid({ nside: 4, order });
    for (
      const [lonDeg, latDeg] of [[0, 90.0001], [0, -91], [NaN, 0], [0, NaN], [Infinity, 0], [
        0,
        -Infinity,
      ]] as const
    ) {
      assert.equal(angToPix(grid, { lonDeg, latDeg }), -1);
    }
    for (const pix of [-1, 192, 0.5, NaN]) {
      assert.deepEqual({ ...pixToAng(grid, pix) }, { lonDeg: NaN, latDeg: NaN });
    }
  }
});

Deno.test("angToPixInto() and pixToAngInto() refuse columns without room", () => {
  const grid = createHealpixGrid({ nside: 4 }),
    three = new Float64Array(3),
    two = new Float64Array(2);
  assert.throws(
    () => angToPixInto(grid, { lonDeg: three, latDeg: two }, three),
    /3 longitudes and 2/,
  );
  assert.throws(
    () => angToPixInto(grid, { lonDeg: three, latDeg: three }, two),
    /found room for 2/,
  );
  assert.throws(() => pixToAngInto(grid, three, { lonDeg: three, latDeg: two }), /2 latitudes/);
  const large = createHealpixGrid({ nside: 16384 }), sky = { lonDeg: two, latDeg: two };
  assert.throws(() => angToPixInto(large, sky, new Int32Array(2)), /expected a Float64Array/);
});
