import { deepStrictEqual, ok } from "node:assert/strict";
import { streamLong } from "../../soak/stream_memory.ts";

Deno.test("gammarx stream needs less memory for 3 million more events than they have bytes", async () => {
  const [short, long] = [await streamLong(1_000_000), await streamLong(4_000_000)];
  deepStrictEqual([short.used, long.used], [999_990, 3_999_960]);
  deepStrictEqual([short.rejected, long.rejected], [10, 40]);
  // 28 bytes a row in the file, 40 in the columns of a batch.
  const growth = long.peakMemoryBytes - short.peakMemoryBytes;
  ok(growth < 3e6 * 28, `${short.peakMemoryBytes} bytes, then ${long.peakMemoryBytes}`);
});
