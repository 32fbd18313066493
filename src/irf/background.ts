/** Background rates in other coordinates, and without empty cells. */
import { createMapAxis, linearEdges, type MapAxis } from "../nddata/mod.ts";
import { separationDeg } from "../sky/mod.ts";
import { createIrf, evaluateIrf, type Irf, irfAxis } from "./irf.ts";

/** How {@linkcode backgroundTo2d} makes one offset of a field of view. */
export interface BackgroundTo2dOptions {
  /**
   * "mean": the mean over all directions, as far as a whole circle is inside the table; "positive-lon": the
   * cells at latitude 0 and longitudes from 0 on, as Gammapy takes them. "mean" where absent.
   */
  readonly method?: "mean" | "positive-lon";
  /** Offsets, deg; bins as wide as those of fov_lon where absent. For "mean" only. */
  readonly offset?: MapAxis;
}

/** Directions over which a mean is taken. */
const DIRECTIONS = 360;

/**
 * A background that depends on the position in the field of view as one that depends on the offset.
 *
 * @param bkg Rate on energy, fov_lon, fov_lat.
 * @param options What is made of the directions.
 * @returns Rate on energy, offset, in the same unit.
 * @throws RangeError for a table without these axes.
 * @example
 * ```ts
 * import { backgroundTo2d, createIrf } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const axes = [
 *   energyAxis({ low: 1, high: 10, nBins: 1 }),
 *   createMapAxis("fov_lon", [-2, 0, 2], { unit: "deg" }),
 *   createMapAxis("fov_lat", [-2, 0, 2], { unit: "deg" }),
 * ];
 * const flat = createIrf("bkg", axes, { data: Float64Array.of(3, 3, 3, 3) });
 * ok(Math.abs(backgroundTo2d(flat).values.get(0, 0) - 3) < 1e-12);
 * ```
 * @see gammapy.irf.Background3D.to_2d
 */
export function backgroundTo2d(
  bkg: Irf<"bkg">,
  options: BackgroundTo2dOptions = {},
): Irf<"bkg"> {
  const energy = irfAxis(bkg, "energy");
  const lon = irfAxis(bkg, "fov_lon"), lat = irfAxis(bkg, "fov_lat");
  if (options.method === "positive-lon") return positiveLon(bkg, { energy, lon, lat });
  const offset = options.offset ?? offsetsWithin(lon, lat), n = offset.nBins * DIRECTIONS;
  const fovLon = new Float64Array(n), fovLat = new Float64Array(n);
  for (let o = 0, k = 0; o < offset.nBins; o++) {
    const r = offset.centers[o]! * Math.PI / 180, sin = Math.sin(r);
    for (let d = 0; d < DIRECTIONS; d++, k++) {
      const turn = (d + 0.5) / DIRECTIONS * 2 * Math.PI, y = sin * Math.sin(turn);
      fovLat[k] = Math.asin(sin * Math.cos(turn)) * 180 / Math.PI;
      fovLon[k] = Math.atan2(y, Math.cos(r)) * 180 / Math.PI;
    }
  }
  const data = new Float64Array(energy.nBins * offset.nBins), e = new Float64Array(n);
  for (let i = 0; i < energy.nBins; i++) {
    const at = { energy: e.fill(energy.centers[i]!), fov_lon: fovLon, fov_lat: fovLat };
    const values = evaluateIrf(bkg, at);
    for (let o = 0; o < offset.nBins; o++) {
      let sum = 0;
      for (let d = 0; d < DIRECTIONS; d++) sum += values[o * DIRECTIONS + d]!;
      data[i * offset.nBins + o] = sum / DIRECTIONS;
    }
  }
  return tableLike(bkg, [energy, offset], data);
}

function tableLike(bkg: Irf<"bkg">, axes: readonly MapAxis[], data: Float64Array): Irf<"bkg"> {
  const { unit = "", meta, pointLike, alignment, safeTeV } = bkg;
  return createIrf("bkg", axes, { data, unit, meta, pointLike, alignment, safeTeV });
}

