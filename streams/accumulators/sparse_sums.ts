/**
 * Sums over a large or endless index, kept only where something was added: blocks of
 * {@link BLOCK} neighbours, made on first use.
 */
export interface SparseSums {
  /** Number of the block → its sums. */
  readonly blocks: Map<number, Float64Array>;
}

/** Neighbouring cells that are kept together. */
export const BLOCK: number = 1024;

/**
 * Makes empty sums.
 *
 * @returns Sums owned by the caller.
 * @example
 * ```ts
 * import { createSparseSums } from "@gammarx/gammarx/accumulators";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(createSparseSums().blocks.size, 0);
 * ```
 */
export function createSparseSums(): SparseSums {
  return { blocks: new Map() };
}

/**
 * The block that holds a cell, made where it is not there yet: cell `i` is element
 * `i - number × BLOCK` of block `number = floor(i / BLOCK)`.
 *
 * @param sums Sums to change.
 * @param number Number of the block, any whole number.
 * @returns The block itself, to be added to.
 * @example
 * ```ts
 * import { BLOCK, createSparseSums, sparseBlock } from "@gammarx/gammarx/accumulators";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(sparseBlock(createSparseSums(), -3).length, BLOCK);
 * ```
 */
export function sparseBlock(sums: SparseSums, number: number): Float64Array {
  let block = sums.blocks.get(number);
  if (block === undefined) {
    block = new Float64Array(BLOCK);
    sums.blocks.set(number, block);
  }
  return block;
}

/**
 * Adds to one cell.
 *
 * @param sums Sums to change.
 * @param index The cell, any whole number.
 * @param amount What to add.
 * @example
 * ```ts
 * import { addSparse, createSparseSums, sparseEntries } from "@gammarx/gammarx/accumulators";
 * import { deepStrictEqual } from "node:assert/strict";
 * const sums = createSparseSums();
 * addSparse(sums, -5, 2);
 * deepStrictEqual([...sparseEntries(sums)], [[-5, 2]]);
 * ```
 */
export function addSparse(sums: SparseSums, index: number, amount: number): void {
  const number = Math.floor(index / BLOCK);
  const block = sparseBlock(sums, number);
  block[index - number * BLOCK] = block[index - number * BLOCK]! + amount;
}

/**
 * Adds the sums of another.
 *
 * @param into Sums to change.
 * @param from Sums to add; not changed.
 * @example
 * ```ts
 * import { addSparse, createSparseSums, mergeSparse, sparseEntries } from "@gammarx/gammarx/accumulators";
 * import { deepStrictEqual } from "node:assert/strict";
 * const [a, b] = [createSparseSums(), createSparseSums()];
 * addSparse(b, 7, 1);
 * mergeSparse(a, b);
 * deepStrictEqual([...sparseEntries(a)], [[7, 1]]);
 * ```
 */
export function mergeSparse(into: SparseSums, from: SparseSums): void {
  for (const [number, block] of from.blocks) {
    const sums = sparseBlock(into, number);
    for (let i = 0; i < BLOCK; i++) sums[i] = sums[i]! + block[i]!;
  }
}

/**
 * The cells that are not zero, in ascending order.
 *
 * @returns Pairs of index and sum.
 * @example
 * ```ts
 * import { addSparse, createSparseSums, sparseEntries } from "@gammarx/gammarx/accumulators";
 * import { deepStrictEqual } from "node:assert/strict";
 * const sums = createSparseSums();
 * addSparse(sums, 9, 1);
 * addSparse(sums, 2, 1);
 * deepStrictEqual([...sparseEntries(sums)].map(([index]) => index), [2, 9]);
 * ```
 */
export function* sparseEntries(sums: SparseSums): Generator<[index: number, sum: number]> {
  for (const number of sortedNumbers(sums)) {
    const block = sums.blocks.get(number)!;
    for (let i = 0; i < BLOCK; i++) if (block[i] !== 0) yield [number * BLOCK + i, block[i]!];
  }
}

function sortedNumbers(sums: SparseSums): number[] {
  return [...sums.blocks.keys()].sort((a, b) => a - b);
}

/** Sums at rest: the numbers of the blocks, and the blocks one after the other. */
export type PackedSparseSums = {
  /** Block numbers, ascending. */
  readonly numbers: Float64Array;
  /** Their contents. */
  readonly values: Float64Array;
};

/**
 * Copies the sums into two arrays.
 *
 * @returns Plain data owned by the caller.
 * @example
 * ```ts
 * import { createSparseSums, packSparse } from "@gammarx/gammarx/accumulators";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(packSparse(createSparseSums()).numbers.length, 0);
 * ```
 */
export function packSparse(sums: SparseSums): PackedSparseSums {
  const numbers = Float64Array.from(sortedNumbers(sums));
  const values = new Float64Array(numbers.length * BLOCK);
  numbers.forEach((number, i) => values.set(sums.blocks.get(number)!, i * BLOCK));
  return { numbers, values };
}

/**
 * Copies packed sums back.
 *
 * @returns Sums owned by the caller.
 * @example
 * ```ts
 * import { addSparse, createSparseSums, packSparse, sparseEntries, unpackSparse } from "@gammarx/gammarx/accumulators";
 * import { deepStrictEqual } from "node:assert/strict";
 * const sums = createSparseSums();
 * addSparse(sums, 9, 1);
 * deepStrictEqual([...sparseEntries(unpackSparse(packSparse(sums)))], [[9, 1]]);
 * ```
 */
export function unpackSparse(packed: PackedSparseSums): SparseSums {
  const sums = createSparseSums();
  packed.numbers.forEach((number, i) =>
    sums.blocks.set(number, packed.values.slice(i * BLOCK, (i + 1) * BLOCK))
  );
  return sums;
}
