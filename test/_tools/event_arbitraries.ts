/** Random streams of events for properties, with all that is awkward in them; and other cuts of them. */
import fc from "fast-check";
import {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  type StreamItem,
} from "../../src/data/mod.ts";
import {
  concatBatches,
  createEventBatch,
  createGti,
  type EventBatch,
  type EventColumns,
  type EventEpoch,
  type Gti,
  sliceBatch,
} from "../../src/events/mod.ts";
import { createEpoch } from "../../src/time/mod.ts";
import { mulberry32 } from "./mulberry32.ts";

/** Epoch of all random streams. */
export const EPOCH: EventEpoch = createEpoch([53343, 64.184 / 86400], "TT");

/** Centre of the field of all random streams: near the wrap of right ascension. */
export const CENTER = { raDeg: 359.9, decDeg: 20 } as const;

/** A finite number in a range. */
export function between(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
}

/** One event, as numbers. */
export interface PlainEvent {
  readonly timeS: number;
  readonly energyTeV: number;
  readonly raDeg: number;
  readonly decDeg: number;
  readonly phase: number;
  readonly weight: number;
  readonly eventType: number;
  readonly piChannel: number;
  readonly eventId: bigint;
}

/** What random streams may be spared. */
export interface StreamOptions {
  /** No time is NaN; false. */
  readonly finiteTimes?: boolean;
  /** Events of an observation ascend in time, and follow those of the one before; false. */
  readonly sorted?: boolean;
  /** Every observation begins with good time intervals; false. */
  readonly withGti?: boolean;
  /** Batches come before any observation at times; true. */
  readonly orphans?: boolean;
}

const wrapped = (raDeg: number) => raDeg < 0 ? raDeg + 360 : raDeg >= 360 ? raDeg - 360 : raDeg;

/** Times about [-200, 2000] s, often on the edges of windows and intervals. */
export function anyTime(finite: boolean): fc.Arbitrary<number> {
  const usual = fc.oneof(
    between(-200, 2000),
    fc.integer({ min: -20, max: 200 }).map((k) => 10 * k),
    fc.constantFrom(0, -0, 1023.9999999999999, 1024, 0.3, -1e-9),
  );
  return finite ? usual : fc.oneof({ weight: 19, arbitrary: usual }, fc.constant(NaN));
}

/** Any event. */
export function anyEvent(options: StreamOptions = {}): fc.Arbitrary<PlainEvent> {
  return fc.record({
    timeS: anyTime(options.finiteTimes ?? options.sorted ?? false),
    energyTeV: fc.oneof(
      between(-2, 2).map((x) => 10 ** x),
      fc.constantFrom(0, 0.1, 1, 10, 100, 0.09999999999999999, NaN, Infinity),
    ),
    raDeg: fc.oneof(
      between(-3, 3).map((d) => wrapped(CENTER.raDeg + d)),
      fc.constantFrom(CENTER.raDeg, 0, 360, NaN),
    ),
    decDeg: fc.oneof(between(17, 23), fc.constantFrom(CENTER.decDeg, 20.5, NaN)),
    phase: fc.oneof(
      between(0, 0.9999999999999999),
      fc.integer({ min: 0, max: 49 }).map((k) => k / 49),
      fc.constantFrom(0, 0.1, 0.3, 0.9, 0.9999999999999999, 1, -0.1, NaN),
    ),
    weight: fc.oneof(between(0, 1), fc.constantFrom(0, 1)),
    eventType: fc.nat(15),
    piChannel: fc.integer({ min: -5, max: 2000 }),
    eventId: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  });
}

/** Events as a batch with all columns. */
export function batchOf(
  events: readonly PlainEvent[],
  fields: Parameters<typeof createEventBatch>[1] = {},
): EventBatch {
  const column = (name: Exclude<keyof PlainEvent, "eventId">) =>
    Float64Array.from(events, (event) => event[name]);
  const columns: EventColumns = {
    timeS: column("timeS"),
    energyTeV: column("energyTeV"),
    raDeg: column("raDeg"),
    decDeg: column("decDeg"),
    phase: column("phase"),
    weight: column("weight"),
    eventType: Uint32Array.from(column("eventType")),
    piChannel: Int32Array.from(column("piChannel")),
    eventId: BigInt64Array.from(events, (event) => event.eventId),
  };
  return createEventBatch(columns, fields);
}

/** Good time intervals within [-200, 2000] s: in any order, overlapping, touching, empty. */
export const anyGti: fc.Arbitrary<Gti> = fc
  .array(fc.tuple(anyTime(true), fc.oneof(between(0, 400), fc.constantFrom(0, 10, 100))), {
    maxLength: 6,
  })
  .map((list) =>
    createGti(
      EPOCH,
      Float64Array.from(list, ([start]) => start),
      Float64Array.from(list, ([start, length]) => start + length),
    )
  );

