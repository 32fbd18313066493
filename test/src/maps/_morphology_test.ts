import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  dilate,
  erode,
  insideBoundary,
  labelParts,
  type PixelSet,
  squaredDistances,
} from "../../../src/maps/_morphology.ts";
import { uniform } from "./_images.ts";

const anySet: fc.Arbitrary<PixelSet> = fc.tuple(
  fc.integer({ min: 1, max: 14 }),
  fc.integer({ min: 1, max: 14 }),
  fc.constantFrom(0.05, 0.3, 0.7, 0.97, 1),
  fc.nat(),
).map(([nx, ny, share, seed]) => {
  const random = uniform(seed);
  return { valid: Uint8Array.from({ length: nx * ny }, () => +(random() < share)), nx, ny };
});

/** The definition. */
function bySearch(set: PixelSet, edge: "outside" | "absent"): Float64Array {
  const { valid, nx, ny } = set, reach = edge === "outside" ? 1 : 0;
  return Float64Array.from(valid, (_, i) => {
    let least = Infinity;
    for (let y = -reach; y < ny + reach; y++) {
      for (let x = -reach; x < nx + reach; x++) {
        const isIn = x >= 0 && x < nx && y >= 0 && y < ny && valid[y * nx + x] === 1;
        if (!isIn) least = Math.min(least, (x - i % nx) ** 2 + (y - Math.floor(i / nx)) ** 2);
      }
    }
    return least;
  });
}

Deno.test("squaredDistances() are those of a search over all pixels", () => {
  fc.assert(
    fc.property(anySet, (set) => {
      for (const edge of ["outside", "absent"] as const) {
        deepStrictEqual(squaredDistances(set, { edge }), bySearch(set, edge));
      }
    }),
    { numRuns: 400 },
  );
});

Deno.test("erode() and dilate() are those by a disk, and each other's complement", () => {
  fc.assert(
    fc.property(
      anySet,
      fc.integer({ min: 0, max: 60 }).map((one) => one / 10),
      (set, radiusPix) => {
        const { valid, nx, ny } = set,
          grown = dilate(set, { radiusPix }),
          reach = Math.ceil(radiusPix);
        for (let i = 0; i < valid.length; i++) {
          let touched = 0;
          for (let dy = -reach; dy <= reach; dy++) {
            for (let dx = -reach; dx <= reach; dx++) {
              const x = i % nx + dx, y = Math.floor(i / nx) + dy;
              const isIn = x >= 0 && x < nx && y >= 0 && y < ny;
              if (isIn && dx * dx + dy * dy <= radiusPix ** 2) touched |= valid[y * nx + x]!;
            }
          }
          deepStrictEqual(grown[i], touched);
        }
        const complement = { nx, ny, valid: valid.map((one) => 1 - one) };
        deepStrictEqual(
          erode(set, { radiusPix, edge: "absent" }),
          dilate(complement, { radiusPix }).map((one) => 1 - one),
        );
        const closed = erode({ nx, ny, valid: grown }, { radiusPix, edge: "absent" });
        ok(closed.every((one, i) => one >= valid[i]!));
      },
    ),
  );
});

Deno.test("erode() reaches the pixels of a radius that rounding made a little smaller", () => {
  const set = { valid: new Uint8Array(121).fill(1), nx: 11, ny: 11 };
  set.valid[5 * 11 + 5] = 0;
  const radiusPix = 0.3 / 0.1; // 2.9999999999999996
  deepStrictEqual(erode(set, { radiusPix, edge: "absent" }).filter((one) => one === 0).length, 29);
  deepStrictEqual(
    dilate({ ...set, valid: set.valid.map((one) => 1 - one) }, { radiusPix }).filter(Boolean)
      .length,
    29,
  );
});

Deno.test("insideBoundary() leaves out the width on each side", () => {
  const count = (nx: number, ny: number, widthPix: number) =>
    insideBoundary({ nx, ny, widthPix }).filter(Boolean).length;
  deepStrictEqual([count(10, 8, 0), count(10, 8, 2), count(10, 8, 1.2), count(10, 8, 4)], [
    80,
    24,
    24,
    0,
  ]);
  deepStrictEqual(count(3, 100, 2), 0);
  deepStrictEqual(count(40, 40, 0.3 / 0.1), 34 * 34);
  const all = { valid: new Uint8Array(80).fill(1), nx: 10, ny: 8 };
  deepStrictEqual(insideBoundary({ nx: 10, ny: 8, widthPix: 2 }), erode(all, { radiusPix: 2 }));
  throws(() => count(3, 3, -1), RangeError);
});

Deno.test("labelParts() joins pixels exactly where a path of neighbours joins them", () => {
  fc.assert(fc.property(anySet, fc.constantFrom(4, 8 as const), (set, neighbours) => {
    const { valid, nx, ny } = set, { labels, count } = labelParts(set, { neighbours });
    // labels by spreading the smallest index until nothing changes
    const root = Int32Array.from(valid, (one, i) => one === 1 ? i : -1);
    for (let isChanged = true; isChanged;) {
      isChanged = false;
      for (let i = 0; i < valid.length; i++) {
        for (let j = 0; j < valid.length; j++) {
          if (root[i]! < 0 || root[j]! < 0 || root[j]! >= root[i]!) continue;
          const dx = Math.abs(i % nx - j % nx),
            dy = Math.abs(Math.floor(i / nx) - Math.floor(j / nx));
          if (neighbours === 8 ? Math.max(dx, dy) > 1 : dx + dy > 1) continue;
          root[i] = root[j]!;
          isChanged = true;
        }
      }
    }
    const roots = [...new Set(root)].filter((one) => one >= 0).sort((a, b) => a - b);
    deepStrictEqual(count, roots.length);
    deepStrictEqual(ny * nx, labels.length);
    deepStrictEqual(labels, root.map((one) => one < 0 ? 0 : 1 + roots.indexOf(one)));
  }));
});
