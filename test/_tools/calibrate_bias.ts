/**
 * Calibrates the false alarms of Poisson-FOCuS where the true rate is ρ times the one it expects: mean
 * expected counts to an alarm. Writes src/stats/tables/background_bias.ts.
 * Usage: deno run --allow-read --allow-write test/_tools/calibrate_bias.ts [share of the full length=1]
 */
import { createRng } from "../../src/numeric/mod.ts";
import { createFocusBank } from "../../streams/accumulators/mod.ts";
import { calibrateDirect, calibrateTail, LEVELS } from "./calibrate_far.ts";

/** Significances of the table, every second of those of the other. */
const AT: readonly number[] = LEVELS.flatMap((s, l) => s >= 4 && l % 2 === 0 ? [l] : []);
const BIASES: readonly number[] = [
  ...[0.8, 0.85, 0.9, 0.95, 0.975, 1, 1.025, 1.05, 1.075, 1.1, 1.125, 1.15, 1.2],
  ...[1.25, 1.3, 1.4, 1.5, 1.75, 2, 2.5, 3],
];

/** From a fresh start to the first alarm, again and again: for rates at which the search rarely begins anew. */
function firstAlarms(muMin: number, bias: number, runs: number): number[] {
  const rng = createRng(`first ${muMin} ${bias}`), sum = AT.map(() => 0);
  const levels = AT.map((l) => LEVELS[l]! ** 2 / 2);
  for (let run = 0; run < runs; run++) {
    const bank = createFocusBank({ muMin, ignoreBelow: 3.9 });
    bank.step(0, 0, 0);
    for (let b = 0, l = 0; l < levels.length;) {
      b += rng.exponential(1 / bias);
      const value = bank.step(0, b, b);
      for (; l < levels.length && value >= levels[l]!; l++) sum[l]! += b;
    }
  }
  return sum.map((s) => s / runs);
}

function biased(muMin: number, bias: number, share: number): number[] {
  const k = (muMin - 1) / Math.log(muMin);
  if (bias > 1 + 0.9 * (k - 1)) return firstAlarms(muMin, bias, Math.ceil(400 * share));
  const detector = { muMin, bias }, seed = `bias ${muMin} ${bias}`;
  const { beforeAlarm } = calibrateDirect(detector, 2e6 * share, `${seed} direct`);
  const { a } = calibrateTail(detector, Math.ceil(6000 * share), seed);
  return AT.map((l) => a[l]! * beforeAlarm[l]!);
}

if (import.meta.main) {
  const share = Number(Deno.args[0] ?? 1);
  const tables = [1.1, 1.25, 1.5, 2].map((muMin) => ({
    muMin,
    logA: BIASES.map((bias) => {
      const a = biased(muMin, bias, share);
      console.log(muMin, bias, a.map((one) => one.toExponential(2)).join(" "));
      return a.map((one) => Number(Math.log(one).toFixed(3)));
    }),
  }));
  const data = { significance: AT.map((l) => LEVELS[l]!), bias: BIASES, tables };
  Deno.writeTextFileSync(
    new URL("../../src/stats/tables/background_bias.ts", import.meta.url),
    `/**
 * False alarms of Poisson-FOCuS, photon by photon, where the true rate is \`bias\` times the expected one: ln of
 * the mean expected counts to an alarm, by bias and significance; relative errors about 5 %.
 * Source: simulations by test/_tools/calibrate_bias.ts with fixed seeds.
 */
export const BACKGROUND_BIAS: {
  readonly significance: readonly number[];
  readonly bias: readonly number[];
  readonly tables: readonly { readonly muMin: number; readonly logA: readonly (readonly number[])[] }[];
} = ${JSON.stringify(data)};
`,
  );
}
