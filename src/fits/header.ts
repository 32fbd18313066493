import { FitsFormatError } from "./fits_format_error.ts";

/** What a header card can hold; undefined where the value field is empty or there is none. */
export type HeaderValue = string | number | bigint | boolean | undefined;

/** One header card, with its CONTINUE cards joined to it. */
export interface Card {
  /**
   * Keyword in upper case; of a HIERARCH card all words after HIERARCH, joined by one blank;
   * "COMMENT", "HISTORY" or "" for text cards.
   */
  readonly keyword: string;
  /** Value; integers beyond 2^53 as bigint; a complex number as its text. */
  readonly value: HeaderValue;
  /** Comment after the slash, or the text of a text card. */
  readonly comment: string;
  /** What is wrong with the value field; the value is then its raw text. */
  readonly problem?: string;
}

/** The header of one HDU: its cards in order, and where they came from. */
export interface Header {
  /** All cards before END, CONTINUE joined. */
  readonly cards: readonly Card[];
  /** Keyword to the index of its first card; text cards are not in it. */
  readonly index: ReadonlyMap<string, number>;
  /** Name of the source; "" for a header made in memory. */
  readonly file: string;
  /** Index of the HDU. */
  readonly hdu: number;
  /** Where the header starts in the file. */
  readonly byteOffset: number;
}

const INTEGER = /^[+-]?\d+$/;
const REAL = /^[+-]?(\d+\.?\d*|\.\d+)([EeDd][+-]?\d+)?$/;
const COMPLEX = /^\([^()]*,[^()]*\)$/;

/** Where a header comes from, for messages. */
export interface HeaderPlace {
  /** Name of the source. */
  readonly file?: string;
  /** Index of the HDU. */
  readonly hdu?: number;
  /** Where the header starts in the file. */
  readonly byteOffset?: number;
}

/**
 * Reads header cards from bytes, as far as the END card (FITS 4.0 §3.2, §4).
 *
 * Knows CONTINUE (§4.2.1.2), HIERARCH, D exponents and 64-bit integers; a repeated keyword keeps
 * all its cards, of which the first counts. A value field that is no FITS value does not stop the
 * reading: its card says so in `problem`, and asking for its value throws.
 *
 * @param bytes The header, a multiple of 80 bytes, with or without what follows END.
 * @param place Where it comes from.
 * @returns A frozen header.
 *
 * @example
 * ```ts
 * import { headerNumber, parseHeader } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const card = "EXPOSURE=               1.5D+03 / [s] time on target".padEnd(80);
 * const header = parseHeader(new TextEncoder().encode(card + "END".padEnd(80)));
 * assert.equal(headerNumber(header, "EXPOSURE"), 1500);
 * assert.equal(header.cards[0]?.comment, "[s] time on target");
 * ```
 */
export function parseHeader(bytes: Uint8Array, place: HeaderPlace = {}): Header {
  const text = new TextDecoder("latin1").decode(bytes);
  const cards: Card[] = [], index = new Map<string, number>();
  for (let at = 0; at + 80 <= text.length; at += 80) {
    const line = text.slice(at, at + 80), word = line.slice(0, 8);
    if (word === "END     ") break;
    const last = cards[cards.length - 1];
    if (word === "CONTINUE" && line.slice(8, 10) !== "= " && isOpen(last)) {
      cards[cards.length - 1] = continued(last, line);
      continue;
    }
    const card = parseCard(line);
    if (isValueCard(card) && !index.has(card.keyword)) index.set(card.keyword, cards.length);
    cards.push(card);
  }
  return makeHeader(cards, index, place);
}

/**
 * A header made of cards in memory, for the functions that ask a header for values.
 *
 * @param cards Cards in order.
 * @param place What messages shall say it comes from.
 *
 * @example
 * ```ts
 * import { headerFromCards, headerString } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([{ keyword: "OBJECT", value: "Crab", comment: "" }]);
 * assert.equal(headerString(header, "OBJECT"), "Crab");
 * ```
 */
export function headerFromCards(cards: readonly Card[], place: HeaderPlace = {}): Header {
  const index = new Map<string, number>();
  for (const [i, card] of cards.entries()) {
    if (isValueCard(card) && !index.has(card.keyword)) index.set(card.keyword, i);
  }
  return makeHeader([...cards], index, place);
}

