import assert from "node:assert/strict";
import fc from "fast-check";
import {
  checkFrame,
  convertFrame,
  galacticToIcrs,
  galacticToIcrsInto,
  ICRS_TO_GALACTIC,
  icrsToGalactic,
  icrsToGalacticInto,
  separationDeg,
} from "../../../src/sky/mod.ts";
import { goldenSky } from "./_golden_io.ts";
import { anyPosition } from "./_arbitraries.ts";

const DEG = Math.PI / 180;

/** Rotation of axes about the z or y axis. */
function turn(axis: "y" | "z", deg: number): number[][] {
  const c = Math.cos(deg * DEG), s = Math.sin(deg * DEG);
  return axis === "z" ? [[c, s, 0], [-s, c, 0], [0, 0, 1]] : [[c, 0, -s], [0, 1, 0], [s, 0, c]];
}
function times(a: number[][], b: number[][]): number[][] {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((sum, one, k) => sum + one * b[k]![j]!, 0)));
}

Deno.test("ICRS_TO_GALACTIC is the IAU rotation up to the frame bias, and orthogonal", () => {
  const iau = times(
    times(turn("z", 180 - 122.9319185680026), turn("y", 90 - 27.12825118085622)),
    turn("z", 192.8594812065348),
  ).flat();
  const bias = Math.max(...iau.map((one, i) => Math.abs(one - ICRS_TO_GALACTIC[i]!)));
  assert.ok(bias > 1e-9 && bias < 3e-7, `frame bias ${bias} rad, expected some 1e-7`);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      let sum = 0;
      for (let k = 0; k < 3; k++) {
        sum += ICRS_TO_GALACTIC[3 * i + k]! * ICRS_TO_GALACTIC[3 * j + k]!;
      }
      assert.ok(Math.abs(sum - (i === j ? 1 : 0)) < 3e-16);
    }
  }
});

Deno.test("icrsToGalactic() and galacticToIcrs() agree with astropy", () => {
  const { frames } = goldenSky();
  frames.lon.forEach((lonDeg, i) => {
    const position = { lonDeg, latDeg: frames.lat[i]! };
    const galactic = { lonDeg: frames.l[i]!, latDeg: frames.b[i]! };
    const icrs = { lonDeg: frames.ra[i]!, latDeg: frames.dec[i]! };
    assert.ok(separationDeg(icrsToGalactic(position), galactic) < 1e-12);
    assert.ok(separationDeg(galacticToIcrs(position), icrs) < 1e-12);
  });
});

Deno.test("convertFrame() there and back is where it was", () => {
  fc.assert(fc.property(anyPosition, (position) => {
    const there = convertFrame(position, { from: "icrs", to: "galactic" });
    const back = convertFrame(there, { from: "galactic", to: "icrs" });
    assert.ok(there.lonDeg >= 0 && there.lonDeg < 360);
    assert.ok(separationDeg(position, back) < 1e-13);
    assert.equal(convertFrame(position, { from: "icrs", to: "icrs" }), position);
  }));
});

Deno.test("icrsToGalacticInto() in place gives the bits of icrsToGalactic()", () => {
  const sky = { lonDeg: Float64Array.of(0, -10, 400, NaN), latDeg: Float64Array.of(90, 3, -4, 5) };
  const expected = [...sky.lonDeg].map((lonDeg, i) =>
    icrsToGalactic({ lonDeg, latDeg: sky.latDeg[i]! })
  );
  icrsToGalacticInto(sky, sky);
  assert.deepEqual([...sky.lonDeg], expected.map((one) => one.lonDeg));
  assert.deepEqual([...sky.latDeg], expected.map((one) => one.latDeg));
  assert.ok(Number.isNaN(sky.lonDeg[3]) && Number.isNaN(sky.latDeg[3]));
});

Deno.test("galacticToIcrsInto() throws TypeError where a column is too short", () => {
  const two = { lonDeg: new Float64Array(2), latDeg: new Float64Array(2) };
  const short = { lonDeg: new Float64Array(2), latDeg: new Float64Array(1) };
  assert.throws(() => galacticToIcrsInto(two, short), { name: "TypeError", message: /at least 2/ });
  assert.throws(() => galacticToIcrsInto(short, two), TypeError);
});

Deno.test("checkFrame() names what it found", () => {
  assert.throws(() => checkFrame("fk4"), { name: "RangeError", message: /"fk4"/ });
});
