/*
 * Phases by the polynomials of tempo: T = 1440 (MJD − TMID) minutes,
 * φ = RPHASE + 60 T F0 + Σ c_i Tⁱ,  f = F0 + (1/60) Σ i c_i Tⁱ⁻¹.
 */
import { ddAdd, ddMul, ddParse, ddSplit, type DoubleDouble } from "../numeric/mod.ts";
import { createEpoch, type TimeEpoch } from "../time/mod.ts";

/** One polynomial and the span in which it holds. */
export interface PolycoBlock {
  /** Middle of the span (TMID): MJD in UTC at the site, in TDB at the barycentre. */
  readonly middle: TimeEpoch<"UTC">;
  /** Length of the span, minutes. */
  readonly spanMinutes: number;
  /** Phase at the middle (RPHASE), cycles, with all its digits. */
  readonly phase: DoubleDouble;
  /** Frequency at the middle without the polynomial, Hz. */
  readonly f0Hz: number;
  /** Coefficients of the polynomial, cycles minuteⁱ⁻. */
  readonly coefficients: readonly number[];
}

/** The polynomials of a `polyco.dat`. */
export interface Polyco {
  /** Name of the pulsar. */
  readonly name: string;
  /** Site code that the phases hold for. */
  readonly site: string;
  /** Radio frequency that they hold for, MHz; 0 for none. */
  readonly frequencyMHz: number;
  /** Dispersion measure, pc/cm³. */
  readonly dmPcPerCm3: number;
  /** The polynomials in order of time. */
  readonly blocks: readonly PolycoBlock[];
}

/** What {@link polycoPhase} gives. */
export interface PolycoPhase {
  /** Whole cycles. */
  readonly pulseNumber: number;
  /** The rest, [0, 1) cycles. */
  readonly phase: number;
  /** Apparent frequency, Hz. */
  readonly frequencyHz: number;
}

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/;

/**
 * Reads a `polyco.dat` of tempo (tempo2 and PINT write it too): blocks of two lines and the
 * coefficients, three a line.
 *
 * @param text What is in the file.
 * @param file Its name, for messages.
 * @returns A frozen record, blocks in order of time.
 * @throws SyntaxError with file and line where it is not such a file, or blocks are of different
 *   pulsars, sites or frequencies.
 * @example
 * ```ts
 * import { parsePolyco, polycoPhase } from "@gammarx/gammarx/timing";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { strictEqual } from "node:assert/strict";
 * const polyco = parsePolyco(`J0000+00 1-Jan-10 0.00 55197.0 0.0 0.0 -6.0
 *   100.25 2.0 @ 60 1 0.0
 *   0.0D+00\n`);
 * strictEqual(polycoPhase(polyco, createEpoch([55197, 1 / 86400], "UTC")).pulseNumber, 102);
 * ```
 * @see tempo, reference manual, "polyco files" (Taylor, Manchester, Nice et al.)
 */
