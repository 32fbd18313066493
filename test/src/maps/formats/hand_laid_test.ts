/** Files laid by hand after the specifications, for formats of which there is no real file. */
import assert from "node:assert/strict";
import {
  type Card,
  card,
  type ColumnInput,
  encodeFits,
  FitsFormatError,
  type HduInput,
} from "../../../../src/fits/mod.ts";
import {
  createHpxGeom,
  hpxPixels,
  openMaps,
  readMap,
  solidAngleSr,
  valuesAt,
} from "../../../../src/maps/mod.ts";
import type { LabelAxis, MapAxis } from "../../../../src/nddata/mod.ts";
import { flatten } from "../../../../src/numeric/mod.ts";

const HPX = [card("PIXTYPE", "HEALPIX"), card("ORDERING", "RING"), card("NSIDE", 1)];

function table(
  name: string,
  columns: readonly ColumnInput[],
  header: readonly Card[] = [],
): HduInput {
  return { kind: "bintable", name, header, columns };
}

const run = (n: number, start = 0) => Float32Array.from({ length: n }, (_, i) => start + i);
const ebounds = (unit = "keV") =>
  table("EBOUNDS", [
    { name: "CHANNEL", values: Int16Array.of(1, 2) },
    { name: "E_MIN", values: Float32Array.of(1, 10), unit },
    { name: "E_MAX", values: Float32Array.of(10, 100), unit },
  ]);

