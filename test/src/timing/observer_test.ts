import { ok, strictEqual, throws } from "node:assert/strict";
import { createEpoch } from "../../../src/time/mod.ts";
import { siteObserver, sitePositionInto } from "../../../src/timing/mod.ts";
import { observatory } from "../../../src/sky/mod.ts";
import { agrees } from "../../_tools/data_io.ts";

const C_M_S = 299792458;

function groundOf(site: Parameters<typeof siteObserver>[0]) {
  const observer = siteObserver(site);
  if (observer.kind !== "site") throw new Error(observer.kind);
  return observer.site;
}

Deno.test("sitePositionInto() is astropy's place and velocity along GCRS axes", async () => {
  const golden = JSON.parse(
    await Deno.readTextFile(new URL("../../golden/site_position.json", import.meta.url)),
  ) as {
    tolerance: { positionM: number; velocityMS: number };
    places: {
      name: string;
      lonDeg: number;
      latDeg: number;
      heightM: number;
      mjdUtc: number;
      positionM: number[];
      velocityMS: number[];
    }[];
  };
  const out = new Float64Array(6);
  for (const place of golden.places) {
    const day = Math.floor(place.mjdUtc);
    const epoch = createEpoch([day, place.mjdUtc - day], "UTC");
    sitePositionInto(groundOf(place), epoch, out);
    const found = Array.from(out, (x) => x * C_M_S), where = `${place.name} ${place.mjdUtc}`;
    agrees(found.slice(0, 3), place.positionM, { atol: golden.tolerance.positionM }, where);
    agrees(found.slice(3), place.velocityMS, { atol: golden.tolerance.velocityMS }, where);
  }
});

Deno.test("sitePositionInto() keeps the distance from the Earth's centre, and turns eastward", () => {
  const site = groundOf(observatory("veritas")), out = new Float64Array(6);
  const r = Math.hypot(site.xM, site.yM, site.zM);
  for (let hour = 0; hour < 48; hour++) {
    sitePositionInto(site, createEpoch([57000, hour / 24], "TT"), out);
    ok(Math.abs(Math.hypot(out[0]!, out[1]!, out[2]!) * C_M_S - r) < 1e-3);
    ok(out[0]! * out[4]! - out[1]! * out[3]! > 0);
    const speed = Math.hypot(out[3]!, out[4]!, out[5]!) * C_M_S;
    const expected = 7.2921159e-5 * Math.hypot(site.xM, site.yM);
    ok(Math.abs(speed - expected) < 0.01, `${speed} ${expected}`);
  }
});

Deno.test("siteObserver() takes geodetic places and those of the ITRF, and refuses NaN", () => {
  const equator = groundOf({ name: "e", lonDeg: 90, latDeg: 0, heightM: 100 });
  ok(Math.abs(equator.xM) < 1e-9 && equator.yM === 6378237 && equator.zM === 0);
  const pole = groundOf({ name: "p", lonDeg: 0, latDeg: 90, heightM: 0 });
  ok(Math.abs(pole.zM - 6356752.314245) < 1e-6, String(pole.zM));
  strictEqual(groundOf({ name: "x", xM: 1, yM: 2, zM: 3 }).yM, 2);
  throws(() => siteObserver({ name: "bad", xM: NaN, yM: 0, zM: 0 }), /Site "bad"/);
});
