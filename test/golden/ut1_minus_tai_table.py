"""Makes src/time/tables/ut1_minus_tai.ts: daily UT1 - TAI and the pole every fifth day.

Sources: IERS EOP 20 C04 (measured) and Bulletin A, finals2000A.all (measured beyond C04, then predicted
for a year), as the PyPI package astropy-iers-data 0.2026.9.28 has them.
Run: /usr/bin/python3 test/golden/ut1_minus_tai_table.py FOLDER_OF_THE_TWO_FILES
"""
import base64
import sys
import textwrap
from pathlib import Path

import erfa
import numpy as np

folder = Path(sys.argv[1])
FIRST, POLE_STEP = 41317, 5

c04 = np.genfromtxt(folder / "eopc04.1962-now", comments="#")
rows = {int(r[4]): (r[7], r[5], r[6]) for r in c04 if r[4] >= FIRST}
last_c04 = max(rows)
measured_until = last_c04
for line in (folder / "finals2000A.all").read_text().splitlines():
    mjd = int(float(line[7:15]))
    if mjd <= last_c04 or not line[58:68].strip():
        continue
    rows[mjd] = (float(line[58:68]), float(line[18:27]), float(line[37:46]))
    if line[57] == "I":
        measured_until = mjd
days = np.arange(FIRST, max(rows) + 1)
values = np.array([rows[int(d)] for d in days])

tai_utc = np.zeros(len(days))
for year, month, seconds in erfa.leap_seconds.get():
    tai_utc[days >= erfa.cal2jd(year, month, 1)[1]] = seconds
ut1 = np.rint((values[:, 0] - tai_utc) * 1e5).astype(int)  # 10 microseconds
pole = np.rint(values[::POLE_STEP, 1:] * 1e3).astype(int)  # milliarcseconds


def packed(numbers):
    out = bytearray()
    for n in numbers.tolist():
        rest = 2 * n if n >= 0 else -2 * n - 1
        while rest >= 128:
            out.append(rest % 128 + 128)
            rest //= 128
        out.append(rest)
    return "\n".join(textwrap.wrap(base64.b64encode(out).decode(), 100))


def differences(numbers):
    return np.diff(numbers, prepend=0)


text = f'''/**
 * UT1 - TAI at 0 h UTC of every day and the place of the rotation pole on the Earth every fifth day, as
 * differences, with the first value itself in front, of UT1 - TAI twice over; for `unpackIntegers`.
 * Source: IERS EOP 20 C04 until MJD {last_c04}, IERS Bulletin A (finals2000A) beyond; made by
 * test/golden/ut1_minus_tai_table.py. IERS products are free to use with their source named.
 */

/** First day, MJD UTC. */
export const FIRST_DAY: number = {FIRST};
/** Last day that is measured, MJD UTC; later ones are predictions of Bulletin A. */
export const MEASURED_UNTIL: number = {measured_until};
/** Days between two places of the pole. */
export const POLE_STEP_DAYS: number = {POLE_STEP};
/** UT1 - TAI, differences of differences, in units of 10 microseconds. */
export const UT1_MINUS_TAI: string = `
{packed(differences(differences(ut1)))}`;
/** Pole x, differences in milliarcseconds. */
export const POLE_X: string = `
{packed(differences(pole[:, 0]))}`;
/** Pole y, differences in milliarcseconds. */
export const POLE_Y: string = `
{packed(differences(pole[:, 1]))}`;
'''
Path(__file__).parent.parent.parent.joinpath("src/time/tables/ut1_minus_tai.ts").write_text(text)
back = np.interp(days, days[::POLE_STEP], pole[:, 0] / 1e3)
print(last_c04, measured_until, days[-1], len(text), "pole error", np.abs(back - values[:, 1]).max())
