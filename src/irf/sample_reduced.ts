/**
 * Photons drawn from responses on the sky.
 *
 * Between pixels and energies the responses are linear, so a photon draws one of the pixels and energies
 * around it by their weights, and then from the response there: that is exact, and needs no interpolation of
 * densities. Inside a bin of r the photons are even in area, inside one of migra or energy even.
 */
import type { Rng } from "../numeric/mod.ts";
import { offsetBy, type SkyColumns } from "../sky/mod.ts";
import type { MapAxis } from "../nddata/mod.ts";
import { geomPixels } from "../maps/mod.ts";
import { numbersOf, reducedAxes, type ReducedIrf, reducedRule } from "./reduced.ts";
import { pixelWeights, type PlacedPosition } from "./reduced_at.ts";

/** Photons: columns of one length. */
export interface SamplePhotons extends SkyColumns {
  /** True energies, in the unit of the responses; of reco-psf-map reconstructed ones. */
  readonly energy: Float64Array;
  /** Frame of the positions; that of the map where absent. */
  readonly frame?: PlacedPosition["frame"];
}

/** Draws the bins of the second axis of photons: −1 where there is no response, or the photon is lost. */
function drawBins(irf: ReducedIrf, photons: SamplePhotons, rng: Rng): Int32Array {
  const [energy, other] = reducedAxes(irf), m = other.nBins, n = geomPixels(irf.map.geom);
  const { measure } = reducedRule(irf.kind), weights = measure?.(other);
  const values = numbersOf(irf.map), sums = new Float64Array(energy.nBins * n * m);
  for (let e = 0; e < energy.nBins; e++) {
    for (let k = 0; k < n; k++) {
      let sum = 0;
      for (let i = 0; i < m; i++) {
        sum += values[(e * m + i) * n + k]! * (weights === undefined ? 1 : weights[i]!);
        sums[(e * n + k) * m + i] = sum;
      }
    }
  }
  const count = photons.energy.length, out = new Int32Array(count).fill(-1);
  const scale = energy.centers.map(energy.interp === "log" ? Math.log : (x) => x);
  const { frame } = photons, hasSky = n > 1, weigh = new Float64Array(8), row = new Int32Array(8);
  for (let p = 0; p < count; p++) {
    const value = photons.energy[p]!, s = energy.interp === "log" ? Math.log(value) : value;
    const isMatrix = irf.kind === "edisp-kernel-map", u = placeOn(scale, s);
    const low = isMatrix ? Math.round(u) : Math.floor(u),
      high = Math.min(low + 1, energy.nBins - 1);
    const position = {
      lonDeg: photons.lonDeg[p]!,
      latDeg: photons.latDeg[p]!,
      ...(frame && { frame }),
    };
    const near = hasSky ? pixelWeights(irf.map.geom, position) : ONE;
    let used = 0, total = 0;
    for (let k = 0; k < near.pixels.length; k++) {
      for (
        const [e, share] of [[low, isMatrix ? 1 : 1 - (u - low)], [high, isMatrix ? 0 : u - low]]
      ) {
        const start = e! * n + near.pixels[k]!;
        if (!(share! > 0 && sums[start * m + m - 1]! > 0)) continue;
        row[used] = start;
        weigh[used] = share! * near.weights[k]!;
        total += weigh[used++]!;
      }
    }
    if (used === 0) continue;
    let pick = rng.uniform() * total, r = 0;
    while (r < used - 1 && pick >= weigh[r]!) pick -= weigh[r++]!;
    const end = sums[row[r]! * m + m - 1]!;
    // What a matrix does not hold is lost; a density has its norm.
    const target = rng.uniform() * (isMatrix ? Math.max(1, end) : end);
    if (target < end) out[p] = firstAbove(sums, row[r]! * m, m, target);
  }
  return out;
}

const ONE = { pixels: [0], weights: [1] };

