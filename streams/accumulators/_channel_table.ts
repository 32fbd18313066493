/*
 * The channels of a search that have had a photon, each a stretch of numbers in one array, so that a photon
 * touches one place of memory: its numbers, then its ring of panes where there is one.
 */
import { clearRing } from "./_search_background.ts";

/** Numbers of a channel, by their place in its stretch. */
export const CHANNEL = {
  /** Cumulative expected counts at the last photon. */
  lambda: 0,
  /** Live time there. */
  liveS: 1,
  /** Expected a live second; 0 while it is not known. */
  rate: 2,
  /** Photons that the rate was made of; ∞ where it is known. */
  off: 3,
  /** Photons that the bank has seen. */
  stepped: 4,
  /** Photons. */
  counts: 5,
  /** Value of the last step. */
  value: 6,
  /** Pane for which the rate was made. */
  ratePane: 7,
  /** Photons at the start of the run; from here on only with a ring. */
  runCounts: 8,
  /** Live time there, s. */
  runLiveS: 9,
  /** Where the ring of panes begins. */
  ring: 10,
} as const;

/** Beyond so many channels their places are looked up in a hash table. */
const MOST_DENSE = 1 << 24;

/** Channels by slot: plain data but for the way to the slots. */
export interface ChannelTable {
  /** Channels that have had a photon. */
  n: number;
  /** Channel of each slot. */
  channels: Int32Array;
  /** Numbers of each slot. */
  numbers: Float64Array;
  /** Numbers a slot. */
  readonly stride: number;
  /** Panes of a ring; 0 where there is none. */
  readonly nPanes: number;
  /** Slot + 1 by channel, or nothing where there are too many. */
  readonly dense: Int32Array | undefined;
  /** Slot by channel otherwise. */
  readonly sparse: Map<number, number>;
}

export function createChannelTable(nChannels: number, nPanes: number): ChannelTable {
  const stride = nPanes > 0 ? CHANNEL.ring + nPanes + 1 : CHANNEL.runCounts;
  return {
    n: 0,
    channels: new Int32Array(64),
    numbers: new Float64Array(64 * stride),
    stride,
    nPanes,
    dense: nChannels <= MOST_DENSE ? new Int32Array(nChannels) : undefined,
    sparse: new Map(),
  };
}

/** Slot of a channel; −1 where it has had no photon. */
export function slotOf({ dense, sparse }: ChannelTable, channel: number): number {
  return dense === undefined ? sparse.get(channel) ?? -1 : dense[channel]! - 1;
}

/** A slot for a channel that has none. */
export function addChannel(table: ChannelTable, channel: number): number {
  const slot = table.n++, { stride } = table;
  if (slot === table.channels.length) {
    const channels = new Int32Array(2 * slot), numbers = new Float64Array(2 * slot * stride);
    channels.set(table.channels);
    numbers.set(table.numbers);
    table.channels = channels;
    table.numbers = numbers;
  }
  table.channels[slot] = channel;
  if (table.dense === undefined) table.sparse.set(channel, slot);
  else table.dense[channel] = slot + 1;
  if (table.nPanes > 0) clearRing(table.numbers, slot * stride + CHANNEL.ring, table.nPanes);
  return slot;
}

/** No channel has had a photon any more. */
export function clearChannels(table: ChannelTable): void {
  table.n = 0;
  table.dense?.fill(0);
  table.sparse.clear();
  table.numbers.fill(0);
}
