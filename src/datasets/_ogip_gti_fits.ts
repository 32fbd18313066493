/** Good time intervals in spectrum files. */
import { createGti, type EventEpoch, type Gti } from "../events/mod.ts";
import {
  type BintableHdu,
  card,
  findColumn,
  type HduInput,
  headerError,
  headerNumber,
  optionalHeaderNumber,
  optionalHeaderString,
  readNumbers,
} from "../fits/mod.ts";
import { addSeconds, convertEpoch, createEpoch, epochMjd, type TimeScale } from "../time/mod.ts";
import { unitFactor } from "../units/mod.ts";

const SCALES: Readonly<Record<string, TimeScale>> = Object.freeze({
  "": "TT",
  TT: "TT",
  TDT: "TT",
  ET: "TT",
  TAI: "TAI",
  IAT: "TAI",
  UTC: "UTC",
  TDB: "TDB",
});

/** The HDU of good time intervals. */
export function gtiHdu({ epoch, startS, stopS }: Gti): HduInput {
  return {
    kind: "bintable",
    name: "GTI",
    header: [
      card("HDUCLASS", "OGIP"),
      card("HDUCLAS1", "GTI"),
      card("MJDREFI", epoch.mjdDay, "[d] reference time, whole part"),
      card("MJDREFF", epochMjd({ ...epoch, mjdDay: 0 }), "[d] reference time, fraction"),
      card("TIMEUNIT", "s"),
      card("TIMESYS", epoch.scale),
    ],
    columns: [
      { name: "START", values: startS, unit: "s" },
      { name: "STOP", values: stopS, unit: "s" },
    ],
  };
}

/** The good time intervals of an HDU; times in UTC or TAI come to TT. */
export async function readGtiHdu(hdu: BintableHdu): Promise<Gti> {
  const { header } = hdu, text = optionalHeaderString(header, "TIMESYS")?.trim() ?? "";
  const scale = SCALES[text.toUpperCase().replace(/\(.*\)$/, "")];
  if (scale === undefined) {
    throw headerError(header, "TIMESYS", `found "${text}", expected TT, TAI, UTC or TDB`);
  }
  const whole = optionalHeaderNumber(header, "MJDREFI");
  const reference = whole === undefined
    ? [headerNumber(header, "MJDREF"), 0] as const
    : [whole, optionalHeaderNumber(header, "MJDREFF") ?? 0] as const;
  const timeUnit = optionalHeaderString(header, "TIMEUNIT")?.trim() || "s";
  const given = createEpoch(reference, scale);
  const epoch = convertEpoch(given, scale === "TDB" ? "TDB" : "TT") as EventEpoch;
  const zeroS = (optionalHeaderNumber(header, "TIMEZERO") ?? 0) * unitFactor(timeUnit, "s");
  const seconds = async (name: string): Promise<Float64Array> => {
    const column = findColumn(hdu, name);
    const factor = unitFactor(column.unit?.trim() || timeUnit, "s");
    return (await readNumbers(hdu, column)).map((t) => t * factor);
  };
  return createGti(
    zeroS === 0 ? epoch : addSeconds<"TT" | "TDB">(epoch, zeroS) as EventEpoch,
    await seconds("START"),
    await seconds("STOP"),
  );
}
