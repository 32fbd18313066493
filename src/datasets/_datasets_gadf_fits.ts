/** Spectra as maps without pixels, one file for each: the form that Gammapy has for known backgrounds. */
import { readGti } from "../events/mod.ts";
import {
  card,
  type FitsFile,
  FitsFormatError,
  type HduInput,
  headerCards,
  optionalHeaderNumber,
} from "../fits/mod.ts";
import {
  createEdispKernel,
  createReducedIrf,
  type EdispKernel,
  edispKernelOn,
  readReduced,
  reducedHdus,
  type ReducedIrf,
} from "../irf/mod.ts";
import { createSkyMap, mapHdus, NO_SKY, readFitsMap } from "../maps/mod.ts";
import { createMapAxis, type MapAxis } from "../nddata/mod.ts";
import { flatten } from "../numeric/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { gtiHdu } from "./_ogip_gti_fits.ts";
import { about, isSameBinning } from "./_ogip_spectrum_fits.ts";
import { createSpectrumDataset, type SpectrumDataset } from "./spectrum_dataset.ts";

/** The HDUs of a spectrum. Throws TypeError for a column that cannot be written. */
export function gadfSpectrumHdus(dataset: SpectrumDataset): HduInput[] {
  const { energy, energyTrue, off, edisp, gti, livetimeS, validFit } = dataset;
  const plain = (name: string, axis: MapAxis, data: Float64Array, unit = "") =>
    mapHdus(createSkyMap(NO_SKY, { axes: [axis], data, unit }), { name });
  // Gammapy takes flags for indices where they are numbers.
  const flags = (name: string, valid: Uint8Array) =>
    mapHdus(createSkyMap(NO_SKY, { axes: [energy], data: valid.map((one) => +(one !== 0)) }), {
      name,
    }).map((hdu): HduInput =>
      hdu.kind !== "bintable" || hdu.name !== name ? hdu : {
        ...hdu,
        columns: hdu.columns.map((one) => one.name === "DATA" ? { ...one, type: "L" } : one),
      }
    );
  const exposure = plain("EXPOSURE", energyTrue, dataset.exposureCm2S, "cm2 s");
  const [first, ...others] = exposure;
  const hdus = [
    ...plain("COUNTS", energy, dataset.counts),
    livetimeS >= 0 && livetimeS < Infinity
      ? { ...first!, header: [...first!.header ?? [], card("LIVETIME", livetimeS, "[s]")] }
      : first!,
    ...others,
  ];
  const { background } = dataset;
  if (background !== undefined) hdus.push(...plain("BACKGROUND", energy, background));
  if (edisp !== undefined) {
    const axes = [energyTrue, energy], data = numbers(edisp);
    const weights = createSkyMap(NO_SKY, {
      axes: [energyTrue],
      data: dataset.exposureCm2S,
      unit: "cm2 s",
    });
    const map = createSkyMap(NO_SKY, { axes, data });
    hdus.push(...reducedHdus(createReducedIrf("edisp-kernel-map", map, weights)));
  }
  hdus.push(...flags("MASK_SAFE", dataset.validSafe));
  if (validFit !== undefined) hdus.push(...flags("MASK_FIT", validFit));
  if (gti !== undefined) hdus.push(gtiHdu(gti));
  if (off !== undefined) {
    hdus.push(
      ...plain("COUNTS_OFF", energy, off.counts),
      ...plain("ACCEPTANCE", energy, off.acceptance),
      ...plain("ACCEPTANCE_OFF", energy, off.acceptanceOff),
    );
  }
  return hdus;
}

/** A spectrum that was read, and the HDUs that have no place in it. */
export interface GadfSpectrum {
  readonly dataset: SpectrumDataset;
  readonly unused: readonly string[];
}

const USED = [
  "COUNTS",
  "EXPOSURE",
  "BACKGROUND",
  "EDISP",
  "EDISP_EXPOSURE",
  "MASK_SAFE",
  "MASK_FIT",
  "COUNTS_OFF",
  "ACCEPTANCE",
  "ACCEPTANCE_OFF",
];

/**
 * Reads a spectrum. The live time is LIVETIME of EXPOSURE, NaN where absent, as in files of Gammapy. The
 * name is NAME of the first HDU where none is given. Throws FitsFormatError for what is no spectrum.
 */
