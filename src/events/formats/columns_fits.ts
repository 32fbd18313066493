import {
  type BinaryColumn,
  type BintableHdu,
  type ColumnAs,
  optionalColumn,
} from "../../fits/mod.ts";
import { unitFactor } from "../../units/mod.ts";
import type { ColumnPlan } from "../event_list_fits.ts";
import type { TimeReference } from "./header_fits.ts";

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
  /** Unit of the file's column where it names none. */
  readonly defaultUnit?: string;
}

/** Columns that the formats of gamma-ray and X-ray event lists share. */
export const SKY_RULES: readonly ColumnRule[] = [
  { name: "energyTeV", from: ["ENERGY"], as: "float64", unit: "TeV", defaultUnit: "TeV" },
  { name: "raDeg", from: ["RA"], as: "float64", unit: "deg", defaultUnit: "deg" },
  { name: "decDeg", from: ["DEC"], as: "float64", unit: "deg", defaultUnit: "deg" },
  { name: "eventId", from: ["EVENT_ID"], as: "bigint64" },
  { name: "eventType", from: ["EVENT_TYPE"], as: "uint32" },
  { name: "detXDeg", from: ["DETX"], as: "float64", unit: "deg", defaultUnit: "deg" },
  { name: "detYDeg", from: ["DETY"], as: "float64", unit: "deg", defaultUnit: "deg" },
];

/** Phase and weight, under the names that timing tools write. */
export const PHASE_RULES: readonly ColumnRule[] = [
  { name: "phase", from: ["PHASE", "PULSE_PHASE"], as: "float64" },
  { name: "weight", from: ["WEIGHT"], as: "float64" },
];

/**
 * Plans the columns of a table: time first, then what the rules find, then every other column of
 * single numbers under its own name.
 */
export function planColumns(
  table: BintableHdu,
  rules: readonly ColumnRule[],
  time: { readonly column: BinaryColumn; readonly reference: TimeReference },
): ColumnPlan[] {
  const unitS = time.column.unit ? unitFactor(time.column.unit, "s") : time.reference.unitS;
  const plans: ColumnPlan[] = [
    { name: "timeS", column: time.column, as: "float64", scale: unitS },
  ];
  const taken = new Set<BinaryColumn>([time.column]);
  for (const rule of rules) {
    const column = rule.from
      .map((name) => optionalColumn(table, name))
      .find((one) => one !== undefined && canBe(one, rule.as));
    if (column === undefined) continue;
    taken.add(column);
    plans.push({ name: rule.name, column, as: rule.as, scale: scaleOf(rule, column) });
  }
  const names = new Set(plans.map((one) => one.name));
  for (const column of table.columns) {
    if (taken.has(column) || names.has(column.name) || column.name === "") continue;
    const as = plainType(column);
    if (as !== undefined) plans.push({ name: column.name, column, as });
  }
  return plans;
}

function scaleOf(rule: ColumnRule, column: BinaryColumn): number {
  if (rule.unit === undefined) return 1;
  const unit = column.unit?.trim();
  return unitFactor(unit ? unit : rule.defaultUnit!, rule.unit);
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
