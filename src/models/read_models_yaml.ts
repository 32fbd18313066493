/** Reading model files: the YAML of Gammapy. */
import type { Json, NDData } from "../nddata/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { type Reading, readParameters, warnUnknown } from "./_yaml_parameters.ts";
import { isRecord, type JsonRecord, type Path, readPlaced } from "./_yaml_place.ts";
import { kindOf, SPECTRAL_TYPES, TEMPORAL_TYPES } from "./_yaml_types.ts";
import { compoundRule, named } from "./compound_spectrum.ts";
import { eblNormRule, type EblTable } from "./ebl_norm.ts";
import { createModelSet, type ModelSet } from "./model_set.ts";
import { piecewiseNormRule } from "./piecewise_norm.ts";
import { createSkyModel, type SkyModel } from "./sky_model.ts";
import { spectralModels } from "./spectral_models.ts";
import {
  modelOf,
  type SpectralModel,
  type SpectralOperator,
  type SpectralRule,
} from "./spectral_rule.ts";
import { templateNdRule, templateRule } from "./template_spectrum.ts";
import { temporalModels } from "./temporal_models.ts";
import { profileOf, type TemporalProfile, type TemporalRule } from "./temporal_rule.ts";
import {
  lightCurveRule,
  type LightCurveTable,
  phaseCurveRule,
  type PhaseCurveTable,
} from "./temporal_table.ts";

/** Tables that a model file names, by the name it has for them: read them first. */
export interface ModelTables {
  /** Absorption by background light. */
  readonly ebl?: Readonly<Record<string, EblTable>>;
  /** Spectra with more axes than energy. */
  readonly spectra?: Readonly<Record<string, NDData>>;
  /** Light curves. */
  readonly lightCurves?: Readonly<Record<string, LightCurveTable>>;
  /** Phase curves. */
  readonly phaseCurves?: Readonly<Record<string, PhaseCurveTable>>;
}

/** How a model file is read. */
export interface ReadModelsOptions {
  /** Name of the file, for messages; "models" where absent. */
  readonly name?: string;
  /** Tables that the file names. */
  readonly tables?: ModelTables;
}

/** What a model file holds. */
export interface ModelFile {
  /** Its sources. */
  readonly set: ModelSet;
  /** What is not known, with line and column; it is kept. */
  readonly warnings: readonly string[];
  /** The document as it was read: {@linkcode writeModelsYaml} puts back what is not known. */
  readonly document: Json;
}

const COMPONENT = new Set([
  "name",
  "type",
  "spectral",
  "spatial",
  "temporal",
  "datasets_names",
  "apply_irf",
]);
const TOP = new Set(["components", "covariance", "metadata", "checksum"]);
const SPECTRAL = new Set([
  "type",
  "parameters",
  "energy",
  "values",
  "param",
  "filename",
  "unit",
  "interp",
  "model1",
  "model2",
  "operator",
]);
const TEMPORAL = new Set([
  "type",
  "parameters",
  "filename",
  "format",
  "unit",
  "scale",
  "time",
  "phase",
  "norm",
  "normalize",
]);

/**
 * Reads models from the YAML of Gammapy. Spectra and changes in time become models; places are kept as they
 * stand, as are components of other types.
 *
 * @param text The file.
 * @param options Name of the file, tables that it names.
 * @returns Models with their links, and warnings of what is not known.
 * @throws SyntaxError with file, line and column for what is wrong.
 * @example
 * ```ts
 * import { readModelsYaml } from "@gammarx/gammarx/models";
 * import { strictEqual } from "node:assert/strict";
 * const text = `
 * components:
 * - name: crab
 *   type: SkyModel
 *   spectral:
 *     type: PowerLawSpectralModel
 *     parameters:
 *     - {name: index, value: 2.6}
 *     - {name: amplitude, value: 3.5e-14, unit: cm-2 s-1 GeV-1}
 * `;
 * const { set } = readModelsYaml(text);
 * strictEqual(set.models[0]?.spectral.dnde(1), 3.5e-11);
 * ```
 * @see gammapy.modeling.models.Models.read
 */
