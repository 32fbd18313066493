"""Makes healpix.json: pixels, centres, neighbours, weights, discs and outlines by healpy.

Run: /usr/bin/python3 test/golden/healpix.py
Position i of the long list: lon = 360 frac(0.7548776662466927 i), lat = 180 frac(0.5698402909980532 i) - 90,
which any IEEE double arithmetic gives alike; of its pixels the sums of (pix mod 1000003) over each 1000 are kept.
"""
import json
import sys

import gammapy
import healpy as hp
import numpy as np
from gammapy.maps import HpxGeom

rng = np.random.default_rng(759)
N = 100_000
i = np.arange(1, N + 1, dtype=float)
frac = lambda x: x - np.floor(x)
LON, LAT = 360 * frac(0.7548776662466927 * i), 180 * frac(0.5698402909980532 * i) - 90
GRIDS = [(n, o) for n in (1, 2, 8, 32, 64, 1024, 32768, 2**24) for o in ("ring", "nested")]
GRIDS += [(3, "ring"), (13, "ring"), (1000, "ring")]

# poles, meridians of the faces, wraps, places next to |z| = 2/3 and to corners of base pixels
special = [(0, 90), (123.4, 90), (0, -90), (300, -90), (360, 10), (-0.5, 10), (719.5, -10), (1e-13, 1),
           (359.99999999, 1), (0, 89.999999999), (200, -89.999999999), (45, 41.81), (45, 41.8104),
           (90, 41.81031), (90, 41.81032), (89.9999, 41.8103), (90.0001, -41.8104), (0.0001, 1e-9),
           (-0.0001, -1e-9), (45.00001, 1e-6), (44.99999, -1e-6), (180.001, 66), (179.999, -66),
           (270.0001, 88.9), (89.99999, -75), (10, 0.1), (225.1, 0.2)]
special += [(lon, 0) for lon in (0, 11.25, 22.5, 45, 67.5, 90, 135, 180, 225, 270, 315, 337.5)]
special += [(lon, lat) for lon in (0, 90, 180, 270) for lat in (-70, 60, 75)]
special = np.array(special, dtype=float)


def lists(a):
    return np.asarray(a).tolist()


grids = []
for nside, order in GRIDS:
    nest, npix = order == "nested", 12 * nside**2
    pix = hp.ang2pix(nside, LON, LAT, nest=nest, lonlat=True)
    some = np.arange(npix) if nside <= 8 else np.unique(np.concatenate([
        np.arange(5), npix - 1 - np.arange(5), 2 * nside * (nside - 1) + np.arange(-3, 3),
        rng.integers(0, npix, 60)]))
    lon, lat = hp.pix2ang(nside, some, nest=nest, lonlat=True)
    entry = dict(
        nside=nside, order=order,
        sums=lists((pix % 1000003).reshape(-1, 1000).sum(axis=1)), first=lists(pix[:20]),
        special=lists(hp.ang2pix(nside, special[:, 0], np.clip(special[:, 1], -90, 90), nest=nest, lonlat=True)),
        pix=lists(some), lon=lists(lon), lat=lists(lat),
        neighbours=lists(hp.get_all_neighbours(nside, some, nest=nest).T),
        area=hp.nside2pixarea(nside), resolution=np.degrees(hp.nside2resol(nside)))
    if nside & (nside - 1) == 0:
        entry["swapped"] = lists(hp.nest2ring(nside, some) if nest else hp.ring2nest(nside, some))
    plon = np.concatenate([LON[:40], special[:, 0] % 360])
    plat = np.concatenate([LAT[:40], special[:, 1]])
    wp, ww = hp.get_interp_weights(nside, plon, plat, nest=nest, lonlat=True)
    entry["interpolation"] = dict(lon=lists(plon), lat=lists(plat), pix=lists(wp.T), weights=lists(ww.T))
    entry["outlines"] = []
    for p in some[:: max(1, len(some) // 6)]:
        for step in (1, 3):
            v = hp.boundaries(nside, int(p), step=step, nest=nest)
            entry["outlines"].append(dict(pix=int(p), step=step, vectors=lists(v.T)))
    grids.append(entry)

discs = []
for nside, order, lon, lat, radius in [
        (1, "ring", 10, 20, 60), (2, "nested", 200, -50, 35), (3, "ring", 0, 88, 30), (8, "nested", 359.5, 5, 12),
        (32, "ring", 83.633, 22.014, 5), (32, "nested", 83.633, 22.014, 5), (64, "ring", 0, 90, 3),
        (64, "nested", 123, -90, 7), (64, "ring", 10, -41.8, 100), (64, "nested", 266, -29, 179),
        (13, "ring", 45, 41.8, 20), (1024, "ring", 0.01, 41.81, 0.7), (1024, "nested", 90, 66, 0.3),
        (32768, "nested", 83.633, 22.014, 0.01), (32768, "ring", 180, 89.995, 0.01)]:
    nest, vec = order == "nested", hp.ang2vec(lon, lat, lonlat=True)
    strict = np.sort(hp.query_disc(nside, vec, np.radians(radius), nest=nest))
    entry = dict(nside=nside, order=order, lon=lon, lat=lat, radius=radius, n=len(strict),
                 sum=int((strict % 1000003).sum()))
    if nside & (nside - 1) == 0 and nside <= 1024:
        fine = 16 if nside >= 64 else 64
        inner = hp.query_disc(nside * fine, vec, np.radians(radius), nest=True) if radius < 20 or nside <= 2 else None
        if inner is not None:
            touched = np.unique(inner // fine**2)
            entry["touched"] = lists(np.sort(touched if nest else hp.nest2ring(nside, touched)))
        outer = np.sort(hp.query_disc(nside, vec, np.radians(radius), inclusive=True, fact=16, nest=nest))
        if len(outer) < 3000:
            entry["inclusive"] = lists(outer)
    discs.append(entry)

regions = []
for nside, nest, text in [
        (32, True, "DISK(110.0,75.0,10.0)"), (32, False, "DISK(110.0,75.0,10.0)"), (8, False, "DISK(0,-90,25)"),
        (16, True, "DISK_INC(110.0,75.0,10.0,16)"), (16, False, "HPX_PIXEL(RING,4,37)"),
        (16, True, "HPX_PIXEL(NESTED,2,47)"), (8, True, "HPX_PIXEL(RING,3,0)")]:
    geom = HpxGeom.create(nside=nside, nest=nest, frame="icrs", region=text)
    entry = dict(nside=nside, order="nested" if nest else "ring", text=text,
                        pix=lists(np.sort(HpxGeom.get_index_list(nside, nest, text))), npix=int(geom.npix[0]))
    if text.startswith("DISK_INC"):
        fine = HpxGeom.get_index_list(64 * nside, True, text.replace("_INC", "").replace(",16)", ")"))
        entry["touched"] = lists(np.unique(fine // 64**2) if nest else
                                 np.sort(hp.nest2ring(nside, np.unique(fine // 64**2))))
    regions.append(entry)

out = dict(
    origin=dict(tool="healpy", version=hp.__version__, gammapy=gammapy.__version__, python=sys.version.split()[0], script="test/golden/healpix.py"),
    tolerance=dict(
        deg=2e-12, weight=2e-15, vector=5e-15,
        reason="rounding of healpy: angles pass through radians; weights are divided by the pixel's size, so "
               "that their tolerance is multiplied by nside"),
    special=lists(special), grids=grids, discs=discs, regions=regions)
with open("test/golden/healpix.json", "w") as f:
    json.dump(out, f, separators=(",", ":"))
    f.write("\n")
