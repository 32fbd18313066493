/**
 * Counts spectra with all that predicts them.
 *
 * | symbol | meaning | unit |
 * | --- | --- | --- |
 * | i, j | bins of true and reconstructed energy | |
 * | φ_i | flux of the model in the bin i | cm⁻² s⁻¹ |
 * | X_i | exposure | cm² s |
 * | R_ij | energy dispersion | 1 |
 * | s_j = Σ φ_i X_i R_ij | expected signal | 1 |
 */
import type { Gti } from "../events/mod.ts";
import type { EdispKernel } from "../irf/mod.ts";
import { axisEquals, EMPTY_META, type MapAxis, type Meta } from "../nddata/mod.ts";

/** A counts spectrum of one region, with a background that is known or measured. */
export interface SpectrumDataset {
  /** What it is. */
  readonly kind: "spectrum";
  /** Name, unique among datasets. */
  readonly name: string;
  /** Reconstructed energies, TeV. */
  readonly energy: MapAxis;
  /** True energies, TeV. */
  readonly energyTrue: MapAxis;
  /** Counts in each bin of reconstructed energy. */
  readonly counts: Float64Array;
  /** Exposure in each bin of true energy, cm² s. */
  readonly exposureCm2S: Float64Array;
  /** Energy dispersion; undefined where reconstructed energies are true ones. */
  readonly edisp: EdispKernel | undefined;
  /** Expected background of the on region, where it is known. */
  readonly background: Float64Array | undefined;
  /** Counts of the off region, where the background is measured. */
  readonly off: OffCounts | undefined;
  /** 1 where the instrument is trusted. */
  readonly validSafe: Uint8Array;
  /** 1 where the user wants to fit; undefined: everywhere. */
  readonly validFit: Uint8Array | undefined;
  /** Good time intervals; undefined where they are not known. */
  readonly gti: Gti | undefined;
  /** Live time, s. */
  readonly livetimeS: number;
  /** What is known beside. */
  readonly meta: Meta;
}

/** A measured background. */
export interface OffCounts {
  /** Counts of the off region. */
  readonly counts: Float64Array;
  /** Acceptance of the on region. */
  readonly acceptance: Float64Array;
  /** Acceptance of the off region; alpha is their ratio. */
  readonly acceptanceOff: Float64Array;
}

/** What {@link createSpectrumDataset} takes. */
export type SpectrumDatasetOptions =
  & Pick<SpectrumDataset, "name" | "energy" | "energyTrue" | "counts" | "exposureCm2S">
  & Partial<SpectrumDataset>;

/**
 * Makes a spectrum dataset.
 *
 * @param options At least name, axes, counts and exposure; all bins are safe where `validSafe` is absent.
 * @returns A frozen record.
 * @throws TypeError for a column whose length is not that of its axis, a background that is both known and
 *   measured, an energy dispersion on other axes, or axes that are not in TeV.
 * @example
 * ```ts
 * import { createSpectrumDataset } from "@gammarx/gammarx/datasets";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 10, nBins: 2 }),
 *   energyTrue: energyAxis({ low: 1, high: 10, nBins: 2, name: "energy_true" }),
 *   counts: Float64Array.of(5, 1),
 *   exposureCm2S: Float64Array.of(1e13, 2e13),
 * });
 * strictEqual(dataset.validSafe[0], 1);
 * ```
 * @see gammapy.datasets.SpectrumDataset, SpectrumDatasetOnOff
 */
export function createSpectrumDataset(options: SpectrumDatasetOptions): SpectrumDataset {
  const { name, energy, energyTrue, counts, exposureCm2S, edisp, background, off } = options;
  for (const axis of [energy, energyTrue]) {
    if (axis.unit !== "TeV") {
      throw new TypeError(`Dataset ${name}: axis ${axis.name} is in "${axis.unit}", expected TeV`);
    }
  }
  const { validSafe = new Uint8Array(energy.nBins).fill(1), validFit } = options;
  checkLengths(name, energy, { counts, background, validSafe, validFit, ...off });
  checkLengths(name, energyTrue, { exposureCm2S });
  if (background !== undefined && off !== undefined) {
    throw new TypeError(`Dataset ${name}: found a known and a measured background, expected one`);
  }
  if (edisp !== undefined) {
    const [rows, columns] = edisp.axes;
    if (!axisEquals(rows, energyTrue) || !axisEquals(columns, energy)) {
      throw new TypeError(
        `Dataset ${name}: the energy dispersion is on other axes than the dataset`,
      );
    }
  }
  return Object.freeze({
    kind: "spectrum",
    name,
    energy,
    energyTrue,
    counts,
    exposureCm2S,
    edisp,
    background,
    off: off === undefined ? undefined : Object.freeze({ ...off }),
    validSafe,
    validFit,
    gti: options.gti,
    livetimeS: options.livetimeS ?? NaN,
    meta: options.meta ?? EMPTY_META,
  });
}

