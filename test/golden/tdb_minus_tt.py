"""Makes tdb_minus_tt.json: TDB - TT at the geocentre from the full series of ERFA (787 terms)."""
import json
import astropy
import erfa
mjd = [44000.25, 48000.5, 51544.5, 53343.75, 55000.0, 57754.1, 59000.9, 61000.3, 65000.0] + [41317.0 + 117.3 * i for i in range(300)]
out = [float(erfa.dtdb(2400000.5, m, 0.0, 0.0, 0.0, 0.0)) for m in mjd]
json.dump({"origin": {"tool": "erfa.dtdb via astropy", "version": astropy.__version__, "script": "tdb_minus_tt.py"},
           "tolerance": {"atol": 8e-8, "reason": "stated accuracy of the 127 leading terms from 1972 to 2100"},
           "mjdTt": mjd, "tdbMinusTtS": out}, open("tdb_minus_tt.json", "w"), indent=1)
