import assert from "node:assert/strict";
import fc from "fast-check";
import {
  boundingCircle,
  createRegion,
  offsetBy,
  regionSelector,
  regionSolidAngleSr,
} from "../../../src/sky/mod.ts";
import { uniforms } from "./_arbitraries.ts";
import { simpleRegion } from "./_region_arbitrary.ts";

const DEG = Math.PI / 180, center = { frame: "icrs", lonDeg: 83, latDeg: 22 } as const;

function close(found: number, expected: number, rtol: number): void {
  assert.ok(Math.abs(found - expected) <= rtol * expected, `found ${found}, expected ${expected}`);
}

Deno.test("regionSolidAngleSr() has the closed forms of circles and annuli", () => {
  for (const r of [1e-6, 0.5, 90, 180]) {
    const circle = createRegion({ kind: "circle", ...center, radiusDeg: r });
    close(regionSolidAngleSr(circle), 4 * Math.PI * Math.sin(r * DEG / 2) ** 2, 1e-14);
  }
  const annulus = createRegion({
    kind: "annulus",
    ...center,
    innerRadiusDeg: 60,
    outerRadiusDeg: 90,
  });
  close(regionSolidAngleSr(annulus), Math.PI, 1e-14);
});

Deno.test("regionSolidAngleSr() of a round ellipse is that of a circle", () => {
  for (const r of [1e-3, 1, 40, 90]) {
    const ellipse = {
      kind: "ellipse",
      ...center,
      widthDeg: 2 * r,
      heightDeg: 2 * r,
      angleDeg: 9,
    } as const;
    const circle = createRegion({ kind: "circle", ...center, radiusDeg: r });
    close(regionSolidAngleSr(createRegion(ellipse)), regionSolidAngleSr(circle), 1e-13);
  }
});

Deno.test("regionSolidAngleSr() of a needle is in proportion to its width, to any thinness", () => {
  // a thin ellipse of semi axes a << b: a b ∫ (1 - cos S)/S² dt with S = b |cos t|
  const b = 80 * DEG, n = 200_000;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const s = b * Math.cos(2 * Math.PI * (i + 0.5) / n);
    sum += s === 0 ? 0.5 : (1 - Math.cos(s)) / (s * s);
  }
  const perWidth = b * sum * 2 * Math.PI / n;
  for (const a of [1e-9, 1e-6, 1e-4]) {
    const needle = { ...center, widthDeg: 2 * a / DEG, heightDeg: 160, angleDeg: 12 } as const;
    close(regionSolidAngleSr(createRegion({ kind: "ellipse", ...needle })), a * perWidth, 1e-7);
  }
});

Deno.test("regionSolidAngleSr() of small shapes is flat", () => {
  const small = { ...center, widthDeg: 2e-3, heightDeg: 5e-4, angleDeg: 33 } as const;
  const box = createRegion({ kind: "rectangle", ...small }),
    ellipse = createRegion({ kind: "ellipse", ...small });
  close(regionSolidAngleSr(box), 1e-6 * DEG * DEG, 1e-9);
  close(regionSolidAngleSr(ellipse), Math.PI / 4 * 1e-6 * DEG * DEG, 1e-9);
});

Deno.test("regionSolidAngleSr() of a polygon is its spherical excess", () => {
  const vertices = [{ lonDeg: 0, latDeg: 0 }, { lonDeg: 90, latDeg: 0 }, { lonDeg: 0, latDeg: 90 }];
  close(
    regionSolidAngleSr(createRegion({ kind: "polygon", frame: "icrs", vertices })),
    Math.PI / 2,
    1e-14,
  );
  const turned = createRegion({ kind: "polygon", frame: "galactic", vertices: vertices.reverse() });
  close(regionSolidAngleSr(turned), Math.PI / 2, 1e-14);
});

Deno.test("regionSolidAngleSr() is the share of random directions that regionContains() takes", () => {
  fc.assert(
    fc.property(simpleRegion, fc.integer(), (region, seed) => {
      const bound = boundingCircle(region), next = uniforms(seed), n = 20_000;
      const s = Math.sin(bound.radiusDeg * DEG / 2), whole = 4 * Math.PI * s * s;
      fc.pre(whole > 0);
      const ra = new Float64Array(n), dec = new Float64Array(n), out = new Uint32Array(n);
      for (let i = 0; i < n; i++) {
        const separation = 2 * Math.asin(s * Math.sqrt(next())) / DEG;
        const position = offsetBy(bound, {
          separationDeg: separation,
          positionAngleDeg: 360 * next(),
        });
        ra[i] = position.lonDeg;
        dec[i] = position.latDeg;
      }
      const inside = regionSelector(region)(ra, dec, n, out);
      const share = Math.min(1, regionSolidAngleSr(region) / whole);
      // five standard deviations and a count: false alarm 6e-7 a run
      const limit = 5 * Math.sqrt(n * share * (1 - share)) + 3;
      assert.ok(Math.abs(inside - n * share) <= limit, `${region.kind} ${inside / n} ${share}`);
    }),
    { numRuns: 60, seed: 20020 },
  );
});

Deno.test("regionSolidAngleSr() of a compound adds what is apart, and counts what overlaps", () => {
  const a = createRegion({ kind: "circle", ...center, radiusDeg: 1 }), one = regionSolidAngleSr(a);
  const apart = createRegion({
    kind: "circle",
    frame: "icrs",
    lonDeg: 200,
    latDeg: 0,
    radiusDeg: 1,
  });
  const union = { kind: "compound", exclude: [] } as const;
  close(regionSolidAngleSr(createRegion({ ...union, include: [a, apart] })), 2 * one, 1e-14);
  close(regionSolidAngleSr(createRegion({ ...union, include: [a, a] })), one, 1e-4);
  const half = createRegion({ kind: "circle", ...center, radiusDeg: 0.5 });
  const ring = createRegion({ kind: "compound", include: [a], exclude: [half] });
  close(regionSolidAngleSr(ring), one - regionSolidAngleSr(half), 1e-4);
  const cut = createRegion({ kind: "compound", include: [a, apart], exclude: [half] });
  close(regionSolidAngleSr(cut), 2 * one - regionSolidAngleSr(half), 1e-4);
});
