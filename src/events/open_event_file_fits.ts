import { type OpenByteSourceOptions, openFitsFile } from "../fits/mod.ts";
import type { EventBatch } from "./event_batch.ts";
import type { EventList, ReadEventsOptions } from "./event_list.ts";
import type { OpenEventListOptions } from "./formats/event_format_fits.ts";
import { openEventList } from "./open_event_list_fits.ts";

/**
 * Opens the event list of a file or web address, compressed or not.
 *
 * @param pathOrUrl Path, or address with http or https.
 * @param options Format and limits.
 * @returns The open event list; close it after use.
 * @throws FitsFormatError for a file that is no event list; the system's error for one that cannot
 *   be read.
 * @example
 * ```ts
 * import { openEventFile } from "@gammarx/gammarx/events";
 * import { rejects } from "node:assert/strict";
 * await rejects(openEventFile("no-such-file.fits"));
 * ```
 */
export async function openEventFile(
  pathOrUrl: string | URL,
  options: OpenEventListOptions & OpenByteSourceOptions = {},
): Promise<EventList> {
  const fits = await openFitsFile(pathOrUrl, options);
  try {
    return await openEventList(fits, options);
  } catch (error) {
    fits.close();
    throw error;
  }
}

/** An event list read whole. */
export interface EventsRead {
  /** What the file says of itself; closed. */
  readonly list: EventList;
  /** All events that have a time. */
  readonly events: EventBatch;
}

/**
 * Reads all events of a file at once: for lists that fit into memory. Longer ones are read as a
 * stream.
 *
 * @param pathOrUrl Path, or address with http or https.
 * @param options Format, columns, epoch.
 * @returns The events, and what the file says of itself.
 * @throws FitsFormatError for a file that is no event list.
 * @example
 * ```ts
 * import { readEvents } from "@gammarx/gammarx/events";
 * import { rejects } from "node:assert/strict";
 * await rejects(readEvents("no-such-file.fits"));
 * ```
 */
export async function readEvents(
  pathOrUrl: string | URL,
  options: OpenEventListOptions & OpenByteSourceOptions & ReadEventsOptions = {},
): Promise<EventsRead> {
  const list = await openEventFile(pathOrUrl, options);
  try {
    return { list, events: await list.read(0, list.nRowsAnnounced, options) };
  } finally {
    list.close();
  }
}
