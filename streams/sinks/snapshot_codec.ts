import { crc32 } from "node:zlib";
import type { Snapshot, SnapshotValue } from "../accumulators/mod.ts";

/** Plain facts that are kept with a snapshot. */
export type SnapshotLabel = Readonly<Record<string, string | number | boolean>>;

const MAGIC = "gammarx state 1\n";

/** Stands for an array in the JSON part. */
interface ArrayPlace {
  readonly $array: "Float64Array" | "Uint32Array";
  /** Bytes from the start of the binary part. */
  readonly at: number;
  readonly length: number;
}

/** CRC-32 of the length of the JSON part and all that follows it. */
function checksum(jsonLength: number, body: Uint8Array): string {
  return crc32(body, crc32(String(jsonLength))).toString(16).padStart(8, "0");
}

/**
 * A snapshot as bytes: a line that says what it is, the length of the JSON part and a checksum of
 * the rest, then the JSON part, then the arrays (little endian). The same snapshot gives the same
 * bytes.
 *
 * @param label Facts to keep with it.
 * @param snapshot The snapshot; not changed.
 * @returns The bytes, owned by the caller.
 * @example
 * ```ts
 * import { decodeSnapshot, encodeSnapshot } from "@gammarx/gammarx/sinks";
 * import { strictEqual } from "node:assert/strict";
 * const snapshot = { kind: "n", version: 1, key: "", data: { sums: Float64Array.of(1, -Infinity) } };
 * const { label } = decodeSnapshot(encodeSnapshot({ run: "a" }, snapshot), "memory");
 * strictEqual(label.run, "a");
 * ```
 */
export function encodeSnapshot(label: SnapshotLabel, snapshot: Snapshot): Uint8Array {
  const arrays: Uint8Array[] = [];
  let at = 0;
  const place = (value: SnapshotValue): unknown => {
    if (value instanceof Float64Array || value instanceof Uint32Array) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      const here: ArrayPlace = {
        $array: value instanceof Float64Array ? "Float64Array" : "Uint32Array",
        at,
        length: value.length,
      };
      arrays.push(bytes);
      at += (bytes.length + 7) & ~7;
      return here;
    }
    if (Array.isArray(value)) return value.map(place);
    if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
      return { $number: Object.is(value, -0) ? "-0" : String(value) };
    }
    if (typeof value === "object") {
      return Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, place(one as SnapshotValue)]),
      );
    }
    return value;
  };
  const json = new TextEncoder().encode(
    JSON.stringify({ label, snapshot: place(snapshot as unknown as SnapshotValue) }),
  );
  const body = new Uint8Array(((json.length + 7) & ~7) + at);
  body.set(json);
  body.fill(0x20, json.length, (json.length + 7) & ~7);
  let to = (json.length + 7) & ~7;
  for (const bytes of arrays) {
    body.set(bytes, to);
    to += (bytes.length + 7) & ~7;
  }
  const head = new TextEncoder().encode(
    MAGIC + `${String(json.length).padStart(15)} ${checksum(json.length, body)}\n`,
  );
  const all = new Uint8Array(head.length + body.length);
  all.set(head);
  all.set(body, head.length);
  return all;
}

/**
 * Reads what {@link encodeSnapshot} wrote.
 *
 * @param bytes The bytes.
 * @param name What messages call them.
 * @returns The label and the snapshot, owned by the caller.
 * @throws SyntaxError for bytes that are none of ours, cut or damaged.
 * @example
 * ```ts
 * import { decodeSnapshot } from "@gammarx/gammarx/sinks";
 * import { throws } from "node:assert/strict";
 * throws(() => decodeSnapshot(new Uint8Array(3), "a.bin"), /a.bin/);
 * ```
 */
export function decodeSnapshot(
  bytes: Uint8Array,
  name: string,
): { readonly label: SnapshotLabel; readonly snapshot: Snapshot } {
  const headEnd = bytes.indexOf(0x0a, MAGIC.length) + 1;
  const head = new TextDecoder().decode(bytes.subarray(0, headEnd));
  const match = /^gammarx state 1\n\s*(\d+) (\S+)\n$/.exec(head);
  if (match === null) {
    throw new SyntaxError(`${name}: found no state of gammarx, version 1: remove it to start anew`);
  }
  const body = bytes.slice(headEnd), jsonLength = Number(match[1]);
  if (checksum(jsonLength, body) !== match[2]) {
    throw new SyntaxError(
      `${name}: the state is damaged (its checksum does not agree): remove it to start anew`,
    );
  }
  const parsed = JSON.parse(new TextDecoder().decode(body.subarray(0, jsonLength)));
  const start = (jsonLength + 7) & ~7;
  const back = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(back);
    if (typeof value !== "object" || value === null) return value;
    const record = value as Record<string, unknown>;
    if ("$number" in record) return Number(record.$number);
    if ("$array" in record) {
      const { $array, at, length } = record as unknown as ArrayPlace;
      const size = $array === "Float64Array" ? 8 : 4;
      const copy = body.slice(start + at, start + at + length * size).buffer;
      return $array === "Float64Array" ? new Float64Array(copy) : new Uint32Array(copy);
    }
    return Object.fromEntries(Object.entries(record).map(([key, one]) => [key, back(one)]));
  };
  return { label: parsed.label, snapshot: back(parsed.snapshot) as Snapshot };
}
