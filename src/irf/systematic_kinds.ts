/** The kinds of systematic uncertainties, each of which answers for itself. */
import { createSkyMap, geomCenters, geomPixels, type SkyMap } from "../maps/mod.ts";
import type { MapAxis } from "../nddata/mod.ts";
import { flatten } from "../numeric/mod.ts";
import { galacticToIcrsInto, skyToFovInto } from "../sky/mod.ts";
import { type Lines, linesAlong, type Stretch, stretched } from "./_stretch.ts";
import { createIrf, type Irf, irfAxis, type IrfKind } from "./irf.ts";
import { createParametricPsf, type PsfIrf } from "./psf.ts";
import { numbersOf, reducedAxes, type ReducedIrf, reducedOf, reducedRule } from "./reduced.ts";
import type {
  IrfSystematic,
  SystematicMapContext,
  SystematicParameter,
  SystematicParameters,
} from "./systematics.ts";

/** A table with other values. */
function withValues<K extends IrfKind>(irf: Irf<K>, data: Float64Array): Irf<K> {
  const { kind, axes, unit = "", pointLike, alignment, safeTeV, meta } = irf;
  return createIrf(kind, axes, { data, unit, pointLike, alignment, safeTeV, meta });
}

function valuesOf(irf: Irf): Float64Array {
  const { data, offset, length } = flatten(irf.values);
  return Float64Array.from(data.subarray(offset, offset + length));
}

/** Values times factors along an axis, in place. */
function scaled(
  values: Float64Array,
  { outer, n, width }: Lines,
  factors: Float64Array,
): Float64Array {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < n; i++) {
      const start = (o * n + i) * width, factor = factors[i]!;
      for (let w = 0; w < width; w++) values[start + w] = values[start + w]! * factor;
    }
  }
  return values;
}

/** A table times factors along an axis. */
function scaledTable<K extends IrfKind>(
  irf: Irf<K>,
  name: string,
  of: (axis: MapAxis) => Float64Array,
): Irf<K> {
  return withValues(irf, scaled(valuesOf(irf), linesAlong(irf.axes, name), of(irfAxis(irf, name))));
}

/** A map with other values. */
function mapWithValues({ geom, axes, unit = "", valid, planes, meta }: SkyMap, data: Float64Array) {
  return createSkyMap(geom, { axes, data, unit, valid, planes, meta });
}

/** A map times factors along an axis. */
function scaledMap(map: SkyMap, name: string, of: (axis: MapAxis) => Float64Array): SkyMap {
  const axis = irfAxis(map, name), lines = linesAlong(map.axes, name, geomPixels(map.geom));
  return mapWithValues(map, scaled(numbersOf(map).slice(), lines, of(axis)));
}

/** (1 + scale)(E/E₀)^tilt at the bin centres. */
function powerLaw(scale: number, { tilt, referenceTeV }: SystematicParameters) {
  return ({ centers }: MapAxis): Float64Array =>
    centers.map((e) => (1 + scale) * (e / referenceTeV!) ** tilt!);
}

const number = (description: string, above?: number): SystematicParameter => ({
  description,
  unit: "",
  initial: 0,
  ...(above === undefined ? {} : { above }),
});
const reference: SystematicParameter = {
  description: "energy at which a tilt changes nothing",
  unit: "TeV",
  initial: 1,
  above: 0,
  isSetting: true,
};

function systematic(
  format: string,
  of: Omit<IrfSystematic, "kind" | "format" | "version">,
): IrfSystematic {
  return { kind: "irf-systematic", format, version: "1", ...of };
}

/** 1 + x becomes 1/(1 + x). */
const undone = (x: number) => -x / (1 + x);

const aeff = systematic("aeff", {
  parameters: {
    scale: number("relative change of the effective area", -1),
    tilt: number("power of the energy by which it changes"),
    referenceTeV: reference,
  },
  tables(tables, p) {
    const { aeff } = tables;
    if (aeff === undefined) return tables;
    return { ...tables, aeff: scaledTable(aeff, "energy_true", powerLaw(p.scale!, p)) };
  },
  reduced(irf, p) {
    if (irf.exposure === undefined) return irf;
    const { name } = reducedAxes(irf)[0];
    const exposure = scaledMap(irf.exposure, name, powerLaw(p.scale!, p));
    return Object.freeze({ ...irf, exposure });
  },
  map: (map, p, { role }) =>
    role === "exposure" ? scaledMap(map, "energy_true", powerLaw(p.scale!, p)) : map,
  inverse: ({ scale, tilt, referenceTeV }) => ({
    scale: undone(scale!),
    tilt: 0 - tilt!,
    referenceTeV: referenceTeV!,
  }),
});