export async function readGadfSpectrum(file: FitsFile, name?: string): Promise<GadfSpectrum> {
  const hdus = await file.hdus(), named = hdus.map((hdu) => hdu.name.trim().toUpperCase());
  const has = (hdu: string) => named.includes(hdu);
  for (const hdu of ["COUNTS", "EXPOSURE"]) {
    if (!has(hdu)) throw new FitsFormatError(`found no HDU ${hdu}`, { file: file.name });
  }
  const line = async (hdu: string) => {
    const map = await readFitsMap(file, { hdu }), [axis, ...more] = map.axes;
    const isRegion = map.geom.kind === "region-geom" || map.geom.kind === "no-sky";
    if (isRegion && axis?.kind === "map-axis" && more.length === 0) {
      return { axis: inTeV(axis), data: numbers(map), unit: map.unit ?? "" };
    }
    const found = `${map.geom.kind} with ${
      map.axes.map((one) => one.name).join(", ") || "no axis"
    }`;
    throw new FitsFormatError(`found a map on ${found}, expected a spectrum of one region`, {
      file: file.name,
      hdu: (await file.hdu(hdu)).index,
    });
  };
  return await about(file, async () => {
    const counts = await line("COUNTS"), exposure = await line("EXPOSURE"), energy = counts.axis;
    const energyTrue = renamed(exposure.axis, "energy_true");
    const onEnergy = async (hdu: string) => {
      if (!has(hdu)) return undefined;
      const { axis, data } = await line(hdu);
      if (isSameBinning(axis, energy)) return data;
      throw new TypeError(`HDU ${hdu}: found other energies than those of COUNTS`);
    };
    const flags = async (hdu: string) => {
      const data = await onEnergy(hdu);
      return data && Uint8Array.from(data, (value) => +(value !== 0));
    };
    const offCounts = await onEnergy("COUNTS_OFF");
    const acceptance = await onEnergy("ACCEPTANCE");
    const acceptanceOff = await onEnergy("ACCEPTANCE_OFF");
    if (offCounts !== undefined && (acceptance === undefined || acceptanceOff === undefined)) {
      throw new TypeError("Found COUNTS_OFF, expected ACCEPTANCE and ACCEPTANCE_OFF with it");
    }
    const validSafe = await flags("MASK_SAFE"), gti = hdus[named.indexOf("GTI")];
    const factor = unitFactor(exposure.unit, "cm2 s");
    const first = hdus[0], title = first && headerCards(first.header, "NAME")[0]?.value;
    const dataset = createSpectrumDataset({
      name: name ?? String(title ?? file.name.replace(/^.*[/\\]|\.fits(\.gz)?$/gi, "")),
      energy,
      energyTrue,
      counts: counts.data,
      exposureCm2S: exposure.data.map((x) => x * factor),
      background: await onEnergy("BACKGROUND"),
      edisp: has("EDISP")
        ? kernelOf(await readReduced(file, { hdu: "EDISP" }), { energyTrue, energy })
        : undefined,
      ...(offCounts === undefined ? {} : {
        off: { counts: offCounts, acceptance: acceptance!, acceptanceOff: acceptanceOff! },
      }),
      ...(validSafe === undefined ? {} : { validSafe }),
      validFit: await flags("MASK_FIT"),
      gti: gti?.kind === "bintable" ? await readGti(gti) : undefined,
      livetimeS: optionalHeaderNumber((await file.hdu("EXPOSURE")).header, "LIVETIME") ?? NaN,
    });
    const used = new Set(["", "PRIMARY", "GTI", ...USED.flatMap((one) => [one, `${one}_BANDS`])]);
    // Of tables that belong to maps, that of the region of the counts stands for all regions.
    const unused = named.filter((one) =>
      !used.has(one) && (!/_(BANDS|REGION)$/.test(one) || one === "COUNTS_REGION")
    );
    return { dataset, unused };
  });
}

/** The matrix on the axes of the spectrum. */
function kernelOf(
  irf: ReducedIrf,
  axes: { readonly energyTrue: MapAxis; readonly energy: MapAxis },
): EdispKernel {
  if (irf.kind !== "edisp-kernel-map" && irf.kind !== "edisp-map") {
    throw new TypeError(`HDU EDISP: found a ${irf.kind}, expected an energy dispersion`);
  }
  const kernel = edispKernelOn(irf as ReducedIrf<"edisp-map">, { energy: axes.energy });
  const [rows, columns] = kernel.axes;
  if (!isSameBinning(rows, axes.energyTrue) || !isSameBinning(columns, axes.energy)) {
    throw new TypeError("HDU EDISP: found other energies than those of COUNTS and EXPOSURE");
  }
  return createEdispKernel(axes, numbers(kernel), kernel.meta);
}

/** Values in C order. */
function numbers({ values }: { readonly values: Parameters<typeof flatten>[0] }): Float64Array {
  const { data, offset, length } = flatten(values);
  return Float64Array.from(data.subarray(offset, offset + length) as Float64Array);
}

function inTeV(axis: MapAxis): MapAxis {
  const factor = unitFactor(axis.unit, "TeV"), { name, interp } = axis;
  if (factor === 1) return axis;
  return createMapAxis(name, axis.edges.map((e) => e * factor), { unit: "TeV", interp });
}

function renamed(axis: MapAxis, name: string): MapAxis {
  const { edges, unit, interp } = axis;
  return axis.name === name ? axis : createMapAxis(name, edges, { unit, interp });
}
