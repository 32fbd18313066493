import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  createTimingModel,
  describeTimingModel,
  parsePar,
  type TimingModel,
  timingSite,
  validityWarning,
} from "../../../src/timing/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";

const SPIN =
  "PSR J1\nUNITS TDB\nEPHEM DE421\nF0 10.25\nPEPOCH 55000.125\nTZRMJD 55000\nTZRSITE @\n";
const SKY = "RAJ 12:00:00\nDECJ 0:00:00\n";

function model(text: string): TimingModel {
  return createTimingModel(parsePar(SPIN + text, "x.par"));
}

function near(found: number, expected: number, tolerance: number): void {
  ok(Math.abs(found - expected) <= tolerance, `found ${found}, expected ${expected}`);
}

Deno.test("createTimingModel() keeps all digits of frequencies and epochs", () => {
  const { spin } = createTimingModel(
    parsePar("F0 326.60056720791886334\nPEPOCH 53637.469999999999999\nF2 1D-25"),
  );
  strictEqual(spin.frequencies[0]!.hi, 326.60056720791886334);
  // the rest of the decimal number, by exact integers in units of 1e-17 and of 2^-44
  const units = 32660056720791886334n, hi = BigInt(spin.frequencies[0]!.hi * 2 ** 44);
  const rest = Number((units << 44n) - hi * 10n ** 17n) / 1e17 / 2 ** 44;
  near(spin.frequencies[0]!.lo / rest, 1, 1e-12);
  strictEqual(spin.epoch.mjdDay, 53637);
  near(spin.epoch.dayS, 40608 - 1e-15 * 86400, 1e-11);
  deepStrictEqual(spin.frequencies.map((f) => f.hi).slice(1), [0, 1e-25]);
});

Deno.test("createTimingModel() turns P0 and P1 into F0 and F1", () => {
  const { spin } = createTimingModel(parsePar("P0 0.033\nP1 4.2D-13\nPEPOCH 55000"));
  near(spin.frequencies[0]!.hi, 1 / 0.033, 1e-14);
  near(spin.frequencies[1]!.hi / (-4.2e-13 / 0.033 ** 2), 1, 1e-15);
});

Deno.test("createTimingModel() reads sexagesimal positions, negative zero too", () => {
  const { astrometry } = model(
    "RAJ 18:57:36.36\nDECJ -00:30:36\nPMRA -2.5\nPMDEC 3\nPX 1.5\nPOSEPOCH 51544",
  );
  near(astrometry!.raDeg, 284.4015, 1e-12);
  near(astrometry!.decDeg, -0.51, 1e-15);
  deepStrictEqual(
    [astrometry!.pmRaMasPerYr, astrometry!.pmDecMasPerYr, astrometry!.parallaxMas],
    [-2.5, 3, 1.5],
  );
  strictEqual(astrometry!.posEpoch!.mjdDay, 51544);
  strictEqual(model(SKY).astrometry!.posEpoch!.mjdDay, 55000);
  near(model("RAJ 12:30\nDECJ +10:30").astrometry!.raDeg, 187.5, 1e-12);
});

Deno.test("createTimingModel() agrees with astropy on ecliptic positions and proper motions", async () => {
  const golden = JSON.parse(
    await Deno.readTextFile(new URL("../../golden/timing_ecliptic.json", import.meta.url)),
  ) as {
    tolerance: { deg: number; masPerYr: number };
    cases: {
      par: string;
      raDeg: number;
      decDeg: number;
      pmRaMasPerYr: number;
      pmDecMasPerYr: number;
    }[];
  };
  strictEqual(golden.cases.length, 4);
  for (const one of golden.cases) {
    const { astrometry } = model(one.par);
    near(astrometry!.raDeg, one.raDeg, golden.tolerance.deg);
    near(astrometry!.decDeg, one.decDeg, golden.tolerance.deg);
    near(astrometry!.pmRaMasPerYr, one.pmRaMasPerYr, golden.tolerance.masPerYr);
    near(astrometry!.pmDecMasPerYr, one.pmDecMasPerYr, golden.tolerance.masPerYr);
  }
});

Deno.test("createTimingModel() keeps the size of a proper motion and undoes its rotation", () => {
  fc.assert(fc.property(
    fc.double({ min: 0, max: 359.9, noNaN: true }),
    fc.double({ min: -80, max: 80, noNaN: true }),
    fc.double({ min: -100, max: 100, noNaN: true }),
    fc.double({ min: -100, max: 100, noNaN: true }),
    (lon, lat, pmLon, pmLat) => {
      const { astrometry } = model(
        `ELONG ${lon}\nELAT ${lat}\nPMELONG ${pmLon}\nPMELAT ${pmLat}\nECL IERS2003`,
      );
      const size = Math.hypot(astrometry!.pmRaMasPerYr, astrometry!.pmDecMasPerYr);
      near(size, Math.hypot(pmLon, pmLat), 1e-11);
    },
  ));
});

