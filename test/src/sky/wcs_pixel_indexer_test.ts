import assert from "node:assert/strict";
import {
  createWcs,
  galacticToIcrsInto,
  icrsToGalactic,
  pixelToWorldInto,
  roundHalfEven,
  type Wcs,
  type WcsOptions,
  wcsPixelIndexer,
  worldToPixel,
} from "../../../src/sky/mod.ts";
import { uniforms } from "./_arbitraries.ts";

/** The definition: transform, round, check. */
function slowIndex(
  wcs: Wcs,
  npix: readonly [number, number],
  raDeg: number,
  decDeg: number,
): number {
  const icrs = { lonDeg: raDeg, latDeg: decDeg };
  const { x, y } = worldToPixel(wcs, wcs.frame === "icrs" ? icrs : icrsToGalactic(icrs));
  const ix = roundHalfEven(x), iy = roundHalfEven(y), [nx, ny] = npix;
  return ix >= 0 && ix < nx && iy >= 0 && iy < ny ? iy * nx + ix : -1;
}

function hold(
  wcs: Wcs,
  npix: readonly [number, number],
  ra: Float64Array,
  dec: Float64Array,
): number {
  const out = new Int32Array(ra.length);
  wcsPixelIndexer(wcs, npix)(ra, dec, ra.length, out);
  let inside = 0;
  for (let i = 0; i < ra.length; i++) {
    const expected = slowIndex(wcs, npix, ra[i]!, dec[i]!);
    assert.equal(out[i], expected, `event ${i}: ${ra[i]}, ${dec[i]}`);
    inside += +(expected >= 0);
  }
  return inside;
}

const tan = (crvalDeg: readonly [number, number], more: Partial<WcsOptions> = {}): Wcs =>
  createWcs({
    projection: "TAN",
    crvalDeg,
    crpix: [250.5, 200.5],
    cdeltDeg: [-0.01, 0.01],
    ...more,
  });

const FIELDS: readonly (readonly [string, Wcs])[] = [
  ["Crab", tan([83.633, 22.014])],
  ["across RA 0", tan([0.3, -41])],
  ["north pole", tan([10, 88.5])],
  ["south pole exactly", tan([123, -90])],
  ["Galactic centre", tan([0, 0], { frame: "galactic" })],
  ["Galactic, turned", tan([184.557, -5.784], { frame: "galactic", lonpoleDeg: 33 })],
  ["Galactic pole", tan([40, 90], { frame: "galactic" })],
  ["skew and coarse", tan([300, 10], { cdeltDeg: [-0.1, 0.2], pc: [[0.9, 0.3], [-0.2, 1]] })],
  ["reference point far off", tan([83, 22], { crpix: [3000, -2500] })],
  ["very wide", tan([83, 22], { cdeltDeg: [-2, 2] })],
  ["very fine", tan([83.633, 22.014], { cdeltDeg: [-1e-6, 1e-6] })],
  ["finer than the fast path", tan([83.633, 22.014], { cdeltDeg: [-1e-9, 1e-9] })],
];
const NPIX = [500, 400] as const;

/** ICRS events at pixel positions. */
function eventsAt(wcs: Wcs, x: Float64Array, y: Float64Array): [Float64Array, Float64Array] {
  const sky = { lonDeg: new Float64Array(x.length), latDeg: new Float64Array(x.length) };
  pixelToWorldInto(wcs, { x, y }, sky);
  if (wcs.frame === "galactic") galacticToIcrsInto(sky, sky);
  return [sky.lonDeg, sky.latDeg];
}

