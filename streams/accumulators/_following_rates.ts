import { CHANNEL } from "./_channel_table.ts";
import {
  type FollowingBackground,
  PANES,
  panesNeeded,
  paneSum,
  place,
  smoothedRate,
} from "./_search_background.ts";

/** Rates of channels that follow what the channels had before. */
export interface FollowingRates {
  /** Length of a pane, s. */
  readonly paneS: number;
  /** Panes that a ring needs. */
  readonly nPanes: number;
  /**
   * Makes the rate of a channel for a pane.
   *
   * @param edges Live time at the edges of panes, by pane modulo length, after the last edge.
   * @param numbers Numbers of all channels.
   * @param at Where those of the channel begin.
   * @param now The pane, and its first photon: live time and time, s.
   */
  readonly refresh: (
    edges: Float64Array,
    numbers: Float64Array,
    at: number,
    now: { readonly pane: number; readonly liveS: number; readonly timeS: number },
  ) => void;
}

export function followingRates(background: FollowingBackground): FollowingRates {
  const { method, windowS } = background;
  const paneS = windowS / PANES, nPanes = panesNeeded(background), guardPanes = nPanes - PANES - 1;

  function edgeLiveS(edges: Float64Array, pane: number): number {
    return edges[place(0, nPanes, Math.max(edges[0]! - nPanes + 1, pane))]!;
  }

  /** Live time at the edge of each pane, as well as it is known when the first photon comes after it. */
  function reach(edges: Float64Array, pane: number, liveS: number, timeS: number): void {
    if (pane <= edges[0]!) return;
    const before = edges[0] === -Infinity ? liveS : edgeLiveS(edges, edges[0]!);
    for (let one = Math.max(edges[0]! + 1, pane - nPanes); one <= pane; one++) {
      edges[place(0, nPanes, one)] = Math.max(before, liveS - (timeS - one * paneS));
    }
    edges[0] = pane;
  }

  return {
    paneS,
    nPanes,
    refresh(edges, numbers, at, { pane, liveS, timeS }) {
      reach(edges, pane, liveS, timeS);
      const last = pane - guardPanes - 1, first = last - PANES + 1, ring = at + CHANNEL.ring;
      const windowLiveS = edgeLiveS(edges, last + 1) - edgeLiveS(edges, first);
      numbers[at + CHANNEL.ratePane] = pane;
      // Before half of the window has passed there is no rate, and nothing is asked.
      if (!(windowLiveS >= windowS / 2)) numbers[at + CHANNEL.rate] = 0;
      else if (method === "running") {
        const n = paneSum(numbers, ring, nPanes, { first, last });
        numbers[at + CHANNEL.rate] = (n + 1) / windowLiveS;
        numbers[at + CHANNEL.off] = n + 1;
      } else {
        const { rate, off } = smoothedRate({
          countsOf: (one) => paneSum(numbers, ring, nPanes, { first: one, last: one }),
          liveOf: (one) => edgeLiveS(edges, one + 1) - edgeLiveS(edges, one),
          first,
          last,
          now: pane,
        });
        numbers[at + CHANNEL.rate] = rate;
        numbers[at + CHANNEL.off] = off;
      }
    },
  };
}
