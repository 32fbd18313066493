/**
 * Spectra of a region as OGIP files: counts by channel with EBOUNDS (PHA), effective areas by true energy
 * (ARF). The variants for Sherpa have energies in keV and areas in cm².
 */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import {
  type BintableHdu,
  card,
  type ColumnInput,
  findColumn,
  FitsFormatError,
  type HduInput,
  optionalColumn,
} from "../../fits/mod.ts";
import type { MapAxis, NumericArray } from "../../nddata/mod.ts";
import { flatten } from "../../numeric/mod.ts";
import { unitFactor } from "../../units/mod.ts";
import type { NoSkyGeom } from "../no_sky_geom.ts";
import type { RegionGeom } from "../region_geom.ts";
import { createSkyMap, type SkyMap } from "../sky_map.ts";
import {
  eboundsAxis,
  eboundsTable,
  edgesAxis,
  onlyEnergyAxis,
  requireTable,
} from "./energy_axes_fits.ts";
import { regionOfMap } from "./gadf_region_fits.ts";
import { checkedUnit, formatCards, inHdu, metaCard, metaOf, textOf } from "./header_fits.ts";
import type { MapFormat, MapHdu, ReadMapOptions, WriteMapOptions } from "./map_format_fits.ts";
import { regionTable } from "./region_table_fits.ts";
import { readMapColumns } from "./values_fits.ts";
import { requireBare, requireGeom } from "./write_checks.ts";

type RegionMap = SkyMap<RegionGeom | NoSkyGeom>;

function isPha({ hdu }: MapHdu): boolean {
  if (hdu.kind !== "bintable" || optionalColumn(hdu, "CHANNEL") === undefined) return false;
  const isNamed = hdu.name.toUpperCase() === "SPECTRUM" ||
    textOf(hdu.header, "HDUCLAS1") === "SPECTRUM";
  return isNamed && ["COUNTS", "RATE"].some((name) => optionalColumn(hdu, name) !== undefined);
}

function isArf({ hdu }: MapHdu): boolean {
  return hdu.kind === "bintable" &&
    ["ENERG_LO", "ENERG_HI", "SPECRESP"].every((name) => optionalColumn(hdu, name) !== undefined);
}

async function readPha(found: MapHdu, options: ReadMapOptions): Promise<RegionMap> {
  const table = found.hdu as BintableHdu;
  const name = options.column ??
    (optionalColumn(table, "COUNTS") === undefined ? "RATE" : "COUNTS");
  const column = findColumn(table, name), axis = await eboundsAxis(requireTable(found, "EBOUNDS"));
  const hasQuality = optionalColumn(table, "QUALITY") !== undefined && name !== "QUALITY";
  const [values, quality] = await readMapColumns(table, hasQuality ? [name, "QUALITY"] : [name]);
  if (values!.values.length !== axis.nBins) {
    throw new FitsFormatError(
      `found ${values!.values.length} channels, but EBOUNDS has ${axis.nBins}`,
      { file: table.source.name, hdu: table.index, keyword: `column ${column.name}` },
    );
  }
  const isFlags = name.toUpperCase() === "QUALITY";
  return await regionMap(found, {
    axis,
    values: isFlags ? goodOf(values!.values) : values!.values,
    // 0 is good; a map of which all are good needs no flags.
    valid: quality?.values.some((one) => one !== 0) ? goodOf(quality.values) : undefined,
    unit: checkedUnit(
      table,
      `column ${name}`,
      name === "RATE" ? values!.unit ?? "s-1" : values!.unit,
    )
      .replace(/^counts?$/i, ""),
  });
}

/** 1 where QUALITY is 0. */
function goodOf(quality: NumericArray): Uint8Array {
  return Uint8Array.from(quality, (one) => +(one === 0));
}

async function readArf(found: MapHdu): Promise<RegionMap> {
  const table = found.hdu as BintableHdu;
  const names = { name: "energy_true", columns: ["ENERG_LO", "ENERG_HI"] } as const;
  const axis = await edgesAxis(table, names), [column] = await readMapColumns(table, ["SPECRESP"]);
  const unit = checkedUnit(table, "column SPECRESP", column!.unit);
  return await regionMap(found, { axis, values: column!.values, valid: undefined, unit });
}

interface Spectrum {
  readonly axis: MapAxis;
  readonly values: NumericArray;
  readonly valid: Uint8Array | undefined;
  readonly unit: string;
}

async function regionMap(
  found: MapHdu,
  { axis, values, valid, unit }: Spectrum,
): Promise<RegionMap> {
  const geom = await regionOfMap(found, [axis], ["REGION", `${found.hdu.name}_REGION`]);
  const meta = metaOf(found.hdu.header);
  return inHdu(found.hdu, undefined, () =>
    createSkyMap(geom, {
      axes: [axis],
      data: values,
      unit,
      valid: valid && ndarray(valid, [axis.nBins]),
      meta,
    }));
}

/** The values of a spectrum in C order. */
function runOf(map: SkyMap): NumericArray {
  const { data, offset, length } = flatten(map.values);
  return data.subarray(offset, offset + length);
}

function regionMapOf(map: SkyMap, format: string): RegionMap {
  return requireGeom(map, format, ["region-geom", "no-sky"]);
}

function regionHdus({ geom }: RegionMap): HduInput[] {
  return geom.kind === "no-sky" ? [] : [regionTable(geom, "REGION")];
}

