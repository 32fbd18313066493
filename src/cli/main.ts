import { runCommand } from "./run.ts";

Deno.exitCode = await runCommand(Deno.args);
