import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  asBintable,
  headerValue,
  openFitsFile,
  readNumbers,
  verifyChecksum,
} from "../../../src/fits/mod.ts";
import { agrees, dataFile, dataTest, referenceCase } from "../../_tools/data_io.ts";
import { inProcess } from "./_gammarx.ts";
import { withFolder } from "./_observations.ts";

const PINT = "pulsar/pint";
const pint = (name: string) => dataFile(`${PINT}/${name}`);
const J0030 = pint("J0030+0451_P8_15.0deg_239557517_458611204_ft1weights_GEO_wt.gt.0.4.fits");
const SGR = [
  pint("sgr1830kgfilt.evt"),
  "--par",
  pint("sgr1830.par"),
  "--orbit",
  pint("sgr1830.orb"),
];

// deno-lint-ignore no-explicit-any
async function json(...args: string[]): Promise<any> {
  const { code, stdout, stderr } = await inProcess([...args, "--json"]);
  strictEqual(code, 0, stderr);
  strictEqual(stdout.trimEnd().split("\n").length, 1);
  return JSON.parse(stdout);
}

const within = (found: number, wanted: unknown, atol: number, what: string) =>
  ok(Math.abs(found - (wanted as number)) <= atol, `${what}: ${found}, expected ${wanted}`);

dataTest("gammarx ptest and phase of barycentred NICER events give PINT's H and phases (D01)", [
  PINT,
], async () => {
  const { expected } = referenceCase("pulsar.json", "D01");
  const events = [pint("ngc300nicer_bary.evt"), "--par", pint("ngc300nicer.par")];
  const found = await json("ptest", ...events);
  strictEqual(found.n, expected.n);
  within(found.H, expected.H, 1e-4, "H");
  strictEqual(found.HHarmonic, expected.H_harmonic);
  (expected.Z2 as number[]).forEach((z, k) => within(found.Z2[k], z, 1e-4, `Z2_${k + 1}`));
  deepStrictEqual(found.ephemeris, { name: "DE405", source: "header", errorS: null });
  const { first, account, absolute } = await json("phase", ...events, "--print", "5");
  strictEqual(account.used, expected.n);
  ok(absolute);
  (expected.phases_first5 as number[]).forEach((phase, i) =>
    within(first[i].PULSE_PHASE, phase, 2e-8, `phase ${i}`)
  );
  const { counts } = await json("phasogram", ...events, "--bins", "20");
  deepStrictEqual(counts, expected.profile20);
});

dataTest(
  "gammarx ptest of raw NICER events with their orbit gives PINT's H (D05)",
  [PINT],
  async () => {
    const { expected } = referenceCase("pulsar.json", "D05");
    const all = await json("ptest", ...SGR);
    within(all.H, expected.H_all, 0.01, "H of all");
    const cut = await json("ptest", ...SGR, "--time", "59132.78,59132.782");
    strictEqual(cut.n, expected.n_cut);
    within(cut.H, expected.H_cut, 0.01, "H of the part");
    const { first } = await json("phase", ...SGR, "--print", "5");
    (expected.phases_first5 as number[]).forEach((phase, i) =>
      within(first[i].PULSE_PHASE, phase, 1e-7, `phase ${i}`)
    );
    const analytic = await json(
      "ptest",
      ...SGR,
      "--ephem",
      "analytic",
      "--time",
      "59132.78,59132.782",
    );
    within(analytic.H, expected.H_cut, 0.01, "H with the analytic ephemeris");
    strictEqual(analytic.ephemeris.source, "analytic");
  },
);

dataTest("gammarx phase gives the orbital phase of a binary (D03)", [PINT], async () => {
  const { expected } = referenceCase("pulsar.json", "D03");
  const found = await json(
    "phase",
    pint("J0218_nicer_2070030405_cleanfilt_cut_bary.evt"),
    ...["--par", pint("PSR_J0218+4232.par"), "--orbital-phase", "--print", "3361"],
  );
  const phases = found.first.map((row: { ORBIT_PHASE: number }) => row.ORBIT_PHASE);
  strictEqual(phases.length, expected.n);
  within(phases[0], expected.first, 1e-6, "first");
  within(phases.at(-1), expected.last, 1e-6, "last");
  ok(phases.every((x: number, i: number) => i === 0 || x > phases[i - 1]));
});

