import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  type asBintable,
  asImage,
  encodeFits,
  type FitsFile,
  FitsFormatError,
  type ImageInput,
  isImage,
  memorySource,
  openFits,
  openFitsFile,
  readImage,
  readImageNumbers,
  type TileCompression,
  verifyChecksum,
} from "../../../src/fits/mod.ts";
import { fileURLToPath } from "node:url";

const golden = (name: string) =>
  fileURLToPath(new URL(`../../golden/fits/${name}`, import.meta.url));

Deno.test("tiledImage() gives every image of astropy's compression, pixel by pixel", async () => {
  using stored = await openFitsFile(golden("tiles.fits.gz"));
  using expected = await openFitsFile(golden("tiles_expected.fits.gz"));
  const hdus = await stored.hdus();
  ok(hdus.length > 30);
  for (const hdu of hdus.slice(1)) {
    ok(isImage(hdu) && hdu.kind === "bintable");
    const found = await readImageNumbers(asImage(hdu));
    const wanted = await readImageNumbers(asImage(await expected.hdu(hdu.name)));
    deepStrictEqual(found.shape, wanted.shape, hdu.name);
    deepStrictEqual(found.data, wanted.data, hdu.name);
  }
});

Deno.test("parts of a compressed image are those of the whole", async () => {
  using stored = await openFitsFile(golden("tiles.fits.gz"));
  for (const name of ["RICE_cube", "RICE_tiles", "GZIP_lossless"]) {
    const image = asImage(await stored.hdu(name)), whole = await readImageNumbers(image);
    const n = whole.shape[0]!, plane = whole.data.length / n;
    for (let i = 0; i < n; i++) {
      const part = await readImageNumbers(image, { start: i, stop: i + 1 });
      deepStrictEqual(part.data, whole.data.slice(i * plane, (i + 1) * plane));
    }
  }
});

async function written(image: ImageInput): Promise<FitsFile> {
  return await openFits(memorySource(encodeFits([image]), "written.fits"));
}

const compressions: TileCompression[] = [
  { type: "RICE_1" },
  { type: "GZIP_2" },
  { type: "RICE_1", tile: [3, 4] },
  { type: "GZIP_2", tile: [2, 5] },
];
const makers = [
  (n: number, draw: () => number) => Uint8Array.from({ length: n }, () => 256 * draw()),
  (n: number, draw: () => number) => Int16Array.from({ length: n }, () => 65536 * draw() - 32768),
  (n: number, draw: () => number) => Uint16Array.from({ length: n }, () => 65536 * draw()),
  (n: number, draw: () => number) =>
    Int32Array.from({ length: n }, () => 2 ** 32 * draw() - 2 ** 31),
  (n: number, draw: () => number) => Uint32Array.from({ length: n }, () => 2 ** 32 * draw()),
  (n: number, draw: () => number) => Int16Array.from({ length: n }, () => 3 * draw()),
];

Deno.test("integers written in compressed tiles read back identical, with right checksums", async () => {
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 70 }),
    fc.constantFrom(...compressions),
    fc.constantFrom(...makers),
    fc.infiniteStream(fc.double({ min: 0, max: 0.999999, noNaN: true })),
    async (ny, nx, compress, make, stream) => {
      const data = make(ny * nx, () => stream.next().value as number);
      using file = await written({ kind: "image", data, shape: [ny, nx], compress, name: "MAP" });
      const hdu = await file.hdu("MAP"), read = await readImage(asImage(hdu));
      deepStrictEqual(read.data, data);
      deepStrictEqual(read.shape, [ny, nx]);
      const sums = await verifyChecksum(hdu);
      deepStrictEqual([sums.datasum, sums.checksum], ["ok", "ok"]);
    },
  ));
});

Deno.test("GZIP_2 keeps floating-point values as they are, NaN and −0 included", async () => {
  for (
    const data of [
      Float32Array.of(1.5, NaN, -0, Infinity, 1e-40, 3),
      Float64Array.of(Math.PI, NaN, -0, -Infinity, 5e-324, 1e300),
    ]
  ) {
    const compress = { type: "GZIP_2" } as const;
    using file = await written({ kind: "image", data, shape: [2, 3], compress });
    deepStrictEqual((await readImage(asImage(await file.hdu(1)))).data, data);
  }
  const data = BigInt64Array.of(1n, -(2n ** 63n), 2n ** 63n - 1n, 0n);
  using file = await written({ kind: "image", data, shape: [2, 2], compress: { type: "GZIP_2" } });
  deepStrictEqual((await readImage(asImage(await file.hdu(1)))).data, data);
  throws(
    () => encodeFits([{ kind: "image", data, shape: [2, 2], compress: { type: "RICE_1" } }]),
    /64-bit/,
  );
});

