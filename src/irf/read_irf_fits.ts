import {
  asBintable,
  type BintableHdu,
  findColumn,
  type FitsFile,
  FitsFormatError,
  type OpenByteSourceOptions,
  openFitsFile,
  optionalColumn,
  optionalHeaderNumber,
  optionalHeaderString,
  readNumbers,
} from "../fits/mod.ts";
import { createMapAxis, createMeta, type Json, type MapAxis, type Meta } from "../nddata/mod.ts";
import { parseUnit, unitFactor } from "../units/mod.ts";
import { AXIS_COLUMNS, TABLE_CLASSES, type TableClass } from "./_gadf_tables_fits.ts";
import type { FovAlignment } from "../sky/mod.ts";
import { createIrf, type Irf } from "./irf.ts";
import { createParametricPsf, type ParametricPsf, type PsfIrf } from "./psf.ts";

/** How tables of responses are read. */
export interface ReadIrfOptions {
  /**
   * Order of a three-dimensional background whose axes fov_lon and fov_lat have equally many bins and whose
   * TDIM ends with energy, as in H.E.S.S. DL3 DR1: "gammapy" takes the slower of the two dimensions for
   * fov_lon as the field's tool does; "columns" takes the order of the columns, which is that of the format.
   * The two differ where the background is not symmetric. "gammapy" where absent.
   */
  readonly axisOrder?: "gammapy" | "columns";
  /** The tables wanted of a file; all where absent. */
  readonly only?: readonly (keyof IrfTables)[] | undefined;
}

/** The tables of one set of responses; undefined where the file has none. */
export interface IrfTables {
  /** Effective area, cm². */
  readonly aeff: Irf<"aeff"> | undefined;
  /** Energy dispersion. */
  readonly edisp: Irf<"edisp"> | undefined;
  /** Point spread function. */
  readonly psf: PsfIrf | undefined;
  /** Background, s⁻¹ TeV⁻¹ sr⁻¹. */
  readonly bkg: Irf<"bkg"> | undefined;
  /** Radius of the region of a point-like analysis, deg. */
  readonly radMax: Irf<"rad-max"> | undefined;
}

/**
 * Reads one table of responses of a FITS file: effective area, energy dispersion, point spread function
 * (table, three Gaussians, King), background in two or three dimensions, RAD_MAX; values in canonical
 * units (cm², TeV, deg).
 *
 * What it is follows from its columns, so that files with missing or older HDUCLAS keywords are read, too.
 *
 * @param hdu A binary table.
 * @param options Order of the axes where files differ.
 * @returns The table.
 * @throws FitsFormatError for a table of another class, axes that do not ascend or have gaps, or a column
 *   whose size is not that of the axes, naming file, HDU and column.
 * @example
 * ```ts
 * import { asBintable, encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { createIrf, irfHdu, readIrf } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const axes = [
 *   energyAxis({ low: 0.1, high: 10, nBins: 2, name: "energy_true" }),
 *   createMapAxis("offset", [0, 1], { unit: "deg" }),
 * ];
 * const aeff = createIrf("aeff", axes, { data: Float64Array.of(1e8, 2e8) });
 * using file = await openFits(memorySource(encodeFits([irfHdu(aeff)])));
 * strictEqual((await readIrf(asBintable(await file.hdu(1)))).kind, "aeff");
 * ```
 * @see GADF 0.3, section IRFs
 */
export async function readIrf(
  hdu: BintableHdu,
  options: ReadIrfOptions = {},
): Promise<Irf | ParametricPsf> {
  const found = classOf(hdu);
  if (found === undefined) {
    throw new FitsFormatError(
      `found columns ${
        hdu.columns.map((column) => column.name).join(", ")
      }, expected those of a table ` +
        `of responses: ${TABLE_CLASSES.map((one) => one.columns[0]!.names[0]).join(", ")}`,
      { file: hdu.source.name, hdu: hdu.index },
    );
  }
  const fileAxes = await readAxes(hdu, found);
  const assumed: string[] = [], columns: Record<string, Float64Array> = {};
  let axes: readonly MapAxis[] = [];
  for (const { names, own, unit, fileUnit } of found.columns) {
    const name = names.find((one) => optionalColumn(hdu, one) !== undefined)!;
    const factor = factorOf(hdu, name, { unit, fileUnit, assumed });
    const read = await readCube(hdu, name, { axes: fileAxes, of: found, options });
    columns[own] = factor === 1 ? read.values : read.values.map((value) => value * factor);
    axes = read.axes;
  }
  const meta = metaOf(hdu, assumed), pointLike = isPointLike(hdu);
  if (found.kind === "psf-3gauss" || found.kind === "psf-king") {
    return createParametricPsf(found.kind, axes, { parameters: columns, pointLike, meta });
  }
  return createIrf(found.kind, axes, {
    data: columns.values!,
    pointLike,
    meta,
    alignment: alignmentOf(hdu),
    safeTeV: [
      optionalHeaderNumber(hdu.header, "LO_THRES") ?? NaN,
      optionalHeaderNumber(hdu.header, "HI_THRES") ?? NaN,
    ],
  });
}

