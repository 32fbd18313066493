/** The golden table of horizontal positions and clocks, made by test/golden/altaz.py. */
import type { Site } from "../../../src/sky/mod.ts";

/** Azimuths and altitudes, deg. */
export interface GoldenDirections {
  readonly az: readonly number[];
  readonly alt: readonly number[];
}

export interface GoldenAltAz {
  readonly tolerance: {
    readonly fullArcsec: number;
    readonly noPoleArcsec: number;
    readonly ut1S: number;
    readonly siderealArcsec: number;
    readonly nutationArcsec: number;
    readonly velocity: number;
    readonly velocityDirection: number;
  };
  readonly cases: readonly {
    readonly site: Site;
    readonly utc: string;
    readonly ra: readonly number[];
    readonly dec: readonly number[];
    readonly full: GoldenDirections;
    readonly noPole: GoldenDirections;
  }[];
  readonly clock: readonly {
    readonly utc: string;
    readonly ut1MinusUtcS: number;
    readonly eraDeg: number;
    readonly gmstDeg: number;
    readonly gastDeg: number;
    readonly dPsiArcsec: number;
    readonly dEpsArcsec: number;
    readonly velocity: readonly number[];
    readonly helioAu: readonly number[];
  }[];
}

let golden: GoldenAltAz | undefined;

/** The table, read once. */
export function goldenAltAz(): GoldenAltAz {
  const url = new URL("../../golden/altaz.json", import.meta.url);
  golden ??= JSON.parse(Deno.readTextFileSync(url)) as GoldenAltAz;
  return golden;
}
