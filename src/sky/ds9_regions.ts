/**
 * Regions as text, in the DS9 format.
 *
 * Read are `circle(lon,lat,r)`, `annulus(lon,lat,r1,r2)`, `ellipse(lon,lat,rx,ry[,angle])`,
 * `box(lon,lat,w,h[,angle])`, `polygon(lon,lat,…)` and `point(lon,lat)` after a frame: `icrs`, `galactic`,
 * or `fk5` and `j2000`, which are taken as ICRS (they differ by less than 0.03″). Bare numbers are
 * degrees; sizes may end in `d`, `r`, `'` or `"`; positions may be sexagesimal (with colons hours for
 * the right ascension). Commands end with a line or `;`; `#` begins comments and properties; `global`
 * lines are passed over; a `-` before a shape excludes it, a `+` includes it.
 *
 * Source: SAOImageDS9 reference manual, "Regions"; angles as in astropy's regions package (the height
 * axis is at the position angle).
 */
import {
  commandsOf,
  coordinateDeg,
  oneOf,
  sizeDeg,
  syntaxError,
  type Word,
} from "./_region_text.ts";
import { createRegion, type Region, type SimpleRegion } from "./region.ts";
import type { SkyFrame } from "./sky_frame.ts";

const FRAMES: Readonly<Record<string, SkyFrame>> = {
  icrs: "icrs",
  fk5: "icrs",
  j2000: "icrs",
  galactic: "galactic",
};

/** Words of a shape's arguments, with the frame they are in. */
interface Arguments {
  readonly words: readonly Word[];
  readonly frame: SkyFrame;
}

interface Shape {
  /** Fewest arguments. */
  readonly least: number;
  /** Most arguments. */
  readonly most: number;
  /** What is expected, for messages. */
  readonly form: string;
  /** The region of checked arguments. */
  readonly make: (args: Arguments) => SimpleRegion;
}

/** The position that two words give. */
function positionAt(args: Arguments, at: number): { lonDeg: number; latDeg: number } {
  return {
    lonDeg: coordinateDeg(args.words[at]!, args.frame === "icrs"),
    latDeg: coordinateDeg(args.words[at + 1]!, false),
  };
}

function sizeAt(args: Arguments, at: number): number {
  return sizeDeg(args.words[at]!);
}

function angleAt(args: Arguments, at: number): number {
  return args.words.length > at ? sizeAt(args, at) : 0;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  circle: {
    least: 3,
    most: 3,
    form: "circle(lon,lat,radius)",
    make: (args) => ({
      kind: "circle",
      frame: args.frame,
      ...positionAt(args, 0),
      radiusDeg: sizeAt(args, 2),
    }),
  },
  annulus: {
    least: 4,
    most: 4,
    form: "annulus(lon,lat,inner,outer)",
    make: (args) => ({
      kind: "annulus",
      frame: args.frame,
      ...positionAt(args, 0),
      innerRadiusDeg: sizeAt(args, 2),
      outerRadiusDeg: sizeAt(args, 3),
    }),
  },
  ellipse: {
    least: 4,
    most: 5,
    form: "ellipse(lon,lat,rx,ry,angle)",
    make: (args) => ({
      kind: "ellipse",
      frame: args.frame,
      ...positionAt(args, 0),
      widthDeg: 2 * sizeAt(args, 2),
      heightDeg: 2 * sizeAt(args, 3),
      angleDeg: angleAt(args, 4),
    }),
  },
  box: {
    least: 4,
    most: 5,
    form: "box(lon,lat,width,height,angle)",
    make: (args) => ({
      kind: "rectangle",
      frame: args.frame,
      ...positionAt(args, 0),
      widthDeg: sizeAt(args, 2),
      heightDeg: sizeAt(args, 3),
      angleDeg: angleAt(args, 4),
    }),
  },
  polygon: {
    least: 6,
    most: Infinity,
    form: "polygon(lon,lat,lon,lat,lon,lat,...)",
    make(args) {
      const vertices = [];
      for (let at = 0; at + 1 < args.words.length; at += 2) vertices.push(positionAt(args, at));
      return { kind: "polygon", frame: args.frame, vertices };
    },
  },
  point: {
    least: 2,
    most: 2,
    form: "point(lon,lat)",
    make: (args) => ({ kind: "point", frame: args.frame, ...positionAt(args, 0) }),
  },
};

/** Words between the brackets of a command, or what follows a name without brackets. */
function argumentsOf(command: Word, from: number): readonly Word[] {
  const place = (text: string, at: number): Word => ({
    text,
    line: command.line,
    column: command.column + at,
  });
  const rest = command.text.slice(from), opening = /^\s*\(/.exec(rest);
  const start = from + (opening?.[0].length ?? 0);
  let end = command.text.length;
  if (opening !== null) {
    const closing = command.text.indexOf(")", start);
    if (closing < 0) throw syntaxError(place("", end), `")"`);
    const after = command.text.slice(closing + 1), lead = after.length - after.trimStart().length;
    if (after.trim() !== "" && after.trim() !== "||") {
      throw syntaxError(place(after.trim(), closing + 1 + lead), "the end of the command");
    }
    end = closing;
  }
  const words: Word[] = [];
  for (const match of command.text.slice(start, end).matchAll(/[^\s,]+/g)) {
    words.push(place(match[0], start + match.index));
  }
  return words;
}

/** The region of one command with a shape. */
function shapeOf(command: Word, frame: SkyFrame | undefined): SimpleRegion {
  const parts = /^([+-]?\s*)([A-Za-z_]\w*)/.exec(command.text);
  if (parts === null) throw syntaxError(command, "a frame or a shape");
  const [whole, sign, name] = parts as unknown as [string, string, string];
  const word = { text: name, line: command.line, column: command.column + sign.length };
  const shape = Object.hasOwn(SHAPES, name.toLowerCase()) ? SHAPES[name.toLowerCase()] : undefined;
  if (shape === undefined) {
    const isWord = command.text === name;
    throw syntaxError(
      word,
      oneOf([...Object.keys(SHAPES), ...(isWord ? Object.keys(FRAMES) : [])], name),
    );
  }
  if (frame === undefined) throw syntaxError(word, "a frame first, such as icrs or galactic");
  const words = argumentsOf(command, whole.length), count = words.length;
  if (count < shape.least || count > shape.most || (shape.most === Infinity && count % 2 === 1)) {
    throw syntaxError(command, `${shape.form}, not ${count} arguments`);
  }
  const region = shape.make({ words, frame });
  try {
    return createRegion(region);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`line ${word.line}, column ${word.column}: ${error.message}`);
  }
}

