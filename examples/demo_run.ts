/** One pass of the demo's stream: what goes where. */
import { pipe } from "rxjs";
import { pointSourceView, type SimulatedSource } from "../src/data/mod.ts";
import { createWcsGeom, type WcsGeom } from "../src/maps/mod.ts";
import { linearEdges, logEdges } from "../src/nddata/mod.ts";
import { cashSignificance, hTest, type HTestResult } from "../src/stats/mod.ts";
import {
  type Account,
  account,
  type CountsMap,
  countsMap,
  type CountsSpectrum,
  countsSpectrum,
  exposureSum,
  type FocusResult,
  focusUnbinned,
  gtiClock,
  type LightCurve,
  lightCurve,
  type OnSource,
  onSource,
  phaseSums,
  type Phasogram,
  phasogram,
  type Theta2Histogram,
  theta2Histogram,
  unbinnedFlux,
  zip,
} from "../streams/accumulators/mod.ts";
import { drain } from "../streams/engines/mod.ts";
import {
  accumulate,
  assignPhase,
  assignSourceRatio,
  selectEnergy,
  selectRegion,
  tee,
} from "../streams/operators/mod.ts";
import { simulatedSource } from "../streams/sources/mod.ts";
import {
  circleAbout,
  type Estimate,
  estimatesOf,
  expectedAbout,
  RANGE_TEV,
  viewOptions,
} from "./demo_estimates.ts";
import { EPOCH, FIELD, FLARING, PULSAR, PULSE, STEADY } from "./field.ts";

/** What one run of the demo found. */
export interface DemoRun {
  readonly seed: string;
  readonly account: Account;
  readonly livetimeS: number;
  readonly geom: WcsGeom;
  readonly map: CountsMap<WcsGeom>;
  readonly theta2: Theta2Histogram;
  readonly spectrum: CountsSpectrum;
  readonly curve: LightCurve;
  readonly phasogram: Phasogram;
  readonly h: HTestResult;
  readonly focus: FocusResult;
  readonly steadyOn: OnSource;
  /** Time and significance of the steady source as the stream went on. */
  readonly significances: { readonly timeS: readonly number[]; readonly sigma: readonly number[] };
  readonly estimates: readonly Estimate[];
}

/** How the run stands, for a live view. */
export interface DemoProgress {
  readonly timeS: number;
  readonly steadySigma: number;
  readonly h: number;
  readonly focus: FocusResult;
}

/** Rates of a point source at the pointing of each run. */
function ratesOf(source: SimulatedSource) {
  const options = viewOptions(source);
  return (start: { readonly pointing: { raDeg: number; decDeg: number } | undefined }) =>
    pointSourceView(options, start.pointing!);
}

/** The amplitude of a point source, fitted without bins. */
function fluxOf(source: SimulatedSource) {
  return unbinnedFlux({ name: source.name, ratesOf: ratesOf(source) });
}

/** Streams the simulated field once. */
export async function runDemo(
  seed: string,
  report: (so: DemoProgress) => void = () => {},
): Promise<DemoRun> {
  const geom = createWcsGeom({
    skydir: { lonDeg: STEADY.raDeg, latDeg: STEADY.decDeg },
    proj: "TAN",
    binszDeg: 0.04,
    widthDeg: 4,
  });
  const quiet = expectedAbout(FLARING), steadyExpected = expectedAbout(STEADY);
  const pulsarExpected = expectedAbout(PULSAR);
  const backgroundPerS = steadyExpected.background / steadyExpected.livetimeS;
  const clock = gtiClock(FIELD.observations, EPOCH);
  const quietPerS = (quiet.signal + quiet.background) / quiet.livetimeS;

  const field = zip({
    account: account(),
    exposure: exposureSum(),
    map: countsMap({ geom }),
    theta2: theta2Histogram({
      raDeg: STEADY.raDeg,
      decDeg: STEADY.decDeg,
      edgesDeg2: linearEdges({ low: 0, high: 0.2, nBins: 40 }),
    }),
  });
  const steady = zip({
    flux: fluxOf(STEADY),
    on: onSource({
      on: circleAbout(STEADY),
      background: { perS: backgroundPerS },
    }),
    spectrum: countsSpectrum(logEdges({ low: 0.1, high: 100, nBins: 24 })),
  });
  const pulsar = zip({ flux: fluxOf(PULSAR), phasogram: phasogram(40), sums: phaseSums() });
  const flaring = zip({
    account: account(),
    curve: lightCurve({ epoch: EPOCH, widthS: 20 }),
    focus: focusUnbinned({ backgroundPerS: quietPerS, clock }),
  });

  const states = {
    field: field.create(),
    steady: steady.create(),
    pulsar: pulsar.create(),
    flaring: flaring.create(),
  };
  const significances = { timeS: [] as number[], sigma: [] as number[] };
  const look = (timeS: number) => {
    const { nOn } = steady.result(states.steady).on, { sums } = pulsar.result(states.pulsar);
    const steadySigma = cashSignificance({ nOn, background: backgroundPerS * clock.liveS(timeS) });
    significances.timeS.push(timeS);
    significances.sigma.push(steadySigma);
    report({
      timeS,
      steadySigma,
      h: sums.n > 0 ? hTest(sums).h : 0,
      focus: flaring.result(states.flaring).focus,
    });
  };
  await drain(
    simulatedSource(FIELD, { seed }).items(),
    pipe(
      selectEnergy({ lowTeV: RANGE_TEV[0], highTeV: RANGE_TEV[1] }),
      tee(
        pipe(
          selectRegion(circleAbout(STEADY)),
          assignSourceRatio(viewOptions(STEADY)),
          accumulate(steady, { state: states.steady }),
        ),
      ),
      tee(
        pipe(
          selectRegion(circleAbout(PULSAR)),
          assignPhase({ f0Hz: PULSE.f0Hz, epoch: EPOCH }),
          assignSourceRatio(viewOptions(PULSAR)),
          accumulate(pulsar, { state: states.pulsar }),
        ),
      ),
      tee(pipe(selectRegion(circleAbout(FLARING)), accumulate(flaring, { state: states.flaring }))),
      accumulate(field, { state: states.field }),
    ),
    { afterItem: (item) => item.kind === "heartbeat" ? look(item.timeS) : undefined },
  );

  const whole = field.result(states.field), near = steady.result(states.steady);
  const pulsing = pulsar.result(states.pulsar), flared = flaring.result(states.flaring);
  return {
    seed,
    account: whole.account,
    livetimeS: whole.exposure.livetimeS,
    geom,
    map: whole.map,
    theta2: whole.theta2,
    spectrum: near.spectrum,
    curve: flared.curve,
    phasogram: pulsing.phasogram,
    h: hTest(pulsing.sums),
    focus: flared.focus,
    steadyOn: near.on,
    significances,
    estimates: estimatesOf({
      steadyFlux: near.flux,
      steadyOn: near.on,
      pulsarFlux: pulsing.flux,
      pulsarSums: pulsing.sums,
      flaringCounts: flared.account.used,
      flaringQuiet: quiet,
      steadyExpected,
      pulsarExpected,
    }),
  };
}
