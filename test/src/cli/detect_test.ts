import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { parseAlertLine } from "../../../src/alerts/mod.ts";
import { readMap } from "../../../src/maps/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";
import { inProcess } from "./_gammarx.ts";
import { withFolder } from "./_observations.ts";

const HESS = "gammapy-data/hess-dl3-dr1";
const run = (id: number) => dataFile(`${HESS}/data/hess_dl3_dr1_obs_id_0${id}.fits.gz`);

dataTest(
  "gammarx detect finds no more in H.E.S.S. runs than it was allowed, and their steady sources",
  [
    HESS,
  ],
  async () => {
    const { code, stdout, stderr } = await inProcess(["detect", dataFile(HESS), "--json"]);
    strictEqual(code, 0, stderr);
    strictEqual(stdout.trimEnd().split("\n").length, 1);
    const { account, alerts, steady, livetimeS, expectedFalseAlarms } = JSON.parse(stdout);
    strictEqual(account.read, 1046156);
    strictEqual(account.used, account.read);
    ok(Math.abs(livetimeS / 3600 - 44.66) < 0.01, String(livetimeS));
    ok(expectedFalseAlarms < 0.006);
    deepStrictEqual(alerts, []);
    // The Crab nebula and PKS 2155-304, where they are.
    for (
      const [obsId, ra, dec] of [["23523", 83.633, 22.014], ["33790", 329.717, -30.226]] as const
    ) {
      const [found] = steady.filter((one: { obsId: string }) => one.obsId === obsId);
      ok(Math.hypot(found.raDeg - ra, found.decDeg - dec) < 0.1, JSON.stringify(found));
    }
  },
);

dataTest("gammarx detect --out writes alerts, notices, maps and a picture", [HESS], async () => {
  await withFolder(async (folder) => {
    // So many false alarms are allowed that some come.
    const args = ["detect", run(23523), "--far", "100000/hour", "--cells", "field:0.2,0.1,1"];
    const { code, stdout, stderr } = await inProcess([...args, "--out", folder, "--json"]);
    strictEqual(code, 0, stderr);
    const { alerts, messages, files } = JSON.parse(stdout);
    ok(alerts.length > 0 && messages >= alerts.length);
    const lines = (await Deno.readTextFile(`${folder}/alerts.jsonl`)).trimEnd().split("\n");
    strictEqual(lines.length, messages);
    const last = parseAlertLine(lines.at(-1)!);
    strictEqual(last.phase, "end");
    const [first] = alerts;
    for (
      const key of [
        "id",
        "kind",
        "onsetS",
        "durationS",
        "significance",
        "farHz",
        "raDeg",
        "decDeg",
        "errorDeg",
        "energyBandTeV",
      ]
    ) ok(key in first, key);
    const map = await readMap(`${folder}/${first.id}.map.fits`);
    const sum = (map.values.data as Float64Array).reduce((a, b) => a + b, 0);
    ok(Math.abs(sum - 1) < 1e-6, String(sum));
    match(await Deno.readTextFile(`${folder}/${first.id}.gcn.json`), /"trigger_time"/);
    match(await Deno.readTextFile(`${folder}/transients.svg`), /^<svg/);
    match(await Deno.readTextFile(`${folder}/${first.id}.svg`), /Time since onset/);
    deepStrictEqual([...Deno.readDirSync(folder)].map((one) => one.name).sort(), files.toSorted());
  });
});

dataTest("gammarx detect associates known positions, and says what is wrong", [HESS], async () => {
  await withFolder(async (folder) => {
    const list = `${folder}/sources.csv`;
    await Deno.writeTextFile(list, "# name, RA, Dec\nCrab, 83.633, 22.014\n");
    const args = ["detect", run(23523), "--sources", list, "--cells", "sources:0.1"];
    const { code, stdout, stderr } = await inProcess([...args, "--far", "100000/hour", "--json"]);
    strictEqual(code, 0, stderr);
    const { alerts } = JSON.parse(stdout);
    ok(
      alerts.every((one: { associations: { name: string }[] }) =>
        one.associations[0]?.name === "Crab"
      ),
    );
    await Deno.writeTextFile(list, "Crab 83.633 22.014\n");
    const wrong: readonly (readonly [string[], RegExp])[] = [
      [["--far", "often"], /--far "often": expected a number of false alarms/],
      [["--cells", "squares"], /--cells "squares": expected whole/],
      [["--cells", "sources:0.1"], /needs --sources FILE/],
      [["--bands", "10 TeV,1 TeV"], /--bands "10 TeV,1 TeV"/],
      [["--background", "running:10"], /--background/],
      [["--sources", list], /line 1: found "Crab 83.633 22.014", expected NAME,RA,DEC/],
    ];
    for (const [more, message] of wrong) {
      const bad = await inProcess(["detect", run(23523), ...more]);
      strictEqual(bad.code, 2, `${more}: ${bad.stderr}`);
      match(bad.stderr, message);
      strictEqual(bad.stdout, "");
    }
  });
});
