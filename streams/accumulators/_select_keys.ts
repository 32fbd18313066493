import { compact, createEventBatch, type EventBatch } from "../../src/events/mod.ts";

/**
 * Splits a batch by a key of each event, keeping their order.
 *
 * @returns Pairs of key and events, in the order of first appearance; the events carry no account.
 */
export function splitByKey(batch: EventBatch, keys: ArrayLike<number>): [number, EventBatch][] {
  const n = batch.length;
  if (keys === undefined || keys.length !== n) {
    throw new TypeError(
      `Found ${keys?.length ?? "no"} keys for ${n} events, expected one an event`,
    );
  }
  let same = true;
  for (let i = 1; i < n && same; i++) same = keys[i] === keys[0];
  if (n === 0) return [];
  if (same) return [[keys[0]!, withoutAccount(batch)]];
  const lists = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const key = keys[i]!, list = lists.get(key);
    if (list === undefined) lists.set(key, [i]);
    else list.push(i);
  }
  return [...lists].map(([key, list]): [number, EventBatch] => [
    key,
    withoutAccount(compact(batch, Uint32Array.from(list), list.length)),
  ]);
}

/** The account belongs to the whole batch, not to a part of its events. */
function withoutAccount({ columns, obsId, rowStart, rowStop, watermarkS }: EventBatch): EventBatch {
  return createEventBatch(columns, { obsId, rowStart, rowStop, watermarkS });
}
