import { LineCounter, parseDocument } from "@std/yaml";
import type { ZodType } from "zod";
import { UsageError } from "./errors.ts";

/** Where something stands in a text, as people count: from 1. */
function placeOf(counter: LineCounter, offset: number): string {
  const { line, col } = counter.linePos(offset);
  return `line ${line}, column ${col}`;
}

/**
 * Reads a configuration in YAML and holds it against a schema.
 *
 * @param text The text.
 * @param schema What it must be.
 * @param name File, for messages.
 * @returns The configuration as the schema makes it.
 * @throws UsageError with file, line, column, what was found and expected.
 */
export function readYaml<Config>(text: string, schema: ZodType<Config>, name: string): Config {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const what = broken.message.split("\n")[0]!.replace(/ at line.*$/, "");
    throw new UsageError(`${name}, ${placeOf(counter, broken.pos[0])}: ${what}`);
  }
  const result = schema.safeParse(document.toJS());
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  // The key itself may be missing: then its nearest parent tells the place.
  let path = issue.path as (string | number)[];
  let node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
  while (node?.range === undefined && path.length > 0) {
    path = path.slice(0, -1);
    node = document.getIn(path, true) as typeof node;
  }
  const place = node?.range === undefined ? "" : `, ${placeOf(counter, node.range[0])}`;
  throw new UsageError(
    `${name}${place}: ${issue.path.join(".") || "the document"}: ${issue.message}`,
  );
}
