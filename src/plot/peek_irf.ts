import {
  biasEnergy,
  containmentRadiusDeg,
  type EdispKernel,
  edispKernelAt,
  edispMoments,
  evaluateIrfGrid,
  type Irf,
  type IrfKind,
  psfDensity,
  type PsfIrf,
} from "../irf/mod.ts";
import { coordToPix, energyAxis, type MapAxis, pixToCoord } from "../nddata/mod.ts";
import type { Figure, LineMark, Panel, RasterMark } from "./marks.ts";

/** Rows or columns of a picture of a table. */
const CELLS = 160;

/**
 * A figure of a table of responses: what it is worth over energy and the field of view, a line of
 * explanation a panel.
 *
 * @param irf An effective area, energy dispersion, point spread function, background or RAD_MAX.
 * @returns A figure for {@linkcode figure}.
 * @example
 * ```ts
 * import { createIrf } from "@gammarx/gammarx/irf";
 * import { createMapAxis, energyAxis } from "@gammarx/gammarx/nddata";
 * import { figure, peekIrf } from "@gammarx/gammarx/plot";
 * import { match } from "node:assert/strict";
 * const axes = [
 *   energyAxis({ low: 0.1, high: 10, nBins: 2, name: "energy_true" }),
 *   createMapAxis("offset", [0, 1, 2], { unit: "deg" }),
 * ];
 * const aeff = createIrf("aeff", axes, { data: Float64Array.of(1e8, 1e8, 2e8, 1e8) });
 * match(figure(peekIrf(aeff)), /Effective area/);
 * ```
 */
export function peekIrf(irf: Irf | PsfIrf): Figure {
  const panels = "parameters" in irf || irf.kind === "psf"
    ? psfPanels(irf as PsfIrf)
    : PANELS[irf.kind as Exclude<IrfKind, "psf">](irf);
  return { panels, columns: panels.length, width: 420 * panels.length, height: 340 };
}

/** Panels by what a table is. */
const PANELS: Readonly<Record<Exclude<IrfKind, "psf">, (irf: Irf) => Panel[]>> = Object.freeze({
  aeff: (irf) => [
    curves(irf, {
      title: "Effective area",
      note: "area by true energy, a curve an offset",
      log: true,
    }),
    ...pictures(irf, "effective area by true energy and offset"),
  ],
  edisp: (irf) => edispPanels(irf as Irf<"edisp">),
  bkg: (irf) => [
    curves(irf, {
      title: "Background",
      note: "rate by reconstructed energy, a curve an offset",
      log: true,
      legend: "top-right",
    }),
    ...fieldPicture(irf),
  ],
  "rad-max": (irf) => [
    curves(irf, {
      title: "Region radius",
      note: "radius of the region by energy, a curve an offset",
      log: false,
    }),
  ],
});

const energyOf = (axes: readonly MapAxis[]): MapAxis =>
  axes.find((axis) => axis.name === "energy_true" || axis.name === "energy")!;

/** Places spread evenly over an axis in its scale, from edge to edge. */
function spread(axis: MapAxis, n: number): Float64Array {
  const low = coordToPix(axis, axis.edges[0]!), high = coordToPix(axis, axis.edges[axis.nBins]!);
  return Float64Array.from(
    { length: n },
    (_, i) => pixToCoord(axis, low + (high - low) * (i + 0.5) / n),
  );
}

/** Some offsets, or positions along the first axis of the field of view, for one curve each. */
function fieldPlaces(
  axes: readonly MapAxis[],
): { readonly axis: MapAxis; readonly at: number[] } | undefined {
  const axis = axes.find((one) => one.name === "offset" || one.name === "fov_lon");
  if (axis === undefined) return undefined;
  const [low, high] = [Math.max(0, axis.edges[0]!), axis.edges[axis.nBins]!];
  if (axis.nBins === 1) return { axis, at: [axis.centers[0]!] };
  return { axis, at: [0.02, 0.25, 0.5, 0.75].map((f) => round(low + f * (high - low))) };
}

const round = (x: number): number => Number(x.toPrecision(2));
const text = (x: number): string => String(Number(x.toPrecision(3)));

/** A curve of values over energy at each of some places in the field. */
function curves(
  irf: Irf,
  { title, note, log, legend = "bottom-right" }: {
    readonly title: string;
    readonly note: string;
    readonly log: boolean;
    readonly legend?: "bottom-right" | "top-right";
  },
): Panel {
  const energy = energyOf(irf.axes), field = fieldPlaces(irf.axes), at = spread(energy, CELLS);
  const marks = (field?.at ?? [NaN]).map((place): LineMark => {
    const coords: Record<string, ArrayLike<number>> = { [energy.name]: at };
    for (const axis of irf.axes) {
      if (axis !== energy) coords[axis.name] = [axis === field?.axis ? place : middleOf(axis)];
    }
    const values = evaluateIrfGrid(irf, coords), least = log ? 1e-6 * Math.max(...values) : -1;
    return {
      kind: "line",
      x: at,
      // Below that are only the flanks of interpolated zeros.
      y: values.map((value) => value > least ? value : NaN),
      ...(field === undefined ? {} : { label: `${text(place)} ${field.axis.unit}` }),
    };
  });
  return {
    title,
    note,
    x: energyPlot(energy),
    y: { label: title, unit: irf.unit ?? "", scale: log ? "log" : "linear" },
    legend,
    marks,
  };
}

