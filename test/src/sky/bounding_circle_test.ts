import assert from "node:assert/strict";
import fc from "fast-check";
import {
  boundingCircle,
  createRegion,
  galacticToIcrs,
  offsetBy,
  regionContains,
  separationDeg,
} from "../../../src/sky/mod.ts";
import { uniforms } from "./_arbitraries.ts";
import { anyRegion } from "./_region_arbitrary.ts";

Deno.test("boundingCircle() contains every position of its region", () => {
  fc.assert(
    fc.property(anyRegion, fc.integer(), (region, seed) => {
      const bound = boundingCircle(region), next = uniforms(seed);
      assert.ok(bound.radiusDeg >= 0 && bound.radiusDeg <= 180);
      for (let i = 0; i < 200; i++) {
        const s = Math.min(180, bound.radiusDeg * 2 * next());
        const position = offsetBy(bound, { separationDeg: s, positionAngleDeg: 360 * next() });
        const isFar = separationDeg(bound, position) > bound.radiusDeg + 1e-9;
        if (isFar) assert.ok(!regionContains(region, position.lonDeg, position.latDeg));
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("boundingCircle() is in ICRS, and tight for shapes with a centre", () => {
  const galactic = { frame: "galactic", lonDeg: 0, latDeg: 0 } as const;
  const ellipse = createRegion({
    kind: "ellipse",
    ...galactic,
    widthDeg: 2,
    heightDeg: 6,
    angleDeg: 5,
  });
  assert.deepEqual(boundingCircle(ellipse), { ...galacticToIcrs(galactic), radiusDeg: 3 });
  assert.equal(boundingCircle(createRegion({ kind: "point", ...galactic })).radiusDeg, 0);
});
