import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { createEpoch } from "../../../src/time/mod.ts";
import { parsePolyco, polycoPhase } from "../../../src/timing/mod.ts";
import { dataFile, referenceTest } from "../../_tools/data_io.ts";

const FILE = "pulsar/pint/B1855_polyco.dat";
const BLOCK = "J1 1-Jan-10 0.00 55197.00000000000 3.0 -0.3 -7.2\n" +
  "89379391394.361084 186.5 ao 60 4 1400.0 0.98 0.08\n 1.5D-01 0.0 2.0D-6\n -1.0E-9\n";

referenceTest("pulsar.json", "F10", [FILE], async ({ inputs, expected, tolerance }) => {
  const polyco = parsePolyco(await Deno.readTextFile(dataFile(FILE)), FILE);
  deepStrictEqual([polyco.name, polyco.site, polyco.frequencyMHz], ["1855+09", "ao", 1400]);
  (inputs.mjd as number[]).forEach((mjd, i) => {
    const found = polycoPhase(polyco, createEpoch([mjd, 0], "UTC"));
    const whole = (expected.phase_int as number[])[i]!,
      rest = (expected.phase_frac as number[])[i]!;
    const error = (found.pulseNumber - whole) + (found.phase - rest);
    ok(Math.abs(error) <= (tolerance.phase_abs as number), `phase ${error} from the reference`);
    const ratio = found.frequencyHz / (expected.freq as number[])[i]! - 1;
    ok(Math.abs(ratio) <= (tolerance.freq_rel as number), `frequency ${ratio} from the reference`);
  });
  throws(() => polycoPhase(polyco, createEpoch([55000.8, 0], "UTC")), {
    name: "RangeError",
    message: /MJD 55000.8.* in no span .* 1855\+09: the nearest is 300 minutes about MJD 55000.625/,
  });
  throws(() => polycoPhase(polyco, createEpoch([54999, 0], "UTC")), /in no span/);
  throws(() => polycoPhase(polyco, createEpoch([55002, 0], "UTC")), /in no span/);
});

Deno.test("polycoPhase() is the polynomial, with all digits of the phase", () => {
  const polyco = parsePolyco(BLOCK),
    at = (minutes: number) => polycoPhase(polyco, createEpoch([55197, minutes / 1440], "UTC"));
  const middle = at(0);
  strictEqual(middle.pulseNumber, 89379391394);
  ok(Math.abs(middle.phase - 0.511084) < 1e-14);
  const found = at(10), turns = 0.361084 + 10 * 60 * 186.5 + 0.15 + 2e-4 - 1e-6;
  ok(Math.abs(found.pulseNumber - 89379391394 + found.phase - turns) < 1e-8);
  ok(Math.abs(found.frequencyHz - 186.5 - (4e-5 - 3e-7) / 60) < 1e-12);
});

Deno.test("parsePolyco() names the line of what is wrong", () => {
  throws(() => parsePolyco("", "p.dat"), /p\.dat: expected at least one block/);
  throws(() => parsePolyco("hello", "p.dat"), /p\.dat:1: expected the two lines/);
  throws(() => parsePolyco(BLOCK.replace("186.5", "fast"), "p.dat"), /p\.dat:2: found "fast"/);
  throws(() => parsePolyco(BLOCK.replace(" -1.0E-9\n", ""), "p.dat"), /p\.dat:3: expected 4 coeff/);
  throws(() => parsePolyco(BLOCK.replace("2.0D-6", "x"), "p.dat"), /p\.dat:3: found "x"/);
  throws(
    () => parsePolyco(BLOCK + BLOCK.replace("ao", "gbt"), "p.dat"),
    /p\.dat:5: found J1 at gbt/,
  );
  throws(
    () => parsePolyco(BLOCK.replace("60 4", "60 0"), "p.dat"),
    /found a span of 60 .* 0 coeff/,
  );
});

Deno.test("parsePolyco() throws nothing but SyntaxError", () => {
  const piece = fc.oneof(
    fc.constantFrom("J1", "55197.0", "3.0", "ao", "60", "1", "\n", "-7.2", "1D-3", "x"),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
    try {
      parsePolyco(pieces.join(" "));
    } catch (error) {
      strictEqual((error as Error).name, "SyntaxError");
    }
  }));
});
