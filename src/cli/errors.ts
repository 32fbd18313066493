import { FitsFormatError } from "../fits/mod.ts";

/** Exit codes of every command. */
export const EXIT: Readonly<
  Record<"done" | "failed" | "usage" | "badData" | "interrupted", number>
> = Object.freeze({
  /** Done. */
  done: 0,
  /** The analysis failed. */
  failed: 1,
  /** Wrong usage or configuration. */
  usage: 2,
  /** Bad input data. */
  badData: 3,
  /** Ended by Ctrl-C; what was written is valid. */
  interrupted: 130,
});

/** The user asked for something that cannot be. */
export class UsageError extends Error {
  /**
   * Makes the error.
   *
   * @param message What was found, what was expected, what to do.
   */
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/**
 * The exit code that an error stands for.
 *
 * @param error What was thrown.
 * @returns A code of {@link EXIT}.
 * @example
 * ```ts
 * import { exitCodeOf, UsageError } from "@gammarx/gammarx/cli";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(exitCodeOf(new UsageError("no")), 2);
 * ```
 */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || (error as Error)?.name === "IncompatibleStateError") {
    return EXIT.usage;
  }
  const isData = error instanceof FitsFormatError || error instanceof SyntaxError ||
    error instanceof TypeError || error instanceof RangeError ||
    error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory ||
    error instanceof Deno.errors.NotADirectory || error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.Http;
  return isData ? EXIT.badData : EXIT.failed;
}

/**
 * One line that says what went wrong.
 *
 * @param error What was thrown.
 * @returns The line, without a stack.
 * @example
 * ```ts
 * import { errorLine } from "@gammarx/gammarx/cli";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(errorLine(new RangeError("too\nmuch")), "gammarx: too much");
 * ```
 */
export function errorLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `gammarx: ${text.replace(/\s+/g, " ").trim()}`;
}
