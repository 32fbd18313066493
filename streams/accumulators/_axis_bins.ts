/** Bins of the further axes of maps: of numbers, of times with gaps, of labels. */
import { columnNumbers, type EventBatch, requireColumn } from "../../src/events/mod.ts";
import { type Axis, binIndices, type LabelAxis, type TimeAxis } from "../../src/nddata/mod.ts";

/** An axis of a map beside the sky: which column goes into which bins. */
export interface CountsMapAxis {
  /** Column that is binned: `energyTeV`, `phase`, `timeS`, `eventType`, any other of numbers. */
  readonly column: string;
  /**
   * Its bins: of numbers in the column's unit, of times in seconds after the stream's epoch, or of labels,
   * whose column holds bit masks.
   */
  readonly axis: Axis;
  /** Of labels: the bits of each; an event goes to the first label with one of its bits. */
  readonly bits?: readonly number[];
}

/** Why an event is in no bin, by kind of axis: first a bin of −1, then of nBins, then of nBins + 1. */
const MISSES: { readonly [K in Axis["kind"]]: readonly string[] } = {
  "map-axis": ["under", "over"],
  "time-axis": ["under", "over", "gap"],
  "label-axis": ["other"],
};

/** Names of the reasons for which an event is in no bin of an axis. */
export function missesOf(axis: Axis): readonly string[] {
  return MISSES[axis.kind];
}

/** The numbers that are binned, of a whole batch. */
export function axisNumbers({ column }: CountsMapAxis, batch: EventBatch): Float64Array {
  return columnNumbers(requireColumn(batch, column, "countsMap"));
}

/** Writes the bins of n numbers; −1, nBins or nBins + 1 for those that are in none. */
export function axisBins(
  { axis, bits }: CountsMapAxis,
  values: Float64Array,
  n: number,
  out: Int32Array,
): void {
  switch (axis.kind) {
    case "map-axis":
      return binIndices(axis, values, n, out);
    case "time-axis":
      return timeBins(axis, values, n, out);
    case "label-axis":
      return labelBins(axis, bits!, values, out);
  }
}

/** Throws TypeError where an axis of labels has not the bits of each. */
export function checkBits({ axis, bits }: CountsMapAxis): void {
  if (axis.kind !== "label-axis") {
    if (bits !== undefined) {
      throw new TypeError(
        `Found bits for the ${axis.kind} "${axis.name}", expected them for labels`,
      );
    }
  } else if (bits?.length !== axis.nBins) {
    throw new TypeError(
      `Axis ${axis.name}: found ${bits?.length ?? "no"} bits, expected those of each of its ` +
        `${axis.nBins} labels`,
    );
  }
}

/** By halving, with the last interval tried first: times mostly ascend. */
function timeBins(axis: TimeAxis, timesS: Float64Array, n: number, out: Int32Array): void {
  const { startS, stopS, nBins } = axis, first = startS[0]!, last = stopS[nBins - 1]!;
  let at = 0;
  for (let i = 0; i < n; i++) {
    const t = timesS[i]!;
    if (!(t >= startS[at]! && t < stopS[at]!)) {
      let low = 0, high = nBins;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (startS[middle]! <= t) low = middle + 1;
        else high = middle;
      }
      at = Math.max(0, low - 1);
    }
    out[i] = t < first ? -1 : !(t < last) ? nBins : t < stopS[at]! ? at : nBins + 1;
  }
}

function labelBins(
  axis: LabelAxis,
  bits: readonly number[],
  masks: Float64Array,
  out: Int32Array,
): void {
  for (let i = 0; i < masks.length; i++) {
    const mask = masks[i]!;
    let bin = 0;
    while (bin < axis.nBins && (mask & bits[bin]!) === 0) bin++;
    out[i] = bin < axis.nBins ? bin : -1;
  }
}
