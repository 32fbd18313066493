import {
  createSpectralModel,
  readModelsYaml,
  type SpectralModel,
  spectralModels,
} from "../models/mod.ts";
import { UsageError } from "./errors.ts";
import { log } from "./output.ts";
import { ofOption } from "./quantities.ts";

/** The spectrum that `--model` names: a kind, its reference energy being 1 TeV, or a file of models. */
export async function readModel(text: string, source?: string): Promise<SpectralModel> {
  if (/\.ya?ml$/i.test(text)) return await modelOfFile(text, source);
  if (source === undefined) return modelOfKind(text);
  throw new UsageError(
    `--source ${source}: it names a source of a file of models; --model is "${text}"`,
  );
}

function modelOfKind(text: string): SpectralModel {
  return ofOption("model", text, () => {
    const rule = spectralModels.lookup("spectral", text);
    const hasReference = rule.parameters.some((one) => one.name === "reference");
    return createSpectralModel(rule, hasReference ? { reference: 1 } : {});
  });
}

async function modelOfFile(path: string, source: string | undefined): Promise<SpectralModel> {
  const yaml = await Deno.readTextFile(path);
  const { set, warnings } = ofOption("model", path, () => readModelsYaml(yaml, { name: path }));
  for (const warning of warnings) log(`gammarx: ${warning}`);
  const names = set.models.map((one) => one.name);
  const at = source === undefined ? (names.length === 1 ? 0 : -1) : names.indexOf(source);
  if (at < 0) {
    throw new UsageError(
      `--model "${path}": found ${names.length} sources (${names.join(", ")})` +
        (source === undefined
          ? ": name the one in the region with --source"
          : `, none is "${source}"`),
    );
  }
  return set.models[at]!.spectral;
}
