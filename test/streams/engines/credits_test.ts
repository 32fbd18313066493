import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { map } from "rxjs";
import { credits, drain } from "../../../streams/engines/mod.ts";

Deno.test("credits() bound the work under way, and slow the source", async () => {
  const two = credits(2), order: string[] = [];
  let most = 0;
  async function* items(): AsyncGenerator<number> {
    for (let i = 0; i < 6; i++) {
      order.push(`pull ${i}`);
      yield i;
      await Promise.resolve();
    }
  }
  const write = async (i: number) => {
    await new Promise((wake) => setTimeout(wake, 2));
    order.push(`wrote ${i}`);
  };
  await drain(
    items(),
    map((i) => {
      two.spend(write(i));
      most = Math.max(most, two.inUse());
      return i;
    }),
    { afterItem: two.free },
  );
  await two.settled();
  strictEqual(most, 2);
  strictEqual(two.inUse(), 0);
  strictEqual(order.filter((what) => what.startsWith("wrote")).length, 6);
  deepStrictEqual(order.slice(0, 3), ["pull 0", "pull 1", "wrote 0"]);
});

Deno.test("credits() throw what a piece of work has thrown, once", async () => {
  const one = credits(1);
  one.spend(Promise.reject(new RangeError("disk full")));
  await rejects(one.free(), /disk full/);
  await one.free();
  one.spend(Promise.reject(new RangeError("again")));
  await rejects(one.settled(), /again/);
  throws(() => credits(0), RangeError);
  throws(() => credits(1.5), RangeError);
});
