/**
 * Saves state after state into a folder until it is killed, and says when the first is there.
 * Usage: _save_forever.ts FOLDER
 */
import { SOURCE_START } from "../../../src/data/mod.ts";
import { checkpointFolder } from "../../../streams/sinks/mod.ts";

const kept = checkpointFolder(Deno.args[0]!);
for (let n = 0;; n++) {
  const data = { n, sums: new Float64Array(1_500_000).fill(n) };
  const snapshot = { kind: "n", version: 1, key: "", data };
  await kept.save({ run: "a", position: { ...SOURCE_START, row: n }, snapshot });
  if (n === 0) console.log("saved");
}
