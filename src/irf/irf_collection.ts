/** Responses by event type, class, or whatever else tells sets of events apart. */
import { createLabelAxis, type LabelAxis, labelIndex } from "../nddata/mod.ts";
import { type IrfTables, readIrfFile, type ReadIrfOptions } from "./read_irf_fits.ts";

/** Tables of responses by label. */
export interface IrfCollection {
  /** What tells them apart, and the labels. */
  readonly axis: LabelAxis;
  /** The tables of each label, in the order of the axis. */
  readonly tables: readonly IrfTables[];
}

/**
 * Puts tables of responses together by label.
 *
 * @param name What the labels are: "event_type".
 * @param byLabel The tables of each label, in the order that the axis shall have.
 * @returns A frozen record.
 * @throws RangeError for no label.
 * @example
 * ```ts
 * import { createIrfCollection, irfsOf } from "@gammarx/gammarx/irf";
 * import { strictEqual, throws } from "node:assert/strict";
 * const none = { aeff: undefined, edisp: undefined, psf: undefined, bkg: undefined, radMax: undefined };
 * const irfs = createIrfCollection("event_type", { PSF0: none, PSF1: none });
 * strictEqual(irfsOf(irfs, "PSF1"), none);
 * throws(() => irfsOf(irfs, "PSF2"), /PSF0, PSF1/);
 * ```
 */
export function createIrfCollection(
  name: string,
  byLabel: Readonly<Record<string, IrfTables>>,
): IrfCollection {
  const labels = Object.keys(byLabel);
  return Object.freeze({
    axis: createLabelAxis(name, labels),
    tables: Object.freeze(labels.map((label) => byLabel[label]!)),
  });
}

/**
 * The tables of a label.
 *
 * @param collection Tables by label.
 * @param label The label.
 * @returns The tables.
 * @throws RangeError for a label that is not there, naming those that are.
 * @example
 * ```ts
 * import { createIrfCollection, irfsOf } from "@gammarx/gammarx/irf";
 * import { strictEqual } from "node:assert/strict";
 * const none = { aeff: undefined, edisp: undefined, psf: undefined, bkg: undefined, radMax: undefined };
 * strictEqual(irfsOf(createIrfCollection("event_class", { hard: none }), "hard"), none);
 * ```
 */
export function irfsOf(collection: IrfCollection, label: string): IrfTables {
  return collection.tables[labelIndex(collection.axis, label)]!;
}

/**
 * Reads tables of responses that stand in several files, one set a file.
 *
 * @param name What the labels are: "event_type".
 * @param files Path or address of each label's file.
 * @param options Order of the axes where files differ.
 * @returns The tables by label.
 * @throws As `readIrfFile`, for the first file that cannot be read.
 * @example
 * ```ts
 * import { readIrfCollection } from "@gammarx/gammarx/irf";
 * import { rejects } from "node:assert/strict";
 * await rejects(readIrfCollection("event_type", { PSF0: "no-such-file.fits" }));
 * ```
 */
export async function readIrfCollection(
  name: string,
  files: Readonly<Record<string, string | URL>>,
  options: ReadIrfOptions = {},
): Promise<IrfCollection> {
  const entries: [string, IrfTables][] = [];
  for (const [label, file] of Object.entries(files)) {
    entries.push([label, await readIrfFile(file, options)]);
  }
  return createIrfCollection(name, Object.fromEntries(entries));
}

/**
 * Energies at which all tables of a set are safe: from the greatest of their lower to the least of their
 * upper limits.
 *
 * @param tables The tables of one set.
 * @returns From and to, TeV; NaN where no table says.
 * @throws RangeError where the tables have no energy in common.
 * @example
 * ```ts
 * import { createIrf, safeRangeTeV } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const axes = [energyAxis({ low: 0.1, high: 10, nBins: 1, name: "energy_true" })];
 * const aeff = createIrf("aeff", axes, { data: Float64Array.of(1), safeTeV: [0.5, NaN] });
 * const none = { edisp: undefined, psf: undefined, bkg: undefined, radMax: undefined };
 * deepStrictEqual(safeRangeTeV({ ...none, aeff }), [0.5, NaN]);
 * ```
 */
export function safeRangeTeV(tables: IrfTables): readonly [low: number, high: number] {
  let low = NaN, high = NaN;
  for (const table of Object.values(tables)) {
    const safe: readonly [number, number] | undefined = table?.safeTeV;
    if (safe === undefined) continue;
    if (!(low >= safe[0]) && safe[0] === safe[0]) low = safe[0];
    if (!(high <= safe[1]) && safe[1] === safe[1]) high = safe[1];
  }
  if (low >= high) {
    throw new RangeError(`The tables have no safe energy in common: from ${low} to ${high} TeV`);
  }
  return Object.freeze([low, high] as const);
}

/**
 * Safe energies of every label.
 *
 * @param collection Tables by label.
 * @returns From and to of each label, TeV, in the order of the axis.
 * @throws RangeError where the tables of a label have no energy in common.
 * @example
 * ```ts
 * import { createIrfCollection, safeRangesTeV } from "@gammarx/gammarx/irf";
 * import { deepStrictEqual } from "node:assert/strict";
 * const none = { aeff: undefined, edisp: undefined, psf: undefined, bkg: undefined, radMax: undefined };
 * deepStrictEqual(safeRangesTeV(createIrfCollection("type", { a: none })), [[NaN, NaN]]);
 * ```
 */
export function safeRangesTeV(
  collection: IrfCollection,
): readonly (readonly [low: number, high: number])[] {
  return collection.tables.map(safeRangeTeV);
}
