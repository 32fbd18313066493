import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { createRng } from "../../../src/numeric/mod.ts";
import {
  accelerationSearch,
  amplitudeOfPower,
  calibrateTrials,
  chi2Sf,
  createDifferencePlan,
  detectablePower,
  dispersionLevel,
  eventPeriodogram,
  exactPeriodogram,
  f1Steps,
  findPeaks,
  foldedPeriodogram,
  foldingLevel,
  gammaSteps,
  hTestLevel,
  hTestSf,
  logPAfterTrials,
  logPOfDispersion,
  logPPerTrial,
  logSearchP,
  logZ2nSf,
  nonCentralChi2Sf,
  phaseDispersion,
  phaseSums,
  phaseTemplate,
  powerUpperLimit,
  pulsedFractionLimit,
  refineCandidate,
  z2n,
  z2nLevel,
  z2nSf,
} from "../../../src/stats/mod.ts";
import {
  blindSearch,
  injectedPulses,
  noiseSearches,
  uniformChance,
} from "../../_tools/period_searches.ts";

Deno.test("detection levels are where chances meet the false alarm that is asked for", () => {
  for (const falseAlarm of [0.5, 0.01, 1e-12]) {
    for (const trials of [1, 7.5, 1e9]) {
      const options = { falseAlarm, trials };
      const back = (logP: number) => Math.exp(logPAfterTrials(logP, trials)) / falseAlarm;
      ok(Math.abs(back(logZ2nSf(z2nLevel(3, options), 3)) - 1) < 1e-9);
      ok(Math.abs(back(Math.log(hTestSf(hTestLevel(options)))) - 1) < 1e-9);
      ok(Math.abs(back(logZ2nSf(foldingLevel(9, options), 4)) - 1) < 1e-9);
      const shape = { n: 500, nBins: 10 };
      ok(Math.abs(back(logPOfDispersion(dispersionLevel(shape, options), shape)) - 1) < 1e-6);
    }
  }
  throws(() => z2nLevel(2, { falseAlarm: 0 }), RangeError);
  throws(() => z2nLevel(2, { trials: 0 }), RangeError);
  throws(() => foldingLevel(1), RangeError);
});

Deno.test("logPPerTrial() undoes logPAfterTrials()", () => {
  fc.assert(fc.property(
    fc.double({ min: -2000, max: -1e-3, noNaN: true }),
    fc.double({ min: 0, max: 12, noNaN: true }),
    (logP, exponent) => {
      const trials = 10 ** exponent, back = logPAfterTrials(logPPerTrial(logP, trials), trials);
      ok(Math.abs(back - logP) <= 1e-9 * Math.abs(logP), `${back} ${logP}`);
    },
  ));
  throws(() => logPPerTrial(0, 5), RangeError);
});

Deno.test("powerUpperLimit() covers: powers below what was found come with the chance that is left", () => {
  const rng = createRng("limit");
  for (const [power, n] of [[10, 1], [40, 1], [30, 3]] as const) {
    const limit = powerUpperLimit(power, { n, confidence: 0.9 });
    // 2000 draws of the non-central χ² of the limit, as a sum of squares
    let below = 0;
    for (let i = 0; i < 2000; i++) {
      let sum = (rng.normal() + Math.sqrt(limit)) ** 2;
      for (let d = 1; d < 2 * n; d++) sum += rng.normal() ** 2;
      below += +(sum <= power);
    }
    ok(Math.abs(below / 2000 - 0.1) < 0.02, `${below / 2000}`); // 3 σ
  }
  equal(powerUpperLimit(0.1, { confidence: 0.5 }), 0);
  const level = z2nLevel(2, { trials: 1e4 }),
    least = detectablePower(level, { n: 2, confidence: 0.8 });
  ok(Math.abs(nonCentralChi2Sf(level, { dof: 4, nonCentrality: least }) - 0.8) < 1e-10);
  throws(() => powerUpperLimit(-1), RangeError);
  throws(() => powerUpperLimit(1, { confidence: 1 }), RangeError);
});

