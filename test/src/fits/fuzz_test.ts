/** A slice of the soak test (test/soak/fits_fuzz.ts). */
import assert from "node:assert/strict";
import { fuzz } from "../../soak/fits_fuzz.ts";

Deno.test("damaged files give FitsFormatError or a result, in bounded time and memory", async () => {
  const report = await fuzz(20, 0, 2000);
  assert.deepEqual(report.failures, []);
  assert.equal(report.cases, 2000);
  assert(report.read > 200 && report.refused > 200, JSON.stringify(report));
});
