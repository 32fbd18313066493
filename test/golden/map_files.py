"""Totals, shapes and axes of every map in the folder of real data, by gammapy and astropy.

Run: /usr/bin/python3 test/golden/map_files.py DATA_FOLDER > test/golden/map_files.json
"""
import glob
import json
import os
import sys
import warnings

import astropy
import gammapy
import numpy as np
from astropy.io import fits
from gammapy.maps import Map, RegionNDMap

warnings.filterwarnings("ignore")
ROOT = sys.argv[1].rstrip("/") + "/"
SKIP = ("hess-dl3-dr1", "cta-1dc", "catalogs", "ebl", "cta-caldb", "joint-crab/dl3", "magic")


def kind_of(hdu):
    header = hdu.header
    if isinstance(hdu, fits.BinTableHDU):
        names = hdu.columns.names
        if header.get("PIXTYPE") == "HEALPIX":
            return "hpx"
        if "CHANNEL" in names and "DATA" in names:
            return "region"
        if hdu.name == "SPECTRUM" and "COUNTS" in names:
            return "ogip"
        if "SPECRESP" in names and "ENERG_LO" in names:
            return "ogip-arf"
        return None
    ctype = header.get("CTYPE1", "")
    return "wcs" if header["NAXIS"] >= 2 and ctype[:3] in ("RA-", "GLO") else None


def total(array):
    values = np.asarray(array, dtype=float)
    finite = np.isfinite(values)
    return {
        "shape": [int(n) for n in values.shape],
        "sum": float(np.sum(values[finite])),
        "sumAbs": float(np.sum(np.abs(values[finite]))),
        "nFinite": int(finite.sum()),
    }


def axes_of(geom):
    out = []
    for axis in list(geom.axes)[::-1]:
        edges = axis.edges
        out.append({
            "name": axis.name,
            "nBins": int(axis.nbin),
            "unit": str(edges.unit),
            "interp": axis.interp,
            "nodes": axis.node_type,
            "first": float(edges.value[0]),
            "last": float(edges.value[-1]),
            "center": float(axis.center.value[axis.nbin // 2]),
        })
    return out


def read(hdulist, i, kind):
    if kind in ("ogip", "ogip-arf"):
        return RegionNDMap.from_hdulist(hdulist, format=kind, hdu=hdulist[i].name)
    if kind == "region":
        return RegionNDMap.from_hdulist(hdulist, format="gadf", hdu=hdulist[i].name)
    return Map.from_hdulist(hdulist, hdu=i)


maps = []
for path in sorted(set(glob.glob(ROOT + "**/*.fits*", recursive=True))):
    name = path[len(ROOT):]
    if any(part in name for part in SKIP):
        continue
    try:
        hdulist = fits.open(path, memmap=False)
    except OSError:
        continue
    with hdulist:
        for i, hdu in enumerate(hdulist):
            kind = kind_of(hdu)
            if kind is None:
                continue
            entry = {"file": name, "hdu": i, "name": hdu.name, "kind": kind}
            try:
                m = read(hdulist, i, kind)
                entry.update(total(m.data), by="gammapy", unit=str(m.unit), axes=axes_of(m.geom))
                if kind == "wcs":
                    center = m.geom.center_skydir
                    entry["center"] = [float(center.data.lon.deg), float(center.data.lat.deg)]
                    entry["frame"] = m.geom.frame
                if kind in ("region", "ogip", "ogip-arf"):
                    entry["shape"] = entry["shape"][:-2]
                    region = m.geom.region
                    if region is not None:
                        entry["region"] = {
                            "lonDeg": float(region.center.data.lon.deg),
                            "latDeg": float(region.center.data.lat.deg),
                            "radiusDeg": float(region.radius.to_value("deg")),
                        }
            except Exception as error:  # what gammapy cannot read, astropy can
                entry.update(total(hdu.data), by="astropy", why=repr(error)[:120])
            maps.append(entry)

json.dump({
    "origin": {
        "tool": "gammapy",
        "version": gammapy.__version__,
        "astropy": astropy.__version__,
        "script": "map_files.py",
        "dataset": "gammapy-data",
    },
    "tolerance": {
        "sum": 1e-9,
        "why": "sums of doubles in another order, relative to the sum of absolute values",
        "axes": 1e-6,
        "axesWhy": "edges that files hold in single precision",
    },
    "maps": maps,
}, sys.stdout, indent=1)
