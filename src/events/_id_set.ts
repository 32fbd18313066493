/** A set of 64-bit integers that grows up to a limit; each is a pair of 32-bit words. */
export interface IdSet {
  /** Takes an integer; true where it was in the set before. */
  readonly add: (low: number, high: number) => boolean;
  /** True once the limit was reached: what comes later is neither kept nor found. */
  readonly isFull: () => boolean;
}

/** An empty set for at most `limit` integers; it takes up to 32 bytes for each. */
export function createIdSet(limit: number): IdSet {
  let size = 1 << 12, n = 0, hasZero = false;
  let words = new Uint32Array(2 * size);
  /** Slot of the integer, or the free one where it belongs. */
  const slotOf = (low: number, high: number): number => {
    let slot = (Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) >>> 8) & (size - 1);
    while (words[2 * slot] !== 0 || words[2 * slot + 1] !== 0) {
      if (words[2 * slot] === low && words[2 * slot + 1] === high) break;
      slot = (slot + 1) & (size - 1);
    }
    return slot;
  };
  const put = (slot: number, low: number, high: number) => {
    words[2 * slot] = low;
    words[2 * slot + 1] = high;
  };
  const grow = () => {
    const old = words;
    size *= 2;
    words = new Uint32Array(2 * size);
    for (let i = 0; i < old.length; i += 2) {
      const low = old[i]!, high = old[i + 1]!;
      if (low !== 0 || high !== 0) put(slotOf(low, high), low, high);
    }
  };
  return Object.freeze({
    isFull: () => n >= limit,
    add(low: number, high: number): boolean {
      if (low === 0 && high === 0) { // an empty slot is all zeros
        const before = hasZero;
        hasZero = true;
        return before;
      }
      const slot = slotOf(low, high);
      if (words[2 * slot] === low && words[2 * slot + 1] === high) return true;
      if (n >= limit) return false;
      put(slot, low, high);
      n += 1;
      if (2 * n > size) grow();
      return false;
    },
  });
}
