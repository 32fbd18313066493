import { type OperatorFunction, pipe } from "rxjs";
import { strictEqual } from "node:assert/strict";
import type { StreamItem } from "../../../src/data/mod.ts";
import { createRegion } from "../../../src/sky/mod.ts";
import { foldingTest, hTest, rayleighTest, z2n } from "../../../src/stats/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import {
  account,
  type Accumulator,
  eventStatistics,
  exposureSum,
  phaseSums,
  phasogram,
  theta2Histogram,
  zip,
} from "../../../streams/accumulators/mod.ts";
import { drain } from "../../../streams/engines/mod.ts";
import {
  accumulate,
  assignPhase,
  selectEnergy,
  selectOffset,
  selectRegion,
  selectTime,
} from "../../../streams/operators/mod.ts";
import { openSource, type OpenSourceOptions } from "../../../streams/sources/mod.ts";
import { dataFile, referenceTest } from "../../_tools/data_io.ts";
import { compareAll } from "./_compare.ts";

type Operator = OperatorFunction<StreamItem, StreamItem>;

/** Streams a file through an operator into an accumulator, in small batches. */
async function reduce<State, Out>(
  path: string,
  through: Operator,
  into: Accumulator<StreamItem, State, Out>,
  options: OpenSourceOptions = {},
): Promise<Out> {
  const source = await openSource([dataFile(path)], { batchRows: 1000, ...options });
  return into.result(await drain(source.items(), pipe(through, accumulate(into))));
}

async function used(path: string, through: Operator): Promise<number> {
  return (await reduce(path, through, account())).used;
}

const circle = (at: { raDeg: number; decDeg: number }, radiusDeg: number) =>
  selectRegion(createRegion({
    kind: "circle",
    frame: "icrs",
    lonDeg: at.raDeg,
    latDeg: at.decDeg,
    radiusDeg,
  }));

const HESS = "gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_023523.fits.gz";
const HESS_2 = HESS.replace("023523", "023526");

referenceTest("gammapy.json", "events.select.hess.23523", [HESS], async (reference) => {
  const { startS } = await openSource([dataFile(HESS)]);
  const { center_ra_deg, center_dec_deg } = reference.expected as Record<string, number>;
  const crab = { raDeg: center_ra_deg!, decDeg: center_dec_deg! };
  const time = selectTime({ startS: startS + 300, stopS: startS + 900 });
  const edgesDeg2 = Array.from({ length: 21 }, (_, i) => 0.2 * i / 20);
  const counted: Record<string, Operator> = {
    "energy_0.5_1_TeV": selectEnergy({ lowTeV: 0.5, highTeV: 1 }),
    "energy_1_10_TeV": selectEnergy({ lowTeV: 1, highTeV: 10 }),
    "energy_2_5_TeV": selectEnergy({ lowTeV: 2, highTeV: 5 }),
    "offset_0_0.5_deg": selectOffset({ minDeg: 0, maxDeg: 0.5 }),
    "offset_0.5_1.0_deg": selectOffset({ minDeg: 0.5, maxDeg: 1 }),
    "offset_1_2.5_deg": selectOffset({ minDeg: 1, maxDeg: 2.5 }),
    "time_tstart_300_900s": time,
    "select_time_n_events": time,
    "circle_0.05deg": circle(crab, 0.05),
    "circle_0.1deg": circle(crab, 0.1),
    "circle_0.2deg": circle(crab, 0.2),
    "circle_0.5deg": circle(crab, 0.5),
    "circle_1deg": circle(crab, 1),
    "select_region_circle_0.3deg": circle(crab, 0.3),
  };
  const found: Record<string, unknown> = {
    select_time_livetime_s: (await reduce(HESS, time, exposureSum())).livetimeS,
    "theta2_hist_0_0.2_20bins":
      (await reduce(HESS, pipe(), theta2Histogram({ ...crab, edgesDeg2 }))).counts,
  };
  for (const [name, operator] of Object.entries(counted)) found[name] = await used(HESS, operator);
  compareAll(reference, found, ["center_ra_deg", "center_dec_deg"]); // inputs
});

const VELA = "gammapy-data/cta-1dc/data/baseline/gps/gps_baseline_111630.fits";
/** 08h35m20.65525s -45d10m35.1545s */
const VELA_PULSAR = {
  raDeg: 15 * (8 + 35 / 60 + 20.65525 / 3600),
  decDeg: -(45 + 10 / 60 + 35.1545 / 3600),
};

referenceTest("gammapy.json", "phase.vela.hist", [VELA], async (reference) => {
  const { phases, all } = await reduce(
    VELA,
    pipe(),
    zip({ phases: eventStatistics(["phase"]), all: phasogram(20) }),
  );
  const near = await reduce(VELA, circle(VELA_PULSAR, 0.2), phasogram(20));
  const statistics = phases.columns["phase"]!;
  compareAll(reference, {
    n: phases.count,
    phase_min: statistics.min,
    phase_max: statistics.max,
    hist_all: all.counts,
    hist_0p2deg: near.counts,
    n_on_05_06: near.counts[10]! + near.counts[11]!,
  });
});

