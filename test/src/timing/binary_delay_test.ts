import { match, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { createEpoch } from "../../../src/time/mod.ts";
import {
  binaryDelayS,
  createPhasePredictor,
  createTimingModel,
  parsePar,
} from "../../../src/timing/mod.ts";
import { keplerStarts, solveKepler } from "../../../src/timing/_kepler.ts";
import { dataFile, referenceTest } from "../../_tools/data_io.ts";

const SPIN = "F0 100\nPEPOCH 55000\n";

function delayS(text: string, days: number): number {
  return binaryDelayS(createTimingModel(parsePar(SPIN + text)), createEpoch([55000, days], "TDB"));
}

function near(found: number, expected: number, tolerance: number, where = ""): void {
  ok(Math.abs(found - expected) <= tolerance, `${where} found ${found}, expected ${expected}`);
}

const PINT = "pulsar/pint/";
for (
  const [id, file] of [
    ["F03", "PSR_J0218+4232.par"],
    ["F05", "B1953+29_NANOGrav_dfg+12_TAI_FB90.par"],
    ["F06", "0737A_latest.par"],
  ] as const
) {
  referenceTest("pulsar.json", id, [PINT + file], async ({ inputs, expected, tolerance }) => {
    const model = createTimingModel(parsePar(await Deno.readTextFile(dataFile(PINT + file))));
    const times = inputs.mjd_tdb_barycentric as number[], wanted = expected.delay_s as number[];
    times.forEach((mjd, i) => {
      const found = binaryDelayS(model, createEpoch([mjd, 0], "TDB"));
      near(found, wanted[i]!, tolerance.abs_s as number);
      near(found, wanted[i]!, 1e-11); // the same formulas: what is left is rounding
    });
  });
}

/** Roemer and Einstein delay at an emission time, by plain bisection of Kepler's equation. */
function delayAtEmission(
  t: number,
  orbit: { pb: number; x: number; ecc: number; om: number; gamma: number },
): number {
  const mean = 2 * Math.PI * (t / orbit.pb);
  let low = mean - 1.1, high = mean + 1.1;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (middle - orbit.ecc * Math.sin(middle) < mean) low = middle;
    else high = middle;
  }
  const { x, ecc, om, gamma } = orbit;
  return x * Math.sin(om) * (Math.cos(low) - ecc) +
    (x * Math.sqrt(1 - ecc ** 2) * Math.cos(om) + gamma) * Math.sin(low);
}

/** The same as a function of arrival time: te + D(te) = t, by fixed-point steps. */
function delayAtArrival(t: number, orbit: Parameters<typeof delayAtEmission>[1]): number {
  let delay = 0;
  for (let i = 0; i < 200; i++) delay = delayAtEmission(t - delay, orbit);
  return delay;
}

const orbits = fc.record({
  pb: fc.double({ min: 0.1, max: 50, noNaN: true }).map((days) => days * 86400),
  x: fc.double({ min: 0.1, max: 5, noNaN: true }),
  ecc: fc.double({ min: 0, max: 0.8, noNaN: true }),
  om: fc.double({ min: 0, max: 6.28, noNaN: true }),
  gamma: fc.double({ min: 0, max: 0.005, noNaN: true }),
});

function eccentricText(kind: string, orbit: Parameters<typeof delayAtEmission>[1]): string {
  return `BINARY ${kind}\nPB ${orbit.pb / 86400}\nA1 ${orbit.x}\nT0 55000\nECC ${orbit.ecc}\n` +
    `OM ${orbit.om * 180 / Math.PI}\nGAMMA ${orbit.gamma}\n`;
}

Deno.test("binaryDelayS() of DD and BT agrees with fixed-point inversion within its order", () => {
  fc.assert(fc.property(orbits, fc.double({ min: 0, max: 0.4, noNaN: true }), (orbit, days) => {
    const exact = delayAtArrival(days * 86400, orbit), { pb, x, ecc, gamma } = orbit;
    // how fast the delay may change; what is left out is of its third order (BT: of its second, and the
    // change of the Einstein delay)
    const rate = 2 * Math.PI / pb / (1 - ecc), speed = rate * (x + gamma);
    const sharp = (x + gamma) * speed / (1 - ecc) ** 2;
    const dd = delayS(eccentricText("DD", orbit), days),
      bt = delayS(eccentricText("BT", orbit), days);
    near(dd, exact, 20 * sharp * speed ** 2 / (1 - ecc) + 1e-11, "DD");
    near(bt, exact, 20 * sharp * speed + 2 * (x + gamma) * rate * gamma + 1e-11, "BT");
  }));
});

Deno.test("binaryDelayS() of DD is closer to the fixed point than that of BT where orbits are tight", () => {
  const orbit = { pb: 27906.98, x: 2.3418, ecc: 0.617, om: 5.1, gamma: 0.0043 };
  let dd = 0, bt = 0;
  for (let days = 0; days < 0.33; days += 0.01) {
    const exact = delayAtArrival(days * 86400, orbit);
    dd = Math.max(dd, Math.abs(delayS(eccentricText("DD", orbit), days) - exact));
    bt = Math.max(bt, Math.abs(delayS(eccentricText("BT", orbit), days) - exact));
  }
  ok(dd < 2e-8 && dd < bt / 50, `DD ${dd} s, BT ${bt} s`);
});

