import assert from "node:assert/strict";
import { formatHpxRegion, hpxRegionPixels, parseHpxRegion } from "../../../src/maps/hpx_region.ts";
import { createHealpixGrid } from "../../../src/sky/mod.ts";

interface GoldenRegion {
  readonly nside: number;
  readonly order: "ring" | "nested";
  readonly text: string;
  readonly pix: readonly number[];
  /** Of DISK_INC: the pixels that hold a centre of a grid 64 times finer inside the disc. */
  readonly touched?: readonly number[];
}

const golden = JSON.parse(
  Deno.readTextFileSync(new URL("../../golden/healpix.json", import.meta.url)),
) as { regions: readonly GoldenRegion[] };

for (const { nside, order, text, pix, touched } of golden.regions) {
  Deno.test(`hpxRegionPixels() agrees with Gammapy: ${text}, ${order} nside ${nside}`, () => {
    const grid = createHealpixGrid({ nside, order }), region = parseHpxRegion(text);
    const found = hpxRegionPixels(grid, region);
    if (touched === undefined) assert.deepEqual([...found], pix);
    else {
      assert.ok(touched.every((one) => found.includes(one)) && touched.length > 10);
      assert.ok(found.every((one) => pix.includes(one)));
    }
    assert.deepEqual(parseHpxRegion(formatHpxRegion(region)), region);
  });
}

Deno.test("parseHpxRegion() reads the three forms, blanks and lower case", () => {
  assert.deepEqual({ ...parseHpxRegion(" disk( 1.5, -2e1 ,3 ) ") }, {
    kind: "disk",
    lonDeg: 1.5,
    latDeg: -20,
    radiusDeg: 3,
  });
  assert.deepEqual({ ...parseHpxRegion("DISK_INC(1,2,3,4)") }, {
    kind: "disk-inc",
    lonDeg: 1,
    latDeg: 2,
    radiusDeg: 3,
    factor: 4,
  });
  assert.deepEqual({ ...parseHpxRegion("HPX_PIXEL(RING,4,37)") }, {
    kind: "pixel",
    order: "ring",
    nside: 4,
    pix: 37,
  });
});

Deno.test("parseHpxRegion() refuses other texts, and says what it expected", () => {
  for (
    const text of [
      "",
      "BOX(1,2,3)",
      "DISK(1,2)",
      "DISK(1,2,x)",
      "DISK(1,2,)",
      "DISK(1,2,3,4)",
      "HPX_PIXEL(UP,4,37)",
      "HPX_PIXEL(RING,4)",
      "DISK(1,2,3",
      "toString(1)",
    ]
  ) {
    assert.throws(() => parseHpxRegion(text), /^SyntaxError: HPX_REG: found .*expected DISK/, text);
  }
  const grid = createHealpixGrid({ nside: 4 });
  const none = { kind: "pixel", order: "ring", nside: 2, pix: 48 } as const;
  assert.throws(() => hpxRegionPixels(grid, none), /found pixel 48, expected one below 48/);
});
