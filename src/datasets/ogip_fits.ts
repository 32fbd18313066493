/** Spectra into OGIP files: counts (PHA), background (BKG), effective area (ARF), energy dispersion (RMF). */
import { type Card, card, type ColumnInput, type HduInput } from "../fits/mod.ts";
import { rmfHdus } from "../irf/mod.ts";
import type { MapAxis } from "../nddata/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { gtiHdu } from "./_ogip_gti_fits.ts";
import type { SpectrumDataset } from "./spectrum_dataset.ts";

/** How OGIP files are written. */
export interface OgipOptions {
  /**
   * "ogip-sherpa": energies in keV, areas in cm², as XSPEC and Sherpa take them for granted; "ogip": energies
   * in TeV, the dataset's own edges to the last bit. Both name their units. "ogip-sherpa" where absent.
   */
  readonly format?: "ogip" | "ogip-sherpa";
  /** Name of the files without extension; the dataset's name where absent. */
  readonly stem?: string;
  /** TELESCOP; that of the first observation, else "unknown", where absent. */
  readonly telescope?: string;
  /** INSTRUME; that of the first observation, else "unknown", where absent. */
  readonly instrument?: string;
}

/** A file to write. */
export interface OgipFile {
  /** Its name, without a folder. */
  readonly name: string;
  /** Its HDUs, for `encodeFits`. */
  readonly hdus: readonly HduInput[];
}

/** The names of the files that belong to a spectrum. */
interface OgipNames {
  readonly pha: string;
  readonly arf: string;
  readonly bkg: string | undefined;
  readonly rmf: string | undefined;
}

/**
 * The files of a spectrum: `<stem>.fits`, `<stem>_arf.fits`, and, where the dataset has them,
 * `<stem>_bkg.fits` and `<stem>_rmf.fits`.
 *
 * Exact in the files: counts, acceptances, quality, and in format "ogip" the edges. Rounded: effective areas
 * (one division, 1e-15), edges in keV (1e-15), probabilities of the energy dispersion (single precision, 1e-7).
 * Not in the files: `validFit`, and all of `meta` but telescope and instrument.
 *
 * @param dataset A dataset with live time, and with a measured background or none.
 * @param options Format, stem, names of telescope and instrument.
 * @returns Names and HDUs, the spectrum first.
 * @throws TypeError for a dataset whose background is known: the format has no place for it; RangeError for a
 *   live time that is not positive, or a stem with a folder in it.
 * @example
 * ```ts
 * import { createSpectrumDataset, ogipFiles } from "@gammarx/gammarx/datasets";
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
 * const names = ogipFiles(dataset, { stem: "pha_obs23523" }).map((file) => file.name);
 * deepStrictEqual(names, ["pha_obs23523.fits", "pha_obs23523_arf.fits"]);
 * ```
 * @see OGIP memos OGIP/92-007 (PHA) and CAL/GEN/92-002a (ARF, RMF); gammapy.datasets.OGIPDatasetWriter
 */
export function ogipFiles(dataset: SpectrumDataset, options: OgipOptions = {}): OgipFile[] {
  const { name, off, edisp, gti, livetimeS, energy } = dataset;
  const { stem = name, format = "ogip-sherpa" } = options;
  if (dataset.background !== undefined) {
    throw new TypeError(
      `Dataset ${name}: found a known background, expected a measured one or none: OGIP files hold counts`,
    );
  }
  if (!(livetimeS > 0 && livetimeS < Infinity)) {
    throw new RangeError(
      `Dataset ${name}: found a live time of ${livetimeS} s, expected EXPOSURE > 0`,
    );
  }
  if (!/^[^/\\]+$/.test(stem)) {
    throw new RangeError(`Dataset ${name}: found stem "${stem}", expected a name without a folder`);
  }
  const unit = format === "ogip" ? "TeV" as const : "keV" as const;
  const observation = dataset.meta.observations[0];
  const telescope = options.telescope ?? observation?.telescope ?? "unknown";
  const instrument = options.instrument ?? observation?.instrument ?? "unknown";
  const maker = [
    card("TELESCOP", telescope),
    card("INSTRUME", instrument),
    card("FILTER", "None"),
    card("HDUCLASS", "OGIP"),
  ];
  const names: OgipNames = {
    pha: `${stem}.fits`,
    arf: `${stem}_arf.fits`,
    bkg: off === undefined ? undefined : `${stem}_bkg.fits`,
    rmf: edisp === undefined ? undefined : `${stem}_rmf.fits`,
  };
  const bounds = ebounds(energy, maker, unit);
  const on = { counts: dataset.counts, acceptance: off?.acceptance, hduclas2: "TOTAL" };
  const files: OgipFile[] = [
    {
      name: names.pha,
      hdus: [
        spectrum(dataset, on, { maker, names }),
        bounds,
        ...(gti === undefined ? [] : [gtiHdu(gti)]),
      ],
    },
    { name: names.arf, hdus: [specresp(dataset, maker, unit)] },
  ];
  if (off !== undefined && names.bkg !== undefined) {
    const part = { counts: off.counts, acceptance: off.acceptanceOff, hduclas2: "BKG" };
    files.push({ name: names.bkg, hdus: [spectrum(dataset, part, { maker, names }), bounds] });
  }
  if (edisp !== undefined && names.rmf !== undefined) {
    files.push({ name: names.rmf, hdus: rmfHdus(edisp, { unit, telescope, instrument }) });
  }
  return files;
}