Deno.test("binaryDelayS() of circular orbits is the same in ELL1, BT and DD", () => {
  const common = "PB 3.5\nA1 4\n";
  for (const days of [0, 0.3, 1.1, 2.9, 100.7]) {
    const ell1 = delayS(`BINARY ELL1\n${common}TASC 55000\nEPS1 0\nEPS2 0`, days);
    const dd = delayS(`BINARY DD\n${common}T0 55000\nECC 0\nOM 0`, days);
    const bt = delayS(`BINARY BT\n${common}T0 55000\nECC 0\nOM 0`, days);
    near(dd, ell1, 1e-14);
    near(bt, ell1, 4 * (2 * Math.PI * 4 / 3.5 / 86400) ** 2 * 2); // of first order
    const orbit = { pb: 3.5 * 86400, x: 4, ecc: 0, om: 0, gamma: 0 };
    near(ell1, delayAtArrival(days * 86400, orbit), 1e-11);
  }
});

Deno.test("binaryDelayS() of ELL1 is that of DD but for a constant and terms of the fourth order", () => {
  for (const ecc of [1e-3, 1e-2, 0.05]) {
    for (const om of [0, 40, 130, 275]) {
      const rad = om * Math.PI / 180, pb = 50, x = 3;
      const tasc = 55000 - om / 360 * pb;
      const ell1 = `BINARY ELL1\nPB ${pb}\nA1 ${x}\nTASC ${tasc}\nEPS1 ${ecc * Math.sin(rad)}\n` +
        `EPS2 ${ecc * Math.cos(rad)}`;
      const dd = `BINARY DD\nPB ${pb}\nA1 ${x}\nT0 55000\nECC ${ecc}\nOM ${om}`;
      for (let days = 0; days < pb; days += 3.3) {
        const constant = -1.5 * x * ecc * Math.sin(rad); // absorbed in the phase; it moves D by n x c too
        const speed = 2 * Math.PI * x / pb / 86400;
        near(
          delayS(dd, days) - delayS(ell1, days),
          constant,
          2 * x * ecc ** 4 + 3 * Math.abs(constant) * speed + 1e-11,
          `e ${ecc}, ω ${om}, ${days} d`,
        );
      }
    }
  }
});

Deno.test("binaryDelayS() takes one orbit by any of its names", () => {
  const base = "PB 5.7\nA1 3.4\nT0 54990\nECC 0.2\nOM 30\nM2 0.3\n";
  const dd = delayS(`BINARY DD\n${base}SINI 0.995`, 1.3);
  near(delayS(`BINARY DDS\n${base}SHAPMAX ${-Math.log(0.005)}`, 1.3), dd, 1e-15);
  // H3 = r ς³, sin i = 2ς/(1 + ς²)
  const stig = (1 - Math.sqrt(1 - 0.995 ** 2)) / 0.995, range = 4.925490947641267e-6 * 0.3;
  const ddh = base.replace(/M2.*\n/, "") + `H3 ${range * stig ** 3}\nSTIG ${stig}`;
  near(delayS(`BINARY DDH\n${ddh}`, 1.3), dd, 1e-15);
  const fb = base.replace("PB 5.7", `FB0 ${1 / (5.7 * 86400)}`);
  near(delayS(`BINARY DD\n${fb}SINI 0.995`, 1.3), dd, 1e-13);
  const drift = `BINARY DD\n${base.replace("PB 5.7", "PB 5.7\nPBDOT 1D-8")}`;
  const rates = `BINARY DD\n${fb}FB1 ${-1e-8 / (5.7 * 86400) ** 2}`;
  near(delayS(drift, 300), delayS(rates, 300), 1e-12);
});

Deno.test("binaryDelayS() of ELL1H keeps the harmonics of the Shapiro delay from the third on", () => {
  const base = "PB 5.7\nA1 3.4\nTASC 54990\nEPS1 0\nEPS2 0\n", stig = 0.8, h3 = 3e-7;
  const none = (days: number) => delayS(`BINARY ELL1\n${base}`, days);
  for (const days of [0, 0.4, 1.5, 2.2, 3.9, 5]) {
    const angle = 2 * Math.PI * (10 + days) / 5.7;
    let sum = 0; // Freire & Wex 2010, eqs. 10, 13 and 20
    for (let k = 3; k < 120; k++) {
      sum += (k % 2 === 0
        ? (-1) ** ((k + 2) / 2) * Math.cos(k * angle)
        : (-1) ** ((k + 1) / 2) * Math.sin(k * angle)) *
        2 / k * stig ** (k - 3);
    }
    const found = delayS(`BINARY ELL1H\n${base}H3 ${h3}\nSTIG ${stig}`, days) - none(days);
    near(found, -2 * h3 * sum, 1e-14);
    near(delayS(`BINARY ELL1H\n${base}H3 ${h3}\nH4 ${h3 * stig}`, days) - none(days), found, 1e-14);
    const third = delayS(`BINARY ELL1H\n${base}H3 ${h3}`, days) - none(days);
    near(third, -4 / 3 * h3 * Math.sin(3 * angle), 1e-14);
  }
  match(
    createTimingModel(parsePar(`${SPIN}BINARY ELL1H\n${base}H3 1e-7\nSTIG 0.5`)).warnings.join(
      "\n",
    ),
    /PINT keeps the first two/,
  );
});

