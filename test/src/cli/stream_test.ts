import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { encodeFits } from "../../../src/fits/mod.ts";
import { streamConfig } from "../../../src/cli/stream_options.ts";
import { accumulatorOf, columnsOf, pipelineOf } from "../../../src/cli/stream_pipeline.ts";
import { runResumable } from "../../../streams/engines/mod.ts";
import { encodeSnapshot } from "../../../streams/sinks/mod.ts";
import { openSource } from "../../../streams/sources/mod.ts";
import { agrees, dataFile, dataTest, referenceCase } from "../../_tools/data_io.ts";
import { gammarx, inProcess } from "./_gammarx.ts";
import { FLAGS, sameBytes, simulatedFits, withFolder } from "./_observations.ts";

/** The document of `--json`, as far as tests look into it. */
interface Document {
  readonly account: { read: number; used: number; late: number; rejected: Record<string, number> };
  readonly events: Record<string, number | null>;
  readonly observations: number;
  readonly livetimeS: number;
  readonly spectrum: { edgesTeV: number[]; counts: number[]; underflow: number; overflow: number };
  readonly lightcurve: { edgesS: number[]; counts: number[]; livetimeS: number[] };
  readonly map: { shape: number[]; sum: number; outside: Record<string, number> };
  readonly phasogram: { edges: number[]; counts: number[]; outside: number };
  readonly theta2: { counts: number[]; underflow: number; overflow: number };
  readonly files: string[];
  readonly throughputEventsPerS: number;
  readonly peakMemoryBytes: number;
}

/** Runs `gammarx stream … --json` to a good end; the account of its document adds up. */
async function document(...args: string[]): Promise<Document & { readonly stderr: string }> {
  const { code, stdout, stderr } = await inProcess(["stream", ...args, "--json"]);
  strictEqual(code, 0, `${args.join(" ")}: ${stderr}`);
  strictEqual(stdout.trimEnd().split("\n").length, 1, "one document on one line");
  const found: Document = JSON.parse(stdout);
  const { read, used, late, rejected } = found.account;
  strictEqual(read, used + late + sum(Object.values(rejected)), JSON.stringify(found.account));
  strictEqual(found.events.count, used);
  return { ...found, stderr };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

async function withRun(
  test: (run: string, folder: string) => Promise<void>,
  options: Partial<Parameters<typeof simulatedFits>[0]> = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const bytes = simulatedFits({ seed: 1, nEvents: 500, ...options });
    await Deno.writeFile(`${folder}/run.fits`, bytes);
    await test(`${folder}/run.fits`, folder);
  });
}

Deno.test("gammarx stream --json prints one document with all products", async () => {
  await withRun(async (run) => {
    const found = await document(
      run,
      ...["--spectrum", "0.1 TeV,100 TeV,12"],
      ...["--lightcurve", "100s"],
      ...["--map", "width=2 binsz=0.5 energy=1TeV,10TeV,2"],
      ...["--phase-model", "0.1,0,0,53343"],
      ...["--phasogram", "8"],
      ...["--theta2", "83.6,22"],
    );
    deepStrictEqual(found.account, { read: 500, used: 500, late: 0, rejected: {} });
    strictEqual(found.livetimeS, (550 + 400) * (1 - 0.0625));
    strictEqual(found.observations, 1);
    deepStrictEqual(found.map.shape, [2, 4, 4]);
    strictEqual(
      sum(found.spectrum.counts) + found.spectrum.underflow + found.spectrum.overflow,
      500,
    );
    strictEqual(found.spectrum.edgesTeV.length, 13);
    strictEqual(sum(found.lightcurve.counts), 500);
    ok(Math.abs(sum(found.lightcurve.livetimeS) - found.livetimeS) < 1e-9);
    strictEqual(sum(found.phasogram.counts), 500);
    strictEqual(found.map.sum + sum(Object.values(found.map.outside)), 500);
    strictEqual(sum(found.theta2.counts) + found.theta2.overflow, 500);
    deepStrictEqual(found.files, []);
    ok(found.throughputEventsPerS > 0 && found.peakMemoryBytes > 1e6);
    const { energyMinTeV, energyMaxTeV, timeStartS, timeStopS } = found.events;
    ok(energyMinTeV! >= 0.2 - 1e-6 && energyMaxTeV! > energyMinTeV!);
    ok(timeStartS! >= 0 && timeStopS! <= 1000 && timeStartS! < timeStopS!);
    strictEqual(found.stderr, "");
  });
});

