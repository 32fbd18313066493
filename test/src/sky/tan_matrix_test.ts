import assert from "node:assert/strict";
import fc from "fast-check";
import {
  createWcs,
  galacticToIcrs,
  pixelToWorld,
  tanMatrix,
  worldToPixel,
} from "../../../src/sky/mod.ts";
import { anyPosition, between } from "./_arbitraries.ts";

const DEG = Math.PI / 180;

Deno.test("tanMatrix() gives the directions and pixels of pixelToWorld() and worldToPixel()", () => {
  const any = fc.tuple(
    anyPosition,
    fc.constantFrom("icrs", "galactic" as const),
    between(-180, 180),
    fc.tuple(between(-60, 60), between(-60, 60)),
    fc.constantFrom<Record<string, number>>({}, { PV1_0: 1, PV1_1: 20, PV1_2: 70 }),
  );
  fc.assert(fc.property(any, ([at, frame, lonpoleDeg, [x, y], pv]) => {
    const wcs = createWcs({
      projection: "TAN",
      frame,
      crvalDeg: [at.lonDeg, "PV1_0" in pv ? at.latDeg / 10 : at.latDeg],
      crpix: [3, -2],
      cd: [[-1, 0.1], [0.2, 1.5]],
      lonpoleDeg: "PV1_0" in pv ? 180 : lonpoleDeg,
      pv,
    });
    const { toDirection: d, toPixel: t } = tanMatrix(wcs)!;
    const v = [0, 3, 6].map((k) => d[k]! * x + d[k + 1]! * y + d[k + 2]!),
      length = Math.hypot(...v);
    const world = pixelToWorld(wcs, { x, y });
    const { lonDeg, latDeg } = frame === "icrs" ? world : galacticToIcrs(world);
    const unit = [
      Math.cos(latDeg * DEG) * Math.cos(lonDeg * DEG),
      Math.cos(latDeg * DEG) * Math.sin(lonDeg * DEG),
      Math.sin(latDeg * DEG),
    ];
    unit.forEach((one, k) => assert.ok(Math.abs(one - v[k]! / length) < 2e-15));
    const [xw, yw, w] = [0, 3, 6].map((k) => t[k]! * v[0]! + t[k + 1]! * v[1]! + t[k + 2]! * v[2]!);
    const pixel = worldToPixel(wcs, world);
    assert.ok(Math.abs(xw! / w! - pixel.x) < 1e-11 && Math.abs(yw! / w! - pixel.y) < 1e-11);
  }));
});

Deno.test("tanMatrix() is undefined for other projections", () => {
  const options = { crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] } as const;
  assert.equal(tanMatrix(createWcs({ projection: "SIN", ...options })), undefined);
});
