import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { latWeights } from "../../../src/irf/mod.ts";

Deno.test("latWeights() is the published formula", () => {
  const inputs = fc.record({
    energyTeV: fc.double({ min: 1e-5, max: 1, noNaN: true }),
    separationDeg: fc.double({ min: 0, max: 20, noNaN: true }),
    pivot: fc.double({ min: 3, max: 4.5, noNaN: true }),
  });
  fc.assert(fc.property(inputs, ({ energyTeV, separationDeg, pivot }) => {
    const e = energyTeV * 1e6;
    const s = Math.sqrt(5.445 ** 2 * (100 / e) ** (2 * 0.848) + 0.084 ** 2) / 3;
    const shape = (1 + separationDeg ** 2 / (4 * s ** 2)) ** -2;
    const wanted = shape * Math.exp(-(((Math.log10(e) - pivot) / (Math.SQRT2 * 0.5)) ** 2));
    const [found] = latWeights({ energyTeV: [energyTeV], separationDeg: [separationDeg] }, {
      pivot,
    });
    ok(Math.abs(found! - wanted) <= 1e-12 * wanted, `${found} ${wanted}`);
  }));
});

Deno.test("latWeights() refuses columns of different lengths, and passes on NaN", () => {
  throws(() => latWeights({ energyTeV: [1], separationDeg: [] }), /1 energies and 0 separations/);
  throws(() => latWeights({ energyTeV: [], separationDeg: [] }, { pivot: NaN }), /pivot/);
  strictEqual(latWeights({ energyTeV: [NaN], separationDeg: [1] })[0], NaN);
});
