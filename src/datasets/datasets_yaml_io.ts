/** Lists of datasets with their files and models, as Gammapy's `Datasets.read` and `write` have them. */
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import {
  encodeFits,
  type HduInput,
  openByteSource,
  type OpenByteSourceOptions,
  openFitsFile,
  writeFileAtomic,
} from "../fits/mod.ts";
import {
  type ModelSet,
  type ModelTables,
  readCovarianceTable,
  readModelsYaml,
  writeCovarianceTable,
  writeModelsYaml,
} from "../models/mod.ts";
import type { Json } from "../nddata/mod.ts";
import { beside } from "./_beside.ts";
import {
  type DatasetEntry,
  readDatasetList,
  writeDatasetList,
  type WrittenEntry,
} from "./_datasets_document.ts";
import { gadfSpectrumHdus, readGadfSpectrum } from "./_datasets_gadf_fits.ts";
import { ogipFiles } from "./ogip_fits.ts";
import { readOgip } from "./ogip_io.ts";
import type { SpectrumDataset } from "./spectrum_dataset.ts";

/** How a list of datasets is read. */
export interface ReadDatasetsOptions extends OpenByteSourceOptions {
  /** Path or address of the file of the models; none is read where absent. */
  readonly modelsPath?: string | URL;
  /** Tables that the file of the models names. */
  readonly tables?: ModelTables;
}

/** What a list of datasets holds. */
export interface DatasetsFile {
  /** The datasets, in the order of the list. */
  readonly datasets: readonly SpectrumDataset[];
  /** The models; undefined where none were asked for. */
  readonly models: ModelSet | undefined;
  /** The document of the models, for {@linkcode writeDatasets}: it holds what is not known here. */
  readonly modelsDocument: Json | undefined;
  /** Covariance of the models' parameters, [n, n]; undefined where their file names none. The caller's. */
  readonly covariance: NdArray<Float64Array> | undefined;
  /** What is not known, with file, line and column. */
  readonly warnings: readonly string[];
}

/**
 * Reads a list of spectra from YAML, with the files that it names, which are looked for in its folder:
 * measured backgrounds in OGIP (SpectrumDatasetOnOff), known ones as GADF maps of a region (SpectrumDataset).
 *
 * Files of Gammapy for the latter do not have the live time: it is NaN. Their region is not used. A dataset
 * has the name of the list, and where that has none, the one in its file.
 *
 * @param path Path or address of the list.
 * @param options File of the models, tables that it names, how files are opened.
 * @returns Datasets, models, covariance, and warnings.
 * @throws SyntaxError with file, line and column for a list that is none, for types that are not spectra, for
 *   a name that stands there twice, and for files that are named but not there; FitsFormatError as
 *   {@linkcode readOgip}; SyntaxError for models as `readModelsYaml`; Deno.errors.* where the list itself, or
 *   the file of the models, cannot be read.
 * @example
 * ```ts
 * import { readDatasets } from "@gammarx/gammarx/datasets";
 * import { rejects } from "node:assert/strict";
 * const folder = Deno.makeTempDirSync();
 * Deno.writeTextFileSync(`${folder}/datasets.yaml`, "datasets:\n- {type: MapDataset, filename: a.fits}\n");
 * await rejects(readDatasets(`${folder}/datasets.yaml`), /line 2, column 10: .*file a.fits: .*MapDataset/);
 * Deno.removeSync(folder, { recursive: true });
 * ```
 * @see gammapy.datasets.Datasets.read
 */
export async function readDatasets(
  path: string | URL,
  options: ReadDatasetsOptions = {},
): Promise<DatasetsFile> {
  const { modelsPath, tables, ...opening } = options, place = String(path);
  const { entries, warnings } = readDatasetList(await readText(place, opening), place);
  const datasets: SpectrumDataset[] = [], names = new Set<string>(), strange = [...warnings];
  for (const entry of entries) {
    const { dataset, unused } = await readEntry(entry, beside(place, entry.filename), opening)
      .catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
        const message = `found "${entry.filename}", but no such file in the folder of the list`;
        throw entry.fileError(message, error);
      });
    if (names.has(dataset.name)) throw entry.nameError(`found the name ${dataset.name} twice`);
    names.add(dataset.name);
    datasets.push(dataset);
    if (unused.length > 0) {
      strange.push(entry.fileError(`HDU ${unused.join(", ")}: not used`).message);
    }
  }
  const models = modelsPath === undefined
    ? undefined
    : await readModels(String(modelsPath), tables, opening);
  return Object.freeze({
    datasets: Object.freeze(datasets),
    models: models?.set,
    modelsDocument: models?.document,
    covariance: models?.covariance,
    warnings: Object.freeze([...strange, ...models?.warnings ?? []]),
  });
}

