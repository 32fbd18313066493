"""Makes test/golden/fits/*.fits and test/golden/fits/expected.json with astropy.

Usage: python3 test/golden/fits_fixtures.py
Expected values come from the numpy arrays that were written, not from reading back; the script
checks that astropy reads the same.
"""
import gzip
import json
import os

import astropy
import numpy as np
from astropy.io import fits

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "fits")
os.makedirs(OUT, exist_ok=True)
expected = {}


def plain(value):
    """JSON that loses nothing: 64-bit integers and non-finite numbers as texts."""
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value.tolist()] if value.dtype.kind not in "iu" or value.itemsize < 8 \
            else [plain(int(v)) for v in value.ravel()]
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) < 2**53 else str(int(value))
    if isinstance(value, (float, np.floating)):
        value = float(value)
        if value != value:
            return "NaN"
        if value in (float("inf"), float("-inf")):
            return "Infinity" if value > 0 else "-Infinity"
        return value
    if isinstance(value, complex):
        return [plain(value.real), plain(value.imag)]
    return value


def flat(array):
    array = np.asarray(array)
    if array.dtype.kind == "c":
        array = np.stack([array.real, array.imag], axis=-1)
    return plain(array.ravel())


def save(name, hdus, what, checksum=True):
    path = os.path.join(OUT, name)
    hdulist = fits.HDUList(hdus)
    raw = name.endswith(".gz")
    target = path[:-3] if raw else path
    hdulist.writeto(target, overwrite=True, checksum=checksum)
    if raw:
        with open(target, "rb") as source, open(path, "wb") as sink:
            sink.write(gzip.compress(source.read(), mtime=0))
        os.remove(target)
    assert os.path.getsize(path) < 20000, (name, os.path.getsize(path))
    expected[name] = what
    with fits.open(path, checksum=True) as check:
        check.verify("exception")


# --- scalar columns of every type -------------------------------------------------------------
bits3 = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 1]], bool)
bits11 = np.array([[1] + [0] * 9 + [1], [0, 1] * 5 + [0], [0] * 10 + [1]], bool)
bits32 = np.array([[0] * 31 + [1], [1] + [0] * 31, [1, 0] * 16], bool)
as_number = lambda bits: [int("".join("01"[int(b)] for b in row), 2) for row in bits]
scalars = {
    "LOGICAL": ("L", np.array([True, False, True])),
    "BYTE": ("B", np.array([0, 127, 255], np.uint8)),
    "SHORT": ("I", np.array([-32768, -1, 32767], np.int16)),
    "LONG": ("J", np.array([-(2**31), 0, 2**31 - 1], np.int32)),
    "LONGLONG": ("K", np.array([-(2**63), 5407363825684, 2**63 - 1], np.int64)),
    "TEXT": ("8A", np.array(["Crab", "PKS 2155", ""])),
    "SINGLE": ("E", np.array([1.5, np.nan, -np.inf], np.float32)),
    "DOUBLE": ("D", np.array([0.1, 1e-320, -1.7976931348623157e308])),
    "COMPLEX": ("C", np.array([1 + 2j, -0.5j, 3e30], np.complex64)),
    "DCOMPLEX": ("M", np.array([0.1 + 0.2j, -1e300j, 7], np.complex128)),
}
columns = [fits.Column(name=n, format=f, array=a, unit="TeV" if n == "SINGLE" else None)
           for n, (f, a) in scalars.items()]
columns += [fits.Column(name="BITS3", format="3X", array=bits3),
            fits.Column(name="BITS11", format="11X", array=bits11),
            fits.Column(name="BITS32", format="32X", array=bits32)]
table = fits.BinTableHDU.from_columns(columns, name="SCALARS")
save("scalars.fits", [fits.PrimaryHDU(), table], {
    "SCALARS": {
        **{n: {"values": flat(a) if f != "8A" else list(a)} for n, (f, a) in scalars.items()},
        "BITS3": {"bits": as_number(bits3)},
        "BITS11": {"bits": as_number(bits11)},
        "BITS32": {"bits": as_number(bits32)},
    }
})

