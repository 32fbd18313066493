import type { OperatorFunction } from "rxjs";
import { sourceWeights, type SourceWeightsOptions, type StreamItem } from "../../src/data/mod.ts";
import {
  columnNumbers,
  type EventBatch,
  type Pointing,
  requireColumn,
  withColumns,
} from "../../src/events/mod.ts";
import { latWeights } from "../../src/irf/mod.ts";
import { separationDegInto, type SkyPosition } from "../../src/sky/mod.ts";
import { lift, mapKernel } from "./kernel.ts";

/** Where the weights of events come from. */
export type EventWeights =
  | {
    /** A column of the events, such as gtsrcprob writes. */
    readonly method: "column";
    /** Its name. */
    readonly column: string;
  }
  | (
    & {
      /** The responses of the instrument: the probability of the source at energy and place. */
      readonly method: "response";
    }
    & SourceWeightsOptions
  )
  | {
    /** Energy and separation of a photon of the Fermi-LAT. */
    readonly method: "lat";
    /** The source, ICRS. */
    readonly source: SkyPosition;
    /** log₁₀(E/MeV) at which photons count most; 4.1 where absent. */
    readonly pivot?: number;
  };

/**
 * Gives each event a weight in [0, 1], the probability that it comes from a source: column `weight`, which
 * phasograms, tests of periodicity, periodograms and weighted maps take.
 *
 * @param weights Where they come from.
 * @returns An operator over the items of a stream.
 * @throws TypeError, on the stream, for columns, a pointing or responses that are missing; RangeError for a
 *   weight of a column that is not in [0, 1].
 * @example
 * ```ts
 * import { assignWeight } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import type { StreamItem } from "@gammarx/gammarx/data";
 * import { of } from "rxjs";
 * import { ok } from "node:assert/strict";
 * const batch = createEventBatch({
 *   timeS: new Float64Array(1), energyTeV: Float64Array.of(0.01),
 *   raDeg: Float64Array.of(83.63), decDeg: Float64Array.of(22.01),
 * });
 * of<StreamItem>(batch)
 *   .pipe(assignWeight({ method: "lat", source: { lonDeg: 83.63, latDeg: 22.01 } }))
 *   .subscribe((item) => ok(item.kind === "batch" && item.columns.weight![0]! > 0.9));
 * ```
 */
export function assignWeight(weights: EventWeights): OperatorFunction<StreamItem, StreamItem> {
  return lift(mapKernel({
    batch: (batch, observation) =>
      withColumns(batch, {
        ...batch.columns,
        weight: eventWeights(batch, observation?.pointing, weights),
      }),
  }));
}

/**
 * The weights of the events of a batch.
 *
 * @param batch The events.
 * @param pointing Their pointing, ICRS; needed for `response`.
 * @param weights Where weights come from.
 * @returns A new array; for `column` its numbers.
 * @throws As {@linkcode assignWeight} on the stream.
 * @example
 * ```ts
 * import { eventWeights } from "@gammarx/gammarx/operators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { deepStrictEqual } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: new Float64Array(1), WEIGHT: Float64Array.of(0.5) });
 * deepStrictEqual([...eventWeights(batch, undefined, { method: "column", column: "WEIGHT" })], [0.5]);
 * ```
 */
export function eventWeights(
  batch: EventBatch,
  pointing: Pointing | undefined,
  weights: EventWeights,
): Float64Array {
  const numbers = (column: string) => columnNumbers(requireColumn(batch, column, "assignWeight"));
  if (weights.method === "column") return checked(numbers(weights.column), weights.column);
  const energyTeV = numbers("energyTeV");
  const sky = { lonDeg: numbers("raDeg"), latDeg: numbers("decDeg") };
  if (weights.method === "lat") {
    const out = new Float64Array(batch.length);
    const separationDeg = separationDegInto(sky, { from: weights.source, out });
    return latWeights({ energyTeV, separationDeg }, weights);
  }
  if (pointing === undefined) {
    throw new TypeError(
      `assignWeight needs a pointing, and observation "${batch.obsId}" has none`,
    );
  }
  const at = { lonDeg: pointing.raDeg, latDeg: pointing.decDeg };
  return sourceWeights({ ...sky, energyTeV }, at, weights);
}

function checked(values: Float64Array, column: string): Float64Array {
  const bad = values.findIndex((one) => !(one >= 0 && one <= 1));
  if (bad < 0) return values;
  throw new RangeError(
    `assignWeight: column ${column} has ${
      values[bad]
    } at event ${bad} of a batch, expected weights ` +
      `in [0, 1]`,
  );
}
