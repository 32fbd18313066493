import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readOgip } from "../../../src/datasets/mod.ts";
import { readFluxPoints, readLightCurve } from "../../../src/estimators/mod.ts";
import {
  createModelSet,
  createSkyModel,
  powerLaw,
  writeModelsYaml,
} from "../../../src/models/mod.ts";
import { createSkyMap, createWcsGeom, regionValid, writeMap } from "../../../src/maps/mod.ts";
import { openFitsFile } from "../../../src/fits/mod.ts";
import { agrees, dataFile, dataTest, referenceCase } from "../../_tools/data_io.ts";
import { inProcess } from "./_gammarx.ts";
import { withFolder } from "./_observations.ts";

const STORE = "gammapy-data/hess-dl3-dr1";

const crab = (...more: string[]) => [
  "spectrum",
  ...["--datastore", dataFile(STORE)],
  ...["--obs", "23523,23526,23559,23592"],
  ...["--on", "icrs;circle(83.63,22.01,0.11)"],
  ...["--exclusion", "icrs;circle(80.4417,21.2146,0.5)"],
  ...more,
  "--json",
];

interface Document {
  readonly observations: readonly { obsId: string; nOn: number; nOff: number | null }[];
  readonly fit: {
    readonly model: string;
    readonly success: boolean;
    readonly stat: number;
    readonly parameters: Record<string, { value: number; error: number; unit: string }>;
  };
  readonly fluxPoints: { dnde: number[]; isUl: boolean[] };
  readonly lightCurve: { flux: number[][]; timeMinMjd: number[] };
  readonly files: string[];
}

for (const kind of ["pl", "ecpl", "lp"]) {
  dataTest(`gammarx spectrum --model ${kind} finds what the reference finds`, [STORE], async () => {
    const { code, stdout, stderr } = await inProcess(crab("--model", kind));
    strictEqual(code, 0, stderr);
    strictEqual(stdout.trimEnd().split("\n").length, 1);
    const { fit, observations }: Document = JSON.parse(stdout);
    const { expected, tol } = referenceCase("gammapy.json", `spectra.crab_hess.fit.joint.${kind}`);
    agrees(fit.stat, expected.total_stat, tol.total_stat!, "stat");
    for (const [name, { value, error }] of Object.entries(fit.parameters)) {
      if (!(name in expected)) continue;
      agrees(value, expected[name], tol[name]!, name);
      agrees(error, expected[`${name}_err`], tol[`${name}_err`]!, `${name} error`);
    }
    const runs = referenceCase("gammapy.json", "spectra.crab_hess.onoff").expected;
    deepStrictEqual(observations.map((one) => one.nOn), runs.n_on_total);
    ok(fit.success);
  });
}

dataTest("gammarx spectrum --out writes files that read back", [STORE], async () => {
  await withFolder(async (folder) => {
    const { code, stdout, stderr } = await inProcess(crab("--out", folder));
    strictEqual(code, 0, stderr);
    const { fluxPoints, lightCurve, files, observations }: Document = JSON.parse(stdout);
    const dataset = await readOgip(`${folder}/pha_obs23523.fits`);
    strictEqual(dataset.counts.reduce((a, b) => a + b, 0), observations[0]!.nOn);
    using points = await openFitsFile(`${folder}/flux_points.fits`);
    const { norm } = await readFluxPoints(points);
    strictEqual(norm.length, fluxPoints.dnde.length);
    using curve = await openFitsFile(`${folder}/light_curve.fits`);
    strictEqual((await readLightCurve(curve)).points.length, lightCurve.flux.length);
    for (const name of ["sed.svg", "excess.svg", "light_curve.svg"]) {
      ok(files.includes(name));
      match(await Deno.readTextFile(`${folder}/${name}`), /^<svg/);
    }
    deepStrictEqual(
      [...Deno.readDirSync(folder)].map((one) => one.name).sort(),
      files.toSorted(),
    );
  });
});

dataTest("gammarx spectrum --time-bins cuts observations", [STORE], async () => {
  const { stdout } = await inProcess(crab("--time-bins", "10min", "--stacked"));
  const { lightCurve }: Document = JSON.parse(stdout);
  ok(lightCurve.timeMinMjd.length >= 12, String(lightCurve.timeMinMjd.length));
});

dataTest("gammarx spectrum --model takes the model that it wrote", [STORE], async () => {
  await withFolder(async (folder) => {
    const first = await inProcess(crab("--model", "ecpl", "--out", folder));
    const again = await inProcess(crab("--model", `${folder}/model.yaml`));
    strictEqual(again.code, 0, again.stderr);
    const [a, b] = [first, again].map(({ stdout }) => (JSON.parse(stdout) as Document).fit);
    ok(Math.abs(a!.stat - b!.stat) < 1e-6, `${a!.stat} ${b!.stat}`);
    strictEqual(b!.model, "ecpl");
    await Deno.writeTextFile(`${folder}/bad.yaml`, "components:\n- name: a\n  type: SkyModel\n");
    const bad = await inProcess(crab("--model", `${folder}/bad.yaml`));
    strictEqual(bad.code, 2, bad.stderr);
    match(bad.stderr, /bad\.yaml/);
  });
});

