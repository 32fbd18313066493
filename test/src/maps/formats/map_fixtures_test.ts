import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import golden from "../../../golden/map_fixtures.json" with { type: "json" };
import { hpxPixels, readMap, type SkyMap, solidAngleSr } from "../../../../src/maps/mod.ts";
import type { LabelAxis, MapAxis, TimeAxis } from "../../../../src/nddata/mod.ts";
import { flatten } from "../../../../src/numeric/mod.ts";
import { parseRegions } from "../../../../src/sky/mod.ts";
import { agrees } from "../../../_tools/data_io.ts";
import { totalOf } from "./_totals.ts";

interface Fixture {
  readonly file: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | null)[];
  readonly sum: number;
  readonly unit: string;
  readonly geom: string;
  readonly region?: string | null;
  readonly solidAngleSr?: number | null;
  readonly pixels?: readonly number[];
  readonly coarse?: { readonly sum: number; readonly n: number };
  readonly fine?: { readonly sum: number; readonly n: number };
}

const fixtures = golden.maps as unknown as readonly Fixture[];

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../../golden/maps/${file}.gz`, import.meta.url));
}

function firstValues(map: SkyMap, count: number): number[] {
  const { data, offset } = flatten(map.values);
  return Array.from({ length: count }, (_, i) => data[offset + i]!);
}

for (const one of fixtures.filter(({ coarse }) => coarse === undefined)) {
  Deno.test(`readMap() reads ${one.file} of Gammapy or healpy value for value`, async () => {
    const map = await readMap(pathOf(one.file));
    assert.equal(map.geom.kind, one.geom);
    assert.deepEqual([...map.values.shape], one.shape);
    assert.deepEqual(firstValues(map, one.values.length), one.values);
    assert.equal(totalOf(map).sum, one.sum);
    assert.equal(map.unit, one.unit);
    if (typeof one.region === "string" && map.geom.kind === "region-geom") {
      const wanted = parseRegions(one.region) as unknown as Record<string, unknown>;
      const found = map.geom.region as unknown as Record<string, unknown>;
      for (const [name, value] of Object.entries(wanted)) {
        agrees(found[name], value, { rtol: 1e-9, atol: 1e-7 }, name);
      }
    }
    if (one.solidAngleSr) {
      const found = solidAngleSr(map.geom).data[0]!, limit = golden.tolerance.solidAngle;
      assert.ok(Math.abs(found / one.solidAngleSr - 1) < limit, `${found} ${one.solidAngleSr}`);
    }
    if (one.pixels !== undefined && map.geom.kind === "hpx-geom") {
      assert.deepEqual([...hpxPixels(map.geom)], one.pixels);
    }
  });
}

Deno.test("readMap() gives the axes that Gammapy wrote, slowest first", async () => {
  const three = await readMap(pathOf("wcs_three_axes.fits"));
  assert.deepEqual(three.axes.map((axis) => axis.name), ["offset", "rad", "energy"]);
  const [offset, rad, energy] = three.axes as MapAxis[];
  assert.deepEqual([...offset!.edges], [0, 1, 2, 4, 8]);
  agrees(rad!.centers, [0.5, 1, 2], { rtol: 1e-15 * 4 }, "rad");
  assert.deepEqual([rad!.interp, rad!.unit, rad!.nodes], ["sqrt", "deg", "centers"]);
  agrees(energy!.edges, [1, Math.sqrt(10), 10], { rtol: 1e-14 }, "energy");
  const [time] = (await readMap(pathOf("wcs_time.fits"))).axes as TimeAxis[];
  assert.equal(time!.kind, "time-axis");
  assert.deepEqual([[...time!.startS], [...time!.stopS]], [[0, 7200], [3600, 10800]]);
  // 2020-03-19 UTC is 69.184 s later in TT.
  const { mjdDay, dayS, scale } = time!.epoch;
  assert.deepEqual([mjdDay, scale], [58927, "TT"]);
  assert.ok(Math.abs(dayS - 69.184) < 1e-6);
  const label = (await readMap(pathOf("wcs_label.fits"))).axes[1] as LabelAxis;
  assert.deepEqual([label.name, ...label.labels], ["dataset", "a", "b"]);
});

for (const one of fixtures.filter(({ coarse }) => coarse !== undefined)) {
  Deno.test(`readMap() brings the planes of ${one.file} to one nside`, async () => {
    const path = pathOf(one.file), { coarse, fine } = one;
    await assert.rejects(readMap(path), /nside 2, 4: say by `coarse`/);
    const repeated = await readMap(path, { coarse: "repeat" });
    const shared = await readMap(path, { coarse: "share" });
    assert.ok(repeated.geom.kind === "hpx-geom");
    assert.equal(repeated.geom.grid.nside, 4);
    const { nPix } = repeated.geom;
    const plane = (map: SkyMap, p: number) => {
      const values = flatten(map.values).data.subarray(p * nPix, (p + 1) * nPix);
      const known = [...values].filter((value) => !Number.isNaN(value));
      return [known.length, known.reduce((a, b) => a + b)];
    };
    assert.deepEqual(plane(shared, 0), [4 * coarse!.n, coarse!.sum]);
    assert.deepEqual(plane(repeated, 0), [4 * coarse!.n, 4 * coarse!.sum]);
    for (const map of [repeated, shared]) {
      assert.deepEqual(plane(map, 1), [fine!.n, fine!.sum]);
      const valid = map.valid === undefined
        ? 2 * nPix
        : flatten(map.valid).data.reduce((a, b) => a + b);
      assert.equal(valid, 4 * coarse!.n + fine!.n);
    }
  });
}
