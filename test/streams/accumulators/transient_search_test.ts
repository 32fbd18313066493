import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import {
  createObsEnd,
  createObsStart,
  type Observation,
  readObservation,
  type StreamItem,
} from "../../../src/data/mod.ts";
import { createEventBatch, createGti, type EventBatch } from "../../../src/events/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import { separationDeg } from "../../../src/sky/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import {
  fold,
  runTotals,
  type SearchBackground,
  type SearchCells,
  type SearchResult,
  transientSearch,
  type TransientSearchOptions,
} from "../../../streams/accumulators/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";
import { noiseAlarms } from "../../_tools/noise_alarms.ts";

const epoch = createEpoch([60000, 0], "TT");

/** Photons of a field of 2 deg, steady but for bursts: time, RA, Dec, energy. */
function photons(
  seed: number,
  { ratePerS, lengthS, bursts = [] }: {
    ratePerS: number;
    lengthS: number;
    bursts?: readonly { atS: number; n: number; lengthS: number; raDeg: number }[];
  },
): [number, number, number, number][] {
  const rng = createRng(seed), rows: [number, number, number, number][] = [];
  for (let t = 0;;) {
    t -= Math.log1p(-rng.uniform()) / ratePerS;
    if (t > lengthS) break;
    rows.push([t, 10 + 2 * rng.uniform() - 1, 2 * rng.uniform() - 1, 1 / (1 - rng.uniform())]);
  }
  for (const { atS, n, lengthS: length, raDeg } of bursts) {
    for (let k = 0; k < n; k++) {
      const r = 0.05 * Math.sqrt(-2 * Math.log1p(-rng.uniform())),
        turn = 2 * Math.PI * rng.uniform();
      rows.push([atS + length * rng.uniform(), raDeg + r * Math.cos(turn), r * Math.sin(turn), 2]);
    }
  }
  return rows.sort((a, b) => a[0] - b[0]);
}

function batchOf(rows: readonly (readonly number[])[], rowStart = 0): EventBatch {
  const column = (k: number) => Float64Array.from(rows, (row) => row[k]!);
  return createEventBatch(
    { timeS: column(0), raDeg: column(1), decDeg: column(2), energyTeV: column(3) },
    { rowStart },
  );
}

function startOf(lengthS: number): StreamItem {
  const gti = createGti(epoch, Float64Array.of(0), Float64Array.of(lengthS));
  return createObsStart({
    obsId: "1",
    epoch,
    gti,
    pointing: { raDeg: 10, decDeg: 0 },
    instrument: "HESS",
  });
}

const FIELD: SearchCells = { kind: "field", stepDeg: 0.1, radiusDeg: 0.1, maxOffsetDeg: 1 };
const RUNNING: SearchBackground = { method: "running", windowS: 400, guardS: 30 };
const BURSTS = [
  { atS: 1200, n: 25, lengthS: 10, raDeg: 10.3 },
  { atS: 2500, n: 40, lengthS: 40, raDeg: 9.5 },
];
const ROWS = photons(3, { ratePerS: 5, lengthS: 4000, bursts: BURSTS });
const OPTIONS: TransientSearchOptions = {
  cells: FIELD,
  bands: [{ name: "all" }, { name: "hard", energyTeV: [1.5, 100] }],
  background: RUNNING,
  falseAlarmsPerYear: 10,
  psfDeg: 0.05,
};

function searched(rows: readonly (readonly number[])[], options = OPTIONS): SearchResult {
  const search = transientSearch(options);
  return search.result(fold(search, [startOf(4000), batchOf(rows), createObsEnd("1")]));
}

