import { identity, type OperatorFunction } from "rxjs";
import type { StreamItem } from "../data/mod.ts";
import type { EventEpoch } from "../events/mod.ts";
import type { WcsGeom } from "../maps/mod.ts";
import type { Json } from "../nddata/mod.ts";
import { fingerprint } from "../numeric/mod.ts";
import { formatRegions, type Region } from "../sky/mod.ts";
import type { PulsarTiming } from "../timing/mod.ts";
import {
  type Account,
  account,
  type Accumulator,
  type AnyAccumulator,
  type CountsMap,
  countsMap,
  type CountsMapAxis,
  type CountsSpectrum,
  countsSpectrum,
  type EventStatistics,
  eventStatistics,
  type ExposureSum,
  exposureSum,
  type LightCurve,
  lightCurve,
  phaseSums,
  type PhaseSumsResult,
  type Phasogram,
  phasogram,
  type Theta2Histogram,
  theta2Histogram,
  type Theta2Options,
  zip,
  type ZipState,
} from "../../streams/accumulators/mod.ts";
import {
  assignPhase,
  assignWeight,
  type EnergyRange,
  type EventWeights,
  type OffsetRange,
  selectEnergy,
  selectEventType,
  selectGti,
  selectOffset,
  selectPhase,
  selectRegion,
  selectTime,
  type SpinModel,
  type TimeRange,
} from "../../streams/operators/mod.ts";

/** What is selected from a stream, and what is made of it. */
export interface StreamConfig {
  readonly epoch: EventEpoch;
  readonly startS: number;
  readonly energy?: EnergyRange | undefined;
  readonly time?: TimeRange | undefined;
  readonly region?: Region | undefined;
  readonly offset?: OffsetRange | undefined;
  readonly eventType?: number | undefined;
  readonly phaseModel?: SpinModel | PulsarTiming | undefined;
  /** Where weights come from; those of the phasogram and its tests. */
  readonly weights?: EventWeights | undefined;
  readonly phaseRange?: readonly (readonly [number, number])[] | undefined;
  readonly gti?: boolean | undefined;
  readonly map?: { readonly geom: WcsGeom; readonly axes: readonly CountsMapAxis[] } | undefined;
  readonly spectrum?: Float64Array | undefined;
  readonly lightcurve?: { readonly widthS: number } | undefined;
  readonly phasogram?: number | undefined;
  /** Harmonics of the tests beside the phasogram; 20. */
  readonly harmonics?: number | undefined;
  readonly theta2?: Theta2Options | undefined;
}

/** What a stream has come to. */
export interface StreamResult {
  readonly account: Account;
  readonly events: EventStatistics;
  readonly exposure: ExposureSum;
  readonly spectrum?: CountsSpectrum;
  readonly lightcurve?: LightCurve;
  readonly map?: CountsMap<WcsGeom>;
  readonly phasogram?: Phasogram;
  readonly phaseSums?: PhaseSumsResult;
  readonly theta2?: Theta2Histogram;
}

/** The operators of a configuration in one: all of them row-wise, so that a run can be resumed. */
export function pipelineOf(config: StreamConfig): OperatorFunction<StreamItem, StreamItem> {
  const { energy, time, region, offset, eventType, phaseModel, phaseRange } = config;
  const stages: OperatorFunction<StreamItem, StreamItem>[] = [];
  if (time !== undefined) stages.push(selectTime(time));
  if (config.gti) stages.push(selectGti());
  if (energy !== undefined) stages.push(selectEnergy(energy));
  if (eventType !== undefined) stages.push(selectEventType(eventType));
  if (offset !== undefined) stages.push(selectOffset(offset));
  if (region !== undefined) stages.push(selectRegion(region));
  if (phaseModel !== undefined) stages.push(assignPhase(phaseModel));
  if (config.weights !== undefined) stages.push(assignWeight(config.weights));
  if (phaseRange !== undefined) stages.push(selectPhase(phaseRange));
  return stages.reduce(
    (whole, stage) => (source) => stage(whole(source)),
    identity as typeof stages[0],
  );
}

