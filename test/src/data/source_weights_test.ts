import { ok, throws } from "node:assert/strict";
import { readObservation, sourceWeights } from "../../../src/data/mod.ts";
import { powerLaw } from "../../../src/models/mod.ts";
import { separationDeg } from "../../../src/sky/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";

const RUN = "gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_023523.fits.gz";
const source = { lonDeg: 83.633, latDeg: 22.0145 };
const spectrum = powerLaw({ amplitude: 4.5e-11, index: 2.6 });

dataTest("sourceWeights() of a run of the Crab nebula sum up to its photons", [RUN], async () => {
  const { events, pointing, irfs } = await readObservation(dataFile(RUN));
  const { raDeg, decDeg, energyTeV } = events.columns;
  const at = { lonDeg: pointing!.raDeg, latDeg: pointing!.decDeg };
  const sky = { lonDeg: raDeg!, latDeg: decDeg!, energyTeV: energyTeV! as Float64Array };
  const weights = sourceWeights(sky, at, { source, spectrum, irfs });
  const mirror = { lonDeg: 2 * at.lonDeg - source.lonDeg, latDeg: 2 * at.latDeg - source.latDeg };
  let inside = 0, far = 0, on = 0, off = 0;
  weights.forEach((w, i) => {
    const event = { lonDeg: raDeg![i]!, latDeg: decDeg![i]! },
      isNear = separationDeg(source, event) < 0.3;
    if (!(energyTeV![i]! > 0.6)) return;
    off += +(separationDeg(mirror, event) < 0.3);
    if (isNear) {
      inside += w;
      on++;
    } else if (separationDeg(source, event) > 0.6) far = Math.max(far, w);
  });
  // Weights know without counting how many photons there are: on and off counts agree within their error.
  ok(Math.abs(inside - (on - off)) < 2 * Math.sqrt(on + off), `${inside} ${on} ${off}`);
  ok(far < 0.2, String(far));
  throws(
    () => sourceWeights(sky, at, { source, spectrum, irfs: { ...irfs, bkg: undefined } }),
    /missing: bkg/,
  );
});