dataTest("gammarx spectrum takes a source of several, an exclusion map, a greatest offset", [
  STORE,
], async () => {
  await withFolder(async (folder) => {
    const spectral = powerLaw({ index: 2.5, amplitude: 4e-11 });
    const models = ["crab", "other"].map((name) => createSkyModel({ name, spectral }));
    await Deno.writeTextFile(`${folder}/two.yaml`, writeModelsYaml(createModelSet(models)));
    const model = ["--model", `${folder}/two.yaml`], source = ["--source", "crab"];
    const unnamed = await inProcess(crab(...model));
    strictEqual(unnamed.code, 2, unnamed.stderr);
    match(unnamed.stderr, /2 sources \(crab, other\): name the one in the region with --source/);
    match((await inProcess(crab(...model, "--source", "x"))).stderr, /none is "x"/);

    const geom = createWcsGeom({
      skydir: { lonDeg: 80.4417, latDeg: 21.2146 },
      binszDeg: 0.02,
      widthDeg: 2,
    });
    const excluded = regionValid(geom, {
      kind: "circle",
      frame: "icrs",
      lonDeg: 80.4417,
      latDeg: 21.2146,
      radiusDeg: 0.5,
    });
    const map = createSkyMap(geom, { data: Float64Array.from(excluded, (one) => 1 - one) });
    await writeMap(`${folder}/exclusion.fits`, map);
    const args = [...model, ...source, "--safe", "aeff-max:10+offset-max:1"];
    const plain = await inProcess(crab(...args));
    const masked = await inProcess(crab(...args, "--exclusion", `${folder}/exclusion.fits`));
    strictEqual(masked.code, 0, masked.stderr);
    const [a, b] = [plain, masked].map(({ stdout }) => JSON.parse(stdout) as Document);
    deepStrictEqual(b!.observations, a!.observations);
    const far = await inProcess(crab(...model, ...source, "--safe", "offset-max:0.3"));
    strictEqual(far.code, 1);
    match(far.stderr, /nothing to fit/);
  });
});

dataTest("gammarx spectrum takes the observations that look at the region", [STORE], async () => {
  const args = [
    "spectrum",
    "--datastore",
    dataFile(STORE),
    "--on",
    "icrs;circle(83.63,22.01,0.11)",
  ];
  const { code, stdout, stderr } = await inProcess([...args, "--json"]);
  strictEqual(code, 0, stderr);
  const { observations }: Document = JSON.parse(stdout);
  deepStrictEqual(observations.map((one) => one.obsId).sort(), [
    "23523",
    "23526",
    "23559",
    "23592",
  ]);
  match(stderr, /left out 101 of 105/);
  const other = await inProcess([...args, "--obs", "20136"]);
  strictEqual(other.code, 3);
  match(other.stderr, /deg from the pointing of observation 20136/);
});

dataTest("gammarx spectrum --background irf fits with a known background", [STORE], async () => {
  const { code, stdout, stderr } = await inProcess(crab("--background", "irf"));
  strictEqual(code, 0, stderr);
  const { fit, observations }: Document & { observations: { nOff: unknown }[] } = JSON.parse(
    stdout,
  );
  deepStrictEqual(observations.map((one) => one.nOff), [null, null, null, null]);
  // The background is a model here and a measurement there: one spectrum within a part of its error.
  const { expected } = referenceCase("gammapy.json", "spectra.crab_hess.fit.joint.pl");
  const { value, error } = fit.parameters.index!;
  ok(Math.abs(value - (expected.index as number)) < error, String(value));
});

dataTest("gammarx spectrum says what was wrong with an option", [STORE], async () => {
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ["--model", "powerlaw", /--model "powerlaw"/],
    ["--energy", "10 TeV,1 TeV,5", /--energy/],
    ["--obs", "23523,99", /no observation 99/],
    ["--on", "icrs;polygon(1,1,2,2,1,2)", /found a polygon/],
    ["--safe", "mostly", /--safe "mostly"/],
    ["--background", "wobble", /--background "wobble"/],
    ["--time-bins", "0s", /--time-bins/],
  ];
  for (const [option, value, message] of wrong) {
    const { code, stderr, stdout } = await inProcess(crab(option, value));
    strictEqual(code, 2, `${option} ${value}: ${stderr}`);
    match(stderr, message);
    strictEqual(stdout, "");
  }
});

const VELA = "gammapy-data/cta-1dc";

dataTest("gammarx spectrum --background phase and --phase-bins use the phases of the file", [
  VELA,
], async () => {
  const args = [
    "spectrum",
    ...["--datastore", dataFile(`${VELA}/index/gps`), "--obs", "111630", "--no-containment"],
    ...["--on", "icrs;circle(128.8360635,-45.1764318,0.2)", "--energy", "1 TeV,100 TeV,4"],
    ...["--safe", "energies:1,100", "--phase-bins", "4", "--json"],
  ];
  const run = async (background: string) => {
    const { stdout, stderr } = await inProcess([...args, "--background", background]);
    return JSON.parse(stdout || `{"stderr":${JSON.stringify(stderr)}}`);
  };
  const pulsed = await run("phase:0.5-0.6:0.7-1");
  // On 0.1, off 0.3 of a cycle: counts of Gammapy's own test of this run.
  const [one] = pulsed.observations;
  deepStrictEqual([one.nOn, one.nOff], [28, 57]);
  ok(Math.abs(one.alpha - 1 / 3) < 1e-12);
  const whole = await run("reflected");
  strictEqual(whole.phaseBins.length, 4);
  const total = (name: "nOn" | "nOff") =>
    whole.phaseBins.reduce((n: number, bin: Record<string, number>) => n + bin[name]!, 0);
  deepStrictEqual([total("nOn"), total("nOff")], [
    whole.observations[0].nOn,
    whole.observations[0].nOff,
  ]);
  const bad = await inProcess([...args, "--background", "phase:0.5"]);
  strictEqual(bad.code, 2);
  match(bad.stderr, /expected phase:ON:OFF/);
});