Deno.test("gammarx info and check print one JSON document, too", async () => {
  await withRun(async (run, folder) => {
    const info = await inProcess(["info", run, folder, "--json"]);
    strictEqual(info.code, 0, info.stderr);
    const [file, store] = JSON.parse(info.stdout).paths;
    strictEqual(file.events.nEvents, 500);
    strictEqual(file.events.livetimeS, 890.625);
    strictEqual(file.events.gti.n, 2);
    strictEqual(store.total.events, 500);
    match((await inProcess(["info", run])).stdout, /events +500 with timeS/);
    match((await inProcess(["info", folder])).stdout, /1 observations, 500 events/);
    const check = await inProcess(["check", run, "--json"]);
    strictEqual(check.code, 0, check.stderr);
    const { files, errors, faults } = JSON.parse(check.stdout);
    deepStrictEqual([files, errors], [1, 0]);
    ok(Array.isArray(faults));
  });
});

Deno.test("gammarx info gives no date where UTC does not reach, and comes to an end", async () => {
  await withFolder(async (folder) => {
    for (const start of ["1e300", "-1e300", "1e15", "-2e9"]) {
      const bytes = simulatedFits({ seed: 1, nEvents: 5 }), run = `${folder}/run.fits`;
      const at = new TextDecoder("latin1").decode(bytes).indexOf("TSTART  =");
      new TextEncoder().encodeInto(start.padStart(20), bytes.subarray(at + 10, at + 30));
      await Deno.writeFile(run, bytes);
      const { code, stdout, stderr } = await inProcess(["info", run, "--json"]);
      strictEqual(code, 0, stderr);
      const { startUtc, stopUtc } = JSON.parse(stdout).paths[0].events;
      deepStrictEqual([startUtc, stopUtc], [null, "2004-12-04T00:16:40.000"], start);
    }
  });
});

Deno.test("gammarx stream counts rows without a time, and names the first ten of them", async () => {
  const bad = [0, 3, ...Array.from({ length: 20 }, (_, i) => 100 + i), 499];
  await withRun(async (run) => {
    for (const batch of [[], ["--batch-rows", "7"]]) {
      const { account, stderr } = await document(run, ...batch);
      deepStrictEqual(account.rejected, { "bad:nan-time": bad.length });
      const lines = stderr.trimEnd().split("\n");
      strictEqual(lines.length, 11);
      match(lines[0]!, /run\.fits, row 1: bad:nan-time/);
      match(lines[1]!, /run\.fits, row 4: bad:nan-time/);
      match(lines[10]!, /counted, not reported/);
    }
  }, { bad });
});

Deno.test("gammarx stream does without good time intervals, and says so", async () => {
  await withFolder(async (folder) => {
    const whole = simulatedFits({ seed: 1, nEvents: 500 }), run = `${folder}/run.fits`;
    const gti = new TextDecoder("latin1").decode(whole).lastIndexOf("XTENSION");
    await Deno.writeFile(run, whole.subarray(0, gti));
    const { account, livetimeS, stderr } = await document(run, "--lightcurve", "100s");
    deepStrictEqual([account.used, livetimeS], [500, 0]);
    match(stderr, /no table of good time intervals/);
    const refused = await inProcess(["stream", run, "--gti"]);
    strictEqual(refused.code, 3, refused.stderr);
    match(refused.stderr, /brings no good time intervals/);
  });
});