Deno.test("binaryDelayS() follows slow changes of an orbit", () => {
  const base = "PB 10\nA1 4\nT0 54000\nECC 0.1\nOM 30\n", dt = 1001.5 * 86400;
  const moved = (change: string) => base.replace(...change.split("→") as [string, string]);
  near(
    delayS(`BINARY DD\n${base}XDOT 1e-12`, 1.5),
    delayS(`BINARY DD\n${moved(`A1 4→A1 ${4 + 1e-12 * dt}`)}`, 1.5),
    1e-13,
  );
  near(
    delayS(`BINARY DD\n${base}EDOT 1e-14`, 1.5),
    delayS(`BINARY DD\n${moved(`ECC 0.1→ECC ${0.1 + 1e-14 * dt}`)}`, 1.5),
    1e-13,
  );
  const turned = 30 + 0.2 * 1001.5 / 365.25;
  near(
    delayS(`BINARY BT\n${base}OMDOT 0.2`, 1.5),
    delayS(`BINARY BT\n${moved(`OM 30→OM ${turned}`)}`, 1.5),
    1e-12,
  );
  // DD turns by the true anomaly: the same at periastron, to the order of the inversion
  const periastron = 30 + 0.2 * 1000 / 365.25;
  near(
    delayS(`BINARY DD\n${base}OMDOT 0.2`, 0),
    delayS(`BINARY DD\n${moved(`OM 30→OM ${periastron}`)}`, 0),
    1e-8,
  );
  const near1 = "PB 10\nA1 4\nTASC 54000\nEPS1 1e-4\nEPS2 2e-4\n";
  const at = `PB 10\nA1 4\nTASC 54000\nEPS1 ${1e-4 + 1e-14 * dt}\nEPS2 ${2e-4 - 2e-14 * dt}\n`;
  near(
    delayS(`BINARY ELL1\n${near1}EPS1DOT 1e-14\nEPS2DOT -2e-14`, 1.5),
    delayS(`BINARY ELL1\n${at}`, 1.5),
    1e-11,
  );
});

Deno.test("binaryDelayS() refuses models without an orbit, and eccentricities that run away", () => {
  throws(() => delayS("", 0), { name: "TypeError", message: /has no orbit/ });
  const text = "BINARY DD\nPB 10\nA1 4\nT0 54000\nECC 0.1\nOM 30\nEDOT 9e-8";
  throws(() => delayS(text, 0), { name: "RangeError", message: /Eccentricity is 7\.8/ });
});

Deno.test("solveKepler() leaves no residual for any eccentricity", () => {
  const [anomaly, sin, cos] = [new Float64Array(1), new Float64Array(1), new Float64Array(1)];
  fc.assert(
    fc.property(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (m, e) => {
        keplerStarts(Float64Array.of(m), Float64Array.of(e), 1, anomaly);
        solveKepler(Float64Array.of(m), Float64Array.of(e), 1, anomaly, sin, cos);
        const angle = 2 * Math.PI * anomaly[0]!;
        near(angle - e * Math.sin(angle), 2 * Math.PI * m, 1e-14 * (2 + Math.abs(angle)));
        near(sin[0]!, Math.sin(angle), 4e-15);
        near(cos[0]!, Math.cos(angle), 4e-15);
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("phase() of an orbit takes the same delay anywhere in a cell", () => {
  const text =
    `${SPIN}BINARY DD\nPB 0.12\nA1 1.4\nT0 54000\nECC 0.3\nOM 70\nOMDOT 17\nGAMMA 0.0004\nM2 1.2\nSINI 0.99`;
  const model = createTimingModel(parsePar(text)), epoch = createEpoch([55000, 0], "TDB");
  const n = 400, timeS = Float64Array.from({ length: n }, (_, i) => i * 37.125);
  const phase = new Float64Array(n),
    orbitalPhase = new Float64Array(n),
    pulseNumber = new Float64Array(n);
  createPhasePredictor(model, { epoch }).phase(timeS, undefined, n, {
    phase,
    orbitalPhase,
    pulseNumber,
  });
  for (let i = 0; i < n; i++) {
    const delay = binaryDelayS(model, createEpoch([55000, timeS[i]! / 86400], "TDB"));
    near((pulseNumber[i]! + phase[i]!) / 100, timeS[i]! - delay, 3e-10);
    const orbit = (86400000 + timeS[i]!) / (0.12 * 86400);
    near(orbitalPhase[i]!, orbit - Math.floor(orbit), 1e-9);
  }
  strictEqual(model.binary!.kind, "DD");
});
