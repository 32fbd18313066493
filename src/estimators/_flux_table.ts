/** Flux points as a table of GADF has them, whatever file the table is in. */
import { powerLaw, type SpectralModel } from "../models/mod.ts";
import { createMapAxis, type MapAxis } from "../nddata/mod.ts";
import { normalQuantile, normalSf } from "../numeric/mod.ts";
import { unitFactor } from "../units/mod.ts";
import { fluxColumns, type FluxPoints } from "./flux_points.ts";

/** The forms of flux points in files. */
export type SedType = "likelihood" | "dnde" | "flux" | "eflux" | "e2dnde";

/** A column: rows of `width` numbers each. */
export interface FluxTableColumn {
  readonly name: string;
  readonly unit: string;
  readonly isLogical: boolean;
  /** Row after row; logical values are 0 and 1. */
  readonly values: Float64Array;
  /** Shape of a row, [] for one number. */
  readonly shape: readonly number[];
}

/** A table with its metadata. */
export interface FluxTable {
  /** Where it comes from, for messages. */
  readonly name: string;
  readonly nRows: number;
  readonly columns: readonly FluxTableColumn[];
  readonly meta: Readonly<Record<string, string | number | boolean>>;
}

/** How flux points of a table are understood. */
export interface FluxTableOptions {
  /** Form; what SED_TYPE says, else what the columns tell, where absent. */
  readonly sedType?: SedType;
  /**
   * Shape of the spectrum, which turns the form into norms; a power law of index 2 where absent. Tables of form
   * "likelihood" bring their own reference fluxes.
   */
  readonly model?: SpectralModel;
}

/** Units of the forms. */
const UNITS: Readonly<Record<SedType, string>> = Object.freeze({
  likelihood: "",
  dnde: "cm-2 s-1 TeV-1",
  flux: "cm-2 s-1",
  eflux: "TeV cm-2 s-1",
  e2dnde: "TeV cm-2 s-1",
});

/** What a table of a form must have, in the order in which forms are guessed. */
const REQUIRED: readonly (readonly [SedType, readonly string[]])[] = [
  ["dnde", ["e_ref", "dnde"]],
  ["e2dnde", ["e_ref", "e2dnde"]],
  ["flux", ["e_min", "e_max", "flux"]],
  ["eflux", ["e_min", "e_max", "eflux"]],
  ["likelihood", ["e_ref", "ref_dnde", "norm"]],
];

/** Columns of a sum over datasets, which files have one by one. */
const PER_DATASET: readonly string[] = ["counts", "npred", "npred_excess"];

/** How far a reference energy may be from the middle of its bin before the difference matters. */
const CENTER_RTOL = 1e-3;

/** The error of a table. */
export function tableError(table: FluxTable, problem: string): SyntaxError {
  return new SyntaxError(`${table.name}: ${problem}`);
}

/** The table of flux points in a form. */
export function tableOfPoints(points: FluxPoints, sedType: SedType): FluxTable {
  const { energy, norm, nSigma, nSigmaUl } = points, n = energy.nBins;
  const hasBins = energy.nodes === "edges";
  if (!hasBins && (sedType === "flux" || sedType === "eflux")) {
    throw new TypeError(`Flux points without bins of energy have no ${sedType}, expected dnde`);
  }
  const columns: FluxTableColumn[] = [];
  const put = (name: string, values: ArrayLike<number>, options: Partial<FluxTableColumn> = {}) => {
    columns.push({
      name,
      unit: "",
      isLogical: false,
      shape: [],
      ...options,
      values: Float64Array.from(values),
    });
  };
  const putKnown = (name: string, values: Float64Array, options?: Partial<FluxTableColumn>) => {
    if (!values.every(Number.isNaN)) put(name, values, options);
  };
  put("e_ref", energy.centers, { unit: "TeV" });
  if (hasBins) {
    put("e_min", energy.edges.subarray(0, n), { unit: "TeV" });
    put("e_max", energy.edges.subarray(1), { unit: "TeV" });
  }
  const isLikelihood = sedType === "likelihood", form = isLikelihood ? "norm" : sedType;
  const unit = UNITS[sedType];
  const values = isLikelihood
    ? {
      value: norm,
      err: points.normErr,
      errn: points.normErrn,
      errp: points.normErrp,
      ul: points.normUl,
    }
    : fluxColumns(points, sedType);
  if (isLikelihood) {
    put("ref_dnde", points.refDnde, { unit: UNITS.dnde });
    put("ref_flux", points.refFlux, { unit: UNITS.flux });
    put("ref_eflux", points.refEflux, { unit: UNITS.eflux });
  }
  put(form, values.value, { unit });
  for (const part of ["err", "errn", "errp", "ul"] as const) {
    putKnown(`${form}_${part}`, values[part], { unit });
  }
  putKnown("ts", points.ts);
  putKnown("sqrt_ts", points.sqrtTs);
  const hasCounts = !points.counts.every(Number.isNaN);
  // Gammapy has a number a dataset here; this is the sum, as of one. A second axis of 1 keeps TDIM.
  if (hasCounts) {
    putKnown("npred", points.npred, { shape: [1, 1] });
    putKnown("npred_excess", points.npredExcess, { shape: [1, 1] });
  }
  putKnown("stat", points.stat);
  putKnown("stat_null", points.statNull);
  put("is_ul", points.isUl, { isLogical: true });
  if (hasCounts) put("counts", points.counts, { shape: [1, 1] });
  put("success", points.reason.map((reason) => +(reason === "")), { isLogical: true });
  return {
    name: "flux points",
    nRows: n,
    columns,
    meta: {
      SED_TYPE: sedType,
      UL_CONF: 1 - 2 * normalSf(nSigmaUl),
      ...(nSigma === 1 ? {} : { N_SIGMA: nSigma }),
    },
  };
}