Deno.test("createTimingModel() reads the reference arrival with its scale", () => {
  const at = (text: string) => createTimingModel(parsePar(`F0 1\nPEPOCH 55000\n${text}`));
  deepStrictEqual(at("TZRMJD 55000.5\nTZRSITE pks\nTZRFRQ 1400").tzr, {
    epoch: { mjdDay: 55000, dayS: 43200, scale: "UTC" },
    site: "pks",
    frequencyMHz: 1400,
  });
  for (const frequency of ["TZRFRQ 0", "TZRFRQ inf", ""]) {
    const { tzr } = at(`TZRMJD 55000\nTZRSITE SSB\n${frequency}`);
    deepStrictEqual([tzr!.epoch.scale, tzr!.frequencyMHz], ["TDB", Infinity]);
  }
  match(at("TZRMJD 55000").warnings.join("\n"), /TZRSITE is not given/);
  match(at("").warnings.join("\n"), /TZRMJD is not given/);
});

Deno.test("createTimingModel() accounts for every line", () => {
  const { ignored, unknown, warnings } = model(
    `${SKY}DMX_0001 0.1\nNE_SW 4\nJUMP -fe L 1\nJUMP -fe S 2\nNTOA 12\nSINI 0.9\nFANCY 3\nECL IERS2010`,
  );
  deepStrictEqual(ignored.map((one) => [one.key, one.line]), [
    ["DMX_0001", 10],
    ["NE_SW", 11],
    ["JUMP", 12],
    ["NTOA", 14],
    ["SINI", 15],
  ]);
  deepStrictEqual(unknown, ["FANCY"]);
  deepStrictEqual(warnings, ["FANCY (line 16) is not known here and has no effect"]);
});

Deno.test("createTimingModel() warns of what it cannot honour", () => {
  match(
    model(`${SKY}CLK TT(BIPM2015)`).warnings.join(),
    /CLK TT\(BIPM2015\): .* 27\.7 µs, 0\.00028 cycles/,
  );
  match(model(`${SKY}PX -2`).warnings.join(), /PX -2 mas is negative/);
  match(model("ELONG 1\nELAT 2").warnings.join(), /ECL is not given/);
  deepStrictEqual(model(`${SKY}CLK TT(TAI)`).warnings, []);
  for (
    const [key, meant] of [["GLFO_1", "GLF0_1"], ["PMDECC", "PMDEC"], ["EPOCH", "PEPOCH"]]
  ) {
    match(
      model(`${SKY}${key} 1`).warnings.join(),
      new RegExp(`^${key} \\(line 10\\) .* no effect: is it ${meant}\\?$`),
    );
  }
});

Deno.test("createTimingModel() takes large rates in units of 1e-12 and says so", () => {
  const orbit = "BINARY DD\nPB 10\nA1 5\nT0 55000\nECC 0.1\nOM 90\nPBDOT 0.05\nXDOT -3D-14";
  const { binary, warnings } = model(SKY + orbit);
  near(binary!.frequencies[1]!.hi * 864000 ** 2 / -5e-14, 1, 1e-14);
  strictEqual(binary!.a1DotLsPerS, -3e-14);
  match(warnings[0]!, /PBDOT 0.05 \(line 16\)/);
});

