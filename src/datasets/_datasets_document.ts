/** The list of datasets, as Gammapy has it in YAML. */
import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  Scalar,
  stringify,
} from "@std/yaml";

/** Types of entries that are spectra. */
export type DatasetType = "SpectrumDataset" | "SpectrumDatasetOnOff";

/** Formats of the files that entries name. */
export type DatasetFormat = "ogip" | "ogip-sherpa" | "gadf";

/** One dataset of the list. */
export interface DatasetEntry {
  /** Its name; undefined where the list has none. */
  readonly name: string | undefined;
  /** Format of its file. */
  readonly format: DatasetFormat;
  /** Name of its file, as it stands there. */
  readonly filename: string;
  /** An error at the place of its name. */
  readonly nameError: (message: string, cause?: unknown) => SyntaxError;
  /** An error at the place of its file's name. */
  readonly fileError: (message: string, cause?: unknown) => SyntaxError;
}

/** A list that was read. */
export interface DatasetList {
  readonly entries: readonly DatasetEntry[];
  readonly warnings: readonly string[];
}

const TOP = new Set(["datasets", "metadata"]);
const ENTRY = new Set(["name", "type", "format", "filename"]);

/** The formats of each type, the first where the list names none. */
const FORMATS: Readonly<Record<DatasetType, readonly DatasetFormat[]>> = {
  SpectrumDataset: ["gadf"],
  SpectrumDatasetOnOff: ["ogip", "ogip-sherpa", "gadf"],
};

/** Reads the list. Throws SyntaxError with file, line and column for what is wrong. */
export function readDatasetList(text: string, file: string): DatasetList {
  const counter = new LineCounter(), document = parseDocument(text, { lineCounter: counter });
  const placed = (offset: number | undefined, message: string, cause?: unknown): SyntaxError => {
    const { line, col } = counter.linePos(offset ?? 0);
    return new SyntaxError(
      `${file}, line ${line}, column ${col}: ${message}`,
      cause === undefined ? undefined : { cause },
    );
  };
  const at = (node: unknown, message: string, cause?: unknown) =>
    placed((node as Node | null)?.range?.[0], message, cause);
  const broken = document.errors[0];
  if (broken !== undefined) {
    throw placed(broken.pos[0], broken.message.split("\n")[0]!.replace(/ at line.*$/, ""));
  }
  const top = document.contents, list = isMap(top) ? top.get("datasets", true) : undefined;
  if (!isMap(top) || !isSeq(list)) throw at(list ?? top, "expected a list of datasets");
  const warnings: string[] = [];
  const warnUnknown = (map: { items: readonly { key: unknown }[] }, known: ReadonlySet<string>) => {
    for (const { key } of map.items) {
      const name = textOf(key) ?? "";
      if (!known.has(name)) warnings.push(at(key, `${name}: unknown, not used`).message);
    }
  };
  warnUnknown(top, TOP);
  const entries = list.items.map((one): DatasetEntry => {
    if (!isMap(one)) throw at(one, "expected a dataset with name, type and filename");
    const [name, type, format, filename] = ["name", "type", "format", "filename"].map((key) => {
      const node = one.get(key, true);
      return { node: node ?? one, text: textOf(node) };
    }) as [Found, Found, Found, Found];
    const called = `dataset ${name.text ?? "without a name"}`;
    const formats = type.text !== undefined && Object.hasOwn(FORMATS, type.text)
      ? FORMATS[type.text as DatasetType]
      : undefined;
    if (formats === undefined) {
      throw at(
        type.node,
        `${called}, file ${filename.text ?? "not named"}: found the type ${type.text ?? "none"}, ` +
          `expected ${Object.keys(FORMATS).join(" or ")}`,
      );
    }
    const known = formats.find((one) => one === (format.text ?? formats[0]));
    if (known === undefined) {
      throw at(
        format.node,
        `${called}, file ${filename.text ?? "not named"}: found the format ${format.text}, ` +
          `expected ${formats.join(" or ")}`,
      );
    }
    if (filename.text === undefined) throw at(filename.node, `${called}: expected a filename`);
    warnUnknown(one, ENTRY);
    return {
      name: name.text,
      format: known,
      filename: filename.text,
      nameError: (message, cause) => at(name.node, message, cause),
      fileError: (message, cause) => at(filename.node, `${called}: ${message}`, cause),
    };
  });
  return { entries, warnings };
}

/** What an entry has for a key, and where. */
interface Found {
  readonly node: unknown;
  readonly text: string | undefined;
}

/** The text of a node as it was written, so that 007 stays 007; undefined where there is none. */
function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null || node.value === "") return undefined;
  return node.source ?? String(node.value);
}

/** An entry to write. */
export interface WrittenEntry {
  readonly name: string;
  readonly type: DatasetType;
  readonly format: DatasetFormat;
  readonly filename: string;
}

/** Writes the list. Names are quoted: readers of YAML 1.1 take 23523, 1_0, yes and 12:30 for other things. */
export function writeDatasetList(entries: readonly WrittenEntry[]): string {
  const quoted = (text: string) => {
    const scalar = new Scalar(text);
    scalar.type = Scalar.QUOTE_SINGLE;
    return scalar;
  };
  const datasets = entries.map(({ name, filename, ...rest }) => ({
    name: quoted(name),
    ...rest,
    filename,
  }));
  return stringify({ datasets }, { lineWidth: 0 });
}
