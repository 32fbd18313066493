"""Images in compressed tiles by astropy (cfitsio's compression), and what astropy reads back.

Makes test/golden/fits/tiles.fits.gz and tiles_expected.fits.gz: extension n of the second is the
decompressed image of extension n of the first.
"""
import gzip
import io
from pathlib import Path

import numpy as np
from astropy.io import fits

rng = np.random.default_rng(4711)
folder = Path(__file__).parent / "fits"
smooth = np.outer(np.hanning(23), np.hanning(37))
noisy = 40 * smooth + rng.normal(0, 1, smooth.shape)
cube = rng.poisson(3, (3, 7, 11))
holed = noisy.astype("f4")
holed[3, 4] = np.nan
zeros = np.where(noisy > 1, noisy, 0).astype("f4")
mask = (smooth > 0.3).astype("i2") * 5
mask[2, 5] = 4094


def one(data, **options):
    return data, options


cases = {}
for scheme in ["RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1"]:
    tile = {"tile_size": (37, 8)} if scheme == "HCOMPRESS_1" else {}
    for dtype in ["u1", "i2", "i4"]:
        scale = {"u1": 3, "i2": 300, "i4": 200_000}[dtype]
        data = np.clip(noisy * scale, 0 if dtype == "u1" else -np.inf, 255 if dtype == "u1" else np.inf)
        cases[f"{scheme}_{dtype}"] = one(data.astype(dtype), compression_type=scheme, **tile)
    for method in [1, 2]:
        cases[f"{scheme}_f4_dither{method}"] = one(
            zeros if method == 2 else noisy.astype("f4"), compression_type=scheme,
            quantize_method=method, dither_seed=77 + method, **tile)
    cases[f"{scheme}_f8"] = one(noisy, compression_type=scheme, quantize_method=-1, **tile)
cases["RICE_u2"] = one((noisy * 300 + 20_000).astype("u2"), compression_type="RICE_1")
cases["RICE_nan"] = one(holed, compression_type="RICE_1", quantize_method=1, dither_seed=5)
cases["RICE_tiles"] = one((noisy * 50).astype("i2"), compression_type="RICE_1", tile_size=(10, 6))
cases["RICE_cube"] = one(cube.astype("i2"), compression_type="RICE_1", tile_size=(4, 3, 2))
cases["GZIP_lossless"] = one(holed, compression_type="GZIP_2", quantize_level=0)
cases["GZIP1_lossless"] = one(noisy, compression_type="GZIP_1", quantize_level=0)
cases["PLIO"] = one(mask, compression_type="PLIO_1")
cases["PLIO_tiles"] = one(mask, compression_type="PLIO_1", tile_size=(16, 5))
cases["HCOMP_lossy"] = one((noisy * 300).astype("i4"), compression_type="HCOMPRESS_1",
                           hcomp_scale=16, tile_size=(37, 23))
cases["HCOMP_smooth"] = one((noisy * 300).astype("i4"), compression_type="HCOMPRESS_1",
                            hcomp_scale=16, hcomp_smooth=1, tile_size=(37, 23))
cases["HCOMP_odd"] = one((noisy[:9, :31] * 300).astype("i2"), compression_type="HCOMPRESS_1",
                         tile_size=(31, 9))
cases["RICE_noise"] = one(rng.integers(-(2**31), 2**31, (5, 70), dtype="i8").astype("i4"),
                          compression_type="RICE_1")
cases["RICE_noise16"] = one(rng.integers(-(2**15), 2**15, (5, 70)).astype("i2"), compression_type="RICE_1")
cases["RICE_flat"] = one(np.full((4, 70), 7, "i2"), compression_type="RICE_1")

stored, expected = fits.HDUList([fits.PrimaryHDU()]), fits.HDUList([fits.PrimaryHDU()])
for name, (data, options) in cases.items():
    stored.append(fits.CompImageHDU(data, name=name, **options))
buffer = io.BytesIO()
stored.writeto(buffer)
buffer.seek(0)
for hdu in fits.open(buffer)[1:]:
    expected.append(fits.ImageHDU(np.asarray(hdu.data), name=hdu.name))
out = io.BytesIO()
expected.writeto(out)
for name, content in [("tiles", buffer), ("tiles_expected", out)]:
    (folder / f"{name}.fits.gz").write_bytes(gzip.compress(content.getvalue(), 9, mtime=0))
