/**
 * Events by the square of their distance to a source, and to positions without one.
 *
 * | symbol | meaning | unit |
 * | --- | --- | --- |
 * | θ² | square of the separation of event and position | deg² |
 * | α | acceptance on over acceptance off | 1 |
 */
import { columnNumbers, type EventBatch, requireColumn } from "../events/mod.ts";
import { binIndices, createMapAxis, type MapAxis } from "../nddata/mod.ts";
import { separationDegInto, type SkyPosition } from "../sky/mod.ts";
import { excessErrorsColumns, excessStatisticsColumns } from "../stats/mod.ts";
import { leastSeparationDeg } from "./_positions.ts";
import { wobbleRegions } from "./reflected_regions.ts";

/** Counts by θ², a value a bin. */
export interface Theta2Table {
  /** What it is. */
  readonly kind: "theta2-table";
  /** Edges of the bins, deg²; a bin holds its low edge, not its high one. */
  readonly edgesDeg2: Float64Array;
  /** Events about the source. */
  readonly counts: Float64Array;
  /** Events about all off positions together. */
  readonly countsOff: Float64Array;
  /** Acceptance of the source: 1 for each observation. */
  readonly acceptance: Float64Array;
  /** Acceptance off: 1 for each off position. */
  readonly acceptanceOff: Float64Array;
  /** α. */
  readonly alpha: Float64Array;
  /** n_on − α n_off. */
  readonly excess: Float64Array;
  /** Distance downwards to where the statistic has risen by 1. */
  readonly excessErrn: Float64Array;
  /** Distance upwards to where the statistic has risen by 1. */
  readonly excessErrp: Float64Array;
  /** Significance by Li and Ma, negative for a deficit. */
  readonly sqrtTs: Float64Array;
  /**
   * θ² beyond which two of the positions are nearer to each other than two radii: from there on an event may
   * stand in several places of the table, and the source in the background.
   */
  readonly overlapDeg2: number;
}

/** How a table of θ² is made. */
export type Theta2Options =
  & {
    /** The source, ICRS. */
    readonly source: SkyPosition;
    /** Edges of the bins, deg², ascending from 0 or more. */
    readonly edgesDeg2: ArrayLike<number>;
    /** Energies that count, low ≤ E < high, TeV; all where absent. */
    readonly energyTeV?: readonly [low: number, high: number];
  }
  & (
    | {
      /** Positions with the acceptance of the source, ICRS. */
      readonly offPositions: readonly SkyPosition[];
    }
    | {
      /** Pointing, ICRS: off positions lie about it at equal angles, the source being one of them. */
      readonly pointing: SkyPosition;
      /** Number of off positions; 1, the mirror position, where absent. */
      readonly nOff?: number;
    }
  );

/**
 * Counts events by θ² about a source and about off positions.
 *
 * @param events Events of an observation: position, and energy where a range is asked for.
 * @param options Source, off positions or the pointing they come from, edges.
 * @returns A new table.
 * @throws TypeError for events without positions or energies; RangeError for edges that do not ascend from 0 or
 *   more, no off position, or positions so near to each other that they overlap in every bin.
 * @example
 * ```ts
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { theta2Table } from "@gammarx/gammarx/makers";
 * import { deepStrictEqual } from "node:assert/strict";
 * const events = createEventBatch({
 *   timeS: new Float64Array(3),
 *   raDeg: Float64Array.of(10.1, 10, 10.05),
 *   decDeg: Float64Array.of(0, 0.01, 1),
 * });
 * const source = { lonDeg: 10, latDeg: 0 }, pointing = { lonDeg: 10, latDeg: 0.5 };
 * const { counts, countsOff } = theta2Table(events, { source, pointing, edgesDeg2: [0, 0.005, 0.02] });
 * deepStrictEqual([...counts, ...countsOff], [1, 1, 1, 0]);
 * ```
 * @see gammapy.makers.utils.make_theta_squared_table; Li & Ma 1983, ApJ 272, 317, eq. 17
 */
export function theta2Table(events: EventBatch, options: Theta2Options): Theta2Table {
  const { source, energyTeV } = options, axis = theta2Axis(options.edgesDeg2);
  const positions = offPositionsOf(options);
  if (positions.length === 0) {
    throw new RangeError("A table of theta² needs an off position, found none");
  }
  const overlapDeg2 = (leastSeparationDeg([source, ...positions]) / 2) ** 2;
  if (overlapDeg2 < axis.edges[1]!) {
    throw new RangeError(
      `The positions overlap from ${
        overlapDeg2.toPrecision(3)
      } deg² on, which leaves no bin free ` +
        `of it: the first ends at ${
          axis.edges[1]
        } deg². Take a pointing farther off, or fewer off ` +
        `positions`,
    );
  }
  const valid = energyTeV === undefined ? undefined : withinEnergies(events, energyTeV);
  const counts = countAbout(events, source, { axis, valid });
  const countsOff = new Float64Array(axis.nBins);
  for (const one of positions) {
    countAbout(events, one, { axis, valid }).forEach((n, k) => countsOff[k] = countsOff[k]! + n);
  }
  const fill = (x: number) => new Float64Array(axis.nBins).fill(x);
  const acceptances = { acceptance: fill(1), acceptanceOff: fill(positions.length) };
  return tableOf({ edgesDeg2: axis.edges, counts, countsOff, ...acceptances, overlapDeg2 });
}

