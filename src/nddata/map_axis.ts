import { fingerprint, intervalOf } from "../numeric/mod.ts";
import { wrapped } from "./bin_lookup.ts";
import { logEdges } from "./edges.ts";

/** In which scale an axis is even: of the coordinate itself, its logarithm or its square root. */
export type AxisInterp = "lin" | "log" | "sqrt";

/** Bins along one coordinate: energy, offset, phase, migra. */
export interface MapAxis {
  /** Which axis this is. */
  readonly kind: "map-axis";
  /** What is binned: "energy", "offset", "phase". */
  readonly name: string;
  /** Unit of edges and centres; "" for a pure number. */
  readonly unit: string;
  /** Scale in which coordinates between the edges (or centres) are interpolated. */
  readonly interp: AxisInterp;
  /** Which of the two the axis was made from: the other follows from it. */
  readonly nodes: "edges" | "centers";
  /** Edges, ascending, one more than there are bins; not written. */
  readonly edges: Float64Array;
  /** Centres: the middles of the bins in the scale of `interp`, or what the axis was made from. */
  readonly centers: Float64Array;
  /** Number of bins. */
  readonly nBins: number;
  /** Whether the coordinate comes round, like phase: values are taken modulo last − first edge. */
  readonly periodic: boolean;
}

/** How {@link createMapAxis} is to take its numbers. */
export interface MapAxisOptions {
  /** Unit; "" where absent. */
  readonly unit?: string;
  /** Scale; "lin" where absent. */
  readonly interp?: AxisInterp;
  /** Whether the numbers are edges or centres; "edges" where absent. */
  readonly nodes?: "edges" | "centers";
  /** Whether the coordinate comes round; false where absent. */
  readonly periodic?: boolean;
}

interface Scale {
  readonly to: (x: number) => number;
  readonly from: (s: number) => number;
  readonly least: number;
}

/** The scales of axes: from coordinate to scaled coordinate and back. */
export const AXIS_SCALES: Readonly<Record<AxisInterp, Scale>> = Object.freeze({
  lin: { to: (x: number) => x, from: (s: number) => s, least: -Infinity },
  log: { to: Math.log, from: Math.exp, least: Number.MIN_VALUE },
  sqrt: { to: Math.sqrt, from: (s: number) => s * s, least: 0 },
});

/**
 * Makes an axis from its edges or its centres.
 *
 * The centre of a bin is the middle of its edges in the scale of the axis: the geometric mean where it
 * is logarithmic. From centres c₀ … c₍ₙ₋₁₎ the edges are the middles between neighbours in that scale, and
 * half a step beyond the ends; a single centre gets edges half a unit of the scale away.
 *
 * @param name What is binned.
 * @param nodes Edges (two or more) or centres (one or more), ascending, finite; copied.
 * @param options Unit, scale, edges or centres, periodic.
 * @returns A frozen record.
 * @throws RangeError for nodes that do not ascend, are not finite, or do not suit the scale.
 * @example
 * ```ts
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const axis = createMapAxis("energy", [0.1, 10, 1000], { unit: "TeV", interp: "log" });
 * strictEqual(axis.nBins, 2);
 * strictEqual(Math.round(axis.centers[0]! * 1e9), 1e9);
 * ```
 * @see gammapy.maps.MapAxis, with which edges and centres agree
 */