/**
 * The region that a DS9 text describes: one shape as itself, several as a compound of what is included
 * and what is excluded.
 *
 * @param text lines or commands joined by `;`
 * @returns a frozen region
 * @throws SyntaxError for text that is not understood, with line, column, what was found, what was
 * expected and the nearest right name; RangeError for numbers that make no region
 * @example
 * ```ts
 * import { parseRegions } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const crab = parseRegions("icrs;circle(83.633,22.014,0.5)");
 * assert.ok(crab.kind === "circle" && crab.radiusDeg === 0.5);
 * const sexagesimal = parseRegions("icrs; circle(05:34:31.9 22:00:52, 30') # color=red");
 * assert.ok(sexagesimal.kind === "circle" && Math.abs(sexagesimal.lonDeg - 83.633) < 1e-3);
 * assert.throws(
 *   () => parseRegions("icrs;circel(1,2,3)"),
 *   /line 1, column 6: found "circel", .*did you mean "circle"/,
 * );
 * ```
 */
export function parseRegions(text: string): Region {
  const include: SimpleRegion[] = [], exclude: SimpleRegion[] = [];
  let frame: SkyFrame | undefined;
  for (const command of commandsOf(text)) {
    const word = command.text.toLowerCase();
    if (Object.hasOwn(FRAMES, word)) {
      frame = FRAMES[word];
      continue;
    }
    (command.text.startsWith("-") ? exclude : include).push(shapeOf(command, frame));
  }
  const [only, ...others] = include;
  if (only === undefined) {
    throw new SyntaxError(
      `line 1, column 1: found ${exclude.length} excluded shapes and no other, expected at least one ` +
        `included shape such as icrs;circle(83.633,22.014,0.5)`,
    );
  }
  if (others.length === 0 && exclude.length === 0) return only;
  return createRegion({ kind: "compound", include, exclude });
}

const FORMATS: {
  readonly [K in SimpleRegion["kind"]]: (
    region: Extract<SimpleRegion, { kind: K }>,
  ) => readonly (string | number)[];
} = {
  circle: (r) => ["circle", r.lonDeg, r.latDeg, r.radiusDeg],
  annulus: (r) => ["annulus", r.lonDeg, r.latDeg, r.innerRadiusDeg, r.outerRadiusDeg],
  ellipse: (r) => ["ellipse", r.lonDeg, r.latDeg, r.widthDeg / 2, r.heightDeg / 2, r.angleDeg],
  rectangle: (r) => ["box", r.lonDeg, r.latDeg, r.widthDeg, r.heightDeg, r.angleDeg],
  polygon: (r) => ["polygon", ...r.vertices.flatMap((one) => [one.lonDeg, one.latDeg])],
  point: (r) => ["point", r.lonDeg, r.latDeg],
};

/** The simple regions of a union, or RangeError where a part excludes something. */
function unionParts(region: Region): readonly SimpleRegion[] {
  if (region.kind !== "compound") return [region];
  if (region.exclude.length > 0) {
    throw new RangeError(
      "A compound with excluded parts stands within another: DS9 text has one level only",
    );
  }
  return region.include.flatMap(unionParts);
}

/**
 * A region as DS9 text, one shape a line, that {@linkcode parseRegions} reads back number for number.
 *
 * @param region the region; unions within it are written as their parts
 * @returns the text, with a final line end
 * @throws RangeError where a compound that excludes something stands within another
 * @example
 * ```ts
 * import { formatRegions, parseRegions } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const text = "icrs\ncircle(83.633,22.014,0.5)\n";
 * assert.equal(formatRegions(parseRegions(text)), text);
 * ```
 */
export function formatRegions(region: Region): string {
  const include = region.kind === "compound" ? region.include.flatMap(unionParts) : [region];
  const exclude = region.kind === "compound" ? region.exclude.flatMap(unionParts) : [];
  const lines: string[] = [];
  let frame: SkyFrame | undefined;
  for (const [sign, regions] of [["", include], ["-", exclude]] as const) {
    for (const one of regions) {
      if (one.frame !== frame) lines.push(one.frame);
      frame = one.frame;
      const [name, ...numbers] = (FORMATS[one.kind] as (
        region: SimpleRegion,
      ) => readonly (string | number)[])(one);
      lines.push(`${sign}${name}(${numbers.join(",")})`);
    }
  }
  return lines.join("\n") + "\n";
}
