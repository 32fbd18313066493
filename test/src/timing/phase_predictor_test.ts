import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { readEvents } from "../../../src/events/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import { hTest, phaseSums } from "../../../src/stats/mod.ts";
import { createEpoch, missionEpoch, type TimeEpoch } from "../../../src/time/mod.ts";
import {
  createPhasePredictor,
  createTimingModel,
  parsePar,
  type PhasePredictor,
  type PhasePredictorOptions,
} from "../../../src/timing/mod.ts";
import { dataFile, referenceTest } from "../../_tools/data_io.ts";
import { exactPhase } from "../../_tools/exact_phase.ts";

const EPOCH = createEpoch([55000, 0], "TDB");

function predictor(text: string, options: Partial<PhasePredictorOptions> = {}): PhasePredictor {
  return createPhasePredictor(createTimingModel(parsePar(text)), { epoch: EPOCH, ...options });
}

/** Whole cycles and phase of each time. */
function turns(of: PhasePredictor, timeS: readonly number[], correctionS?: readonly number[]) {
  const n = timeS.length, phase = new Float64Array(n), pulseNumber = new Float64Array(n);
  const correction = correctionS === undefined ? undefined : Float64Array.from(correctionS);
  of.phase(Float64Array.from(timeS), correction, n, { phase, pulseNumber });
  return { phase, pulseNumber };
}

/** Cycles that a term adds, from models with and without it. */
function added(base: string, term: string, timeS: readonly number[]): number[] {
  const without = turns(predictor(base), timeS), found = turns(predictor(base + term), timeS);
  return timeS.map((_, i) =>
    (found.pulseNumber[i]! - without.pulseNumber[i]!) + (found.phase[i]! - without.phase[i]!)
  );
}

function near(found: number, expected: number, tolerance: number, where = ""): void {
  ok(Math.abs(found - expected) <= tolerance, `${where} found ${found}, expected ${expected}`);
}

/** A double as the decimal number that it is. */
const decimal = (x: number): string =>
  x === 0 ? "0" : `${x < 0 ? "-" : ""}${Math.abs(x).toFixed(100).replace(/0+$/, "")}`;

Deno.test("phase() of a constant frequency is the time times it", () => {
  const { phase, pulseNumber } = turns(predictor("F0 4\nPEPOCH 55000"), [0, 0.125, -0.0625, 1e6]);
  deepStrictEqual([...phase], [0, 0.5, 0.75, 0]);
  deepStrictEqual([...pulseNumber], [0, 0, -1, 4e6]);
});

Deno.test("phase() agrees with exact integers at 700 Hz after thirty years", () => {
  const f0 = 700 + 2 ** -20, f1 = -(2 ** -40), f2 = 2 ** -70;
  const text = `F0 ${decimal(f0)}\nF1 ${decimal(f1)}\nF2 ${decimal(f2)}\nPEPOCH 44000.5`;
  const rng = createRng(7),
    u = rng.fillUniform(new Float64Array(600)),
    times: number[] = [],
    corrections: number[] = [];
  for (let i = 0; i < 300; i++) {
    times.push(u[2 * i]! * 3e8);
    corrections.push((u[2 * i + 1]! - 0.5) * 1000);
  }
  const { phase } = turns(predictor(text), times, corrections);
  const epochS = (44000.5 - 55000) * 86400;
  for (let i = 0; i < times.length; i++) {
    const exact = exactPhase(times[i]!, [epochS, -corrections[i]!], [0, f0, f1, f2]);
    const error = phase[i]! - exact;
    near(error - Math.round(error), 0, 1e-9);
  }
});

Deno.test("phase() of the last derivative agrees with the closed form", () => {
  const dt = 5e5, expected = 1e-60 * dt ** 13 / 6227020800;
  near(added("F0 1\nPEPOCH 55000", "\nF12 1D-60", [dt])[0]! / expected, 1, 1e-10);
});

Deno.test("phase() counts in two parts: the size of the time column rounds nothing else", () => {
  // 2^28 s and a correction of a third of a nanosecond, which one double would lose
  const time = 2 ** 28, text = "F0 512\nPEPOCH 55000";
  const { phase } = turns(predictor(text), [time, time], [0, 2 ** -31]);
  strictEqual(phase[1]! - phase[0]!, 2 ** -22);
});

Deno.test("phase() refuses times in TT without a correction, and takes them with one", () => {
  const of = predictor("F0 1\nPEPOCH 55000", { epoch: createEpoch([55000, 0], "TT") });
  throws(() => turns(of, [1]), { name: "TypeError", message: /Times in TT need a correction/ });
  strictEqual(turns(of, [1.25], [0.25]).phase[0], 0.5);
});

