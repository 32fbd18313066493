/** Random regions for properties. */
import fc from "fast-check";
import {
  createRegion,
  offsetBy,
  type Region,
  type SimpleRegion,
  type SkyFrame,
} from "../../../src/sky/mod.ts";
import { anyPosition, between } from "./_arbitraries.ts";

const frames: fc.Arbitrary<SkyFrame> = fc.constantFrom("icrs", "galactic");
const radii = fc.oneof(between(1e-3, 10), between(1e-6, 170));
const sides = fc.oneof(between(1e-3, 20), between(1e-6, 180));

/** Any region but a compound. */
export const simpleRegion: fc.Arbitrary<SimpleRegion> = fc.tuple(
  frames,
  anyPosition,
  fc.constantFrom("circle", "annulus", "ellipse", "rectangle", "polygon", "point"),
  fc.tuple(radii, between(0, 0.99)),
  fc.tuple(sides, sides, between(-400, 400)),
  fc.array(between(0.05, 1), { minLength: 3, maxLength: 9 }),
).map(([frame, center, kind, [radius, inner], [widthDeg, heightDeg, angleDeg], spokes]) => {
  const base = { frame, ...center };
  switch (kind) {
    case "circle":
      return createRegion({ kind, ...base, radiusDeg: radius });
    case "annulus":
      return createRegion({
        kind,
        ...base,
        innerRadiusDeg: inner * radius,
        outerRadiusDeg: radius,
      });
    case "ellipse":
    case "rectangle":
      return createRegion({ kind, ...base, widthDeg, heightDeg, angleDeg });
    case "polygon":
      return createRegion({
        kind,
        frame,
        vertices: spokes.map((spoke, i) =>
          offsetBy(center, {
            separationDeg: spoke * Math.min(radius, 40),
            positionAngleDeg: 360 * i / spokes.length,
          })
        ),
      });
    default:
      return createRegion({ kind: "point", ...base });
  }
});

/** Any region, compounds of one level included. */
export const anyRegion: fc.Arbitrary<Region> = fc.oneof(
  { weight: 3, arbitrary: simpleRegion },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.array(simpleRegion, { minLength: 1, maxLength: 4 }),
      fc.array(simpleRegion, { maxLength: 2 }),
    ).filter(([include, exclude]) => include.length + exclude.length > 1)
      .map(([include, exclude]) => createRegion({ kind: "compound", include, exclude })),
  },
);
