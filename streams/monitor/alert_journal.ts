import { dirname } from "node:path";
import { alertLine, parseAlertLine } from "../../src/alerts/mod.ts";
import type { AlertMessage } from "../sinks/mod.ts";

/** Keeps messages safe between two states: what is small is on the disk sooner. */
export interface AlertJournal {
  /** The messages that it holds; a line that a killed run has not finished is left out. */
  readonly read: () => Promise<AlertMessage[]>;
  /** Adds messages; they are on the disk when it resolves. */
  readonly append: (messages: readonly AlertMessage[]) => Promise<void>;
  /** Lets go of all messages: a state holds them. */
  readonly clear: () => Promise<void>;
}

/**
 * A journal in a file: a line a message, `NUMBER ALERT`. A monitor writes alerts there before they go
 * out, so that they need not wait until a state of many cells is kept.
 *
 * @param path The file; its folder is made where it is not there.
 * @returns The journal's functions; one monitor a file.
 * @example
 * ```ts
 * import { alertJournal } from "@gammarx/gammarx/monitor";
 * import { deepStrictEqual } from "node:assert/strict";
 * deepStrictEqual(await alertJournal("no-such-folder/journal.jsonl").read(), []);
 * ```
 */
export function alertJournal(path: string): AlertJournal {
  let isClean = false, last: Promise<unknown> = Promise.resolve();
  /** One after the other, in the order of the calls: what is added behind a clearing stays. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  const text = async (): Promise<string> => {
    try {
      return await Deno.readTextFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    }
  };
  return Object.freeze({
    read: () =>
      inTurn(async (): Promise<AlertMessage[]> => {
        const lines = (await text()).split("\n");
        lines.pop(); // what is behind the last end of line is torn, or nothing
        return lines.map((line) => {
          const [, seq, alert] = /^(\d+) (.*)$/.exec(line) ?? [];
          if (alert === undefined) {
            throw new SyntaxError(`${path}: found "${line.slice(0, 40)}", expected NUMBER ALERT`);
          }
          return { seq: Number(seq), alert: parseAlertLine(alert) };
        });
      }),
    append: (messages: readonly AlertMessage[]) =>
      inTurn(async (): Promise<void> => {
        if (!isClean) {
          await Deno.mkdir(dirname(path), { recursive: true });
          const before = await text(), whole = before.slice(0, before.lastIndexOf("\n") + 1);
          if (whole !== before) await Deno.writeTextFile(path, whole);
          isClean = true;
        }
        using file = await Deno.open(path, { append: true, create: true });
        const lines = messages.map(({ seq, alert }) => `${seq} ${alertLine(alert)}\n`).join("");
        const bytes = new TextEncoder().encode(lines);
        for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
        await file.syncData();
      }),
    clear: () =>
      inTurn(async (): Promise<void> => {
        if ((await text()) !== "") await Deno.writeTextFile(path, "");
      }),
  });
}
