import { gtiSumS } from "../events/mod.ts";
import { createSkyMap, geomPixels, type SkyMap } from "../maps/mod.ts";
import { type MapAxis, upsampleAxis } from "../nddata/mod.ts";
import { powerLawIntegralsInto } from "../numeric/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { type FieldOptions, fieldSamples, pointsOf } from "./_field.ts";
import { irfPlanes } from "./_field_planes.ts";
import { fillBackgroundGaps, padBackground } from "./background.ts";
import type { Irf } from "./irf.ts";
import { byRegion, gathered } from "./project.ts";

/** What {@linkcode backgroundMap} takes. */
export interface BackgroundMapOptions extends FieldOptions {
  /** Reconstructed energies. */
  readonly energy: MapAxis;
  /** Time on the sky, not corrected for dead time, s; the sum of `gti` where absent. */
  readonly ontimeS?: number;
  /** Parts of each energy bin between whose edges the rate is a power law; 1 where absent. */
  readonly oversampling?: number;
  /** Whether empty cells between filled ones are interpolated, see {@linkcode fillBackgroundGaps}; false. */
  readonly fillGaps?: boolean;
  /** Whether the table is continued by a bin at its edges, see {@linkcode padBackground}; false. */
  readonly padEdges?: boolean;
}

/**
 * Counts of background events that an observation has: the rate at the edges of the energy bins, as a power
 * law between them integrated, at the pixel centres, times solid angle and time.
 *
 * Tables with an axis offset are taken by the separation from the pointing; those with fov_lon and
 * fov_lat by the position in the field of view as the table is aligned: RADEC, REVERSE_LON_RADEC, or
 * ALTAZ, for which the sum goes over times (`gti`, `site`) between which the field turns by no more than
 * `rotationStepDeg`, by the trapezoidal rule.
 *
 * @param bkg Background rate.
 * @param options Geometry, energies, pointing (ICRS), time; options of regions and of empty cells.
 * @returns A new map on energy, counts; 0 where the table is empty or ends. Over a region it is the sum:
 *   the rate at its middle times its solid angle, or summed point by point.
 * @throws TypeError without `ontimeS` and `gti`, or where a table that turns has no `gti` and `site`;
 *   RangeError for a time below 0.
 * @example
 * ```ts
 * import { backgroundMap, createIrf } from "@gammarx/gammarx/irf";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const energy = energyAxis({ low: 1, high: 10, nBins: 1 });
 * const offset = createMapAxis("offset", [0, 1, 2], { unit: "deg" });
 * const bkg = createIrf("bkg", [energy, offset], { data: Float64Array.of(1, 1) });
 * const map = backgroundMap(bkg, {
 *   geom: createWcsGeom({ npix: 1, binszDeg: 1, proj: "TAN" }), energy,
 *   pointing: { lonDeg: 0, latDeg: 0 }, ontimeS: 100,
 * });
 * ok(Math.abs(map.values.get(0, 0, 0) / (9 * 100 * (Math.PI / 180) ** 2) - 1) < 1e-3);
 * ```
 * @see gammapy.makers.utils.make_map_background_irf
 */
export function backgroundMap(bkg: Irf<"bkg">, options: BackgroundMapOptions): SkyMap {
  const { geom, energy, gti, oversampling = 1 } = options;
  const ontimeS = options.ontimeS ?? (gti === undefined ? undefined : gtiSumS(gti));
  if (ontimeS === undefined) {
    throw new TypeError("A background needs ontimeS or gti, found neither");
  }
  if (!(ontimeS >= 0)) throw new RangeError(`A time is 0 s or more, found ${ontimeS}`);
  if (!(Number.isInteger(oversampling) && oversampling > 0)) {
    throw new RangeError(`oversampling: found ${oversampling}, expected a positive integer`);
  }
  const filled = options.fillGaps === true ? fillBackgroundGaps(bkg) : bkg;
  const table = options.padEdges === true ? padBackground(filled) : filled;
  const factor = ontimeS * unitFactor(bkg.unit ?? "", `s-1 ${energy.unit}-1 sr-1`);
  const data = byRegion(
    options,
    [energy],
    (own) => countsOn(table, own, { energy, oversampling, factor }),
  );
  return createSkyMap(geom, { axes: [energy], data, meta: bkg.meta });
}

function countsOn(
  bkg: Irf<"bkg">,
  options: FieldOptions,
  { energy, oversampling, factor }: {
    readonly energy: MapAxis;
    readonly oversampling: number;
    readonly factor: number;
  },
): Float64Array {
  const points = pointsOf(options), n = points.lonDeg.length, nPixels = geomPixels(options.geom);
  const { edges } = oversampling === 1 ? energy : upsampleAxis(energy, oversampling);
  const out = new Float64Array(energy.nBins * nPixels), sums = new Float64Array(n);
  let low = new Float64Array(n), high = new Float64Array(n);
  // The points of a region already have the parts of its solid angle: they are summed, not averaged.
  const ones = points.weights && new Float64Array(n).fill(1), sr = points.solidAngleSr;
  for (const { share, columns } of fieldSamples(bkg, points, options)) {
    const others = [["energy", edges]] as const, { at = {} } = options;
    const planes = irfPlanes(bkg, { others, columns, at, n });
    planes.planeInto(0, low);
    for (let j = 0; j + 1 < edges.length; j++) {
      planes.planeInto(j + 1, high);
      powerLawIntegralsInto(
        { low: edges[j]!, high: edges[j + 1]!, atLow: low, atHigh: high },
        sums,
      );
      for (let k = 0; k < n; k++) sums[k] = sums[k]! * sr[k]!;
      const start = Math.floor(j / oversampling) * nPixels, own = gathered(sums, ones);
      const weight = share * factor;
      for (let k = 0; k < nPixels; k++) {
        const value = weight * own[k]!;
        if (value > 0) out[start + k] = out[start + k]! + value;
      }
      [low, high] = [high, low];
    }
  }
  return out;
}
