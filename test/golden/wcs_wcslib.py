"""Makes wcs_wcslib.json: sky to pixel and back for many WCS, by wcslib through astropy.wcs.

Run: /usr/bin/python3 test/golden/wcs_wcslib.py
Points avoid the last 0.05 deg before singular points; outside a projection wcslib gives NaN (null).
"""
import json
import sys
import warnings

import astropy
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.wcs import WCS
from astropy.wcs import _wcs

warnings.simplefilter("ignore")
rng = np.random.default_rng(20020)
N = 50

ZENITHAL = ["TAN", "SIN", "ZEA", "ARC", "STG"]
OTHERS = ["CAR", "AIT", "MOL", "CEA", "MER", "SFL", "GLS"]


def header(code, frame, crval, cdelt, **more):
    lon, lat = ("RA--", "DEC-") if frame == "icrs" else ("GLON", "GLAT")
    h = {
        "CTYPE1": f"{lon}-{code}", "CTYPE2": f"{lat}-{code}", "CUNIT1": "deg", "CUNIT2": "deg",
        "CRPIX1": 125.5, "CRPIX2": 80.25, "CRVAL1": crval[0], "CRVAL2": crval[1],
    }
    if "CD1_1" not in more:
        h.update({"CDELT1": -cdelt, "CDELT2": cdelt})
    h.update(more)
    if frame == "icrs":
        h["RADESYS"] = "ICRS"
    return h


headers = []
for code in ZENITHAL:
    wide = 0.02 if code in ("TAN", "SIN") else 0.4
    headers.append(header(code, "icrs", (83.633, 22.014), wide))
    headers.append(header(code, "galactic", (359.2, -61.5), wide, LONPOLE=33.0))
    headers.append(header(code, "icrs", (10.0, 90.0), 0.3, LONPOLE=150.0, LATPOLE=10.0))
    headers.append(header(code, "icrs", (201.0, -43.0), 0.3,
                          PC1_1=0.8, PC1_2=-0.6, PC2_1=0.6, PC2_2=0.8))
for code in OTHERS:
    headers.append(header(code, "galactic", (0.0, 0.0), 0.5))
    headers.append(header(code, "icrs", (83.633, 22.014), 0.5))
    if code == "GLS":  # oblique GLS has no native pole
        headers.append(header(code, "icrs", (266.4, -29.0), 0.5))
        headers.append(header(code, "galactic", (300.0, 61.0), 0.3, PC1_2=0.2, PC2_1=-0.1))
        continue
    headers.append(header(code, "icrs", (266.4, -29.0), 0.5, LONPOLE=140.0))
    headers.append(header(code, "icrs", (150.0, 35.0), 0.5, LONPOLE=30.0, LATPOLE=-90.0))
headers += [
    header("SIN", "icrs", (150.0, 60.0), 0.2, PV2_1=0.3, PV2_2=-0.5),
    header("SIN", "icrs", (40.0, -30.0), 0.2, PV2_1=0.0, PV2_2=-1.7320508075688772),
    header("CEA", "galactic", (0.0, 0.0), 0.5, PV2_1=0.6),
    header("CEA", "icrs", (100.0, -20.0), 0.5, PV2_1=0.25, LONPOLE=160.0),
    header("CAR", "galactic", (30.0, -12.0), 0.5, PV1_1=0.0, PV1_2=-12.0),
    header("CAR", "galactic", (30.0, -12.0), 0.5, PV1_0=1.0, PV1_1=20.0, PV1_2=15.0),
    header("TAN", "icrs", (83.6, 22.0), 0, CD1_1=-0.01, CD1_2=0.004, CD2_1=0.005, CD2_2=0.012),
    header("CAR", "icrs", (12.0, 0.0), 0.5, CROTA2=25.0),
]


def digits(values):
    return [None if not np.isfinite(v) else float(f"{v:.12g}") for v in values]


cases = []
for h in headers:
    w = WCS(h, naxis=2)
    code = h["CTYPE1"][-3:]
    # around the reference point, and anywhere
    u = rng.uniform(size=(2, N))
    near = N // 2
    lon = np.round(rng.uniform(0, 360, N), 4)
    lat = np.round(np.degrees(np.arcsin(2 * rng.uniform(size=N) - 1)) * 0.999, 4)
    size = 10 if code in ("TAN", "SIN") else 60
    lon[:near] = np.round((h["CRVAL1"] + (u[0, :near] - 0.5) * size) % 360, 4)
    lat[:near] = np.round(np.clip(h["CRVAL2"] + (u[1, :near] - 0.5) * size, -89.9, 89.9), 4)
    x, y = w.wcs_world2pix(lon, lat, 0)
    px = np.round(rng.uniform(-30, 280, N), 3)
    py = np.round(rng.uniform(-30, 190, N), 3)
    if code not in ("TAN", "SIN"):
        px[near:] = np.round(rng.uniform(-400, 700, N - near), 3)
        py[near:] = np.round(rng.uniform(-300, 400, N - near), 3)
    sky = w.wcs_pix2world(px, py, 0)
    pole = w.wcs
    cases.append({
        "header": {k: v for k, v in h.items()},
        "lonpole": pole.lonpole,
        "forward": {"lon": lon.tolist(), "lat": lat.tolist(), "x": digits(x), "y": digits(y)},
        "inverse": {"x": px.tolist(), "y": py.tolist(),
                    "lon": digits(np.mod(sky[0], 360)), "lat": digits(sky[1])},
    })

lon = np.round(rng.uniform(0, 360, 40), 5)
lat = np.round(np.degrees(np.arcsin(2 * rng.uniform(size=40) - 1)), 5)
lon[:6] = [0, 90, 180, 270, 192.85948, 12.85948]
lat[:6] = [0, 90, -90, 0, 27.12825, -27.12825]
c = SkyCoord(lon, lat, unit="deg", frame="icrs")
g = c.galactic
back = SkyCoord(lon, lat, unit="deg", frame="galactic").icrs
other = SkyCoord(np.roll(lon, 1), np.roll(lat, 1), unit="deg", frame="icrs")

golden = {
    "origin": {
        "tool": "astropy.wcs with wcslib, astropy.coordinates",
        "version": f"astropy {astropy.__version__}, wcslib {_wcs.__version__}, numpy {np.__version__}",
        "script": "test/golden/wcs_wcslib.py",
        "dataset": "random points, seed 20020",
    },
    "tolerance": {
        "deg": 1e-9,
        "why": "angles on the sky and in the plane: twelve digits are stored (5e-10 of 500 deg)",
    },
    "cases": cases,
    "frames": {
        "lon": lon.tolist(), "lat": lat.tolist(),
        "l": g.l.deg.tolist(), "b": g.b.deg.tolist(),
        "ra": back.ra.deg.tolist(), "dec": back.dec.deg.tolist(),
        "separation": c.separation(other).deg.tolist(),
        "position_angle": c.position_angle(other).deg.tolist(),
        "offset_ra": c.directional_offset_by(37 * astropy.units.deg, 3.5 * astropy.units.deg).ra.deg.tolist(),
        "offset_dec": c.directional_offset_by(37 * astropy.units.deg, 3.5 * astropy.units.deg).dec.deg.tolist(),
    },
}
path = sys.argv[1] if len(sys.argv) > 1 else "test/golden/wcs_wcslib.json"
with open(path, "w") as f:
    json.dump(golden, f, separators=(",", ":"))
    f.write("\n")
print(len(cases), "cases")
