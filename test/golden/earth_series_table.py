"""Makes src/timing/tables/earth_series.ts: the series of Earth and Sun of ERFA's epv00, by frequency.

Source of the numbers: ERFA 2.0.0, src/epv00.c. A term a cos(b + c t) t^k of a component becomes
(a cos b) cos(c t) t^k - (a sin b) sin(c t) t^k, in whole units, and terms of one frequency stand together, so
that one sine and cosine serve them all. Places of components: 0-2 the Earth from the Sun (x, y, z), 3-5 the
Sun from the barycentre; + 6 k for the power k of t.
Run: /usr/bin/python3 test/golden/earth_series_table.py PATH_OF_epv00.c > src/timing/tables/earth_series.ts
"""
import math
import re
import sys

text = open(sys.argv[1]).read()
UNIT = 1e-14  # au; / 100 for each power of t (years)
by_frequency, terms = {}, 0
for k in range(3):
    for body, first in (("e", 0), ("s", 3)):
        for axis in range(3):
            found = re.search(r"static const double %s%d%s\[\] = \{(.*?)\};" % (body, k, "xyz"[axis]), text, re.S)
            v = [float(x) for x in re.findall(r"[-+\d.]+e[-+]\d+", found.group(1))]
            for a, b, c in zip(v[::3], v[1::3], v[2::3]):
                unit = UNIT / 100**k
                cos, sin = round(a * math.cos(b) / unit), round(-a * math.sin(b) / unit)
                by_frequency.setdefault(c, []).append((first + axis + 6 * k, cos, sin))
                terms += 1
assert terms == 1951


def digits(value):
    """A whole number in base 36, as parseInt(text, 36) reads it."""
    out, rest = "", abs(value)
    while rest or not out:
        out = "0123456789abcdefghijklmnopqrstuvwxyz"[rest % 36] + out
        rest //= 36
    return "-" + out if value < 0 else out


print("""/**
 * Places of the Earth (from the Sun) and of the Sun (from the barycentre of the solar system), along
 * ecliptic axes, as sums of t^k (C cos(w t) + S sin(w t)), t in Julian years TDB since J2000. A line
 * has a frequency w (rad a year), then for each term place, C and S in base 36: places 0 to 2 are x,
 * y, z of the Earth, 3 to 5 those of the Sun, and 6 k is added for the power k; C and S are in units
 * of 1e-14 au / 100^k.
 * Source: 1951 terms of ERFA 2.0.0, epv00 (BSD-3-Clause, Copyright (C) 2013-2021 NumFOCUS Foundation,
 * derived with permission from SOFA), simplified from VSOP2000 (Moisson & Bretagnon 2001, Celest.
 * Mech. Dyn. Astron. 80, 205); made by test/golden/earth_series_table.py.
 */
export const EARTH_SERIES: string = `""")
for c in sorted(by_frequency):
    parts = ",".join(",".join((digits(p), digits(x), digits(y))) for p, x, y in by_frequency[c])
    print(f"{c:.13g} {parts}".replace("e+00", ""))
print("`;")
