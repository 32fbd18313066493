/**
 * Integrals of maps along an axis.
 *
 * | method | the density between the edges of the axis |
 * | --- | --- |
 * | density | is that of the bin: Σ f_i Δx_i, with the part of Δx_i that is inside the bounds |
 * | loglog | is a power law between neighbouring centres, carried on beyond the outermost ones; a straight line where one of two values is not positive |
 */
import { axisIndex, type MapAxis } from "../nddata/mod.ts";
import { combineUnits } from "../units/mod.ts";
import { dotAxis } from "./_dot_axis.ts";
import { type AxisRun, axisRun, mapOfRuns, type Runs, runsOf } from "./_map_arrays.ts";
import { createRegionGeom, regionsOf, unionOf } from "./region_geom.ts";
import type { SkyGeom } from "./sky_geom.ts";
import type { SkyMap } from "./sky_map.ts";

/** What {@linkcode integrateMap} takes. */
export interface IntegrateMapOptions {
  /** Name of an axis of numbers. */
  readonly axis: string;
  /** Lower and upper bound in the unit of the axis; its outer edges where absent. */
  readonly bounds?: readonly [number, number];
  /** Bins between whose edges is integrated, an axis that takes the place of the old one; instead of `bounds`. */
  readonly bins?: MapAxis;
  /** How the density is between the nodes of the axis; "density" where absent. */
  readonly method?: "density" | "loglog";
}

/**
 * The integral of a density along an axis, between bounds or over each of some bins.
 *
 * The variance of a sum of bins is Σ Δx² Var; that of power laws is not known. An integral with a part of
 * an invalid value is invalid.
 *
 * @param map A density: its unit is multiplied by that of the axis.
 * @param options Axis, bounds or bins, method.
 * @returns A new map, without the axis or with the bins in its place.
 * @throws RangeError for an axis that is not there, or bounds that do not ascend or reach outside the
 *   axis; TypeError for an axis of times or labels, both bounds and bins, or "loglog" along an axis that is
 *   not of positive numbers.
 * @example
 * ```ts
 * import { createSkyMap, integrateMap, NO_SKY } from "@gammarx/gammarx/maps";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import { ok, strictEqual } from "node:assert/strict";
 * const energy = createMapAxis("energy", [1, 10], { unit: "TeV", nodes: "centers", interp: "log" });
 * const dnde = createSkyMap(NO_SKY, {
 *   axes: [energy], data: Float64Array.of(1, 0.01), unit: "cm-2 s-1 TeV-1",
 * });
 * const flux = integrateMap(dnde, { axis: "energy", bounds: [1, 10], method: "loglog" });
 * strictEqual(flux.unit, "cm-2 s-1");
 * ok(Math.abs(flux.values.get() - 0.9) < 1e-14);
 * ```
 * @see gammapy.utils.integrate.trapz_loglog
 */
export function integrateMap<G extends SkyGeom>(
  map: SkyMap<G>,
  options: IntegrateMapOptions,
): SkyMap<G> {
  const { bounds, bins, method = "density" } = options;
  const index = axisIndex(map.axes, options.axis), axis = map.axes[index]!;
  if (axis.kind !== "map-axis") {
    throw new TypeError(`Found the ${axis.kind} "${axis.name}", expected an axis of numbers`);
  }
  if (bounds !== undefined && bins !== undefined) {
    throw new TypeError("Found both bounds and bins, expected one of them");
  }
  const edges = bins?.edges ??
    Float64Array.from(bounds ?? [axis.edges[0]!, axis.edges[axis.nBins]!]);
  checkBounds(axis, edges);
  const runs = runsOf(map), run = axisRun(map, index);
  const unit = map.unit === undefined ? undefined : combineUnits([[map.unit, 1], [axis.unit, 1]]);
  return mapOfRuns(
    {
      geom: integratedGeom(map.geom, axis) as G,
      axes: map.axes.toSpliced(index, 1, ...(bins === undefined ? [] : [bins])),
      unit,
      meta: map.meta,
    },
    method === "density"
      ? dotAxis(runs, run, widthsWithin(axis, edges))
      : powerLaws(axis, edges, runs, run),
  );
}

