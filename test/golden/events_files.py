"""What astropy reads from real event files of seven instruments: events_files.json.

Usage: python3 events_files.py DATA_FOLDER
"""
import json
import pathlib
import sys
import warnings

import astropy
import numpy as np
from astropy.io import fits
from astropy.time import Time, TimeDelta

warnings.simplefilter("ignore")
FERMI = "pulsar/fermi-"
FILES = {
    "gadf": [
        "gammapy-data/hess-dl3-dr1/data/hess_dl3_dr1_obs_id_023523.fits.gz",
        "gammapy-data/cta-1dc/data/baseline/gps/gps_baseline_110380.fits",
        "gammapy-data/cta-1dc/data/baseline/gps/gps_baseline_111630.fits",
        "gammapy-data/magic/rad_max/data/20131004_05029747_DL3_CrabNebula-W0.40+035.fits",
        "gammapy-data/joint-crab/dl3/magic/run_05029748_DL3.fits",
        "gammapy-data/hawc/crab_events_pass4/events/EventList_Crab_fHitbin5GP.fits.gz",
        "gammapy-data/hawc/crab_events_pass4/events/EventList_Crab_fHitbin9GP.fits.gz",
    ],
    "fermi-ft1": [
        "gammapy-data/fermi-3fhl-gc/fermi-3fhl-gc-events.fits.gz",
        "pulsar/pint/J0030+0451_P8_15.0deg_239557517_458611204_ft1weights_GEO_wt.gt.0.4.fits",
        "pulsar/pint/J0030+0451_w323_ft1weights.fits",
        FERMI + "periodSearch/testevdata_1day_psearch.fits",
        FERMI + "periodSearch/testevdata_1day_unordered_phase.fits",
        FERMI + "pulsePhase/testevdata_1day_unordered.fits",
        FERMI + "pulsePhase/testPulsePhaseApp_par1c.fits",
        FERMI + "timeSystem/testevdata_1day_unordered.fits",
        FERMI + "timeSystem/testevdata_1day_unordered_bary.fits",
        FERMI + "timeSystem/testevdata_1day_unordered_geo.fits",
    ],
    "ogip": [
        "pulsar/pint/B1509_RXTE_short.fits",
        "pulsar/pint/J0218_nicer_2070030405_cleanfilt_cut_bary.evt",
        "pulsar/pint/ngc300nicer_bary.evt",
        "pulsar/pint/sgr1830kgfilt.evt",
    ],
}
NAMES = {"RA": "raDeg", "DEC": "decDeg", "ENERGY": "energyTeV", "PULSE_PHASE": "phase", "PHASE": "phase"}


def reference(header):
    """Instant of second 0: scale, whole day and seconds of the day."""
    scale = header["TIMESYS"].lower()
    day = header.get("MJDREFI", header.get("MJDREF"))
    time = Time(day, header.get("MJDREFF", 0.0), format="mjd", scale=scale)
    time = time.tdb if scale == "tdb" else time.tt
    time = time + TimeDelta(header.get("TIMEZERO", 0.0), format="sec", scale=time.scale)
    mjd = int(np.floor(time.mjd))
    seconds = (time - Time(mjd, 0, format="mjd", scale=time.scale)).sec
    return {"scale": time.scale.upper(), "mjdDay": mjd, "dayS": seconds}


def columns(table):
    """Sums of the columns that every format knows, in the units of batches."""
    found = {}
    for column in table.columns:
        name = NAMES.get(column.name)
        if name is None or table.data[column.name].ndim != 1:
            continue
        factor = 1e-6 if column.unit == "MeV" else 1.0
        found[name] = float(np.sum(table.data[column.name].astype(np.float64)) * factor)
    return found


cases = {}
for kind, paths in FILES.items():
    for path in paths:
        with fits.open(pathlib.Path(sys.argv[1]) / path) as hdus:
            table = hdus[1]
            header = table.header
            time = table.data["TIME"].astype(np.float64)
            case = {
                "format": kind,
                "n": len(table.data),
                "epoch": reference(header),
                "timeFirstS": time[0],
                "timeLastS": time[-1],
                "timeSumFromFirstS": float(np.sum(time - time[0])),
                "obsId": str(header.get("OBS_ID", "")),
                "deadTimeFraction": 1 - header.get("DEADC", 1.0),
                "columns": columns(table),
            }
            gti = next((one for one in hdus[2:] if one.name == "GTI"), None)
            if gti is not None:
                names = {name.upper(): name for name in gti.columns.names}
                start, stop = (gti.data[names[key]] for key in ("START", "STOP"))
                case["gti"] = {
                    "n": len(start),
                    "firstS": start[0],
                    "lastS": stop[-1],
                    "sumS": float(np.sum(stop - start)),
                }
            if kind == "gadf" and "RA_PNT" in header:
                case["pointing"] = {"raDeg": header["RA_PNT"], "decDeg": header["DEC_PNT"]}
            cases[path] = case

pathlib.Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "origin": {
                "tool": "astropy",
                "version": astropy.__version__,
                "script": "events_files.py",
            },
            "tolerance": {"rtol": 1e-12, "why": "order of summation in double precision"},
            "cases": cases,
        },
        indent=1,
    )
    + "\n"
)
