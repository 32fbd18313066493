/** Reading of maps: a cube of 5 million float32 numbers, 20 MB. */
import { encodeFits } from "../../src/fits/mod.ts";
import {
  createHpxGeom,
  createSkyMap,
  createWcsGeom,
  mapHdus,
  readMap,
} from "../../src/maps/mod.ts";
import { energyAxis } from "../../src/nddata/mod.ts";

const axes = [energyAxis({ low: 0.1, high: 100, nBins: 20 })];
const data = Float32Array.from({ length: 20 * 500 * 500 }, (_, i) => i % 1000);
const wcs = createSkyMap(createWcsGeom({ npix: 500, proj: "TAN", binszDeg: 0.02 }), { axes, data });
const image = encodeFits(mapHdus(wcs));
const path = await Deno.makeTempFile({ suffix: ".fits" });
await Deno.writeFile(path, image);
globalThis.addEventListener("unload", () => Deno.removeSync(path));

const nside = 128, nPix = 12 * nside * nside;
const sky = createSkyMap(createHpxGeom({ nside }), {
  axes,
  data: new Float32Array(20 * nPix).fill(1),
});
const table = encodeFits(mapHdus(sky));

Deno.bench("readMap() of a 20 MB float32 cube in memory", async () => {
  await readMap(image);
});

Deno.bench("readMap() of a 20 MB float32 cube in a file", async () => {
  await readMap(path);
});

Deno.bench("readMap() of a 16 MB HEALPix table of 20 columns", async () => {
  await readMap(table);
});

Deno.bench("mapHdus() and encodeFits() of a 20 MB float32 cube", () => {
  encodeFits(mapHdus(wcs));
});
