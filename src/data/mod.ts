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
  type Pointing,
  type SourcePosition,
  type StreamItem,
} from "./stream_item.ts";
