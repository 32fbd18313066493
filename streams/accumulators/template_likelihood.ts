import type { StreamItem } from "../../src/data/mod.ts";
import { requireColumn } from "../../src/events/mod.ts";
import { fingerprint } from "../../src/numeric/mod.ts";
import {
  addTemplateEvents,
  createTemplateSums,
  mergeTemplateSums,
  type PhaseTemplate,
  templateLogL,
  type TemplateSums,
} from "../../src/stats/mod.ts";
import { type Accumulator, checkKeys, checkSnapshot, type Snapshot } from "./accumulator.ts";
import { compactFinite } from "./_finite_rows.ts";

/** ln L of a pulse profile at all its shifts. */
export interface TemplateLikelihood {
  /** Σ ln(w f(φ + s/n) + 1 − w) at shift s/n, n. */
  readonly logL: Float64Array;
  /** Shift of the largest ln L in cycles: a parabola through it and its neighbours. */
  readonly bestShift: number;
  /** Its ln L. */
  readonly bestLogL: number;
  /** Standard deviation of the shift in cycles, from the curvature; NaN where there is no maximum. */
  readonly shiftError: number;
  /** Events used. */
  readonly n: number;
  /** Events without a finite phase and weight. */
  readonly outside: number;
}

/** State of {@link templateLikelihood}. */
export interface TemplateLikelihoodState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Sums over shifts. */
  readonly sums: TemplateSums;
  /** Events used. */
  n: number;
  /** Events without a phase. */
  outside: number;
}

/**
 * The likelihood of a stream's phases under a pulse profile, at n shifts of phase at once: times of arrival,
 * and whether there is a pulse of this shape.
 *
 * @param template The profile (`phaseTemplate`).
 * @param options `weighted`: the column `weight` is the chance to be of the source (false: all are).
 * @returns An accumulator that needs `phase`, and `weight` where weighted.
 * @example
 * ```ts
 * import { fold, templateLikelihood } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { phaseTemplate } from "@gammarx/gammarx/stats";
 * import { ok } from "node:assert/strict";
 * const acc = templateLikelihood(phaseTemplate((x) => Math.exp(20 * Math.cos(2 * Math.PI * x))));
 * const phase = Float64Array.of(0.29, 0.3, 0.31), timeS = new Float64Array(3);
 * const { bestShift, shiftError } = acc.result(fold(acc, [createEventBatch({ timeS, phase })]));
 * ok(Math.abs(bestShift - 0.7) < 1e-3 && shiftError < 0.03);
 * ```
 * @see Ray et al. 2011, ApJS 194, 17, eq. 2
 */
export function templateLikelihood(
  template: PhaseTemplate,
  options: { readonly weighted?: boolean } = {},
): Accumulator<StreamItem, TemplateLikelihoodState, TemplateLikelihood> {
  const { weighted = false } = options;
  const identity = {
    kind: "template-likelihood",
    version: 1,
    key: fingerprint({ density: template.density, nShifts: template.nShifts, weighted }),
  };
  return Object.freeze({
    ...identity,
    order: "any" as const,
    exactness: { kind: "rounding" as const, rtol: 1e-11 },
    create: (): TemplateLikelihoodState => ({
      key: identity.key,
      sums: createTemplateSums(template),
      n: 0,
      outside: 0,
    }),
    add(state: TemplateLikelihoodState, item: StreamItem): void {
      if (item.kind !== "batch") return;
      requireColumn(item, "phase", "templateLikelihood");
      if (weighted) requireColumn(item, "weight", "templateLikelihood");
      const names = weighted ? ["phase", "weight"] : ["phase"];
      const used = compactFinite(item, names), { phase, weight } = used.columns;
      addTemplateEvents(template, state.sums, {
        phase: phase!,
        weights: weighted ? weight : undefined,
      });
      state.n += used.length;
      state.outside += item.length - used.length;
    },
    merge(into: TemplateLikelihoodState, from: Readonly<TemplateLikelihoodState>): void {
      checkKeys(into.key, from.key);
      mergeTemplateSums(into.sums, from.sums);
      into.n += from.n;
      into.outside += from.outside;
    },
    result: ({ sums, n, outside }: Readonly<TemplateLikelihoodState>): TemplateLikelihood => {
      const logL = templateLogL(sums);
      return { logL, ...bestOf(logL), n, outside };
    },
    snapshot({ sums, n, outside }: Readonly<TemplateLikelihoodState>): Snapshot {
      const { logs, products } = sums;
      const data = { logs: logs.slice(), products: products.slice(), n, outside };
      return { ...identity, data };
    },
    restore(snapshot: Snapshot): TemplateLikelihoodState {
      checkSnapshot(identity, snapshot);
      const { logs, products, n, outside } = snapshot.data as unknown as
        & TemplateSums
        & Pick<TemplateLikelihoodState, "n" | "outside">;
      const sums = { logs: logs.slice(), products: products.slice() };
      return { key: identity.key, sums, n, outside };
    },
  });
}

/** The largest of ln L by a parabola through three shifts. */
function bestOf(
  logL: Float64Array,
): Pick<TemplateLikelihood, "bestShift" | "bestLogL" | "shiftError"> {
  const n = logL.length;
  let best = 0;
  for (let s = 1; s < n; s++) if (logL[s]! > logL[best]!) best = s;
  const top = logL[best]!, before = logL[(best + n - 1) % n]!, after = logL[(best + 1) % n]!;
  const curvature = before - 2 * top + after, slope = (after - before) / 2;
  if (!(curvature < 0 && curvature > -Infinity)) {
    return { bestShift: best / n, bestLogL: top, shiftError: NaN };
  }
  const shift = (best - slope / curvature) / n;
  return {
    bestShift: shift - Math.floor(shift),
    bestLogL: top - slope * slope / (2 * curvature),
    shiftError: 1 / (n * Math.sqrt(-curvature)),
  };
}
