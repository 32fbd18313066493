"""Golden values of special functions: mpmath at 60 digits, and scipy beside it where it has them.

Usage: /usr/bin/python3 special_functions.py > special_functions.json
"""
import json
import sys

import mpmath
import scipy
from mpmath import mp, mpf
from scipy import special

mp.dps = 60


def number(x):
    return float(x)


def factor(a, x):
    a, x = mpf(a), mpf(x)
    return mpmath.exp(a * mpmath.log(x) - x - mpmath.loggamma(a + 1))


def p_series(a, x):
    a, x = mpf(a), mpf(x)
    term = total = mpf(1)
    n = 0
    while term > total * mpf(10) ** -55:
        n += 1
        term *= x / (a + n)
        total += term
    return factor(a, x) * total


def q_fraction(a, x):
    a, x = mpf(a), mpf(x)
    b = x + 1 - a
    c, d = mpf(10) ** 500, 1 / b
    h, n = d, 0
    while True:
        n += 1
        b += 2
        d = 1 / (-n * (n - a) * d + b)
        c = b - n * (n - a) / c
        h *= c * d
        if abs(c * d - 1) < mpf(10) ** -50:
            return factor(a, x) * a * h


def q(a, x):
    return q_fraction(a, x) if x > a + 2 else 1 - p_series(a, x)


def p(a, x):
    return p_series(a, x) if x <= a + 2 else 1 - q_fraction(a, x)


def log1m(v):
    return -v - v * v / 2 if v < 1e-25 else mpmath.log(1 - v)


shapes = [1e-6, 0.01, 0.1, 0.5, 0.75, 1, 1.5, 2.5, 5, 9.5, 10, 20, 50, 99.5, 300, 1000, 25000.5]
gamma = []
for a in shapes:
    for f in [1e-8, 1e-3, 0.1, 0.5, 0.9, 0.99, 1, 1.01, 1.1, 1.5, 2, 3, 10, 100, 1000]:
        x = a * f if a >= 0.1 else f
        lq, lp = log1m(p(a, x)) if x <= a + 2 else mpmath.log(q(a, x)), mpmath.log(p(a, x))
        gamma.append([a, x, number(p(a, x)), number(q(a, x)), number(lp), number(lq)])
for a, x in [(0.5, 1e5), (1, 1e5), (20, 1e5), (10, 5e4), (0.5, 700), (5, 690)]:
    gamma.append([a, x, number(p(a, x)), number(q(a, x)), 0.0, number(mpmath.log(q(a, x)))])

beta = []
for a in [0.01, 0.5, 1, 2.5, 10, 100, 1500]:
    for b in [0.01, 0.5, 1, 3, 20, 250, 1000]:
        mean = a / (a + b)
        for x in [1e-6, mean / 10, mean / 2, mean, (1 + mean) / 2, 1 - 2**-20]:
            v = mpmath.betainc(mpf(a), mpf(b), 0, mpf(x), regularized=True)
            w = mpmath.betainc(mpf(b), mpf(a), 0, 1 - mpf(x), regularized=True)
            if v > 1e-300 and w > 1e-300:
                beta.append([a, b, x, number(v), number(w)])


def log_erfc(x):
    e = mpmath.erf(mpf(x))
    return -e - e * e / 2 if abs(x) < 1e-20 else mpmath.log(mpmath.erfc(mpf(x)))


mp.dps = 60
xs = [-26, -10, -5.9, -3, -1, -0.6, -0.5, -0.1, -1e-8, 0, 1e-300, 1e-10, 0.1, 0.3, 0.49, 0.51,
      0.59, 0.61, 1, 1.7, 2.5, 3.75, 5, 5.9, 6.1, 8, 12, 20, 26, 27]
erf = [[x, number(mpmath.erf(mpf(x))), number(mpmath.erfc(mpf(x))),
        number(mpmath.exp(mpf(x) ** 2) * mpmath.erfc(mpf(x))), number(log_erfc(x))] for x in xs]
deep = []
for x in [30, 100, 315.5, 1000, 1e5]:
    mp.dps = 60
    # asymptotic series of erfcx to 60 digits from x = 30 on
    s, t = mpf(1), mpf(1)
    for n in range(1, 60):
        t *= -(2 * n - 1) / (2 * mpf(x) ** 2)
        s += t
    e = s / (mpf(x) * mpmath.sqrt(mp.pi))
    deep.append([x, number(e), number(mpmath.log(e) - mpf(x) ** 2)])

