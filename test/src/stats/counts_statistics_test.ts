import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { createRng, lgamma } from "../../../src/numeric/mod.ts";
import {
  type ExcessColumns,
  type ExcessCounts,
  excessErrors,
  excessErrorsColumns,
  excessesForSignificance,
  excessForSignificance,
  excessLowerLimit,
  excessLowerLimits,
  excessStatistics,
  excessStatisticsColumns,
  excessUpperLimit,
  excessUpperLimits,
  fitStatistics,
  liMaSignificance,
} from "../../../src/stats/mod.ts";
import { agrees, type ReferenceCase, referenceTest } from "../../_tools/data_io.ts";
import { between } from "../../_tools/event_arbitraries.ts";

const of = (format: string) => fitStatistics.lookup("fit-statistic", format);
const close = (found: number, expected: number, rtol: number, what = "") =>
  ok(
    Math.abs(found - expected) <= rtol * Math.max(1, Math.abs(expected)),
    `${what}: ${found}, not ${expected}`,
  );

/** Statistic of an excess, plainly from the fit statistics. */
function statAt(counts: ExcessCounts, excess: number): number {
  return "background" in counts
    ? of("cstat").bin(counts.nOn, counts.background + excess, 0, 1)
    : of("wstat").bin(
      counts.nOn,
      excess + (counts.expectedSignal ?? 0),
      counts.nOff,
      counts.alpha,
    );
}

const whole = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 1_000_000 }));
const known = fc.record({ nOn: whole, background: between(1e-3, 3e5) });
const onOff = fc.record({ nOn: whole, nOff: whole, alpha: between(1e-3, 5) });