async function bad(hdus: readonly HduInput[], message: RegExp): Promise<void> {
  await assert.rejects(readMap(encodeFits(hdus), { name: "bad.fits" }), (error) => {
    assert.ok(error instanceof FitsFormatError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("readMap() reads a livetime cube of gtltcube: cosines ascend, unit s", async () => {
  const nBins = 4, cosbins = Float32Array.from({ length: 12 * nBins }, (_, i) => i);
  const high = Float32Array.of(1, 0.75, 0.5, 0.25), low = Float32Array.of(0.75, 0.5, 0.25, 0);
  const map = await readMap(encodeFits([
    table("EXPOSURE", [{ name: "COSBINS", values: cosbins, shape: [nBins] }], [
      ...HPX,
      card("COORDSYS", "EQU"),
    ]),
    table("CTHETABOUNDS", [{ name: "CTHETA_MIN", values: low }, {
      name: "CTHETA_MAX",
      values: high,
    }]),
  ]));
  const [axis] = map.axes as MapAxis[];
  assert.deepEqual([...axis!.edges, axis!.name], [0, 0.25, 0.5, 0.75, 1, "cos_theta"]);
  assert.deepEqual([map.unit, map.geom.frame], ["s", "icrs"]);
  // Row 1 of the file is pixel 1; its first bin, cosines of 0.75 to 1, is the last one here.
  assert.deepEqual([0, 1, 2, 3].map((bin) => map.values.get(bin, 1)), [7, 6, 5, 4]);
});

Deno.test("readMap() reads a counts cube of gtbin on HEALPix pixels: CHANNEL0 or CHANNEL1 first", async () => {
  for (const first of [0, 1]) {
    const columns = [0, 1].map((k) => ({ name: `CHANNEL${first + k}`, values: run(12, 100 * k) }));
    const map = await readMap(encodeFits([
      table("SKYMAP", columns, [...HPX, card("COORDSYS", "GAL"), card("HPX_CONV", "FGST_CCUBE")]),
      ebounds(),
    ]));
    assert.deepEqual(map.values.shape, [2, 12]);
    assert.equal(map.values.get(1, 3), 103);
    assert.equal((map.axes[0] as MapAxis).unit, "keV");
  }
});

Deno.test("readMap() reads a partial counts cube by its column PIX, in any order", async () => {
  const pix = Int32Array.of(7, 2, 5);
  const map = await readMap(encodeFits([
    table("SKYMAP", [
      { name: "PIX", values: pix },
      { name: "CHANNEL1", values: Float32Array.of(70, 20, 50) },
      { name: "CHANNEL2", values: Float32Array.of(71, 21, 51) },
    ], [...HPX, card("INDXSCHM", "EXPLICIT")]),
    ebounds(),
  ]));
  assert.ok(map.geom.kind === "hpx-geom");
  assert.deepEqual([...hpxPixels(map.geom)], [2, 5, 7]);
  assert.deepEqual([...flatten(map.values).data], [20, 50, 70, 21, 51, 71]);
});

Deno.test("readMap() reads the template of an extended source: an image of 1/sr, its integral 1", async () => {
  const binszDeg = 0.5,
    [nx, ny] = [5, 3],
    share = Float32Array.from({ length: nx * ny }, (_, i) => i);
  const all = share.reduce((sum, one) => sum + one, 0), binsz = binszDeg * Math.PI / 180;
  const rowSr = [-1, 0, 1].map((j) => binsz * 2 * Math.sin(binsz / 2) * Math.cos(j * binsz));
  const header = [
    card("CTYPE1", "RA---CAR"),
    card("CTYPE2", "DEC--CAR"),
    card("CRPIX1", 3),
    card("CRPIX2", 2),
    card("CDELT1", -binszDeg),
    card("CDELT2", binszDeg),
    card("CRVAL1", 258.25),
    card("CRVAL2", 0),
    card("EQUINOX", 2000),
  ];
  const data = share.map((one, k) => one / all / rowSr[Math.floor(k / nx)]!);
  const map = await readMap(encodeFits([{ kind: "image", data, shape: [ny, nx], header }]));
  assert.ok(map.geom.kind === "wcs-geom");
  assert.deepEqual([map.axes.length, map.values.shape, map.geom.frame], [0, [ny, nx], "icrs"]);
  // Rows ascend to the north, columns to the west.
  const at = (raDeg: number, decDeg: number) => {
    const lonDeg = Float64Array.of(raDeg), latDeg = Float64Array.of(decDeg);
    return Math.round(valuesAt(map, { lonDeg, latDeg, frame: "icrs" })[0]! * all * binsz ** 2);
  };
  assert.deepEqual([at(259.25, -0.5), at(257.25, -0.5), at(258.25, 0), at(259.25, 0.5)], [
    0,
    4,
    7,
    10,
  ]);
  const { data: sr } = flatten(solidAngleSr(map.geom));
  const values = Array.from(flatten(map.values).data);
  const integral = values.reduce((sum, one, k) => sum + one * sr[k]!, 0);
  // The edges of pixels are taken as great circles, between parallels: they differ by binsz² / 12.
  assert.ok(Math.abs(integral - 1) < binsz ** 2 / 10, `integral ${integral}`);
  assert.deepEqual(values, Array.from(data));
});

Deno.test("openMaps() reads source maps: counts and, by source, planes at the edges", async () => {
  const wcs = [
    card("CTYPE1", "RA---TAN"),
    card("CTYPE2", "DEC--TAN"),
    card("CRPIX1", 1),
    card("CRPIX2", 1),
    card("CDELT1", -1),
    card("CDELT2", 1),
    card("CRVAL1", 10),
    card("CRVAL2", 20),
  ];
  const cube = (name: string, n: number): HduInput => ({
    kind: "image",
    name,
    data: run(n * 4),
    shape: [n, 2, 2],
    header: wcs,
  });
  const hdus = [cube("COUNTS", 2), ebounds(), cube("Crab", 3)];
  const maps = await openMaps(encodeFits(hdus));
  assert.deepEqual([...maps.keys()], ["COUNTS", "Crab"]);
  const [counts, source] = [...maps.values()].map((map) => map.axes[0] as MapAxis);
  assert.deepEqual([counts!.name, ...counts!.edges], ["energy", 1, 10, 100]);
  assert.deepEqual([source!.name, source!.nodes, ...source!.centers], [
    "energy_true",
    "centers",
    1,
    10,
    100,
  ]);
});

Deno.test("readMap() reads a sparse source map by KEY = plane x pixels + pixel", async () => {
  const map = await readMap(encodeFits([
    table("Crab", [
      { name: "KEY", values: BigInt64Array.of(3n, 12n + 4n, 24n + 11n) },
      { name: "VALUE", values: Float64Array.of(1, 2, 3) },
    ], HPX),
    ebounds(),
  ]));
  assert.deepEqual(map.values.shape, [3, 12]);
  assert.deepEqual([map.values.get(0, 3), map.values.get(1, 4), map.values.get(2, 11)], [1, 2, 3]);
});

Deno.test("readMap() reads GALPROP's cubes: Bin columns or one of vectors", async () => {
  const energies = table("ENERGIES", [{
    name: "MeV",
    values: Float64Array.of(10, 100),
    unit: "MeV",
  }]);
  const bins = [0, 1].map((k) => ({ name: `Bin${k}`, values: run(12, 100 * k), unit: "MeV-1" }));
  const old = await readMap(encodeFits([
    table("SKYMAP2", bins, [...HPX, card("COORDTYPE", "GAL")]),
    energies,
  ]));
  const spectra = Float32Array.from({ length: 24 }, (_, i) => (i % 2) * 100 + (i >> 1));
  const vectors = await readMap(encodeFits([
    table("SKYMAP", [{ name: "Spectra", values: spectra, shape: [2], unit: "MeV-1" }], [
      ...HPX,
      card("COORDSYS", "GAL"),
    ]),
    energies,
  ]));
  for (const map of [old, vectors]) {
    assert.deepEqual([map.geom.frame, map.unit], ["galactic", "MeV-1"]);
    assert.deepEqual([...(map.axes[0] as MapAxis).centers], [10, 100]);
    assert.deepEqual([map.values.get(0, 5), map.values.get(1, 5)], [5, 105]);
  }
});

Deno.test("readMap() reads the maps of HERMES, a table an energy, as one cube", async () => {
  const joule = [1.602176634e-10, 1.602176634e-9];
  const map = await readMap(
    encodeFits(joule.map((energy, i) =>
      table("xtension", [{
        name: "TFLOAT",
        values: run(12, 100 * i),
        unit: "GeV^-1 m^-2 s^-1 sr^-1",
      }], [
        ...HPX,
        card("COORDSYS", "G"),
        card("ENERGY", energy),
      ])
    )),
  );
  assert.deepEqual(map.values.shape, [2, 12]);
  assert.deepEqual([...(map.axes[0] as MapAxis).centers], joule);
  assert.equal(map.unit, "GeV^-1 m^-2 s^-1 sr^-1");
  assert.equal(map.values.get(1, 11), 111);
});

Deno.test("readMap() reads the cells of a multi-order map by their NUNIQ numbers", async () => {
  const density = Float64Array.of(50, 160, 40);
  const moc = (uniq: BigInt64Array) =>
    table("MOC", [
      { name: "UNIQ", values: uniq },
      { name: "PROBDENSITY", values: density, unit: "sr-1" },
    ], [card("PIXTYPE", "HEALPIX"), card("ORDERING", "NUNIQ"), card("COORDSYS", "C")]);
  // Cell 16 of order 1 lies within cell 4 of order 0.
  await bad([moc(BigInt64Array.of(5n, 16n, 4n))], /HDU 1, column UNIQ: .*overlap/);
  const disjoint = await readMap(encodeFits([moc(BigInt64Array.of(5n, 16n, 17n))]));
  assert.equal(disjoint.geom.key, createHpxGeom({ uniq: [5, 16, 17] }).key);
  assert.deepEqual([...flatten(disjoint.values).data].sort((a, b) => a - b), [40, 50, 160]);
  assert.equal(disjoint.unit, "sr-1");
});

Deno.test("readMap() reads the columns of a healpy table by label, or one of them", async () => {
  const columns = ["I", "Q"].map((name, k) => ({ name, values: run(12, 100 * k), unit: "mK" }));
  const bytes = encodeFits([table("xtension", columns, [...HPX, card("COORDSYS", "G")])]);
  const both = await readMap(bytes), [axis] = both.axes as LabelAxis[];
  assert.deepEqual([axis!.labels, both.values.shape], [["I", "Q"], [2, 12]]);
  const q = await readMap(bytes, { column: "Q" });
  assert.deepEqual([q.values.shape, q.values.get(3)], [[12], 103]);
});

Deno.test("readMap() takes the third axis from the image where no table tells of it", async () => {
  const header = [
    card("CTYPE1", "GLON-CAR"),
    card("CTYPE2", "GLAT-CAR"),
    card("CRPIX1", 1),
    card("CRPIX2", 1),
    card("CDELT1", -1),
    card("CDELT2", 1),
    card("CRVAL1", 0),
    card("CRVAL2", 0),
    card("CRPIX3", 1),
  ];
  const image = (more: readonly Card[]): HduInput[] => [
    { kind: "image", data: run(6), shape: [3, 1, 2], header: [...header, ...more] },
  ];
  const log = await readMap(encodeFits(image([
    card("CTYPE3", "log_Energy"),
    card("CRVAL3", Math.log(100)),
    card("CDELT3", Math.log(10)),
  ])));
  const [logAxis] = log.axes as MapAxis[];
  assert.deepEqual([logAxis!.name, logAxis!.unit, logAxis!.interp], ["energy_true", "MeV", "log"]);
  [100, 1000, 10000].forEach((one, i) =>
    assert.ok(Math.abs(logAxis!.centers[i]! / one - 1) < 1e-13)
  );
  const linear = await readMap(encodeFits(image([
    card("CTYPE3", "ENERGY"),
    card("CUNIT3", "GeV"),
    card("CRVAL3", 5),
    card("CDELT3", 2),
  ])));
  const [axis] = linear.axes as MapAxis[];
  assert.deepEqual([axis!.name, axis!.unit, ...axis!.centers], ["energy", "GeV", 5, 7, 9]);
  await bad(
    image([]),
    /^bad.fits, HDU 0, CTYPE3: found none, and no table of bins, for an axis of 3/,
  );
});

Deno.test("readMap() names file, HDU and keyword of what a header says wrongly", async () => {
  const image = (header: readonly Card[], shape = [2, 2]): HduInput => ({
    kind: "image",
    data: new Float32Array(shape.reduce((a, b) => a * b)),
    shape,
    header: [
      card("CTYPE1", "RA---TAN"),
      card("CTYPE2", "DEC--TAN"),
      card("CDELT1", -1),
      card("CDELT2", 1),
      ...header,
    ],
  });
  const bands = (columns: readonly ColumnInput[], header: readonly Card[]) =>
    table("BANDS", columns, header);
  const cube = image([card("BANDSHDU", "BANDS")], [2, 2, 2]);
  const edges: ColumnInput[] = [
    { name: "E_MIN", values: Float64Array.of(1, 2), unit: "TeV" },
    { name: "E_MAX", values: Float64Array.of(2, 3), unit: "TeV" },
  ];
  const axcols = card("AXCOLS1", "E_MIN,E_MAX");
  const cases: readonly [readonly HduInput[], RegExp][] = [
    [[image([card("BUNIT", "furlongz")])], /^bad.fits, HDU 0, BUNIT: .*furlongz/],
    [[image([card("META", "{1")])], /^bad.fits, HDU 0, META: found \{1/],
    [[image([card("META", "[1]")])], /META: found \[1\], expected a JSON object/],
    [[image([card("BANDSHDU", "NONE")])], /BANDSHDU: found "NONE", but the file has no table/],
    [[image([card("CRVAL2", "north")])], /^bad.fits, HDU 0: CRVAL2/],
    [
      [
        cube,
        bands([...edges, { name: "NPIX", values: Int32Array.of(2, 2, 1, 1), shape: [2] }], [
          axcols,
        ]),
      ],
      /HDU 1, column NPIX: found planes of different numbers of pixels/,
    ],
    [[cube, bands(edges, [])], /^bad.fits, HDU 1, AXCOLS1: found none/],
    [
      [cube, bands(edges, [card("AXCOLS1", "E_MIN,E_NONE")])],
      /^bad.fits, HDU 1.*no column "E_NONE"/,
    ],
    [[cube, bands(edges, [axcols, card("INTERP1", "cubic")])], /HDU 1, AXCOLS1: .*interp "cubic"/],
    [
      [cube, bands([edges[0]!, { ...edges[1]!, values: Float64Array.of(1.5, 3) }], [axcols])],
      /HDU 1, AXCOLS1: bin 1 begins at 2, where bin 0 ends at 1.5/,
    ],
    [
      [cube, bands([{ ...edges[0]!, values: Float64Array.of(2, 1) }, edges[1]!], [axcols])],
      /HDU 1, AXCOLS1: .*/,
    ],
    [
      [image([card("BANDSHDU", "BANDS")], [3, 2, 2]), bands(edges, [axcols])],
      /HDU 0, NAXIS: found an image of \[3,2,2\], expected \[2,ny,nx\] by the axes \(energy\)/,
    ],
    [
      [table("SKYMAP", [{ name: "CHANNEL1", values: run(11) }], HPX)],
      /HDU 1, column CHANNEL1: found 11/,
    ],
    [
      [table("SKYMAP", [{ name: "CHANNEL1", values: run(12) }], [
        ...HPX.slice(0, 1),
        card("ORDERING", "SPIRAL"),
        card("NSIDE", 1),
      ])],
      /HDU 1, ORDERING: found "SPIRAL", expected RING, NESTED or NUNIQ/,
    ],
    [
      [table("SKYMAP", [{ name: "CHANNEL1", values: run(12) }], [...HPX, card("COORDSYS", "E")])],
      /HDU 1, COORDSYS: found "E"/,
    ],
    [
      [table("SKYMAP", [{ name: "CHANNEL1", values: run(12) }], [
        ...HPX,
        card("HPX_REG", "BLOB(1)"),
      ])],
      /HDU 1, HPX_REG: .*BLOB/,
    ],
    [
      [table("SKYMAP", [
        { name: "PIX", values: Int32Array.of(1, 1) },
        { name: "CHANNEL1", values: run(2) },
      ], [...HPX, card("INDXSCHM", "EXPLICIT")])],
      /HDU 1: row 1: found pixel 1 a second time/,
    ],
    [
      [table("SKYMAP", [
        { name: "PIX", values: Int32Array.of(1, 12) },
        { name: "VALUE", values: run(2) },
      ], [...HPX, card("INDXSCHM", "SPARSE")])],
      /HDU 1: row 1: found pixel 12 of channel 0, expected one of 12 pixels/,
    ],
    [[table("SPECTRUM", [
      { name: "CHANNEL", values: Int16Array.of(0) },
      { name: "COUNTS", values: Int32Array.of(1) },
    ])], /HDU 1: found no table EBOUNDS/],
  ];
  for (const [hdus, message] of cases) await bad(hdus, message);
});

Deno.test("readMap() takes a unit that is given in place of one that is not understood", async () => {
  const hdu: HduInput = {
    kind: "image",
    data: run(4),
    shape: [2, 2],
    unit: "furlongz",
    header: [card("CTYPE1", "RA---TAN"), card("CTYPE2", "DEC--TAN")],
  };
  assert.equal((await readMap(encodeFits([hdu]), { unit: "cm2 s" })).unit, "cm2 s");
});

Deno.test("readMap() holds the checksums against the bytes where asked for", async () => {
  const bytes = encodeFits([{
    kind: "image",
    data: run(4),
    shape: [2, 2],
    header: [card("CTYPE1", "RA---TAN"), card("CTYPE2", "DEC--TAN")],
  }]);
  assert.equal((await readMap(bytes, { verify: true })).values.get(1, 1), 3);
  bytes[2880 + 15]! ^= 1;
  assert.notEqual((await readMap(bytes)).values.get(1, 1), 3);
  await assert.rejects(readMap(bytes, { verify: true }), /HDU 0, DATASUM/);
});

Deno.test("readMap() reads an image in compressed tiles like any other", async () => {
  const header = [card("CTYPE1", "RA---TAN"), card("CTYPE2", "DEC--TAN"), card("BUNIT", "s")];
  const data = Int32Array.from({ length: 64 }, (_, i) => i % 7);
  const bytes = encodeFits([{
    kind: "image",
    name: "COUNTS",
    data,
    shape: [8, 8],
    header,
    compress: { type: "RICE_1" },
  }]);
  const map = await readMap(bytes);
  assert.ok(map.geom.kind === "wcs-geom");
  assert.deepEqual([...flatten(map.values).data], [...data]);
  assert.equal(map.unit, "s");
});

Deno.test("readMap() keeps BLANK pixels as not valid", async () => {
  const bytes = encodeFits([{
    kind: "image",
    data: Int16Array.of(5, -99),
    shape: [1, 2],
    blank: -99,
    header: [card("CTYPE1", "RA---TAN"), card("CTYPE2", "DEC--TAN")],
  }]);
  const map = await readMap(bytes);
  assert.deepEqual([...flatten(map.valid!).data], [1, 0]);
});
