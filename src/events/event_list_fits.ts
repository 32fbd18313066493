import {
  type BinaryColumn,
  type BintableHdu,
  type ColumnAs,
  type ColumnRequest,
  type FitsFile,
  readRowBlock,
  wholeRows,
} from "../fits/mod.ts";
import { secondsBetween } from "../time/mod.ts";
import { compact } from "./compact.ts";
import {
  type Column,
  createEventBatch,
  type EventBatch,
  type EventColumns,
} from "./event_batch.ts";
import type { EventList, ReadEventsOptions } from "./event_list.ts";
import type { TimeReference } from "./formats/header_fits.ts";

/** Where a column of a batch comes from. */
export interface ColumnPlan {
  /** Name in the batch. */
  readonly name: string;
  /** Column of the table. */
  readonly column: BinaryColumn;
  /** Type in the batch. */
  readonly as: ColumnAs;
  /** Factor to the batch's unit; 1 where left out. */
  readonly scale?: number;
}

/** What a format finds in a file: everything but the reading of rows, which all formats share. */
export interface EventListPlan extends
  Omit<
    EventList,
    "source" | "hdu" | "nRows" | "nRowsAnnounced" | "columns" | "read" | "close" | "epoch"
  > {
  /** The table of events. */
  readonly table: BintableHdu;
  /** Reference of its times. */
  readonly time: TimeReference;
  /** Columns, `timeS` first. */
  readonly plans: readonly ColumnPlan[];
}

/** Makes an event list of what a format has found. */
export async function eventListOf(
  fits: FitsFile,
  plan: EventListPlan,
  growing = false,
): Promise<EventList> {
  const { table, time, plans, ...described } = plan;
  const byName = new Map(plans.map((one) => [one.name, one]));
  const nRows = await wholeRows(table);
  const isCut = nRows < table.nRows && !growing;
  const cut = isCut ? [`The file is cut: ${nRows} of ${table.nRows} events are whole`] : [];
  return Object.freeze({
    ...described,
    warnings: [...described.warnings, ...cut],
    source: fits.name,
    hdu: table.index,
    epoch: time.epoch,
    nRows,
    nRowsAnnounced: table.nRows,
    columns: plans.map((one) => one.name),
    read: async (rowStart: number, rowStop: number, options: ReadEventsOptions = {}) => {
      const shiftS = options.epoch === undefined
        ? 0
        : secondsBetween<"TT" | "TDB">(options.epoch, time.epoch);
      const chosen = chosenPlans(byName, options.columns, fits.name);
      return await readRows(
        { table, plans: chosen, source: fits.name, obsId: plan.obsId, shiftS },
        {
          rowStart,
          rowStop,
          onBadRow: options.onBadRow,
        },
      );
    },
    close: () => fits.close(),
  });
}

function chosenPlans(
  byName: ReadonlyMap<string, ColumnPlan>,
  names: readonly string[] | undefined,
  source: string,
): readonly ColumnPlan[] {
  if (names === undefined) return [...byName.values()];
  return [...new Set(["timeS", ...names])].map((name) => {
    const plan = byName.get(name);
    if (plan !== undefined) return plan;
    throw new TypeError(
      `${source} has no column "${name}": there are ${[...byName.keys()].join(", ")}`,
    );
  });
}

async function readRows(
  from: {
    readonly table: BintableHdu;
    readonly plans: readonly ColumnPlan[];
    readonly source: string;
    readonly obsId: string;
    readonly shiftS: number;
  },
  rows: Pick<ReadEventsOptions, "onBadRow"> & {
    readonly rowStart: number;
    readonly rowStop: number;
  },
): Promise<EventBatch> {
  const { table, plans, obsId } = from, { rowStart, rowStop } = rows;
  const requests = plans.map(({ name, column, as, scale = 1 }): ColumnRequest => ({
    column,
    as,
    ...(as === "float64" ? { scale, offset: name === "timeS" ? from.shiftS : 0 } : {}),
  }));
  const arrays = await readRowBlock(table, requests, rowStart, rowStop);
  const columns: Record<string, Column> = {};
  plans.forEach(({ name }, i) => columns[name] = arrays[i] as Column);
  const batch = createEventBatch(columns as unknown as EventColumns, { obsId, rowStart, rowStop });
  return withoutBadTimes(batch, from.source, rows.onBadRow);
}

/** Leaves out the rows without a time: nothing can be said of when they were. */
function withoutBadTimes(
  batch: EventBatch,
  source: string,
  onBadRow: ReadEventsOptions["onBadRow"],
): EventBatch {
  const { timeS } = batch.columns;
  let nGood = 0;
  for (let i = 0; i < timeS.length; i++) nGood += +(timeS[i]! - timeS[i]! === 0);
  if (nGood === timeS.length) return batch;
  const good = new Uint32Array(nGood), reason = "bad:nan-time";
  for (let i = 0, n = 0; i < timeS.length; i++) {
    if (Number.isFinite(timeS[i])) good[n++] = i;
    else onBadRow?.({ source, row: batch.rowStart + i, reason });
  }
  return compact(batch, good, nGood, reason);
}