Deno.test("amplitudeOfPower() is the amplitude of a simulated sinusoid, weighted or not", () => {
  for (const weighted of [false, true]) {
    const rng = createRng(`amplitude ${weighted}`),
      n = 40_000,
      amplitude = 0.3,
      phase: number[] = [];
    while (phase.length < n) {
      const x = rng.uniform();
      if (rng.uniform() * 1.3 < 1 + amplitude * Math.cos(2 * Math.PI * x)) phase.push(x);
    }
    const weights = weighted
      ? Float64Array.from({ length: n }, () => 0.5 + rng.uniform())
      : undefined;
    const sums = phaseSums(Float64Array.from(phase), { weights, maxHarmonic: 1 });
    const found = amplitudeOfPower(z2n(sums)[0]! - 2, sums);
    ok(Math.abs(found - amplitude) < 3 * Math.sqrt(2 / n) * 1.1, `${found}`);
    const limit = pulsedFractionLimit(z2n(sums)[0]!, { ...sums, confidence: 0.999 });
    ok(limit > amplitude && limit < amplitude + 0.05);
  }
  ok(amplitudeOfPower(50, { sumW: 1e4, nBins: 4 }) > 1.1 * amplitudeOfPower(50, { sumW: 1e4 }));
  throws(() => amplitudeOfPower(-1, { sumW: 1 }), RangeError);
});

Deno.test("phaseDispersion() of noise has even chances, and keeps ln p where p is no number any more", () => {
  const chances = Array.from({ length: 400 }, (_, i) => {
    const rng = createRng(`dispersion ${i}`), phase = rng.fillUniform(new Float64Array(150));
    const values = Float64Array.from({ length: 150 }, () => 5 + rng.normal());
    return phaseDispersion(phase, values, 8).p;
  });
  ok(uniformChance(chances) > 1e-3, `${uniformChance(chances)}`);
  const n = 4000, phase = createRng("sharp").fillUniform(new Float64Array(n));
  const values = phase.map((x) => x < 0.5 ? 1 : 0);
  const { logP, p, theta } = phaseDispersion(phase, values.map((x, i) => x + 1e-3 * phase[i]!), 10);
  ok(theta < 1e-4 && p === 0 && logP < -10_000 && logP > -Infinity, `${theta} ${logP}`);
  // the two forms of the tail meet
  const shape = { n: 2000, nBins: 10 };
  const near = (ratio: number) => logPOfDispersion(ratio, shape);
  for (let ratio = 0.40; ratio < 0.60; ratio += 1e-3) {
    ok(near(ratio + 1e-3) - near(ratio) > 0 && near(ratio + 1e-3) - near(ratio) < 4);
  }
  throws(() => phaseDispersion(phase, new Float64Array(3)), TypeError);
  throws(() => phaseDispersion(new Float64Array(8), new Float64Array(8), 8), RangeError);
  ok(Number.isNaN(phaseDispersion(new Float64Array(50), new Float64Array(50), 8).p));
});

Deno.test("logSearchP() is the chance found by simulations of one harmonic over a band", () => {
  // 40 Fourier bins, 16 trials each; 500 searches of noise
  const n = 500,
    chances = Array.from({ length: n }, (_, i) => {
      const rng = createRng(`band ${i}`);
      const timeS = Float64Array.from({ length: 400 }, () => 1000 * rng.uniform());
      const of = eventPeriodogram({ timeS }, {
        f0CentreHz: 1,
        spanS: 1000,
        oversampling: 16,
        nTrials: 640,
        maxHarmonic: 1,
        referenceS: 500,
      });
      const z2 = of.z2[0]!.reduce((a, b) => Math.max(a, b));
      return Math.exp(logSearchP(z2, { n: 1, bandHz: 0.04, spanS: of.spanS }));
    });
  for (const p of [0.03, 0.1, 0.3]) {
    const found = chances.filter((x) => x < p).length / n;
    ok(Math.abs(found - p) < 3.5 * Math.sqrt(p / n), `${found} below ${p}`);
  }
});

Deno.test("logSearchP() falls with the statistic, grows with the band, and is never below one trial", () => {
  const volume = { n: 2, bandHz: 1, spanS: 1e4, f1BandHzPerS: 1e-7 };
  let before = 0.1;
  for (let z2 = 0; z2 < 3000; z2 += 5) {
    const logP = logSearchP(z2, volume);
    ok(logP <= 0 && logP <= before && logP >= logZ2nSf(z2, 2) - 1e-12, `${z2} ${logP}`);
    before = logP;
  }
  ok(logSearchP(60, { ...volume, bandHz: 2 }) > logSearchP(60, volume));
  const capped = logSearchP(60, { ...volume, nGrid: 100 });
  ok(Math.abs(capped - logPAfterTrials(logZ2nSf(60, 2), 100)) < 1e-9);
  ok(Math.abs(logSearchP(50, { n: 1, bandHz: 0, spanS: 1 }) + 25) < 1e-9);
  throws(() => logSearchP(1, { n: 0, bandHz: 1, spanS: 1 }), RangeError);
});

