/** Where the points of a geometry are in the field of view, at the times that it takes. */
import { type Gti, gtiSumS } from "../events/mod.ts";
import {
  createWcsGeom,
  geomCenters,
  regionWeights,
  type SkyGeom,
  solidAngleSr,
} from "../maps/mod.ts";
import {
  boundingCircle,
  createHorizontalFrame,
  type FovAlignment,
  galacticToIcrsInto,
  icrsToAltAz,
  icrsToAltAzInto,
  parallacticAngleDeg,
  type Region,
  separationDegInto,
  type Site,
  type SkyColumns,
  type SkyPosition,
  skyToFovInto,
} from "../sky/mod.ts";
import { addSeconds, type TimeEpoch } from "../time/mod.ts";

/** Where responses are evaluated. */
export interface FieldOptions {
  /** The sky. */
  readonly geom: SkyGeom;
  /** The pointing, ICRS, deg. */
  readonly pointing: SkyPosition;
  /** Coordinates along axes of the table that are neither energies nor positions: `{ zenith: 20 }`. */
  readonly at?: Readonly<Record<string, number>>;
  /**
   * What stands for a region: the responses at its middle, or their mean over it; "center" where
   * absent.
   */
  readonly regionMethod?: "center" | "average";
  /** Distance of the points of a mean over a region, deg; 0.01 where absent. */
  readonly regionBinszDeg?: number;
  /** When it was observed; needed where the field of view of the table turns with the sky (ALTAZ). */
  readonly gti?: Gti;
  /** From where; needed as `gti` is. */
  readonly site?: Site;
  /** Greatest turn of the field between two times, deg; 1 where absent. */
  readonly rotationStepDeg?: number;
}

/** Points on the sky. */
export interface FieldPoints extends SkyColumns {
  /** Share of each point in the one value of a region; undefined: every point has its own value. */
  readonly weights: Float64Array | undefined;
  /** Solid angle of each point, or that of the region that it stands for, sr. */
  readonly solidAngleSr: Float64Array;
}

const pixelPoints = new WeakMap<SkyGeom, SkyColumns>();

/** Pixel centres in ICRS, kept as long as the geometry. */
function icrsCenters(geom: SkyGeom): SkyColumns {
  const known = pixelPoints.get(geom);
  if (known !== undefined) return known;
  const { lonDeg, latDeg } = geomCenters(geom), own = { lonDeg: lonDeg.data, latDeg: latDeg.data };
  const made = geom.frame === "galactic"
    ? galacticToIcrsInto(own, {
      lonDeg: new Float64Array(own.lonDeg.length),
      latDeg: new Float64Array(own.lonDeg.length),
    })
    : own;
  pixelPoints.set(geom, made);
  return made;
}

/** The points of a geometry that has one region at most for all bins. */
export function pointsOf(options: FieldOptions): FieldPoints {
  const { geom, regionMethod = "center", regionBinszDeg = 0.01 } = options;
  if (geom.kind === "region-geom" && regionMethod === "average") {
    return regionPoints(geom.region, regionBinszDeg);
  }
  return {
    ...icrsCenters(geom),
    weights: geom.kind === "region-geom" ? Float64Array.of(1) : undefined,
    solidAngleSr: solidAngleSr(geom).data as Float64Array,
  };
}

/** Pixels of which a part is in a region; their solid angles are those of the parts. */
function regionPoints(region: Region, binszDeg: number): FieldPoints {
  const { radiusDeg, ...skydir } = boundingCircle(region);
  const widthDeg = Math.max(2 * radiusDeg, binszDeg) + 2 * binszDeg;
  const geom = createWcsGeom({ skydir, proj: "TAN", binszDeg, widthDeg });
  const shares = regionWeights(geom, region), centers = geomCenters(geom);
  const inside = Array.from(shares.keys()).filter((i) => shares[i]! > 0);
  if (inside.length === 0) {
    const { lonDeg, latDeg } = skydir;
    return {
      lonDeg: Float64Array.of(lonDeg),
      latDeg: Float64Array.of(latDeg),
      weights: Float64Array.of(1),
      solidAngleSr: Float64Array.of(0),
    };
  }
  const areas = solidAngleSr(geom),
    of = (data: Float64Array) => Float64Array.from(inside, (i) => data[i]!);
  const part = Float64Array.from(inside, (i) => shares[i]! * (areas.data as Float64Array)[i]!);
  const total = part.reduce((a, b) => a + b, 0);
  return {
    lonDeg: of(centers.lonDeg.data),
    latDeg: of(centers.latDeg.data),
    weights: part.map((one) => one / total),
    solidAngleSr: part,
  };
}

