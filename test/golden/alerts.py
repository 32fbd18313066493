"""Writes alerts.json: alerts, and what their GCN notices and VOEvents must say.

Times by astropy.time, units by astropy.units, the names by hand from the GCN Unified Schema 7.2.3
and IVOA VOEvent 2.0. Run: python3 test/golden/alerts.py
"""
import json
from pathlib import Path

import astropy
import astropy.units as u
from astropy.time import Time, TimeDelta


def utc(alert, seconds):
    epoch = alert["onset"]["epoch"]
    start = Time(epoch["mjdDay"], epoch["dayS"] / 86400, format="mjd", scale="tt")
    t = start + TimeDelta(seconds, format="sec", scale="tt")
    t = t.utc
    t.precision = 6
    return t.isot


def kev(band):
    return [float(f"{(e * u.TeV).to_value(u.keV):.15g}") for e in band]


LEAST = {
    "id": "af63dc4c8601ec8c", "record": 0, "phase": "initial", "tense": "current", "kind": "cusum",
    "trigger": "rate", "channel": "all",
    "onset": {"epoch": {"mjdDay": 60000, "dayS": 21600, "scale": "TT"}, "timeS": 0.5},
    "detectedS": 12, "durationS": 10, "significance": 7,
    "statistic": {"name": "S", "value": 24.5}, "counts": 30, "expected": 10,
    "associations": [], "observatory": "Fermi", "instrument": "LAT",
    "configuration": "6d1f", "software": "gammarx 0.1.0", "inputs": [], "notes": [],
}

FULL = {
    "id": "5f0c2b7a9d3e4411", "record": 2, "phase": "update", "tense": "current",
    "kind": "focus-unbinned", "trigger": "rate", "channel": "crab/0.1-30 TeV",
    "region": "Crab <0.1 deg & \"ring\"", "eventName": "Crab",
    "onset": {"epoch": {"mjdDay": 61041, "dayS": 11000.184, "scale": "TT"}, "timeS": 1234.5678,
              "errorS": 0.25},
    "detectedS": 1260.5, "durationS": 20, "t50S": 6, "t50ErrorS": 1, "t90S": 18, "t90ErrorS": 2,
    "significance": 6.25, "statistic": {"name": "S", "value": 19.53125},
    "farHz": 3.2e-8, "farBasis": "extrapolated", "pAfterTrials": 0.001,
    "counts": 66, "expected": 30, "livetimeS": 18,
    "observation": {"id": "23523", "startS": 0, "stopS": 1800, "livetimeS": 1687},
    "energyBandTeV": [0.1, 30],
    "hardness": {"ratio": 0.5, "error": 0.1, "softTeV": [0.1, 1], "hardTeV": [1, 30]},
    "position": {"raDeg": 83.6287, "decDeg": 22.0147, "errorDeg": 0.05, "errorMinorDeg": 0.03,
                 "errorAngleDeg": 30, "containment": 0.68, "systematicIncluded": True},
    "healpix": {"url": "https://example.org/map.fits?a=1&b=2"},
    "flux": {"value": 2.5e-11, "error": 5e-12, "unit": "TeV cm-2 s-1", "bandTeV": [1, 10]},
    "fluence": {"value": 5e-10, "unit": "TeV cm-2", "bandTeV": [1, 10]},
    "associations": [{"catalogue": "4FGL-DR4", "name": "4FGL J0534.5+2200", "separationDeg": 0.01}],
    "followUp": {"type": "GRB", "instrument": "Fermi-GBM", "id": "bn260101100",
                 "reference": {"topic": "gcn.circulars", "id": 39999}},
    "observatory": "CTAO", "instrument": "LST-1", "configuration": "6d1f",
    "software": "gammarx 0.1.0", "inputs": ["run 23523"], "notes": ["first note", "second"],
}

# 0.5 s into the leap second at the end of 2016.
LEAP = {**LEAST, "tense": "injection", "trigger": "image",
        "onset": {"epoch": {"mjdDay": 57754, "dayS": 0, "scale": "TT"}, "timeS": 68.184 + 0.5},
        "flux": {"unit": "m-2 s-1", "limit": 3e-7, "limitSigma": 3}}

RETRACTION = {**LEAST, "record": 2, "phase": "retraction", "tense": "commanded"}


