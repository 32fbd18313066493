/**
 * Responses on the sky: point spread functions and energy dispersions of many observations together, by
 * place.
 *
 * | kind | axes, slowest first | value |
 * | --- | --- | --- |
 * | psf-map | energy_true, rad | density of photons at r, sr⁻¹ |
 * | reco-psf-map | energy, rad | the same by reconstructed energy |
 * | edisp-map | energy_true, migra | density of E'/E |
 * | edisp-kernel-map | energy_true, energy | probability of a bin of E' |
 */
import { createSkyMap, geomEquals, type SkyGeom, type SkyMap } from "../maps/mod.ts";
import { type Axis, axisEquals, createMapAxis, linearEdges, type MapAxis } from "../nddata/mod.ts";
import { flatten } from "../numeric/mod.ts";

/** What responses on the sky are; see the table above. */
export type ReducedKind = "psf-map" | "reco-psf-map" | "edisp-map" | "edisp-kernel-map";

/** Responses on the sky. */
export interface ReducedIrf<K extends ReducedKind = ReducedKind> {
  /** What they are. */
  readonly kind: K;
  /** The values; axes as the kind has them. */
  readonly map: SkyMap;
  /** Exposure on the same sky and energies, the weight in sums; undefined where it is not known. */
  readonly exposure: SkyMap | undefined;
}

/** What each kind is made of. */
export interface ReducedRule {
  /** Names of the axes, slowest first. */
  readonly axes: readonly [energy: string, other: string];
  /** Unit of the values. */
  readonly unit: string;
  /** What each value is multiplied by so that the sum over the second axis is 1; none: it is a sum already. */
  readonly measure: ((axis: MapAxis) => Float64Array) | undefined;
}

const SR_PER_DEG2 = (Math.PI / 180) ** 2;
const rings = (rad: MapAxis) =>
  rad.centers.map((r, i) => 2 * Math.PI * r * (rad.edges[i + 1]! - rad.edges[i]!) * SR_PER_DEG2);
const widths = (axis: MapAxis) => axis.centers.map((_, i) => axis.edges[i + 1]! - axis.edges[i]!);

const RULES: Readonly<Record<ReducedKind, ReducedRule>> = Object.freeze({
  "psf-map": { axes: ["energy_true", "rad"], unit: "sr-1", measure: rings },
  "reco-psf-map": { axes: ["energy", "rad"], unit: "sr-1", measure: rings },
  "edisp-map": { axes: ["energy_true", "migra"], unit: "", measure: widths },
  "edisp-kernel-map": { axes: ["energy_true", "energy"], unit: "", measure: undefined },
});

/** The rule of a kind. */
export function reducedRule(kind: ReducedKind): ReducedRule {
  return RULES[kind];
}

/** The two axes of responses on the sky. */
export function reducedAxes(irf: ReducedIrf): readonly [energy: MapAxis, other: MapAxis] {
  return irf.map.axes as unknown as readonly [MapAxis, MapAxis];
}

/** The values of a map in C order as doubles; shared where they are that already. */
export function numbersOf(map: SkyMap): Float64Array {
  const { data, offset, length } = flatten(map.values),
    run = data.subarray(offset, offset + length);
  return run instanceof Float64Array ? run : Float64Array.from(run);
}

/** Axes of r and migra where none are given. */
export const DEFAULT_RAD: MapAxis = createMapAxis(
  "rad",
  linearEdges({ low: 0, high: 0.66, nBins: 66 }),
  { unit: "deg" },
);

/** Axis of migra where none is given: 0.2 to 5 in 48 bins. */
export const DEFAULT_MIGRA: MapAxis = createMapAxis(
  "migra",
  linearEdges({ low: 0.2, high: 5, nBins: 48 }),
);

/**
 * Makes responses on the sky from a map.
 *
 * @param kind What they are.
 * @param map The values on the axes of the kind, see the table in {@linkcode ReducedKind}'s file.
 * @param exposure Exposure on the same sky and the first of these axes.
 * @returns A frozen record.
 * @throws TypeError for other axes, another order of them, or an exposure elsewhere.
 * @example
 * ```ts
 * import { createReducedIrf } from "@gammarx/gammarx/irf";
 * import { createSkyMap, NO_SKY } from "@gammarx/gammarx/maps";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const migra = createMapAxis("migra", [0.5, 1.5]);
 * const map = createSkyMap(NO_SKY, { axes: [energyTrue, migra], data: Float64Array.of(1) });
 * strictEqual(createReducedIrf("edisp-map", map).kind, "edisp-map");
 * ```
 */