referenceTest("gammapy.json", "phase.assign.crab_spin", [HESS, HESS_2], async (reference) => {
  const { f0_Hz, f1_Hz_s, t_ref_mjd_tt } = reference.expected as Record<string, number>;
  const phase = assignPhase({
    f0Hz: f0_Hz!,
    f1HzPerS: f1_Hz_s!,
    epoch: createEpoch([t_ref_mjd_tt!, 0], "TT"),
  });
  const found: Record<string, unknown> = {};
  const sums = phaseSums();
  const both = sums.create();
  for (const [run, path] of [["23523", HESS], ["23526", HESS_2]] as const) {
    found[`hist10_${run}`] = (await reduce(path, phase, phasogram(10))).counts;
    const first: number[] = [];
    const source = await openSource([dataFile(path)]);
    sums.merge(
      both,
      await drain(
        source.items(),
        pipe(
          phase,
          accumulate(sums, {
            observe(_state, item) {
              if (item.kind === "batch" && first.length === 0) {
                first.push(...item.columns.phase!.subarray(0, 5));
              }
            },
          }),
        ),
      ),
    );
    found[`first_phases_${run}`] = first;
  }
  const result = sums.result(both);
  compareAll(
    reference,
    { ...found, Z2_2: z2n(result, 2)[1], H_test: hTest(result).h },
    ["f0_Hz", "f1_Hz_s", "t_ref_mjd_tt"], // inputs
  );
});

const UNORDERED = "pulsar/fermi-periodSearch/testevdata_1day_unordered_phase.fits";
referenceTest("pulsar.json", "C06", [UNORDERED], async (reference) => {
  const { gram, five, twenty } = await reduce(
    UNORDERED,
    pipe(),
    zip({
      gram: phasogram(10),
      five: phaseSums({ maxHarmonic: 5 }),
      twenty: phaseSums(),
    }),
  );
  const z2 = z2n(twenty, 3);
  compareAll(reference, {
    chi2_10: foldingTest(gram.counts).value,
    rayleigh_Z2_1: rayleighTest(twenty).value,
    Z2_3: z2[2],
    H_5: hTest(five, { maxHarmonic: 5 }).h,
    H_20: hTest(twenty).h,
    counts10: gram.counts,
    harmonic_powers: [z2[0]!, z2[1]! - z2[0]!, z2[2]! - z2[1]!],
  });
});

const J0030 = "pulsar/pint/J0030+0451_P8_15.0deg_239557517_458611204_ft1weights_GEO_wt.gt.0.4.fits";
/** The column of weights has the name of the source. */
const WEIGHTED = { rename: { weight: "PSRJ0030+0451" } };

referenceTest("pulsar.json", "D09", [J0030], async (reference) => {
  const reduced = await reduce(
    J0030,
    pipe(),
    zip({
      plain: phaseSums(),
      weighted: phaseSums({ weighted: true }),
      hundred: phaseSums({ weighted: true, maxHarmonic: 100 }),
    }),
    WEIGHTED,
  );
  const { plain, weighted, hundred } = reduced, h = hTest(weighted);
  compareAll(reference, {
    n: weighted.n,
    sum_w: weighted.sumW,
    sum_w2: weighted.sumW2,
    H: hTest(plain).h,
    H_weighted: h.h,
    H_weighted_harmonic: h.harmonic,
    Z2_weighted: z2n(weighted, 10),
    best_m_unlimited100: hTest(hundred, { maxHarmonic: 100 }).harmonic,
  });
});

referenceTest("pulsar.json", "D10", [J0030], async (reference) => {
  const gram = await reduce(J0030, pipe(), phasogram(50, { weighted: true }), WEIGHTED);
  strictEqual(gram.outside, 0);
  compareAll(reference, {
    counts: gram.counts,
    weighted: gram.weighted,
    sum_w2: gram.errors.map((error) => error * error),
    background_per_bin: gram.backgroundPerBin,
  });
});

referenceTest("pulsar.json", "G01", [VELA], async (reference) => {
  const { ra, dec, radius_deg, bins } = reference.inputs as Record<string, number>;
  const { gram, sums } = await reduce(
    VELA,
    circle({ raDeg: ra!, decDeg: dec! }, radius_deg!),
    zip({ gram: phasogram(bins!), sums: phaseSums() }),
  );
  const h = hTest(sums);
  compareAll(reference, {
    n: sums.n,
    hist: gram.counts,
    H: h.h,
    H_harmonic: h.harmonic,
    Z2_2: z2n(sums, 2)[1],
  });
});
