/**
 * Geometries that are built, used and dropped leave nothing behind: their cached coordinates, solid angles and
 * interpolators go with them.
 * Usage: deno run -P=test test/soak/geometry_memory.ts [geometries=1000]
 */
import {
  createSkyMap,
  createWcsGeom,
  geomCenters,
  interpolateMap,
  solidAngleSr,
} from "../../src/maps/mod.ts";

const LIMIT_BYTES = 50e6;

/** Bytes that are in use after everything that nobody holds is collected. */
function usedBytes(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("run with --v8-flags=--expose-gc");
  for (let i = 0; i < 3; i++) gc();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** Builds and drops maps of 500 x 500 pixels with all that is cached about them. */
function buildAndDrop(count: number): void {
  const at = { lonDeg: Float64Array.of(83.6), latDeg: Float64Array.of(22) };
  for (let k = 0; k < count; k++) {
    const skydir = { lonDeg: 83.6 + k / 1000, latDeg: 22 };
    const geom = createWcsGeom({ skydir, proj: "TAN", binszDeg: 0.02, npix: 500 });
    const { lonDeg } = geomCenters(geom), sr = solidAngleSr(geom);
    const map = createSkyMap(geom, { data: sr.data as Float64Array });
    const found = interpolateMap(map, at)[0]! + lonDeg.data[0]!;
    if (!Number.isFinite(found)) throw new Error(`Map ${k} gave ${found}`);
  }
}

/** Runs this file with the collector at hand; the growth in bytes. */
export async function growthBytes(count: number): Promise<number> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--v8-flags=--expose-gc",
      new URL(import.meta.url).pathname,
      `${count}`,
      "child",
    ],
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return Number(new TextDecoder().decode(stdout));
}

if (import.meta.main) {
  const count = Number(Deno.args[0] ?? 1000);
  if (Deno.args[1] === "child") {
    buildAndDrop(2);
    const before = usedBytes();
    buildAndDrop(count);
    console.log(usedBytes() - before);
  } else {
    const growth = await growthBytes(count), isFine = growth < LIMIT_BYTES;
    console.log(
      `${count} geometries of 500 x 500 left ${(growth / 1e6).toFixed(1)} MB, at most 50`,
    );
    Deno.exitCode = isFine ? 0 : 1;
  }
}
