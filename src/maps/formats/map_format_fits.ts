/** What a file format of maps is, and what it is given to read and to write. */
import type { FitsFile, Hdu, HduInput } from "../../fits/mod.ts";
import type { RegistryEntry } from "../../registry/mod.ts";
import type { HpxRegion } from "../hpx_region.ts";
import type { SkyMap } from "../sky_map.ts";

/** An HDU of a file that may hold a map, with all HDUs of the file. */
export interface MapHdu {
  /** The open file. */
  readonly fits: FitsFile;
  /** All of its HDUs. */
  readonly hdus: readonly Hdu[];
  /** The one with the values. */
  readonly hdu: Hdu;
}

/** How a map is taken out of its HDU. */
export interface ReadMapOptions {
  /**
   * Column of the values, where a table has several that are maps of their own: one of a HEALPix table of
   * healpy; COUNTS (where absent), RATE or QUALITY of a PHA file.
   */
  readonly column?: string | undefined;
  /** Unit of the values in place of BUNIT, for files that have none or one that is not understood. */
  readonly unit?: string | undefined;
  /**
   * What becomes of HEALPix planes that are coarser than the finest: "repeat" gives each pixel the value of
   * the one it is cut from (intensities), "share" an equal part of it (counts). Such maps are refused where
   * it is absent.
   */
  readonly coarse?: "repeat" | "share" | undefined;
}

/** How a map is laid out in its HDUs. */
export interface WriteMapOptions {
  /** Name of the HDU of the values; that of the format where absent. */
  readonly name?: string | undefined;
  /** List only the values that are not 0; false where absent. GADF alone. */
  readonly sparse?: boolean | undefined;
  /** The part of the sky that a HEALPix map has, for HPX_REG; its pixels are those of the map. */
  readonly hpxRegion?: HpxRegion | undefined;
}

/** A format of maps: an entry of the registry that answers for itself. */
export interface MapFormat extends RegistryEntry {
  /** Always "map". */
  readonly kind: "map";
  /** Does this HDU hold a map of this format? */
  readonly recognises: (found: MapHdu) => boolean;
  /** Reads the map; FitsFormatError where the HDU is not what the format asks for. */
  readonly read: (found: MapHdu, options: ReadMapOptions) => Promise<SkyMap>;
  /**
   * The HDUs of a map; undefined where the format is read only. TypeError for a map that it cannot hold.
   */
  readonly write?: (map: SkyMap, options: WriteMapOptions) => HduInput[];
}
