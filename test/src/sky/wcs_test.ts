import assert from "node:assert/strict";
import { createWcs, PROJECTION_CODES, type WcsOptions } from "../../../src/sky/mod.ts";

const tan: WcsOptions = { projection: "TAN", crvalDeg: [83, 22], crpix: [1, 1], cdeltDeg: [-1, 1] };

Deno.test("createWcs() puts the native pole of a zenithal projection at the reference point", () => {
  const wcs = createWcs(tan);
  assert.deepEqual(wcs.poleDeg, [83, 22]);
  assert.equal(wcs.lonpoleDeg, 180);
  assert.equal(wcs.frame, "icrs");
  assert.ok(Object.isFrozen(wcs) && Object.isFrozen(wcs.pc[0]) && Object.isFrozen(wcs.poleDeg));
});

Deno.test("createWcs() aligns a cylindrical projection that is centred on the equator", () => {
  const wcs = createWcs({ ...tan, projection: "CAR", crvalDeg: [30, 0] });
  assert.equal(wcs.lonpoleDeg, 0);
  assert.equal(wcs.latpoleDeg, 90);
  assert.equal(((wcs.poleDeg[0] % 360) + 360) % 360, 210);
});

Deno.test("createWcs() makes a cylindrical projection off the equator oblique", () => {
  const north = createWcs({ ...tan, projection: "CAR" });
  assert.equal(north.lonpoleDeg, 0);
  assert.ok(Math.abs(north.latpoleDeg - 68) < 1e-12);
  const south = createWcs({ ...tan, projection: "CAR", crvalDeg: [83, -22] });
  assert.equal(south.lonpoleDeg, 180);
  assert.ok(Math.abs(south.latpoleDeg - 68) < 1e-12);
});

Deno.test("createWcs() lets LATPOLE choose the native pole", () => {
  const oblique = { ...tan, projection: "CAR", lonpoleDeg: 30 } as const;
  const north = createWcs({ ...oblique, latpoleDeg: 90 });
  const south = createWcs({ ...oblique, latpoleDeg: -90 });
  assert.ok(Math.abs(north.latpoleDeg + south.latpoleDeg) < 1e-12 && north.latpoleDeg > 0);
});

Deno.test("createWcs() moves the reference point of GLS to its latitude", () => {
  const wcs = createWcs({ ...tan, projection: "GLS" });
  assert.ok(Math.abs(wcs.latpoleDeg - 90) < 1e-9);
});

Deno.test("createWcs() keeps a matrix instead of steps", () => {
  const wcs = createWcs({
    projection: "TAN",
    crvalDeg: [0, 0],
    crpix: [1, 1],
    cd: [[0, 1], [1, 0]],
  });
  assert.deepEqual(wcs.pc, [[0, 1], [1, 0]]);
  assert.deepEqual(wcs.cdeltDeg, [1, 1]);
});

Deno.test("createWcs() refuses what makes no coordinate system, and says what it found", () => {
  const refused: readonly [Partial<WcsOptions> | Record<string, unknown>, RegExp][] = [
    [{ projection: "XYZ" }, /"XYZ".*TAN, SIN/],
    [{ frame: "fk4" }, /"fk4"/],
    [{ crvalDeg: [0, 91] }, /latitude 91/],
    [{ crvalDeg: [NaN, 0] }, /NaN/],
    [{ cdeltDeg: [0, 1] }, /Singular/],
    [{ pc: [[1, 1], [1, 1]] }, /Singular/],
    [{ pv: { PV2_1: 3 } }, /PV2_1 = 3 has no meaning for projection TAN/],
    [{ projection: "CEA", pv: { PV2_1: 1.5 } }, /in \(0, 1\]/],
    [{ projection: "CAR", lonpoleDeg: 90 }, /No native pole/],
    [{ projection: "CAR", pv: { PV1_2: 95 } }, /PV1_2/],
  ];
  for (const [change, message] of refused) {
    const options = { ...tan, ...change } as WcsOptions;
    assert.throws(() => createWcs(options), { name: "RangeError", message });
  }
  const { cdeltDeg: _, ...none } = tan;
  assert.throws(() => createWcs(none), TypeError);
  assert.throws(() => createWcs({ ...tan, cd: [[1, 0], [0, 1]] }), TypeError);
});

Deno.test("PROJECTION_CODES names the twelve projections", () => {
  assert.equal(
    [...PROJECTION_CODES].sort().join(" "),
    "AIT ARC CAR CEA GLS MER MOL SFL SIN STG TAN ZEA",
  );
});
