/** Responses on the sky in files: GADF maps named PSF or EDISP, their exposure named PSF_EXPOSURE, EDISP_EXPOSURE. */
import {
  type FitsFile,
  FitsFormatError,
  type HduInput,
  type OpenByteSourceOptions,
  openFitsFile,
} from "../fits/mod.ts";
import { createSkyMap, mapHdus, readFitsMap, type SkyMap } from "../maps/mod.ts";
import { type Axis, createMapAxis, type MapAxis, squashAxis } from "../nddata/mod.ts";
import { unitFactor } from "../units/mod.ts";
import {
  createReducedIrf,
  numbersOf,
  reducedAxes,
  type ReducedIrf,
  type ReducedKind,
  reducedRule,
} from "./reduced.ts";

const KINDS: readonly ReducedKind[] = ["psf-map", "reco-psf-map", "edisp-map", "edisp-kernel-map"];

/** Names of the HDUs. */
const nameOf = (kind: ReducedKind) => kind.includes("psf") ? "PSF" : "EDISP";

/**
 * The HDUs of responses on the sky: the map and its bins, and the exposure with one bin of the second axis, as
 * Gammapy has them.
 *
 * @param irf Responses.
 * @param options `name` of the first HDU; "PSF" or "EDISP" where absent.
 * @returns HDUs for `encodeFits`: NAME, NAME_BANDS, NAME_EXPOSURE, NAME_EXPOSURE_BANDS.
 * @example
 * ```ts
 * import { gaussPsfMap, reducedHdus } from "@gammarx/gammarx/irf";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const psf = gaussPsfMap({ energyTrue, sigmaDeg: 0.1, geom: createWcsGeom({ npix: 2, binszDeg: 1 }) });
 * deepStrictEqual(reducedHdus(psf).map((hdu) => hdu.name), ["PSF", "PSF_BANDS"]);
 * ```
 * @see gammapy.irf.IRFMap.to_hdulist
 */
export function reducedHdus(
  irf: ReducedIrf,
  options: { readonly name?: string } = {},
): HduInput[] {
  const { name = nameOf(irf.kind) } = options, hdus = mapHdus(irf.map, { name });
  if (irf.exposure === undefined) return hdus;
  const [energy, other] = reducedAxes(irf), { geom, meta, unit = "" } = irf.exposure;
  const axes = [energy, squashAxis(other)], data = numbersOf(irf.exposure);
  const exposure = createSkyMap(geom, { axes, data, unit, meta });
  return [...hdus, ...mapHdus(exposure, { name: `${name}_EXPOSURE` })];
}

/** How responses on the sky are read. */
export interface ReadReducedOptions {
  /** Name or number of the HDU of the map; PSF or EDISP, whichever is there, where absent. */
  readonly hdu?: string | number;
}

/**
 * Reads responses on the sky. What they are follows from their axes; energies come in TeV, densities in sr⁻¹,
 * exposures in cm² s.
 *
 * @param file An open FITS file.
 * @param options Which HDU.
 * @returns Responses, with their exposure where the file has it.
 * @throws FitsFormatError where there is no such map, or its axes are those of no response.
 * @example
 * ```ts
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { gaussPsfMap, readReduced, reducedHdus } from "@gammarx/gammarx/irf";
 * import { createWcsGeom } from "@gammarx/gammarx/maps";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 1, name: "energy_true" });
 * const psf = gaussPsfMap({ energyTrue, sigmaDeg: 0.1, geom: createWcsGeom({ npix: 2, binszDeg: 1 }) });
 * using file = await openFits(memorySource(encodeFits(reducedHdus(psf))));
 * strictEqual((await readReduced(file)).kind, "psf-map");
 * ```
 * @see GADF 0.3, section Sky maps; gammapy.irf.IRFMap.read
 */
