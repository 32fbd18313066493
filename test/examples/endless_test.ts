import { ok, strictEqual } from "node:assert/strict";
import { runEndless } from "../soak/endless.ts";

Deno.test("a million events stream through everything, and none is lost", async () => {
  const { read, used, curveBins, sigma, rssBytes } = await runEndless(1e6);
  strictEqual(read, 1e6);
  // Energies 0.1 / (1 − 0.999 u) above 0.15.
  const mean = 1e6 * (1 / 1.5 - 0.001) / 0.999;
  ok(Math.abs(used - mean) < 4 * Math.sqrt(mean / 3), `${used}, ${mean}`);
  ok(curveBins > 990 && curveBins < 1010);
  ok(sigma > 2 && sigma < 7.5, `${sigma}`);
  strictEqual(rssBytes.length, 10);
});
