/** Where tests find real data and reference cases: `$GAMMARX_DATA`, then `../shared`. */
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../", import.meta.url));

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function findRoot(): string | undefined {
  const named = Deno.env.get("GAMMARX_DATA");
  if (named !== undefined && named !== "") return named;
  const beside = `${repository}../shared/data`;
  return isThere(beside) ? beside : undefined;
}

/** The folder of real data, or undefined where there is none. */
export const dataRoot: string | undefined = findRoot();

/** Path of a file or folder of the real data, by its place below the data folder. */
export function dataFile(relative: string): string {
  return `${dataRoot}/${relative}`;
}

/** Registers a test that needs real data; without them it is ignored, by name, with the reason. */
export function dataTest(
  name: string,
  needs: readonly string[],
  fn: (t: Deno.TestContext) => void | Promise<void>,
): void {
  const missing = dataRoot === undefined
    ? "no folder of real data: set GAMMARX_DATA"
    : needs.find((path) => !isThere(dataFile(path)));
  if (missing === undefined) Deno.test(name, fn);
  else Deno.test({ name: `${name} [ignored, needs data: ${missing}]`, ignore: true, fn });
}

/** One entry of a reference file. */
export interface ReferenceCase {
  readonly id: string;
  readonly description?: string;
  readonly inputs: Record<string, unknown>;
  readonly expected: Record<string, unknown>;
  readonly tol: Record<string, { rtol: number; atol: number }>;
  readonly tolerance: Record<string, number | boolean>;
}

const files = new Map<string, Map<string, ReferenceCase>>();

/** A reference case by file and id. Throws RangeError for an unknown id. */
export function referenceCase(file: "gammapy.json" | "pulsar.json", id: string): ReferenceCase {
  let cases = files.get(file);
  if (cases === undefined) {
    const text = Deno.readTextFileSync(`${dataRoot}/../reference/${file}`);
    const parsed = JSON.parse(text) as { cases: ReferenceCase[] };
    cases = new Map(parsed.cases.map((one) => [one.id, one]));
    files.set(file, cases);
  }
  const found = cases.get(id);
  if (found === undefined) throw new RangeError(`No reference case "${id}" in ${file}`);
  return found;
}

/** Registers a test against a reference case (and the data files it names). */
export function referenceTest(
  file: "gammapy.json" | "pulsar.json",
  id: string,
  needs: readonly string[],
  fn: (reference: ReferenceCase) => void | Promise<void>,
): void {
  dataTest(
    `reference ${file} ${id}`,
    [`../reference/${file}`, ...needs],
    () => fn(referenceCase(file, id)),
  );
}

function numberOf(value: unknown): number {
  if (value === "NaN") return NaN;
  if (value === "Infinity") return Infinity;
  if (value === "-Infinity") return -Infinity;
  return value as number;
}

/**
 * Holds `found` against an expected entry: numbers, strings and nested lists, element by element,
 * |found - expected| <= atol + rtol |expected|; null elements of the reference are not compared.
 */
export function agrees(
  found: unknown,
  expected: unknown,
  tolerance: { rtol?: number; atol?: number },
  where: string,
): void {
  if (expected === null) return;
  if (Array.isArray(expected)) {
    const list = found as ArrayLike<unknown>;
    if (list.length !== expected.length) {
      throw new Error(`${where}: found ${list.length} elements, expected ${expected.length}`);
    }
    expected.forEach((one, i) => agrees(list[i], one, tolerance, `${where}[${i}]`));
    return;
  }
  const wanted = numberOf(expected);
  if (typeof wanted !== "number") {
    if (found !== expected) throw new Error(`${where}: found ${found}, expected ${expected}`);
    return;
  }
  const value = Number(found),
    limit = (tolerance.atol ?? 0) + (tolerance.rtol ?? 0) * Math.abs(wanted);
  if (Object.is(value, wanted) || Math.abs(value - wanted) <= limit) return;
  throw new Error(`${where}: found ${value}, expected ${wanted} within ${limit}`);
}
