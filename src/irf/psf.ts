/**
 * Point spread functions by tables and by parameters, evaluated alike.
 *
 * | symbol | meaning | unit |
 * | --- | --- | --- |
 * | E, θ | true energy and offset (or any further axes) | TeV, deg |
 * | r | separation from the true direction | deg |
 * | ψ | density, 2π ∫ ψ r dr = 1 over the plane | deg⁻² |
 * | P(r) | containment, the fraction of the photons within r | 1 |
 */
import {
  createGridInterpolator,
  createNDArr,
  createNDData,
  EMPTY_META,
  type GridInterpolator,
  gridNodes,
  type MapAxis,
  type Meta,
  type NDData,
} from "../nddata/mod.ts";
import ndarray from "ndarray";
import { createIrf, evaluateIrf, type Irf, irfAxis, type IrfCoords } from "./irf.ts";

/** The families of point spread functions that have parameters. */
export type PsfFamily = "psf-3gauss" | "psf-king" | "psf-gauss";

/** A point spread function whose parameters stand on the axes energy_true, offset or others. */
export interface ParametricPsf {
  /** Its family. */
  readonly kind: PsfFamily;
  /** The axes of the parameters, slowest first. */
  readonly axes: readonly MapAxis[];
  /** The parameters by name, each on all axes; widths in deg. */
  readonly parameters: Readonly<Record<string, NDData>>;
  /** Whether it is for events inside a region. */
  readonly pointLike: boolean;
  /** What is known beside. */
  readonly meta: Meta;
}

/** Any point spread function. */
export type PsfIrf = Irf<"psf"> | ParametricPsf;

/** What a family answers for itself: parameters as columns, in the order of `names`. */
interface FamilyRule {
  readonly names: readonly string[];
  readonly density: (r: number, p: Float64Array) => number;
  readonly containment: (r: number, p: Float64Array) => number;
}

/** Sum of Gaussians, each with the weight A_i σ_i², all weights together 1. */
const threeGauss: FamilyRule = {
  names: ["sigma_1", "sigma_2", "sigma_3", "ampl_2", "ampl_3"],
  density: (r, p) => gaussSum(p, (s2) => Math.exp(-0.5 * r * r / s2) / (2 * Math.PI * s2)),
  containment: (r, p) => gaussSum(p, (s2) => -Math.expm1(-0.5 * r * r / s2)),
};

