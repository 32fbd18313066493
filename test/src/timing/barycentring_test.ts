import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { asBintable, openFitsFile, readNumbers } from "../../../src/fits/mod.ts";
import {
  addSeconds,
  convertEpoch,
  createEpoch,
  DAY_S,
  tdbMinusTtS,
} from "../../../src/time/mod.ts";
import {
  analyticEphemeris,
  BARYCENTRE,
  type Barycentring,
  type BarycentringOptions,
  createAstrometry,
  createBarycentring,
  createOrbit,
  embeddedEphemeris,
  type Ephemeris,
  GEOCENTRE,
  geocentricCorrectionS,
  orbitObserver,
  readEphemeris,
  readOrbit,
  siteObserver,
  sourceDirectionInto,
  timeReference,
} from "../../../src/timing/mod.ts";
import { agrees, dataFile, referenceTest } from "../../_tools/data_io.ts";

const AU_LS = 499.00478383615643, SUN_S = 4.92549094764e-6;
const FERMI = "pulsar/fermi-timeSystem", DE405 = "pulsar/ephem/de405_2000_2040.bsp";
const RAW = `${FERMI}/testevdata_1day_unordered.fits`, ORBIT = `${FERMI}/testscdata_1day.fits`;
const BARY = `${FERMI}/testTimeCorrectorApp_par1.fits`;
const GEO = `${FERMI}/testTimeCorrectorApp_par2.fits`;
const EPOCH = createEpoch([55000, 0], "TT");

async function eventsOf(path: string) {
  using fits = await openFitsFile(dataFile(path));
  const hdu = asBintable(await fits.hdu("EVENTS"));
  return { reference: timeReference(hdu.header), timeS: await readNumbers(hdu, "TIME") };
}

/** Largest difference of times and corrections from the times that the other tool wrote. */
function worst(timeS: Float64Array, corrections: Float64Array, expected: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < timeS.length; i++) {
    largest = Math.max(largest, Math.abs(timeS[i]! - expected[i]! + corrections[i]!));
  }
  return largest;
}

function corrections({ correctionS }: Barycentring, timeS: Float64Array, epoch = EPOCH) {
  const out = new Float64Array(timeS.length);
  correctionS(epoch, timeS, timeS.length, out);
  return out;
}

referenceTest("pulsar.json", "C01", [RAW, ORBIT, GEO], async (reference) => {
  const { ra, dec } = reference.inputs as { ra: number; dec: number };
  const events = await eventsOf(RAW), expected = await eventsOf(GEO);
  const orbit = await readOrbit(dataFile(ORBIT)), out = new Float64Array(events.timeS.length);
  deepStrictEqual(expected.reference.epoch, events.reference.epoch);
  geocentricCorrectionS(
    { observer: orbitObserver(orbit), astrometry: createAstrometry({ raDeg: ra, decDeg: dec }) },
    events.reference.epoch,
    events.timeS,
    out.length,
    out,
  );
  const limit = reference.tolerance.max_abs_s as number;
  const error = worst(events.timeS, out, expected.timeS);
  ok(error <= limit, `${error} s`);
  (reference.expected.rows as number[]).forEach((row, i) =>
    agrees(events.timeS[row]! + out[row]!, (reference.expected.time_geo as number[])[i], {
      atol: limit,
    }, `row ${row}`)
  );
});

referenceTest("pulsar.json", "C02", [RAW, ORBIT, BARY, DE405], async (reference) => {
  const { ra, dec } = reference.inputs as { ra: number; dec: number };
  const events = await eventsOf(RAW), expected = await eventsOf(BARY);
  const observer = orbitObserver(await readOrbit(dataFile(ORBIT)));
  const astrometry = createAstrometry({ raDeg: ra, decDeg: dec });
  const limit = reference.tolerance.max_abs_s_with_DE405_kernel as number;
  const all: [Ephemeris, number][] = [
    [await readEphemeris(dataFile(DE405)), limit],
    [await embeddedEphemeris(), limit],
    [analyticEphemeris(), reference.tolerance.max_abs_s_with_epv00 as number],
  ];
  for (const [ephemeris, most] of all) {
    for (const shapiro of ["angle", "distance"] as const) {
      const bary = createBarycentring({ ephemeris, observer, astrometry, shapiro });
      const out = corrections(bary, events.timeS, events.reference.epoch as typeof EPOCH);
      const error = worst(events.timeS, out, expected.timeS);
      ok(error <= most, `${ephemeris.source}, Shapiro by ${shapiro}: ${error} s`);
    }
  }
});

