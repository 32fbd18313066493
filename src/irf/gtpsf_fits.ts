/** Point spread functions as Fermi's gtpsf writes them: PSF (energy, exposure, density) and THETA. */
import { asBintable, findColumn, type FitsFile, type HduInput, readNumbers } from "../fits/mod.ts";
import { createSkyMap, geomPixels, NO_SKY, type SkyGeom } from "../maps/mod.ts";
import { createMapAxis } from "../nddata/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { numbersOf, reducedAxes, type ReducedIrf, reducedOf } from "./reduced.ts";

/**
 * Reads the point spread functions of a file of gtpsf: densities at energies and separations, with the
 * exposure.
 *
 * @param file An open FITS file.
 * @param geom The sky they are for: none, or a region; none where absent.
 * @returns Responses, sr⁻¹, with exposure, cm² s.
 * @throws FitsFormatError where an HDU or a column is missing.
 * @example
 * ```ts
 * import { encodeFits, memorySource, openFits } from "@gammarx/gammarx/fits";
 * import { gaussPsfMap, gtpsfHdus, readGtpsf } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { strictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 2, name: "energy_true" });
 * const psf = gaussPsfMap({ energyTrue, sigmaDeg: 0.1 });
 * using file = await openFits(memorySource(encodeFits(gtpsfHdus(psf))));
 * strictEqual((await readGtpsf(file)).map.values.get(1, 3), psf.map.values.get(1, 3));
 * ```
 * @see Fermi Science Tools, gtpsf
 */
export async function readGtpsf(
  file: FitsFile,
  geom: SkyGeom = NO_SKY,
): Promise<ReducedIrf<"psf-map">> {
  const psf = asBintable(await file.hdu("PSF")), theta = asBintable(await file.hdu("THETA"));
  const toTeV = unitFactor(findColumn(psf, "Energy").unit ?? "MeV", "TeV");
  const energies = (await readNumbers(psf, "Energy")).map((e) => e * toTeV);
  const energyTrue = createMapAxis("energy_true", energies, {
    unit: "TeV",
    interp: "log",
    nodes: "centers",
  });
  const rad = createMapAxis("rad", await readNumbers(theta, "Theta"), {
    unit: "deg",
    nodes: "centers",
  });
  const exposure = createSkyMap(geom, {
    axes: [energyTrue],
    data: await readNumbers(psf, "Exposure"),
    unit: "cm2 s",
  });
  const data = await readNumbers(psf, "Psf");
  return reducedOf("psf-map", { geom, axes: [energyTrue, rad], data, exposure });
}

/**
 * The HDUs of point spread functions as gtpsf writes them.
 *
 * @param irf Responses without sky or of a region; without exposure 0 is written for it.
 * @returns HDUs for `encodeFits`, PSF and THETA, energies in MeV.
 * @throws TypeError for responses on pixels: take those at one place.
 * @example
 * ```ts
 * import { gaussPsfMap, gtpsfHdus } from "@gammarx/gammarx/irf";
 * import { energyAxis } from "@gammarx/gammarx/nddata";
 * import { deepStrictEqual } from "node:assert/strict";
 * const energyTrue = energyAxis({ low: 1, high: 10, nBins: 2, name: "energy_true" });
 * const hdus = gtpsfHdus(gaussPsfMap({ energyTrue, sigmaDeg: 0.1 }));
 * deepStrictEqual(hdus.map((hdu) => hdu.name), ["PSF", "THETA"]);
 * ```
 * @see Fermi Science Tools, gtpsf
 */
export function gtpsfHdus(irf: ReducedIrf<"psf-map">): HduInput[] {
  const { geom } = irf.map, [energy, rad] = reducedAxes(irf);
  if (geom.kind !== "no-sky" && geom.kind !== "region-geom" || geomPixels(geom) !== 1) {
    throw new TypeError(
      `gtpsf files have one place: found responses on a ${geom.kind}, take regionReduced first`,
    );
  }
  const toMeV = unitFactor(energy.unit, "MeV"), toDeg = unitFactor(rad.unit, "deg");
  const toSr = unitFactor(irf.map.unit ?? "", "sr-1");
  const exposure = irf.exposure === undefined
    ? new Float64Array(energy.nBins)
    : numbersOf(irf.exposure).map((x) => x * unitFactor(irf.exposure!.unit ?? "", "cm2 s"));
  return [
    {
      kind: "bintable",
      name: "PSF",
      columns: [
        { name: "Energy", values: energy.centers.map((e) => e * toMeV), unit: "MeV" },
        { name: "Exposure", values: exposure, unit: "cm2 s" },
        {
          name: "Psf",
          values: numbersOf(irf.map).map((x) => x * toSr),
          shape: [rad.nBins],
          unit: "sr-1",
        },
      ],
    },
    {
      kind: "bintable",
      name: "THETA",
      columns: [{ name: "Theta", values: rad.centers.map((r) => r * toDeg), unit: "deg" }],
    },
  ];
}
