import { ddDiv } from "../numeric/mod.ts";
import { formatMjd, type TimeEpoch } from "../time/mod.ts";
import type { BinaryModel } from "./binary_model.ts";
import type { IgnoredParameter, TimingModel } from "./timing_model.ts";

/** Digits of an epoch as they are in par files. */
function mjd(epoch: TimeEpoch): string {
  return formatMjd(epoch, { digits: 12 }).replace(/\.?0+$/, "");
}

/**
 * A timing model in lines for people: name, period and its derivative, epoch, terms, orbit, span of
 * the fit, what was ignored, what is unknown, warnings.
 *
 * @param model A timing model.
 * @returns Lines without a break at their ends.
 * @example
 * ```ts
 * import { createTimingModel, describeTimingModel, parsePar } from "@gammarx/gammarx/timing";
 * import { strictEqual } from "node:assert/strict";
 * const lines = describeTimingModel(createTimingModel(parsePar("PSR J1\nF0 2\nPEPOCH 55000")));
 * strictEqual(lines[1], "P = 0.5 s at MJD 55000 (TDB), F0 = 2 Hz");
 * ```
 */
export function describeTimingModel(model: TimingModel): string[] {
  const { astrometry, spin, tzr } = model, [f0, f1] = spin.frequencies;
  const lines = [`${model.name === "" ? "pulsar without a name" : model.name} (${model.file})`];
  const slope = f1 === undefined || f1.hi === 0
    ? ""
    : `, Pdot = ${(-f1.hi / f0!.hi ** 2).toPrecision(6)}`;
  lines.push(
    `P = ${ddDiv({ hi: 1, lo: 0 }, f0!).hi} s at MJD ${mjd(spin.epoch)} (TDB), F0 = ${
      f0!.hi
    } Hz${slope}`,
  );
  if (astrometry !== undefined) {
    lines.push(
      `RA ${astrometry.raDeg.toFixed(7)} deg, Dec ${
        astrometry.decDeg.toFixed(7)
      } deg, proper motion ` +
        `${astrometry.pmRaMasPerYr} and ${astrometry.pmDecMasPerYr} mas/yr, parallax ` +
        `${astrometry.parallaxMas} mas`,
    );
  }
  lines.push(
    `ephemeris ${model.ephem ?? "not named"}, units ${model.units}, clock ${
      model.clock ?? "not named"
    }`,
  );
  const terms = [
    ...model.glitches.map((glitch) => `glitch at MJD ${mjd(glitch.epoch)}`),
    ...(model.waves === undefined ? [] : [`${model.waves.sinS.length} whitening harmonics`]),
    ...(model.tabulated === undefined
      ? []
      : [`a table of ${model.tabulated.valuesS.length} delays (${model.tabulated.kind})`]),
  ];
  if (terms.length > 0) lines.push(terms.join(", "));
  if (model.binary !== undefined) lines.push(describeOrbit(model.binary));
  if (model.start !== undefined || model.finish !== undefined) {
    const end = (epoch: TimeEpoch | undefined) => epoch === undefined ? "?" : mjd(epoch);
    lines.push(`fitted from MJD ${end(model.start)} to ${end(model.finish)}`);
  }
  lines.push(
    tzr === undefined
      ? "phase 0 at PEPOCH (no TZRMJD)"
      : `phase 0 at MJD ${mjd(tzr.epoch)} (${tzr.epoch.scale}), site ${tzr.site}, ` +
        `${tzr.frequencyMHz === Infinity ? "infinite frequency" : `${tzr.frequencyMHz} MHz`}`,
  );
  lines.push(...describeIgnored(model.ignored));
  if (model.unknown.length > 0) lines.push(`unknown: ${model.unknown.join(", ")}`);
  lines.push(...model.warnings.map((warning) => `warning: ${warning}`));
  return lines;
}

function describeOrbit(binary: BinaryModel): string {
  const ecc = binary.kind === "ELL1" ? Math.hypot(binary.eps1, binary.eps2) : binary.ecc;
  return `orbit ${binary.name}: ${1 / binary.frequencies[0]!.hi / 86400} d, ` +
    `a sin i = ${binary.a1Ls} ls, e = ${ecc}`;
}

/** One line a reason, with the parameters it holds for; long families are cut short. */
function describeIgnored(ignored: readonly IgnoredParameter[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { key, reason } of ignored) {
    const keys = byReason.get(reason);
    if (keys === undefined) byReason.set(reason, [key]);
    else keys.push(key);
  }
  return [...byReason].map(([reason, keys]) => {
    const more = keys.length > 8 ? ` and ${keys.length - 8} more` : "";
    return `ignored: ${keys.slice(0, 8).join(", ")}${more} (${reason})`;
  });
}
