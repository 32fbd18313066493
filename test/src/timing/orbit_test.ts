import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { card, encodeFits, type FitsFile, memorySource, openFits } from "../../../src/fits/mod.ts";
import { addSeconds, createEpoch, formatMjd } from "../../../src/time/mod.ts";
import {
  createOrbit,
  joinOrbits,
  MAX_ORBIT_GAP_S,
  openOrbit,
  orbitPositionInto,
  readOrbit,
} from "../../../src/timing/mod.ts";
import { agrees, dataFile, dataTest, referenceTest } from "../../_tools/data_io.ts";

const C_M_S = 299792458, EPOCH = createEpoch([55000, 0], "TT");
const FT2 = "pulsar/pint/lat_spacecraft_weekly_w323_p202_v001.fits";
const NICER = "pulsar/pint/sgr1830.orb", RXTE = "pulsar/pint/FPorbit_Day6223";

function placeAt(orbit: Parameters<typeof orbitPositionInto>[0], timeS: number): number[] {
  const out = new Float64Array(3);
  orbitPositionInto(orbit, timeS, out);
  return Array.from(out, (x) => x * C_M_S);
}

// The second instant of E08 is in a gap of 1546 s (passage of the South Atlantic Anomaly). The reference
// has a spline through it, 113 km below the orbit on either side; here such a gap is refused.
referenceTest("pulsar.json", "E08", [FT2], async (reference) => {
  const orbit = await readOrbit(dataFile(FT2)), met = reference.inputs.met as number[];
  const expected = reference.expected.pos_m as number[][],
    radius = (p: number[]) => Math.hypot(...p);
  const inGap = met.map((t) => {
    const next = orbit.timeS.findIndex((one) => one > t);
    return orbit.timeS[next]! - orbit.timeS[next - 1]! > MAX_ORBIT_GAP_S;
  });
  deepStrictEqual(inGap, [false, true, false]);
  met.forEach((t, i) => {
    if (!inGap[i]) {
      agrees(placeAt(orbit, t), expected[i], { atol: reference.tolerance.abs_m as number }, `${t}`);
      return;
    }
    throws(() => placeAt(orbit, t), /is in a gap of orbit .* 1546\.04/);
    const next = orbit.timeS.findIndex((one) => one > t);
    for (const edge of [orbit.timeS[next - 1]!, orbit.timeS[next]!]) {
      ok(radius(placeAt(orbit, edge)) - radius(expected[i]!) > 1.1e5);
    }
  });
});

const MU = 3.986004418e14, R = 7e6, OBLATE = 1.5 * 1.0826359e-3 * (6378136.6 / R) ** 2;
/** Angular rate on a circle of 7000 km over the equator of an oblate Earth: a way that gravity allows. */
const RATE = Math.sqrt(MU / R ** 3 * (1 + OBLATE));

/** Places on this circle at times. */
function circle(timeS: Float64Array): Float64Array {
  const out = new Float64Array(3 * timeS.length);
  timeS.forEach((t, i) => out.set([R * Math.cos(RATE * t), R * Math.sin(RATE * t), 0], 3 * i));
  return out;
}

function circleOrbit(timeS: Float64Array) {
  return createOrbit({ name: "circle", epoch: EPOCH, timeS, positionM: circle(timeS) });
}

function errorAt(orbit: ReturnType<typeof circleOrbit>, t: number): number {
  const found = placeAt(orbit, t);
  return Math.hypot(...Array.from(circle(Float64Array.of(t)), (x, i) => x - found[i]!));
}

Deno.test("orbitPositionInto() is on a circular orbit, from any two places and uneven steps", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ min: 3, max: 40, noNaN: true }), { minLength: 1, maxLength: 200 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    (steps, f) => {
      const timeS = new Float64Array(steps.length + 1);
      steps.forEach((step, i) => timeS[i + 1] = timeS[i]! + step);
      const error = errorAt(circleOrbit(timeS), f * timeS[steps.length]!);
      ok(error < 0.5, `${error} m`); // 5/384 h⁴ f″″ is 0.35 m for 40 s
    },
  ));
});

Deno.test("orbitPositionInto() has the error of a spline, falling with the fourth power of the step", () => {
  const worst = (step: number) => {
    const orbit = circleOrbit(Float64Array.from({ length: 50 }, (_, i) => i * step));
    let largest = 0;
    for (let i = 0; i < 1000; i++) largest = Math.max(largest, errorAt(orbit, i * 0.049 * step));
    return largest;
  };
  const [at30, at60, at120] = [worst(30), worst(60), worst(120)];
  ok(at30 < 0.12 && at60 < 2 && at120 < 30, `${at30} ${at60} ${at120} m`);
  ok(Math.abs(Math.log2(at60 / at30) - 4) < 0.3 && Math.abs(Math.log2(at120 / at60) - 4) < 0.3);
});