Deno.test("errors and limits stand where the statistic has risen by n²", () => {
  fc.assert(
    fc.property(fc.oneof(known, onOff), fc.constantFrom(0.1, 1, 2, 3, 7), (counts, nSigma) => {
      const { excess } = excessStatistics(counts),
        { errn, errp } = excessErrors(counts, { nSigma });
      const upper = excessUpperLimit(counts, { nSigma });
      const lower = excessLowerLimit(counts, { nSigma });
      // A limit is a difference of counts: its last bits, times the slope there.
      const size = counts.nOn + ("background" in counts ? counts.background : counts.nOff);
      const slack = (x: number) => {
        const h = 1e-15 * (size + Math.abs(x) + 1);
        return 1e-12 * (1 + nSigma * nSigma) +
          2 * Math.abs(statAt(counts, x + h) - statAt(counts, x));
      };
      const where = `${JSON.stringify(counts)} ${nSigma}`;
      ok(Math.abs(statAt(counts, upper) - nSigma ** 2) < slack(upper), `${where}: ${upper}`);
      if (!("background" in counts) || counts.nOn > 0) {
        ok(Math.abs(statAt(counts, lower) - nSigma ** 2) < slack(lower), `${where}: ${lower}`);
      } else strictEqual(errn, 0);
      ok(errn >= 0 && errp > 0, where);
      close(excess + errp, upper, 1e-9, where);
      close(excess - errn, lower, 1e-9, where);
      strictEqual(excessErrors(counts, { nSigma: 0 }).errp, 0);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("without counts the limits are linear in n²", () => {
  for (const k of [1, 2, 3]) {
    strictEqual(
      excessUpperLimit({ nOn: 0, background: 2 }, { nSigma: k, bounded: true }),
      k * k / 2,
    );
    strictEqual(excessUpperLimit({ nOn: 0, background: 2 }, { nSigma: k }), k * k / 2 - 2);
    close(
      excessUpperLimit({ nOn: 0, nOff: 7, alpha: 0.3 }, { nSigma: k, bounded: true }),
      k * k / 2,
      1e-14,
    );
    close(excessUpperLimit({ nOn: 0, nOff: 0, alpha: 0.3 }, { nSigma: k }), k * k / 2, 1e-14);
  }
});

Deno.test("a bounded limit is that of the best excess where it is above 0, and above 0 elsewhere", () => {
  fc.assert(fc.property(fc.oneof(known, onOff), (counts) => {
    const bounded = excessUpperLimit(counts, { nSigma: 2, bounded: true });
    const plain = excessUpperLimit(counts, { nSigma: 2 });
    if (excessStatistics(counts).excess >= 0) strictEqual(bounded, plain);
    else {
      ok(bounded > 0 && bounded > plain);
      close(statAt(counts, bounded), statAt(counts, 0) + 4, 1e-8);
    }
    ok(excessLowerLimit(counts, { nSigma: 2, bounded: true }) >= 0);
  }));
});

Deno.test("excessForSignificance() undoes √TS, for deficits too", () => {
  const sigma = between(-6, 12);
  fc.assert(fc.property(fc.oneof(known, onOff), sigma, (counts, sqrtTs) => {
    const b = "background" in counts ? counts.background : counts.alpha * counts.nOff;
    const excess = excessForSignificance(counts, sqrtTs);
    const most = Math.sqrt(excessStatistics({ ...counts, nOn: 0 }).ts);
    if (sqrtTs < -most && sqrtTs < -1e-9) return ok(Number.isNaN(excess));
    // Over no background there is no deficit, however small.
    if (b === 0 && sqrtTs < 0) return ok(Number.isNaN(excess) || excess === 0);
    if (Math.abs(sqrtTs) < 1e-9) return ok(Math.abs(excess) < 1e-5);
    const nOn = Math.max(0, b + excess), found = excessStatistics({ ...counts, nOn }).sqrtTs;
    // The counts b + s lose the last bits of s.
    const slack = 1e-9 + 1e-14 * b;
    ok(Math.abs(found - sqrtTs) <= slack, `${JSON.stringify(counts)}: ${found}, not ${sqrtTs}`);
  }));
  strictEqual(excessForSignificance({ background: 0 }, 5), 0);
  close(excessForSignificance({ background: 4 }, -1e-150) * 1e150, -2, 1e-14);
  close(excessForSignificance({ nOff: 0, alpha: 0.1 }, 5), 12.5 / Math.log(11), 1e-15);
});

Deno.test("the significance over a measured background is that of Li and Ma", () => {
  fc.assert(fc.property(onOff, (counts) => {
    const { sqrtTs, ts, pValue, logPValue } = excessStatistics(counts);
    ok(Math.abs(sqrtTs - liMaSignificance(counts)) <= 1e-6 * (1 + Math.abs(sqrtTs)));
    ok(ts >= 0 && pValue <= 0.5);
    if (pValue > 1e-300) close(Math.log(pValue), logPValue, 1e-12);
    else ok(logPValue < -690);
  }));
});

Deno.test("columns hold what the plain functions give", () => {
  const rng = createRng(3), size = 200;
  const nOn = Float64Array.from({ length: size }, () => rng.integer(12));
  const nOff = Float64Array.from({ length: size }, () => rng.integer(30));
  const alpha = Float64Array.from({ length: size }, () => 0.05 + rng.uniform());
  const background = alpha.map((a, i) => a * nOff[i]!), expectedSignal = alpha;
  const all: [ExcessColumns, (i: number) => ExcessCounts][] = [
    [{ nOn, background }, (i) => ({ nOn: nOn[i]!, background: background[i]! })],
    [{ nOn, nOff, alpha, expectedSignal }, (i) => ({
      nOn: nOn[i]!,
      nOff: nOff[i]!,
      alpha: alpha[i]!,
      expectedSignal: alpha[i]!,
    })],
  ];
  for (const [columns, row] of all) {
    const plain = excessStatisticsColumns(columns), errors = excessErrorsColumns(columns);
    const options = { nSigma: 2, bounded: true };
    const upper = excessUpperLimits(columns, options), lower = excessLowerLimits(columns, options);
    const five = excessesForSignificance(columns, 5);
    for (let i = 0; i < size; i++) {
      const { excess, error, ts, sqrtTs, logPValue } = excessStatistics(row(i));
      deepStrictEqual(
        [plain.excess[i], plain.error[i], plain.ts[i], plain.sqrtTs[i], plain.logPValue[i]],
        [excess, error, ts, sqrtTs, logPValue],
      );
      deepStrictEqual({ errn: errors.errn[i], errp: errors.errp[i] }, { ...excessErrors(row(i)) });
      strictEqual(upper[i], excessUpperLimit(row(i), options));
      strictEqual(lower[i], excessLowerLimit(row(i), options));
      strictEqual(five[i], excessForSignificance(row(i), 5));
    }
  }
});

Deno.test("what is no measurement is refused", () => {
  throws(() => excessStatistics({ nOn: -1, background: 1 }), RangeError);
  throws(() => excessUpperLimit({ nOn: 1, nOff: 1, alpha: 0 }), RangeError);
  throws(() => excessErrors({ nOn: 1, background: 1 }, { nSigma: -1 }), RangeError);
  throws(() => excessUpperLimits({ nOn: [1, 2], background: [1] }), TypeError);
  throws(() => excessesForSignificance({ nOff: [1], alpha: [-1] }, 5), RangeError);
});

Deno.test("upper limits cover in a simulation as often as the sum over all outcomes says", () => {
  const signal = 6,
    background = 7,
    offMean = 21,
    alpha = 1 / 3,
    N = 40_000,
    rng = createRng("cover");
  const chance = (n: number, mu: number) => Math.exp(n * Math.log(mu) - mu - lgamma(n + 1));
  const on = rng.fillPoisson(new Float64Array(N), signal + background);
  const off = rng.fillPoisson(new Float64Array(N), offMean);
  for (const options of [{ nSigma: 1 }, { nSigma: 2 }, { nSigma: 2, bounded: true }]) {
    const covers = (counts: ExcessCounts) => excessUpperLimit(counts, options) >= signal;
    let known = 0, measured = 0;
    for (let nOn = 0; nOn < 60; nOn++) {
      const p = chance(nOn, signal + background);
      if (covers({ nOn, background })) known += p;
      for (let nOff = 0; nOff < 80; nOff++) {
        if (covers({ nOn, nOff, alpha })) measured += p * chance(nOff, offMean);
      }
    }
    const simulated = (limits: Float64Array) => limits.filter((x) => x >= signal).length / N;
    const columns = { nOn: on, background: new Float64Array(N).fill(background) };
    const pair = { nOn: on, nOff: off, alpha: new Float64Array(N).fill(alpha) };
    const all = [[known, columns], [measured, pair]] as const;
    for (const [expected, one] of all) {
      const found = simulated(excessUpperLimits(one, options));
      // 3 standard deviations of the binomial: a false alarm in 370 seeds.
      ok(Math.abs(found - expected) < 3 * Math.sqrt(expected * (1 - expected) / N), `${found}`);
      // The asymptotic chance of the limit, to the coarseness of so few counts.
      ok(Math.abs(expected - (options.nSigma === 1 ? 0.841 : 0.977)) < 0.06, `${expected}`);
    }
  }
});

function compare(
  { expected, tol }: ReferenceCase,
  counts: (i: number) => ExcessCounts,
  size: number,
) {
  const rows = Array.from({ length: size }, (_, i) => counts(i));
  const errors = (nSigma: number) => rows.map((row) => excessErrors(row, { nSigma }));
  const limits = (nSigma: number) => rows.map((row) => excessUpperLimit(row, { nSigma }));
  const level = (sqrtTs: number) => rows.map((row) => excessForSignificance(row, sqrtTs));
  const plain = rows.map((row) => excessStatistics(row));
  const found: Record<string, number[]> = {
    n_sig: plain.map((one) => one.excess),
    error: plain.map((one) => one.error),
    ts: plain.map((one) => one.ts),
    sqrt_ts: plain.map((one) => one.sqrtTs),
    p_value: plain.map((one) => one.pValue),
    errn: errors(1).map((one) => one.errn),
    errp: errors(1).map((one) => one.errp),
    errn_2sigma: errors(2).map((one) => one.errn),
    errp_2sigma: errors(2).map((one) => one.errp),
    ul_1sigma: limits(1),
    ul_2sigma: limits(2),
    ul_3sigma: limits(3),
    n_sig_matching_5sigma: level(5),
    n_sig_matching_3sigma: level(3),
    n_bkg: rows.map((row) => "background" in row ? row.background : row.alpha * row.nOff),
    n_on: rows.map((row) => row.nOn),
  };
  for (const [name, values] of Object.entries(found)) {
    if (name in expected) agrees(values, expected[name], tol[name]!, name);
  }
  return found;
}

referenceTest("gammapy.json", "stats.cash_counts.a", [], (reference) => {
  const { expected, tol } = reference;
  const nOn = expected.n_on as number[], background = expected.mu_bkg as number[];
  compare(reference, (i) => ({ nOn: nOn[i]!, background: background[i]! }), nOn.length);
  const cash = (mu: number[]) => nOn.map((n, i) => of("cash").bin(n, mu[i]!, 0, 1));
  agrees(cash(background), expected.stat_null, tol.stat_null!, "stat_null");
  agrees(cash(nOn), expected.stat_max, tol.stat_max!, "stat_max");
});

for (const id of ["stats.wstat_counts.a", "stats.wstat_counts.mu_sig"]) {
  referenceTest("gammapy.json", id, [], (reference) => {
    const { expected, tol } = reference, column = (name: string) => expected[name] as number[];
    const nOn = column("n_on"), nOff = column("n_off"), alpha = column("alpha");
    const signal = column("mu_sig") ?? nOn.map(() => 0);
    const { n_sig } = compare(reference, (i) => ({
      nOn: nOn[i]!,
      nOff: nOff[i]!,
      alpha: alpha[i]!,
      expectedSignal: signal[i]!,
    }), nOn.length);
    const at = (mu: number[]) => nOn.map((n, i) => of("wstat").bin(n, mu[i]!, nOff[i]!, alpha[i]!));
    agrees(at(signal), expected.stat_null, tol.stat_null!, "stat_null");
    const best = n_sig!.map((s, i) => s + signal[i]!);
    // A sum of rounded logarithms there, hence its own size of noise.
    at(best).forEach((w, i) => ok(w <= Math.abs(column("stat_max")[i]!) + 1e-9));
  });
}

Deno.test("published counts: significances, errors and 3 σ limits", () => {
  const rows: [ExcessCounts, number, number?, number?, number?][] = [
    [{ nOn: 5, background: 1 }, 2.84506224, 1.915916, 2.581106, 13.98959],
    [{ nOn: 10, background: 5 }, 1.96543726, 2.838105, 3.504033, 17.696064],
    [{ nOn: 10, nOff: 5, alpha: 0.3 }, 3.585381287, 2.932472, 3.55926, 21.309229],
    [{ nOn: 1, nOff: 20, alpha: 1 }, -4.590373639],
    [{ nOn: 5, nOff: 1, alpha: 1 }, 1.706174569],
  ];
  for (const [counts, sqrtTs, errn, errp, limit] of rows) {
    close(excessStatistics(counts).sqrtTs, sqrtTs, 1e-7);
    const errors = excessErrors(counts);
    if (errn !== undefined) close(errors.errn, errn, 1e-6);
    if (errp !== undefined) close(errors.errp, errp, 1e-6);
    if (limit !== undefined) close(excessUpperLimit(counts), limit, 1e-5);
  }
  close(excessForSignificance({ background: 100 }, 5), 54.012755, 1e-7);
});