export function parsePolyco(text: string, file = "polyco file"): Polyco {
  const rows = text.split(/\r\n|\n|\r/).map((line, i) => ({
    words: line.trim().split(/\s+/),
    line: i + 1,
  })).filter(({ words }) => words[0] !== "");
  const blocks: PolycoBlock[] = [];
  let head: Omit<Polyco, "blocks"> | undefined;
  for (let at = 0; at < rows.length;) {
    const first = rows[at]!, second = rows[at + 1];
    if (first.words.length < 6 || second === undefined || second.words.length < 6) {
      throw new SyntaxError(
        `${file}:${first.line}: expected the two lines that begin a block (name, date, UTC, TMID, DM, ` +
          `Doppler, …; RPHASE, F0, site, span, number of coefficients, frequency)`,
      );
    }
    const number = (row: typeof first, word: number, what: string): number => {
      const value = Number(row.words[word]!.replace(/d/i, "e"));
      if (PLAIN.test(row.words[word]!) && Number.isFinite(value)) return value;
      throw new SyntaxError(
        `${file}:${row.line}: found "${row.words[word]}", expected ${what}, a number`,
      );
    };
    const count = number(second, 4, "the number of coefficients");
    const spanMinutes = number(second, 3, "the span in minutes");
    if (!(Number.isInteger(count) && count >= 1 && count <= 100 && spanMinutes > 0)) {
      throw new SyntaxError(
        `${file}:${second.line}: found a span of ${spanMinutes} minutes and ${count} coefficients, ` +
          `expected a span above 0 and 1 to 100 coefficients`,
      );
    }
    const coefficients: number[] = [];
    let next = at + 2;
    for (; coefficients.length < count; next++) {
      const row = rows[next];
      if (row === undefined || row.words.length > count - coefficients.length) {
        throw new SyntaxError(
          `${file}:${
            row?.line ?? rows.at(-1)!.line
          }: expected ${count} coefficients of the block of ` +
            `line ${first.line}, found ${coefficients.length} and then ` +
            (row === undefined ? "the end" : `"${row.words.join(" ")}"`),
        );
      }
      row.words.forEach((_, word) => coefficients.push(number(row, word, "a coefficient")));
    }
    number(first, 3, "TMID"), number(second, 0, "RPHASE");
    const { whole, fraction } = ddSplit(ddParse(first.words[3]!));
    const named = {
      name: first.words[0]!,
      site: second.words[2]!,
      frequencyMHz: number(second, 5, "the radio frequency"),
      dmPcPerCm3: number(first, 4, "DM"),
    };
    head ??= named;
    if (
      named.name !== head.name || named.site !== head.site ||
      named.frequencyMHz !== head.frequencyMHz
    ) {
      throw new SyntaxError(
        `${file}:${first.line}: found ${named.name} at ${named.site}, ${named.frequencyMHz} MHz, ` +
          `expected ${head.name} at ${head.site}, ${head.frequencyMHz} MHz, as in the first block`,
      );
    }
    blocks.push(Object.freeze({
      middle: createEpoch([whole, fraction], "UTC"),
      spanMinutes,
      phase: ddParse(second.words[0]!),
      f0Hz: number(second, 1, "F0"),
      coefficients: Object.freeze(coefficients),
    }));
    at = next;
  }
  if (head === undefined) throw new SyntaxError(`${file}: expected at least one block, found none`);
  blocks.sort((a, b) => a.middle.mjdDay - b.middle.mjdDay || a.middle.dayS - b.middle.dayS);
  return Object.freeze({ ...head, blocks: Object.freeze(blocks) });
}

/** Minutes from the middle of a block, by the labels of both. */
function minutesFrom(block: PolycoBlock, epoch: TimeEpoch): number {
  return (epoch.mjdDay - block.middle.mjdDay) * 1440 + (epoch.dayS - block.middle.dayS) / 60;
}

/**
 * Phase and frequency at a time, by the nearest polynomial.
 *
 * @param polyco Polynomials.
 * @param epoch Time in the scale of the file: UTC at its site, TDB at the barycentre ("@").
 * @returns A frozen record.
 * @throws RangeError for a time in no span: before, after, or in a gap.
 * @example
 * ```ts
 * import { parsePolyco, polycoPhase } from "@gammarx/gammarx/timing";
 * import { createEpoch } from "@gammarx/gammarx/time";
 * import { throws } from "node:assert/strict";
 * const polyco = parsePolyco("J1 x 0 55197.0 0 0 -6\n0.25 2 @ 60 1 0\n0.0\n");
 * throws(() => polycoPhase(polyco, createEpoch([55198, 0], "UTC")), /no span/);
 * ```
 * @see tempo, reference manual, "polyco files"; PINT's Polycos agree to 1e-5 cycles
 */
export function polycoPhase(polyco: Polyco, epoch: TimeEpoch): PolycoPhase {
  let block = polyco.blocks[0]!, minutes = minutesFrom(block, epoch);
  for (const other of polyco.blocks) {
    const from = minutesFrom(other, epoch);
    if (Math.abs(from) < Math.abs(minutes)) {
      block = other;
      minutes = from;
    }
  }
  // spans touch: the rounding of TMID to 1e-11 d leaves a micro-minute between them
  if (!(Math.abs(minutes) <= block.spanMinutes / 2 + 1e-4)) {
    throw new RangeError(
      `MJD ${
        (epoch.mjdDay + epoch.dayS / 86400).toFixed(6)
      } lies in no span of the polynomials of ` +
        `${polyco.name}: the nearest is ${block.spanMinutes} minutes about MJD ` +
        `${(block.middle.mjdDay + block.middle.dayS / 86400).toFixed(6)}; make them for this time`,
    );
  }
  const { coefficients } = block;
  let value = 0, slope = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) {
    slope = slope * minutes + value;
    value = value * minutes + coefficients[i]!;
  }
  const turns = ddMul({ hi: block.f0Hz, lo: 0 }, 60 * minutes);
  const { whole, fraction } = ddSplit(ddAdd(ddAdd(block.phase, turns), value));
  return Object.freeze({
    pulseNumber: whole,
    phase: fraction < 1 ? fraction : 0,
    frequencyHz: block.f0Hz + slope / 60,
  });
}
