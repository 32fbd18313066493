/**
 * Systematic uncertainties of responses, as registered records with parameters.
 *
 * | kind | parameters | what it does |
 * | --- | --- | --- |
 * | energy-scale | shift | E' → E' (1 + shift) |
 * | aeff | scale, tilt (referenceTeV) | A → A (1 + scale) (E/E₀)^tilt |
 * | psf-broadening | broadening | r → r (1 + broadening) |
 * | edisp-broadening | broadening | E'/E → mean + (1 + broadening)(E'/E − mean); of matrices in ln E' |
 * | bkg | norm, tilt (referenceTeV) | B → B (1 + norm) (E'/E₀)^tilt |
 * | bkg-gradient | lonPerDeg, latPerDeg | B → B max(0, 1 + lonPerDeg x + latPerDeg y) |
 */
import type { SkyMap } from "../maps/mod.ts";
import { createRegistry, type Registry, type RegistryEntry } from "../registry/mod.ts";
import type { SkyPosition } from "../sky/mod.ts";
import type { IrfTables } from "./read_irf_fits.ts";
import type { ReducedIrf } from "./reduced.ts";
import { BUILT_IN } from "./systematic_kinds.ts";

/** Values of parameters by name. */
export type SystematicParameters = Readonly<Record<string, number>>;

/** A systematic uncertainty with its parameters: plain data. */
export interface SystematicDefinition {
  /** Name under which it is registered: "energy-scale". */
  readonly kind: string;
  /** Values of its parameters. */
  readonly parameters: SystematicParameters;
}

/** A parameter of a systematic uncertainty. */
export interface SystematicParameter {
  /** What it is, in a few words. */
  readonly description: string;
  /** Its unit; "" for a number. */
  readonly unit: string;
  /** Its value where none is given. */
  readonly initial: number;
  /** The least value, which it may not reach. */
  readonly above?: number;
  /** Whether it is a setting that does nothing by itself, such as a reference energy. */
  readonly isSetting?: boolean;
}

/** What a map is, and where it was looked at. */
export interface SystematicMapContext {
  /** Exposure in true, or background in reconstructed energy. */
  readonly role: "exposure" | "background";
  /** The pointing, ICRS; needed for what depends on the field of view. */
  readonly pointing?: SkyPosition;
}

/** A kind of systematic uncertainty: what it does to tables, responses on the sky, and maps. */
export interface IrfSystematic extends RegistryEntry {
  /** "irf-systematic". */
  readonly kind: "irf-systematic";
  /** Its parameters by name. */
  readonly parameters: Readonly<Record<string, SystematicParameter>>;
  /** What becomes of tables; those it does not touch stay the same records. */
  readonly tables?: (tables: IrfTables, parameters: SystematicParameters) => IrfTables;
  /** What becomes of responses on the sky. */
  readonly reduced?: (irf: ReducedIrf, parameters: SystematicParameters) => ReducedIrf;
  /** What becomes of an exposure or a background. */
  readonly map?: (
    map: SkyMap,
    parameters: SystematicParameters,
    context: SystematicMapContext,
  ) => SkyMap;
  /** Parameters that undo it. */
  readonly inverse?: (parameters: SystematicParameters) => SystematicParameters;
}

/** The kinds of systematic uncertainties; others may be registered. */
export const irfSystematics: Registry<IrfSystematic> = createRegistry("systematic uncertainty");
BUILT_IN.forEach((entry) => irfSystematics.register(entry));

/**
 * Makes a systematic uncertainty of its parameters.
 *
 * @param kind Name under which it is registered.
 * @param parameters Values; those left out have their initial ones.
 * @returns A frozen record of plain data.
 * @throws RangeError for an unknown kind or parameter, or a value out of range.
 * @example
 * ```ts
 * import { createSystematic } from "@gammarx/gammarx/irf";
 * import { strictEqual, throws } from "node:assert/strict";
 * strictEqual(createSystematic("energy-scale", { shift: 0.05 }).parameters.shift, 0.05);
 * throws(() => createSystematic("energy-scale", { shft: 0.05 }), /shift/);
 * ```
 */
export function createSystematic(
  kind: string,
  parameters: SystematicParameters = {},
): SystematicDefinition {
  const known = irfSystematics.lookup("irf-systematic", kind).parameters;
  for (const name of Object.keys(parameters)) {
    if (!Object.hasOwn(known, name)) {
      throw new RangeError(
        `"${kind}" has no parameter "${name}": it has ${Object.keys(known).join(", ")}`,
      );
    }
  }
  const values = Object.fromEntries(
    Object.entries(known).map(([name, { initial, above = -Infinity, unit }]) => {
      const value = parameters[name] ?? initial;
      if (!Number.isFinite(value) || !(value > above)) {
        throw new RangeError(
          `"${kind}", ${name}: found ${value}, expected a number${
            above === -Infinity ? "" : ` above ${above}`
          } ${unit}`.trimEnd(),
        );
      }
      return [name, value];
    }),
  );
  return Object.freeze({ kind, parameters: Object.freeze(values) });
}

