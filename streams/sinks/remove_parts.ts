import { join } from "node:path";

/**
 * Removes what killed runs left half written beside files: `NAME.….part`, as `writeFileAtomic`
 * names it. Not for a folder that another run is writing into.
 *
 * @param folder Path of the folder.
 * @param names Names of the files.
 * @throws The system's error for a folder that is not there.
 * @example
 * ```ts
 * import { removeParts } from "@gammarx/gammarx/sinks";
 * import { deepStrictEqual } from "node:assert/strict";
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/map.fits.0badf00d.part`, "SIMPLE");
 * await removeParts(folder, ["map.fits"]);
 * deepStrictEqual([...Deno.readDirSync(folder)], []);
 * await Deno.remove(folder);
 * ```
 */
export async function removeParts(folder: string, names: readonly string[]): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const whole = /^(.*)\.[0-9a-f]{8}\.part$/.exec(name)?.[1];
    if (whole !== undefined && names.includes(whole)) await Deno.remove(join(folder, name));
  }
}