async function readEntry(
  { name, format }: DatasetEntry,
  path: string,
  opening: OpenByteSourceOptions,
): Promise<{ readonly dataset: SpectrumDataset; readonly unused: readonly string[] }> {
  if (format === "gadf") {
    using file = await openFitsFile(path, opening);
    return await readGadfSpectrum(file, name);
  }
  const options = name === undefined ? opening : { ...opening, name };
  return { dataset: await readOgip(path, options), unused: [] };
}

async function readModels(
  place: string,
  tables: ModelTables | undefined,
  opening: OpenByteSourceOptions,
) {
  const text = await readText(place, opening);
  const file = readModelsYaml(text, { name: place, ...(tables === undefined ? {} : { tables }) });
  const named = (file.document as { readonly covariance?: Json }).covariance;
  if (named === undefined || named === null) return { ...file, covariance: undefined };
  const line = text.split("\n").findIndex((one) => /^["']?covariance["']?\s*:/.test(one)) + 1;
  const table = await readText(beside(place, String(named)), opening).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new SyntaxError(
      `${place}, line ${line}: covariance: found "${named}", but no such file in its folder`,
      { cause: error },
    );
  });
  return { ...file, covariance: readCovarianceTable(table, file.set) };
}

/** How a list of datasets is written. */
export interface WriteDatasetsOptions {
  /** The models; no file of models where absent. */
  readonly models?: ModelSet | undefined;
  /** What the models were read from; what is not known of it is taken over. */
  readonly modelsDocument?: Json | undefined;
  /** Covariance of the models' parameters, [n, n]. */
  readonly covariance?: NdArray<Float64Array> | undefined;
  /**
   * Format of spectra with a measured background, as {@linkcode OgipOptions} has it; "ogip", Gammapy's own,
   * where absent.
   */
  readonly format?: "ogip" | "ogip-sherpa";
}

/** What was written. */
export interface WrittenDatasets {
  /** Path of the list, `datasets.yaml`. */
  readonly datasets: string;
  /** Path of the models, `models.yaml`; undefined where there were none. */
  readonly models: string | undefined;
  /** Path of the covariance, `models_covariance.dat`; undefined where there was none. */
  readonly covariance: string | undefined;
  /** Paths of the spectra, in the order of the datasets. */
  readonly spectra: readonly string[];
  /** What the files have no place for. */
  readonly warnings: readonly string[];
}

/**
 * Writes spectra with their list and models. Those with a measured background go into OGIP files,
 * `pha_obs<name>.fits` and those that belong to it; those with a known background or none into `<name>.fits`,
 * GADF maps of no region: OGIP has no place for the one, and Gammapy's statistic none for the other.
 *
 * Each file is written whole or not at all, after those that it names: the list comes last. All are encoded
 * before the first one is written. Older files of the same names are replaced, one by one: give each set its
 * own folder where somebody may read the older one at the same time. In file names, all but ASCII letters,
 * digits and "+-._" becomes "_", and a name that is taken gets a number; datasets keep their names.
 *
 * @param folder An existing folder.
 * @param datasets The datasets, of different names; with a measured background as {@linkcode ogipFiles} takes them.
 * @param options Models, covariance, format.
 * @returns Paths, and warnings of what OGIP files have no place for: `validFit`.
 * @throws As {@linkcode ogipFiles}; RangeError for an empty name or two equal ones; TypeError for a covariance
 *   without models or of another shape; Deno.errors.* where files cannot be written.
 * @example
 * ```ts
 * import { createSpectrumDataset, readDatasets, writeDatasets } from "@gammarx/gammarx/datasets";
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
 * const folder = Deno.makeTempDirSync();
 * const written = await writeDatasets(folder, [dataset]);
 * strictEqual((await readDatasets(written.datasets)).datasets[0]?.name, "23523");
 * Deno.removeSync(folder, { recursive: true });
 * ```
 * @see gammapy.datasets.Datasets.write
 */
