/** Text, numbers and paths of SVG. Labels are plain text with ^{…} and _{…} for super- and subscripts. */

/** A number with at most two decimals, never "-0"; what is not finite may not reach the drawing. */
export function num(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`A coordinate of the figure is ${value}`);
  const rounded = Math.round(value * 100) / 100;
  return rounded === 0 ? "0" : String(rounded);
}

/** Text for element content and attributes. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;").replaceAll(/\p{Cc}/gu, " ");
}

/** A piece of a label: level 0 on the line, 1 raised, -1 lowered. */
export interface Piece {
  readonly text: string;
  readonly level: -1 | 0 | 1;
}

/** Cuts a label at its ^{…} and _{…}. */
export function pieces(label: string): Piece[] {
  const out: Piece[] = [];
  let from = 0;
  for (const match of label.matchAll(/([\^_])\{([^{}]*)\}/g)) {
    if (match.index > from) out.push({ text: label.slice(from, match.index), level: 0 });
    out.push({ text: match[2]!, level: match[1] === "^" ? 1 : -1 });
    from = match.index + match[0].length;
  }
  if (from < label.length) out.push({ text: label.slice(from), level: 0 });
  return out;
}

const NARROW = new Map([..." ,.:;|'!ijl"].map((c) => [c, 0.3]));
const WIDE = new Map([..."mwMW@%−×+=<>±~"].map((c) => [c, 0.88]));
const MIDDLE = new Map([..."frtsI()[]/-″′"].map((c) => [c, 0.42]));

function advance(char: string): number {
  const known = NARROW.get(char) ?? WIDE.get(char) ?? MIDDLE.get(char);
  return known ?? (char >= "A" && char <= "Z" ? 0.69 : 0.625);
}

/** Width of a label, an estimate good to some per cent for DejaVu Sans. */
export function textWidth(label: string, size: number): number {
  let width = 0;
  for (const { text, level } of pieces(label)) {
    for (const char of text) width += advance(char) * size * (level === 0 ? 1 : SMALL);
  }
  return width;
}

const SMALL = 0.7;

/** Where and how a label stands. */
export interface TextStyle {
  readonly size: number;
  readonly anchor?: "start" | "middle" | "end" | undefined;
  readonly color?: string | undefined;
  readonly rotate?: number | undefined;
  readonly bold?: boolean | undefined;
  /** A white outline behind the letters. */
  readonly halo?: boolean | undefined;
}

/** A <text> element at the baseline point (x, y). */
export function textElement(x: number, y: number, label: string, style: TextStyle): string {
  const { size, anchor = "start", color = "#000", rotate, bold, halo } = style;
  let body = "", shift = 0;
  for (const { text, level } of pieces(label)) {
    const target = level === 0 ? 0 : level === 1 ? -0.38 * size : 0.2 * size, dy = target - shift;
    shift = target;
    const attributes = (dy === 0 ? "" : ` dy="${num(dy)}"`) +
      (level === 0 ? "" : ` font-size="${num(SMALL * size)}"`);
    body += attributes === ""
      ? escapeText(text)
      : `<tspan${attributes}>${escapeText(text)}</tspan>`;
  }
  const turn = rotate === undefined
    ? ""
    : ` transform="rotate(${num(rotate)} ${num(x)} ${num(y)})"`;
  const paint = halo
    ? ` stroke="#fff" stroke-width="${num(size / 4)}" stroke-linejoin="round" paint-order="stroke"`
    : "";
  return `<text x="${num(x)}" y="${num(y)}" font-size="${num(size)}" text-anchor="${anchor}"` +
    `${bold ? ' font-weight="bold"' : ""} fill="${
      escapeText(color)
    }"${paint}${turn}>${body}</text>`;
}

/** Attributes of a stroke. */
export function stroke(color: string, width: number, dash?: readonly number[]): string {
  const dashes = dash === undefined ? "" : ` stroke-dasharray="${dash.map(num).join(" ")}"`;
  return `fill="none" stroke="${escapeText(color)}" stroke-width="${num(width)}"${dashes}`;
}

/** The label of an axis with its unit: powers of the unit become superscripts. */
export function labelWithUnit(label: string, unit?: string, power = 0): string {
  const parts = [
    ...(power === 0 ? [] : [`10^{${minus(power)}}`]),
    ...(unit === undefined || unit === "" ? [] : [unitMarkup(unit)]),
  ];
  return parts.length === 0 ? label : `${label} [${parts.join(" ")}]`.trimStart();
}

/** A number with a true minus sign. */
export function minus(value: number | string): string {
  return String(value).replace("-", "−");
}

function unitMarkup(unit: string): string {
  if (unit.includes("^{")) return unit;
  return unit.replaceAll(
    /([A-Za-zµμ°])(?:\*\*|\^)?\(?([+-]?\d+(?:[./]\d+)?)\)?/g,
    (_, last, power) => `${last}^{${minus(power)}}`,
  );
}
