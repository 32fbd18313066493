/** Simulated searches for periods: noise, injected pulses, a blind search. Shared by tests and the soak. */
import { createRng, type Rng } from "../../src/numeric/mod.ts";
import {
  calibrateTrials,
  type Candidate,
  differencePeaks,
  eventPeriodogram,
  f1Steps,
  findPeaks,
  followUpTiles,
  gammaSteps,
  logHTestSf,
  logPAfterTrials,
  logPOfSigma,
  logSearchP,
  logZ2nSf,
  nonCentralChi2Sf,
  refineCandidate,
  type RefinedCandidate,
  z2nLevel,
} from "../../src/stats/mod.ts";
import { fold, timeDifferences } from "../../streams/accumulators/mod.ts";
import { createEventBatch } from "../../src/events/mod.ts";

/** Chance of a largest distance from the uniform distribution at least as great (Kolmogorov, Stephens). */
export function uniformChance(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b), n = sorted.length;
  let distance = 0;
  sorted.forEach((x, i) => distance = Math.max(distance, x - i / n, (i + 1) / n - x));
  const t = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance;
  let sum = 0;
  for (let k = 1; k < 100; k++) sum += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * t * t);
  return Math.min(1, Math.max(0, sum));
}

/** The best of a search of noise, by two statistics. */
interface NoiseBest {
  readonly logPZ2: number;
  readonly logPH: number;
  readonly searchP: number;
}

const SPAN_S = 1e4;

/** One search of noise: 1000 events over 1e4 s, 0.1 Hz, five derivatives. */
function noiseBest(seed: string): NoiseBest {
  const rng = createRng(seed), n = 1000;
  const timeS = Float64Array.from({ length: n }, () => SPAN_S * rng.uniform());
  const weights = Float64Array.from({ length: n }, () => 0.2 + 0.8 * rng.uniform());
  const f1HzPerS = f1Steps({ fromHzPerS: -2e-8, toHzPerS: 2e-8, spanS: SPAN_S });
  const of = eventPeriodogram({ timeS, weights }, {
    f0CentreHz: 3.1,
    spanS: SPAN_S,
    nTrials: 5000,
    maxHarmonic: 2,
    f1HzPerS,
    referenceS: SPAN_S / 2,
  });
  const most = (values: Float64Array) => values.reduce((a, b) => Math.max(a, b));
  const z2 = most(of.z2[1]!), h = most(of.h);
  const volume = { n: 2, bandHz: 0.1, spanS: of.spanS, f1BandHzPerS: 4e-8, nGrid: of.h.length };
  return {
    logPZ2: logZ2nSf(z2, 2),
    logPH: logHTestSf(h, { maxHarmonic: 2 }),
    searchP: Math.exp(logSearchP(z2, volume)),
  };
}

/** What searches of noise tell of trials. */
export interface NoiseSearches {
  /** Effective trials for Z²_2 and H, from their own simulations. */
  readonly trialsZ2: number;
  readonly trialsH: number;
  readonly nGrid: number;
  /** KS chance that corrected p are uniform, of other simulations. */
  readonly uniformZ2: number;
  readonly uniformH: number;
  /** Part of the searches with p below 0.1 by the formula without simulations. */
  readonly below: number;
  readonly n: number;
}

/** n searches of noise to calibrate, n others to judge. */
export function noiseSearches(n: number, seed: string): NoiseSearches {
  const run = (name: string) =>
    Array.from({ length: n }, (_, i) => noiseBest(`${seed} ${name} ${i}`));
  const first = run("calibrate"), second = run("judge");
  const trialsZ2 = calibrateTrials(first.map(({ logPZ2 }) => logPZ2)).trials;
  const trialsH = calibrateTrials(first.map(({ logPH }) => logPH)).trials;
  return {
    trialsZ2,
    trialsH,
    nGrid: 25_000,
    uniformZ2: uniformChance(
      second.map(({ logPZ2 }) => Math.exp(logPAfterTrials(logPZ2, trialsZ2))),
    ),
    uniformH: uniformChance(second.map(({ logPH }) => Math.exp(logPAfterTrials(logPH, trialsH)))),
    below: second.filter(({ searchP }) => searchP < 0.1).length / n,
    n,
  };
}

/** Found and expected fraction of injected pulses of one strength. */
export interface InjectedPulses {
  readonly sigma: number;
  readonly found: number;
  readonly expected: number;
  /** Three standard deviations of the fraction, and one pulse. */
  readonly slack: number;
}

/** A time of a rate 1 + A cos 2πft. */
function modulated(rng: Rng, spanS: number, f: number, amplitude: number): number {
  for (;;) {
    const t = spanS * rng.uniform(), x = f * t;
    const rate = 1 + amplitude * Math.cos(2 * Math.PI * (x - Math.floor(x)));
    if (rng.uniform() * (1 + amplitude) < rate) return t;
  }
}

