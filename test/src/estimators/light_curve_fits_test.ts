import assert from "node:assert/strict";
import {
  fluxColumns,
  formatLightCurve,
  type LightCurve,
  lightCurveHdu,
  parseFluxPoints,
  parseLightCurve,
  readLightCurve,
} from "../../../src/estimators/mod.ts";
import {
  asBintable,
  type Card,
  card,
  encodeFits,
  FitsFormatError,
  type HduInput,
  memorySource,
  openFits,
  openFitsFile,
  readNumbers,
} from "../../../src/fits/mod.ts";
import { createTimeAxis } from "../../../src/nddata/mod.ts";
import { convertEpoch, createEpoch, epochMjd } from "../../../src/time/mod.ts";
import { agrees, dataFile, dataTest, referenceTest } from "../../_tools/data_io.ts";

const FILE = "gammapy-data/estimators/pks2155_hess_lc/pks2155_hess_lc.fits";

async function read(hdu: HduInput): Promise<LightCurve> {
  using file = await openFits(memorySource(encodeFits([hdu]), "lc.fits"));
  return await readLightCurve(file);
}

const points = (factor: number) =>
  parseFluxPoints(`# %ECSV 1.0
# ---
# datatype:
# - {name: e_min, unit: TeV, datatype: float64}
# - {name: e_max, unit: TeV, datatype: float64}
# - {name: flux, unit: cm-2 s-1, datatype: float64}
# - {name: flux_err, unit: cm-2 s-1, datatype: float64}
# - {name: counts, datatype: float64}
# - {name: success, datatype: bool}
# meta: {SED_TYPE: flux, UL_CONF: 0.95}
e_min e_max flux flux_err counts success
1.0 3.0 ${factor * 2e-12} 3e-13 ${factor} True
3.0 10.0 ${factor * 1e-12} nan 7.0 False`);

const made: LightCurve = {
  kind: "light-curve",
  time: createTimeAxis({
    epoch: { mjdDay: 53345, dayS: 0, scale: "TT" },
    startS: [21600, 25200, 90000],
    stopS: [25200, 28800, 93600.5],
  }),
  points: [points(1), points(2), points(3)],
};

function same(found: LightCurve, expected: LightCurve): void {
  assert.deepEqual(found.time.epoch, expected.time.epoch);
  // A double of days near MJD 53345 resolves 0.63 µs.
  agrees([...found.time.startS], [...expected.time.startS], { atol: 7e-7 }, "start");
  agrees([...found.time.stopS], [...expected.time.stopS], { atol: 7e-7 }, "stop");
  assert.equal(found.points.length, expected.points.length);
  expected.points.forEach((one, k) => {
    const back = found.points[k]!;
    for (const name of ["norm", "normErr", "refFlux", "counts"] as const) {
      const values = [...one[name]].map((x) => Number.isNaN(x) ? "NaN" : x);
      agrees([...back[name]], values, { rtol: 1e-14 }, name);
    }
    assert.deepEqual(back.reason, one.reason);
    assert.deepEqual(back.isUl, one.isUl);
  });
}

for (const sedType of ["likelihood", "flux"] as const) {
  Deno.test(`readLightCurve() reads back what lightCurveHdu() wrote as ${sedType}`, async () => {
    same(await read(lightCurveHdu(made, { sedType })), made);
  });
  Deno.test(`parseLightCurve() reads back what formatLightCurve() wrote as ${sedType}`, () => {
    same(parseLightCurve(formatLightCurve(made, { sedType })), made);
  });
}

Deno.test("readLightCurve() reads back a curve of one bin of energy", async () => {
  const text = formatLightCurve(made, { sedType: "flux" });
  const one = (line: string) => line.replaceAll(/\[2(,1,1)?\]/g, "[1$1]");
  const cut = text.split("\n").map((line) =>
    line.startsWith("#")
      ? one(line)
      : line.replaceAll(/\[([^,[\]]+),[^[\]]+\]/g, "[$1]").replaceAll(
        /\[(\[\[[^\]]*\]\]),[^ ]*/g,
        "[$1]",
      )
  ).join("\n");
  const single = parseLightCurve(cut);
  assert.equal(single.points[0]!.energy.nBins, 1);
  same(await read(lightCurveHdu(single)), single);
});

dataTest("readLightCurve() reads the flare of PKS 2155-304", [FILE], async () => {
  using file = await openFitsFile(dataFile(FILE));
  const curve = await readLightCurve(file), hdu = asBintable(await file.hdu("FLUXPOINTS"));
  assert.equal(curve.time.nBins, 34);
  const raw = async (name: string) => [...await readNumbers(hdu, name)];
  const first = (name: "norm" | "normErr" | "normErrn" | "normErrp" | "normUl" | "ts" | "stat") =>
    curve.points.map((one) => one[name][0]!);
  assert.deepEqual(first("norm"), await raw("norm"));
  assert.deepEqual(first("normErr"), await raw("norm_err"));
  assert.deepEqual(first("normErrn"), await raw("norm_errn"));
  assert.deepEqual(first("normErrp"), await raw("norm_errp"));
  assert.deepEqual(first("normUl"), await raw("norm_ul"));
  assert.deepEqual(first("ts"), await raw("ts"));
  assert.deepEqual(first("stat"), await raw("stat"));
  const flux = await raw("ref_flux"), norm = await raw("norm");
  agrees(
    curve.points.map((one) => fluxColumns(one, "flux").value[0]),
    norm.map((one, k) => one * flux[k]!),
    { rtol: 1e-15 },
    "flux",
  );
  // Counts stand there dataset by dataset, NaN where a dataset is not of the interval.
  const counts = (await raw("counts")).filter((n) => !Number.isNaN(n)).reduce((a, b) => a + b);
  assert.equal(curve.points.reduce((n, one) => n + one.counts[0]!, 0), counts);
  const { epoch, startS } = curve.time, start = (await raw("time_min"))[33]!;
  assert.equal(epoch.scale, "TT");
  assert.ok(Math.abs(epoch.mjdDay + startS[33]! / 86400 - start) < 1e-11);
  // Ten-minute intervals that touch.
  curve.time.stopS.forEach((stop, k) => assert.ok(Math.abs(stop - startS[k]! - 600) < 2e-6));
  same(await read(lightCurveHdu(curve)), curve);
});

