import { Command, CommanderError } from "commander";
import { errorLine, EXIT, exitCodeOf, UsageError } from "./errors.ts";
import { log } from "./output.ts";

const VERSION = "0.1.0";

/** The command line. Each command is loaded when it is called. */
function program(setExit: (code: number) => void): Command {
  const root = new Command("gammarx")
    .description("High-energy astronomy on streams of photons")
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      outputError: (text) => log(errorLine(text.replace(/^error: /, ""))),
      // No colours: to learn whether they are wanted, commander would read the environment.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  root.command("info")
    .description("what files and data stores hold")
    .argument("<path...>", "files, folders or web addresses")
    .option("--json", "print one JSON document")
    .action(async (paths: string[], flags) => {
      const { infoCommand } = await import("./info_command.ts");
      setExit(await infoCommand(paths, flags));
    });
  root.command("peek")
    .description("draw what a file holds: events, good time intervals, responses, maps")
    .argument("<path>", "file or web address")
    .requiredOption("--out <file>", "write the picture there: .svg or .png")
    .option("--hdu <hdu>", "draw this HDU alone, by name or number")
    .option("--json", "print one JSON document")
    .action(async (path: string, flags) => {
      const { peekCommand } = await import("./peek_command.ts");
      setExit(await peekCommand(path, flags));
    });
  root.command("check")
    .description("validate event lists against their format")
    .argument("<path...>", "files or folders")
    .option("--json", "print one JSON document")
    .action(async (paths: string[], flags) => {
      const { checkCommand } = await import("./check_command.ts");
      setExit(await checkCommand(paths, flags));
    });
  root.command("stream")
    .description("stream events once through all that is asked for")
    .argument("<source...>", "files, data stores, web addresses, or - for JSON lines on stdin")
    .option("--out <dir>", "write products there: FITS, ECSV, JSON, SVG")
    .option("--energy <low,high>", 'keep these energies, as "0.5 TeV,50 TeV"')
    .option("--time <start,stop>", "keep these times: ISO (UTC), MJD (TT), or 300s after the start")
    .option("--gti", "keep events inside the good time intervals")
    .option("--region <region>", "keep this region, as 'icrs;circle(83.633,22.014,0.5)'")
    .option("--offset <min,max>", "keep these angles to the pointing, deg")
    .option("--event-type <mask>", "keep events that share a bit with the mask")
    .option(
      "--phase-model <f0,f1,f2,epoch>",
      "give phases: Hz, Hz/s, Hz/s2, MJD in the stream's scale",
    )
    .option("--par <file>", "give phases: timing model, a par file of tempo2 or PINT")
    .option(
      "--orbit <file>",
      "with --par: way of the spacecraft (Fermi FT2, NICER .orb, RXTE FPorbit)",
    )
    .option("--ephem <kernel>", "with --par: JPL kernel (.bsp), or analytic; DE405 where left out")
    .option("--weights <method>", "with --par: a column, lat[:PIVOT], response[:INDEX,AMPLITUDE]")
    .option("--phase <from,to>", "keep these phases")
    .option(
      "--map <keys>",
      'counts map, as "center=83.6,22 width=5 binsz=0.02"; also npix, proj, frame, energy, phase',
    )
    .option("--spectrum <low,high,bins>", 'counts spectrum, as "0.1 TeV,100 TeV,24"')
    .option("--lightcurve <width>", "light curve, as 60s")
    .option("--phasogram <bins>", "phasogram, with Z2 and H tests")
    .option("--theta2 <lon,lat>", "theta2 histogram about RA,DEC in deg; or LON,LAT,MAX,BINS")
    .option("--checkpoint <dir>", "keep states there, to take the run up again")
    .option("--checkpoint-rows <n>", "events between two states")
    .option("--resume", "go on from the state in --checkpoint")
    .option("--follow", "read a file that is being written, until it is whole")
    .option("--idle <seconds>", "with --follow: give up when nothing comes for so long")
    .option("--format <format>", "take the files for gadf, fermi-ft1, ogip")
    .option("--columns <names>", "take the files for plain tables, as timeS=TIME,energyTeV=E")
    .option("--hdu <hdu>", "with --columns: name or number of the table")
    .option("--epoch <mjd>", "with -: MJD (TT) that times count from")
    .option("--batch-rows <n>", "events a batch")
    .option("--png", "write figures as PNG too")
    .option("--json", "print one JSON document")
    .action(async (sources: string[], flags) => {
      const { streamCommand } = await import("./stream_command.ts");
      setExit(await streamCommand(sources, flags));
    });
  root.command("spectrum")
    .description("from observations to a fitted spectrum, flux points and a light curve")
    .requiredOption("--datastore <folder>", "folder of observations")
    .requiredOption("--on <region>", "source region, as 'icrs;circle(83.633,22.014,0.11)'")
    .option("--obs <ids>", "these observations, as 23523,23526; all where left out")
    .option(
      "--model <kind>",
      "kind of spectrum (pl, ecpl, lp and others), or a file of models in YAML",
      "pl",
    )
    .option("--energy <low,high,bins>", 'reconstructed energies, as "0.1 TeV,40 TeV,10/decade"')
    .option("--energy-true <low,high,bins>", 'true energies, as "0.05 TeV,100 TeV,20/decade"')
    .option("--source <name>", "with a file of several models: the source in the region")
    .option(
      "--exclusion <regions>",
      "where no background may be taken: regions, or a FITS map that is 0 there",
    )
    .option(
      "--background <method>",
      "reflected, wobble:N, phase:ON:OFF (as phase:0-0.2:0.5-0.9), irf or none",
      "reflected",
    )
    .option("--par <file>", "give phases by a timing model, in place of those of the files")
    .option("--orbit <file>", "with --par: way of the spacecraft")
    .option("--ephem <kernel>", "with --par: JPL kernel (.bsp), or analytic")
    .option("--phase-bins <n>", "fit the spectrum of each of so many bins of phase too")
    .option(
      "--safe <method>",
      "aeff-default, aeff-max:PERCENT, edisp-bias:PERCENT, offset-max:DEG, bkg-peak, " +
        "energies:LOW,HIGH; joined by +",
      "aeff-max:10",
    )
    .option("--no-containment", "take the exposure of all photons, not of those in the region")
    .option("--flux-points <low,high,bins>", 'edges of the flux points, as "1 TeV,10 TeV,5"')
    .option("--light-curve <low,high>", 'energies of the light curve, as "1 TeV,10 TeV"')
    .option("--time-bins <width>", "bins of the light curve within observations, as 10min")
    .option("--stacked", "fit the sum of the observations, not all of them together")
    .option(
      "--out <dir>",
      "write products there: OGIP spectra, flux points, light curve, JSON, SVG",
    )
    .option("--png", "write figures as PNG too")
    .option("--json", "print one JSON document")
    .action(async (flags) => {
      const { spectrumCommand } = await import("./spectrum_command.ts");
      setExit(await spectrumCommand(flags));
    });
  root.command("phase")
    .description("give each event of a file the phase of a pulsar, in a copy of the file")
    .argument("<events>", "event list")
    .requiredOption("--par <file>", "timing model: a par file of tempo2 or PINT")
    .option("--out <file>", "write the copy there, with the column PULSE_PHASE")
    .option("--orbit <file>", "way of the spacecraft: Fermi FT2, NICER .orb, RXTE FPorbit")
    .option("--ephem <kernel>", "JPL kernel (.bsp), or analytic; DE405 where left out")
    .option("--weights <method>", "write WEIGHT: a column, lat[:PIVOT], response[:INDEX,AMPLITUDE]")
    .option("--orbital-phase", "write ORBIT_PHASE")
    .option("--bary-time", "write BARY_TIME")
    .option("--pulse-number", "write PULSE_NUMBER")
    .option("--print <n>", "print the first n phases")
    .option("--json", "print one JSON document")
    .action(async (path: string, flags) => {
      const { phaseCommand } = await import("./phase_command.ts");
      setExit(await phaseCommand(path, flags));
    });
  const pulsarCommand = (name: "ptest" | "phasogram", description: string) =>
    root.command(name)
      .description(description)
      .argument("<events...>", "event lists, or data stores")
      .option("--par <file>", "timing model: a par file; the phases of the file where left out")
      .option("--orbit <file>", "way of the spacecraft: Fermi FT2, NICER .orb, RXTE FPorbit")
      .option("--ephem <kernel>", "JPL kernel (.bsp), or analytic; DE405 where left out")
      .option(
        "--weights <method>",
        "weigh events: a column, lat[:PIVOT], response[:INDEX,AMPLITUDE]",
      )
      .option("--energy <low,high>", 'keep these energies, as "0.5 TeV,50 TeV"')
      .option(
        "--time <start,stop>",
        "keep these times: ISO (UTC), MJD (TT), or 300s after the start",
      )
      .option("--region <region>", "keep this region, as 'icrs;circle(83.633,22.014,0.5)'")
      .option("--event-type <mask>", "keep events that share a bit with the mask")
      .option("--gti", "keep events inside the good time intervals")
      .option("--format <format>", "take the files for gadf, fermi-ft1, ogip")
      .option("--batch-rows <n>", "events a batch")
      .option("--json", "print one JSON document");
  pulsarCommand("ptest", "test events for pulsations at the phases of a timing model")
    .option("--harmonics <n>", "most harmonics of the H test", "20")
    .action(async (paths: string[], flags) => {
      const { ptestCommand } = await import("./ptest_command.ts");
      setExit(await ptestCommand(paths, flags));
    });
  pulsarCommand("phasogram", "events by the phase of a pulsar")
    .option("--bins <n>", "bins of phase", "50")
    .option("--out <dir>", "write table and picture there")
    .option("--png", "write the figure as PNG too")
    .action(async (paths: string[], flags) => {
      const { phasogramCommand } = await import("./ptest_command.ts");
      setExit(await phasogramCommand(paths, flags));
    });
  root.command("psearch")
    .description("search events for pulsations over a band of frequency")
    .argument("<events...>", "event lists, or data stores")
    .requiredOption("--f0 <low,high>", "frequencies, Hz")
    .option("--f1 <low,high>", "frequency derivatives, Hz/s; 0 where left out")
    .option("--harmonics <n>", "harmonics: 2, or 20 for H")
    .option("--statistic <name>", "z2 or h", "z2")
    .option("--oversampling <n>", "steps of frequency in 1/T", "5")
    .option("--candidates <n>", "how many to give", "10")
    .option("--trials <n>", "independent trials, from simulations of the same search")
    .option("--max-memory <size>", "search in several passes beyond this", "1GB")
    .option(
      "--par <file>",
      "timing model with the place of the source, to bring times to the barycentre",
    )
    .option("--orbit <file>", "way of the spacecraft: Fermi FT2, NICER .orb, RXTE FPorbit")
    .option("--ephem <kernel>", "JPL kernel (.bsp), or analytic; DE405 where left out")
    .option("--raw", "search the times as they are")
    .option("--weights <method>", "weigh events: a column, lat[:PIVOT], response[:INDEX,AMPLITUDE]")
    .option("--energy <low,high>", 'keep these energies, as "0.5 TeV,50 TeV"')
    .option("--time <start,stop>", "keep these times: ISO (UTC), MJD (TT), or 300s after the start")
    .option("--region <region>", "keep this region, as 'icrs;circle(83.633,22.014,0.5)'")
    .option("--event-type <mask>", "keep events that share a bit with the mask")
    .option("--gti", "keep events inside the good time intervals")
    .option("--format <format>", "take the files for gadf, fermi-ft1, ogip")
    .option("--batch-rows <n>", "events a batch")
    .option("--out <dir>", "write the result and its picture there")
    .option("--png", "write the figure as PNG too")
    .option("--json", "print one JSON document")
    .action(async (paths: string[], flags) => {
      const { psearchCommand } = await import("./psearch_command.ts");
      setExit(await psearchCommand(paths, flags));
    });
  root.command("detect")
    .description(
      "search events for transients: all windows, all cells, at a given rate of false alarms",
    )
    .argument("<events...>", "event lists, or data stores")
    .option(
      "--far <rate>",
      "false alarms put up with, over live time, as 1/year, 0.1/night",
      "1/year",
    )
    .option(
      "--cells <cells>",
      "whole, sources:RADIUS, healpix:NSIDE[,RADIUS] or field:STEP,RADIUS,OFFSET (deg)",
    )
    .option("--sources <file>", "known positions, a line each: NAME,RA,DEC (deg)")
    .option("--bands <bands>", 'ranges of energy, as "all;hard=1 TeV,100 TeV"')
    .option(
      "--background <method>",
      "run, running:WINDOW,GUARD, smoothed:WINDOW,GUARD or known:RATE",
      "run",
    )
    .option("--psf <deg>", "width of the point spread function, for positions")
    .option("--join <deg>", "excursions as near as this are one transient")
    .option("--lateness <time>", "photons come out of order by as much, as 10s")
    .option("--tense <tense>", "archival, current, injection or test", "archival")
    .option("--energy <low,high>", 'keep these energies, as "0.5 TeV,50 TeV"')
    .option("--time <start,stop>", "keep these times: ISO (UTC), MJD (TT), or 300s after the start")
    .option("--region <region>", "keep this region, as 'icrs;circle(83.633,22.014,0.5)'")
    .option("--event-type <mask>", "keep events that share a bit with the mask")
    .option("--format <format>", "take the files for gadf, fermi-ft1, ogip")
    .option("--batch-rows <n>", "events a batch")
    .option("--out <dir>", "write alerts, notices, maps and pictures there")
    .option("--png", "write the figure as PNG too")
    .option("--json", "print one JSON document")
    .action(async (paths: string[], flags) => {
      const { detectCommand } = await import("./detect_command.ts");
      setExit(await detectCommand(paths, flags));
    });
  root.command("monitor")
    .description("watch streams for transients: alerts, a live view, a page")
    .argument("[config]", "configuration in YAML")
    .option("--serve <host:port>", "show a live page there, as 127.0.0.1:8080")
    .option("--token-file <file>", "what those who look must show; needed beyond this machine")
    .option("--template", "print a configuration to begin with")
    .option("--simulate", "look at a simulated field with a flare")
    .option("--speed <n>", "with --simulate: seconds of the stream a second, or max; 60")
    .option("--fresh", "begin anew, whatever state is kept")
    .option("--stay", "go on serving when the streams have ended")
    .option("--json", "print one JSON document at the end")
    .action(async (config: string | undefined, flags) => {
      const { monitorCommand } = await import("./monitor_command.ts");
      setExit(await monitorCommand(config, flags));
    });
  root.command("simulate")
    .description("make a data store of simulated observations")
    .argument("[config]", "configuration in YAML")
    .option(
      "--out <dir>",
      "write the data store there, one a kind of events where there are several",
    )
    .option("--seed <seed>", "other random numbers than the configuration names")
    .option("--template", "print a configuration to begin with")
    .option("--json", "print one JSON document")
    .action(async (config: string | undefined, flags) => {
      const { simulateCommand } = await import("./simulate_command.ts");
      setExit(await simulateCommand(config, flags));
    });
  return root;
}

/**
 * Runs the command line.
 *
 * @param args Arguments, without the program's name.
 * @returns The exit code: 0 done, 1 the analysis failed, 2 wrong usage, 3 bad input data.
 * @example
 * ```ts
 * import { runCommand } from "@gammarx/gammarx/cli";
 * import { strictEqual } from "node:assert/strict";
 * strictEqual(await runCommand(["info", "no-such-file.fits"]), 3);
 * ```
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  let code: number = EXIT.done;
  try {
    if (args.length === 0) {
      throw new UsageError(
        "found no command, expected info, peek, check, stream or simulate (see gammarx --help)",
      );
    }
    await program((given) => code = given).parseAsync([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    log(errorLine(error));
    return exitCodeOf(error);
  }
  return code;
}
