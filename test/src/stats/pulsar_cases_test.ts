import { deepEqual, equal, ok } from "node:assert/strict";
import { asTable, openFitsFile, readColumn } from "../../../src/fits/mod.ts";
import {
  dispersionLevel,
  eventPeriodogram,
  exactPeriodogram,
  foldedPeriodogram,
  foldingLevel,
  logPAfterTrials,
  logPOfDispersion,
  type Periodogram,
  phaseogramSearch,
  sigmaOfLogP,
  z2nLevel,
} from "../../../src/stats/mod.ts";
import { createEventBatch } from "../../../src/events/mod.ts";
import { fold, phaseogram } from "../../../streams/accumulators/mod.ts";
import { agrees, dataFile, referenceTest } from "../../_tools/data_io.ts";
import { mulberry32 } from "../../_tools/mulberry32.ts";

/** Times of the synthetic pulsar: 20 000 events of 10 000 s at 7.3 Hz, unsorted. */
function syntheticTimes(): Float64Array {
  const N = 20000, T = 10000, f = 7.3, u = mulberry32(12345), timeS = new Float64Array(N);
  for (let i = 0; i < N; i++) {
    const u1 = u(), u2 = u(), u3 = u(), u4 = u(), u5 = u();
    timeS[i] = u1 < 0.1 ? (Math.floor(u5 * T * f) + 0.3 + 0.1 * (u2 + u3 + u4 - 1.5)) / f : u2 * T;
  }
  return timeS;
}

async function columnOf(path: string, name: string): Promise<Float64Array> {
  using file = await openFitsFile(dataFile(path));
  const { values } = await readColumn(asTable(await file.hdu("EVENTS")), name);
  return values as Float64Array;
}

function largest(values: Float64Array): { value: number; at: number } {
  const value = values.reduce((a, b) => Math.max(a, b));
  return { value, at: values.indexOf(value) };
}

referenceTest("pulsar.json", "A01", [], ({ inputs, expected, tolerance }) => {
  const found = (inputs["p"] as number[]).map((p) => sigmaOfLogP(Math.log(p), { sides: 2 }));
  agrees(found, expected["sigma"], { atol: tolerance["abs"] as number }, "sigma");
});

referenceTest("pulsar.json", "A06", [], ({ inputs, expected, tolerance }) => {
  const found = (inputs["p"] as number[]).map((p) => sigmaOfLogP(Math.log(p), { sides: 1 }));
  agrees(found, expected["sigma"], { atol: tolerance["abs"] as number }, "sigma");
});

referenceTest("pulsar.json", "A05", [], ({ inputs, expected, tolerance }) => {
  const like = { atol: tolerance["abs"] as number };
  const [nBins, foldAlarm] = inputs["fold"] as [number, number];
  const [n, z2Alarm] = inputs["z2n"] as [number, number];
  const pdm = inputs["pdm"] as { nsamples: number; nbin: number; eps: number };
  agrees(foldingLevel(nBins, { falseAlarm: foldAlarm }), expected["fold_level"], like, "folding");
  agrees(z2nLevel(n, { falseAlarm: z2Alarm }), expected["z2_level"], like, "Z2");
  const shape = { n: pdm.nsamples, nBins: pdm.nbin };
  const level = dispersionLevel(shape, { falseAlarm: pdm.eps });
  agrees(level, expected["pdm_level"], like, "dispersion");
  ok(Math.abs(Math.exp(logPOfDispersion(level, shape)) / pdm.eps - 1) < 1e-10);
});

referenceTest("pulsar.json", "A09", [], ({ inputs, expected, tolerance }) => {
  const logP = Math.log(inputs["p1"] as number);
  const found = (inputs["ntrial"] as number[]).map((n) => Math.exp(logPAfterTrials(logP, n)));
  agrees(found, expected["pn"], { rtol: tolerance["rel"] as number }, "p");
});

referenceTest("pulsar.json", "B03", [], ({ inputs, expected, tolerance }) => {
  equal(inputs["f"], "7.3+(k-20)*5e-5,k=0..40");
  equal(inputs["phase"], "f*t+0.5*fdot*t^2");
  const f1HzPerS = inputs["fdot"] as number[];
  const options = { f0CentreHz: 7.3, stepHz: 5e-5, nTrials: 41, f1HzPerS };
  const like = { rtol: tolerance["rel"] as number }, timeS = syntheticTimes();
  for (const one of [eventPeriodogram({ timeS }, options), exactPeriodogram({ timeS }, options)]) {
    const z2 = one.z2[1]!, { value, at } = largest(z2);
    agrees(value, expected["max"], like, "max");
    deepEqual([Math.floor(at / 41), at % 41], expected["argmax_fdot_f"]);
    const rows = f1HzPerS.map((_, j) => largest(z2.subarray(41 * j, 41 * (j + 1))).value);
    agrees(rows, expected["row_max"], like, "largest of each derivative");
    agrees(z2.reduce((a, b) => a + b), expected["sum"], like, "sum");
  }
});

