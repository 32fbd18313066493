import { dd, ddDiv, ddMul, type DoubleDouble } from "../numeric/mod.ts";
import type { BinaryModel, BinaryOrbit, ShapiroTerms } from "./binary_model.ts";
import {
  indices,
  missing,
  type ParReader,
  takeDigits,
  takeEpoch,
  takeLine,
  takeNumber,
  takeRate,
} from "./_par_reader.ts";
import { parError } from "./par_file.ts";

/** G M☉ / c³, s (IAU 2015 nominal solar mass). */
const T_SUN = 4.925490947641267e-6;
const YEAR_S = 365.25 * 86400;
const KNOWN = ["BT", "DD", "DDS", "DDH", "ELL1", "ELL1H"];

/** The orbit of a par file; undefined without BINARY. */
export function parseBinary(reader: ParReader): BinaryModel | undefined {
  const line = takeLine(reader, "BINARY");
  if (line === undefined) return undefined;
  const name = line.value.toUpperCase();
  if (!KNOWN.includes(name)) {
    const hint = name === "T2"
      ? ": T2 without KIN and KOM is DD (or ELL1 with TASC, EPS1 and EPS2), write its name"
      : "";
    throw parError(reader.par.file, line, `one of ${KNOWN.join(", ")}${hint}`);
  }
  const model: BinaryModel = name.startsWith("ELL1")
    ? parseCircular(reader, name)
    : parseEccentric(reader, name);
  return Object.freeze(model);
}

function parseCircular(reader: ParReader, name: string): BinaryModel {
  const eps1 = takeNumber(reader, "EPS1"), eps2 = takeNumber(reader, "EPS2");
  if (eps1 === undefined || eps2 === undefined) {
    throw missing(reader, eps1 === undefined ? "EPS1" : "EPS2", `BINARY ${name} needs it`);
  }
  const orbit = orbitOf(reader, name, "TASC");
  const ecc = Math.hypot(eps1, eps2);
  if (!(ecc < 0.5)) {
    throw new SyntaxError(`${reader.par.file}: EPS1 ${eps1}, EPS2 ${eps2}: ELL1 needs e below 0.5`);
  }
  const error = orbit.a1Ls * ecc ** 4;
  if (error > 1e-7) {
    reader.warnings.push(
      `BINARY ${name} with e = ${ecc.toPrecision(3)} leaves out delays of about ` +
        `${error.toExponential(1)} s (x e⁴): write it as DD`,
    );
  }
  return {
    ...orbit,
    name,
    kind: "ELL1",
    eps1,
    eps2,
    eps1DotPerS: takeRate(reader, "EPS1DOT"),
    eps2DotPerS: takeRate(reader, "EPS2DOT"),
  };
}

function parseEccentric(reader: ParReader, name: string): BinaryModel {
  const eccLine = takeLine(reader, "ECC", "E");
  const ecc = takeNumber(reader, "ECC", "E") ?? 0;
  if (!(ecc >= 0 && ecc < 1)) throw parError(reader.par.file, eccLine!, "an eccentricity, [0, 1)");
  const om = takeNumber(reader, "OM");
  if (om === undefined && ecc > 0) throw missing(reader, "OM", `BINARY ${name} needs it`);
  const isBt = name === "BT";
  const number = (key: string) => isBt ? 0 : takeNumber(reader, key) ?? 0;
  return {
    ...orbitOf(reader, name, "T0"),
    name,
    kind: isBt ? "BT" : "DD",
    ecc,
    eccDotPerS: takeRate(reader, "EDOT", "ECCDOT"),
    omTurns: (om ?? 0) / 360,
    omDotTurnsPerS: (takeNumber(reader, "OMDOT") ?? 0) / 360 / YEAR_S,
    gammaS: takeNumber(reader, "GAMMA") ?? 0,
    dr: number("DR"),
    dth: takeDth(reader, isBt),
    a0S: number("A0"),
    b0S: number("B0"),
  };
}

function takeDth(reader: ParReader, isBt: boolean): number {
  return isBt ? 0 : takeNumber(reader, "DTH", "DTHETA") ?? 0;
}

function orbitOf(reader: ParReader, name: string, epochKey: string): BinaryOrbit {
  const epoch = takeEpoch(reader, "TDB", epochKey);
  if (epoch === undefined) throw missing(reader, epochKey, `BINARY ${name} needs it`);
  const a1Ls = takeNumber(reader, "A1", "X");
  if (a1Ls === undefined) throw missing(reader, "A1", `BINARY ${name} needs it`);
  return {
    epoch,
    frequencies: Object.freeze(orbitalFrequencies(reader, name)),
    a1Ls,
    a1DotLsPerS: takeRate(reader, "XDOT", "A1DOT"),
    shapiro: shapiroOf(reader, name),
  };
}

