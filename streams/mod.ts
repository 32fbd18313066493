/**
 * Streams of photons: sources that are pulled, operators, accumulators that can be cut and merged,
 * and the engines that drive them.
 *
 * @module
 */
export * from "./accumulators/mod.ts";
export * from "./engines/mod.ts";
export * from "./monitor/mod.ts";
export * from "./operators/mod.ts";
export * from "./sinks/mod.ts";
export * from "./sources/mod.ts";
