/**
 * Calibrates the false alarms of Poisson-FOCuS: mean expected counts between alarms of noise, per level.
 * Writes src/stats/tables/false_alarms.ts. Usage: deno task calibrate [share of the full length=1]
 *
 * The search starts afresh whenever the newest start beats all older ones: noise is a chain of independent
 * cycles of L expected counts. With M the best of a cycle and T the alarm,
 *   A = E[min(T, L)] / P(M ≥ S²/2).
 * Direct: cycles of noise. Beyond: noise goes over to μ_j times as much after a random step, until the
 * cycle ends. That makes a path R = Σ_τ Σ_j π_j Π LR times as frequent (the Shiryaev–Roberts sum of its
 * cycle up to the alarm), so that A = λ E[min(T, L)]/E[L] / E[1/R; alarm], λ the counts of a step.
 */
import { createRng } from "../../src/numeric/mod.ts";
import {
  createFocusBank,
  type FocusBankSnapshot,
  restoreFocusBank,
} from "../../streams/accumulators/mod.ts";

/** What is calibrated: photons one by one, or bins of so many expected counts. */
export interface Detector {
  readonly muMin: number;
  readonly perBin?: number;
  /** True over expected counts, photon by photon; 1. */
  readonly bias?: number;
}

/** Mean expected counts between alarms at each level, with relative errors. */
export interface Calibrated {
  readonly a: number[];
  readonly relError: number[];
  /** E[min(T, L)]/E[L], of direct runs. */
  readonly beforeAlarm: number[];
}

/** Significances of the table. */
export const LEVELS: readonly number[] = Array.from({ length: 21 }, (_, i) => 3 + 0.25 * i);
const HALF = LEVELS.map((s) => s * s / 2), N_LEVELS = HALF.length;
const BLOCK = 100_000, IGNORE = LEVELS[0]! - 1e-6;

/** Cycles of noise, about so many steps. */
export function calibrateDirect(detector: Detector, steps: number, seed: string): Calibrated {
  const { muMin, perBin, bias = 1 } = detector, rng = createRng(seed);
  const alarms = HALF.map(() => 0), spent = HALF.map(() => 0);
  let whole = 0;
  for (let done = 0; done < steps;) {
    const bank = createFocusBank({ muMin, ignoreBelow: IGNORE });
    let b = 0, cycleB = 0, reached = 0;
    bank.step(0, 0, 0, 0);
    for (let i = 0;; i++) {
      const before = b, x = perBin === undefined ? 1 : rng.poisson(perBin);
      b += perBin ?? rng.exponential(1 / bias);
      const value = bank.step(0, b, b, x);
      if (i > 0 && bank.nStarts(0) === 1) {
        for (let l = reached; l < N_LEVELS; l++) spent[l]! += before - cycleB;
        whole += before - cycleB;
        cycleB = before;
        reached = 0;
        if (i >= BLOCK) {
          done += i;
          break;
        }
      }
      for (; reached < N_LEVELS && value >= HALF[reached]!; reached++) {
        alarms[reached]!++;
        spent[reached]! += b - cycleB;
      }
    }
  }
  return {
    a: alarms.map((n, l) => n > 0 ? spent[l]! / n : NaN),
    relError: alarms.map((n) => n > 0 ? 1 / Math.sqrt(n) : NaN),
    beforeAlarm: spent.map((sum) => sum / whole),
  };
}

/** Factors of brightness that lead to alarms of all lengths: in steps of μ − 1, then of μ, then of ln μ. */
function factors(detector: Detector): number[] {
  const { muMin, perBin, bias = 1 } = detector, list: number[] = [];
  for (let d = Math.max(0.7 * (muMin - 1), 0.04); d < 2; d *= 1.3) list.push(1 + d);
  const most = perBin === undefined ? HALF.at(-1)! + 2 : Math.log(1 + 60 / perBin);
  for (let l = Math.log(3); l < most; l += l < 3 ? 0.35 : 1) list.push(Math.exp(l));
  return list.filter((mu) => mu > 1.02 * bias);
}

