import { FitsFormatError } from "./fits_format_error.ts";
import type { Hdu, ImageHdu } from "./hdu.ts";
import { optionalHeaderBoolean } from "./header_values.ts";
import { tiledImage } from "./tiled_image.ts";

/**
 * Whether an HDU is an image: as it stands, or in compressed tiles of a binary table.
 *
 * @param hdu Any HDU.
 * @returns True where {@linkcode asImage} gives an image, which may be one without data.
 *
 * @example
 * ```ts
 * import { encodeFits, isImage, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * using file = await openFits(memorySource(encodeFits([{ kind: "image" }])));
 * assert(isImage(file.primary));
 * ```
 */
export function isImage(hdu: Hdu): boolean {
  return hdu.kind === "image" ||
    (hdu.kind === "bintable" && hdu.header.index.has("ZIMAGE") &&
      optionalHeaderBoolean(hdu.header, "ZIMAGE") === true);
}

/**
 * The HDU as an image, decompressed as it is read where it is in compressed tiles; or an error that says
 * what it is.
 *
 * @param hdu Any HDU.
 * @throws FitsFormatError unless it is a primary HDU, an IMAGE extension or a binary table with ZIMAGE.
 *
 * @example
 * ```ts
 * import { asImage, encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const image = { kind: "image", data: new Float32Array(6), shape: [2, 3] } as const;
 * using file = await openFits(memorySource(encodeFits([image])));
 * assert.deepEqual(asImage(await file.hdu(0)).shape, [2, 3]);
 * ```
 */
export function asImage(hdu: Hdu): ImageHdu {
  if (hdu.kind === "image") return hdu;
  if (hdu.kind === "bintable" && isImage(hdu)) return tiledImage(hdu);
  const what = { bintable: "a BINTABLE", table: "a TABLE", other: "another type" }[hdu.kind];
  throw new FitsFormatError(
    `found ${what}${hdu.name === "" ? "" : ` named ${hdu.name}`}, expected an image`,
    { file: hdu.source.name, hdu: hdu.index },
  );
}
