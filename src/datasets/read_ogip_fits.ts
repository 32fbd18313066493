/**
 * Spectra from OGIP files: counts (PHA), background (BKG), effective area (ARF) and energy dispersion (RMF).
 *
 * | symbol | meaning | where |
 * | --- | --- | --- |
 * | t, A, b | live time, area scale, region scale of the on spectrum | EXPOSURE, AREASCAL, BACKSCAL of PHA |
 * | t', A', b' | the same of the off spectrum | those of BKG |
 * | S_i | effective area, cm² | SPECRESP |
 * | X_i = S_i t A | exposure, cm² s | |
 * | alpha = (b t A) / (b' t' A') | exposure of on over off | |
 */
import {
  type FitsFile,
  FitsFormatError,
  headerCards,
  headerError,
  headerValue,
} from "../fits/mod.ts";
import { createEdispKernel, type EdispKernel, readRmf } from "../irf/mod.ts";
import { createMeta, type MapAxis, type Meta } from "../nddata/mod.ts";
import {
  about,
  type ArfCurve,
  isNamed,
  isSameBinning,
  type PhaSpectrum,
  readArf,
  readPha,
} from "./_ogip_spectrum_fits.ts";
import { createSpectrumDataset, type SpectrumDataset } from "./spectrum_dataset.ts";

/** The files that a spectrum needs, as its header names them; undefined where it names none. */
export interface OgipNeeds {
  /** ANCRFILE. */
  readonly arf: string | undefined;
  /** BACKFILE. */
  readonly bkg: string | undefined;
  /** RESPFILE. */
  readonly rmf: string | undefined;
}

/**
 * The files that a spectrum's header names.
 *
 * @param pha An open PHA file.
 * @returns Names as they stand there; undefined for a keyword that is absent, empty or "NONE".
 * @throws FitsFormatError where there is no spectrum.
 * @example
 * ```ts
 * import { ogipNeeds } from "@gammarx/gammarx/datasets";
 * import { card, encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { strictEqual } from "node:assert/strict";
 * using file = await openFits(memorySource(encodeFits([{
 *   kind: "bintable",
 *   name: "SPECTRUM",
 *   header: [card("ANCRFILE", "a.fits"), card("RESPFILE", "NONE")],
 *   columns: [{ name: "COUNTS", values: new Int32Array(2) }],
 * }])));
 * const { arf, rmf } = await ogipNeeds(file);
 * strictEqual(arf, "a.fits");
 * strictEqual(rmf, undefined);
 * ```
 */
export async function ogipNeeds(pha: FitsFile): Promise<OgipNeeds> {
  const hdus = await pha.hdus();
  const hdu = hdus.find((one) => one.name.trim().toUpperCase() === "SPECTRUM") ??
    hdus.find((one) => headerCards(one.header, "HDUCLAS1")[0]?.value === "SPECTRUM");
  if (hdu === undefined) {
    throw new FitsFormatError("found no HDU SPECTRUM, expected a PHA file", { file: pha.name });
  }
  const named = (keyword: string) => {
    const text = String(headerValue(hdu.header, keyword) ?? "").trim();
    return isNamed(text) ? text : undefined;
  };
  return Object.freeze({
    arf: named("ANCRFILE"),
    bkg: named("BACKFILE"),
    rmf: named("RESPFILE"),
  });
}

/** Open files of one spectrum. */
export interface OgipSources {
  /** Counts. */
  readonly pha: FitsFile;
  /** Effective area. */
  readonly arf: FitsFile;
  /** Background. */
  readonly bkg?: FitsFile | undefined;
  /** Energy dispersion. */
  readonly rmf?: FitsFile | undefined;
}

/** How OGIP files are read. */
export interface ReadOgipOptions {
  /** Name of the dataset; OBS_ID where absent, or the file's name where there is not one OBS_ID. */
  readonly name?: string;
  /** Take the channels one by one although GROUPING joins them; false where absent. */
  readonly ignoreGrouping?: boolean;
}

/**
 * A spectrum dataset from open OGIP files.
 *
 * QUALITY 0 is safe, all else is not. Counts are COUNTS, or RATE times EXPOSURE. The energies are those of
 * EBOUNDS in the PHA file, else in the RMF. Scales that are absent are 1; energies without unit are in keV,
 * areas in cm². STAT_ERR and SYS_ERR are not used: the statistics here are Poisson's.
 *
 * @param files PHA and ARF, and what there is of BKG and RMF; they stay open.
 * @param options Name, grouping.
 * @returns The dataset.
 * @throws FitsFormatError that names file, HDU, keyword or column where something is missing, out of range, or
 *   of other energies than in another file; for grouped channels, subtracted backgrounds and spectra of type II.
 * @example
 * ```ts
 * import { createSpectrumDataset, ogipFiles, readOgipFits } from "@gammarx/gammarx/datasets";
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "23523",
 *   energy: energyAxis({ low: 1, high: 10, nBins: 2 }),
 *   energyTrue: energyAxis({ low: 1, high: 10, nBins: 2, name: "energy_true" }),
 *   counts: Float64Array.of(5, 1),
 *   exposureCm2S: Float64Array.of(1e13, 2e13),
 *   livetimeS: 1000,
 * });
 * const [pha, arf] = ogipFiles(dataset).map(({ name, hdus }) =>
 *   openFits(memorySource(encodeFits(hdus), name))
 * );
 * strictEqual((await readOgipFits({ pha: await pha!, arf: await arf! })).counts[0], 5);
 * ```
 * @see OGIP memos OGIP/92-007 and CAL/GEN/92-002a; gammapy.datasets.OGIPDatasetReader
 */