Deno.test("quantised values come back within half a step; zeros and NaN as they were", async () => {
  let seed = 1;
  const draw = () => (seed = 16807 * seed % 2147483647) / 2147483647;
  const n = 40 * 60,
    data = Float64Array.from({ length: n }, (_, i) => {
      const noise = draw() + draw() + draw() - 1.5;
      return i % 7 === 0 ? 0 : i % 101 === 0 ? NaN : 20 * Math.sin(i / 300) + noise;
    });
  for (const type of ["RICE_1", "GZIP_2"] as const) {
    for (const dither of [0, 1, 2] as const) {
      const quantise = { step: 0.1, dither, seed: 9999 };
      using file = await written({
        kind: "image",
        data,
        shape: [40, 60],
        compress: { type, quantise },
      });
      const { data: read } = await readImageNumbers(asImage(await file.hdu(1)));
      for (let i = 0; i < n; i++) {
        if (Number.isNaN(data[i]!)) ok(Number.isNaN(read[i]!));
        else if (dither === 2 && data[i] === 0) strictEqual(read[i], 0);
        else ok(Math.abs(read[i]! - data[i]!) <= 0.0500001, `${read[i]} is not ${data[i]}`);
      }
      const bytes = encodeFits([{
        kind: "image",
        data,
        shape: [40, 60],
        compress: { type, quantise },
      }]);
      ok(bytes.length < 8 * n, "it became no smaller");
    }
  }
  // A tile without noise cannot be quantised to its noise: it is kept without loss.
  const flat = new Float32Array(64).fill(2.5);
  using file = await written({
    kind: "image",
    data: flat,
    shape: [8, 8],
    compress: { type: "RICE_1" },
  });
  deepStrictEqual((await readImage(asImage(await file.hdu(1)))).data, flat);
});

Deno.test("the header of a compressed image is that of the image", async () => {
  const data = Int16Array.of(1, 2, 3, 4), valid = Uint8Array.of(1, 0, 1, 1);
  using file = await written({
    kind: "image",
    data,
    shape: [2, 2],
    blank: -1,
    valid,
    unit: "ct",
    name: "COUNTS",
    header: [{ keyword: "CRVAL1", value: 83.6, comment: "" }],
    compress: { type: "RICE_1" },
  });
  const image = asImage(await file.hdu("COUNTS")), read = await readImage(image);
  deepStrictEqual([image.bitpix, image.shape, read.unit], [16, [2, 2], "ct"]);
  deepStrictEqual([...read.valid!], [1, 0, 1, 1]);
  const keywords = image.header.cards.map((one) => one.keyword);
  ok(keywords.includes("CRVAL1"));
  ok(keywords.every((keyword) => !/^(Z[A-Z]|TFORM|TTYPE|TFIELDS)/.test(keyword)), keywords.join());
  strictEqual(file.primary.dataBytes, 0);
});

Deno.test("what lies in a compressed image is an error that names file, HDU and tile", async () => {
  const data = Int16Array.from({ length: 200 }, (_, i) => (i * 7919) % 301);
  const bytes = encodeFits([{
    kind: "image",
    data,
    shape: [10, 20],
    compress: { type: "RICE_1" },
  }]);
  const changed = async (from: string, to: string) => {
    const text = new TextDecoder("latin1").decode(bytes);
    ok(text.includes(from), `${from} is not in the file`);
    const out = Uint8Array.from(text.replace(from, to), (c) => c.charCodeAt(0));
    using file = await openFits(memorySource(out, "lies.fits"));
    return await readImage(asImage(await file.hdu(1)));
  };
  const card = (keyword: string, value: string) => `${keyword.padEnd(8)}= ${value.padStart(20)}`;
  const refused = (from: [string, string], to: string, message: RegExp) =>
    rejects(changed(card(...from), card(from[0], to)), (error: unknown) => {
      ok(error instanceof FitsFormatError, String(error));
      match(error.message, message);
      match(error.message, /lies\.fits/);
      return true;
    });
  await refused(["ZNAXIS2", "10"], "11", /10 rows, expected 11 tiles/);
  await refused(["ZNAXIS", "2"], "0", /ZNAXIS/);
  await refused(["ZTILE1", "20"], "7", /expected 30 tiles/);
  await refused(["ZBITPIX", "16"], "17", /found 17/);
  await refused(["ZNAXIS1", "20"], "999999", /tiles|bytes end|missing/);
  await rejects(
    changed("ZCMPTYPE= 'RICE_1  '", "ZCMPTYPE= 'RICE_9  '"),
    /found "RICE_9", expected one of RICE_1/,
  );
  const cut = bytes.slice(0, bytes.length - 2880);
  using file = await openFits(memorySource(cut, "cut.fits"));
  await rejects(readImage(asImage(await file.hdu(1))), FitsFormatError);
  throws(
    () => asImage({ ...asBintableOf(file), header: { ...file.primary.header } }),
    /expected an image/,
  );
});

function asBintableOf(file: FitsFile): Parameters<typeof asBintable>[0] {
  return {
    ...file.primary,
    kind: "bintable",
    nRows: 0,
    rowBytes: 0,
    columns: [],
    heapOffset: 0,
    heapBytes: 0,
  };
}

Deno.test("compressed images with flipped bits are read or refused, never anything else", async () => {
  using stored = await openFitsFile(golden("tiles.fits.gz"));
  const whole = await stored.source.read(0, 1 << 24);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(7)), { minLength: 1, maxLength: 30 }),
      async (flips) => {
        const bytes = whole.slice();
        for (const [at, bit] of flips) bytes[at]! ^= 1 << bit;
        try {
          using file = await openFits(memorySource(bytes, "flipped.fits"));
          for (const hdu of await file.hdus()) {
            try {
              if (isImage(hdu)) await readImageNumbers(asImage(hdu));
            } catch (error) {
              ok(error instanceof FitsFormatError, String((error as Error).stack));
            }
          }
        } catch (error) {
          ok(error instanceof FitsFormatError, String((error as Error).stack));
        }
      },
    ),
    { numRuns: 60 },
  );
});