/** Sinusoids whose power has a chance of so many σ in one trial, at frequencies anywhere between trials. */
export function injectedPulses(sigma: number, n: number, seed: string): InjectedPulses {
  const nEvents = 4000, power = -2 * logPOfSigma(sigma, { sides: 1 });
  const amplitude = Math.sqrt(2 * power / nEvents), level = z2nLevel(1, { trials: 5000 });
  const step = 1 / (2 * SPAN_S);
  let found = 0;
  for (let i = 0; i < n; i++) {
    const rng = createRng(`${seed} inject ${sigma} ${i}`), f = 3 + 0.01 * rng.uniform();
    const timeS = Float64Array.from(
      { length: nEvents },
      () => modulated(rng, SPAN_S, f, amplitude),
    );
    const of = eventPeriodogram({ timeS }, {
      f0CentreHz: 3.005,
      stepHz: step,
      nTrials: 301,
      maxHarmonic: 1,
      referenceS: SPAN_S / 2,
    });
    const nearest = Math.round((f - of.f0Hz[0]!) / step);
    found += +(of.z2[0]![nearest]! >= level);
  }
  let expected = 0;
  const nodes = 200;
  for (let i = 0; i < nodes; i++) {
    const x = Math.PI * ((i + 0.5) / nodes - 0.5) / 2;
    const nonCentrality = power * (Math.sin(x) / x) ** 2;
    expected += nonCentralChi2Sf(level, { dof: 2, nonCentrality }) / nodes;
  }
  const slack = 3 * Math.sqrt(expected * (1 - expected) / n) + 1 / n;
  return { sigma, found: found / n, expected, slack };
}

/** A blind search: what is hidden, and how it is looked for. */
export interface BlindSearchOptions {
  readonly nEvents: number;
  readonly pulsedPart: number;
  readonly spanS: number;
  readonly f0Hz: number;
  /** ḟ/f, 1/s. */
  readonly gammaPerS: number;
  readonly maxFrequencyHz: number;
  readonly windowS: number;
  /** Values of ḟ/f to each side of 0 towards the negative: steps of the search. */
  readonly nGamma: number;
  /** Values at once. */
  readonly atOnce: number;
  readonly seed: string;
}

/** What a blind search came to. */
export interface BlindSearch {
  readonly semicoherent: Candidate;
  readonly refined: RefinedCandidate;
  readonly memoryBytes: number;
  readonly pairs: number;
}

/** Hides a pulsar in noise and finds it without knowing where it is. */
export function blindSearch(options: BlindSearchOptions): BlindSearch {
  const { nEvents, pulsedPart, spanS, f0Hz, gammaPerS, windowS, maxFrequencyHz } = options;
  const rng = createRng(options.seed), f1 = gammaPerS * f0Hz, referenceS = spanS / 2;
  const timeS = Float64Array.from({ length: nEvents }, () => {
    const t = spanS * (rng.uniform() - 0.5);
    if (rng.uniform() >= pulsedPart) return t + referenceS;
    const cycle = Math.round(t * (f0Hz + f1 / 2 * t)) + 0.03 * rng.normal();
    const guess = cycle / f0Hz, next = guess - f1 / 2 * guess * guess / f0Hz;
    return next - (next * (f0Hz + f1 / 2 * next) - cycle) / (f0Hz + f1 * next) + referenceS;
  }).sort();
  const step = 1 / (maxFrequencyHz * spanS * windowS);
  const gammas = [...gammaSteps({
    fromPerS: -(options.nGamma - 1) * step,
    toPerS: 0,
    maxFrequencyHz,
    spanS,
    windowS,
  })];
  let best: Candidate | undefined, memoryBytes = 0, pairs = 0, plan;
  for (let at = 0; at < gammas.length; at += options.atOnce) {
    const gammaPart = gammas.slice(at, at + options.atOnce);
    const acc = timeDifferences({
      maxFrequencyHz,
      windowS,
      referenceS,
      gammaPerS: gammaPart,
      maxEventsInWindow: 2 ** 14,
    });
    const sums = acc.result(fold(acc, [createEventBatch({ timeS })]));
    const [top] = differencePeaks(acc.plan, sums, { minSigma: 0, maxPeaks: 1 });
    if (top !== undefined && !(top.value <= (best?.value ?? 0))) best = top;
    memoryBytes = acc.plan.memoryBytes;
    pairs = sums.pairs;
    plan = acc.plan;
  }
  const peaks = followUpTiles(best!, plan!, { spanS }).flatMap((tile) =>
    findPeaks(eventPeriodogram({ timeS }, tile), { statistic: 2, maxLogP: 0, maxPeaks: 1 })
  );
  const coherent = peaks.sort((a, b) => a.logP - b.logP)[0]!;
  const refined = refineCandidate({ timeS }, {
    f0Hz: coherent.f0Hz,
    f1HzPerS: coherent.f1HzPerS,
    referenceS,
    nHarmonics: 2,
  });
  return { semicoherent: best!, refined, memoryBytes, pairs };
}