referenceTest("pulsar.json", "B07", [], ({ inputs, expected, tolerance }) => {
  equal(inputs["f"], "f_k = 7.296 + 2e-5*(150+k), k=0..100 (Hz)");
  const timeS = syntheticTimes(), referenceS = timeS.reduce((a, b) => Math.min(a, b));
  const grid = { f0CentreHz: 7.296 + 2e-5 * 200, stepHz: 2e-5, nTrials: 101, referenceS };
  const like = { rtol: tolerance["rel"] as number };
  const first = 150,
    whereIs = (of: Periodogram, values: Float64Array) =>
      first + of.f0Hz.indexOf(of.f0Hz[largest(values).at]!);
  const exact = eventPeriodogram({ timeS }, grid), folded = foldedPeriodogram({ timeS }, grid);
  agrees(largest(exact.z2[1]!).value, expected["exact_z2_2_max"], { rtol: 1e-9 }, "exact");
  const binned = largest(folded.z2[1]!).value;
  agrees(binned, expected["stingray_z2_2_nbin128_max"], like, "128 bins");
  equal(whereIs(exact, exact.z2[1]!), expected["argmax"]);
  equal(whereIs(folded, folded.z2[1]!), expected["argmax"]);
  const sixteen = foldedPeriodogram({ timeS }, { ...grid, nBins: 16 });
  agrees(largest(sixteen.chi2!).value, expected["stingray_ef_16_max"], like, "epoch folding");
  const corrected = foldedPeriodogram({ timeS }, { ...grid, correctBinning: true });
  const x = Math.PI / 128, sinc2 = (Math.sin(x) / x) ** 2;
  agrees(
    corrected.z2[0]!.map((z2) => z2 * sinc2),
    [...folded.z2[0]!],
    { rtol: 1e-12 },
    "correction",
  );
});

const SCAN = "pulsar/fermi-periodSearch/testevdata_1day_psearch.fits";

referenceTest("pulsar.json", "C07", [SCAN], async ({ inputs, expected, tolerance }) => {
  const { time_offset_s, epoch, f_center, f_step, n } = inputs as Record<string, number>;
  equal(inputs["phase"], "frac((t-epoch)*f)");
  const timeS = (await columnOf(SCAN, "TIME")).map((t) => t + time_offset_s!);
  const of = eventPeriodogram({ timeS }, {
    f0CentreHz: f_center!,
    stepHz: f_step!,
    nTrials: n!,
    maxHarmonic: 10,
    referenceS: epoch!,
  });
  const like = { atol: tolerance["abs"] as number }, z2 = of.z2[9]!;
  const tenth = (values: Float64Array) => values.filter((_, i) => i % 10 === 0);
  agrees(tenth(z2), expected["z2n_every_10"], like, "Z2_10");
  agrees(tenth(of.h), expected["h_every_10"], like, "H_10");
  agrees(largest(z2).value, expected["z2n_max"], like, "largest Z2_10");
  agrees(largest(of.h).value, expected["h_max"], like, "largest H_10");
  equal(largest(z2).at, expected["argmax"]);
});

const CORRECTED = "pulsar/fermi-timeSystem/testTimeCorrectorApp_par1.fits";

referenceTest("pulsar.json", "C11", [CORRECTED], async ({ inputs, expected, tolerance }) => {
  const { nph, nt, f, fdot, pepoch } = inputs as Record<string, number>;
  equal(inputs["time_bins"], "linspace(min,max,9)");
  const timeS = await columnOf(CORRECTED, "TIME"), rows = nt!, bins = nph!;
  const first = timeS.reduce((a, b) => Math.min(a, b)),
    span = timeS.reduce((a, b) => Math.max(a, b)) - first;
  const each = [...Array(rows).keys()],
    edgesS = [...each, rows].map((r) => first + r * span / rows);
  edgesS[rows] = first + span + 1e-3; // the last event, too
  const phase = timeS.map((t) => {
    const dt = t - pepoch!, x = f! * dt + fdot! / 2 * dt * dt;
    return x - Math.floor(x);
  });
  const acc = phaseogram({ edgesS, nPhaseBins: bins });
  const { counts, outside } = acc.result(fold(acc, [createEventBatch({ timeS, phase })]));
  const data = counts.data;
  equal(outside, 0);
  const like = { atol: tolerance["abs_counts"] as number };
  const inTime = each.map((r) =>
    2 * data.subarray(r * bins, (r + 1) * bins).reduce((a, b) => a + b)
  );
  const inPhase = [...Array(bins).keys()].map((b) =>
    each.reduce((sum, r) => sum + data[r * bins + b]!, 0)
  );
  deepEqual([2 * bins, rows], expected["shape"]);
  equal(2 * data.reduce((a, b) => a + b), expected["sum"]);
  agrees(inTime, expected["row_sums_time"], like, "rows");
  agrees(inPhase, expected["col_sums_phase_first16"], like, "columns");
  // shifted and added, the phaseogram finds the frequency that it was folded with
  const search = phaseogramSearch({ edgesS, counts }, {
    foldF0Hz: f!,
    foldF1HzPerS: fdot!,
    f0CentreHz: f!,
    spanS: span,
    nTrials: 41,
    f1HzPerS: [fdot!],
    referenceS: first + span / 2,
  });
  const { f0Hz } = search, best = f0Hz[largest(search.z2[1]!).at]!;
  ok(Math.abs(best - f!) < 1 / span, `${best}`);
});