Deno.test("orbitPositionInto() gives every row of the table, to the last one", () => {
  const timeS = Float64Array.of(0, 10, 25, 31, 60, 61, 100), orbit = circleOrbit(timeS);
  timeS.forEach((t) => ok(errorAt(orbit, t) < 1e-7, `${t}`));
});

Deno.test("orbitPositionInto() goes on for 30 s behind a run, within 5 m", () => {
  const timeS = Float64Array.of(0, 30, 60, 90, 300, 330, 1000, 2000, 2060);
  const orbit = circleOrbit(timeS);
  for (const t of [91, 120, 331, 360, 2061, 2090]) {
    const error = errorAt(orbit, t);
    ok(error > 0 && error < (t > 2000 ? 20 : 5), `${t}: ${error} m`);
  }
  for (const t of [120.1, 299.9, 360.1, 999, 1000, 1001, 1999, 2090.1]) {
    throws(() => placeAt(orbit, t), RangeError, `${t}`);
  }
});

Deno.test("createOrbit() orders rows, and counts what it leaves out", () => {
  const timeS = Float64Array.of(30, 0, 60, 30, 90, NaN, 120), positionM = circle(timeS);
  positionM.fill(0, 12, 15);
  const orbit = createOrbit({ name: "c", epoch: EPOCH, timeS, positionM });
  deepStrictEqual([...orbit.timeS], [0, 30, 60, 120]);
  deepStrictEqual(orbit.dropped, { repeated: 1, zero: 1, "not finite": 1 });
  strictEqual(orbit.largestGapS, 60);
  throws(
    () => createOrbit({ name: "c", epoch: EPOCH, timeS, positionM: circle(timeS.subarray(1)) }),
    {
      name: "TypeError",
      message: /18 coordinates for 7 times, expected 21/,
    },
  );
  const empty = {
    name: "e",
    epoch: EPOCH,
    timeS: Float64Array.of(1),
    positionM: circle(Float64Array.of(1)),
  };
  throws(() => createOrbit(empty), /1 of 1 places can be used, expected 2/);
});

Deno.test("orbitPositionInto() refuses gaps of more than two minutes and both outsides, by name", () => {
  const gap = MAX_ORBIT_GAP_S + 1;
  const timeS = Float64Array.of(0, 30, 60, 60 + gap, 90 + gap, 210 + gap, 400 + gap);
  const orbit = createOrbit({ name: "gappy", epoch: EPOCH, timeS, positionM: circle(timeS) });
  for (const t of [0, 60, 60 + gap, 200 + gap, 210 + gap]) placeAt(orbit, t);
  throws(() => placeAt(orbit, 91), {
    name: "RangeError",
    message: /91 s \(2009-06-18T00:01:31.000 TT\) is in a gap of orbit gappy, 121 s from 60 s/,
  });
  throws(() => placeAt(orbit, 300 + gap), /gap of orbit gappy, 190 s/);
  throws(() => placeAt(orbit, -0.001), /outside orbit gappy, which goes from 0 s/);
  throws(() => placeAt(orbit, 401 + gap), /outside orbit gappy/);
  throws(() => placeAt(orbit, NaN), RangeError);
});

dataTest(
  "readOrbit() reads NICER, RXTE and Fermi files with their clocks",
  [NICER, RXTE, FT2],
  async () => {
    const nicer = await readOrbit(dataFile(NICER)), rxte = await readOrbit(dataFile(RXTE));
    const fermi = await readOrbit(dataFile(FT2));
    strictEqual(formatMjd(nicer.epoch, { digits: 10 }), "56658.0007775926");
    strictEqual(formatMjd(rxte.epoch, { digits: 10 }), "49353.0006965741");
    strictEqual(formatMjd(fermi.epoch, { digits: 10 }), "51910.0007428704");
    const radii = { nicer, rxte, fermi };
    for (const [name, orbit] of Object.entries(radii)) {
      for (let i = 0; i + 1 < orbit.timeS.length; i += 7) {
        if (orbit.bridged[i] !== 1) continue;
        const middle = (orbit.timeS[i]! + orbit.timeS[i + 1]!) / 2;
        const r = Math.hypot(...placeAt(orbit, middle));
        ok(r > 6.6e6 && r < 7e6, `${name} at ${middle}: ${r} m`);
      }
    }
    ok(fermi.largestGapS > MAX_ORBIT_GAP_S, `${fermi.largestGapS}`);
  },
);

