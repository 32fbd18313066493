"""Golden values of significances and chance probabilities: mpmath at 60 digits.

Usage: /usr/bin/python3 stats_significance.py > stats_significance.json
"""
import json
import sys

import mpmath
from mpmath import mp, mpf

mp.dps = 60


def li_ma(n_on, n_off, alpha):
    n_on, n_off, alpha = mpf(n_on), mpf(n_off), mpf(alpha)
    total = n_on + n_off
    s = mpf(0)
    if n_on > 0:
        s += n_on * mpmath.log((1 + alpha) / alpha * n_on / total)
    if n_off > 0:
        s += n_off * mpmath.log((1 + alpha) * n_off / total)
    return mpmath.sign(n_on - alpha * n_off) * mpmath.sqrt(2 * abs(s))


def cash(n, b):
    n, b = mpf(n), mpf(b)
    s = b - n + (n * mpmath.log(n / b) if n > 0 else 0)
    return mpmath.sign(n - b) * mpmath.sqrt(2 * abs(s))


def h_sf(h, m, c):
    """P(H >= h), volumes of ordered points by inclusion and exclusion (no closed form)."""
    h, c, half = mpf(h), mpf(c), mpf(1) / 2
    total = mpmath.exp(-h / 2)
    bounds = [h + c * j for j in range(m)]
    volumes = [mpf(1)]
    for k in range(1, m):
        # of all ordered k points below b_k (index k-1), take away those whose first late one is i+1
        b = bounds[k - 1]
        v = b**k / mpmath.factorial(k)
        for i in range(k):
            v -= volumes[i] * (b - bounds[i]) ** (k - i) / mpmath.factorial(k - i)
        volumes.append(v)
        total += half**k * v * mpmath.exp(-bounds[k] / 2)
    return total


counts = [(10, 0, 0.5), (0, 10, 0.5), (0, 0, 0.5), (1, 1, 1), (13, 11, 0.5), (390, 197, 0.2), (1000001, 1000000, 1),
          (100000, 10000000, 0.01), (5, 1e-3, 0.1), (1e9, 1e3, 1e-3), (7.5, 3.25, 0.3), (1, 1000, 1e-9)]
known = [(0, 8), (1, 1e-10), (10, 10), (10, 3.5), (100001, 100000), (3, 7.25), (1e6, 1)]
json.dump({
    "origin": {"tool": f"mpmath {mpmath.__version__}", "script": "stats_significance.py",
               "python": sys.version.split()[0]},
    "tolerance": {"rtol": 1e-13, "reason": "double precision; the values are correctly rounded"},
    "columns": {"liMa": "nOn nOff alpha S", "cash": "nOn b S", "hTest": "H M c ln p (recursion over volumes)"},
    "liMa": [[*map(float, c), float(li_ma(*c))] for c in counts],
    "cash": [[*map(float, c), float(cash(*c))] for c in known],
    "hTest": [[h, m, c, float(mpmath.log(h_sf(h, m, c)))] for h in [0.5, 3, 12, 40, 300, 5000]
              for m, c in [(1, 4), (2, 4), (10, 4), (20, 4), (20, 0), (7, 2.5), (60, 4)]],
}, sys.stdout, separators=(",", ":"))
print()