function gaussSum(p: Float64Array, of: (sigma2: number) => number): number {
  let sum = 0, weights = 0;
  for (let i = 0; i < 3; i++) {
    // A Gaussian that is not there has the width 0; where none is, there is no function.
    const sigma2 = p[i]! ** 2, weight = (i === 0 ? 1 : p[2 + i]!) * sigma2;
    if (weight === 0) continue;
    sum += weight * of(sigma2);
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}

const king: FamilyRule = {
  names: ["gamma", "sigma"],
  density: (r, [gamma, sigma]) =>
    (1 - 1 / gamma!) * Math.pow(1 + r * r / (2 * gamma! * sigma! ** 2), -gamma!) /
    (2 * Math.PI * sigma! ** 2),
  containment: (r, [gamma, sigma]) =>
    1 - Math.pow(1 + r * r / (2 * gamma! * sigma! ** 2), 1 - gamma!),
};

const gauss: FamilyRule = {
  names: ["sigma"],
  density: (r, [sigma]) => Math.exp(-0.5 * (r / sigma!) ** 2) / (2 * Math.PI * sigma! ** 2),
  containment: (r, [sigma]) => -Math.expm1(-0.5 * (r / sigma!) ** 2),
};

const FAMILIES: Readonly<Record<PsfFamily, FamilyRule>> = Object.freeze({
  "psf-3gauss": threeGauss,
  "psf-king": king,
  "psf-gauss": gauss,
});

/**
 * Makes a point spread function from its parameters.
 *
 * "psf-3gauss": Σ A_i e^{−r²/2σ_i²} with A₁ = 1, normalised to 1 (sigma_1, sigma_2, sigma_3, ampl_2,
 * ampl_3); "psf-king": (1 − 1/γ)(1 + r²/2γσ²)^−γ / 2πσ² (gamma, sigma); "psf-gauss": one Gaussian (sigma).
 *
 * @param kind The family.
 * @param axes Axes of the parameters, slowest first.
 * @param options The parameters in C order by name, widths in deg.
 * @returns A frozen record.
 * @throws TypeError for a parameter that is missing, or of another shape.
 * @example
 * ```ts
 * import { createParametricPsf, psfContainment } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const axes = [
 *   energyAxis({ low: 0.1, high: 100, nBins: 2, name: "energy_true" }),
 *   createMapAxis("offset", [0, 2], { unit: "deg" }),
 * ];
 * const psf = createParametricPsf("psf-gauss", axes, { parameters: { sigma: [0.1, 0.1] } });
 * const at = { energy_true: Float64Array.of(1), offset: Float64Array.of(1) };
 * ok(Math.abs(psfContainment(psf, { ...at, rad: Float64Array.of(0.1) })[0]! - 0.3935) < 1e-4);
 * ```
 * @see GADF 0.3, sections PSF 3GAUSS and PSF King
 */
export function createParametricPsf(
  kind: PsfFamily,
  axes: readonly MapAxis[],
  options: {
    readonly parameters: Readonly<Record<string, ArrayLike<number>>>;
    readonly pointLike?: boolean;
    readonly meta?: Meta;
  },
): ParametricPsf {
  const { pointLike = false, meta = EMPTY_META } = options, shape = axes.map((axis) => axis.nBins);
  const parameters = Object.fromEntries(FAMILIES[kind].names.map((name) => {
    const values = options.parameters[name];
    if (values === undefined) {
      throw new TypeError(
        `A point spread function "${kind}" needs ${FAMILIES[kind].names.join(", ")}: found ` +
          `${Object.keys(options.parameters).join(", ")}`,
      );
    }
    const unit = name.startsWith("sigma") ? "deg" : "";
    const arr = createNDArr(ndarray(Float64Array.from(values), shape), { unit });
    return [name, createNDData(arr, { axes })];
  }));
  return Object.freeze({
    kind,
    axes: Object.freeze([...axes]),
    parameters: Object.freeze(parameters),
    pointLike,
    meta,
  });
}

const parameterGrids = new WeakMap<ParametricPsf, readonly GridInterpolator[]>();

/** Interpolators of the parameters of a family in its order, carried on beyond the axes. */
export function parameterGridsOf(psf: ParametricPsf): readonly GridInterpolator[] {
  const known = parameterGrids.get(psf);
  if (known !== undefined) return known;
  const nodes = psf.axes.map((axis) => ({ ...gridNodes(axis), limits: undefined }));
  const grids = FAMILIES[psf.kind].names.map((name) =>
    createGridInterpolator(nodes, psf.parameters[name]!.values.data)
  );
  parameterGrids.set(psf, grids);
  return grids;
}

/** Density of a family at r by its parameters, deg⁻². */
export function familyDensity(kind: PsfFamily): (r: number, p: Float64Array) => number {
  return FAMILIES[kind].density;
}

/** Parameters at points: one column a parameter. */
function parametersAt(psf: ParametricPsf, coords: IrfCoords, n: number): Float64Array[] {
  const columns = psf.axes.map((axis) => requireCoords(psf, coords, axis.name));
  return parameterGridsOf(psf).map((grid) => grid.pointsInto(columns, new Float64Array(n)));
}

const DEG2_PER_SR = (180 / Math.PI) ** 2;

/**
 * Density of a point spread function at points.
 *
 * @param psf Any point spread function.
 * @param coords Columns energy_true (TeV), rad (deg), and those of its further axes, such as offset (deg).
 * @returns A new array, deg⁻²; 0 outside the axes of a table.
 * @throws TypeError for a column that is missing.
 * @example
 * ```ts
 * import { createParametricPsf, psfDensity } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const axes = [energyAxis({ low: 0.1, high: 10, nBins: 1, name: "energy_true" })];
 * const psf = createParametricPsf("psf-gauss", axes, { parameters: { sigma: [0.1] } });
 * const at = { energy_true: Float64Array.of(1), rad: Float64Array.of(0) };
 * ok(Math.abs(psfDensity(psf, at)[0]! - 1 / (2 * Math.PI * 0.01)) < 1e-12);
 * ```
 * @see gammapy.irf.PSF.evaluate
 */
export function psfDensity(psf: PsfIrf, coords: IrfCoords): Float64Array {
  if (psf.kind === "psf") {
    return evaluateIrf(psf, coords).map((perSr) => perSr / DEG2_PER_SR);
  }
  return byFamily(psf, coords, FAMILIES[psf.kind].density);
}

/**
 * Containment of a point spread function at points: the fraction of the photons within r.
 *
 * Of a table it is the sum of 2π r ψ Δr over its bins of r, linear between their edges, from 0 at r = 0; 1
 * beyond a table is not claimed: there it stays what it is at the last edge.
 *
 * @param psf Any point spread function.
 * @param coords Columns energy_true (TeV), rad (deg), and those of its further axes.
 * @returns A new array of numbers from 0 to about 1.
 * @throws TypeError for a column that is missing.
 * @example
 * ```ts
 * import { createParametricPsf, psfContainment } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const axes = [energyAxis({ low: 0.1, high: 10, nBins: 1, name: "energy_true" })];
 * const psf = createParametricPsf("psf-king", axes, { parameters: { sigma: [0.1], gamma: [2] } });
 * const at = { energy_true: Float64Array.of(1), rad: Float64Array.of(100) };
 * ok(psfContainment(psf, at)[0]! > 0.999);
 * ```
 * @see gammapy.irf.PSF.containment, which is 0 within the first bin of a table
 */
export function psfContainment(psf: PsfIrf, coords: IrfCoords): Float64Array {
  if (psf.kind !== "psf") return byFamily(psf, coords, FAMILIES[psf.kind].containment);
  const last = irfAxis(psf, "rad").edges.at(-1)!;
  const columns = psf.axes.map((axis) => {
    const column = requireCoords(psf, coords, axis.name);
    return axis.name === "rad" ? column.map((r) => Math.min(r, last)) : column;
  });
  const found = cumulative(psf).pointsInto(columns, new Float64Array(columns[0]!.length));
  return found.map((fraction) => fraction > 0 ? fraction : 0);
}

function requireCoords(
  psf: PsfIrf,
  coords: IrfCoords,
  name: string,
): Float64Array {
  const column = coords[name];
  if (column !== undefined) return column;
  const own = psf.axes.map((axis) => axis.name).filter((one) => one !== "rad");
  throw new TypeError(
    `A point spread function on ${[...own, "rad"].join(", ")}: found coordinates ` +
      `${Object.keys(coords).join(", ")}, ${name} is missing`,
  );
}

function byFamily(
  psf: ParametricPsf,
  coords: IrfCoords,
  of: (r: number, p: Float64Array) => number,
): Float64Array {
  const rad = requireCoords(psf, coords, "rad");
  const columns = parametersAt(psf, coords, rad.length), one = new Float64Array(columns.length);
  return rad.map((r, k) => {
    for (let i = 0; i < one.length; i++) one[i] = columns[i]![k]!;
    return of(r, one);
  });
}

const cumulatives = new WeakMap<Irf<"psf">, GridInterpolator>();

/** Containments at the edges of the bins of r, from r = 0. */
function cumulative(psf: Irf<"psf">): GridInterpolator {
  const known = cumulatives.get(psf);
  if (known !== undefined) return known;
  const a = psf.axes.findIndex((axis) => axis.name === "rad"), rad = psf.axes[a]!;
  const starts = Float64Array.from(rad.edges[0]! > 0 ? [0, ...rad.edges] : rad.edges);
  const n = rad.nBins, m = starts.length, shift = m - n;
  const shape = psf.axes.map((axis) => axis.nBins);
  const inner = shape.slice(a + 1).reduce((x, y) => x * y, 1);
  const outer = shape.slice(0, a).reduce((x, y) => x * y, 1);
  const { data, offset } = psf.values, sums = new Float64Array(outer * m * inner);
  const rings = rad.centers.map((r, i) =>
    2 * Math.PI * r * (rad.edges[i + 1]! - rad.edges[i]!) / DEG2_PER_SR
  );
  for (let o = 0; o < outer; o++) {
    for (let w = 0; w < inner; w++) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        sum += data[offset + (o * n + i) * inner + w]! * rings[i]!;
        sums[(o * m + i + shift) * inner + w] = sum;
      }
    }
  }
  const edges = { nodes: starts, interp: "lin" as const, limits: [0, starts[m - 1]!] as const };
  const nodes = psf.axes.map((axis, i) => i === a ? edges : gridNodes(axis));
  const made = createGridInterpolator(nodes, sums, { fill: 0 });
  cumulatives.set(psf, made);
  return made;
}