/** The class of a table; undefined where it is none of responses: it has no axes, or other columns. */
function classOf(hdu: BintableHdu): TableClass | undefined {
  const isAxis = /^(.+)_LO$/i;
  if (!hdu.columns.some(({ name }) => isAxis.test(name))) return undefined;
  return TABLE_CLASSES.find(({ columns }) =>
    columns.every(({ names }) => names.some((name) => optionalColumn(hdu, name) !== undefined))
  );
}

/**
 * Whether an HDU is a table of responses that {@linkcode readIrf} reads.
 *
 * @param hdu A binary table.
 * @returns True where it has the columns of one.
 * @example
 * ```ts
 * import { asBintable, encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { isIrfTable } from "@gammarx/gammarx/irf";
 * import { ok } from "node:assert/strict";
 * const table = { kind: "bintable", columns: [{ name: "TIME", values: Float64Array.of(1) }] } as const;
 * using file = await openFits(memorySource(encodeFits([table])));
 * ok(!isIrfTable(asBintable(await file.hdu(1))));
 * ```
 */
export function isIrfTable(hdu: BintableHdu): boolean {
  return classOf(hdu) !== undefined;
}

/**
 * Reads the tables of responses of a file that has one set of them, as most observations have.
 *
 * @param file An open FITS file.
 * @param options Order of the axes where files differ.
 * @returns The tables by what they are.
 * @throws FitsFormatError for two tables of one kind, or one that cannot be read.
 * @example
 * ```ts
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { readIrfTables } from "@gammarx/gammarx/irf";
 * import { strictEqual } from "node:assert/strict";
 * using file = await openFits(memorySource(encodeFits([{ kind: "image" }])));
 * strictEqual((await readIrfTables(file)).aeff, undefined);
 * ```
 */
export async function readIrfTables(
  file: FitsFile,
  options: ReadIrfOptions = {},
): Promise<IrfTables> {
  const tables: Record<string, Irf | ParametricPsf> = {};
  for (const hdu of await file.hdus()) {
    const found = hdu.kind === "bintable" ? classOf(hdu) : undefined;
    if (hdu.kind !== "bintable" || found === undefined) continue;
    if (options.only?.includes(PLACES[found.kind]) === false) continue;
    const irf = await readIrf(hdu, options), place = PLACES[irf.kind];
    if (tables[place] !== undefined) {
      throw new FitsFormatError(
        `found a second table of kind "${irf.kind}": read them one by one`,
        {
          file: hdu.source.name,
          hdu: hdu.index,
        },
      );
    }
    tables[place] = irf;
  }
  const { aeff, edisp, psf, bkg, radMax } = tables;
  return Object.freeze({ aeff, edisp, psf, bkg, radMax } as IrfTables);
}

const PLACES: Readonly<Record<(Irf | ParametricPsf)["kind"], keyof IrfTables>> = Object.freeze({
  aeff: "aeff",
  edisp: "edisp",
  psf: "psf",
  "psf-3gauss": "psf",
  "psf-king": "psf",
  "psf-gauss": "psf",
  bkg: "bkg",
  "rad-max": "radMax",
});

/**
 * Reads the tables of responses of a file by path or address.
 *
 * @param pathOrUrl Path, or address with http or https.
 * @param options Order of the axes where files differ.
 * @returns The tables by what they are.
 * @throws As {@linkcode readIrfTables}, and the system's error for a file that cannot be read.
 * @example
 * ```ts
 * import { readIrfFile } from "@gammarx/gammarx/irf";
 * import { rejects } from "node:assert/strict";
 * await rejects(readIrfFile("no-such-file.fits"));
 * ```
 */