export async function readReduced(
  file: FitsFile,
  options: ReadReducedOptions = {},
): Promise<ReducedIrf> {
  const hdus = await file.hdus(), has = (name: string) => hdus.some((hdu) => hdu.name === name);
  const hdu = options.hdu ?? ["PSF", "EDISP"].find(has);
  if (hdu === undefined) {
    throw new FitsFormatError(
      `found HDUs ${
        hdus.map((one) => one.name || "without name").join(", ")
      }, expected PSF or EDISP`,
      { file: file.name },
    );
  }
  const map = inTeV(await readFitsMap(file, { hdu }));
  const found = map.axes.map((axis) => axis.name).join();
  const kind = KINDS.find((one) => reducedRule(one).axes.join() === found);
  if (kind === undefined) {
    throw new FitsFormatError(
      `found a map on ${found || "no axis"}, expected one on ` +
        KINDS.map((one) => reducedRule(one).axes.join(", ")).join("; or on "),
      { file: file.name, hdu: (await file.hdu(hdu)).index },
    );
  }
  const name = `${(await file.hdu(hdu)).name}_EXPOSURE`;
  const exposure = has(name)
    ? squeezed(inTeV(await readFitsMap(file, { hdu: name })), map.axes[0]!)
    : undefined;
  return createReducedIrf(kind, inUnit(map, reducedRule(kind).unit), exposure);
}

/** A map whose energies are in TeV. */
function inTeV(map: SkyMap): SkyMap {
  const axes = map.axes.map((axis) => {
    if (axis.kind !== "map-axis" || !axis.name.startsWith("energy") || axis.unit === "TeV") {
      return axis;
    }
    const factor = unitFactor(axis.unit, "TeV"), { name, interp, nodes } = axis;
    const table = nodes === "edges" ? axis.edges : axis.centers;
    return createMapAxis(name, table.map((e) => e * factor), { unit: "TeV", interp, nodes });
  });
  const { geom, unit = "", meta } = map;
  return createSkyMap(geom, { axes, data: numbersOf(map), unit, meta });
}

/** A map in a unit; one that has none is taken to be in it. */
function inUnit(map: SkyMap, unit: string): SkyMap {
  const own = map.unit ?? "", { geom, axes, meta } = map;
  const factor = own === "" ? 1 : unitFactor(own, unit), values = numbersOf(map);
  const data = factor === 1 ? values : values.map((value) => value * factor);
  return createSkyMap(geom, { axes, data, unit, meta });
}

/** An exposure without the axis of one bin that stands for the second axis of the responses. */
function squeezed(map: SkyMap, energy: Axis): SkyMap {
  const others = map.axes.filter((axis) => axis.name !== energy.name);
  if (others.some((axis) => axis.nBins !== 1)) {
    throw new TypeError(
      `Found an exposure on ${
        map.axes.map((axis) => `${axis.name} ${axis.nBins}`).join(", ")
      }, expected ` +
        `one value for each bin of ${energy.name}`,
    );
  }
  const own = map.axes.find((axis) => axis.name === energy.name) as MapAxis;
  const { geom, meta } = map, unit = map.unit === undefined || map.unit === "" ? "m2 s" : map.unit;
  return inUnit(createSkyMap(geom, { axes: [own], data: numbersOf(map), unit, meta }), "cm2 s");
}

/**
 * Reads responses on the sky of a file by path or address.
 *
 * @param pathOrUrl Path, or address with http or https.
 * @param options Which HDU.
 * @returns Responses.
 * @throws As {@linkcode readReduced}, and the system's error for a file that cannot be read.
 * @example
 * ```ts
 * import { readReducedFile } from "@gammarx/gammarx/irf";
 * import { rejects } from "node:assert/strict";
 * await rejects(readReducedFile("no-such-file.fits"));
 * ```
 */
export async function readReducedFile(
  pathOrUrl: string | URL,
  options: ReadReducedOptions & OpenByteSourceOptions = {},
): Promise<ReducedIrf> {
  using file = await openFitsFile(pathOrUrl, options);
  return await readReduced(file, options);
}
