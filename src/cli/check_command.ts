import { isFolder, listEventFiles } from "../data/mod.ts";
import { checkEventFile, type Fault } from "../events/mod.ts";
import { EXIT } from "./errors.ts";
import { isUrl, printJson } from "./output.ts";

/** Runs `gammarx check`. Gives the exit code: 3 where a file has an error. */
export async function checkCommand(
  places: readonly string[],
  flags: { readonly json?: boolean },
): Promise<number> {
  const paths = places.flatMap((place) =>
    !isUrl(place) && isFolder(place) ? listEventFiles(place) : [place]
  );
  const faults: Fault[] = [];
  for (const path of paths) faults.push(...await checkEventFile(path));
  const errors = faults.filter((fault) => fault.level === "error").length;
  if (flags.json) printJson({ files: paths.length, errors, faults });
  else {
    for (const fault of faults) console.log(faultLine(fault));
    console.log(`${paths.length} files, ${errors} errors, ${faults.length - errors} warnings`);
  }
  return errors > 0 ? EXIT.badData : EXIT.done;
}

function faultLine({ level, source, hdu, keyword, row, problem }: Fault): string {
  const place = [source, `HDU ${hdu}`, keyword, row === undefined ? "" : `row ${row}`];
  return `${level}: ${place.filter((part) => part !== "").join(", ")}: ${problem}`;
}
