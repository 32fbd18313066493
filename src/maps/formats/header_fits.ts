/** What headers of maps say of unit, metadata, coordinates and format, read and written. */
import {
  type Card,
  card,
  FitsFormatError,
  type Hdu,
  type Header,
  headerError,
  optionalHeaderString,
} from "../../fits/mod.ts";
import { createMeta, EMPTY_META, type Json, type Meta } from "../../nddata/mod.ts";
import { type HeaderCards, type Wcs, wcsFromHeader, wcsToHeader } from "../../sky/mod.ts";
import { parseUnit } from "../../units/mod.ts";
import type { MapHdu } from "./map_format_fits.ts";

/** A keyword's text without blanks around it; "" where it is absent or no text. */
export function textOf(header: Header, keyword: string): string {
  const at = header.index.get(keyword),
    value = at === undefined ? undefined : header.cards[at]!.value;
  return typeof value === "string" ? value.trim() : "";
}

/** What goes wrong in the memory's terms, said with the file and HDU it came from. */
export function inHdu<T>(hdu: Hdu, keyword: string | undefined, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof FitsFormatError || !isRefusal(cause)) throw cause;
    const place = { file: hdu.source.name, hdu: hdu.index, keyword, cause };
    throw new FitsFormatError((cause as Error).message, place);
  }
}

/** Errors by which a factory refuses its input. */
function isRefusal(cause: unknown): boolean {
  return cause instanceof RangeError || cause instanceof TypeError || cause instanceof SyntaxError;
}

/** A unit as it stands, or FitsFormatError where it is none. */
export function checkedUnit(hdu: Hdu, keyword: string, unit: string | undefined): string {
  const text = unit?.trim() ?? "";
  inHdu(hdu, keyword, () => parseUnit(text));
  return text;
}

/** BUNIT, "" where it is absent. */
export function unitOf(hdu: Hdu): string {
  return checkedUnit(hdu, "BUNIT", optionalHeaderString(hdu.header, "BUNIT"));
}

/** META: a record of ours as it is, another object as the further fields of one. */
export function metaOf(header: Header): Meta {
  const text = textOf(header, "META");
  if (text === "") return EMPTY_META;
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw headerError(header, "META", `found ${text.slice(0, 40)}: ${(cause as Error).message}`);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw headerError(header, "META", `found ${text.slice(0, 40)}, expected a JSON object`);
  }
  try {
    return createMeta(value);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    return createMeta({ extra: value });
  }
}

/** Metadata as a card: JSON in printable ASCII, without what is empty. */
export function metaCard(meta: Meta): Card {
  const kept = Object.entries(meta).filter(([, value]) =>
    value !== undefined && Object.keys(value as object).length > 0
  );
  return card("META", asciiJson(Object.fromEntries(kept) as Json));
}

/** JSON whose characters are all printable ASCII. */
export function asciiJson(value: Json): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const WCS_KEYWORD =
  /^((CTYPE|CUNIT|CRVAL|CRPIX|CDELT|CROTA)[1-9]|(PC|CD|PV)[1-9]_[0-9]|LONPOLE|LATPOLE|RADE?C?SYS|EQUINOX|EPOCH)$/;

/** The celestial coordinates of a header. */
export function wcsOf(hdu: Hdu): Wcs {
  const cards: Record<string, number | string> = {};
  for (const [keyword, at] of hdu.header.index) {
    const { value } = hdu.header.cards[at]!;
    if (!WCS_KEYWORD.test(keyword)) continue;
    if (typeof value === "number" || typeof value === "string") cards[keyword] = value;
  }
  // An EPOCH beside Galactic axes or an ICRS frame says nothing; a text in it is no equinox.
  for (const keyword of ["EPOCH", "EQUINOX"]) {
    if (typeof cards[keyword] === "string") delete cards[keyword];
  }
  return inHdu(hdu, undefined, () => wcsFromHeader(cards as HeaderCards));
}

/** The celestial coordinates as cards. */
export function wcsCards(wcs: Wcs): Card[] {
  return Object.entries(wcsToHeader(wcs)).map(([keyword, value]) => card(keyword, value));
}

/** Does the header have celestial axes? */
export function hasSkyAxes(header: Header): boolean {
  return ["CTYPE1", "CTYPE2", "CTYPE3"].some((keyword) =>
    /^(RA|GLON)-/.test(textOf(header, keyword).toUpperCase())
  );
}

/** Cards that name the format of a map, beside what the format itself has for it. */
export function formatCards(format: string, version: string): Card[] {
  return [
    card("GRXFORM", format, "format of the map"),
    card("GRXVERS", version, "version of the format"),
  ];
}

/** The HDU of a name; undefined where there is none. */
export function hduNamed({ hdus }: MapHdu, name: string): Hdu | undefined {
  const wanted = name.trim().toUpperCase();
  return hdus.find((one) => one.name.trim().toUpperCase() === wanted);
}
