import { cosineTest, hTest, z2n } from "../stats/mod.ts";
import { runResumable } from "../../streams/engines/mod.ts";
import { eventPaths } from "../../streams/sources/mod.ts";
import { EXIT, UsageError } from "./errors.ts";
import { printJson } from "./output.ts";
import { progressLine } from "./progress_line.ts";
import { openPulsar, type PulsarFlags } from "./pulsar_options.ts";
import { parseBins, parseCount } from "./quantities.ts";
import { streamConfig, type StreamFlags } from "./stream_options.ts";
import {
  accumulatorOf,
  columnsOf,
  neededColumns,
  pipelineOf,
  type StreamConfig,
  type StreamResult,
} from "./stream_pipeline.ts";
import { refuseMissingColumns } from "./stream_columns.ts";
import { writeProducts } from "./stream_products.ts";
import { openNamed, type SourceFlags } from "./stream_source.ts";

/** The options of `gammarx ptest` and `gammarx phasogram` as they were typed. */
export interface PtestFlags
  extends
    PulsarFlags,
    SourceFlags,
    Pick<StreamFlags, "energy" | "time" | "region" | "gti" | "eventType"> {
  readonly harmonics?: string;
  readonly bins?: string;
  readonly out?: string;
  readonly png?: boolean;
  readonly json?: boolean;
}

/** Runs `gammarx ptest`: tests of periodicity at the phases of a model or of the file. */
export async function ptestCommand(places: readonly string[], flags: PtestFlags): Promise<number> {
  const harmonics = flags.harmonics === undefined ? 20 : parseCount("harmonics", flags.harmonics);
  const { result, ephemeris } = await runPulsar(places, flags, { phasogram: 20, harmonics });
  const sums = result.phaseSums!;
  if (sums.n === 0) throw new UsageError("No event has a phase: there is nothing to test");
  const { h, harmonic, logP, z2 } = hTest(sums, { maxHarmonic: harmonics });
  const { sigma } = cosineTest(sums);
  const document = {
    account: result.account,
    n: sums.n,
    sumW: sums.sumW,
    sumW2: sums.sumW2,
    H: h,
    HHarmonic: harmonic,
    logPH: logP,
    Z2: z2,
    cosineSigma: sigma,
    ephemeris,
  };
  if (flags.json) printJson(document);
  else {
    console.log(`events   ${sums.n}, sum of weights ${sums.sumW.toPrecision(8)}`);
    console.log(`H        ${h.toFixed(4)} at harmonic ${harmonic}, ln p = ${logP.toFixed(2)}`);
    z2.slice(0, 5).forEach((z, k) => console.log(`Z2_${k + 1}     ${z.toFixed(4)}`));
  }
  return EXIT.done;
}

/** Runs `gammarx phasogram`: counts and weights by phase, as a table and a picture. */
export async function phasogramCommand(
  places: readonly string[],
  flags: PtestFlags,
): Promise<number> {
  const bins = flags.bins === undefined ? 50 : parseBins("bins", flags.bins);
  const { result, config, ephemeris } = await runPulsar(places, flags, {
    phasogram: bins,
    harmonics: 20,
  });
  const { edges, counts, weighted, errors, backgroundPerBin, outside } = result.phasogram!;
  const files = flags.out === undefined
    ? []
    : await writeProducts(result, config, { out: flags.out, png: flags.png === true });
  const { h, harmonic, logP } = hTest(result.phaseSums!);
  const tests = { H: h, HHarmonic: harmonic, logPH: logP, Z2: z2n(result.phaseSums!) };
  const phasogram = { edges, counts, weighted, errors, backgroundPerBin, outside };
  if (flags.json) printJson({ account: result.account, ...phasogram, ...tests, ephemeris, files });
  else {
    counts.forEach((n, k) => {
      const value = config.weights === undefined ? String(n) : weighted[k]!.toFixed(3);
      console.log(`${edges[k]!.toFixed(4)} ${value} ${errors[k]!.toFixed(3)}`);
    });
    if (flags.out !== undefined) console.log(files.map((name) => `${flags.out}/${name}`).join(" "));
  }
  return EXIT.done;
}

/** Streams events through selections, phases and weights into a phasogram and its sums. */
async function runPulsar(
  places: readonly string[],
  flags: PtestFlags,
  wanted: { readonly phasogram: number; readonly harmonics: number },
): Promise<{
  readonly result: StreamResult;
  readonly config: StreamConfig;
  readonly ephemeris: unknown;
}> {
  const stop = new AbortController(), line = progressLine();
  const { source } = await openNamed(places, flags, stop.signal);
  try {
    const pulsar = await openPulsar((await eventPaths(places))[0]!, flags);
    const config = { ...streamConfig(flags, { ...source, pulsar }), ...wanted };
    refuseMissingColumns(neededColumns(config), source);
    const accumulator = accumulatorOf(config);
    let events = 0;
    const { state } = await runResumable(
      source.withColumns(columnsOf(config)),
      pipelineOf(config),
      accumulator,
      {
        name: "ptest",
        observe: (_, item) => {
          if (item.kind === "batch") events += item.rowStop - item.rowStart;
          line.show(() => `${events} events`);
        },
      },
    );
    return { result: accumulator.result(state), config, ephemeris: pulsar.ephemeris };
  } finally {
    line.clear();
    source.close();
  }
}
