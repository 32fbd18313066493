import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { openDataStore } from "../../../src/data/mod.ts";
import { inProcess } from "./_gammarx.ts";
import { withFolder } from "./_observations.ts";

const template = async (): Promise<string> => (await inProcess(["simulate", "--template"])).stdout;

/** Runs a configuration into a folder. */
async function simulated(folder: string, text: string, ...flags: string[]) {
  const path = join(folder, "sim.yaml"), out = join(folder, "out");
  await Deno.writeTextFile(path, text);
  return { ...await inProcess(["simulate", path, "--out", out, ...flags]), out, path };
}

async function used(place: string): Promise<number> {
  const { code, stdout, stderr } = await inProcess(["stream", place, "--json"]);
  strictEqual(code, 0, stderr);
  return JSON.parse(stdout).account.used;
}

Deno.test("gammarx simulate: the template runs, a store a type, that opens and streams", async () => {
  await withFolder(async (folder) => {
    const { code, stdout, stderr, out } = await simulated(folder, await template(), "--json");
    strictEqual(code, 0, stderr);
    strictEqual(stdout.trimEnd().split("\n").length, 1, "one document");
    const { seed, stores } = JSON.parse(stdout);
    strictEqual(seed, 1);
    deepStrictEqual(stores.map((one: { eventType: string }) => one.eventType), ["good", "fair"]);
    for (const one of stores) {
      const store = await openDataStore(one.folder);
      strictEqual(store.entries.length, 2);
      ok(await used(one.folder) > 5000);
    }
    notStrictEqual(await used(join(out, "good")), await used(join(out, "fair")));
  });
});

Deno.test("gammarx simulate: --seed 1 is seed: 1, another is another", async () => {
  const text = await template(), counts: number[] = [];
  for (const flags of [[], ["--seed", "1"], ["--seed", "2"], ["--seed", "one"]]) {
    await withFolder(async (folder) => {
      const { code, out, stderr } = await simulated(folder, text, ...flags);
      strictEqual(code, 0, stderr);
      counts.push(await used(join(out, "good")));
    });
  }
  strictEqual(counts[0], counts[1]);
  strictEqual(new Set(counts).size, 3);
});

Deno.test("gammarx simulate: errors name file, line and column, and exit with 2", async () => {
  const text = await template();
  const cases: [string, string, RegExp][] = [
    ["bit: 1", "bit: 40", /bit/],
    ["bit: 1", "bit: 0", /taken by number 1/],
    ["name: fair", "name: good", /taken by number 1/],
    ["name: fair", "name: ../fair", /folder/],
    ["obsId: 2", "obsId: 1", /taken by number 1/],
    ["kind: pl, amplitude: 3.5e-11", "kind: plaw, amplitude: 3.5e-11", /plaw/],
    ["index: 2.5 }", "indx: 2.5 }", /index/],
    ["index: 2.5 }", "index: 2.5, cutoff: 3 }", /no parameter cutoff/],
    ["index: 2.5 }", "index: steep }", /expected a number/],
    ["ra: 83.633 deg", "ra: 83.633 TeV", /ra/],
    ["dec: 22.014 deg", "dec: 122.014 deg", /declination/],
    ["deadTime: 0.06", "deadTime: 1.06", /deadTime/],
    ["[[0, 900], [930, 1780]]", "[[0, 950], [930, 1780]]", /overlap/],
    ["[0.05 TeV, 200 TeV]", "[200 TeV, 0.05 TeV]", /ascend/],
    ["epoch: 2024-01-01T12:00:00", "epoch: yesterday", /yesterday/],
    ["fraction: 0.5", "fraction: 1.5", /fractions/],
    ["duration: 120 s", "duration: -120 s", /.+/],
    ["telescope: SIM", "telescop: SIM", /telescop/],
    ["sources:", "sources: [", /.+/],
  ];
  for (const [from, to, message] of cases) {
    await withFolder(async (folder) => {
      ok(text.includes(from), from);
      const { code, stderr, stdout, path } = await simulated(folder, text.replace(from, to));
      strictEqual(code, 2, `${to}: ${stderr}`);
      strictEqual(stdout, "");
      strictEqual(stderr.trimEnd().split("\n").length, 1);
      ok(stderr.includes(path), stderr);
      match(stderr, /line \d+, column \d+: /);
      match(stderr, message);
    });
  }
});

Deno.test("gammarx simulate: the line and column are those of the mistake", async () => {
  await withFolder(async (folder) => {
    const text = (await template()).replace("extension: 0.2 deg", "extension: 0.2 s");
    const lines = text.split("\n"), line = lines.findIndex((one) => one.includes("0.2 s"));
    const column = lines[line]!.indexOf("0.2 s");
    const { stderr } = await simulated(folder, text);
    ok(stderr.includes(`line ${line + 1}, column ${column + 1}: sources.1.extension`), stderr);
  });
});

Deno.test("gammarx simulate: says what is missing", async () => {
  for (const args of [[], ["x.yaml"]]) {
    const { code, stderr } = await inProcess(["simulate", ...args]);
    strictEqual(code, 2);
    match(stderr, /Give/);
  }
  const { code } = await inProcess(["simulate", "/nowhere.yaml", "--out", "nowhere"]);
  strictEqual(code, 3);
});
