"""Scales of unit strings from astropy: factor to powers of TeV, cm, s, deg, A, K.

Usage: /usr/bin/python3 units_scales.py > units_scales.json
"""
import json
import sys
import warnings

import astropy
import astropy.units as u

warnings.simplefilter("ignore")
counted = [u.ct, u.ph, u.pix, u.adu, u.bin, u.chan, u.electron, u.vox, u.beam]
strings = """
1/(cm2 s TeV)|cm-2 s-1 TeV-1|TeV-1 cm-2 s-1|TeV-1 s-1 cm-2|cm**-2|cm^-2|cm**(-2)|m^2|m**2|m2|m2 s|cm2 s|m2 s h-1|MeV-1 s-1 sr-1
s^-1 MeV^-1 sr^-1|sr^-1|sr^(-1)|sr-1|deg-2|deg**2|erg cm-2 s-1|erg/cm2/s|erg/cm2 s|erg / (cm2 s)|ph cm-2 s-1|cm-2 ph s-1|count|ct|photon
TeV|GeV|MeV|keV|eV|PeV|J|erg|kpc|Mpc|pc|lyr|au|AU|km|mm|um|nm|Angstrom|s|ms|us|ns|min|h|d|yr|a|Hz|kHz|MHz|deg|rad|mrad|arcmin
arcsec|mas|sr|msr|pix|deg2|arcsec-2|G|uG|T|V|A|C|K|W|kW|mJy|Jy|barn|mbarn|N|Pa|bar|g|kg|solMass|solLum|solRad|earthRad|%|1e-12 erg cm-2 s-1
10**-12 erg/(cm2 s)|10^3 m|sqrt(m)|m^(1/2)|TeV2 cm-2 s-1 TeV-1|1 / (TeV m2 s sr)|m.s-1|m s-1|m*s-1|m/s*kg|m/s/kg
cm-2 MeV-1 ph s-1|W m-2 Hz-1|erg s-1 cm-2 Hz-1|MeV cm-2 s-1|MeV2 MeV-1 cm-2 s-1|1/s|1/MeV|kg m2 s-2|hourangle|cycle|km/s/Mpc|cm-3|g cm-2
""".replace("\n", "|").split("|")
rows = []
for text in strings:
    if not text:
        continue
    unit = u.Unit(text)
    for extra in counted:
        base = unit.decompose()
        power = dict(zip(base.bases, base.powers)).get(extra, 0)
        unit = unit / extra**power
    unit = unit.decompose()
    powers = dict(zip(unit.bases, map(float, unit.powers)))
    mass = powers.get(u.kg, 0.0)
    # mass is energy time^2 length^-2: kg^k m^l s^t has TeV^k cm^(l - 2k) s^(t + 2k)
    dims = [mass, powers.get(u.m, 0.0) - 2 * mass, powers.get(u.s, 0.0) + 2 * mass, powers.get(u.rad, 0.0),
            powers.get(u.A, 0.0), powers.get(u.K, 0.0)]
    target = u.TeV**dims[0] * u.cm**dims[1] * u.s**dims[2] * u.deg**dims[3] * u.A**dims[4] * u.K**dims[5]
    rows.append([text, float(unit.to(target)), dims])
body = ",\n".join(map(json.dumps, rows))
origin = {"tool": f"astropy {astropy.__version__}", "script": "units_scales.py", "python": sys.version.split()[0]}
print('{\n"origin": %s,\n"tolerance": {"rtol": 1e-13, "reason": "products of a few roundings on both sides"},\n'
      '"columns": "text, scale in TeV cm s deg A K, their powers",\n"scales": [\n%s\n]\n}' % (json.dumps(origin), body))
