/** Models of a fit, and their parameters as the fit sees them. */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import { changeParameter, createParameter, type Parameter } from "../fit/mod.ts";
import type { ParameterOptions } from "../fit/mod.ts";
import type { SkyModel } from "./sky_model.ts";
import { modelOf, type SpectralRule } from "./spectral_rule.ts";
import { profileOf } from "./temporal_rule.ts";

/** Models with the list of parameters that a fit changes. */
export interface ModelSet {
  /** The models, their parameters at the values of the list. */
  readonly models: readonly SkyModel[];
  /** All parameters, each once: "crab.index", "crab.temporal.sigma". */
  readonly parameters: readonly Parameter[];
  /** For each model the place in the list of each parameter of its spectrum. */
  readonly places: readonly (readonly number[])[];
  /** The same of its change in time. */
  readonly temporalPlaces: readonly (readonly number[])[];
  /** Names of parameters that are another: "b.index" → "a.index". */
  readonly links: Readonly<Record<string, string>>;
}

/** A model as the prediction of a dataset takes it. */
export interface FittedModel {
  /** The kind of its spectrum. */
  readonly rule: SpectralRule;
  /** For each parameter of the kind its place among those of the fit. */
  readonly places: readonly number[];
  /** Names of the datasets that see it; all where undefined. */
  readonly datasets: readonly string[] | undefined;
}

/** A parameter of a model, with its name in a set. */
interface Own {
  readonly name: string;
  readonly parameter: Parameter;
}

function ownOf({ name, spectral, temporal }: SkyModel): readonly [Own[], Own[]] {
  return [
    spectral.parameters.map((one) => ({ name: `${name}.${one.name}`, parameter: one })),
    (temporal?.parameters ?? []).map((one) => ({
      name: `${name}.temporal.${one.name}`,
      parameter: one,
    })),
  ];
}

/**
 * Puts models together for a fit.
 *
 * @param models The models.
 * @param options Links: a parameter by name → the parameter that it is.
 * @returns A frozen record.
 * @throws RangeError for two models of one name, or links that name no parameter or go round in a circle;
 *   TypeError for a link between units.
 * @example
 * ```ts
 * import { createModelSet, createSkyModel, powerLaw } from "@gammarx/gammarx/models";
 * import { deepStrictEqual } from "node:assert/strict";
 * const spectral = powerLaw({ amplitude: 1e-11, index: 2.6 });
 * const set = createModelSet(
 *   [createSkyModel({ name: "a", spectral }), createSkyModel({ name: "b", spectral })],
 *   { links: { "b.index": "a.index" } },
 * );
 * deepStrictEqual(set.places, [[0, 1, 2], [0, 3, 4]]);
 * ```
 */
