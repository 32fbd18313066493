/** Checks who imports whom, and the other rules of the table in ARCHITECTURE.md. */
import { dirname, join, normalize } from "node:path/posix";

const architecture = Deno.readTextFileSync("ARCHITECTURE.md");
const table = /<!-- layers -->\s*```[a-z]*\n([\s\S]*?)```/.exec(architecture)?.[1];
if (table === undefined) {
  throw new Error("ARCHITECTURE.md has no table between <!-- layers --> and ```");
}

/** Folder → number of its line: a folder imports only from lines above its own. */
const rank = new Map<string, number>();
table.trim().split("\n").forEach((line, i) => {
  for (const folder of line.replace(/\(.*?\)/g, "").split("·")) {
    if (folder.trim() !== "") rank.set(folder.trim(), i);
  }
});

const MACHINE = /\bDeno\.|\bfetch\(|from "node:/;
const mayTouchMachine = (path: string) =>
  /_io\.ts$/.test(path) || /^(streams\/(sources|sinks|engines|monitor)|src\/cli)\//.test(path);
const mayUseRx = (path: string) =>
  /^streams\/(sources|operators|sinks|engines|monitor)\//.test(path) || /^src\/cli\//.test(path);
const mayKnowFits = (path: string) =>
  /^src\/(fits|cli)\//.test(path) || /_fits\.ts$/.test(path) || /_io\.ts$/.test(path) ||
  /^streams\/(sources|sinks)\//.test(path);

/** What is wrong, which files are free of it, and the text that shows it. */
const RULES: readonly (readonly [string, (path: string) => boolean, RegExp])[] = [
  ["RxJS stays in sources, operators, sinks, engines, monitor and cli", mayUseRx, /from "rxjs/],
  [
    "Only *_io.ts, sources, sinks, engines, monitor and cli touch the machine",
    mayTouchMachine,
    MACHINE,
  ],
  [
    "Only *_fits.ts, *_io.ts, sources, sinks and cli know FITS",
    mayKnowFits,
    /from "[^"]*\/fits\/mod\.ts"/,
  ],
  [
    "Operators and accumulators are synchronous",
    (path) => !/^streams\/(operators|accumulators)\//.test(path),
    /\b(async|await|Promise|concatMap|mergeMap|switchMap|observeOn)\b/,
  ],
  ["No class inherits, except errors", () => false, /class \w+(<[^>]*>)? extends (?!\w*Error\b)/],
  [
    "No default export, enum or namespace",
    () => false,
    /^export default|^export (const )?enum|^export namespace/m,
  ],
];

function* sources(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* sources(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

/** The folder of the table that a file belongs to: the longest that matches. */
function folderOf(path: string): string | undefined {
  return [...rank.keys()].filter((folder) => path.startsWith(folder + "/"))
    .sort((a, b) => b.length - a.length)[0];
}

const problems: string[] = [];
for (const root of ["src", "streams"]) {
  for (const path of sources(root)) {
    const text = Deno.readTextFileSync(path), from = folderOf(path);
    const isTop = /^streams\/mod\.ts$/.test(path);
    if (from === undefined && !isTop) problems.push(`${path}: its folder is not in the table`);
    const code = text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, "");
    for (const [what, isFree, bad] of RULES) {
      if (!isFree(path) && bad.test(code)) problems.push(`${path}: ${what}`);
    }
    for (const [, target] of code.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)) {
      const file = normalize(join(dirname(path), target!)), to = folderOf(file);
      if (/\/_[^/]+\.ts$/.test(file) && to !== from) {
        problems.push(`${path}: ${file} is private to its folder`);
      }
      if (from === undefined || to === undefined || from === to) continue;
      if (rank.get(from)! <= rank.get(to)!) problems.push(`${path}: ${from} must not import ${to}`);
      if (!file.endsWith("/mod.ts")) problems.push(`${path}: import ${to}/mod.ts, not ${file}`);
    }
  }
}
console.log(problems.join("\n") || "layers: ok");
if (problems.length > 0) Deno.exit(1);
