import { match, ok, strictEqual } from "node:assert/strict";
import { createSkyMap, createWcsGeom, writeMap } from "../../../src/maps/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";
import { inProcess } from "./_gammarx.ts";
import { simulatedFits, withFolder } from "./_observations.ts";

interface Document {
  readonly products: readonly { readonly hdu: string; readonly what: string }[];
}

Deno.test("gammarx peek draws events and good time", async () => {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/run.fits`, simulatedFits({ seed: 3, nEvents: 400 }));
    const out = `${folder}/x.svg`;
    const { code, stdout } = await inProcess([
      "peek",
      `${folder}/run.fits`,
      "--out",
      out,
      "--json",
    ]);
    strictEqual(code, 0);
    const { products }: Document = JSON.parse(stdout);
    ok(products.some((one) => one.hdu === "EVENTS") && products.some((one) => one.hdu === "GTI"));
    match(await Deno.readTextFile(out), /^<svg[\s\S]*Energy/);
  });
});

Deno.test("gammarx peek draws a map, and one HDU alone", async () => {
  await withFolder(async (folder) => {
    const geom = createWcsGeom({ npix: 8, binszDeg: 0.1, proj: "TAN" });
    const data = Float64Array.from({ length: 64 }, (_, i) => i);
    await writeMap(`${folder}/map.fits`, createSkyMap(geom, { data }));
    const out = `${folder}/x.png`;
    const { code, stderr } = await inProcess(["peek", `${folder}/map.fits`, "--out", out]);
    strictEqual(code, 0, stderr);
    strictEqual((await Deno.readFile(out))[1], "P".charCodeAt(0));
    const absent = await inProcess(["peek", `${folder}/map.fits`, "--out", out, "--hdu", "NONE"]);
    strictEqual(absent.code, 3);
    match(absent.stderr, /HDU NONE/);
  });
});

Deno.test("gammarx peek refuses what it cannot draw", async () => {
  await withFolder(async (folder) => {
    const none = await inProcess(["peek", `${folder}/none.fits`, "--out", `${folder}/x.svg`]);
    strictEqual(none.code, 3);
    const format = await inProcess(["peek", `${folder}/none.fits`, "--out", `${folder}/x.pdf`]);
    strictEqual(format.code, 2);
    match(format.stderr, /--out/);
  });
});

const RUN = "gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_023523.fits.gz";

dataTest("gammarx peek draws all of an observation", [RUN], async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/x.svg`;
    const { stdout } = await inProcess(["peek", dataFile(RUN), "--out", out, "--json"]);
    const { products }: Document = JSON.parse(stdout);
    const kinds = products.map((one) => one.what).sort();
    for (const kind of ["aeff", "bkg", "edisp", "events", "gti", "psf"]) {
      ok(kinds.some((one) => one.startsWith(kind)), `${kind} of ${kinds}`);
    }
  });
});
