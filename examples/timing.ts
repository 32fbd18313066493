/**
 * Pulsar timing on a stream: phases, phasogram, H test as the photons come, and a small search in
 * frequency around the ephemeris with the same accumulator.
 *
 * Usage: deno task examples, or deno run … examples/timing.ts [EVENTS F0 MJD]
 *
 * Without arguments it times the simulated pulsar.
 */
import { pipe } from "rxjs";
import {
  accumulate,
  assignPhase,
  drain,
  openSource,
  phaseSums,
  phasogram,
  selectRegion,
  simulatedSource,
  zip,
} from "../streams/mod.ts";
import { createEpoch, createRegion, hTest, z2n } from "../mod.ts";
import { EPOCH, FIELD, PULSAR, PULSE } from "./field.ts";

const [path, f0Text, mjdText] = Deno.args;
const source = path === undefined
  ? simulatedSource(FIELD, { seed: 1 })
  : await openSource([path], { columns: ["phase"] });
const epoch = mjdText === undefined ? EPOCH : createEpoch([Number(mjdText), 0], "TT");
const f0Hz = f0Text === undefined ? PULSE.f0Hz : Number(f0Text);
const region = createRegion({
  kind: "circle",
  frame: "icrs",
  lonDeg: PULSAR.raDeg,
  latDeg: PULSAR.decDeg,
  radiusDeg: 0.2,
});

/** One pass at a frequency. */
async function timed(frequencyHz: number) {
  const wanted = zip({ sums: phaseSums(), phasogram: phasogram(20) });
  const select = path === undefined ? [selectRegion(region)] : [];
  const phase = assignPhase({ f0Hz: frequencyHz, epoch });
  const operators = select.length === 0 ? phase : pipe(select[0]!, phase);
  return wanted.result(await drain(source.items(), pipe(operators, accumulate(wanted))));
}

const { sums, phasogram: profile } = await timed(f0Hz);
const { h, harmonic, logP } = hTest(sums);
console.log(
  `${sums.n} photons, H = ${h.toFixed(1)} at harmonic ${harmonic}, ln p = ${logP.toFixed(1)}`,
);
console.log(`Z²₂ = ${z2n(sums, 2)[1]!.toFixed(1)}`);
const top = Math.max(...profile.counts);
profile.counts.forEach((n, i) =>
  console.log(`${profile.edges[i]!.toFixed(2)} ${"▇".repeat(Math.round(40 * n / top))} ${n}`)
);
if (path === undefined) {
  console.log("\nH around the ephemeris:");
  for (const step of [-2, -1, 0, 1, 2]) {
    const frequencyHz = f0Hz + step / 3600;
    const found = hTest((await timed(frequencyHz)).sums);
    console.log(`${frequencyHz.toFixed(6)} Hz  H = ${found.h.toFixed(1)}`);
  }
}
