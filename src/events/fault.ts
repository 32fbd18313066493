/** Something about a file that its format's specification does not allow. */
export interface Fault {
  /** "error": the file cannot be used as it should; "warning": it can, but is not as specified. */
  readonly level: "error" | "warning";
  /** File or address. */
  readonly source: string;
  /** Index of the HDU. */
  readonly hdu: number;
  /** Keyword or column, or "" where the HDU as a whole is meant. */
  readonly keyword: string;
  /** Row of the table, from 1 as tables are numbered; undefined where no row is meant. */
  readonly row?: number;
  /** What was found and what was expected. */
  readonly problem: string;
}
