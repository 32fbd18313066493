import type { TimeEpoch } from "../time/mod.ts";
import type { Astrometry } from "./astrometry.ts";
import { type ParReader, takeEpoch, takeLine, takeNumber } from "./_par_reader.ts";
import { parError, parSexagesimal } from "./par_file.ts";

const DEG = Math.PI / 180;

/** Obliquity of the ecliptic that ELONG and ELAT refer to, arcsec. */
const OBLIQUITY_ARCSEC: Readonly<Record<string, number>> = {
  IERS2010: 84381.406,
  IAU2005: 84381.406,
  IERS2003: 84381.4059,
  IERS1992: 84381.412,
  IAU1976: 84381.448,
};

/** Place and motion of the pulsar; undefined where the par file has no position. */
export function parseAstrometry(
  reader: ParReader,
  pepoch: TimeEpoch<"TDB">,
): Astrometry | undefined {
  const raLine = takeLine(reader, "RAJ", "RA"), decLine = takeLine(reader, "DECJ", "DEC");
  const lonLine = takeLine(reader, "ELONG", "LAMBDA"), latLine = takeLine(reader, "ELAT", "BETA");
  const posEpoch = takeEpoch(reader, "TDB", "POSEPOCH") ?? pepoch;
  const parallaxMas = takeNumber(reader, "PX") ?? 0;
  if (parallaxMas < 0) {
    reader.warnings.push(
      `PX ${parallaxMas} mas is negative: applied as it is written, as tempo2 does`,
    );
  }
  const rest = { parallaxMas, posEpoch };
  const pmRa = takeNumber(reader, "PMRA"), pmDec = takeNumber(reader, "PMDEC");
  const pmLon = takeNumber(reader, "PMELONG", "PMLAMBDA"),
    pmLat = takeNumber(reader, "PMELAT", "PMBETA");
  const ecl = takeLine(reader, "ECL");
  const half = [raLine, decLine, lonLine, latLine].filter((line) => line !== undefined);
  if (half.length === 0) return undefined;
  const { file } = reader.par;
  if (raLine !== undefined && decLine !== undefined && half.length === 2) {
    refuseMotion(reader, "RAJ, DECJ", "PMELONG", "PMLAMBDA", "PMELAT", "PMBETA");
    return Object.freeze({
      raDeg: parRa(file, raLine),
      decDeg: parSexagesimal(file, decLine, 90, "a declination ±dd:mm:ss.s, [-90, 90] deg"),
      pmRaMasPerYr: pmRa ?? 0,
      pmDecMasPerYr: pmDec ?? 0,
      ...rest,
    });
  }
  if (lonLine !== undefined && latLine !== undefined && half.length === 2) {
    refuseMotion(reader, "ELONG, ELAT", "PMRA", "PMDEC");
    const lon = takeNumber(reader, "ELONG", "LAMBDA")!, lat = takeNumber(reader, "ELAT", "BETA")!;
    if (!(Math.abs(lat) <= 90)) throw parError(file, latLine, "a latitude, [-90, 90] deg");
    const name = ecl?.value.toUpperCase() ?? "IERS2010";
    const obliquity = OBLIQUITY_ARCSEC[name];
    if (obliquity === undefined) {
      throw parError(file, ecl!, `one of ${Object.keys(OBLIQUITY_ARCSEC).join(", ")}`);
    }
    if (ecl === undefined) {
      reader.warnings.push(
        "ECL is not given: the ecliptic of IERS2010 is taken, as in PINT; that of tempo2 (IERS2003) " +
          "lies 0.1 mas, 0.24 µs of light time, from it",
      );
    }
    return Object.freeze({
      ...eclipticToIcrs({ lon, lat, pmLon: pmLon ?? 0, pmLat: pmLat ?? 0 }, obliquity / 3600),
      ...rest,
    });
  }
  throw parError(file, half[0]!, "a position in two parts: RAJ and DECJ, or ELONG and ELAT");
}

function parRa(file: string, line: Parameters<typeof parSexagesimal>[1]): number {
  const form = "a right ascension hh:mm:ss.s, [0, 24) h";
  const hours = parSexagesimal(file, line, 24, form);
  if (!(hours >= 0 && hours < 24)) throw parError(file, line, form);
  return hours * 15;
}

function refuseMotion(reader: ParReader, where: string, ...keys: readonly string[]): void {
  const line = takeLine(reader, ...keys);
  if (line !== undefined) {
    throw parError(reader.par.file, line, `a proper motion in the frame of the position, ${where}`);
  }
}

/** Turns place and motion about the x axis by the obliquity, as vectors. */
function eclipticToIcrs(
  from: { lon: number; lat: number; pmLon: number; pmLat: number },
  obliquityDeg: number,
): Pick<Astrometry, "raDeg" | "decDeg" | "pmRaMasPerYr" | "pmDecMasPerYr"> {
  const [cl, sl] = [Math.cos(from.lon * DEG), Math.sin(from.lon * DEG)];
  const [cb, sb] = [Math.cos(from.lat * DEG), Math.sin(from.lat * DEG)];
  const [ce, se] = [Math.cos(obliquityDeg * DEG), Math.sin(obliquityDeg * DEG)];
  const turned = (x: number, y: number, z: number) =>
    [x, ce * y - se * z, se * y + ce * z] as const;
  const [nx, ny, nz] = turned(cb * cl, cb * sl, sb);
  const { pmLon, pmLat } = from;
  const [vx, vy, vz] = turned(
    -sl * pmLon - sb * cl * pmLat,
    cl * pmLon - sb * sl * pmLat,
    cb * pmLat,
  );
  const plane = Math.hypot(nx, ny), ra = Math.atan2(ny, nx);
  const [ca, sa] = [Math.cos(ra), Math.sin(ra)];
  return {
    raDeg: (ra / DEG + 360) % 360,
    decDeg: Math.atan2(nz, plane) / DEG,
    pmRaMasPerYr: -sa * vx + ca * vy,
    pmDecMasPerYr: -nz * (ca * vx + sa * vy) + plane * vz,
  };
}
