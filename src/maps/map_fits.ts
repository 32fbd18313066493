import type { NdArray } from "ndarray";
import { card, type HduInput } from "../fits/mod.ts";
import type { MapAxis } from "../nddata/mod.ts";
import { wcsToHeader } from "../sky/mod.ts";
import type { WcsGeom } from "./wcs_geom.ts";

/** A map to be written: values on sky pixels and any further axes. */
export interface MapToWrite {
  /** The sky pixels. */
  readonly geom: WcsGeom;
  /** The further axes, slowest first. */
  readonly axes: readonly MapAxis[];
  /** Values, shape [...axes, ny, nx]. */
  readonly data: NdArray<Float64Array>;
  /** Unit of the values; "" for counts. */
  readonly unit?: string;
}

/**
 * The HDUs of a map in the GADF format of sky maps: the image, and a table of the bins of its
 * further axes.
 *
 * @param map The map; its data are contiguous, in C order.
 * @returns HDUs for `encodeFits`; they share the map's memory.
 * @throws TypeError where data and geometry do not agree.
 * @example
 * ```ts
 * import { createWcsGeom, mapHdus } from "@gammarx/gammarx/maps";
 * import { encodeFits } from "@gammarx/gammarx/fits";
 * import { createMapAxis } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const geom = createWcsGeom({ npix: [2, 2], binszDeg: 1, proj: "TAN" });
 * const energy = createMapAxis("energy", [1, 10], { unit: "TeV", interp: "log" });
 * const data = ndarray(new Float64Array(4), [1, 2, 2]);
 * strictEqual(encodeFits(mapHdus({ geom, axes: [energy], data })).length % 2880, 0);
 * ```
 * @see GADF 0.3, section Sky maps, WCS format
 */
export function mapHdus(map: MapToWrite): HduInput[] {
  const { geom, axes, data, unit = "" } = map;
  const shape = [...axes.map((axis) => axis.nBins), geom.npix[1], geom.npix[0]];
  if (shape.join() !== data.shape.join()) {
    throw new TypeError(`The data of the map are [${data.shape}], its axes are [${shape}]`);
  }
  const size = shape.reduce((a, b) => a * b, 1);
  const cards = Object.entries(wcsToHeader(geom.wcs)).map(([keyword, value]) =>
    card(keyword, value)
  );
  const image: HduInput = {
    kind: "image",
    data: data.data.subarray(data.offset, data.offset + size),
    shape,
    ...(unit === "" ? {} : { unit }),
    header: [
      ...cards,
      card("HDUCLASS", "GADF", "format of the map"),
      card("HDUDOC", "https://github.com/open-gamma-ray-astro/gamma-astro-data-formats"),
      card("HDUVERS", "0.3"),
      ...(axes.length === 0 ? [] : [card("BANDSHDU", "BANDS", "bins of the further axes")]),
      card("META", "{}"),
    ],
  };
  return axes.length === 0 ? [image] : [image, bandsTable(axes)];
}

/** One row a combination of bins, the last axis fastest. */
function bandsTable(axes: readonly MapAxis[]): HduInput {
  const nRows = axes.reduce((n, axis) => n * axis.nBins, 1);
  const channel = Int16Array.from({ length: nRows }, (_, row) => row);
  const columns = axes.flatMap((axis, a) => {
    const faster = axes.slice(a + 1).reduce((n, one) => n * one.nBins, 1);
    const bin = (row: number) => Math.floor(row / faster) % axis.nBins;
    const of = (value: (bin: number) => number) =>
      Float64Array.from({ length: nRows }, (_, row) => value(bin(row)));
    const [low, high] = [(i: number) => axis.edges[i]!, (i: number) => axis.edges[i + 1]!];
    const isLog = axis.interp === "log";
    const center = (i: number) => isLog ? Math.sqrt(low(i) * high(i)) : (low(i) + high(i)) / 2;
    const name = axis.name.toUpperCase(), unit = axis.unit;
    const [lowName, highName] = name === "ENERGY"
      ? ["E_MIN", "E_MAX"]
      : [`${name}_MIN`, `${name}_MAX`];
    return [
      { name, values: of(center), unit },
      { name: lowName, values: of(low), unit },
      { name: highName, values: of(high), unit },
    ];
  });
  const axisCards = axes.map((axis, a) =>
    card(
      `AXCOLS${axes.length - a}`,
      axis.name === "energy"
        ? "E_MIN,E_MAX"
        : `${axis.name.toUpperCase()}_MIN,${axis.name.toUpperCase()}_MAX`,
    )
  );
  const interpCards = axes.map((axis, a) =>
    card(`INTERP${axes.length - a}`, axis.interp === "log" ? "log" : "lin")
  );
  return {
    kind: "bintable",
    name: "BANDS",
    header: [...axisCards, ...interpCards],
    columns: [{ name: "CHANNEL", values: channel }, ...columns],
  };
}