function edgesOnly(axis: MapAxis, name: string, format: string): MapAxis {
  if (axis.name === name && axis.nodes === "edges") return axis;
  throw new TypeError(
    `Found the axis ${axis.name} of ${axis.nodes}: the format ${format} has bins of ${name}`,
  );
}

/** Counts as they are counted: whole numbers as integers, weights as they are. */
function countsColumn(values: NumericArray): ColumnInput {
  const isWhole = values.every((one) => Number.isInteger(one) && Math.abs(one) < 2 ** 31);
  return { name: "COUNTS", values: isWhole ? Int32Array.from(values) : values };
}

function phaFormat(format: string, energyUnit: string | undefined): MapFormat {
  const write = (map: SkyMap, { name = "SPECTRUM" }: WriteMapOptions): HduInput[] => {
    const own = regionMapOf(map, format);
    requireBare(map, format, ["valid"]);
    const axis = edgesOnly(onlyEnergyAxis(map.axes, format), "energy", format);
    if (map.unit) {
      throw new TypeError(`Found a map in ${map.unit}: the format ${format} takes counts`);
    }
    const counts = countsColumn(runOf(map)), isWhole = counts.values instanceof Int32Array;
    const flags = map.valid && flatten(map.valid);
    const quality = flags &&
      Int16Array.from({ length: axis.nBins }, (_, i) => flags.data[flags.offset + i] === 0 ? 5 : 0);
    return [
      {
        kind: "bintable",
        name,
        header: [
          ...unknownCards(),
          card("HDUCLASS", "OGIP"),
          card("HDUCLAS1", "SPECTRUM"),
          card("HDUCLAS2", "TOTAL"),
          card("HDUCLAS3", "COUNT"),
          card("HDUVERS", "1.2.1"),
          card("CHANTYPE", "PHA"),
          card("DETCHANS", axis.nBins),
          card("POISSERR", isWhole),
          card("EXPOSURE", 0, "[s] not of this map"),
          card("AREASCAL", 1),
          card("BACKSCAL", 1),
          card("CORRSCAL", 0),
          ...["CORRFILE", "BACKFILE", "ANCRFILE", "RESPFILE"].map((key) => card(key, "none")),
          ...(quality === undefined ? [card("QUALITY", 0)] : []),
          card("GROUPING", 0),
          ...formatCards(format, "1.2.1"),
          metaCard(map.meta),
        ],
        columns: [
          { name: "CHANNEL", values: Int32Array.from({ length: axis.nBins }, (_, i) => i) },
          counts,
          ...(quality === undefined ? [] : [{ name: "QUALITY", values: quality }]),
        ],
      },
      eboundsTable(axis, energyUnit),
      ...regionHdus(own),
    ];
  };
  return Object.freeze({
    kind: "map" as const,
    format,
    version: "1.2.1",
    recognises: isPha,
    read: readPha,
    write,
  });
}

function arfFormat(format: string, units: { energy: string; area: string } | undefined): MapFormat {
  const write = (map: SkyMap, { name = "SPECRESP" }: WriteMapOptions): HduInput[] => {
    const own = regionMapOf(map, format);
    requireBare(map, format);
    const axis = edgesOnly(onlyEnergyAxis(map.axes, format), "energy_true", format);
    const unit = units?.area ?? map.unit ?? "", energyUnit = units?.energy ?? axis.unit;
    const scale = units === undefined ? 1 : unitFactor(map.unit ?? "", unit);
    const energy = unitFactor(axis.unit, energyUnit);
    const edges = axis.edges.map((edge) => edge * energy), values = runOf(map);
    const scaled = scale === 1 ? values : Float64Array.from(values, (one) => one * scale);
    return [
      {
        kind: "bintable",
        name,
        header: [
          ...unknownCards(),
          card("HDUCLASS", "OGIP"),
          card("HDUCLAS1", "RESPONSE"),
          card("HDUCLAS2", "SPECRESP"),
          card("HDUVERS", "1.1.0"),
          ...formatCards(format, "1.1.0"),
          metaCard(map.meta),
        ],
        columns: [
          { name: "ENERG_LO", values: edges.subarray(0, axis.nBins), unit: energyUnit },
          { name: "ENERG_HI", values: edges.subarray(1), unit: energyUnit },
          { name: "SPECRESP", values: scaled, unit },
        ],
      },
      ...regionHdus(own),
    ];
  };
  return Object.freeze({
    kind: "map" as const,
    format,
    version: "1.1.0",
    recognises: isArf,
    read: readArf,
    write,
  });
}

function unknownCards() {
  return [card("TELESCOP", "unknown"), card("INSTRUME", "unknown"), card("FILTER", "none")];
}

/** Counts of a region by channel, energies in the unit of the axis. */
export const OGIP_PHA: MapFormat = phaFormat("ogip", undefined);

/** Counts of a region by channel, energies in keV. */
export const OGIP_PHA_SHERPA: MapFormat = phaFormat("ogip-sherpa", "keV");

/** Effective areas by true energy, units as the map has them. */
export const OGIP_ARF: MapFormat = arfFormat("ogip-arf", undefined);

/** Effective areas by true energy, in cm² and keV. */
export const OGIP_ARF_SHERPA: MapFormat = arfFormat("ogip-arf-sherpa", {
  energy: "keV",
  area: "cm2",
});