function checkLengths(
  name: string,
  axis: MapAxis,
  columns: Readonly<Record<string, ArrayLike<number> | undefined>>,
): void {
  for (const [what, column] of Object.entries(columns)) {
    if (column === undefined || column.length === axis.nBins) continue;
    throw new TypeError(
      `Dataset ${name}: ${what} has ${column.length} values, axis ${axis.name} has ${axis.nBins} bins`,
    );
  }
}

/**
 * A dataset with other fields; checked as a new one is.
 *
 * @param dataset The dataset.
 * @param changes The fields that change.
 * @returns A frozen record.
 * @throws TypeError as {@linkcode createSpectrumDataset}.
 * @example
 * ```ts
 * import { changeSpectrumDataset, createSpectrumDataset } from "@gammarx/gammarx/datasets";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 10, nBins: 1 }),
 *   energyTrue: energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" }),
 *   counts: Float64Array.of(5),
 *   exposureCm2S: Float64Array.of(1e13),
 * });
 * strictEqual(changeSpectrumDataset(dataset, { name: "b" }).name, "b");
 * ```
 */
export function changeSpectrumDataset(
  dataset: SpectrumDataset,
  changes: Partial<SpectrumDataset>,
): SpectrumDataset {
  return createSpectrumDataset({ ...dataset, ...changes });
}

/**
 * The bins that count in a fit: safe, and wanted.
 *
 * @param dataset The dataset.
 * @returns A new array, 1 where a bin counts.
 * @example
 * ```ts
 * import { createSpectrumDataset, validBins } from "@gammarx/gammarx/datasets";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 10, nBins: 2 }),
 *   energyTrue: energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" }),
 *   counts: Float64Array.of(5, 1),
 *   exposureCm2S: Float64Array.of(1e13),
 *   validFit: Uint8Array.of(1, 0),
 * });
 * deepStrictEqual([...validBins(dataset)], [1, 0]);
 * ```
 */
export function validBins(dataset: SpectrumDataset): Uint8Array {
  const { validSafe, validFit } = dataset;
  return validSafe.map((safe, j) => +(safe !== 0 && (validFit === undefined || validFit[j] !== 0)));
}

/**
 * Which bins a statistic compares: those that count in a fit, and of a measured background those that have an
 * acceptance off, since a bin without tells nothing of it.
 *
 * @param dataset The dataset.
 * @returns A new array, 1 where a bin is compared.
 * @example
 * ```ts
 * import { countingBins, createSpectrumDataset } from "@gammarx/gammarx/datasets";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const dataset = createSpectrumDataset({
 *   name: "crab",
 *   energy: energyAxis({ low: 1, high: 10, nBins: 1 }),
 *   energyTrue: energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" }),
 *   counts: Float64Array.of(5),
 *   exposureCm2S: Float64Array.of(1e13),
 *   off: { counts: Float64Array.of(0), acceptance: Float64Array.of(1), acceptanceOff: Float64Array.of(0) },
 * });
 * deepStrictEqual([...countingBins(dataset)], [0]);
 * ```
 */
export function countingBins(dataset: SpectrumDataset): Uint8Array {
  const valid = validBins(dataset), { off } = dataset;
  return off === undefined
    ? valid
    : valid.map((one, j) => +(one !== 0 && off.acceptanceOff[j]! > 0));
}

/**
 * Exposure of the on region over that of the off region in each bin; 0 where nothing was measured off.
 *
 * @param off A measured background.
 * @returns A new array.
 * @example
 * ```ts
 * import { alphaOf } from "@gammarx/gammarx/datasets";
 * import { strictEqual } from "node:assert/strict";
 * const one = Float64Array.of(1);
 * strictEqual(alphaOf({ counts: one, acceptance: one, acceptanceOff: Float64Array.of(4) })[0], 0.25);
 * ```
 */
export function alphaOf(off: OffCounts): Float64Array {
  return off.acceptance.map((on, j) => off.acceptanceOff[j]! > 0 ? on / off.acceptanceOff[j]! : 0);
}