Deno.test("calibrateTrials() finds the number of independent trials, also deep in the tail", () => {
  const rng = createRng("trials");
  for (const trials of [1, 300, 1e12]) {
    const logPs = Array.from({ length: 500 }, () => logPPerTrial(Math.log(rng.uniform()), trials));
    const found = calibrateTrials(logPs);
    ok(Math.abs(found.trials - trials) < 3.5 * found.error, `${found.trials} for ${trials}`);
    equal(found.n, 500);
  }
  throws(() => calibrateTrials([]), RangeError);
  throws(() => calibrateTrials([0]), RangeError);
});

Deno.test("findPeaks() gives each pulse once, the strongest first, by every statistic", () => {
  const rng = createRng("two"), T = 5000, timeS = new Float64Array(6000);
  timeS.forEach((_, i) => {
    const t = T * rng.uniform(), f = i % 3 === 0 ? 2.01 : 2.05;
    timeS[i] = i % 3 === 2 || (f > 2.04 && i % 2 === 0)
      ? t
      : (Math.round(t * f) + 0.08 * rng.normal()) / f;
  });
  const grid = {
    f0CentreHz: 2.03,
    spanS: T,
    nTrials: 1501,
    maxHarmonic: 3,
    f1HzPerS: f1Steps({ fromHzPerS: -8e-8, toHzPerS: 8e-8, spanS: T }),
    referenceS: T / 2,
  };
  const of = eventPeriodogram({ timeS }, grid),
    folded = foldedPeriodogram({ timeS }, { ...grid, nBins: 16 });
  for (const [periodogram, statistic] of [[of, 1], [of, 3], [of, "h"], [folded, "chi2"]] as const) {
    const found = findPeaks(periodogram, { statistic, maxLogP: -50 });
    ok(found.length >= 2, `${statistic}: ${found.length}`);
    ok(Math.abs(found[0]!.f0Hz - 2.01) < 1 / T && Math.abs(found[1]!.f0Hz - 2.05) < 1 / T);
    found.forEach((one, i) => {
      ok(one.logPAfterTrials >= one.logP && one.logPAfterTrials <= -50 && one.trials >= 1);
      ok(i === 0 || one.logP >= found[i - 1]!.logP);
      equal(one.f0Hz, periodogram.f0Hz[one.i]);
      equal(one.f1HzPerS, periodogram.f1HzPerS[one.j]);
    });
  }
  const [best] = findPeaks(of, { trials: 10, maxPeaks: 1 });
  ok(Math.abs(best!.logPAfterTrials - best!.logP - Math.log(10)) < 1e-9);
  equal(findPeaks(of, { maxLogP: -1e5 }).length, 0);
  throws(() => findPeaks(of, { statistic: 4 }), RangeError);
  throws(() => findPeaks(of, { statistic: "chi2" }), TypeError);
});

Deno.test("f1Steps() and gammaSteps() cover their range in steps of at most what is asked", () => {
  for (const [fromHzPerS, toHzPerS] of [[-1e-9, 3e-9], [0, 0], [-1e-12, 0]] as const) {
    const steps = f1Steps({ fromHzPerS, toHzPerS, spanS: 1e5, harmonic: 2 });
    if (steps.length > 1) {
      deepEqual([steps[0], steps.at(-1)], [fromHzPerS, toHzPerS]);
    } else equal(steps[0], fromHzPerS);
    steps.forEach((f1, i) => ok(i === 0 || f1 - steps[i - 1]! <= 0.5e-10 * (1 + 1e-9)));
  }
  throws(() => f1Steps({ fromHzPerS: 1, toHzPerS: 0, spanS: 1 }), RangeError);
  throws(() => f1Steps({ fromHzPerS: 0, toHzPerS: 1, spanS: 1e6 }), RangeError);
  const options = { maxFrequencyHz: 10, spanS: 1e6, windowS: 1e4 };
  const gammas = gammaSteps({ fromPerS: -1.05e-10, toPerS: 0, ...options });
  gammas.forEach((g, i) => ok(i === 0 || g - gammas[i - 1]! <= 1e-11 * (1 + 1e-9)));
  deepEqual([gammas[0], gammas.at(-1)], [-1.05e-10, 0]);
  throws(() => gammaSteps({ fromPerS: 1, toPerS: 0, ...options }), RangeError);
});

