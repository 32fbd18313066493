"""Golden values of non-central chi-square and of sigma to TS: python3 stats_counts.py > stats_counts.json"""
import json
import scipy
from scipy.stats import ncx2

ncx = [
    [x, k, nc, float(ncx2.sf(x, k, nc))]
    for k in (1, 2, 3, 5.5, 10)
    for nc in (0.3, 4.0, 25.0, 120.0)
    for x in (0.1, 3.0, 20.0, 90.0)
]
ncx = [row for row in ncx if row[3] > 1e-12]
ts = [
    [s, k, a, float(ncx2.isf(ncx2.sf(s * s, 1, a), k, a) if a > 0 else scipy.stats.chi2.isf(scipy.stats.chi2.sf(s * s, 1), k))]
    for k in (1, 2, 4)
    for a in (0, 4.0, 25.0)
    for s in (1.0, 2.0, 5.0)
]
print(json.dumps({
    "origin": {"tool": "scipy", "version": scipy.__version__, "script": "stats_counts.py"},
    "tolerance": {"rtol": 1e-8, "reason": "precision of the inverse survival functions of scipy"},
    "ncx2": ncx,
    "tsOfSigma": ts,
}, indent=1))
