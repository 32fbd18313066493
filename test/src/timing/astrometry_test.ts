import { ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { createEpoch } from "../../../src/time/mod.ts";
import { createAstrometry, sourceDirectionInto } from "../../../src/timing/mod.ts";

Deno.test("sourceDirectionInto() counts the proper motion from posEpoch as a straight line", () => {
  const astrometry = createAstrometry({
    raDeg: 0,
    decDeg: 0,
    pmDecMasPerYr: 1000,
    posEpoch: createEpoch([55000, 0], "TDB"),
  });
  const n = new Float64Array(3);
  sourceDirectionInto(astrometry, 55000 + 365.25 * 100, n);
  ok(Math.abs(Math.atan2(n[2]!, n[0]!) - Math.atan(100 * Math.PI / 648000)) < 1e-16);
  ok(Math.abs(Math.hypot(...n) - 1) < 1e-15);
});

Deno.test("sourceDirectionInto() is a unit vector that goes back to right ascension and declination", () => {
  const angle = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
  fc.assert(
    fc.property(angle(179.9), angle(89.9), angle(1e4), angle(1e4), (ra, dec, pmRa, pmDec) => {
      const posEpoch = createEpoch([55000, 0], "TDB"), n = new Float64Array(3);
      const moving = createAstrometry({
        raDeg: ra,
        decDeg: dec,
        pmRaMasPerYr: pmRa,
        pmDecMasPerYr: pmDec,
        posEpoch,
      });
      sourceDirectionInto(moving, 55000, n);
      ok(Math.abs(Math.atan2(n[1]!, n[0]!) * 180 / Math.PI - ra) < 1e-10);
      ok(Math.abs(Math.asin(n[2]!) * 180 / Math.PI - dec) < 1e-9);
      sourceDirectionInto(moving, 55000 + 36525, n);
      ok(Math.abs(Math.hypot(n[0]!, n[1]!, n[2]!) - 1) < 1e-15);
      const far = Math.hypot(pmRa, pmDec) * 100 / 1000 / 3600 * Math.PI / 180;
      const at = new Float64Array(3);
      sourceDirectionInto(moving, 55000, at);
      const moved = Math.hypot(n[0]! - at[0]!, n[1]! - at[1]!, n[2]! - at[2]!);
      ok(Math.abs(moved - 2 * Math.sin(Math.atan(far) / 2)) < 1e-12);
    }),
  );
});

Deno.test("createAstrometry() refuses what is no place", () => {
  throws(() => createAstrometry({ raDeg: NaN, decDeg: 0 }), /raDeg must be finite/);
  throws(() => createAstrometry({ raDeg: 0, decDeg: 91 }), /\[-90, 90\], found 91/);
  throws(() => createAstrometry({ raDeg: 0, decDeg: 1, parallaxMas: -1 }), /negative/);
  throws(() => createAstrometry({ raDeg: 0, decDeg: 1, pmDecMasPerYr: 3 }), /posEpoch/);
});