Deno.test("refineCandidate() climbs to the exact maximum, and its errors are its scatter", () => {
  const T = 4000, f0 = 3.3, f1 = 2e-8, pulls0: number[] = [], pulls1: number[] = [];
  for (let run = 0; run < 80; run++) {
    const rng = createRng(`refine ${run}`);
    const timeS = Float64Array.from({ length: 2500 }, (_, i) => {
      const t = T * (rng.uniform() - 0.5);
      if (i % 8 !== 0) return t;
      const guess = (Math.round(t * (f0 + f1 / 2 * t)) + 0.1 * rng.normal()) / f0;
      return guess - f1 / 2 * guess * guess / f0;
    });
    const found = refineCandidate({ timeS }, { f0Hz: f0 + 5e-5, f1HzPerS: 0, nHarmonics: 2 });
    ok(found.converged, found.reason);
    pulls0.push((found.f0Hz - f0) / found.f0ErrorHz);
    pulls1.push((found.f1HzPerS - f1) / found.f1ErrorHzPerS);
    if (run > 3) continue;
    // no neighbour within an error is higher, and the sums are those of the exact search
    for (const [a, b] of [[0, 0], [0.3, 0], [-0.3, 0], [0, 0.3], [0, -0.3]] as const) {
      const z2 = exactPeriodogram({ timeS }, {
        f0CentreHz: found.f0Hz + a * found.f0ErrorHz,
        stepHz: 1,
        nTrials: 1,
        f1HzPerS: [found.f1HzPerS + b * found.f1ErrorHzPerS],
      }).z2[1]![0]!;
      if (a === 0 && b === 0) ok(Math.abs(z2 - found.z2) < 1e-6 * z2);
      else {
        ok(z2 < found.z2, `${a} ${b}: ${z2} ${found.z2}`);
        // a fall of Z/2 by half of the square of the step in errors, but for the correlation
        ok(Math.abs((found.z2 - z2) / (0.09 / (1 - found.correlation ** 2)) - 1) < 0.1);
      }
    }
  }
  const width = (pulls: number[]) => Math.sqrt(pulls.reduce((s, x) => s + x * x, 0) / pulls.length);
  ok(width(pulls0) > 0.7 && width(pulls0) < 1.25, `${width(pulls0)}`);
  ok(width(pulls1) > 0.7 && width(pulls1) < 1.25, `${width(pulls1)}`);
  const none = refineCandidate({ timeS: new Float64Array(0) }, { f0Hz: 1 });
  ok(!none.converged && none.reason === "no events");
  throws(
    () => refineCandidate({ timeS: new Float64Array(1) }, { f0Hz: 1, nHarmonics: 0 }),
    RangeError,
  );
});

/** Counts of a signal with a drift in noise. */
function drifting(seed: string, n: number, binS: number, f0: number, f1: number, depth: number) {
  const rng = createRng(seed), T = n * binS;
  return Float64Array.from({ length: n }, (_, i) => {
    const t = (i + 0.5) * binS - T / 2;
    return rng.poisson(0.5 * (1 + depth * Math.cos(2 * Math.PI * (f0 * t + f1 / 2 * t * t))));
  });
}

Deno.test("accelerationSearch() recovers the power that a search of the drift itself has", () => {
  const n = 32_768, binS = 1 / 64, T = n * binS;
  for (const [z, r] of [[0, 5120.25], [17, 4000], [-41, 9001.5]] as const) {
    const f0 = r / T, f1 = z / (T * T), counts = drifting(`z ${z}`, n, binS, f0, f1, 0.2);
    const { candidates, nGrid, z: tried } = accelerationSearch({ counts, binS }, {
      maxZ: 50,
      stepZ: 1,
    });
    const [best] = candidates;
    equal(tried.length, 101);
    ok(nGrid > 3e6);
    ok(
      Math.abs(best!.f0Hz - f0) * T <= 0.5 && Math.abs(best!.z - z) <= 2,
      `${best!.f0Hz * T} ${best!.z}`,
    );
    // the exact sum over bins at the place that was found
    let re = 0, im = 0, total = 0;
    counts.forEach((x, i) => {
      const t = i * binS - T / 2, cycles = best!.f0Hz * t + best!.f1HzPerS / 2 * t * t;
      re += x * Math.cos(2 * Math.PI * cycles);
      im += x * Math.sin(2 * Math.PI * cycles);
      total += x;
    });
    const direct = 2 * (re * re + im * im) / total;
    ok(best!.power > 0.95 * direct && best!.power < 1.03 * direct, `${best!.power} ${direct}`);
    ok(best!.logPAfterTrials > best!.logP && best!.logPAfterTrials < -50);
  }
  throws(() => accelerationSearch({ counts: new Float64Array(10), binS: 1 }), RangeError);
  throws(() => accelerationSearch({ counts: new Float64Array(100), binS: 1 }), TypeError);
  throws(
    () => accelerationSearch({ counts: new Float64Array(100).fill(1), binS: 1 }, { maxZ: -1 }),
    RangeError,
  );
});