/** The coordinates of points in the field of view, by axis, during a share of the time. */
export interface FieldSample {
  /** Share of the time, all together 1. */
  readonly share: number;
  /** Columns by the name of the axis: offset, fov_lon, fov_lat. */
  readonly columns: Readonly<Record<string, Float64Array>>;
}

/** The last offsets of a geometry, for the next response of the same observation. */
const lastOffsets = new WeakMap<
  Float64Array,
  { readonly lonDeg: number; readonly latDeg: number; readonly offsetDeg: Float64Array }
>();

function offsetsOf(points: SkyColumns, pointing: SkyPosition): Float64Array {
  const { lonDeg, latDeg } = pointing, known = lastOffsets.get(points.lonDeg);
  if (known?.lonDeg === lonDeg && known.latDeg === latDeg) return known.offsetDeg;
  const out = new Float64Array(points.lonDeg.length);
  const offsetDeg = separationDegInto(points, { from: pointing, out });
  lastOffsets.set(points.lonDeg, { lonDeg, latDeg, offsetDeg });
  return offsetDeg;
}

/** Whether a name is that of an axis of positions in the field of view. */
export function isFieldAxis(name: string): boolean {
  return name === "offset" || name === "fov_lon" || name === "fov_lat";
}

/**
 * The coordinates of points along the axes of the field of view: one sample, or where the field turns
 * against the sky one a time step, with the weights of the trapezoidal rule.
 */
export function* fieldSamples(
  table: { readonly axes: readonly { readonly name: string }[]; readonly alignment?: FovAlignment },
  points: FieldPoints,
  options: FieldOptions,
): Generator<FieldSample> {
  const { pointing } = options, { alignment = "RADEC" } = table;
  const has = (name: string) => table.axes.some((axis) => axis.name === name);
  const offset: Record<string, Float64Array> = has("offset")
    ? { offset: offsetsOf(points, pointing) }
    : {};
  if (!has("fov_lon") && !has("fov_lat")) {
    yield { share: 1, columns: offset };
    return;
  }
  const n = points.lonDeg.length;
  const into = { lonDeg: new Float64Array(n), latDeg: new Float64Array(n) };
  const columns = { ...offset, fov_lon: into.lonDeg, fov_lat: into.latDeg };
  if (alignment !== "ALTAZ") {
    skyToFovInto(points, { pointing, alignment, into });
    yield { share: 1, columns };
    return;
  }
  const { gti, site } = options;
  if (gti === undefined || site === undefined) {
    throw new TypeError(
      "The field of view of the table is aligned with the horizon (ALTAZ): expected gti and site, " +
        `found ${gti === undefined ? "no gti" : "a gti"} and ${
          site === undefined ? "no" : "a"
        } site`,
    );
  }
  for (const { time, share } of turnTimes(options, gti, site)) {
    const frame = createHorizontalFrame({ site, time });
    icrsToAltAzInto(points, { frame, into });
    skyToFovInto(into, { pointing: icrsToAltAz(pointing, frame), alignment, into });
    yield { share, columns };
  }
}

/** Times between which the field turns by no more than a step, and their shares of the time. */
function turnTimes(
  { pointing, rotationStepDeg = 1 }: FieldOptions,
  gti: Gti,
  site: Site,
): readonly { readonly time: TimeEpoch; readonly share: number }[] {
  if (!(rotationStepDeg > 0)) {
    throw new RangeError(`A rotation step is above 0 deg, found ${rotationStepDeg}`);
  }
  const total = gtiSumS(gti), out: { time: TimeEpoch; share: number }[] = [];
  const timeAt = (s: number) => addSeconds<"TT" | "TDB">(gti.epoch, s);
  for (let i = 0; i < gti.startS.length; i++) {
    const start = gti.startS[i]!, length = gti.stopS[i]! - start;
    if (!(length > 0)) continue;
    let n = Math.max(1, Math.ceil(length / LONGEST_STEP_S));
    while (length / n > 1 && turnsMore({ start, length, n })) n *= 2;
    for (let k = 0; k <= n; k++) {
      const share = (k === 0 || k === n ? 0.5 : 1) * length / n / total;
      out.push({ time: timeAt(start + length * k / n), share });
    }
  }
  return out;

  function turnsMore({ start, length, n }: { start: number; length: number; n: number }): boolean {
    let before = NaN;
    for (let k = 0; k <= n; k++) {
      const frame = createHorizontalFrame({ site, time: timeAt(start + length * k / n) });
      const angle = parallacticAngleDeg(pointing, frame), turn = Math.abs(angle - before);
      if (Math.min(turn, 360 - turn) > rotationStepDeg) return true;
      before = angle;
    }
    return false;
  }
}

/** Steps begin no longer than this, so that a whole turn is not taken for none. */
const LONGEST_STEP_S = 600;