export async function readOgipFits(
  files: OgipSources,
  options: ReadOgipOptions = {},
): Promise<SpectrumDataset> {
  const { pha, arf, bkg, rmf } = files, { ignoreGrouping = false } = options;
  const on = await about(pha, () => readPha(pha, ignoreGrouping));
  const { exposureS } = on;
  if (!(exposureS > 0 && exposureS < Infinity)) {
    throw headerError(on.header, "EXPOSURE", `found ${exposureS} s, expected more than 0`);
  }
  const area = await about(arf, () => readArf(arf));
  const off = bkg === undefined ? undefined : await about(bkg, () => readPha(bkg, ignoreGrouping));
  if (off !== undefined && off.nChannels !== on.nChannels) {
    throw headerError(
      off.header,
      "NAXIS2",
      `found ${off.nChannels} channels, expected those of the spectrum, ${on.nChannels}`,
    );
  }
  const kernel = rmf === undefined ? undefined : await about(rmf, () => readRmf(rmf));
  const energy = on.energy ?? kernel?.axes[1];
  if (energy === undefined || energy.nBins !== on.nChannels) {
    throw new FitsFormatError(
      energy === undefined
        ? "found no EBOUNDS here, and no RESPFILE that has one: the channels have no energies"
        : `found ${on.nChannels} channels, but the RMF has ${energy.nBins}`,
      { file: pha.name },
    );
  }
  const edisp = kernel && rmf && onAxes(kernel, { energy, area, file: rmf.name });
  const meta = metaOf(on);
  const obsIds = meta.observations.map((one) => one.obsId);
  return await about(pha, () =>
    Promise.resolve(createSpectrumDataset({
      name: options.name ?? (obsIds.length === 1 ? obsIds[0]! : stemOf(pha.name)),
      energy,
      energyTrue: area.energyTrue,
      counts: on.counts,
      exposureCm2S: area.areaCm2.map((cm2) => cm2 * exposureS * on.areascal),
      edisp,
      ...(off === undefined ? {} : {
        off: {
          counts: off.counts,
          acceptance: on.backscal,
          acceptanceOff: off.backscal.map((scale) => scale * offScale(on, off)),
        },
      }),
      validSafe: Uint8Array.from(on.quality, (quality) => +(quality === 0)),
      gti: on.gti,
      livetimeS: exposureS,
      meta,
    })));
}

/** What the off spectrum's acceptance is multiplied with, for its live time and area scale. */
function offScale(on: PhaSpectrum, off: PhaSpectrum): number {
  const time = Number.isNaN(off.exposureS) ? 1 : off.exposureS / on.exposureS;
  return time * (off.areascal / on.areascal);
}

/** The matrix on the axes of the other files, which have them in double precision. */
function onAxes(
  kernel: EdispKernel,
  { energy, area, file }: {
    readonly energy: MapAxis;
    readonly area: ArfCurve;
    readonly file: string;
  },
): EdispKernel {
  const { energyTrue } = area, [rows, columns] = kernel.axes;
  for (
    const [mine, other, where] of [[rows, energyTrue, "ARF"], [columns, energy, "PHA"]] as const
  ) {
    if (isSameBinning(mine, other)) continue;
    const span = ({ nBins, edges }: MapAxis) => `${nBins} bins, ${edges[0]} to ${edges[nBins]} TeV`;
    throw new FitsFormatError(
      `axis ${mine.name}: found ${span(mine)}, but the ${where} has ${span(other)}`,
      { file },
    );
  }
  return createEdispKernel(
    { energyTrue, energy },
    Float64Array.from(kernel.values.data as Float64Array),
    kernel.meta,
  );
}

function metaOf({ header }: PhaSpectrum): Meta {
  const text = (keyword: string) => {
    const value = String(headerCards(header, keyword)[0]?.value ?? "").trim();
    return value === "" || /^(unknown|none)$/i.test(value) ? undefined : value;
  };
  const telescope = text("TELESCOP"), instrument = text("INSTRUME"), object = text("OBJECT");
  const obsIds = headerCards(header, "OBS_ID").map((one) => String(one.value ?? "").trim())
    .filter((id) => id !== "");
  return createMeta({
    observations: [...new Set(obsIds)].map((obsId) => ({
      obsId,
      ...(telescope === undefined ? {} : { telescope }),
      ...(instrument === undefined ? {} : { instrument }),
      ...(object === undefined ? {} : { object }),
    })),
  });
}

function stemOf(path: string): string {
  return path.replace(/^.*[/\\]/, "").replace(/\.(fits?|pha|pi)(\.gz)?$/i, "");
}
