/**
 * Regions as a table of shapes in the pixels of a tangential projection, as Gammapy writes them, and as
 * DS9 text in the keywords GRXREG1 …, which keeps them to the last digit.
 *
 * Pixels are 0-based with centres at integers, sizes are pixels of the scale to the north of the centre,
 * angles turn from the x axis.
 */
import {
  type BintableHdu,
  type Card,
  card,
  type ColumnInput,
  findColumn,
  FitsFormatError,
  type HduInput,
  optionalColumn,
  readNumbers,
  readStrings,
  type TableHdu,
} from "../../fits/mod.ts";
import type { Axis } from "../../nddata/mod.ts";
import {
  boundingCircle,
  convertFrame,
  createRegion,
  createWcs,
  formatRegions,
  offsetBy,
  parseRegions,
  pixelToWorld,
  type Region,
  type SimpleRegion,
  type SkyFrame,
  type SkyPosition,
  type Wcs,
  worldToPixel,
} from "../../sky/mod.ts";
import { createRegionGeom, type RegionGeom } from "../region_geom.ts";
import { inHdu, textOf, wcsCards, wcsOf } from "./header_fits.ts";

const ARCSEC = 1 / 3600;
/** Pixels of the projection that regions are written in, as Gammapy has it. */
const NPIX: readonly [number, number] = [3600, 1800];
const PIXEL_DEG = 0.1;

/** Scale of a projection to the north of a place, deg a pixel, and where north is from the x axis. */
function northOf(
  wcs: Wcs,
  center: SkyPosition,
  frame: SkyFrame = wcs.frame,
): { scaleDeg: number; angleDeg: number } {
  const toPixel = (at: SkyPosition) =>
    worldToPixel(wcs, convertFrame(at, { from: frame, to: wcs.frame }));
  const at = toPixel(center);
  const north = toPixel(offsetBy(center, { separationDeg: ARCSEC, positionAngleDeg: 0 }));
  const dx = north.x - at.x, dy = north.y - at.y;
  return {
    scaleDeg: ARCSEC / Math.hypot(dx, dy),
    angleDeg: Math.atan2(dy, dx) * 180 / Math.PI,
  };
}

/** One row of the table. */
interface ShapeRow {
  readonly shape: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly r: readonly number[];
  readonly angleDeg: number;
}

interface RowOptions {
  readonly wcs: Wcs;
  readonly row: ShapeRow;
}

/** Sizes in degrees, and what turns a pixel angle into a position angle. */
function measure({ wcs, row }: RowOptions): {
  readonly at: SkyPosition & { readonly frame: Wcs["frame"] };
  readonly sizes: readonly number[];
  readonly angleDeg: number;
} {
  const { lonDeg, latDeg } = pixelToWorld(wcs, { x: row.x[0]!, y: row.y[0]! });
  const north = northOf(wcs, { lonDeg, latDeg });
  return {
    at: { frame: wcs.frame, lonDeg, latDeg },
    sizes: row.r.map((one) => one * north.scaleDeg),
    angleDeg: row.angleDeg - (north.angleDeg - 90),
  };
}

function twoSizes(options: RowOptions) {
  const { at, sizes, angleDeg } = measure(options);
  return { at, angleDeg, widthDeg: sizes[0]!, heightDeg: sizes[1] ?? sizes[0]! };
}

const READERS: Readonly<Record<string, (options: RowOptions) => Region>> = {
  point: (options) => ({ kind: "point", ...measure(options).at }),
  circle(options) {
    const { at, sizes } = measure(options);
    return { kind: "circle", ...at, radiusDeg: sizes[0]! };
  },
  annulus(options) {
    const { at, sizes } = measure(options);
    return { kind: "annulus", ...at, innerRadiusDeg: sizes[0]!, outerRadiusDeg: sizes[1]! };
  },
  ellipse(options) {
    const { at, widthDeg, heightDeg, angleDeg } = twoSizes(options);
    return { kind: "ellipse", ...at, widthDeg: 2 * widthDeg, heightDeg: 2 * heightDeg, angleDeg };
  },
  box(options) {
    const { at, ...sizes } = twoSizes({ ...options, row: { ...options.row, angleDeg: 0 } });
    return { kind: "rectangle", ...at, ...sizes };
  },
  rotbox(options) {
    const { at, ...sizes } = twoSizes(options);
    return { kind: "rectangle", ...at, ...sizes };
  },
  polygon({ wcs, row }) {
    const vertices = row.x.map((x, i) => pixelToWorld(wcs, { x, y: row.y[i]! }));
    return { kind: "polygon", frame: wcs.frame, vertices };
  },
};