Deno.test("gammarx stream takes negative numbers as values of options", async () => {
  await withRun(async (run) => {
    const { theta2, map } = await document(
      run,
      ...["--theta2", "266.4,-29.0"],
      ...["--map", "center=0,-1 frame=galactic width=4 binsz=1"],
      ...["--offset", "-1,2"],
      ...["--time", "-5s,2000s"],
    );
    strictEqual(sum(theta2.counts), 0);
    strictEqual(map.sum, 0);
    strictEqual((await document(run, "--theta2", "-276.4,22")).theta2.counts.length, 20);
  });
});

Deno.test("gammarx stream understands all forms of time", async () => {
  await withRun(async (run) => {
    const used = async (time: string) => (await document(run, "--time", time)).account.used;
    const expected = await used("100s,400s");
    ok(expected > 100 && expected < 200);
    const mjd = (seconds: number, offsetS: number) =>
      (53343 + (seconds + offsetS) / 86400).toFixed(11);
    for (
      const time of [
        "1e2s,4e2 s",
        "2004-12-04T00:01:40,2004-12-04T00:06:40",
        "2004-12-04T00:01:40Z,2004-12-04T00:06:40Z",
        "2004-12-04T00:01:40 UTC,400s",
        "2004-12-04T00:02:44.184 TT,2004-12-04T00:07:44.184 TT",
        `${mjd(100, 64.184)},${mjd(400, 64.184)}`,
        `${mjd(100, 64.184)} TT,${mjd(400, 0)} UTC`,
        `${mjd(100, 32)} TAI,${mjd(400, 32)} TAI`,
      ]
    ) strictEqual(await used(time), expected, time);
  });
});

Deno.test("gammarx stream selects by every option, and accounts for it", async () => {
  await withRun(async (run) => {
    const cuts: readonly (readonly [args: readonly string[], reason: string])[] = [
      [["--energy", "0.5 TeV,5 TeV"], "cut:energy"],
      [["--energy", "500 GeV,5000 GeV"], "cut:energy"],
      [["--time", "10s,500s"], "cut:time"],
      [["--region", "icrs;circle(83.6,22,1)"], "cut:region"],
      [["--offset", "0.5,1.5"], "cut:offset"],
      [["--gti"], "cut:gti"],
      [["--phase-model", "0.1,0,0,53343", "--phase", "0.2,0.4"], "cut:phase"],
      [["--phase-model", "0.1,0,0,53343", "--phase", "0.9,0.1"], "cut:phase"],
    ];
    for (const [args, reason] of cuts) {
      const { account } = await document(run, ...args);
      ok(
        account.used > 20 && account.rejected[reason]! > 20,
        `${args}: ${JSON.stringify(account)}`,
      );
      deepStrictEqual(Object.keys(account.rejected), [reason]);
    }
  });
});

Deno.test("gammarx stream reads a plain table by the names of its columns", async () => {
  await withFolder(async (folder) => {
    const run = `${folder}/table.fits`, timeS = Float64Array.of(1, 2, NaN, 4);
    await Deno.writeFile(
      run,
      encodeFits([{
        kind: "bintable",
        name: "PHOTONS",
        columns: [{ name: "T", values: timeS }, { name: "E", values: timeS, unit: "GeV" }],
      }]),
    );
    const columns = ["--columns", "timeS=T,energyTeV=E", "--hdu"];
    for (const hdu of ["1", "PHOTONS"]) {
      const { account, events } = await document(run, ...columns, hdu, "--lightcurve", "1s");
      deepStrictEqual([account.read, account.used], [4, 3]);
      strictEqual(events.energyMaxTeV, 0.004);
    }
  });
});