/** The flux points of a table, one row a bin of energy. */
export function pointsOfTable(table: FluxTable, options: FluxTableOptions = {}): FluxPoints {
  const names = new Set(table.columns.map((column) => column.name));
  const sedType = sedTypeOf(table, names, options.sedType);
  const n = table.nRows, optional = (name: string, unit?: string) => column(table, name, unit);
  const known = (name: string, unit?: string) => {
    const values = optional(name, unit);
    if (values === undefined) {
      throw tableError(table, `found no column "${name}"; there are ${[...names].join(", ")}`);
    }
    return values;
  };
  const energy = energyOf(table), hasBins = energy.nodes === "edges";
  const refTeV = optional("e_ref", "TeV") ?? energy.centers;
  const reference = referenceOf(table, { sedType, energy, refTeV, model: options.model });
  const form = sedType === "likelihood" ? "norm" : sedType, unit = UNITS[sedType];
  const toNorm = (values: Float64Array) => values.map((value, k) => value / reference.factor[k]!);
  const absent = () => new Float64Array(n).fill(NaN);
  const part = (name: string) => {
    const values = optional(`${form}_${name}`, unit);
    return values === undefined ? absent() : toNorm(values);
  };
  const norm = toNorm(known(form, unit)), normUl = part("ul");
  const sqrtGiven = optional("sqrt_ts"), loglike = optional("loglike");
  const ts = optional("ts") ?? sqrtGiven?.map((one) => one * one) ?? absent();
  const sqrtTs = sqrtGiven ?? ts.map((one, k) => Math.sign(norm[k]!) * Math.sqrt(Math.max(0, one)));
  const stat = optional("stat") ?? loglike?.map((one) => -2 * one) ?? absent();
  const isUl = optional("is_ul"), success = optional("success");
  const conf = Number(table.meta["UL_CONF"] ?? NaN);
  return Object.freeze({
    kind: "flux-points",
    energy,
    refDnde: reference.dnde,
    refFlux: hasBins ? reference.flux : absent(),
    refEflux: hasBins ? reference.eflux : absent(),
    norm,
    normErr: part("err"),
    normErrn: part("errn"),
    normErrp: part("errp"),
    normUl,
    ts,
    sqrtTs,
    stat,
    statNull: optional("stat_null") ?? stat.map((one, k) => one + ts[k]!),
    counts: optional("counts") ?? absent(),
    npredExcess: optional("npred_excess") ?? absent(),
    npred: optional("npred") ?? absent(),
    reason: Object.freeze(
      Array.from({ length: n }, (_, k) => success?.[k] === 0 ? "the fit did not succeed" : ""),
    ),
    nSigma: Number(table.meta["N_SIGMA"] ?? 1),
    nSigmaUl: conf > 0 && conf < 1 ? normalQuantile(0.5 + 0.5 * conf) : 2,
    isUl: Uint8Array.from({ length: n }, (_, k) => {
      if (isUl !== undefined) return +(isUl[k] !== 0);
      if (Number.isNaN(normUl[k])) return 0;
      return Number.isNaN(sqrtTs[k]!) ? +Number.isNaN(norm[k]!) : +!(sqrtTs[k]! >= 2);
    }),
  });
}

function sedTypeOf(
  table: FluxTable,
  names: ReadonlySet<string>,
  wanted: SedType | undefined,
): SedType {
  const said = wanted ?? table.meta["SED_TYPE"];
  if (said !== undefined) {
    const found = REQUIRED.find(([type]) => type === String(said).trim().toLowerCase());
    if (found !== undefined) return found[0];
    const types = REQUIRED.map(([type]) => type).join(", ");
    throw tableError(table, `SED_TYPE: found "${said}", expected one of ${types}`);
  }
  const guessed = REQUIRED.find(([, needed]) => needed.every((name) => names.has(name)));
  if (guessed !== undefined) return guessed[0];
  throw tableError(
    table,
    `found columns ${
      [...names].join(", ")
    }, expected energies (e_ref, or e_min and e_max) and one of ` +
      "norm, dnde, flux, eflux, e2dnde",
  );
}

