/**
 * Pulsar timing: ephemerides, observers, barycentring, par files, timing models and their phases.
 *
 * @module
 */
export {
  type Astrometry,
  type AstrometryFields,
  createAstrometry,
  sourceDirectionInto,
} from "./astrometry.ts";
export { describeEphemeris, type Ephemeris, type EphemerisDescription } from "./ephemeris.ts";
export { decodeSpk, type Spk, type SpkSegment } from "./spk.ts";
export { ephemerisOfSpk, type SpkEphemerisOptions } from "./ephemeris_spk.ts";
export { analyticEphemeris } from "./analytic_ephemeris.ts";
export { embeddedEphemeris } from "./ephemeris_embedded.ts";
export { readEphemeris } from "./read_ephemeris_io.ts";
export { type EphemerisFamily, ephemerisFamily, ephemerisWarning } from "./ephemeris_family.ts";
export { createOrbit, type Orbit, type OrbitFields, orbitPositionInto } from "./orbit.ts";
export { MAX_ORBIT_GAP_S, ORBIT_REACH_S } from "./orbit.ts";
export { openOrbit } from "./orbit_fits.ts";
export { joinOrbits } from "./join_orbits.ts";
export { readOrbit } from "./read_orbit_io.ts";
export {
  BARYCENTRE,
  GEOCENTRE,
  type GroundSite,
  type Observer,
  orbitObserver,
  siteObserver,
  sitePositionInto,
} from "./observer.ts";
export { type HeaderTimeReference, timeReference } from "./time_reference_fits.ts";
export { type Barycentring, type BarycentringOptions, createBarycentring } from "./barycentring.ts";
export { geocentricCorrectionS, type GeocentricOptions } from "./geocentric_correction.ts";
export { type ParFile, type ParLine, parsePar } from "./par_file.ts";
export {
  createTimingModel,
  type IgnoredParameter,
  type ReferenceArrival,
  type TimingModel,
  validityWarning,
} from "./timing_model.ts";
export type { Glitch, PulsarSpin, TabulatedDelay, WaveTerms } from "./spin_model.ts";
export type {
  BinaryModel,
  BinaryOrbit,
  CircularOrbit,
  EccentricOrbit,
  ShapiroTerms,
} from "./binary_model.ts";
export { describeTimingModel } from "./timing_model_text.ts";
export {
  type BarycentricReference,
  binaryDelayS,
  createPhasePredictor,
  type PhaseColumns,
  type PhasePredictor,
  type PhasePredictorOptions,
} from "./phase_predictor.ts";
export { timingSite } from "./timing_site.ts";
export {
  parsePolyco,
  type Polyco,
  type PolycoBlock,
  type PolycoPhase,
  polycoPhase,
} from "./polyco.ts";
export {
  parseProfileTemplate,
  type ProfileComponent,
  profileDensity,
  profileLogLikelihood,
  type ProfileTemplate,
} from "./profile_template.ts";
export {
  createPulsarTiming,
  type PulsarTiming,
  type PulsarTimingOptions,
} from "./pulsar_timing.ts";