Deno.test("phase() is NaN where a time is, and refuses columns that are too short", () => {
  const of = predictor("F0 1\nPEPOCH 55000");
  const { phase, pulseNumber } = turns(of, [NaN, 0.5, Infinity, 0.25]);
  deepStrictEqual([...phase], [NaN, 0.5, NaN, 0.25]);
  deepStrictEqual([...pulseNumber], [NaN, 0, NaN, 0]);
  const out = { phase: new Float64Array(1) }, two = new Float64Array(2);
  throws(() => of.phase(two, undefined, 2, out), /Column phase has 1 elements, 2 are asked for/);
  throws(() => of.phase(two, undefined, 1, { ...out, orbitalPhase: two }), /has no orbit/);
});

const EVERYTHING = `F0 29.946923\nF1 -3.77535D-10\nF2 1.1D-20\nPEPOCH 54900.3
WAVEEPOCH 55001\nWAVE_OM 0.02\nWAVE1 0.1 -0.2\nWAVE3 0.01 0.02
GLEP_1 55000.01\nGLPH_1 0.02\nGLF0_1 1e-6\nGLF1_1 -1e-13\nGLF0D_1 1e-7\nGLTD_1 10
GLEP_2 54990\nGLF0_2 1e-6\nGLF0D_2 1e-6\nGLTD_2 0.0005
SIFUNC 2\nIFUNC1 54999 0.1\nIFUNC2 55000.02 0.3\nIFUNC3 55002 -0.2
BINARY DD\nPB 0.3\nA1 2.3\nECC 0.6\nT0 54000\nOM 30\nOMDOT 4\nGAMMA 0.004\nM2 1.4\nSINI 0.7`;

Deno.test("phase() gives the same bits however a column is cut, and in any order", () => {
  fc.assert(fc.property(
    fc.array(
      fc.tuple(
        fc.double({ min: -2e4, max: 2e4, noNaN: true }),
        fc.double({ min: -500, max: 500, noNaN: true }),
      ),
      { minLength: 1, maxLength: 60 },
    ),
    fc.array(fc.nat(60), { maxLength: 5 }),
    (events, cuts) => {
      const times = events.map((one) => one[0]), corrections = events.map((one) => one[1]);
      const whole = turns(predictor(EVERYTHING), times, corrections);
      const of = predictor(EVERYTHING);
      const edges = [...new Set([0, times.length, ...cuts.filter((cut) => cut < times.length)])]
        .sort((a, b) => a - b);
      edges.slice(1).forEach((to, i) => {
        const from = edges[i]!;
        const part = turns(of, times.slice(from, to), corrections.slice(from, to));
        deepStrictEqual(part.phase, whole.phase.slice(from, to));
        deepStrictEqual(part.pulseNumber, whole.pulseNumber.slice(from, to));
      });
      const back = turns(of, times.toReversed(), corrections.toReversed());
      deepStrictEqual(back.phase, whole.phase.toReversed());
    },
  ));
});

Deno.test("phase() is continuous over the edges of cells", () => {
  const of = predictor(EVERYTHING), times: number[] = [];
  for (let k = -20; k < 20; k++) times.push(k * 1024 - 2 ** -30, k * 1024);
  const { phase, pulseNumber } = turns(of, times);
  for (let i = 0; i < times.length; i += 2) {
    const step = pulseNumber[i + 1]! - pulseNumber[i]! + (phase[i + 1]! - phase[i]!);
    near(step, 30 * 2 ** -30, 1.2e-9, `at ${times[i]}`); // 30 Hz within its Doppler shift
  }
});

referenceTest("pulsar.json", "F02", [], ({ inputs, expected, tolerance }) => {
  const days = inputs.days_after_epoch as number[], wanted = expected.phase as number[];
  const glitch = ["GLPH", "GLF0", "GLF1", "GLF0D"].map((key) => `\n${key}_1 ${inputs[key]}`).join(
    "",
  );
  const term = `\nGLEP_1 55000${glitch}\nGLTD_1 ${inputs.GLTD_days}`;
  const found = added("F0 1e-5\nPEPOCH 55000", term, days.map((day) => day * 86400));
  wanted.forEach((phase, i) => near(found[i]!, phase, (tolerance.rel as number) * Math.abs(phase)));
});

