/**
 * Observations and what flows out of them: the union type of every stream.
 *
 * @module
 */
export {
  createHeartbeat,
  createObsEnd,
  createObsStart,
  type Exposure,
  exposureOf,
  type Heartbeat,
  type ObsEnd,
  type ObsStart,
  positionAfter,
  SOURCE_START,
  type SourcePosition,
  type StreamItem,
} from "./stream_item.ts";
export {
  type DataStore,
  type DataStoreEntry,
  openDataStore,
  type OpenDataStoreOptions,
  type PointingCone,
  selectObservations,
} from "./data_store_fits.ts";
export {
  groupRows,
  type ObservationTable,
  type PointingCircle,
  readObservationTable,
  type RowSelection,
  selectRows,
} from "./observation_table_fits.ts";
export { isFolder, listEventFiles } from "./list_files_io.ts";
export { createEnergySampler, type EnergySampler } from "./energy_sampler.ts";
export {
  type SimulatedEventType,
  type SimulatedObservation,
  type SimulatedPulse,
  type SimulatedSource,
  simulateEvents,
  type Simulation,
} from "./simulate.ts";
export { type PointSourceOptions, type PointSourceView, pointSourceView } from "./point_source.ts";
export {
  createPointingTable,
  type DriftPointing,
  driftPointing,
  type FixedPointing,
  fixedPointing,
  type ObservationPointing,
  pointingAltAz,
  pointingAltAzTimesInto,
  type PointingAt,
  pointingIcrs,
  pointingIcrsTimesInto,
  type PointingTable,
} from "./pointing.ts";
export {
  findPointingTable,
  pointingFromHeader,
  readPointingTable,
  siteFromFits,
} from "./pointing_fits.ts";
export {
  type Observation,
  readObservation,
  type ReadObservationOptions,
  readObservations,
} from "./observation_fits.ts";
export { sourceWeights, type SourceWeightsOptions, type WeighedEvents } from "./source_weights.ts";
export {
  createObservationCache,
  type ObservationCache,
  type ObservationCacheOptions,
} from "./observation_cache.ts";
export {
  type EventTypeGroup,
  type ObservationSelection,
  selectObservation,
  splitEventTypes,
} from "./select_observation.ts";
export { withPulsePhases } from "./phase_observation.ts";
