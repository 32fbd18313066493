import { z } from "zod";

/** Any value that JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Who made something, with what, and when. */
export interface Creation {
  /** Program with its version: "gammarx 0.1.0". */
  readonly creator: string;
  /** Instant, ISO 8601 in UTC; undefined where it was not recorded. */
  readonly date?: string | undefined;
  /** Person or institute. */
  readonly origin?: string | undefined;
}

/** An observation that data come from. */
export interface ObservationMeta {
  /** Name of the observation. */
  readonly obsId: string;
  /** Telescope. */
  readonly telescope?: string | undefined;
  /** Instrument or subarray. */
  readonly instrument?: string | undefined;
  /** Name of the object that was observed. */
  readonly object?: string | undefined;
  /** What else is known of it, such as `zenithDeg`, `offsetDeg`, `eventType`. */
  readonly values?: Readonly<Record<string, number | string>> | undefined;
}

/** What was looked at. */
export interface TargetMeta {
  /** Name. */
  readonly name: string;
  /** Right ascension ICRS, deg. */
  readonly raDeg?: number | undefined;
  /** Declination ICRS, deg. */
  readonly decDeg?: number | undefined;
}

/** One step on the way of the data. */
export interface ProvenanceStep {
  /** What was done: "counts-map", "stack". */
  readonly activity: string;
  /** With which options. */
  readonly config?: Json | undefined;
  /** From what: files, keys of other data. */
  readonly inputs?: readonly string[] | undefined;
}

/** What is known of data beside their numbers. */
export interface Meta {
  /** Who made them. */
  readonly creation?: Creation | undefined;
  /** Observations they come from, each once, in the order of their names. */
  readonly observations: readonly ObservationMeta[];
  /** What was looked at, each once, in the order of their names. */
  readonly targets: readonly TargetMeta[];
  /** The steps on their way, oldest first. */
  readonly provenance: readonly ProvenanceStep[];
  /** Anything else, by name. */
  readonly extra: Readonly<Record<string, Json>>;
}

/** Nothing known. */
export const EMPTY_META: Meta = Object.freeze({
  observations: [],
  targets: [],
  provenance: [],
  extra: {},
});

const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;

const schema: z.ZodType<Meta> = z.strictObject({
  creation: z.strictObject({
    creator: z.string(),
    date: z.iso.datetime({ offset: true }).optional(),
    origin: z.string().optional(),
  }).optional(),
  observations: z.array(z.strictObject({
    obsId: z.string(),
    telescope: z.string().optional(),
    instrument: z.string().optional(),
    object: z.string().optional(),
    values: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
  })).default([]),
  targets: z.array(z.strictObject({
    name: z.string(),
    raDeg: z.number().optional(),
    decDeg: z.number().min(-90).max(90).optional(),
  })).default([]),
  provenance: z.array(z.strictObject({
    activity: z.string(),
    config: json.optional(),
    inputs: z.array(z.string()).optional(),
  })).default([]),
  extra: z.record(z.string(), json).default({}),
}) as z.ZodType<Meta>;

/**
 * Checks what is known of data, as it comes from a file or a program.
 *
 * @param value A record, parts of which may be left out.
 * @returns A frozen record, complete.
 * @throws TypeError naming each field that is wrong: what was found, what was expected.
 * @example
 * ```ts
 * import { createMeta } from "@gammarx/gammarx/nddata";
 * import { strictEqual, throws } from "node:assert/strict";
 * strictEqual(createMeta({ observations: [{ obsId: "23523" }] }).observations.length, 1);
 * throws(() => createMeta({ observation: [] }), /observation/);
 * ```
 */
export function createMeta(value: unknown): Meta {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new TypeError(`Metadata: ${z.prettifyError(parsed.error)}`);
  return deepFreeze(parsed.data);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/**
 * What is known of data made of several: observations, targets and steps of all, each once; the creation
 * and every extra entry where they agree. What differs goes under the name of the entry in
 * `extra.combined`, one value a different one, so that nothing is lost.
 *
 * The result does not depend on the order of the parts, nor on how they are grouped, save for the order
 * of provenance, which is that of the parts.
 *
 * @param parts What is known of each part.
 * @returns A frozen record.
 * @example
 * ```ts
 * import { combineMeta, createMeta } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const a = createMeta({ observations: [{ obsId: "2" }] });
 * const b = createMeta({ observations: [{ obsId: "1" }, { obsId: "2" }] });
 * deepStrictEqual(combineMeta([a, b]).observations.map((one) => one.obsId), ["1", "2"]);
 * ```
 */
export function combineMeta(parts: readonly Meta[]): Meta {
  const values = new Map<string, Map<string, Json>>();
  const put = (name: string, value: Json) => {
    const known = values.get(name) ?? new Map<string, Json>();
    values.set(name, known.set(JSON.stringify(value), value));
  };
  for (const { creation, extra } of parts) {
    if (creation !== undefined) put("creation", { ...creation } as Json);
    for (const [name, value] of Object.entries(extra)) {
      if (name !== "combined") put(name, value);
      else {for (const [inner, list] of Object.entries(value as Combined)) {
          list.forEach((v) => put(inner, v));
        }}
    }
  }
  const extra: Record<string, Json> = {}, combined: Record<string, Json[]> = {};
  let creation: Creation | undefined;
  for (const [name, known] of [...values].sort(([a], [b]) => compare(a, b))) {
    const list = [...known].sort(([a], [b]) => compare(a, b)).map(([, value]) => value);
    if (list.length > 1) combined[name] = list;
    else if (name === "creation") creation = list[0] as unknown as Creation;
    else extra[name] = list[0]!;
  }
  if (Object.keys(combined).length > 0) extra.combined = combined;
  return deepFreeze({
    creation,
    observations: union(parts.flatMap((part) => part.observations), (one) => one.obsId),
    targets: union(parts.flatMap((part) => part.targets), (one) => one.name),
    provenance: union(parts.flatMap((part) => part.provenance)),
    extra,
  });
}

type Combined = Readonly<Record<string, readonly Json[]>>;

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Each entry once; in the order of a name where one is given. */
function union<T>(list: readonly T[], name?: (one: T) => string): T[] {
  const once = [...new Map(list.map((one) => [JSON.stringify(one), one] as const))];
  if (name === undefined) return once.map(([, one]) => one);
  return once.sort(([a, x], [b, y]) => compare(name(x), name(y)) || compare(a, b)).map(([, one]) =>
    one
  );
}
