import type { Card, HeaderValue } from "./header.ts";

/**
 * One header card for writing.
 *
 * @param keyword Keyword of at most 8 of A–Z, 0–9, `-`, `_`; a longer one or one with blanks is
 * written by the HIERARCH convention; "COMMENT", "HISTORY" or "" for a text card.
 * @param value Value; undefined for an empty value field and for text cards.
 * @param comment Comment, or the text of a text card.
 * @returns A frozen card.
 *
 * @example
 * ```ts
 * import { card, formatCard } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const lines = formatCard(card("LIVETIME", 1683, "[s]"));
 * assert.equal(lines, "LIVETIME=                 1683 / [s]".padEnd(80));
 * ```
 */
export function card(keyword: string, value?: HeaderValue, comment = ""): Card {
  return Object.freeze({ keyword, value, comment });
}

/**
 * The text of a card: one line of 80 characters, more where a long string needs CONTINUE
 * (FITS 4.0 §4.2.1.2) or a long COMMENT several cards.
 *
 * @param one Card to write; a comment that does not fit beside its value is cut.
 * @returns A multiple of 80 characters.
 * @throws RangeError for a keyword or text that is not printable ASCII, for numbers that are not
 * finite, and for a value that does not fit into one card.
 *
 * @example
 * ```ts
 * import { card, formatCard } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatCard(card("OBJECT", "Crab")), "OBJECT  = 'Crab    '".padEnd(80));
 * assert.equal(formatCard(card("OBSERVER", "x".repeat(100))).length, 160);
 * ```
 */
export function formatCard(one: Card): string {
  const keyword = one.keyword.toUpperCase();
  for (const text of [keyword, one.comment, typeof one.value === "string" ? one.value : ""]) {
    if (!/^[ -~]*$/.test(text)) {
      throw new RangeError(`${keyword}: found "${text}", expected printable ASCII only`);
    }
  }
  if (["COMMENT", "HISTORY", ""].includes(keyword)) return textCards(keyword, one.comment);
  if (keyword === "END" || keyword === "CONTINUE") {
    throw new RangeError(`${keyword}: the writer sets this card itself; leave it out`);
  }
  const head = cardHead(keyword);
  if (typeof one.value === "string") return stringCards(head, keyword, one.value, one.comment);
  const free = head.length > 10;
  let line = head + (free ? valueText(one).trimStart() : valueText(one));
  if (line.length > 80) {
    throw new RangeError(`${keyword}: the value does not fit into a card; shorten the keyword`);
  }
  if (one.comment !== "" && line.length < 77) line = `${line} / ${one.comment}`;
  return line.slice(0, 80).padEnd(80);
}

function cardHead(keyword: string): string {
  if (/^[A-Z0-9_-]{1,8}$/.test(keyword)) return `${keyword.padEnd(8)}= `;
  if (/^[A-Z0-9_.+-]+( [A-Z0-9_.+-]+)*$/.test(keyword)) return `HIERARCH ${keyword} = `;
  throw new RangeError(`found the keyword "${keyword}", expected words of A-Z, 0-9, - and _`);
}

function valueText(one: Card): string {
  const value = one.value;
  if (value === undefined) return one.comment === "" ? "" : " ".repeat(20);
  if (typeof value === "boolean") return (value ? "T" : "F").padStart(20);
  if (typeof value === "bigint") return String(value).padStart(20);
  return realText(value as number, one.keyword).padStart(20);
}

/** The shortest decimal number that reads back as the same double. */
function realText(value: number, keyword: string): string {
  if (!Number.isFinite(value)) {
    throw new RangeError(`${keyword}: found ${value}, expected a finite number: FITS has no other`);
  }
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value).toUpperCase();
  if (Number.isSafeInteger(value) || text.includes(".")) return text;
  return text.includes("E") ? text.replace("E", ".0E") : `${text}.0`;
}

function textCards(keyword: string, text: string): string {
  const head = keyword.padEnd(8);
  let lines = "";
  for (let at = 0; at === 0 || at < text.length; at += 72) {
    lines += (head + text.slice(at, at + 72)).padEnd(80);
  }
  return lines;
}

function stringCards(head: string, keyword: string, value: string, comment: string): string {
  const escaped = value.replaceAll("'", "''");
  const quoted = `'${escaped.padEnd(8)}'`;
  // Comments start in column 32, as other writers have them: astropy compares checksums so.
  const aligned = comment !== "" && head.length === 10 && comment.length <= 47;
  const whole = head + (aligned ? quoted.padEnd(20) : quoted);
  const note = comment === "" ? "" : ` / ${comment}`;
  if (whole.length + note.length <= 80) return (whole + note).padEnd(80);
  // The comment goes beside an empty CONTINUE where the ampersand still fits.
  const opened = `${head}'${escaped}&'`;
  if (head.length === 10 && value !== "" && opened.length <= 80 && note.length <= 67) {
    return opened.padEnd(80) + `CONTINUE  ''${note}`.padEnd(80);
  }
  if (head.length > 70) throw new RangeError(`${keyword}: the keyword is too long for a string`);
  let lines = "", rest = value, room = 80 - head.length - 3, start = head;
  for (;;) {
    const piece = takeEscaped(rest, room);
    rest = rest.slice(piece.length);
    const text = piece.replaceAll("'", "''");
    if (rest === "") {
      const line = `${start}'${text}'`;
      return lines + (line.length + 4 < 80 ? line + note : line).slice(0, 80).padEnd(80);
    }
    lines += `${start}'${text}&'`.padEnd(80);
    start = "CONTINUE  ";
    room = 67;
  }
}

/** The longest front of a text that takes at most `room` characters once its quotes are doubled. */
function takeEscaped(text: string, room: number): string {
  let used = 0, n = 0;
  for (; n < text.length; n++) {
    used += text[n] === "'" ? 2 : 1;
    if (used > room) break;
  }
  return text.slice(0, n);
}