dataTest("gammarx ptest with weights gives PINT's H of J0030 (D09, D12, D13)", [PINT], async () => {
  const stored = referenceCase("pulsar.json", "D09").expected;
  const weights = ["--weights", "PSRJ0030+0451"];
  const alone = await json("ptest", J0030, ...weights);
  agrees(alone.H, stored.H_weighted ?? stored.H_w, { rtol: 1e-6, atol: 0 }, "H at stored phases");

  const timed = referenceCase("pulsar.json", "D12").expected;
  const par = ["--par", pint("PSRJ0030+0451_psrcat.par")];
  const found = await json("ptest", J0030, ...par, ...weights);
  agrees(found.H, timed.H_weighted_de405, { rtol: 2e-3, atol: 0 }, "weighted H");
  agrees((await json("ptest", J0030, ...par)).H, timed.H_de405, { rtol: 2e-3, atol: 0 }, "H");
  const analytic = await json("ptest", J0030, ...par, ...weights, "--ephem", "analytic");
  agrees(analytic.H, timed.H_weighted_epv00, { rtol: 1e-2, atol: 0 }, "H, analytic ephemeris");

  const simple = referenceCase("pulsar.json", "D13").expected;
  const lat = [...par, "--weights", "lat"];
  const early = await json("ptest", J0030, ...lat, "--time", "50000,55000");
  strictEqual(early.n, simple.n);
  within(early.H, simple.H_weighted, 2, "H with LAT weights");
  const whole = await json("ptest", J0030, ...lat);
  agrees(whole.sumW, simple.sum_w, { rtol: 1e-4, atol: 0 }, "sum of weights");
  agrees(whole.sumW2, simple.sum_w2, { rtol: 1e-4, atol: 0 }, "sum of squares");
});

dataTest(
  "gammarx phase writes a copy that holds phases, and all else as it was",
  [PINT],
  async () => {
    await withFolder(async (folder) => {
      const out = `${folder}/phases.fits`;
      const { first } = await json(
        "phase",
        ...SGR,
        ...["--out", out, "--bary-time", "--pulse-number", "--print", "2"],
      );
      using copy = await openFitsFile(out);
      using old = await openFitsFile(SGR[0]!);
      const table = asBintable(await copy.hdu("EVENTS")),
        before = asBintable(await old.hdu("EVENTS"));
      deepStrictEqual(await verifyChecksum(table), { datasum: "ok", checksum: "ok" });
      const phase = await readNumbers(table, "PULSE_PHASE");
      deepStrictEqual(
        [phase[0], phase[1]],
        first.map((row: { PULSE_PHASE: number }) => row.PULSE_PHASE),
      );
      deepStrictEqual(await readNumbers(table, "TIME"), await readNumbers(before, "TIME"));
      const bary = await readNumbers(table, "BARY_TIME"), time = await readNumbers(table, "TIME");
      ok(bary.every((t, i) => Math.abs(t - time[i]!) < 600));
      strictEqual(headerValue(table.header, "PHEPHEM"), "DE405");
      // The tests of the copy at its own phases are those of the original at the model's.
      const [again, first20] = [await json("ptest", out), await json("ptest", ...SGR)];
      strictEqual(again.H, first20.H);
    });
  },
);

dataTest("gammarx phase, ptest, phasogram say what is missing", [PINT], async () => {
  const wrong: readonly (readonly [string[], RegExp])[] = [
    [["ptest", SGR[0]!, "--par", pint("sgr1830.par")], /give --orbit FILE/],
    [["ptest", SGR[0]!, "--orbit", pint("sgr1830.orb")], /--orbit and --ephem need --par/],
    [["phase", ...SGR], /Give --out FILE/],
    [["phase", ...SGR, "--orbital-phase", "--print", "1"], /no orbit/],
    [["ptest", ...SGR, "--ephem", "DE421"], /--ephem "DE421": expected a JPL kernel/],
    [["ptest", ...SGR, "--weights", "lat"], /no column energyTeV, which --weights needs/],
    [
      [
        "ptest",
        pint("ngc300nicer_bary.evt"),
        "--par",
        pint("ngc300nicer.par"),
        "--ephem",
        "analytic",
      ],
      /times of the barycentre already/,
    ],
  ];
  for (const [args, message] of wrong) {
    const { code, stderr, stdout } = await inProcess(args);
    ok(code === 2 || code === 3, `${args.join(" ")}: ${code} ${stderr}`);
    match(stderr, message);
    strictEqual(stdout, "");
  }
});