const hdu = (header: Card[], times: readonly [number[], number[]], unit?: string): HduInput => ({
  kind: "bintable",
  header,
  columns: [
    ...["time_min", "time_max"].map((name, i) => ({
      name,
      values: Float64Array.from(times[i]!),
      ...(unit === undefined ? {} : { unit }),
    })),
    {
      name: "e_ref",
      values: new Float64Array(times[0].length * 2).map((_, i) => 1 + i % 2),
      shape: [2],
      unit: "TeV",
    },
    {
      name: "dnde",
      values: new Float64Array(times[0].length * 2).fill(1e-12),
      shape: [2],
      unit: "cm-2 s-1 TeV-1",
    },
  ],
});

Deno.test("readLightCurve() counts from MJDREF in seconds where the header says so", async () => {
  const header = [card("MJDREFI", 51910), card("MJDREFF", 0.5), card("TIMESYS", "TT")];
  const { time } = await read(hdu([...header, card("TIMEUNIT", "s")], [[0], [100]]));
  assert.deepEqual(time.epoch, { mjdDay: 51910, dayS: 0, scale: "TT" });
  assert.deepEqual([...time.startS, ...time.stopS], [43200, 43300]);
  const byColumn = await read(hdu(header, [[0], [100]], "s"));
  assert.deepEqual([...byColumn.time.stopS], [43300]);
});

Deno.test("readLightCurve() brings UTC, the scale where there is none, to TT", async () => {
  const { time } = await read(hdu([], [[57754.25], [57754.5]]));
  assert.equal(time.epoch.scale, "TT");
  // 37 leap seconds and 32.184 s, since 1 January 2017.
  assert.ok(Math.abs(time.startS[0]! - (21600 + 69.184)) < 1e-6);
});

Deno.test("readLightCurve() joins intervals that rounding made overlap, and no others", async () => {
  const tt = [card("TIMESYS", "tt")], step = 1e-6 / 86400;
  const { time } = await read(hdu(tt, [[53345, 53345.5 - step], [53345.5, 53346]]));
  assert.equal(time.startS[1], time.stopS[0]);
  await assert.rejects(read(hdu(tt, [[53345, 53345.4], [53345.5, 53346]])), (error: Error) => {
    assert.ok(error instanceof FitsFormatError);
    assert.match(error.message, /lc\.fits, HDU 1: .*interval 1/);
    return true;
  });
});

Deno.test("readLightCurve() says where the fault is", async () => {
  const faults: readonly [HduInput, RegExp][] = [
    [hdu([card("TIMESYS", "LOCAL")], [[1], [2]]), /TIMESYS: found "LOCAL"/],
    [hdu([], [[50000, NaN], [50001, 50002]]), /"time_min", row 2: found NaN/],
    [hdu([], [[], []]), /found no row/],
    [hdu([], [[50000], [50001]], "TeV"), /lc\.fits, HDU 1/],
    [{ kind: "bintable", columns: [{ name: "e_ref", values: new Float64Array(1) }] }, /"time_min"/],
    [{ kind: "image" }, /found no table/],
  ];
  for (const [wrong, message] of faults) {
    await assert.rejects(read(wrong), (error: Error) => {
      assert.ok(error instanceof FitsFormatError, error.stack);
      assert.match(error.message, message);
      return true;
    });
  }
});

referenceTest("gammapy.json", "variability.pks2155_hess_lc.bin0", [FILE], async (reference) => {
  using file = await openFitsFile(dataFile(FILE));
  const curve = await readLightCurve(file), { expected, tol } = reference;
  const { edges } = curve.points[0]!.energy, { epoch, startS, stopS } = curve.time;
  agrees(curve.time.nBins, expected["n_time"], tol["n_time"]!, "n_time");
  agrees(edges[0], expected["energy_min_TeV"], tol["energy_min_TeV"]!, "energy_min_TeV");
  agrees(edges[1], expected["energy_max_TeV"], tol["energy_max_TeV"]!, "energy_max_TeV");
  // The reference has its times in UTC, the file in TT.
  const utc = (seconds: number) => {
    const instant = createEpoch([epoch.mjdDay, (epoch.dayS + seconds) / 86400], "TT");
    return epochMjd(convertEpoch(instant, "UTC"));
  };
  agrees(utc(startS[0]!), expected["time_min_mjd_first"], { atol: 2e-11 }, "time_min_mjd_first");
  agrees(utc(stopS.at(-1)!), expected["time_max_mjd_last"], { atol: 2e-11 }, "time_max_mjd_last");
  // Gammapy 1.0 does not use the file's ref_flux where there is one bin, but integrates a spectrum through one
  // point: its fluxes are these norms times another constant.
  const flux = expected["flux_cm2s"] as number[], err = expected["flux_err_cm2s"] as number[];
  const [first] = curve.points, scale = flux[0]! / first!.norm[0]!;
  const scaled = (name: "norm" | "normErr") => curve.points.map((one) => one[name][0]! * scale);
  agrees(scaled("norm"), flux, tol["flux_cm2s"]!, "flux_cm2s");
  agrees(scaled("normErr"), err, tol["flux_err_cm2s"]!, "flux_err_cm2s");
});