Deno.test("accelerationSearch() of noise finds candidates no more often than it says", () => {
  let found = 0;
  for (let run = 0; run < 60; run++) {
    const counts = drifting(`noise ${run}`, 8192, 0.1, 1, 0, 0);
    const search = { maxZ: 10, maxLogP: Math.log(0.2), maxPeaks: 1 };
    found += accelerationSearch({ counts, binS: 0.1 }, search).candidates.length;
  }
  ok(found / 60 < 0.2 + 3 * Math.sqrt(0.16 / 60), `${found}`);
});

Deno.test("Z²_n and χ² of the trials of noise have even chances", () => {
  const z2: number[] = [], chi2: number[] = [];
  for (let run = 0; run < 150; run++) {
    const rng = createRng(`even ${run}`);
    const timeS = Float64Array.from({ length: 500 }, () => 1000 * rng.uniform());
    // two trials far apart are independent
    const grid = { f0CentreHz: 5, stepHz: 0.5, nTrials: 2, maxHarmonic: 2 };
    const of = foldedPeriodogram({ timeS }, { ...grid, nBins: 10 });
    for (let i = 0; i < 2; i++) {
      z2.push(z2nSf(eventPeriodogram({ timeS }, grid).z2[1]![i]!, 2));
      chi2.push(chi2Sf(of.chi2![i]!, 9));
    }
  }
  ok(uniformChance(z2) > 1e-3 && uniformChance(chi2) > 1e-3, `${uniformChance(z2)}`);
});

Deno.test("searches of noise have even chances after calibrated trials", () => {
  const found = noiseSearches(60, "test");
  ok(found.uniformZ2 > 0.01 && found.uniformH > 0.01, JSON.stringify(found));
  ok(found.trialsZ2 > 3000 && found.trialsZ2 < found.nGrid, `${found.trialsZ2}`);
  ok(found.below <= 0.1 + 3 * Math.sqrt(0.09 / found.n), `${found.below}`);
});

Deno.test("injected pulses of 5, 7 and 10 σ are found as often as the non-central χ² says", () => {
  for (const [sigma, n] of [[5, 150], [7, 100], [10, 30]] as const) {
    const { found, expected, slack } = injectedPulses(sigma, n, "test");
    ok(Math.abs(found - expected) <= slack, `${sigma}: ${found} for ${expected}`);
  }
});

Deno.test("differences of times, followed up by periodograms, find a pulsar that slows down", () => {
  const f0Hz = 7.3013, gammaPerS = -6.2e-11;
  const { semicoherent, refined, memoryBytes } = blindSearch({
    nEvents: 20_000,
    pulsedPart: 0.15,
    spanS: 1e6,
    f0Hz,
    gammaPerS,
    maxFrequencyHz: 16,
    windowS: 4096,
    nGamma: 8,
    atOnce: 4,
    seed: "test",
  });
  ok(semicoherent.logPAfterTrials < -30 && memoryBytes < 2 ** 24);
  ok(refined.converged && refined.logP < -300);
  ok(Math.abs(refined.f0Hz - f0Hz) < 4 * refined.f0ErrorHz, `${refined.f0Hz}`);
  ok(Math.abs(refined.f1HzPerS - gammaPerS * f0Hz) < 4 * refined.f1ErrorHzPerS);
});

Deno.test("createDifferencePlan() and phaseTemplate() refuse what does not fit", () => {
  throws(() => createDifferencePlan({ maxFrequencyHz: 64, windowS: 1e8 }), RangeError);
  throws(() => createDifferencePlan({ maxFrequencyHz: 64, windowS: 1e6 }), /maxBytes/);
  throws(
    () => createDifferencePlan({ maxFrequencyHz: 1, windowS: 100, gammaPerS: [NaN] }),
    RangeError,
  );
  throws(() => phaseTemplate(() => 0), RangeError);
  throws(() => phaseTemplate((x) => x - 0.2), RangeError);
  throws(() => phaseTemplate(() => 1, { nShifts: 0 }), RangeError);
});
