"""Makes pointing.json: pointings and first events of real files over the ground, by Gammapy.

Run: /usr/bin/python3 test/golden/pointing.py DATA, DATA the folder with gammapy-data (public files of Gammapy)
"""
import json
import sys
from pathlib import Path

import astropy
import astropy.units as u
import gammapy
import numpy as np
from astropy.utils import iers
from gammapy.data import EventList, FixedPointingInfo, Observation, PointingInfo

iers.conf.auto_download = False
iers.conf.auto_max_age = None
iers.earth_orientation_table.set(iers.IERS_B.open())
data = Path(sys.argv[1]) / "gammapy-data"

hess = "hess-dl3-dr1/data/hess_dl3_dr1_obs_id_020136.fits.gz"
events = EventList.read(data / hess)
altaz = events.altaz[:20]

crab = "hess-dl3-dr1/data/hess_dl3_dr1_obs_id_023523.fits.gz"
obs = Observation.read(data / crab)
info = FixedPointingInfo.read(data / crab)
origin = info.get_altaz(obs.tstart + (obs.tstop - obs.tstart) / 2)

path = "tests/pointing_table.fits.gz"
table = PointingInfo.read(data / path)
fixed = FixedPointingInfo.read(data / path)
met = np.array([96407338.0, 96407345.3, 96407354.02020192, 96408000.0, 96408924.0])
times = table.time_ref + met * u.s
times = times.tt
times_inside = times[:-1]
icrs = table.get_icrs(times_inside)
# get_altaz of 1.0 does not run; this is what it says
rep = table._interpolate_cartesian(table.time.mjd, table.altaz_from_table, times_inside.mjd)
followed = fixed.get_altaz(times_inside)

hawc = "hawc/crab_events_pass4/events/EventList_Crab_fHitbin5GP.fits.gz"
drift = FixedPointingInfo.read(data / hawc)
drift_times = drift.time_ref + np.array([1118094970.453633, 1118162842.3, 1123423162.95]) * u.s
drifted = drift.get_icrs(drift_times)

magic = "magic/rad_max/data/20131004_05029747_DL3_CrabNebula-W0.40+035.fits"
magic_info = FixedPointingInfo.read(data / magic)

deg = lambda angle: np.atleast_1d(angle.deg).tolist()  # noqa: E731
json.dump({
    "origin": {"tool": "gammapy.data", "version": f"{gammapy.__version__}, astropy {astropy.__version__}",
               "script": "pointing.py"},
    "tolerance": {"deg": 2e-6, "eventDeg": 2e-5, "tableDeg": 1e-8,
                  "reason": "the Earth's turn and pole, 5 mas; events: their float32 directions are carried in "
                            "single precision there; tables: rounding of MJD as one double, 1e-9 deg"},
    "events": {"file": hess, "az": deg(altaz.az), "alt": deg(altaz.alt)},
    "crab": {"file": crab, "az": deg(origin.az), "alt": deg(origin.alt)},
    "table": {"file": path, "rows": len(table.table), "met": met[:-1].tolist(), "ra": deg(icrs.ra), "dec": deg(icrs.dec),
              "az": deg(rep.lon), "alt": deg(rep.lat),
              "fixedRa": float(fixed.fixed_icrs.ra.deg), "fixedDec": float(fixed.fixed_icrs.dec.deg),
              "followedAz": deg(followed.az), "followedAlt": deg(followed.alt)},
    "drift": {"file": hawc, "mode": drift.mode.name, "met": [1118094970.453633, 1118162842.3, 1123423162.95],
              "ra": deg(drifted.ra), "dec": deg(drifted.dec),
              "az": deg(drift.fixed_altaz.az), "alt": deg(drift.fixed_altaz.alt)},
    "magic": {"file": magic, "ra": float(magic_info.fixed_icrs.ra.deg), "dec": float(magic_info.fixed_icrs.dec.deg)},
}, open(Path(__file__).with_suffix(".json"), "w"), indent=1)
print(altaz[0], origin, rep, drifted)
