/** The largest local maxima of a range of values, descending; `most` at the most. */
export function findLargest(
  values: Float64Array,
  range: {
    readonly first: number;
    readonly last: number;
    readonly least: number;
    readonly most: number;
  },
): number[] {
  const { first, last, least, most } = range;
  let found: number[] = [];
  const descend = () => {
    found.sort((a, b) => values[b]! - values[a]!);
    found = found.slice(0, most);
  };
  for (let i = first; i <= last; i++) {
    const value = values[i]!;
    if (value < least || (i > first && values[i - 1]! > value)) continue;
    if (i < last && values[i + 1]! >= value) continue;
    if (!(value >= least)) continue;
    found.push(i);
    if (found.length >= 16 * most + 1024) descend();
  }
  descend();
  return found;
}