const RXTE = "pulsar/pint/B1509_RXTE_short.fits", FPORBIT = "pulsar/pint/FPorbit_Day6223";
const B1509 = "pulsar/pint/J1513-5908_PKS_alldata_white.par";

/** An angle in sexagesimal form of a par file, in the unit of its first number. */
function sexagesimal(par: string, key: string): number {
  const parts = new RegExp(`^${key}\\s+(-?)(\\d+):(\\d+):([\\d.]+)`, "m").exec(par)!;
  const size = Number(parts[2]) + Number(parts[3]) / 60 + Number(parts[4]) / 3600;
  return parts[1] === "-" ? -size : size;
}

referenceTest("pulsar.json", "D07", [RXTE, FPORBIT, B1509], async (reference) => {
  using fits = await openFitsFile(dataFile(RXTE));
  const hdu = asBintable(await fits.hdu(1)), { epoch } = timeReference(hdu.header);
  const timeS = await readNumbers(hdu, "TIME"), par = await Deno.readTextFile(dataFile(B1509));
  const bary = createBarycentring({
    ephemeris: await embeddedEphemeris(),
    observer: orbitObserver(await readOrbit(dataFile(FPORBIT))),
    astrometry: createAstrometry({
      raDeg: 15 * sexagesimal(par, "RAJ"),
      decDeg: sexagesimal(par, "DECJ"),
    }),
  });
  const out = corrections(bary, timeS, epoch as typeof EPOCH), begin = timeS[0]!;
  const z2 = Float64Array.from({ length: 1001 }, (_, k) => {
    const w = 2 * Math.PI * (6.55 + k * 1e-4);
    let c = 0, s = 0;
    for (let i = 0; i < out.length; i++) {
      const phase = w * (timeS[i]! - begin + out[i]!);
      c += Math.cos(phase);
      s += Math.sin(phase);
    }
    return 2 * (c * c + s * s) / out.length;
  });
  const best = z2.indexOf(Math.max(...z2)), { expected, tolerance } = reference;
  agrees(z2[best], expected.max, { rtol: tolerance.rel_max as number }, "max");
  agrees(6.55 + best * 1e-4, expected.f_max, { atol: tolerance.f_abs as number }, "f_max");
  strictEqual(z2.filter((value) => value > 30).length, expected.n_above_30);
});

Deno.test("correctionS() is that of ERFA and astropy, at the geocentre and on the ground", async () => {
  const golden = JSON.parse(
    await Deno.readTextFile(new URL("../../golden/barycentring.json", import.meta.url)),
  ) as {
    tolerance: { atol: number };
    site: { lonDeg: number; latDeg: number; heightM: number };
    rows: {
      raDeg: number;
      decDeg: number;
      observer: string;
      mjdDay: number;
      dayS: number;
      correctionS: number;
    }[];
  };
  const site = siteObserver({ name: "golden", ...golden.site });
  for (const row of golden.rows) {
    const bary = createBarycentring({
      ephemeris: analyticEphemeris(),
      observer: row.observer === "site" ? site : GEOCENTRE,
      astrometry: createAstrometry(row),
      shapiro: "none",
    });
    const found = corrections(
      bary,
      Float64Array.of(row.dayS),
      createEpoch([row.mjdDay, 0], "TT"),
    )[0];
    agrees(found, row.correctionS, golden.tolerance, `${row.observer} ${row.mjdDay} ${row.raDeg}`);
  }
});