/** A column with one number a row, in a unit; a sum over datasets where it has more. */
function column(table: FluxTable, name: string, unit?: string): Float64Array | undefined {
  const found = table.columns.find((one) => one.name === name);
  if (found === undefined) return undefined;
  const n = table.nRows, width = n === 0 ? 1 : found.values.length / n;
  if (width !== 1 && !PER_DATASET.includes(name)) {
    throw tableError(table, `column "${name}": found ${width} numbers a row, expected one`);
  }
  let factor = 1;
  if (unit !== undefined && unit !== "") {
    if (found.unit === "") {
      throw tableError(table, `column "${name}": found no unit, expected one like ${unit}`);
    }
    try {
      factor = unitFactor(found.unit, unit);
    } catch (cause) {
      throw tableError(table, `column "${name}": ${(cause as Error).message}`);
    }
  }
  return Float64Array.from({ length: n }, (_, k) => {
    const row = found.values.subarray(k * width, (k + 1) * width);
    return width === 1 ? row[0]! * factor : sumOfKnown(row);
  });
}

/** Sum of what is no NaN: datasets that have nothing in a row; NaN where there is nothing at all. */
function sumOfKnown(row: Float64Array): number {
  const known = row.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? NaN : known.reduce((a, b) => a + b);
}

function energyOf(table: FluxTable): MapAxis {
  const low = column(table, "e_min", "TeV"), high = column(table, "e_max", "TeV");
  try {
    if (low !== undefined && high !== undefined) {
      for (let k = 1; k < low.length; k++) {
        if (Math.abs(low[k]! - high[k - 1]!) <= 1e-5 * low[k]!) continue;
        throw tableError(
          table,
          `column "e_min", row ${k + 1}: found ${
            low[k]
          } TeV, expected where the bin before ends, ` +
            `${high[k - 1]} TeV`,
        );
      }
      const edges = [...low, ...high.subarray(-1)];
      return createMapAxis("energy", edges, { unit: "TeV", interp: "log" });
    }
    const centers = column(table, "e_ref", "TeV");
    if (centers !== undefined) {
      return createMapAxis("energy", centers, { unit: "TeV", interp: "log", nodes: "centers" });
    }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw tableError(table, `energies: ${cause.message}`);
  }
  throw tableError(table, `found no energies, expected columns e_ref, or e_min and e_max`);
}

/** What the reference model is in each bin, and what one norm is in the table's form. */
interface Reference {
  readonly dnde: Float64Array;
  readonly flux: Float64Array;
  readonly eflux: Float64Array;
  readonly factor: Float64Array;
}

function referenceOf(
  table: FluxTable,
  { sedType, energy, refTeV, model }: {
    readonly sedType: SedType;
    readonly energy: MapAxis;
    readonly refTeV: Float64Array;
    readonly model: SpectralModel | undefined;
  },
): Reference {
  const { centers, edges, nBins } = energy;
  if (sedType === "likelihood") {
    const given = column(table, "ref_dnde", UNITS.dnde);
    if (given === undefined) throw tableError(table, 'found no column "ref_dnde"');
    const off = refTeV.findIndex((e, k) => Math.abs(e / centers[k]! - 1) > CENTER_RTOL);
    if (off >= 0 && model === undefined) {
      throw tableError(
        table,
        `column "e_ref", row ${off + 1}: found ${refTeV[off]} TeV in a bin about ${
          centers[off]
        } TeV; ` +
          "give the model whose fluxes these are",
      );
    }
    const absent = new Float64Array(nBins).fill(NaN);
    return {
      dnde: model === undefined
        ? given
        : given.map((dnde, k) => dnde * model.dnde(centers[k]!) / model.dnde(refTeV[k]!)),
      flux: column(table, "ref_flux", UNITS.flux) ?? absent,
      eflux: column(table, "ref_eflux", UNITS.eflux) ?? absent,
      factor: new Float64Array(nBins).fill(1),
    };
  }
  const shape = model ?? powerLaw({ amplitude: 1e-12, index: 2 });
  const over = (of: (low: number, high: number) => number) =>
    centers.map((_, k) => of(edges[k]!, edges[k + 1]!));
  const flux = over(shape.flux), eflux = over(shape.eflux);
  const factor = {
    dnde: refTeV.map(shape.dnde),
    e2dnde: refTeV.map((e) => e * e * shape.dnde(e)),
    flux,
    eflux,
  }[sedType];
  return { dnde: centers.map(shape.dnde), flux, eflux, factor };
}
