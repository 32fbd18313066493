import assert from "node:assert/strict";
import fc from "fast-check";
import { earthState } from "../../../src/sky/_earth.ts";
import {
  airmass,
  altAzToIcrs,
  altAzToIcrsInto,
  altAzToIcrsTimesInto,
  createHorizontalFrame,
  icrsToAltAz,
  icrsToAltAzInto,
  icrsToAltAzTimesInto,
  observatory,
  parallacticAngleDeg,
  separationDeg,
  type SkyColumns,
  zenithIcrs,
} from "../../../src/sky/mod.ts";
import {
  addSeconds,
  convertEpoch,
  createEpoch,
  type EarthOrientation,
  epochMjd,
  localSiderealTimeDeg,
  parseTime,
  shippedEarthOrientation,
} from "../../../src/time/mod.ts";
import { anyPosition, between, uniforms } from "./_arbitraries.ts";
import { goldenAltAz } from "./_golden_altaz_io.ts";

const columns = (n: number): SkyColumns => ({
  lonDeg: new Float64Array(n),
  latDeg: new Float64Array(n),
});

/** Largest separation of two columns of positions, arcsec. */
function apartArcsec(a: SkyColumns, lon: ArrayLike<number>, lat: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < lon.length; i++) {
    const at = { lonDeg: a.lonDeg[i]!, latDeg: a.latDeg[i]! };
    const distance = separationDeg(at, { lonDeg: lon[i]!, latDeg: lat[i]! });
    assert.ok(!Number.isNaN(distance));
    most = Math.max(most, distance * 3600);
  }
  return most;
}

/** The shipped table with the pole in its place of reference. */
function withoutPole(): EarthOrientation {
  const shipped = shippedEarthOrientation(), zeros = new Float64Array(shipped.mjdUtc.length);
  return { ...shipped, poleXArcsec: zeros, poleYArcsec: zeros };
}

Deno.test("icrsToAltAzInto() and back agree with astropy, with and without the pole's place", () => {
  const { cases, tolerance } = goldenAltAz(), bare = withoutPole();
  for (const { site, utc, ra, dec, full, noPole } of cases) {
    const sky = { lonDeg: Float64Array.from(ra), latDeg: Float64Array.from(dec) };
    for (
      const [earth, expected, limit] of [
        [undefined, full, tolerance.fullArcsec],
        [bare, noPole, tolerance.noPoleArcsec],
      ] as const
    ) {
      const frame = createHorizontalFrame({ site, time: parseTime(utc), earth });
      const found = icrsToAltAzInto(sky, { frame, into: columns(ra.length) });
      const apart = apartArcsec(found, expected.az, expected.alt);
      assert.ok(apart < limit, `${site.name} ${utc}: ${apart} arcsec`);
      const from = {
        lonDeg: Float64Array.from(expected.az),
        latDeg: Float64Array.from(expected.alt),
      };
      const back = altAzToIcrsInto(from, { frame, into: from });
      assert.ok(apartArcsec(back, ra, dec) < limit, `${site.name} ${utc}: back`);
      for (const az of found.lonDeg) assert.ok(az >= 0 && az < 360);
    }
  }
});

Deno.test("earthState() is the Earth of the full ephemeris within its stated errors", () => {
  const { clock, tolerance } = goldenAltAz();
  for (const { utc, velocity, helioAu } of clock) {
    const earth = earthState(epochMjd(convertEpoch(parseTime(utc), "TT")));
    const error = Math.hypot(...earth.velocity.map((v, i) => v - velocity[i]!));
    assert.ok(error < tolerance.velocity, `${utc}: ${error}`);
    const r = Math.hypot(...helioAu);
    const turned = Math.hypot(...earth.fromSun.map((e, i) => e - helioAu[i]! / r));
    assert.ok(turned < tolerance.velocityDirection && Math.abs(earth.distanceAu - r) < 1e-4, utc);
  }
});

Deno.test("icrsToAltAz() puts the meridian south, the pole at the latitude, east before it", () => {
  const site = { name: "here", lonDeg: 20, latDeg: 45, heightM: 0 }, time = parseTime("2020-03-20");
  const frame = createHorizontalFrame({ site, time });
  const onMeridian = { lonDeg: localSiderealTimeDeg(time, site), latDeg: 0 };
  const south = icrsToAltAz(onMeridian, frame);
  // precession and aberration since J2000 move it by 0.3 deg
  assert.ok(Math.abs(south.lonDeg - 180) < 0.5 && Math.abs(south.latDeg - 45) < 0.5);
  const later = icrsToAltAz({ ...onMeridian, lonDeg: onMeridian.lonDeg + 30 }, frame);
  assert.ok(later.lonDeg > 100 && later.lonDeg < 180);
  const pole = icrsToAltAz({ lonDeg: 0, latDeg: 90 }, frame);
  assert.ok(Math.abs(pole.latDeg - 45) < 0.2);
});

Deno.test("altAzToIcrs() undoes icrsToAltAz() everywhere but at the Sun", () => {
  const anyTime = between(41400, 64000), anyLat = between(-90, 90), anyLon = between(-180, 180);
  fc.assert(fc.property(anyPosition, anyTime, anyLat, anyLon, (position, mjd, latDeg, lonDeg) => {
    const site = { name: "", lonDeg, latDeg, heightM: 100 };
    const frame = createHorizontalFrame({ site, time: createEpoch([mjd, 0], "TT") });
    const [x, y, z] = frame.fromSun,
      sun = {
        lonDeg: Math.atan2(-y, -x) * 180 / Math.PI,
        latDeg: Math.asin(-z) * 180 / Math.PI,
      };
    if (separationDeg(position, sun) < 0.5) return;
    const back = altAzToIcrs(icrsToAltAz(position, frame), frame);
    assert.ok(separationDeg(back, position) < 1e-9);
  }));
});

