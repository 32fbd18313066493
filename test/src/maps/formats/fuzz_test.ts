/** Cut and flipped map files: an error of the format that names its place, or a map; no crash, no hang. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { encodeFits, FitsFormatError } from "../../../../src/fits/mod.ts";
import {
  createHpxGeom,
  createSkyMap,
  createWcsGeom,
  mapHdus,
  openMaps,
  readMap,
} from "../../../../src/maps/mod.ts";
import { createMapAxis } from "../../../../src/nddata/mod.ts";
import { withVarianceAndValid } from "./_arbitrary_maps.ts";

const folder = fileURLToPath(new URL("../../../golden/maps/", import.meta.url));
const fixtures = [...Deno.readDirSync(folder)].map(({ name }) => name).sort()
  .map((name) => new Uint8Array(gunzipSync(Deno.readFileSync(folder + name))));

const nodes = createMapAxis("energy_true", [1, 3], {
  unit: "TeV",
  interp: "log",
  nodes: "centers",
});
const sky = createSkyMap(createHpxGeom({ nside: 2 }), { axes: [nodes] });
const own = [
  ...["fgst-bexpcube", "fgst-srcmap", "fgst-srcmap-sparse", "galprop", "hermes"].map((format) =>
    encodeFits(mapHdus(sky, { format }))
  ),
  encodeFits(mapHdus(
    withVarianceAndValid(
      createSkyMap(createWcsGeom({ npix: [3, 2], proj: "TAN" }), { axes: [nodes] }),
      1,
    ),
  )),
];
const files = [...fixtures, ...own];
/** Longest that a file of some kilobytes may take, however it is damaged. */
const LIMIT_MS = 5000;

async function survives(bytes: Uint8Array): Promise<void> {
  const start = performance.now();
  for (const read of [readMap, openMaps]) {
    try {
      await read(bytes, { name: "damaged.fits", coarse: "repeat" });
    } catch (error) {
      assert.ok(error instanceof FitsFormatError, `${(error as Error).stack}`);
      assert.match(error.message, /^damaged\.fits/);
    }
  }
  assert.ok(performance.now() - start < LIMIT_MS, `took ${performance.now() - start} ms`);
}

Deno.test("readMap() of a cut file is an error that names the file, or a map", async () => {
  const cuts = fc.record({
    file: fc.nat(files.length - 1),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(cuts, async ({ file, share }) => {
      const bytes = files[file]!;
      await survives(bytes.slice(0, Math.floor(share * bytes.length)));
    }),
    { numRuns: 300 },
  );
});

Deno.test("readMap() of a file with flipped bits is an error that names the file, or a map", async () => {
  const flips = fc.record({
    file: fc.nat(files.length - 1),
    bits: fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(7)), {
      minLength: 1,
      maxLength: 6,
    }),
  });
  await fc.assert(
    fc.asyncProperty(flips, async ({ file, bits }) => {
      const bytes = files[file]!.slice();
      for (const [share, bit] of bits) bytes[Math.floor(share * bytes.length)]! ^= 1 << bit;
      await survives(bytes);
    }),
    { numRuns: 400 },
  );
});

Deno.test("readMap() of a header with another digit or letter is an error that names the file, or a map", async () => {
  const writable = files.map((bytes) => {
    const places: number[] = [];
    for (let at = 0; at + 80 <= bytes.length; at += 80) {
      if (bytes[at + 8] === 61) {
        for (let i = 10; i < 32; i++) if (bytes[at + i] !== 32) places.push(at + i);
      }
    }
    return places;
  });
  const edits = fc.record({
    file: fc.nat(files.length - 1),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    letter: fc.constantFrom(..."0123456789-.ET' A("),
  });
  await fc.assert(
    fc.asyncProperty(edits, async ({ file, at, letter }) => {
      const bytes = files[file]!.slice(), places = writable[file]!;
      bytes[places[Math.floor(at * places.length)]!] = letter.charCodeAt(0);
      await survives(bytes);
    }),
    { numRuns: 400 },
  );
});
