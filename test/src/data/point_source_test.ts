import { ok, strictEqual, throws } from "node:assert/strict";
import { pointSourceView } from "../../../src/data/mod.ts";
import { logNormalDispersion } from "../../../src/irf/mod.ts";
import { integrate } from "../../../src/numeric/mod.ts";
import { offsetBy } from "../../../src/sky/mod.ts";
import { irfsOf, sourceOf } from "../../_tools/simulations.ts";

const pointing = { raDeg: 83.6, decDeg: 22 };

function viewOf(resolution: number) {
  const source = sourceOf(1, { decDeg: 22.5 });
  const irfs = irfsOf(5, { edisp: logNormalDispersion({ bias: 0, resolution }) });
  const options = {
    ...source,
    irfs,
    radiusDeg: 0.3,
    rangeTeV: [0.3, 30] as const,
    trueRangeTeV: [0.1, 100] as const,
  };
  return { view: pointSourceView(options, pointing), irfs, source };
}

Deno.test("pointSourceView(): ratio × background integrates to the rate of the signal", () => {
  for (const resolution of [0.3, 0.1, 0.02]) {
    const { view, irfs, source } = viewOf(resolution);
    const at = { lonDeg: source.raDeg, latDeg: source.decDeg };
    const density = (e: number, r: number, turn: number) => {
      const { lonDeg, latDeg } = offsetBy(at, { separationDeg: r, positionAngleDeg: 360 * turn });
      const theta = Math.hypot((lonDeg - 83.6) * Math.cos(latDeg * Math.PI / 180), latDeg - 22);
      return view.ratio(e, lonDeg, latDeg) * irfs.bkg.ratePerSPerTeVPerDeg2(e, theta);
    };
    const signal = integrate((logE) => {
      const e = Math.exp(logE);
      return e * integrate((r) => 2 * Math.PI * r * density(e, r, 0.25), { low: 0, high: 0.3 });
    }, { low: Math.log(0.3), high: Math.log(30), parts: 20 });
    ok(Math.abs(signal / view.signalPerS - 1) < 2e-3, `${resolution}: ${signal / view.signalPerS}`);
  }
});

Deno.test("pointSourceView(): the background is that of the circle", () => {
  const { view } = viewOf(0.1);
  // Mean of a Gaussian acceptance over the circle, by sums on a grid.
  let sum = 0, n = 0;
  for (let x = -0.3; x <= 0.3; x += 0.002) {
    for (let y = -0.3; y <= 0.3; y += 0.002) {
      if (x * x + y * y > 0.09) continue;
      sum += Math.exp(-0.5 * (x * x + (0.5 + y) ** 2));
      n++;
    }
  }
  const p = -1.7, part = (30 ** p - 0.3 ** p) / (100 ** p - 0.1 ** p);
  const wanted = 5 * part * (sum / n) * Math.PI * 0.09 / (2 * Math.PI);
  ok(Math.abs(view.backgroundPerS / wanted - 1) < 2e-3, `${view.backgroundPerS / wanted}`);
});

Deno.test("pointSourceView(): events outside the circle or the energies have no ratio", () => {
  const { view } = viewOf(0.1);
  ok(view.ratio(1, 83.6, 22.79) > 0);
  strictEqual(view.ratio(1, 83.6, 22.81), NaN);
  strictEqual(view.ratio(0.29, 83.6, 22.5), NaN);
  strictEqual(view.ratio(30.1, 83.6, 22.5), NaN);
});

Deno.test("pointSourceView(): a dispersion without width has no density", () => {
  throws(() => viewOf(0).view.ratio(1, 83.6, 22.5), RangeError);
  ok(viewOf(0).view.signalPerS > 0);
});
