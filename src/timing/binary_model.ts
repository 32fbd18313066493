import type { DoubleDouble } from "../numeric/mod.ts";
import type { TimeEpoch } from "../time/mod.ts";

/** How the companion delays the pulses as they pass it. */
export type ShapiroTerms =
  /** −2 r ln(1 − …): range and shape. */
  | { readonly kind: "range"; readonly rangeS: number; readonly shape: number }
  /** Harmonics from the third on, ς = 0: −4/3 H3 sin 3Φ. */
  | { readonly kind: "h3"; readonly h3S: number }
  /** Harmonics from the third on in closed form. */
  | { readonly kind: "stigma"; readonly h3S: number; readonly stigma: number };

/** What all orbits have. */
export interface BinaryOrbit {
  /** Instant of phase 0: periastron (T0), or the ascending node (TASC) of ELL1. */
  readonly epoch: TimeEpoch<"TDB">;
  /** Orbital frequency and derivatives FB0, FB1 … in Hz s⁻ᵏ; PB and PBDOT are brought to this form. */
  readonly frequencies: readonly DoubleDouble[];
  /** Projected semi-major axis (A1), light seconds. */
  readonly a1Ls: number;
  /** Its derivative (XDOT), ls/s. */
  readonly a1DotLsPerS: number;
  /** Shapiro delay, where there is one. */
  readonly shapiro: ShapiroTerms | undefined;
}

/** An orbit of any eccentricity: BT, DD (and DDS, DDH, which are DD by other names of the shape). */
export interface EccentricOrbit extends BinaryOrbit {
  /** BT: Blandford & Teukolsky 1976; DD: Damour & Deruelle 1986. */
  readonly kind: "BT" | "DD";
  /** Eccentricity. */
  readonly ecc: number;
  /** Its derivative (EDOT), 1/s. */
  readonly eccDotPerS: number;
  /** Longitude of periastron (OM), cycles. */
  readonly omTurns: number;
  /** Its derivative (OMDOT), cycles/s. */
  readonly omDotTurnsPerS: number;
  /** Einstein delay amplitude (GAMMA), s. */
  readonly gammaS: number;
  /** Relativistic deformation of the orbit (DR); 0 for BT. */
  readonly dr: number;
  /** Relativistic deformation of the orbit (DTH); 0 for BT. */
  readonly dth: number;
  /** Aberration (A0), s; 0 for BT. */
  readonly a0S: number;
  /** Aberration (B0), s; 0 for BT. */
  readonly b0S: number;
}

/** A nearly circular orbit: ELL1, ELL1H (Lange et al. 2001; to the third order of e: Fiore et al. 2023). */
export interface CircularOrbit extends BinaryOrbit {
  /** Tells it from the others. */
  readonly kind: "ELL1";
  /** e sin ω (EPS1). */
  readonly eps1: number;
  /** e cos ω (EPS2). */
  readonly eps2: number;
  /** Derivative of EPS1, 1/s. */
  readonly eps1DotPerS: number;
  /** Derivative of EPS2, 1/s. */
  readonly eps2DotPerS: number;
}

/** The orbit of a pulsar and the delays in it. */
export type BinaryModel = (EccentricOrbit | CircularOrbit) & {
  /** Name in the par file: BT, DD, DDS, DDH, ELL1, ELL1H. */
  readonly name: string;
};