lgamma = [[x, number(mpmath.log(abs(mpmath.gamma(mpf(x)))))] for x in
          [1e-300, 1e-10, 0.1, 0.3, 0.499, 0.501, 0.9, 1 - 2**-30, 1 + 2**-30, 1.1, 1.4616321449683622, 1.499,
           1.501, 1.9, 2 - 2**-30, 2 + 2**-40, 2.1, 2.49, 2.51, 3, 5.5, 9.99, 10.01, 15, 100.5, 1e4, 1e8,
           -0.5, -1.5, -7.3, -20.1]]
lgamma.append([1e300, number(mpmath.loggamma(mpf(10) ** 0 * mpf(1e300)))])

normal = []
for pr in [1e-300, 1e-100, 1e-20, 1e-10, 1e-4, 0.0999, 0.1001, 0.25, 0.4, 0.4999999, 0.5, 0.50001, 0.6, 0.75, 0.9,
           0.95, 0.99, 1 - 2**-30]:
    z = mpmath.sqrt(2) * mpmath.erfinv(2 * mpf(pr) - 1) if pr > 1e-15 else None
    if z is None:
        z = mpmath.findroot(lambda t: mpmath.log(mpmath.erfc(-t / mpmath.sqrt(2)) / 2) - mpmath.log(mpf(pr)),
                            mpf(special.ndtri(pr)))
    normal.append([pr, number(z)])
log_normal = []
for lp in [-1e5, -1e4, -1000, -100, -10, -3, -1, -0.5, -0.1, -1e-3, -1e-10]:
    z0 = mpf(float(special.ndtri_exp(lp)))
    # ln P(Z < z) through erfc for moderate z, by the asymptotic series in the far tail

    def f(z):
        u = -z / mpmath.sqrt(2)
        if u < 25:
            return mpmath.log(mpmath.erfc(u) / 2) - mpf(lp)
        s, t = mpf(1), mpf(1)
        for n in range(1, 80):
            t *= -(2 * n - 1) / (2 * u**2)
            s += t
        return mpmath.log(s / (2 * u * mpmath.sqrt(mp.pi))) - u**2 - mpf(lp)

    log_normal.append([lp, number(mpmath.findroot(f, (z0, z0 * (1 + mpf(10) ** -9))))])

j0 = [[x, number(mpmath.besselj(0, mpf(x)))] for x in
      [0, 1e-5, 0.5, 1, 2.404825557695773, 3, 5.520078110286311, 7.9, 8, 8.1, 10, 14.93, 30, 77.7, 100]]

cycles = [[x, number(mpmath.sin(2 * mp.pi * mpf(x))), number(mpmath.cos(2 * mp.pi * mpf(x)))] for x in
          [0.01 * i for i in range(-60, 61)] + [0.125, 0.1249999, 0.1250001, 0.49999999999999994, 123456.7890123,
                                                1e9 + 1 / 3, -7.1e11 - 0.1, 2**51 + 0.5, 2.0**52 + 1, 1e-300]]

# double-double: decimal text, hi, lo
texts = ["0.1", "56000.1", "-56000.000766018518518519", "339.31568737873", "205.53069927493019", "1e-20",
         "-2.5D-10", "123456789012345678901234567890", "6.02214076e23", "00.50", "3.", "+.5"]
mp.dps = 120
decimals = []
for t in texts:
    v = mpf(t.replace("D", "e"))
    hi = float(v)
    decimals.append([t, hi, float(v - mpf(hi))])

result = {
    "origin": {"tool": f"mpmath {mpmath.__version__}, starting points scipy {scipy.__version__}",
               "script": "special_functions.py", "python": sys.version.split()[0]},
    "tolerance": {"rtol": 1e-13, "reason": "the functions' stated accuracy; the values are correctly rounded"},
    "columns": {"gamma": "a x P Q lnP lnQ", "beta": "a b x I 1-I", "erf": "x erf erfc erfcx ln erfc",
                "erfDeep": "x erfcx ln erfc", "lgamma": "x ln|Gamma|", "normalQuantile": "p z",
                "normalQuantileFromLog": "lnp z", "besselJ0": "x J0", "cycles": "x sin2pi cos2pi",
                "decimals": "text hi lo"},
    "gamma": gamma, "beta": beta, "erf": erf, "erfDeep": deep, "lgamma": lgamma,
    "normalQuantile": normal, "normalQuantileFromLog": log_normal, "besselJ0": j0, "cycles": cycles,
    "decimals": decimals,
}
rows = ",\n".join(
    json.dumps(key) + ": " + ("[\n" + ",\n".join(map(json.dumps, value)) + "\n]" if isinstance(value, list) else json.dumps(value))
    for key, value in result.items())
print("{\n" + rows + "\n}")
