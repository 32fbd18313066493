import { ok, rejects, strictEqual } from "node:assert/strict";
import { createObservationCache } from "../../../src/data/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";

const hess = (id: number) => `gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_0${id}.fits.gz`;
const RUNS = [23523, 23526, 23559, 23592];
const entry = (id: number) => ({ obsId: String(id), path: dataFile(hess(id)) });

dataTest("createObservationCache() reads an observation once", RUNS.map(hess), async () => {
  const cache = createObservationCache({ only: ["aeff"] });
  const [one, same] = await Promise.all([cache.get(entry(23523)), cache.get(entry(23523))]);
  strictEqual(one, same);
  strictEqual(await cache.get(entry(23523)), one);
  strictEqual(one.irfs.edisp, undefined);
  ok(cache.bytes() >= one.events.length * 5 * 8);
});

dataTest(
  "createObservationCache() keeps to its bound, the last used last",
  RUNS.map(hess),
  async () => {
    const large = createObservationCache();
    for (const id of RUNS) await large.get(entry(id));
    const maxBytes = large.bytes() * 0.6, cache = createObservationCache({ maxBytes });
    const first = await cache.get(entry(23523));
    await cache.get(entry(23526));
    strictEqual(await cache.get(entry(23523)), first);
    await cache.get(entry(23559)); // 23526 goes
    strictEqual(await cache.get(entry(23523)), first);
    for (const id of RUNS) {
      await cache.get(entry(id));
      ok(cache.bytes() <= maxBytes, `${cache.bytes()} > ${maxBytes}`);
    }
    const tiny = createObservationCache({ maxBytes: 1 }), kept = await tiny.get(entry(23523));
    strictEqual(await tiny.get(entry(23523)), kept);
  },
);

Deno.test("createObservationCache() tries again what could not be read", async () => {
  const cache = createObservationCache(), path = await Deno.makeTempFile();
  await rejects(cache.get({ obsId: "1", path }));
  await rejects(cache.get({ obsId: "1", path }));
  strictEqual(cache.bytes(), 0);
  await Deno.remove(path);
});