/** An Earth on a circle of one au about a Sun at rest in the barycentre. */
const circle: Ephemeris = {
  name: "circle",
  source: "analytic",
  description: "made",
  errorS: 0,
  first: createEpoch([0, 0], "TDB"),
  last: createEpoch([1e6, 0], "TDB"),
  earthAt(mjdDay, dayS, out) {
    const w = 2 * Math.PI / (365.25 * DAY_S), a = w * ((mjdDay - 55000) * DAY_S + dayS);
    out.set([AU_LS * Math.cos(a), AU_LS * Math.sin(a), 0]);
    out.set([-w * AU_LS * Math.sin(a), w * AU_LS * Math.cos(a), 0], 3);
  },
  sunAt(_mjdDay, _dayS, out) {
    out.fill(0);
  },
};

/** The exact correction on the circle, by the lengths of the two ways. */
function exact(options: BarycentringOptions, t: number): number {
  const tdb = tdbMinusTtS(55000 + t / DAY_S), earth = new Float64Array(6);
  circle.earthAt(55000, t + tdb, earth);
  const n = new Float64Array(3), { astrometry } = options;
  sourceDirectionInto(astrometry, 55000 + t / DAY_S, n);
  const along = n[0]! * earth[0]! + n[1]! * earth[1]! + n[2]! * earth[2]!;
  const path = Math.log((AU_LS + along) / AU_LS);
  const shapiro = options.shapiro === "none" ? 0 : 2 * SUN_S * path;
  if (astrometry.parallaxMas === 0) return tdb + along + shapiro;
  const d = AU_LS / (astrometry.parallaxMas * Math.PI / 648000000);
  // d − |d n − r| without loss of digits
  const square = 2 * d * along - AU_LS * AU_LS;
  return tdb + shapiro + square / (d + Math.sqrt(d * d - square));
}

Deno.test("correctionS() is the geometry of a circular orbit to 0.1 ns", () => {
  const posEpoch = createEpoch([51544, 0.5], "TDB");
  const options: BarycentringOptions[] = [
    { shapiro: "none", astrometry: createAstrometry({ raDeg: 10, decDeg: 0 }) },
    { shapiro: "distance", astrometry: createAstrometry({ raDeg: 200, decDeg: 40 }) },
    { shapiro: "angle", astrometry: createAstrometry({ raDeg: 200, decDeg: -40 }) },
    { astrometry: createAstrometry({ raDeg: 30, decDeg: -70, parallaxMas: 6 }) },
    {
      astrometry: createAstrometry({
        raDeg: 69.3,
        decDeg: -47.25,
        pmRaMasPerYr: 121.4,
        pmDecMasPerYr: -71.5,
        parallaxMas: 6.4,
        posEpoch,
      }),
    },
  ].map((one) => ({ ...one, ephemeris: circle, observer: GEOCENTRE }) as BarycentringOptions);
  for (const one of options) {
    const bary = createBarycentring(one);
    fc.assert(fc.property(fc.double({ min: -3e8, max: 3e8, noNaN: true }), (t) => {
      const error = corrections(bary, Float64Array.of(t))[0]! - exact(one, t);
      ok(Math.abs(error) < 1e-10, `${t}: ${error}`);
    }));
  }
});

Deno.test("correctionS() has the Shapiro delay of the limb where the Sun hides the source", () => {
  const at = (shapiro: "distance" | "none") =>
    corrections(
      createBarycentring({
        ephemeris: circle,
        observer: GEOCENTRE,
        astrometry: createAstrometry({ raDeg: 180, decDeg: 0.05 }),
        shapiro,
      }),
      Float64Array.of(0),
    )[0]!;
  const radius = 6.957e8 / 299792458 / AU_LS, limb = 2 * SUN_S * Math.log(radius * radius / 2);
  ok(Math.abs(at("distance") - at("none") - limb) < 1e-11);
  ok(limb < -1.1e-4 && limb > -1.2e-4, String(limb));
});

