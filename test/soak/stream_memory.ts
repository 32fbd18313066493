/**
 * A long event list streams in memory that does not grow with its length.
 * Usage: deno run -A test/soak/stream_memory.ts [rows=20000000]
 */
import { gammarx } from "../src/cli/_gammarx.ts";
import { argsOf, FLAGS, simulatedFits } from "../src/cli/_observations.ts";

/** What a long stream came to. */
export interface MemoryReport {
  readonly used: number;
  readonly rejected: number;
  readonly peakMemoryBytes: number;
  readonly throughputEventsPerS: number;
}

const BLOCK_ROWS = 100_000;

/** Writes a GADF file of `nRows` events: the same block of them over and over. */
function writeLong(path: string, nRows: number): void {
  const block = simulatedFits({ seed: 1, nEvents: BLOCK_ROWS, bad: [5] });
  const text = new TextDecoder("latin1").decode(block.subarray(0, 28800));
  const at = text.indexOf("NAXIS2  ="), end = endOfHeader(text, at);
  new TextEncoder().encodeInto(String(nRows).padStart(20), block.subarray(at + 10, at + 30));
  const rowBytes = Number(text.slice(text.indexOf("NAXIS1  =") + 10).slice(0, 20));
  const rows = block.subarray(end, end + BLOCK_ROWS * rowBytes);
  const behind = block.subarray(end + Math.ceil(rows.length / 2880) * 2880);
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const write = (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
  };
  write(block.subarray(0, end));
  for (let row = 0; row < nRows; row += BLOCK_ROWS) write(rows);
  write(new Uint8Array((2880 - (nRows * rowBytes) % 2880) % 2880));
  write(behind);
}

function endOfHeader(text: string, from: number): number {
  for (let at = Math.floor(from / 80) * 80;; at += 80) {
    if (text.startsWith("END     ", at)) return Math.ceil((at + 80) / 2880) * 2880;
  }
}

/** Streams a list of so many rows, a multiple of 100,000, through all products, in a process. */
export async function streamLong(nRows: number): Promise<MemoryReport> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/long.fits`;
    writeLong(path, nRows);
    const { code, stdout, stderr } = await gammarx([
      "stream",
      path,
      "--batch-rows",
      "4096",
      ...argsOf(FLAGS),
      "--json",
    ]);
    if (code !== 0) throw new Error(stderr);
    const { account, peakMemoryBytes, throughputEventsPerS } = JSON.parse(stdout);
    const rejected = account.rejected["bad:nan-time"];
    return { used: account.used, rejected, peakMemoryBytes, throughputEventsPerS };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const nRows = Number(Deno.args[0] ?? 20_000_000);
  const [short, long] = [await streamLong(nRows / 10), await streamLong(nRows)];
  console.log(short, long);
  Deno.exitCode = long.peakMemoryBytes < 1.3 * short.peakMemoryBytes ? 0 : 1;
}
