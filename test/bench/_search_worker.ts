/* A worker of `search_workers.ts`: one harmonic of a search, from shared times to shared Z²_1. */
import { eventPeriodogram, type PeriodogramOptions } from "../../src/stats/mod.ts";

/** One part of a search. */
export interface SearchTask {
  readonly timeS: Float64Array;
  readonly grid: PeriodogramOptions;
  /** Takes Z²_1 over the grid. */
  readonly out: Float64Array;
}

const scope = self as unknown as {
  onmessage: (message: MessageEvent<SearchTask>) => void;
  postMessage(done: true): void;
};
scope.onmessage = ({ data }) => {
  data.out.set(eventPeriodogram({ timeS: data.timeS }, data.grid).z2[0]!);
  scope.postMessage(true);
};
