import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { createEventBatch, createGti, readEvents } from "../../../src/events/mod.ts";
import { createIrf, createParametricPsf, type Irf, readIrfFile } from "../../../src/irf/mod.ts";
import {
  createHpxGeom,
  createRegionGeom,
  createSkyMap,
  createWcsGeom,
  NO_SKY,
} from "../../../src/maps/mod.ts";
import {
  createLabelAxis,
  createMapAxis,
  createTimeAxis,
  energyAxis,
  linearEdges,
} from "../../../src/nddata/mod.ts";
import {
  type Figure,
  figure,
  joinFigures,
  peekEvents,
  peekGti,
  peekIrf,
  peekMap,
  type RasterMark,
  type StepsMark,
} from "../../../src/plot/mod.ts";
import { createEpoch } from "../../../src/time/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";

/** Draws a figure and holds that every panel says what it shows and has an axis label with a unit. */
function drawn(of: Figure): string {
  for (const panel of of.panels) {
    ok(panel.note !== undefined && panel.note !== "", "a panel without a line of explanation");
    ok(panel.x?.label !== undefined && panel.y?.label !== undefined, "an axis without label");
  }
  const svg = figure(of);
  const drawing = svg.replaceAll(/base64,[^"]*/g, "");
  ok(!/NaN|undefined|Infinity/.test(drawing), "the picture has numbers that are none");
  return svg;
}

const energyTrue = energyAxis({ low: 0.1, high: 100, nBins: 12, name: "energy_true" });
const energy = energyAxis({ low: 0.1, high: 100, nBins: 12 });
const offset = createMapAxis("offset", [0, 1, 2, 3], { unit: "deg" });

Deno.test("peekIrf() draws every kind of response, with units", () => {
  const flat = (n: number) => new Float64Array(n).fill(2);
  const migra = createMapAxis("migra", linearEdges({ low: 0.2, high: 5, nBins: 24 }));
  const fov = (name: string) =>
    createMapAxis(name, linearEdges({ low: -2, high: 2, nBins: 8 }), { unit: "deg" });
  const irfs: Irf[] = [
    createIrf("aeff", [energyTrue, offset], { data: flat(36) }),
    createIrf("aeff", [energyTrue, fov("fov_lon"), fov("fov_lat")], { data: flat(12 * 64) }),
    createIrf("edisp", [energyTrue, migra, offset], { data: flat(12 * 24 * 3) }),
    createIrf("bkg", [energy, offset], { data: flat(36) }),
    createIrf("bkg", [energy, fov("fov_lon"), fov("fov_lat")], { data: flat(12 * 64) }),
    createIrf("rad-max", [energy, offset], { data: flat(36) }),
    createIrf("psf", [energyTrue, createMapAxis("rad", [0, 0.1, 0.2], { unit: "deg" })], {
      data: flat(24),
    }),
  ];
  const expected = [/cm/, /cm/, /Density/, /TeV/, /Field of view/, /deg/, /Radius/];
  irfs.forEach((irf, i) => match(drawn(peekIrf(irf)), expected[i]!));
  const sigma = new Float64Array(36).fill(0.1);
  match(
    drawn(
      peekIrf(createParametricPsf("psf-gauss", [energyTrue, offset], { parameters: { sigma } })),
    ),
    /68 %/,
  );
});

Deno.test("peekMap() sums over the rest: image and axes have the same total", () => {
  const geom = createWcsGeom({ npix: [8, 6], binszDeg: 0.5, proj: "TAN", frame: "galactic" });
  const data = Float64Array.from({ length: 12 * 48 }, (_, i) => i);
  const { panels } = peekMap(createSkyMap(geom, { axes: [energy], data }));
  const total = data.reduce((a, b) => a + b),
    sum = (list: ArrayLike<number>) => Array.from(list).reduce((a, b) => a + b);
  strictEqual(panels.length, 2);
  strictEqual(sum((panels[0]!.marks[0] as RasterMark).values), total);
  strictEqual(sum((panels[1]!.marks[0] as StepsMark).values), total);
  match(drawn(peekMap(createSkyMap(geom, { axes: [energy], data }))), /Galactic/);
});

Deno.test("peekMap() draws HEALPix skies, parts of them, regions, and maps without sky", () => {
  const whole = createHpxGeom({ nside: 8 });
  const map = createSkyMap(whole, { data: Float64Array.from({ length: 768 }, (_, i) => i) });
  ok((peekMap(map).panels[0]!.marks[0] as RasterMark).width === 325);
  drawn(peekMap(map));
  const region = { kind: "circle", frame: "icrs", lonDeg: 10, latDeg: 5, radiusDeg: 8 } as const;
  const part = createHpxGeom({ nside: 32, region });
  const values = new Float64Array(part.nPix).fill(3);
  const shown = peekMap(createSkyMap(part, { data: values })).panels[0]!.marks[0] as RasterMark;
  ok(Array.from(shown.values).filter((value) => value === 3).length > 1000);
  const spectrum = createSkyMap(createRegionGeom(region), { axes: [energy] });
  drawn(peekMap(spectrum));
  const epoch = { mjdDay: 58849, dayS: 0, scale: "TT" };
  const time = createTimeAxis({ epoch, startS: [0, 100], stopS: [50, 200] });
  const label = createLabelAxis("event_type", ["PSF0", "PSF1"]);
  match(drawn(peekMap(createSkyMap(NO_SKY, { axes: [time, label] }))), /MJD 58849/);
  throws(() => peekMap(createSkyMap(NO_SKY)), /single number/);
});

Deno.test("peekEvents() leaves out the panels whose columns are missing", () => {
  const timeS = Float64Array.of(0, 1, 2, 5),
    columns = { timeS, piChannel: Int32Array.of(3, 4, 4, 9) };
  strictEqual(peekEvents({ events: createEventBatch(columns) }).panels.length, 2);
  const pointing = { raDeg: 10, decDeg: 0 };
  const full = createEventBatch({
    timeS,
    energyTeV: Float64Array.of(1, 2, 0, NaN),
    raDeg: Float64Array.of(10, 10.1, 9.9, 10),
    decDeg: Float64Array.of(0, 0.1, -0.1, 0),
  });
  const peek = peekEvents({ events: full, pointing, title: "Run 5" });
  strictEqual(peek.panels.length, 4);
  match(drawn(peek), /Run 5: 4 events/);
  throws(
    () => peekEvents({ events: createEventBatch({ timeS: new Float64Array(0) }) }),
    RangeError,
  );
});

Deno.test("peekGti() says how long the intervals are", () => {
  const gti = createGti(
    createEpoch([51910, 0], "TT"),
    Float64Array.of(0, 60),
    Float64Array.of(50, 100),
  );
  match(drawn(peekGti(gti)), /intervals: 2, 90 s in all/);
});

Deno.test("joinFigures() puts panels row by row", () => {
  const gti = createGti(createEpoch([51910, 0], "TT"), Float64Array.of(0), Float64Array.of(50));
  const { panels, columns, width, height } = joinFigures([peekGti(gti), peekGti(gti)], {
    columns: 3,
  });
  deepStrictEqual([panels.length, columns, width, height], [2, 2, 860, 340]);
  throws(() => joinFigures([]), TypeError);
});

const RUN = "gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_023523.fits.gz";

dataTest("an H.E.S.S. run is drawn whole", [RUN], async () => {
  const path = dataFile(RUN), { list, events } = await readEvents(path);
  const irfs = Object.values(await readIrfFile(path)).flatMap((irf) =>
    irf === undefined ? [] : [irf]
  );
  const { gti, pointing } = list;
  const all = joinFigures([peekEvents({ events, gti, pointing }), ...irfs.map(peekIrf)]);
  match(drawn(all), /the bias is 10 % at 0.9/);
});
