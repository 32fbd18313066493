import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  backgroundTo2d,
  backgroundTo3d,
  createIrf,
  fillBackgroundGaps,
  type Irf,
  padBackground,
} from "../../../src/irf/mod.ts";
import { createMapAxis, energyAxis, linearEdges } from "../../../src/nddata/mod.ts";

const energy = energyAxis({ low: 0.1, high: 10, nBins: 4 });
const offset = createMapAxis("offset", linearEdges({ low: 0, high: 3, nBins: 6 }), { unit: "deg" });
const fov = (name: string) =>
  createMapAxis(name, linearEdges({ low: -3, high: 3, nBins: 6 }), { unit: "deg" });
const near = (found: number, expected: number, rtol = 1e-12) =>
  ok(Math.abs(found - expected) <= rtol * Math.abs(expected), `${found} is not ${expected}`);

/** A background on any axes, with values that no symmetry makes equal. */
function table(axes: Irf["axes"]): Irf<"bkg"> {
  const size = axes.reduce((n, axis) => n * axis.nBins, 1);
  const data = Float64Array.from({ length: size }, (_, i) => 1 + (i * 7 % 11) + i / size);
  return createIrf("bkg", axes, { data });
}

Deno.test("backgroundTo2d() and backgroundTo3d() are inverse for what depends on the offset alone", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 3, noNaN: true }), (sigma) => {
      const fine = createMapAxis("offset", linearEdges({ low: 0, high: 3, nBins: 30 }), {
        unit: "deg",
      });
      const data = Float64Array.from(
        { length: 120 },
        (_, i) => Math.exp(-0.5 * (fine.centers[i % 30]! / sigma) ** 2),
      );
      const bkg = createIrf("bkg", [energy, fine], { data });
      const back = backgroundTo2d(backgroundTo3d(bkg), { offset: fine });
      for (let o = 2; o < 25; o++) near(back.values.get(1, o), bkg.values.get(1, o), 2e-2);
    }),
    { numRuns: 20 },
  );
});

Deno.test("backgroundTo2d() takes the mean over all directions: a gradient leaves nothing", () => {
  const size = createMapAxis("fov_lon", linearEdges({ low: -2, high: 2, nBins: 40 }), {
    unit: "deg",
  });
  const lat = createMapAxis("fov_lat", size.edges, { unit: "deg" });
  const data = Float64Array.from(
    { length: 1600 },
    (_, i) => 10 * (1 + 0.2 * size.centers[Math.floor(i / 40)]!),
  );
  const one = energyAxis({ low: 1, high: 10, nBins: 1 });
  const mean = backgroundTo2d(createIrf("bkg", [one, size, lat], { data }));
  for (let o = 0; o < 19; o++) near(mean.values.get(0, o), 10, 2e-3);
});

Deno.test("fillBackgroundGaps() and padBackground() change nothing but the gaps and the edges", () => {
  const bkg = table([energy, offset]), filled = fillBackgroundGaps(bkg);
  deepStrictEqual(filled.values.data, bkg.values.data);
  const data = Float64Array.from(bkg.values.data as Float64Array),
    expected = Math.sqrt(data[0]! * data[12]!);
  data[6] = NaN;
  data[18] = 0;
  const again = fillBackgroundGaps(createIrf("bkg", [energy, offset], { data }));
  near(again.values.get(1, 0), expected);
  strictEqual(again.values.get(3, 0), 0);
  const padded = padBackground(table([energy, fov("fov_lon"), fov("fov_lat")]));
  deepStrictEqual(padded.values.shape, [4, 8, 8]);
  strictEqual(padded.values.get(2, 0, 0), padded.values.get(2, 1, 1));
  strictEqual(padded.values.get(2, 7, 3), padded.values.get(2, 6, 3));
  near(padded.axes[1]!.edges[0]!, -4);
});
