/**
 * Damaged event files through `gammarx stream`, `info` and `check`: exit code 0 or 3 (2 where an
 * option counts from what the file no longer tells), on stderr
 * lines of our own without a stack, on stdout one document, no case over 5 s.
 * Usage: deno run -A test/soak/cli_fuzz.ts [cases=20000] [seed=1]
 */
import { gzipSync } from "node:zlib";
import { inProcess, type Ran } from "../src/cli/_gammarx.ts";
import { simulatedFits } from "../src/cli/_observations.ts";
import { mulberry32 } from "../_tools/mulberry32.ts";

const MAX_MS = 5000;

/** What a run of cases came to. */
export interface CliFuzzReport {
  readonly cases: number;
  /** Cases with exit code 0, and with 3. */
  readonly read: number;
  readonly refused: number;
  readonly slowestMs: number;
  /** What went wrong: case, command and why. */
  readonly failures: string[];
}

type Random = () => number;

const below = (random: Random, n: number) => Math.floor(random() * n);
const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)]!;

const COMMANDS: readonly (readonly string[])[] = [
  ["info"],
  ["check"],
  ["stream"],
  ["stream", "--map", "width=2 binsz=0.5 energy=1TeV,10TeV,2", "--theta2", "83.6,22"],
  ["stream", "--spectrum", "0.1 TeV,100 TeV,12", "--energy", "0.5 TeV,5 TeV"],
  ["stream", "--lightcurve", "10s", "--gti"],
  ["stream", "--phase-model", "0.1,0,0,53343", "--phasogram", "8", "--phase", "0.9,0.5"],
  ["stream", "--time", "2004-12-04T00:01:40,2004-12-04T00:10:00", "--offset", "0,2"],
  ["stream", "--time", "10s,300s"],
  ["stream", "--region", "icrs;circle(83.6,22,1)", "--batch-rows", "7"],
];

const VALUES = [
  "1e300",
  "-1e300",
  "1e-300",
  "-1",
  "0",
  "NaN",
  "T",
  "99999999999999999999",
  "2147483648",
  "''",
  "'x'",
  "'1D'",
  "'0PD'",
  "'TDB'",
  "'UTC'",
  "'m'",
  "'d'",
  "",
];

const NUMBERS = [NaN, Infinity, -Infinity, 1e300, -1e300, 1e18, -1e18, 1e-300, 0, -0];

/** Damages bytes in place, or gives a shorter or longer file. */
function damaged(random: Random, whole: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(whole);
  const cards: number[] = [];
  for (let at = 0; at + 80 <= bytes.length; at += 80) {
    if (bytes[at + 8] === 0x3d && bytes[at + 9] === 0x20) cards.push(at);
  }
  const put = (at: number, text: string) => {
    for (let i = 0; i < text.length && at + i < bytes.length; i++) {
      bytes[at + i] = text.charCodeAt(i);
    }
  };
  const dataView = new DataView(bytes.buffer);
  for (let n = 1 + below(random, 3); n > 0; n--) {
    switch (below(random, 8)) {
      case 0: // any byte
        bytes[below(random, bytes.length)] = below(random, 256);
        break;
      case 1: // the value of a card
      case 2:
        put(pick(random, cards) + 10, pick(random, VALUES).padStart(20));
        break;
      case 3: // a card is gone
        put(pick(random, cards), "COMMENT ".padEnd(80));
        break;
      case 4: { // a card stands for another
        const [to, from] = [pick(random, cards), pick(random, cards)];
        bytes.copyWithin(to, from, from + 80);
        break;
      }
      case 5: { // a number in the data, aligned as rows of 28 bytes have their times
        const at = below(random, bytes.length / 4 - 2) * 4;
        dataView.setFloat64(at, pick(random, NUMBERS));
        break;
      }
      case 6: { // the good time intervals are at the end
        const at = bytes.length - 2880 + 8 * below(random, 4);
        dataView.setFloat64(at, pick(random, NUMBERS));
        break;
      }
      case 7: // the file is cut
        return bytes.slice(0, below(random, bytes.length));
    }
  }
  return bytes;
}

function wrongWith({ code, stdout, stderr }: Ran, command: readonly string[]): string | undefined {
  // Without a pointing or a start, or with one of 1e25 s, the user must say more.
  const isAbsurd = /^gammarx: --(.* the data tell no (pointing|start)|time: found \S+e\+\d+)/m;
  if (code === 2 && isAbsurd.test(stderr)) return undefined;
  if (code !== 0 && code !== 3) return `exit code ${code}: ${stderr}`;
  if (!/^(gammarx: [^\n]*\n)*$/.test(stderr)) return `stderr: ${stderr}`;
  if (/\n?\s+at .*:\d+:\d+|Cannot read prop|is not a function|Invalid array/.test(stderr)) {
    return `stderr: ${stderr}`;
  }
  if (code === 3 && (stdout === "" || command[0] !== "check")) {
    return stdout === "" && stderr !== "" ? undefined : `stdout: ${stdout}, stderr: ${stderr}`;
  }
  try {
    const document = JSON.parse(stdout);
    if (command[0] !== "stream") return undefined;
    const { read, used, late, rejected } = document.account;
    const out = Object.values(rejected as Record<string, number>).reduce((a, b) => a + b, 0);
    return read === used + late + out ? undefined : `account: ${JSON.stringify(document.account)}`;
  } catch {
    return `stdout: ${stdout}`;
  }
}

/** Runs cases; each depends on the seed and its number alone. */
export async function fuzzCli(
  options: { readonly cases: number; readonly seed: number },
): Promise<CliFuzzReport> {
  const folder = await Deno.makeTempDir(), path = `${folder}/run.fits`;
  const whole = simulatedFits({ seed: 1, nEvents: 120 }), failures: string[] = [];
  let read = 0, refused = 0, slowestMs = 0;
  try {
    for (let i = 0; i < options.cases; i++) {
      const random = mulberry32(Math.imul(options.seed, 1_000_003) + i);
      const bytes = damaged(random, whole);
      Deno.writeFileSync(path, random() < 0.1 ? gzipSync(bytes) : bytes);
      const command = pick(random, COMMANDS);
      const startMs = performance.now();
      const ran = await inProcess([command[0]!, path, ...command.slice(1), "--json"]);
      const ms = performance.now() - startMs;
      slowestMs = Math.max(slowestMs, ms);
      const wrong = ms > MAX_MS ? `took ${Math.round(ms)} ms` : wrongWith(ran, command);
      if (wrong !== undefined) failures.push(`case ${i}: ${command.join(" ")}: ${wrong}`);
      if (ran.code === 0) read++;
      else refused++;
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return { cases: options.cases, read, refused, slowestMs, failures };
}

if (import.meta.main) {
  const [cases = 20000, seed = 1] = Deno.args.map(Number);
  const { failures, ...report } = await fuzzCli({ cases, seed });
  console.log(report);
  for (const failure of failures.slice(0, 20)) console.log(failure);
  Deno.exitCode = failures.length > 0 ? 1 : 0;
}
