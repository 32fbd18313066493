/**
 * False alarms of FOCuS and CUSUM against their tables, with alarms and resets as a search has them.
 * Usage: deno run -A test/soak/false_alarms.ts [photons=20000000]
 */
import { createRng } from "../../src/numeric/mod.ts";
import { type FalseAlarmDetector, falseAlarmTable } from "../../src/stats/mod.ts";
import { createFocusBank } from "../../streams/accumulators/mod.ts";

/** Alarms of one detector at a few thresholds. */
function alarms(detector: FalseAlarmDetector, sigmas: readonly number[], photons: number): boolean {
  const rng = createRng(JSON.stringify(detector)), counted = sigmas.map(() => 0);
  const half = sigmas.map((s) => s * s / 2), sums = sigmas.map(() => 0);
  const muMin = detector.kind === "focus" ? detector.muMin ?? 1.1 : 1.1;
  const bank = createFocusBank({ muMin, ignoreBelow: sigmas[0]! - 0.1 });
  let b = 0;
  for (let i = 0; i < photons; i++) {
    const wait = rng.exponential();
    b += wait;
    for (let c = 0; c < half.length; c++) {
      if (detector.kind === "focus") {
        if (bank.step(c, b, b) < half[c]!) continue;
        bank.reset(c);
      } else {
        sums[c] = Math.max(0, sums[c]! - (detector.mu - 1) * wait) + Math.log(detector.mu);
        if (sums[c]! < half[c]!) continue;
        sums[c] = 0;
      }
      counted[c]!++;
    }
  }
  const table = falseAlarmTable(detector);
  return sigmas.map((sigma, c) => {
    const { perExpected, relError } = table.perExpected(sigma), wanted = b * perExpected;
    const pull = (counted[c]! - wanted) / Math.hypot(Math.sqrt(wanted), relError * wanted);
    console.log(
      `${JSON.stringify(detector)} at ${sigma} σ: ${counted[c]} alarms, ${
        wanted.toFixed(1)
      } expected, ` +
        `${pull.toFixed(2)} σ off`,
    );
    return Math.abs(pull) < 4;
  }).every(Boolean);
}

if (import.meta.main) {
  const photons = Number(Deno.args[0] ?? 20_000_000), sigmas = [3.3, 4, 4.6, 5];
  const held = [
    ...[1.1, 1.25, 1.5, 2].map((muMin) => alarms({ kind: "focus", muMin }, sigmas, photons)),
    ...[1.5, 2, 4, 8].map((mu) => alarms({ kind: "cusum", mu }, [3.3, 4], photons)),
  ];
  Deno.exitCode = held.every(Boolean) ? 0 : 1;
}
