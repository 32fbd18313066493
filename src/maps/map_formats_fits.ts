import { createRegistry, type Registry } from "../registry/mod.ts";
import { FGST_BEXPCUBE, FGST_CCUBE, FGST_SRCMAP, FGST_TEMPLATE } from "./formats/fgst_fits.ts";
import { FGST_LTCUBE } from "./formats/fgst_ltcube_fits.ts";
import { FGST_SRCMAP_SPARSE } from "./formats/fgst_sparse_fits.ts";
import { GADF_MAP } from "./formats/gadf_fits.ts";
import { GALPROP, GALPROP2 } from "./formats/galprop_fits.ts";
import { HEALPY } from "./formats/healpy_fits.ts";
import { HERMES } from "./formats/hermes_fits.ts";
import type { MapFormat } from "./formats/map_format_fits.ts";
import { OGIP_ARF, OGIP_ARF_SHERPA, OGIP_PHA, OGIP_PHA_SHERPA } from "./formats/ogip_fits.ts";

/**
 * The formats of maps in files. A format is found by asking each in turn, so that the particular come
 * before the general; `register` adds one's own.
 */
export const mapFormats: Registry<MapFormat> = createRegistry<MapFormat>("map format");
for (
  const format of [
    FGST_CCUBE,
    FGST_BEXPCUBE,
    FGST_TEMPLATE,
    FGST_SRCMAP,
    FGST_SRCMAP_SPARSE,
    FGST_LTCUBE,
    GALPROP,
    GALPROP2,
    HERMES,
    HEALPY,
    GADF_MAP,
    OGIP_PHA,
    OGIP_ARF,
    OGIP_PHA_SHERPA,
    OGIP_ARF_SHERPA,
  ]
) mapFormats.register(format);
