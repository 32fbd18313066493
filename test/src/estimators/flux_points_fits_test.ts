import assert from "node:assert/strict";
import fc from "fast-check";
import { createSpectrumDataset } from "../../../src/datasets/mod.ts";
import {
  estimateFluxPoints,
  fluxColumns,
  type FluxPoints,
  fluxPointsHdu,
  formatFluxPoints,
  parseFluxPoints,
  readFluxPoints,
  type ReadFluxPointsOptions,
  type SedType,
} from "../../../src/estimators/mod.ts";
import {
  asBintable,
  card,
  type ColumnInput,
  encodeFits,
  FitsFormatError,
  type HduInput,
  memorySource,
  openFits,
  openFitsFile,
  readNumbers,
} from "../../../src/fits/mod.ts";
import { powerLaw } from "../../../src/models/mod.ts";
import { energyAxis } from "../../../src/nddata/mod.ts";
import { agrees, dataFile, dataTest } from "../../_tools/data_io.ts";

const FOLDER = "gammapy-data/tests/spectrum/flux_points";
const SED_TYPES: readonly SedType[] = ["likelihood", "dnde", "flux", "eflux", "e2dnde"];

const model = powerLaw({ amplitude: 1e-12, index: 2.3 });
const made = estimateFluxPoints([createSpectrumDataset({
  name: "crab",
  energy: energyAxis({ low: 1, high: 100, nBins: 4 }),
  energyTrue: energyAxis({ low: 1, high: 100, nBins: 4, name: "energy_true" }),
  counts: Float64Array.of(90, 18, 2, 0),
  exposureCm2S: Float64Array.of(1e14, 1e14, 2e14, 2e14),
  background: Float64Array.of(1, 0.5, 0.25, 0.1),
})], { model, energyEdgesTeV: [1, 3.1622776601683795, 10, 31.622776601683793, 100] });

async function read(hdu: HduInput, options?: ReadFluxPointsOptions): Promise<FluxPoints> {
  using file = await openFits(memorySource(encodeFits([hdu]), "a.fits"));
  return await readFluxPoints(file, options);
}

const NORMS = ["norm", "normErr", "normErrn", "normErrp", "normUl"] as const;
const EXACT = [
  "ts",
  "sqrtTs",
  "stat",
  "statNull",
  "counts",
  "npred",
  "npredExcess",
  "isUl",
] as const;

function same(found: FluxPoints, expected: FluxPoints, rtol: number): void {
  for (const name of NORMS) {
    agrees([...found[name]], [...expected[name]].map(jsonOf), { rtol }, name);
  }
  for (const name of EXACT) assert.deepEqual([...found[name]], [...expected[name]], name);
  for (const name of ["refDnde", "refFlux", "refEflux"] as const) {
    agrees([...found[name]], [...expected[name]], { rtol: 1e-12 }, name);
  }
  agrees([...found.energy.edges], [...expected.energy.edges], { rtol: 1e-15 }, "edges");
  assert.deepEqual(found.reason, expected.reason);
  assert.ok(Math.abs(found.nSigmaUl - expected.nSigmaUl) < 1e-12);
  assert.equal(found.nSigma, expected.nSigma);
}

const jsonOf = (value: number) => Number.isNaN(value) ? "NaN" : value;

for (const sedType of SED_TYPES) {
  const rtol = sedType === "likelihood" ? 0 : 1e-14;
  Deno.test(`readFluxPoints() reads back what fluxPointsHdu() wrote as ${sedType}`, async () => {
    same(await read(fluxPointsHdu(made, { sedType }), { model }), made, rtol);
  });
  Deno.test(`parseFluxPoints() reads back what formatFluxPoints() wrote as ${sedType}`, () => {
    same(parseFluxPoints(formatFluxPoints(made, { sedType }), { model }), made, rtol);
  });
}

Deno.test("fluxPointsHdu() keeps the standard deviations that errors are of", async () => {
  const two = { ...made, nSigma: 2, nSigmaUl: 3 };
  const back = await read(fluxPointsHdu(two));
  assert.equal(back.nSigma, 2);
  assert.ok(Math.abs(back.nSigmaUl - 3) < 1e-12);
});