/** The geometry of a table of regions. */
export async function readRegionTable(
  table: BintableHdu,
  axes: readonly Axis[],
): Promise<RegionGeom> {
  const texts: string[] = [];
  for (let n = 1; textOf(table.header, `GRXREG${n}`) !== ""; n++) {
    texts.push(textOf(table.header, `GRXREG${n}`));
  }
  if (texts.length > 0) return exactGeom(table, texts, axes);
  const wcs = wcsOf(table), rows = await shapeRows(table);
  const include: Region[] = [], exclude: Region[] = [];
  for (const row of rows) {
    const isExcluded = row.shape.startsWith("!"), name = row.shape.replace(/^[!+-]/, "");
    const read = Object.hasOwn(READERS, name) ? READERS[name]! : undefined;
    if (read === undefined) {
      throw new FitsFormatError(
        `found the shape "${row.shape}", expected one of ${Object.keys(READERS).join(", ")}`,
        { file: table.source.name, hdu: table.index, keyword: "column SHAPE" },
      );
    }
    const region = inHdu(table, "column SHAPE", () => createRegion(read({ wcs, row })));
    (isExcluded ? exclude : include).push(region);
  }
  return inHdu(table, "column SHAPE", () =>
    createRegionGeom(
      include.length === 1 && exclude.length === 0
        ? include[0]!
        : { kind: "compound", include, exclude },
    ));
}

function exactGeom(table: TableHdu, texts: readonly string[], axes: readonly Axis[]): RegionGeom {
  const name = textOf(table.header, "GRXALONG");
  return inHdu(table, "GRXREG1", () => {
    const regions = texts.map(parseRegions);
    if (name === "") return createRegionGeom(regions[0]!);
    const axis = axes.find((one) => one.name === name);
    if (axis === undefined) throw new RangeError(`GRXALONG: found no axis "${name}"`);
    return createRegionGeom({ axis, regions });
  });
}

async function shapeRows(table: TableHdu): Promise<ShapeRow[]> {
  const has = (name: string) => optionalColumn(table, name) !== undefined;
  const vectors = async (name: string): Promise<number[][]> => {
    const values = await readNumbers(table, findColumn(table, name));
    const width = values.length / Math.max(1, table.nRows);
    return Array.from(
      { length: table.nRows },
      (_, row) => [...values.subarray(row * width, (row + 1) * width)],
    );
  };
  const none = (value: number[]) => Array.from({ length: table.nRows }, () => value);
  const shapes = has("SHAPE") ? await readStrings(table, "SHAPE") : none([]).map(() => "point");
  if (shapes.length !== table.nRows) {
    throw new FitsFormatError(`found ${shapes.length} shapes in ${table.nRows} rows`, {
      file: table.source.name,
      hdu: table.index,
      keyword: "column SHAPE",
    });
  }
  const x = await vectors("X"), y = await vectors("Y");
  const r = has("R") ? await vectors("R") : none([0]);
  const angles = has("ROTANG") ? await vectors("ROTANG") : none([0]);
  return shapes.map((shape, row) => ({
    shape: shape.trim().toLowerCase(),
    x: x[row]!,
    y: y[row]!,
    r: r[row]!,
    angleDeg: angles[row]![0] ?? 0,
  }));
}

interface Drawn {
  readonly shape: string;
  readonly vertices: readonly SkyPosition[];
  readonly sizesDeg: readonly number[];
  /** Position angle, deg; undefined where the shape has none. */
  readonly angleDeg?: number;
}

const DRAWN: {
  readonly [K in SimpleRegion["kind"]]: (one: Extract<SimpleRegion, { kind: K }>) => Drawn;
} = {
  point: (one) => ({ shape: "point", vertices: [one], sizesDeg: [] }),
  circle: (one) => ({ shape: "circle", vertices: [one], sizesDeg: [one.radiusDeg] }),
  annulus: (one) => ({
    shape: "annulus",
    vertices: [one],
    sizesDeg: [one.innerRadiusDeg, one.outerRadiusDeg],
  }),
  ellipse: (one) => ({
    shape: "ellipse",
    vertices: [one],
    sizesDeg: [one.widthDeg / 2, one.heightDeg / 2],
    angleDeg: one.angleDeg,
  }),
  rectangle: (one) => ({
    shape: "rotbox",
    vertices: [one],
    sizesDeg: [one.widthDeg, one.heightDeg],
    angleDeg: one.angleDeg,
  }),
  polygon: (one) => ({ shape: "polygon", vertices: one.vertices, sizesDeg: [] }),
};

