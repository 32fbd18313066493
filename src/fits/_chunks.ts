/** Chunks of a stream, end to end from `start`. */
export interface Chunks {
  readonly chunks: Uint8Array[];
  /** Offset of the first byte of each chunk. */
  readonly starts: number[];
  /** Offset of the first byte that is kept. */
  start: number;
  /** Offset after the last byte. */
  end: number;
}

/** The same bytes as a plain Uint8Array: a Buffer's `slice` would be a view. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.constructor === Uint8Array) return bytes;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function emptyChunks(start: number): Chunks {
  return { chunks: [], starts: [], start, end: start };
}

export function appendChunk(to: Chunks, chunk: Uint8Array): void {
  if (chunk.length === 0) return;
  to.chunks.push(plainBytes(chunk));
  to.starts.push(to.end);
  to.end += chunk.length;
}

/** Drops whole chunks at the front while at least `keep` bytes stay. */
export function dropFront(from: Chunks, keep: number): void {
  let n = 0, start = from.start;
  while (n < from.chunks.length && from.end - (start + from.chunks[n]!.length) >= keep) {
    start += from.chunks[n]!.length;
    n++;
  }
  if (n === 0) return;
  from.chunks.splice(0, n);
  from.starts.splice(0, n);
  from.start = start;
}

/** Bytes [offset, stop) that lie within the chunks; a view where one chunk holds them all. */
export function sliceChunks(from: Chunks, offset: number, stop: number): Uint8Array {
  const to = Math.min(stop, from.end);
  if (offset >= to) return new Uint8Array(0);
  let low = 0, high = from.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (from.starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  const first = from.chunks[low]!, at = offset - from.starts[low]!;
  if (to - from.starts[low]! <= first.length) return first.subarray(at, at + to - offset);
  const out = new Uint8Array(to - offset);
  let filled = 0;
  for (let i = low; filled < out.length; i++) {
    const chunk = from.chunks[i]!, skip = i === low ? at : 0;
    const take = Math.min(chunk.length - skip, out.length - filled);
    out.set(
      skip === 0 && take === chunk.length ? chunk : chunk.subarray(skip, skip + take),
      filled,
    );
    filled += take;
  }
  return out;
}

/** Runs tasks one after the other, in the order they were asked for. */
export function inTurn(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const mine = last.then(task);
    last = mine.catch(() => undefined);
    return mine;
  };
}
