import type { Json } from "../nddata/mod.ts";
import type { SpectralModel } from "./spectral_rule.ts";
import type { TemporalProfile } from "./temporal_rule.ts";

/** Which responses a model is folded with. */
export interface ApplyIrf {
  /** Exposure; without it the model predicts counts. */
  readonly exposure: boolean;
  /** Point spread function. */
  readonly psf: boolean;
  /** Energy dispersion. */
  readonly edisp: boolean;
}

/** A source: spectrum, change in time, place. */
export interface SkyModel {
  /** Name, unique in a set. */
  readonly name: string;
  /** Its spectrum. */
  readonly spectral: SpectralModel;
  /** How it changes in time; steady where undefined. */
  readonly temporal: TemporalProfile | undefined;
  /** Where it is, as model files have it; kept as it stands. */
  readonly spatial: Json | undefined;
  /** Names of the datasets that see it; all where undefined. */
  readonly datasetNames: readonly string[] | undefined;
  /** Which responses it is folded with. */
  readonly applyIrf: ApplyIrf;
}

/** What {@linkcode createSkyModel} takes. */
export interface SkyModelOptions {
  /** Name, unique in a set. */
  readonly name: string;
  /** Its spectrum. */
  readonly spectral: SpectralModel;
  /** How it changes in time. */
  readonly temporal?: TemporalProfile | undefined;
  /** Where it is, as model files have it. */
  readonly spatial?: Json | undefined;
  /** Names of the datasets that see it. */
  readonly datasetNames?: readonly string[] | undefined;
  /** Which responses it is folded with; all where absent. */
  readonly applyIrf?: Partial<ApplyIrf>;
}

/**
 * Makes a source.
 *
 * @param options Name, spectrum, change in time, place, datasets.
 * @returns A frozen record.
 * @throws TypeError for a spectrum that is only a factor, where no place brings the flux; RangeError for an empty name or one with "*".
 * @example
 * ```ts
 * import { createSkyModel, powerLaw } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const crab = createSkyModel({ name: "crab", spectral: powerLaw({ amplitude: 1e-11, index: 2.6 }) });
 * strictEqual(crab.applyIrf.edisp, true);
 * ```
 */
export function createSkyModel(options: SkyModelOptions): SkyModel {
  const { name, spectral, temporal, spatial, datasetNames, applyIrf = {} } = options;
  if (name === "" || name.includes("*")) {
    throw new RangeError(`A model has a name without "*", found "${name}"`);
  }
  // A map of the sky may bring the flux.
  if (spectral.rule.kind !== "spectral" && spatial === undefined) {
    throw new TypeError(
      `Model ${name}: ${spectral.kind} is a factor, expected a flux: multiply a spectrum by it`,
    );
  }
  return Object.freeze({
    name,
    spectral,
    temporal,
    spatial,
    datasetNames: datasetNames === undefined ? undefined : Object.freeze([...datasetNames]),
    applyIrf: Object.freeze({ exposure: true, psf: true, edisp: true, ...applyIrf }),
  });
}
