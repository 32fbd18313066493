import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { createEpoch, DAY_S, tdbMinusTtS } from "../../../src/time/mod.ts";
import {
  analyticEphemeris,
  decodeSpk,
  describeEphemeris,
  embeddedEphemeris,
  type Ephemeris,
  ephemerisOfSpk,
  readEphemeris,
} from "../../../src/timing/mod.ts";
import { agrees, dataFile, dataTest, referenceCase, referenceTest } from "../../_tools/data_io.ts";
import { buildEphemeris } from "../../_tools/build_ephemeris.ts";

const C_KM_S = 299792.458, AU_LS = 149597870.7 / C_KM_S;
const DE405 = "pulsar/ephem/de405_2000_2040.bsp", DE430 = "pulsar/ephem/de430-2015-03-02.bsp";

/** Place and velocity at Julian dates, in units of `perLs`. */
function statesAt(at: Ephemeris["earthAt"], jd: number[], perLs: number): Float64Array[] {
  return jd.map((one) => {
    const out = new Float64Array(6), day = Math.floor(one - 2400000.5);
    at(day, (one - 2400000.5 - day) * DAY_S, out);
    return out.map((value) => value * perLs);
  });
}

function apart(a: Float64Array, b: Float64Array): number {
  return Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!);
}

referenceTest("pulsar.json", "E01", [DE430], async (reference) => {
  const ephemeris = await readEphemeris(dataFile(DE430));
  strictEqual(ephemeris.name, "DE430");
  const jd = reference.inputs.jd_tdb as number[];
  const earth = statesAt(ephemeris.earthAt, jd, C_KM_S);
  const sun = statesAt(ephemeris.sunAt, jd, C_KM_S), { expected, tolerance } = reference;
  const place = { atol: tolerance.pos_km as number };
  agrees(earth.map((one) => one.subarray(0, 3)), expected.earth_km, place, "Earth");
  agrees(sun.map((one) => one.subarray(0, 3)), expected.sun_km, place, "Sun");
  agrees(earth.map((one) => one.subarray(3)), expected.earth_km_s, {
    atol: tolerance.vel_km_s as number,
  }, "velocity");
});

referenceTest("pulsar.json", "E02", [], (reference) => {
  const ephemeris = analyticEphemeris(), jd = reference.inputs.jd_tdb as number[];
  const earth = statesAt(ephemeris.earthAt, jd, 1 / AU_LS);
  const sun = statesAt(ephemeris.sunAt, jd, 1 / AU_LS), { expected } = reference;
  const tolerance = { atol: reference.tolerance.abs_au as number };
  agrees(earth.map((one) => one.subarray(0, 3)), expected.bary_pos_au, tolerance, "Earth");
  const perDay = earth.map((one) => one.subarray(3).map((v) => v * DAY_S));
  agrees(perDay, expected.bary_vel_au_d, tolerance, "velocity");
  const fromSun = earth.map((one, i) => one.subarray(0, 3).map((x, axis) => x - sun[i]![axis]!));
  agrees(fromSun, expected.helio_pos_au, tolerance, "Earth from the Sun");
});

referenceTest("pulsar.json", "E04", [DE405], async (reference) => {
  const limits = reference.tolerance as Record<string, number>;
  const all: [Ephemeris, number][] = [
    [await readEphemeris(dataFile(DE405)), limits.pos_us_DE405! * 1e-6],
    [await embeddedEphemeris(), limits.pos_us_DE405! * 1e-6],
    [analyticEphemeris(), limits.pos_us_epv00! * 1e-6],
  ];
  const places = reference.expected.earth_pos_ls as number[][];
  const velocities = reference.expected.earth_vel_ls_s as number[][];
  (reference.inputs.tt_mjd as string[]).forEach((text, i) => {
    const [day, fraction] = text.split(".") as [string, string];
    for (const [ephemeris, limit] of all) {
      const out = new Float64Array(6);
      ephemeris.earthAt(Number(day), Number(`0.${fraction}`) * DAY_S, out);
      const error = apart(out, Float64Array.from(places[i]!));
      // TT is read as TDB here, as tempo2's table does: the Earth moves 0.2 µs in the difference
      ok(error < limit, `${ephemeris.name} at ${text}: ${error}`);
      ok(apart(out.subarray(3), Float64Array.from(velocities[i]!)) < 5e-11);
    }
  });
});

