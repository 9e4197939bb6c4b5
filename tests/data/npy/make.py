#!/usr/bin/env python3
"""Makes the files of this folder with NumPy (they were made with 2.4.6)."""
import os

import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))
ramp = np.arange(6).reshape(2, 3)
np.save("f4.npy", (ramp / 4 - 0.5).astype("<f4"))
np.save("f8_scalar.npy", np.float64(0.1))
np.save("f2.npy", np.array([0.5, -2.0, 65504.0], "<f2"))
np.save("i8_big.npy", np.array([1, -2, 1 << 40], ">i8"))
np.save("u1.npy", np.array([[[0, 255]], [[7, 8]], [[9, 10]]], "u1"))
np.save("bool.npy", np.array([[True, False], [False, True]]))
np.save("fortran.npy", np.asfortranarray(ramp.astype("<f4")))
np.save("complex.npy", np.array([1 + 2j]))
np.save("empty.npy", np.zeros((0, 3), "<f4"))
with open("version2.npy", "wb") as f:
    np.lib.format.write_array(f, ramp.astype("<i4"), version=(2, 0))
np.savez("stored.npz", weight=(ramp / 4 - 0.5).astype("<f4"), label=np.array([3, 1, 2], "<i4"))
np.savez_compressed("packed.npz", weight=np.zeros((50, 40), "<f4"), label=np.array([3, 1, 2], "<i4"))
