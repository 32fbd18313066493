import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { createEpoch, parseIers, readIers, ut1MinusUtcS } from "../../../src/time/mod.ts";

// Lines of files of the IERS, each in its form.
const FINALS_B =
  "20 1 1 58849.00 I  0.076577 0.000032  0.282336 0.000027  I-0.1771554 0.0000055  0.4379 0.0061  I     0.489    0.403     0.146    0.117  0.076606  0.282327 -0.1771303     0.303     0.055  ";
const FINALS_A =
  "26 9 7 61290.00 I  0.202462 0.000090  0.335244 0.000091  I 0.0006878 0.0000181  0.3316 0.0129  P     0.015    0.128     0.114    0.160";
const FINALS_P = "261226 61400.00 P  0.080231 0.008285  0.354802 0.011039  P-0.1132240 0.0091911";
const FINALS_EMPTY = "271113 61722.00";
const C04_20 =
  "2020   1   1   0  58849.00    0.076614    0.282309  -0.1771665    0.000358   -0.000007   -0.001685    0.000430   0.0004417    0.000071    0.000050   0.0000159    0.000082    0.000063    0.000081    0.000095   0.0000550";
const C04_14 =
  "2022  11  28  59911   0.153168   0.190278  -0.0193141  -0.0001633   0.000308  -0.000086   0.000032   0.000022  0.0000094  0.0000065    0.000067    0.000051";

Deno.test("parseIers() reads finals2000A: Bulletin B before A, and predictions as such", () => {
  const text = [FINALS_B, FINALS_A, FINALS_P, FINALS_EMPTY, ""].join("\r\n");
  const table = parseIers(text, { source: "finals2000A.all" });
  deepStrictEqual([...table.mjdUtc], [58849, 61290, 61400]);
  deepStrictEqual([...table.ut1MinusTaiS], [-0.1771303, 0.0006878, -0.113224].map((x) => x - 37));
  deepStrictEqual([...table.poleXArcsec], [0.076606, 0.202462, 0.080231]);
  deepStrictEqual([...table.poleYArcsec], [0.282327, 0.335244, 0.354802]);
  strictEqual(table.measuredUntilMjd, 61290);
  strictEqual(ut1MinusUtcS(createEpoch([61290, 0], "UTC"), table).source, "file");
  const predicted = ut1MinusUtcS(createEpoch([61400, 0], "UTC"), table);
  strictEqual(predicted.source, "prediction");
  ok(predicted.errorS >= 0.0091911);
});

Deno.test("parseIers() reads both forms of C04, with comments and what stands before the days", () => {
  const new20 = parseIers(`# EOP (IERS) 20 C04\n${C04_20}\n`);
  deepStrictEqual([new20.mjdUtc[0], new20.poleXArcsec[0], new20.poleYArcsec[0]], [
    58849,
    0.076614,
    0.282309,
  ]);
  ok(Math.abs(new20.ut1MinusTaiS[0]! + 37.1771665) < 1e-12);
  ok(Math.abs(new20.errorS[0]! - 0.00025 - 0.0000159) < 1e-12);
  const old14 = parseIers(`   EARTH ORIENTATION PARAMETER\n  (0h UTC)\n\n${C04_14}\n`);
  deepStrictEqual([old14.mjdUtc[0], old14.poleYArcsec[0]], [59911, 0.190278]);
  ok(Math.abs(old14.ut1MinusTaiS[0]! + 37.0193141) < 1e-12);
  ok(Math.abs(old14.errorS[0]! - 0.00025 - 0.0000094) < 1e-12);
});

Deno.test("parseIers() names line and column of what it cannot read", () => {
  const bad = (from: string, to: string, line: string) => line.replace(from, to);
  const at = (text: string, expected: RegExp) =>
    throws(() => parseIers(text, { source: "eop.txt" }), expected);
  at(
    bad("-0.1771665", "-0.17x1665", C04_20),
    /^SyntaxError: eop.txt, line 1, column 53: found "-0.17x1665"/,
  );
  at(`${C04_20}\n${bad(" 0.076614", "", C04_20)}`, /line 2, column 1: found 20 numbers/);
  at(`${FINALS_B}\n${bad("I-0.17", "X-0.17", FINALS_B)}`, /line 2, column 58: found "X"/);
  at(bad("0.0006878", "0.00O6878", FINALS_A), /line 1, column 59: found "0.00O6878".*UT1-UTC/);
  at(`${C04_20}\n${C04_20}`, /MJD 58849 stands behind MJD 58849/);
  at("nothing of this kind", /found no line/);
  at("", /found no line/);
});

Deno.test("readIers() reads a file, and names it", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, C04_14);
    strictEqual((await readIers(path)).source, path);
    await Deno.writeTextFile(path, "no table");
    await rejects(readIers(path), new RegExp(`${path}: found no line`));
  } finally {
    await Deno.remove(path);
  }
});
