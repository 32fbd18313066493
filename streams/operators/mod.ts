/**
 * Operators: synchronous transformations of a stream, each a kernel lifted into RxJS.
 *
 * @module
 */
export { accumulate, type AccumulateOptions } from "./accumulate.ts";
export {
  assignPhase,
  type AssignPhaseOptions,
  orbitalPhase,
  type SpinModel,
  spinPhase,
} from "./assign_phase.ts";
export { barycentre } from "./barycentre.ts";
export {
  type Emit,
  type ItemMap,
  type KernelRun,
  lift,
  mapKernel,
  type StreamKernel,
} from "./kernel.ts";
export { dropRepeats } from "./drop_repeats.ts";
export { orderByTime, type OrderByTimeOptions } from "./order_by_time.ts";
export { rebatch } from "./rebatch.ts";
export { selectEventType } from "./select_event_type.ts";
export { selectPhase } from "./select_phase.ts";
export { type ColumnRange, type EnergyRange, selectColumn, selectEnergy } from "./select_range.ts";
export { type OffsetRange, selectOffset, selectRegion } from "./select_sky.ts";
export { selectGti, selectTime, type TimeRange } from "./select_time.ts";
export { type Progress, progress, tee } from "./tap.ts";
export { type ClosedWindow, type ClosingOptions, session, sliding, tumbling } from "./windows.ts";
export { assignWeight, type EventWeights, eventWeights } from "./assign_weight.ts";
export { assignSourceRatio } from "./assign_source_ratio.ts";
