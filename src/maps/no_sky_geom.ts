/** The geometry of a map that has no sky at all: axes alone. */
export interface NoSkyGeom {
  /** Which geometry this is. */
  readonly kind: "no-sky";
  /** No frame: there are no positions. */
  readonly frame: undefined;
  /** No pixel dimension. */
  readonly shape: readonly [];
  /** Canonical text. */
  readonly key: "no-sky";
}

/** The one geometry without sky: a spectrum of a region that is not known, a light curve. */
export const NO_SKY: NoSkyGeom = Object.freeze({
  kind: "no-sky",
  frame: undefined,
  shape: Object.freeze([] as const),
  key: "no-sky",
});
