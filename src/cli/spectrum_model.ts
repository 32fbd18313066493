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
export async function readModel(text: string): Promise<SpectralModel> {
  return /\.ya?ml$/i.test(text) ? await modelOfFile(text) : modelOfKind(text);
}

function modelOfKind(text: string): SpectralModel {
  return ofOption("model", text, () => {
    const rule = spectralModels.lookup("spectral", text);
    const hasReference = rule.parameters.some((one) => one.name === "reference");
    return createSpectralModel(rule, hasReference ? { reference: 1 } : {});
  });
}

async function modelOfFile(path: string): Promise<SpectralModel> {
  const yaml = await Deno.readTextFile(path);
  const { set, warnings } = ofOption("model", path, () => readModelsYaml(yaml, { name: path }));
  for (const warning of warnings) log(`gammarx: ${warning}`);
  if (set.models.length !== 1) {
    throw new UsageError(
      `--model "${path}": found ${set.models.length} sources ` +
        `(${
          set.models.map((one) => one.name).join(", ")
        }), expected one: an on region has one spectrum`,
    );
  }
  return set.models[0]!.spectral;
}
