import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { alertKey, parseAlertLine } from "../../../src/alerts/mod.ts";
import {
  alertFileSink,
  type AlertMessage,
  alertOutbox,
  type AlertSink,
} from "../../../streams/sinks/mod.ts";
import { withFolder } from "../../src/cli/_observations.ts";
import { keysOf, messages } from "./_messages.ts";

/** A process that dies at its nth step; whatever it does after that fails too. */
function mortal(steps: number): { step: () => Promise<void>; isDead: () => boolean } {
  let left = steps;
  return {
    async step() {
      await Promise.resolve();
      if (--left < 0) throw new Error("killed");
    },
    isDead: () => left < 0,
  };
}

/** What survives a kill. */
interface Disk {
  nAlerts: number;
  sent: number;
}

const ALL = messages(9);

/** One life of a search that finds two alerts at a time: true where it came to its end. */
async function live(
  disk: Disk,
  steps: number,
  open: (step: () => Promise<void>) => Promise<AlertSink>,
): Promise<boolean> {
  const { step, isDead } = mortal(steps);
  const sink = await open(step), outbox = alertOutbox([sink]);
  try {
    let found = disk.nAlerts;
    for (let round = 0; disk.sent < ALL.length; round++) {
      if (round > 20) throw new Error("no progress");
      found = Math.min(found + 2, ALL.length);
      await step();
      disk.nAlerts = found;
      await step();
      const { sent } = await outbox.deliver(ALL.slice(0, found), disk.sent);
      await step();
      disk.sent = sent;
      await step();
    }
    return true;
  } catch (error) {
    if (!isDead()) throw error;
    return false;
  } finally {
    await outbox.close();
  }
}

/** A sink that takes a message after the other, with a chance to die before and after each. */
function recorder(log: string[], step: () => Promise<void>): AlertSink {
  return {
    name: "recorder",
    async send(list: readonly AlertMessage[]) {
      for (const { alert } of list) {
        await step();
        log.push(alertKey(alert));
        await step();
      }
    },
    close: () => Promise.resolve(),
  };
}

/** At least once, and each first time in order. */
function checkLog(log: readonly string[]): void {
  deepStrictEqual([...new Set(log)], keysOf(ALL));
}

Deno.test("alertOutbox() delivers everything in order wherever it is killed once", async () => {
  let steps = 0, wasKilled = 0;
  for (;; steps++) {
    const disk = { nAlerts: 0, sent: 0 }, log: string[] = [];
    const open = (step: () => Promise<void>) => Promise.resolve(recorder(log, step));
    if (await live(disk, steps, open)) break;
    wasKilled++;
    ok(await live(disk, Infinity, open));
    checkLog(log);
  }
  ok(wasKilled > 30, `${wasKilled} places to kill`);
});

Deno.test("alertOutbox() delivers everything in order however often it is killed", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.integer({ min: 0, max: 25 }), { maxLength: 8 }),
    async (lives) => {
      const disk = { nAlerts: 0, sent: 0 }, log: string[] = [];
      const open = (step: () => Promise<void>) => Promise.resolve(recorder(log, step));
      for (const steps of lives) await live(disk, steps, open);
      ok(await live(disk, Infinity, open));
      checkLog(log);
    },
  ));
});

Deno.test("alertFileSink() holds every message once and in order however often the run is killed", async () => {
  await withFolder(async (folder) => {
    let nth = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 15 }), fc.nat(2000)), { maxLength: 6 }),
        async (lives) => {
          const path = `${folder}/${nth++}.jsonl`, disk = { nAlerts: 0, sent: 0 };
          const open = async (step: () => Promise<void>): Promise<AlertSink> => {
            const sink = await alertFileSink(path);
            return {
              ...sink,
              async send(list) {
                await step();
                await sink.send(list);
                await step();
              },
            };
          };
          for (const [steps, torn] of lives) {
            if (await live(disk, steps, open)) break;
            // What a kill in the midst of writing leaves: a part of what would have come next.
            const written = (await Deno.readTextFile(path)).split("\n").length - 1;
            const next = ALL.slice(written, disk.nAlerts).map(({ alert }) =>
              `${JSON.stringify({ format: "alert", version: 1, alert })}\n`
            ).join("");
            await Deno.writeTextFile(path, next.slice(0, torn), { append: true });
          }
          ok(await live(disk, Infinity, open));
          const lines = (await Deno.readTextFile(path)).split("\n");
          strictEqual(lines.pop(), "");
          deepStrictEqual(lines.map((line) => alertKey(parseAlertLine(line))), keysOf(ALL));
        },
      ),
      { numRuns: 40 },
    );
  });
});

