/** Energy axes of tables EBOUNDS and ENERGIES, and of the keywords of an image's third axis. */
import {
  type BintableInput,
  card,
  FitsFormatError,
  type Hdu,
  headerError,
  headerNumber,
  optionalColumn,
  optionalHeaderNumber,
  readNumbers,
  type TableHdu,
} from "../../fits/mod.ts";
import { type Axis, createMapAxis, type MapAxis } from "../../nddata/mod.ts";
import { unitFactor } from "../../units/mod.ts";
import { checkedUnit, hduNamed, inHdu, textOf } from "./header_fits.ts";
import type { MapHdu } from "./map_format_fits.ts";

/** The table of a name; undefined where there is none. */
export function tableNamed(found: MapHdu, name: string): TableHdu | undefined {
  const hdu = hduNamed(found, name);
  return hdu?.kind === "bintable" || hdu?.kind === "table" ? hdu : undefined;
}

/** The table of a name, or FitsFormatError. */
export function requireTable(found: MapHdu, name: string): TableHdu {
  const table = tableNamed(found, name);
  if (table !== undefined) return table;
  throw new FitsFormatError(`found no table ${name}, expected the energies of the map in it`, {
    file: found.hdu.source.name,
    hdu: found.hdu.index,
  });
}

/** Greatest gap between the end of a bin and the start of the next, in widths. */
const EDGE_RTOL = 1e-3;

/** How an axis of energies is to be called. */
export interface EnergyAxisNames {
  /** Name of the axis. */
  readonly name: string;
  /** Columns of the lower and upper edges. */
  readonly columns: readonly [string, string];
}

/** Edges of adjoining bins in two columns, logarithmic. */
export async function edgesAxis(table: TableHdu, names: EnergyAxisNames): Promise<MapAxis> {
  const [lowName, highName] = names.columns;
  const low = await readNumbers(table, lowName), high = await readNumbers(table, highName);
  const column = optionalColumn(table, lowName)!, keyword = `column ${lowName}`;
  const unit = checkedUnit(table, keyword, column.unit);
  return inHdu(table, keyword, () => {
    for (let i = 1; i < low.length; i++) {
      if (Math.abs(low[i]! - high[i - 1]!) <= EDGE_RTOL * Math.abs(high[i]! - low[i]!)) continue;
      throw new RangeError(
        `bin ${i} begins at ${low[i]}, where bin ${i - 1} ends at ${high[i - 1]}: expected no gap`,
      );
    }
    const edges = [...low, ...high.subarray(Math.max(0, high.length - 1))];
    return createMapAxis(names.name, edges, { unit, interp: "log" });
  });
}

/** The reconstructed energies of EBOUNDS. */
export function eboundsAxis(table: TableHdu): Promise<MapAxis> {
  return edgesAxis(table, { name: "energy", columns: ["E_MIN", "E_MAX"] });
}

/** The true energies of ENERGIES as nodes: MeV, where the column has no unit. */
export async function energiesAxis(table: TableHdu): Promise<MapAxis> {
  const column = ["ENERGY", "MeV"].map((name) => optionalColumn(table, name))
    .find((one) => one !== undefined);
  if (column === undefined) {
    throw new FitsFormatError("found no column Energy, expected the energies of the planes", {
      file: table.source.name,
      hdu: table.index,
    });
  }
  const energies = await readNumbers(table, column), keyword = `column ${column.name}`;
  const unit = checkedUnit(table, keyword, column.unit) || "MeV";
  return inHdu(table, keyword, () => {
    unitFactor(unit, "MeV");
    return createMapAxis("energy_true", energies, { unit, interp: "log", nodes: "centers" });
  });
}

/** An axis of energies that stand at its edges: nodes of what is differential in energy. */
export function nodesAtEdges(axis: MapAxis): MapAxis {
  const { edges, unit } = axis;
  return createMapAxis("energy_true", edges, { unit, interp: "log", nodes: "centers" });
}