Deno.test("phase() splits a cell at a glitch exactly", () => {
  const at = 600.25, day = 55000 + at / 86400, term = `\nGLEP_1 ${day}\nGLPH_1 0.25\nGLF0_1 0.5`;
  const found = added("F0 1\nPEPOCH 55000", term, [at - 0.001, at + 0.001, at + 1, at + 5000]);
  near(found[0]!, 0, 0);
  near(found[1]!, 0.2505, 1e-6);
  near(found[2]!, 0.75, 1e-6);
  near(found[3]!, 2500.25, 1e-5); // the MJD of the glitch is good to 0.6 µs
});

Deno.test("phase() of decaying glitches, slow and fast, agrees with the closed form", () => {
  for (const days of [1e-4, 0.003, 0.02, 0.5, 100]) {
    const tau = days * 86400, times = [1, 100, 700, 3000, 20000, 2e5, 5e6];
    const term = `\nGLEP_1 55000\nGLF0D_1 1e-3\nGLTD_1 ${days}\nGLF2_1 1e-22`;
    const found = added("F0 0.25\nPEPOCH 55000", term, times);
    times.forEach((t, i) =>
      near(
        found[i]!,
        -1e-3 * tau * Math.expm1(-t / tau) + 1e-22 * t ** 3 / 6,
        2e-12 * (1 + tau),
        `${days}`,
      )
    );
  }
});

referenceTest("pulsar.json", "F01", [], ({ inputs, expected, tolerance }) => {
  const waves = (inputs.WAVE as number[][]).map((pair, i) => `\nWAVE${i + 1} ${pair.join(" ")}`);
  const term = `\nWAVEEPOCH ${inputs.WAVEEPOCH}\nWAVE_OM ${inputs.WAVE_OM}${waves.join("")}`;
  const times = (inputs.tdb_mjd as number[]).map((mjd) => (mjd - 55000) * 86400);
  const found = added(`F0 ${inputs.F0}\nPEPOCH 55000`, term, times);
  (expected.phase_cycles as number[]).forEach((phase, i) =>
    near(found[i]!, phase, tolerance.abs as number)
  );
});

Deno.test("phase() of fast whitening harmonics, not expanded, agrees with the closed form", () => {
  const omega = 2 * Math.PI / 1500, times = [0, 10, 400, 1023, 5000];
  const term = `\nWAVE_OM ${omega * 86400}\nWAVE1 0.3 0.1\nWAVE2 -0.2 0`;
  const found = added("F0 2\nPEPOCH 55000", term, times);
  times.forEach((t, i) => {
    const delay = 0.3 * Math.sin(omega * t) + 0.1 * Math.cos(omega * t) -
      0.2 * Math.sin(2 * omega * t);
    near(found[i]!, 2 * delay, 1e-11);
  });
});

Deno.test("phase() of a table interpolates between nodes, in a cell with a node too", () => {
  const table = "\nIFUNC1 54999 1\nIFUNC2 55000 2\nIFUNC3 55001 -2";
  const times = [-2, -1.5, -1, -0.5, -0.001, 0, 0.001, 0.25, 1, 3].map((days) => days * 86400);
  const linear = added("F0 0.5\nPEPOCH 55000", `\nSIFUNC 2 0${table}`, times);
  const wanted = [1, 1, 1, 1.5, 1.999, 2, 1.996, 1, -2, -2];
  wanted.forEach((delay, i) => near(linear[i]!, 0.5 * delay, 1e-9, `linear ${i}`));
  const step = added("F0 0.5\nPEPOCH 55000", `\nSIFUNC 0 0${table}`, times);
  const steps = [1, 1, 1, 1, 1, 2, 2, 2, -2, -2];
  steps.forEach((delay, i) => near(step[i]!, 0.5 * delay, 1e-9, `step ${i}`));
});

Deno.test("phase() is 0 at the reference arrival, glitches and orbit included", () => {
  const text = `${EVERYTHING}\nTZRMJD 55000.015\nTZRSITE @\nTZRFRQ 0`, of = predictor(text);
  const { phase, pulseNumber } = turns(of, [0.015 * 86400]);
  near(phase[0]! + pulseNumber[0]!, 0, 1e-8); // 5e-12 d of the MJD, at 30 Hz
  ok(of.absolute);
});

Deno.test("phase() takes dispersion off the reference arrival, not off photons", () => {
  const text = "F0 1\nPEPOCH 55000\nDM 24.1\nTZRMJD 55000\nTZRSITE @\nTZRFRQ 100";
  const { phase, pulseNumber } = turns(predictor(text), [-10, 0]);
  near(phase[0]! + pulseNumber[0]!, 0, 1e-12); // 24.1 / 2.41e-4 / 1e4 s = 10 s
  near(phase[1]! + pulseNumber[1]!, 10, 1e-12);
});

