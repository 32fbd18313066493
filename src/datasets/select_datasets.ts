import type { Meta, ObservationMeta } from "../nddata/mod.ts";

/**
 * What is asked of observations, by the name of a fact (`obsId`, `instrument`, `object`, or one of `values`
 * such as `zenithDeg`): a range low ≤ x < high of a number, or the texts that are allowed.
 */
export type MetaQuery = Readonly<
  Record<string, readonly [low: number, high: number] | readonly string[]>
>;

/**
 * The datasets that come from given observations alone: by their names, or by what is known of them. With
 * `selectRows` of an observation table, names are those of any range of whatever the table has.
 *
 * @param datasets Datasets with what is known of them.
 * @param wanted Names of observations, or ranges and texts of facts, all of which must hold.
 * @returns Those of which every observation is wanted, in their order; none that names no observation, or of
 *   which an asked fact is not known.
 * @example
 * ```ts
 * import { createSpectrumDataset, selectDatasets } from "@gammarx/gammarx/datasets";
 * import { createMeta, energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const of = (obsId: string, zenithDeg: number) =>
 *   createSpectrumDataset({
 *     name: obsId,
 *     energy: energyAxis({ low: 1, high: 10, nBins: 1 }),
 *     energyTrue: energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" }),
 *     counts: Float64Array.of(5),
 *     exposureCm2S: Float64Array.of(1e13),
 *     meta: createMeta({ observations: [{ obsId, values: { zenithDeg } }] }),
 *   });
 * const all = [of("1", 10), of("2", 25), of("3", 45)], names = (list: typeof all) => list.map((one) => one.name);
 * deepStrictEqual(names(selectDatasets(all, ["3", "1"])), ["1", "3"]);
 * deepStrictEqual(names(selectDatasets(all, { zenithDeg: [20, 40] })), ["2"]);
 * ```
 */
export function selectDatasets<T extends { readonly meta: Meta }>(
  datasets: readonly T[],
  wanted: Iterable<string> | MetaQuery,
): T[] {
  const isWanted = Symbol.iterator in wanted ? named(wanted) : asked(wanted);
  return datasets.filter(({ meta: { observations } }) =>
    observations.length > 0 && observations.every(isWanted)
  );
}

function named(obsIds: Iterable<string>): (one: ObservationMeta) => boolean {
  const names = new Set(obsIds);
  return ({ obsId }) => names.has(obsId);
}

function asked(query: MetaQuery): (one: ObservationMeta) => boolean {
  const questions = Object.entries(query);
  return ({ values, ...facts }) =>
    questions.every(([name, allowed]) => {
      const fact = values?.[name] ?? facts[name as keyof typeof facts];
      if (typeof fact === "string") return allowed.some((one) => one === fact);
      return typeof fact === "number" && fact >= Number(allowed[0]) && fact < Number(allowed[1]);
    });
}
