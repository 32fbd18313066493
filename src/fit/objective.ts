/** What a fit makes small. */
export interface Objective {
  /** The statistic at the values of all parameters, frozen ones included, in their order. */
  readonly value: (values: Float64Array) => number;
  /**
   * Its derivatives by all parameters into `out`; NaN where one is not known, which is then found
   * numerically. Absent where none is known.
   */
  readonly gradient?: (values: Float64Array, out: Float64Array) => void;
}
