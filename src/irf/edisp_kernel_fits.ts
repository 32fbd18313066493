/** Energy-dispersion matrices in OGIP files: MATRIX (or SPECRESP MATRIX, or Fermi's DRM) and EBOUNDS. */
import {
  asBintable,
  type BintableHdu,
  card,
  findColumn,
  type FitsFile,
  FitsFormatError,
  type HduInput,
  optionalColumn,
  optionalHeaderInteger,
  optionalHeaderString,
  readColumn,
  readNumbers,
} from "../fits/mod.ts";
import { createMapAxis, createMeta, type MapAxis } from "../nddata/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { createEdispKernel, type EdispKernel } from "./edisp_kernel.ts";

/** How a matrix is written. */
export interface RmfOptions {
  /** Probabilities up to this are left out, 0 where absent: only what is exactly 0. */
  readonly threshold?: number;
  /** Unit of the energies; "keV" where absent, as the format's readers expect. */
  readonly unit?: "keV" | "TeV";
  /** TELESCOP; "" where absent. */
  readonly telescope?: string;
  /** INSTRUME; "" where absent. */
  readonly instrument?: string;
}

/**
 * The HDUs of a matrix as an OGIP redistribution matrix: MATRIX with the groups of channels of each row that
 * are not empty, and EBOUNDS. Channels count from 0 (TLMIN4).
 *
 * @param kernel The matrix.
 * @param options Threshold, unit, names of telescope and instrument.
 * @returns HDUs for `encodeFits`.
 * @example
 * ```ts
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { createEdispKernel, readRmf, rmfHdus } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energy = energyAxis({ low: 1, high: 100, nBins: 3 });
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const kernel = createEdispKernel({ energyTrue, energy }, Float64Array.of(0.5, 0, 0.25));
 * using file = await openFits(memorySource(encodeFits(rmfHdus(kernel))));
 * strictEqual((await readRmf(file)).values.get(0, 2), 0.25);
 * ```
 * @see OGIP memo CAL/GEN/92-002a, The Calibration Requirements for Spectral Analysis
 */
export function rmfHdus(kernel: EdispKernel, options: RmfOptions = {}): HduInput[] {
  const { threshold = 0, unit = "keV", telescope = "", instrument = "" } = options;
  const [energyTrue, energy] = kernel.axes, factor = unitFactor(energy.unit, unit);
  const nGroups: number[] = [], first: Int16Array[] = [], count: Int16Array[] = [];
  const matrix: Float32Array[] = [];
  for (let i = 0; i < energyTrue.nBins; i++) {
    const starts: number[] = [], lengths: number[] = [], values: number[] = [];
    for (let j = 0, isOpen = false; j < energy.nBins; j++) {
      const value = kernel.values.get(i, j);
      if (!(value > threshold)) {
        isOpen = false;
        continue;
      }
      if (!isOpen) {
        starts.push(j);
        lengths.push(0);
      }
      isOpen = true;
      lengths[lengths.length - 1]!++;
      values.push(value);
    }
    nGroups.push(starts.length);
    first.push(Int16Array.from(starts));
    count.push(Int16Array.from(lengths));
    matrix.push(Float32Array.from(values));
  }
  const names = [
    card("TELESCOP", telescope),
    card("INSTRUME", instrument),
    card("FILTER", "NONE"),
    card("CHANTYPE", "PHA"),
    card("DETCHANS", energy.nBins, "number of channels"),
    card("HDUCLASS", "OGIP"),
    card("HDUCLAS1", "RESPONSE"),
  ];
  const [trueLow, trueHigh] = edgesOf(energyTrue, factor), [low, high] = edgesOf(energy, factor);
  const sum = (lists: readonly ArrayLike<number>[]) =>
    lists.reduce((n, list) => n + list.length, 0);
  return [
    {
      kind: "bintable",
      name: "MATRIX",
      header: [
        ...names,
        card("HDUCLAS2", "RSP_MATRIX"),
        card("HDUCLAS3", "REDIST"),
        card("HDUVERS", "1.3.0"),
        card("RMFVERSN", "1992a"),
        card("TLMIN4", 0, "number of the first channel"),
        card("TLMAX4", energy.nBins - 1, "number of the last channel"),
        card("NUMGRP", sum(first), "groups of channels"),
        card("NUMELT", sum(matrix), "stored elements"),
        card("LO_THRES", threshold, "what is not above it is left out"),
      ],
      columns: [
        { name: "ENERG_LO", values: trueLow, type: "D", unit },
        { name: "ENERG_HI", values: trueHigh, type: "D", unit },
        { name: "N_GRP", values: Int16Array.from(nGroups) },
        { name: "F_CHAN", values: first, variable: "P", type: "I" },
        { name: "N_CHAN", values: count, variable: "P", type: "I" },
        { name: "MATRIX", values: matrix, variable: "P", type: "E" },
      ],
    },
    {
      kind: "bintable",
      name: "EBOUNDS",
      header: [...names, card("HDUCLAS2", "EBOUNDS"), card("HDUVERS", "1.2.0")],
      columns: [
        { name: "CHANNEL", values: Int16Array.from({ length: energy.nBins }, (_, j) => j) },
        { name: "E_MIN", values: low, type: "D", unit },
        { name: "E_MAX", values: high, type: "D", unit },
      ],
    },
  ];
}

function edgesOf(axis: MapAxis, factor: number): readonly [Float64Array, Float64Array] {
  const edges = axis.edges.map((edge) => edge * factor);
  return [edges.slice(0, -1), edges.slice(1)];
}

/** Where the matrix is in files of the several makers. */
const MATRIX_NAMES = ["MATRIX", "SPECRESP MATRIX", "DRM"];

