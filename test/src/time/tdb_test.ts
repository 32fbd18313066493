import { ok } from "node:assert/strict";
import { convertEpoch, createEpoch, secondsBetween, tdbMinusTtS } from "../../../src/time/mod.ts";
import { agrees, referenceTest } from "../../_tools/data_io.ts";

referenceTest("pulsar.json", "E03", [], (reference) => {
  const days = reference.inputs.jd_tt as number[];
  const found = days.map((jd) => tdbMinusTtS(jd - 2400000.5));
  agrees(found, reference.expected.tdb_minus_tt_s, {
    atol: reference.tolerance.abs_s_127_terms as number,
  }, "TDB - TT");
});

Deno.test("tdbMinusTtS() is within 0.08 microseconds of the full series from 1972 to 2068", async () => {
  const golden = JSON.parse(
    await Deno.readTextFile(new URL("../../golden/tdb_minus_tt.json", import.meta.url)),
  ) as { mjdTt: number[]; tdbMinusTtS: number[]; tolerance: { atol: number } };
  golden.mjdTt.forEach((mjd, i) =>
    agrees(tdbMinusTtS(mjd), golden.tdbMinusTtS[i], golden.tolerance, `MJD ${mjd}`)
  );
});

Deno.test("tdbMinusTtS() swings by 1.7 ms a year about zero", () => {
  let sum = 0, largest = 0;
  for (let day = 0; day < 3652; day++) {
    const value = tdbMinusTtS(55000 + day);
    sum += value;
    largest = Math.max(largest, Math.abs(value));
  }
  ok(Math.abs(sum / 3652) < 3e-5, `mean ${sum / 3652}`);
  ok(largest > 0.00165 && largest < 0.00172, `largest ${largest}`);
});

Deno.test("convertEpoch() adds tdbMinusTtS() to a TT instant", () => {
  const tt = createEpoch([57000, 0.25], "TT"), tdb = convertEpoch(tt, "TDB");
  const gain = secondsBetween(createEpoch([57000, 0.25], "TDB"), tdb);
  ok(Math.abs(gain - tdbMinusTtS(57000.25)) < 2e-11, String(gain));
});
