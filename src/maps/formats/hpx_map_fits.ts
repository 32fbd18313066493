/** Maps of planes that were read from HEALPix tables. */
// @ts-types="@types/ndarray"
import ndarray from "ndarray";
import { type BintableHdu, FitsFormatError } from "../../fits/mod.ts";
import type { Axis, NumericArray } from "../../nddata/mod.ts";
import type { HpxGeom } from "../hpx_geom.ts";
import { createSkyMap, type SkyMap } from "../sky_map.ts";
import { checkedUnit, inHdu, metaOf, unitOf } from "./header_fits.ts";
import { valuesOrFlags } from "./values_fits.ts";

/** Planes with their geometry and axes. */
export interface PlanesMap {
  /** The pixels. */
  readonly geom: HpxGeom;
  /** The axes, slowest first: their bins in C order are the planes. */
  readonly axes: readonly Axis[];
  /** Values, shape [planes, pixels]. */
  readonly data: NumericArray;
  /** 1 where there is a value; undefined where all are. */
  readonly valid: Uint8Array | undefined;
  /** Unit of the columns, for where BUNIT is absent or empty. */
  readonly unit: string;
}

/** The map of planes; FitsFormatError where there are more or fewer of them than bins. */
export function valuesMap(table: BintableHdu, planes: PlanesMap): SkyMap<HpxGeom> {
  const { geom, axes, data, valid } = planes, shape = [...axes.map((a) => a.nBins), geom.nPix];
  const nPlanes = data.length / geom.nPix, nBins = axes.reduce((n, axis) => n * axis.nBins, 1);
  if (nPlanes !== nBins) {
    throw new FitsFormatError(
      `found ${nPlanes} planes, expected one for each of the ${nBins} bins of the axes ` +
        `(${axes.map((axis) => axis.name).join(", ") || "none"})`,
      { file: table.source.name, hdu: table.index },
    );
  }
  const unit = unitOf(table) || checkedUnit(table, "TUNIT", planes.unit);
  return inHdu(table, undefined, () =>
    createSkyMap(geom, {
      axes,
      data: valuesOrFlags(table, data),
      unit,
      valid: valid && ndarray(valid, shape),
      meta: metaOf(table.header),
    }));
}