Deno.test("icrsToAltAzTimesInto() agrees with the frame of each time, in any order and any cut", () => {
  const n = 700, uniform = uniforms(5), site = observatory("magic");
  const sky = columns(n), timeS = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    sky.lonDeg[i] = 360 * uniform();
    sky.latDeg[i] = Math.asin(2 * uniform() - 1) * 180 / Math.PI;
    timeS[i] = i % 3 === 0 ? 1e9 * uniform() : 1e5 + i * 7;
  }
  for (const scale of ["TT", "TDB"] as const) {
    const epoch = createEpoch([51910, 0.25], scale);
    const found = icrsToAltAzTimesInto(sky, { site, epoch, timeS, into: columns(n) });
    const lon = new Float64Array(n), lat = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const frame = createHorizontalFrame({ site, time: addSeconds(epoch, timeS[i]!) });
      const at = icrsToAltAz({ lonDeg: sky.lonDeg[i]!, latDeg: sky.latDeg[i]! }, frame);
      [lon[i], lat[i]] = [at.lonDeg, at.latDeg];
    }
    const apart = apartArcsec(found, lon, lat);
    assert.ok(apart < 5e-4, `${scale}: ${apart} arcsec`);
    const cut = columns(n);
    for (const [a, b] of [[0, 13], [13, 513], [513, n]] as const) {
      const part = ({ lonDeg, latDeg }: SkyColumns) => ({
        lonDeg: lonDeg.subarray(a, b),
        latDeg: latDeg.subarray(a, b),
      });
      const times = { site, epoch, timeS: timeS.subarray(a, b) };
      icrsToAltAzTimesInto(part(sky), { ...times, into: part(cut) });
    }
    assert.deepEqual(cut, found);
    const back = altAzToIcrsTimesInto(found, { site, epoch, timeS, into: cut });
    assert.ok(apartArcsec(back, sky.lonDeg, sky.latDeg) < 3.6e-6);
  }
});

Deno.test("icrsToAltAzInto() and the times' form pass NaN on, and refuse columns of different length", () => {
  const site = observatory("hess"), epoch = createEpoch([53343, 0], "TT");
  const frame = createHorizontalFrame({ site, time: epoch });
  const sky = {
    lonDeg: Float64Array.of(NaN, 10, 10, 10),
    latDeg: Float64Array.of(10, Infinity, 10, 10),
  };
  const found = icrsToAltAzInto(sky, { frame, into: columns(4) });
  assert.deepEqual([...found.latDeg].map(Number.isNaN), [true, true, false, false]);
  const timeS = Float64Array.of(0, 0, NaN, 0);
  for (const kernel of [icrsToAltAzTimesInto, altAzToIcrsTimesInto]) {
    const at = kernel(sky, { site, epoch, timeS, into: columns(4) });
    assert.deepEqual([...at.lonDeg].map(Number.isNaN), [true, true, true, false]);
    assert.throws(() => kernel(sky, { site, epoch, timeS, into: columns(3) }), TypeError);
    const short = { site, epoch, timeS: timeS.subarray(1), into: columns(4) };
    assert.throws(() => kernel(sky, short), /4 positions and 3 times/);
  }
  assert.throws(() => icrsToAltAzInto(sky, { frame, into: columns(3) }), /one length/);
  const early = createEpoch([41000, 0], "TT");
  assert.throws(() => createHorizontalFrame({ site, time: early }), RangeError);
});

Deno.test("zenithIcrs() is overhead, and parallacticAngleDeg() points to it", () => {
  const site = observatory("hess"), time = parseTime("2004-12-04T20:00:00");
  const frame = createHorizontalFrame({ site, time }), zenith = zenithIcrs(frame);
  // 3e-7 deg: the altitude is an arctangent beside 90 deg
  assert.ok(icrsToAltAz(zenith, frame).latDeg > 90 - 3e-7);
  const lst = localSiderealTimeDeg(time, site);
  for (const hour of [-50, -10, 10, 50]) {
    const position = { lonDeg: lst - hour, latDeg: 22 }, rad = Math.PI / 180;
    // Meeus, eq. 14.1, with the hour angle of J2000 coordinates: precession turns it a little
    const expected = Math.atan2(
      Math.sin(hour * rad),
      Math.tan(site.latDeg * rad) * Math.cos(22 * rad) - Math.sin(22 * rad) * Math.cos(hour * rad),
    ) / rad;
    assert.ok(Math.abs(parallacticAngleDeg(position, frame) - expected) < 0.5);
  }
});

Deno.test("airmass() is 1 at the zenith, near the secant above 30 deg, 38 at the horizon", () => {
  assert.ok(Math.abs(airmass(90) - 1) < 1e-6);
  assert.ok(Math.abs(airmass(45) * Math.sin(Math.PI / 4) - 1) < 0.002);
  assert.ok(Math.abs(airmass(0) - 38.75) < 0.1);
  assert.ok(Number.isNaN(airmass(-0.1)) && Number.isNaN(airmass(NaN)));
});
