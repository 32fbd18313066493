import { dirname } from "node:path";
import { alertKey, alertLine, parseAlertLine } from "../../src/alerts/mod.ts";
import type { AlertMessage, AlertSink } from "./alert_sink.ts";

/** A file of alerts, and what was found in it. */
export interface AlertFileSink extends AlertSink {
  /** Messages that were in the file when it was opened. */
  readonly found: number;
  /** The half line at its end that a killed run left, and that was cut off; "" where there was none. */
  readonly cutOff: string;
}

const NEWLINE = 10;

/**
 * A file of alerts, a line of JSON a message, which is only added to. A message that it holds is not
 * written again, so that messages that are sent twice stand there once. They are on the disk when
 * `send` resolves. Half a line at the end, of a run that was killed, is cut off on opening, and what a
 * failed `send` left of one by the next. The names of all messages are held in memory.
 *
 * @param path Path of the file; made where it is not there. One process at a time.
 * @returns The sink; `close` it.
 * @throws SyntaxError for a file with a whole line that is no alert, naming the line: nothing of it is
 *   changed; Error for a file that another process
 *   has open; the system's error for one that cannot be opened.
 * @example
 * ```ts
 * import { alertFileSink } from "@gammarx/gammarx/sinks";
 * import { strictEqual } from "node:assert/strict";
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, '{"format":"alert","vers');
 * const sink = await alertFileSink(path);
 * strictEqual(sink.cutOff, '{"format":"alert","vers');
 * strictEqual((await Deno.stat(path)).size, 0);
 * await sink.close();
 * await Deno.remove(path);
 * ```
 */
export async function alertFileSink(path: string): Promise<AlertFileSink> {
  const file = await Deno.open(path, { read: true, write: true, create: true });
  try {
    if (!await file.tryLock(true)) {
      throw new Error(`${path} is open in another process: give every run a file of its own`);
    }
    const bytes = await readAll(file);
    if (bytes.length === 0) await syncFolder(path);
    let length = bytes.lastIndexOf(NEWLINE) + 1, isClean = true;
    const cutOff = new TextDecoder().decode(bytes.subarray(length));
    const keys = keysOf(new TextDecoder().decode(bytes.subarray(0, length)), path);
    const found = keys.size;
    const cut = async () => {
      await file.truncate(length);
      await file.sync();
    };
    if (cutOff !== "") await cut();
    return Object.freeze({
      name: `file ${path}`,
      found,
      cutOff,
      async send(messages: readonly AlertMessage[]): Promise<void> {
        const lines = new Map<string, string>();
        for (const { alert } of messages) {
          const key = alertKey(alert);
          if (!keys.has(key) && !lines.has(key)) lines.set(key, `${alertLine(alert)}\n`);
        }
        if (lines.size === 0) return;
        if (!isClean) await cut();
        isClean = false;
        const text = new TextEncoder().encode([...lines.values()].join(""));
        await file.seek(length, Deno.SeekMode.Start);
        for (let at = 0; at < text.length;) at += await file.write(text.subarray(at));
        await file.sync();
        length += text.length;
        isClean = true;
        for (const key of lines.keys()) keys.add(key);
      },
      close(): Promise<void> {
        file.close();
        return Promise.resolve();
      },
    });
  } catch (error) {
    file.close();
    throw error;
  }
}

/** A new file is there after a loss of power once its folder is on the disk; Windows opens no folder. */
async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(dirname(path));
  await folder.sync();
}

async function readAll(file: Deno.FsFile): Promise<Uint8Array> {
  const bytes = new Uint8Array((await file.stat()).size);
  let at = 0;
  while (at < bytes.length) {
    const n = await file.read(bytes.subarray(at));
    if (n === null) break;
    at += n;
  }
  return bytes.subarray(0, at);
}

function keysOf(text: string, path: string): Set<string> {
  const keys = new Set<string>();
  text.split("\n").slice(0, -1).forEach((line, i) => {
    try {
      keys.add(alertKey(parseAlertLine(line)));
    } catch (cause) {
      throw new SyntaxError(`${path}, line ${i + 1}: ${(cause as Error).message}`, { cause });
    }
  });
  return keys;
}
