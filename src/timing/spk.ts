/**
 * JPL ephemeris kernels: files of kind DAF/SPK with Chebyshev segments (types 2 and 3).
 *
 * | symbol | meaning | unit |
 * | --- | --- | --- |
 * | et | TDB seconds since J2000 | s |
 * | record | middle, half length, then coefficients of x, y, z (type 3: of vx, vy, vz too) | s, km, km/s |
 *
 * Source: NAIF, "SPK Required Reading" and "Double Precision Array Files (DAF) Required Reading".
 */
import { chebyshevInto } from "./_chebyshev.ts";

const RECORD_BYTES = 1024;

/** A piece of a kernel: where a body is about another, by Chebyshev series of one length. */
export interface SpkSegment {
  /** NAIF code of the body: 3 Earth-Moon barycentre, 10 Sun, 399 Earth. */
  readonly target: number;
  /** NAIF code of what it moves about: 0 is the barycentre of the solar system. */
  readonly centre: number;
  /** What the kernel calls it. */
  readonly name: string;
  /** 2: places; 3: places and velocities. */
  readonly type: 2 | 3;
  /** First instant, TDB seconds since J2000. */
  readonly firstS: number;
  /** Last instant, TDB seconds since J2000. */
  readonly lastS: number;
  /** Begin of the first record, TDB seconds since J2000. */
  readonly beginS: number;
  /** Length of a record, seconds. */
  readonly lengthS: number;
  /** Numbers a record: 2 + 3 n, or 2 + 6 n in type 3. */
  readonly recordSize: number;
  /** Number of records. */
  readonly nRecords: number;
  /** All records in order; not to be written. */
  readonly data: Float64Array;
}

/** A decoded kernel. */
export interface Spk {
  /** Where it is from, for messages. */
  readonly file: string;
  /** What the kernel calls itself, with its comments. */
  readonly label: string;
  /** Segments of types 2 and 3 in the ICRF, in the order of the file. */
  readonly segments: readonly SpkSegment[];
  /** Segments that are left out, each with the reason: other bodies, frames, types. */
  readonly skipped: readonly string[];
}

/**
 * Decodes an SPK kernel of either byte order.
 *
 * @param bytes The whole file.
 * @param options `file`: what messages call it; `bodies`: NAIF codes of the bodies whose segments are
 *   kept, 3, 10 and 399 (Earth-Moon barycentre, Sun, Earth) where left out.
 * @returns A frozen record; its numbers are copies.
 * @throws SyntaxError for a file that is no SPK kernel, that is cut, or that text mode has changed.
 * @example
 * ```ts
 * import { decodeSpk } from "@gammarx/gammarx/timing";
 * import { throws } from "node:assert/strict";
 * throws(() => decodeSpk(new Uint8Array(2048), { file: "x.bsp" }), /x.bsp is no SPK kernel/);
 * ```
 * @see NAIF, SPK Required Reading, "Type 2" and "Type 3"
 */
