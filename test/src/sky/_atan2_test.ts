import assert from "node:assert/strict";
import fc from "fast-check";
import { atan2Deg } from "../../../src/sky/_atan2.ts";

const PER_RADIAN = 180 / Math.PI;

function hold(y: number, x: number): void {
  const found = atan2Deg(y, x), expected = Math.atan2(y, x) * PER_RADIAN;
  const limit = Math.min(3e-14, 6e-16 * Math.abs(expected));
  assert.ok(Math.abs(found - expected) <= limit, `${y}, ${x}: found ${found}, not ${expected}`);
}

Deno.test("atan2Deg() is Math.atan2() in degrees, all around and near the axes", () => {
  const size = fc.double({ min: -2, max: 2, noNaN: true, noDefaultInfinity: true })
    .filter((one) => Math.abs(one) > 1e-150 || one === 0);
  fc.assert(
    fc.property(size, size, (y, x) => {
      if (x !== 0 || y !== 0) hold(y + 0, x + 0);
    }),
    { numRuns: 3000 },
  );
  for (let k = 0; k < 100_000; k++) {
    const angle = k * 2 * Math.PI / 1e5, r = 0.5 + k * 1e-5;
    hold(r * Math.sin(angle), r * Math.cos(angle));
  }
  for (let k = 1; k < 300; k++) {
    const tiny = 10 ** -k;
    hold(tiny, 1);
    hold(1, -tiny);
    hold(-tiny, -1);
    hold(tiny, tiny);
  }
});

Deno.test("atan2Deg() is exact on the axes and diagonals, 0 without a direction, NaN of NaN", () => {
  const exact = [[0, 1, 0], [1, 1, 45], [1, 0, 90], [1, -1, 135], [0, -1, 180], [-1, 0, -90]];
  for (const [y, x, angle] of exact) assert.equal(atan2Deg(y!, x!), angle);
  assert.equal(atan2Deg(0, 0), 0);
  assert.equal(atan2Deg(0, -0), 0);
  for (const [y, x] of [[NaN, 1], [1, NaN], [NaN, 0], [0, NaN]]) {
    assert.ok(Number.isNaN(atan2Deg(y!, x!)));
  }
});
