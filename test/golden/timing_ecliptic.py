"""Ecliptic positions and proper motions in ICRS, by astropy's vectors turned about the x axis."""
import json
import sys

import astropy
import astropy.units as u
import numpy as np
from astropy.coordinates import CartesianDifferential, CartesianRepresentation, SkyCoord
from astropy.coordinates import SphericalCosLatDifferential, SphericalRepresentation, UnitSphericalRepresentation

OBLIQUITY = {"IERS2010": 84381.406, "IERS2003": 84381.4059, "IAU1976": 84381.448}
INPUTS = [
    (10.5, 1.25, 30.0, -20.0, "IERS2010"),
    (284.07123456789, 32.32148571234, -3.2643, -5.0681, "IERS2003"),
    (179.9, -60.5, 100.0, 250.0, "IAU1976"),
    (359.99, 75.0, -12.5, 0.0, "IERS2010"),
]

cases = []
for lon, lat, pml, pmb, ecl in INPUTS:
    eps = OBLIQUITY[ecl] / 3600 * u.deg
    matrix = np.array([[1, 0, 0], [0, np.cos(eps).value, -np.sin(eps).value], [0, np.sin(eps).value, np.cos(eps).value]])
    sky = SphericalRepresentation(lon * u.deg, lat * u.deg, 1 * u.kpc, differentials=SphericalCosLatDifferential(pml * u.mas / u.yr, pmb * u.mas / u.yr, 0 * u.km / u.s))
    cart = sky.represent_as(CartesianRepresentation, CartesianDifferential)
    position = CartesianRepresentation(matrix @ cart.without_differentials().xyz)
    motion = CartesianDifferential(matrix @ cart.differentials["s"].d_xyz)
    back = position.with_differentials(motion).represent_as(SphericalRepresentation, SphericalCosLatDifferential)
    rate = back.differentials["s"]
    cases.append({
        "par": f"ELONG {lon}\nELAT {lat}\nPMELONG {pml}\nPMELAT {pmb}\nECL {ecl}",
        "raDeg": back.lon.wrap_at(360 * u.deg).deg,
        "decDeg": back.lat.deg,
        "pmRaMasPerYr": rate.d_lon_coslat.to_value(u.mas / u.yr, u.dimensionless_angles()),
        "pmDecMasPerYr": rate.d_lat.to_value(u.mas / u.yr, u.dimensionless_angles()),
    })

json.dump({
    "origin": {"tool": "astropy", "version": astropy.__version__, "script": "test/golden/timing_ecliptic.py"},
    "tolerance": {"deg": 1e-12, "masPerYr": 1e-9, "reason": "rounding"},
    "cases": cases,
}, sys.stdout, indent=1)