export function decodeSpk(
  bytes: Uint8Array,
  options: { readonly file?: string; readonly bodies?: readonly number[] } = {},
): Spk {
  const { file = "kernel", bodies = [3, 10, 399] } = options;
  const text = (from: number, to: number) =>
    String.fromCharCode(...bytes.subarray(from, Math.min(to, bytes.length))).replace(/\0/g, " ");
  const id = text(0, 8).trimEnd();
  if (bytes.length < RECORD_BYTES || (id !== "DAF/SPK" && id !== "NAIF/DAF")) {
    throw new SyntaxError(
      `${file} is no SPK kernel: found "${id}" at its begin, expected "DAF/SPK" in a first record ` +
        `of ${RECORD_BYTES} bytes`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = littleEndian(view, text(88, 96), file);
  const ftp = text(699, 727);
  if (ftp.startsWith("FTPSTR") && ftp.slice(7, 13) !== "\r:\n:\r\n") {
    throw new SyntaxError(`${file}: bytes were changed by a transfer in text mode`);
  }
  const nd = view.getInt32(8, little), ni = view.getInt32(12, little);
  if (nd !== 2 || ni !== 6) {
    throw new SyntaxError(`${file}: found ND ${nd}, NI ${ni}, expected 2 and 6 of an SPK kernel`);
  }
  const firstRecord = view.getInt32(76, little);
  const segments: SpkSegment[] = [], skipped: string[] = [], seen = new Set<number>();
  for (let record = firstRecord; record !== 0;) {
    const at = (record - 1) * RECORD_BYTES;
    if (
      !Number.isInteger(record) || record < 1 || at + 2 * RECORD_BYTES > bytes.length ||
      seen.has(record)
    ) {
      throw new SyntaxError(`${file}: summary record ${record} is not in the file, it is cut`);
    }
    seen.add(record);
    const n = view.getFloat64(at + 16, little);
    if (!(n >= 0 && n <= 25)) {
      throw new SyntaxError(
        `${file}: summary record ${record} has ${n} segments, expected 0 to 25`,
      );
    }
    for (let i = 0; i < n; i++) {
      const name = text(at + RECORD_BYTES + 40 * i, at + RECORD_BYTES + 40 * (i + 1)).trim();
      const found = segmentAt(view, at + 24 + 40 * i, { little, name, file, bodies });
      if (typeof found === "string") skipped.push(found);
      else segments.push(found);
    }
    record = view.getFloat64(at, little);
  }
  const comments = text(RECORD_BYTES, Math.max(RECORD_BYTES, (firstRecord - 1) * RECORD_BYTES));
  return Object.freeze({
    file,
    label: `${text(16, 76).trim()} ${comments.replace(/\s+/g, " ").trim()}`.trim(),
    segments: Object.freeze(segments),
    skipped: Object.freeze(skipped),
  });
}

/** The byte order by its name in the file record; old files have none and are tried. */
function littleEndian(view: DataView, format: string, file: string): boolean {
  if (format.startsWith("LTL-IEEE")) return true;
  if (format.startsWith("BIG-IEEE")) return false;
  if (view.getInt32(8, true) === 2) return true;
  if (view.getInt32(8, false) === 2) return false;
  throw new SyntaxError(
    `${file}: number format "${format.trim()}" is not read, expected LTL-IEEE or BIG-IEEE`,
  );
}

/** A segment by its summary, or why it is left out. */
function segmentAt(
  view: DataView,
  at: number,
  { little, name, file, bodies }: {
    little: boolean;
    name: string;
    file: string;
    bodies: readonly number[];
  },
): SpkSegment | string {
  const firstS = view.getFloat64(at, little), lastS = view.getFloat64(at + 8, little);
  const [target, centre, frame, type, begin, end] = [16, 20, 24, 28, 32, 36].map((offset) =>
    view.getInt32(at + offset, little)
  ) as [number, number, number, number, number, number];
  const what = `body ${target} about ${centre} ("${name}")`;
  if (!bodies.includes(target)) return `${what}: not asked for`;
  if (frame !== 1) return `${what}: reference frame ${frame}, only J2000 (1) is read`;
  if (type !== 2 && type !== 3) return `${what}: type ${type}, only 2 and 3 are read`;
  if (begin < 1 || end < begin + 3 || end * 8 > view.byteLength) {
    throw new SyntaxError(
      `${file}: ${what} is in words ${begin} to ${end} of ${
        Math.floor(view.byteLength / 8)
      }: the file is cut`,
    );
  }
  const [beginS, lengthS, recordSize, nRecords] = [0, 1, 2, 3].map((i) =>
    view.getFloat64((end - 4 + i) * 8, little)
  ) as [number, number, number, number];
  const perAxis = (recordSize - 2) / (type === 2 ? 3 : 6);
  if (
    !(lengthS > 0) || !Number.isInteger(perAxis) || perAxis < 1 || !(nRecords >= 1) ||
    recordSize * nRecords !== end - begin - 3
  ) {
    throw new SyntaxError(
      `${file}: ${what}: ${nRecords} records of ${recordSize} numbers over ${lengthS} s do not fill ` +
        `words ${begin} to ${end}`,
    );
  }
  const data = new Float64Array(recordSize * nRecords);
  for (let i = 0; i < data.length; i++) data[i] = view.getFloat64((begin - 1 + i) * 8, little);
  return Object.freeze({
    target,
    centre,
    name,
    type,
    firstS,
    lastS,
    beginS,
    lengthS,
    recordSize,
    nRecords,
    data,
  });
}

const pair = new Float64Array(2);

/**
 * Adds `sign` times the place (km) and velocity (km/s) of a segment to `out`.
 *
 * @param etWhole,etRest TDB seconds since J2000 in two parts, so that no digit is lost.
 */
export function addSegment(
  segment: SpkSegment,
  etWhole: number,
  etRest: number,
  out: Float64Array,
): void {
  const { data, recordSize, type, lengthS } = segment;
  const n = (recordSize - 2) / (type === 2 ? 3 : 6);
  const index = Math.floor((etWhole - segment.beginS + etRest) / lengthS);
  const at = Math.max(0, Math.min(segment.nRecords - 1, index)) * recordSize;
  const middle = data[at]!, half = data[at + 1]!;
  const u = (etWhole - middle + etRest) / half;
  for (let axis = 0; axis < 3; axis++) {
    chebyshevInto(data, at + 2 + axis * n, n, u, pair);
    out[axis]! += pair[0]!;
    if (type === 2) out[3 + axis]! += pair[1]! / half;
    else {
      chebyshevInto(data, at + 2 + (3 + axis) * n, n, u, pair);
      out[3 + axis]! += pair[0]!;
    }
  }
}