/** Simple regions with their signs, those of compounds one by one. */
function partsOf(region: Region, isExcluded = false): (readonly [SimpleRegion, boolean])[] {
  if (region.kind !== "compound") return [[region, isExcluded]];
  if (isExcluded && region.exclude.length > 0) {
    throw new TypeError("A compound with excluded parts within an excluded one cannot be written");
  }
  return [
    ...region.include.flatMap((one) => partsOf(one, isExcluded)),
    ...region.exclude.flatMap((one) => partsOf(one, true)),
  ];
}

/** The table of the regions of a geometry. */
export function regionTable(geom: RegionGeom, name: string): HduInput {
  const regions = geom.along?.regions ?? [geom.region], [one] = partsOf(regions[0]!)[0]!;
  const { frame } = one, center = centerOf(regions[0]!, frame);
  const wcs = createWcs({
    projection: "TAN",
    frame,
    crvalDeg: [center.lonDeg, center.latDeg],
    crpix: [(NPIX[0] + 1) / 2, (NPIX[1] + 1) / 2],
    cdeltDeg: [-PIXEL_DEG, PIXEL_DEG],
  });
  const rows = regions.flatMap((region, bin) =>
    partsOf(region).map(([one, isExcluded]) => ({ ...rowOf(wcs, one, isExcluded), bin }))
  );
  return {
    kind: "bintable",
    name,
    header: [
      ...wcsCards(wcs),
      card("WCSSHAPE", `(${NPIX})`),
      card("HDUCLASS", "ASC", "region table"),
      card("HDUCLAS1", "REGION"),
      ...exactCards(geom, regions),
    ],
    columns: columnsOf(rows, geom.along !== undefined),
  };
}

/** Where the projection touches the sky: the centre of a shape that has one, else of a circle around. */
function centerOf(region: Region, frame: SkyFrame): SkyPosition {
  if (region.kind !== "polygon" && region.kind !== "compound") return region;
  return convertFrame(boundingCircle(region), { from: "icrs", to: frame });
}

function exactCards(geom: RegionGeom, regions: readonly Region[]): Card[] {
  const along = geom.along === undefined
    ? []
    : [card("GRXALONG", geom.along.axis.name, "a region for each bin of this axis")];
  try {
    return [
      ...regions.map((region, i) =>
        card(`GRXREG${i + 1}`, formatRegions(region).trim().replaceAll("\n", ";"))
      ),
      ...along,
    ];
  } catch (cause) {
    if (!(cause instanceof RangeError) || along.length > 0) throw cause;
    return [];
  }
}

function rowOf(wcs: Wcs, one: SimpleRegion, isExcluded: boolean): ShapeRow {
  const { shape, vertices, sizesDeg, angleDeg } = (DRAWN[one.kind] as (
    one: SimpleRegion,
  ) => Drawn)(one);
  const frames = { from: one.frame, to: wcs.frame } as const;
  const at = vertices.map((vertex) => worldToPixel(wcs, convertFrame(vertex, frames)));
  if (at.some(({ x }) => !Number.isFinite(x))) {
    throw new RangeError(
      "Found a region more than 90 deg from the first one: it has no place in the projection",
    );
  }
  const north = northOf(wcs, vertices[0]!, one.frame);
  return {
    shape: (isExcluded ? "!" : "") + shape,
    x: at.map(({ x }) => x),
    y: at.map(({ y }) => y),
    r: sizesDeg.map((size) => size / north.scaleDeg),
    angleDeg: angleDeg === undefined ? 0 : angleDeg + north.angleDeg - 90,
  };
}

/** Columns as wide as the widest row; the last number is repeated, of sizes 0. */
function columnsOf(rows: readonly (ShapeRow & { bin: number })[], isAlong: boolean): ColumnInput[] {
  const column = (name: string, of: (row: ShapeRow) => readonly number[], unit: string) => {
    const width = Math.max(1, ...rows.map((row) => of(row).length));
    const values = new Float64Array(rows.length * width);
    rows.forEach((row, i) => values.set(of(row), i * width));
    return { name, values, unit, ...(width === 1 ? {} : { shape: [width] }) };
  };
  return [
    { name: "SHAPE", values: rows.map((row) => row.shape) },
    column("X", (row) => row.x, "pix"),
    column("Y", (row) => row.y, "pix"),
    column("R", (row) => row.r, "pix"),
    column("ROTANG", (row) => [row.angleDeg], "deg"),
    ...(isAlong
      ? [{ name: "COMPONENT", values: Int32Array.from(rows, (row) => row.bin + 1) }]
      : []),
  ];
}
