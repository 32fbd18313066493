let indices = new Uint32Array(1 << 16);

/** Room for the indices of chosen events, overwritten by the next selection. */
export function scratchIndices(n: number): Uint32Array {
  if (indices.length < n) indices = new Uint32Array(n);
  return indices;
}
