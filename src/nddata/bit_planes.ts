// @ts-types="@types/ndarray"
import ndarray from "ndarray";
// @ts-types="@types/ndarray"
import type { NdArray } from "ndarray";
import { flatten } from "../numeric/mod.ts";

/** Named flags of every value of an array: 32 to a word, two words. */
export interface BitPlanes {
  /** Names of the planes: the first 32 in `low`, the rest in `high`. */
  readonly names: readonly string[];
  /** Bits of the first 32 planes, 1 = flagged. */
  readonly low: NdArray<Uint32Array>;
  /** Bits of the planes after them; undefined where there are none. */
  readonly high: NdArray<Uint32Array> | undefined;
  /** The planes that make a value invalid. */
  readonly selected: readonly string[];
}

/** Most planes of an array. */
export const MAX_PLANES = 64;

/**
 * Makes flags from one array a plane.
 *
 * @param flags Name and flags of each plane, all of one shape; not 0 = flagged.
 * @param options `selected`: the planes that make a value invalid; all where absent.
 * @returns A frozen record.
 * @throws RangeError for no plane, more than 64, or a selected one that is not there; TypeError for
 *   planes of different shape.
 * @example
 * ```ts
 * import { createBitPlanes, planeFlags } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { strictEqual } from "node:assert/strict";
 * const planes = createBitPlanes({ hot: ndarray(Uint8Array.of(0, 1), [2]) });
 * strictEqual(planeFlags(planes, "hot").get(1), 1);
 * ```
 */
export function createBitPlanes(
  flags: Readonly<Record<string, NdArray<Uint8Array>>>,
  options: { readonly selected?: readonly string[] } = {},
): BitPlanes {
  const names = Object.keys(flags), first = flags[names[0] ?? ""];
  if (first === undefined || names.length > MAX_PLANES) {
    throw new RangeError(`Found ${names.length} bit planes, expected 1 to ${MAX_PLANES}`);
  }
  const shape = [...first.shape], size = shape.reduce((a, b) => a * b, 1);
  const low = new Uint32Array(size);
  const high = names.length > 32 ? new Uint32Array(size) : undefined;
  names.forEach((name, plane) => {
    const one = flags[name]!;
    if (one.shape.join() !== shape.join()) {
      throw new TypeError(`Plane "${name}" has the shape [${one.shape}], expected [${shape}]`);
    }
    const { data, offset } = flatten(one),
      words = plane < 32 ? low : high!,
      bit = 1 << (plane & 31);
    for (let i = 0; i < size; i++) if (data[offset + i]! !== 0) words[i] = words[i]! | bit;
  });
  return planesOf(names, {
    low: ndarray(low, shape),
    high: high === undefined ? undefined : ndarray(high, shape),
    selected: options.selected ?? names,
  });
}

/** Flags from their words, checked. */
export function planesOf(
  names: readonly string[],
  words: Omit<BitPlanes, "names">,
): BitPlanes {
  const unknown = words.selected.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`No bit plane "${unknown}": there are ${names.join(", ")}`);
  }
  return Object.freeze({
    names: Object.freeze([...names]),
    low: words.low,
    high: words.high,
    selected: Object.freeze([...words.selected]),
  });
}

/**
 * The same flags with other planes making values invalid.
 *
 * @param planes The flags.
 * @param selected Names of planes; none: all values are valid.
 * @returns A frozen record over the same memory.
 * @throws RangeError for a plane that is not there.
 * @example
 * ```ts
 * import { createBitPlanes, selectPlanes } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { deepStrictEqual } from "node:assert/strict";
 * const planes = createBitPlanes({ hot: ndarray(new Uint8Array(2), [2]) });
 * deepStrictEqual(selectPlanes(planes, []).selected, []);
 * ```
 */
export function selectPlanes(planes: BitPlanes, selected: readonly string[]): BitPlanes {
  return planesOf(planes.names, { ...planes, selected });
}

