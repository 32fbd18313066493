import type { DoubleDouble } from "../numeric/mod.ts";
import type { TimeEpoch } from "../time/mod.ts";

/** The rotation about its epoch: φ = Σ F_k Δt^(k+1) / (k+1)!, in pulsar proper time. */
export interface PulsarSpin {
  /** Instant at which the phase of the polynomial is 0. */
  readonly epoch: TimeEpoch<"TDB">;
  /** F0, F1 … in Hz s⁻ᵏ, each with all the digits of its text. */
  readonly frequencies: readonly DoubleDouble[];
}

/**
 * A glitch: for Δt = t − epoch > 0 it adds
 * GLPH + GLF0 Δt + GLF1 Δt²/2 + GLF2 Δt³/6 + GLF0D τ (1 − exp(−Δt/τ)) cycles.
 */
export interface Glitch {
  /** Its number in the par file. */
  readonly number: number;
  /** When it happened (GLEP). */
  readonly epoch: TimeEpoch<"TDB">;
  /** Step of phase (GLPH), cycles. */
  readonly phase: number;
  /** Lasting step of frequency (GLF0), Hz. */
  readonly f0Hz: number;
  /** Step of its derivative (GLF1), Hz/s. */
  readonly f1HzPerS: number;
  /** Step of its second derivative (GLF2), Hz/s². */
  readonly f2HzPerS2: number;
  /** Step of frequency that decays (GLF0D), Hz. */
  readonly decayHz: number;
  /** Time τ in which it decays (GLTD), s; 0 where nothing decays. */
  readonly decayS: number;
}

/** Whitening by harmonics: F0 Σ [A_k sin(k ω Δt) + B_k cos(k ω Δt)] cycles. */
export interface WaveTerms {
  /** Instant from which Δt counts (WAVEEPOCH). */
  readonly epoch: TimeEpoch<"TDB">;
  /** ω of the first harmonic (WAVE_OM), rad/s. */
  readonly omegaRadPerS: number;
  /** A_1, A_2 …, s. */
  readonly sinS: readonly number[];
  /** B_1, B_2 …, s. */
  readonly cosS: readonly number[];
}

/** A table of delays: F0 times its value at the time, in cycles. */
export interface TabulatedDelay {
  /** "step": the value of the node before (SIFUNC 0); "linear": between nodes (SIFUNC 2). */
  readonly kind: "step" | "linear";
  /** Nodes in order of time. */
  readonly epochs: readonly TimeEpoch<"TDB">[];
  /** Value at each, s; before the first and after the last node, the value there. */
  readonly valuesS: readonly number[];
}