Deno.test("gammarx stream keeps a live stream alive through lines that it cannot use", async () => {
  async function* lines(): AsyncGenerator<Uint8Array> {
    const text = new TextEncoder();
    yield text.encode("nonsense\n");
    await new Promise((wake) => setTimeout(wake, 300));
    yield text.encode(
      '{"timeS":1,"energyTeV":2}\n{"timeS":2,"energyTeV":"high"}\n{"timeS":null}\n',
    );
    yield text.encode(
      '[1]\n{"kind":"heartbeat","timeS":9,"fromS":0,"livetimeS":9}\n{"timeS":5}\n{',
    );
  }
  const args = ["stream", "-", "--epoch", "53343.5", "--spectrum", "1 TeV,10 TeV,1", "--json"];
  const { code, stdout, stderr } = await gammarx(args, lines());
  strictEqual(code, 0, stderr);
  const { account, spectrum, livetimeS }: Document = JSON.parse(stdout);
  deepStrictEqual(account.rejected, { "bad:json": 4, "bad:nan-time": 1 });
  deepStrictEqual([account.used, spectrum.counts[0], livetimeS], [2, 1, 9]);
  match(stderr, /stdin, row 1: bad:json\n.*stdin, row 3: bad:json/);
});

Deno.test("merging the states of two observations gives that of both", async () => {
  await withFolder(async (folder) => {
    const paths = [0, 3000].map((_, i) => `${folder}/run${i}.fits`);
    for (const [i, path] of paths.entries()) {
      await Deno.writeFile(
        path,
        simulatedFits({ seed: i, nEvents: 700, startS: 3000 * i, bad: [1] }),
      );
    }
    await mergesToWhole(paths);
  });
});

const RUNS = ["023523", "023526"].map((id) =>
  `gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_${id}.fits.gz`
);

dataTest(
  "merging the states of two real observations gives that of both",
  RUNS,
  () => mergesToWhole(RUNS.map(dataFile)),
);

/** All but the sums of harmonics and energies, which are rounded, are the same to the last bit. */
async function mergesToWhole(paths: readonly string[]): Promise<void> {
  const first = await openSource(paths), config = streamConfig(FLAGS, first);
  const accumulator = accumulatorOf(config);
  const stateOf = async (places: readonly string[]) => {
    const source = (await openSource(places)).withColumns(columnsOf(config));
    return (await runResumable(source, pipelineOf(config), accumulator)).state;
  };
  const whole = await stateOf(paths);
  first.close();
  const merged = accumulator.create();
  for (const path of paths) accumulator.merge(merged, await stateOf([path]));
  const [found, expected] = [merged, whole].map((state) => accumulator.result(state));
  for (
    const part of ["account", "exposure", "spectrum", "lightcurve", "phasogram", "theta2"] as const
  ) {
    deepStrictEqual(found![part], expected![part], part);
  }
  deepStrictEqual(found!.map!.values.data, expected!.map!.values.data);
  strictEqual(found!.events.count, expected!.events.count);
  strictEqual(found!.phaseSums!.n, expected!.phaseSums!.n);
  for (const sums of ["cos", "sin"] as const) {
    found!.phaseSums![sums].forEach((value, k) =>
      ok(Math.abs(value - expected!.phaseSums![sums][k]!) < 1e-9, `${sums} ${k}`)
    );
  }
  const bytes = encodeSnapshot({}, accumulator.snapshot(accumulator.create()));
  ok(!sameBytes(bytes, encodeSnapshot({}, accumulator.snapshot(whole))));
}

dataTest(
  "gammarx stream of all of H.E.S.S. DR1 gives its observations, events and live time",
  ["../reference/gammapy.json", "gammapy-data/hess-dl3-dr1/hdu-index.fits.gz"],
  async () => {
    const { expected, tol } = referenceCase("gammapy.json", "events.hess_dr1.total");
    const { account, observations, livetimeS } = await document(
      dataFile("gammapy-data/hess-dl3-dr1"),
      ...["--spectrum", "0.1 TeV,100 TeV,24", "--lightcurve", "1 d"],
    );
    strictEqual(observations, expected.n_obs);
    strictEqual(account.used, expected.n_events);
    agrees(livetimeS, expected.live_time_s, tol.live_time_s ?? { rtol: 1e-9 }, "live time");
  },
);

/** Real files of every instrument, each with options that suit it. */
interface Instrument {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly reference?: string;
}