/** Paths with a change to a random factor, drawn as often as `prior` says; LR = (μ/ρ)^x e^{−(μ−ρ) b}, ρ the bias. */
function importance(
  detector: Detector,
  options: { readonly paths: number; readonly prior: readonly number[]; readonly seed: string },
): { a: number[]; relError: number[]; share: number[] } {
  const { muMin, perBin, bias = 1 } = detector,
    { paths, prior } = options,
    rng = createRng(options.seed);
  const mu = factors(detector), n = mu.length, log = mu.map((m) => Math.log(m / bias));
  const r = new Float64Array(n), kept = new Float64Array(n), share = new Array(n).fill(0);
  const sum = HALF.map(() => 0), square = HALF.map(() => 0);
  const gather = (x: number, b: number) => {
    for (let j = 0; j < n; j++) r[j] = (r[j]! + 1) * Math.exp(x * log[j]! - (mu[j]! - bias) * b);
  };
  const total = () => {
    let all = 0;
    for (let j = 0; j < n; j++) all += prior[j]! * r[j]!;
    return all;
  };
  let noise = createFocusBank({ muMin, ignoreBelow: IGNORE }), bestOfCycle = 0, b = 0;
  noise.step(0, 0, 0, 0);
  for (let path = 0; path < paths; path++) {
    // A random number of steps of noise; their clock then begins anew, so that short windows stay sharp.
    for (let steps = 1 + Math.floor(30 * rng.exponential()); steps > 0; steps--) {
      const x = perBin === undefined ? 1 : rng.poisson(perBin),
        db = perBin ?? rng.exponential(1 / bias);
      const value = noise.step(0, b += db, 0, x);
      if (noise.nStarts(0) === 1) {
        r.fill(0);
        bestOfCycle = 0;
      }
      bestOfCycle = Math.max(bestOfCycle, value);
      gather(x, db);
    }
    const rest = rebased(noise.snapshot()), bank = restoreFocusBank(rest);
    noise = restoreFocusBank(rest);
    b = 0;
    kept.set(r);
    let at = rng.uniform(), j = 0;
    while (j < n - 1 && (at -= prior[j]!) > 0) j++;
    let level = 0, end = 0;
    for (let i = 0; level < N_LEVELS; i++) {
      const x = perBin === undefined ? 1 : rng.poisson(perBin * mu[j]!);
      const db = perBin ?? rng.exponential(1 / mu[j]!), value = bank.step(0, end += db, 0, x);
      if (bank.nStarts(0) === 1) {
        if (i > 0) break;
        r.fill(0);
      } else if (i === 0) { while (level < N_LEVELS && bestOfCycle >= HALF[level]!) level++; }
      gather(x, db);
      if (level === N_LEVELS || value < HALF[level]!) continue;
      const all = total();
      for (; level < N_LEVELS && value >= HALF[level]!; level++) {
        sum[level]! += 1 / all;
        square[level]! += 1 / (all * all);
        // Which factors such alarms are due to, in units of the whole.
        const scale = Math.exp(HALF[level]!) / (all * all);
        for (let m = 0; m < n; m++) share[m] += prior[m]! * r[m]! * scale;
      }
    }
    r.set(kept);
  }
  const mean = sum.map((s) => s / paths);
  return {
    a: mean.map((m) => (perBin ?? 1 / bias) / m),
    relError: mean.map((m, l) => Math.sqrt((square[l]! / paths / (m * m) - 1) / paths)),
    share,
  };
}

/** The same state with a clock that stands at 0. */
function rebased(state: FocusBankSnapshot): FocusBankSnapshot {
  const at = state.lastB[0]!, x = state.x[0]!;
  const starts = state.starts.map((v, i) => i % 4 === 0 ? v - at : i % 4 === 1 ? v - x : v);
  return { ...state, lastB: Float64Array.of(0), x: Float64Array.of(0), starts };
}

/** By importance sampling: a first run chooses how often each factor is drawn. */
export function calibrateTail(detector: Detector, paths: number, seed: string): Calibrated {
  const n = factors(detector).length, flat = new Array(n).fill(1 / n);
  const first = importance(detector, { paths: paths / 10, prior: flat, seed: `${seed} first` });
  const all = first.share.reduce((s, v) => s + v, 0);
  const prior = first.share.map((v) => 0.8 * v / all + 0.2 / n);
  const { a, relError } = importance(detector, { paths, prior, seed });
  return { a, relError, beforeAlarm: HALF.map(() => 1) };
}