/** Place of a value between nodes, clamped to them. */
function placeOn(nodes: Float64Array, s: number): number {
  const last = nodes.length - 1;
  if (!(s > nodes[0]!)) return 0;
  if (s >= nodes[last]!) return last;
  const high = nodes.findIndex((node) => node > s);
  return high - 1 + (s - nodes[high - 1]!) / (nodes[high]! - nodes[high - 1]!);
}

function firstAbove(sums: Float64Array, start: number, m: number, target: number): number {
  let low = 0, high = m - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[start + middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Reconstructed directions of photons.
 *
 * @param irf Point spread functions on the sky.
 * @param photons True directions and energies.
 * @param rng Random numbers.
 * @returns New columns, deg, in the frame of the photons; NaN where there is no response.
 * @example
 * ```ts
 * import { gaussPsfMap, samplePsf } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { createRng } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const photons = {
 *   lonDeg: Float64Array.of(10), latDeg: Float64Array.of(0), energy: Float64Array.of(2),
 * };
 * const { lonDeg } = samplePsf(gaussPsfMap({ energyTrue, sigmaDeg: 0.1 }), photons, createRng(1));
 * ok(Math.abs(lonDeg[0]! - 10) < 0.7);
 * ```
 * @see gammapy.irf.PSFMap.sample_coord
 */
export function samplePsf(
  irf: ReducedIrf<"psf-map"> | ReducedIrf<"reco-psf-map">,
  photons: SamplePhotons,
  rng: Rng,
): SkyColumns {
  const bins = drawBins(irf, photons, rng), { edges } = reducedAxes(irf)[1], n = bins.length;
  const lonDeg = new Float64Array(n).fill(NaN), latDeg = new Float64Array(n).fill(NaN);
  for (let p = 0; p < n; p++) {
    const bin = bins[p]!;
    if (bin < 0) continue;
    const low = Math.max(0, edges[bin]!) ** 2, high = edges[bin + 1]! ** 2;
    const separationDeg = Math.sqrt(low + (high - low) * rng.uniform());
    const from = { lonDeg: photons.lonDeg[p]!, latDeg: photons.latDeg[p]! };
    const to = offsetBy(from, { separationDeg, positionAngleDeg: 360 * rng.uniform() });
    lonDeg[p] = to.lonDeg;
    latDeg[p] = to.latDeg;
  }
  return { lonDeg, latDeg };
}

/**
 * Reconstructed energies of photons.
 *
 * @param irf Energy dispersions on the sky; of matrices photons outside the reconstructed energies are lost.
 * @param photons True directions and energies.
 * @param rng Random numbers.
 * @returns A new column, in the unit of the energies; NaN where there is no response, or it is lost.
 * @example
 * ```ts
 * import { gaussEdispMap, sampleEdisp } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { createRng } from "@gammarx/gammarx/numeric";
 * import { ok } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const photons = {
 *   lonDeg: Float64Array.of(10), latDeg: Float64Array.of(0), energy: Float64Array.of(2),
 * };
 * const irf = gaussEdispMap({ energyTrue, sigma: 0.1, bias: 0 });
 * ok(Math.abs(sampleEdisp(irf, photons, createRng(1))[0]! - 2) < 1.2);
 * ```
 * @see gammapy.irf.EDispMap.sample_coord
 */
export function sampleEdisp(
  irf: ReducedIrf<"edisp-map"> | ReducedIrf<"edisp-kernel-map">,
  photons: SamplePhotons,
  rng: Rng,
): Float64Array {
  const bins = drawBins(irf, photons, rng), axis = reducedAxes(irf)[1];
  return Float64Array.from(bins, (bin, p) => {
    if (bin < 0) return NaN;
    const value = within(axis, bin, rng.uniform());
    return irf.kind === "edisp-map" ? value * photons.energy[p]! : value;
  });
}

function within({ edges, interp }: MapAxis, bin: number, u: number): number {
  const low = edges[bin]!, high = edges[bin + 1]!;
  return interp === "log" ? low * (high / low) ** u : low + (high - low) * u;
}