function spectrum(
  dataset: SpectrumDataset,
  { counts, acceptance, hduclas2 }: {
    readonly counts: Float64Array;
    readonly acceptance: Float64Array | undefined;
    readonly hduclas2: string;
  },
  { maker, names }: { readonly maker: readonly Card[]; readonly names: OgipNames },
): HduInput {
  const { validSafe, name, energy, livetimeS } = dataset, n = counts.length;
  const whole = counts.every((count) => Number.isInteger(count) && Math.abs(count) < 2 ** 31);
  const first = validSafe.indexOf(1), last = validSafe.lastIndexOf(1);
  const number = Number(name);
  const columns: ColumnInput[] = [
    { name: "CHANNEL", values: Int16Array.from({ length: n }, (_, j) => j) },
    { name: "COUNTS", values: whole ? Int32Array.from(counts) : counts, unit: "count" },
    { name: "QUALITY", values: Int16Array.from(validSafe, (safe) => safe === 0 ? 1 : 0) },
    { name: "BACKSCAL", values: acceptance ?? new Float64Array(n).fill(1) },
  ];
  return {
    kind: "bintable",
    name: "SPECTRUM",
    header: [
      ...maker,
      card("HDUCLAS1", "SPECTRUM"),
      card("HDUCLAS2", hduclas2),
      card("HDUCLAS3", "COUNT"),
      card("HDUCLAS4", "TYPE:I"),
      card("HDUVERS", "1.2.1"),
      card("OBS_ID", Number.isSafeInteger(number) && String(number) === name ? number : name),
      card("EXPOSURE", livetimeS, "[s] live time"),
      card("CORRFILE", "NONE"),
      card("CORRSCAL", 0),
      card("ANCRFILE", names.arf),
      ...(names.bkg === undefined ? [] : [card("BACKFILE", names.bkg)]),
      ...(names.rmf === undefined ? [] : [card("RESPFILE", names.rmf)]),
      card("POISSERR", true),
      card("SYS_ERR", 0),
      card("CHANTYPE", "PHA"),
      card("DETCHANS", n),
      card("TLMIN1", 0, "first channel"),
      card("TLMAX1", n - 1, "last channel"),
      card("GROUPING", 0),
      card("AREASCAL", 1),
      ...(first < 0 ? [] : [
        card("LO_THRES", energy.edges[first]!, "[TeV] first safe energy"),
        card("HI_THRES", energy.edges[last + 1]!, "[TeV] last safe energy"),
      ]),
    ],
    columns,
  };
}

function ebounds(energy: MapAxis, maker: readonly Card[], unit: string): HduInput {
  const { edges, nBins } = energy, factor = unitFactor("TeV", unit);
  const scaled = edges.map((edge) => edge * factor);
  return {
    kind: "bintable",
    name: "EBOUNDS",
    header: [
      ...maker,
      card("HDUCLAS1", "RESPONSE"),
      card("HDUCLAS2", "EBOUNDS"),
      card("HDUVERS", "1.2.0"),
      card("CHANTYPE", "PHA"),
      card("DETCHANS", nBins),
    ],
    columns: [
      { name: "CHANNEL", values: Int16Array.from({ length: nBins }, (_, j) => j) },
      { name: "E_MIN", values: scaled.slice(0, -1), unit },
      { name: "E_MAX", values: scaled.slice(1), unit },
    ],
  };
}

function specresp(dataset: SpectrumDataset, maker: readonly Card[], unit: string): HduInput {
  const { energyTrue, exposureCm2S, livetimeS } = dataset, factor = unitFactor("TeV", unit);
  const edges = energyTrue.edges.map((edge) => edge * factor);
  return {
    kind: "bintable",
    name: "SPECRESP",
    header: [
      ...maker,
      card("HDUCLAS1", "RESPONSE"),
      card("HDUCLAS2", "SPECRESP"),
      card("HDUVERS", "1.1.0"),
    ],
    columns: [
      { name: "ENERG_LO", values: edges.slice(0, -1), unit },
      { name: "ENERG_HI", values: edges.slice(1), unit },
      { name: "SPECRESP", values: exposureCm2S.map((x) => x / livetimeS), unit: "cm2" },
    ],
  };
}