def common(a):
    return {
        "$schema": "urn:gammarx:schema:gcn-notice:1", "alert_datetime": "2026-01-02T03:05:00.000Z",
        "alert_tense": a["tense"], "alert_phase": a["phase"], "mission": a["observatory"],
        "instrument": a["instrument"], "messenger": "EM", "record_number": a["record"] + 1,
        "id": a["id"], "trigger_time": utc(a, a["onset"]["timeS"]) + "Z",
        "detection_time": utc(a, a["detectedS"]) + "Z", "trigger_type": a["trigger"],
        "detector": a["kind"], "search_channel": a["channel"], "significance": a["significance"],
        "statistic_name": "S", "statistic_value": a["statistic"]["value"], "counts": a["counts"],
        "expected_counts": a["expected"], "window_duration": a["durationS"],
        "configuration": "6d1f", "software": "gammarx 0.1.0",
    }


eflux = u.Unit("TeV cm-2 s-1").to("erg cm-2 s-1")
CASES = [
    {"name": "least", "alert": LEAST, "gcn": {
        **common(LEAST), "alert_type": "initial", "net_count_rate": 2, "background_count_rate": 1,
        "rate_snr": 7, "rate_duration": 10,
    }, "role": "observation", "citations": []},
    {"name": "full", "alert": FULL, "gcn": {
        **common(FULL), "alert_type": "update", "event_name": "Crab", "trigger_time_error": 0.25,
        "observation_start": utc(FULL, 0) + "Z", "observation_stop": utc(FULL, 1800) + "Z",
        "observation_livetime": 1687, "observation_id": "23523",
        "healpix_url": "https://example.org/map.fits?a=1&b=2", "ra": 83.6287, "dec": 22.0147,
        "ra_dec_error": [0.05, 0.03, 30], "containment_probability": 0.68,
        "systematic_included": True, "spectral_band": kev([0.1, 30]), "spectral_band_units": "keV",
        "far": 3.2e-8, "net_count_rate": 2, "background_count_rate": 30 / 18, "rate_snr": 6.25,
        "rate_duration": 20, "rate_energy_range": kev([0.1, 30]),
        "search_region": "Crab <0.1 deg & \"ring\"", "far_basis": "extrapolated",
        "p_after_trials": 0.001, "window_livetime": 18, "t50": 6, "t50_error": 1, "t90": 18,
        "t90_error": 2, "hardness_ratio": 0.5, "hardness_ratio_error": 0.1,
        "energy_range_soft": kev([0.1, 1]), "energy_range_hard": kev([1, 30]),
        "flux": 2.5e-11 * eflux, "flux_error": 5e-12 * eflux, "flux_unit": "erg/cm2/s",
        "flux_spectral_band": kev([1, 10]), "flux_spectral_unit": "keV", "flux_time_range": [0, 20],
        "fluence": 5e-10 * eflux, "fluence_spectral_band": kev([1, 10]),
        "fluence_time_range": [0, 20],
        "associations": [{"catalog": "4FGL-DR4", "name": "4FGL J0534.5+2200", "separation": 0.01}],
        "ref_type": "GRB", "ref_instrument": "Fermi-GBM", "ref_ID": "bn260101100",
        "reference": {"gcn.circulars": 39999}, "inputs": ["run 23523"],
        "additional_info": "first note\nsecond",
    }, "role": "observation", "citations": [["supersedes", 1]]},
    {"name": "image trigger, injection, in a leap second, photon flux limit", "alert": LEAP, "gcn": {
        **common(LEAP), "alert_type": "initial", "image_snr": 7, "image_duration": 10,
        "flux_unit": "ph/cm2/s", "limiting_flux": 3e-11, "limiting_flux_sigma": 3,
        "flux_time_range": [0, 10],
    }, "role": "test", "citations": []},
    {"name": "retraction", "alert": RETRACTION, "gcn": {
        **common(RETRACTION), "alert_type": "retraction", "net_count_rate": 2,
        "background_count_rate": 1, "rate_snr": 7, "rate_duration": 10,
    }, "role": "utility", "citations": [["retraction", 1], ["retraction", 0]]},
]
for case in CASES:
    case["isoTime"] = utc(case["alert"], case["alert"]["onset"]["timeS"])

Path(__file__).with_suffix(".json").write_text(json.dumps({
    "origin": {"tool": "astropy", "version": astropy.__version__, "script": "test/golden/alerts.py"},
    "tolerance": {"relative": 1e-14, "reason": "15 digits are written after a change of unit"},
    "sentAt": "2026-01-02T03:05:00Z",
    "cases": CASES,
}, indent=1) + "\n")
