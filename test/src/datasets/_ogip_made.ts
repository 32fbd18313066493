/** A made-up dataset, and its files with parts that are changed. */
import { createSpectrumDataset, ogipFiles, type OgipSources } from "../../../src/datasets/mod.ts";
import { createGti } from "../../../src/events/mod.ts";
import {
  card,
  type ColumnInput,
  encodeFits,
  type FitsFile,
  type HduInput,
  memorySource,
  openFits,
} from "../../../src/fits/mod.ts";
import { diagonalEdispKernel } from "../../../src/irf/mod.ts";
import { createMeta, energyAxis } from "../../../src/nddata/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { agrees } from "../../_tools/data_io.ts";

export const energy = energyAxis({ low: 0.5, high: 50, nBins: 6 });
export const energyTrue = energyAxis({ low: 0.3, high: 70, nBins: 9, name: "energy_true" });

export const made = createSpectrumDataset({
  name: "23523",
  energy,
  energyTrue,
  counts: Float64Array.of(0, 5, 4, 2, 1, 0),
  exposureCm2S: Float64Array.from({ length: 9 }, (_, i) => 1e13 * (i + 1 / 3)),
  edisp: diagonalEdispKernel({ energyTrue, energy }),
  off: {
    counts: Float64Array.of(3, 9, 8, 2, 1, 0),
    acceptance: new Float64Array(6).fill(1),
    acceptanceOff: Float64Array.of(12, 12, 12, 12, 11.5, 12),
  },
  validSafe: Uint8Array.of(0, 1, 1, 1, 1, 0),
  gti: createGti(
    createEpoch([53345, 0.25], "TT"),
    Float64Array.of(0, 900),
    Float64Array.of(800, 1700),
  ),
  livetimeS: 1581.736758410931,
  meta: createMeta({ observations: [{ obsId: "23523", telescope: "HESS", instrument: "H1" }] }),
});

export function closeTo(found: ArrayLike<number>, expected: ArrayLike<number>, rtol: number): void {
  agrees(Array.from(found), Array.from(expected), { rtol }, "values");
}

/** The files of `made`, parts of which are changed, open. */
export async function opened(
  change: (name: string, hdu: HduInput) => HduInput | undefined,
  format: "ogip" | "ogip-sherpa" = "ogip-sherpa",
): Promise<OgipSources> {
  const files: Record<string, FitsFile> = {};
  for (const { name, hdus } of ogipFiles(made, { stem: "s", format })) {
    const changed = hdus.map((hdu) => change(name, hdu)).filter((hdu) => hdu !== undefined);
    files[name] = await openFits(memorySource(encodeFits(changed), name));
  }
  return {
    pha: files["s.fits"]!,
    arf: files["s_arf.fits"]!,
    bkg: files["s_bkg.fits"]!,
    rmf: files["s_rmf.fits"]!,
  };
}

export type Table = Extract<HduInput, { kind: "bintable" }>;

/** Changes the columns of one table. */
export function columns(
  file: string,
  hduName: string,
  change: (columns: readonly ColumnInput[]) => readonly ColumnInput[],
  header: (cards: Table["header"]) => Table["header"] = (cards) => cards,
) {
  return (name: string, hdu: HduInput): HduInput => {
    if (name !== file || hdu.name !== hduName) return hdu;
    const table = hdu as Table;
    return { ...table, header: header(table.header) ?? [], columns: change(table.columns) };
  };
}

export const set =
  (keyword: string, value: string | number | boolean) => (cards: Table["header"]) => [
    ...(cards ?? []).filter((one) => one.keyword !== keyword),
    card(keyword, value),
  ];
export const same = (list: readonly ColumnInput[]) => list;
export const without = (name: string) => (list: readonly ColumnInput[]) =>
  list.filter((column) => column.name !== name);