export async function readIrfFile(
  pathOrUrl: string | URL,
  options: ReadIrfOptions & OpenByteSourceOptions = {},
): Promise<IrfTables> {
  using file = await openFitsFile(pathOrUrl, options);
  return await readIrfTables(file, options);
}

/** An axis of a file, with its place among the columns. */
async function readAxes(hdu: BintableHdu, of: TableClass): Promise<readonly MapAxis[]> {
  const axes: MapAxis[] = [];
  for (const column of hdu.columns) {
    const prefix = /^(.+)_LO$/i.exec(column.name)?.[1];
    if (prefix === undefined || optionalColumn(hdu, `${prefix}_HI`) === undefined) continue;
    const known = AXIS_COLUMNS.find((one) => one.prefix === prefix.toUpperCase());
    // A column that describes the whole table, such as its zenith angle, is no axis of it.
    if (known === undefined && column.repeat < 2) continue;
    axes.push(await readAxis(hdu, prefix, { known, reconstructed: of.reconstructed }));
  }
  return axes;
}

async function readAxis(
  hdu: BintableHdu,
  prefix: string,
  { known, reconstructed }: {
    readonly known: (typeof AXIS_COLUMNS)[number] | undefined;
    readonly reconstructed: boolean;
  },
): Promise<MapAxis> {
  const fileUnit = findColumn(hdu, `${prefix}_LO`).unit ?? "", unit = known?.unit ?? fileUnit;
  const factor = fileUnit === "" && unit !== "" ? 1 : unitFactor(fileUnit, unit);
  const low = (await readNumbers(hdu, `${prefix}_LO`)).map((x) => x * factor);
  const high = (await readNumbers(hdu, `${prefix}_HI`)).map((x) => x * factor);
  const isEnergy = prefix.toUpperCase() === "ENERG" && reconstructed;
  const name = isEnergy ? "energy" : known?.name ?? prefix.toLowerCase();
  const interp = known?.interp ?? "lin", n = low.length;
  const near = (a: number, b: number) =>
    Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b));
  const fail = (problem: string) =>
    new FitsFormatError(`axis ${prefix}_LO, ${prefix}_HI: ${problem}`, {
      file: hdu.source.name,
      hdu: hdu.index,
    });
  try {
    if (low.every((x, i) => near(x, high[i]!))) {
      return createMapAxis(name, high, { unit, interp, nodes: "centers" });
    }
    const gap = low.findIndex((x, i) =>
      i > 0 && Math.abs(x - high[i - 1]!) > 1e-3 * (high[i]! - low[i]!)
    );
    if (gap > 0) {
      throw new RangeError(
        `bin ${gap} begins at ${low[gap]}, the one before ends at ${high[gap - 1]}`,
      );
    }
    return createMapAxis(name, [...low, high[n - 1]!], { unit, interp });
  } catch (error) {
    throw fail((error as Error).message);
  }
}

/** What brings a column to the unit here; a unit that is missing or cannot be read is that of the format. */
function factorOf(
  hdu: BintableHdu,
  name: string,
  { unit, fileUnit, assumed }: {
    readonly unit: string;
    readonly fileUnit: string;
    readonly assumed: string[];
  },
): number {
  const found = findColumn(hdu, name).unit ?? "";
  if (unit === "") return 1;
  try {
    if (parseUnit(found).factors.length > 0) return unitFactor(found, unit);
  } catch (error) {
    if (error instanceof TypeError) {
      throw new FitsFormatError(`column ${name}: ${error.message}`, {
        file: hdu.source.name,
        hdu: hdu.index,
      });
    }
  }
  assumed.push(`unit of ${name}: found "${found}", taken for ${fileUnit}`);
  return unitFactor(fileUnit, unit);
}