function integratedGeom(geom: SkyGeom, axis: MapAxis): SkyGeom {
  const goes = geom.kind === "region-geom" && geom.along?.axis.name === axis.name;
  return goes ? createRegionGeom(unionOf(regionsOf(geom))) : geom;
}

function checkBounds(axis: MapAxis, edges: Float64Array): void {
  const low = axis.edges[0]!, high = axis.edges[axis.nBins]!, rounding = 1e-9 * (high - low);
  const ascends = edges.every((edge, i) => i === 0 || edge > edges[i - 1]!);
  if (ascends && edges[0]! >= low - rounding && edges.at(-1)! <= high + rounding) return;
  throw new RangeError(
    `Axis ${axis.name}: found bounds ${
      edges.join(", ")
    }, expected ascending ones within ${low} to ` +
      `${high} ${axis.unit}`,
  );
}

/** Widths of what every bin of an axis has in common with every new one, C order [old, new]. */
function widthsWithin(axis: MapAxis, edges: Float64Array): Float64Array {
  const m = edges.length - 1, out = new Float64Array(axis.nBins * m);
  for (let i = 0; i < axis.nBins; i++) {
    for (let j = 0; j < m; j++) {
      const low = Math.max(axis.edges[i]!, edges[j]!);
      out[i * m + j] = Math.max(0, Math.min(axis.edges[i + 1]!, edges[j + 1]!) - low);
    }
  }
  return out;
}

/** ∫ from a to b of the power law through (x0, y0) and (x1, y1), or of the straight line. */
function segment(x0: number, y0: number, x1: number, y1: number, a: number, b: number): number {
  if (!(y0 > 0 && y1 > 0)) {
    const slope = (y1 - y0) / (x1 - x0);
    return (b - a) * (y0 + slope * ((a + b) / 2 - x0));
  }
  const power = 1 + Math.log(y1 / y0) / Math.log(x1 / x0), log = Math.log(b / a);
  const first = y0 * x0 * (a / x0) ** power;
  return Math.abs(power * log) < 1e-12 ? first * log : first * Math.expm1(power * log) / power;
}

function powerLaws(axis: MapAxis, edges: Float64Array, runs: Runs, run: AxisRun): Runs {
  const { centers } = axis, { outer, n, width } = run, m = edges.length - 1;
  if (!(edges[0]! > 0 && centers[0]! > 0)) {
    throw new TypeError(
      `Axis ${axis.name}: power laws need coordinates above 0, found ${edges[0]}`,
    );
  }
  if (n === 1) {
    const { values, valid } = dotAxis(runs, run, widthsWithin(axis, edges));
    return { values, variance: undefined, valid };
  }
  const out = new Float64Array(outer * m * width);
  const valid = runs.valid && new Uint8Array(out.length).fill(1);
  for (let j = 0; j < m; j++) {
    for (let i = 0; i < n - 1; i++) {
      const x0 = centers[i]!, x1 = centers[i + 1]!;
      const a = i === 0 ? edges[j]! : Math.max(x0, edges[j]!);
      const b = i === n - 2 ? edges[j + 1]! : Math.min(x1, edges[j + 1]!);
      if (!(b > a)) continue;
      for (let o = 0; o < outer; o++) {
        const from = (o * n + i) * width, to = (o * m + j) * width;
        for (let w = 0; w < width; w++) {
          const y0 = runs.values[from + w]!, y1 = runs.values[from + width + w]!;
          out[to + w] = out[to + w]! + segment(x0, y0, x1, y1, a, b);
          const isWhole = runs.valid === undefined ||
            (runs.valid[from + w] !== 0 && runs.valid[from + width + w] !== 0);
          if (!isWhole) valid![to + w] = 0;
        }
      }
    }
  }
  return { values: out, variance: undefined, valid };
}