Deno.test("correctionS() by angle and by distance differ by the logarithm of the distance", async () => {
  const ephemeris = await embeddedEphemeris(),
    astrometry = createAstrometry({ raDeg: 85, decDeg: -69 });
  const timeS = Float64Array.from({ length: 366 }, (_, i) => i * DAY_S);
  const [a, b] = (["angle", "distance"] as const).map((shapiro) =>
    corrections(createBarycentring({ ephemeris, observer: GEOCENTRE, astrometry, shapiro }), timeS)
  );
  const earth = new Float64Array(6), sun = new Float64Array(6);
  timeS.forEach((t, i) => {
    ephemeris.earthAt(55000, t, earth);
    ephemeris.sunAt(55000, t, sun);
    const r = Math.hypot(...[0, 1, 2].map((k) => earth[k]! - sun[k]!));
    ok(Math.abs(b![i]! - a![i]! - 2 * SUN_S * Math.log(r / AU_LS)) < 1e-12);
  });
});

/** A spacecraft on a circle of 6900 km in the xy plane, and its exact place. */
function lowOrbit(stepS = 30) {
  const n = Math.ceil(2 * DAY_S / stepS), w = 2 * Math.PI / 5700;
  const timeS = Float64Array.from({ length: n }, (_, i) => i * stepS - DAY_S);
  const positionM = new Float64Array(3 * n);
  timeS.forEach((t, i) =>
    positionM.set([6.9e6 * Math.cos(w * t), 6.9e6 * Math.sin(w * t), 0], 3 * i)
  );
  return createOrbit({ name: "made", epoch: EPOCH, timeS, positionM });
}

Deno.test("correctionS() adds (n + v)·ρ of a spacecraft", () => {
  const astrometry = createAstrometry({ raDeg: 60, decDeg: 30 }), ephemeris = circle;
  const space = createBarycentring({ ephemeris, astrometry, observer: orbitObserver(lowOrbit()) });
  const centre = createBarycentring({ ephemeris, astrometry, observer: GEOCENTRE });
  const timeS = Float64Array.from({ length: 1000 }, (_, i) => i * 80.123 - 3e4);
  const [a, b] = [corrections(space, timeS), corrections(centre, timeS)];
  const w = 2 * Math.PI / 5700, n = new Float64Array(3), earth = new Float64Array(6);
  sourceDirectionInto(astrometry, 55000, n);
  timeS.forEach((t, i) => {
    ephemeris.earthAt(55000, t, earth);
    const x = 6.9e6 * Math.cos(w * t) / 299792458, y = 6.9e6 * Math.sin(w * t) / 299792458;
    const along = (n[0]! + earth[3]!) * x + (n[1]! + earth[4]!) * y;
    ok(Math.abs(a[i]! - b[i]! - along) < 1e-9, `${t}: ${a[i]! - b[i]! - along}`);
  });
});

Deno.test("correctionS() gives the same bits however a column is cut or ordered, whatever was before", () => {
  const astrometry = createAstrometry({ raDeg: 60, decDeg: 30 }), ephemeris = analyticEphemeris();
  const orbit = lowOrbit(), rng = fc.sample(fc.double({ min: -8e4, max: 8e4, noNaN: true }), 3000);
  const timeS = Float64Array.from(rng), n = timeS.length;
  for (
    const observer of [
      orbitObserver(orbit),
      GEOCENTRE,
      siteObserver({ name: "a", xM: 6378137, yM: 0, zM: 0 }),
    ]
  ) {
    const whole = corrections(createBarycentring({ ephemeris, observer, astrometry }), timeS);
    // three nodes are kept: nearly every cell is computed anew
    const small = createBarycentring({ ephemeris, observer, astrometry, cacheNodes: 3 });
    const order = Array.from(timeS.keys()).sort((a, b) => timeS[a]! - timeS[b]!);
    const sorted = corrections(small, Float64Array.from(order, (i) => timeS[i]!));
    order.forEach((i, k) => strictEqual(sorted[k], whole[i]));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: n }), (cut) => {
        const first = corrections(small, timeS.subarray(0, cut));
        const second = corrections(small, timeS.subarray(cut));
        deepStrictEqual([...first, ...second], [...whole]);
      }),
      { numRuns: 5 },
    );
  }
});

