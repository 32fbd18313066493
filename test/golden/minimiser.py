"""Minima, HESSE and MINOS errors of 21 problems by iminuit: makes test/golden/minimiser.json."""
import json
import sys
from math import cos, exp, log, log1p, sin
from pathlib import Path

import iminuit
from iminuit import Minuit

bins30 = [round(80 * exp(-i / 6) + 5 + 4 * sin(3 * i)) for i in range(30)]
energies = [10 ** (-0.5 + 0.1 * i) for i in range(26)]
ecpl_counts = [round(2e14 * e * 4e-12 * e**-2.2 * exp(-0.1 * e) + 2 * cos(5 * i) * 0.3)
               for i, e in enumerate(energies)]
peak = [20 + 0.5 * i + 60 * exp(-0.5 * ((i - 18) / 3) ** 2) + 3 * sin(7 * i) for i in range(40)]
decay = [100 * exp(-i / 3) + 50 * exp(-i / 9) + 1.5 * sin(11 * i) for i in range(40)]


def poisson(ns, mus):
    return 2 * sum(mu - n * log(mu) for n, mu in zip(ns, mus))


def lncosh(x):
    return abs(x) + log1p(exp(-2 * abs(x))) - log(2)


def wood(a, b, c, d):
    return (100 * (b - a * a) ** 2 + (1 - a) ** 2 + 90 * (d - c * c) ** 2 + (1 - c) ** 2
            + 10.1 * ((b - 1) ** 2 + (d - 1) ** 2) + 19.8 * (b - 1) * (d - 1))


def trigonometric(*x):
    n = len(x)
    total = sum(cos(v) for v in x)
    return sum((n - total + (i + 1) * (1 - cos(v)) - sin(v)) ** 2 for i, v in enumerate(x))


inf = float("inf")
# name: function, start, limits, whether errors are compared
problems = {
    "quadratic": (lambda x, y: (x - 1) ** 2 + 4 * (y + 2) ** 2, [0, 0], None, True),
    "correlation_0.99": (lambda x, y: (x * x - 2 * 0.99 * x * y + y * y) / (1 - 0.99**2), [3, -2], None, True),
    "correlation_-0.999": (lambda x, y: (x * x + 2 * 0.999 * x * y + y * y) / (1 - 0.999**2), [5, 5], None, True),
    "rosenbrock": (lambda x, y: 100 * (y - x * x) ** 2 + (1 - x) ** 2, [-1.2, 1], None, True),
    "powell": (lambda a, b, c, d: (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4,
               [3, -1, 0, 1], None, False),
    "beale": (lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y * y) ** 2 + (2.625 - x + x * y**3) ** 2,
              [1, 1], None, True),
    "wood": (wood, [-3, -1, -3, -1], None, False),
    "trigonometric_6": (trigonometric, [1 / 6] * 6, None, False),
    "helix": (lambda x, y, z: 100 * ((z - 5 * x) ** 2 + (x * x + y * y - 1) ** 2) + z * z * 0.1 + (y - 1) ** 2,
              [0.3, 0.4, 0.5], None, True),
    "poisson_exponential": (lambda a, tau, c: poisson(bins30, [a * exp(-i / tau) + c for i in range(30)]),
                            [50, 4, 8], [(0, inf), (0.1, inf), (0, inf)], True),
    "cutoff_power_law": (lambda a, g, l: poisson(ecpl_counts, [2e14 * e * a * e**-g * exp(-l * e) for e in energies]),
                         [1e-12, 2, 0.05], [(0, inf), None, (0, inf)], True),
    "inside_bounds": (lambda x: (x - 0.3) ** 2 / 1e-4, [0.8], [(0, 1)], True),
    "at_bound": (lambda x, y: (x + 1) ** 2 + (y - 2) ** 2, [0.5, 0], [(0, 5), None], False),
    "near_bound": (lambda x: 2 * (x - 3 * log(x)), [1], [(0, inf)], True),
    "counts": (lambda x: 2 * (x - 5 * log(x)), [4], [(1e-9, inf)], True),
    "gauss_peak": (lambda n, m, s, a, b: sum(
        (y - n * exp(-0.5 * ((i - m) / s) ** 2) - a - b * i) ** 2 / 9 for i, y in enumerate(peak)),
        [40, 15, 5, 10, 1], [None, None, (0.1, 20), None, None], True),
    "two_decays": (lambda a, s, b, t: sum(
        (y - a * exp(-i / s) - b * exp(-i / t)) ** 2 / 4 for i, y in enumerate(decay)),
        [80, 2, 70, 12], [(0, inf), (0.1, inf), (0, inf), (0.1, inf)], True),
    "high_offset": (lambda x, y: 1e6 + (x - 1) ** 2 + (y + 2) ** 2 / 9, [3, 3], None, True),
    "tiny_scale": (lambda x, y: (x / 1e-13 - 3) ** 2 + (y / 1e-7 + x / 1e-13) ** 2, [1e-13, 0], None, True),
    "flat_direction": (lambda x, y: (x + y - 2) ** 2, [5, -1], None, False),
    "bad_start": (lambda x, y: lncosh((x - 3) / 10) * 50 + (y - x) ** 2, [200, -300], None, True),
}

out = {}
for name, (function, start, limits, errors) in problems.items():
    m = Minuit(function, *start)
    m.errordef, m.strategy, m.tol = 1, 2, 1e-3
    if limits is not None:
        for p, limit in zip(m.parameters, limits):
            if limit is not None:
                m.limits[p] = limit
    for _ in range(5):
        m.migrad(ncall=200_000)
    entry = {"stat": m.fval, "values": list(m.values), "nCalls": m.nfcn, "errorsCompared": errors}
    if errors:
        m.hesse()
        m.minos()
        entry["errors"] = list(m.errors)
        # null where MINOS itself failed
        entry["low"] = [-e.lower if e.lower_valid else None for e in m.merrors.values()]
        entry["high"] = [e.upper if e.upper_valid else None for e in m.merrors.values()]
    out[name] = entry
origin = {"tool": "iminuit", "version": iminuit.__version__, "script": "test/golden/minimiser.py",
          "python": sys.version.split()[0]}
tolerance = {"stat": 1e-6, "errors": 0.01, "reason": "what the minimisers promise; MINOS itself is good to 1 %"}
Path(__file__).with_suffix(".json").write_text(
    json.dumps({"origin": origin, "tolerance": tolerance, "problems": out}, indent=1) + "\n")
