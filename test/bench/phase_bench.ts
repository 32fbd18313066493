/** Time per event of phases: divide by 2^18 events. */
import { createRng } from "../../src/numeric/mod.ts";
import { createEpoch } from "../../src/time/mod.ts";
import { createPhasePredictor, createTimingModel, parsePar } from "../../src/timing/mod.ts";

const N = 1 << 18;
const timeS = createRng(1).fillUniform(new Float64Array(N)).map((u) => 3e8 + 1e6 * u).sort();
const correctionS = createRng(2).fillUniform(new Float64Array(N)).map((u) => 400 + 1e-2 * u);
const phase = new Float64Array(N), pulseNumber = new Float64Array(N), scratch = new Float64Array(N);
const epoch = createEpoch([51910, 0.00074287037037037], "TT");
const spin = "F0 186.494081566982\nF1 -6.2D-16\nPEPOCH 55000\n";
const orbit = "PB 0.3229974489\nA1 2.341782\nM2 1.4\nSINI 0.73\n";
const elliptic =
  `${orbit}T0 52144.900972\nECC 0.6171340\nOM 292.54450\nOMDOT 4.226585\nGAMMA 0.004307\n`;

const predictor = (text: string) =>
  createPhasePredictor(createTimingModel(parsePar(text)), { epoch });

const CASES: readonly (readonly [name: string, text: string])[] = [
  ["isolated", spin],
  ["ten whitening harmonics", `${spin}WAVE_OM 0.002\nWAVE10 0.01 -0.02\n`],
  ["ELL1", `${spin}BINARY ELL1\n${orbit}TASC 52144.9\nEPS1 1e-5\nEPS2 -2e-5\n`],
  ["BT", `${spin}BINARY BT\n${elliptic}`],
  ["DD", `${spin}BINARY DD\n${elliptic}`],
];

Deno.bench("calibration: multiply and add, 2^18 values", { group: "calibration" }, () => {
  for (let i = 0; i < N; i++) scratch[i] = timeS[i]! * 1.5 + 1;
});

for (const [name, text] of CASES) {
  const { phase: run } = predictor(text);
  Deno.bench(`phases, ${name}, 2^18 events`, { group: "phases" }, () => {
    run(timeS, correctionS, N, { phase });
  });
}

const { phase: numbered } = predictor(spin);
Deno.bench("phases and pulse numbers, isolated, 2^18 events", { group: "phases" }, () => {
  numbered(timeS, correctionS, N, { phase, pulseNumber });
});