Deno.test("phase() is relative, and says so, without the barycentric time of a site's arrival", () => {
  const text = "F0 0.5\nPEPOCH 55000\nTZRMJD 54999.9\nTZRSITE pks\nTZRFRQ inf";
  const relative = predictor(text);
  strictEqual(relative.absolute, false);
  match(relative.warnings.join("\n"), /phases are relative: .* site pks/);
  strictEqual(turns(relative, [0.5]).phase[0], 0.25);
  const barycentric: TimeEpoch<"TDB"> = createEpoch([55000, 1 / 86400], "TDB");
  const absolute = predictor(text, { reference: { barycentric } });
  strictEqual(absolute.absolute, true);
  near(turns(absolute, [1.5]).phase[0]!, 0.25, 1e-12);
  throws(
    () => predictor("F0 1\nPEPOCH 55000", { reference: { barycentric } }),
    /no reference arrival/,
  );
});

const PINT = "pulsar/pint/";

referenceTest(
  "pulsar.json",
  "D01",
  [`${PINT}ngc300nicer.par`, `${PINT}ngc300nicer_bary.evt`],
  async (
    { expected, tolerance },
  ) => {
    const model = createTimingModel(
      parsePar(await Deno.readTextFile(dataFile(`${PINT}ngc300nicer.par`))),
    );
    const { list, events } = await readEvents(dataFile(`${PINT}ngc300nicer_bary.evt`));
    const n = events.length, phase = new Float64Array(n);
    createPhasePredictor(model, { epoch: list.epoch }).phase(events.columns.timeS, undefined, n, {
      phase,
    });
    strictEqual(n, expected.n);
    const wanted = [...expected.phases_first5 as number[], ...expected.phases_last3 as number[]];
    [...phase.slice(0, 5), ...phase.slice(-3)].forEach((p, i) =>
      near(p, wanted[i]!, tolerance.phase_abs as number)
    );
    const test = hTest(phaseSums(phase));
    near(test.h, expected.H as number, tolerance.H_abs as number);
    const profile = new Array<number>(20).fill(0);
    for (const p of phase) profile[Math.floor(p * 20)]!++;
    deepStrictEqual(profile, expected.profile20);
  },
);

const J0218 = "J0218_nicer_2070030405_cleanfilt_cut_bary.evt";
referenceTest("pulsar.json", "D03", [`${PINT}PSR_J0218+4232.par`, PINT + J0218], async (
  { expected, tolerance },
) => {
  const par = parsePar(await Deno.readTextFile(dataFile(`${PINT}PSR_J0218+4232.par`)));
  const { list, events } = await readEvents(dataFile(PINT + J0218));
  const n = events.length, phase = new Float64Array(n), orbitalPhase = new Float64Array(n);
  createPhasePredictor(createTimingModel(par), { epoch: list.epoch })
    .phase(events.columns.timeS, undefined, n, { phase, orbitalPhase });
  strictEqual(n, expected.n);
  near(orbitalPhase[0]!, expected.first as number, tolerance.abs as number);
  near(orbitalPhase[n - 1]!, expected.last as number, tolerance.abs as number);
  strictEqual(
    orbitalPhase.every((p, i) => i === 0 || p >= orbitalPhase[i - 1]!),
    expected.monotonic,
  );
});

const BARY = "pulsar/fermi-timeSystem/testTimeCorrectorApp_par1.fits";
referenceTest("pulsar.json", "C05", [BARY], async ({ inputs, expected, tolerance }) => {
  // the barycentred events of the same list, from case C02
  const { list, events } = await readEvents(dataFile(BARY));
  const start = missionEpoch(inputs.epoch_met_tdb as number, list.epoch);
  const pepoch = `${start.mjdDay}${(start.dayS / 86400).toFixed(16).slice(1)}`;
  const par = parsePar(`P0 ${inputs.p0}\nP1 ${inputs.p1}\nPEPOCH ${pepoch}`);
  const n = events.length, phase = new Float64Array(n);
  createPhasePredictor(createTimingModel(par), { epoch: list.epoch })
    .phase(events.columns.timeS, undefined, n, { phase });
  const rows = expected.rows as number[], wanted = expected.phase as number[];
  rows.forEach((row, i) => {
    const error = phase[row]! + (inputs.phi0 as number) + (inputs.offset as number) - wanted[i]!;
    near(error - Math.round(error), 0, tolerance.max_abs_cycles as number);
  });
});
