import assert from "node:assert/strict";
import fc from "fast-check";
import {
  boundingCircle,
  convertFrame,
  createRegion,
  createWcs,
  galacticToIcrs,
  offsetBy,
  type Region,
  regionContains,
  regionSelector,
  separationDeg,
  type SkyPosition,
  worldToPixel,
} from "../../../src/sky/mod.ts";
import { anyPosition, between, uniforms } from "./_arbitraries.ts";
import { anyRegion } from "./_region_arbitrary.ts";

const at = (lonDeg: number, latDeg: number): SkyPosition => ({ lonDeg, latDeg });
const center = { frame: "icrs", lonDeg: 83.633, latDeg: 22.014 } as const;
const contains = (region: Region, { lonDeg, latDeg }: SkyPosition): boolean =>
  regionContains(region, lonDeg, latDeg);

Deno.test("regionContains() of a circle is separation < radius, in its frame", () => {
  fc.assert(
    fc.property(anyPosition, anyPosition, between(1e-3, 180), (middle, position, radiusDeg) => {
      const circle = createRegion({ kind: "circle", frame: "icrs", ...middle, radiusDeg });
      assert.equal(contains(circle, position), separationDeg(middle, position) < radiusDeg);
      const galactic = createRegion({ ...circle, frame: "galactic" });
      const s = separationDeg(convertFrame(position, { from: "icrs", to: "galactic" }), middle);
      if (Math.abs(s - radiusDeg) > 1e-9) assert.equal(contains(galactic, position), s < radiusDeg);
    }),
  );
});

Deno.test("regionContains() leaves the edge of a circle out, and the inner edge of an annulus in", () => {
  const circle = createRegion({
    kind: "circle",
    frame: "icrs",
    lonDeg: 0,
    latDeg: 0,
    radiusDeg: 1,
  });
  assert.equal(separationDeg(at(0, 0), at(0, 1)), 1);
  assert.equal(regionContains(circle, 0, 1), false);
  assert.equal(regionContains(circle, 0, 0.9999999999999999), true);
  const annulus = createRegion({
    kind: "annulus",
    frame: "icrs",
    lonDeg: 0,
    latDeg: 0,
    innerRadiusDeg: 1,
    outerRadiusDeg: 2,
  });
  assert.equal(regionContains(annulus, 0, 1), true);
  assert.equal(regionContains(annulus, 0, 0.9999999999999999), false);
  assert.equal(regionContains(annulus, 0, 1.5), true);
  assert.equal(regionContains(annulus, 0, 2.0000001), false);
});

Deno.test("regionContains() of NaN and of points is false", () => {
  const circle = createRegion({ kind: "circle", ...center, radiusDeg: 180 });
  assert.equal(regionContains(circle, NaN, 0), false);
  assert.equal(regionContains(circle, 0, NaN), false);
  assert.equal(regionContains(circle, 0, 0), true);
  assert.equal(regionContains(createRegion({ kind: "point", ...center }), 83.633, 22.014), false);
});

Deno.test("regionContains() turns ellipses and rectangles east of north, height along the angle", () => {
  for (const kind of ["ellipse", "rectangle"] as const) {
    for (const angleDeg of [0, 30, 90, 135, -60, 400]) {
      const region = createRegion({ kind, ...center, widthDeg: 1, heightDeg: 4, angleDeg });
      for (const [turn, half] of [[0, 2], [180, 2], [90, 0.5], [270, 0.5]] as const) {
        const along = { positionAngleDeg: angleDeg + turn };
        const inside = offsetBy(center, { separationDeg: half - 1e-6, ...along });
        const outside = offsetBy(center, { separationDeg: half + 1e-6, ...along });
        assert.equal(contains(region, inside), true, `${kind} ${angleDeg} ${turn}`);
        assert.equal(contains(region, outside), false, `${kind} ${angleDeg} ${turn}`);
      }
      // a corner of the box belongs to the rectangle only
      const corner = offsetBy(center, {
        separationDeg: Math.hypot(0.49, 1.99),
        positionAngleDeg: angleDeg + Math.atan2(0.49, 1.99) * 180 / Math.PI,
      });
      assert.equal(contains(region, corner), kind === "rectangle");
    }
  }
});

Deno.test("regionContains() of a Galactic ellipse is that of its turned ICRS twin", () => {
  const galactic = { frame: "galactic", lonDeg: 120, latDeg: -35 } as const;
  const region = createRegion({
    kind: "ellipse",
    ...galactic,
    widthDeg: 2,
    heightDeg: 6,
    angleDeg: 25,
  });
  for (const [turn, half] of [[0, 3], [90, 1], [180, 3], [270, 1]] as const) {
    const along = { positionAngleDeg: 25 + turn };
    const inside = galacticToIcrs(offsetBy(galactic, { separationDeg: half - 1e-6, ...along }));
    const outside = galacticToIcrs(offsetBy(galactic, { separationDeg: half + 1e-6, ...along }));
    assert.equal(contains(region, inside), true);
    assert.equal(contains(region, outside), false);
  }
});

Deno.test("regionContains() of a polygon has great-circle edges, across RA 0 and over a pole", () => {
  const north = createRegion({
    kind: "polygon",
    frame: "icrs",
    vertices: [at(0, 80), at(90, 80), at(180, 80), at(270, 80)],
  });
  assert.equal(regionContains(north, 45, 90), true);
  assert.equal(regionContains(north, 0, 80.001), true);
  // the middle of the great circle from (0, 80) to (90, 80) is at latitude atan(√2 tan 80°)
  const middle = Math.atan(Math.SQRT2 * Math.tan(80 * Math.PI / 180)) * 180 / Math.PI;
  assert.equal(regionContains(north, 45, middle + 1e-9), true);
  assert.equal(regionContains(north, 45, middle - 1e-9), false);
  assert.equal(regionContains(north, 45, -90), false);
  const wrap = createRegion({
    kind: "polygon",
    frame: "icrs",
    vertices: [at(359, -1), at(1, -1), at(1, 1), at(359, 1)],
  });
  for (const ra of [359.5, 0, 0.5, 360, -0.5]) {
    assert.equal(regionContains(wrap, ra, 0), true, `${ra}`);
  }
  for (const ra of [358.9, 1.1, 180]) assert.equal(regionContains(wrap, ra, 0), false, `${ra}`);
});

