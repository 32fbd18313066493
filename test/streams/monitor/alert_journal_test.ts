/** The journal of alerts: whole lines only, whatever a kill has left of the last. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { createAlert } from "../../../src/alerts/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { alertJournal } from "../../../streams/monitor/mod.ts";

const alert = (record: number) =>
  createAlert({
    id: "af63dc4c8601ec8c",
    record,
    phase: record === 0 ? "initial" : "update",
    kind: "cusum",
    channel: "ünïcode \n line",
    onset: { epoch: createEpoch([60000, 0.1], "TT"), timeS: 0.1 + record },
    detectedS: 12,
    durationS: 10,
    significance: 7,
    statistic: { name: "S", value: 24.5 },
    counts: 30,
    expected: 10,
    observatory: "SIM",
    instrument: "SIM",
    configuration: "1",
    software: "gammarx",
  });

Deno.test("alertJournal() gives back what was added, cut at any byte", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/sub/journal`, journal = alertJournal(path);
    deepStrictEqual(await journal.read(), []);
    const messages = [0, 1, 2].map((record) => ({ seq: 7 + record, alert: alert(record) }));
    await journal.append(messages.slice(0, 2));
    await journal.append(messages.slice(2));
    deepStrictEqual(await journal.read(), messages);
    const bytes = await Deno.readFile(path);
    const ends = bytes.reduce<number[]>(
      (list, byte, i) => byte === 10 ? [...list, i + 1] : list,
      [],
    );
    for (let n = 0; n < bytes.length; n += 7) {
      await Deno.writeFile(path, bytes.subarray(0, n));
      const whole = ends.filter((end) => end <= n).length, again = alertJournal(path);
      deepStrictEqual(await again.read(), messages.slice(0, whole), `${n} bytes`);
      await again.append(messages.slice(2));
      deepStrictEqual(await again.read(), [...messages.slice(0, whole), messages[2]]);
    }
    await journal.clear();
    strictEqual((await journal.read()).length, 0);
    await Deno.writeTextFile(path, "no message\n");
    await rejects(journal.read(), /no message/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("alertJournal() keeps what is added while it is cleared", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const journal = alertJournal(`${folder}/journal`), messages = [{ seq: 1, alert: alert(1) }];
    for (let round = 0; round < 20; round++) {
      await journal.append([{ seq: 0, alert: alert(0) }]);
      await Promise.all([journal.clear(), journal.append(messages)]);
      deepStrictEqual(await journal.read(), messages);
      await journal.clear();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
