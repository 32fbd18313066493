import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  backgroundTo3d,
  containmentRadiusDeg,
  createIrf,
  createParametricPsf,
  createSystematic,
  edispKernelAt,
  edispKernelOn,
  edispMoments,
  gaussEdispMap,
  gaussEdispTable,
  gaussPsfMap,
  inverseSystematic,
  type IrfSystematic,
  irfSystematics,
  type IrfTables,
  makeEdispKernelMap,
  psfTable,
  reducedAt,
  type SystematicDefinition,
  systematicMap,
  systematicReduced,
  systematicTables,
} from "../../../src/irf/mod.ts";
import { createSkyMap, createWcsGeom } from "../../../src/maps/mod.ts";
import { createMapAxis, energyAxis, linearEdges } from "../../../src/nddata/mod.ts";

const energyTrue = energyAxis({ low: 0.5, high: 20, nBins: 4, name: "energy_true" });
const energy = energyAxis({ low: 0.1, high: 100, nBins: 60 });
const offset = createMapAxis("offset", [0, 1, 2], { unit: "deg" });
const migra = createMapAxis("migra", linearEdges({ low: 0.2, high: 5, nBins: 480 }));
const rad = createMapAxis("rad", linearEdges({ low: 0, high: 1, nBins: 400 }), { unit: "deg" });
const near = (found: number, expected: number, rtol = 1e-12) =>
  ok(Math.abs(found - expected) <= rtol * Math.abs(expected), `${found} is not ${expected}`);

const gauss = createParametricPsf("psf-gauss", [energyTrue], {
  parameters: { sigma: [0.1, 0.1, 0.1, 0.1] },
});
const tables: IrfTables = Object.freeze({
  aeff: createIrf("aeff", [energyTrue, offset], {
    data: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    safeTeV: [0.6, 15] as const,
  }),
  edisp: gaussEdispTable({ energyTrue, sigma: 0.15, bias: 0, migra, offset }),
  psf: psfTable(gauss, rad),
  bkg: backgroundTo3d(
    createIrf("bkg", [energy, offset], { data: new Float64Array(120).fill(1) }),
    { fov: [-2, -1, 0, 1, 2] },
  ),
  radMax: undefined,
});
const geom = createWcsGeom({ npix: 3, binszDeg: 1, proj: "TAN" });
const psfMap = gaussPsfMap({ energyTrue, sigmaDeg: 0.1, rad, geom });
const edispMap = gaussEdispMap({ energyTrue, sigma: 0.15, bias: 0, migra, geom });
const kernelMap = makeEdispKernelMap(tables.edisp!, {
  energyTrue,
  energy,
  geom,
  pointing: { lonDeg: 0, latDeg: 0 },
});
const KINDS = irfSystematics.entries("irf-systematic").map((entry) => entry.format);

Deno.test("systematics at zero are the identity: the same records", () => {
  for (const kind of KINDS) {
    const zero = [createSystematic(kind)];
    strictEqual(systematicTables(tables, zero), tables);
    for (const irf of [psfMap, edispMap, kernelMap]) strictEqual(systematicReduced(irf, zero), irf);
    const map = createSkyMap(geom, { axes: [energy] });
    strictEqual(systematicMap(map, zero, { role: "background" }), map);
  }
});

Deno.test("systematics survive JSON, and refuse what they do not know", () => {
  const list = [
    createSystematic("energy-scale", { shift: 0.1 }),
    createSystematic("bkg", { norm: 0.2 }),
  ];
  deepStrictEqual(JSON.parse(JSON.stringify(list)), list.map((one) => ({ ...one })));
  throws(() => createSystematic("energy-scale", { shift: -1 }), /above -1/);
  throws(() => createSystematic("energy-scale", { shift: NaN }), RangeError);
  throws(() => createSystematic("energy-scales"), /energy-scale/);
  throws(() => systematicTables(tables, [{ kind: "bkg", parameters: { nrm: 1 } }]), /norm/);
});

