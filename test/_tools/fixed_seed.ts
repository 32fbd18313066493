/** Preloaded by the test task: property-based tests draw the same cases in every run. */
import fc from "fast-check";

fc.configureGlobal({ seed: 20261121 });
