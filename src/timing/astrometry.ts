/**
 * Where a source stands in the sky, and how it moves.
 *
 * | symbol | meaning | range |
 * | --- | --- | --- |
 * | n | unit vector from the solar system's barycentre to the source, ICRS | |
 * | e_α, e_δ | unit vectors at n to the east and to the north | |
 * | μ_α, μ_δ | proper motion, μ_α with its cos δ, mas/yr of 365.25 days | below 1e4 |
 * | ϖ | parallax, mas; the distance is 1 au / ϖ | ≥ 0 |
 */
import { epochMjd, type TimeEpoch } from "../time/mod.ts";

const DEG = Math.PI / 180;
const MAS = Math.PI / 648000000;
const YEAR_DAYS = 365.25;

/** Position, proper motion and parallax of a source, ICRS. */
export interface Astrometry {
  /** Right ascension at `posEpoch`, deg. */
  readonly raDeg: number;
  /** Declination at `posEpoch`, deg. */
  readonly decDeg: number;
  /** Proper motion to the east, mas/yr, times cos(dec). */
  readonly pmRaMasPerYr: number;
  /** Proper motion to the north, mas/yr. */
  readonly pmDecMasPerYr: number;
  /** Parallax, mas; 0 for a source at infinity. */
  readonly parallaxMas: number;
  /** When the source stands at (raDeg, decDeg); needed where it moves. */
  readonly posEpoch: TimeEpoch<"TDB"> | undefined;
}

/** What {@link createAstrometry} is given. */
export interface AstrometryFields {
  /** Right ascension, deg, [0, 360) or any turn of it. */
  readonly raDeg: number;
  /** Declination, deg, [-90, 90]. */
  readonly decDeg: number;
  /** Proper motion to the east, mas/yr, times cos(dec); 0 where left out. */
  readonly pmRaMasPerYr?: number | undefined;
  /** Proper motion to the north, mas/yr; 0 where left out. */
  readonly pmDecMasPerYr?: number | undefined;
  /** Parallax, mas; 0 (infinitely far) where left out. */
  readonly parallaxMas?: number | undefined;
  /** When the source stands there; may be left out where it does not move. */
  readonly posEpoch?: TimeEpoch<"TDB"> | undefined;
}

/**
 * Makes the place of a source from what is known of it.
 *
 * @param fields Position, deg; and proper motion, parallax, epoch where they are known.
 * @returns A frozen record.
 * @throws RangeError for numbers that are not finite, a declination outside [-90, 90] or a negative
 *   parallax; TypeError for a proper motion without the epoch of the position.
 * @example
 * ```ts
 * import { createAstrometry } from "@gammarx/gammarx/timing";
 * import { strictEqual, throws } from "node:assert/strict";
 * const crab = createAstrometry({ raDeg: 83.633, decDeg: 22.0145 });
 * strictEqual(crab.parallaxMas, 0);
 * throws(() => createAstrometry({ raDeg: 83.6, decDeg: 22, pmRaMasPerYr: -11 }), /posEpoch/);
 * ```
 */
export function createAstrometry(fields: AstrometryFields): Astrometry {
  const { raDeg, decDeg, pmRaMasPerYr = 0, pmDecMasPerYr = 0, parallaxMas = 0, posEpoch } = fields;
  for (
    const [name, value] of Object.entries({
      raDeg,
      decDeg,
      pmRaMasPerYr,
      pmDecMasPerYr,
      parallaxMas,
    })
  ) {
    if (!Number.isFinite(value)) {
      throw new RangeError(`Astrometry: ${name} must be finite, found ${value}`);
    }
  }
  if (Math.abs(decDeg) > 90) {
    throw new RangeError(`Astrometry: decDeg must be in [-90, 90], found ${decDeg}`);
  }
  if (parallaxMas < 0) {
    throw new RangeError(
      `Astrometry: parallaxMas must not be negative, found ${parallaxMas}: a measured parallax ` +
        `below zero says nothing of the distance, leave it out`,
    );
  }
  if ((pmRaMasPerYr !== 0 || pmDecMasPerYr !== 0) && posEpoch === undefined) {
    throw new TypeError(
      "Astrometry: a proper motion needs posEpoch, the epoch of the position (POSEPOCH or PEPOCH)",
    );
  }
  return Object.freeze({ raDeg, decDeg, pmRaMasPerYr, pmDecMasPerYr, parallaxMas, posEpoch });
}

/**
 * Direction to a source at an instant: n(t) = (n₀ + (μ_α e_α + μ_δ e_δ)(t − t₀)) / |…|, motion in
 * space along a straight line without radial velocity.
 *
 * @param astrometry Where the source stands, and how it moves.
 * @param mjdTdb Modified Julian Date in TDB, days.
 * @param out Three elements that take x, y, z of the unit vector, ICRS.
 * @returns Nothing.
 * @example
 * ```ts
 * import { createAstrometry, sourceDirectionInto } from "@gammarx/gammarx/timing";
 * import { ok } from "node:assert/strict";
 * const out = new Float64Array(3);
 * sourceDirectionInto(createAstrometry({ raDeg: 90, decDeg: 0 }), 55000, out);
 * ok(Math.abs(out[1]! - 1) < 1e-15);
 * ```
 * @see ESA SP-1200 (1997), vol. 1, eq. 1.2.16, without radial velocity
 */
export function sourceDirectionInto(
  astrometry: Astrometry,
  mjdTdb: number,
  out: Float64Array,
): void {
  const { raDeg, decDeg, pmRaMasPerYr, pmDecMasPerYr, posEpoch } = astrometry;
  const ra = raDeg * DEG, dec = decDeg * DEG;
  const cosRa = Math.cos(ra), sinRa = Math.sin(ra), cosDec = Math.cos(dec), sinDec = Math.sin(dec);
  const years = posEpoch === undefined ? 0 : (mjdTdb - epochMjd(posEpoch)) / YEAR_DAYS;
  const east = pmRaMasPerYr * MAS * years, north = pmDecMasPerYr * MAS * years;
  const x = cosDec * cosRa - east * sinRa - north * sinDec * cosRa;
  const y = cosDec * sinRa + east * cosRa - north * sinDec * sinRa;
  const z = sinDec + north * cosDec;
  const norm = Math.sqrt(1 + east * east + north * north);
  out[0] = x / norm;
  out[1] = y / norm;
  out[2] = z / norm;
}
