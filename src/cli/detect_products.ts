import { join } from "node:path";
import { type Alert, alertFormats, alertLine } from "../alerts/mod.ts";
import { encodeFits, writeFileAtomic } from "../fits/mod.ts";
import { createHpxGeom, createSkyMap, geomCenters, mapHdus, type SkyMap } from "../maps/mod.ts";
import { figure, type Panel, renderPng } from "../plot/mod.ts";
import { separationDeg } from "../sky/mod.ts";
import { plain } from "./output.ts";
import type { Detections } from "./detect_command.ts";
import { transientPanel } from "./detect_curves.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Writes messages, notices, maps and pictures of all transients into a folder. Gives their names. */
export async function writeDetections(
  detections: Detections & { readonly alerts: readonly Alert[] },
  { out, png }: { readonly out: string; readonly png: boolean },
): Promise<string[]> {
  await Deno.mkdir(out, { recursive: true });
  const names: string[] = [];
  const write = async (name: string, bytes: Uint8Array) => {
    await writeFileAtomic(join(out, name), bytes);
    names.push(name);
  };
  const { messages, alerts, steady, account, livetimeS } = detections;
  await write("alerts.jsonl", utf8(messages.map(({ alert }) => alertLine(alert) + "\n").join("")));
  const gcn = alertFormats.lookup("alert", "gcn");
  for (const alert of alerts) {
    await write(`${alert.id}.gcn.json`, utf8(await gcn.write(alert) + "\n"));
    const map = probabilityMap(alert);
    if (map !== undefined) await write(`${alert.id}.map.fits`, encodeFits(mapHdus(map)));
  }
  const draw = async (name: string, panel: Panel) => {
    const svg = figure({ width: 720, height: 320, panels: [panel] });
    await write(`${name}.svg`, utf8(svg));
    if (png) await write(`${name}.png`, await renderPng(svg));
  };
  for (const near of detections.near) await draw(near.alert.id, transientPanel(near));
  await draw("transients", timeline(detections));
  const document = { account, livetimeS, alerts, steady };
  await write("result.json", utf8(JSON.stringify(plain(document), null, 1) + "\n"));
  return names;
}

/** The probability of positions: a Gaussian of the error, on pixels a third as wide. */
function probabilityMap({ position }: Alert): SkyMap | undefined {
  if (position === undefined) return undefined;
  const sigma = position.errorDeg / 1.52,
    center = { lonDeg: position.raDeg, latDeg: position.decDeg };
  const nside = 2 ** Math.min(16, Math.max(3, Math.ceil(Math.log2(58.6 * 3 / sigma))));
  const geom = createHpxGeom({ nside, order: "nested", disc: { center, radiusDeg: 5 * sigma } });
  const centers = geomCenters(geom), lonDeg = centers.lonDeg.data, latDeg = centers.latDeg.data;
  const data = new Float64Array(lonDeg.length);
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    const r = separationDeg(center, { lonDeg: lonDeg[i]!, latDeg: latDeg[i]! });
    sum += data[i] = Math.exp(-r * r / (2 * sigma * sigma));
  }
  return createSkyMap(geom, { data: data.map((one) => one / sum) });
}

/** Significance of each transient against its onset. */
function timeline({ alerts }: { readonly alerts: readonly Alert[] }): Panel {
  const day = ({ onset }: Alert) => onset.epoch.mjdDay + (onset.epoch.dayS + onset.timeS) / 86400;
  return {
    x: { label: "Onset", unit: "MJD (TT)" },
    y: { label: "Significance", unit: "sigma" },
    title: `${alerts.length} transients`,
    marks: [{
      kind: "points",
      x: alerts.map(day),
      y: alerts.map((one) => one.significance),
    }],
  };
}
