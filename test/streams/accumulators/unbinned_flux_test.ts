import { ok, strictEqual, throws } from "node:assert/strict";
import { createObsEnd, createObsStart, type StreamItem } from "../../../src/data/mod.ts";
import { createEventBatch, createGti } from "../../../src/events/mod.ts";
import { createRng } from "../../../src/numeric/mod.ts";
import { fold, type UnbinnedFlux, unbinnedFlux } from "../../../streams/accumulators/mod.ts";
import { checkAccumulatorLaws } from "../../_tools/accumulator_laws.ts";
import { anyStream, EPOCH } from "../../_tools/event_arbitraries.ts";
import { newton } from "../../_tools/plain_newton.ts";
import { unbinnedPulls } from "../../_tools/unbinned_pulls.ts";

const SIGNAL = 0.2, BACKGROUND = 1;
const ratesOf = () => ({ signalPerS: SIGNAL, backgroundPerS: BACKGROUND });
const options = { name: "test", ratesOf };
const gti = createGti(EPOCH, Float64Array.of(0), Float64Array.of(1000));
const start = (obsId: string) =>
  createObsStart({ obsId, epoch: EPOCH, gti, deadTimeFraction: 0.1 });

/** Ratios as of events of which a part comes from the source. */
function ratiosOf(seed: number, n: number, fraction = 0.2): Float64Array {
  const rng = createRng(seed);
  return Float64Array.from(
    { length: n },
    () => Math.exp(rng.uniform() < fraction ? 1 + rng.normal() : -2 + 1.5 * rng.normal()),
  );
}

function batchesOf(ratios: Float64Array, nParts: number): StreamItem[] {
  const size = Math.ceil(ratios.length / nParts);
  return Array.from({ length: nParts }, (_, k) => {
    const sourceRatio = ratios.slice(k * size, (k + 1) * size);
    return createEventBatch({ timeS: new Float64Array(sourceRatio.length), sourceRatio });
  });
}

/** The fit of a batch, in plain words. */
function plainFit(ratios: Float64Array, nObservations: number, isFree = false) {
  const live = 900 * nObservations;
  const expected = [SIGNAL * live, BACKGROUND * live];
  const table = {
    n: ratios.length,
    densities: [ratios, new Float64Array(ratios.length).fill(1)],
    expected,
  };
  const from = [Math.max(0, (ratios.length - expected[1]!) / expected[0]!), 1];
  return newton(table, { start: from, free: isFree ? [0, 1] : [0] });
}

const near = (a: number, b: number, rtol = 1e-9) =>
  ok(Math.abs(a - b) <= rtol * Math.max(Math.abs(a), Math.abs(b)), `${a} is not ${b}`);

Deno.test("unbinnedFlux() is the fit of the whole batch, however it is split and merged", () => {
  for (const [seed, n] of [[1, 2100], [2, 2300], [3, 1500]] as const) {
    for (const freeBackground of [false, true]) {
      const flux = unbinnedFlux({ ...options, freeBackground }), ratios = ratiosOf(seed, n);
      const plain = plainFit(ratios, 2, freeBackground);
      const batches = batchesOf(ratios, 7);
      const items = [start("1"), ...batches.slice(0, 4), start("2"), ...batches.slice(4)];
      for (const cut of [0, 1, 3, 6, items.length]) {
        const left = fold(flux, items.slice(0, cut)), right = fold(flux, items.slice(cut));
        flux.merge(right, left);
        const found = flux.result(right);
        ok(found.converged, found.reason);
        near(found.amplitude, plain.amplitudes[0]!);
        near(found.error, plain.errors[0]!);
        near(found.background, plain.amplitudes[1]!);
        near(found.expectedSignal, SIGNAL * 1800);
        strictEqual(found.nEvents, n);
      }
    }
  }
});

Deno.test("unbinnedFlux(): score and information at 0 are sums over the events", () => {
  const flux = unbinnedFlux(options), ratios = ratiosOf(4, 500);
  const items = [start("1"), ...batchesOf(ratios, 3)];
  const { score, information } = flux.result(fold(flux, items));
  near(score, ratios.reduce((sum, r) => sum + r, 0) - SIGNAL * 900);
  near(information, ratios.reduce((sum, r) => sum + r * r, 0));
  const two = flux.result(fold(flux, [start("2"), ...items.slice(1)], fold(flux, items)));
  near(two.score, 2 * score);
  near(two.information, 2 * information);
});

