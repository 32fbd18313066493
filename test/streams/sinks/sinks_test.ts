import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import type { Snapshot } from "../../../streams/accumulators/mod.ts";
import {
  checkpointFolder,
  decodeSnapshot,
  ecsv,
  encodeSnapshot,
  removeParts,
} from "../../../streams/sinks/mod.ts";
import { sameBytes, withFolder } from "../../src/cli/_observations.ts";

const numbers = fc.oneof(fc.double(), fc.constantFrom(-0, NaN, Infinity, -Infinity));
const names = fc.string().filter((name) => !name.startsWith("$") && name !== "__proto__");
const snapshots: fc.Arbitrary<Snapshot> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    numbers,
    fc.string(),
    fc.boolean(),
    fc.array(numbers, { maxLength: 9 }).map((list) => Float64Array.from(list)),
    fc.array(fc.nat(), { maxLength: 9 }).map((list) => Uint32Array.from(list)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(names, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
  snapshot: fc.record({
    kind: fc.string(),
    version: fc.nat(),
    key: fc.string(),
    data: fc.dictionary(names, tie("value"), { noNullPrototype: true }),
  }, { noNullPrototype: true }),
})).snapshot as fc.Arbitrary<Snapshot>;

Deno.test("decodeSnapshot() gives back what encodeSnapshot() wrote, to the last bit", () => {
  fc.assert(fc.property(snapshots, (snapshot) => {
    const bytes = encodeSnapshot({ run: "a", row: 5, begun: true }, snapshot);
    const back = decodeSnapshot(bytes, "memory");
    deepStrictEqual(back.snapshot, snapshot);
    deepStrictEqual(back.label, { run: "a", row: 5, begun: true });
    ok(sameBytes(encodeSnapshot(back.label, back.snapshot), bytes));
  }));
});

Deno.test("decodeSnapshot() finds every damaged byte and every cut", () => {
  const snapshot = { kind: "n", version: 1, key: "", data: { sums: Float64Array.of(1, 2) } };
  const bytes = encodeSnapshot({ run: "a" }, snapshot);
  for (let i = 0; i < bytes.length; i++) {
    const damaged = bytes.slice();
    damaged[i]! ^= 1;
    throws(() => decodeSnapshot(damaged, "state.bin"), {
      name: "SyntaxError",
      message: /^state\.bin: /,
    });
    throws(() => decodeSnapshot(bytes.slice(0, i), "state.bin"), { name: "SyntaxError" });
  }
  throws(() => decodeSnapshot(Uint8Array.of(...bytes, 0), "state.bin"), SyntaxError);
});

Deno.test("encodeSnapshot() keeps arrays of any place in their buffer", () => {
  const values = Float64Array.of(1, 2, 3, 4).subarray(1, 3);
  const snapshot = { kind: "n", version: 1, key: "", data: { values, odd: Uint32Array.of(7) } };
  const { snapshot: back } = decodeSnapshot(encodeSnapshot({}, snapshot), "memory");
  deepStrictEqual(back.data, { values: Float64Array.of(2, 3), odd: Uint32Array.of(7) });
});

Deno.test("checkpointFolder() keeps the last state, and refuses that of another run", async () => {
  await withFolder(async (folder) => {
    const kept = checkpointFolder(`${folder}/deep/state`);
    strictEqual(await kept.load("a"), undefined);
    const snapshot = { kind: "n", version: 1, key: "", data: { n: 1 } };
    for (const row of [1, 2]) {
      const position = { index: 0, row, begun: true, heartbeats: row };
      await kept.save({ run: "a", position, snapshot });
      deepStrictEqual(await checkpointFolder(`${folder}/deep/state`).load("a"), {
        run: "a",
        position,
        snapshot,
      });
    }
    await rejects(kept.load("b"), { name: "IncompatibleStateError" });
    await Deno.writeTextFile(`${folder}/file`, "");
    await rejects(
      checkpointFolder(`${folder}/file`).save({
        run: "a",
        position: { index: 0, row: 0, begun: false, heartbeats: 0 },
        snapshot,
      }),
    );
  });
});

Deno.test("checkpointFolder() holds a whole state after SIGKILL at any moment", async () => {
  const script = fileURLToPath(new URL("_save_forever.ts", import.meta.url));
  await withFolder(async (folder) => {
    let rows = 0;
    for (let i = 0; i < 12; i++) {
      const args = ["run", "-q", "-P=gammarx", "--no-check", script, folder];
      const options = { args, stdin: "null", stdout: "piped" } as const;
      const child = new Deno.Command(Deno.execPath(), options).spawn();
      const reader = child.stdout.getReader();
      await reader.read(); // the first state of this process is there
      await new Promise((wake) => setTimeout(wake, 7 * i));
      child.kill("SIGKILL");
      while (!(await reader.read()).done);
      await child.status;
      const kept = await checkpointFolder(folder).load("a");
      ok(kept !== undefined, "a state that was saved is gone");
      const { n, sums } = kept.snapshot.data as { n: number; sums: Float64Array };
      strictEqual(kept.position.row, n);
      ok(sums.every((value) => value === n));
      rows += n;
    }
    ok(rows > 0, "no state was ever saved");
  });
});

Deno.test("removeParts() removes what belongs to the files named, and nothing else", async () => {
  await withFolder(async (folder) => {
    const files = [
      "map.fits",
      "map.fits.0badf00d.part",
      "other.fits.0badf00d.part",
      "map.fits.x.part",
    ];
    for (const name of files) await Deno.writeTextFile(`${folder}/${name}`, "");
    await removeParts(folder, ["map.fits"]);
    deepStrictEqual([...Deno.readDirSync(folder)].map((entry) => entry.name).sort(), [
      "map.fits",
      "map.fits.x.part",
      "other.fits.0badf00d.part",
    ]);
  });
});

Deno.test("ecsv() writes numbers that read back the same", () => {
  const values = [0, -0, 0.1, 1e-300, 1 / 3, 2 ** 53, NaN, Infinity, -Infinity];
  const text = ecsv([
    { name: "a", unit: "s", description: 'a "time"', values },
    { name: "b", values: values.map((_, i) => i) },
  ], { live: 1.5, what: "x: y" });
  const lines = text.split("\n");
  deepStrictEqual(lines.slice(0, 9), [
    "# %ECSV 1.0",
    "# ---",
    "# datatype:",
    '# - {name: a, unit: s, datatype: float64, description: "a \\"time\\""}',
    "# - {name: b, datatype: float64}",
    "# meta:",
    "#   live: 1.5",
    '#   what: "x: y"',
    "a b",
  ]);
  const back = lines.slice(9, -1).map((line) => line.split(" ")[0]!);
  values.forEach((value, i) => {
    const found = back[i] === "nan" ? NaN : back[i] === "inf" ? Infinity : Number(back[i]);
    ok(Object.is(found === 0 ? 0 : found, value === 0 ? 0 : value) || back[i] === "-inf", back[i]);
  });
  match(ecsv([{ name: "a", values: [] }]), /\na\n$/);
  throws(() => ecsv([{ name: "a", values: [1] }, { name: "b", values: [] }]), TypeError);
});
