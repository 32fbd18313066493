/**
 * Where implementations are entered and found by what they are: readers, writers, detectors,
 * models. An entry answers for itself; nobody switches on its kind.
 */
export interface Registry<Entry extends RegistryEntry> {
  /** Adds an entry. Throws TypeError if its (kind, format, version) is taken. */
  readonly register: (entry: Entry) => void;
  /** The entry of a kind, format and version. Throws RangeError naming what there is. */
  readonly lookup: (kind: string, format: string, version?: string) => Entry;
  /** All entries, or all of one kind, in the order of registration. */
  readonly entries: (kind?: string) => readonly Entry[];
}

/** What names an entry of a registry. */
export interface RegistryEntry {
  /** What the entry is for: "events", "map", "spectrum". */
  readonly kind: string;
  /** The family of files or things: "gadf", "fermi-ft1". */
  readonly format: string;
  /** Version within the format: "0.3"; "" where the format has none. */
  readonly version: string;
}

/**
 * Makes an empty registry.
 *
 * @param what What it holds, for error messages: "event format".
 * @returns A registry owned by the caller.
 * @example
 * ```ts
 * import { createRegistry } from "@gammarx/gammarx/registry";
 * import { strictEqual, throws } from "node:assert/strict";
 * const formats = createRegistry("format");
 * formats.register({ kind: "map", format: "gadf", version: "0.3" });
 * strictEqual(formats.lookup("map", "gadf").version, "0.3");
 * throws(() => formats.lookup("map", "gadff"), /gadf/);
 * ```
 */
export function createRegistry<Entry extends RegistryEntry>(what: string): Registry<Entry> {
  const list: Entry[] = [];
  const name = (e: RegistryEntry) => `${e.kind}/${e.format}${e.version && "@" + e.version}`;
  return Object.freeze({
    register(entry: Entry): void {
      if (list.some((one) => name(one) === name(entry))) {
        throw new TypeError(`There is a ${what} "${name(entry)}" already`);
      }
      list.push(Object.freeze(entry));
    },
    lookup(kind: string, format: string, version?: string): Entry {
      const found = list.find((one) =>
        one.kind === kind && one.format === format &&
        (version === undefined || one.version === version)
      );
      if (found !== undefined) return found;
      const wanted = `${kind}/${format}${version === undefined ? "" : "@" + version}`;
      const known = list.filter((one) => one.kind === kind).map(name).join(", ") || "none";
      throw new RangeError(`No ${what} "${wanted}": known are ${known}`);
    },
    entries(kind?: string): readonly Entry[] {
      return kind === undefined ? [...list] : list.filter((one) => one.kind === kind);
    },
  });
}