Deno.test("transientSearch() finds injected bursts, where and when they were, and nothing else", () => {
  const { alerts, counts } = searched(ROWS);
  const ids = [...new Set(alerts.map(({ alert }) => alert.id))];
  strictEqual(ids.length, BURSTS.length);
  deepStrictEqual(alerts.map((one) => one.seq), alerts.map((_, k) => k));
  strictEqual(counts.seen, ROWS.length);
  strictEqual(counts.late, 0);
  ids.forEach((id, k) => {
    const own = alerts.filter(({ alert }) => alert.id === id).map(({ alert }) => alert);
    const { atS, raDeg, lengthS } = BURSTS[k]!, last = own.at(-1)!;
    deepStrictEqual(own.map((one) => one.record), own.map((_, i) => i));
    deepStrictEqual([own[0]!.phase, last.phase], ["initial", "end"]);
    const { timeS, errorS } = last.onset;
    ok(errorS! < 3 && Math.abs(timeS - atS) < 4 * errorS!, `${timeS} ± ${errorS}, ${atS}`);
    ok(last.durationS < 1.2 * lengthS + 2 && last.t90S! <= last.durationS + 1e-9);
    const apart = separationDeg(
      { lonDeg: last.position!.raDeg, latDeg: last.position!.decDeg },
      { lonDeg: raDeg, latDeg: 0 },
    );
    ok(apart < 0.05, String(apart));
    ok(own[0]!.detectedS <= atS + lengthS + 1);
    ok(last.farHz! < 10 / 3.15e7 && last.farBasis !== undefined);
  });
});

Deno.test("transientSearch() gives the same messages however the stream is cut", () => {
  const rng = createRng(5), whole = JSON.stringify(searched(ROWS).alerts);
  for (let round = 0; round < 20; round++) {
    const search = transientSearch(OPTIONS), items: StreamItem[] = [startOf(4000)];
    for (let from = 0; from < ROWS.length;) {
      const to = Math.min(ROWS.length, from + Math.floor(2000 * rng.uniform() ** 3));
      items.push(batchOf(ROWS.slice(from, to), from));
      from = to;
    }
    items.push(createObsEnd("1"));
    strictEqual(JSON.stringify(search.result(fold(search, items)).alerts), whole);
  }
});

Deno.test("transientSearch() goes on from a snapshot to the bit, at 200 places", () => {
  const search = transientSearch(OPTIONS), rng = createRng(6);
  const wanted = search.result(fold(search, [startOf(4000), batchOf(ROWS), createObsEnd("1")]));
  const cuts = Array.from({ length: 200 }, () => Math.floor(rng.uniform() * ROWS.length))
    .sort((a, b) => a - b);
  let state = fold(search, [startOf(4000)]), from = 0;
  for (const cut of cuts) {
    search.add(state, batchOf(ROWS.slice(from, cut), from));
    state = search.restore(structuredClone(search.snapshot(state)));
    from = cut;
  }
  search.add(state, batchOf(ROWS.slice(from), from));
  search.add(state, createObsEnd("1"));
  strictEqual(JSON.stringify(search.result(state)), JSON.stringify(wanted));
});

Deno.test("transientSearch() alarms as rarely as it was asked to, known background or measured", () => {
  const wanted = 60, search = { ratePerS: 5, photons: 3e5, wanted };
  const found = (background: "known" | "running" | "smoothed" | "run") =>
    noiseAlarms({ ...search, background, runs: 30 }, 11);
  const known = found("known");
  ok(Math.abs(known - wanted) < 3 * Math.sqrt(wanted), String(known));
  for (const background of ["running", "smoothed", "run"] as const) {
    const n = found(background);
    ok(n < wanted + 3 * Math.sqrt(wanted) && n > wanted / 2, `${background} ${n}`);
  }
});

Deno.test("transientSearch() follows a rate that drifts, and still finds a burst in it", () => {
  const rng = createRng(21), times: number[] = [], lengthS = 8000;
  for (let t = 0; t < lengthS;) {
    t += rng.exponential(1 / 40);
    if (40 * rng.uniform() < 20 + 20 * t / lengthS) times.push(t);
  }
  for (let k = 0; k < 60; k++) times.push(6000 + 3 * rng.uniform());
  const batch = createEventBatch({ timeS: Float64Array.from(times).sort() });
  const onsets = (method: "running" | "smoothed") => {
    const search = transientSearch({
      cells: { kind: "whole" },
      background: { method, windowS: 800, guardS: 60 },
      falseAlarmsPerYear: 10,
    });
    const { alerts } = search.result(fold(search, [startOf(lengthS), batch]));
    return alerts.flatMap(({ alert }) => alert.phase === "initial" ? [alert.onset.timeS] : []);
  };
  // The mean of a window that is over lags behind the drift, and takes it for a transient.
  ok(onsets("running").some((t) => Math.abs(t - 6000) > 100));
  const found = onsets("smoothed");
  strictEqual(found.length, 1);
  ok(Math.abs(found[0]! - 6000) < 2, String(found[0]));
});