export function createMapAxis(
  name: string,
  nodes: ArrayLike<number>,
  options: MapAxisOptions = {},
): MapAxis {
  const { unit = "", interp = "lin", nodes: kind = "edges", periodic = false } = options;
  const scale = AXIS_SCALES[interp];
  if (scale === undefined) {
    throw new TypeError(`Axis ${name}: found interp "${interp}", expected "lin", "log" or "sqrt"`);
  }
  const given = Float64Array.from(nodes), needed = kind === "edges" ? 2 : 1;
  if (given.length < needed) {
    throw new RangeError(`Axis ${name} needs ${needed} ${kind} or more, found ${given.length}`);
  }
  for (let i = 0; i < given.length; i++) {
    if (!Number.isFinite(given[i]!) || (i > 0 && !(given[i]! > given[i - 1]!))) {
      throw new RangeError(
        `Axis ${name}: ${kind} must be finite and ascend, found ${given[i]} at ${i}` +
          (i > 0 ? ` after ${given[i - 1]}` : ""),
      );
    }
  }
  if (given[0]! < scale.least) {
    throw new RangeError(
      `Axis ${name}: a ${interp} axis needs ${kind} ${interp === "log" ? "above" : "from"} 0, ` +
        `found ${given[0]}`,
    );
  }
  const edges = kind === "edges" ? given : edgesOf(given, scale);
  const centers = kind === "edges" ? centersOf(given, scale) : given;
  return Object.freeze({
    kind: "map-axis",
    name,
    unit,
    interp,
    nodes: kind,
    edges,
    centers,
    nBins: centers.length,
    periodic,
  });
}

function centersOf(edges: Float64Array, scale: Scale): Float64Array {
  const centers = new Float64Array(edges.length - 1);
  for (let i = 0; i < centers.length; i++) {
    centers[i] = scale.from((scale.to(edges[i]!) + scale.to(edges[i + 1]!)) / 2);
  }
  return centers;
}

function edgesOf(centers: Float64Array, scale: Scale): Float64Array {
  const n = centers.length, s = centers.map(scale.to), edges = new Float64Array(n + 1);
  const first = n > 1 ? s[1]! - s[0]! : 1, last = n > 1 ? s[n - 1]! - s[n - 2]! : 1;
  for (let i = 1; i < n; i++) edges[i] = scale.from((s[i - 1]! + s[i]!) / 2);
  edges[0] = scale.from(Math.max(s[0]! - first / 2, scale.to(scale.least)));
  edges[n] = scale.from(s[n - 1]! + last / 2);
  return edges;
}

/** What {@link energyAxis} takes. */
export interface EnergyAxisOptions {
  /** Lowest edge. */
  readonly low: number;
  /** Highest edge. */
  readonly high: number;
  /** Number of bins, or of bins a decade. */
  readonly nBins: number;
  /** Whether `nBins` counts a decade: ceil(log₁₀(high/low) nBins) in all; false where absent. */
  readonly perDecade?: boolean;
  /** "energy" or "energy_true"; "energy" where absent. */
  readonly name?: string;
  /** Unit of the edges; "TeV" where absent. */
  readonly unit?: string;
}

/**
 * A logarithmic energy axis with bins at equal ratios.
 *
 * @param options Bounds and number of bins.
 * @returns A frozen record; its outer edges are exactly those given.
 * @throws RangeError for bounds that are not positive and ascending, or no bins.
 * @example
 * ```ts
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(energyAxis({ low: 0.3, high: 10, nBins: 4, perDecade: true }).nBins, 7);
 * ```
 * @see gammapy.maps.MapAxis.from_energy_bounds
 */
export function energyAxis(options: EnergyAxisOptions): MapAxis {
  const { low, high, name = "energy", unit = "TeV", perDecade = false } = options;
  // A whole number of decades is one: its logarithm may be a hair above.
  const nBins = perDecade
    ? Math.ceil(Math.log10(high / low) * options.nBins - 1e-9)
    : options.nBins;
  return createMapAxis(name, logEdges({ low, high, nBins }), { unit, interp: "log" });
}

/**
 * Where a coordinate is on an axis, in pixels: centres at integers, edges at halves; linear between
 * edges (or centres, where the axis was made from them) in the scale of the axis, and beyond its ends.
 *
 * @param axis The axis.
 * @param x Coordinate in the axis' unit.
 * @returns Position in pixels; NaN where x has no place in the scale.
 * @example
 * ```ts
 * import { coordToPix, createMapAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const axis = createMapAxis("energy", [1, 100, 10000], { interp: "log" });
 * strictEqual(coordToPix(axis, 100), 0.5);
 * ```
 */
