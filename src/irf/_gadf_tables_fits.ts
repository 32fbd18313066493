/** What tables of responses look like in files: one list for reading and writing. */

/** An axis as two columns. */
export interface AxisColumns {
  /** Beginning of the columns' names: `ENERG` of ENERG_LO and ENERG_HI. */
  readonly prefix: string;
  /** Name of the axis. */
  readonly name: string;
  /** Unit it is brought to. */
  readonly unit: string;
  /** Scale. */
  readonly interp: "lin" | "log";
}

/** The axes that the format knows; `ENERG` is true or reconstructed by the table's kind. */
export const AXIS_COLUMNS: readonly AxisColumns[] = Object.freeze([
  { prefix: "ENERG", name: "energy_true", unit: "TeV", interp: "log" },
  { prefix: "ETRUE", name: "energy_true", unit: "TeV", interp: "log" },
  { prefix: "THETA", name: "offset", unit: "deg", interp: "lin" },
  { prefix: "MIGRA", name: "migra", unit: "", interp: "lin" },
  { prefix: "RAD", name: "rad", unit: "deg", interp: "lin" },
  { prefix: "DETX", name: "fov_lon", unit: "deg", interp: "lin" },
  { prefix: "DETY", name: "fov_lat", unit: "deg", interp: "lin" },
]);

/** A class of tables. */
export interface TableClass {
  /** What it is in this library: a kind of table, or a family of point spread functions. */
  readonly kind: "aeff" | "edisp" | "psf" | "bkg" | "rad-max" | "psf-3gauss" | "psf-king";
  /** HDUCLAS2. */
  readonly hduclas2: string;
  /** HDUCLAS4 by the axes beside energy: written for the first that fits, the last where none does. */
  readonly hduclas4: readonly (readonly [axis: string, name: string])[];
  /** EXTNAME where it is written. */
  readonly extname: string;
  /** Columns of values: names as files have them (the first is written), name here, units. */
  readonly columns: readonly {
    readonly names: readonly string[];
    readonly own: string;
    /** Unit here. */
    readonly unit: string;
    /** Unit in the file. */
    readonly fileUnit: string;
  }[];
  /** The axes in the order of TDIM, the fastest first. */
  readonly order: readonly string[];
  /** Whether ENERG is reconstructed energy. */
  readonly reconstructed: boolean;
}

function one(name: string, unit: string, fileUnit: string, ...others: readonly string[]) {
  return [{ names: [name, ...others], own: "values", unit, fileUnit }] as const;
}

const width = (name: string) =>
  ({ names: [name], own: name.toLowerCase(), unit: "deg", fileUnit: "deg" }) as const;
const pure = (name: string) =>
  ({ names: [name], own: name.toLowerCase(), unit: "", fileUnit: "" }) as const;

/** The classes; a table is of the first whose columns it has. */
export const TABLE_CLASSES: readonly TableClass[] = Object.freeze([
  {
    kind: "aeff",
    hduclas2: "EFF_AREA",
    hduclas4: [["offset", "AEFF_2D"], ["", "AEFF_3D"]],
    extname: "AEFF",
    columns: one("EFFAREA", "cm2", "m2"),
    order: ["energy_true", "offset"],
    reconstructed: false,
  },
  {
    kind: "edisp",
    hduclas2: "EDISP",
    hduclas4: [["offset", "EDISP_2D"], ["", "EDISP_3D"]],
    extname: "EDISP",
    columns: one("MATRIX", "", ""),
    order: ["energy_true", "migra", "offset"],
    reconstructed: false,
  },
  {
    kind: "psf",
    hduclas2: "RPSF",
    hduclas4: [["", "PSF_TABLE"]],
    extname: "PSF",
    columns: one("RPSF", "sr-1", "sr-1"),
    order: ["energy_true", "offset", "rad"],
    reconstructed: false,
  },
  {
    kind: "bkg",
    hduclas2: "BKG",
    hduclas4: [["offset", "BKG_2D"], ["", "BKG_3D"]],
    extname: "BKG",
    columns: one("BKG", "s-1 TeV-1 sr-1", "s-1 MeV-1 sr-1", "BGD"),
    order: ["energy", "offset", "fov_lon", "fov_lat"],
    reconstructed: true,
  },
  {
    kind: "rad-max",
    hduclas2: "RAD_MAX",
    hduclas4: [["", "RAD_MAX_2D"]],
    extname: "RAD_MAX",
    columns: one("RAD_MAX", "deg", "deg"),
    order: ["energy", "offset"],
    reconstructed: true,
  },
  {
    kind: "psf-3gauss",
    hduclas2: "RPSF",
    hduclas4: [["", "PSF_3GAUSS"]],
    extname: "PSF",
    columns: [
      width("SIGMA_1"),
      width("SIGMA_2"),
      width("SIGMA_3"),
      pure("AMPL_2"),
      pure("AMPL_3"),
    ],
    order: ["energy_true", "offset"],
    reconstructed: false,
  },
  {
    kind: "psf-king",
    hduclas2: "RPSF",
    hduclas4: [["", "PSF_KING"]],
    extname: "PSF",
    columns: [pure("GAMMA"), width("SIGMA")],
    order: ["energy_true", "offset"],
    reconstructed: false,
  },
]);