export function readModelsYaml(text: string, options: ReadModelsOptions = {}): ModelFile {
  const { name = "models", tables = {} } = options, warnings: string[] = [];
  const reading: Reading = { ...readPlaced(text, name), warnings };
  const { content } = reading, components = isRecord(content) ? content.components : undefined;
  if (!isRecord(content) || !Array.isArray(components)) {
    throw reading.errorAt([], "expected a list of components");
  }
  warnUnknown(reading, [], TOP, content);
  const models: SkyModel[] = [], owners = new Map<string, string>();
  const links: Record<string, string> = {};
  const link = (label: string | undefined, parameter: string): void => {
    if (label === undefined) return;
    const owner = owners.get(label);
    if (owner === undefined) owners.set(label, parameter);
    else links[parameter] = owner;
  };
  (components as readonly Json[]).forEach((one, i) => {
    const path = ["components", i];
    if (!isRecord(one)) throw reading.errorAt(path, "expected a component");
    if (one.type !== "SkyModel") {
      warnings.push(
        reading.errorAt([...path, "type"], `${one.type} is not a SkyModel, kept as it stands`)
          .message,
      );
      return;
    }
    warnUnknown(reading, path, COMPONENT, one);
    if (typeof one.name !== "string") throw reading.errorAt([...path, "name"], "expected a name");
    const spectral = readSpectral(reading, [...path, "spectral"], one.spectral, tables);
    const temporal = one.temporal === undefined
      ? undefined
      : readTemporal(reading, [...path, "temporal"], one.temporal, tables);
    const parameters = spectral.model.parameters;
    parameters.forEach((p, k) => link(spectral.labels[k], `${one.name}.${p.name}`));
    temporal?.profile.parameters.forEach((p, k) =>
      link(temporal.labels[k], `${one.name}.temporal.${p.name}`)
    );
    try {
      models.push(createSkyModel({
        name: one.name,
        spectral: spectral.model,
        temporal: temporal?.profile,
        spatial: one.spatial,
        ...(one.datasets_names === undefined || one.datasets_names === null ? {} : {
          datasetNames: [one.datasets_names].flat() as string[],
        }),
        ...(isRecord(one.apply_irf) ? { applyIrf: one.apply_irf as Record<string, boolean> } : {}),
      }));
    } catch (error) {
      throw reading.errorAt(path, (error as Error).message);
    }
  });
  try {
    const set = createModelSet(models, { links });
    return Object.freeze({ set, warnings: Object.freeze(warnings), document: content });
  } catch (error) {
    throw reading.errorAt(["components"], (error as Error).message);
  }
}

interface ReadSpectral {
  readonly model: SpectralModel;
  readonly labels: readonly (string | undefined)[];
}

function readSpectral(
  reading: Reading,
  path: Path,
  node: Json | undefined,
  tables: ModelTables,
): ReadSpectral {
  const [kind, content] = typed(reading, path, node, SPECTRAL_TYPES);
  warnUnknown(reading, path, SPECTRAL, content);
  if (kind === "compound") {
    const left = readSpectral(reading, [...path, "model1"], content.model1, tables);
    const right = readSpectral(reading, [...path, "model2"], content.model2, tables);
    try {
      const operator = content.operator as SpectralOperator;
      const rule = compoundRule(left.model.rule, operator, right.model.rule);
      const parameters = [...left.model.parameters, ...right.model.parameters];
      return {
        model: modelOf(rule, named(parameters, rule)),
        labels: [...left.labels, ...right.labels],
      };
    } catch (error) {
      throw reading.errorAt([...path, "operator"], (error as Error).message);
    }
  }
  const rule = made(reading, path, () => spectralRuleOf(kind, content, tables));
  const list = content.parameters;
  const { parameters, labels } = readParameters(
    reading,
    [...path, "parameters"],
    rule.parameters,
    list,
  );
  if (kind === "secpl-4fgl") {
    const at = (list as readonly JsonRecord[] | undefined)?.find((one) => one.name === "reference");
    if (at?.unit !== undefined && unitFactor(at.unit as string, "TeV") !== 1) {
      throw reading.errorAt(
        [...path, "parameters"],
        `the unit of expfactor follows that of reference, found "${at.unit}": convert both to TeV`,
      );
    }
  }
  return { model: modelOf(rule, parameters), labels };
}

function made<Made>(reading: Reading, path: Path, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    throw reading.errorAt(path, (error as Error).message);
  }
}