/** A column in C order on the axes of its class, those that the class does not name last. */
async function readCube(
  hdu: BintableHdu,
  name: string,
  { axes, of, options }: {
    readonly axes: readonly MapAxis[];
    readonly of: TableClass;
    readonly options: ReadIrfOptions;
  },
): Promise<{ readonly axes: readonly MapAxis[]; readonly values: Float64Array }> {
  const column = findColumn(hdu, name), values = await readNumbers(hdu, name);
  const size = axes.reduce((n, axis) => n * axis.nBins, 1);
  if (hdu.nRows !== 1 || values.length !== size) {
    const sizes = axes.map((axis) => `${axis.name} ${axis.nBins}`).join(", ");
    throw new FitsFormatError(
      `column ${name}: found ${values.length} values in ${hdu.nRows} rows, expected one row of ${size} ` +
        `for its axes (${sizes})`,
      { file: hdu.source.name, hdu: hdu.index },
    );
  }
  const known = of.order.flatMap((one) => axes.filter((axis) => axis.name === one));
  const ordered = [...known, ...axes.filter((axis) => !known.includes(axis))];
  const dims = column.shape.length === axes.length
    ? [...column.shape].reverse()
    : ordered.map((axis) => axis.nBins);
  const fits = (list: readonly MapAxis[]) => list.every((axis, d) => axis.nBins === dims[d]);
  const reversed = [...ordered].reverse();
  const fileOrder = options.axisOrder === "columns" && fits(axes)
    ? axes
    : fits(ordered)
    ? ordered
    : fits(reversed)
    ? reversed
    : axes;
  if (!fits(fileOrder)) {
    throw new FitsFormatError(
      `column ${name}: found TDIM (${dims}), expected the lengths of its axes, ` +
        axes.map((axis) => `${axis.name} ${axis.nBins}`).join(", "),
      { file: hdu.source.name, hdu: hdu.index },
    );
  }
  return { axes: ordered, values: inOrder(values, fileOrder, ordered) };
}

/** Values that stand with the first axis of `from` fastest, in C order of `to`. */
function inOrder(
  values: Float64Array,
  from: readonly MapAxis[],
  to: readonly MapAxis[],
): Float64Array {
  if (to.every((axis, d) => axis === from[from.length - 1 - d])) return values;
  const strides = to.map((axis) => {
    const at = from.indexOf(axis);
    return from.slice(0, at).reduce((n, one) => n * one.nBins, 1);
  });
  const out = new Float64Array(values.length), index = new Int32Array(to.length);
  for (let i = 0; i < out.length; i++) {
    let at = 0;
    for (let d = 0; d < strides.length; d++) at += index[d]! * strides[d]!;
    out[i] = values[at]!;
    for (let d = to.length - 1; d >= 0 && ++index[d]! === to[d]!.nBins; d--) index[d] = 0;
  }
  return out;
}

function isPointLike(hdu: BintableHdu): boolean {
  return (optionalHeaderString(hdu.header, "HDUCLAS3") ?? "").toUpperCase() === "POINT-LIKE";
}

const ALIGNMENTS: readonly FovAlignment[] = Object.freeze(["RADEC", "ALTAZ", "REVERSE_LON_RADEC"]);

function alignmentOf(hdu: BintableHdu): FovAlignment {
  const found = optionalHeaderString(hdu.header, "FOVALIGN")?.trim().toUpperCase();
  if (found === undefined || found === "") return "RADEC";
  const alignment = ALIGNMENTS.find((one) => one === found);
  if (alignment !== undefined) return alignment;
  throw new FitsFormatError(
    `found FOVALIGN "${found}", expected one of ${ALIGNMENTS.join(", ")}`,
    { file: hdu.source.name, hdu: hdu.index, keyword: "FOVALIGN" },
  );
}

const DESCRIBING = [
  "TELESCOP",
  "INSTRUME",
  "OBS_ID",
  "HDUCLAS1",
  "HDUCLAS2",
  "HDUCLAS3",
  "HDUCLAS4",
];

function metaOf(hdu: BintableHdu, assumed: readonly string[]): Meta {
  const extra: Record<string, Json> = {};
  for (const keyword of DESCRIBING) {
    const card = hdu.header.cards.find((one) => one.keyword === keyword);
    const value = card?.value;
    if (typeof value === "string" || typeof value === "number") extra[keyword] = value;
  }
  if (assumed.length > 0) extra.assumed = [...assumed];
  return createMeta({ extra });
}

/** The binary table of a file by name or number, as a table of responses. */
export async function readIrfHdu(
  file: FitsFile,
  hdu: string | number,
  options: ReadIrfOptions = {},
): Promise<Irf | ParametricPsf> {
  return await readIrf(asBintable(await file.hdu(hdu)), options);
}
