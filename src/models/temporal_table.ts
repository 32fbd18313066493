/** Changes in time from tables: light curves and phase curves. */
import type { Json } from "../nddata/mod.ts";
import { intervalOf } from "../numeric/mod.ts";
import { DAY_S } from "../time/mod.ts";
import { createTemporalProfile, type TemporalProfile, type TemporalRule } from "./temporal_rule.ts";

/** A light curve: a factor against time. */
export interface LightCurveTable {
  /** Times, days after `t_ref`, ascending. */
  readonly timesD: ArrayLike<number>;
  /** Factors there, 0 or more. */
  readonly norms: ArrayLike<number>;
  /** Where it was read from, kept for model files. */
  readonly filename?: string | undefined;
}

/** A phase curve: a factor against phase. */
export interface PhaseCurveTable {
  /** Phases in [0, 1], ascending. */
  readonly phases: ArrayLike<number>;
  /** Factors there, 0 or more. */
  readonly norms: ArrayLike<number>;
  /** Whether its mean is made 1; true where absent. */
  readonly normalize?: boolean;
  /** Where it was read from, kept for model files. */
  readonly filename?: string | undefined;
}

/** Straight lines between nodes, with their integral from the first node. */
interface Polyline {
  readonly nodes: Float64Array;
  readonly values: Float64Array;
  readonly sums: Float64Array;
}

function createPolyline(
  nodes: ArrayLike<number>,
  values: ArrayLike<number>,
  what: string,
): Polyline {
  const x = Float64Array.from(nodes), y = Float64Array.from(values);
  if (x.length !== y.length || x.length < 2) {
    throw new TypeError(
      `${what} has ${x.length} nodes and ${y.length} norms, expected two or more`,
    );
  }
  if (
    x.some((one, i) => !(one > (i === 0 ? -Infinity : x[i - 1]!))) || y.some((one) => !(one >= 0))
  ) {
    throw new RangeError(`${what} has nodes that ascend and norms of 0 or more`);
  }
  const sums = new Float64Array(x.length);
  for (let i = 1; i < x.length; i++) {
    sums[i] = sums[i - 1]! + (x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!) / 2;
  }
  return { nodes: x, values: y, sums };
}

function slopeOf({ nodes, values }: Polyline, i: number): number {
  return (values[i + 1]! - values[i]!) / (nodes[i + 1]! - nodes[i]!);
}

function valueOn(line: Polyline, x: number): number {
  const i = intervalOf(line.nodes, x);
  return line.values[i]! + slopeOf(line, i) * (x - line.nodes[i]!);
}

/** Integral from the first node. */
function sumOn(line: Polyline, x: number): number {
  const i = intervalOf(line.nodes, x), dx = x - line.nodes[i]!;
  return line.sums[i]! + dx * (line.values[i]! + slopeOf(line, i) * dx / 2);
}

/** What stands in a model file: the name of the table's file, or the table. */
function tableData(
  filename: string | undefined,
  table: Readonly<Record<string, Json>>,
): Readonly<Record<string, Json>> {
  return filename === undefined ? table : { filename };
}

/** The kind of change in time that a light curve makes. */
export function lightCurveRule(table: LightCurveTable): TemporalRule {
  const line = createPolyline(table.timesD, table.norms, "A light curve"), { nodes } = line;
  const first = nodes[0]!, last = nodes[nodes.length - 1]!, { filename } = table;
  const within = (x: number) => Math.min(Math.max(first, x), last);
  const isOutside = (x: number) => !(x >= first && x <= last);
  return Object.freeze({
    kind: "temporal",
    format: "template",
    version: "",
    parameters: [{ name: "t_ref", unit: "d", value: 51544 }],
    value: (t: number, p: ArrayLike<number>) => isOutside(t - p[0]!) ? 0 : valueOn(line, t - p[0]!),
    gradient: (t: number, p: ArrayLike<number>, out: Float64Array) => {
      const x = t - p[0]!;
      out[0] = isOutside(x) ? 0 : -slopeOf(line, intervalOf(nodes, x));
    },
    integral: (low: number, high: number, p: ArrayLike<number>) =>
      sumOn(line, within(high - p[0]!)) - sumOn(line, within(low - p[0]!)),
    most: (low: number, high: number, p: ArrayLike<number>) => {
      const a = low - p[0]!, b = high - p[0]!;
      if (b < first || a > last) return 0;
      let most = Math.max(valueOn(line, within(a)), valueOn(line, within(b)));
      for (let i = intervalOf(nodes, a); i < nodes.length && nodes[i]! <= b; i++) {
        if (nodes[i]! >= a) most = Math.max(most, line.values[i]!);
      }
      return most;
    },
    data: tableData(filename, {
      time: { data: Array.from(nodes), unit: "d" },
      norm: { data: Array.from(line.values) },
    }),
  });
}

/**
 * A change in time from a light curve: straight lines between its times, 0 outside.
 *
 * @param table Times and factors.
 * @param tRefMjd Time of reference, MJD in TT.
 * @returns A frozen record.
 * @throws TypeError for different lengths; RangeError for times that do not ascend or factors below 0.
 * @example
 * ```ts
 * import { lightCurveProfile } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const profile = lightCurveProfile({ timesD: [0, 2], norms: [0, 1] }, 59000);
 * strictEqual(profile.value(59001), 0.5);
 * ```
 * @see gammapy.modeling.models.LightCurveTemplateTemporalModel
 */
