/** Every mistake gives its exit code and one clear line on stderr, and nothing on stdout. */
import { match, ok, strictEqual } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { card, encodeFits } from "../../../src/fits/mod.ts";
import { dataFile, dataTest } from "../../_tools/data_io.ts";
import { gammarx, inProcess, type Ran } from "./_gammarx.ts";
import { serveFile, simulatedFits, withFolder } from "./_observations.ts";

/** One line; before it there may be others about what is odd in the file. */
function oneLine({ stdout, stderr }: Ran, what: string): void {
  strictEqual(stdout, "", what);
  match(stderr, /^(gammarx: [^\n]+\n)+$/, what);
  ok(!/\bat .*\.ts:\d+|Error:|undefined|\[object/.test(stderr), `${what}: ${stderr}`);
}

/** Arguments, then what the line says. */
type Mistake = readonly [args: readonly string[], says: RegExp];

async function refuses(code: number, mistakes: readonly Mistake[]): Promise<void> {
  for (const [args, says] of mistakes) {
    const what = args.join(" "), ran = await inProcess(args);
    strictEqual(ran.code, code, `${what}: ${ran.stderr}`);
    oneLine(ran, what);
    match(ran.stderr, says, what);
  }
}

async function withRun(test: (run: string, folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/run.fits`, simulatedFits({ seed: 1, nEvents: 500 }));
    await test(`${folder}/run.fits`, folder);
  });
}

Deno.test("gammarx refuses unknown commands and options with exit code 2", async () => {
  await refuses(2, [
    [[], /found no command/],
    [["strem"], /unknown command 'strem'/],
    [["--frob"], /unknown option '--frob'/],
    [["info"], /missing required argument/],
    [["check"], /missing required argument/],
    [["stream"], /missing required argument/],
    [["info", "a", "--jsn"], /unknown option '--jsn'/],
    [["stream", "a", "--regoin", "x"], /unknown option '--regoin'.*--region/],
    [["stream", "a", "--energy"], /argument missing/],
  ]);
});

/** Option, its malformed texts. */
const MALFORMED: Readonly<Record<string, readonly string[]>> = {
  energy: [
    "",
    "1 TeV",
    "1 TeV,",
    "1,2",
    "2 TeV,1 TeV",
    "1 s,2 s",
    "a TeV,b TeV",
    "1 TeV,2 TeV,3 TeV",
    "NaN TeV,1 TeV",
  ],
  time: [
    "",
    "0s",
    "5s,1s",
    "yesterday,today",
    "1.2.3s,5s",
    "2004-13-01,2005-01-01",
    "53343 XX,53344 XX",
  ],
  region: ["", "circle(1,2)", "icrs;circle(1,2,-3)", "icrs;sphere(1,2,3)", "nonsense"],
  offset: ["", "1", "2,1", "a,b", "-2,-1,0"],
  "event-type": ["", "x", "0", "-1", "1.5", "4294967296"],
  "phase-model": ["", "1,2,3", "a,0,0,53000", "1,0,0,", "1,0,0,yesterday", "Infinity,0,0,53000"],
  phase: ["", "0.1", "a,b", "0.2,0.2"],
  map: [
    "",
    "width",
    "width=",
    "wide=5",
    "width=a",
    "width=-1",
    "width=0",
    "binsz=0",
    "npix=5 width=5",
    "npix=1.5",
    "npix=99999",
    "npix=2000 energy=1TeV,2TeV,1000",
    "width=1,2,3",
    "width=1 width=2",
    "proj=XYZ",
    "frame=ecliptic",
    "frame=galactic",
    "center=1",
    "center=a,b",
    "center=0,-91",
    "energy=1TeV,2TeV",
    "energy=1TeV,1TeV,3",
    "phase=0",
  ],
  spectrum: [
    "",
    "1 TeV,2 TeV",
    "2 TeV,1 TeV,3",
    "0 TeV,1 TeV,3",
    "1 TeV,2 TeV,0",
    "1 TeV,2 TeV,1e12",
    "1 TeV,2 TeV,x",
  ],
  lightcurve: ["", "60", "0s", "-1s", "1 TeV", "abc"],
  phasogram: ["", "0", "-1", "1.5", "x", "1e300"],
  theta2: ["", "1", "1,2,3", "a,b", "1,2,0,5", "1,2,0.1,0", "1,-91"],
  columns: ["", "TIME", "timeS=", "energyTeV=ENERGY", "timeS=TIME=x"],
  format: ["", "gaddf"],
  "batch-rows": ["", "0", "-5", "1.5", "x"],
};

Deno.test("gammarx stream refuses malformed options with exit code 2", async () => {
  await withRun(async (run) => {
    for (const [option, texts] of Object.entries(MALFORMED)) {
      for (const text of texts) {
        const extra = option === "phase" ? ["--phase-model", "1,0,0,53343"] : [];
        const what = `--${option} "${text}"`;
        const ran = await inProcess(["stream", run, `--${option}`, text, ...extra]);
        strictEqual(ran.code, 2, `${what}: ${ran.stderr}`);
        oneLine(ran, what);
      }
    }
    await refuses(2, [
      [["stream", run, "--checkpoint", "x", "--checkpoint-rows", "0"], /--checkpoint-rows/],
      [["stream", run, "--follow", "--idle", "-1"], /--idle/],
      [["stream", "-", "--epoch", "today"], /--epoch/],
    ]);
  });
});

Deno.test("gammarx stream refuses options that contradict each other with exit code 2", async () => {
  await withRun(async (run, folder) => {
    await refuses(2, [
      [["stream", run, "--resume"], /--resume needs --checkpoint/],
      [["stream", run, "--checkpoint-rows", "5"], /needs --checkpoint/],
      [["stream", run, "--png"], /--png needs --out/],
      [["stream", run, "--idle", "5"], /--idle needs --follow/],
      [["stream", run, "--hdu", "1"], /--hdu needs --columns/],
      [["stream", run, "--epoch", "53000"], /--epoch is of lines/],
      [["stream", run, "--format", "columnar"], /needs --columns/],
      [["stream", run, "--format", "gadf", "--columns", "timeS=TIME"], /--columns/],
      [["stream", run, "-"], /alone/],
      [["stream", "-", "--follow"], /--follow/],
      [["stream", "-", "--checkpoint", folder], /--checkpoint/],
      [["stream", "-", "--format", "gadf"], /--format/],
      [["stream", run, run, "--follow"], /one file/],
      [["stream", folder, "--follow"], /not a folder/],
      [["stream", "http://127.0.0.1/run.fits", "--follow"], /local file/],
      [["stream", run, "--follow", "--gti"], /--gti/],
    ]);
  });
});

Deno.test("gammarx refuses files that are no event lists with exit code 3", async () => {
  await withRun(async (run, folder) => {
    const whole = await Deno.readFile(run), at = (name: string) => `${folder}/bad/${name}`;
    await Deno.mkdir(`${folder}/bad`);
    await Deno.mkdir(`${folder}/empty`);
    await Deno.writeFile(at("empty.fits"), new Uint8Array(0));
    await Deno.writeTextFile(at("garbage.fits"), "this is no FITS file, nor was it ever one");
    await Deno.writeFile(at("header.fits"), whole.subarray(0, 1000));
    await Deno.writeFile(at("rows.fits"), whole.subarray(0, 15000));
    await Deno.writeFile(at("cut.fits.gz"), gzipSync(whole).subarray(0, 5000));
    await Deno.writeFile(
      at("image.fits"),
      encodeFits([{ kind: "image", data: new Float32Array(4), shape: [2, 2] }]),
    );
    await Deno.writeFile(
      at("no_epoch.fits"),
      encodeFits([{
        kind: "bintable",
        name: "EVENTS",
        header: [card("HDUCLAS1", "EVENTS")],
        columns: ["TIME", "ENERGY", "RA", "DEC"].map((name) => ({
          name,
          values: new Float64Array(3),
        })),
      }]),
    );
    await refuses(3, [
      [["stream", `${folder}/missing.fits`], /missing\.fits|No such file/],
      [["stream", `${folder}/empty`], /no event list in this folder/],
      [["stream", at("empty.fits")], /empty\.fits.*no data/],
      [["stream", at("garbage.fits")], /garbage\.fits.*SIMPLE/],
      [["stream", at("header.fits")], /header\.fits.*no event list/],
      [["stream", at("rows.fits")], /rows\.fits.* the file ends within the table/],
      [["stream", at("cut.fits.gz")], /cut\.fits\.gz.*gzip/],
      [["stream", at("image.fits")], /image\.fits.*no event list/],
      [["stream", at("no_epoch.fits")], /MJDREFI/],
      [["stream", run, "--columns", "timeS=NOPE"], /NOPE/],
      [["stream", run, "--columns", "timeS=TIME", "--hdu", "NOPE"], /NOPE/],
      [["stream", run, "--format", "ogip"], /no event list of format ogip/],
      [["stream", run, "--event-type", "3"], /no column eventType, which --event-type needs/],
      [
        ["stream", run, "--phasogram", "5"],
        /no column phase, which --phasogram needs.*--phase-model/,
      ],
      [["info", `${folder}/missing.fits`], /No such file|missing/],
      [["info", at("garbage.fits")], /garbage\.fits/],
      [["info", at("rows.fits")], /rows\.fits/],
      [["info", `${folder}/empty`], /no event list/],
      [["check", `${folder}/missing.fits`], /No such file|missing/],
    ]);
  });
});

Deno.test("gammarx stream names the web address that it cannot read, with exit code 3", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("no", { status: 404 }),
  );
  const url = `http://127.0.0.1:${server.addr.port}/run.fits`;
  await refuses(3, [[["stream", url], /run\.fits: found HTTP status 404/]]);
  await server.shutdown();
  await refuses(3, [[["stream", url], /run\.fits/]]);
  const garbage = serveFile(new TextEncoder().encode("garbage"), { ranges: true });
  await refuses(3, [[["stream", garbage.url], /SIMPLE/]]);
  await garbage.stop();
});

Deno.test("gammarx stream refuses a folder that cannot be written with exit code 2, before it reads", async () => {
  await withRun((run) =>
    refuses(2, [
      [["stream", run, "--out", `${run}/out`], /--out .*cannot be written/],
      [["stream", run, "--out", run], /--out .*cannot be written/],
      [["stream", run, "--checkpoint", `${run}/state`], /--checkpoint .*cannot be written/],
    ])
  );
});

const NICER = "pulsar/pint/ngc300nicer_bary.evt";

dataTest("gammarx stream says which column a NICER file lacks", [NICER], () =>
  refuses(3, [
    [
      ["stream", dataFile(NICER), "--map", "center=13.7,-37.7"],
      /no column raDeg, which --map needs/,
    ],
    [["stream", dataFile(NICER), "--region", "icrs;circle(1,2,3)"], /raDeg, which --region needs/],
    [
      ["stream", dataFile(NICER), "--spectrum", "1 TeV,2 TeV,3"],
      /energyTeV, which --spectrum needs/,
    ],
  ]));

Deno.test("gammarx ends with the exit code of its command", async () => {
  const [none, help, version] = await Promise.all([
    gammarx([]),
    gammarx(["--help"]),
    gammarx(["--version"]),
  ]);
  strictEqual(none!.code, 2);
  oneLine(none!, "no arguments");
  strictEqual(help!.code, 0);
  match(help!.stdout, /info.*check.*stream/s);
  strictEqual(version!.code, 0);
  match(version!.stdout, /^\d+\.\d+\.\d+\n$/);
});