/** Where a field-of-view axis is nearest to the pointing, and any other in its middle. */
function middleOf(axis: MapAxis): number {
  if (axis.name.startsWith("fov_")) return 0;
  return axis.centers[axis.name === "offset" ? 0 : axis.nBins >>> 1]!;
}

function energyPlot(energy: MapAxis): NonNullable<Panel["x"]> {
  const label = energy.name === "energy_true" ? "True energy" : "Energy";
  const range = [energy.edges[0]!, energy.edges[energy.nBins]!] as const;
  return { label, unit: energy.unit, scale: energy.interp === "log" ? "log" : "linear", range };
}

/** A picture of a table over energy and offset. */
function pictures(irf: Irf, note: string): Panel[] {
  const energy = energyOf(irf.axes), offset = irf.axes.find((axis) => axis.name === "offset");
  if (offset === undefined || offset.nBins < 2 || irf.axes.length !== 2) return [];
  const ends = [Math.max(0, offset.edges[0]!), offset.edges[offset.nBins]!] as const;
  const offsets = Float64Array.from(
    { length: CELLS },
    (_, i) => ends[0] + (ends[1] - ends[0]) * (i + 0.5) / CELLS,
  );
  const at = { [energy.name]: spread(energy, CELLS), offset: offsets };
  const values = evaluateIrfGrid(irf, at), energyFirst = irf.axes[0] === energy;
  const picture = energyFirst ? transposed(values, CELLS) : values;
  return [{
    note,
    x: energyPlot(energy),
    y: { label: "Offset", unit: offset.unit, range: ends },
    marks: [raster(picture, {
      extent: [...energyPlot(energy).range!, ...ends],
      barLabel: "Effective area",
      barUnit: irf.unit ?? "",
    })],
  }];
}

/** Rows for columns of a square of values. */
function transposed(values: Float64Array, n: number): Float64Array {
  return Float64Array.from(values, (_, i) => values[(i % n) * n + Math.floor(i / n)]!);
}

function raster(
  values: Float64Array,
  options: Pick<RasterMark, "extent" | "barLabel" | "barUnit" | "stretch">,
): RasterMark {
  return { kind: "raster", values, width: CELLS, height: CELLS, ...options };
}

/** A three-dimensional background over the field of view at 1 TeV, or in the middle of its energies. */
function fieldPicture(irf: Irf): Panel[] {
  const lon = irf.axes.find((axis) => axis.name === "fov_lon");
  const lat = irf.axes.find((axis) => axis.name === "fov_lat");
  if (lon === undefined || lat === undefined) return [];
  const energy = energyOf(irf.axes);
  const inside = energy.edges[0]! < 1 && 1 < energy.edges[energy.nBins]!;
  const at = inside ? 1 : energy.centers[energy.nBins >>> 1]!;
  const values = evaluateIrfGrid(irf, {
    [energy.name]: [at],
    fov_lon: spread(lon, CELLS),
    fov_lat: spread(lat, CELLS),
  });
  const lonFirst = irf.axes.indexOf(lon) < irf.axes.indexOf(lat);
  const ends = (axis: MapAxis) => [axis.edges[0]!, axis.edges[axis.nBins]!] as const;
  return [{
    note: `rate over the field of view at ${text(at)} ${energy.unit}`,
    x: { label: "Field of view, longitude", unit: lon.unit, range: ends(lon) },
    y: { label: "Field of view, latitude", unit: lat.unit, range: ends(lat) },
    equal: true,
    marks: [raster(lonFirst ? transposed(values, CELLS) : values, {
      extent: [...ends(lon), ...ends(lat)],
      barLabel: "Rate",
      barUnit: irf.unit ?? "",
    })],
  }];
}