Deno.test("alertOutbox() lets no sink wait for one that fails, and sends it the rest later", async () => {
  const good: string[] = [], bad: string[] = [];
  let isDown = true;
  const outbox = alertOutbox([
    recorder(good, () => Promise.resolve()),
    {
      name: "bad",
      send: (list) => {
        if (isDown) return Promise.reject(new Error("down"));
        bad.push(...keysOf(list));
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    },
  ]);
  const first = await outbox.deliver(ALL.slice(0, 4), 0);
  strictEqual(first.sent, 0);
  deepStrictEqual(first.trouble.map(({ sink, error }) => [sink, (error as Error).message]), [
    ["bad", "down"],
  ]);
  isDown = false;
  const second = await outbox.deliver(ALL.slice(0, 6), first.sent);
  deepStrictEqual(second, { sent: 6, trouble: [] });
  deepStrictEqual(good, keysOf(ALL.slice(0, 6)));
  deepStrictEqual(bad, keysOf(ALL.slice(0, 6)));
  await outbox.close();
});

Deno.test("alertOutbox() keeps the order where deliveries overlap", async () => {
  const log: string[] = [];
  let wasBusy = false, isBusy = false;
  const outbox = alertOutbox([{
    name: "slow",
    async send(list) {
      wasBusy ||= isBusy;
      isBusy = true;
      await new Promise((resolve) => setTimeout(resolve, 2));
      log.push(...keysOf(list));
      isBusy = false;
    },
    close: () => Promise.resolve(),
  }]);
  const results = await Promise.all([
    outbox.deliver(ALL.slice(0, 2), 0),
    outbox.deliver(ALL.slice(0, 5), 0),
    outbox.deliver(ALL, 0),
  ]);
  deepStrictEqual(results.map(({ sent }) => sent), [2, 5, 9]);
  deepStrictEqual(log, keysOf(ALL));
  strictEqual(wasBusy, false);
  await outbox.close();
});

Deno.test("alertOutbox() takes a list that begins at what is not sent, and refuses gaps", async () => {
  const log: string[] = [];
  const outbox = alertOutbox([recorder(log, () => Promise.resolve())]);
  deepStrictEqual(await outbox.deliver([], 3), { sent: 3, trouble: [] });
  deepStrictEqual(await outbox.deliver(ALL.slice(3, 5), 3), { sent: 5, trouble: [] });
  deepStrictEqual(await outbox.deliver(ALL.slice(0, 6), 5), { sent: 6, trouble: [] });
  deepStrictEqual(log, keysOf(ALL.slice(3, 6)));
  await rejects(
    outbox.deliver(ALL.slice(8), 6),
    /from number 6 on are not sent, found none before 8/,
  );
  await rejects(outbox.deliver([ALL[6]!, ALL[8]!], 6), /alert number 7.*found 8/);
  await rejects(outbox.deliver(ALL.slice(0, 3), 6), /state is older/);
  await rejects(outbox.deliver(ALL, -1), RangeError);
  await rejects(outbox.deliver(ALL, NaN), RangeError);
  await outbox.close();
});

Deno.test("alertOutbox() closes its sinks once what is under way is done", async () => {
  const order: string[] = [];
  const outbox = alertOutbox([{
    name: "slow",
    async send() {
      await new Promise((resolve) => setTimeout(resolve, 2));
      order.push("sent");
    },
    close() {
      order.push("closed");
      return Promise.reject(new Error("no"));
    },
  }]);
  const delivery = outbox.deliver(ALL, 0);
  await new Promise((resolve) => setTimeout(resolve, 0));
  await rejects(outbox.close(), /no/);
  deepStrictEqual(order, ["sent", "closed"]);
  strictEqual((await delivery).sent, 9);
});