/**
 * Radius within which a fraction of the photons is.
 *
 * @param psf Any point spread function.
 * @param fraction Fraction, in (0, 1).
 * @param coords Columns energy_true (TeV) and those of the further axes, without rad.
 * @returns A new array, deg; NaN where the function never contains so much, or is not there at all.
 * @throws RangeError for a fraction outside (0, 1).
 * @example
 * ```ts
 * import { containmentRadiusDeg, createParametricPsf } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const axes = [energyAxis({ low: 0.1, high: 10, nBins: 1, name: "energy_true" })];
 * const psf = createParametricPsf("psf-gauss", axes, { parameters: { sigma: [0.1] } });
 * const r68 = containmentRadiusDeg(psf, 0.68, { energy_true: Float64Array.of(1) });
 * ok(Math.abs(r68[0]! - 0.1 * Math.sqrt(-2 * Math.log(0.32))) < 1e-9);
 * ```
 * @see gammapy.irf.PSF.containment_radius, which takes the nearest point of a grid
 */
export function containmentRadiusDeg(
  psf: PsfIrf,
  fraction: number,
  coords: IrfCoords,
): Float64Array {
  if (!(fraction > 0 && fraction < 1)) {
    throw new RangeError(`A containment fraction is in (0, 1), found ${fraction}`);
  }
  const n = Object.values(coords)[0]?.length ?? 0;
  const largest = psf.kind === "psf" ? irfAxis(psf, "rad").edges.at(-1)! : 180;
  const low = new Float64Array(n), high = new Float64Array(n).fill(largest);
  const found = psfContainment(psf, { ...coords, rad: high });
  // Halving: the containment ascends; 52 times make it as exact as the numbers are.
  for (let step = 0; step < 52; step++) {
    const middle = low.map((r, k) => (r + high[k]!) / 2);
    const inside = psfContainment(psf, { ...coords, rad: middle });
    for (let k = 0; k < n; k++) {
      if (inside[k]! < fraction) low[k] = middle[k]!;
      else high[k] = middle[k]!;
    }
  }
  return high.map((r, k) => found[k]! >= fraction ? r : NaN);
}

