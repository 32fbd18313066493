/** Sums of maps for the tests of their files. */
import type { SkyMap } from "../../../../src/maps/mod.ts";
import { flatten } from "../../../../src/numeric/mod.ts";

/** The sum of the finite values, and how many they are. */
export function totalOf({ values }: SkyMap): { sum: number; nFinite: number } {
  const { data, offset, length } = flatten(values);
  let sum = 0, nFinite = 0;
  for (let i = 0; i < length; i++) {
    const value = data[offset + i]!;
    if (!Number.isFinite(value)) continue;
    sum += value;
    nFinite++;
  }
  return { sum, nFinite };
}
