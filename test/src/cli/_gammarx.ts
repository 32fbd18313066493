/** The command line as a process, and inside this one. */
import { fileURLToPath } from "node:url";
import { runCommand } from "../../../src/cli/mod.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** What a run of the command line came to. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `gammarx` as a process of its own. */
export function start(
  args: readonly string[],
  stdin: "null" | "piped" = "null",
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=gammarx", "src/cli/main.ts", ...args],
    cwd: repository,
    stdin,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs `gammarx` to its end, with lines on its stdin where given. */
export async function gammarx(
  args: readonly string[],
  stdin?: AsyncIterable<Uint8Array>,
): Promise<Ran> {
  const child = start(args, stdin === undefined ? "null" : "piped");
  if (stdin !== undefined) await ReadableStream.from(stdin).pipeTo(child.stdin).catch(() => {});
  return await ended(child);
}

/** Waits for a process. */
export async function ended(child: Deno.ChildProcess): Promise<Ran> {
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Runs a command in this process, taking what it prints. Not for two at a time. */
export async function inProcess(args: readonly string[]): Promise<Ran> {
  const { log, error } = console;
  let stdout = "", stderr = "";
  console.log = (...parts: unknown[]) => void (stdout += parts.join(" ") + "\n");
  console.error = (...parts: unknown[]) => void (stderr += parts.join(" ") + "\n");
  try {
    const code = await runCommand(args);
    return { code, stdout, stderr };
  } finally {
    console.log = log;
    console.error = error;
  }
}
