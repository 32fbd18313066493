/** What `svgToPng` draws with. */
export interface SvgToPngOptions {
  /** Pixels of the image for a px of the figure, default 2. */
  readonly scale?: number;
  /** The WebAssembly of `@resvg/resvg-wasm` (file `index_bg.wasm`), as octets or compiled. */
  readonly wasm: BufferSource | WebAssembly.Module;
  /** TrueType fonts; the first is the default family. */
  readonly fonts: readonly Uint8Array[];
  /** Family name of the default font, default "DejaVu Sans". */
  readonly family?: string;
}

let ready: Promise<void> | undefined;

/**
 * A PNG image of an SVG document, drawn by resvg with the given fonts and no others: the same image on
 * every machine.
 *
 * @param svg SVG document
 * @param options scale, WebAssembly of the renderer (loaded once), fonts
 * @returns the PNG file, owned by the caller
 * @throws RangeError for a scale not above 0; Error from resvg for text that is no SVG
 * @example
 * ```ts ignore
 * import { svgToPng } from "@gammarx/gammarx/plot";
 * const png = await svgToPng(svg, { wasm, fonts: [dejaVuSans] });
 * ```
 */
export async function svgToPng(
  svg: string,
  options: SvgToPngOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { scale = 2, wasm, fonts, family = "DejaVu Sans" } = options;
  if (!(scale > 0 && scale < 100)) {
    throw new RangeError(`svgToPng: scale is ${scale}, needs 0..100`);
  }
  const { initWasm, Resvg } = await import("@resvg/resvg-wasm");
  ready ??= initWasm(wasm);
  try {
    await ready;
  } catch (error) {
    ready = undefined;
    throw error;
  }
  const resvg = new Resvg(svg, {
    background: "#ffffff",
    fitTo: { mode: "zoom", value: scale },
    font: { fontBuffers: [...fonts], defaultFontFamily: family, sansSerifFamily: family },
  });
  try {
    const image = resvg.render();
    try {
      return Uint8Array.from(image.asPng());
    } finally {
      image.free();
    }
  } finally {
    resvg.free();
  }
}