/**
 * The flags of one plane.
 *
 * @param planes The flags.
 * @param name Name of the plane.
 * @returns A new array: 1 where flagged.
 * @throws RangeError for a plane that is not there.
 * @example
 * ```ts
 * import { createBitPlanes, planeFlags } from "@gammarx/gammarx/nddata";
 * import ndarray from "ndarray";
 * import { throws } from "node:assert/strict";
 * const planes = createBitPlanes({ hot: ndarray(new Uint8Array(2), [2]) });
 * throws(() => planeFlags(planes, "cold"), /there are hot/);
 * ```
 */
export function planeFlags(planes: BitPlanes, name: string): NdArray<Uint8Array> {
  const plane = planes.names.indexOf(name);
  if (plane < 0) planesOf(planes.names, { ...planes, selected: [name] });
  const [low, high] = wordsOf(planes), words = plane < 32 ? low : high, shift = plane & 31;
  const out = Uint8Array.from(words, (word) => (word >>> shift) & 1);
  return ndarray(out, [...planes.low.shape]);
}

/** Both words in C order; the high ones are zeros where there are none. */
export function wordsOf(planes: BitPlanes): readonly [low: Uint32Array, high: Uint32Array] {
  const run = (words: NdArray<Uint32Array>) => {
    const { data, offset, length } = flatten(words);
    return data.subarray(offset, offset + length);
  };
  const low = run(planes.low);
  return [low, planes.high === undefined ? new Uint32Array(low.length) : run(planes.high)];
}

/** 1 where no selected plane is flagged, in C order. */
export function validOfPlanes(planes: BitPlanes): Uint8Array {
  const [low, high] = wordsOf(planes), bits = [0, 0];
  for (const name of planes.selected) {
    const plane = planes.names.indexOf(name);
    bits[plane >>> 5]! |= 1 << (plane & 31);
  }
  const [lowBits, highBits] = bits as [number, number];
  return Uint8Array.from(
    low,
    (word, i) => +((word & lowBits) === 0 && (high[i]! & highBits) === 0),
  );
}

/** Planes of both by name, their flags joined; RangeError above 64. */
export function joinPlanes(a: BitPlanes, b: BitPlanes): BitPlanes {
  const names = [...a.names, ...b.names.filter((name) => !a.names.includes(name))];
  if (names.length > MAX_PLANES) {
    throw new RangeError(
      `${a.names.length} and ${b.names.length} bit planes are ${names.length} together, ` +
        `expected ${MAX_PLANES} or fewer`,
    );
  }
  const size = a.low.shape.reduce((x, y) => x * y, 1);
  const low = new Uint32Array(size), high = new Uint32Array(size);
  for (const planes of [a, b]) {
    const words = wordsOf(planes);
    planes.names.forEach((name, plane) => {
      const from = words[plane >>> 5]!, to = names.indexOf(name), into = to < 32 ? low : high;
      const shiftFrom = plane & 31, shiftTo = to & 31;
      for (let i = 0; i < size; i++) {
        into[i] = into[i]! | (((from[i]! >>> shiftFrom) & 1) << shiftTo);
      }
    });
  }
  return planesOf(names, {
    low: ndarray(low, [...a.low.shape]),
    high: names.length > 32 ? ndarray(high, [...a.low.shape]) : undefined,
    selected: [...a.selected, ...b.selected.filter((name) => !a.selected.includes(name))],
  });
}

/** The same planes, every one flagged where `valid` (in C order) is 0. */
export function flagWhereInvalid(planes: BitPlanes, valid: Uint8Array): BitPlanes {
  const [low, high] = wordsOf(planes), n = planes.names.length;
  const lowBits = n >= 32 ? 0xffffffff : 2 ** n - 1;
  const highBits = n <= 32 ? 0 : n === 64 ? 0xffffffff : 2 ** (n - 32) - 1;
  const shape = [...planes.low.shape];
  return planesOf(planes.names, {
    low: ndarray(low.map((word, i) => valid[i] === 0 ? word | lowBits : word), shape),
    high: n <= 32
      ? undefined
      : ndarray(high.map((word, i) => valid[i] === 0 ? word | highBits : word), shape),
    selected: planes.selected,
  });
}
