// The packages are imported so that their files are there and resolve to file URLs.
import "dejavu-fonts-ttf/package.json" with { type: "json" };
import { svgToPng } from "./svg_to_png.ts";

/** Options of `renderPng`. */
export interface RenderPngOptions {
  /** Pixels of the image for a px of the figure, default 2. */
  readonly scale?: number;
}

async function load(): Promise<{ wasm: WebAssembly.Module; fonts: Uint8Array[] }> {
  await import("@resvg/resvg-wasm");
  const read = (url: string): Promise<Uint8Array<ArrayBuffer>> => Deno.readFile(new URL(url));
  const [wasm, ...fonts] = await Promise.all([
    read(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm")),
    read(import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf")),
    read(import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf")),
  ]);
  return { wasm: await WebAssembly.compile(wasm), fonts };
}

let loaded: ReturnType<typeof load> | undefined;

/**
 * A PNG image of a figure, with DejaVu Sans from its npm package, never a font of the system. Needs
 * `--allow-read` alone; renderer and fonts are loaded on first use.
 *
 * @param svg SVG document, as `figure` makes it
 * @param options scale
 * @returns the PNG file, owned by the caller
 * @throws Deno.errors.NotCapable without permission to read; as `svgToPng`
 * @example
 * ```ts
 * import { figure, renderPng } from "@gammarx/gammarx/plot";
 * import { equal } from "node:assert/strict";
 * const png = await renderPng(figure({ panels: [{ marks: [] }] }));
 * equal(String.fromCharCode(...png.subarray(1, 4)), "PNG");
 * ```
 */
export async function renderPng(
  svg: string,
  options: RenderPngOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  loaded ??= load();
  let parts: Awaited<typeof loaded>;
  try {
    parts = await loaded;
  } catch (error) {
    loaded = undefined;
    throw error;
  }
  return await svgToPng(svg, { ...options, ...parts });
}