/** The accumulators of a configuration in one. */
export function accumulatorOf(
  config: StreamConfig,
): Accumulator<StreamItem, ZipState, StreamResult> {
  const { epoch, startS } = config;
  const parts: Record<string, AnyAccumulator<StreamItem>> = {
    account: account(),
    events: eventStatistics(),
    exposure: exposureSum(),
  };
  if (config.spectrum !== undefined) parts.spectrum = countsSpectrum(config.spectrum);
  if (config.lightcurve !== undefined) {
    const originS = Number.isFinite(startS) ? startS : 0;
    parts.lightcurve = lightCurve({ epoch, originS, ...config.lightcurve });
  }
  if (config.map !== undefined) parts.map = countsMap(config.map);
  if (config.phasogram !== undefined) {
    const weighted = config.weights !== undefined;
    parts.phasogram = phasogram(config.phasogram, { weighted });
    parts.phaseSums = phaseSums({ weighted, maxHarmonic: config.harmonics });
  }
  if (config.theta2 !== undefined) parts.theta2 = theta2Histogram(config.theta2);
  return zip(parts) as unknown as Accumulator<StreamItem, ZipState, StreamResult>;
}

/** The columns that a configuration cannot do without, each with the option that needs it. */
export function neededColumns(config: StreamConfig): ReadonlyMap<string, string> {
  const needed = new Map<string, string>();
  const need = (column: string, option: string, wanted: unknown) => {
    if (wanted !== undefined && wanted !== false && !needed.has(column)) needed.set(column, option);
  };
  const axis = (column: string) => config.map?.axes.find((one) => one.column === column);
  need("energyTeV", "energy", config.energy);
  need("energyTeV", "spectrum", config.spectrum);
  need("energyTeV", "map", axis("energyTeV"));
  for (const option of ["region", "offset", "map", "theta2"] as const) {
    for (const column of ["raDeg", "decDeg"]) need(column, option, config[option]);
  }
  need("eventType", "event-type", config.eventType);
  const { weights } = config;
  if (weights?.method === "column") need(weights.column, "weights", true);
  else for (const column of ["energyTeV", "raDeg", "decDeg"]) need(column, "weights", weights);
  if (config.phaseModel === undefined) {
    need("phase", "phasogram", config.phasogram);
    need("phase", "phase", config.phaseRange);
    need("phase", "map", axis("phase"));
  }
  return needed;
}

/** The columns that a configuration reads: those it needs, and energies for the statistics. */
export function columnsOf(config: StreamConfig): string[] {
  return [...new Set(["energyTeV", ...neededColumns(config).keys()])];
}

/** Names the selections of a configuration: a state is taken up only under the same ones. */
export function nameOf(config: StreamConfig, source: string): string {
  const { energy, time, region, offset, eventType, phaseModel, phaseRange, gti } = config;
  return fingerprint({
    source,
    energy: energy === undefined ? null : { ...energy },
    time: time === undefined ? null : { ...time },
    region: region === undefined ? null : formatRegions(region),
    offset: offset === undefined ? null : { ...offset },
    eventType: eventType ?? null,
    phaseModel: phaseModel === undefined ? null : nameOfPhases(phaseModel),
    weights: config.weights === undefined ? null : JSON.stringify(config.weights),
    phaseRange: phaseRange === undefined ? null : phaseRange.map((one) => [...one]),
    gti: gti ?? false,
  });
}

/** What tells a way to phases from another: the model and what brought times to the barycentre. */
function nameOfPhases(by: SpinModel | PulsarTiming): Json {
  if ("f0Hz" in by) return { ...by, epoch: { ...by.epoch } };
  const { model, barycentring } = by, { observer, ephemeris } = barycentring ?? {};
  const orbit = observer?.kind === "orbit" ? observer.orbit.name : null;
  return JSON.stringify({ model, observer: observer?.kind, orbit, ephemeris: ephemeris?.name });
}
