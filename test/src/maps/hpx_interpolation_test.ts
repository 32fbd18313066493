import assert from "node:assert/strict";
import { createHpxGeom, hpxCenters } from "../../../src/maps/hpx_geom.ts";
import { hpxInterpolation, hpxInterpolationInto } from "../../../src/maps/hpx_interpolation.ts";
import { interpolationWeights } from "../../../src/sky/mod.ts";

const disc = { center: { lonDeg: 10, latDeg: 60 }, radiusDeg: 12 };

Deno.test("hpxInterpolation() of the whole sky are the weights of the grid", () => {
  for (const order of ["ring", "nested"] as const) {
    const geom = createHpxGeom({ nside: 16, order }), position = { lonDeg: 12.3, latDeg: -41.9 };
    assert.deepEqual(hpxInterpolation(geom, position), interpolationWeights(geom.grid, position));
  }
});

Deno.test("hpxInterpolation() inside a part reproduces a function linear in latitude", () => {
  const geom = createHpxGeom({ nside: 64, order: "nested", disc }),
    values = hpxCenters(geom).latDeg;
  for (let k = 0; k < 50; k++) {
    const position = { lonDeg: 5 + 0.2 * k, latDeg: 56 + 0.15 * k };
    const { pix, weights } = hpxInterpolation(geom, position);
    const value = pix.reduce((sum, p, i) => sum + weights[i]! * values[p]!, 0);
    assert.ok(Math.abs(value - position.latDeg) < 1e-11, `${value}`);
  }
});

Deno.test("hpxInterpolationInto() gives -1 and NaN for what a part does not have", () => {
  const whole = createHpxGeom({ nside: 16 }), part = createHpxGeom({ nside: 16, disc });
  const lonDeg = new Float64Array(200), latDeg = new Float64Array(200);
  for (let i = 0; i < 200; i++) {
    lonDeg[i] = -20 + 0.3 * i;
    latDeg[i] = 46 + 0.14 * i;
  }
  const make = () => ({ pix: new Float64Array(800), weights: new Float64Array(800) });
  const all = hpxInterpolationInto(whole, { lonDeg, latDeg }, make());
  const some = hpxInterpolationInto(part, { lonDeg, latDeg }, make());
  let missing = 0;
  for (let k = 0; k < 800; k++) {
    const place = part.pixels!.indexOf(all.pix[k]!);
    assert.equal(some.pix[k], place);
    if (place >= 0) assert.equal(some.weights[k], all.weights[k]);
    else assert.ok(Number.isNaN(some.weights[k]));
    missing += +(place < 0);
  }
  assert.ok(missing > 50 && missing < 750, `${missing}`);
});

Deno.test("hpxInterpolation() refuses a multi-order geometry", () => {
  const geom = createHpxGeom({ uniq: [4, 5] });
  assert.throws(() => hpxInterpolation(geom, { lonDeg: 0, latDeg: 0 }), /multi-order/);
});
