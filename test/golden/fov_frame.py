"""Makes fov_frame.json: field-of-view coordinates by astropy's SkyOffsetFrame and by Gammapy's sky_to_fov
(which Gammapy uses for backgrounds aligned with ALTAZ: longitudes against the azimuth).

Run: /usr/bin/python3 test/golden/fov_frame.py
"""
import json
from pathlib import Path

import astropy
import astropy.units as u
import gammapy
import numpy as np
from astropy.coordinates import SkyCoord, SkyOffsetFrame
from gammapy.utils.coordinates import sky_to_fov

rng = np.random.default_rng(7)
cases = []
for lon0, lat0 in [(83.633, 22.014), (0.01, -45.0), (359.99, 0.0), (120.0, 89.95), (10.0, -90.0), (200.0, 70.0)]:
    pointing = SkyCoord(lon0 * u.deg, lat0 * u.deg)
    radius = np.concatenate([[1e-6, 1e-3, 0.1], rng.uniform(0, 10, 20), rng.uniform(0, 170, 8)])
    sky = pointing.directional_offset_by(rng.uniform(0, 360, radius.size) * u.deg, radius * u.deg)
    offset = sky.transform_to(SkyOffsetFrame(origin=pointing))
    lon, lat = sky_to_fov(sky.ra, sky.dec, pointing.ra, pointing.dec)
    cases.append({"pointing": {"lonDeg": lon0, "latDeg": lat0}, "lon": sky.ra.deg.tolist(), "lat": sky.dec.deg.tolist(),
                  "radec": {"lon": offset.lon.wrap_at(180 * u.deg).deg.tolist(), "lat": offset.lat.deg.tolist()},
                  "altaz": {"lon": lon.wrap_at(180 * u.deg).deg.tolist(), "lat": lat.deg.tolist()}})
json.dump({"origin": {"tool": "astropy SkyOffsetFrame, gammapy sky_to_fov",
                      "version": f"{astropy.__version__}, {gammapy.__version__}", "script": "fov_frame.py"},
           "tolerance": {"deg": 2e-12, "reason": "rotations of doubles; near the pole longitude of the sky"},
           "cases": cases}, open(Path(__file__).with_suffix(".json"), "w"))
