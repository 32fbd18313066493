import type { StreamItem } from "../../../src/data/mod.ts";
import { createGti } from "../../../src/events/mod.ts";
import { createRegion } from "../../../src/sky/mod.ts";
import {
  account,
  type AccountState,
  countsSpectrum,
  zip,
} from "../../../streams/accumulators/mod.ts";
import {
  accumulate,
  assignPhase,
  assignWeight,
  barycentre,
  type ClosedWindow,
  dropRepeats,
  lift,
  mapKernel,
  orbitalPhase,
  orderByTime,
  progress,
  rebatch,
  selectColumn,
  selectEnergy,
  selectEventType,
  selectGti,
  selectOffset,
  selectPhase,
  selectRegion,
  selectTime,
  session,
  sliding,
  tee,
  tumbling,
} from "../../../streams/operators/mod.ts";
import {
  createPulsarTiming,
  createTimingModel,
  embeddedEphemeris,
  parsePar,
} from "../../../src/timing/mod.ts";
import { anyStream, CENTER, countEvents, EPOCH } from "../../_tools/event_arbitraries.ts";
import { checkOperatorCases } from "../../_tools/operator_cases.ts";

const circle = createRegion({
  kind: "circle",
  frame: "icrs",
  lonDeg: CENTER.raDeg,
  latDeg: CENTER.decDeg,
  radiusDeg: 1,
});
const gti = createGti(EPOCH, Float64Array.of(100, 0, 50), Float64Array.of(300, 60, 70));

checkOperatorCases(
  "lift(mapKernel({ batch }))",
  () => lift(mapKernel({ batch: (batch) => (void batch.columns.timeS, batch) })),
);
checkOperatorCases("selectEnergy()", () => selectEnergy({ lowTeV: 0.1, highTeV: 10 }), {
  needs: ["energyTeV"],
});
checkOperatorCases("selectColumn()", () => selectColumn("piChannel", { low: 0, high: 1200 }), {
  needs: ["piChannel"],
});
checkOperatorCases("selectTime()", () => selectTime({ startS: 0, stopS: 1000 }));
checkOperatorCases("selectGti(gti)", () => selectGti(gti));
checkOperatorCases("selectGti()", () => selectGti());
checkOperatorCases("selectRegion()", () => selectRegion(circle), { needs: ["raDeg", "decDeg"] });
checkOperatorCases(
  "selectRegion(inverted)",
  () => selectRegion(circle, { inverted: true }),
  { needs: ["raDeg", "decDeg"] },
);
checkOperatorCases("selectOffset()", () => selectOffset({ maxDeg: 1 }), {
  needs: ["raDeg", "decDeg"],
});
checkOperatorCases("selectEventType()", () => selectEventType(0b101), { needs: ["eventType"] });
checkOperatorCases("selectPhase()", () => selectPhase([[0.9, 0.1], [0.2, 0.3]]), {
  needs: ["phase"],
});
checkOperatorCases(
  "assignPhase()",
  () => assignPhase({ f0Hz: 29.9, f1HzPerS: -3.7e-10, epoch: EPOCH }),
);
const pulsar = createTimingModel(parsePar(
  "PSR J1\nRAJ 05:34:31.9\nDECJ 22:00:52\nF0 29.9\nF1 -3.7e-10\nPEPOCH 54000\nEPHEM DE405\n" +
    "BINARY ELL1\nPB 4\nA1 2\nTASC 54000\nEPS1 0\nEPS2 0",
));
const ephemeris = await embeddedEphemeris();
const timed = createPulsarTiming(pulsar, { times: { place: "geocentre" }, ephemeris });
checkOperatorCases(
  "assignPhase(timing)",
  () => assignPhase(timed, { pulseNumber: true, orbitalPhase: true }),
);
checkOperatorCases("orbitalPhase()", () => orbitalPhase(timed));
checkOperatorCases("barycentre()", () => barycentre(timed.barycentring!));
checkOperatorCases(
  "assignWeight(lat)",
  () => assignWeight({ method: "lat", source: { lonDeg: CENTER.raDeg, latDeg: CENTER.decDeg } }),
  { needs: ["energyTeV", "raDeg", "decDeg"] },
);
checkOperatorCases("rebatch()", () => rebatch(3));
checkOperatorCases("dropRepeats()", () => dropRepeats(), {
  ignoresColumns: true,
  streams: anyStream().map(withWholeBatches),
});
checkOperatorCases("orderByTime()", () => orderByTime({ latenessS: 300 }));
checkOperatorCases("progress()", () => progress(() => {}));
checkOperatorCases("tee()", () => tee(selectEnergy({ lowTeV: 1 }), () => {}));

/** Batches that have all their rows, numbered through in each observation. */
function withWholeBatches(items: readonly StreamItem[]): StreamItem[] {
  const next = new Map<string, number>();
  return items.map((item) => {
    if (item.kind !== "batch") return item;
    const rowStart = next.get(item.obsId) ?? 0, rowStop = rowStart + item.length;
    next.set(item.obsId, rowStop);
    return Object.freeze({ ...item, rowStart, rowStop, rejected: {}, late: 0 });
  });
}

const inWindows = {
  streams: anyStream({ orphans: false, withGti: true }),
  outline: (outs: readonly unknown[]) => outs,
  seen: countEvents,
};
const both = () => zip({ account: account(), spectrum: countsSpectrum([0.1, 1, 10]) });
/** Late events are told with a window, or, where no window follows, by `onLate` alone. */
let nLate = 0;
const onLate = (n: number) => nLate += n;
type Window = ClosedWindow<{ readonly account: { readonly used: number } }>;
const countedIn = (perWindow: number) => (outs: readonly Window[]) => {
  const used = outs.reduce((n, { result }) => n + result.account.used, 0);
  const late = nLate;
  nLate = 0;
  return used / perWindow + late;
};
checkOperatorCases(
  "tumbling()",
  () => (nLate = 0, tumbling(both(), { widthS: 100, latenessS: 10, onLate })),
  { ...inWindows, counted: countedIn(1) },
);
checkOperatorCases(
  "sliding()",
  () => sliding(both(), { widthS: 100, stepS: 25 }),
  {
    ...inWindows,
    // an event may be too late for some of its windows only: count those that are never closed
    streams: anyStream({ sorted: true, orphans: false }),
    counted: (outs: readonly Window[]) =>
      outs.reduce((n, { result }) => n + result.account.used, 0) / 4,
  },
);
checkOperatorCases("session()", () => session(both(), { gapS: 30 }), {
  ...inWindows,
  streams: anyStream({ sorted: true, orphans: false }),
  counted: (outs: readonly Omit<Window, "late">[]) =>
    outs.reduce((n, { result }) => n + result.account.used, 0),
});
checkOperatorCases("accumulate()", () => accumulate(both()), {
  outline: (outs) => outs,
  counted: (outs) => {
    const { used, late, rejected } = (outs[0] as { account: AccountState }).account;
    return Object.values(rejected).reduce((a, b) => a + b, used + late);
  },
  nOfNothing: 1,
  emitsAtEnd: true,
});