/**
 * One table of θ² for those of many observations: counts and acceptances on are added, and the acceptance off is
 * such that α times the counts off is what it was in sum.
 *
 * @param tables Tables with equal edges.
 * @returns A new table.
 * @throws TypeError for no table, or edges that differ.
 * @example
 * ```ts
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { stackTheta2, theta2Table } from "@gammarx/gammarx/makers";
 * import { strictEqual } from "node:assert/strict";
 * const events = createEventBatch({
 *   timeS: new Float64Array(1), raDeg: Float64Array.of(10), decDeg: Float64Array.of(0.01),
 * });
 * const source = { lonDeg: 10, latDeg: 0 }, pointing = { lonDeg: 10, latDeg: 0.5 };
 * const table = theta2Table(events, { source, pointing, edgesDeg2: [0, 0.01] });
 * strictEqual(stackTheta2([table, table]).excess[0], 2);
 * ```
 */
export function stackTheta2(tables: readonly Theta2Table[]): Theta2Table {
  const first = tables[0];
  if (first === undefined) throw new TypeError("A stack needs a table of theta², found none");
  const { edgesDeg2 } = first, n = edgesDeg2.length;
  for (const [k, one] of tables.entries()) {
    if (one.edgesDeg2.length !== n || one.edgesDeg2.some((x, j) => x !== edgesDeg2[j])) {
      throw new TypeError(`Tables 0 and ${k} cannot be stacked: their edges of theta² differ`);
    }
  }
  const sum = (of: (table: Theta2Table, k: number) => number) =>
    Float64Array.from(
      { length: n - 1 },
      (_, k) => tables.reduce((total, one) => total + of(one, k), 0),
    );
  const countsOff = sum((one, k) => one.countsOff[k]!);
  const acceptance = sum((one, k) => one.acceptance[k]!);
  const alone = sum((one, k) => one.acceptanceOff[k]!);
  const background = sum((one, k) => one.alpha[k]! * one.countsOff[k]!);
  return tableOf({
    edgesDeg2,
    counts: sum((one, k) => one.counts[k]!),
    countsOff,
    acceptance,
    acceptanceOff: acceptance.map((on, k) =>
      countsOff[k]! > 0 ? on * countsOff[k]! / background[k]! : alone[k]!
    ),
    overlapDeg2: Math.min(...tables.map((one) => one.overlapDeg2)),
  });
}

type Counted = Pick<
  Theta2Table,
  "edgesDeg2" | "counts" | "countsOff" | "acceptance" | "acceptanceOff" | "overlapDeg2"
>;

function tableOf(counted: Counted): Theta2Table {
  const { counts: nOn, countsOff: nOff, acceptance, acceptanceOff } = counted;
  const alpha = acceptance.map((on, k) => on / acceptanceOff[k]!);
  const { excess, sqrtTs } = excessStatisticsColumns({ nOn, nOff, alpha });
  const { errn, errp } = excessErrorsColumns({ nOn, nOff, alpha });
  return Object.freeze({
    kind: "theta2-table",
    ...counted,
    alpha,
    excess,
    excessErrn: errn,
    excessErrp: errp,
    sqrtTs,
  });
}

function theta2Axis(edges: ArrayLike<number>): MapAxis {
  if (!(edges[0]! >= 0)) {
    throw new RangeError(
      `edgesDeg2: found ${edges[0]} first, expected edges that ascend from 0 or more`,
    );
  }
  return createMapAxis("theta2", Float64Array.from(edges), { unit: "deg2" });
}

function offPositionsOf(options: Theta2Options): readonly SkyPosition[] {
  if ("offPositions" in options) return options.offPositions;
  const { source, pointing, nOff = 1 } = options;
  return wobbleRegions({ kind: "point", frame: "icrs", ...source }, { pointing, nRegions: nOff });
}

/** 1 for each event of an energy in a range. */
function withinEnergies(
  events: EventBatch,
  [low, high]: readonly [number, number],
): Uint8Array {
  const energies = columnNumbers(requireColumn(events, "energyTeV", "theta2Table"));
  const valid = new Uint8Array(events.length);
  for (let i = 0; i < valid.length; i++) valid[i] = +(energies[i]! >= low && energies[i]! < high);
  return valid;
}

function countAbout(
  events: EventBatch,
  from: SkyPosition,
  { axis, valid }: { readonly axis: MapAxis; readonly valid: Uint8Array | undefined },
): Float64Array {
  const n = events.length, counts = new Float64Array(axis.nBins), bins = new Int32Array(n);
  const lonDeg = columnNumbers(requireColumn(events, "raDeg", "theta2Table"));
  const latDeg = columnNumbers(requireColumn(events, "decDeg", "theta2Table"));
  const theta2 = separationDegInto({ lonDeg, latDeg }, { from, out: new Float64Array(n) });
  for (let i = 0; i < n; i++) theta2[i] = theta2[i]! * theta2[i]!;
  binIndices(axis, theta2, n, bins);
  for (let i = 0; i < n; i++) {
    const bin = bins[i]!;
    if (bin < 0 || bin >= axis.nBins || valid?.[i] === 0) continue;
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}
