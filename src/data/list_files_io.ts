import { join } from "node:path";

const EVENT_FILE = /\.(fits|fit|fts|evt|ft1)(\.gz)?$/i;

/** True where the path is a folder. Throws the system's error where there is nothing. */
export function isFolder(path: string): boolean {
  return Deno.statSync(path).isDirectory;
}

/** True where there is a file. */
export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/**
 * The files below a folder whose names say that they may be event lists (`.fits`, `.fit`, `.evt`,
 * compressed or not), in the order of their names.
 *
 * @param folder Path of a folder.
 * @returns Paths.
 * @throws The system's error for a folder that cannot be read.
 * @example
 * ```ts
 * import { listEventFiles } from "@gammarx/gammarx/data";
 * import { deepStrictEqual } from "node:assert/strict";
 * const folder = await Deno.makeTempDir();
 * deepStrictEqual(listEventFiles(folder), []);
 * await Deno.remove(folder);
 * ```
 */
export function listEventFiles(folder: string): string[] {
  const files: string[] = [];
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) files.push(...listEventFiles(path));
    else if (EVENT_FILE.test(entry.name)) files.push(path);
  }
  return files.sort();
}

/** Joins parts of a path. */
export function joinPath(...parts: string[]): string {
  return join(...parts);
}

/** The names of the files of a folder, in their order. */
export function listFiles(folder: string): string[] {
  return [...Deno.readDirSync(folder)].filter((entry) => !entry.isDirectory)
    .map((entry) => entry.name).sort();
}
