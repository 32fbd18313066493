/** The law harness must see faults: each accumulator here breaks one law, and is named by it. */
import { match, throws } from "node:assert/strict";
import type { StreamItem } from "../../../src/data/mod.ts";
import {
  type Accumulator,
  checkKeys,
  checkSnapshot,
  type Snapshot,
} from "../../../streams/accumulators/mod.ts";
import { checkAccumulatorLaws } from "../../_tools/accumulator_laws.ts";
import { anyStream, countEvents } from "../../_tools/event_arbitraries.ts";

interface State {
  readonly key: string;
  bins: Float64Array;
  n: number;
  sum: number;
}
interface Out {
  bins: Float64Array;
  n: number;
  sum: number;
}
type Histogram = Accumulator<StreamItem, State, Out>;

const identity = { kind: "fault", version: 1, key: "fault" };

/** Counts event types and sums phases of all events; right, before a fault is planted. */
const sound: Histogram = {
  ...identity,
  order: "any",
  exactness: { kind: "rounding", rtol: 1e-12 },
  create: () => ({ key: identity.key, bins: new Float64Array(16), n: 0, sum: 0 }),
  add(state, item) {
    if (item.kind !== "batch") return;
    item.columns.eventType!.forEach((type) => state.bins[type]! += 1);
    item.columns.weight!.forEach((w) => state.sum += w);
    state.n += item.length;
  },
  merge(into, from) {
    checkKeys(into.key, from.key);
    from.bins.forEach((n, i) => into.bins[i]! += n);
    into.n += from.n;
    into.sum += from.sum;
  },
  result: ({ bins, n, sum }) => ({ bins: bins.slice(), n, sum }),
  snapshot: ({ bins, n, sum }) => ({ ...identity, data: { bins: bins.slice(), n, sum } }),
  restore(snapshot: Snapshot): State {
    checkSnapshot(identity, snapshot);
    const { bins, n, sum } = snapshot.data as { bins: Float64Array; n: number; sum: number };
    return { key: identity.key, bins: bins.slice(), n, sum };
  },
};

const shared = sound.create();
let lastBatch: StreamItem | undefined;

const faults: Record<string, [law: RegExp, change: Partial<Histogram>]> = {
  "merge writes `from`": [/merge leaves `from` alone/, {
    merge(into, from) {
      sound.merge(into, from);
      (from as State).n = 0;
    },
  }],
  "merge takes over an array of `from`": [/`from` does not see|merged state does not see/, {
    merge(into, from) {
      if (into.n > 0) return sound.merge(into, from);
      Object.assign(into, from);
    },
  }],
  "merge forgets a field": [/identity|fold\(x \+\+ y\)/, {
    merge(into, from) {
      const n = into.n;
      sound.merge(into, from);
      into.n = n;
    },
  }],
  "merge puts `from` in place of `into`": [/identity|fold\(x \+\+ y\)/, {
    merge(into, from) {
      into.bins.fill(0);
      into.n = into.sum = 0;
      sound.merge(into, from);
    },
  }],
  "merge depends on the order": [/identity|fold|associativity|commutativity/, {
    merge(into, from) {
      sound.merge(into, from);
      into.sum = from.sum + 2 * (into.sum - from.sum);
    },
  }],
  "merge rounds coarsely": [/identity|fold|associativity|commutativity/, {
    merge(into, from) {
      sound.merge(into, from);
      into.sum = Math.fround(into.sum);
    },
  }],
  "result mutates": [/result leaves the state alone/, {
    result(state) {
      const out = sound.result(state);
      (state as State).sum += 1;
      return out;
    },
  }],
  "result shares an array with the state": [/a result is the caller's|does not see the result/, {
    result: ({ bins, n, sum }) => ({ bins: bins.subarray(), n, sum }),
  }],
  "result is the state": [/a result is the caller's|does not see the result/, {
    result: (state) => state as Out,
  }],
  "snapshot shares an array": [/snapshot does not see|does not see its snapshot|same twice/, {
    snapshot: ({ bins, n, sum }) => ({ ...identity, data: { bins, n, sum } }),
  }],
  "snapshot forgets a field": [/stop, restore|same result/, {
    snapshot: ({ bins, n }) => ({ ...identity, data: { bins: bins.slice(), n, sum: 0 } }),
  }],
  "restore shares an array": [/restored|snapshot/, {
    restore(snapshot) {
      return { ...sound.restore(snapshot), bins: snapshot.data.bins as Float64Array };
    },
  }],
  "restore takes anything": [/Missing expected exception/, {
    restore: (snapshot) => sound.restore({ ...snapshot, ...identity }),
  }],
  "a snapshot does not say what it is": [/Expected values|says what it is/, {
    snapshot: (state) => ({ ...sound.snapshot(state), version: 2 }),
  }],
  "add depends on the cut": [/identity|fold|cut|associativity|commutativity|never stopped/, {
    add(state, item) {
      sound.add(state, item);
      if (item.kind === "batch") state.sum += 0.25;
    },
  }],
  "add sums a batch for itself": [/any cut gives the same bits/, {
    add(state, item) {
      if (item.kind !== "batch") return;
      const one = sound.create();
      sound.add(one, item);
      sound.merge(state, one);
    },
  }],
  "add writes its input": [/add leaves its input alone/, {
    add(state, item) {
      sound.add(state, item);
      if (item.kind === "batch") item.columns.timeS.fill(0);
    },
  }],
  "add keeps its input": [
    /keeps nothing of its input|any cut|identity|fold|result|snapshot|share/,
    {
      add(state, item) {
        sound.add(state, item);
        lastBatch = item;
      },
      result(state) {
        const last = lastBatch?.kind === "batch" ? lastBatch.columns.timeS[0] ?? 0 : 0;
        return { ...sound.result(state), sum: state.sum + (Number.isNaN(last) ? 0 : last) };
      },
    },
  ],
  "create gives the same state again": [/identity|fold|result|own|alone|create makes/, {
    create: () => shared,
  }],
  "an event is lost": [/nothing lost/, {
    add(state, item) {
      sound.add(state, item);
      if (item.kind === "batch" && item.columns.energyTeV!.some((e) => e === 100)) state.n -= 1;
    },
  }],
};

const options = {
  scale: countEvents,
  numRuns: 200,
  conserves: { counted: ({ n }: Out) => n, seen: countEvents },
};

Deno.test("checkAccumulatorLaws() lets a sound accumulator pass", () => {
  checkAccumulatorLaws(sound, anyStream(), options);
});

for (const [name, [law, change]] of Object.entries(faults)) {
  Deno.test(`checkAccumulatorLaws() sees that ${name}`, () => {
    throws(
      () => checkAccumulatorLaws({ ...sound, ...change }, anyStream(), options),
      (error: Error) => {
        const message = `${error.message} ${(error.cause as Error | undefined)?.message}`;
        match(message, law);
        return true;
      },
    );
  });
}

Deno.test("checkAccumulatorLaws() sees that states of other configurations are merged", () => {
  const other = { ...sound, key: "other", create: () => ({ ...sound.create(), key: "other" }) };
  const careless = { ...sound, merge: () => {} };
  throws(() => checkAccumulatorLaws(careless, anyStream(), { ...options, others: [other] }));
});
