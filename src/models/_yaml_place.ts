import { isMap, isSeq, LineCounter, parseDocument } from "@std/yaml";
import type { Json } from "../nddata/mod.ts";

/** Keys and indices from the top of a document. */
export type Path = readonly (string | number)[];

/** An object of a document. */
export type JsonRecord = { readonly [key: string]: Json };

/** A document, with the way to say where something in it is wrong. */
export interface PlacedDocument {
  /** The document as plain data. */
  readonly content: Json;
  /** An error that names file, line and column of a place, and what is wrong there. */
  readonly errorAt: (path: Path, message: string) => SyntaxError;
}

/** Reads YAML. Throws SyntaxError with file, line and column. */
export function readPlaced(text: string, name: string): PlacedDocument {
  const counter = new LineCounter(), document = parseDocument(text, { lineCounter: counter });
  const placed = (offset: number | undefined, message: string): SyntaxError => {
    if (offset === undefined) return new SyntaxError(`${name}: ${message}`);
    const { line, col } = counter.linePos(offset);
    return new SyntaxError(`${name}, line ${line}, column ${col}: ${message}`);
  };
  const broken = document.errors[0];
  if (broken !== undefined) {
    throw placed(broken.pos[0], broken.message.split("\n")[0]!.replace(/ at line.*$/, ""));
  }
  return {
    content: document.toJS() as Json,
    errorAt(path: Path, message: string): SyntaxError {
      // The key itself may be missing: then its nearest parent tells the place.
      let node: unknown = document.contents, offset: number | undefined;
      for (let i = 0;; i++) {
        offset = (node as { range?: [number, number, number] } | null)?.range?.[0] ?? offset;
        if (i >= path.length) break;
        if (isMap(node) || isSeq(node)) node = node.get(path[i], true);
        else break;
      }
      const where = path.length === 0 ? "" : `${path.join(".")}: `;
      return placed(offset, `${where}${message}`);
    },
  };
}

/** Whether a value is an object of a document. */
export function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
