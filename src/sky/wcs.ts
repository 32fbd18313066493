/**
 * World coordinate systems of sky images: the record, checked, with its native pole.
 *
 * Pixel numbers in functions are 0-based, centres at integers; `crpix` alone is the FITS keyword and
 * 1-based.
 */
import { nativePoleDeg } from "./_native_pole.ts";
import { PROJECTIONS } from "./_projections.ts";
import { checkFrame, type SkyFrame } from "./sky_frame.ts";

/** Code of a map projection, as in the last three letters of CTYPE. */
export type ProjectionCode =
  | "TAN"
  | "SIN"
  | "ZEA"
  | "ARC"
  | "STG"
  | "CAR"
  | "AIT"
  | "MOL"
  | "CEA"
  | "MER"
  | "SFL"
  | "GLS";

/** The projections that {@linkcode createWcs} knows. */
export const PROJECTION_CODES: readonly ProjectionCode[] = Object.freeze(
  Object.keys(PROJECTIONS) as ProjectionCode[],
);

/** A two-by-two matrix, rows first: world axis (longitude, latitude) by pixel axis (x, y). */
export type Matrix2 = readonly [readonly [number, number], readonly [number, number]];

/** What {@linkcode createWcs} takes. */
export interface WcsOptions {
  /** Projection code. */
  readonly projection: ProjectionCode;
  /** Frame of the world coordinates; "icrs" where absent. */
  readonly frame?: SkyFrame;
  /** Longitude and latitude of the reference point, deg. */
  readonly crvalDeg: readonly [number, number];
  /** Pixel of the reference point, 1-based as in FITS. */
  readonly crpix: readonly [number, number];
  /** Pixel steps along the axes, deg; longitude usually negative. Needed unless `cd` is given. */
  readonly cdeltDeg?: readonly [number, number];
  /** Matrix of the pixel axes before scaling by `cdeltDeg`; the unit matrix where absent. */
  readonly pc?: Matrix2;
  /** Matrix from pixels to degrees, instead of `cdeltDeg` and `pc`. */
  readonly cd?: Matrix2;
  /** Native longitude of the celestial pole, deg; the standard's default where absent. */
  readonly lonpoleDeg?: number;
  /** Native latitude of the celestial pole, deg, that chooses between solutions; 90 where absent. */
  readonly latpoleDeg?: number;
  /**
   * Projection parameters by keyword: PV2_1 and PV2_2 (SIN ξ and η, CEA λ); PV1_1 and PV1_2 (native
   * coordinates of the reference point, deg), PV1_0 (not 0: the plane's origin goes there too).
   */
  readonly pv?: Readonly<Record<string, number>>;
}

/** A world coordinate system of a sky image. */
export interface Wcs {
  /** Which record this is. */
  readonly kind: "wcs";
  /** Projection code. */
  readonly projection: ProjectionCode;
  /** Frame of the world coordinates. */
  readonly frame: SkyFrame;
  /** Longitude and latitude of the reference point, deg. */
  readonly crvalDeg: readonly [number, number];
  /** Pixel of the reference point, 1-based as in FITS. */
  readonly crpix: readonly [number, number];
  /** Pixel steps, deg; 1 and 1 where the system was made from `cd`. */
  readonly cdeltDeg: readonly [number, number];
  /** Matrix of the pixel axes; `cd` itself where the system was made from it. */
  readonly pc: Matrix2;
  /** Native longitude of the celestial pole, deg. */
  readonly lonpoleDeg: number;
  /** Native latitude of the celestial pole as found, deg: the latitude of the native pole. */
  readonly latpoleDeg: number;
  /** Celestial coordinates of the native pole, deg. */
  readonly poleDeg: readonly [number, number];
  /** Projection parameters as given. */
  readonly pv: Readonly<Record<string, number>>;
}

/** PVi_m that a projection may have. */
const PV_NAMES: readonly string[] = ["PV1_0", "PV1_1", "PV1_2", "PV2_1", "PV2_2"];

/** Native coordinates of the reference point in degrees, and whether the origin goes there. */
export function nativeReference(
  wcs: Pick<Wcs, "projection" | "crvalDeg" | "pv">,
): { readonly phiDeg: number; readonly thetaDeg: number; readonly isOrigin: boolean } {
  if (wcs.projection === "GLS") {
    return { phiDeg: 0, thetaDeg: wcs.crvalDeg[1], isOrigin: true };
  }
  const { PV1_0 = 0, PV1_1 = 0, PV1_2 = PROJECTIONS[wcs.projection].thetaRefDeg } = wcs.pv;
  return { phiDeg: PV1_1, thetaDeg: PV1_2, isOrigin: PV1_0 !== 0 };
}