/**
 * The axes beyond the sky of an image that no table tells of: CRVALn, CRPIXn and CDELTn are centres,
 * natural logarithms of MeV where CTYPEn is log_Energy. Axes of one pixel without CTYPEn are none.
 */
export function imageAxes(hdu: Hdu): Axis[] {
  if (hdu.kind !== "image") return [];
  const nDims = hdu.shape.length, axes: Axis[] = [];
  for (let n = 3; n <= nDims; n++) {
    const nBins = hdu.shape[nDims - n]!, ctype = textOf(hdu.header, `CTYPE${n}`);
    if (ctype === "" && nBins === 1) continue;
    if (ctype === "") {
      throw headerError(
        hdu.header,
        `CTYPE${n}`,
        `found none, and no table of bins, for an axis of ${nBins} pixels`,
      );
    }
    axes.unshift(imageAxis(hdu, { n, nBins, ctype }));
  }
  return axes;
}

function imageAxis(
  hdu: Hdu,
  { n, nBins, ctype }: { readonly n: number; readonly nBins: number; readonly ctype: string },
): Axis {
  const { header } = hdu, start = headerNumber(header, `CRVAL${n}`);
  const step = optionalHeaderNumber(header, `CDELT${n}`) ?? 1;
  const from = optionalHeaderNumber(header, `CRPIX${n}`) ?? 1;
  const centers = Float64Array.from({ length: nBins }, (_, i) => start + (i + 1 - from) * step);
  const isLog = /^log_energy$/i.test(ctype), isEnergy = /energy/i.test(ctype);
  const unit = isLog ? "MeV" : checkedUnit(hdu, `CUNIT${n}`, textOf(header, `CUNIT${n}`));
  const name = isLog ? "energy_true" : isEnergy ? "energy" : ctype.toLowerCase();
  return inHdu(
    hdu,
    `CTYPE${n}`,
    () =>
      createMapAxis(name, isLog ? centers.map(Math.exp) : centers, {
        unit,
        interp: isLog ? "log" : "lin",
        nodes: "centers",
      }),
  );
}

/** EBOUNDS of an energy axis, in its own unit or another. */
export function eboundsTable(axis: MapAxis, unit: string = axis.unit): BintableInput {
  const factor = unitFactor(axis.unit, unit), edges = axis.edges.map((edge) => edge * factor);
  return {
    kind: "bintable",
    name: "EBOUNDS",
    header: [
      card("HDUCLASS", "OGIP"),
      card("HDUCLAS1", "RESPONSE"),
      card("HDUCLAS2", "EBOUNDS"),
      card("HDUVERS", "1.2.0"),
      card("CHANTYPE", "PI"),
      card("DETCHANS", axis.nBins),
    ],
    columns: [
      { name: "CHANNEL", values: Int32Array.from({ length: axis.nBins }, (_, i) => i) },
      { name: "E_MIN", values: edges.subarray(0, axis.nBins), unit },
      { name: "E_MAX", values: edges.subarray(1), unit },
    ],
  };
}

/** ENERGIES of an energy axis: its centres in MeV. */
export function energiesTable(axis: MapAxis): BintableInput {
  const factor = unitFactor(axis.unit, "MeV");
  return {
    kind: "bintable",
    name: "ENERGIES",
    columns: [{ name: "Energy", values: axis.centers.map((one) => one * factor), unit: "MeV" }],
  };
}

/** The one energy axis of a map, or TypeError. */
export function onlyEnergyAxis(axes: readonly Axis[], format: string): MapAxis {
  const [axis] = axes;
  const isEnergy = axes.length === 1 && axis!.kind === "map-axis" &&
    /^energy(_true)?$/.test(axis!.name);
  if (isEnergy) return axis as MapAxis;
  throw new TypeError(
    `Found the axes ${
      axes.map((one) => one.name).join(", ") || "none"
    }: the format ${format} takes ` +
      `maps of one axis, energy or energy_true`,
  );
}