export function createModelSet(
  models: readonly SkyModel[],
  options: { readonly links?: Readonly<Record<string, string>> } = {},
): ModelSet {
  const { links = {} } = options, names = models.map((one) => one.name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new RangeError(`Found two models of the name "${twice}"`);
  const own = models.map(ownOf), all = new Map<string, Parameter>();
  for (const { name, parameter } of own.flat(2)) all.set(name, parameter);
  const targetOf = (name: string): string => {
    const way = [name];
    for (let at = name; Object.hasOwn(links, at);) {
      at = links[at]!;
      if (way.includes(at)) {
        throw new RangeError(`Links go round in a circle: ${[...way, at].join(" → ")}`);
      }
      way.push(at);
    }
    return way.at(-1)!;
  };
  for (const [from, to] of Object.entries(links)) {
    for (const name of [from, to]) {
      if (!all.has(name)) {
        throw new RangeError(
          `A link names "${name}", expected one of ${[...all.keys()].join(", ")}`,
        );
      }
    }
    const units = [all.get(from)!.unit, all.get(to)!.unit];
    if (units[0] !== units[1]) {
      throw new TypeError(`${from} in "${units[0]}" cannot be linked to ${to} in "${units[1]}"`);
    }
  }
  const free = [...all.keys()].filter((name) => !Object.hasOwn(links, name));
  const index = new Map(free.map((name, i) => [name, i]));
  const parameters = free.map((name) => {
    const one = all.get(name)!;
    return createParameter(name, one.value, one);
  });
  const placesOf = (list: readonly Own[]) =>
    Object.freeze(list.map(({ name }) => index.get(targetOf(name))!));
  const places = Object.freeze(own.map(([spectral]) => placesOf(spectral)));
  const temporalPlaces = Object.freeze(own.map(([, temporal]) => placesOf(temporal)));
  const set: ModelSet = { models, parameters, places, temporalPlaces, links: { ...links } };
  return withSetParameters(set, parameters);
}

/**
 * The same set with other parameters, which its models take over.
 *
 * @param set The set.
 * @param parameters As many as it has, in its order.
 * @returns A new record.
 * @throws TypeError for other parameters.
 * @example
 * ```ts
 * import { changeParameter } from "@gammarx/gammarx/fit";
 * import { createModelSet, createSkyModel, powerLaw, withSetParameters } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const spectral = powerLaw({ amplitude: 1, index: 2 });
 * const set = createModelSet([createSkyModel({ name: "a", spectral })]);
 * const doubled = withSetParameters(set, set.parameters.map((one) =>
 *   one.name === "a.amplitude" ? changeParameter(one, { value: 2 }) : one
 * ));
 * strictEqual(doubled.models[0]?.spectral.dnde(1), 2);
 * ```
 */
export function withSetParameters(set: ModelSet, parameters: readonly Parameter[]): ModelSet {
  const wanted = set.parameters.map((one) => one.name);
  if (wanted.join() !== parameters.map((one) => one.name).join()) {
    throw new TypeError(
      `Found the parameters ${parameters.map((one) => one.name).join(", ")}, expected ${
        wanted.join(", ")
      }`,
    );
  }
  const taken = (own: readonly Parameter[], places: readonly number[]) =>
    own.map((one, k) => {
      const { name: _, value, ...rest } = parameters[places[k]!]!;
      return createParameter(one.name, value, rest);
    });
  const models = set.models.map((model, i) => {
    const { spectral, temporal } = model;
    return Object.freeze({
      ...model,
      spectral: modelOf(spectral.rule, taken(spectral.parameters, set.places[i]!)),
      temporal: temporal === undefined
        ? undefined
        : profileOf(temporal.rule, taken(temporal.parameters, set.temporalPlaces[i]!)),
    });
  });
  return Object.freeze({
    ...set,
    models: Object.freeze(models),
    parameters: Object.freeze([...parameters]),
  });
}

/**
 * The set at the values and errors that a fit found.
 *
 * @param set The set whose parameters were fitted.
 * @param result Of the fit.
 * @returns A new record.
 * @throws TypeError for the result of a fit of other parameters.
 * @example
 * ```ts
 * import { fit } from "@gammarx/gammarx/fit";
 * import { createModelSet, createSkyModel, freezeParameters, powerLaw, withFitResult } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const spectral = powerLaw({ amplitude: 1, index: 2 });
 * const all = createModelSet([createSkyModel({ name: "a", spectral })]);
 * const set = freezeParameters(all, "a.amplitude");
 * const result = fit({ value: ([index]) => (index! - 3) ** 2 }, set.parameters);
 * ok(Math.abs(withFitResult(set, result).models[0]!.spectral.dnde(2) - 0.125) < 1e-6);
 * ```
 */
export function withFitResult(
  set: ModelSet,
  result: { readonly parameters: readonly Parameter[] },
): ModelSet {
  return withSetParameters(set, result.parameters);
}

/**
 * What the prediction of datasets takes of each model.
 *
 * @param set The set.
 * @returns Kinds of spectra, places of their parameters, names of datasets.
 * @example
 * ```ts
 * import { createModelSet, createSkyModel, fittedModels, powerLaw } from "@gammarx/gammarx/models";
 * import { deepStrictEqual } from "node:assert/strict";
 * const spectral = powerLaw({ amplitude: 1, index: 2 });
 * const set = createModelSet([createSkyModel({ name: "a", spectral })]);
 * deepStrictEqual(fittedModels(set)[0]?.places, [0, 1, 2]);
 * ```
 */
export function fittedModels(set: ModelSet): readonly FittedModel[] {
  return set.models.map(({ spectral, datasetNames }, i) => ({
    rule: spectral.rule,
    places: set.places[i]!,
    datasets: datasetNames,
  }));
}

/**
 * The covariance of the parameters of one model's spectrum, from that of the fit.
 *
 * @param set The set.
 * @param covariance Of all its parameters, [n, n].
 * @param name Name of the model.
 * @returns [m, m] in the order of the spectrum's parameters, for `linearErrors`; the caller's.
 * @throws RangeError for an unknown model; TypeError for a covariance of another shape.
 * @example
 * ```ts
 * import { covarianceOf, createModelSet, createSkyModel, powerLaw } from "@gammarx/gammarx/models";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const spectral = powerLaw({ amplitude: 1, index: 2 });
 * const set = createModelSet([createSkyModel({ name: "a", spectral })]);
 * const covariance = ndarray(Float64Array.of(4, 1, 0, 1, 9, 0, 0, 0, 0), [3, 3]);
 * strictEqual(covarianceOf(set, covariance, "a").get(1, 1), 9);
 * ```
 */
export function covarianceOf(
  set: ModelSet,
  covariance: NdArray<Float64Array>,
  name: string,
): NdArray<Float64Array> {
  const at = set.models.findIndex((one) => one.name === name), n = set.parameters.length;
  if (at < 0) {
    throw new RangeError(
      `No model "${name}": there are ${set.models.map((one) => one.name).join(", ")}`,
    );
  }
  if (covariance.shape[0] !== n || covariance.shape[1] !== n) {
    throw new TypeError(
      `Found a covariance of the shape [${covariance.shape}], expected [${n},${n}]`,
    );
  }
  const places = set.places[at]!, m = places.length, out = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) out[i * m + j] = covariance.get(places[i]!, places[j]!);
  }
  return ndarray(out, [m, m]);
}

