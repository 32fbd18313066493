import type { StreamItem } from "../../src/data/mod.ts";
import type { EventBatch, Gti } from "../../src/events/mod.ts";

/**
 * Writes items as lines of JSON: an event a line, and a line for each start, end and heartbeat.
 * {@link itemsOfLines} reads them back bit for bit: whole numbers of 64 bits are written as text,
 * NaN as null, infinities as ±1e999.
 *
 * @param item Any item; the account of a batch is not written.
 * @returns Lines, each with its line feed.
 * @example
 * ```ts
 * import { linesOf } from "@gammarx/gammarx/sources";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(linesOf(createEventBatch({ timeS: Float64Array.of(1.5) })), '{"timeS":1.5}\n');
 * ```
 */
export function linesOf(item: StreamItem): string {
  switch (item.kind) {
    case "batch":
      return eventLines(item);
    case "heartbeat":
      return lineOf({ ...item });
    case "obs-start":
    case "obs-end": {
      const { gti, ...rest } = item;
      return lineOf({ ...finiteOnly(rest), ...(gti && { gti: plainGti(gti) }) });
    }
  }
}

function lineOf(fields: object): string {
  return JSON.stringify(fields) + "\n";
}

function plainGti({ epoch, startS, stopS }: Gti): object {
  return { epoch: { ...epoch }, startS: [...startS], stopS: [...stopS] };
}

/** A start or stop that is not known is left out. */
function finiteOnly(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) =>
      typeof value !== "number" || Number.isFinite(value)
    ),
  );
}

function eventLines(batch: EventBatch): string {
  const names = Object.keys(batch.columns), columns = names.map((name) => batch.columns[name]!);
  const keys = names.map((name) => JSON.stringify(name));
  let text = "";
  for (let i = 0; i < batch.length; i++) {
    const fields = columns.map((column, k) => `${keys[k]}:${valueText(column[i]!)}`);
    text += `{${fields.join(",")}}\n`;
  }
  return text;
}

function valueText(value: number | bigint): string {
  // Numbers of 64 bits as text: JSON readers round them.
  if (typeof value === "bigint") return `"${value}"`;
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  return Number.isNaN(value) ? "null" : value > 0 ? "1e999" : "-1e999";
}