const INSTRUMENTS: readonly Instrument[] = [
  {
    name: "CTA 1DC",
    path: "gammapy-data/cta-1dc/data/baseline/gps/gps_baseline_110380.fits",
    args: [
      ...[
        "--map",
        "center=0,-1 frame=galactic proj=CAR width=6,4 binsz=0.05 energy=0.1TeV,10TeV,2",
      ],
      ...["--spectrum", "10 GeV,100 TeV,40", "--lightcurve", "5 min", "--theta2", "266.4,-29.0"],
    ],
    reference: "events.cta1dc.110380",
  },
  {
    name: "MAGIC",
    path: "gammapy-data/magic/rad_max/data/20131004_05029747_DL3_CrabNebula-W0.40+035.fits",
    args: ["--map", "width=3 binsz=0.1", "--spectrum", "50 GeV,50 TeV,12", "--lightcurve", "60s"],
    reference: "events.magic.5029747",
  },
  {
    name: "HAWC",
    path: "gammapy-data/hawc/crab_events_pass4/events/EventList_Crab_fHitbin5GP.fits.gz",
    args: ["--map", "center=83.63,22.01 width=6 binsz=0.1", "--spectrum", "0.5 TeV,300 TeV,8"],
    reference: "events.hawc.5GP",
  },
  {
    name: "Fermi FT1",
    path: "gammapy-data/fermi-3fhl-gc/fermi-3fhl-gc-events.fits.gz",
    args: [
      ...["--map", "center=0,0 frame=galactic proj=CAR width=10 binsz=0.1"],
      ...["--spectrum", "10 GeV,2 TeV,11", "--lightcurve", "30 d"],
    ],
  },
  {
    name: "Fermi FT1 with event types",
    path: "pulsar/pint/J0030+0451_P8_15.0deg_239557517_458611204_ft1weights_GEO_wt.gt.0.4.fits",
    args: [
      "--map",
      "center=7.6,4.86 width=10 binsz=0.5",
      "--event-type",
      "0b11",
      "--phasogram",
      "16",
    ],
  },
  {
    name: "CTA 1DC with phases",
    path: "gammapy-data/cta-1dc/data/baseline/gps/gps_baseline_111630.fits",
    args: ["--phasogram", "20", "--map", "width=4 binsz=0.1 phase=4", "--phase", "0.1,0.6"],
  },
  {
    name: "Fermi FT1 with phases",
    path: "pulsar/fermi-periodSearch/testevdata_1day_unordered_phase.fits",
    args: ["--phasogram", "10"],
  },
  {
    name: "RXTE",
    path: "pulsar/pint/B1509_RXTE_short.fits",
    args: ["--lightcurve", "10s", "--phase-model", "6.6,0,0,55000", "--phasogram", "16"],
  },
  {
    name: "NICER, barycentred",
    path: "pulsar/pint/ngc300nicer_bary.evt",
    args: [
      "--lightcurve",
      "1000s",
      "--phase-model",
      "0.0315,0,0,58000",
      "--phasogram",
      "16",
      "--gti",
    ],
  },
];

for (const { name, path, args, reference } of INSTRUMENTS) {
  const needs = reference === undefined ? [path] : ["../reference/gammapy.json", path];
  dataTest(`gammarx stream reads ${name}`, needs, async () => {
    const found = await document(dataFile(path), ...args);
    ok(found.account.used > 0, JSON.stringify(found.account));
    if (args.includes("--phasogram")) {
      strictEqual(sum(found.phasogram.counts) + found.phasogram.outside, found.account.used);
    }
    if (args.includes("--map")) ok(found.map.sum > 0, JSON.stringify(found.map));
    if (reference === undefined) return;
    const { expected } = referenceCase("gammapy.json", reference);
    strictEqual(found.account.read, expected.n_events);
    agrees(found.events.energyMinTeV, expected.energy_min_TeV, { rtol: 1e-7 }, "least energy");
    agrees(found.events.energyMaxTeV, expected.energy_max_TeV, { rtol: 1e-7 }, "greatest energy");
  });
}
