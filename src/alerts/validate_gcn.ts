import type { GcnNotice } from "./gcn.ts";

/** What is wrong with a notice. */
export interface GcnFault {
  /** Where, as a JSON pointer; "" for the notice itself. */
  readonly path: string;
  /** What is wrong there. */
  readonly message: string;
}

/** What ajv compiles a schema to. */
interface Validator {
  (value: unknown): boolean;
  readonly errors?:
    | readonly {
      readonly instancePath: string;
      readonly message?: string;
      readonly params: Readonly<Record<string, unknown>>;
    }[]
    | null;
}

/** The packages are loaded on first use: who sends no notice never loads them. */
async function load(): Promise<Validator> {
  const [ajv, formats, own, ...core] = await Promise.all([
    import("ajv/dist/2020.js"),
    import("ajv-formats"),
    import("./tables/gcn_notice.schema.json", { with: { type: "json" } }),
    import("@nasa-gcn/schema/gcn/notices/core/Alert.schema.json", { with: { type: "json" } }),
    import("@nasa-gcn/schema/gcn/notices/core/DateTime.schema.json", { with: { type: "json" } }),
    import("@nasa-gcn/schema/gcn/notices/core/Event.schema.json", { with: { type: "json" } }),
    import("@nasa-gcn/schema/gcn/notices/core/Localization.schema.json", {
      with: { type: "json" },
    }),
    import("@nasa-gcn/schema/gcn/notices/core/Reporter.schema.json", { with: { type: "json" } }),
    import("@nasa-gcn/schema/gcn/notices/core/Statistics.schema.json", { with: { type: "json" } }),
    import("@nasa-gcn/schema/gcn/notices/core/Spectral.schema.json", { with: { type: "json" } }),
    import("@nasa-gcn/schema/gcn/notices/core/models/PowerLaw.schema.json", {
      with: { type: "json" },
    }),
    import("@nasa-gcn/schema/gcn/notices/core/models/CutoffPowerLaw.schema.json", {
      with: { type: "json" },
    }),
    import("@nasa-gcn/schema/gcn/notices/core/models/Band.schema.json", { with: { type: "json" } }),
    import("@nasa-gcn/schema/gcn/notices/core/Duration.schema.json", { with: { type: "json" } }),
    import("@nasa-gcn/schema/gcn/notices/core/HardnessRatio.schema.json", {
      with: { type: "json" },
    }),
    import("@nasa-gcn/schema/gcn/notices/core/FollowUp.schema.json", { with: { type: "json" } }),
    import("@nasa-gcn/schema/gcn/notices/core/AdditionalInfo.schema.json", {
      with: { type: "json" },
    }),
  ]);
  const checker = new ajv.Ajv2020({ allErrors: true, allowUnionTypes: true });
  formats.default.default(checker);
  for (const schema of core) checker.addSchema(schema.default);
  return checker.compile(own.default) as unknown as Validator;
}

let loaded: Promise<Validator> | undefined;

/**
 * Holds a notice against the GCN Unified Schema 7.2.3 and our schema on top of it, which refuses keys
 * that neither knows.
 *
 * @param notice The notice, as `gcnNotice` makes it or as somebody else did.
 * @returns What is wrong, empty for a good one; the first call loads the schemas.
 * @example
 * ```ts
 * import { validateGcn } from "@gammarx/gammarx/alerts";
 * import { ok } from "node:assert/strict";
 * const faults = await validateGcn({ ra: "83.6", magnitude: 12 });
 * ok(faults.some(({ path, message }) => path === "/ra" && message === "must be number"));
 * ok(faults.some(({ message }) => message.includes("magnitude")));
 * ```
 * @see GCN Unified Schema 7.2.3; JSON Schema 2020-12
 */
export async function validateGcn(notice: GcnNotice): Promise<readonly GcnFault[]> {
  const validator = await (loaded ??= load().catch((error) => {
    loaded = undefined;
    throw error;
  }));
  if (validator(notice)) return [];
  return (validator.errors ?? []).map(({ instancePath, message = "", params }) => {
    const key = params.unevaluatedProperty ?? params.additionalProperty;
    const found = key === undefined ? "" : `: "${key}"`;
    const allowed = Array.isArray(params.allowedValues)
      ? `: ${params.allowedValues.join(", ")}`
      : "";
    return Object.freeze({ path: instancePath, message: message + found + allowed });
  });
}