const WRONG: readonly (readonly [text: string, message: RegExp])[] = [
  ["UNITS TCB", /x\.par:8: UNITS "TCB": expected one value, but line 2/],
  ["F1 fast", /x\.par:8: F1 "fast": expected a finite number/],
  ["F1", /x\.par:8: F1 "": expected a value/],
  ["F1 1e999", /x\.par:8: F1 "1e999"/],
  ["F13 1e-90", /x\.par:8: F13 .*up to F12/],
  ["RAJ 12.5\nDECJ 1:2:3", /x\.par:8: RAJ "12.5": expected a right ascension/],
  ["RAJ 24:00:00\nDECJ 1:2:3", /x\.par:8: RAJ/],
  ["RAJ 12:60:00\nDECJ 1:2:3", /x\.par:8: RAJ/],
  ["RAJ 12:00:00\nDECJ 90:00:01", /x\.par:9: DECJ/],
  ["RAJ 12:00:00", /x\.par:8: RAJ .*position in two parts/],
  ["ELONG 1\nELAT 2\nECL B1950", /x\.par:10: ECL "B1950": expected one of IERS2010/],
  [`${SKY}PMELONG 3`, /x\.par:10: PMELONG "3": expected a proper motion in the frame/],
  ["GLPH_2 0.1", /GLEP_2 is missing/],
  ["GLEP_1 55000\nGLF0D_1 1e-7", /GLTD_1 is missing/],
  ["GLEP_1 55000\nGLF0D_1 1e-7\nGLTD_1 -3", /x\.par:10: GLTD_1 "-3"/],
  ["WAVE1 0.1 0.2", /WAVE_OM is missing/],
  ["WAVE_OM 0.01\nWAVE1 0.1", /x\.par:9: WAVE1 "0.1": expected two amplitudes/],
  ["SIFUNC 1 0\nIFUNC1 55000 1 0", /x\.par:8: SIFUNC "1 0": expected 0 .*sinc/],
  ["IFUNC1 55000 1 0", /SIFUNC is missing/],
  ["SIFUNC 2\nIFUNC1 55000 1\nIFUNC2 54000 1", /x\.par:10: IFUNC2 .*after that of the node/],
  ["BINARY T2", /x\.par:8: BINARY "T2": expected one of BT, DD, DDS, DDH, ELL1, ELL1H: T2 without/],
  ["BINARY DDGR", /x\.par:8: BINARY "DDGR": expected one of BT, DD/],
  ["BINARY BT\nT0 55000\nA1 1", /PB is missing/],
  ["BINARY BT\nT0 55000\nA1 1\nPB 0", /x\.par:11: PB "0": expected days above 0/],
  ["BINARY BT\nPB 1\nA1 1", /T0 is missing/],
  ["BINARY BT\nPB 1\nT0 55000\nA1 1\nECC 1", /x\.par:12: ECC "1": expected an eccentricity/],
  [
    "BINARY BT\nPB 1\nT0 55000\nA1 1\nECC 0.1\nE 0.2\nOM 0",
    /x\.par:13: E "0.2": expected one value/,
  ],
  ["BINARY DD\nPB 1\nT0 55000\nA1 1\nSINI 1.1", /x\.par:12: SINI/],
  ["BINARY ELL1\nPB 1\nTASC 55000\nA1 1\nEPS1 0", /EPS2 is missing/],
  ["BINARY ELL1H\nPB 1\nTASC 55000\nA1 1\nEPS1 0\nEPS2 0", /H3 is missing/],
  ["BINARY ELL1\nPB 1\nFB0 1e-5\nTASC 55000\nA1 1\nEPS1 0\nEPS2 0", /both PB \(or PBDOT\) and FB0/],
  ["WXSIN_0001 1e-6", /x\.par:8: WXSIN_0001 .*not modelled/],
  ["PWF0_1 1e-6", /x\.par:8: PWF0_1/],
  ["TZRFRQ -3", /x\.par:8: TZRFRQ "-3"/],
  ["START soon", /x\.par:8: START "soon"/],
];

for (const [text, message] of WRONG) {
  Deno.test(`createTimingModel() refuses ${JSON.stringify(text)}`, () => {
    throws(() => model(text), { name: "SyntaxError", message });
  });
}

Deno.test("createTimingModel() refuses TCB, says why and what to do", () => {
  throws(
    () => createTimingModel(parsePar("F0 1\nPEPOCH 55000\nUNITS TCB", "x.par")),
    /x\.par:3: UNITS "TCB": expected TDB: in TCB .*tcb2tdb/,
  );
  throws(() => createTimingModel(parsePar("PEPOCH 55000")), /F0 is missing/);
  throws(() => createTimingModel(parsePar("F0 1")), /PEPOCH is missing/);
});

const PAR = "pulsar/pint/";
const FILES: readonly (readonly [file: string, name: string, orbit: string | undefined])[] = [
  ["0737A_latest.par", "0737-3039A", "DD"],
  ["B1855+09_NANOGrav_dfg+12_TAI_FB90.par", "1855+09", "DD"],
  ["B1953+29_NANOGrav_dfg+12_TAI_FB90.par", "1953+29", "BT"],
  ["J0613-0200_NANOGrav_dfg+12_TAI_FB90.par", "0613-0200", "ELL1"],
  ["J1513-5908_PKS_alldata_white.par", "J1513-5908", undefined],
  ["PSRJ0030+0451_psrcat.par", "J0030+0451", undefined],
  ["PSR_J0218+4232.par", "J0218+4232", "ELL1"],
  ["j0007_ifunc.par", "J0007+7303", undefined],
  ["ngc300nicer.par", "J0055-3741", undefined],
  ["sgr1830.par", "J1830-0645", undefined],
  ["vela_wave.par", "J0835-4510", undefined],
];

