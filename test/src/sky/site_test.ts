import assert from "node:assert/strict";
import { createSite, OBSERVATORIES, observatory, siteFromHeader } from "../../../src/sky/mod.ts";

Deno.test("observatory() knows names in the ways they are written", () => {
  for (const name of ["hess", "HESS", "H.E.S.S.", " hess "]) {
    assert.equal(observatory(name), OBSERVATORIES.hess);
  }
  for (const name of ["ctao_north", "cta_north", "CTAO-North", "CTA North"]) {
    assert.equal(observatory(name), OBSERVATORIES.ctao_north);
  }
  assert.throws(() => observatory("toString"), /Unknown observatory "toString": expected one of/);
});

Deno.test("OBSERVATORIES stand on land, under their names", () => {
  for (const [name, site] of Object.entries(OBSERVATORIES)) {
    assert.equal(site.name, name);
    assert.deepEqual(createSite(site), site);
    assert.ok(site.heightM > 1000 && site.heightM < 5000, name);
  }
  // the four telescopes of La Palma stand within a kilometre
  for (const name of ["magic", "fact", "lst", "ctao_north", "hegra"]) {
    const { lonDeg, latDeg } = observatory(name);
    assert.ok(Math.abs(lonDeg + 17.891) < 0.01 && Math.abs(latDeg - 28.762) < 0.01, name);
  }
});

Deno.test("siteFromHeader() reads ALTITUDE or GEOALT, nothing, or says what is missing", () => {
  const place = { GEOLON: 16.5, GEOLAT: -23.27 };
  assert.equal(siteFromHeader({ ...place, GEOALT: 1835 })?.heightM, 1835);
  assert.equal(siteFromHeader({ ...place, ALTITUDE: 1800, GEOALT: 1835 })?.heightM, 1800);
  assert.equal(siteFromHeader({ TELESCOP: "HESS" }), undefined);
  assert.throws(() => siteFromHeader(place), /GEOALT: found undefined/);
  assert.throws(() => siteFromHeader({ ...place, GEOLAT: "south", ALTITUDE: 1 }), /GEOLAT/);
  assert.throws(() => siteFromHeader({ ...place, GEOLAT: 123, ALTITUDE: 1 }), /latitude 123/);
});