/**
 * A point spread function as a table.
 *
 * @param psf Any point spread function; a table on the same axis of r is given back as it is.
 * @param rad Axis of r, deg.
 * @returns A table in sr⁻¹ on the axes of the parameters and r, evaluated at the bin centres.
 * @example
 * ```ts
 * import { createParametricPsf, psfTable } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis, linearEdges } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const axes = [energyAxis({ low: 0.1, high: 10, nBins: 1, name: "energy_true" })];
 * const psf = createParametricPsf("psf-gauss", axes, { parameters: { sigma: [0.1] } });
 * const rad = createMapAxis("rad", linearEdges({ low: 0, high: 0.66, nBins: 66 }), { unit: "deg" });
 * strictEqual(psfTable(psf, rad).unit, "sr-1");
 * ```
 * @see gammapy.irf.ParametricPSF.to_psf3d
 */
export function psfTable(psf: PsfIrf, rad: MapAxis): Irf<"psf"> {
  if (psf.kind === "psf" && irfAxis(psf, "rad") === rad) return psf;
  const axes = [...psf.axes.filter((axis) => axis.name !== "rad"), rad];
  const size = axes.reduce((n, axis) => n * axis.nBins, 1),
    columns: Record<string, Float64Array> = {};
  let repeat = size;
  for (const axis of axes) {
    repeat /= axis.nBins;
    const each = repeat, { centers, nBins } = axis;
    columns[axis.name] = Float64Array.from(
      { length: size },
      (_, i) => centers[Math.floor(i / each) % nBins]!,
    );
  }
  const data = psfDensity(psf, columns).map((perDeg2) => perDeg2 * DEG2_PER_SR);
  return createIrf("psf", axes, { data, pointLike: psf.pointLike, meta: psf.meta });
}