/**
 * A world coordinate system, from the meaning of the FITS keywords.
 *
 * LONPOLE where absent is 180° (0° where the reference point has a celestial latitude not below its
 * native one) plus the native longitude of the reference point.
 *
 * @param options see {@linkcode WcsOptions}
 * @returns a frozen record
 * @throws RangeError for an unknown projection, frame or parameter, a number out of range, a singular
 * matrix, or a LONPOLE that admits no native pole; TypeError where both or neither of `cd` and
 * `cdeltDeg` are given
 * @example
 * ```ts
 * import { createWcs, worldToPixel } from "@gammarx/gammarx/sky";
 * import assert from "node:assert/strict";
 * const wcs = createWcs({
 *   projection: "TAN",
 *   crvalDeg: [83.633, 22.014],
 *   crpix: [125.5, 100.5],
 *   cdeltDeg: [-0.02, 0.02],
 * });
 * assert.equal(wcs.lonpoleDeg, 180);
 * const { x, y } = worldToPixel(wcs, { lonDeg: 83.633, latDeg: 22.014 });
 * assert.ok(Math.abs(x - 124.5) < 1e-9 && Math.abs(y - 99.5) < 1e-9);
 * ```
 *
 * Source: Greisen & Calabretta 2002, A&A 395, 1061; Calabretta & Greisen 2002, A&A 395, 1077;
 * agrees with wcslib.
 */
export function createWcs(options: WcsOptions): Wcs {
  const { projection, crvalDeg, crpix } = options;
  if (!PROJECTION_CODES.includes(projection)) {
    throw new RangeError(
      `Unknown projection "${projection}": expected one of ${PROJECTION_CODES.join(", ")}`,
    );
  }
  const frame = checkFrame(options.frame ?? "icrs");
  const { cdeltDeg, pc } = pixelMatrix(options);
  checkFinite("crvalDeg", crvalDeg);
  checkFinite("crpix", crpix);
  if (Math.abs(crvalDeg[1]) > 90) {
    throw new RangeError(`crvalDeg: found latitude ${crvalDeg[1]}, expected -90 to 90`);
  }
  const pv = Object.freeze({ ...options.pv });
  checkParameters(projection, pv);
  const { phiDeg, thetaDeg } = nativeReference({ projection, crvalDeg, pv });
  const lonpoleDeg = options.lonpoleDeg ?? (crvalDeg[1] < thetaDeg ? 180 : 0) + phiDeg;
  const latpole = options.latpoleDeg ?? 90;
  checkFinite("lonpoleDeg, latpoleDeg", [lonpoleDeg, latpole]);
  const poleDeg = nativePoleDeg({
    crvalDeg,
    referenceDeg: [phiDeg, thetaDeg],
    lonpoleDeg,
    latpoleDeg: latpole,
  });
  return Object.freeze({
    kind: "wcs",
    projection,
    frame,
    crvalDeg: Object.freeze([crvalDeg[0], crvalDeg[1]] as const),
    crpix: Object.freeze([crpix[0], crpix[1]] as const),
    cdeltDeg,
    pc,
    lonpoleDeg,
    latpoleDeg: poleDeg[1],
    poleDeg: Object.freeze(poleDeg),
    pv,
  });
}

function checkFinite(name: string, values: readonly number[]): void {
  if (!values.every(Number.isFinite)) {
    throw new RangeError(`${name}: found ${values.join(", ")}, expected finite numbers`);
  }
}

function checkParameters(projection: ProjectionCode, pv: Readonly<Record<string, number>>): void {
  const known = PROJECTIONS[projection].parameters.length;
  for (const [name, value] of Object.entries(pv)) {
    checkFinite(name, [value]);
    const used = PV_NAMES.includes(name) && (name < "PV2" || Number(name.slice(4)) <= known);
    if (!used && value !== 0) {
      throw new RangeError(`${name} = ${value} has no meaning for projection ${projection}`);
    }
  }
  const lambda = pv.PV2_1 ?? 1;
  if (projection === "CEA" && !(lambda > 0 && lambda <= 1)) {
    throw new RangeError(`PV2_1 of CEA: found ${lambda}, expected in (0, 1]`);
  }
  if (Math.abs(pv.PV1_2 ?? 0) > 90) {
    throw new RangeError(`PV1_2: found native latitude ${pv.PV1_2}, expected -90 to 90`);
  }
}

function pixelMatrix(options: WcsOptions): Pick<Wcs, "cdeltDeg" | "pc"> {
  const { cd, cdeltDeg } = options;
  if ((cd === undefined) === (cdeltDeg === undefined) || (cd && options.pc)) {
    throw new TypeError("Expected either cd, or cdeltDeg with an optional pc");
  }
  const matrix = cd ?? options.pc ?? [[1, 0], [0, 1]], steps = cdeltDeg ?? [1, 1];
  checkFinite("cd, pc or cdeltDeg", [...matrix[0], ...matrix[1], ...steps]);
  const determinant = matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0];
  if (determinant * steps[0] * steps[1] === 0) {
    throw new RangeError(
      `Singular pixel matrix: cdelt ${steps.join(", ")} and matrix ${matrix.join("; ")}`,
    );
  }
  return {
    cdeltDeg: Object.freeze([steps[0], steps[1]] as const),
    pc: Object.freeze(
      [
        Object.freeze([matrix[0][0], matrix[0][1]] as const),
        Object.freeze([matrix[1][0], matrix[1][1]] as const),
      ] as const,
    ),
  };
}
