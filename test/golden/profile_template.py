"""ln L of the J0030+0451 photons under its three Gaussians, with scipy. Argument: the data folder."""
import json
import re
import sys

import numpy as np
import scipy
from astropy.io import fits
from scipy.stats import norm

folder = sys.argv[1] + "/pulsar/pint/"
template = "templateJ0030.3gauss"
events = "J0030+0451_P8_15.0deg_239557517_458611204_ft1weights_GEO_wt.gt.0.4.fits"
value = {m[1]: float(m[2]) for m in re.finditer(r"(\w+\d?) = ([\d.]+)", open(folder + template).read())}
table = fits.open(folder + events)["EVENTS"].data
phase = table["PULSE_PHASE"].astype(float)
weight = table["PSRJ0030+0451"].astype(float)


def density(p):
    total = np.zeros_like(p)
    for k in (1, 2, 3):
        sigma = value[f"fwhm{k}"] / (2 * np.sqrt(2 * np.log(2)))
        for wrap in range(-12, 13):
            total += value[f"ampl{k}"] * norm.pdf(p, value[f"phas{k}"] + wrap, sigma)
    share = sum(value[f"ampl{k}"] for k in (1, 2, 3)) + value["const"]
    return (total + value["const"]) / share


def log_likelihood(shift):
    return float(np.sum(np.log(weight * density(phase + shift) + 1 - weight)))


at = [0.0, 0.05, 0.17655, 0.4317, 0.6, 0.60668, 0.95]
json.dump({
    "origin": {"tool": "scipy", "version": scipy.__version__, "script": "test/golden/profile_template.py", "dataset": [template, events]},
    "tolerance": {"rtol": 1e-11, "reason": "rounding"},
    "phase": at,
    "density": density(np.array(at)).tolist(),
    "shift": [0.0, 0.01, -0.3],
    "logLikelihood": [log_likelihood(s) for s in (0.0, 0.01, -0.3)],
}, sys.stdout, indent=1)