export function createReducedIrf<K extends ReducedKind>(
  kind: K,
  map: SkyMap,
  exposure?: SkyMap | undefined,
): ReducedIrf<K> {
  const { axes } = RULES[kind], found = map.axes.map((axis) => axis.name);
  if (found.join() !== axes.join() || map.axes.some((axis) => axis.kind !== "map-axis")) {
    throw new TypeError(
      `A "${kind}" has the axes ${axes.join(", ")}, slowest first, found ${
        found.join(", ") || "none"
      }`,
    );
  }
  if (exposure !== undefined) {
    const [first, ...others] = exposure.axes;
    const isSame = first !== undefined && others.length === 0 && axisEquals(first, map.axes[0]!);
    if (!isSame || !geomEquals(exposure.geom, map.geom)) {
      throw new TypeError(
        `The exposure of a "${kind}" stands on the same sky and the same axis ${axes[0]}, found ` +
          `${
            exposure.axes.map((axis) => `${axis.name} ${axis.nBins}`).join(", ") || "no axis"
          } on a ` +
          exposure.geom.kind,
      );
    }
  }
  return Object.freeze({ kind, map, exposure });
}

/** Responses of a kind from values in C order. */
export function reducedOf<K extends ReducedKind>(
  kind: K,
  { geom, axes, data, exposure, meta }: {
    readonly geom: SkyGeom;
    readonly axes: readonly Axis[];
    readonly data: Float64Array;
    readonly exposure: SkyMap | undefined;
    readonly meta?: SkyMap["meta"];
  },
): ReducedIrf<K> {
  const map = createSkyMap(geom, { axes, data, unit: RULES[kind].unit, ...(meta && { meta }) });
  return createReducedIrf(kind, map, exposure);
}

/**
 * The responses with every place's and energy's norm 1: ∫ ψ dΩ for point spread functions (as the sum of
 * 2π r ψ Δr over the bins), ∫ p dm for energy dispersions; what is 0 stays 0. A matrix, whose rows are cut by
 * the range of E', is given back as it is.
 *
 * @param irf Responses.
 * @returns New responses.
 * @example
 * ```ts
 * import { createReducedIrf, normalizeReduced } from "@gammarx/gammarx/irf";
 * import { createSkyMap, NO_SKY } from "@gammarx/gammarx/maps";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const migra = createMapAxis("migra", [0.5, 1, 1.5]);
 * const map = createSkyMap(NO_SKY, { axes: [energyTrue, migra], data: Float64Array.of(3, 1) });
 * strictEqual(normalizeReduced(createReducedIrf("edisp-map", map)).map.values.get(0, 0), 1.5);
 * ```
 * @see gammapy.maps.Map.normalize
 */
export function normalizeReduced<K extends ReducedKind>(irf: ReducedIrf<K>): ReducedIrf<K> {
  const { measure } = RULES[irf.kind];
  if (measure === undefined) return irf;
  const data = normalized(numbersOf(irf.map).slice(), reducedAxes(irf), measure);
  const { geom, axes, meta } = irf.map;
  return reducedOf(irf.kind, { geom, axes, data, exposure: irf.exposure, meta });
}

/** Normalises in place. */
export function normalized(
  data: Float64Array,
  [energy, other]: readonly [MapAxis, MapAxis],
  measure: (axis: MapAxis) => Float64Array,
): Float64Array {
  const weights = measure(other), m = other.nBins, nPixels = data.length / energy.nBins / m;
  const sums = new Float64Array(nPixels);
  for (let e = 0; e < energy.nBins; e++) {
    sums.fill(0);
    for (let i = 0; i < m; i++) {
      const start = (e * m + i) * nPixels, weight = weights[i]!;
      for (let k = 0; k < nPixels; k++) sums[k] = sums[k]! + weight * data[start + k]!;
    }
    for (let i = 0; i < m; i++) {
      const start = (e * m + i) * nPixels;
      for (let k = 0; k < nPixels; k++) {
        if (sums[k]! > 0) data[start + k] = data[start + k]! / sums[k]!;
      }
    }
  }
  return data;
}
