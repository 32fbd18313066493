"""Makes lomb_scargle.json: powers and false-alarm probabilities of astropy. Run by hand."""
import json
import os
import sys
import astropy
import numpy as np
from astropy.timeseries import LombScargle
from astropy.timeseries.periodograms.lombscargle import _statistics

rng = np.random.default_rng(1)
cases = []
for n, amplitude in [(12, 0.5), (40, 0.0), (40, 0.8), (90, 2.0)]:
    t = np.sort(rng.uniform(0, 100, n))
    dy = rng.uniform(0.3, 1.2, n)
    y = 5 + amplitude * np.sin(2 * np.pi * 0.21 * t) + dy * rng.normal(size=n)
    f = np.linspace(0.01, 0.5, 50)
    ls = LombScargle(t, y, dy)
    power = ls.power(f, method="slow")
    # The public function rounds the greatest frequency to a grid of its own.
    fap = _statistics.fap_baluev(power.max(), f[-1], t, y, dy)
    cases.append({"timeS": t.tolist(), "value": y.tolist(), "error": dy.tolist(),
                  "frequencyHz": f.tolist(), "power": power.tolist(), "pValue": float(fap)})
out = {"origin": {"tool": "astropy.timeseries.LombScargle", "version": astropy.__version__,
                  "script": "test/golden/lomb_scargle.py"},
       "tolerance": {"power": 1e-9, "pValue": 1e-10,
                     "reason": "double precision"},
       "cases": cases}
path = os.path.join(os.path.dirname(os.path.abspath(sys.argv[0])), "lomb_scargle.json")
with open(path, "w") as file:
    json.dump(out, file)