Deno.test("transientSearch() takes cells of the whole sky, of sources, and none", () => {
  const options = (cells: SearchCells) => ({ ...OPTIONS, cells, bands: [{ name: "all" }] });
  for (
    const cells of [
      { kind: "healpix", nside: 256, radiusDeg: 0.15 },
      { kind: "healpix", nside: 128 },
      {
        kind: "sources",
        radiusDeg: 0.1,
        sources: [
          { name: "a", raDeg: 10.3, decDeg: 0 },
          { name: "b", raDeg: 9.5, decDeg: 0 },
        ],
      },
    ] as const
  ) {
    const { alerts } = searched(ROWS, options(cells));
    const starts = alerts.filter(({ alert }) => alert.phase === "initial").map(({ alert }) =>
      alert
    );
    strictEqual(starts.length, 2, JSON.stringify(cells));
    starts.forEach(({ onset }, k) => ok(Math.abs(onset.timeS - BURSTS[k]!.atS) < 5));
  }
  const strong = photons(4, {
    ratePerS: 0.5,
    lengthS: 4000,
    bursts: [{ atS: 3000, n: 40, lengthS: 5, raDeg: 10 }],
  });
  const { alerts: [first] } = searched(strong, options({ kind: "whole" }));
  strictEqual(first!.alert.position, undefined);
  ok(Math.abs(first!.alert.onset.timeS - 3000) < 2);
});

Deno.test("transientSearch() knows steady sources by a model of the sky, and finds their flares", () => {
  const rng = createRng(41), rows: number[][] = [], lengthS = 4000;
  for (let t = rng.exponential(0.5); t < lengthS; t += rng.exponential(0.5)) {
    rows.push([t, 10 + 2 * rng.uniform() - 1, 2 * rng.uniform() - 1, 1]);
  }
  // A source that shines all the time, and flares once.
  for (let t = rng.exponential(10); t < lengthS; t += rng.exponential(10)) {
    rows.push([t, 10.3, 0.2, 1]);
  }
  for (let k = 0; k < 15; k++) rows.push([3000 + 10 * rng.uniform(), 10.3, 0.2, 1]);
  rows.sort((a, b) => a[0]! - b[0]!);
  const flat = 2 * Math.PI * 0.1 ** 2 / 4;
  const onsets = (background: SearchBackground) =>
    searched(rows, { cells: FIELD, background, falseAlarmsPerYear: 10 }).alerts
      .flatMap(({ alert }) => alert.phase === "initial" ? [alert.onset.timeS] : []);
  ok(onsets({ method: "known", ratePerS: flat }).some((t) => t < 2900), "without it, it is one");
  const model: SearchBackground = {
    method: "model",
    name: "one source",
    rateOf({ raDeg, decDeg, radiusDeg, band }) {
      strictEqual(band, "all");
      const apart = separationDeg({ lonDeg: raDeg!, latDeg: decDeg! }, {
        lonDeg: 10.3,
        latDeg: 0.2,
      });
      return flat + (apart <= radiusDeg ? 0.1 : 0);
    },
  };
  const found = onsets(model);
  strictEqual(found.length, 1);
  ok(Math.abs(found[0]! - 3000) < 5, String(found));
  throws(
    () => onsets({ ...model, rateOf: () => NaN }),
    /background "one source": found a rate of NaN Hz/,
  );
});