/** FB0, FB1 …; of PB and PBDOT: 1/PB and −(PBDOT + XPBDOT)/PB². */
function orbitalFrequencies(reader: ParReader, name: string): DoubleDouble[] {
  const orders = indices(reader, /^FB(\d+)$/);
  const period = takeDigits(reader, "PB");
  const pbDot = takeRate(reader, "PBDOT") + takeRate(reader, "XPBDOT");
  if (orders.length === 0) {
    if (period === undefined) throw missing(reader, "PB", `BINARY ${name} needs it, or FB0`);
    if (!(period.hi > 0)) throw parError(reader.par.file, takeLine(reader, "PB")!, "days above 0");
    const fb0 = ddDiv(dd(1), ddMul(period, 86400));
    return pbDot === 0 ? [fb0] : [fb0, ddMul(ddMul(fb0, fb0), -pbDot)];
  }
  if (period !== undefined || pbDot !== 0) {
    throw new SyntaxError(`${reader.par.file}: both PB (or PBDOT) and FB0: delete one of them`);
  }
  return orders.map((order, i) => {
    if (order !== i) throw missing(reader, `FB${i}`, `FB${order} is given`);
    return takeDigits(reader, `FB${i}`)!;
  });
}

function shapiroOf(reader: ParReader, name: string): ShapiroTerms | undefined {
  if (name === "BT") return undefined;
  if (name === "ELL1H" || name === "DDH") return orthometric(reader, name);
  const mass = takeNumber(reader, "M2") ?? 0;
  let shape: number;
  if (name === "DDS") {
    const max = takeNumber(reader, "SHAPMAX");
    if (max === undefined) throw missing(reader, "SHAPMAX", "BINARY DDS needs it");
    shape = 1 - Math.exp(-max);
  } else {
    const line = takeLine(reader, "SINI");
    if (line?.value.toUpperCase() === "KIN") throw parError(reader.par.file, line, "a number");
    shape = takeNumber(reader, "SINI") ?? 0;
    if (!(shape >= 0 && shape <= 1)) throw parError(reader.par.file, line!, "a sine, [0, 1]");
  }
  return mass === 0 || shape === 0
    ? undefined
    : Object.freeze({ kind: "range", rangeS: T_SUN * mass, shape });
}

/** The orthometric parameters of Freire & Wex 2010. */
function orthometric(reader: ParReader, name: string): ShapiroTerms | undefined {
  const h3S = takeNumber(reader, "H3"), h4 = takeNumber(reader, "H4");
  if (h3S === undefined) throw missing(reader, "H3", `BINARY ${name} needs it`);
  const line = takeLine(reader, "STIG", "STIGMA", "VARSIGMA");
  const given = takeNumber(reader, "STIG", "STIGMA", "VARSIGMA");
  takeLine(reader, "NHARMS", "NHARM");
  if (h3S === 0) return undefined;
  if (given !== undefined && h4 !== undefined) {
    throw parError(reader.par.file, line!, "H4 or STIG, not both: delete one of them");
  }
  const stigma = given ?? (h4 === undefined ? undefined : h4 / h3S);
  if (stigma === undefined) {
    if (name === "DDH") throw missing(reader, "STIG", "BINARY DDH needs it");
    return Object.freeze({ kind: "h3", h3S });
  }
  if (!(stigma > 0 && stigma <= 1)) {
    throw parError(
      reader.par.file,
      line ?? takeLine(reader, "H4")!,
      `an orthometric ratio (STIG, or H4/H3) in (0, 1], found ${stigma}`,
    );
  }
  if (name === "DDH") {
    const shape = 2 * stigma / (1 + stigma * stigma);
    return Object.freeze({ kind: "range", rangeS: h3S / stigma ** 3, shape });
  }
  reader.warnings.push(
    `BINARY ELL1H with ${
      line?.key ?? "H4"
    }: the harmonics of the Shapiro delay from the third on are ` +
      `summed, all of them; PINT keeps the first two with STIGMA (up to ` +
      `${
        (4 * Math.abs(h3S) / stigma ** 2).toExponential(1)
      } s), tempo2 leaves them to A1, EPS1, EPS2`,
  );
  return Object.freeze({ kind: "stigma", h3S, stigma });
}
