import type { Axis, MapAxis, NDData } from "../nddata/mod.ts";
import { intervalOf } from "../numeric/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { createLogGrid, safeLog } from "./_log_grid.ts";
import { DNDE_UNIT, powerIntegral } from "./_power_law_rules.ts";
import {
  createSpectralModel,
  type ParameterRule,
  type SpectralModel,
  type SpectralRule,
} from "./spectral_rule.ts";

/** A table of a spectrum. */
export interface SpectrumTable {
  /** Energies, TeV, ascending, two at least. */
  readonly energiesTeV: ArrayLike<number>;
  /** dN/dE there, cm⁻² s⁻¹ TeV⁻¹. */
  readonly values: ArrayLike<number>;
}

/** Energies of a table, checked. */
export function checkedEnergies(energiesTeV: ArrayLike<number>, what: string): Float64Array {
  const energies = Float64Array.from(energiesTeV);
  const isAscending = energies.every((e, i) => e > (i === 0 ? 0 : energies[i - 1]!));
  if (energies.length < 2 || !isAscending) {
    throw new RangeError(
      `${what} has two energies or more that ascend from above 0 TeV, found [${energies}]`,
    );
  }
  return energies;
}

/** The kind of spectrum that a table makes: norm × table. */
export function templateRule(table: SpectrumTable): SpectralRule {
  const energies = checkedEnergies(table.energiesTeV, "A table of a spectrum");
  const n = energies.length, { values } = table;
  if (values.length !== n) {
    throw new TypeError(`A table of ${n} energies has ${values.length} values`);
  }
  const logE = energies.map(Math.log), logV = Float64Array.from(values, safeLog);
  const index = Float64Array.from(
    { length: n - 1 },
    (_, i) => -(logV[i + 1]! - logV[i]!) / (logE[i + 1]! - logE[i]!),
  );
  const shape = (e: number): number => {
    const x = Math.log(e), i = intervalOf(logE, x);
    return Math.exp(logV[i]! - index[i]! * (x - logE[i]!));
  };
  const integral = (low: number, high: number, moment: 0 | 1): number => {
    let sum = 0, from = low;
    for (let i = intervalOf(logE, Math.log(low)); i < n - 1; i++) {
      const scale = energies[i]!, to = i === n - 2 ? high : Math.min(high, energies[i + 1]!);
      if (to > from) {
        sum += Math.exp(logV[i]!) * Math.pow(scale, moment + 1) *
          powerIntegral(from / scale, to / scale, index[i]! - moment);
        from = to;
      }
      if (to >= high) break;
    }
    return sum;
  };
  return Object.freeze({
    kind: "spectral",
    format: "template",
    version: "",
    parameters: [{ name: "norm", unit: "", value: 1, frozen: true }],
    dnde: (e: number, p: ArrayLike<number>) => p[0]! * shape(e),
    gradient: (e: number, _: ArrayLike<number>, out: Float64Array) => {
      out[0] = shape(e);
    },
    flux: (low: number, high: number, p: ArrayLike<number>) => p[0]! * integral(low, high, 0),
    eflux: (low: number, high: number, p: ArrayLike<number>) => p[0]! * integral(low, high, 1),
    breaks: energies,
    data: {
      energy: { data: Array.from(energies), unit: "TeV" },
      values: { data: Array.from(values), unit: DNDE_UNIT },
    },
  });
}

/**
 * A spectrum from a table: power laws between its energies, and beyond them those of the first and last
 * interval. Its parameter is `norm`, frozen.
 *
 * @param table Energies and values.
 * @returns A frozen record.
 * @throws TypeError for different lengths; RangeError for energies that do not ascend.
 * @example
 * ```ts
 * import { templateSpectrum } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const model = templateSpectrum({ energiesTeV: [1, 10], values: [1, 0.01] });
 * ok(Math.abs(model.dnde(100) - 1e-4) < 1e-15);
 * ```
 * @see gammapy.modeling.models.TemplateSpectralModel
 */
export function templateSpectrum(table: SpectrumTable): SpectralModel {
  return createSpectralModel(templateRule(table));
}