Deno.test("transientSearch() describes bursts anywhere in a pixel of HEALPix, at corners as well", () => {
  const rng = createRng(31), rows: number[][] = [], n = 20;
  const place = () => [360 * rng.uniform(), Math.asin(2 * rng.uniform() - 1) * 180 / Math.PI];
  for (let t = rng.exponential(0.05); t < 4000; t += rng.exponential(0.05)) {
    rows.push([t, ...place(), 1]);
  }
  for (let k = 1; k <= n; k++) {
    const at = place();
    for (let i = 0; i < 15; i++) rows.push([190 * k + 10 * rng.uniform(), ...at, 1]);
  }
  rows.sort((a, b) => a[0]! - b[0]!);
  const { alerts } = searched(rows, {
    cells: { kind: "healpix", nside: 8 },
    background: { method: "known", ratePerS: 20 / 768 },
    falseAlarmsPerYear: 1,
  });
  const ends = alerts.map(({ alert }) => alert).filter((one) => one.phase === "end");
  strictEqual(ends.length, n);
  for (const { counts, t90S, onset } of ends) {
    ok(counts >= 10 && t90S! > 1 && t90S! < 20, `${onset.timeS}: ${counts}, ${t90S}`);
  }
});

Deno.test("transientSearch() takes back what the rest of the run shows to be nothing special", () => {
  // A source that doubles its rate for good: a rise at first, the new normal later.
  const rng = createRng(12), times: number[] = [];
  for (let t = 0; t < 8000;) {
    times.push(t -= Math.log1p(-rng.uniform()) / (t < 1000 ? 1 : 2));
  }
  const search = transientSearch({
    cells: { kind: "whole" },
    background: RUNNING,
    falseAlarmsPerYear: 1,
  });
  const batch = createEventBatch({ timeS: Float64Array.from(times) });
  const { alerts } = search.result(fold(search, [startOf(8000), batch, createObsEnd("1")]));
  const [first] = alerts, own = alerts.filter(({ alert }) => alert.id === first!.alert.id);
  deepStrictEqual(
    [own[0]!.alert.phase, ...own.slice(-2).map(({ alert }) => alert.phase)],
    ["initial", "end", "retraction"],
  );
  const [ended, retracted] = own.slice(-2).map(({ alert }) => alert);
  strictEqual(retracted!.record, ended!.record + 1);
  ok(retracted!.expected > ended!.expected && retracted!.significance < ended!.significance);
  // A burst is not taken back.
  const burst = photons(8, {
    ratePerS: 1,
    lengthS: 4000,
    bursts: [{ atS: 2000, n: 60, lengthS: 20, raDeg: 10 }],
  });
  const whole = searched(burst, { ...OPTIONS, cells: { kind: "whole" }, bands: [{ name: "all" }] });
  ok(whole.alerts.length > 0 && whole.alerts.every(({ alert }) => alert.phase !== "retraction"));
});

Deno.test("transientSearch() counts what is late or outside, and refuses what is wrong", () => {
  const late = [[0, 10, 0, 1], [5, 10, 0, 1], [3, 10, 0, 1], [6, 50, 0, 1], [7, 10, 0, 1]];
  deepStrictEqual(searched(late).counts, { seen: 4, outside: 1, late: 1 });
  const wrong: readonly (readonly [Partial<TransientSearchOptions>, RegExp])[] = [
    [{ falseAlarmsPerYear: 0 }, /falseAlarmsPerYear/],
    [{ bands: [] }, /bands/],
    [{ background: { method: "known", ratePerS: -1 } }, /rates -1 must be above 0/],
    [{ background: { method: "running", windowS: 0, guardS: 0 } }, /windowS 0/],
    [{ background: { method: "smoothed", windowS: 10, guardS: -1 } }, /guardS -1/],
    [{ cells: { kind: "sources", sources: [], radiusDeg: 1 } }, /sources: found 0/],
    [{ cells: { kind: "field", stepDeg: 0.001, radiusDeg: 1, maxOffsetDeg: 2 } }, /stepDeg/],
    [{ muMin: 1.3 }, /muMin = 1.3/],
  ];
  for (const [change, message] of wrong) {
    throws(() => transientSearch({ ...OPTIONS, ...change }), message);
  }
  const search = transientSearch(OPTIONS), bare = createEventBatch({ timeS: Float64Array.of(1) });
  throws(() => fold(search, [startOf(10), bare]), /raDeg/);
  const noPointing = createObsStart({ obsId: "1", epoch });
  throws(() => fold(search, [noPointing]), /need a pointing/);
  const [a, b] = [
    fold(search, [startOf(10)]),
    fold(search, [startOf(10), batchOf(ROWS.slice(0, 5))]),
  ];
  throws(() => search.merge(a, b), /cannot be merged/);
  search.merge(b, a);
  match(JSON.stringify(search.result(b).counts), /"seen":5/);
});