/** Applies definitions one after the other, the first one first; those at zero change nothing. */
function applied<T>(
  definitions: readonly SystematicDefinition[],
  target: T,
  apply: (of: IrfSystematic, target: T, parameters: SystematicParameters) => T,
): T {
  return definitions.reduce((current, { kind, parameters }) => {
    const of = irfSystematics.lookup("irf-systematic", kind);
    const { parameters: values } = createSystematic(kind, parameters);
    const isNothing = Object.entries(of.parameters).every(([name, { isSetting }]) =>
      isSetting === true || values[name] === 0
    );
    return isNothing ? current : apply(of, current, values);
  }, target);
}

/**
 * Tables of responses as they would be with systematic uncertainties.
 *
 * They are applied in their order: each sees what the one before has made. Those that multiply (aeff, bkg,
 * bkg-gradient) commute with all others; energy-scale and edisp-broadening do so up to the binning.
 *
 * @param tables Tables.
 * @param definitions Uncertainties, the first one first.
 * @returns New tables; the same record where all parameters are 0, and every table that is not touched.
 * @throws RangeError for an unknown kind or a value out of range; TypeError for a gradient of a background that
 *   depends on the offset only.
 * @example
 * ```ts
 * import { createIrf, createSystematic, systematicTables } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const axes = [energyAxis({ low: 0.1, high: 10, nBins: 1, name: "energy_true" })];
 * const aeff = createIrf("aeff", axes, { data: Float64Array.of(2) });
 * const none = { edisp: undefined, psf: undefined, bkg: undefined, radMax: undefined };
 * const more = systematicTables({ ...none, aeff }, [createSystematic("aeff", { scale: 0.5 })]);
 * strictEqual(more.aeff?.values.get(0), 3);
 * ```
 */
export function systematicTables(
  tables: IrfTables,
  definitions: readonly SystematicDefinition[],
): IrfTables {
  return Object.freeze(applied(definitions, tables, (of, now, p) => of.tables?.(now, p) ?? now));
}

/**
 * Responses on the sky as they would be with systematic uncertainties; see {@linkcode systematicTables}.
 *
 * @param irf Responses.
 * @param definitions Uncertainties, the first one first.
 * @returns New responses; the same record where nothing touches them.
 * @throws RangeError for an unknown kind or a value out of range.
 * @example
 * ```ts
 * import { createSystematic, gaussPsfMap, systematicReduced } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const psf = gaussPsfMap({ energyTrue, sigmaDeg: 0.1 });
 * const wide = systematicReduced(psf, [createSystematic("psf-broadening", { broadening: 0.2 })]);
 * ok(wide.map.values.get(0, 0) < psf.map.values.get(0, 0));
 * ```
 */
export function systematicReduced<T extends ReducedIrf>(
  irf: T,
  definitions: readonly SystematicDefinition[],
): T {
  return applied<ReducedIrf>(definitions, irf, (of, now, p) => of.reduced?.(now, p) ?? now) as T;
}

/**
 * An exposure or a background as it would be with systematic uncertainties; see
 * {@linkcode systematicTables}.
 *
 * @param map The map.
 * @param definitions Uncertainties, the first one first.
 * @param context What the map is, and the pointing for a gradient.
 * @returns A new map; the same record where nothing touches it.
 * @throws RangeError for an unknown kind or a value out of range; TypeError for a gradient without pointing.
 * @example
 * ```ts
 * import { createSystematic, systematicMap } from "@gammarx/gammarx/irf";
 * import { createSkyMap, NO_SKY } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const axes = [energyAxis({ low: 1, high: 10, nBins: 1 })];
 * const background = createSkyMap(NO_SKY, { axes, data: Float64Array.of(10) });
 * const more = systematicMap(background, [createSystematic("bkg", { norm: 0.1 })], { role: "background" });
 * strictEqual(more.values.get(0), 11);
 * ```
 */
export function systematicMap(
  map: SkyMap,
  definitions: readonly SystematicDefinition[],
  context: SystematicMapContext,
): SkyMap {
  return applied(definitions, map, (of, now, p) => of.map?.(now, p, context) ?? now);
}

/**
 * The systematic uncertainty that undoes another: exactly where it multiplies, up to the binning where it
 * stretches.
 *
 * @param definition An uncertainty.
 * @returns One of the same kind.
 * @throws TypeError for a kind that cannot be undone.
 * @example
 * ```ts
 * import { createSystematic, inverseSystematic } from "@gammarx/gammarx/irf";
 * import { strictEqual } from "node:assert/strict";
 * const half = inverseSystematic(createSystematic("aeff", { scale: 1 }));
 * strictEqual(half.parameters.scale, -0.5);
 * ```
 */
export function inverseSystematic(definition: SystematicDefinition): SystematicDefinition {
  const { kind } = definition, { parameters } = createSystematic(kind, definition.parameters);
  const { inverse } = irfSystematics.lookup("irf-systematic", kind);
  if (inverse === undefined) {
    throw new TypeError(`"${kind}" cannot be undone by another of its kind`);
  }
  return createSystematic(kind, inverse(parameters));
}
