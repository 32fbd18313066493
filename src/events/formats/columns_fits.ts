import {
  type BinaryColumn,
  type BintableHdu,
  type ColumnAs,
  findColumn,
  type FitsFormatError,
  headerError,
  optionalColumn,
} from "../../fits/mod.ts";
import { unitFactor } from "../../units/mod.ts";
import type { ColumnPlan } from "../event_list_fits.ts";
import { columnFactor, type TimeReference } from "./header_fits.ts";

/** How a column of the batch is looked for in a table. */
export interface ColumnRule {
  /** Name in the batch. */
  readonly name: string;
  /** Names in the file: the first that is there. */
  readonly from: readonly string[];
  /** Type in the batch. */
  readonly as: ColumnAs;
  /** Unit in the batch; a file's unit is converted to it. */
  readonly unit?: string;
  /** Unit of the file's column where it names none; `unit` where left out. */
  readonly defaultUnit?: string;
}

/** Columns that the formats of gamma-ray and X-ray event lists share. */
export const SKY_RULES: readonly ColumnRule[] = [
  { name: "energyTeV", from: ["ENERGY"], as: "float64", unit: "TeV" },
  { name: "raDeg", from: ["RA"], as: "float64", unit: "deg" },
  { name: "decDeg", from: ["DEC"], as: "float64", unit: "deg" },
  { name: "eventId", from: ["EVENT_ID"], as: "bigint64" },
  { name: "eventType", from: ["EVENT_TYPE"], as: "uint32" },
  { name: "detXDeg", from: ["DETX"], as: "float64", unit: "deg" },
  { name: "detYDeg", from: ["DETY"], as: "float64", unit: "deg" },
];

/** Phase and weight, under the names that timing tools write. */
export const PHASE_RULES: readonly ColumnRule[] = [
  { name: "phase", from: ["PHASE", "PULSE_PHASE"], as: "float64" },
  { name: "weight", from: ["WEIGHT"], as: "float64" },
];

/** Rules with the names that the user gave: name in the batch → name in the file. */
function renamed(
  table: BintableHdu,
  rules: readonly ColumnRule[],
  names: Readonly<Record<string, string>>,
): ColumnRule[] {
  for (const [name, from] of Object.entries(names)) {
    if (canBe(findColumn(table, from), ruleOf(rules, name).as)) continue; // says which there are
    throw wrongType(table, findColumn(table, from), `one that can be ${name}`);
  }
  return [
    ...Object.entries(names).filter(([name]) => name !== "timeS")
      .map(([name, from]) => ({ ...ruleOf(rules, name), from: [from] })),
    ...rules.filter((rule) => names[rule.name] === undefined),
  ];
}

function ruleOf(rules: readonly ColumnRule[], name: string): ColumnRule {
  return rules.find((rule) => rule.name === name) ?? { name, from: [], as: "float64" };
}

/** How {@link planColumns} is told what it cannot find by itself. */
export interface ColumnNames {
  /** Seconds a unit of time where the column names none. */
  readonly reference: TimeReference;
  /** Name in the batch → name in the file, before any rule. */
  readonly rename?: Readonly<Record<string, string>> | undefined;
}

/**
 * Plans the columns of a table: time first, then what the user named and the rules find, then
 * every other column of single numbers under its own name.
 *
 * @throws FitsFormatError without a column of times, or for a unit of another kind.
 */
export function planColumns(
  table: BintableHdu,
  rules: readonly ColumnRule[],
  { reference, rename = {} }: ColumnNames,
): ColumnPlan[] {
  const time = findColumn(table, rename["timeS"] ?? "TIME");
  if (!canBe(time, "float64")) throw wrongType(table, time, "one number a row");
  const unitS = time.unit?.trim() ? columnFactor(table, time, "s") : reference.unitS;
  const plans: ColumnPlan[] = [{ name: "timeS", column: time, as: "float64", scale: unitS }];
  const taken = new Set<BinaryColumn>([time]), names = new Set(["timeS"]);
  const add = (plan: ColumnPlan) => {
    if (taken.has(plan.column) || names.has(plan.name)) return;
    taken.add(plan.column);
    names.add(plan.name);
    plans.push(plan);
  };
  for (const rule of renamed(table, rules, rename)) {
    const column = rule.from
      .map((name) => optionalColumn(table, name))
      .find((one) => one !== undefined && canBe(one, rule.as));
    if (column === undefined) continue;
    const scale = scaleOf(table, rule, column);
    add({ name: rule.name, column, as: rule.as, ...(scale === 1 ? {} : { scale }) });
  }
  for (const column of table.columns) {
    const as = plainType(column);
    if (as !== undefined && column.name !== "") add({ name: column.name, column, as });
  }
  return plans;
}

function wrongType(table: BintableHdu, column: BinaryColumn, expected: string): FitsFormatError {
  return headerError(
    table.header,
    `column ${column.name}`,
    `found format ${column.format}, expected ${expected}`,
  );
}

function scaleOf(table: BintableHdu, rule: ColumnRule, column: BinaryColumn): number {
  if (rule.unit === undefined) return 1;
  return column.unit?.trim()
    ? columnFactor(table, column, rule.unit)
    : unitFactor(rule.defaultUnit ?? rule.unit, rule.unit);
}

const INTEGERS = "BIJK";

function canBe(column: BinaryColumn, as: ColumnAs): boolean {
  if (column.variable !== undefined) return false;
  switch (as) {
    case "uint32":
      return column.type === "X"
        ? column.repeat <= 32
        : isSingle(column) && INTEGERS.includes(column.type);
    case "float64":
      return isSingle(column) && (INTEGERS + "ED").includes(column.type);
    default:
      return isSingle(column) && INTEGERS.includes(column.type);
  }
}

/** The type under which a column of the user is read; undefined for what is no single number. */
function plainType(column: BinaryColumn): ColumnAs | undefined {
  if (column.variable !== undefined) return undefined;
  if (column.type === "X") return column.repeat <= 32 ? "uint32" : undefined;
  if (!isSingle(column)) return undefined;
  if (column.type === "K" && column.scale === 1) return "bigint64";
  return (INTEGERS + "ED").includes(column.type) ? "float64" : undefined;
}

function isSingle(column: BinaryColumn): boolean {
  return column.repeat === 1;
}