for (const [name, wcs] of FIELDS) {
  Deno.test(`wcsPixelIndexer() gives worldToPixel()'s pixels within the field: ${name}`, () => {
    const next = uniforms(7), n = 50_000;
    const x = Float64Array.from({ length: n }, () => next() * 520 - 10);
    const y = Float64Array.from({ length: n }, () => next() * 420 - 10);
    assert.ok(hold(wcs, NPIX, ...eventsAt(wcs, x, y)) > 0.9 * n);
  });

  Deno.test(`wcsPixelIndexer() gives worldToPixel()'s pixels on their edges: ${name}`, () => {
    const next = uniforms(8), n = 20_000;
    const edge = (): number =>
      Math.floor(next() * 501) - 0.5 + (next() - 0.5) * 10 ** -Math.floor(next() * 17);
    const x = Float64Array.from({ length: n }, edge), y = Float64Array.from({ length: n }, edge);
    hold(wcs, NPIX, ...eventsAt(wcs, x, y));
  });

  Deno.test(`wcsPixelIndexer() gives worldToPixel()'s pixels all over the sky: ${name}`, () => {
    const next = uniforms(9), n = 20_000;
    const ra = Float64Array.from({ length: n }, () => next() * 1080 - 360);
    const dec = Float64Array.from({ length: n }, () => Math.asin(2 * next() - 1) * 180 / Math.PI);
    hold(wcs, NPIX, ra, dec);
    const odd = [NaN, Infinity, -Infinity, -360, 0, 180, 360, 1e9, 83.633, 10, -350, 263.633];
    const dodd = [NaN, Infinity, -90, 90, 0, 22.014, -22.014, 88.5, 95, -100, 268, 1e9];
    const pairs = odd.flatMap((a) => dodd.map((b) => [a, b] as const));
    hold(wcs, NPIX, Float64Array.from(pairs, ([a]) => a), Float64Array.from(pairs, ([, b]) => b));
  });
}

Deno.test("wcsPixelIndexer() looks at the first n events alone, in any number of batches", () => {
  const wcs = createWcs({ projection: "CAR", crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] });
  const n = 5000, next = uniforms(3);
  const ra = Float64Array.from({ length: n }, () => 350 + 10 * next());
  const dec = Float64Array.from({ length: n }, () => 10 * next());
  const whole = new Int32Array(n), parts = new Int32Array(n), index = wcsPixelIndexer(wcs, [9, 9]);
  index(ra, dec, n, whole);
  for (let i = 0; i < n; i += 613) {
    index(ra.subarray(i), dec.subarray(i), Math.min(613, n - i), parts.subarray(i));
  }
  assert.deepEqual(parts, whole);
  const out = new Int32Array(4).fill(99);
  index(ra, dec, 2, out);
  assert.deepEqual([...out.subarray(2)], [99, 99]);
});

Deno.test("wcsPixelIndexer() holds other projections to the same definition", () => {
  for (const projection of ["CAR", "AIT", "ZEA", "SFL", "GLS"] as const) {
    const wcs = createWcs({
      projection,
      frame: "galactic",
      crvalDeg: [30, projection === "GLS" ? 5 : 0],
      crpix: [50, 40],
      cdeltDeg: [-1, 1],
    });
    const next = uniforms(11), n = 5000;
    const ra = Float64Array.from({ length: n }, () => next() * 360);
    const dec = Float64Array.from({ length: n }, () => Math.asin(2 * next() - 1) * 180 / Math.PI);
    assert.ok(hold(wcs, [100, 80], ra, dec) > 0.05 * n);
  }
});

Deno.test("wcsPixelIndexer() refuses impossible numbers of pixels", () => {
  const wcs = tan([0, 0]);
  for (const npix of [[0, 5], [2.5, 2], [-1, 4], [65536, 65536]] as const) {
    assert.throws(() => wcsPixelIndexer(wcs, npix), RangeError);
  }
});

Deno.test("roundHalfEven() rounds as rint does", () => {
  const pairs = [[0.5, 0], [1.5, 2], [2.5, 2], [-0.5, 0], [-1.5, -2], [0.49999999999999994, 0], [
    3,
    3,
  ]];
  for (const [x, expected] of pairs) assert.equal(roundHalfEven(x!) + 0, expected);
  assert.ok(Number.isNaN(roundHalfEven(NaN)));
  assert.equal(roundHalfEven(Infinity), Infinity);
});
