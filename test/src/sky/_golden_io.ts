/** The golden table of sky and pixel positions, made by test/golden/wcs_wcslib.py. */
export interface GoldenSky {
  readonly tolerance: { readonly deg: number };
  readonly cases: readonly {
    readonly header: Readonly<Record<string, number | string>>;
    readonly lonpole: number;
    readonly forward: Readonly<Record<"lon" | "lat" | "x" | "y", readonly (number | null)[]>>;
    readonly inverse: Readonly<Record<"lon" | "lat" | "x" | "y", readonly (number | null)[]>>;
  }[];
  readonly frames: Readonly<
    Record<
      | "lon"
      | "lat"
      | "l"
      | "b"
      | "ra"
      | "dec"
      | "separation"
      | "position_angle"
      | "offset_ra"
      | "offset_dec",
      readonly number[]
    >
  >;
}

let golden: GoldenSky | undefined;

/** The table, read once. */
export function goldenSky(): GoldenSky {
  const url = new URL("../../golden/wcs_wcslib.json", import.meta.url);
  golden ??= JSON.parse(Deno.readTextFileSync(url)) as GoldenSky;
  return golden;
}
