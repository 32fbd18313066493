import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import fc from "fast-check";
import { colorMap, encodePng, figure, okabeIto, renderPng } from "../../../src/plot/mod.ts";

/** The chunks of a PNG file. */
function chunks(png: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(png.buffer, png.byteOffset), out = new Map<string, Uint8Array>();
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at), type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    out.set(type, png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return out;
}

async function inflate(data: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(data)]).stream().pipeThrough(
    new DecompressionStream("deflate"),
  );
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("encodePng() holds the pixels, read back by an independent inflate", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 250 }),
      fc.nat(1e6),
      async (width, height, colors, seed) => {
        const noise = (i: number) => (Math.imul(i + seed, 2654435761) >>> 16) % colors;
        const pixels = new Uint8Array(width * height).map((_, i) =>
          seed % 3 === 0 ? Math.floor(i / 50) % colors : noise(i)
        );
        const png = encodePng({ width, height, pixels, palette: colorMap("viridis") }),
          parts = chunks(png);
        deepEqual([...png.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
        const header = new DataView(parts.get("IHDR")!.slice().buffer);
        deepEqual([
          header.getUint32(0),
          header.getUint32(4),
          header.getUint8(8),
          header.getUint8(9),
        ], [width, height, 8, 3]);
        const rows = await inflate(parts.get("IDAT")!);
        equal(rows.length, height * (width + 1));
        for (let y = 0; y < height; y++) {
          equal(rows[y * (width + 1)], 0);
          const row = rows.subarray(y * (width + 1) + 1, (y + 1) * (width + 1));
          deepEqual(row, pixels.subarray(y * width, (y + 1) * width));
        }
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("encodePng() makes even images small and has the published CRC of its end", () => {
  const png = encodePng({
    width: 1000,
    height: 1000,
    pixels: new Uint8Array(1e6),
    palette: new Uint8Array(3),
  });
  ok(png.length < 12000, `${png.length}`);
  deepEqual([...png.subarray(-4)], [0xae, 0x42, 0x60, 0x82]);
});

Deno.test("encodePng() refuses what does not fit", () => {
  const palette = new Uint8Array(3);
  throws(() => encodePng({ width: 2, height: 2, pixels: new Uint8Array(3), palette }), TypeError);
  throws(
    () => encodePng({ width: 1, height: 1, pixels: new Uint8Array(1), palette: new Uint8Array(4) }),
    TypeError,
  );
});

const luminance = (r: number, g: number, b: number) => {
  const [x, y, z] = [r, g, b].map((v) =>
    v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4
  );
  return 0.2126 * x! + 0.7152 * y! + 0.0722 * z!;
};

Deno.test("colorMap() of a sequence grows lighter all the way", () => {
  for (const name of ["viridis", "magma", "inferno", "gray"] as const) {
    const map = colorMap(name);
    for (let i = 1; i < 256; i++) {
      const at = (k: number) => luminance(map[3 * k]!, map[3 * k + 1]!, map[3 * k + 2]!);
      ok(at(i) >= at(i - 1) - 2e-3 && (i < 8 || at(i) > at(i - 8)), `${name} ${i}`);
    }
  }
  throws(() => colorMap("jet" as "gray"), RangeError);
});

Deno.test("colorMap() of a divergence is lightest in the middle", () => {
  const map = colorMap("coolwarm"),
    at = (k: number) => luminance(map[3 * k]!, map[3 * k + 1]!, map[3 * k + 2]!);
  ok(at(128) > 0.9 && at(0) < 0.1 && at(255) < 0.1);
});

Deno.test("okabeIto holds seven different colours", () => {
  equal(new Set(okabeIto).size, 7);
});

Deno.test({
  name: "renderPng() draws at the scale asked for, with permission to read alone",
  permissions: {
    read: true,
    env: false,
    ffi: false,
    net: false,
    run: false,
    sys: false,
    write: false,
  },
  async fn() {
    const svg = figure({ width: 200, height: 150, panels: [{ x: { label: "Σ γ" }, marks: [] }] });
    const view = (png: Uint8Array) => new DataView(png.buffer);
    const one = await renderPng(svg, { scale: 1 }), three = await renderPng(svg, { scale: 3 });
    deepEqual([view(one).getUint32(16), view(one).getUint32(20)], [200, 150]);
    deepEqual([view(three).getUint32(16), view(three).getUint32(20)], [600, 450]);
    deepEqual(await renderPng(svg, { scale: 1 }), one);
    // the label is drawn: without it the image differs
    const bare = figure({ width: 200, height: 150, panels: [{ x: { label: " " }, marks: [] }] });
    ok((await renderPng(bare, { scale: 1 })).length !== one.length);
    await rejects(renderPng(svg, { scale: 0 }), RangeError);
    await rejects(renderPng("<no svg"));
  },
});
