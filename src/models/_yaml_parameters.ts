/** Parameters of model files, to and from those of fits. */
import {
  createParameter,
  gaussianPrior,
  type Parameter,
  type Prior,
  uniformPrior,
} from "../fit/mod.ts";
import type { Json } from "../nddata/mod.ts";
import { sameDimension, unitFactor } from "../units/mod.ts";
import { isRecord, type JsonRecord, type Path, type PlacedDocument } from "./_yaml_place.ts";
import type { ParameterRule } from "./spectral_rule.ts";

/** A document that is read, and what was found strange in it. */
export interface Reading extends PlacedDocument {
  readonly warnings: string[];
}

/** Parameters as they were read, with the labels of links. */
export interface ReadParameters {
  readonly parameters: readonly Parameter[];
  /** Label of the link of each parameter; undefined where it has none. */
  readonly labels: readonly (string | undefined)[];
}

const KNOWN = new Set([
  "name",
  "value",
  "unit",
  "error",
  "min",
  "max",
  "frozen",
  "interp",
  "scale_method",
  "is_norm",
  "link",
  "prior",
  "scan_min",
  "scan_max",
  "scan_n_values",
  "scan_n_sigma",
  "scan_values",
]);

/** Warns of keys that are not known; they are kept. */
export function warnUnknown(
  reading: Reading,
  path: Path,
  known: ReadonlySet<string>,
  what: JsonRecord,
): void {
  for (const key of Object.keys(what)) {
    if (known.has(key)) continue;
    reading.warnings.push(reading.errorAt([...path, key], "unknown, kept as it stands").message);
  }
}

/** A number of a document; `fallback` where it is absent or NaN. */
function numberAt(reading: Reading, path: Path, value: Json | undefined, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (typeof value !== "number") {
    throw reading.errorAt(path, `found ${JSON.stringify(value)}, expected a number`);
  }
  return Number.isNaN(value) ? fallback : value;
}

/** Reads the parameters of a kind: those that the file leaves out are as the kind has them. */
export function readParameters(
  reading: Reading,
  path: Path,
  rules: readonly ParameterRule[],
  list: Json | undefined,
): ReadParameters {
  const given = list ?? [], names = rules.map((one) => one.name);
  if (!Array.isArray(given)) throw reading.errorAt(path, "expected a list of parameters");
  const byName = new Map<string, readonly [JsonRecord, Path]>();
  (given as readonly Json[]).forEach((one, i) => {
    const at = [...path, i], name = isRecord(one) ? one.name : undefined;
    if (!isRecord(one) || typeof name !== "string") {
      throw reading.errorAt(at, "expected a parameter with a name");
    }
    if (!names.includes(name)) {
      throw reading.errorAt(
        [...at, "name"],
        `found "${name}", expected one of ${names.join(", ") || "none"}`,
      );
    }
    if (byName.has(name)) throw reading.errorAt([...at, "name"], `found "${name}" twice`);
    warnUnknown(reading, at, KNOWN, one);
    byName.set(name, [one, at]);
  });
  const labels = rules.map(({ name }) => {
    const link = byName.get(name)?.[0].link;
    return typeof link === "string" ? link : undefined;
  });
  return { parameters: rules.map((rule) => readOne(reading, rule, byName.get(rule.name))), labels };
}

function readOne(
  reading: Reading,
  rule: ParameterRule,
  found: readonly [JsonRecord, Path] | undefined,
): Parameter {
  const { name, unit, frozen = false, min = -Infinity, max = Infinity } = rule;
  if (found === undefined) {
    return createParameter(name, rule.value, { unit, frozen, min, max });
  }
  const [one, at] = found, given = one.unit ?? unit;
  if (typeof given !== "string") throw reading.errorAt([...at, "unit"], "expected a text");
  const factor = factorOf(reading, [...at, "unit"], given, unit);
  const numberOf = (key: string, fallback: number) =>
    numberAt(reading, [...at, key], one[key], fallback);
  const error = numberOf("error", 0) * factor;
  const value = one.value === undefined ? rule.value : numberOf("value", NaN) * factor;
  if (one.frozen !== undefined && typeof one.frozen !== "boolean") {
    throw reading.errorAt([...at, "frozen"], "expected true or false");
  }
  try {
    return createParameter(name, value, {
      unit,
      frozen: (one.frozen as boolean | undefined) ?? frozen,
      // A file that says NaN has no bound; one that says nothing has that of the kind.
      min: one.min === undefined ? min : numberOf("min", -Infinity) * factor,
      max: one.max === undefined ? max : numberOf("max", Infinity) * factor,
      error: error > 0 ? error : NaN,
      prior: readPrior(reading, [...at, "prior"], one.prior, factor),
    });
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    throw reading.errorAt([...at, "value"], (error as Error).message);
  }
}

