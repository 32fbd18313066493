"""Counts by theta^2 of the Crab nebula in the H.E.S.S. data release by gammapy's make_theta_squared_table.

Usage: python3 theta2_table.py hess-dl3-dr1 > theta2_table.json
"""
import json
import sys

import gammapy
from astropy.coordinates import SkyCoord
from gammapy.data import DataStore
from gammapy.makers.utils import make_theta_squared_table
from gammapy.maps import MapAxis

STORE = DataStore.from_dir(sys.argv[1])
SOURCE = SkyCoord(83.63, 22.01, unit="deg", frame="icrs")
EDGES = [0, 0.0025, 0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2]
AXIS = MapAxis.from_edges(EDGES, name="theta_squared", unit="deg2")


def columns(ids):
    table = make_theta_squared_table(STORE.get_observations(ids), AXIS, SOURCE)
    names = dict(counts="counts", countsOff="counts_off", acceptance="acceptance",
                 acceptanceOff="acceptance_off", alpha="alpha", excess="excess", sqrtTs="sqrt_ts",
                 excessErrn="excess_errn", excessErrp="excess_errp")
    return {ours: [float(x) for x in table[theirs]] for ours, theirs in names.items()}


RUNS = [[23523], [23592], [23523, 23526, 23559, 23592]]
print(json.dumps(dict(
    origin=dict(tool="gammapy.makers.utils.make_theta_squared_table", version=gammapy.__version__,
                script="theta2_table.py", dataset="hess-dl3-dr1"),
    tolerance=dict(rtol=1e-6, reason="the roots of its errors are found to a relative 1e-6 or better"),
    source=dict(lonDeg=83.63, latDeg=22.01), edgesDeg2=EDGES,
    cases=[dict(obsIds=ids, columns=columns(ids)) for ids in RUNS],
), indent=1))
