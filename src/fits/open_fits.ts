import type { ByteSource } from "./byte_source.ts";
import { FitsFormatError } from "./fits_format_error.ts";
import { gunzipSource, isGzip } from "./gunzip_source_io.ts";
import type { Hdu } from "./hdu.ts";
import { readHdu } from "./_read_hdu.ts";

/** An open FITS file; its HDUs are read when they are asked for. */
export interface FitsFile {
  /** Name of the source. */
  readonly name: string;
  /** The bytes, decompressed. */
  readonly source: ByteSource;
  /** The primary HDU. */
  readonly primary: Hdu;
  /**
   * An HDU by index or by EXTNAME (in any case) and EXTVER; scans no further than it.
   * Throws FitsFormatError, naming the HDUs there are, if there is none.
   */
  hdu(which: number | string, version?: number): Promise<Hdu>;
  /** The same, undefined if there is none. */
  find(which: number | string, version?: number): Promise<Hdu | undefined>;
  /** All HDUs. */
  hdus(): Promise<readonly Hdu[]>;
  /** Closes the source. */
  close(): void;
  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void;
}

/** Options of {@linkcode openFits}. */
export interface OpenFitsOptions {
  /** Most bytes that may be decompressed, 16 GiB if absent. */
  readonly maxBytes?: number;
}

/**
 * Opens FITS data (FITS 4.0 §3) and reads the primary header; gzip is found by its first bytes.
 *
 * HDUs are scanned lazily: asking for HDU 1 reads nothing behind its header, so of a compressed
 * DL3 file only the event list and the GTIs before the IRFs are decompressed.
 *
 * @param source Bytes; owned by the file from here on.
 * @param options Limits.
 * @returns The open file; owned by the caller.
 * @throws FitsFormatError if the data do not start as a FITS file.
 *
 * @example
 * ```ts
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import assert from "node:assert/strict";
 *
 * const bytes = encodeFits([
 *   { kind: "bintable", name: "GTI", columns: [{ name: "START", values: new Float64Array([7]) }] },
 * ]);
 * using file = await openFits(memorySource(bytes, "gti.fits"));
 * assert.equal((await file.hdu("GTI")).index, 1);
 * assert.equal(await file.find("EVENTS"), undefined);
 * assert.equal((await file.hdus()).length, 2);
 * ```
 */
export async function openFits(
  source: ByteSource,
  options: OpenFitsOptions = {},
): Promise<FitsFile> {
  try {
    return await open(source, options);
  } catch (error) {
    source.close();
    throw error;
  }
}

async function open(raw: ByteSource, options: OpenFitsOptions): Promise<FitsFile> {
  const source = isGzip(await raw.read(0, 2)) ? gunzipSource(raw, options) : raw;
  const primary = await readHdu(source, 0, 0);
  if (primary === undefined) {
    throw new FitsFormatError("found no data, expected a FITS file", { file: source.name });
  }
  const scanned: Hdu[] = [primary];
  let scanning: Promise<boolean> | undefined, complete = false;

  /** Reads one more header; false at the end of the file. One scan at a time. */
  const scanNext = (): Promise<boolean> => {
    scanning ??= (async () => {
      try {
        const last = scanned[scanned.length - 1]!;
        const next = await readHdu(source, scanned.length, endOf(last));
        if (next !== undefined) scanned.push(next);
        complete = next === undefined;
        return !complete;
      } finally {
        scanning = undefined;
      }
    })();
    return scanning;
  };

  const find = async (which: number | string, version?: number): Promise<Hdu | undefined> => {
    if (typeof which === "number") {
      if (!Number.isSafeInteger(which) || which < 0) {
        throw new RangeError(`${source.name}: found HDU index ${which}, expected 0, 1, 2, …`);
      }
      while (scanned.length <= which && !complete) await scanNext();
      return scanned[which];
    }
    const wanted = which.trim().toUpperCase();
    for (
      let i = 0;
      i < scanned.length || (!complete && await scanNext()) || i < scanned.length;
      i++
    ) {
      const hdu = scanned[i]!;
      if (hdu.name.toUpperCase() === wanted && (version === undefined || hdu.version === version)) {
        return hdu;
      }
    }
    return undefined;
  };

  const close = () => source.close();
  return Object.freeze({
    name: source.name,
    source,
    primary,
    find,
    hdu: async (which: number | string, version?: number) => {
      const found = await find(which, version);
      if (found !== undefined) return found;
      const there = scanned.map((hdu) => `${hdu.index} ${hdu.name}`.trim()).join(", ");
      const wanted = version === undefined ? which : `${which} version ${version}`;
      throw new FitsFormatError(`found no HDU ${wanted}; there are ${there}`, {
        file: source.name,
      });
    },
    hdus: async () => {
      while (!complete) await scanNext();
      return Object.freeze([...scanned]);
    },
    close,
    [Symbol.dispose]: close,
  });
}

function endOf(hdu: Hdu): number {
  return hdu.dataOffset + Math.ceil(hdu.dataBytes / 2880) * 2880;
}