/**
 * Reads a matrix of an OGIP file, or one of Fermi's gtdrm.
 *
 * Channels count from what TLMIN of F_CHAN says, and where it is missing from the first number in EBOUNDS.
 * Energies without a unit are in keV; as those of gtdrm are.
 *
 * @param file An open FITS file.
 * @returns The matrix, TeV.
 * @throws FitsFormatError where there is no matrix, or a group reaches outside the channels.
 * @example
 * ```ts
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { readRmf } from "@gammarx/gammarx/irf";
 * import { rejects } from "node:assert/strict";
 * using file = await openFits(memorySource(encodeFits([{ kind: "image" }])));
 * await rejects(readRmf(file), /MATRIX/);
 * ```
 * @see OGIP memo CAL/GEN/92-002a; Fermi Science Tools, gtdrm
 */
export async function readRmf(file: FitsFile): Promise<EdispKernel> {
  const hdus = await file.hdus();
  const named = (names: readonly string[]) =>
    hdus.find((hdu) => names.includes((optionalHeaderString(hdu.header, "EXTNAME") ?? "").trim()));
  const found = named(MATRIX_NAMES), bounds = named(["EBOUNDS"]);
  if (found === undefined || bounds === undefined) {
    throw new FitsFormatError(
      `found no HDU ${
        found === undefined ? MATRIX_NAMES.join(" or ") : "EBOUNDS"
      }, expected a matrix ` +
        "and its EBOUNDS",
      { file: hdus[0]!.source.name },
    );
  }
  const matrix = asBintable(found), ebounds = asBintable(bounds);
  const energyTrue = await axisOf(matrix, "energy_true", {
    columns: ["ENERG_LO", "ENERG_HI"],
    assumed: "keV",
  });
  const energy = await axisOf(ebounds, "energy", { columns: ["E_MIN", "E_MAX"], assumed: "keV" });
  const channels = await readNumbers(ebounds, "CHANNEL");
  const start = firstChannel(matrix) ?? channels[0] ?? 0;
  const data = await rowsOf(matrix, { start, nRows: energyTrue.nBins, nChannels: energy.nBins });
  const extra: Record<string, string> = {};
  for (const keyword of ["TELESCOP", "INSTRUME"]) {
    const value = optionalHeaderString(matrix.header, keyword);
    if (value !== undefined) extra[keyword] = value;
  }
  return createEdispKernel({ energyTrue, energy }, data, createMeta({ extra }));
}

function firstChannel(hdu: BintableHdu): number | undefined {
  const place = hdu.columns.findIndex((column) => column.name.toUpperCase() === "F_CHAN");
  return optionalHeaderInteger(hdu.header, `TLMIN${place + 1}`);
}

async function axisOf(
  hdu: BintableHdu,
  name: string,
  { columns: [low, high], assumed }: {
    readonly columns: readonly [string, string];
    readonly assumed: string;
  },
): Promise<MapAxis> {
  const unit = findColumn(hdu, low).unit ?? "",
    factor = unitFactor(unit === "" ? assumed : unit, "TeV");
  const lows = await readNumbers(hdu, low), highs = await readNumbers(hdu, high);
  const edges = Float64Array.of(...lows, highs[highs.length - 1]!).map((e) => e * factor);
  // A first edge of 0 has no logarithm: OGIP files write it for "everything below".
  if (edges[0] === 0) edges[0] = 1e-3 * edges[1]!;
  try {
    return createMapAxis(name, edges, { unit: "TeV", interp: "log" });
  } catch (error) {
    throw new FitsFormatError(`columns ${low}, ${high}: ${(error as Error).message}`, {
      file: hdu.source.name,
      hdu: hdu.index,
    });
  }
}

/** A cell of a column that may have one number a row, a fixed array or a variable one. */
async function listsOf(
  hdu: BintableHdu,
  name: string,
): Promise<(row: number) => ArrayLike<number>> {
  if (optionalColumn(hdu, name) === undefined) {
    throw new FitsFormatError(`found no column ${name}, expected that of a matrix`, {
      file: hdu.source.name,
      hdu: hdu.index,
    });
  }
  const column = await readColumn(hdu, name);
  if (column.kind === "variable") return (row) => column.values[row] as ArrayLike<number>;
  if (column.kind === "string") throw new TypeError(`Column ${name} is of texts, expected numbers`);
  const width = column.nRows === 0 ? 0 : column.values.length / column.nRows;
  const values = Float64Array.from(column.values as ArrayLike<number>);
  return (row) => values.subarray(row * width, (row + 1) * width);
}

async function rowsOf(
  hdu: BintableHdu,
  { start, nRows, nChannels }: {
    readonly start: number;
    readonly nRows: number;
    readonly nChannels: number;
  },
): Promise<Float64Array> {
  const groups = await readNumbers(hdu, "N_GRP"), out = new Float64Array(nRows * nChannels);
  const [first, count, values] = await Promise.all(
    ["F_CHAN", "N_CHAN", "MATRIX"].map((name) => listsOf(hdu, name)),
  );
  for (let i = 0; i < nRows; i++) {
    let at = 0;
    for (let g = 0; g < groups[i]!; g++) {
      const from = first!(i)[g]! - start, n = count!(i)[g]!;
      if (from < 0 || from + n > nChannels || at + n > values!(i).length) {
        throw new FitsFormatError(
          `row ${i + 1}: found a group of ${n} channels from ${from + start} and ` +
            `${values!(i).length} values, expected channels ${start} to ${start + nChannels - 1}`,
          { file: hdu.source.name, hdu: hdu.index },
        );
      }
      for (let j = 0; j < n; j++) out[i * nChannels + from + j] = values!(i)[at + j]!;
      at += n;
    }
  }
  return out;
}
