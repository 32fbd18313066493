/**
 * The demo: half an hour of a field with a steady source, a pulsar and a flare, simulated and streamed
 * once through all that gammarx has, with a live view on the terminal, the results beside the truth,
 * and a picture. It fails (exit code 1) where an estimate is more than four errors from the truth.
 *
 * Usage: deno task demo [--seed N] [--out DIR] [--json]
 */
import { parseArgs } from "node:util";
import { runDemo } from "./demo_run.ts";
import { writePicture } from "./demo_picture.ts";
import { liveView } from "./demo_view.ts";

const { values: flags } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    out: { type: "string", default: "out/demo" },
    json: { type: "boolean", default: false },
  },
});
const startMs = performance.now(), view = liveView();
const run = await runDemo(flags.seed, (so) => view.show(so));
view.clear();
const files = await writePicture(run, flags.out);
const seconds = (performance.now() - startMs) / 1000;
const worst = Math.max(...run.estimates.map((one) => Math.abs(one.pull)));

if (flags.json) {
  const { seed, estimates, account, livetimeS, focus, h } = run;
  console.log(
    JSON.stringify({ seed, account, livetimeS, estimates, focus, H: h.h, files, seconds }),
  );
} else {
  const { account, livetimeS, focus, h, steadyOn } = run;
  console.log(
    `seed ${run.seed}: ${account.used} events in ${livetimeS.toFixed(0)} s of live time\n`,
  );
  console.log("                                         found               truth    pull");
  for (const { name, value, error, truth, pull } of run.estimates) {
    const digits = Math.max(0, 1 - Math.floor(Math.log10(error)));
    const found = `${value.toFixed(digits)} ± ${error.toFixed(digits)}`;
    console.log(
      `${name.padEnd(38)} ${found.padEnd(19)} ${truth.toFixed(digits).padStart(7)} ${
        pull.toFixed(2).padStart(7)
      }`,
    );
  }
  console.log(
    `\nflare found        ${focus.significance.toFixed(1)} σ from ${
      focus.onsetS.toFixed(1)
    } s for ` +
      `${focus.durationS.toFixed(1)} s (${focus.counts} events, ${
        focus.expected.toFixed(1)
      } expected)`,
  );
  console.log(`pulsar             H = ${h.h.toFixed(0)}, ln p = ${h.logP.toFixed(0)}`);
  console.log(`steady source      ${steadyOn.significance.toFixed(1)} σ`);
  console.log(`pictures           ${files.join(" ")}`);
  console.log(`took               ${seconds.toFixed(2)} s`);
}
if (!(worst <= 4)) {
  console.error(`demo: an estimate is ${worst.toFixed(1)} errors from the truth`);
  Deno.exit(1);
}