/** The kind of spectrum that a table with more axes than energy makes. */
export function templateNdRule(table: NDData, filename?: string): SpectralRule {
  const axes = table.axes.map(asMapAxis), at = axes.findIndex(isEnergy);
  if (at < 0) {
    throw new TypeError(
      `A spectrum needs an axis energy_true or energy, found ${
        axes.map((axis) => axis.name).join(", ")
      }`,
    );
  }
  const size = table.values.shape.reduce((a, b) => a * b, 1);
  if (size !== axes.reduce((product, axis) => product * axis.nBins, 1)) {
    throw new TypeError(
      `A spectrum has no pixels, found an array of the shape [${table.values.shape}]`,
    );
  }
  const toTeV = unitFactor(axes[at]!.unit, "TeV");
  const factor = unitFactor(table.unit ?? "", DNDE_UNIT);
  const nodes = axes.map((axis, a) => {
    const { centers, interp } = axis;
    return centers.map((x) => a === at ? Math.log(x * toTeV) : scaled(interp, x));
  });
  const logs = new Float64Array(size), { shape } = table.values, index = shape.map(() => 0);
  for (let k = 0; k < size; k++) {
    for (let a = shape.length - 1, rest = k; a >= 0; a--) {
      index[a] = rest % shape[a]!;
      rest = Math.floor(rest / shape[a]!);
    }
    logs[k] = safeLog(table.values.get(...index) * factor);
  }
  const grid = createLogGrid(nodes, logs), coords = new Float64Array(axes.length);
  const slopes = new Float64Array(axes.length), places = axes.map((_, a) => a - (a > at ? 1 : 0));
  const locate = (e: number, p: ArrayLike<number>): void => {
    for (let a = 0; a < axes.length; a++) {
      coords[a] = a === at ? Math.log(e) : scaled(axes[a]!.interp, p[places[a]!]!);
    }
  };
  const parameters = axes.filter((_, a) => a !== at).map(({ name, unit, edges }): ParameterRule => {
    const min = edges[0]!, max = edges[edges.length - 1]!;
    return { name, unit, value: (min + max) / 2, min, max };
  });
  return Object.freeze({
    kind: "spectral",
    format: "template-nd",
    version: "",
    parameters,
    dnde: (e: number, p: ArrayLike<number>) => {
      locate(e, p);
      return Math.exp(grid.at(coords));
    },
    gradient: (e: number, p: ArrayLike<number>, out: Float64Array) => {
      locate(e, p);
      const value = Math.exp(grid.at(coords, slopes));
      for (let a = 0; a < axes.length; a++) {
        if (a === at) continue;
        out[places[a]!] = value * slopes[a]! * scaleSlope(axes[a]!.interp, p[places[a]!]!);
      }
    },
    breaks: nodes[at]!.map(Math.exp),
    data: { unit: table.unit ?? "", ...(filename === undefined ? {} : { filename }) },
  });
}

function asMapAxis(axis: Axis): MapAxis {
  if (axis.kind === "map-axis") return axis;
  throw new TypeError(`Axis ${axis.name} is of the kind ${axis.kind}, expected bins of numbers`);
}

function isEnergy({ name }: MapAxis): boolean {
  return name === "energy_true" || name === "energy";
}

function scaled(interp: MapAxis["interp"], x: number): number {
  return interp === "log" ? Math.log(x) : interp === "sqrt" ? Math.sqrt(x) : x;
}

/** Derivative of the scaled coordinate. */
function scaleSlope(interp: MapAxis["interp"], x: number): number {
  return interp === "log" ? 1 / x : interp === "sqrt" ? 0.5 / Math.sqrt(x) : 1;
}

/**
 * A spectrum from a table with more axes than energy: they become its parameters, from the lowest to the
 * highest edge. Values are interpolated between bin centres in their logarithms, in the scale of each axis.
 *
 * @param table Values with an axis "energy_true" or "energy", without pixels.
 * @param filename Where it was read from, kept for model files.
 * @returns A frozen record.
 * @throws TypeError without an axis of energy, or with pixels.
 * @example
 * ```ts
 * import { templateNdSpectrum } from "@gammarx/gammarx/models";
 * import { createMapAxis, createNDArr, createNDData } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { ok } from "node:assert/strict";
 * const mass = createMapAxis("mass", [1, 2], { nodes: "centers" });
 * const energy = createMapAxis("energy", [1, 10], { unit: "TeV", interp: "log", nodes: "centers" });
 * const values = createNDArr(ndarray(Float64Array.of(1, 0.01, 4, 0.04), [2, 2]), {
 *   unit: "cm-2 s-1 TeV-1",
 * });
 * const model = templateNdSpectrum(createNDData(values, { axes: [mass, energy] }));
 * ok(Math.abs(model.dnde(1) - 2) < 1e-12 && model.parameters[0]?.name === "mass");
 * ```
 * @see gammapy.modeling.models.TemplateNDSpectralModel
 */
export function templateNdSpectrum(table: NDData, filename?: string): SpectralModel {
  return createSpectralModel(templateNdRule(table, filename));
}
