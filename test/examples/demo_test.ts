import { notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { runDemo } from "../../examples/demo_run.ts";

Deno.test("the demo finds the truth within four errors, and every seed other numbers", async () => {
  const runs = [await runDemo("1"), await runDemo("2"), await runDemo("3")];
  for (const { estimates, account, focus, h } of runs) {
    strictEqual(estimates.length, 6);
    for (const { name, pull } of estimates) ok(Math.abs(pull) < 4, `${name}: ${pull}`);
    strictEqual(account.late, 0);
    ok(focus.significance > 6 && Math.abs(focus.onsetS - 1200) < 10);
    ok(Math.abs(focus.endS - 1290) < 10);
    ok(h.h > 100);
  }
  runs.forEach((one, i) => {
    const other = runs[(i + 1) % 3]!;
    one.estimates.forEach((estimate, k) => {
      notStrictEqual(estimate.value, other.estimates[k]!.value);
      notStrictEqual(estimate.error, other.estimates[k]!.error);
      strictEqual(estimate.truth, other.estimates[k]!.truth);
    });
    notStrictEqual(one.account.read, other.account.read);
    notStrictEqual(one.h.h, other.h.h);
    notStrictEqual(one.focus.significance, other.focus.significance);
  });
});

Deno.test("the demo of one seed gives the same twice", async () => {
  const [a, b] = [await runDemo("7"), await runDemo("7")];
  a.estimates.forEach(({ value, error }, k) => {
    strictEqual(value, b.estimates[k]!.value);
    strictEqual(error, b.estimates[k]!.error);
  });
});
