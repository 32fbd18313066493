import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { createEpoch } from "../../../src/time/mod.ts";
import {
  createPhasePredictor,
  createPulsarTiming,
  createTimingModel,
  embeddedEphemeris,
  GEOCENTRE,
  parsePar,
  timingSite,
} from "../../../src/timing/mod.ts";

const CRAB = "PSR J0534+2200\nRAJ 05:34:31.973\nDECJ 22:00:52.06\nPOSEPOCH 55000\n" +
  "F0 29.7\nF1 -3.7e-10\nPEPOCH 55000\nEPHEM DE405\nUNITS TDB\n";
const EPOCH = createEpoch([55100, 0], "TT"), UTC_TO_TT_S = 66.184;

/** Distance of a phase from the nearest whole turn. */
const fromZero = (phase: number) => Math.abs(phase - Math.round(phase));

/** Phase of a pulse that a place sees so many seconds after the epoch. */
async function phaseSeenAt(code: string, options: { tzr: string; timeS: number }) {
  const model = createTimingModel(parsePar(CRAB + options.tzr));
  const timing = createPulsarTiming(model, {
    times: { place: "local" },
    observer: timingSite(code),
    ephemeris: await embeddedEphemeris(),
  });
  const correctionS = new Float64Array(1), timeS = Float64Array.of(options.timeS);
  timing.barycentring!.correctionS(EPOCH, timeS, 1, correctionS);
  const predictor = createPhasePredictor(model, { epoch: EPOCH, reference: timing.reference });
  const phase = new Float64Array(1);
  predictor.phase(timeS, correctionS, 1, { phase });
  return { phase: phase[0]!, absolute: predictor.absolute, timing };
}

Deno.test("pulsar timing: the reference arrival itself has phase 0, wherever it was taken", async () => {
  for (const code of ["gbt", "pks", "coe"]) {
    const tzr = `TZRMJD 55100.25\nTZRSITE ${code}\nTZRFRQ 0\n`;
    // TZRMJD counts in UTC at a place on the Earth, as at the geocentre.
    const seen = await phaseSeenAt(code, { tzr, timeS: 21600 + UTC_TO_TT_S });
    strictEqual(seen.absolute, true);
    ok(fromZero(seen.phase) < 2e-6, `${code}: ${seen.phase}`);
  }
});

Deno.test("pulsar timing: a pulse in radio at a site leads by its dispersion", async () => {
  const tzr = "TZRMJD 55100.25\nTZRSITE gbt\nTZRFRQ 1400\nDM 56.77\n";
  const { phase } = await phaseSeenAt("gbt", { tzr, timeS: 21600 + UTC_TO_TT_S });
  const cycles = 29.7 * 56.77 / (2.41e-4 * 1400 ** 2);
  // The Earth's motion changes the frequency by up to 1e-4, the delay by twice that.
  ok(fromZero(phase - cycles) < 2e-4 * cycles, `${phase}, ${cycles}`);
});

Deno.test("pulsar timing: what is missing is named", async () => {
  const model = createTimingModel(parsePar(CRAB)), ephemeris = await embeddedEphemeris();
  throws(
    () => createPulsarTiming(model, { times: { place: "local" }, ephemeris }),
    /who took them/,
  );
  throws(
    () => createPulsarTiming(model, { times: { place: "local" }, observer: GEOCENTRE }),
    /ephemeris/,
  );
  const nowhere = createTimingModel(parsePar("F0 2\nPEPOCH 55000\n"));
  throws(
    () => createPulsarTiming(nowhere, { times: { place: "geocentre" }, ephemeris }),
    /no position \(RAJ, DECJ\)/,
  );
});

Deno.test("pulsar timing: times of the barycentre stay, and doubts about them are said", () => {
  const model = createTimingModel(parsePar(CRAB)), { raDeg, decDeg } = model.astrometry!;
  const of = (times: { ephemeris?: string; raDeg?: number; decDeg?: number }) => {
    const timing = createPulsarTiming(model, { times: { place: "barycentre", ...times } });
    strictEqual(timing.barycentring, undefined);
    return timing.warnings.slice(model.warnings.length);
  };
  deepStrictEqual(of({ ephemeris: "JPL-DE405", raDeg, decDeg }), []);
  deepStrictEqual(of({ ephemeris: "JPL-DE405", raDeg: raDeg + 360, decDeg }), []);
  match(of({ ephemeris: "JPL-DE440" })[0]!, /DE440/);
  match(of({ ephemeris: "DE405", raDeg, decDeg: decDeg + 0.01 })[0]!, /36\.0 arcsec/);
});

Deno.test("pulsar timing: without an ephemeris a reference at a site leaves phases relative", () => {
  const model = createTimingModel(parsePar(`${CRAB}TZRMJD 55100.25\nTZRSITE gbt\nTZRFRQ 1400\n`));
  const { reference } = createPulsarTiming(model, { times: { place: "barycentre" } });
  strictEqual(reference, undefined);
  const predictor = createPhasePredictor(model, { epoch: { ...EPOCH, scale: "TDB" }, reference });
  strictEqual(predictor.absolute, false);
  match(predictor.warnings.join(), /relative/);
});