/** Offsets whose whole circle is inside both axes. */
function offsetsWithin(lon: MapAxis, lat: MapAxis): MapAxis {
  const width = lon.edges[1]! - lon.edges[0]!;
  const high = Math.min(
    ...[lon, lat].flatMap(({ edges, nBins }) => [-edges[0]!, edges[nBins]!]),
  );
  if (!(high > 0)) {
    throw new RangeError(
      `The field of view from ${lon.edges[0]} to ${lon.edges.at(-1)} deg does not hold its middle`,
    );
  }
  const nBins = Math.max(1, Math.round(high / width));
  return createMapAxis("offset", linearEdges({ low: 0, high, nBins }), { unit: "deg" });
}

function positiveLon(
  bkg: Irf<"bkg">,
  { energy, lon, lat }: { readonly energy: MapAxis; readonly lon: MapAxis; readonly lat: MapAxis },
): Irf<"bkg"> {
  const binOf = (axis: MapAxis) => axis.edges.findLastIndex((edge) => edge <= 0);
  const first = binOf(lon), row = binOf(lat), nBins = lon.nBins - first;
  if (first < 0 || row < 0 || nBins <= 0 || row >= lat.nBins) {
    throw new RangeError("The field of view of the background does not hold its middle");
  }
  const strides = bkg.axes.map((_, a) =>
    bkg.axes.slice(a + 1).reduce((n, axis) => n * axis.nBins, 1)
  );
  const step = (axis: MapAxis) => strides[bkg.axes.indexOf(axis)]!;
  const { data, offset: start } = bkg.values, out = new Float64Array(energy.nBins * nBins);
  for (let i = 0; i < energy.nBins; i++) {
    for (let k = 0; k < nBins; k++) {
      const at = i * step(energy) + (first + k) * step(lon) + row * step(lat);
      out[i * nBins + k] = data[start + at]!;
    }
  }
  const offset = createMapAxis("offset", lon.edges.slice(first), { unit: lon.unit });
  return tableLike(bkg, [energy, offset], out);
}

/**
 * A background that depends on the offset as one on the position in the field of view, as a gradient needs it.
 *
 * @param bkg Rate on energy, offset.
 * @param options `fov`: edges in both directions, deg; from the greatest offset on one side to that on the
 *   other in bins as wide as those of the offset where absent.
 * @returns Rate on energy, fov_lon, fov_lat at the bin centres; 0 beyond the offsets.
 * @throws RangeError for a table without these axes.
 * @example
 * ```ts
 * import { backgroundTo3d, createIrf } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const axes = [energyAxis({ low: 1, high: 10, nBins: 1 }), createMapAxis("offset", [0, 1, 2])];
 * const bkg = createIrf("bkg", axes, { data: Float64Array.of(3, 3) });
 * deepStrictEqual(backgroundTo3d(bkg).values.shape, [1, 4, 4]);
 * ```
 */
export function backgroundTo3d(
  bkg: Irf<"bkg">,
  options: { readonly fov?: ArrayLike<number> } = {},
): Irf<"bkg"> {
  const energy = irfAxis(bkg, "energy"), offset = irfAxis(bkg, "offset");
  const high = offset.edges[offset.nBins]!, width = offset.edges[1]! - offset.edges[0]!;
  const nBins = 2 * Math.max(1, Math.round(high / width));
  const fov = options.fov ?? linearEdges({ low: -high, high, nBins });
  const lon = createMapAxis("fov_lon", fov, { unit: "deg" });
  const lat = createMapAxis("fov_lat", fov, { unit: "deg" }), middle = { lonDeg: 0, latDeg: 0 };
  const n = energy.nBins * lon.nBins * lat.nBins;
  const at = { energy: new Float64Array(n), offset: new Float64Array(n) };
  for (let k = 0; k < n; k++) {
    const j = k % lat.nBins, i = Math.floor(k / lat.nBins) % lon.nBins;
    at.energy[k] = energy.centers[Math.floor(k / lat.nBins / lon.nBins)]!;
    at.offset[k] = separationDeg(middle, { lonDeg: lon.centers[i]!, latDeg: lat.centers[j]! });
  }
  return tableLike(bkg, [energy, lon, lat], evaluateIrf(bkg, at));
}