Deno.test("energy-scale moves the bias and keeps norm and width", () => {
  // Bins of 1.7 %: a matrix that is stretched gets wider by a part of them.
  const energy = energyAxis({ low: 0.1, high: 100, nBins: 400 });
  const kernelMap = makeEdispKernelMap(tables.edisp!, {
    energyTrue,
    energy,
    geom,
    pointing: { lonDeg: 0, latDeg: 0 },
  });
  const at = (shift: number) => {
    const [systematic] = [createSystematic("energy-scale", { shift })];
    const { edisp } = systematicTables(tables, [systematic!]);
    const own = edispKernelAt(edisp!, { energyTrue, energy }, { offset: 0.5 });
    const onSky = edispKernelOn(systematicReduced(edispMap, [systematic!]), {
      energy,
      position: { lonDeg: 0, latDeg: 0 },
    });
    const matrix = reducedAt(systematicReduced(kernelMap, [systematic!]), { lonDeg: 0, latDeg: 0 });
    return [own, onSky, matrix];
  };
  const before = edispMoments(at(0)[0]!);
  for (const kernel of at(0.08)) {
    const { bias, resolution } = edispMoments(kernel);
    near(1 + bias[2]!, (1 + before.bias[2]!) * 1.08, 4e-3);
    near(resolution[2]!, before.resolution[2]! * 1.08, 5e-3);
    let sum = 0;
    for (let j = 0; j < energy.nBins; j++) sum += kernel.values.get(2, j);
    near(sum, 1, 1e-9);
  }
});

Deno.test("edisp-broadening widens and keeps mean and norm", () => {
  const wide = [createSystematic("edisp-broadening", { broadening: 0.3 })];
  const fine = energyAxis({ low: 0.1, high: 100, nBins: 600 });
  const momentsOf = (edisp: IrfTables["edisp"]) =>
    edispMoments(edispKernelAt(edisp!, { energyTrue, energy: fine }, { offset: 0.5 }));
  const before = momentsOf(tables.edisp), after = momentsOf(systematicTables(tables, wide).edisp);
  near(after.resolution[1]! / before.resolution[1]!, 1.3, 5e-3);
  near(1 + after.bias[1]!, 1 + before.bias[1]!, 1e-3);
});

Deno.test("psf-broadening scales the containment radii of tables, formulas and maps, and keeps the norm", () => {
  const wide = [createSystematic("psf-broadening", { broadening: 0.25 })];
  const at = { energy_true: Float64Array.of(2) }, r68 = 0.1 * Math.sqrt(-2 * Math.log(0.32));
  const psfs = [
    systematicTables(tables, wide).psf!,
    systematicTables({ ...tables, psf: gauss }, wide).psf!,
    reducedAt(systematicReduced(psfMap, wide), { lonDeg: 0, latDeg: 0 }),
  ];
  for (const psf of psfs) near(containmentRadiusDeg(psf, 0.68, at)[0]!, 1.25 * r68, 2e-3);
  const norm = (data: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < rad.nBins; i++) sum += rad.centers[i]! * data[i]!;
    return sum;
  };
  near(
    norm(
      systematicTables(tables, wide).psf!.kind === "psf"
        ? (psfs[0] as typeof tables.psf & { values: { data: Float64Array } }).values.data
        : [],
    ),
    norm((tables.psf as unknown as { values: { data: Float64Array } }).values.data),
    1e-9,
  );
});

Deno.test("aeff and bkg multiply by (1 + x)(E/E0)^tilt, in tables, exposures and backgrounds", () => {
  const more = createSystematic("aeff", { scale: 0.2, tilt: 0.5, referenceTeV: 2 });
  const factor = (e: number) => 1.2 * (e / 2) ** 0.5;
  const { aeff, bkg } = systematicTables(tables, [
    more,
    createSystematic("bkg", { norm: -0.1, tilt: 0.3 }),
  ]);
  near(aeff!.values.get(3, 1), 8 * factor(energyTrue.centers[3]!));
  deepStrictEqual(aeff!.safeTeV, tables.aeff!.safeTeV);
  near(bkg!.values.get(7, 1, 2), 0.9 * energy.centers[7]! ** 0.3 * tables.bkg!.values.get(7, 1, 2));
  const exposure = createSkyMap(geom, {
    axes: [energyTrue],
    data: new Float64Array(36).fill(3),
    unit: "cm2 s",
  });
  near(
    systematicMap(exposure, [more], { role: "exposure" }).values.get(1, 1, 1),
    3 * factor(energyTrue.centers[1]!),
  );
  strictEqual(systematicMap(exposure, [more], { role: "background" }), exposure);
  const own = gaussPsfMap({ energyTrue, sigmaDeg: 0.1, geom, exposure });
  near(
    systematicReduced(own, [more]).exposure!.values.get(1, 1, 1),
    3 * factor(energyTrue.centers[1]!),
  );
});

