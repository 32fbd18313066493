import type { StreamItem } from "../../src/data/mod.ts";
import { createPlaneMaps, geomPixels, type PlaneMaps, type SkyGeom } from "../../src/maps/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import { varyingCellIndexer } from "./_cells.ts";
import type { Accumulator } from "./accumulator.ts";
import {
  addItem,
  checkAxes,
  checkSize,
  type CountsMapAxis,
  type CountsMapSums,
  createSums,
  denseCells,
  emptyMap,
  filledMap,
  keyOfAxis,
  namedOutside,
} from "./counts_map.ts";
import { type Keyed, sumAccumulator } from "./sum_accumulator.ts";

/** What to count, and on which pixels in each bin of an axis. */
export interface CountsPlanesOptions<G extends SkyGeom = SkyGeom> {
  /** The axis along which the pixels change. */
  readonly along: CountsMapAxis;
  /** The geometry of each of its bins. */
  readonly geoms: readonly G[];
  /** Further axes, slowest first; none. */
  readonly axes?: readonly CountsMapAxis[];
  /** Sum the column `weight` in place of counting; false. */
  readonly weighted?: boolean;
  /** Keep only the blocks of cells that saw an event; false. */
  readonly sparse?: boolean;
}

/** Maps of events, one for each bin of an axis, each on pixels of its own. */
export interface CountsPlanes<G extends SkyGeom = SkyGeom> extends PlaneMaps<G> {
  /** Events (not weights) that are in no cell, by reason; see `CountsMap`. */
  readonly outside: Readonly<Record<string, number>>;
}

/**
 * Counts events on pixels that change from bin to bin of an axis: several binnings or values of nside by
 * energy, in one pass.
 *
 * @param options The axis, the geometry of each of its bins, further axes.
 * @returns An accumulator that needs `raDeg`, `decDeg` and the columns of the axes.
 * @throws TypeError where there is not one geometry a bin, or for two axes of one name; RangeError for 2³¹
 *   cells or more.
 * @example
 * ```ts
 * import { countsPlanes, fold } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { createHpxGeom, planeTotals } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const along = { column: "energyTeV", axis: energyAxis({ low: 0.1, high: 10, nBins: 2 }) };
 * const maps = countsPlanes({ along, geoms: [16, 64].map((nside) => createHpxGeom({ nside })) });
 * const batch = createEventBatch({
 *   timeS: new Float64Array(2), raDeg: new Float64Array(2), decDeg: new Float64Array(2),
 *   energyTeV: Float64Array.of(0.5, 5),
 * });
 * deepStrictEqual([...planeTotals(maps.result(fold(maps, [batch])))], [1, 1]);
 * ```
 */
export function countsPlanes<G extends SkyGeom>(
  options: CountsPlanesOptions<G>,
): Accumulator<StreamItem, Keyed<CountsMapSums>, CountsPlanes<G>> {
  const { along, geoms, axes: more = [], weighted = false, sparse = false } = options;
  const axes = [along, ...more], nRest = more.reduce((n, one) => n * one.axis.nBins, 1);
  checkAxes(axes);
  if (geoms.length !== along.axis.nBins) {
    throw new TypeError(
      `Found ${geoms.length} geometries along the axis ${along.axis.name}, expected one for each of ` +
        `its ${along.axis.nBins} bins`,
    );
  }
  const sizes = geoms.map((geom) => nRest * geomPixels(geom));
  const start = sizes.map((_, bin) => sizes.slice(0, bin).reduce((a, b) => a + b, 0));
  const nCells = sizes.reduce((a, b) => a + b, 0);
  checkSize(sizes.join(" + "), nCells);
  const empty = geoms.map((geom) => emptyMap(geom, more));
  // what comes before a bin among all bins is not of its own pixels
  const first = start.map((one, bin) => one - bin * sizes[bin]!);
  const index = varyingCellIndexer(axes, { own: 0, geoms, first });
  return sumAccumulator({
    kind: "counts-planes",
    version: 1,
    key: fingerprint({
      geoms: geoms.map((geom) => geom.key),
      axes: axes.map(keyOfAxis),
      weighted,
      sparse,
    }),
    exactness: weighted ? { kind: "rounding", rtol: 1e-12 } : { kind: "exact" },
    create: () => createSums(nCells, axes, { weighted, sparse }),
    add: (state: CountsMapSums, item: StreamItem) => addItem(state, item, index, weighted),
    result(state: CountsMapSums): CountsPlanes<G> {
      const cells = denseCells(state.cells, nCells);
      const squares = weighted ? denseCells(state.squares, nCells) : undefined;
      const planes = empty.map((one, bin) => {
        const part = (run: Float64Array) => run.slice(start[bin]!, start[bin]! + sizes[bin]!);
        return filledMap(one, part(cells), squares && part(squares));
      });
      const maps = createPlaneMaps(along.axis, planes);
      return Object.freeze({ ...maps, outside: namedOutside(state.outside, axes) });
    },
  });
}