export function lightCurveProfile(table: LightCurveTable, tRefMjd: number): TemporalProfile {
  return createTemporalProfile(lightCurveRule(table), { t_ref: tRefMjd });
}

/** The kind of change in time that a phase curve makes. */
export function phaseCurveRule(table: PhaseCurveTable): TemporalRule {
  const { normalize = true, filename } = table, given = Array.from(table.phases);
  const norms = Array.from(table.norms), n = given.length;
  if (!(given[0]! >= 0 && given[n - 1]! <= 1)) {
    throw new RangeError(
      `Phases of a phase curve are in [0, 1], found ${given[0]} to ${given[n - 1]}`,
    );
  }
  // One turn from the first node to itself again.
  const closed = given[n - 1]! - given[0]! < 1;
  const x = closed ? [...given, given[0]! + 1] : given, y = closed ? [...norms, norms[0]!] : norms;
  const raw = createPolyline(x, y, "A phase curve"), level = raw.sums[x.length - 1]!;
  if (normalize && !(level > 0)) throw new RangeError("A phase curve has a mean above 0, found 0");
  const line = normalize ? createPolyline(x, y.map((one) => one / level), "A phase curve") : raw;
  const mean = normalize ? 1 : level, start = x[0]!, most = Math.max(...line.values);
  const turned = (phase: number) => start + (phase - start) - Math.floor(phase - start);
  /** ∫ (norm − mean) from the first node, and its mean over a turn. */
  const rest = (u: number) => sumOn(line, u) - mean * (u - start);
  let restMean = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    const a = x[i]!, b = x[i + 1]!;
    restMean += (b - a) * (rest(a) + 4 * rest((a + b) / 2) + rest(b)) / 6;
  }
  const phaseOf = (t: number, p: ArrayLike<number>): number => {
    const s = (t - p[0]!) * DAY_S;
    return p[1]! + s * (p[2]! + s / 2 * (p[3]! + s / 3 * p[4]!));
  };
  const frequencyOf = (t: number, p: ArrayLike<number>): number => {
    const s = (t - p[0]!) * DAY_S;
    return p[2]! + s * (p[3]! + s / 2 * p[4]!);
  };
  return Object.freeze({
    kind: "temporal",
    format: "template-phase",
    version: "",
    parameters: [
      { name: "t_ref", unit: "d", value: 48442.5, frozen: true },
      { name: "phi_ref", unit: "", value: 0, frozen: true },
      { name: "f0", unit: "s-1", value: 29.946923, frozen: true },
      { name: "f1", unit: "s-2", value: 0, frozen: true },
      { name: "f2", unit: "s-3", value: 0, frozen: true },
    ],
    value: (t: number, p: ArrayLike<number>) => valueOn(line, turned(phaseOf(t, p))),
    gradient: (t: number, p: ArrayLike<number>, out: Float64Array) => {
      const s = (t - p[0]!) * DAY_S, u = turned(phaseOf(t, p));
      const slope = slopeOf(line, intervalOf(line.nodes, u));
      out[0] = -slope * frequencyOf(t, p) * DAY_S;
      out[1] = slope;
      out[2] = slope * s;
      out[3] = slope * s * s / 2;
      out[4] = slope * s * s * s / 6;
    },
    // By parts: exact for a constant frequency ν, otherwise to (ν̇/ν²)².
    integral: (low: number, high: number, p: ArrayLike<number>) => {
      const at = (t: number) => {
        const nu = frequencyOf(t, p) * DAY_S;
        return (rest(turned(phaseOf(t, p))) - restMean) / nu;
      };
      if (p[2] === 0 && p[3] === 0 && p[4] === 0) {
        return (high - low) * valueOn(line, turned(p[1]!));
      }
      return mean * (high - low) + at(high) - at(low);
    },
    most: () => most,
    data: {
      ...tableData(filename, { phase: { data: given }, norm: { data: norms } }),
      ...(normalize ? {} : { normalize }),
    },
  });
}

/**
 * A change in time from a phase curve: straight lines between its phases, round the turn, at
 * φ = φ_ref + f₀ s + f₁ s²/2 + f₂ s³/6 with s seconds after t_ref.
 *
 * @param table Phases and factors.
 * @param values Time of reference (MJD in TT), phase there, frequency and its derivatives in s⁻¹, s⁻², s⁻³.
 * @returns A frozen record.
 * @throws TypeError for different lengths; RangeError for phases that do not ascend in [0, 1].
 * @example
 * ```ts
 * import { phaseCurveProfile } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const table = { phases: [0, 0.5], norms: [0, 4] };
 * const profile = phaseCurveProfile(table, { t_ref: 55000, f0: 1 / 86400 });
 * ok(Math.abs(profile.value(55000.25) - 1) < 1e-12);
 * ```
 * @see gammapy.modeling.models.TemplatePhaseCurveTemporalModel
 */
export function phaseCurveProfile(
  table: PhaseCurveTable,
  values: Readonly<Record<"t_ref" | "f0", number>> & {
    readonly phi_ref?: number;
    readonly f1?: number;
    readonly f2?: number;
  },
): TemporalProfile {
  return createTemporalProfile(phaseCurveRule(table), { ...values });
}