Deno.test("regionContains() of a concave polygon is the winding in the tangent plane", () => {
  // an L of 2 x 2 deg without its north-eastern quarter
  const vertices = [at(0, 0), at(2, 0), at(2, 1), at(1, 1), at(1, 2), at(0, 2)];
  const region = createRegion({ kind: "polygon", frame: "icrs", vertices });
  const wcs = createWcs({ projection: "TAN", crvalDeg: [1, 1], crpix: [1, 1], cdeltDeg: [1, 1] });
  const plane = vertices.map((one) => worldToPixel(wcs, one)), next = uniforms(5);
  for (let i = 0; i < 5000; i++) {
    const position = at(3 * next() - 0.5, 3 * next() - 0.5), { x, y } = worldToPixel(wcs, position);
    let angle = 0;
    for (let k = 0; k < plane.length; k++) {
      const a = plane[k]!, b = plane[(k + 1) % plane.length]!;
      const ax = a.x - x, ay = a.y - y, bx = b.x - x, by = b.y - y;
      angle += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
    }
    assert.equal(contains(region, position), Math.abs(angle) > Math.PI, `${position.lonDeg}`);
  }
});

Deno.test("regionContains() of a compound is in any included and in no excluded part", () => {
  const a = createRegion({ kind: "circle", ...center, radiusDeg: 1 });
  const b = createRegion({ ...a, lonDeg: 85 });
  const hole = createRegion({ ...a, radiusDeg: 0.2 });
  const compound = createRegion({ kind: "compound", include: [a, b], exclude: [hole] });
  assert.equal(contains(compound, center), false);
  assert.equal(regionContains(compound, 83.633, 22.3), true);
  assert.equal(regionContains(compound, 85, 22), true);
  assert.equal(regionContains(compound, 89, 22), false);
});

/** Holds a selector against regionContains() event by event. */
function hold(region: Region, raDeg: Float64Array, decDeg: Float64Array): number {
  const n = raDeg.length, out = new Uint32Array(n).fill(7);
  const count = regionSelector(region)(raDeg, decDeg, n, out), expected: number[] = [];
  for (let i = 0; i < n; i++) if (regionContains(region, raDeg[i]!, decDeg[i]!)) expected.push(i);
  assert.deepEqual([...out.subarray(0, count)], expected);
  return count;
}

const ODD = [NaN, Infinity, -Infinity, -360, -0.1, 0, 180, 359.99999999, 360, 720.5, 83.633, 1e9];
const ODD_DEC = [NaN, Infinity, -90, 90, 0, 22.014, -22.014, 89.9999999, 95, -100, 1e9];

Deno.test("regionSelector() selects what regionContains() says, for any region and events", () => {
  const odd = ODD.flatMap((a) => ODD_DEC.map((b) => [a, b] as const));
  let selected = 0;
  fc.assert(
    fc.property(anyRegion, fc.integer(), (region, seed) => {
      const next = uniforms(seed), bound = boundingCircle(region);
      const near = Array.from({ length: 300 }, () => {
        const separation = bound.radiusDeg * 1.2 * Math.sqrt(next());
        const { lonDeg, latDeg } = offsetBy(bound, {
          separationDeg: separation,
          positionAngleDeg: 360 * next(),
        });
        return [lonDeg + 360 * Math.floor(3 * next() - 1), latDeg] as const;
      });
      const all = [...near, ...odd];
      selected += hold(
        region,
        Float64Array.from(all, ([a]) => a),
        Float64Array.from(all, ([, b]) => b),
      );
    }),
    { numRuns: 400 },
  );
  assert.ok(selected > 10_000, `${selected} selected`);
});

Deno.test("regionSelector() of a circle decides as the exact formula on the very edge", () => {
  const next = uniforms(21);
  for (const radiusDeg of [1e-12, 1e-7, 0.01, 0.3, 5, 60, 90, 150, 179.999, 180]) {
    for (const middle of [center, at(0, 0), at(359.9999, -60), at(12, 90), at(200, -89.9999)]) {
      const region = createRegion({
        kind: "circle",
        frame: "icrs",
        lonDeg: middle.lonDeg,
        latDeg: middle.latDeg,
        radiusDeg,
      });
      const n = 2000, ra = new Float64Array(n), dec = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        const miss = (next() - 0.5) * 10 ** -Math.floor(next() * 17);
        const edge = offsetBy(middle, {
          separationDeg: radiusDeg * (1 + miss),
          positionAngleDeg: 360 * next(),
        });
        ra[i] = edge.lonDeg;
        dec[i] = edge.latDeg;
      }
      hold(region, ra, dec);
    }
  }
});

Deno.test("regionSelector() looks at the first n events alone and fills signed arrays too", () => {
  const select = regionSelector(createRegion({ kind: "circle", ...center, radiusDeg: 1 }));
  const ra = Float64Array.of(83.6, 0, 83.7, 83.6), dec = Float64Array.of(22, 0, 22, 22);
  const out = new Int32Array(3).fill(-5);
  assert.equal(select(ra, dec, 3, out), 2);
  assert.deepEqual([...out.subarray(0, 2)], [0, 2]);
  assert.equal(select(ra, dec, 0, out), 0);
});