const bkg = systematic("bkg", {
  parameters: {
    norm: number("relative change of the background", -1),
    tilt: number("power of the energy by which it changes"),
    referenceTeV: reference,
  },
  tables(tables, p) {
    const { bkg } = tables;
    if (bkg === undefined) return tables;
    return { ...tables, bkg: scaledTable(bkg, "energy", powerLaw(p.norm!, p)) };
  },
  map: (map, p, { role }) =>
    role === "background" ? scaledMap(map, "energy", powerLaw(p.norm!, p)) : map,
  inverse: ({ norm, tilt, referenceTeV }) => ({
    norm: undone(norm!),
    tilt: 0 - tilt!,
    referenceTeV: referenceTeV!,
  }),
});

const gradientFactor = (p: SystematicParameters, lonDeg: number, latDeg: number) =>
  Math.max(0, 1 + p.lonPerDeg! * lonDeg + p.latPerDeg! * latDeg);

const bkgGradient = systematic("bkg-gradient", {
  parameters: {
    lonPerDeg: { ...number("relative change along the longitude of the field"), unit: "deg-1" },
    latPerDeg: { ...number("relative change along the latitude of the field"), unit: "deg-1" },
  },
  tables(tables, parameters) {
    const table = tables.bkg;
    if (table === undefined) return tables;
    const has = (name: string) => table.axes.some((axis) => axis.name === name);
    if (!has("fov_lon") || !has("fov_lat")) {
      throw new TypeError(
        `A gradient needs a background on fov_lon and fov_lat, found ` +
          `${table.axes.map((axis) => axis.name).join(", ")}: make it so by backgroundTo3d`,
      );
    }
    const values = valuesOf(table), lon = linesAlong(table.axes, "fov_lon");
    const lat = linesAlong(table.axes, "fov_lat");
    const x = irfAxis(table, "fov_lon").centers, y = irfAxis(table, "fov_lat").centers;
    for (let i = 0; i < values.length; i++) {
      const a = x[Math.floor(i / lon.width) % lon.n]!, b = y[Math.floor(i / lat.width) % lat.n]!;
      values[i] = values[i]! * gradientFactor(parameters, a, b);
    }
    return { ...tables, bkg: withValues(table, values) };
  },
  map: gradientOnMap,
});

/** The gradient in the field of view about the pointing, longitude growing with right ascension. */
function gradientOnMap(
  map: SkyMap,
  parameters: SystematicParameters,
  { role, pointing }: SystematicMapContext,
): SkyMap {
  if (role !== "background") return map;
  if (pointing === undefined) {
    throw new TypeError("A gradient of a map needs the pointing, found none");
  }
  const { lonDeg, latDeg } = geomCenters(map.geom), n = geomPixels(map.geom);
  const sky = { lonDeg: Float64Array.from(lonDeg.data), latDeg: Float64Array.from(latDeg.data) };
  if (map.geom.frame === "galactic") galacticToIcrsInto(sky, sky);
  skyToFovInto(sky, { pointing, into: sky });
  const factors = sky.lonDeg.map((x, k) => gradientFactor(parameters, x, sky.latDeg[k]!));
  const data = numbersOf(map).slice();
  for (let i = 0; i < data.length; i++) data[i] = data[i]! * factors[i % n]!;
  return mapWithValues(map, data);
}

/** How a stretch along migra, and one along the reconstructed energies of a matrix, goes. */
interface EdispStretch {
  readonly migra: Stretch["from"];
  readonly energy: Stretch["from"];
}

