"""Small map files by gammapy and healpy, and what they hold.

Run: /usr/bin/python3 test/golden/map_fixtures.py test/golden/maps > test/golden/map_fixtures.json
"""
import gzip
import json
import os
import sys
import warnings

import astropy.units as u
import gammapy
import healpy as hp
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.time import Time
from gammapy.maps import (
    HpxGeom,
    HpxNDMap,
    LabelMapAxis,
    MapAxis,
    RegionNDMap,
    TimeMapAxis,
    WcsNDMap,
)
from gammapy.utils.regions import regions_to_compound_region
from regions import CircleSkyRegion

warnings.filterwarnings("ignore")
FOLDER = sys.argv[1].rstrip("/") + "/"
os.makedirs(FOLDER, exist_ok=True)

energy = MapAxis.from_energy_bounds(1 * u.TeV, 10 * u.TeV, 2)
rad = MapAxis.from_nodes([0.5, 1, 2] * u.deg, name="rad", interp="sqrt")
offset = MapAxis.from_edges([0, 1, 2, 4, 8] * u.deg, name="offset")
time = TimeMapAxis(
    edges_min=[0, 2] * u.h,
    edges_max=[1, 3] * u.h,
    reference_time=Time("2020-03-19", scale="utc"),
)
label = LabelMapAxis(["a", "b"], name="dataset")
out = []


def filled(m, start=1):
    m.data = (np.arange(m.data.size) + start).reshape(m.data.shape).astype(m.data.dtype)
    return m


def add(name, data, **facts):
    values = np.asarray(data, dtype=float)
    out.append({
        "file": name,
        "shape": list(values.shape),
        "values": [None if np.isnan(v) else float(v) for v in values.ravel()[:400]],
        "sum": float(np.nansum(values)),
        **facts,
    })


def wcs(name, axes, sparse=False, **kwargs):
    m = filled(WcsNDMap.create(npix=(3, 2), axes=axes, unit="cm2 s", **kwargs))
    if sparse:
        m.data[m.data % 3 == 0] = 0
    m.write(FOLDER + name, overwrite=True, sparse=sparse)
    add(name, m.data, unit="cm2 s", geom="wcs-geom")


wcs("wcs_image.fits", [], proj="TAN", skydir=SkyCoord(83.6, 22, unit="deg"))
wcs("wcs_two_axes.fits", [energy, rad], frame="galactic", dtype="int32")
wcs("wcs_three_axes.fits", [energy, rad, offset], dtype="float64")
wcs("wcs_sparse.fits", [energy, rad], sparse=True)
wcs("wcs_time.fits", [energy, time])
wcs("wcs_label.fits", [label, energy])


def hpx(name, sparse=False, **kwargs):
    m = filled(HpxNDMap(HpxGeom(frame="galactic", **kwargs), unit="s"))
    m.write(FOLDER + name, overwrite=True, sparse=sparse)
    add(name, m.data, unit="s", geom="hpx-geom")


hpx("hpx_nested.fits", nside=2, axes=[energy])
hpx("hpx_ring.fits", nside=2, nest=False)
hpx("hpx_disk.fits", nside=8, region="DISK(110.,75.,10.)", axes=[energy])
hpx("hpx_disk_inc.fits", nside=8, nest=False, region="HPX_PIXEL(RING,2,3)")
hpx("hpx_disk_sparse.fits", nside=8, region="DISK(110.,75.,10.)", axes=[energy], sparse=True)