Deno.test("unbinnedFlux(): beyond maxEvents bins give ln L within what is stated", () => {
  const ratios = ratiosOf(5, 3000), items = [start("1"), ...batchesOf(ratios, 5)];
  const whole = unbinnedFlux(options).result(fold(unbinnedFlux(options), items));
  for (const maxEvents of [1, 100, 2999]) {
    const flux = unbinnedFlux({ ...options, maxEvents }), found = flux.result(fold(flux, items));
    strictEqual(found.nBinned, 3000);
    ok(Math.abs(found.ts - whole.ts) <= 2 * found.binningError);
    ok(Math.abs(found.amplitude - whole.amplitude) < 1e-4 * whole.error);
    near(found.error, whole.error, 1e-5);
    near(found.score, whole.score);
    for (const cut of [1, 2, 4]) {
      const left = fold(flux, items.slice(0, cut));
      flux.merge(left, fold(flux, items.slice(cut)));
      near(flux.result(left).amplitude, found.amplitude);
    }
  }
  const just = unbinnedFlux({ ...options, maxEvents: 3000 });
  strictEqual(just.result(fold(just, items)).nBinned, 0);
});

Deno.test("unbinnedFlux(): fewer events than the background gives come out negative", () => {
  const flux = unbinnedFlux(options), ratios = ratiosOf(6, 300, 0);
  const { amplitude, error, ts, converged } = flux.result(
    fold(flux, [start("1"), ...batchesOf(ratios, 1)]),
  );
  ok(converged && amplitude < 0 && error > 0 && ts > 0);
  near(amplitude, plainFit(ratios, 1).amplitudes[0]!, 1e-8);
});

Deno.test("unbinnedFlux() says what is missing", () => {
  const flux = unbinnedFlux(options);
  const why = (items: StreamItem[]): UnbinnedFlux => flux.result(fold(flux, items));
  strictEqual(why([]).reason, "there is no event");
  strictEqual(why([start("1")]).converged, false);
  strictEqual(why(batchesOf(Float64Array.of(1, 2), 1)).reason, "no signal is expected");
  strictEqual(
    why([start("1"), ...batchesOf(new Float64Array(9), 1)]).reason,
    "the information is singular",
  );
  const odd = why([start("1"), ...batchesOf(Float64Array.of(NaN, Infinity, -1, 2), 1)]);
  strictEqual(odd.nOutside, 3);
  strictEqual(odd.nEvents, 1);
  const late = createObsEnd("1", { gti, deadTimeFraction: 0 });
  throws(() => flux.add(flux.create(), late), TypeError);
  throws(() => unbinnedFlux({ ...options, maxEvents: 0 }), RangeError);
});

Deno.test("unbinnedFlux() keeps the laws of accumulators, with single events and with bins", () => {
  const streams = anyStream({ withGti: true }).map((items) =>
    items.map((item): StreamItem => {
      if (item.kind !== "batch") return item;
      const { timeS, energyTeV } = item.columns;
      return createEventBatch({ timeS, sourceRatio: energyTeV! }, item);
    })
  );
  for (const maxEvents of [1 << 20, 8, 1]) {
    const flux = unbinnedFlux({ ...options, maxEvents });
    checkAccumulatorLaws(flux, streams, {
      others: [unbinnedFlux({ ...options, name: "other" })],
      scale: () => 1e3,
      conserves: {
        counted: ({ nEvents, nOutside }) => nEvents + nOutside,
        seen: (items) => items.reduce((n, one) => n + (one.kind === "batch" ? one.length : 0), 0),
      },
    });
  }
});

Deno.test("unbinnedFlux(): pulls over 200 simulations have the width that they should", () => {
  const { n, mean, width } = unbinnedPulls(200, "test");
  ok(Math.abs(width - 1) < 3 / Math.sqrt(2 * n), `width ${width}`);
  ok(Math.abs(mean) < 3 / Math.sqrt(n), `mean ${mean}`);
});
