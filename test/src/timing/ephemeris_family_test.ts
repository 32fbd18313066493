import { match, strictEqual } from "node:assert/strict";
import { ephemerisFamily, ephemerisWarning } from "../../../src/timing/mod.ts";

Deno.test("ephemerisFamily() knows the families by their numbers", () => {
  const families: Record<string, string[]> = {
    DE200: ["DE118", "DE200", "JPL-DE200"],
    DE405: ["DE403", "DE405", "de410", "DE414", "JPL-DE405", "epv00"],
    DE421: ["DE418", "DE421", " DE423 "],
    DE430: ["DE430", "DE430T", "DE435", "DE436", "DE438"],
    DE440: ["DE440", "de440s", "DE441"],
    INPOP: ["INPOP10a"],
    unknown: ["VSOP87", "", "DE", "DE999"],
  };
  for (const [family, names] of Object.entries(families)) {
    for (const name of names) strictEqual(ephemerisFamily(name).family, family, name);
  }
});

Deno.test("ephemerisWarning() is silent within a family, and states the size between them", () => {
  strictEqual(ephemerisWarning("DE405", "DE405"), undefined);
  strictEqual(ephemerisWarning("DE436", "DE430"), undefined);
  match(ephemerisWarning("DE421", "DE405")!, /made with DE421, DE405 is used: .* 1\.5 to 5\.5 µs/);
  match(ephemerisWarning("DE430", "epv00")!, /3\.5 µs in 2021/);
  match(ephemerisWarning("DE440", "DE405")!, /100 km.*0\.4 ms/);
  match(ephemerisWarning("DE405", "DE441")!, /100 km/);
  match(ephemerisWarning("DE200", "DE405")!, /not aligned with the ICRS/);
  match(ephemerisWarning("VSOP87", "DE405")!, /not known here/);
  strictEqual(ephemerisWarning(undefined, "DE405"), undefined);
  strictEqual(ephemerisWarning(" ", "DE405"), undefined);
});
