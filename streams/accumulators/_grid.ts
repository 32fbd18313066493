/**
 * Cell of an absolute grid: the k with edge(k) <= x < edge(k + 1), edge(k) = origin + k width, held
 * against the edges themselves, since the quotient may round to the cell beside. A grid with cells
 * 2^n times as wide has every 2^n-th of the same edges, bit for bit.
 *
 * @returns NaN for NaN, and infinities as they are.
 */
export function gridCell(x: number, origin: number, width: number): number {
  const cell = Math.floor((x - origin) / width);
  if (x < origin + cell * width) return cell - 1;
  return x >= origin + (cell + 1) * width ? cell + 1 : cell;
}
