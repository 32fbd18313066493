/** Whole chains against PINT: times of a file, their barycentre, the par file's phases. */
import { ok, strictEqual } from "node:assert/strict";
import { readEvents } from "../../../src/events/mod.ts";
import { hTest, phaseSums } from "../../../src/stats/mod.ts";
import { createEpoch, secondsBetween } from "../../../src/time/mod.ts";
import {
  analyticEphemeris,
  createBarycentring,
  createPhasePredictor,
  createTimingModel,
  embeddedEphemeris,
  type Ephemeris,
  GEOCENTRE,
  type Observer,
  orbitObserver,
  parsePar,
  readOrbit,
} from "../../../src/timing/mod.ts";
import { dataFile, referenceTest } from "../../_tools/data_io.ts";

const PINT = "pulsar/pint/";

async function phasesOf(
  files: { readonly events: string; readonly par: string; readonly weight?: string },
  observer: Observer,
  ephemeris: Ephemeris,
) {
  const par = parsePar(await Deno.readTextFile(dataFile(files.par)), files.par);
  const model = createTimingModel(par), { weight } = files;
  const { list, events } = await readEvents(dataFile(files.events), {
    columns: weight === undefined ? [] : [weight],
  });
  const n = events.length, correction = new Float64Array(n), phase = new Float64Array(n);
  const astrometry = model.astrometry!, { timeS } = events.columns;
  createBarycentring({ observer, ephemeris, astrometry }).correctionS(
    list.epoch,
    timeS,
    n,
    correction,
  );
  createPhasePredictor(model, { epoch: list.epoch }).phase(timeS, correction, n, { phase });
  const weights = weight === undefined
    ? undefined
    : Float64Array.from(events.columns[weight] as Float32Array);
  return { phase, weights, timeS, epoch: list.epoch };
}

function near(found: number, expected: number, tolerance: number): void {
  ok(Math.abs(found - expected) <= tolerance, `found ${found}, expected ${expected}`);
}

const SGR = { events: `${PINT}sgr1830kgfilt.evt`, par: `${PINT}sgr1830.par` };
referenceTest("pulsar.json", "D05", [SGR.events, SGR.par, `${PINT}sgr1830.orb`], async (
  { inputs, expected, tolerance },
) => {
  const observer = orbitObserver(await readOrbit(dataFile(`${PINT}sgr1830.orb`)));
  const wanted = expected.phases_first5 as number[];
  for (const ephemeris of [await embeddedEphemeris(), analyticEphemeris()]) {
    const { phase, timeS, epoch } = await phasesOf(SGR, observer, ephemeris);
    strictEqual(phase.length, expected.n_all);
    wanted.forEach((p, i) => near(phase[i]!, p, tolerance.phase_abs_epv00 as number));
    near(hTest(phaseSums(phase)).h, expected.H_all as number, tolerance.H_abs as number);
    const edges = [inputs.minMJD as number, inputs.maxMJD as number].map((mjd) =>
      secondsBetween<"TT" | "TDB">(epoch, createEpoch([mjd, 0], epoch.scale))
    );
    const cut = phase.filter((_, i) => timeS[i]! >= edges[0]! && timeS[i]! <= edges[1]!);
    strictEqual(cut.length, expected.n_cut);
    near(hTest(phaseSums(cut)).h, expected.H_cut as number, tolerance.H_abs as number);
  }
});

const J0030 = {
  events: `${PINT}J0030+0451_P8_15.0deg_239557517_458611204_ft1weights_GEO_wt.gt.0.4.fits`,
  par: `${PINT}PSRJ0030+0451_psrcat.par`,
  weight: "PSRJ0030+0451",
};
referenceTest("pulsar.json", "D12", [J0030.events, J0030.par], async ({ expected, tolerance }) => {
  const fine = await phasesOf(J0030, GEOCENTRE, await embeddedEphemeris());
  const { phase, weights } = fine, limit = tolerance.rel_de405 as number;
  const h = hTest(phaseSums(phase)).h, wanted = expected.H_de405 as number;
  near(h, wanted, limit * wanted);
  const weighted = hTest(phaseSums(phase, { weights }));
  near(
    weighted.h,
    expected.H_weighted_de405 as number,
    limit * (expected.H_weighted_de405 as number),
  );
  (expected.Z2w_de405 as number[]).forEach((z2, i) => near(weighted.z2[i]!, z2, limit * z2));
  const coarse = await phasesOf(J0030, GEOCENTRE, analyticEphemeris());
  const analytic = hTest(phaseSums(coarse.phase, { weights })).h;
  const other = expected.H_weighted_epv00 as number;
  near(analytic, other, (tolerance.rel_epv00 as number) * other);
});