# --- vectors and TDIM -------------------------------------------------------------------------
rng = np.random.default_rng(7)
vectors = {
    "V_E": ("3E", None, rng.normal(size=(4, 3)).astype(np.float32)),
    "V_J": ("2J", None, rng.integers(-(2**31), 2**31, (4, 2)).astype(np.int32)),
    "V_K": ("2K", None, rng.integers(-(2**62), 2**62, (4, 2))),
    "CUBE": ("24D", "(4,3,2)", rng.normal(size=(4, 2, 3, 4))),
    "V_L": ("5L", None, rng.integers(0, 2, (4, 5)).astype(bool)),
    "V_C": ("2C", None, (rng.normal(size=(4, 2)) + 1j).astype(np.complex64)),
    "NAMES": ("15A", "(5,3)", np.array([["a", "bb", "ccc"], ["dddd", "eeeee", ""],
                                        ["x y", "", "z"], ["", "", ""]])),
}
table = fits.BinTableHDU.from_columns(
    [fits.Column(name=n, format=f, dim=d, array=a) for n, (f, d, a) in vectors.items()],
    name="VECTORS")
save("vectors.fits", [fits.PrimaryHDU(), table], {
    "VECTORS": {
        n: {"values": flat(a), "shape": list(a.shape) + ([2] if a.dtype.kind == "c" else [])}
        for n, (f, d, a) in vectors.items()
    }
})

# --- variable length --------------------------------------------------------------------------
def ragged(dtype, make):
    out = np.empty(4, dtype=object)
    for i, length in enumerate([3, 0, 1, 7]):
        out[i] = make(length).astype(dtype)
    return out


# No PL column: astropy writes bytes 0 and 1 there, where FITS 4.0 §7.3.3.1 wants "F" and "T".
whole = lambda n: rng.integers(-100, 100, n)
arrays = {
    "P_B": ("PB()", ragged(np.uint8, lambda n: rng.integers(0, 255, n))),
    "P_I": ("PI()", ragged(np.int16, whole)),
    "P_J": ("PJ()", ragged(np.int32, whole)),
    "P_K": ("PK()", ragged(np.int64, lambda n: whole(n) * 10**15)),
    "P_E": ("PE()", ragged(np.float32, lambda n: rng.normal(size=n))),
    "P_D": ("PD()", ragged(np.float64, lambda n: rng.normal(size=n))),
    "P_C": ("PC()", ragged(np.complex64, lambda n: rng.normal(size=n) + 2j)),
    "P_M": ("PM()", ragged(np.complex128, lambda n: rng.normal(size=n) - 3j)),
    "Q_D": ("QD()", ragged(np.float64, lambda n: rng.normal(size=n))),
    "Q_J": ("QJ()", ragged(np.int32, whole)),
}
texts = np.array(["one", "", "three", "seventeen"], dtype=object)
table = fits.BinTableHDU.from_columns(
    [fits.Column(name="N", format="I", array=np.arange(4))]
    + [fits.Column(name=n, format=f, array=a) for n, (f, a) in arrays.items()]
    + [fits.Column(name="P_A", format="PA()", array=texts)], name="VARIABLE")
save("variable.fits", [fits.PrimaryHDU(), table], {
    "VARIABLE": {
        "N": {"values": [0, 1, 2, 3]},
        **{n: {"variable": [flat(x) for x in a]} for n, (f, a) in arrays.items()},
        "P_A": {"variable": list(texts)},
    }
}, checksum=False)  # astropy cannot sum a heap whose length is no multiple of 4

# --- unsigned and signed-byte conventions -----------------------------------------------------
unsigned = {
    "U16": ("I", 2**15, np.array([0, 1, 32768, 65535], np.uint16)),
    "U32": ("J", 2**31, np.array([0, 1, 2**31, 2**32 - 1], np.uint32)),
    "U64": ("K", 2**63, np.array([0, 1, 2**63, 2**64 - 1], np.uint64)),
}
columns = [fits.Column(name=n, format=f, bzero=z, array=a) for n, (f, z, a) in unsigned.items()]
s8 = np.array([-128, -1, 0, 127], np.int8)
table = fits.BinTableHDU.from_columns(columns, name="UNSIGNED")
raw = np.zeros(4, dtype=[("S8", "u1")])
raw["S8"] = s8.astype(int) + 128
signed = fits.BinTableHDU(data=raw, name="SIGNED")
signed.header["TZERO1"] = -128
save("unsigned.fits", [fits.PrimaryHDU(), table, signed], {
    "UNSIGNED": {n: {"values": flat(a)} for n, (f, z, a) in unsigned.items()},
    "SIGNED": {"S8": {"values": flat(s8)}},
})

