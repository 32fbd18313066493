/** The parts of a spectrum in OGIP files: SPECTRUM, EBOUNDS and SPECRESP. */
import { type Gti, readGti } from "../events/mod.ts";
import {
  asBintable,
  type BintableHdu,
  findColumn,
  type FitsFile,
  FitsFormatError,
  type Header,
  headerCards,
  headerError,
  headerNumber,
  headerValue,
  optionalColumn,
  optionalHeaderNumber,
  readNumbers,
} from "../fits/mod.ts";
import { createMapAxis, type MapAxis } from "../nddata/mod.ts";
import { unitFactor } from "../units/mod.ts";

/** What a PHA file tells. */
export interface PhaSpectrum {
  /** Its header. */
  readonly header: Header;
  /** Number of channels. */
  readonly nChannels: number;
  /** Counts. */
  readonly counts: Float64Array;
  /** QUALITY: 0 where the channel is good. */
  readonly quality: Float64Array;
  /** BACKSCAL. */
  readonly backscal: Float64Array;
  /** AREASCAL, of which there is one for all channels. */
  readonly areascal: number;
  /** EXPOSURE, s; NaN where it is not there. */
  readonly exposureS: number;
  /** Energies of the channels, where the file has EBOUNDS. */
  readonly energy: MapAxis | undefined;
  /** Good time intervals, where the file has them. */
  readonly gti: Gti | undefined;
}

/** Runs something about a file, so that every error names it. */
export async function about<T>(file: FitsFile, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof FitsFormatError || !(cause instanceof Error)) throw cause;
    const known = cause instanceof TypeError || cause instanceof RangeError ||
      cause instanceof SyntaxError;
    if (!known) throw cause;
    throw new FitsFormatError(cause.message, { file: file.name, cause });
  }
}

/** An HDU by name, else by what its HDUCLAS keywords say. */
export async function findClass(
  file: FitsFile,
  names: readonly string[],
  hduclas: Readonly<Record<string, string>>,
): Promise<BintableHdu | undefined> {
  const hdus = await file.hdus(),
    text = (header: Header, keyword: string) => {
      const card = headerCards(header, keyword)[0];
      return String(card?.value ?? "").trim().toUpperCase();
    };
  const found = hdus.find((hdu) => names.includes(hdu.name.trim().toUpperCase())) ??
    hdus.find((hdu) =>
      hdu.kind === "bintable" &&
      Object.entries(hduclas).every(([keyword, value]) => text(hdu.header, keyword) === value)
    );
  return found === undefined ? undefined : asBintable(found);
}

async function requireClass(
  file: FitsFile,
  name: string,
  hduclas: Readonly<Record<string, string>>,
): Promise<BintableHdu> {
  const hdu = await findClass(file, [name], hduclas);
  if (hdu !== undefined) return hdu;
  const there = (await file.hdus()).map((one) => `${one.index} ${one.name}`.trim()).join(", ");
  throw new FitsFormatError(`found no HDU ${name}; there are ${there}`, { file: file.name });
}

/** Reads a PHA file of type I: source or background. */
export async function readPha(file: FitsFile, ignoreGrouping: boolean): Promise<PhaSpectrum> {
  const hdu = await requireClass(file, "SPECTRUM", { HDUCLASS: "OGIP", HDUCLAS1: "SPECTRUM" });
  const { header, nRows } = hdu, exposureS = optionalHeaderNumber(header, "EXPOSURE") ?? NaN;
  refuseWhatIsNoSpectrum(hdu);
  const counts = await countsOf(hdu);
  const grouping = await columnOrKeyword(hdu, "GROUPING", 0);
  if (!ignoreGrouping && grouping.some((flag) => flag < 0)) {
    throw headerError(
      header,
      "GROUPING",
      "the channels are grouped; the counts stand channel by channel all the same: read them so " +
        "with ignoreGrouping, and group afterwards",
    );
  }
  const areas = await columnOrKeyword(hdu, "AREASCAL", 1), areascal = areas[0] ?? 1;
  if (!(areascal > 0) || areas.some((one) => one !== areascal)) {
    throw headerError(
      header,
      "AREASCAL",
      `found ${
        [...new Set(areas)].slice(0, 3).join(", ")
      }, expected one positive number for all channels`,
    );
  }
  const gti = await findClass(file, ["GTI", "STDGTI"], { HDUCLAS1: "GTI" });
  return {
    header,
    nChannels: nRows,
    counts,
    quality: await columnOrKeyword(hdu, "QUALITY", 0),
    backscal: finite(hdu, "BACKSCAL", await columnOrKeyword(hdu, "BACKSCAL", 1)),
    areascal,
    exposureS,
    energy: await channelEnergies(file, hdu),
    gti: gti === undefined ? undefined : await readGti(gti),
  };
}

function refuseWhatIsNoSpectrum({ header }: BintableHdu): void {
  const text = (keyword: string) => String(headerValue(header, keyword) ?? "").trim().toUpperCase();
  if (text("HDUCLAS2") === "NET") {
    throw headerError(
      header,
      "HDUCLAS2",
      "found NET: the background is subtracted, and what is left is not Poisson; " +
        "give the spectrum before it was",
    );
  }
  if (text("HDUCLAS4") === "TYPE:II") {
    throw headerError(header, "HDUCLAS4", "found TYPE:II, expected one spectrum a file (TYPE:I)");
  }
  if (isNamed(text("CORRFILE")) && Number(headerValue(header, "CORRSCAL") || 0) !== 0) {
    throw headerError(header, "CORRFILE", "found a correction spectrum, which is not known here");
  }
}