dataTest("readFluxPoints() reads fluxes of bins in MeV", [FOLDER], async () => {
  using file = await openFitsFile(dataFile(`${FOLDER}/flux_points.fits`));
  const points = await readFluxPoints(file), hdu = asBintable(await file.hdu(1));
  const flux = await readNumbers(hdu, "flux"), ul = await readNumbers(hdu, "flux_ul");
  assert.equal(points.norm.length, 24);
  const columns = fluxColumns(points, "flux");
  agrees([...columns.value], [...flux].map(jsonOf), { rtol: 1e-14 }, "flux");
  agrees([...columns.ul], [...ul].map(jsonOf), { rtol: 1e-14 }, "flux_ul");
  assert.ok(Math.abs(points.energy.edges[0]! - 1e-4) < 1e-18);
  assert.deepEqual([...points.isUl], [...await readNumbers(hdu, "is_ul")]);
  // One limit of 95 %, as a two-sided interval.
  assert.ok(Math.abs(points.nSigmaUl - 1.959963984540054) < 1e-12);
  const text = await Deno.readTextFile(dataFile(`${FOLDER}/flux_points.ecsv`));
  agrees([...parseFluxPoints(text).norm], [...points.norm].map(jsonOf), { rtol: 1e-10 }, "norm");
});

dataTest("readFluxPoints() reads dN/dE at energies without bins", [FOLDER], async () => {
  using file = await openFitsFile(dataFile(`${FOLDER}/diff_flux_points.fits`));
  const points = await readFluxPoints(file), hdu = asBintable(await file.hdu(1));
  const dnde = (await readNumbers(hdu, "dnde")).map((value) => value * 1e6);
  agrees([...fluxColumns(points, "dnde").value], [...dnde].map(jsonOf), { rtol: 1e-14 }, "dnde");
  assert.ok(points.refFlux.every(Number.isNaN));
  assert.throws(() => fluxPointsHdu(points, { sedType: "flux" }), TypeError);
  const back = await read(fluxPointsHdu(points, { sedType: "dnde" }));
  agrees([...back.norm], [...points.norm].map(jsonOf), { rtol: 1e-14 }, "norm");
  const text = await Deno.readTextFile(dataFile(`${FOLDER}/diff_flux_points.ecsv`));
  agrees([...parseFluxPoints(text).normErr], [...points.normErr], { rtol: 1e-10 }, "norm_err");
});

const column = (name: string, values: number[], unit?: string): ColumnInput => ({
  name,
  values: Float64Array.from(values),
  ...(unit === undefined ? {} : { unit }),
});
const table = (columns: ColumnInput[], header: HduInput["header"] = []): HduInput => ({
  kind: "bintable",
  columns,
  header,
});
const bins = [column("e_min", [1, 2], "TeV"), column("e_max", [2, 4], "TeV")];

Deno.test("readFluxPoints() divides by the model at the reference energy, not at the centre", async () => {
  const eRef = [1.2, 3.5], dnde = eRef.map((e) => 3 * model.dnde(e));
  const points = await read(
    table([...bins, column("e_ref", eRef, "TeV"), column("dnde", dnde, "cm-2 s-1 TeV-1")]),
    { model },
  );
  agrees([...points.norm], [3, 3], { rtol: 1e-15 }, "norm");
  agrees([...points.refDnde], [...points.energy.centers].map(model.dnde), { rtol: 1e-15 }, "ref");
});

Deno.test("readFluxPoints() asks for the model of reference fluxes off the centres", async () => {
  const eRef = [1.2, 3.5],
    hdu = table([
      ...bins,
      column("e_ref", eRef, "TeV"),
      column("ref_dnde", eRef.map(model.dnde), "cm-2 s-1 TeV-1"),
      column("norm", [1, 2]),
    ]);
  await assert.rejects(read(hdu), /column "e_ref", row 1: found 1.2 TeV .* give the model/);
  const points = await read(hdu, { model });
  agrees([...points.refDnde], [...points.energy.centers].map(model.dnde), { rtol: 1e-14 }, "ref");
});

Deno.test("readFluxPoints() takes a limit without a value, or with √TS below 2, for a limit", async () => {
  const points = await read(
    table([
      ...bins,
      column("flux", [NaN, 1e-12], "cm-2 s-1"),
      column("flux_ul", [2e-12, 3e-12], "cm-2 s-1"),
      column("ts", [NaN, 3]),
    ]),
  );
  assert.deepEqual([...points.isUl], [1, 1]);
  const strong = await read(
    table([...bins, column("flux", [1, 1], "cm-2 s-1"), column("flux_ul", [2, 2], "cm-2 s-1")]),
  );
  assert.deepEqual([...strong.isUl], [0, 0]);
});

Deno.test("readFluxPoints() sums counts over datasets and says where a fit failed", async () => {
  const points = await read(table([
    ...bins,
    column("flux", [1, 2], "cm-2 s-1"),
    { name: "counts", values: Float64Array.of(1, NaN, 3, NaN, NaN, NaN), shape: [3] },
    { name: "success", values: Uint8Array.of(1, 0), type: "L" },
  ]));
  assert.deepEqual([...points.counts], [4, NaN]);
  assert.deepEqual(points.reason, ["", "the fit did not succeed"]);
});