# --- scaled and null --------------------------------------------------------------------------
stored_i = np.array([-5, 0, 100, -999], np.int16)
stored_k = np.array([10**17, -3, 7, -1], np.int64)
stored_b = np.array([0, 1, 254, 255], np.uint8)
stored_j = np.array([5, 6, -2147483648, 8], np.int32)
stored_e = np.array([1.5, -2.5, 0, 1e10], np.float32)
raw = np.zeros(4, dtype=[("SCALED_I", ">i2"), ("SCALED_E", ">f4"), ("NULL_I", ">i2"),
                         ("NULL_J", ">i4"), ("NULL_K", ">i8"), ("NULL_B", "u1"), ("SCALED_NULL", ">i2")])
raw["SCALED_I"], raw["SCALED_E"], raw["NULL_I"] = stored_i, stored_e, stored_i
raw["NULL_J"], raw["NULL_K"], raw["NULL_B"], raw["SCALED_NULL"] = stored_j, stored_k, stored_b, stored_i
table = fits.BinTableHDU(data=raw, name="SCALED")
header = table.header
for n, keys in {1: {"TSCAL": 0.5, "TZERO": 10.0}, 2: {"TSCAL": 2.0, "TZERO": -1.0}, 3: {"TNULL": -999},
                4: {"TNULL": -2147483648}, 5: {"TNULL": -1}, 6: {"TNULL": 255},
                7: {"TNULL": -999, "TSCAL": 0.1, "TZERO": 3.0}}.items():
    for key, value in keys.items():
        header[f"{key}{n}"] = value
scaled_null = 3.0 + 0.1 * stored_i.astype(float)
scaled_null[3] = np.nan
hdus = [fits.PrimaryHDU(), table]
save("scaled.fits", hdus, {
    "SCALED": {
        "SCALED_I": {"values": flat(10 + 0.5 * stored_i)},
        "SCALED_E": {"values": flat(-1 + 2 * stored_e.astype(float))},
        "NULL_I": {"values": flat(stored_i), "valid": [1, 1, 1, 0]},
        "NULL_J": {"values": flat(stored_j), "valid": [1, 1, 0, 1]},
        "NULL_K": {"values": flat(stored_k), "valid": [1, 1, 1, 0]},
        "NULL_B": {"values": flat(stored_b), "valid": [1, 1, 1, 0]},
        "SCALED_NULL": {"values": flat(scaled_null)},
    }
})

# --- ASCII table ------------------------------------------------------------------------------
ascii_columns = [
    fits.Column(name="NAME", format="A10", array=np.array(["Crab", "", "PKS 2155-3"]), ascii=True),
    fits.Column(name="N", format="I6", array=np.array([-12345, 0, 99999]), ascii=True),
    fits.Column(name="BIG", format="I20", array=np.array([-(2**62), 0, 2**62]), ascii=True),
    fits.Column(name="F", format="F10.3", array=np.array([1.25, -1000.125, 0.0]), ascii=True),
    fits.Column(name="E", format="E15.7", array=np.array([1.25e-20, -3.5e10, 0.0]), ascii=True),
    fits.Column(name="D", format="D25.17", array=np.array([0.1, -1e-300, 1e300]), ascii=True),
]
table = fits.TableHDU.from_columns(ascii_columns, name="ASCII")
save("ascii.fits", [fits.PrimaryHDU(), table], {
    "ASCII": {
        "NAME": {"values": ["Crab", "", "PKS 2155-3"]},
        "N": {"values": [-12345, 0, 99999]},
        "BIG": {"values": plain([-(2**62), 0, 2**62])},
        "F": {"values": [1.25, -1000.125, 0.0]},
        "E": {"values": [1.25e-20, -3.5e10, 0.0]},
        "D": {"values": [0.1, -1e-300, 1e300]},
    }
})

