/**
 * Axes of the one N-dimensional model: bins along a coordinate and the way from a value to its bin.
 *
 * @module
 */
export {
  type BinAxis,
  binIndex,
  binIndices,
  type BinLookup,
  createBinAxis,
  linearEdges,
  logEdges,
} from "./bin_axis.ts";