function makeHeader(cards: Card[], index: Map<string, number>, place: HeaderPlace): Header {
  for (const card of cards) Object.freeze(card);
  return Object.freeze({
    cards: Object.freeze(cards),
    index,
    file: place.file ?? "",
    hdu: place.hdu ?? 0,
    byteOffset: place.byteOffset ?? 0,
  });
}

function isValueCard(card: Card): boolean {
  return card.keyword !== "" && card.keyword !== "COMMENT" && card.keyword !== "HISTORY" &&
    card.keyword !== "CONTINUE";
}

/** A string that ends with an ampersand may be continued (§4.2.1.2). */
function isOpen(card: Card | undefined): card is Card & { value: string } {
  return card !== undefined && typeof card.value === "string" && card.problem === undefined &&
    card.value.endsWith("&");
}

function continued(card: Card & { value: string }, line: string): Card {
  const next = parseValue(line.slice(8));
  if (typeof next.value !== "string" || next.problem !== undefined) {
    return { ...card, problem: "a CONTINUE card without a string" };
  }
  const comment = [card.comment, next.comment].filter((part) => part !== "").join(" ");
  return { keyword: card.keyword, value: card.value.slice(0, -1) + next.value, comment };
}

function parseCard(line: string): Card {
  const keyword = line.slice(0, 8).trimEnd().toUpperCase();
  if (keyword === "HIERARCH") {
    const equals = line.indexOf("=");
    if (equals > 8) {
      const words = line.slice(8, equals).trim().replace(/ +/g, " ").toUpperCase();
      if (words !== "" && !words.includes("'")) {
        return { keyword: words, ...parseValue(line.slice(equals + 1)) };
      }
    }
  } else if (line[8] === "=" && line[9] === " " && keyword !== "") {
    if (keyword !== "COMMENT" && keyword !== "HISTORY") {
      return { keyword, ...parseValue(line.slice(10)) };
    }
  }
  return { keyword, value: undefined, comment: line.slice(8).trimEnd() };
}

type ParsedValue = Omit<Card, "keyword">;

function parseValue(field: string): ParsedValue {
  const start = field.length - field.trimStart().length;
  if (field[start] === "'") return parseString(field, start);
  const slash = field.indexOf("/");
  const token = (slash < 0 ? field : field.slice(0, slash)).trim();
  const comment = slash < 0 ? "" : field.slice(slash + 1).trim();
  if (token === "") return { value: undefined, comment };
  if (token === "T" || token === "F") return { value: token === "T", comment };
  if (INTEGER.test(token)) {
    const value = Number(token);
    return { value: Number.isSafeInteger(value) ? value : BigInt(token.replace("+", "")), comment };
  }
  if (REAL.test(token)) return { value: Number(token.replace(/[Dd]/, "E")), comment };
  if (COMPLEX.test(token)) return { value: token, comment };
  return { value: token, comment, problem: `found ${token}, which is no FITS value` };
}

function parseString(field: string, start: number): ParsedValue {
  let end = start + 1;
  for (;;) {
    end = field.indexOf("'", end);
    if (end < 0) {
      return {
        value: field.slice(start).trimEnd(),
        comment: "",
        problem: "the string has no closing quote",
      };
    }
    if (field[end + 1] !== "'") break;
    end += 2;
  }
  const value = field.slice(start + 1, end).replace(/''/g, "'").replace(/ +$/, "");
  const rest = field.slice(end + 1).trim();
  if (rest === "" || rest.startsWith("/")) return { value, comment: rest.slice(1).trim() };
  return { value, comment: "", problem: `found "${rest}" after the string, expected a slash` };
}

/**
 * The error of a header keyword, with its place.
 *
 * @param header The header it is about.
 * @param keyword The keyword.
 * @param problem What was found and what was expected.
 * @returns An error to throw.
 *
 * @example
 * ```ts
 * import { headerError, headerFromCards } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([], { file: "a.fits", hdu: 2 });
 * assert.match(headerError(header, "TELESCOP", "is missing").message, /a.fits, HDU 2, TELESCOP/);
 * ```
 */
export function headerError(header: Header, keyword: string, problem: string): FitsFormatError {
  return new FitsFormatError(problem, { file: header.file, hdu: header.hdu, keyword });
}
