import {
  encodeFits,
  type FitsFile,
  FitsFormatError,
  type OpenByteSourceOptions,
  openFitsFile,
  writeFileAtomic,
} from "../fits/mod.ts";
import { beside } from "./_beside.ts";
import { ogipFiles, type OgipOptions } from "./ogip_fits.ts";
import { ogipNeeds, readOgipFits, type ReadOgipOptions } from "./read_ogip_fits.ts";
import type { SpectrumDataset } from "./spectrum_dataset.ts";

/**
 * Writes a spectrum into OGIP files, each whole or not at all; the spectrum last, so that whoever finds it
 * finds what it names.
 *
 * @param folder An existing folder.
 * @param dataset As {@linkcode ogipFiles} takes it.
 * @param options Format, stem, names.
 * @returns Path of the spectrum, which names the other files.
 * @throws As {@linkcode ogipFiles}; Deno.errors.* where it cannot be written.
 * @example
 * ```ts
 * import { createSpectrumDataset, readOgip, writeOgip } from "@gammarx/gammarx/datasets";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "23523",
 *   energy: energyAxis({ low: 1, high: 10, nBins: 2 }),
 *   energyTrue: energyAxis({ low: 1, high: 10, nBins: 2, name: "energy_true" }),
 *   counts: Float64Array.of(5, 1),
 *   exposureCm2S: Float64Array.of(1e13, 2e13),
 *   livetimeS: 1000,
 * });
 * const folder = Deno.makeTempDirSync();
 * const path = await writeOgip(folder, dataset, { stem: "pha_obs23523" });
 * deepStrictEqual((await readOgip(path)).counts, dataset.counts);
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export async function writeOgip(
  folder: string,
  dataset: SpectrumDataset,
  options: OgipOptions = {},
): Promise<string> {
  const files = ogipFiles(dataset, options), at = (name: string) => `${folder}/${name}`;
  const encoded = files.map(({ name, hdus }) => [at(name), encodeFits(hdus)] as const);
  for (const [path, bytes] of encoded.toReversed()) await writeFileAtomic(path, bytes);
  return encoded[0]![0];
}

/**
 * Reads a spectrum from OGIP files: the one at the path, and those that it names, in its folder.
 *
 * @param path Path or address of the PHA file.
 * @param options Name, grouping, and how files are opened.
 * @returns The dataset; without BACKFILE counts alone, without RESPFILE no energy dispersion.
 * @throws FitsFormatError as {@linkcode readOgipFits}, and for a file that is named but not there;
 *   Deno.errors.* where the path itself cannot be read.
 * @example
 * ```ts
 * import { readOgip } from "@gammarx/gammarx/datasets";
 * import { rejects } from "node:assert/strict";
 * await rejects(readOgip("not-there.fits"), Deno.errors.NotFound);
 * ```
 */
export async function readOgip(
  path: string | URL,
  options: ReadOgipOptions & OpenByteSourceOptions = {},
): Promise<SpectrumDataset> {
  const place = String(path);
  using opened = new DisposableStack();
  const pha = opened.use(await openFitsFile(path, options));
  const needs = await ogipNeeds(pha);
  const open = async (keyword: string, name: string): Promise<FitsFile> => {
    try {
      return opened.use(await openFitsFile(beside(place, name), options));
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
      throw new FitsFormatError(`found "${name}", but no such file in the folder of the spectrum`, {
        file: pha.name,
        keyword,
        cause,
      });
    }
  };
  if (needs.arf === undefined) {
    throw new FitsFormatError("found no effective area, expected the name of an ARF", {
      file: pha.name,
      keyword: "ANCRFILE",
    });
  }
  return await readOgipFits({
    pha,
    arf: await open("ANCRFILE", needs.arf),
    bkg: needs.bkg === undefined ? undefined : await open("BACKFILE", needs.bkg),
    rmf: needs.rmf === undefined ? undefined : await open("RESPFILE", needs.rmf),
  }, options);
}