/**
 * The background with its empty cells (0, or no number) between filled ones of other energies filled: ln of
 * the rate is linear in the number of the energy bin. Cells before the first and behind the last filled one
 * stay empty.
 *
 * @param bkg Rate on energy and other axes.
 * @returns A new table; NaN becomes 0 where it is not filled.
 * @example
 * ```ts
 * import { createIrf, fillBackgroundGaps } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { ok } from "node:assert/strict";
 * const axes = [energyAxis({ low: 1, high: 1000, nBins: 3 })];
 * const filled = fillBackgroundGaps(createIrf("bkg", axes, { data: Float64Array.of(1, 0, 0.01) }));
 * ok(Math.abs(filled.values.get(1) - 0.1) < 1e-15);
 * ```
 * @see gammapy.irf.BackgroundIRF with interp_missing_data
 */
export function fillBackgroundGaps(bkg: Irf<"bkg">): Irf<"bkg"> {
  const a = bkg.axes.findIndex((axis) => axis.name === "energy"), n = bkg.axes[a]!.nBins;
  const width = bkg.axes.slice(a + 1).reduce((m, axis) => m * axis.nBins, 1);
  const { data, offset } = bkg.values, size = bkg.axes.reduce((m, axis) => m * axis.nBins, 1);
  const out = Float64Array.from(
    { length: size },
    (_, i) => data[offset + i]! > 0 ? data[offset + i]! : 0,
  );
  for (let outer = 0; outer < size; outer += n * width) {
    for (let w = outer; w < outer + width; w++) {
      let before = -1;
      for (let i = 0; i < n; i++) {
        const value = out[w + i * width]!;
        if (value === 0) continue;
        if (before >= 0) {
          const low = Math.log(out[w + before * width]!),
            slope = (Math.log(value) - low) / (i - before);
          for (let k = before + 1; k < i; k++) {
            out[w + k * width] = Math.exp(low + slope * (k - before));
          }
        }
        before = i;
      }
    }
  }
  return tableLike(bkg, bkg.axes, out);
}

/**
 * The background with one more bin at the far end of the offset, or at all ends of the field of view, that
 * has the value of its neighbour: so it stays what it is at the last centre, and goes on for half a bin.
 *
 * @param bkg Rate on energy and offset, or fov_lon and fov_lat.
 * @returns A new table; its axes have edges.
 * @example
 * ```ts
 * import { createIrf, padBackground } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const axes = [energyAxis({ low: 1, high: 10, nBins: 1 }), createMapAxis("offset", [0, 1, 2])];
 * const padded = padBackground(createIrf("bkg", axes, { data: Float64Array.of(3, 2) }));
 * deepStrictEqual([...padded.values.data as Float64Array], [3, 2, 2]);
 * ```
 * @see gammapy.irf.IRF.pad
 */
export function padBackground(bkg: Irf<"bkg">): Irf<"bkg"> {
  const from = bkg.axes.map((axis) => axis.name === "fov_lon" || axis.name === "fov_lat" ? 1 : 0);
  const axes = bkg.axes.map((axis, a) => {
    if (from[a] === 0 && axis.name !== "offset") return axis;
    const { edges, nBins, name, unit, interp } = axis, last = edges[nBins]! - edges[nBins - 1]!;
    const before = from[a] === 1 ? [edges[0]! - (edges[1]! - edges[0]!)] : [];
    return createMapAxis(name, [...before, ...edges, edges[nBins]! + last], { unit, interp });
  });
  const shape = axes.map((axis) => axis.nBins), size = shape.reduce((m, n) => m * n, 1);
  const index = new Int32Array(shape.length), out = new Float64Array(size);
  const strides = bkg.axes.map((_, a) =>
    bkg.axes.slice(a + 1).reduce((m, axis) => m * axis.nBins, 1)
  );
  for (let i = 0; i < size; i++) {
    let at = bkg.values.offset;
    for (let a = 0; a < shape.length; a++) {
      at += Math.max(0, Math.min(bkg.axes[a]!.nBins - 1, index[a]! - from[a]!)) * strides[a]!;
    }
    out[i] = bkg.values.data[at]!;
    for (let a = shape.length - 1; a >= 0 && ++index[a]! === shape[a]; a--) index[a] = 0;
  }
  return tableLike(bkg, axes, out);
}
