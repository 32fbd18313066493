"""Observations that gammapy's ObservationTable selects from the index of the H.E.S.S. data release.

Usage: python3 observation_table.py hess-dl3-dr1/obs-index.fits.gz > observation_table.json
"""
import collections
import json
import sys

import astropy.units as u
import gammapy
from astropy.time import Time
from gammapy.data import ObservationTable

TABLE = ObservationTable.read(sys.argv[1])
CRAB = dict(lonDeg=83.633, latDeg=22.014)
CASES = [
    dict(cone=dict(**CRAB, radiusDeg=2)),
    dict(cone=dict(**CRAB, radiusDeg=2), inverted=True),
    dict(cone=dict(frame="galactic", lonDeg=347.3, latDeg=-0.5, radiusDeg=0.5, borderDeg=0.5)),
    dict(cone=dict(frame="galactic", lonDeg=347.3, latDeg=-0.5, radiusDeg=0.5)),
    dict(column="ZEN_PNT", range=[45, 47]),
    dict(column="ZEN_PNT", range=[20, 90], inverted=True),
    dict(column="N_TELS", range=[4, 4]),
    dict(column="OBS_ID", range=[20326, 23523]),
    dict(time=[53343.92, 53343.96]),
    dict(time=[53343.92, 53343.96], partialOverlap=True),
    dict(time=[53343.93, 53347.92]),
    dict(time=[53343.93, 53347.92], partialOverlap=True),
    dict(time=[53343.93, 53347.92], partialOverlap=True, inverted=True),
]


def select(case):
    inverted = case.get("inverted", False)
    if "cone" in case:
        cone = case["cone"]
        return TABLE.select_observations(dict(
            type="sky_circle", frame=cone.get("frame", "icrs"), lon=cone["lonDeg"] * u.deg,
            lat=cone["latDeg"] * u.deg, radius=cone["radiusDeg"] * u.deg,
            border=cone.get("borderDeg", 0) * u.deg, inverted=inverted))
    if "time" in case:
        times = Time(case["time"], format="mjd", scale="tt")
        return TABLE.select_time_range(times, case.get("partialOverlap", False), inverted)
    unit = TABLE[case["column"]].unit or ""
    return TABLE.select_range(case["column"], u.Quantity(case["range"], unit), inverted)


print(json.dumps(dict(
    origin=dict(tool="gammapy.data.ObservationTable", version=gammapy.__version__,
                script="observation_table.py", dataset="hess-dl3-dr1/obs-index.fits.gz"),
    tolerance=0,
    nRows=len(TABLE),
    targets=collections.Counter(str(x) for x in TABLE["TARGET_NAME"]),
    cases=[dict(selection=case, obsIds=[int(x) for x in select(case)["OBS_ID"]]) for case in CASES],
), indent=1))