/** Direct where that is the better one, corrected tail beyond. */
export function calibrate(
  detector: Detector,
  options: { readonly steps: number; readonly paths: number; readonly seed: string },
): { direct: Calibrated; tail: Calibrated; a: number[]; relError: number[] } {
  const { steps, paths, seed } = options;
  const direct = calibrateDirect(detector, steps, `${seed} direct`);
  const tail = calibrateTail(detector, paths, `${seed} tail`);
  const corrected = tail.a.map((a, l) => a * direct.beforeAlarm[l]!);
  const isDirect = direct.relError.map((e, l) => e <= tail.relError[l]!);
  return {
    direct,
    tail: { ...tail, a: corrected },
    a: corrected.map((a, l) => isDirect[l] ? direct.a[l]! : a),
    relError: tail.relError.map((e, l) => isDirect[l] ? direct.relError[l]! : e),
  };
}

/** What is shipped, with the steps of noise and the paths of each. */
export const SHIPPED: readonly (Detector & { readonly steps: number; readonly paths: number })[] = [
  { muMin: 1.1, steps: 4e8, paths: 60_000 },
  { muMin: 1.25, steps: 2e8, paths: 60_000 },
  { muMin: 1.5, steps: 2e8, paths: 60_000 },
  { muMin: 2, steps: 2e8, paths: 60_000 },
  { muMin: 1.1, perBin: 0.1, steps: 2e8, paths: 40_000 },
  { muMin: 1.1, perBin: 1, steps: 2e8, paths: 40_000 },
  { muMin: 1.1, perBin: 10, steps: 1e8, paths: 40_000 },
  { muMin: 1.1, perBin: 100, steps: 1e8, paths: 40_000 },
];

function report(one: Detector, done: ReturnType<typeof calibrate>): void {
  const { direct, tail } = done;
  console.log(`muMin ${one.muMin}, ${one.perBin ?? "unbinned"}`);
  LEVELS.forEach((s, l) => {
    const pull = Math.log(tail.a[l]! / direct.a[l]!) /
      Math.hypot(direct.relError[l]!, tail.relError[l]!);
    console.log(
      `  ${s.toFixed(2)} direct ${direct.a[l]!.toExponential(3)} ± ` +
        `${(100 * direct.relError[l]!).toFixed(2)} %, tail ${tail.a[l]!.toExponential(3)} ± ` +
        `${(100 * tail.relError[l]!).toFixed(2)} %, pull ${pull.toFixed(2)}`,
    );
  });
}

const PLACE = new URL("../../src/stats/tables/false_alarms.ts", import.meta.url);

/** The shipped file. */
function written(tables: readonly object[]): string {
  return `// deno-fmt-ignore-file
/**
 * False alarms of Poisson-FOCuS over a known background: ln of the mean expected counts between alarms of
 * noise, the search beginning afresh after each, at each significance; with relative errors (1 σ).
 * perBin 0 stands for photons one by one, else for bins of so many expected counts.
 * Source: simulations by test/_tools/calibrate_far.ts with fixed seeds (deno task calibrate).
 */
export const FALSE_ALARMS: {
  readonly significance: readonly number[];
  readonly tables: readonly {
    readonly muMin: number;
    readonly perBin: number;
    readonly logA: readonly number[];
    readonly relError: readonly number[];
  }[];
} = ${JSON.stringify({ significance: LEVELS, tables })};
`;
}

if (import.meta.main) {
  const share = Number(Deno.args[0] ?? 1), only = Deno.args[1];
  const tables = SHIPPED.filter((_, i) => only === undefined || i === Number(only)).map((one) => {
    const { muMin, perBin } = one,
      seed = `false alarms ${muMin} ${perBin ?? 0}`,
      t0 = performance.now();
    const done = calibrate({ muMin, ...(perBin === undefined ? {} : { perBin }) }, {
      steps: share * one.steps,
      paths: share * one.paths,
      seed,
    });
    report(one, done);
    console.log(`  ${((performance.now() - t0) / 1000).toFixed(0)} s`);
    return {
      muMin,
      perBin: perBin ?? 0,
      logA: done.a.map((a) => Number(Math.log(a).toFixed(4))),
      relError: done.relError.map((e) => Number(e.toFixed(4))),
    };
  });
  if (only === undefined) Deno.writeTextFileSync(PLACE, written(tables));
}
