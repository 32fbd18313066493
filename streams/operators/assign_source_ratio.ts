import type { OperatorFunction } from "rxjs";
import {
  type PointSourceOptions,
  type PointSourceView,
  pointSourceView,
  type StreamItem,
} from "../../src/data/mod.ts";
import { requireColumn, withColumns } from "../../src/events/mod.ts";
import { lift, mapKernel } from "./kernel.ts";

/**
 * Gives each event the density of a point source over that of the background where it is: column
 * `sourceRatio`, for unbinned fits. The densities are those at its observation's pointing.
 *
 * @param options Source, spectrum, responses.
 * @returns An operator that needs `energyTeV`, `raDeg`, `decDeg` and a pointing.
 * @throws TypeError, on the stream, for an observation without a pointing.
 * @example
 * ```ts
 * import { assignSourceRatio } from "@gammarx/gammarx/operators";
 * import { effectiveArea, gaussPsf, logNormalDispersion, radialBackground } from "@gammarx/gammarx/irf";
 * import { powerLaw } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const operator = assignSourceRatio({
 *   raDeg: 10, decDeg: 20, spectrum: powerLaw({ amplitude: 1e-11, index: 2.5 }),
 *   irfs: {
 *     aeff: effectiveArea({ areaCm2: 1e9, slope: 0, thresholdTeV: 0, offsetSigmaDeg: 2 }),
 *     psf: gaussPsf({ sigmaDeg: 0.1 }),
 *     edisp: logNormalDispersion({ bias: 0, resolution: 0.1 }),
 *     bkg: radialBackground({ totalPerS: 1, index: 2.5, rangeTeV: [0.1, 100], sigmaDeg: 1 }),
 *   },
 *   radiusDeg: 0.5, rangeTeV: [0.5, 50], trueRangeTeV: [0.1, 100],
 * });
 * strictEqual(typeof operator, "function");
 * ```
 */
export function assignSourceRatio(
  options: PointSourceOptions,
): OperatorFunction<StreamItem, StreamItem> {
  let known:
    | { readonly raDeg: number; readonly decDeg: number; readonly view: PointSourceView }
    | undefined;
  return lift(mapKernel({
    batch(batch, observation) {
      const pointing = observation?.pointing;
      if (pointing === undefined) {
        throw new TypeError(
          `assignSourceRatio needs a pointing, and observation "${batch.obsId}" has none`,
        );
      }
      const { raDeg, decDeg } = pointing;
      if (known?.raDeg !== raDeg || known.decDeg !== decDeg) {
        known = { raDeg, decDeg, view: pointSourceView(options, pointing) };
      }
      const energy = requireColumn(batch, "energyTeV", "assignSourceRatio");
      const ra = requireColumn(batch, "raDeg", "assignSourceRatio");
      const dec = requireColumn(batch, "decDeg", "assignSourceRatio");
      const sourceRatio = new Float64Array(batch.length);
      for (let i = 0; i < batch.length; i++) {
        sourceRatio[i] = known.view.ratio(energy[i]!, ra[i]!, dec[i]!);
      }
      return withColumns(batch, { ...batch.columns, sourceRatio });
    },
  }));
}
