import { card, formatCard } from "./card.ts";
import { addToSum, encodeChecksum } from "./checksum.ts";

const BLOCK = 2880;

/** The cards of a header as whole blocks, END and both checksums added. */
export function sealHeader(text: string, dataSum: number): Uint8Array {
  const at = text.length + 11; // the first character of the checksum's text
  const check = formatCard(card("CHECKSUM", "0".repeat(16), "HDU checksum"));
  const bytes = toBlocks(
    text + check + formatCard(card("DATASUM", String(dataSum), "data unit checksum")),
  );
  const code = encodeChecksum((~addToSum(dataSum, bytes)) >>> 0);
  for (let i = 0; i < 16; i++) bytes[at + i] = code.charCodeAt(i);
  return bytes;
}

export function toBlocks(cards: string): Uint8Array {
  const text = cards + "END".padEnd(80);
  const whole = text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK);
  return Uint8Array.from(whole, (character) => character.charCodeAt(0));
}