/** An energy dispersion of a table or on the sky, stretched. */
function edispStretch(of: (parameters: SystematicParameters) => EdispStretch) {
  const widths = (axis: MapAxis) => axis.centers.map((_, i) => axis.edges[i + 1]! - axis.edges[i]!);
  const alongMigra = (axis: MapAxis, from: Stretch["from"]): Stretch => ({
    edges: axis.edges,
    measure: widths(axis),
    scale: "lin",
    from,
    keepSum: true,
  });
  const tables: IrfSystematic["tables"] = (all, parameters) => {
    const { edisp } = all;
    if (edisp === undefined) return all;
    const stretch = alongMigra(irfAxis(edisp, "migra"), of(parameters).migra);
    const data = stretched(valuesOf(edisp), linesAlong(edisp.axes, "migra"), stretch);
    return { ...all, edisp: withValues(edisp, data) };
  };
  const reduced: IrfSystematic["reduced"] = (irf, parameters) => {
    const [, axis] = reducedAxes(irf), { migra, energy } = of(parameters);
    if (irf.kind === "edisp-map") return stretchedMap(irf, alongMigra(axis, migra));
    if (irf.kind !== "edisp-kernel-map") return irf;
    const { edges } = axis;
    // What leaves the reconstructed energies of a matrix is lost, as it would be in the data.
    return stretchedMap(irf, {
      edges,
      measure: undefined,
      scale: "log",
      from: energy,
      keepSum: false,
    });
  };
  return { tables, reduced };
}

function stretchedMap(irf: ReducedIrf, stretch: Stretch): ReducedIrf {
  const [, other] = reducedAxes(irf), { geom, axes, meta } = irf.map;
  const lines = linesAlong(axes, other.name, geomPixels(geom));
  const data = stretched(numbersOf(irf.map), lines, stretch);
  return reducedOf(irf.kind, { geom, axes, data, exposure: irf.exposure, meta });
}

const energyScale = systematic("energy-scale", {
  parameters: { shift: number("relative change of the reconstructed energies", -1) },
  ...edispStretch(({ shift }) => ({
    migra: (m) => m / (1 + shift!),
    energy: (logE) => logE - Math.log1p(shift!),
  })),
  inverse: ({ shift }) => ({ shift: undone(shift!) }),
});

const edispBroadening = systematic("edisp-broadening", {
  parameters: { broadening: number("relative change of the energy resolution", -1) },
  ...edispStretch(({ broadening }) => {
    const from = (s: number, mean: number) => mean + (s - mean) / (1 + broadening!);
    return { migra: from, energy: from };
  }),
  inverse: ({ broadening }) => ({ broadening: undone(broadening!) }),
});

function psfStretch(rad: MapAxis, measure: Float64Array, broadening: number): Stretch {
  const square = (1 + broadening) ** 2;
  return { edges: rad.edges, measure, scale: "square", from: (r2) => r2 / square, keepSum: true };
}

const ringsOf = reducedRule("psf-map").measure!;

function broadened(psf: PsfIrf, broadening: number): PsfIrf {
  if (psf.kind === "psf") {
    const rad = irfAxis(psf, "rad"), stretch = psfStretch(rad, ringsOf(rad), broadening);
    return withValues(psf, stretched(valuesOf(psf), linesAlong(psf.axes, "rad"), stretch));
  }
  const parameters = Object.fromEntries(
    Object.entries(psf.parameters).map(([name, { values }]) => {
      const factor = name.startsWith("sigma") ? 1 + broadening : 1;
      return [name, Float64Array.from(values.data, (value) => value * factor)];
    }),
  );
  const { pointLike, meta } = psf;
  return createParametricPsf(psf.kind, psf.axes, { parameters, pointLike, meta });
}

const psfBroadening = systematic("psf-broadening", {
  parameters: { broadening: number("relative change of all radii", -1) },
  tables: (tables, { broadening }) =>
    tables.psf === undefined ? tables : { ...tables, psf: broadened(tables.psf, broadening!) },
  reduced(irf, { broadening }) {
    if (irf.kind !== "psf-map" && irf.kind !== "reco-psf-map") return irf;
    const [, rad] = reducedAxes(irf);
    return stretchedMap(irf, psfStretch(rad, ringsOf(rad), broadening!));
  },
  inverse: ({ broadening }) => ({ broadening: undone(broadening!) }),
});

/** The kinds that are there from the start. */
export const BUILT_IN: readonly IrfSystematic[] = Object.freeze([
  energyScale,
  aeff,
  psfBroadening,
  edispBroadening,
  bkg,
  bkgGradient,
]);
