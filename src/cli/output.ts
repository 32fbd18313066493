/** Prints one JSON document on stdout. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(plain(value)));
}

/** The same value as plain JSON data: typed arrays become lists, what is no number becomes null. */
export function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    return Array.from(value as unknown as ArrayLike<number | bigint>, (one) => plain(one));
  }
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  }
  return value;
}

/** A table with aligned columns for people to read. */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cells = [header, ...rows].map((row) => row.map(String));
  const widths = header.map((_, k) => Math.max(...cells.map((row) => row[k]!.length)));
  const isText = header.map((_, k) => rows.some((row) => typeof row[k] === "string"));
  return cells.map((row) =>
    row.map((cell, k) => isText[k] ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!)).join("  ")
      .trimEnd()
  ).join("\n");
}

/** Writes to stderr what is no result. */
export function log(text: string): void {
  console.error(text);
}

/** True for a web address. */
export function isUrl(place: string): boolean {
  return /^https?:/i.test(place);
}
