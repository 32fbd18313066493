import type { Meta } from "../nddata/mod.ts";

/**
 * The datasets that come from given observations alone: with `selectRows` of an observation table, those of
 * any range of zenith angle, time, or whatever the table has.
 *
 * @param datasets Datasets with what is known of them.
 * @param obsIds Names of observations.
 * @returns Those of which every observation is among the names, in their order; none that names no observation.
 * @example
 * ```ts
 * import { createSpectrumDataset, selectDatasets } from "@gammarx/gammarx/datasets";
 * import { createMeta, energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const of = (obsId: string) =>
 *   createSpectrumDataset({
 *     name: obsId,
 *     energy: energyAxis({ low: 1, high: 10, nBins: 1 }),
 *     energyTrue: energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" }),
 *     counts: Float64Array.of(5),
 *     exposureCm2S: Float64Array.of(1e13),
 *     meta: createMeta({ observations: [{ obsId }] }),
 *   });
 * const near = selectDatasets([of("1"), of("2"), of("3")], ["3", "1"]);
 * deepStrictEqual(near.map((one) => one.name), ["1", "3"]);
 * ```
 */
export function selectDatasets<T extends { readonly meta: Meta }>(
  datasets: readonly T[],
  obsIds: Iterable<string>,
): T[] {
  const wanted = new Set(obsIds);
  return datasets.filter(({ meta: { observations } }) =>
    observations.length > 0 && observations.every((one) => wanted.has(one.obsId))
  );
}
