import { type EventList, openEventList } from "../events/mod.ts";
import { type FitsFile, FitsFormatError, openFitsFile, writeFileAtomic } from "../fits/mod.ts";
import { isIrfTable, readIrf } from "../irf/mod.ts";
import { readFitsMaps } from "../maps/mod.ts";
import {
  type Figure,
  figure,
  joinFigures,
  peekEvents,
  peekGti,
  peekIrf,
  peekMap,
  renderPng,
} from "../plot/mod.ts";
import { EXIT, UsageError } from "./errors.ts";
import { printJson } from "./output.ts";

/** Runs `gammarx peek`. Gives the exit code. */
export async function peekCommand(
  path: string,
  flags: { readonly out?: string; readonly hdu?: string; readonly json?: boolean },
): Promise<number> {
  const { out } = flags;
  if (out === undefined || !/\.(svg|png)$/i.test(out)) {
    throw new UsageError(
      `--out: found ${
        out === undefined ? "nothing" : `"${out}"`
      }, expected a file that ends with .svg ` +
        `or .png`,
    );
  }
  using fits = await openFitsFile(path);
  const found = await peekFile(fits, flags.hdu);
  if (found.length === 0) {
    throw new FitsFormatError(
      flags.hdu === undefined
        ? "found no event list, good time intervals, responses or maps to look at"
        : `found nothing to look at in HDU ${flags.hdu}`,
      { file: path },
    );
  }
  const svg = figure(joinFigures(found.map((one) => one.figure)));
  const bytes = /\.png$/i.test(out) ? await renderPng(svg) : new TextEncoder().encode(svg);
  await writeFileAtomic(out, bytes);
  const products = found.map(({ hdu, what }) => ({ hdu, what }));
  if (flags.json) printJson({ path, out, products });
  else for (const { hdu, what } of products) console.log(`${hdu}: ${what}`);
  return EXIT.done;
}

/** Something that was drawn. */
interface Peeked {
  readonly hdu: string;
  readonly what: string;
  readonly figure: Figure;
}

async function peekFile(fits: FitsFile, wanted: string | undefined): Promise<Peeked[]> {
  const found: Peeked[] = await peekMaps(fits, wanted);
  for (const hdu of await fits.hdus()) {
    const name = hdu.name || String(hdu.index);
    if (wanted !== undefined && wanted !== name && wanted !== String(hdu.index)) continue;
    if (hdu.kind !== "bintable" || !isIrfTable(hdu)) continue;
    const irf = await readIrf(hdu);
    found.push({ hdu: name, what: irf.kind, figure: peekIrf(irf) });
  }
  if (wanted === undefined || /^events$/i.test(wanted)) found.unshift(...await peekList(fits));
  return found;
}

async function peekMaps(fits: FitsFile, wanted: string | undefined): Promise<Peeked[]> {
  const maps = await readFitsMaps(fits), found: Peeked[] = [];
  for (const [name, map] of maps) {
    if (wanted !== undefined && wanted.toUpperCase() !== name.toUpperCase()) continue;
    if (map.values.size < 2) continue; // nothing to see
    found.push({
      hdu: name,
      what: `map on ${map.geom.kind}`,
      figure: peekMap(map, { title: name }),
    });
  }
  return found;
}

async function peekList(fits: FitsFile): Promise<Peeked[]> {
  let list: EventList;
  try {
    list = await openEventList(fits);
  } catch (error) {
    if (error instanceof FitsFormatError && /no event list/.test(error.message)) return [];
    throw error;
  }
  const found: Peeked[] = [];
  if (list.nRowsAnnounced > 0) {
    const events = await list.read(0, list.nRowsAnnounced);
    const title = list.obsId === "" ? "Events" : `Observation ${list.obsId}`;
    const { gti, pointing } = list;
    found.push({
      hdu: "EVENTS",
      what: "events",
      figure: peekEvents({ events, gti, pointing, title }),
    });
  }
  if (list.gti !== undefined && list.gti.startS.length > 0) {
    found.push({ hdu: "GTI", what: "gti", figure: peekGti(list.gti) });
  }
  return found;
}