dataTest(
  "createTimingModel() knows every parameter of the par files at hand",
  FILES.map(([file]) => PAR + file),
  async () => {
    for (const [file, name, orbit] of FILES) {
      const found = createTimingModel(
        parsePar(await Deno.readTextFile(dataFile(PAR + file)), file),
      );
      deepStrictEqual([found.name, found.binary?.name, found.unknown], [name, orbit, []]);
      ok(found.astrometry !== undefined);
      const lines = describeTimingModel(found);
      ok(lines.length >= 6 && lines.every((line) => line !== "" && !line.includes("undefined")));
    }
  },
);

dataTest("createTimingModel() reads glitches, waves and tables", [
  `${PAR}vela_wave.par`,
  `${PAR}j0007_ifunc.par`,
], async () => {
  const read = async (file: string) =>
    createTimingModel(parsePar(await Deno.readTextFile(dataFile(PAR + file)), file));
  const vela = await read("vela_wave.par");
  deepStrictEqual(vela.glitches.map((one) => one.number), [1, 2]);
  strictEqual(vela.glitches[1]!.phase, 0.92217828240388399763);
  near(vela.glitches[0]!.decayS, 11.795398109347296034 * 86400, 1e-9);
  strictEqual(vela.waves!.cosS[19], 3.0169362789931e-05);
  near(vela.waves!.omegaRadPerS * 86400, 0.0015182579855022, 1e-18);
  const { tabulated, glitches } = await read("j0007_ifunc.par");
  strictEqual(glitches.length, 4);
  deepStrictEqual([tabulated!.kind, tabulated!.valuesS.length], ["linear", 997]);
  strictEqual(tabulated!.valuesS[996], -54.0763320221);
  match(describeTimingModel(vela).join("\n"), /glitch at MJD 55408.8, .*20 whitening harmonics/);
});

Deno.test("describeTimingModel() names what was ignored, unknown and warned of", () => {
  const text = describeTimingModel(model(`${SKY}DM 3\nNTOA 5\nFANCY 1\nSTART 54000\nFINISH 56000`))
    .join("\n");
  match(
    text,
    /^J1 \(x\.par\)\nP = 0\.0975609756097561 s at MJD 55000\.125 \(TDB\), F0 = 10\.25 Hz/,
  );
  match(text, /fitted from MJD 54000 to 56000/);
  match(text, /ignored: NTOA \(a record/);
  match(text, /unknown: FANCY\nwarning: FANCY \(line 12\)/);
});

Deno.test("validityWarning() speaks up outside START to FINISH only", () => {
  const found = model("START 54000\nFINISH 56000");
  strictEqual(validityWarning(found, 54000, 56000), undefined);
  match(
    validityWarning(found, 53990, 56010)!,
    /10\.0 d before it begins and 10\.0 d after it ends/,
  );
  strictEqual(validityWarning(model(""), 1, 99999), undefined);
});

const groundOf = (code: string) => {
  const observer = timingSite(code);
  ok(observer.kind === "site", code);
  return observer.site;
};

Deno.test("timingSite() finds sites by codes, names and capitals", () => {
  for (const code of ["7", "PKS", "parkes"]) strictEqual(groundOf(code).name, "parkes");
  strictEqual(timingSite("coe").kind, "geocentre");
  strictEqual(timingSite("SSB").kind, "barycentre");
  throws(() => timingSite("atlantis"), /"atlantis" is not known: expected @, coe, gbt/);
});

Deno.test("timingSite() puts sites on the ellipsoid, where they are", () => {
  const radius = (code: string) => {
    const { xM, yM, zM } = groundOf(code);
    return Math.hypot(xM, yM, zM);
  };
  for (const code of ["gbt", "ao", "ho", "vla", "pks", "jb", "ncy", "eff", "wsrt", "fast", "mk"]) {
    ok(radius(code) > 6.356e6 && radius(code) < 6.381e6, code);
  }
  for (const code of ["hess", "magic", "veritas", "lst"]) {
    ok(radius(code) > 6.356e6 && radius(code) < 6.384e6, code);
  }
  // MAGIC stands 150 m of the place in PINT's list, whose source gives more digits
  const { xM, yM, zM } = groundOf("magic");
  ok(Math.hypot(5326878.7967 - xM, -1719509.5201 - yM, 3051884.5175 - zM) < 300);
});
