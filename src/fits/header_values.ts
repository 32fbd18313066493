import { type Card, type Header, headerError, type HeaderValue } from "./header.ts";

function key(keyword: string): string {
  return keyword.trim().toUpperCase();
}

/** The first card's value; undefined if absent or empty; throws if the card is no FITS value. */
function valueOf(header: Header, keyword: string): HeaderValue {
  const at = header.index.get(key(keyword));
  if (at === undefined) return undefined;
  const card = header.cards[at]!;
  if (card.problem !== undefined) throw headerError(header, card.keyword, card.problem);
  return card.value;
}

function present<T>(header: Header, keyword: string, value: T | undefined, type: string): T {
  if (value !== undefined) return value;
  const empty = header.index.has(key(keyword));
  throw headerError(
    header,
    key(keyword),
    empty ? `the value is empty, expected ${type}` : `the keyword is missing, expected ${type}`,
  );
}

function wrongType(header: Header, keyword: string, value: HeaderValue, type: string): Error {
  const found = typeof value === "string" ? `'${value}'` : String(value);
  return headerError(header, key(keyword), `found ${found}, expected ${type}`);
}

/**
 * All cards with a keyword, in order: duplicates, COMMENT, HISTORY.
 *
 * @param header Header to look in.
 * @param keyword Keyword, in any case.
 *
 * @example
 * ```ts
 * import { card, headerCards, headerFromCards } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([card("HISTORY", undefined, "one"), card("HISTORY", undefined, "two")]);
 * assert.deepEqual(headerCards(header, "HISTORY").map((c) => c.comment), ["one", "two"]);
 * ```
 */
export function headerCards(header: Header, keyword: string): readonly Card[] {
  const wanted = key(keyword);
  return header.cards.filter((card) => card.keyword === wanted);
}

/**
 * The value of a keyword of any type; of a repeated keyword the first.
 *
 * @param header Header to look in.
 * @param keyword Keyword, in any case; of a HIERARCH card its words without HIERARCH.
 * @returns The value, or undefined where the keyword is absent or its value empty.
 * @throws FitsFormatError if the value field is no FITS value.
 *
 * @example
 * ```ts
 * import { card, headerFromCards, headerValue } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([card("OBS_ID", 23523)]);
 * assert.equal(headerValue(header, "obs_id"), 23523);
 * assert.equal(headerValue(header, "OBJECT"), undefined);
 * ```
 */
export function headerValue(header: Header, keyword: string): HeaderValue {
  return valueOf(header, keyword);
}

/**
 * A number, or undefined where the keyword is absent or empty.
 *
 * @param header Header to look in.
 * @param keyword Keyword, in any case.
 * @returns The number; an integer beyond 2^53 as the nearest one.
 * @throws FitsFormatError for a value that is no number.
 *
 * @example
 * ```ts
 * import { card, headerFromCards, optionalHeaderNumber } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([card("DEADC", 0.94)]);
 * assert.equal(optionalHeaderNumber(header, "DEADC"), 0.94);
 * assert.equal(optionalHeaderNumber(header, "LIVETIME"), undefined);
 * ```
 */
