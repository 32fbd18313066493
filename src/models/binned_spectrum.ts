import { NARROW, NARROW_DECADES, WIDE } from "./_smooth_parts.ts";
import type { SpectralRule } from "./spectral_rule.ts";

/** A spectrum made ready for the bins of an axis: what a fit calls over and over. */
export interface BinnedSpectrum {
  /** Flux in each bin at values of the parameters, cm⁻² s⁻¹. */
  readonly fluxInto: (values: ArrayLike<number>, out: Float64Array) => void;
  /** Its derivatives, a row of bins a parameter, in C order. */
  readonly gradientInto: (values: ArrayLike<number>, out: Float64Array) => void;
}

/**
 * The integrals of a kind of spectrum over bins: by its formula where it has one, otherwise by sums over
 * nodes that are found once.
 *
 * @param rule The kind.
 * @param edges Edges of the bins, TeV, ascending, above 0.
 * @returns Functions of the parameters' values that make nothing new.
 * @throws RangeError for edges that are not above 0.
 * @example
 * ```ts
 * import { binnedSpectrum, powerLaw } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const { rule } = powerLaw({ amplitude: 1, index: 2 });
 * const flux = new Float64Array(2);
 * binnedSpectrum(rule, Float64Array.of(1, 2, 4)).fluxInto([2, 1, 1], flux);
 * ok(Math.abs(flux[1]! - 0.25) < 1e-12);
 * ```
 */
export function binnedSpectrum(rule: SpectralRule, edges: Float64Array): BinnedSpectrum {
  if (!(edges[0]! > 0)) {
    throw new RangeError(`Edges of true energy are above 0 TeV, found ${edges[0]}`);
  }
  const nBins = edges.length - 1, nParameters = rule.parameters.length;
  const { flux, fluxGradient, movingBreaks } = rule;
  const fixed = createNodes();
  const first = new Int32Array(nBins + 1);
  for (let bin = 0; bin < nBins; bin++) {
    addNodes(fixed, edges[bin]!, edges[bin + 1]!, rule.breaks ?? []);
    first[bin + 1] = fixed.energies.length;
  }
  const energies = Float64Array.from(fixed.energies), weights = Float64Array.from(fixed.weights);
  const one = new Float64Array(nParameters), part = createNodes();
  /** Nodes of a bin, which a break that moves may stand in. */
  const nodesOf = (bin: number, moving: ArrayLike<number>): Nodes | undefined => {
    const low = edges[bin]!, high = edges[bin + 1]!;
    let isCut = false;
    for (let i = 0; i < moving.length; i++) {
      if (moving[i]! > low && moving[i]! < high) isCut = true;
    }
    if (!isCut) return undefined;
    part.energies.length = part.weights.length = 0;
    const both = rule.breaks === undefined
      ? moving
      : Float64Array.from([...Array.from(rule.breaks), ...Array.from(moving)]).sort();
    addNodes(part, low, high, both);
    return part;
  };
  return Object.freeze({
    fluxInto(values: ArrayLike<number>, out: Float64Array): void {
      if (flux !== undefined) {
        for (let bin = 0; bin < nBins; bin++) out[bin] = flux(edges[bin]!, edges[bin + 1]!, values);
        return;
      }
      const moving = movingBreaks?.(values);
      for (let bin = 0; bin < nBins; bin++) {
        const cut = moving === undefined ? undefined : nodesOf(bin, moving);
        const e = cut?.energies ?? energies, w = cut?.weights ?? weights;
        const from = cut === undefined ? first[bin]! : 0;
        const to = cut === undefined ? first[bin + 1]! : e.length;
        let sum = 0;
        for (let k = from; k < to; k++) sum += w[k]! * rule.dnde(e[k]!, values);
        out[bin] = sum;
      }
    },
    gradientInto(values: ArrayLike<number>, out: Float64Array): void {
      out.fill(0, 0, nBins * nParameters);
      const moving = movingBreaks?.(values);
      for (let bin = 0; bin < nBins; bin++) {
        if (fluxGradient !== undefined) {
          fluxGradient(edges[bin]!, edges[bin + 1]!, values, one);
          for (let i = 0; i < nParameters; i++) out[i * nBins + bin] = one[i]!;
          continue;
        }
        const cut = moving === undefined ? undefined : nodesOf(bin, moving);
        const e = cut?.energies ?? energies, w = cut?.weights ?? weights;
        const from = cut === undefined ? first[bin]! : 0;
        const to = cut === undefined ? first[bin + 1]! : e.length;
        for (let k = from; k < to; k++) {
          rule.gradient(e[k]!, values, one);
          for (let i = 0; i < nParameters; i++) {
            out[i * nBins + bin] = out[i * nBins + bin]! + w[k]! * one[i]!;
          }
        }
      }
    },
  });
}

/** Where a spectrum is evaluated, and with which weights. */
interface Nodes {
  readonly energies: number[];
  readonly weights: number[];
}

function createNodes(): Nodes {
  return { energies: [], weights: [] };
}

/** Adds the nodes of an interval, cut at the breaks inside it. */
function addNodes(nodes: Nodes, low: number, high: number, breaks: ArrayLike<number>): void {
  let from = low;
  for (let i = 0; i < breaks.length; i++) {
    const to = breaks[i]!;
    if (!(to > from && to < high)) continue;
    addSmooth(nodes, from, to);
    from = to;
  }
  addSmooth(nodes, from, high);
}

function addSmooth({ energies, weights }: Nodes, low: number, high: number): void {
  const a = Math.log(low), b = Math.log(high), decades = (b - a) / Math.LN10;
  const q = decades < NARROW_DECADES ? NARROW : WIDE;
  const parts = Math.max(1, Math.ceil(8 * decades)), width = (b - a) / parts;
  for (let part = 0; part < parts; part++) {
    for (let k = 0; k < q.nodes.length; k++) {
      const e = Math.exp(a + (part + 0.5 + q.nodes[k]! / 2) * width);
      energies.push(e);
      weights.push(q.weights[k]! * e * width / 2);
    }
  }
}
