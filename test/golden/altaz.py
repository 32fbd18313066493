"""Makes altaz.json: ICRS to AltAz without refraction by astropy, for several places and times.

Until 2022: IERS-B (EOP 14 C04) that astropy bundles. Later: IERS-A, from finals2000A.all of the PyPI
package astropy-iers-data 0.2026.9.28. Each case twice: with the pole's place, and without (polar
motion set to zero). Also UT1 - UTC, sidereal times (ERFA) and the Earth's velocity (epv00).
Run: /usr/bin/python3 test/golden/altaz.py FINALS2000A.all
"""
import json
import sys
from pathlib import Path

import astropy
import astropy.units as u
import erfa
import numpy as np
from astropy.coordinates import ICRS, AltAz, EarthLocation, SkyCoord, get_sun
from astropy.time import Time
from astropy.utils import iers

iers.conf.auto_download = False
iers.conf.auto_max_age = None
rng = np.random.default_rng(20260)
B = iers.IERS_B.open()
A = iers.IERS_A.open(sys.argv[1])


def without_pole(table):
    copy = table.copy()
    for name in ("PM_x", "PM_y"):
        copy[name] = 0 * u.arcsec
    return copy


SITES = {
    "hess": (16.500222222222224, -23.271777777777778, 1835.0),
    "magic": (-17.89, 28.761944444444445, 2200.0),
    "veritas": (-110.95215833333333, 31.675058333333332, 1268.0),
    "ctao_south": (-70.31634444444444, -24.683427777777778, 2150.0),
    "hawc": (-97.30944444444444, 18.996666666666666, 4100.0),
    "pole": (0.0, -89.99, 2835.0),
}
DATES = ["1975-03-01T05:00:00", "1989-07-15T12:34:56", "2004-01-21T20:03:15", "2004-12-04T22:20:00",
         "2013-10-04T04:30:43.5", "2016-12-31T23:59:60", "2020-06-21T00:00:00.25", "2022-11-20T03:00:00",
         "2024-04-08T18:20:00", "2026-06-01T01:00:00"]


def altaz(icrs, time, location, table):
    with iers.earth_orientation_table.set(table):
        out = icrs.transform_to(AltAz(obstime=time, location=location, pressure=0 * u.hPa))
    return {"az": out.az.deg.tolist(), "alt": out.alt.deg.tolist()}


cases = []
for date in DATES:
    time = Time(date, scale="utc")
    table = B if time.mjd < 59900 else A
    bare = without_pole(table)
    for name in SITES if date in DATES[2:4] else list(SITES)[:3]:
        location = EarthLocation.from_geodetic(*(v * unit for v, unit in zip(SITES[name], (u.deg, u.deg, u.m))))
        az = rng.uniform(0, 360, 14)
        alt = np.concatenate([[90, 89.999, 89.9, 89, 0, 1e-3, -1e-3, 1, -30, -89.9], rng.uniform(5, 85, 4)])
        with iers.earth_orientation_table.set(table):
            icrs = SkyCoord(az * u.deg, alt * u.deg,
                            frame=AltAz(obstime=time, location=location, pressure=0 * u.hPa)).transform_to(ICRS())
            sun = get_sun(time).transform_to(ICRS())
        ra = np.concatenate([icrs.ra.deg, [83.633, 0.0, 359.9999, 180.0, sun.ra.deg + 2]])
        dec = np.concatenate([icrs.dec.deg, [22.014, 90.0, -89.9999, 0.0, sun.dec.deg + 1]])
        sky = SkyCoord(ra * u.deg, dec * u.deg, frame="icrs")
        cases.append({"site": {"name": name, "lonDeg": SITES[name][0], "latDeg": SITES[name][1],
                               "heightM": SITES[name][2]},
                      "utc": date, "ra": ra.tolist(), "dec": dec.tolist(),
                      "full": altaz(sky, time, location, table), "noPole": altaz(sky, time, location, bare)})

clock = []
for utc in ["1972-01-01T06:00:00", "1976-08-11T16:48:00", "1982-01-31T02:24:00", "1987-07-25T00:00:00",
            "1992-07-01T00:00:00", "1996-01-01T00:00:30", "2000-01-01T12:00:00", "2005-12-31T23:59:59",
            "2009-06-18T09:36:00", "2016-12-31T12:00:00", "2020-01-01T00:00:00", "2022-11-17T07:12:00",
            "2024-03-31T14:24:00", "2026-03-01T04:48:00"]:
    time = Time(utc, scale="utc")
    table = B if time.mjd < 59900 else A
    time.delta_ut1_utc = time.get_delta_ut1_utc(table)
    dut1, ut, tt = float(np.squeeze(time.delta_ut1_utc)), time.ut1, time.tt
    sec = np.pi / 648000
    nut = erfa.nut06a(tt.jd1, tt.jd2)
    pv = erfa.epv00(tt.jd1, tt.jd2)
    clock.append({
        "utc": utc, "ut1MinusUtcS": dut1,
        "eraDeg": float(np.degrees(erfa.era00(ut.jd1, ut.jd2))),
        "gmstDeg": float(np.degrees(erfa.gmst06(ut.jd1, ut.jd2, tt.jd1, tt.jd2))),
        "gastDeg": float(np.degrees(erfa.gst06a(ut.jd1, ut.jd2, tt.jd1, tt.jd2))),
        "dPsiArcsec": float(nut[0] / sec), "dEpsArcsec": float(nut[1] / sec),
        "velocity": (pv[1]["v"] / 173.1446326846693).tolist(),
        "helioAu": pv[0]["p"].tolist(),
    })

json.dump({
    "origin": {"tool": "astropy AltAz (pressure 0), erfa", "version": f"{astropy.__version__}, {erfa.__version__}",
               "script": "altaz.py"},
    "tolerance": {"fullArcsec": 0.02, "noPoleArcsec": 0.004, "ut1S": 3e-4, "siderealArcsec": 0.006,
                  "nutationArcsec": 0.001, "velocity": 8e-9,
                  "velocityDirection": 1.2e-4,
                  "reason": "pole every fifth day 20 mas; UT1 15 arcsec a second, 0.3 ms (14 C04 against "
                            "20 C04, linear in a day); nutation 1 mas; velocity of the Earth 1.6 mas"},
    "cases": cases, "clock": clock,
}, open(Path(__file__).with_suffix(".json"), "w"))
print(len(cases), len(clock))
