/** Writing model files: the YAML of Gammapy. */
import { stringify } from "@std/yaml";
import type { Parameter } from "../fit/mod.ts";
import type { Json } from "../nddata/mod.ts";
import { writeParameters } from "./_yaml_parameters.ts";
import { isRecord, type JsonRecord } from "./_yaml_place.ts";
import { SPECTRAL_TYPES, TEMPORAL_TYPES } from "./_yaml_types.ts";
import type { ModelSet } from "./model_set.ts";
import type { SkyModel } from "./sky_model.ts";
import type { SpectralRule } from "./spectral_rule.ts";

/**
 * Writes models as the YAML of Gammapy, with all fields and in canonical units.
 *
 * @param set The models.
 * @param document What they were read from: places in the list, other components, and what is not known are
 *   taken over from it.
 * @returns The text of the file.
 * @example
 * ```ts
 * import { createModelSet, createSkyModel, powerLaw, readModelsYaml, writeModelsYaml } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const spectral = powerLaw({ amplitude: 1e-12, index: 2.2 });
 * const text = writeModelsYaml(createModelSet([createSkyModel({ name: "a", spectral })]));
 * strictEqual(readModelsYaml(text).set.models[0]?.spectral.dnde(2), spectral.dnde(2));
 * ```
 * @see gammapy.modeling.models.Models.write
 */
export function writeModelsYaml(set: ModelSet, document?: Json): string {
  const top = isRecord(document) ? document : {}, left = new Set(set.models);
  const targets = new Set(Object.values(set.links));
  const labelOf = (name: string): string | undefined => {
    let at = name;
    while (Object.hasOwn(set.links, at)) at = set.links[at]!;
    return at !== name || targets.has(at) ? `${at.split(".").at(-1)}@${at}` : undefined;
  };
  const before = (Array.isArray(top.components) ? top.components : []) as readonly Json[];
  const components: Json[] = [];
  for (const one of before) {
    if (!isRecord(one) || one.type !== "SkyModel") {
      components.push(one);
      continue;
    }
    const model = set.models.find((other) => other.name === one.name);
    if (model === undefined) continue;
    components.push(writeModel(model, one, labelOf));
    left.delete(model);
  }
  for (const model of left) components.push(writeModel(model, {}, labelOf));
  return withPoints(stringify({ ...top, components }, { lineWidth: 0 }));
}

/** Readers of YAML 1.1, as Gammapy's, take 1e-12 for a text: numbers get a point, 1.0e-12. */
function withPoints(text: string): string {
  return text.replace(/^(.*[:-] )(-?\d+)(e[+-]\d+)$/gm, "$1$2.0$3");
}

function writeModel(
  model: SkyModel,
  before: JsonRecord,
  labelOf: (name: string) => string | undefined,
): Json {
  const { name, spectral, temporal, spatial, datasetNames, applyIrf } = model;
  const labels = spectral.parameters.map((one) => labelOf(`${name}.${one.name}`));
  const { exposure, psf, edisp } = applyIrf;
  const out: Record<string, Json> = {
    ...before,
    name,
    type: "SkyModel",
    spectral: writeSpectral(spectral.rule, spectral.parameters, labels, before.spectral),
  };
  for (const key of ["spatial", "temporal", "datasets_names", "apply_irf"]) delete out[key];
  if (spatial !== undefined) out.spatial = spatial;
  if (temporal !== undefined) {
    const old = isRecord(before.temporal) ? before.temporal : {};
    const { rule, parameters } = temporal;
    const own = parameters.map((one) => labelOf(`${name}.temporal.${one.name}`));
    out.temporal = {
      ...old,
      type: TEMPORAL_TYPES[rule.format] ?? rule.format,
      parameters: writeParameters(parameters, parameters.map((p) => p.name), own, old.parameters),
      ...rule.data,
    };
  }
  if (datasetNames !== undefined) out.datasets_names = datasetNames;
  if (!(exposure && psf && edisp)) out.apply_irf = { exposure, psf, edisp };
  return out;
}

function writeSpectral(
  rule: SpectralRule,
  parameters: readonly Parameter[],
  labels: readonly (string | undefined)[],
  before: Json | undefined,
): Json {
  const old = isRecord(before) ? before : {}, { parts } = rule;
  const type = SPECTRAL_TYPES[rule.format] ?? rule.format;
  if (parts !== undefined) {
    const n = parts.left.parameters.length;
    return {
      ...old,
      type,
      model1: writeSpectral(parts.left, parameters.slice(0, n), labels.slice(0, n), old.model1),
      model2: writeSpectral(parts.right, parameters.slice(n), labels.slice(n), old.model2),
      operator: parts.operator,
    };
  }
  const names = rule.parameters.map((one) => one.name);
  return {
    ...old,
    type,
    parameters: writeParameters(parameters, names, labels, old.parameters),
    ...rule.data,
  };
}
