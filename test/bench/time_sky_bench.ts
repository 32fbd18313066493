/** Benches of time, horizontal and field-of-view coordinates; the Galactic ones stand for scale. */
import {
  altAzToIcrsInto,
  altAzToIcrsTimesInto,
  createHorizontalFrame,
  icrsToAltAzInto,
  icrsToAltAzTimesInto,
  icrsToGalacticInto,
  observatory,
  skyToFovInto,
} from "../../src/sky/mod.ts";
import { createEpoch, gastDeg, parseTime, ut1MinusUtcS } from "../../src/time/mod.ts";

const N = 1 << 18, site = observatory("hess"), epoch = createEpoch([53343, 0.9], "TT");
let seed = 1;
const uniform = (): number => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;

/** Positions of a field of 5 deg about the Crab, and all over the sky. */
const fields = {
  "a field": {
    lonDeg: Float64Array.from({ length: N }, () => 81 + 5 * uniform()),
    latDeg: Float64Array.from({ length: N }, () => 20 + 5 * uniform()),
  },
  "the whole sky": {
    lonDeg: Float64Array.from({ length: N }, () => 360 * uniform()),
    latDeg: Float64Array.from({ length: N }, () => Math.asin(2 * uniform() - 1) * 180 / Math.PI),
  },
};
const timeS = Float64Array.from({ length: N }, (_, i) => i * 0.01);
const into = { lonDeg: new Float64Array(N), latDeg: new Float64Array(N) };
const frame = createHorizontalFrame({ site, time: epoch });

for (const [name, sky] of Object.entries(fields)) {
  const group = `2^18 positions of ${name}`;
  Deno.bench(`ICRS to Galactic, ${name}`, { group, baseline: true }, () => {
    icrsToGalacticInto(sky, into);
  });
  Deno.bench(`ICRS to AltAz at one time, ${name}`, { group }, () => {
    icrsToAltAzInto(sky, { frame, into });
  });
  Deno.bench(`AltAz to ICRS at one time, ${name}`, { group }, () => {
    altAzToIcrsInto(sky, { frame, into });
  });
  Deno.bench(`ICRS to AltAz, a time each, ${name}`, { group }, () => {
    icrsToAltAzTimesInto(sky, { site, epoch, timeS, into });
  });
  Deno.bench(`AltAz to ICRS, a time each, ${name}`, { group }, () => {
    altAzToIcrsTimesInto(sky, { site, epoch, timeS, into });
  });
  Deno.bench(`field-of-view coordinates, ${name}`, { group }, () => {
    skyToFovInto(sky, { pointing: { lonDeg: 83.633, latDeg: 22.514 }, into });
  });
}

Deno.bench("a horizontal frame", () => void createHorizontalFrame({ site, time: epoch }));
Deno.bench("UT1 - UTC", () => void ut1MinusUtcS(epoch));
Deno.bench("sidereal time", () => void gastDeg(epoch));
Deno.bench("reading an ISO time", () => void parseTime("2004-12-04T22:10:00.123456"));