# --- images -----------------------------------------------------------------------------------
shape = (2, 3, 4)
images = {
    "U8": rng.integers(0, 256, shape).astype(np.uint8),
    "I16": rng.integers(-(2**15), 2**15, shape).astype(np.int16),
    "I32": rng.integers(-(2**31), 2**31, shape).astype(np.int32),
    "I64": rng.integers(-(2**63), 2**63 - 1, shape),
    "F32": rng.normal(size=shape).astype(np.float32),
    "F64": rng.normal(size=shape),
    "U16": rng.integers(0, 2**16, shape).astype(np.uint16),
    "U32": rng.integers(0, 2**32, shape).astype(np.uint32),
    "U64": rng.integers(0, 2**63, shape).astype(np.uint64) * 2,
    "S8": rng.integers(-128, 128, shape).astype(np.int8),
}
images["F32"][0, 0, 0] = np.nan
images["F64"][1, 2, 3] = np.inf
what = {n: {"image": flat(a), "shape": list(a.shape)} for n, a in images.items()}
hdus = [fits.PrimaryHDU(images["I16"])] + [fits.ImageHDU(a, name=n) for n, a in images.items()]
hdus[0].header["BUNIT"] = "counts"
save("images.fits.gz", hdus, {"PRIMARY": {**what["I16"], "unit": "counts"}, **what})

stored = rng.integers(-1000, 1000, (3, 5)).astype(np.int16)
stored[1, 2] = -32768
hdu = fits.ImageHDU(stored, name="SCALED")
hdu.header["BSCALE"], hdu.header["BZERO"], hdu.header["BLANK"] = 0.25, 100.0, -32768
blank = fits.ImageHDU(stored, name="BLANK")
blank.header["BLANK"] = -32768
physical = 100 + 0.25 * stored.astype(float)
physical[1, 2] = np.nan
path = os.path.join(OUT, "scaled_image.fits")
save("scaled_image.fits", [fits.PrimaryHDU(), hdu, blank], {
    "SCALED": {"image": flat(physical), "shape": [3, 5]},
    "BLANK": {"image": flat(stored), "shape": [3, 5], "valid": [0 if v == -32768 else 1 for v in stored.ravel().tolist()]},
})
with fits.open(path, do_not_scale_image_data=True) as check:
    assert (check["SCALED"].data == stored).all() and check["SCALED"].header["BSCALE"] == 0.25

# --- headers ----------------------------------------------------------------------------------
header = fits.Header()
values = {
    "LONGSTR": "It's a long string, " * 9 + "end",
    "QUOTES": "O'Neill's",
    "SLASH": "a / b",
    "EMPTY": "",
    "INT": -42,
    "BIGINT": 2**62 + 1,
    "REAL": 1.5e-300,
    "TRUE": True,
    "FALSE": False,
    "HIERARCH ESO TEL AIRM START": 1.25,
    "HIERARCH A LONG TEXT KEYWORD": "text of a hierarch card",
}
for key, value in values.items():
    header[key] = (value, f"comment of {key[-5:]}")
header.append(fits.Card.fromstring("DEXP    =              1.5D+03 / D exponent".ljust(80)))
header.append(fits.Card.fromstring("FREE    = 17 / free format".ljust(80)))
header.append(fits.Card.fromstring("UNDEF   =                      / no value".ljust(80)))
header.append(fits.Card.fromstring("DUP     =                    1 / first".ljust(80)))
header.append(fits.Card.fromstring("DUP     =                    2 / second".ljust(80)))
header["COMMENT"] = "a comment = with an equals sign"
header["HISTORY"] = "first step"
header["HISTORY"] = "second step"
for i in range(700):
    header[f"KEY{i}"] = i
values = {k.replace("HIERARCH ", ""): plain(v) for k, v in values.items()}
values.update({"DEXP": 1500.0, "FREE": 17, "UNDEF": None, "DUP": 1, "KEY699": 699})
save("header.fits.gz", [fits.PrimaryHDU(header=header)], {
    "PRIMARY": {"header": values, "history": ["first step", "second step"],
                "comment": ["a comment = with an equals sign"], "duplicates": {"DUP": [1, 2]}}
})

with open(os.path.join(OUT, "expected.json"), "w") as sink:
    json.dump({
        "origin": {"tool": "astropy", "version": astropy.__version__, "numpy": np.__version__,
                   "script": "test/golden/fits_fixtures.py"},
        "tolerance": {"rtol": 0, "atol": 0, "reason": "the same bytes must decode to the same values"},
        "files": expected,
    }, sink, indent=1)
    sink.write("\n")
