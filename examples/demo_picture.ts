/** The picture of the demo: six panels of what one pass gave. */
import { join } from "node:path";
import { writeFileAtomic } from "../src/fits/mod.ts";
import {
  countsMapPanel,
  figure,
  lightCurvePanel,
  phasogramPanel,
  renderPng,
  spectrumPanel,
  theta2Panel,
} from "../src/plot/mod.ts";
import { worldToPixel } from "../src/sky/mod.ts";
import { RADIUS_DEG } from "./demo_estimates.ts";
import type { DemoRun } from "./demo_run.ts";
import { FIELD, FLARE } from "./field.ts";

const COLORS = ["#56b4e9", "#009e73", "#e69f00"] as const;

/** Draws the picture, as SVG and PNG. Gives the paths. */
export async function writePicture(run: DemoRun, out: string): Promise<string[]> {
  const svg = picture(run);
  await Deno.mkdir(out, { recursive: true });
  const [svgPath, pngPath] = [join(out, "demo.svg"), join(out, "demo.png")];
  await writeFileAtomic(svgPath, new TextEncoder().encode(svg));
  await writeFileAtomic(pngPath, await renderPng(svg, { scale: 1.5 }));
  return [svgPath, pngPath];
}

function picture(run: DemoRun): string {
  const { geom, focus, h, curve } = run;
  const circles = FIELD.sources.map(({ raDeg, decDeg }, i) => {
    const { x, y } = worldToPixel(geom.wcs, { lonDeg: raDeg, latDeg: decDeg });
    return { kind: "circle", x, y, radius: RADIUS_DEG / 0.04, color: COLORS[i]! } as const;
  });
  const names = FIELD.sources.map(({ name, raDeg, decDeg }, i) => {
    const { x, y } = worldToPixel(geom.wcs, { lonDeg: raDeg, latDeg: decDeg });
    const above = y + RADIUS_DEG / 0.04 + 3;
    return { kind: "text", x, y: above, text: name, anchor: "middle", color: COLORS[i]! } as const;
  });
  const zeroS = curve.edgesS[0]!;
  return figure({
    width: 1260,
    height: 760,
    columns: 3,
    panels: [
      countsMapPanel(run.map, { title: "Counts map", marks: [...circles, ...names] }),
      lightCurvePanel(curve, {
        title: `Flaring source: ${focus.significance.toFixed(0)}σ at ${focus.onsetS.toFixed(0)} s`,
        marks: [{
          kind: "span",
          axis: "x",
          from: FLARE.onsetS - zeroS,
          to: FLARE.onsetS + FLARE.durationS - zeroS,
          color: COLORS[2],
        }],
      }),
      phasogramPanel(run.phasogram, { title: `Pulsar: H = ${h.h.toFixed(0)}` }),
      spectrumPanel(run.spectrum, { title: "Steady source: counts spectrum" }),
      theta2Panel(run.theta2, { title: "Steady source: θ^{2}" }),
      {
        title: "Steady source: significance so far",
        x: { label: "Time", unit: "s" },
        y: { label: "Significance", unit: "σ" },
        marks: [{ kind: "line", x: run.significances.timeS, y: run.significances.sigma }],
      },
    ],
  });
}
