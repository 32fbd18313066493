import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { encodeFits, type HduInput, memorySource, openFits } from "../../../src/fits/mod.ts";
import { irfHdus, kingPsf, readIrfTables } from "../../../src/irf/mod.ts";
import { irfsOf } from "../../_tools/simulations.ts";

const grid = { trueRangeTeV: [0.1, 10] as const, maxOffsetDeg: 2, binsPerDecade: 5, nOffsets: 4 };
const column = (hdu: HduInput, name: string) => {
  if (hdu.kind !== "bintable") throw new TypeError("no table");
  return hdu.columns.find((one) => one.name === name)! as {
    readonly values: Float64Array;
    readonly shape: readonly number[];
  };
};

Deno.test("irfHdus(): tables hold the formulas at the centres of their bins, in their units", () => {
  const irfs = irfsOf(3, { psf: kingPsf({ sigmaDeg: 0.1, slope: 0.3, gamma: 2.2 }) });
  const [aeff, edisp, psf, bkg] = irfHdus(irfs, grid) as [HduInput, HduInput, HduInput, HduInput];
  deepStrictEqual(column(aeff, "EFFAREA").shape, [4, 10]);
  // The fourth energy and the third offset: 0.1 × 10^0.7 TeV, 1.25 deg.
  const e = 0.1 * 10 ** 0.7, at = 2 * 10 + 3;
  const near = (a: number, b: number) => ok(Math.abs(a / b - 1) < 1e-12, `${a} is not ${b}`);
  near(column(aeff, "EFFAREA").values[at]!, irfs.aeff.areaCm2(e, 1.25) / 1e4);
  near(column(psf, "SIGMA").values[at]!, 0.1 * e ** -0.3);
  near(column(psf, "GAMMA").values[at]!, 2.2);
  const perSr = irfs.bkg.ratePerSPerTeVPerDeg2(e, 1.25) / (Math.PI / 180) ** 2 / 1e6;
  near(column(bkg, "BKG").values[at]!, perSr);
  const { values, shape } = column(edisp, "MATRIX"), [nOffsets, nMigra, nE] = shape;
  deepStrictEqual([nOffsets, nE], [4, 10]);
  let sum = 0;
  for (let m = 0; m < nMigra!; m++) sum += values[(1 * nMigra! + m) * nE! + 3]! * 4.8 / nMigra!;
  ok(Math.abs(sum - 1) < 1e-9, `${sum}`);
});

Deno.test("irfHdus() refuses a point spread function that has no table", () => {
  const irfs = irfsOf(1), psf = { ...irfs.psf, kind: "mine" };
  throws(() => irfHdus({ ...irfs, psf }, grid), /gauss, king/);
});

Deno.test("readIrfTables() reads the tables that are wanted", async () => {
  const hdus = irfHdus(irfsOf(3, { psf: kingPsf({ sigmaDeg: 0.1, slope: 0, gamma: 2 }) }), grid);
  using file = await openFits(memorySource(encodeFits(hdus)));
  const named = (tables: object) =>
    Object.entries(tables).filter(([, one]) => one !== undefined).map(([name]) => name);
  deepStrictEqual(named(await readIrfTables(file)), ["aeff", "edisp", "psf", "bkg"]);
  deepStrictEqual(named(await readIrfTables(file, { only: ["psf", "radMax"] })), ["psf"]);
});