function factorOf(reading: Reading, at: Path, from: string, to: string): number {
  try {
    if (sameDimension(from, to)) return unitFactor(from, to);
  } catch (error) {
    throw reading.errorAt(at, (error as Error).message);
  }
  throw reading.errorAt(at, `found "${from}", expected a unit like "${to}"`);
}

/** Priors by the names of model files. */
const PRIORS: Readonly<Record<string, (numbers: Readonly<Record<string, number>>) => Prior>> = {
  GaussianPrior: ({ mu = 0, sigma = 1 }) => gaussianPrior({ mean: mu, sigma }),
  UniformPrior: ({ min = 0, max = 1 }) => uniformPrior({ min, max }),
};

function readPrior(
  reading: Reading,
  at: Path,
  prior: Json | undefined,
  factor: number,
): Prior | undefined {
  if (prior === undefined || prior === null) return undefined;
  const type = isRecord(prior) ? prior.type : undefined;
  const make = typeof type === "string" && Object.hasOwn(PRIORS, type) ? PRIORS[type] : undefined;
  const weight = isRecord(prior) ? prior.weight ?? 1 : 1;
  if (make === undefined || !isRecord(prior) || weight !== 1) {
    const what = weight === 1 ? `prior ${JSON.stringify(type ?? prior)}` : "weight of a prior";
    throw reading.errorAt(
      at,
      `${what} is not known: known are ${Object.keys(PRIORS).join(", ")} of weight 1`,
    );
  }
  const numbers: Record<string, number> = {};
  for (const one of (prior.parameters ?? []) as readonly Json[]) {
    if (!isRecord(one) || typeof one.name !== "string" || typeof one.value !== "number") {
      throw reading.errorAt(at, "expected parameters of a prior with name and value");
    }
    numbers[one.name] = one.value * factor;
  }
  return make(numbers);
}

function writePrior({ kind, options }: Prior): Json {
  const numbers = kind === "gaussian"
    ? { mu: options.mean!, sigma: options.sigma! }
    : { min: options.min!, max: options.max! };
  return {
    type: kind === "gaussian" ? "GaussianPrior" : "UniformPrior",
    parameters: Object.entries(numbers).map(([name, value]) => ({ name, value })),
    weight: 1,
  };
}

/** Parameters as a model file has them; fields that are not known here stay as they were. */
export function writeParameters(
  parameters: readonly Parameter[],
  names: readonly string[],
  labels: readonly (string | undefined)[],
  before: Json | undefined,
): Json[] {
  const old = Array.isArray(before) ? (before as readonly Json[]).filter(isRecord) : [];
  return parameters.map((one, k) => {
    const kept = { ...old.find((other) => other.name === names[k]) } as Record<string, Json>;
    delete kept.link;
    delete kept.prior;
    scaleScans(kept, one.unit);
    const { value, unit, frozen, prior } = one, label = labels[k];
    return {
      ...kept,
      name: names[k]!,
      value,
      unit,
      error: Number.isNaN(one.error) ? 0 : one.error,
      min: Number.isFinite(one.min) ? one.min : NaN,
      max: Number.isFinite(one.max) ? one.max : NaN,
      frozen,
      ...(label === undefined ? {} : { link: label }),
      ...(prior === undefined ? {} : { prior: writePrior(prior) }),
    };
  });
}

/** Brings the values of a scan, which no fit uses, into the unit that is written. */
function scaleScans(kept: Record<string, Json>, unit: string): void {
  if (typeof kept.unit !== "string" || kept.unit === unit) return;
  const factor = unitFactor(kept.unit, unit);
  for (const key of ["scan_min", "scan_max"]) {
    const value = kept[key];
    if (typeof value === "number") kept[key] = value * factor;
  }
  const values = kept.scan_values;
  if (Array.isArray(values)) kept.scan_values = (values as number[]).map((x) => x * factor);
}
