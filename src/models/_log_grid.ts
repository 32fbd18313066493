import { intervalOf } from "../numeric/mod.ts";

/** The smallest normal double: logarithms are of nothing less. */
const TINY = 2.2250738585072014e-308;

/** ln of a value, of the smallest double where it is less. */
export function safeLog(value: number): number {
  return Math.log(Math.max(value, TINY));
}

/** Logarithms of values on a grid, between which is interpolated multilinearly; carried on beyond its ends. */
export interface LogGrid {
  /** ln of the value at coordinates in the scales of the nodes; slopes by coordinate into `out`. */
  readonly at: (coords: Float64Array, out?: Float64Array) => number;
}

/** Makes a grid of logarithms, the last coordinate fastest. */
export function createLogGrid(axes: readonly Float64Array[], logValues: Float64Array): LogGrid {
  const n = axes.length, corners = 1 << n;
  const strides = axes.map((_, a) => axes.slice(a + 1).reduce((sum, one) => sum * one.length, 1));
  const fraction = new Float64Array(n), width = new Float64Array(n), single = new Uint8Array(n);
  axes.forEach((nodes, a) => {
    single[a] = nodes.length === 1 ? 1 : 0;
  });
  return {
    at(coords: Float64Array, out?: Float64Array): number {
      let start = 0;
      for (let a = 0; a < n; a++) {
        const nodes = axes[a]!, i = single[a] === 1 ? 0 : intervalOf(nodes, coords[a]!);
        width[a] = single[a] === 1 ? 1 : nodes[i + 1]! - nodes[i]!;
        fraction[a] = single[a] === 1 ? 0 : (coords[a]! - nodes[i]!) / width[a]!;
        start += i * strides[a]!;
      }
      out?.fill(0);
      let sum = 0;
      for (let corner = 0; corner < corners; corner++) {
        let index = start, weight = 1, isThere = true;
        for (let a = 0; a < n; a++) {
          const isUpper = (corner >> a & 1) === 1;
          if (isUpper && single[a] === 1) isThere = false;
          if (isUpper) index += strides[a]!;
          weight *= isUpper ? fraction[a]! : 1 - fraction[a]!;
        }
        if (!isThere) continue;
        const value = logValues[index]!;
        if (weight !== 0) sum += weight * value;
        if (out === undefined) continue;
        for (let a = 0; a < n; a++) {
          if (single[a] === 1) continue;
          let others = (corner >> a & 1) === 1 ? 1 : -1;
          for (let b = 0; b < n; b++) {
            if (b !== a) others *= (corner >> b & 1) === 1 ? fraction[b]! : 1 - fraction[b]!;
          }
          out[a] = out[a]! + others * value / width[a]!;
        }
      }
      return sum;
    },
  };
}
