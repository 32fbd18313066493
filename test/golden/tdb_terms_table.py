"""Makes src/time/tables/tdb_terms.ts: the 127 leading terms of TDB - TT at the geocentre.

Source of the numbers: the series of Fairhead & Bretagnon 1990 as ERFA 2.0.0 prints it in src/dtdb.c.
Terms are ranked by what they reach 40 years from J2000, amplitude (0.04)^power.
Run: /usr/bin/python3 test/golden/tdb_terms_table.py PATH_OF_dtdb.c > src/time/tables/tdb_terms.ts
"""
import re
import sys

text = open(sys.argv[1]).read()
body = text[text.index("fairhd[787][3] = {"):]
body = body[: body.index("};")]
terms = re.findall(r"\{\s*([-\d.]+)e-6,\s*([-\d.]+),\s*([-\d.]+)\s*\}", body)
assert len(terms) == 787
powers = [0] * 474 + [1] * 205 + [2] * 85 + [3] * 20 + [4] * 3
rank = sorted(range(787), key=lambda i: -abs(float(terms[i][0])) * 0.04 ** powers[i])[:127]
print("""/**
 * The 127 leading terms of TDB - TT at the geocentre, A T^k sin(w T + p), T in Julian millennia since
 * J2000: A in picoseconds, w in radians a millennium, p in radians. A semicolon ends the terms of a
 * power k, from 0 on.
 * Source: Fairhead & Bretagnon 1990, A&A 229, 240, series of 787 terms as in ERFA 2.0.0, dtdb
 * (BSD-3-Clause, Copyright (C) 2013-2021 NumFOCUS Foundation, derived with permission from SOFA);
 * made by test/golden/tdb_terms_table.py.
 */
export const TDB_TERMS: string = `""")
for k in range(max(powers[i] for i in rank) + 1):
    line = []
    for i in rank:
        if powers[i] == k:
            a, w, p = terms[i]
            line.append(f"{round(float(a) * 1e6)} {w.rstrip('0')} {p.rstrip('0')}")
    print(",\n".join(", ".join(line[j:j + 2]) for j in range(0, len(line), 2)) + ";")
print("`;")
