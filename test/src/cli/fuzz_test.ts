import { deepStrictEqual, ok } from "node:assert/strict";
import { fuzzCli } from "../../soak/cli_fuzz.ts";

Deno.test("gammarx reads or refuses 400 damaged files, and never breaks", async () => {
  const { failures, read, refused } = await fuzzCli({ cases: 400, seed: 7 });
  deepStrictEqual(failures, []);
  ok(read > 40 && refused > 40, `${read} read, ${refused} refused`);
});