const TEMPO2 = "pulsar/pint/testtimes.par.tempo2_test";

dataTest(
  "reference pulsar.json E04: TDB − TT with v·r/c² is tempo2's",
  [TEMPO2, DE405],
  async () => {
    const reference = referenceCase("pulsar.json", "E04"), ephemeris = await embeddedEphemeris();
    const lines = (await Deno.readTextFile(dataFile(TEMPO2))).trim().split("\n").slice(1);
    const pairs = reference.expected.ttcorr_minus_tt2tb_sign_see_file as [number, number][];
    const earth = new Float64Array(6);
    (reference.inputs.tt_mjd as string[]).forEach((text, i) => {
      // the observatory's place, ls along the axes of the ephemeris: columns 13 to 15
      const place = lines[i]!.trim().split(/\s+/).slice(12, 15).map(Number), mjd = Number(text);
      ephemeris.earthAt(Math.floor(mjd), (mjd - Math.floor(mjd)) * DAY_S, earth);
      const topocentric = place.reduce((sum, x, k) => sum + x * earth[k + 3]!, 0);
      const [ttCorrection, toTdb] = pairs[i]!;
      const error = toTdb - ttCorrection - tdbMinusTtS(mjd) - topocentric;
      ok(Math.abs(error) < 1e-7, `${text}: ${error}`);
    });
  },
);

dataTest("embeddedEphemeris() is within 0.1 µs of the kernel everywhere", [DE405], async () => {
  const kernel = await readEphemeris(dataFile(DE405)), embedded = await embeddedEphemeris();
  deepStrictEqual([embedded.first, embedded.last], [kernel.first, kernel.last]);
  const a = new Float64Array(6), b = new Float64Array(6), n = 50000;
  let worst = 0, worstSun = 0, worstRate = 0;
  for (let i = 0; i <= n; i++) {
    const mjd = 51536 + 14624 * i / n, day = Math.min(Math.floor(mjd), 66159);
    const dayS = (mjd - day) * DAY_S;
    embedded.earthAt(day, dayS, a);
    kernel.earthAt(day, dayS, b);
    worst = Math.max(worst, apart(a, b));
    worstRate = Math.max(worstRate, apart(a.subarray(3), b.subarray(3)));
    embedded.sunAt(day, dayS, a);
    kernel.sunAt(day, dayS, b);
    worstSun = Math.max(worstSun, apart(a, b));
  }
  ok(worst < embedded.errorS, `Earth ${worst} s`);
  ok(worstSun < 2e-7, `Sun ${worstSun} s`);
  ok(worstRate < 1e-11, `velocity ${worstRate} c`);
});

dataTest(
  "the embedded table is what its builder makes of the kernel, to the byte",
  [DE405],
  async () => {
    const made = buildEphemeris(await readEphemeris(dataFile(DE405)));
    const shipped = await Deno.readTextFile(
      new URL("../../../src/timing/tables/earth_de405.ts", import.meta.url),
    );
    ok(made === shipped, "run test/_tools/build_ephemeris.ts");
    ok(shipped.length <= 400000, `${shipped.length} bytes`);
  },
);

dataTest(
  "analyticEphemeris() is within its 41 µs of DE405 from 2000 to 2040",
  [DE405],
  async () => {
    const embedded = await embeddedEphemeris(), analytic = analyticEphemeris();
    const a = new Float64Array(6), b = new Float64Array(6);
    let worst = 0, squares = 0, n = 0;
    for (let day = 51536; day <= 66159; day += 3) {
      embedded.earthAt(day, 1000, a);
      analytic.earthAt(day, 1000, b);
      const error = apart(a, b);
      worst = Math.max(worst, error);
      squares += error * error;
      n++;
    }
    ok(worst < 4.1e-5 && worst < analytic.errorS, `${worst} s`);
    ok(Math.sqrt(squares / n) < 1.5e-5, `rms ${Math.sqrt(squares / n)} s`);
  },
);