export async function writeDatasets(
  folder: string,
  datasets: readonly SpectrumDataset[],
  options: WriteDatasetsOptions = {},
): Promise<WrittenDatasets> {
  const { models, covariance, format = "ogip" } = options;
  if (covariance !== undefined && models === undefined) {
    throw new TypeError("Found a covariance without models, expected the models that it is of");
  }
  const names = new Set<string>(), taken = new Set<string>(), warnings: string[] = [];
  const entries: WrittenEntry[] = [], files: DatasetFile[] = [];
  for (const dataset of datasets) {
    const { name, validFit } = dataset;
    if (name === "" || names.has(name)) {
      throw new RangeError(`Found the name "${name}" twice or empty, expected different names`);
    }
    names.add(name);
    const own = namedFiles(dataset, format, taken), filename = own[0]!.name;
    // Those that the spectrum names come before it.
    files.push(...own.toReversed());
    if (dataset.off === undefined) {
      entries.push({ name, type: "SpectrumDataset", format: "gadf", filename });
      continue;
    }
    entries.push({ name, type: "SpectrumDatasetOnOff", format, filename });
    if (validFit?.includes(0)) {
      warnings.push(`Dataset ${name}: OGIP files have no place for validFit, it is not written`);
    }
  }
  const at = (name: string) => `${folder}/${name}`, texts: [string, string][] = [];
  const modelsPath = models && at("models.yaml"), tableName = "models_covariance.dat";
  const tablePath = covariance && at(tableName);
  if (models !== undefined && modelsPath !== undefined) {
    const { covariance: _old, ...document } = (options.modelsDocument ?? {}) as Readonly<
      Record<string, Json>
    >;
    if (covariance !== undefined && tablePath !== undefined) {
      texts.push([tablePath, writeCovarianceTable(models, covariance)]);
    }
    const top = tablePath === undefined ? document : { ...document, covariance: tableName };
    texts.push([modelsPath, writeModelsYaml(models, top)]);
  }
  texts.push([at("datasets.yaml"), writeDatasetList(entries)]);
  const encoded = files.map(({ name, hdus }) => [at(name), encodeFits(hdus)] as const);
  for (const [path, bytes] of encoded) await writeFileAtomic(path, bytes);
  for (const [path, text] of texts) await writeFileAtomic(path, new TextEncoder().encode(text));
  return Object.freeze({
    datasets: at("datasets.yaml"),
    models: modelsPath,
    covariance: tablePath,
    spectra: Object.freeze(entries.map((one) => at(one.filename))),
    warnings: Object.freeze(warnings),
  });
}

/** A file to write. */
interface DatasetFile {
  readonly name: string;
  readonly hdus: readonly HduInput[];
}

/** The files of a dataset under names that are not taken, also where upper case is lower case. */
function namedFiles(
  dataset: SpectrumDataset,
  format: "ogip" | "ogip-sherpa",
  taken: Set<string>,
): readonly DatasetFile[] {
  const name = dataset.name.replace(/[^A-Za-z0-9._+-]/g, "_"), isOgip = dataset.off !== undefined;
  for (let k = 1;; k++) {
    const stem = `${isOgip ? "pha_obs" : ""}${name}${k === 1 ? "" : `_${k}`}`;
    const files = isOgip
      ? ogipFiles(dataset, { format, stem })
      : [{ name: `${stem}.fits`, hdus: gadfSpectrumHdus(dataset) }];
    const keys = files.map((file) => file.name.toLowerCase());
    if (keys.some((key) => taken.has(key))) continue;
    for (const key of keys) taken.add(key);
    return files;
  }
}

async function readText(place: string, opening: OpenByteSourceOptions): Promise<string> {
  using source = await openByteSource(place, opening);
  const decoder = new TextDecoder(), step = 1 << 16;
  let text = "";
  for (let offset = 0;;) {
    const bytes = await source.read(offset, step);
    offset += bytes.length;
    text += decoder.decode(bytes, { stream: bytes.length === step });
    if (bytes.length < step) return text;
  }
}