// ---- real runs ----

const HESS = "gammapy-data/hess-dl3-dr1/data";
const file = (id: number) => dataFile(`${HESS}/hess_dl3_dr1_obs_id_0${id}.fits.gz`);
const HESS_CELLS: SearchCells = { ...FIELD, kind: "field", maxOffsetDeg: 2.5 };

/** A run with photons put into it. */
function withFlare(
  { events }: Observation,
  flare: {
    readonly raDeg: number;
    readonly decDeg: number;
    readonly atS: number;
    readonly n: number;
  },
): EventBatch {
  const rng = createRng(7), { timeS, raDeg, decDeg, energyTeV } = events.columns;
  const rows = Array.from(timeS, (t, i) => [t, raDeg![i]!, decDeg![i]!, energyTeV![i]!] as const);
  for (let k = 0; k < flare.n; k++) {
    const r = 0.05 * Math.sqrt(-2 * Math.log1p(-rng.uniform())), turn = 2 * Math.PI * rng.uniform();
    rows.push([
      flare.atS + 30 * rng.uniform(),
      flare.raDeg + r * Math.cos(turn) / Math.cos(flare.decDeg * Math.PI / 180),
      flare.decDeg + r * Math.sin(turn),
      0.6 * (1 - rng.uniform()) ** (-1 / 1.6),
    ]);
  }
  return batchOf(rows.sort((a, b) => a[0] - b[0]));
}

for (
  const { name, id, at } of [
    { name: "the Crab nebula", id: 23523, at: { raDeg: 83.633, decDeg: 22.014 } },
    { name: "an empty field", id: 20136, at: { raDeg: 229.19, decDeg: -58.47 } },
  ]
) {
  dataTest(
    `a tenfold Crab of 30 s in ${name} is found within 0.05 deg and 5 s`,
    [HESS],
    async () => {
      const run = await readObservation(file(id), { only: [] }),
        { gti, pointing, ontimeS, livetimeS } = run;
      // The Crab nebula gives 0.12 photons a second in the circle about it.
      const flare = { ...at, atS: gti.startS[0]! + 600, n: 38 };
      const items = [
        createObsStart({
          obsId: run.obsId,
          epoch: run.epoch,
          gti,
          pointing,
          instrument: run.instrument,
          deadTimeFraction: 1 - livetimeS / ontimeS,
        }),
        withFlare(run, flare),
        createObsEnd(run.obsId),
      ];
      const totals = runTotals({ cells: HESS_CELLS });
      const search = transientSearch({
        cells: HESS_CELLS,
        background: { method: "run", totals: totals.result(fold(totals, items)) },
        falseAlarmsPerYear: 1,
        psfDeg: 0.05,
        tense: "injection",
      });
      const { alerts } = search.result(fold(search, items));
      strictEqual(new Set(alerts.map(({ alert }) => alert.id)).size, 1);
      const { onset, position } = alerts.at(-1)!.alert;
      ok(Math.abs(onset.timeS - flare.atS) < 5, String(onset.timeS - flare.atS));
      const apart = separationDeg(
        { lonDeg: position!.raDeg, latDeg: position!.decDeg },
        { lonDeg: at.raDeg, latDeg: at.decDeg },
      );
      ok(apart < 0.05 && apart < 3 * position!.errorDeg, String(apart));
    },
  );
}