Deno.test("bkg-gradient tilts tables and maps alike, and asks for a field of view and a pointing", () => {
  const tilt = [createSystematic("bkg-gradient", { lonPerDeg: 0.2, latPerDeg: -0.1 })];
  const { bkg } = systematicTables(tables, tilt);
  near(bkg!.values.get(0, 3, 1) / tables.bkg!.values.get(0, 3, 1), 1 + 0.2 * 1.5 + 0.1 * 0.5);
  const map = createSkyMap(geom, { axes: [energy], data: new Float64Array(540).fill(1) });
  const pointing = { lonDeg: 0, latDeg: 0 }, role = "background" as const;
  // Longitude grows to the left: the pixel left of the middle is 1 deg east of it.
  near(systematicMap(map, tilt, { role, pointing }).values.get(0, 1, 0), 1.2, 1e-3);
  near(systematicMap(map, tilt, { role, pointing }).values.get(0, 2, 1), 0.9, 1e-3);
  throws(() => systematicMap(map, tilt, { role }), /pointing/);
  const flat = createIrf("bkg", [energy, offset], { data: new Float64Array(120) });
  throws(() => systematicTables({ ...tables, bkg: flat }, tilt), /backgroundTo3d/);
});

Deno.test("inverseSystematic() undoes: exactly where it multiplies, up to the bins where it stretches", () => {
  fc.assert(fc.property(
    fc.double({ min: -0.5, max: 2, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    (scale, tilt) => {
      const one = createSystematic("aeff", { scale, tilt });
      const back = systematicTables(tables, [one, inverseSystematic(one)]).aeff!;
      (back.values.data as Float64Array).forEach((value, i) => near(value, 1 + i, 1e-12));
    },
  ));
  const at = { energy_true: Float64Array.of(2) };
  const wide: SystematicDefinition = createSystematic("psf-broadening", { broadening: 0.25 });
  const back = systematicTables(tables, [wide, inverseSystematic(wide)]).psf!;
  near(
    containmentRadiusDeg(back, 0.68, at)[0]!,
    containmentRadiusDeg(tables.psf!, 0.68, at)[0]!,
    2e-3,
  );
  throws(() => inverseSystematic(createSystematic("bkg-gradient", { lonPerDeg: 0.1 })), TypeError);
});

Deno.test("those that multiply commute with all others", () => {
  const scale = createSystematic("aeff", { scale: 0.3 }),
    shift = createSystematic("energy-scale", { shift: 0.1 });
  const [a, b] = [[scale, shift], [shift, scale]].map((list) => systematicTables(tables, list));
  deepStrictEqual(a!.aeff!.values.data, b!.aeff!.values.data);
  deepStrictEqual(a!.edisp!.values.data, b!.edisp!.values.data);
  strictEqual(a!.psf, tables.psf);
});

Deno.test("irfSystematics takes kinds of one's own", () => {
  const entry: IrfSystematic = {
    kind: "irf-systematic",
    format: "test-half-area",
    version: "1",
    parameters: { on: { description: "whether", unit: "", initial: 0 } },
    tables: (all) => ({ ...all, bkg: undefined }),
  };
  irfSystematics.register(entry);
  const half = [createSystematic("test-half-area", { on: 1 })];
  strictEqual(systematicTables(tables, half).bkg, undefined);
  strictEqual(systematicReduced(psfMap, half), psfMap);
  throws(() => irfSystematics.register(entry), TypeError);
});
