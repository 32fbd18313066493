import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import golden from "../../golden/units_scales.json" with { type: "json" };
import {
  formatUnit,
  parseQuantity,
  parseUnit,
  sameDimension,
  unitFactor,
} from "../../../src/units/mod.ts";

const scales = golden.scales as unknown as [text: string, scale: number, dims: number[]][];

Deno.test("parseUnit() agrees with astropy on scale and dimensions", () => {
  for (const [text, scale, dims] of scales) {
    const unit = parseUnit(text);
    ok(
      Math.abs(unit.scale / scale - 1) <= golden.tolerance.rtol,
      `${text}: ${unit.scale} for ${scale}`,
    );
    deepEqual([...unit.dims], dims, text);
  }
});

Deno.test("formatUnit() gives text that means the same, and is stable", () => {
  for (const [text] of scales) {
    const formatted = formatUnit(text);
    equal(formatUnit(formatted), formatted);
    deepEqual(parseUnit(formatted).dims, parseUnit(text).dims, text);
    ok(Math.abs(unitFactor(formatted, text) - 1) < 1e-14, `${text} ${formatted}`);
  }
});

Deno.test("parseUnit() reads what files hold and astropy refuses", () => {
  const same: [string, string][] = [
    ["1/s/MeV/sr", "s-1 MeV-1 sr-1"],
    ["/sr", "sr-1"],
    ["/s/cm^2", "s-1 cm-2"],
    ["Count", ""],
    ["counts", "ct"],
    ["photons cm-2 s-1", "cm-2 s-1"],
    ["cm-2 MeV-1 ph s-1", "cm-2 MeV-1 s-1"],
    ["JY/BEAM", "Jy"],
    ["None", ""],
    ["  TeV  ", "TeV"],
    ["Earth_Radii", "earthRad"],
    ["Gauss", "G"],
    ["percent", "%"],
    ["chan", ""],
    ["TeV-1 sr-1 transit-1", "TeV-1 sr-1"],
    ["degrees", "deg"],
    ["SEC", "s"],
    ["TEV", "TeV"],
    ["cm-2.s-1.TeV-1", "cm-2 s-1 TeV-1"],
    ["µG", "uG"],
    ["cm-2s-1", "cm-2 s-1"],
    ["(cm2 s)-1", "cm-2 s-1"],
    ["m**0.5", "sqrt(m)"],
  ];
  for (const [text, other] of same) equal(unitFactor(text, other), 1, text);
});

Deno.test("parseUnit() keeps powers of ten exact", () => {
  const exact: [string, string, number][] = [
    ["MeV", "TeV", 1e-6],
    ["TeV", "MeV", 1e6],
    ["GeV-1", "TeV-1", 1e3],
    ["MeV-2", "keV-2", 1e-6],
    ["m2", "cm2", 1e4],
    ["km2 s", "m2 s", 1e6],
    ["cm-2 s-1 MeV-1", "m-2 s-1 TeV-1", 1e10],
    ["h", "s", 3600],
    ["d", "h", 24],
    ["deg", "arcsec", 3600],
    ["mas", "arcsec", 1e-3],
    ["ns", "s", 1e-9],
    ["10^-12 erg", "erg", 1e-12],
    ["mJy", "Jy", 1e-3],
  ];
  for (const [from, to, factor] of exact) equal(unitFactor(from, to), factor, `${from} to ${to}`);
});

Deno.test("parseUnit() refuses what is no unit, saying what", () => {
  throws(() => parseUnit("TeVV"), /"TeVV" is not known; near are/);
  throws(() => parseUnit("S"), /"S" is not known/);
  throws(() => parseUnit("log_MeV"), /logarithmic/);
  throws(() => parseUnit("cm-2 s-1)"), /unexpected "\)"/);
  throws(() => parseUnit("1/(cm2 s"), /"\)" is missing/);
  throws(() => parseUnit("cm^"), /a power is missing/);
  throws(() => parseUnit("cm *"), /a unit is missing/);
  throws(() => parseUnit("cm/"), /a unit is missing/);
  throws(() => parseUnit("TeV -1"), /number -1 stands where a unit/);
  throws(() => parseUnit("cm#2"), /unexpected "#"/);
});

Deno.test("unitFactor() names both units and their dimensions where they differ", () => {
  throws(
    () => unitFactor("TeV-1 s-1", "cm2"),
    new TypeError('Cannot convert "TeV-1 s-1" (energy^-1 time^-1) to "cm2" (length^2)'),
  );
  throws(() => unitFactor("deg", ""), /to "" \(dimensionless\)/);
  throws(() => unitFactor("deg2", "deg"), TypeError);
  throws(() => unitFactor("TeV", "Kelvins"), SyntaxError);
});

Deno.test("unitFactor() there and back is 1, and takes units as well as texts", () => {
  fc.assert(
    fc.property(fc.constantFrom(...scales), fc.constantFrom(...scales), ([a], [b]) => {
      if (!sameDimension(a, b)) return;
      ok(Math.abs(unitFactor(a, b) * unitFactor(b, a) - 1) < 1e-14);
      equal(unitFactor(parseUnit(a), parseUnit(b)), unitFactor(a, b));
      equal(unitFactor(a, b), unitFactor(a, b));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("parseUnit() gives frozen records that say what they were read from", () => {
  const unit = parseUnit("10**-3 TeV cm-2");
  ok(Object.isFrozen(unit) && Object.isFrozen(unit.factors) && Object.isFrozen(unit.dims));
  equal(unit.text, "10**-3 TeV cm-2");
  deepEqual(unit.factors.map((f) => [f.name, f.power]), [["TeV", 1], ["cm", -2]]);
  equal(unit.number, 1e-3);
});

Deno.test("formatUnit() writes for files and for people", () => {
  equal(formatUnit("1/(cm2 s TeV)"), "cm-2 s-1 TeV-1");
  equal(formatUnit("TeV-1 cm-2 s-1", "unicode"), "TeV⁻¹ cm⁻² s⁻¹");
  equal(formatUnit("TeV2 TeV-1"), "TeV");
  equal(formatUnit("sqrt(m)"), "m^(1/2)");
  equal(formatUnit("1e-12 erg"), "10**-12 erg");
  equal(formatUnit("1e-12 erg", "unicode"), "10⁻¹² erg");
  equal(formatUnit("2.5 erg"), "2.5 erg");
  equal(formatUnit(""), "");
});

Deno.test("parseQuantity() gives canonical units", () => {
  equal(parseQuantity("500 GeV", "energy"), 0.5);
  equal(parseQuantity("5e3 m", "length"), 5e5);
  equal(parseQuantity("2 min", "time"), 120);
  equal(parseQuantity("30arcmin", "angle"), 0.5);
  equal(parseQuantity("-3.5 deg", "angle"), -3.5);
  equal(parseQuantity("0.1", "dimensionless"), 0.1);
  equal(parseQuantity("1e-12 cm-2 s-1", "m-2 s-1"), 1e-8);
  equal(parseQuantity("0.5e-3TeV", "MeV"), 500);
});

Deno.test("parseQuantity() refuses a missing or wrong unit and what is no number", () => {
  throws(() => parseQuantity("0.5", "energy"), /"0.5" lacks its unit: write "0.5 TeV"/);
  throws(() => parseQuantity("0.5 s", "energy"), TypeError);
  throws(() => parseQuantity("half a TeV", "energy"), SyntaxError);
  throws(() => parseQuantity("5 parsnips", "length"), SyntaxError);
});
