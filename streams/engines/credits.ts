/** A bounded number of pieces of work under way. */
export interface Credits {
  /** Pieces under way. */
  readonly inUse: () => number;
  /** Begins a piece of work; its failure is thrown by the next `free`. */
  readonly spend: (work: Promise<unknown>) => void;
  /** Waits until another piece may begin. Throws what a piece has thrown. */
  readonly free: () => Promise<void>;
  /** Waits until none is under way. Throws what a piece has thrown. */
  readonly settled: () => Promise<void>;
}

/**
 * Bounds the work of an asynchronous sink: a pipeline spends a credit a piece, and `drain` waits
 * with `afterItem: credits.free` until one is free, so that a slow sink slows the source.
 *
 * @param most Most pieces under way, 1 or more.
 * @returns The credits, owned by the caller.
 * @throws RangeError for fewer than one.
 * @example
 * ```ts
 * import { credits } from "@gammarx/gammarx/engines";
 * import { strictEqual } from "node:assert/strict";
 * const two = credits(2);
 * two.spend(Promise.resolve());
 * two.spend(Promise.resolve());
 * strictEqual(two.inUse(), 2);
 * await two.settled();
 * strictEqual(two.inUse(), 0);
 * ```
 */
export function credits(most: number): Credits {
  if (!Number.isInteger(most) || most < 1) {
    throw new RangeError(`There is at least one credit, found ${most}`);
  }
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const throwFailure = () => {
    if (failures.length > 0) throw failures.shift();
  };
  return Object.freeze({
    inUse: () => underWay.size,
    spend(work: Promise<unknown>): void {
      const piece: Promise<void> = work.then(() => {}, (error) => void failures.push(error))
        .finally(() => underWay.delete(piece));
      underWay.add(piece);
    },
    async free(): Promise<void> {
      while (underWay.size >= most) await Promise.race(underWay);
      throwFailure();
    },
    async settled(): Promise<void> {
      await Promise.all(underWay);
      throwFailure();
    },
  });
}