# Planes of two nside, and what becomes of them in the finer one.
for name, region in (("hpx_two_nside.fits", None), ("hpx_two_nside_part.fits", "DISK(110.,75.,30.)")):
    geom = HpxGeom(nside=[2, 4], region=region, axes=[energy], frame="galactic")
    m = HpxNDMap(geom, unit="s")
    coarse = HpxGeom(nside=2, region=region, frame="galactic")
    fine = HpxGeom(nside=4, region=region, frame="galactic")
    n_coarse, n_fine = coarse.npix[0].item(), fine.npix[0].item()
    m.data[0, :n_coarse] = np.arange(n_coarse) + 1
    m.data[1, :n_fine] = np.arange(n_fine) + 1
    m.write(FOLDER + name, overwrite=True)
    add(
        name,
        m.data,
        geom="hpx-geom",
        unit="s",
        coarse={"sum": float(np.arange(1, n_coarse + 1).sum()), "n": n_coarse},
        fine={"sum": float(np.arange(1, n_fine + 1).sum()), "n": n_fine},
    )


def region(name, text, fmt="gadf", axes=(energy, rad)):
    m = filled(RegionNDMap.create(text, axes=list(axes), unit="" if fmt == "ogip" else "m2"))
    m.write(FOLDER + name, overwrite=True, format=fmt)
    data, unit = m.data[..., 0, 0], str(m.unit)
    if fmt == "ogip-arf-sherpa":
        data, unit = data * 1e4, "cm2"
    # Effective areas are written without their region.
    is_arf = fmt.startswith("ogip-arf")
    text = None if is_arf else text
    add(name, data, unit=unit, geom="region-geom" if text else "no-sky",
        region=text if isinstance(text, str) else None,
        solidAngleSr=None if text is None else float(m.geom.solid_angle().to_value("sr")))


region("region_circle.fits", "galactic;circle(83.63,22.01,0.5)")
region("region_annulus.fits", "icrs;annulus(83.63,22.01,0.5,1)")
region("region_box.fits", "icrs;box(83.63,22.01,0.5,1,20)")
region("region_ellipse.fits", "icrs;ellipse(83.63,22.01,0.5,1,20)")
region("region_point.fits", "icrs;point(83.63,22.01)")
region("region_none.fits", None)
two = [CircleSkyRegion(SkyCoord(lon, 22, unit="deg"), 0.3 * u.deg) for lon in (83, 85)]
region("region_compound.fits", regions_to_compound_region(two))
region("ogip.fits", "icrs;circle(83.63,22.01,0.5)", fmt="ogip", axes=[energy])
for fmt in ("ogip-arf", "ogip-arf-sherpa"):
    region(fmt + ".fits", "icrs;circle(83.63,22.01,0.5)", fmt=fmt,
           axes=[energy.copy(name="energy_true")])

for nest in (False, True):
    values = np.arange(hp.nside2npix(16), dtype=np.float32)
    name = f"healpy_{'nest' if nest else 'ring'}.fits"
    hp.write_map(FOLDER + name, values, nest=nest, coord="G", overwrite=True, dtype=np.float32,
                 column_units="mK")
    add(name, values, geom="hpx-geom", unit="mK")
values = np.full(hp.nside2npix(8), hp.UNSEEN)
values[[7, 700, 3]] = [1, 2, 3]
hp.write_map(FOLDER + "healpy_partial.fits", values, partial=True, coord="C", overwrite=True, dtype=float)
add("healpy_partial.fits", [3, 1, 2], geom="hpx-geom", unit="", pixels=[3, 7, 700])
three = [np.arange(48.0) + k for k in range(3)]
hp.write_map(FOLDER + "healpy_columns.fits", three, coord="G", overwrite=True, dtype=float)
add("healpy_columns.fits", three, geom="hpx-geom", unit="")

for name in sorted(os.listdir(FOLDER)):
    if name.endswith(".fits"):
        with open(FOLDER + name, "rb") as plain:
            packed = gzip.compress(plain.read(), mtime=0)
        with open(FOLDER + name + ".gz", "wb") as file:
            file.write(packed)
        os.remove(FOLDER + name)

json.dump({
    "origin": {"tool": "gammapy", "version": gammapy.__version__, "healpy": hp.__version__,
               "script": "map_fixtures.py"},
    "tolerance": {"solidAngle": 2e-3,
                  "why": "gammapy counts the pixels of its projection within a region"},
    "maps": out,
}, sys.stdout, indent=1)