const anyAccount = fc.record({
  rejected: fc.dictionary(fc.constantFrom("cut:energy", "cut:time", "bad:json"), fc.nat(5)),
  late: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(3)),
});

type Part =
  | {
    kind: "batch";
    events: PlainEvent[];
    account: { rejected: Record<string, number>; late: number };
  }
  | { kind: "beat"; timeS: number; lengthS: number; live: number };

/** A stream of a few observations: empty batches, heartbeats, late intervals, resumed starts. */
export function anyStream(options: StreamOptions = {}): fc.Arbitrary<StreamItem[]> {
  const { sorted = false, withGti = false, orphans = true } = options;
  const part: fc.Arbitrary<Part> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("batch" as const),
        events: fc.array(anyEvent(options), { maxLength: 12 }),
        account: anyAccount,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("beat" as const),
        timeS: anyTime(true),
        lengthS: fc.oneof(fc.constant(0), between(0, 300)),
        live: fc.oneof(fc.constant(0), between(0, 1)),
      }),
    },
  );
  const observation = fc.record({
    when: fc.constantFrom("start", "start", "end", "never"),
    gti: anyGti,
    deadTimeFraction: fc.oneof(fc.constant(0), between(0, 0.5)),
    resumed: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
    hasEnd: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    isOrphan: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.constant(true)),
    parts: fc.array(part, { maxLength: 4 }),
  });
  return fc.array(observation, { maxLength: 3 }).map((observations) => {
    const all = observations.flatMap(({ parts }) =>
      parts.flatMap((one) => one.kind === "batch" ? one.events : [])
    );
    if (sorted) all.sort((a, b) => a.timeS - b.timeS);
    let next = 0;
    const items: StreamItem[] = [];
    observations.forEach(({ when, gti, deadTimeFraction, resumed, hasEnd, isOrphan, parts }, k) => {
      const obsId = `${k}`, at = withGti ? "start" : when;
      const common = { obsId, epoch: EPOCH, index: k, resumed, deadTimeFraction, pointing: CENTER };
      const isBegun = !(isOrphan && orphans);
      if (isBegun) items.push(createObsStart(at === "start" ? { ...common, gti } : common));
      let row = 0;
      for (const one of parts) {
        if (one.kind === "beat") {
          const { timeS, lengthS, live } = one;
          if (sorted) continue; // its time would have to fit between the events
          items.push(createHeartbeat({ timeS, fromS: timeS - lengthS, livetimeS: lengthS * live }));
          continue;
        }
        const events = all.slice(next, next += one.events.length);
        const nRows = events.length + one.account.late +
          Object.values(one.account.rejected).reduce((a, b) => a + b, 0);
        items.push(
          batchOf(events, { obsId, rowStart: row, rowStop: row += nRows, ...one.account }),
        );
      }
      if (isBegun && hasEnd) {
        items.push(createObsEnd(obsId, at === "end" ? { gti, deadTimeFraction } : undefined));
      }
    });
    return items;
  });
}

/** The same stream with its events cut otherwise: neighbours joined, then sliced, empty ones put in. */
export function recutItems(items: readonly StreamItem[], seed: number): StreamItem[] {
  const random = mulberry32(seed), out: StreamItem[] = [];
  let held: EventBatch[] = [];
  const letOut = () => {
    if (held.length === 0) return;
    const all = concatBatches(held), most = random() < 0.3 ? all.length : 1 + 8 * random();
    held = [];
    let at = 0;
    do {
      if (random() < 0.1) out.push({ ...sliceBatch(all, at, at), rejected: {}, late: 0 });
      const stop = Math.min(all.length, at + Math.ceil(most * random()));
      // A first part of no events would take the account, and so would the next.
      if (stop > at || all.length === 0) out.push(sliceBatch(all, at, stop));
      at = stop;
    } while (at < all.length);
  };
  for (const item of items) {
    if (item.kind === "batch" && held.every((one) => one.obsId === item.obsId)) held.push(item);
    else {
      letOut();
      if (item.kind === "batch") held.push(item);
      else out.push(item);
    }
  }
  letOut();
  return out;
}

/** All batches of a stream. */
export function batchesOf(items: readonly StreamItem[]): EventBatch[] {
  return items.filter((item): item is EventBatch => item.kind === "batch");
}

/** Number of events in a stream. */
export function countEvents(items: readonly StreamItem[]): number {
  return batchesOf(items).reduce((n, batch) => n + batch.length, 0);
}

/** Rows read as the account of a stream tells: events + late + rejected. */
export function rowsRead(items: readonly StreamItem[]): number {
  return batchesOf(items).reduce((n, batch) => {
    const rejected = Object.values(batch.rejected).reduce((a, b) => a + b, 0);
    return n + batch.length + batch.late + rejected;
  }, 0);
}

/** The column of all batches, one after the other. */
export function columnOf(items: readonly StreamItem[], name: string): (number | bigint)[] {
  return batchesOf(items).flatMap((batch) => [...batch.columns[name]!]);
}
