/** Every FITS file of the real data opens, and all of it decodes. */
import assert from "node:assert/strict";
import {
  FitsFormatError,
  openFitsFile,
  readImage,
  readTable,
  verifyChecksum,
} from "../../../src/fits/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";

/** Files below a folder whose name or first bytes say FITS. */
function fitsFiles(folder: string): string[] {
  const found: string[] = [];
  for (const entry of Deno.readDirSync(folder)) {
    const path = `${folder}/${entry.name}`;
    if (Deno.statSync(path).isDirectory) found.push(...fitsFiles(path));
    else if (/\.(fits?|evt|ft[12]|pha|arf|rmf)(\.gz)?$/i.test(entry.name)) found.push(path);
  }
  return found;
}

/**
 * HDUs whose sums are wrong in the files themselves: they were cut out of larger files, and astropy
 * finds the same.
 */
const WRONG = [
  "gammapy-data/fermi-3fhl-gc/fermi-3fhl-gc-events.fits.gz 1 wrong wrong",
  "gammapy-data/fermi-3fhl-gc/fermi-3fhl-gc-events.fits.gz 2 ok wrong",
  "gammapy-data/tests/pointing_table.fits.gz 1 wrong wrong",
  "gammapy-data/tests/unbundled/fermi/fermi_counts.fits.gz 1 wrong wrong",
  "gammapy-data/tests/unbundled/irfs/arf.fits 1 ok wrong",
  "pulsar/pint/B1509_RXTE_short.fits 1 wrong wrong",
  "pulsar/pint/J0030+0451_P8_15.0deg_239557517_458611204_ft1weights_GEO_wt.gt.0.4.fits 1 wrong wrong",
  "pulsar/pint/J0030+0451_w323_ft1weights.fits 1 wrong wrong",
  "pulsar/pint/sgr1830kgfilt.evt 1 wrong wrong",
];

dataTest("every real file opens, every HDU decodes, every checksum is accounted for", [
  "gammapy-data",
  "pulsar",
], async () => {
  const wrong: string[] = [];
  let files = 0, hdus = 0, right = 0;
  for (const top of ["gammapy-data", "joint-crab", "pulsar"]) {
    for (const path of fitsFiles(dataFile(top))) {
      const name = path.slice(dataFile("").length);
      using file = await openFitsFile(path);
      files++;
      for (const hdu of await file.hdus()) {
        hdus++;
        assert.notEqual(hdu.kind, "other", `${name} HDU ${hdu.index}`);
        assert.deepEqual(hdu.header.cards.filter((one) => one.problem !== undefined), [], name);
        if (hdu.kind === "image") {
          const image = await readImage(hdu);
          assert.equal(image.data.length, hdu.shape.reduce((a, b) => a * b, hdu.shape.length && 1));
        } else if (hdu.kind !== "other") {
          const table = await readTable(hdu);
          for (const column of table.columns) {
            const rows = column.kind === "variable" ? column.values.length : column.shape[0];
            assert.equal(rows, hdu.nRows, `${name} ${column.column.name}`);
          }
        }
        const { datasum, checksum } = await verifyChecksum(hdu);
        if (datasum === "ok" && checksum === "ok") right++;
        if (datasum === "wrong" || checksum === "wrong") {
          wrong.push(`${name} ${hdu.index} ${datasum} ${checksum}`);
        }
      }
    }
  }
  assert(files > 300 && hdus > 1000 && right > 100, `${files} files, ${hdus} HDUs, ${right} sums`);
  assert.deepEqual(wrong.sort(), WRONG);
});

const RUN = "gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_023523.fits.gz";
dataTest(
  "openFitsFile() reads EVENTS and GTI of a compressed DL3 file without its IRFs",
  [RUN],
  async () => {
    using file = await openFitsFile(dataFile(RUN));
    for (const name of ["EVENTS", "GTI"]) {
      const hdu = await file.hdu(name);
      assert(hdu.kind === "bintable");
      await readTable(hdu);
    }
    assert.equal(await file.source.size(), undefined); // the end has not been reached
    const last = (await file.hdus()).at(-1)!;
    const end = (await file.hdu("GTI")).dataOffset / (last.dataOffset + last.dataBytes);
    assert(end < 0.4, `GTI stands at ${end} of the file`);
  },
);

dataTest(
  "openFitsFile() refuses a real file cut at any of many places, or reads it whole",
  [RUN],
  async () => {
    const bytes = await Deno.readFile(dataFile(RUN)), path = await Deno.makeTempFile();
    for (let i = 1; i < 20; i++) {
      await Deno.writeFile(path, bytes.subarray(0, Math.floor(bytes.length * i / 20)));
      await assert.rejects(async () => {
        using file = await openFitsFile(path);
        for (const hdu of await file.hdus()) if (hdu.kind === "bintable") await readTable(hdu);
      }, FitsFormatError);
    }
    await Deno.remove(path);
  },
);
