/** Time per event: divide by 2^20 events. Goal: 60 ns with an orbit. */
import { createRng } from "../../src/numeric/mod.ts";
import { createEpoch, tdbMinusTtS } from "../../src/time/mod.ts";
import {
  analyticEphemeris,
  createAstrometry,
  createBarycentring,
  createOrbit,
  embeddedEphemeris,
  GEOCENTRE,
  geocentricCorrectionS,
  orbitObserver,
  siteObserver,
} from "../../src/timing/mod.ts";

const N = 1 << 20, DAY_S = 86400, SPAN_S = 30 * DAY_S, STEP_S = 30;
const epoch = createEpoch([55000, 0], "TT");
const uniform = createRng(1).fillUniform(new Float64Array(N));
const unsorted = uniform.map((u) => u * SPAN_S), sorted = unsorted.slice().sort();
const out = new Float64Array(N), state = new Float64Array(6);

const rows = SPAN_S / STEP_S + 1, rate = 2 * Math.PI / 5700;
const timeS = Float64Array.from({ length: rows }, (_, i) => i * STEP_S);
const positionM = new Float64Array(3 * rows);
timeS.forEach((t, i) => {
  const x = 6.9e6 * Math.cos(rate * t), y = 6.9e6 * Math.sin(rate * t);
  positionM.set([x, 0.9 * y, 0.44 * y], 3 * i);
});
const fields = { name: "made", epoch, timeS, positionM };
const orbit = orbitObserver(createOrbit(fields));
const astrometry = createAstrometry({ raDeg: 83.633, decDeg: 22.0145 });
const ephemeris = await embeddedEphemeris();

const of = (observer: typeof orbit) => createBarycentring({ ephemeris, observer, astrometry });
const space = of(orbit), centre = of(GEOCENTRE);
const site = of(siteObserver({ name: "equator", lonDeg: 0, latDeg: 0, heightM: 0 }));

Deno.bench("calibration: multiply and add, 2^20 values", { group: "calibration" }, () => {
  for (let i = 0; i < N; i++) out[i] = sorted[i]! * uniform[i]! + 1;
});

const sizes: [string, () => void][] = [
  ["orbit, 2^20 events in order of 30 days", () => space.correctionS(epoch, sorted, N, out)],
  ["geocentre, 2^20 events in order", () => centre.correctionS(epoch, sorted, N, out)],
  ["site, 2^20 events in order", () => site.correctionS(epoch, sorted, N, out)],
  ["orbit, 2^20 events in no order", () => space.correctionS(epoch, unsorted, N, out)],
  [
    "to the geocentre only, 2^20 events in order",
    () => geocentricCorrectionS({ observer: orbit, astrometry }, epoch, sorted, N, out),
  ],
];
for (const [name, run] of sizes) Deno.bench(`barycentre, ${name}`, { group: "events" }, run);

Deno.bench("barycentre, 720 nodes of 30 days, cold", { group: "nodes" }, () => {
  of(GEOCENTRE).correctionS(epoch, timeS, rows, out);
});

Deno.bench("an orbit of 86401 places", { group: "nodes" }, () => {
  createOrbit(fields);
});

Deno.bench("embedded ephemeris, Earth, 1000 times", { group: "ephemeris" }, () => {
  for (let i = 0; i < 1000; i++) ephemeris.earthAt(55000 + i, 0, state);
});

Deno.bench("analytic ephemeris, Earth, 1000 times", { group: "ephemeris" }, () => {
  for (let i = 0; i < 1000; i++) analyticEphemeris().earthAt(55000 + i, 0, state);
});

Deno.bench("TDB − TT, 1000 times", { group: "ephemeris" }, () => {
  for (let i = 0; i < 1000; i++) out[i] = tdbMinusTtS(55000 + i);
});
