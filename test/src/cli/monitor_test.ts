/** `gammarx monitor`: its configuration, its alerts over kills, its page in a browser. */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readMonitorConfig } from "../../../src/cli/monitor_config.ts";
import { MONITOR_SIMULATION, MONITOR_TEMPLATE } from "../../../src/cli/monitor_template.ts";
import { mulberry32 } from "../../_tools/mulberry32.ts";
import { ended, gammarx, inProcess, start } from "./_gammarx.ts";
import { withFolder } from "./_observations.ts";

Deno.test("gammarx monitor --template prints a configuration that is valid", async () => {
  const { code, stdout } = await inProcess(["monitor", "--template"]);
  strictEqual(code, 0);
  const config = readMonitorConfig(stdout, "template");
  deepStrictEqual(config.detectors[0]!.background, { method: "running", windowS: 400, guardS: 60 });
  strictEqual(config.detectors[0]!.falseAlarmsPerYear, 12);
  deepStrictEqual(config.bands[0], { name: "low", energyTeV: [0.3, 1] });
  // What stands behind # is valid, too, where it stands alone on its line.
  const more = MONITOR_TEMPLATE.replace(/^# (serve|timing|idle):/gm, (_, key) => `${key}:`)
    .replace(/\nserve: 127.*\n/, "\n").replace(/^ {2}# - \{ to/gm, "  - { to")
    .replace(/^ {2}# (region|eventType):/gm, "  $1:");
  const full = readMonitorConfig(more, "full");
  strictEqual(full.serve?.tokenFile, "token.txt");
  strictEqual(full.alerts.length, 3);
  strictEqual(full.idleS, 30);
  strictEqual(full.timing?.par, "pulsar.par");
});

Deno.test("gammarx monitor takes every kind of cells the template names", () => {
  const cells = [...MONITOR_TEMPLATE.matchAll(/^ {4}# (cells: .*)$/gm)].map(([, line]) => line!);
  strictEqual(cells.length, 3);
  for (const line of cells) {
    const text = MONITOR_TEMPLATE.replace(/^ {4}cells: .*$/m, `    ${line}`);
    const { kind } = readMonitorConfig(text, "cells").detectors[0]!.cells;
    ok(line.includes(`kind: ${kind}`));
  }
});

const FAULTS: readonly (readonly [what: string, from: RegExp, to: string, found: RegExp])[] = [
  ["an unknown key", /^title:/m, "titel:", /line \d+.*titel/],
  ["no source", /- files: .*/, "[]", /sources/],
  ["a source of no kind", /- files: \[/, "- fiels: [", /sources\.0.*expected one of files/],
  ["a bad rate", /far: .*/, "far: 1/fortnight", /line \d+, column 10.*far.*NUMBER\/UNIT/],
  [
    "energies that descend",
    /energy: \[1 TeV, 100 TeV\]/,
    "energy: [2 TeV, 1 TeV]",
    /bands\.1\.energy.*ascend/,
  ],
  ["a unit of another kind", /step: 0.2 deg/, "step: 2 s", /cells\.step/],
  ["an unknown method", /method: running/, "method: runing", /background\.method/],
  ["two bands of one name", /name: high/, "name: low", /low is taken/],
  ["a late policy", /policy: count/, "policy: ignore", /late\.policy/],
  ["a negative lateness", /lateness: 0 s/, "lateness: -1 s", /late\.lateness.*0 or more/],
  ["a format of a file", /path: alerts.jsonl/, "path: a, format: gcn", /alerts\.0/],
  ["an address", /# serve: 127.*/, "serve: nowhere", /serve/],
  ["no YAML", /^history: .*/m, "history: {", /line \d+/],
];

for (const [what, from, to, found] of FAULTS) {
  Deno.test(`readMonitorConfig() tells file and place of ${what}`, () => {
    const text = MONITOR_TEMPLATE.replace(from, to);
    ok(text !== MONITOR_TEMPLATE);
    throws(() => readMonitorConfig(text, "watch.yaml"), (error: Error) => {
      strictEqual(error.name, "UsageError");
      match(error.message, /^watch\.yaml, line \d+, column \d+: /);
      match(error.message, found);
      return true;
    });
  });
}

Deno.test("gammarx monitor refuses what does not go together", async () => {
  await withFolder(async (folder) => {
    const run = async (args: string[], text = MONITOR_TEMPLATE) => {
      await Deno.writeTextFile(`${folder}/c.yaml`, text);
      return await inProcess(["monitor", ...args]);
    };
    const lines = MONITOR_TEMPLATE.replace("files: [events.fits]", 'lines: "-"');
    const cases: [string[], string, number, RegExp][] = [
      [[], "", 2, /--template/],
      [[`${folder}/c.yaml`, "--speed", "3"], MONITOR_TEMPLATE, 2, /--speed needs --simulate/],
      [["--simulate", "--speed", "0"], "", 2, /--speed/],
      [[`${folder}/c.yaml`], lines, 2, /read again/],
      [["--simulate", "--serve", "0.0.0.0:0"], "", 2, /token/],
      [["--simulate", "--serve", "here"], "", 2, /HOST:PORT/],
    ];
    for (const [args, text, code, message] of cases) {
      const ran = await run(args, text === "" ? undefined : text);
      strictEqual(ran.code, code, ran.stderr);
      match(ran.stderr, message);
      strictEqual(ran.stderr.trim().split("\n").length, 1, ran.stderr);
    }
  });
});

/** A monitor of the built-in simulation that writes into a folder. */
async function configIn(folder: string): Promise<string> {
  const path = `${folder}/monitor.yaml`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(
    path,
    MONITOR_TEMPLATE.replace("alerts.jsonl", `${folder}/alerts.jsonl`)
      .replace(
        "folder: monitor-state, every: 30 s",
        `folder: ${folder}/state, every: 0.2 s`,
      ),
  );
  return path;
}

Deno.test("gammarx monitor --simulate finds the flare, in time and place", async () => {
  const { code, stdout, stderr } = await gammarx([
    "monitor",
    "--simulate",
    "--speed",
    "max",
    "--json",
  ]);
  strictEqual(code, 0, stderr);
  const { account, alerts, health, phase } = JSON.parse(stdout);
  strictEqual(phase, "ended");
  strictEqual(
    account.read,
    account.used + account.late + account.rejected["cut:energy"] +
      account.rejected["cut:offset"],
  );
  strictEqual(health.unsent, 0);
  const initial = alerts.filter((one: { alert: { phase: string } }) =>
    one.alert.phase === "initial"
  );
  strictEqual(initial.length, 1);
  const { alert } = initial[0];
  strictEqual(alert.tense, "injection");
  ok(Math.abs(alert.onset.timeS - 900) < 5, `onset ${alert.onset.timeS} s`);
  const { raDeg, decDeg } = alert.position;
  const offDeg = Math.hypot((raDeg - 84.2) * Math.cos(22.7 * Math.PI / 180), decDeg - 22.7);
  ok(offDeg < 0.1, `${offDeg} deg off`);
  match(stderr, /initial .* σ in /);
});

Deno.test("gammarx monitor gives the same alerts after SIGKILL and after SIGINT", async () => {
  await withFolder(async (folder) => {
    const whole = await configIn(`${folder}/whole`);
    const { code, stderr } = await gammarx(["monitor", whole, "--simulate", "--speed", "max"]);
    strictEqual(code, 0, stderr);
    const expected = await Deno.readTextFile(`${folder}/whole/alerts.jsonl`);
    ok(expected.trim().split("\n").length >= 2);
    const killed = await configIn(`${folder}/killed`), random = mulberry32(11);
    const args = ["monitor", killed, "--simulate", "--speed", "800"];
    for (const signal of ["SIGKILL", "SIGINT", "SIGKILL"] as const) {
      const child = start(args);
      await new Promise((wake) => setTimeout(wake, 700 + 500 * random()));
      child.kill(signal);
      const { code } = await ended(child);
      if (signal === "SIGINT") strictEqual(code, 130);
    }
    const last = await gammarx([...args.slice(0, -1), "max", "--json"]);
    strictEqual(last.code, 0, last.stderr);
    strictEqual(JSON.parse(last.stdout).resumed, true);
    strictEqual(await Deno.readTextFile(`${folder}/killed/alerts.jsonl`), expected);
  });
});

Deno.test("gammarx monitor reads lines on stdin and writes notices on stdout", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/lines.yaml`;
    await Deno.writeTextFile(
      path,
      `
observatory: SIM
instrument: counter
sources: [{ lines: "-", epoch: 60000 }]
detectors:
  - { name: all, cells: { kind: whole }, background: { method: known, rate: 1 }, far: 1/year }
late: { lateness: 2 s, policy: count }
alerts: [{ to: stdout, format: gcn, mission: SIM }]
`,
    );
    async function* lines(): AsyncGenerator<Uint8Array> {
      const utf8 = new TextEncoder();
      yield utf8.encode('{"kind":"obs-start","obsId":"7"}\n');
      for (let t = 0; t < 300; t++) {
        const times = t >= 200 && t < 210 ? [0.1, 0.2, 0.3, 0.5, 0.6, 0.8, 0.9] : [0.5];
        // The events of a second come in the wrong order, after the beat of the second before.
        const events = times.reverse().map((part) => `{"timeS":${t + part}}\n`).join("");
        yield utf8.encode(
          events + `{"kind":"heartbeat","timeS":${t},"fromS":${t - 1},"livetimeS":1}\n`,
        );
        await Promise.resolve();
      }
      yield utf8.encode('{"timeS":3}\n{"kind":"obs-end"}\n');
    }
    const { code, stdout, stderr } = await gammarx(["monitor", path], lines());
    strictEqual(code, 0, stderr);
    const notices = stdout.trim().split("\n").map((line) => JSON.parse(line));
    ok(notices.length >= 2, stdout);
    strictEqual(notices[0].mission, "SIM");
    strictEqual(notices[0].alert_type, "initial");
    match(notices[0].trigger_time, /^2023-02-25T00:02:1\d/);
    match(stderr, /1 late/);
  });
});

Deno.test("gammarx monitor merges streams, and counts what it reads once over a restart", async () => {
  await withFolder(async (folder) => {
    const other = MONITOR_SIMULATION.replace("seed: 7", "seed: 8").replace(
      /obsId: (\d)/g,
      "obsId: 1$1",
    );
    await Deno.writeTextFile(`${folder}/other.yaml`, other);
    await Deno.writeTextFile(`${folder}/one.yaml`, MONITOR_SIMULATION);
    const path = `${folder}/two.yaml`;
    await Deno.writeTextFile(
      path,
      `
tense: injection
sources:
  - { simulate: ${folder}/one.yaml, speed: max }
  - { simulate: ${folder}/other.yaml, speed: max }
bands: [{ name: all, energy: [0.3 TeV, 100 TeV] }]
detectors:
  - name: sources
    cells: { kind: sources, sources: [{ name: flaring, ra: 84.2, dec: 22.7 }], radius: 0.15 }
    background: { method: running, window: 400 s, guard: 60 s }
    far: 1/year
alerts: [{ to: file, path: ${folder}/alerts.jsonl }]
checkpoint: { folder: ${folder}/state }
`,
    );
    const first = await gammarx(["monitor", path, "--json"]);
    strictEqual(first.code, 0, first.stderr);
    const { account, alerts, detectors } = JSON.parse(first.stdout);
    ok(account.read > 80000 && account.late === 0, JSON.stringify(account));
    strictEqual(detectors[0].counts.late, 0);
    ok(alerts.length > 0 && Math.abs(alerts[0].alert.onset.timeS - 900) < 5);
    const lines = await Deno.readTextFile(`${folder}/alerts.jsonl`);
    const again = await gammarx(["monitor", path, "--json"]);
    strictEqual(again.code, 0, again.stderr);
    deepStrictEqual(
      JSON.parse(again.stdout).account,
      account,
      "it has ended: nothing is read again",
    );
    strictEqual(await Deno.readTextFile(`${folder}/alerts.jsonl`), lines);
    const changed = (await Deno.readTextFile(path)).replace("far: 1/year", "far: 2/year");
    await Deno.writeTextFile(path, changed);
    const refused = await gammarx(["monitor", path]);
    strictEqual(refused.code, 2, refused.stderr);
    match(refused.stderr, /another source or configuration/);
    const fresh = await gammarx(["monitor", path, "--fresh"]);
    strictEqual(fresh.code, 0, fresh.stderr);
  });
});

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

const hasBrowser = isFile("/usr/bin/chromium");

Deno.test({
  name: "the page of a monitor shows a flare in Chromium and survives its monitor" +
    (hasBrowser ? "" : " (ignored: no /usr/bin/chromium)"),
  ignore: !hasBrowser,
  async fn() {
    const repository = fileURLToPath(new URL("../../../", import.meta.url));
    await withFolder(async (folder) => {
      const config = await configIn(folder);
      const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const port = String((free.addr as Deno.NetAddr).port);
      free.close();
      await Deno.mkdir(`${repository}out`, { recursive: true });
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-q", "-A", "test/src/cli/_page_in_browser.ts"],
          ...[config, port, `${repository}out/monitor_page.png`],
        ],
        cwd: repository,
      }).output();
      const text = new TextDecoder();
      strictEqual(code, 0, text.decode(stderr));
      const seen = JSON.parse(text.decode(stdout));
      deepStrictEqual(seen.errors, []);
      deepStrictEqual(seen.foreign, []);
      ok(seen.gapsMs.length >= 5, `${seen.gapsMs.length} updates`);
      ok(Math.max(...seen.gapsMs) < 1000, `updates were ${seen.gapsMs} ms apart`);
      match(seen.alerts.at(-1), /initial.*84\.\d+°, 22\.\d+°/);
      strictEqual(seen.nCharts, 3);
      ok(seen.skyColours > 20, `${seen.skyColours} colours`);
      match(seen.skyNote, /cells; the most significant/);
      deepStrictEqual(seen.historyAfter, seen.historyBefore);
      ok(seen.countsAreTheSame);
      deepStrictEqual(seen.idsAfter.slice(0, seen.idsBefore.length), seen.idsBefore);
      ok(seen.alertsAfter.length >= seen.alerts.length);
    });
  },
});