/** Whether a name fits a pattern, in which "*" stands for anything. */
function fits(pattern: string, name: string): boolean {
  const text = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${text.join(".*")}$`).test(name);
}

/**
 * Changes all parameters whose names fit a pattern.
 *
 * @param set The set.
 * @param pattern Name, "*" for anything: "crab.*", "*.index".
 * @param changes Fields that change: frozen, min, max, prior, value ….
 * @returns A new set.
 * @throws RangeError where no parameter fits, or the changes cannot be.
 * @example
 * ```ts
 * import { gaussianPrior } from "@gammarx/gammarx/fit";
 * import { changeParameters, createModelSet, createSkyModel, powerLaw } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const spectral = powerLaw({ amplitude: 1, index: 2 });
 * const set = createModelSet([createSkyModel({ name: "a", spectral })]);
 * const prior = gaussianPrior({ mean: 2, sigma: 0.1 });
 * strictEqual(changeParameters(set, "*.index", { prior }).parameters[0]?.prior, prior);
 * ```
 */
export function changeParameters(
  set: ModelSet,
  pattern: string,
  changes: ParameterOptions & { readonly value?: number },
): ModelSet {
  if (!set.parameters.some((one) => fits(pattern, one.name))) {
    throw new RangeError(
      `No parameter fits "${pattern}": there are ${
        set.parameters.map((one) => one.name).join(", ")
      }`,
    );
  }
  return withSetParameters(
    set,
    set.parameters.map((one) => fits(pattern, one.name) ? changeParameter(one, changes) : one),
  );
}

/**
 * Freezes all parameters whose names fit a pattern.
 *
 * @param set The set.
 * @param pattern Name, "*" for anything.
 * @returns A new set.
 * @throws RangeError where no parameter fits.
 * @example
 * ```ts
 * import { createModelSet, createSkyModel, freezeParameters, powerLaw } from "@gammarx/gammarx/models";
 * import { ok } from "node:assert/strict";
 * const spectral = powerLaw({ amplitude: 1, index: 2 });
 * const set = createModelSet([createSkyModel({ name: "a", spectral })]);
 * ok(freezeParameters(set, "a.*").parameters.every((one) => one.frozen));
 * ```
 */
export function freezeParameters(set: ModelSet, pattern: string): ModelSet {
  return changeParameters(set, pattern, { frozen: true });
}

/**
 * Frees all parameters whose names fit a pattern.
 *
 * @param set The set.
 * @param pattern Name, "*" for anything.
 * @returns A new set.
 * @throws RangeError where no parameter fits.
 * @example
 * ```ts
 * import { createModelSet, createSkyModel, powerLaw, unfreezeParameters } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const spectral = powerLaw({ amplitude: 1, index: 2 });
 * const set = createModelSet([createSkyModel({ name: "a", spectral })]);
 * strictEqual(unfreezeParameters(set, "a.reference").parameters[2]?.frozen, false);
 * ```
 */
export function unfreezeParameters(set: ModelSet, pattern: string): ModelSet {
  return changeParameters(set, pattern, { frozen: false });
}

/**
 * The models that fit, as a list; links are not taken along.
 *
 * @param models The models.
 * @param filter Pattern of the name, kind of the spectrum, name of a dataset that sees them.
 * @returns Those that fit all that is given.
 * @example
 * ```ts
 * import { createSkyModel, powerLaw, selectModels } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const spectral = powerLaw({ amplitude: 1, index: 2 });
 * const models = ["crab", "vela"].map((name) => createSkyModel({ name, spectral }));
 * strictEqual(selectModels(models, { name: "v*" })[0]?.name, "vela");
 * ```
 */
export function selectModels(
  models: readonly SkyModel[],
  filter: { readonly name?: string; readonly kind?: string; readonly dataset?: string },
): readonly SkyModel[] {
  const { name, kind, dataset } = filter;
  return models.filter((one) =>
    (name === undefined || fits(name, one.name)) &&
    (kind === undefined || one.spectral.kind === kind) &&
    (dataset === undefined || one.datasetNames === undefined || one.datasetNames.includes(dataset))
  );
}
