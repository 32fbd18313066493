import { join } from "node:path";
import type { EventBatch } from "../events/mod.ts";
import type { Simulation, StreamItem } from "../data/mod.ts";
import { irfHdus } from "../irf/mod.ts";
import { compact } from "../events/mod.ts";
import { writeDataStore } from "../../streams/sinks/mod.ts";
import { simulatedSource } from "../../streams/sources/mod.ts";
import { EXIT, UsageError } from "./errors.ts";
import { printJson } from "./output.ts";
import { readSimulateConfig } from "./simulate_config.ts";
import { SIMULATE_TEMPLATE } from "./simulate_template.ts";

/** Options of `gammarx simulate`. */
export interface SimulateFlags {
  readonly out?: string;
  readonly template?: boolean;
  readonly seed?: string;
  readonly json?: boolean;
}

/** Runs `gammarx simulate`. Gives the exit code. */
export async function simulateCommand(
  path: string | undefined,
  flags: SimulateFlags,
): Promise<number> {
  if (flags.template) {
    console.log(SIMULATE_TEMPLATE.trimEnd());
    return EXIT.done;
  }
  if (path === undefined) {
    throw new UsageError("Give a configuration, or --template for one to begin with");
  }
  if (flags.out === undefined) {
    throw new UsageError("Give --out DIR: where the data store is written");
  }
  const { seed, simulation } = readSimulateConfig(await Deno.readTextFile(path), path);
  const chosen = flags.seed === undefined ? seed : seedOf(flags.seed);
  const source = simulatedSource(simulation, { seed: chosen });
  const several = simulation.eventTypes.length > 1;
  const stores: {
    readonly eventType: string;
    readonly folder: string;
    readonly files: string[];
  }[] = [];
  for (const { name, bit, irfs } of simulation.eventTypes) {
    const folder = several ? join(flags.out, name) : flags.out;
    const files = await writeDataStore(several ? ofType(source.items(), bit) : source.items(), {
      folder,
      telescope: simulation.telescope,
      irfs: irfHdus(irfs, {
        trueRangeTeV: simulation.trueRangeTeV,
        maxOffsetDeg: edgeDeg(simulation),
      }),
      object: simulation.sources[0]?.name ?? "background",
    });
    stores.push({ eventType: name, folder, files });
  }
  if (flags.json) printJson({ seed: chosen, stores });
  else for (const { folder, files } of stores) console.log(`${folder}: ${files.join(" ")}`);
  return EXIT.done;
}

/** A seed as the configuration would have it: 7 is a number there, too. */
function seedOf(text: string): number | string {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

/** Offsets up to which responses are written: five widths of the widest background. */
function edgeDeg(simulation: Simulation): number {
  const offsets = simulation.eventTypes.map(({ irfs: { bkg } }) => bkg.sampleOffsetDeg(1 - 1e-9));
  return Math.min(20, Math.max(...offsets));
}

/** The events of one type; other tools have no word for several in one file. */
async function* ofType(items: AsyncIterable<StreamItem>, bit: number): AsyncGenerator<StreamItem> {
  const wanted = (1 << bit) >>> 0;
  for await (const item of items) yield item.kind === "batch" ? selected(item, wanted) : item;
}

function selected(batch: EventBatch, wanted: number): EventBatch {
  const types = batch.columns.eventType!;
  const chosen = Uint32Array.from(types.keys()).filter((i) => (types[i]! & wanted) !== 0);
  return compact(batch, chosen, chosen.length);
}