/** Kind and content of a node with a type. */
function typed(
  reading: Reading,
  path: Path,
  node: Json | undefined,
  types: Readonly<Record<string, string>>,
): readonly [string, JsonRecord] {
  if (!isRecord(node)) throw reading.errorAt(path, "expected a model with a type");
  const kind = typeof node.type === "string" ? kindOf(types, node.type) : undefined;
  if (kind !== undefined) return [kind, node];
  throw reading.errorAt(
    [...path, "type"],
    `found ${JSON.stringify(node.type)}, expected one of ${Object.values(types).join(", ")}`,
  );
}

/** Numbers of a table in a unit. */
function columnOf(content: JsonRecord, key: string, unit: string): Float64Array {
  const column = content[key], data = isRecord(column) ? column.data : undefined;
  if (!isRecord(column) || !Array.isArray(data)) {
    throw new TypeError(`expected ${key} with data and unit`);
  }
  const factor = unitFactor((column.unit as string | undefined) ?? unit, unit);
  return Float64Array.from((data as readonly Json[]).flat() as number[], (x) => x * factor);
}

function tableOf<Table>(
  tables: Readonly<Record<string, Table>> | undefined,
  { filename }: JsonRecord,
): Table | undefined {
  if (typeof filename !== "string") return undefined;
  if (tables !== undefined && Object.hasOwn(tables, filename)) return tables[filename];
  throw new RangeError(`it needs the table of ${filename}: read it, and give it with that name`);
}

function spectralRuleOf(kind: string, content: JsonRecord, tables: ModelTables): SpectralRule {
  if (kind === "template") {
    return templateRule({
      energiesTeV: columnOf(content, "energy", "TeV"),
      values: columnOf(content, "values", "cm-2 s-1 TeV-1"),
    });
  }
  if (kind === "piecewise-norm") {
    const interp = content.interp === "lin" ? "lin" : "log";
    return piecewiseNormRule(columnOf(content, "energy", "TeV"), interp);
  }
  if (kind === "ebl-norm") {
    return eblNormRule({
      ...(tableOf(tables.ebl, content) ?? {
        redshifts: columnOf(content, "param", ""),
        energiesTeV: columnOf(content, "energy", "TeV"),
        transmission: columnOf(content, "values", ""),
      }),
      filename: content.filename as string | undefined,
    });
  }
  if (kind === "template-nd") {
    const table = tableOf(tables.spectra, content);
    if (table === undefined) throw new RangeError("it needs the filename of a table");
    return templateNdRule(table, content.filename as string);
  }
  const isNumber = kind === "const" && (content.parameters as readonly JsonRecord[] | undefined)
    ?.some((one) => one.unit === undefined || one.unit === "");
  const rules = spectralModels.entries().filter((one) => one.format === kind);
  return rules.find((one) => kind !== "const" || (one.kind === "spectral-norm") === isNumber)!;
}

interface ReadTemporal {
  readonly profile: TemporalProfile;
  readonly labels: readonly (string | undefined)[];
}

function readTemporal(
  reading: Reading,
  path: Path,
  node: Json,
  tables: ModelTables,
): ReadTemporal {
  const [kind, content] = typed(reading, path, node, TEMPORAL_TYPES);
  warnUnknown(reading, path, TEMPORAL, content);
  if (content.scale !== undefined && content.scale !== "tt") {
    throw reading.errorAt([...path, "scale"], `found ${content.scale}, expected tt: convert t_ref`);
  }
  const rule = made(reading, path, () => temporalRuleOf(kind, content, tables));
  const at = [...path, "parameters"];
  const { parameters, labels } = readParameters(reading, at, rule.parameters, content.parameters);
  return { profile: profileOf(rule, parameters), labels };
}

function temporalRuleOf(kind: string, content: JsonRecord, tables: ModelTables): TemporalRule {
  const filename = content.filename as string | undefined;
  if (kind === "template") {
    return lightCurveRule({
      ...(tableOf(tables.lightCurves, content) ?? {
        timesD: columnOf(content, "time", "d"),
        norms: columnOf(content, "norm", ""),
      }),
      filename,
    });
  }
  if (kind === "template-phase") {
    return phaseCurveRule({
      ...(tableOf(tables.phaseCurves, content) ?? {
        phases: columnOf(content, "phase", ""),
        norms: columnOf(content, "norm", ""),
      }),
      ...(content.normalize === false ? { normalize: false } : {}),
      filename,
    });
  }
  return temporalModels.lookup("temporal", kind);
}
