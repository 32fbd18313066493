import assert from "node:assert/strict";
import fc from "fast-check";
import {
  convertFrame,
  createWcs,
  offsetBy,
  pixelToPixelInto,
  pixelToWorld,
  PROJECTION_CODES,
  type SkyFrame,
  type Wcs,
  worldToPixel,
} from "../../../src/sky/mod.ts";
import { anyPosition, between } from "./_arbitraries.ts";

const frame = fc.constantFrom<SkyFrame>("icrs", "galactic");
const code = fc.oneof(fc.constant("TAN" as const), fc.constantFrom(...PROJECTION_CODES));

/** Over the sky. */
function slow(from: Wcs, to: Wcs, x: number, y: number): { x: number; y: number } {
  const world = pixelToWorld(from, { x, y });
  if (Number.isNaN(world.lonDeg)) return { x: NaN, y: NaN };
  return worldToPixel(to, convertFrame(world, { from: from.frame, to: to.frame }));
}

Deno.test("pixelToPixelInto() is pixelToWorld(), the change of frame and worldToPixel()", () => {
  let seen = 0;
  const any = fc.tuple(
    anyPosition,
    fc.tuple(code, code, frame, frame),
    fc.tuple(between(0, 60), between(0, 360)),
    fc.tuple(between(-40, 40), between(-40, 40)),
  );
  fc.assert(
    fc.property(any, ([at, [first, second, frame, other], [distance, angle], [x, y]]) => {
      const center = offsetBy(convertFrame(at, { from: frame, to: other }), {
        separationDeg: distance,
        positionAngleDeg: angle,
      });
      const make = (projection: typeof first, skyFrame: SkyFrame, crval: typeof at) =>
        createWcs({
          projection,
          frame: skyFrame,
          crvalDeg: [crval.lonDeg, crval.latDeg],
          crpix: [2, 3],
          cd: [[-1, 0.1], [0.2, 1]],
        });
      const from = make(first, frame, at), to = make(second, other, center);
      const expected = slow(from, to, x, y);
      const pixels = { x: Float64Array.of(x), y: Float64Array.of(y) };
      pixelToPixelInto({ from, to }, pixels, pixels);
      // a rounding on the sky grows without bound towards the edge of TAN and the poles of MER
      const r = Math.hypot(expected.x, expected.y);
      if (!(r < 400)) {
        assert.ok(!(Math.hypot(pixels.x[0]!, pixels.y[0]!) < 300));
        return;
      }
      seen++;
      const miss = Math.hypot(pixels.x[0]! - expected.x, pixels.y[0]! - expected.y);
      const isNearSeam = r > 80 && miss > 100;
      const world = pixelToWorld(to, { x: pixels.x[0]!, y: pixels.y[0]! });
      if (isNearSeam) {
        const again = worldToPixel(to, world);
        assert.ok(Math.abs(again.x - pixels.x[0]!) < 1e-7);
        return;
      }
      const latDeg = Math.abs(world.latDeg);
      const limit = 1e-11 * (1 + r * r / 1e3) / Math.max(1e-4, Math.cos(latDeg * Math.PI / 180));
      assert.ok(miss <= limit, `${first} to ${second}: ${miss} of ${limit}`);
    }),
    { numRuns: 2000 },
  );
  assert.ok(seen > 500, `${seen}`);
});

Deno.test("pixelToPixelInto() is NaN outside either projection and refuses short columns", () => {
  const options = { crvalDeg: [0, 0], crpix: [1, 1], cdeltDeg: [-1, 1] } as const;
  const car = createWcs({ projection: "CAR", ...options });
  const sin = createWcs({ projection: "SIN", ...options });
  const pixels = { x: Float64Array.of(190, 100, 30), y: new Float64Array(3) };
  const { x } = pixelToPixelInto({ from: car, to: sin }, pixels, pixels);
  assert.deepEqual([...x].map(Number.isNaN), [true, true, false]);
  assert.ok(Math.abs(x[2]! - 90 / Math.PI) < 1e-12);
  const short = { x: new Float64Array(2), y: new Float64Array(3) };
  assert.throws(() => pixelToPixelInto({ from: car, to: sin }, pixels, short), TypeError);
});
