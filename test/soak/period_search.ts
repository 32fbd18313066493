/**
 * Searches for periods as a whole: chances of noise, pulses found, a blind search over a year.
 * Usage: deno run -A test/soak/period_search.ts [searches of noise=200]
 */
import { blindSearch, injectedPulses, noiseSearches } from "../_tools/period_searches.ts";

function noise(n: number): boolean {
  const found = noiseSearches(n, "soak");
  const { trialsZ2, trialsH, nGrid, uniformZ2, uniformH, below } = found;
  console.log(
    `${n} searches of noise, ${nGrid} trials: effective ${trialsZ2.toFixed(0)} (Z²_2), ` +
      `${trialsH.toFixed(0)} (H); KS p ${uniformZ2.toFixed(3)}, ${uniformH.toFixed(3)}; ` +
      `p < 0.1 without simulations: ${below.toFixed(3)}`,
  );
  const most = 0.1 + 3 * Math.sqrt(0.09 / n);
  return uniformZ2 > 0.01 && uniformH > 0.01 && below <= most;
}

function injected(sigma: number, n: number): boolean {
  const { found, expected, slack } = injectedPulses(sigma, n, "soak");
  console.log(
    `${n} pulses of ${sigma} σ: found ${found.toFixed(4)}, expected ${expected.toFixed(4)} ± ` +
      `${slack.toFixed(4)} (3 σ)`,
  );
  return Math.abs(found - expected) <= slack;
}

function blind(): boolean {
  const f0Hz = 11.3714, gammaPerS = -0.93e-13, startMs = performance.now();
  const { semicoherent, refined, memoryBytes, pairs } = blindSearch({
    nEvents: 100_000,
    pulsedPart: 0.05,
    spanS: 3.15576e7,
    f0Hz,
    gammaPerS,
    maxFrequencyHz: 32,
    windowS: 2 ** 17,
    nGamma: 24,
    atOnce: 4,
    seed: "soak",
  });
  const pull0 = (refined.f0Hz - f0Hz) / refined.f0ErrorHz;
  const pull1 = (refined.f1HzPerS - gammaPerS * f0Hz) / refined.f1ErrorHzPerS;
  console.log(
    `blind search, 1e5 photons in a year, 5 % pulsed: ${(pairs / 1e6).toFixed(1)}e6 pairs, ` +
      `${(memoryBytes / 1e6).toFixed(0)} MB, ${
        ((performance.now() - startMs) / 1000).toFixed(0)
      } s; ` +
      `${semicoherent.value.toFixed(1)} σ by differences; then ln p ${
        refined.logP.toFixed(0)
      } at ` +
      `${refined.f0Hz} Hz (${pull0.toFixed(1)} σ off), ${refined.f1HzPerS} Hz/s (${
        pull1.toFixed(1)
      } σ)`,
  );
  return semicoherent.logPAfterTrials < -20 && refined.converged && Math.abs(pull0) < 4 &&
    Math.abs(pull1) < 4;
}

if (import.meta.main) {
  const n = Number(Deno.args[0] ?? 200);
  const held = [noise(n), injected(5, 5 * n), injected(7, 5 * n), injected(10, n), blind()];
  Deno.exitCode = held.every(Boolean) ? 0 : 1;
}
