/**
 * Engines: what drives a stream from its source through its operators.
 *
 * @module
 */
export { drain, type DrainOptions } from "./drain.ts";
export { type Credits, credits } from "./credits.ts";
export { type ResumableOptions, type ResumableRun, runResumable } from "./run_resumable.ts";