/** A file with one table of a spacecraft's way. */
function fileOf(
  columns: readonly {
    name: string;
    unit?: string;
    values: Float64Array;
    shape?: readonly number[];
  }[],
  cards: readonly ReturnType<typeof card>[] = [],
  scale = "TT",
): Promise<FitsFile> {
  return openFits(memorySource(
    encodeFits([{
      kind: "bintable",
      name: "ORBIT",
      header: [
        card("MJDREFI", 55197),
        card("MJDREFF", 0.00076601852),
        card("TIMESYS", scale),
        ...cards,
      ],
      columns: columns as never,
    }]),
    "orbit.fits",
  ));
}

Deno.test("openOrbit() converts units, counts TIMEZERO, and takes a column of vectors", async () => {
  const timeS = Float64Array.of(0, 10, 20), positionM = circle(timeS);
  using three = await fileOf([
    { name: "Time", unit: "s", values: timeS },
    ...["X", "Y", "Z"].map((name, axis) => ({
      name,
      unit: "km",
      values: timeS.map((_, i) => positionM[3 * i + axis]! / 1000),
    })),
  ], [card("TIMEZERO", 3.5)]);
  const orbit = await openOrbit(three);
  agrees(placeAt(orbit, 10), Array.from(positionM.subarray(3, 6)), { atol: 1e-6 }, "km");
  ok(Math.abs(orbit.epoch.dayS - (0.00076601852 * 86400 + 3.5)) < 1e-9);
  for (const [name, clock] of [["SC_POSITION", "START"], ["POSITION", "TIME"]] as const) {
    using one = await fileOf([
      { name: clock, unit: "s", values: timeS },
      { name, unit: "m", values: positionM, shape: [3] },
    ]);
    agrees(placeAt(await openOrbit(one), 10), placeAt(orbit, 10), { atol: 1e-6 }, name);
  }
});

Deno.test("openOrbit() refuses other tables, other units, places below the ground and TDB", async () => {
  const timeS = Float64Array.of(0, 10);
  const place = (unit: string, scale: number) =>
    ["X", "Y", "Z"].map((name) => ({ name, unit, values: timeS.map(() => scale) }));
  const time = { name: "TIME", unit: "s", values: timeS };
  using none = await fileOf([time]);
  await rejects(openOrbit(none), /expected columns START, SC_POSITION; or TIME, X, Y, Z/);
  using angle = await fileOf([time, ...place("deg", 7e6)]);
  await rejects(openOrbit(angle), /column X/);
  using low = await fileOf([time, ...place("m", 4e3)]);
  await rejects(openOrbit(low), /below the ground: is the unit "m" right/);
  using tdb = await fileOf([time, ...place("m", 4e6)], [], "TDB");
  await rejects(openOrbit(tdb), /are in TDB, expected a local clock in TT/);
});

Deno.test("joinOrbits() is the orbit of all places, whatever file they were in", () => {
  const timeS = Float64Array.from({ length: 40 }, (_, i) => 30 * i), whole = circleOrbit(timeS);
  const part = (from: number, to: number, shiftS: number) => {
    const times = timeS.slice(from, to);
    return createOrbit({
      name: `${from}`,
      epoch: addSeconds(EPOCH, shiftS),
      timeS: times.map((t) => t - shiftS),
      positionM: circle(times),
    });
  };
  const joined = joinOrbits([part(20, 40, 500), part(0, 12, 0), part(11, 20, -70)]);
  strictEqual(joined.dropped.repeated, 1);
  strictEqual(joined.epoch.dayS, 500);
  for (let t = 0; t < 1170; t += 7.3) {
    agrees(placeAt(joined, t - 500), placeAt(whole, t), { atol: 1e-6 }, `${t}`);
  }
  strictEqual(joinOrbits([whole]), whole);
  throws(() => joinOrbits([]), RangeError);
});

dataTest("readOrbit() joins files", [NICER], async () => {
  const one = await readOrbit(dataFile(NICER));
  const twice = await readOrbit([dataFile(NICER), dataFile(NICER)]);
  deepStrictEqual(twice.timeS, one.timeS);
  strictEqual(twice.dropped.repeated, one.timeS.length);
});

Deno.test("readOrbit() names a file that is not there", async () => {
  await rejects(readOrbit("no-such-file.fits"), Deno.errors.NotFound);
});
