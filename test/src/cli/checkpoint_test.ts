/** A run that is killed and taken up again gives the bytes of one that never stopped. */
import { match, ok, strictEqual } from "node:assert/strict";
import { dirname } from "node:path";
import { openSource } from "../../../streams/sources/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";
import { mulberry32 } from "../../_tools/mulberry32.ts";
import { ended, gammarx, inProcess, start } from "./_gammarx.ts";
import {
  argsOf,
  FLAGS,
  readProducts,
  sameProducts,
  simulatedFits,
  streamed,
  withFolder,
} from "./_observations.ts";

/** Kills a run of the command line several times, and lets it come to its end. */
async function survivesKills(places: readonly string[], nKills: number): Promise<void> {
  await withFolder(async (folder) => {
    const out = `${folder}/out`, state = `${folder}/state`, random = mulberry32(nKills);
    const args = ["stream", ...places, ...argsOf(FLAGS), "--out", out, "--checkpoint", state];
    const small = ["--checkpoint-rows", "50", "--batch-rows", "9", "--resume"];
    let killed = 0;
    for (let i = 0; i < nKills; i++) {
      const child = start([...args, ...small]);
      await new Promise((wake) => setTimeout(wake, 160 + 250 * random()));
      try {
        child.kill("SIGKILL");
        killed++;
      } catch {
        // it came to its end before
      }
      await ended(child);
    }
    ok(killed > 0, "no run was killed");
    // as runs that were killed leave it
    for (
      const left of [
        `${out}/map.fits.0badf00d.part`,
        ...[out, state].map((one) => `${one}/.gammarx-writable`),
      ]
    ) {
      await Deno.mkdir(dirname(left), { recursive: true });
      await Deno.writeTextFile(left, "");
    }
    const last = await gammarx([...args, ...small]);
    strictEqual(last.code, 0, last.stderr);
    sameProducts(readProducts(out), await streamed(await openSource(places)), "taken up");
    const names = [...Deno.readDirSync(state)].map((entry) => entry.name);
    strictEqual(names.join(" "), "checkpoint.bin");
  });
}

async function withRuns(test: (paths: string[], folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const paths: string[] = [];
    for (const [i, startS] of [0, 2000, 5000].entries()) {
      paths.push(`${folder}/run${i}.fits`);
      await Deno.writeFile(paths[i]!, simulatedFits({ seed: i, nEvents: 2000, startS, bad: [3] }));
    }
    await test(paths, folder);
  });
}

Deno.test("gammarx stream survives SIGKILL at six moments", async () => {
  await withRuns((paths) => survivesKills(paths, 6));
});

const RUNS = ["023523", "023526", "023559"].map((id) =>
  `gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_${id}.fits.gz`
);

dataTest("gammarx stream survives SIGKILL at six moments of three real runs", RUNS, async () => {
  await survivesKills(RUNS.map(dataFile), 6);
});

Deno.test("gammarx stream --resume refuses a state of other options or files", async () => {
  await withRuns(async (paths, folder) => {
    const state = `${folder}/state`;
    const run = (...args: string[]) => inProcess(["stream", ...args, "--checkpoint", state]);
    strictEqual((await run(...paths, "--spectrum", "0.1 TeV,100 TeV,5")).code, 0);
    const other: string[][] = [
      [...paths, "--spectrum", "0.1 TeV,100 TeV,6"],
      [...paths],
      [...paths, "--spectrum", "0.1 TeV,100 TeV,5", "--energy", "1 TeV,2 TeV"],
      [...paths, "--spectrum", "0.1 TeV,100 TeV,5", "--phase-model", "1,0,0,53000"],
      [...paths, "--spectrum", "0.1 TeV,100 TeV,5", "--gti"],
      [...paths, "--spectrum", "0.1 TeV,100 TeV,5", "--format", "gadf"],
      [...paths.slice(1), "--spectrum", "0.1 TeV,100 TeV,5"],
      [paths[0]!, "--follow", "--spectrum", "0.1 TeV,100 TeV,5"],
    ];
    for (const args of other) {
      const { code, stderr } = await run(...args, "--resume");
      strictEqual(code, 2, `${args}: ${stderr}`);
      match(stderr, /^gammarx: The checkpoint in .*belongs to another .*\n$/);
    }
    strictEqual((await run(...paths, "--spectrum", "0.1 TeV,100 TeV,5", "--resume")).code, 0);
    // A file of another size is another file.
    await Deno.writeFile(paths[1]!, simulatedFits({ seed: 1, nEvents: 2500, startS: 2000 }));
    const changed = await run(...paths, "--spectrum", "0.1 TeV,100 TeV,5", "--resume");
    strictEqual(changed.code, 2, changed.stderr);
  });
});

Deno.test("gammarx stream --resume says what is wrong with a damaged state", async () => {
  await withRuns(async (paths, folder) => {
    const state = `${folder}/state`, file = `${state}/checkpoint.bin`;
    const run = (...args: string[]) =>
      inProcess(["stream", ...paths, "--checkpoint", state, ...args]);
    strictEqual((await run()).code, 0);
    const bytes = await Deno.readFile(file);
    const damages: Uint8Array[] = [
      new Uint8Array(0),
      bytes.subarray(0, 20),
      bytes.subarray(0, bytes.length - 1),
      bytes.map((byte, i) => i === bytes.length - 5 ? byte ^ 1 : byte),
      bytes.map((byte, i) => i === 24 ? byte + 1 : byte),
    ];
    for (const damage of damages) {
      await Deno.writeFile(file, damage);
      const { code, stderr } = await run("--resume");
      strictEqual(code, 3, stderr);
      match(stderr, /^gammarx: .*checkpoint\.bin: .*remove it to start anew\n$/);
    }
    strictEqual((await run()).code, 0); // without --resume it is written anew
    strictEqual((await run("--resume")).code, 0);
  });
});

Deno.test("gammarx stream --resume says so where there is nothing to take up", async () => {
  await withRuns(async (paths, folder) => {
    const args = ["stream", ...paths, "--checkpoint", `${folder}/state`, "--resume"];
    const { code, stderr, stdout } = await inProcess(args);
    strictEqual(code, 0, stderr);
    match(stderr, /^gammarx: .*\/state held no state: started from the beginning$/m);
    match(stdout, /5997 used of 6000 read/);
  });
});
