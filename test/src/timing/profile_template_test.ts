import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { readEvents } from "../../../src/events/mod.ts";
import {
  parseProfileTemplate,
  profileDensity,
  profileLogLikelihood,
} from "../../../src/timing/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";

const TEMPLATE = "pulsar/pint/templateJ0030.3gauss";
const EVENTS =
  "pulsar/pint/J0030+0451_P8_15.0deg_239557517_458611204_ft1weights_GEO_wt.gt.0.4.fits";
const TWO = "# gauss\n----\nconst = 1.0\nphas1 = 0.98 +/- 0.01\nfwhm1 = 0.05\nampl1 = 2\n" +
  "phas2 = 0.3\nfwhm2 = 0.9\nampl2 = 1\n----";

dataTest("profileLogLikelihood() agrees with scipy on J0030+0451", [TEMPLATE, EVENTS], async () => {
  const golden = JSON.parse(
    await Deno.readTextFile(new URL("../../golden/profile_template.json", import.meta.url)),
  ) as {
    tolerance: { rtol: number };
    phase: number[];
    density: number[];
    shift: number[];
    logLikelihood: number[];
  };
  const template = parseProfileTemplate(await Deno.readTextFile(dataFile(TEMPLATE)));
  const density = profileDensity(template, Float64Array.from(golden.phase));
  const same = (found: number, wanted: number) =>
    ok(Math.abs(found / wanted - 1) < golden.tolerance.rtol, `found ${found}, expected ${wanted}`);
  golden.density.forEach((wanted, i) => same(density[i]!, wanted));
  const { events } = await readEvents(dataFile(EVENTS), {
    columns: ["phase", "PSRJ0030+0451"],
  });
  const column = (name: string) => Float64Array.from(events.columns[name] as Float32Array);
  const phase = column("phase"), weights = column("PSRJ0030+0451");
  golden.shift.forEach((shift, i) =>
    same(profileLogLikelihood(template, phase, { weights, shift }), golden.logLikelihood[i]!)
  );
});

Deno.test("profileDensity() has a mean of 1 and a period of 1", () => {
  const template = parseProfileTemplate(TWO);
  deepStrictEqual([template.background, template.components[0]!.amplitude], [0.25, 0.5]);
  const at = (p: number) => profileDensity(template, Float64Array.of(p))[0]!;
  const steps = 4096;
  let sum = 0; // the trapezoid of a smooth periodic function is exact
  for (let i = 0; i < steps; i++) sum += at(i / steps);
  ok(Math.abs(sum / steps - 1) < 1e-13);
  for (const p of [0, 0.37, 0.98]) ok(Math.abs(at(p) / at(p - 7) - 1) < 1e-12);
  ok(Number.isNaN(at(NaN)));
});

Deno.test("profileLogLikelihood() is largest at the shift that was applied", () => {
  const template = parseProfileTemplate("phas1 = 0.5\nfwhm1 = 0.1\nampl1 = 0.5\nconst = 0.5");
  const phase = Float64Array.from({ length: 41 }, (_, i) => 0.4 + 0.005 * i + 0.25);
  const at = (shift: number) => profileLogLikelihood(template, phase, { shift });
  ok(at(-0.25) > at(-0.24) && at(-0.25) > at(-0.26) && at(-0.25) > 0);
});

Deno.test("parseProfileTemplate() names the line of what is wrong", () => {
  throws(() => parseProfileTemplate("phas1 0.5", "t.gauss"), /t\.gauss:1: found "phas1 0.5"/);
  throws(() => parseProfileTemplate("const = 1\nfwhm1 = -1"), /template:2: found "fwhm1 = -1"/);
  throws(() => parseProfileTemplate("phas1 = 0.5\nampl1 = 1"), /fwhm1 is missing/);
  throws(() => parseProfileTemplate("const = 1\nconst = 2"), /template:2/);
  throws(() => parseProfileTemplate("# nothing"), /expected a peak/);
});

Deno.test("profileDensity() and profileLogLikelihood() refuse columns that are too short", () => {
  const template = parseProfileTemplate("const = 1"), two = new Float64Array(2);
  throws(() => profileDensity(template, two, new Float64Array(1)), TypeError);
  throws(() => profileLogLikelihood(template, two, { weights: new Float64Array(1) }), TypeError);
});