Deno.test("correctionS() gives the same instant from any epoch of the stream", () => {
  const bary = createBarycentring({
    ephemeris: analyticEphemeris(),
    observer: GEOCENTRE,
    astrometry: createAstrometry({ raDeg: 60, decDeg: 30 }),
  });
  fc.assert(fc.property(
    fc.double({ min: 0, max: 1e8, noNaN: true }),
    fc.integer({ min: -100000, max: 100000 }),
    (t, shift) => {
      const a = corrections(bary, Float64Array.of(t))[0]!;
      const b = corrections(bary, Float64Array.of(t - shift), addSeconds(EPOCH, shift))[0]!;
      ok(Math.abs(a - b) < 1e-11, `${a - b}`);
    },
  ));
});

Deno.test("correctionS() of a clock in TDB leaves the Einstein part out", () => {
  const astrometry = createAstrometry({ raDeg: 60, decDeg: 30 }), ephemeris = circle;
  const bary = createBarycentring({ ephemeris, observer: GEOCENTRE, astrometry });
  const tdb = convertEpoch(EPOCH, "TDB"), timeS = Float64Array.of(0);
  const a = corrections(bary, timeS)[0]!;
  const b = corrections(bary, timeS, tdb as unknown as typeof EPOCH)[0]!;
  ok(Math.abs(a - b - tdbMinusTtS(55000)) < 1e-11, String(a - b));
});

Deno.test("correctionS() of barycentric times is zero in TDB, TDB − TT in TT, without an ephemeris", () => {
  const astrometry = createAstrometry({ raDeg: 60, decDeg: 30 });
  const bary = createBarycentring({ observer: BARYCENTRE, astrometry }),
    timeS = Float64Array.of(5e3);
  strictEqual(
    corrections(bary, timeS, createEpoch([55000, 0], "TDB") as unknown as typeof EPOCH)[0],
    0,
  );
  ok(Math.abs(corrections(bary, timeS)[0]! - tdbMinusTtS(55000 + 5e3 / DAY_S)) < 1e-12);
});

Deno.test("correctionS() keeps NaN, and refuses what no ephemeris or orbit covers", async () => {
  const astrometry = createAstrometry({ raDeg: 60, decDeg: 30 });
  const ephemeris = await embeddedEphemeris();
  for (const observer of [GEOCENTRE, orbitObserver(lowOrbit())]) {
    const bary = createBarycentring({ ephemeris, observer, astrometry });
    const out = corrections(bary, Float64Array.of(1, NaN, 2));
    deepStrictEqual(Array.from(out, Number.isNaN), [false, true, false]);
  }
  const geocentre = createBarycentring({ ephemeris, observer: GEOCENTRE, astrometry });
  throws(() => corrections(geocentre, Float64Array.of(1e9)), /outside the embedded ephemeris/);
  const space = createBarycentring({ ephemeris, observer: orbitObserver(lowOrbit()), astrometry });
  throws(() => corrections(space, Float64Array.of(DAY_S + 1)), /outside orbit made/);
  const tdb = createEpoch([55000, 0], "TDB") as unknown as typeof EPOCH;
  throws(() => corrections(space, Float64Array.of(0), tdb), /expected its clock in TT/);
  throws(() => createBarycentring({ observer: GEOCENTRE, astrometry }), /need an ephemeris/);
  for (const cacheNodes of [1, 2.5, NaN]) {
    throws(() => createBarycentring({ ephemeris, observer: GEOCENTRE, astrometry, cacheNodes }), {
      name: "RangeError",
      message: /whole number from 2 on/,
    });
  }
});

Deno.test("geocentricCorrectionS() is nothing at the geocentre, and refuses the barycentre and TDB", () => {
  const astrometry = createAstrometry({ raDeg: 60, decDeg: 30 }), out = new Float64Array(2);
  const timeS = Float64Array.of(7, NaN);
  geocentricCorrectionS({ observer: GEOCENTRE, astrometry }, EPOCH, timeS, 2, out);
  deepStrictEqual([...out], [0, NaN]);
  const refused = (
    observer: typeof BARYCENTRE,
    epoch: Parameters<typeof geocentricCorrectionS>[1],
  ) =>
    throws(() => geocentricCorrectionS({ observer, astrometry }, epoch, timeS, 2, out), TypeError);
  refused(BARYCENTRE, EPOCH);
  refused(GEOCENTRE, createEpoch([55000, 0], "TDB"));
});