export function optionalHeaderNumber(header: Header, keyword: string): number | undefined {
  const value = valueOf(header, keyword);
  if (value === undefined || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  throw wrongType(header, keyword, value, "a number");
}

/**
 * A number that must be there.
 *
 * @param header Header to look in.
 * @param keyword Keyword, in any case.
 * @returns The number; an integer beyond 2^53 as the nearest one.
 * @throws FitsFormatError if it is missing or no number.
 *
 * @example
 * ```ts
 * import { card, FitsFormatError, headerFromCards, headerNumber } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([card("TSTART", 333778852.435)]);
 * assert.equal(headerNumber(header, "TSTART"), 333778852.435);
 * assert.throws(() => headerNumber(header, "TSTOP"), FitsFormatError);
 * ```
 */
export function headerNumber(header: Header, keyword: string): number {
  return present(header, keyword, optionalHeaderNumber(header, keyword), "a number");
}

/**
 * A whole number, or undefined where the keyword is absent or empty.
 *
 * @param header Header to look in.
 * @param keyword Keyword, in any case.
 * @returns A safe integer; a real like `3.0` counts as 3.
 * @throws FitsFormatError for a value that is no whole number below 2^53.
 *
 * @example
 * ```ts
 * import { card, headerFromCards, optionalHeaderInteger } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([card("MJDREFI", 51910)]);
 * assert.equal(optionalHeaderInteger(header, "MJDREFI"), 51910);
 * assert.equal(optionalHeaderInteger(header, "OBS_ID"), undefined);
 * ```
 */
export function optionalHeaderInteger(header: Header, keyword: string): number | undefined {
  const value = valueOf(header, keyword);
  if (value === undefined || Number.isSafeInteger(value)) return value as number | undefined;
  throw wrongType(header, keyword, value, "a whole number below 2^53");
}

/**
 * A whole number that must be there.
 *
 * @param header Header to look in.
 * @param keyword Keyword, in any case.
 * @returns A safe integer; a real like `3.0` counts as 3.
 * @throws FitsFormatError if it is missing or no whole number below 2^53.
 *
 * @example
 * ```ts
 * import { card, FitsFormatError, headerFromCards, headerInteger } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([card("OBS_ID", 23523), card("ALT_PNT", 41.5)]);
 * assert.equal(headerInteger(header, "OBS_ID"), 23523);
 * assert.throws(() => headerInteger(header, "ALT_PNT"), FitsFormatError);
 * ```
 */
export function headerInteger(header: Header, keyword: string): number {
  return present(header, keyword, optionalHeaderInteger(header, keyword), "a whole number");
}

/**
 * A whole number of any size, or undefined where the keyword is absent or empty.
 *
 * @param header Header to look in.
 * @param keyword Keyword, in any case.
 * @throws FitsFormatError for a value that is no whole number.
 *
 * @example
 * ```ts
 * import { card, headerFromCards, optionalHeaderBigInt } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([card("OBS_ID", 23523)]);
 * assert.equal(optionalHeaderBigInt(header, "OBS_ID"), 23523n);
 * assert.equal(optionalHeaderBigInt(header, "RUN_ID"), undefined);
 * ```
 */
export function optionalHeaderBigInt(header: Header, keyword: string): bigint | undefined {
  const value = valueOf(header, keyword);
  if (value === undefined || typeof value === "bigint") return value;
  if (Number.isSafeInteger(value)) return BigInt(value as number);
  throw wrongType(header, keyword, value, "a whole number");
}

/**
 * A text, or undefined where the keyword is absent or its value field empty. A string of blanks
 * is "".
 *
 * @param header Header to look in.
 * @param keyword Keyword, in any case.
 * @throws FitsFormatError for a value that is no string.
 *
 * @example
 * ```ts
 * import { card, headerFromCards, optionalHeaderString } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([card("OBJECT", "Crab")]);
 * assert.equal(optionalHeaderString(header, "OBJECT"), "Crab");
 * assert.equal(optionalHeaderString(header, "INSTRUME"), undefined);
 * ```
 */
export function optionalHeaderString(header: Header, keyword: string): string | undefined {
  const value = valueOf(header, keyword);
  if (value === undefined || typeof value === "string") return value;
  throw wrongType(header, keyword, value, "a string");
}

/**
 * A text that must be there.
 *
 * @param header Header to look in.
 * @param keyword Keyword, in any case.
 * @returns The text without trailing blanks.
 * @throws FitsFormatError if it is missing or no string.
 *
 * @example
 * ```ts
 * import { card, FitsFormatError, headerFromCards, headerString } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([card("TELESCOP", "HESS"), card("OBS_ID", 23523)]);
 * assert.equal(headerString(header, "TELESCOP"), "HESS");
 * assert.throws(() => headerString(header, "OBS_ID"), FitsFormatError);
 * ```
 */
export function headerString(header: Header, keyword: string): string {
  return present(header, keyword, optionalHeaderString(header, keyword), "a string");
}

/**
 * A logical value, or undefined where the keyword is absent or empty.
 *
 * @param header Header to look in.
 * @param keyword Keyword, in any case.
 * @throws FitsFormatError for a value that is neither T nor F.
 *
 * @example
 * ```ts
 * import { card, headerFromCards, optionalHeaderBoolean } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([card("EXTEND", true)]);
 * assert.equal(optionalHeaderBoolean(header, "EXTEND"), true);
 * assert.equal(optionalHeaderBoolean(header, "GROUPS"), undefined);
 * ```
 */
export function optionalHeaderBoolean(header: Header, keyword: string): boolean | undefined {
  const value = valueOf(header, keyword);
  if (value === undefined || typeof value === "boolean") return value;
  throw wrongType(header, keyword, value, "T or F");
}

/**
 * A logical value that must be there.
 *
 * @param header Header to look in.
 * @param keyword Keyword, in any case.
 * @throws FitsFormatError if it is missing or neither T nor F.
 *
 * @example
 * ```ts
 * import { card, FitsFormatError, headerBoolean, headerFromCards } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const header = headerFromCards([card("SIMPLE", true)]);
 * assert.equal(headerBoolean(header, "SIMPLE"), true);
 * assert.throws(() => headerBoolean(header, "EXTEND"), FitsFormatError);
 * ```
 */
export function headerBoolean(header: Header, keyword: string): boolean {
  return present(header, keyword, optionalHeaderBoolean(header, keyword), "T or F");
}
