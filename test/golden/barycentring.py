"""Makes barycentring.json: TDB at the barycentre minus TT, Roemer and Einstein parts, by ERFA and astropy.

Earth by erfa.epv00, the place on it by EarthLocation.get_gcrs_posvel, TDB by Time.tdb (787 terms and those of
the place). Time.light_travel_time gives the same for the geocentre; for a place on the ground it is off by up
to 2 us, since its way from GCRS to ICRS takes the place for a direction and adds aberration (1e-4 of 6378 km).
"""
import json

import astropy
import erfa
import numpy as np
from astropy import units as u
from astropy.coordinates import EarthLocation
from astropy.time import Time
from astropy.utils import iers

iers.conf.auto_download = False
places = {
    "geocentre": EarthLocation.from_geocentric(0, 0, 0, unit=u.m),
    "site": EarthLocation.from_geodetic(16.5002222222222 * u.deg, -23.2717777777778 * u.deg, 1835.0 * u.m),
}
sources = [(83.633, 22.0145), (128.836, -45.176), (270.0, 66.56), (7.61, 4.86)]
rows = []
for ra, dec in sources:
    for observer, location in places.items():
        for mjd in np.arange(51600.3, 59500, 713.37):
            t = Time(int(mjd), mjd - int(mjd), format="mjd", scale="tt", location=location)
            _, earth = erfa.epv00(t.tdb.jd1, t.tdb.jd2)
            n = np.array([np.cos(np.radians(dec)) * np.cos(np.radians(ra)),
                          np.cos(np.radians(dec)) * np.sin(np.radians(ra)), np.sin(np.radians(dec))])
            where = location.get_gcrs_posvel(t)[0].xyz.to_value(u.m)
            roemer = n @ (earth["p"] * 149597870700.0 + where) / 299792458.0
            einstein = (t.tdb.jd1 - t.tt.jd1 + (t.tdb.jd2 - t.tt.jd2)) * 86400
            rows.append({"raDeg": ra, "decDeg": dec, "observer": observer, "mjdDay": int(mjd),
                         "dayS": (mjd - int(mjd)) * 86400, "correctionS": float(roemer + einstein)})
json.dump({
    "origin": {"tool": "erfa.epv00, astropy Time.tdb and EarthLocation.get_gcrs_posvel", "version": astropy.__version__,
               "script": "barycentring.py"},
    "tolerance": {"atol": 1.2e-7, "reason": "TDB of 127 terms within 0.08 us, topocentric terms of ERFA 0.01 us, place 20 ns"},
    "site": {"lonDeg": 16.5002222222222, "latDeg": -23.2717777777778, "heightM": 1835.0},
    "rows": rows,
}, open("barycentring.json", "w"), indent=1)