/** Whether a keyword names a file. */
export function isNamed(name: string): boolean {
  return name !== "" && name.toUpperCase() !== "NONE";
}

async function countsOf(hdu: BintableHdu): Promise<Float64Array> {
  const column = optionalColumn(hdu, "COUNTS") ?? optionalColumn(hdu, "RATE") ??
    findColumn(hdu, "COUNTS");
  if (column.repeat !== 1) {
    throw headerError(hdu.header, column.name, "found several spectra, expected one (TYPE:I)");
  }
  const values = finite(hdu, column.name, await readNumbers(hdu, column));
  if (column.name.toUpperCase() === "COUNTS") return values;
  const exposureS = headerNumber(hdu.header, "EXPOSURE");
  return values.map((rate) => rate * exposureS);
}

function finite(hdu: BintableHdu, name: string, values: Float64Array): Float64Array {
  const bad = values.findIndex((one) => !(one >= 0 && one < Infinity));
  if (bad < 0) return values;
  throw headerError(
    hdu.header,
    name,
    `row ${bad + 1}: found ${values[bad]}, expected 0 or more`,
  );
}

/** A column, or the keyword of its name for all rows. */
async function columnOrKeyword(
  hdu: BintableHdu,
  name: string,
  absent: number,
): Promise<Float64Array> {
  const column = optionalColumn(hdu, name);
  if (column !== undefined && column.repeat === 1) return await readNumbers(hdu, column);
  if (column !== undefined) {
    throw headerError(hdu.header, name, `found format ${column.format}, expected one number a row`);
  }
  return new Float64Array(hdu.nRows).fill(optionalHeaderNumber(hdu.header, name) ?? absent);
}

/** Energies of EBOUNDS in the same file, whose channels must be those of the spectrum. */
async function channelEnergies(
  file: FitsFile,
  spectrum: BintableHdu,
): Promise<MapAxis | undefined> {
  const hdu = await findClass(file, ["EBOUNDS"], { HDUCLAS2: "EBOUNDS" });
  if (hdu === undefined) return undefined;
  if (hdu.nRows !== spectrum.nRows) {
    throw new FitsFormatError(
      `found ${hdu.nRows} channels, expected those of the spectrum, ${spectrum.nRows}`,
      { file: file.name, hdu: hdu.index },
    );
  }
  if (optionalColumn(hdu, "CHANNEL") !== undefined) {
    const here = await readNumbers(hdu, "CHANNEL");
    const there = await readNumbers(spectrum, "CHANNEL");
    const other = here.findIndex((channel, j) => channel !== there[j]);
    if (other >= 0) {
      throw headerError(
        hdu.header,
        "CHANNEL",
        `row ${other + 1}: found ${here[other]}, but the spectrum has ${there[other]}`,
      );
    }
  }
  return await energiesOf(hdu, "energy", ["E_MIN", "E_MAX"]);
}

/** Bins of energy in two columns; keV where there is no unit, as the format has it. */
async function energiesOf(
  hdu: BintableHdu,
  name: string,
  [low, high]: readonly [string, string],
): Promise<MapAxis> {
  const lows = await readNumbers(hdu, low), highs = await readNumbers(hdu, high);
  const n = lows.length, factor = unitFactor(findColumn(hdu, low).unit?.trim() || "keV", "TeV");
  for (let i = 1; i < n; i++) {
    if (Math.abs(lows[i]! - highs[i - 1]!) <= 1e-5 * Math.abs(lows[i]!)) continue;
    throw headerError(
      hdu.header,
      low,
      `row ${i + 1}: found ${lows[i]}, expected where the bin before ends, ${highs[i - 1]}`,
    );
  }
  const edges = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) edges[i] = lows[i]! * factor;
  edges[n] = (highs[n - 1] ?? NaN) * factor;
  // A first edge of 0 has no logarithm: OGIP files write it for "everything below".
  if (edges[0] === 0) edges[0] = 1e-3 * edges[1]!;
  try {
    return createMapAxis(name, edges, { unit: "TeV", interp: "log" });
  } catch (cause) {
    throw new FitsFormatError(`columns ${low}, ${high}: ${(cause as Error).message}`, {
      file: hdu.source.name,
      hdu: hdu.index,
      cause,
    });
  }
}

/** An effective area: bins of true energy, cm². */
export interface ArfCurve {
  /** True energies, TeV. */
  readonly energyTrue: MapAxis;
  /** Effective areas, cm². */
  readonly areaCm2: Float64Array;
}

/** Reads an ARF. */
export async function readArf(file: FitsFile): Promise<ArfCurve> {
  const hdu = await requireClass(file, "SPECRESP", { HDUCLAS1: "RESPONSE", HDUCLAS2: "SPECRESP" });
  const energyTrue = await energiesOf(hdu, "energy_true", ["ENERG_LO", "ENERG_HI"]);
  const factor = unitFactor(findColumn(hdu, "SPECRESP").unit?.trim() || "cm2", "cm2");
  const areas = finite(hdu, "SPECRESP", await readNumbers(hdu, "SPECRESP"));
  return { energyTrue, areaCm2: areas.map((area) => area * factor) };
}

/** The bins of one axis that another file wrote too, perhaps in single precision. */
export function isSameBinning(a: MapAxis, b: MapAxis): boolean {
  return a.nBins === b.nBins &&
    a.edges.every((edge, i) => Math.abs(edge - b.edges[i]!) <= 1e-5 * Math.abs(edge));
}