const LAT = "pulsar/fermi-periodSearch/testevdata_1day_psearch.fits";

dataTest(
  "gammarx psearch finds PSR B0540-69 in a day of simulated photons (C07)",
  [LAT],
  async () => {
    const { inputs, expected } = referenceCase("pulsar.json", "C07");
    const args = [dataFile(LAT), "--raw", "--f0", "19.8,19.9", "--harmonics", "10"];
    const found = await json("psearch", ...args), [best] = found.candidates;
    const truth = (inputs as { f_center: number }).f_center;
    ok(Math.abs(best.f0 - truth) < 5 * best.f0Error, `${best.f0} ${best.f0Error} ${truth}`);
    // The grid may be half a step off, the maximum is not: at least what the reference has at its centre.
    ok(best.refinedZ2 >= (expected.z2n_max as number) - 1e-3, String(best.refinedZ2));
    ok(best.logPTrials < -200 && found.candidates[6].logPTrials > Math.log(0.1));
    strictEqual(found.tiles, 1);
    // Several passes with less memory give the same candidates.
    const tiled = await json("psearch", ...args, "--max-memory", "5MB");
    ok(tiled.tiles > 2, String(tiled.tiles));
    ok(Math.abs(tiled.candidates[0].f0 - best.f0) < 1e-9);
    strictEqual(tiled.trials, found.trials);
    const slope = await json("psearch", ...args, "--f1=-1e-9,1e-9", "--statistic", "h");
    ok(slope.f1HzPerS.length > 2 && Math.abs(slope.candidates[0].f0 - truth) < 1e-5);
  },
);

dataTest("gammarx psearch brings raw RXTE times to the barycentre (D07)", [PINT], async () => {
  const { expected } = referenceCase("pulsar.json", "D07");
  const events = [pint("B1509_RXTE_short.fits"), "--f0", "6.55,6.65", "--harmonics", "1"];
  const moved = [
    "--par",
    pint("J1513-5908_PKS_alldata_white.par"),
    "--orbit",
    pint("FPorbit_Day6223"),
  ];
  const { candidates: [best] } = await json("psearch", ...events, ...moved);
  // The reference's steps of 0.1 mHz are coarser than the peak is wide.
  ok(Math.abs(best.f0 - (expected.f_max as number)) < 1e-4, String(best.f0));
  ok(best.refinedZ2 >= (expected.max as number), String(best.refinedZ2));
  const wrong: readonly (readonly [string[], RegExp])[] = [
    [events, /Times are not of the barycentre: give --par FILE/],
    [[...events.slice(0, 1), "--f0", "5,4", "--raw"], /--f0 "5,4": expected LOW,HIGH/],
    [[...events, "--raw", "--statistic", "chi"], /--statistic "chi": expected z2 or h/],
    [[...events, "--raw", "--max-memory", "lots"], /--max-memory "lots"/],
  ];
  for (const [args, message] of wrong) {
    const { code, stderr } = await inProcess(["psearch", ...args]);
    strictEqual(code, 2, stderr);
    match(stderr, message);
  }
});

dataTest("gammarx psearch --out and phasogram --out write pictures", [LAT, PINT], async () => {
  await withFolder(async (folder) => {
    const search = await json(
      "psearch",
      dataFile(LAT),
      "--raw",
      "--f0",
      "19.83,19.84",
      "--out",
      folder,
    );
    deepStrictEqual(search.files, ["periodogram.svg", "result.json"]);
    match(await Deno.readTextFile(`${folder}/periodogram.svg`), /^<svg/);
    const { files } = await json("phasogram", J0030, "--weights", "PSRJ0030+0451", "--out", folder);
    ok(files.includes("phasogram.svg"));
    match(await Deno.readTextFile(`${folder}/phasogram.svg`), /Sum of weights per bin/);
  });
});