/** Density over migra, the migration matrix, and bias and resolution, at the smallest offset. */
function edispPanels(edisp: Irf<"edisp">): Panel[] {
  const energyTrue = energyOf(edisp.axes),
    migra = edisp.axes.find((axis) => axis.name === "migra")!;
  const rest = edisp.axes.filter((axis) => axis !== energyTrue && axis !== migra);
  const place = Object.fromEntries(rest.map((axis) => [axis.name, middleOf(axis)]));
  const where = rest.map((axis) => `${axis.name} ${text(place[axis.name]!)} ${axis.unit}`).join(
    ", ",
  );
  const fixed = Object.fromEntries(rest.map((axis) => [axis.name, [place[axis.name]!]]));
  const energies = spread(energyTrue, CELLS), migras = spread(migra, CELLS);
  const values = evaluateIrfGrid(edisp, { energy_true: energies, migra: migras, ...fixed });
  const first = edisp.axes.indexOf(energyTrue) < edisp.axes.indexOf(migra);
  const picture = first ? transposed(values, CELLS) : values;
  const some = [0.45, 0.65, 0.85].map((f) => Math.floor(f * CELLS));
  const { low, high } = { low: energyTrue.edges[0]!, high: energyTrue.edges[energyTrue.nBins]! };
  const nBins = Math.max(10, Math.ceil(12 * Math.log10(high / low)));
  const kernel = edispKernelAt(edisp, {
    energyTrue: energyAxis({ low, high, nBins, name: "energy_true", unit: energyTrue.unit }),
    energy: energyAxis({ low: low / 5, high: 5 * high, nBins: 10 * nBins, unit: energyTrue.unit }),
  }, place);
  return [
    {
      title: "Energy dispersion",
      note: `density of E'/E at three true energies, ${where}`,
      x: { label: "E' / E", range: [migra.edges[0]!, Math.min(3, migra.edges[migra.nBins]!)] },
      y: { label: "Density" },
      marks: some.map((e): LineMark => ({
        kind: "line",
        x: migras,
        y: Float64Array.from(migras, (_, m) => picture[m * CELLS + e]!),
        label: `${text(energies[e]!)} ${energyTrue.unit}`,
      })),
    },
    {
      note: "density of E'/E over the true energy",
      x: energyPlot(energyTrue),
      y: { label: "E' / E", range: [migra.edges[0]!, migra.edges[migra.nBins]!] },
      marks: [raster(picture, {
        extent: [low, high, migra.edges[0]!, migra.edges[migra.nBins]!],
        barLabel: "Density",
        stretch: "sqrt",
      })],
    },
    momentsPanel(kernel),
  ];
}

function momentsPanel(kernel: EdispKernel): Panel {
  const { bias, resolution } = edispMoments(kernel), [energyTrue] = kernel.axes;
  const tenth = biasEnergy(kernel, 0.1);
  return {
    note: Number.isNaN(tenth)
      ? "bias and resolution over the true energy"
      : `bias and resolution; the bias is 10 % at ${text(tenth)} ${energyTrue.unit}`,
    x: energyPlot(energyTrue),
    y: { label: "Relative to true energy", range: [-0.5, 1] },
    marks: [
      { kind: "line", x: energyTrue.centers, y: bias, label: "bias" },
      { kind: "line", x: energyTrue.centers, y: resolution, label: "resolution" },
      { kind: "rule", axis: "y", at: 0, dash: [4, 3] },
    ],
  };
}

/** Containment radii over energy, and the density at three energies. */
function psfPanels(psf: PsfIrf): Panel[] {
  const energy = energyOf(psf.axes), field = fieldPlaces(psf.axes), energies = spread(energy, 60);
  const rest = psf.axes.filter((axis) => axis !== energy && axis.name !== "rad");
  const coordsAt = (at: Float64Array, place: number) =>
    Object.fromEntries(rest.map((axis) => [
      axis.name,
      new Float64Array(at.length).fill(axis === field?.axis ? place : middleOf(axis)),
    ]));
  const places = field === undefined ? [NaN] : field.at.slice(0, 3);
  const radii = [0.68, 0.95].flatMap((fraction, f) =>
    places.map((place, i): LineMark => ({
      kind: "line",
      x: energies,
      y: containmentRadiusDeg(psf, fraction, {
        energy_true: energies,
        ...coordsAt(energies, place),
      }),
      color: ["#0072b2", "#d55e00", "#009e73"][i]!,
      ...(f === 0 ? {} : { dash: [5, 3] }),
      label: `${100 * fraction} %` +
        (field === undefined ? "" : `, ${text(place)} ${field.axis.unit}`),
    }))
  );
  const largest = Math.max(
    0.01,
    ...radii.flatMap((mark) => Array.from(mark.y)).filter(Number.isFinite),
  );
  const rads = Float64Array.from({ length: CELLS }, (_, i) => largest * (i + 0.5) / CELLS);
  const density = [0.45, 0.65, 0.85].map((f): LineMark => {
    const e = energies[Math.floor(f * energies.length)]!, at = new Float64Array(CELLS).fill(e);
    const place = coordsAt(at, field?.at[0] ?? NaN);
    const values = psfDensity(psf, { energy_true: at, rad: rads, ...place });
    return {
      kind: "line",
      x: rads,
      y: values.map((value) => value > 0 ? value : NaN),
      label: `${text(e)} ${energy.unit}`,
    };
  });
  return [
    {
      title: "Point spread function",
      note: "radius that holds 68 % and 95 % of the photons, by true energy",
      x: energyPlot(energy),
      y: { label: "Radius", unit: "deg", range: [0, 1.5 * largest] },
      marks: radii,
    },
    {
      note: "density by separation at three true energies",
      x: { label: "Separation", unit: "deg", range: [0, largest] },
      y: { label: "Density", unit: "deg^{-2}", scale: "log" },
      marks: density,
    },
  ];
}
