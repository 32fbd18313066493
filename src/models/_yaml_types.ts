/** Names that model files have for kinds. */

/** Classes of spectra by kind. */
export const SPECTRAL_TYPES: Readonly<Record<string, string>> = {
  pl: "PowerLawSpectralModel",
  "pl-2": "PowerLaw2SpectralModel",
  ecpl: "ExpCutoffPowerLawSpectralModel",
  "ecpl-3fgl": "ExpCutoffPowerLaw3FGLSpectralModel",
  "secpl-3fgl": "SuperExpCutoffPowerLaw3FGLSpectralModel",
  "secpl-4fgl": "SuperExpCutoffPowerLaw4FGLSpectralModel",
  "secpl-4fgl-dr3": "SuperExpCutoffPowerLaw4FGLDR3SpectralModel",
  lp: "LogParabolaSpectralModel",
  lp2: "LogParabola2SpectralModel",
  bpl: "BrokenPowerLawSpectralModel",
  sbpl: "SmoothBrokenPowerLawSpectralModel",
  gauss: "GaussianSpectralModel",
  const: "ConstantSpectralModel",
  "meyer-crab": "MeyerCrabSpectralModel",
  template: "TemplateSpectralModel",
  "template-nd": "TemplateNDSpectralModel",
  compound: "CompoundSpectralModel",
  "pl-norm": "PowerLawNormSpectralModel",
  "ecpl-norm": "ExpCutoffPowerLawNormSpectralModel",
  "lp-norm": "LogParabolaNormSpectralModel",
  "piecewise-norm": "PiecewiseNormSpectralModel",
  "ebl-norm": "EBLAbsorptionNormSpectralModel",
};

/** Classes of changes in time by kind. */
export const TEMPORAL_TYPES: Readonly<Record<string, string>> = {
  const: "ConstantTemporalModel",
  linear: "LinearTemporalModel",
  "exp-decay": "ExpDecayTemporalModel",
  gauss: "GaussianTemporalModel",
  gengauss: "GeneralizedGaussianTemporalModel",
  powerlaw: "PowerLawTemporalModel",
  sinus: "SineTemporalModel",
  template: "LightCurveTemplateTemporalModel",
  "template-phase": "TemplatePhaseCurveTemporalModel",
};

/** The kind that a class or a kind's own name stands for. */
export function kindOf(types: Readonly<Record<string, string>>, type: string): string | undefined {
  if (Object.hasOwn(types, type)) return type;
  return Object.keys(types).find((kind) => types[kind] === type);
}