Deno.test("earthAt() and sunAt() have the velocity by which the place changes", async () => {
  const all = [await embeddedEphemeris(), analyticEphemeris()];
  fc.assert(fc.property(fc.integer({ min: 51600, max: 66100 }), (day) => {
    const before = new Float64Array(6), at = new Float64Array(6), after = new Float64Array(6);
    for (const ephemeris of all) {
      for (const body of [ephemeris.earthAt, ephemeris.sunAt]) {
        body(day, 39900, before);
        body(day, 40000, at);
        body(day, 40100, after);
        for (let i = 0; i < 3; i++) {
          const rate = (after[i]! - before[i]!) / 200;
          ok(Math.abs(rate - at[i + 3]!) < 2e-11, `${ephemeris.name} ${rate} ${at[i + 3]}`);
        }
      }
    }
  }));
});

Deno.test("earthAt() refuses instants that the ephemeris does not cover, by name", async () => {
  const out = new Float64Array(6);
  throws(() => analyticEphemeris().earthAt(90000, 0, out), /90000\.00000 \(TDB\) is outside/);
  const embedded = await embeddedEphemeris();
  throws(() => embedded.earthAt(51535, 86399, out), /Earth \(399\) for MJD 51536 to 66160/);
  throws(() => embedded.sunAt(66161, 0, out), RangeError);
  throws(() => embedded.sunAt(NaN, 0, out), RangeError);
});

Deno.test("describeEphemeris() says what it is, from where and how good", async () => {
  const { name, source, errorS, text } = describeEphemeris(await embeddedEphemeris());
  deepStrictEqual([name, source, errorS], ["DE405", "embedded", 1e-7]);
  match(text, /^DE405: JPL DE405, embedded.*MJD 51536 to 66160 \(TDB\), within 0\.1 µs$/);
});

/** A segment of a made kernel: one record, places a + b u, c about zero elsewhere. */
interface Made {
  readonly target: number;
  readonly centre: number;
  readonly type: 2 | 3;
  readonly frame?: number;
  /** Rows of coefficients: x, y, z (type 3: then the velocities). */
  readonly rows: readonly (readonly number[])[];
  readonly spanS?: readonly [number, number];
}

/** Bytes of a kernel, as the DAF specification lays it out. */
function kernelOf(segments: readonly Made[], little: boolean): Uint8Array {
  const words = segments.map((one) => one.rows.flat().length + 2 + 4);
  const bytes = new Uint8Array(3 * 1024 + 8 * words.reduce((a, b) => a + b, 0));
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) => bytes.set(new TextEncoder().encode(value), at);
  text(0, "DAF/SPK ");
  view.setInt32(8, 2, little);
  view.setInt32(12, 6, little);
  text(16, "DE-0421LE-0421".padEnd(60));
  view.setInt32(76, 2, little);
  view.setInt32(80, 2, little);
  text(88, little ? "LTL-IEEE" : "BIG-IEEE");
  text(699, "FTPSTR:\r:\n:\r\n:\r\0:");
  view.setFloat64(1024 + 16, segments.length, little);
  let word = 3 * 128 + 1;
  segments.forEach((one, i) => {
    const [first, last] = one.spanS ?? [-1000, 1000], at = 1024 + 24 + 40 * i;
    const size = one.rows.flat().length + 2;
    view.setFloat64(at, first, little);
    view.setFloat64(at + 8, last, little);
    [one.target, one.centre, one.frame ?? 1, one.type, word, word + words[i]! - 1].forEach((n, k) =>
      view.setInt32(at + 16 + 4 * k, n, little)
    );
    [(first + last) / 2, (last - first) / 2, ...one.rows.flat(), first, last - first, size, 1]
      .forEach((value, k) => view.setFloat64((word - 1 + k) * 8, value, little));
    word += words[i]!;
  });
  return bytes;
}

const MADE: readonly Made[] = [
  { target: 3, centre: 0, type: 2, rows: [[1e8, 500, 2], [3, 0, 0], [0, 0, 1]] },
  { target: 399, centre: 3, type: 2, rows: [[100, 1, 0], [7, 0, 0], [0, 0, 0]] },
  { target: 10, centre: 0, type: 3, rows: [[9, 5], [8, 0], [7, 0], [1, 0.25], [2, 0], [3, 0]] },
];

