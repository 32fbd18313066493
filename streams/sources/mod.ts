/**
 * Sources: where streams come from, pulled one batch at a time.
 *
 * @module
 */
export { followFile, type FollowOptions } from "./follow.ts";
export { itemsOfLines, type JsonLinesOptions } from "./items_of_lines.ts";
export { linesOf } from "./lines_of.ts";
export { linesSource, type LinesSourceOptions } from "./lines_source.ts";
export { memoryItems } from "./memory_source.ts";
export { observationsSource, type OpenObservation } from "./observations_source.ts";
export { eventPaths, openSource, type OpenSourceOptions } from "./open_source.ts";
export { replay, type ReplayOptions } from "./replay.ts";
export type { SourceOptions, StreamSource } from "./source.ts";
export { simulatedSource } from "./simulated_source.ts";
export {
  type MergedSource,
  type MergeInput,
  type MergeOptions,
  type MergePosition,
  mergeSources,
  type MergeStep,
} from "./merge_sources.ts";