const WRONG: readonly [string, HduInput, RegExp][] = [
  ["no energies", table([column("flux", [1], "cm-2 s-1")]), /a\.fits, HDU 1: found columns flux/],
  ["a form that is none", table([...bins], [card("SED_TYPE", "nufnu")]), /SED_TYPE: found "nufnu"/],
  ["no values", table([...bins], [card("SED_TYPE", "flux")]), /found no column "flux"/],
  ["no unit", table([...bins, column("flux", [1, 2])]), /column "flux": found no unit/],
  ["a wrong unit", table([...bins, column("flux", [1, 2], "TeV")]), /column "flux"/],
  [
    "a gap",
    table([
      column("e_min", [1, 3], "TeV"),
      column("e_max", [2, 4], "TeV"),
      column("flux", [1, 2], "cm-2 s-1"),
    ]),
    /column "e_min", row 2: found 3 TeV/,
  ],
  [
    "energies that fall",
    table([
      column("e_ref", [2, 1], "TeV"),
      column("dnde", [1, 2], "cm-2 s-1 TeV-1"),
    ]),
    /energies: .*ascend/,
  ],
  [
    "no rows",
    table([
      column("e_ref", [], "TeV"),
      column("dnde", [], "cm-2 s-1 TeV-1"),
    ]),
    /energies/,
  ],
];

for (const [what, hdu, message] of WRONG) {
  Deno.test(`readFluxPoints() says where the fault is: ${what}`, async () => {
    await assert.rejects(read(hdu), (error: Error) => {
      assert.ok(error instanceof FitsFormatError, error.stack);
      assert.match(error.message, message);
      assert.match(error.message, /^a\.fits/);
      return true;
    });
  });
}

Deno.test("readFluxPoints() names the file, or reads it, whatever bytes are altered or missing", async () => {
  const good = encodeFits([fluxPointsHdu(made)]);
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.nat(good.length),
      fc.boolean(),
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 30 }),
      async (length, truncates, changes) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        const cut = bytes.subarray(0, truncates ? length : bytes.length);
        try {
          using file = await openFits(memorySource(cut, "a.fits"));
          await readFluxPoints(file);
        } catch (error) {
          refused++;
          assert.ok(error instanceof FitsFormatError, (error as Error).stack);
          assert.match(error.message, /a\.fits/);
        }
      },
    ),
    { numRuns: 500 },
  );
  assert.ok(refused > 100, `${refused} of 500 refused`);
});

const ECSV = formatFluxPoints(made, { sedType: "flux" });

Deno.test("parseFluxPoints() says where the fault is", () => {
  const lines = ECSV.split("\n"), header = lines.findIndex((line) => !line.startsWith("#"));
  const changed = (at: number, to: (line: string) => string) =>
    lines.map((line, i) => i === at ? to(line) : line).join("\n");
  const options = { name: "a.ecsv" };
  const faults: readonly [string, RegExp][] = [
    ["", /a\.ecsv: .*expected a first line/],
    [changed(header, (line) => line.replace("e_min", "emin")), /line \d+: found names e_ref, emin/],
    [changed(header + 1, (line) => `${line} 7`), /line \d+: found \d+ values/],
    [changed(header + 2, (line) => line.replace(/^\S+/, "x")), /line \d+, column "e_ref": found x/],
    [changed(2, () => "# datatypes:"), /a\.ecsv: header/],
    [changed(3, () => "# - {name: [e_ref}"), /a\.ecsv: header/],
  ];
  for (const [text, message] of faults) {
    assert.throws(() => parseFluxPoints(text, options), (error: Error) => {
      assert.ok(error instanceof SyntaxError, error.stack);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("parseFluxPoints() reads commas, quotes, comments and empty cells", () => {
  const points = parseFluxPoints(
    [
      "# %ECSV 1.0",
      "# ---",
      "# delimiter: ','",
      "# datatype:",
      "# - {name: e_ref, unit: TeV, datatype: float64}",
      "# - {name: note, datatype: string}",
      "# - name: dnde",
      "#   unit: !astropy.units.Unit {unit: 1 / (cm2 s TeV)}",
      "#   datatype: float32",
      "# - {name: dnde_err, unit: 1 / (cm2 s TeV), datatype: float64}",
      "# meta: !!omap",
      "# - UL_CONF: 0.95",
      "e_ref,note,dnde,dnde_err",
      '1.0,"a, ""b"" c",3e-12,',
      "# a remark",
      "2.0,,inf,nan",
    ].join("\n"),
  );
  assert.deepEqual([...points.normErr], [NaN, NaN]);
  agrees([...points.norm], [3, "Infinity"], { rtol: 1e-15 }, "norm");
  assert.ok(points.nSigmaUl < 2);
});
