/**
 * gammarx: high-energy astronomy on streams of photons. Here is all that works without RxJS: files,
 * events, sky, maps, time, statistics and figures; `@gammarx/gammarx/streams` has sources, operators,
 * accumulators and engines.
 *
 * @module
 */
export * from "./src/alerts/mod.ts";
export * from "./src/data/mod.ts";
export * from "./src/datasets/mod.ts";
export * from "./src/estimators/mod.ts";
export * from "./src/events/mod.ts";
export * from "./src/fits/mod.ts";
export * from "./src/fit/mod.ts";
export * from "./src/irf/mod.ts";
export * from "./src/makers/mod.ts";
export * from "./src/maps/mod.ts";
export * from "./src/timing/mod.ts";
export * from "./src/models/mod.ts";
export * from "./src/nddata/mod.ts";
export * from "./src/numeric/mod.ts";
export * from "./src/plot/mod.ts";
export * from "./src/registry/mod.ts";
export * from "./src/sky/mod.ts";
export * from "./src/stats/mod.ts";
export * from "./src/time/mod.ts";
export * from "./src/units/mod.ts";
