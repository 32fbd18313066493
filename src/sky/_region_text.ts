/** Words of a region text with their places, and angles. */

/** A piece of text and where it stands. */
export interface Word {
  /** The text itself. */
  readonly text: string;
  /** Its line, from 1. */
  readonly line: number;
  /** Its first column, from 1. */
  readonly column: number;
}

/** An error with a place: what was found, what was expected. */
export function syntaxError(word: Word, expected: string): SyntaxError {
  const found = word.text === "" ? "the end of the command" : JSON.stringify(word.text);
  return new SyntaxError(
    `line ${word.line}, column ${word.column}: found ${found}, expected ${expected}`,
  );
}

/** Number of edits that turn one word into another. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + +(a[i - 1] !== b[j - 1]);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** A list of names, and the nearest one where it is near. */
export function oneOf(names: readonly string[], found: string): string {
  const word = found.slice(0, 40).toLowerCase();
  const ranked = names.map((name) => [distance(word, name), name] as const)
    .sort(([a], [b]) => a - b);
  const [edits = Infinity, nearest = ""] = ranked[0] ?? [];
  const hint = edits <= Math.max(2, nearest.length / 3) ? ` (did you mean "${nearest}"?)` : "";
  return `one of ${names.join(", ")}${hint}`;
}

const DECIMAL = "(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?";
const PLAIN = new RegExp(`^([+-]?${DECIMAL})(deg|[dr'"])?$`);
const COLONS = /^([+-]?)(\d+):(\d+):(\d+\.?\d*)$/;
const LETTERS = /^([+-]?)(\d+)([hd])(\d+)m(\d+\.?\d*)s$/;
const SCALES: Readonly<Record<string, number>> = {
  d: 1,
  deg: 1,
  r: 180 / Math.PI,
  "'": 1 / 60,
  '"': 1 / 3600,
};

/** A number with an optional unit of angle, deg. */
function plainDeg(word: Word, expected: string): number {
  const parts = PLAIN.exec(word.text);
  if (parts === null) throw syntaxError(word, expected);
  const [, digits, unit = "d"] = parts;
  return unit === "'"
    ? Number(digits) / 60
    : unit === '"'
    ? Number(digits) / 3600
    : Number(digits) * SCALES[unit]!;
}

/** A size or an angle, deg. */
export function sizeDeg(word: Word): number {
  return plainDeg(word, `a size such as 0.5, 0.5d, 30' or 1800"`);
}

/** A coordinate, deg; hours where it is sexagesimal with colons and `inHours`, or says h. */
export function coordinateDeg(word: Word, inHours: boolean): number {
  const colons = COLONS.exec(word.text), letters = LETTERS.exec(word.text);
  if (colons === null && letters === null) {
    return plainDeg(word, "a coordinate such as 83.633, 83.633d, 05:34:31.9 or 5h34m31.9s");
  }
  const [sign, first, minutes, seconds] = colons !== null
    ? [colons[1], colons[2], colons[3], colons[4]]
    : [letters![1], letters![2], letters![4], letters![5]];
  if (Number(minutes) >= 60 || Number(seconds) >= 60) {
    throw syntaxError(word, "minutes and seconds below 60");
  }
  const hours = colons !== null ? inHours : letters![3] === "h";
  if (hours && !inHours) throw syntaxError(word, "degrees, as hours are for right ascensions");
  const value = Number(first) + Number(minutes) / 60 + Number(seconds) / 3600;
  return (sign === "-" ? -value : value) * (hours ? 15 : 1);
}

/** Commands of a text: what stands between line ends and semicolons, without comments. */
export function commandsOf(text: string): readonly Word[] {
  const commands: Word[] = [];
  text.split(/\r\n|\r|\n/).forEach((whole, index) => {
    const line = index + 1, code = whole.split("#", 1)[0]!;
    let start = 0;
    for (const piece of code.split(";")) {
      const trimmed = piece.trim(), column = start + piece.length - piece.trimStart().length + 1;
      if (/^global\b/i.test(trimmed)) break;
      if (trimmed !== "") commands.push({ text: trimmed, line, column });
      start += piece.length + 1;
    }
  });
  return commands;
}
