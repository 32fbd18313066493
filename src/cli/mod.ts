/**
 * The command line `gammarx`.
 *
 * @module
 */
export { errorLine, EXIT, exitCodeOf, UsageError } from "./errors.ts";
export { runCommand } from "./run.ts";