export function coordToPix(axis: MapAxis, x: number): number {
  const { interp, nodes } = axis, scale = AXIS_SCALES[interp];
  const table = nodes === "edges" ? axis.edges : axis.centers;
  const value = axis.periodic ? wrapped(axis.edges, x) : x;
  if (!(value >= scale.least)) return NaN;
  const shift = nodes === "edges" ? 0.5 : 0;
  if (table.length === 1) return scale.to(value) - scale.to(table[0]!);
  const i = intervalOf(table, value), low = scale.to(table[i]!), high = scale.to(table[i + 1]!);
  return i + (scale.to(value) - low) / (high - low) - shift;
}

/**
 * The coordinate at a position on an axis, the inverse of {@link coordToPix}.
 *
 * @param axis The axis.
 * @param pix Position in pixels.
 * @returns Coordinate in the axis' unit.
 * @example
 * ```ts
 * import { createMapAxis, pixToCoord } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(pixToCoord(createMapAxis("offset", [0, 1, 3]), 1), 2);
 * ```
 */
export function pixToCoord(axis: MapAxis, pix: number): number {
  const { interp, nodes } = axis, scale = AXIS_SCALES[interp];
  const table = nodes === "edges" ? axis.edges : axis.centers;
  const at = nodes === "edges" ? pix + 0.5 : pix;
  if (table.length === 1) return scale.from(scale.to(table[0]!) + at);
  if (Number.isInteger(at) && at >= 0 && at < table.length) return table[at]!;
  const i = Math.max(0, Math.min(table.length - 2, Math.floor(at)));
  const low = scale.to(table[i]!), high = scale.to(table[i + 1]!);
  return scale.from(low + (at - i) * (high - low));
}

/**
 * Widths of the bins.
 *
 * @returns A new array, in the axis' unit.
 * @example
 * ```ts
 * import { binWidths, createMapAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual([...binWidths(createMapAxis("offset", [0, 1, 3]))], [1, 2]);
 * ```
 */
export function binWidths(axis: MapAxis): Float64Array {
  return axis.centers.map((_, i) => axis.edges[i + 1]! - axis.edges[i]!);
}

/** The canonical text of an axis: two axes are the same where it is. */
export function mapAxisKey(axis: MapAxis): string {
  const { name, unit, interp, nodes, periodic } = axis;
  const table = nodes === "edges" ? axis.edges : axis.centers;
  return fingerprint({ kind: axis.kind, name, unit, interp, nodes, periodic, table });
}

/** Whether two axes have the same name, unit, scale, and edges to a relative tolerance of their bins. */
export function sameMapAxis(a: MapAxis, b: MapAxis, rtol: number): boolean {
  if (a.name !== b.name || a.unit !== b.unit || a.interp !== b.interp || a.nBins !== b.nBins) {
    return false;
  }
  return a.periodic === b.periodic && a.edges.every((edge, i) => {
    const width = i < a.nBins ? a.edges[i + 1]! - edge : edge - a.edges[i - 1]!;
    return Math.abs(edge - b.edges[i]!) <= rtol * width;
  });
}

/** Bins start … stop − 1 of an axis. */
export function sliceMapAxis(axis: MapAxis, start: number, stop: number): MapAxis {
  const { name, unit, interp, nodes } = axis;
  const periodic = axis.periodic && stop - start === axis.nBins;
  const table = nodes === "edges"
    ? axis.edges.subarray(start, stop + 1)
    : axis.centers.subarray(start, stop);
  return createMapAxis(name, table, { unit, interp, nodes, periodic });
}

/** One bin from the first to the last edge. */
export function squashMapAxis(axis: MapAxis): MapAxis {
  const { name, unit, interp, periodic, edges } = axis;
  return createMapAxis(name, [edges[0]!, edges[axis.nBins]!], { unit, interp, periodic });
}
