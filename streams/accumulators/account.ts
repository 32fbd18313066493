import type { StreamItem } from "../../src/data/mod.ts";
import { type RejectedCounts, sumRejected } from "../../src/events/mod.ts";
import { type Accumulator, checkKeys, checkSnapshot, type Snapshot } from "./accumulator.ts";

/** Where every event of a stream went: read = used + late + Σ rejected. */
export interface Account {
  /** Rows read from the sources. */
  readonly read: number;
  /** Events that reached the accumulators. */
  readonly used: number;
  /** Events that came too late for a window or a sort. */
  readonly late: number;
  /** Events left out, by reason, in the order of the reasons' names. */
  readonly rejected: RejectedCounts;
}

/** State of {@link account}. */
export interface AccountState {
  /** Key of the accumulator. */
  readonly key: string;
  /** Events in the batches. */
  used: number;
  /** Late events. */
  late: number;
  /** Rejected events. */
  rejected: RejectedCounts;
}

/**
 * Keeps the account of a stream: nothing is lost without a reason.
 *
 * @returns An accumulator over the items of a stream.
 * @example
 * ```ts
 * import { account, fold } from "@gammarx/gammarx/accumulators";
 * import { createEventBatch } from "@gammarx/gammarx/events";
 * import { strictEqual } from "node:assert/strict";
 * const batch = createEventBatch({ timeS: Float64Array.of(1) }, { rejected: { "cut:energy": 2 } });
 * strictEqual(account().result(fold(account(), [batch])).read, 3);
 * ```
 */
export function account(): Accumulator<StreamItem, AccountState, Account> {
  const identity = { kind: "account", version: 1, key: "account" };
  return Object.freeze({
    ...identity,
    order: "any" as const,
    exactness: { kind: "exact" as const },
    create: (): AccountState => ({ key: identity.key, used: 0, late: 0, rejected: {} }),
    add(state: AccountState, item: StreamItem): void {
      if (item.kind !== "batch") return;
      state.used += item.length;
      state.late += item.late;
      state.rejected = sumRejected(state.rejected, item.rejected);
    },
    merge(into: AccountState, from: Readonly<AccountState>): void {
      checkKeys(into.key, from.key);
      into.used += from.used;
      into.late += from.late;
      into.rejected = sumRejected(into.rejected, from.rejected);
    },
    result({ used, late, rejected }: Readonly<AccountState>): Account {
      const reasons = Object.keys(rejected).sort();
      const sorted = Object.fromEntries(reasons.map((reason) => [reason, rejected[reason]!]));
      const out = reasons.reduce((sum, reason) => sum + rejected[reason]!, 0);
      return Object.freeze({ read: used + late + out, used, late, rejected: sorted });
    },
    snapshot: ({ used, late, rejected }: Readonly<AccountState>): Snapshot => ({
      ...identity,
      data: { used, late, rejected: { ...rejected } },
    }),
    restore(snapshot: Snapshot): AccountState {
      checkSnapshot(identity, snapshot);
      const { used, late, rejected } = snapshot.data as {
        used: number;
        late: number;
        rejected: RejectedCounts;
      };
      return { key: identity.key, used, late, rejected: { ...rejected } };
    },
  });
}
