import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  createIrf,
  createIrfCollection,
  irfsOf,
  type IrfTables,
  readIrfCollection,
  safeRangesTeV,
  safeRangeTeV,
} from "../../../src/irf/mod.ts";
import { createMapAxis, energyAxis } from "../../../src/nddata/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";

const energyTrue = energyAxis({ low: 0.5, high: 20, nBins: 4, name: "energy_true" });
const edispAxes = [energyTrue, createMapAxis("migra", [0.5, 2])];
const tables: IrfTables = {
  aeff: createIrf("aeff", [energyTrue], { data: new Float64Array(4), safeTeV: [0.6, 15] }),
  edisp: undefined,
  psf: undefined,
  bkg: undefined,
  radMax: undefined,
};

Deno.test("safeRangeTeV() is what all tables have in common", () => {
  deepStrictEqual(safeRangeTeV(tables), [0.6, 15]);
  const edisp = createIrf("edisp", edispAxes, {
    data: new Float64Array(4),
    safeTeV: [1, 30],
  });
  deepStrictEqual(safeRangeTeV({ ...tables, edisp }), [1, 15]);
  const late = createIrf("edisp", edisp.axes, { data: new Float64Array(4), safeTeV: [20, NaN] });
  throws(() => safeRangeTeV({ ...tables, edisp: late }), RangeError);
  throws(() => irfsOf(createIrfCollection("event_type", { a: tables }), "b"), /it has a/);
});

const HESS = (id: number) => `gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_0${id}.fits.gz`;
dataTest(
  "readIrfCollection() reads several files by label",
  [HESS(23523), HESS(20136)],
  async () => {
    const files = { hard: dataFile(HESS(23523)), soft: dataFile(HESS(20136)) };
    const irfs = await readIrfCollection("event_class", files);
    deepStrictEqual(irfs.axis.labels, ["hard", "soft"]);
    strictEqual(irfsOf(irfs, "soft").aeff?.kind, "aeff");
    const [hard] = safeRangesTeV(irfs);
    ok(Math.abs(hard![0] - 0.870964) < 1e-5);
  },
);