Deno.test("decodeSpk() reads both byte orders and types 2 and 3, and segments add up", () => {
  for (const little of [true, false]) {
    const ephemeris = ephemerisOfSpk(decodeSpk(kernelOf(MADE, little), { file: "made.bsp" }));
    strictEqual(ephemeris.name, "DE421");
    deepStrictEqual(ephemeris.first, createEpoch([51544, 0.5 - 1000 / DAY_S], "TDB"));
    const out = new Float64Array(6);
    ephemeris.earthAt(51544, DAY_S / 2 + 500, out); // u = 0.5: T₂ = −0.5, T₂′ = 2
    agrees(out.map((x) => x * C_KM_S), [1e8 + 250 - 1 + 100.5, 10, -0.5, 0.505, 0, 0.002], {
      rtol: 1e-14,
      atol: 1e-12,
    }, "Earth");
    ephemeris.sunAt(51544, DAY_S / 2 + 500, out);
    agrees(out.map((x) => x * C_KM_S), [11.5, 8, 7, 1.125, 2, 3], { rtol: 1e-14 }, "Sun");
  }
});

Deno.test("ephemerisOfSpk() takes the last of several segments that cover an instant", () => {
  const better: Made = {
    target: 399,
    centre: 3,
    type: 2,
    spanS: [0, 1000],
    rows: [[5e5], [0], [0]],
  };
  const ephemeris = ephemerisOfSpk(decodeSpk(kernelOf([...MADE, better], true)));
  const out = new Float64Array(6),
    x = (dayS: number) => {
      ephemeris.earthAt(51544, DAY_S / 2 + dayS, out);
      return out[0]! * C_KM_S - 1e8;
    };
  ok(Math.abs(x(-500) - (-250 - 1 + 99.5)) < 1e-6, String(x(-500)));
  ok(Math.abs(x(500) - (250 - 1 + 5e5)) < 1e-6, String(x(500)));
});

Deno.test("decodeSpk() keeps the bodies asked for, and lists the others", () => {
  const moon: Made = { target: 301, centre: 3, type: 2, rows: [[1], [2], [3]] };
  const bytes = kernelOf([...MADE, moon], true);
  const { segments, skipped } = decodeSpk(bytes);
  deepStrictEqual(segments.map((one) => one.target), [3, 399, 10]);
  deepStrictEqual(skipped, ['body 301 about 3 (""): not asked for']);
  const only = decodeSpk(bytes, { bodies: [301] });
  deepStrictEqual(only.segments.map((one) => one.target), [301]);
});

Deno.test("ephemerisOfSpk() names what a kernel lacks", () => {
  const without = (left: number) => () =>
    ephemerisOfSpk(
      decodeSpk(kernelOf(MADE.filter((one) => one.target !== left), true), { file: "a" }),
    );
  throws(without(399), /no segment of the Earth \(399\); it has 3 about 0, 10 about 0/);
  throws(without(3), /where the Earth \(399\) is .* no segment of the Earth-Moon barycentre \(3\)/);
  throws(without(10), /no segment of the Sun \(10\)/);
  const turned = kernelOf(MADE.map((one) => ({ ...one, frame: 17 })), true);
  throws(() => ephemerisOfSpk(decodeSpk(turned)), /reference frame 17, only J2000/);
});

Deno.test("decodeSpk() refuses other files, cut ones and those changed in text mode", () => {
  const bytes = kernelOf(MADE, true);
  throws(() => decodeSpk(new TextEncoder().encode("SIMPLE  = T")), /expected "DAF\/SPK"/);
  throws(() => decodeSpk(bytes.subarray(0, bytes.length - 64)), /the file is cut/);
  throws(() => decodeSpk(bytes.subarray(0, 2000)), /summary record 2 is not in the file/);
  const changed = bytes.slice();
  changed[706] = 10;
  throws(() => decodeSpk(changed), /text mode/);
});

Deno.test("decodeSpk() never fails but with SyntaxError, whatever bytes change", () => {
  const bytes = kernelOf(MADE, true);
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.integer({ min: 0, max: 2047 }), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    }),
    (changes) => {
      const copy = bytes.slice();
      for (const [at, value] of changes) copy[at] = value;
      try {
        decodeSpk(copy);
      } catch (cause) {
        ok(cause instanceof SyntaxError, String(cause));
      }
    },
  ));
});

Deno.test("readEphemeris() names a file that is not there", async () => {
  await rejects(readEphemeris("no-such-file.bsp"), Deno.errors.NotFound);
});
