import assert from "node:assert/strict";
import { createRegion, type Region } from "../../../src/sky/mod.ts";

const center = { frame: "icrs", lonDeg: 83, latDeg: 22 } as const;

Deno.test("createRegion() copies and freezes, to the parts", () => {
  const vertices = [{ lonDeg: 0, latDeg: 0 }, { lonDeg: 1, latDeg: 0 }, { lonDeg: 0, latDeg: 1 }];
  const polygon = createRegion({ kind: "polygon", frame: "icrs", vertices });
  vertices[0]!.lonDeg = 5;
  assert.equal(polygon.vertices[0]!.lonDeg, 0);
  assert.ok(Object.isFrozen(polygon.vertices) && Object.isFrozen(polygon.vertices[0]));
  const circle: Region = { kind: "circle", ...center, radiusDeg: 1 };
  const compound = createRegion({
    kind: "compound",
    include: [circle, polygon],
    exclude: [circle],
  });
  assert.ok(Object.isFrozen(compound.include) && Object.isFrozen(compound.include[0]));
  assert.ok(!Object.isFrozen(circle));
});

Deno.test("createRegion() refuses what is no region, and says what it found", () => {
  const triangle = [0, 120, 240].map((lonDeg) => ({ lonDeg, latDeg: 0 }));
  const refused: readonly [unknown, RegExp][] = [
    [{ kind: "blob", ...center }, /Unknown region "blob": expected one of circle, annulus/],
    [
      { kind: "circle", ...center, radiusDeg: 0 },
      /circle radiusDeg: found 0, expected a number in \(0, 180\]/,
    ],
    [{ kind: "circle", ...center, radiusDeg: NaN }, /found NaN/],
    [{ kind: "circle", ...center, radiusDeg: 181 }, /found 181/],
    [{ kind: "circle", ...center, latDeg: 91, radiusDeg: 1 }, /latDeg: found 91/],
    [{ kind: "circle", ...center, lonDeg: Infinity, radiusDeg: 1 }, /lonDeg: found Infinity/],
    [{ kind: "circle", ...center, frame: "fk4", radiusDeg: 1 }, /"fk4"/],
    [
      { kind: "annulus", ...center, innerRadiusDeg: 2, outerRadiusDeg: 2 },
      /expected inner < outer/,
    ],
    [{ kind: "annulus", ...center, innerRadiusDeg: -1, outerRadiusDeg: 2 }, /found -1/],
    [{ kind: "ellipse", ...center, widthDeg: 0, heightDeg: 1, angleDeg: 0 }, /ellipse widthDeg/],
    [{ kind: "rectangle", ...center, widthDeg: 1, heightDeg: 200, angleDeg: 0 }, /found 200/],
    [{ kind: "rectangle", ...center, widthDeg: 1, heightDeg: 2, angleDeg: NaN }, /angleDeg/],
    [{ kind: "polygon", frame: "icrs", vertices: triangle.slice(1) }, /found 2 vertices/],
    [{ kind: "polygon", frame: "icrs", vertices: triangle }, /within a hemisphere/],
    [{ kind: "compound", include: [], exclude: [] }, /no included region/],
    [
      { kind: "compound", include: [{ kind: "circle", ...center, radiusDeg: -1 }], exclude: [] },
      /-1/,
    ],
  ];
  for (const [region, message] of refused) {
    assert.throws(() => createRegion(region as Region), { name: "RangeError", message });
  }
});
